/*
 * evidence -- calls that were denied, as logs and SDKs say. A container writes
 * its own log, and quotes others: a denial counts only where its session is this
 * very instance or the container's own task, and it says something of that
 * container alone.
 */
#include "room.h"

static bool by_instance(const struct snapshot *s, const struct denial *d)
{
        return d->role && streq(d->role, s->host.instance_role) && d->session && streq(d->session, s->host.instance_id);
}

static bool by_task(const struct snapshot *s, const struct denial *d)
{
        int task = s->containers[d->container].task;

        return task >= 0 && d->role && d->session && streq(d->session, arn_name(s->tasks[task].arn));
}

static bool in_place(const struct look *l, const struct group *g, const struct denial *d)
{
        return l->s->processes[g->process].container == d->container && !g->denied;
}

/* Of those that it could be, one that was seen to ask, or has an SDK, goes before the others. */
static struct group *choose(const struct look *l, struct verdicts *v, const struct denial *d, enum verdict verdict,
                            bool (*could)(const struct group *g, const struct denial *d))
{
        struct group *best = NULL;
        int most = -1;

        for (size_t i = 0; i < v->n_groups; i++) {
                struct group *g = &v->groups[i];
                const struct process *p = &l->s->processes[g->process];
                int weight = 2 * p->met_imds + (g->sdk_name != NULL);

                if (in_place(l, g, d) && g->verdict == verdict && could(g, d) && weight > most) {
                        best = g;
                        most = weight;
                }
        }
        return best;
}

static bool acts_so(const struct group *g, const struct denial *d)
{
        return g->winner.role && streq(arn_name(g->winner.role), d->role);
}

static bool any(const struct group *g, const struct denial *d)
{
        (void)g;
        (void)d;
        return true;
}

/* Its chain would give the task role, and yet it acted as the instance: it does not ask its chain. */
static void blame(struct group *g, const struct host *h)
{
        g->winner.provider = PROVIDER_IMDS;
        g->winner.role = h->instance_role;
        g->winner.key_id = h->instance_key_id;
        g->winner.via_expired = false;
        g->verdict = VERDICT_WRONG;
}

static void weigh(const struct look *l, struct verdicts *v, const struct denial *d)
{
        struct group *g = NULL;

        if (by_instance(l->s, d)) {
                g = choose(l, v, d, VERDICT_WRONG, acts_so);
                if (!g) {
                        g = choose(l, v, d, VERDICT_OK, any);
                        if (g && !acts_so(g, d))
                                blame(g, &l->s->host);
                }
        } else if (by_task(l->s, d)) {
                g = choose(l, v, d, VERDICT_OK, acts_so);
        }
        if (!g)
                return;
        g->denied = d;
        g->winner.certainty = CERTAINTY_OBSERVED;
}

void evidence_weigh(const struct look *l, struct verdicts *v)
{
        for (size_t i = 0; i < l->s->n_denials; i++)
                if (l->s->denials[i].container >= 0 && (size_t)l->s->denials[i].container < l->s->n_containers)
                        weigh(l, v, &l->s->denials[i]);
}
