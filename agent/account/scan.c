/* One scan of the host: the readers, in the order in which each can use what the former found. */
#include "rolewatch/account.h"
#include "rolewatch/io.h"

static const char no_broker[] =
        "environments, credential files and network namespaces of the containers' processes";

int scan_host_once(const struct collect_settings *cs, struct broker *b, struct snapshot **ret)
{
        CLEANUP(net_freep) struct net *n = NULL;
        int r = net_new(&n);

        return r < 0 ? r : scan_host(cs, n, b, ret);
}

int scan_host(const struct collect_settings *cs, struct net *n, struct broker *b, struct snapshot **ret)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(cred_asks_done) struct cred_asks creds = { 0 };
        CLEANUP(meta_asks_done) struct meta_asks metas = { 0 };
        int r = snapshot_new(&s);

        if (r < 0)
                return r;
        s->host.taken_s = clock_wall_s();
        s->host.root = b != NULL;
        if (!b)
                s->host.blind = arena_dup(s->arena, no_broker);
        r = collect_imds(s, n, cs);
        if (r == 0)
                r = collect_agent(s, n, cs);
        if (r == 0)
                r = collect_processes(s, b, cs, &creds, &metas);
        if (r == 0 && cs->known)
                r = collect_remember(s, cs->known);
        if (r == 0)
                r = collect_credentials(s, n, cs, &creds);
        /* Before the labels: a need of a file may ask for the task's service, which the metadata names. */
        if (r == 0)
                r = account_needs(s, cs);
        if (r == 0)
                r = collect_metadata(s, n, cs, &metas);
        if (r == 0)
                r = account_fill(s, n, cs);
        if (r == 0 && b && cs->probe)
                r = collect_probes(s, n, b, cs);
        if (r < 0)
                return r;
        *ret = TAKE(s);
        return 0;
}
