/* A row of the chain table as text, for `rolewatch chains`. */
#include "rows.h"

static const char *hosts_text(struct arena *a, const struct chain_parameter *p, unsigned hosts)
{
        CLEANUP(text_done) struct text t = { 0 };

        for (size_t i = 0; i < p->n; i++)
                if (hosts & (1u << i))
                        text_addf(&t, "%s%s", t.len ? ", " : "", p->strings[i]);
        return t.failed ? NULL : arena_dup(a, t.s ? t.s : "none");
}

static const char *variables_text(struct arena *a, const enum env_var *list, size_t n)
{
        CLEANUP(text_done) struct text t = { 0 };

        for (size_t i = 0; i < n && list[i] != ENV_VAR_MAX; i++)
                text_addf(&t, "%s%s", t.len ? ", then " : "", env_name(list[i]));
        return t.failed ? NULL : arena_dup(a, t.s ? t.s : "none");
}

static const char *describe_value(const struct chain_parameter *p, unsigned value)
{
        assert(value < p->n);
        return p->strings[value];
}

bool chain_row_trait(const struct chain_row *r, size_t i, struct arena *a, struct chain_trait *ret)
{
        const struct chain_parameter *p;
        const void *at;

        if (i >= chain_parameter_count())
                return false;
        p = chain_parameter_get(i);
        at = (const char *)r + p->at;
        *ret = (struct chain_trait){ .name = p->name, .meaning = p->meaning };
        switch (p->kind) {
        case PARAMETER_ENUM:
                ret->value = describe_value(p, *(const unsigned *)at);
                break;
        case PARAMETER_FLAG:
                ret->usual = !*(const bool *)at;
                ret->value = describe_value(p, *(const bool *)at);
                break;
        case PARAMETER_FIRST:
                ret->value = describe_value(p, *(const bool *)at);
                break;
        case PARAMETER_SET:
                ret->value = hosts_text(a, p, *(const unsigned *)at);
                ret->usual = *(const unsigned *)at == 0;
                break;
        case PARAMETER_LIST:
                ret->value = variables_text(a, at, p->n);
                break;
        case PARAMETER_SINCE:
                ret->value = *(const char *const *)at;
                ret->usual = ret->value == NULL;
                ret->value = streq(ret->value, "-") ? "never" : ret->value;
                break;
        }
        return true;
}

const char *chain_row_steps(const struct chain_row *r, struct arena *a)
{
        CLEANUP(text_done) struct text t = { 0 };

        for (const struct step *s = r->steps; s->kind != S_END; s++) {
                bool either = s->kind == S_IMDS && r->remote == REMOTE_EITHER && chain_row_has_container(r);

                text_addf(&t, "%s%s%s", !t.len ? "" : either ? " ^ " : " > ",
                          chain_step_to_string(s->kind), s->on_error == END_CHAIN ? "!" : "");
        }
        return t.failed || !t.s ? NULL : arena_dup(a, t.s);
}
