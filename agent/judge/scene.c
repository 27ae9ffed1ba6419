/* Scenes: the facts around one group in one place, and the filling of sentences. */
#include "causes.h"

bool scene_stopped_at(const struct scene *sc, enum provider p)
{
        const struct chain_result *r = &sc->g->winner;

        for (size_t i = 0; i < r->n_walk; i++)
                if (r->walk[i].state == STEP_STOPPED)
                        return r->walk[i].provider == p;
        return false;
}

const struct walk_step *scene_step(const struct scene *sc, enum provider p)
{
        const struct chain_result *r = &sc->g->winner;

        for (size_t i = 0; i < r->n_walk; i++)
                if (r->walk[i].provider == p)
                        return &r->walk[i];
        return NULL;
}

const char *scene_profile(const struct scene *sc)
{
        const char *const names[] = { sc->p->env[E_PROFILE], sc->p->env[E_DEFAULT_PROFILE],
                                      sc->p->prop[P_PROFILE] };

        for (size_t i = 0; i < ARRAY_SIZE(names); i++)
                if (!is_blank(names[i]))
                        return names[i];
        return NULL;
}

bool netns_cut_off(const struct netns *n)
{
        return !n->host && n->container.state == ANSWER_UNREACHABLE &&
               n->imds_token.state == ANSWER_UNREACHABLE;
}

bool agent_is_down(const struct host *h)
{
        return h->credentials.state == ANSWER_REFUSED || h->credentials.state == ANSWER_TIMEOUT ||
               h->credentials.state == ANSWER_RESET;
}

static const char *file_path(const struct scene *sc)
{
        const struct profile_file *f = &sc->p->credentials;

        if (f->state == FILE_ABSENT || f->state == FILE_UNKNOWN || !f->path)
                f = sc->p->config.path ? &sc->p->config : f;
        return f->path ? f->path : "the profile file";
}

static const char *key_name(const struct scene *sc)
{
        static const enum env_var names[] = { E_AK, E_AK_OLD, E_AMAZON_AK };

        for (size_t i = 0; i < ARRAY_SIZE(names); i++)
                if (!is_blank(sc->p->env[names[i]]))
                        return env_name(names[i]);
        return env_name(E_AK);
}

/* What the deciding step says: the winner, the one that ended the chain, or the last failure. */
static const char *step_detail(const struct chain_result *r)
{
        const char *last = NULL;

        for (size_t i = 0; i < r->n_walk; i++) {
                if (r->walk[i].state == STEP_WINS || r->walk[i].state == STEP_STOPPED)
                        return r->walk[i].detail ? r->walk[i].detail : "this step ends the chain";
                if (r->walk[i].state == STEP_FAILED && r->walk[i].detail)
                        last = r->walk[i].detail;
        }
        return last ? last : r->error ? r->error : "no step of the chain has credentials";
}

static const char *fill_who(const struct scene *sc) { return words_process(sc->l, sc->g->process); }
static const char *fill_keeper(const struct scene *sc)
{
        return words_process(sc->l, sc->lineage.keeper);
}
static const char *fill_loser(const struct scene *sc)
{
        return words_process(sc->l, sc->lineage.loser);
}
static const char *fill_rel(const struct scene *sc) { (void)sc; return REL_NAME; }
static const char *fill_detail(const struct scene *sc) { return step_detail(&sc->g->winner); }
static const char *fill_profile(const struct scene *sc) { return scene_profile(sc); }
static const char *fill_answer(const struct scene *sc) { return answer_text(sc->l->a, sc->answer); }
static const char *fill_expected(const struct scene *sc) { return sc->e->role; }

static const char *fill_title(const struct scene *sc)
{
        return sc->g->sdk_name ? chain_row_title(sc->g->winner.row) : "the SDK";
}

static const char *fill_sdk(const struct scene *sc)
{
        const char *version = sc->g->winner.version;

        return arena_printf(sc->l->a, "%s%s%s", fill_title(sc), version ? " " : "",
                            version ? version : "");
}

static const char *fill_since(const struct scene *sc)
{
        return chain_row_container_since(sc->g->winner.row);
}

static const char *fill_why(const struct scene *sc) { return sc->e->why; }

static const char *fill_tokens(const struct scene *sc)
{
        return chain_row_imds_v2_since(sc->g->winner.row);
}

