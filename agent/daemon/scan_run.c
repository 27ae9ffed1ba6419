/* scan_run -- a full scan, as its child process does it: facts, verdicts, and what of them goes back to the daemon. */
#include "scan.h"
#include "rolewatch/account.h"
#include "rolewatch/io.h"

static uint64_t cpu_us(void)
{
        struct timespec t;

        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
        return (uint64_t)t.tv_sec * SECOND_US + (uint64_t)t.tv_nsec / 1000;
}

static void summarize(const struct verdicts *v, struct scan_summary *ret)
{
        const struct snapshot *s = v->snapshot;

        *ret = (struct scan_summary){ .taken_s = s->host.taken_s, .tasks = s->n_tasks, .groups = v->n_groups, .unknown = v->n_unknown,
                                      .undecided = v->n_undecided, .processes = s->n_processes, .namespaces = s->n_netns };
        metrics_of(v, &ret->metrics);
        if (v->undecided_why)
                text_fit(ret->undecided_why, sizeof ret->undecided_why, v->undecided_why);
        for (size_t i = 0; i < s->n_processes; i++)
                ret->env_denied += s->processes[i].environ.state == ANSWER_DENIED;
        for (size_t i = 0; i < s->n_netns; i++)
                ret->net_denied += s->netns[i].container.state == ANSWER_DENIED;
        for (size_t i = 0; i < v->n_groups; i++)
                ret->good += v->groups[i].verdict == VERDICT_OK;
}

static bool has_unknown_group(const struct verdicts *v, int container)
{
        for (size_t i = 0; i < v->n_groups; i++)
                if (v->snapshot->processes[v->groups[i].process].container == container && v->groups[i].verdict == VERDICT_UNKNOWN)
                        return true;
        return false;
}

int scan_coverage_make(const struct verdicts *v, int broker_error, struct arena *out, struct scan_coverage *ret)
{
        const struct snapshot *s = v->snapshot;
        struct scan_coverage c = { .agent = s->host.introspection.state == ANSWER_OK, .broker = broker_error == 0,
                                   .imds = s->host.imds.state == ANSWER_OK,
                                   .policies = !s->host.policies_fault && !s->host.definitions_fault };

        c.unjudged = arena_alloc(out, (s->n_containers + 1) * sizeof *c.unjudged);
        for (size_t i = 0; c.unjudged && i < s->n_containers; i++)
                if (has_unknown_group(v, (int)i))
                        c.unjudged[c.n_unjudged++] = arena_dup(out, s->containers[i].id);
        if (!c.unjudged || arena_failed(out))
                return -ENOMEM;
        *ret = c;
        return 0;
}

static int finding_export(const struct verdicts *v, const struct finding *f, struct arena *out, struct scanned_finding *ret)
{
        const struct group *g = f->group < 0 ? NULL : &v->groups[f->group];
        struct notice n;
        int r = notice_make(v, f, v->arena, &n);

        if (r == 0)
                r = notice_copy(&n, out, &ret->notice);
        if (r < 0 || !g)
                return r;
        ret->confirms = group_confirms(g);
        ret->processes = arena_alloc(out, g->n_members * sizeof *ret->processes);
        if (!ret->processes)
                return -ENOMEM;
        for (; ret->n_processes < g->n_members; ret->n_processes++) {
                const struct process *p = &v->snapshot->processes[g->members[ret->n_processes]];

                ret->processes[ret->n_processes] = (struct finding_process){ p->pid, p->start_ticks };
        }
        return 0;
}

static int findings_export(const struct verdicts *v, struct arena *out, struct scan_result *ret)
{
        int r = 0;

        ret->findings = arena_alloc(out, (v->n_findings + 1) * sizeof *ret->findings);
        if (!ret->findings)
                return -ENOMEM;
        for (; r == 0 && ret->n_findings < v->n_findings; ret->n_findings++) {
                const struct finding *f = &v->findings[ret->n_findings];

                if (f->group < 0 && !f->definition)
                        ret->host_findings |= 1u << f->kind;
                r = finding_export(v, f, out, &ret->findings[ret->n_findings]);
        }
        return r;
}

static int result_export(const struct verdicts *v, const struct worker_tools *t, struct arena *out, struct scan_result *ret)
{
        struct snapshot *facts = NULL;
        int r;

        summarize(v, &ret->summary);
        r = scan_coverage_make(v, t->broker ? broker_fault(t->broker) : t->broker_error, out, &ret->coverage);
        if (r == 0)
                r = findings_export(v, out, ret);
        if (r == 0)
                r = snapshot_keep_within(v->snapshot, out, &facts);
        ret->facts = facts;
        return r;
}

/* The endpoints that processes were seen to contact, and the calls that were denied, go before what the scan infers. */
static int facts_get(const struct daemon *d, const struct worker_tools *t, struct snapshot **ret)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        struct collect_settings cs = d->cs;
        int r;

        cs.known = d->scan.facts;
        r = scan_host(&(struct host_access){ &cs, t->net, t->broker }, &s);
        if (r < 0)
                return r;
        process_events_fill(d, s);
        r = call_evidence_fill(d, s);
        if (r < 0)
                return r;
        *ret = TAKE(s);
        return 0;
}

int scan_run(const struct daemon *d, struct arena *out, struct scan_result **ret)
{
        CLEANUP(worker_tools_done) struct worker_tools t = { 0 };
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        struct scan_result *x = arena_alloc(out, sizeof *x);
        uint64_t began_us = clock_monotonic_us(), puts = sdk_cache_puts(d->sdks);
        int r = x ? worker_tools_open(d, &t) : -ENOMEM;

        if (r == 0)
                r = facts_get(d, &t, &s);
        if (r == 0)
                r = judge(s, &v);
        if (r == 0)
                r = result_export(v, &t, out, x);
        if (r == 0)
                r = sdk_cache_export(d->sdks, puts, out, &x->sdks);
        if (r < 0)
                return r;
        x->summary.ms = (unsigned)((clock_monotonic_us() - began_us) / 1000);
        x->summary.cpu_us = cpu_us();
        *ret = x;
        return 0;
}
