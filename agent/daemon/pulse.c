/*
 * pulse -- between the looks: is the host as the last one found it? Not everything
 * is asked again: the host itself, and one process that stands for the others.
 */
#include "room.h"

static bool same_answer(const struct answer *a, const struct answer *b)
{
        return a->state == b->state && a->status == b->status;
}

static bool host_differs(const struct host *a, const struct host *b)
{
        return !streq(a->instance_role, b->instance_role) || !streq(a->instance_key_id, b->instance_key_id) ||
               !streq(a->agent_version, b->agent_version) || !streq(a->cluster, b->cluster) ||
               !same_answer(&a->imds, &b->imds) || !same_answer(&a->imds_role_answer, &b->imds_role_answer) ||
               !same_answer(&a->introspection, &b->introspection) || !same_answer(&a->credentials, &b->credentials);
}

static bool creds_differ(const struct snapshot *base, const struct credential *c)
{
        for (size_t i = 0; i < base->n_creds; i++)
                if (base->creds[i].mark == c->mark)
                        return !same_answer(&base->creds[i].answer, &c->answer) ||
                               !streq(base->creds[i].role_arn, c->role_arn);
        return false;
}

static bool netns_differs(const struct snapshot *base, const struct netns *n)
{
        for (size_t i = 0; i < base->n_netns; i++)
                if (base->netns[i].inode == n->inode)
                        return !same_answer(&base->netns[i].container, &n->container) ||
                               !same_answer(&base->netns[i].imds_token, &n->imds_token) ||
                               !same_answer(&base->netns[i].imds_v1, &n->imds_v1);
        return false;
}

/* What the first process of one container gets now, of each of them in turn. */
static int sample_differs(struct daemon *d, bool *ret)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        struct collect_settings cs = d->cs;
        struct process p = { .cred_rel = -1 };
        int r;

        for (size_t i = 0; i < d->base->n_processes && p.cred_rel < 0; i++)
                p = d->base->processes[d->sampled++ % d->base->n_processes];
        cs.fresh = true;
        if (p.cred_rel < 0)
                return 0;
        r = collect_process(&(struct host_access){ &cs, d->net, d->broker }, d->base, p.pid, &s);
        if (r < 0 || s->processes[0].start_ticks != p.start_ticks)
                return r == -ENOMEM ? r : 0;
        for (size_t i = 0; i < s->n_creds; i++)
                *ret = *ret || creds_differ(d->base, &s->creds[i]);
        for (size_t i = 0; i < s->n_netns; i++)
                *ret = *ret || netns_differs(d->base, &s->netns[i]);
        return 0;
}

int host_changed(struct daemon *d, bool *ret)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        int r = d->base ? snapshot_new(&s) : 0;

        *ret = false;
        if (!d->base)
                return 0;
        if (r == 0)
                r = collect_host(&(struct host_access){ &d->cs, d->net, NULL }, s);
        if (r == 0)
                r = collect_remember(s, d->base);
        if (r < 0)
                return r;
        *ret = host_differs(&s->host, &d->base->host);
        return *ret ? 0 : sample_differs(d, ret);
}
