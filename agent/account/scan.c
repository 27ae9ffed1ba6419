/* One scan of the host: the readers, in the order in which each can use what the former found. */
#include "account_internal.h"
#include "rolewatch/io.h"

static const char no_broker[] =
        "environments, credential files and network namespaces of the containers' processes";

static int scan_run(struct scan *x)
{
        int r = collect_imds(x);

        if (r == 0)
                r = collect_agent(x);
        if (r == 0)
                r = collect_processes(x);
        if (r == 0 && x->at.cs->known)
                r = collect_remember(x->s, x->at.cs->known);
        if (r == 0)
                r = collect_credentials(x);
        /* Before the labels: a need of a file may ask for the task's service, which the metadata names. */
        if (r == 0)
                r = account_needs(x);
        if (r == 0)
                r = collect_metadata(x);
        if (r == 0)
                r = account_fill(x);
        if (r == 0 && x->at.broker && x->at.cs->probe)
                r = collect_probes(x);
        return r;
}

int scan_host(const struct host_access *at, struct snapshot **ret)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(scan_done) struct scan x = { .at = *at };
        int r = snapshot_new(&s);

        if (r < 0)
                return r;
        x.s = s;
        s->host.taken_s = clock_wall_s();
        s->host.root = at->broker != NULL;
        if (!at->broker)
                s->host.blind = arena_dup(s->arena, no_broker);
        r = scan_run(&x);
        if (r < 0)
                return r;
        *ret = TAKE(s);
        return 0;
}

int scan_host_once(const struct collect_settings *cs, struct broker *b, struct snapshot **ret)
{
        CLEANUP(net_freep) struct net *n = NULL;
        int r = net_new(&n);

        return r < 0 ? r : scan_host(&(struct host_access){ cs, n, b }, ret);
}
