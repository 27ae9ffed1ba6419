/*
 * host_check -- between scans: is the host as the last scan found it? Only the host itself is read again, and one process as
 * a sample.
 */
#include "daemon_internal.h"

#define LIMIT_S 60

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

static bool creds_differ(const struct snapshot *facts, const struct credential *c)
{
        for (size_t i = 0; i < facts->n_creds; i++)
                if (facts->creds[i].mark == c->mark)
                        return !same_answer(&facts->creds[i].answer, &c->answer) ||
                               !streq(facts->creds[i].role_arn, c->role_arn);
        return false;
}

static bool netns_differs(const struct snapshot *facts, const struct netns *n)
{
        for (size_t i = 0; i < facts->n_netns; i++)
                if (facts->netns[i].inode == n->inode)
                        return !same_answer(&facts->netns[i].container, &n->container) ||
                               !same_answer(&facts->netns[i].imds_token, &n->imds_token) ||
                               !same_answer(&facts->netns[i].imds_v1, &n->imds_v1);
        return false;
}

/* What the first process of one container gets now, of each of them in turn. */
static int sample_differs(const struct daemon *d, const struct worker_tools *t, bool *ret)
{
        const struct snapshot *facts = d->scan.facts;
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        struct collect_settings cs = d->cs;
        struct process p = { .cred_relative = -1 };
        int r;

        for (size_t i = 0; i < facts->n_processes && p.cred_relative < 0; i++)
                p = facts->processes[(d->sampled + i) % facts->n_processes];
        cs.fresh = true;
        if (p.cred_relative < 0)
                return 0;
        r = collect_process(&(struct host_access){ &cs, t->net, t->broker }, facts, p.pid, &s);
        if (r < 0 || s->processes[0].start_ticks != p.start_ticks)
                return r == -ENOMEM ? r : 0;
        collect_carry_over_probes(s, facts);
        for (size_t i = 0; i < s->n_creds; i++)
                *ret = *ret || creds_differ(facts, &s->creds[i]);
        for (size_t i = 0; i < s->n_netns; i++)
                *ret = *ret || netns_differs(facts, &s->netns[i]);
        return 0;
}

int host_changed(const struct daemon *d, const struct worker_tools *t, bool *ret)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        int r = snapshot_new(&s);

        *ret = false;
        if (r == 0)
                r = collect_host(&(struct host_access){ &d->cs, t->net, NULL }, s);
        if (r == 0)
                r = collect_carry_over(s, d->scan.facts);
        if (r < 0)
                return r;
        *ret = host_differs(&s->host, &d->scan.facts->host);
        return *ret ? 0 : sample_differs(d, t, ret);
}

struct checked { bool changed; int broker_error; };

static int check_in_child(void *userdata, struct arena *out, void **ret)
{
        CLEANUP(worker_tools_done) struct worker_tools t = { 0 };
        const struct daemon *d = userdata;
        struct checked *x = arena_alloc(out, sizeof *x);
        int r = x ? worker_tools_open(d, &t) : -ENOMEM;

        *ret = x;
        if (r == 0)
                r = host_changed(d, &t, &x->changed);
        if (r == 0)
                x->broker_error = worker_tools_broker(&t);
        return r;
}

static void on_checked(void *userdata, int error, const void *result)
{
        struct daemon *d = userdata;
        const struct checked *x = result;

        if (error < 0)
                error_note(&d->errors, "host check", worker_error_to_string(error));
        else
                error_clear(&d->errors, "host check");
        if (error == 0)
                broker_link_report(d->broker, x->broker_error);
        if (error == 0 && x->changed)
                scan_within(d, 0);
        worker_free(TAKE(d->host_check));
}

void host_check_start(struct daemon *d)
{
        const struct worker_task task = { .name = "host check", .limit_s = LIMIT_S, .run = check_in_child, .done = on_checked, .userdata = d };
        int r;

        if (d->host_check || !d->scan.facts)
                return;
        d->sampled++;
        r = worker_start(d->event, &task, &d->host_check);
        if (r < 0)
                error_note(&d->errors, "host check", worker_error_to_string(r));
}
