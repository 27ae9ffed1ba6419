/* The cause of a group: the first row of the table of mechanisms that applies. */
#include "causes.h"

/* The credentials that the SDK would take with the environment of the container's first process. */
static int alt_make(const struct cause_context *cx, struct group *g)
{
        struct chain_input in, own;

        if (!cx->init || cx->p->env[ENV_VAR_RELATIVE_URI] || !has_relative_uri(cx->init))
                return 0;
        chain_input_of(cx->ix->s, cx->p, &in);
        chain_input_of(cx->ix->s, cx->init, &own);
        in.env = own.env;
        in.cred_relative = own.cred_relative;
        in.cred_full = own.cred_full;
        in.token_file = own.token_file;
        in.web_identity_file = own.web_identity_file;
        in.version = g->winner.version;
        return chain_eval(g->winner.row, &in, cx->ix->a, &g->alt);
}

static void name_kin(const struct cause_context *cx, struct cause *c)
{
        const struct process *all = cx->ix->s->processes;

        if (cx->lineage.last_holder >= 0) {
                c->last_holder = all[cx->lineage.last_holder].pid;
                c->last_holder_comm = process_name(&all[cx->lineage.last_holder]);
        }
        if (cx->lineage.first_without >= 0) {
                c->first_without = all[cx->lineage.first_without].pid;
                c->first_without_comm = process_name(&all[cx->lineage.first_without]);
        }
}

int cause_find(const struct judge_index *ix, struct group *g)
{
        const struct cause_row *row = NULL;
        struct cause_context cx;
        const char *names;

        context_make(ix, g, &cx);
        for (size_t i = 0; !row && i < cause_row_count(); i++)
                if ((cause_row_get(i)->when == ROLELESS) == !cx.e->role &&
                    cause_applies(cause_row_get(i), &cx))
                        row = cause_row_get(i);
        if (!row)
                return 0;
        g->cause = (struct cause){ .mechanism = row->mechanism, .text = cause_text(&cx, row->text),
                                   .remedy = cause_text(&cx, row->remedy) };
        names = cause_shared_names(row, &cx);
        if (names)
                g->cause.shared = cause_text(&cx, names);
        if (!g->cause.text || !g->cause.remedy || (names && !g->cause.shared))
                return -ENOMEM;
        if (streq(cx.lineage.mechanism, row->mechanism))
                name_kin(&cx, &g->cause);
        return alt_make(&cx, g);
}