static const struct { const char *name; const char *(*fill)(const struct scene *sc);
} fills[] = {
        { "who", fill_who },       { "keeper", fill_keeper },     { "loser", fill_loser },
        { "rel", fill_rel },       { "detail", fill_detail },     { "profile", fill_profile },
        { "answer", fill_answer }, { "expected", fill_expected }, { "sdk", fill_sdk },
        { "file", file_path },     { "keys", key_name },          { "title", fill_title },
        { "since", fill_since },   { "tokens", fill_tokens }, { "why", fill_why },
};

static const char *fill_name(const struct scene *sc, const char *name, size_t len)
{
        for (size_t i = 0; i < ARRAY_SIZE(fills); i++)
                if (strlen(fills[i].name) == len && memcmp(fills[i].name, name, len) == 0)
                        return fills[i].fill(sc);
        return NULL;
}

/* Only the table's own text is looked through for braces, never what fills it. */
static const char *fill(const struct scene *sc, const char *template)
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
                value = fill_name(sc, template + 1, len - 1);
                text_add(&t, value ? value : "?");
                template += len + (template[len] == '}');
        }
        return t.failed ? NULL : arena_dup(sc->l->a, t.s ? t.s : "");
}

static const struct answer none = { .state = ANSWER_UNKNOWN };

static void scene_make(const struct look *l, const struct group *g, struct scene *ret)
{
        const struct snapshot *s = l->s;
        const struct process *p = &s->processes[g->process];
        const struct container *c = &s->containers[p->container];
        int init = l->init[p->container];
        struct scene sc = { .l = l, .g = g, .p = p, .e = expect_of(l, p), .answer = &none,
                            .lineage = { .keeper = -1, .loser = -1 } };

        if (init >= 0)
                sc.init = &s->processes[init];
        if (p->cred_rel >= 0 && (size_t)p->cred_rel < s->n_creds)
                sc.cred = &s->creds[p->cred_rel];
        if (p->netns >= 0 && (size_t)p->netns < s->n_netns)
                sc.net = &s->netns[p->netns];
        if (sc.net && answer_bad(&sc.net->container))
                sc.answer = &sc.net->container;
        else if (sc.cred)
                sc.answer = &sc.cred->answer;
        if (c->task >= 0)
                sc.task_arn = s->tasks[c->task].arn;
        if (!p->env[E_REL])
                lineage_trace(l, g->process, &sc.lineage);
        *ret = sc;
}

/* What would win with the environment of the container's first process, all else being equal. */
static int alt_make(const struct scene *sc, struct group *g)
{
        struct chain_input in, own;

        if (!sc->init || sc->p->env[E_REL] || !has_rel(sc->init))
                return 0;
        chain_input_of(sc->l->s, sc->p, &in);
        chain_input_of(sc->l->s, sc->init, &own);
        in.env = own.env;
        in.cred_rel = own.cred_rel;
        in.cred_full = own.cred_full;
        in.token_file = own.token_file;
        in.wit_file = own.wit_file;
        in.version = g->winner.version;
        return chain_eval(g->winner.row, &in, sc->l->a, &g->alt);
}

static void name_kin(const struct scene *sc, struct cause *c)
{
        const struct process *all = sc->l->s->processes;

        if (sc->lineage.keeper >= 0) {
                c->keeper = all[sc->lineage.keeper].pid;
                c->keeper_comm = all[sc->lineage.keeper].comm;
        }
        if (sc->lineage.loser >= 0) {
                c->loser = all[sc->lineage.loser].pid;
                c->loser_comm = all[sc->lineage.loser].comm;
        }
}

int cause_find(const struct look *l, struct group *g)
{
        const struct cause_row *row = NULL;
        struct scene sc;

        scene_make(l, g, &sc);
        for (size_t i = 0; !row && i < cause_row_count(); i++)
                if ((cause_row_get(i)->when == ROLELESS) == !sc.e->role &&
                    cause_applies(cause_row_get(i), &sc))
                        row = cause_row_get(i);
        if (!row)
                return 0;
        g->cause = (struct cause){ .mechanism = row->mechanism, .text = fill(&sc, row->text),
                                   .remedy = fill(&sc, row->remedy) };
        if (!g->cause.text || !g->cause.remedy)
                return -ENOMEM;
        if (streq(sc.lineage.mechanism, row->mechanism))
                name_kin(&sc, &g->cause);
        return alt_make(&sc, g);
}
