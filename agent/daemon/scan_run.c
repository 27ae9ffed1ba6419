/* scan_run -- a full scan, as its child process does it: facts, verdicts, and what of them goes back to the daemon. */
#include <inttypes.h>
#include "scan.h"
#include "rolewatch/account.h"
#include "rolewatch/io.h"
#include "rolewatch/log.h"

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
        if (v->undecided_why)
                text_fit(ret->undecided_why, sizeof ret->undecided_why, v->undecided_why);
        for (size_t i = 0; i < s->n_processes; i++)
                ret->env_denied += s->processes[i].environ.state == ANSWER_DENIED;
        for (size_t i = 0; i < s->n_netns; i++)
                ret->net_denied += s->netns[i].container.state == ANSWER_DENIED;
        for (size_t i = 0; i < v->n_groups; i++) {
                ret->good += v->groups[i].verdict == VERDICT_OK;
                ret->wrong += v->groups[i].verdict == VERDICT_WRONG;
                ret->none += v->groups[i].verdict == VERDICT_NONE;
        }
}

/* Which groups are not judged, and why. */
static void unjudged_log(const struct verdicts *v)
{
        for (size_t i = 0; log_enabled(LOG_LEVEL_DEBUG) && i < v->n_groups; i++) {
                const struct group *g = &v->groups[i];
                const struct process *p = &v->snapshot->processes[g->process];

                if (g->verdict != VERDICT_UNKNOWN && g->verdict != VERDICT_UNJUDGED)
                        continue;
                log_debug("pid %d (%s) and %zu more processes: not judged: %s", (int)p->pid, p->comm, g->n_members - 1,
                          p->environ.state != ANSWER_OK ? "the environment cannot be read" : !g->expected_role ? "no task role is known"
                          : g->winner.error ? g->winner.error : "the winning credentials are not known");
        }
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
                                   .policies = !s->host.policies_error && !s->host.definitions_error };

        c.unjudged = arena_alloc(out, (s->n_containers + 1) * sizeof *c.unjudged);
        for (size_t i = 0; c.unjudged && i < s->n_containers; i++)
                if (has_unknown_group(v, (int)i))
                        c.unjudged[c.n_unjudged++] = arena_dup(out, s->containers[i].id);
        if (!c.unjudged || arena_failed(out))
                return -ENOMEM;
        *ret = c;
        return 0;
}

/* One scan under way: from its verdicts to its result in the arena. */
struct scanning {
        const struct daemon *d;
        const struct worker_tools *tools;
        const struct verdicts *v;
        struct arena *out;
        struct scan_result *to;
};

static int finding_export(const struct scanning *x, const struct finding *f, struct scanned_finding *ret)
{
        const struct group *g = f->group < 0 ? NULL : &x->v->groups[f->group];
        struct notice n;
        int r = notice_make(x->v, f, x->v->arena, &n);

        *ret = (struct scanned_finding){ .processes.confirms = g ? group_confirms(g) : CONFIRMS_NOTHING };
        if (r == 0)
                r = notice_copy(&n, x->out, &ret->notice);
        if (r < 0 || !g)
                return r;
        ret->processes.list = arena_alloc(x->out, g->n_members * sizeof *ret->processes.list);
        if (!ret->processes.list)
                return -ENOMEM;
        for (size_t i = 0; i < g->n_members; i++) {
                const struct process *p = &x->v->snapshot->processes[g->members[i]];

                ret->processes.list[ret->processes.n++] = (struct finding_process){ p->pid, p->start_ticks };
        }
        return 0;
}

/* Since the host was booted, as start times of processes are counted. */
static int64_t uptime_s(void)
{
        struct timespec t = { 0 };

        clock_gettime(CLOCK_BOOTTIME, &t);
        return (int64_t)t.tv_sec;
}

/*
 * A program without a known SDK, that was not seen to ask an endpoint, is reported only if it stays: no process of
 * the group has lived for min_process_age yet. If the finding is open already, it stays so.
 */
static bool is_too_young(const struct scanning *x, const struct finding *f)
{
        const struct group *g = f->group < 0 ? NULL : &x->v->groups[f->group];
        int64_t ticks = sysconf(_SC_CLK_TCK), least = x->d->config->number[SETTING_MIN_PROCESS_AGE];

        if (!g || g->sdk_name || f->certainty == CERTAINTY_OBSERVED)
                return false;
        for (size_t i = 0; i < g->n_members; i++)
                if (uptime_s() - (int64_t)x->v->snapshot->processes[g->members[i]].start_ticks / ticks >= least)
                        return false;
        return true;
}

static int scan_findings_export(const struct scanning *x)
{
        const struct verdicts *v = x->v;
        struct scan_result *to = x->to;
        int r = 0;

        to->findings = arena_alloc(x->out, (v->n_findings + 1) * sizeof *to->findings);
        if (!to->findings)
                return -ENOMEM;
        for (size_t i = 0; r == 0 && i < v->n_findings; i++) {
                const struct finding *f = &v->findings[i];
                struct scanned_finding *next = &to->findings[to->n_findings];

                if (f->group < 0 && !f->definition)
                        to->host_findings |= 1u << f->kind;
                r = finding_export(x, f, next);
                to->n_findings += r == 0 && (!is_too_young(x, f) || finding_state_has(x->d->findings, next->notice.object));
        }
        return r;
}

static int result_export(const struct scanning *x)
{
        struct snapshot *facts = NULL;
        int r;

        x->to->broker_error = worker_tools_broker(x->tools);
        summarize(x->v, &x->to->summary);
        r = scan_coverage_make(x->v, x->to->broker_error, x->out, &x->to->coverage);
        if (r == 0)
                r = scan_findings_export(x);
        if (r == 0)
                r = snapshot_copy_within(x->v->snapshot, x->out, &facts);
        x->to->facts = facts;
        return r;
}

/* The endpoints that processes were seen to contact, and the calls that were denied, go before what the scan infers. */
static int scan_facts_get(const struct daemon *d, const struct worker_tools *t, struct snapshot **ret)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        struct collect_settings cs = d->cs;
        int r;

        cs.known = d->scan.facts;
        r = scan_host(&(struct host_access){ &cs, t->net, t->broker }, &s);
        if (r < 0)
                return r;
        process_cache_fill(d->processes, s);
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
        uint64_t began_us = clock_monotonic_us(), puts = sdk_cache_puts(d->sdks), environments = environment_cache_puts(d->environments);
        int r = x ? worker_tools_open(d, &t) : -ENOMEM;

        if (r == 0)
                r = scan_facts_get(d, &t, &s);
        if (r == 0)
                r = judge(s, &v);
        if (r == 0)
                unjudged_log(v);
        if (r == 0)
                r = result_export(&(struct scanning){ d, &t, v, out, x });
        if (r == 0)
                r = sdk_cache_export(d->sdks, puts, out, &x->sdks);
        if (r == 0)
                r = environment_cache_export(d->environments, environments, out, &x->environments);
        if (r < 0)
                return r;
        x->summary.ms = (unsigned)((clock_monotonic_us() - began_us) / 1000);
        x->summary.cpu_us = cpu_us();
        log_debug("scan: %zu processes in %zu groups, %zu unknown: %u ms, %" PRIu64 " us of processor time", x->summary.processes,
                  x->summary.groups, x->summary.unknown, x->summary.ms, x->summary.cpu_us);
        *ret = x;
        return 0;
}
