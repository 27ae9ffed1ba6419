/*
 * Declared calls: each (action, resource) of the needs that match a container,
 * decided for the role that wins and for the one that is meant, under the same
 * context. What no bundle told is not known, and leads to no finding.
 */
#include "judge_internal.h"

/* The role that a need speaks of, for a container of a task. */
static const struct caller *meant_of(const struct judge_index *ix, const struct group *g, const struct need *n)
{
        const struct process *p = &ix->s->processes[g->process];
        const struct expect *e = expect_of(ix, p);

        if (streq(n->role, "instance"))
                return caller_of(ix, ix->s->host.instance_role);
        if (!streq(n->role, "task"))
                return caller_of(ix, n->role);
        if (e && e->cred >= 0)
                return caller_of(ix, ix->s->creds[e->cred].role_arn);
        return NULL;
}

static size_t room_of(const struct judge_index *ix, int container)
{
        size_t n = 0;

        for (size_t i = 0; i < ix->s->n_needs; i++)
                if (need_applies(ix->s, &ix->s->needs[i], container))
                        n += ix->declared[i].n_permissions;
        return n;
}

int calls_judge(const struct judge_index *ix, struct group *g)
{
        const struct process *p = &ix->s->processes[g->process];
        const struct caller *winner = caller_of(ix, g->winner.role);
        size_t room = room_of(ix, p->container);
        struct call *rows;

        if (room == 0 || (g->verdict != VERDICT_OK && g->verdict != VERDICT_WRONG))
                return 0;
        rows = arena_alloc(ix->a, room * sizeof *rows);
        if (!rows)
                return -ENOMEM;
        for (size_t i = 0; i < ix->s->n_needs; i++) {
                const struct declared *d = &ix->declared[i];
                const struct caller *meant;

                if (!need_applies(ix->s, d->need, p->container))
                        continue;
                meant = meant_of(ix, g, d->need);
                for (size_t k = 0; k < d->n_permissions; k++) {
                        struct call call = call_by(ix, winner, &d->permissions[k]);

                        assert(g->n_calls < room);
                        call.need = d->need;
                        if (meant != winner)
                                call.expected = access_check(ix, meant, &d->permissions[k]).answer;
                        rows[g->n_calls++] = call;
                }
        }
        g->calls = rows;
        return 0;
}
