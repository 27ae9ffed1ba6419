/* The sentences of the table of mechanisms: fills in the {names} from the facts. */
#include "causes.h"

static const char *key_name(const struct cause_context *cx)
{
        static const enum env_var names[] = { ENV_VAR_KEY_ID, ENV_VAR_OLD_KEY_ID, ENV_VAR_AMAZON_KEY_ID };

        for (size_t i = 0; i < ARRAY_SIZE(names); i++)
                if (!is_blank(cx->p->env[names[i]]))
                        return env_name(names[i]);
        return env_name(ENV_VAR_KEY_ID);
}

/* The detail of the deciding step: the one that won, the one that ended the chain, or the last that failed. */
static const char *step_detail(const struct chain_result *r)
{
        const char *last = NULL;

        for (size_t i = 0; i < r->n_walk; i++) {
                if (r->walk[i].state == STEP_WINS || r->walk[i].state == STEP_STOPPED)
                        return r->walk[i].detail ? r->walk[i].detail : "this step ends the chain";
                if (r->walk[i].state == STEP_FAILED && r->walk[i].detail)
                        last = r->walk[i].detail;
        }
        return last ? last : r->error ? r->error : "no step of the chain found credentials";
}

static const char *fill_process(const struct cause_context *cx) { return phrase_process(cx->ix, cx->g->process); }
/* Who started the first without: at the top of a container, that is no process that still runs. */
static const char *fill_last_holder(const struct cause_context *cx)
{
        const struct lineage *lin = &cx->lineage;

        if (lin->started_by_another)
                return "the entrypoint, or a process that has exited,";
        if (lin->last_holder < 0 && lin->first_without == cx->ix->init[cx->p->container])
                return "the entrypoint";
        return phrase_process(cx->ix, lin->last_holder);
}
static const char *fill_parent(const struct cause_context *cx) { return phrase_process(cx->ix, cx->lineage.last_holder); }
static const char *fill_init(const struct cause_context *cx) { return phrase_process(cx->ix, cx->ix->init[cx->p->container]); }
static const char *fill_first_without(const struct cause_context *cx)
{
        return phrase_process(cx->ix, cx->lineage.first_without);
}
static const char *fill_relative_uri(const struct cause_context *cx) { (void)cx; return RELATIVE_URI_NAME; }
static const char *fill_detail(const struct cause_context *cx) { return step_detail(&cx->g->winner); }
static const char *fill_profile(const struct cause_context *cx) { return context_profile(cx); }
static const char *fill_answer(const struct cause_context *cx) { return answer_text(cx->ix->a, cx->answer); }
/* An endpoint may answer well, and the SDK may refuse to use it. */
static const char *fill_failure(const struct cause_context *cx)
{
        const struct walk_step *w = context_step(cx, PROVIDER_CONTAINER);

        return answer_bad(cx->answer) || !w || !w->detail ? fill_answer(cx) : w->detail;
}

static const char *fill_expected(const struct cause_context *cx) { return cx->e->role; }

static const char *fill_title(const struct cause_context *cx)
{
        return cx->g->sdk_name ? chain_row_title(cx->g->winner.row) : "the SDK";
}

static const char *fill_sdk(const struct cause_context *cx)
{
        const char *version = cx->g->winner.version;

        return arena_printf(cx->ix->a, "%s%s%s", fill_title(cx), version ? " " : "",
                            version ? version : "");
}

static const char *fill_since(const struct cause_context *cx)
{
        return chain_row_container_since(cx->g->winner.row);
}

static const char *fill_instead(const struct cause_context *cx)
{
        return chain_row_instead(cx->g->winner.row);
}

static const char *fill_why(const struct cause_context *cx) { return cx->e->why; }

static const char *fill_tokens(const struct cause_context *cx)
{
        return chain_row_imds_v2_since(cx->g->winner.row);
}

static const struct { const char *name; const char *(*fill)(const struct cause_context *cx);
} fills[] = {
        { "who", fill_process },   { "last_holder", fill_last_holder },     { "first_without", fill_first_without },
        { "parent", fill_parent }, { "init", fill_init },
        { "rel", fill_relative_uri }, { "detail", fill_detail },  { "profile", fill_profile },
        { "answer", fill_answer }, { "expected", fill_expected }, { "sdk", fill_sdk },
        { "file", context_file },  { "keys", key_name },          { "title", fill_title },
        { "since", fill_since },   { "tokens", fill_tokens }, { "why", fill_why },
        { "failure", fill_failure },
        { "instead", fill_instead },
};

static const char *fill_name(const struct cause_context *cx, const char *name, size_t len)
{
        for (size_t i = 0; i < ARRAY_SIZE(fills); i++)
                if (strlen(fills[i].name) == len && memcmp(fills[i].name, name, len) == 0)
                        return fills[i].fill(cx);
        return NULL;
}

/* Only the table's own text is searched for braces, never the text that fills one. */
const char *cause_text(const struct cause_context *cx, const char *template)
{
        CLEANUP(text_done) struct text t = { 0 };

        while (*template) {
                size_t plain = strcspn(template, "{"), len;
                const char *value;

                text_addn(&t, template, plain);
                template += plain;
                if (!*template)
                        break;
                len = strcspn(template, "}");
                value = fill_name(cx, template + 1, len - 1);
                text_add(&t, value ? value : "?");
                template += len + (template[len] == '}');
        }
        return t.failed ? NULL : arena_dup(cx->ix->a, t.s ? t.s : "");
}
