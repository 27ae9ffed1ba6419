#include "process_judge.h"

#define PROBE_MS 250                   /* of a first verdict: others wait for theirs */

static const struct group *group_of(const struct verdicts *v, int process, int *ret)
{
        for (size_t i = 0; i < v->n_groups; i++)
                for (size_t k = 0; k < v->groups[i].n_members; k++)
                        if (v->groups[i].members[k] == process) {
                                *ret = (int)i;
                                return &v->groups[i];
                        }
        return NULL;
}

static bool role_known(const struct snapshot *facts, const char *arn)
{
        for (size_t i = 0; i < facts->n_roles; i++)
                if (streq(facts->roles[i].arn, arn))
                        return true;
        return !arn;
}

/* A role whose policies were never looked for. */
static bool needs_scan(const struct daemon *d, const struct snapshot *s)
{
        for (size_t i = 0; i < s->n_creds; i++)
                if (!role_known(d->scan.facts, s->creds[i].role_arn))
                        return true;
        return false;
}

/* An endpoint that was requested in the namespace of the first process of the snapshot has not answered in time. */
static bool is_unanswered(const struct collect_settings *cs, const struct snapshot *s)
{
        int netns = s->processes[0].netns;

        return cs->probe && netns >= 0 && (s->netns[netns].container.state == ANSWER_UNKNOWN || s->netns[netns].imds_token.state == ANSWER_UNKNOWN);
}

/* The agent has not named the task of its container; one that the last scan knows without a task is not asked for again. */
static bool is_unnamed(const struct daemon *d, const struct snapshot *s)
{
        const struct container *c = &s->containers[s->processes[0].container];

        return c->task < 0 && !snapshot_has_container(d->scan.facts, c->id);
}

/* Findings of the process's group. */
static int process_findings_export(const struct verdicts *v, int group, struct arena *out, struct process_verdict *ret)
{
        int r = 0;

        ret->findings = arena_alloc(out, (v->n_findings + 1) * sizeof *ret->findings);
        if (!ret->findings)
                return -ENOMEM;
        for (size_t i = 0; r == 0 && i < v->n_findings; i++) {
                const struct finding *f = &v->findings[i];
                struct process_finding *to = &ret->findings[ret->n_findings];
                struct notice n;

                if (f->group != group)
                        continue;
                ret->n_findings++;
                *to = (struct process_finding){ .kind = f->kind, .certainty = f->certainty };
                r = notice_make(v, f, v->arena, &n);
                if (r == 0)
                        r = notice_copy(&n, out, &to->notice);
        }
        return r;
}

static int verdict_export(const struct daemon *d, const struct verdicts *v, struct arena *out, struct process_verdict *ret)
{
        const struct snapshot *s = v->snapshot;
        const struct group *g;
        struct snapshot *facts;
        int index = -1, r;

        ret->taken_s = s->host.taken_s;
        ret->needs_scan = needs_scan(d, s);
        g = group_of(v, 0, &index);
        if (g) {
                ret->sdk_known = g->sdk_name != NULL;
                ret->confirms = group_confirms(g);
                r = process_findings_export(v, index, out, ret);
                if (r < 0)
                        return r;
        }
        /* What is known of the container of a process that has ended is too little for others. */
        if (ret->by_record)
                return 0;
        r = snapshot_copy_within(s, out, &facts);
        if (r == 0)
                ret->facts = facts;
        return r;
}

/* As it is now, or, if it has ended, as it was executed. 1: by its record; 0; -ESRCH; -ENOMEM. */
static int process_collect(const struct daemon *d, const struct queued *x, const struct host_access *at, struct snapshot **ret)
{
        const struct executed *e = executions_find(d->process_events.executions, x->digest);
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        int r = collect_process(at, d->scan.facts, x->pid, &s);

        if (r == 0 && s->processes[0].start_ticks == x->start_ticks) {
                *ret = TAKE(s);
                return 0;
        }
        if (r < 0 && r != -ESRCH)
                return r;
        r = e ? collect_executed(at, d->scan.facts, e, (struct broker_target){ x->pid, x->start_ticks }, ret) : -ESRCH;
        return r < 0 ? r : 1;
}

int process_judge(const struct daemon *d, const struct queued *x, struct arena *out, struct process_verdict **ret)
{
        CLEANUP(worker_tools_done) struct worker_tools t = { 0 };
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        struct process_verdict *p = arena_alloc(out, sizeof *p);
        struct collect_settings cs = d->cs;
        uint64_t puts = sdk_cache_puts(d->sdks);
        int r = p ? worker_tools_open(d, &t) : -ENOMEM;

        if (r < 0)
                return r;
        /* What the first verdict on a process did not wait for, the second one does, as a scan. */
        cs.probe_ms = x->tries ? 0 : PROBE_MS;
        cs.known = d->scan.facts;
        *ret = p;
        r = process_collect(d, x, &(struct host_access){ &cs, t.net, t.broker }, &s);
        p->ended = r == -ESRCH;
        p->by_record = r > 0;
        if (p->ended)
                return 0;
        if (r >= 0) {
                process_cache_fill(d->processes, s);
                r = call_evidence_fill(d, s);
        }
        if (r == 0)
                r = judge(s, &v);
        p->unanswered = r == 0 && is_unanswered(&cs, s);
        p->incomplete = p->unanswered || (r == 0 && (is_unnamed(d, s) || worker_tools_broker(&t) < 0));
        if (r == 0)
                r = verdict_export(d, v, out, p);
        return r < 0 ? r : sdk_cache_export(d->sdks, puts, out, &p->sdks);
}
