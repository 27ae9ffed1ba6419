/*
 * Declared calls: each (action, resource) of the needs that match a container,
 * decided for the role in use and for the role that the need is about, in the same
 * context. Roles whose policies are not visible are unknown and lead to no finding.
 */
#include "judge_internal.h"

/* The role that a need is about, for the container of a group; NULL: not known. */
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

static size_t permission_count(const struct judge_index *ix, int container)
{
        size_t n = 0;

        for (size_t i = 0; i < ix->s->n_needs; i++)
                if (need_applies(ix->s, &ix->s->needs[i], container))
                        n += ix->declared[i].n_permissions;
        return n;
}

/*
 * The calls of a need for a pair of roles, decided once for all groups. A label may contain any need: its calls
 * share one budget of steps, so that a need costs no more than one decision.
 */
struct decided {
        const struct caller *winner, *meant;
        const struct call *calls;      /* one per permission */
        struct decided *next;
};

static struct call call_decide(const struct judge_index *ix, const struct decided *by, const struct permission *p, uint64_t *steps)
{
        struct access a = access_check(ix, by->winner, p, steps);
        struct access b = by->winner == by->meant ? a : access_check(ix, by->meant, p, steps);

        return (struct call){ .action = p->action, .resource = p->resource, .winner = a.answer, .expected = b.answer,
                              .resource_policy = a.resource_policy, .why = a.why };
}

/* NULL: no memory. */
static const struct call *need_decide(const struct judge_index *ix, struct declared *d, const struct decided *by)
{
        struct decided *found = d->decided;
        uint64_t steps = IAM_STEPS;
        struct call *calls;

        while (found && (found->winner != by->winner || found->meant != by->meant))
                found = found->next;
        if (found)
                return found->calls;
        found = arena_alloc(ix->a, sizeof *found);
        calls = arena_alloc(ix->a, (d->n_permissions + 1) * sizeof *calls);
        if (!found || !calls)
                return NULL;
        for (size_t i = 0; i < d->n_permissions; i++) {
                calls[i] = call_decide(ix, by, &d->permissions[i], &steps);
                calls[i].need = d->need;
        }
        *found = (struct decided){ by->winner, by->meant, calls, d->decided };
        d->decided = found;
        return calls;
}

int calls_judge(const struct judge_index *ix, struct group *g)
{
        const struct process *p = &ix->s->processes[g->process];
        const struct caller *winner = caller_of(ix, g->winner.role);
        size_t capacity = permission_count(ix, p->container);
        struct call *rows;

        if (capacity == 0 || (g->verdict != VERDICT_OK && g->verdict != VERDICT_WRONG))
                return 0;
        rows = arena_alloc(ix->a, capacity * sizeof *rows);
        if (!rows)
                return -ENOMEM;
        for (size_t i = 0; i < ix->s->n_needs; i++) {
                struct declared *d = &ix->declared[i];
                const struct call *calls;

                if (!need_applies(ix->s, d->need, p->container))
                        continue;
                calls = need_decide(ix, d, &(struct decided){ .winner = winner, .meant = meant_of(ix, g, d->need) });
                if (!calls)
                        return -ENOMEM;
                assert(d->n_permissions <= capacity - g->n_calls);
                memcpy(rows + g->n_calls, calls, d->n_permissions * sizeof *rows);
                g->n_calls += d->n_permissions;
        }
        g->calls = rows;
        return 0;
}
