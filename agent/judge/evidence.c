/*
 * evidence -- denied calls in container logs and SDK metrics. A container writes
 * its own log and may quote others, so a denial counts only if its session is
 * this instance or the container's own task, and only for that container.
 */
#include "judge_internal.h"

static bool evidence_by_instance(const struct snapshot *s, const struct denial *d)
{
        return d->role && streq(d->role, s->host.instance_role) && d->session && streq(d->session, s->host.instance_id);
}

static bool evidence_by_task(const struct snapshot *s, const struct denial *d)
{
        int task = s->containers[d->container].task;

        return task >= 0 && d->role && d->session && streq(d->session, arn_name(s->tasks[task].arn));
}

/* One denial, and the groups that may have made the call. */
struct weighing { const struct judge_index *ix; struct verdicts *v; const struct denial *d; };

/* The best candidate: first a group that contacted IMDS, then one with a recognized SDK; NULL: none. */
static struct group *evidence_choose(const struct weighing *w, enum verdict verdict, bool (*could)(const struct group *g, const struct denial *d))
{
        struct group *best = NULL;
        int most = -1;

        for (size_t i = 0; i < w->v->n_groups; i++) {
                struct group *g = &w->v->groups[i];
                const struct process *p = &w->ix->s->processes[g->process];
                int weight = 2 * p->met_imds + (g->sdk_name != NULL);

                if (p->container == w->d->container && !g->denied && g->verdict == verdict && could(g, w->d) && weight > most) {
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

void group_acts_as_instance(struct group *g, const struct host *h)
{
        g->winner.provider = PROVIDER_IMDS;
        g->winner.role = h->instance_role;
        g->winner.key_id = h->instance_key_id;
        g->winner.via_expired = false;
        g->verdict = VERDICT_WRONG;
}

static void weigh(const struct weighing *w)
{
        const struct snapshot *s = w->ix->s;
        struct group *g = NULL;

        if (evidence_by_instance(s, w->d)) {
                g = evidence_choose(w, VERDICT_WRONG, acts_so);
                if (!g) {
                        g = evidence_choose(w, VERDICT_OK, any);
                        /* Its chain would use the task role, but the call came from the instance role: the program bypasses its chain. */
                        if (g && !acts_so(g, w->d))
                                group_acts_as_instance(g, &s->host);
                }
        } else if (evidence_by_task(s, w->d)) {
                g = evidence_choose(w, VERDICT_OK, acts_so);
        }
        if (!g)
                return;
        g->denied = w->d;
        g->winner.certainty = CERTAINTY_OBSERVED;
}

void evidence_weigh(const struct judge_index *ix, struct verdicts *v)
{
        for (size_t i = 0; i < ix->s->n_denials; i++) {
                const struct weighing w = { ix, v, &ix->s->denials[i] };

                if (w.d->container >= 0 && (size_t)w.d->container < ix->s->n_containers)
                        weigh(&w);
        }
}
