/* One scan of the host: the readers, in the order in which each can use what the former found. */
#include <inttypes.h>
#include "account_internal.h"
#include "rolewatch/io.h"
#include "rolewatch/log.h"

static const char no_broker[] =
        "environments, credential files and network namespaces of container processes";

static int carry_over(struct scan *x) { return x->at.cs->known ? collect_carry_over(x->s, x->at.cs->known) : 0; }
static int carry_over_roles(struct scan *x) { return x->at.cs->known ? collect_carry_over_roles(x->s, x->at.cs->known) : 0; }
static int probes(struct scan *x) { return x->at.broker && x->at.cs->probe ? collect_probes(x) : 0; }

static int carry_over_probes(struct scan *x)
{
        if (x->at.cs->known)
                collect_carry_over_probes(x->s, x->at.cs->known);
        return 0;
}

static const struct { const char *name; int (*run)(struct scan *x); } parts[] = {
        { "IMDS", collect_imds },
        { "ECS agent", collect_agent },
        { "processes", collect_processes },
        { "facts of the last scan", carry_over },
        /* After the tasks that only the last scan knows, before their credentials are requested. */
        { "container configurations", collect_container_configs },
        { "credentials", collect_credentials },
        { "role names of the last scan", carry_over_roles },
        /* Before the labels: a need of a file may ask for the task's service, which the metadata names. */
        { "needs", account_needs },
        { "task metadata", collect_metadata },
        { "task definitions and roles", account_fill },
        { "probes", probes },
        { "probes of the last scan", carry_over_probes },
};

static int host_scan_run(struct scan *x)
{
        int r = 0;

        for (size_t i = 0; r == 0 && i < ARRAY_SIZE(parts); i++) {
                uint64_t began_us = clock_monotonic_us();

                r = parts[i].run(x);
                log_debug("scan: %s: %" PRIu64 " us", parts[i].name, clock_monotonic_us() - began_us);
        }
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
                s->host.not_visible = arena_dup(s->arena, no_broker);
        r = host_scan_run(&x);
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
