/*
 * glance -- one process, when an event names it. Most are of a program that was
 * judged before, and cost a few system calls; the others are judged with their
 * ancestors and what the last look knows.
 */
#include <time.h>
#include "room.h"
#include "rolewatch/digest.h"

#define UNPLACED_S 2                   /* the agent may not have named a new container yet */
#define TRIES_MAX 3

static bool queue_add(struct queue *q, const struct queued *x)
{
        if (q->n == QUEUE_MAX)
                return false;
        q->list[(q->first + q->n++) % QUEUE_MAX] = *x;
        return true;
}

static bool queue_take(struct queue *q, struct queued *ret)
{
        if (!q->n)
                return false;
        *ret = q->list[q->first];
        q->first = (q->first + 1) % QUEUE_MAX;
        q->n--;
        return true;
}

static int64_t clock_s(void) { return (int64_t)time(NULL); }

static bool still(const struct daemon *d, pid_t pid, uint64_t start_ticks)
{
        uint64_t start;
        pid_t ppid;

        return collect_start(&d->cs, pid, &start, &ppid) == 0 && start == start_ticks;
}

/* The program of a process, read now where it is not known; NULL: of no container, or gone. */
static struct pid_entry *identify(struct daemon *d, pid_t pid, bool fresh)
{
        struct pid_entry *e = fresh ? NULL : seen_pid(d->seen, pid);
        const struct pid_entry *parent;
        struct identity id;
        uint64_t start = 0;
        pid_t ppid = 0;
        int r = collect_start(&d->cs, pid, &start, &ppid);

        /* Of one that has gone, what was known of its pid is all there is. */
        if (e && (r < 0 || start == e->start_ticks))
                return e;
        parent = seen_pid(d->seen, ppid);
        r = collect_identity(&(struct host_access){ &d->cs, d->net, d->broker }, pid, parent ? parent->digest : 0, &id);
        d->counts.gone += r == -ENODATA;
        if (r < 0)
                return NULL;
        return seen_pid_put(d->seen, pid, id.start_ticks, id.digest);
}

static void enqueue(struct daemon *d, const struct pid_entry *e, uint64_t at_ns)
{
        const struct queued x = { e->pid, e->start_ticks, e->digest, 0, at_ns, 0, false };

        if (queue_add(&d->now, &x))
                return;
        d->counts.put_off++;
        d->look_soon = true;
}

/*
 * Once more when it has stayed for a while. Where too many wait, the others are
 * left to the next look at everything, which sees those that are still there.
 */
static void wait_and_see(struct daemon *d, const struct queued *x)
{
        struct queued later = *x;

        later.due_us = now_us() + (uint64_t)d->config->number[SETTING_STAY] * SECOND_US;
        later.tries++;
        if (x->tries < TRIES_MAX)
                queue_add(&d->staying, &later);
}

void glance_exec(struct daemon *d, pid_t pid, uint64_t at_ns)
{
        struct pid_entry *e;
        struct program *p;

        if (!d->base) {
                d->look_soon = true;
                return;
        }
        e = identify(d, pid, true);
        if (!e)
                return;
        d->counts.execs++;
        p = seen_program_add(d->seen, e->digest, clock_s());
        if (!p->judged_s || (p->unplaced && clock_s() - p->judged_s >= UNPLACED_S)) {
                enqueue(d, e, at_ns);
                return;
        }
        d->counts.known++;
        if (p->object && p->told)
                ledger_seen(d->ledger, p->object, clock_s());
        else if (p->object)
                wait_and_see(d, &(struct queued){ e->pid, e->start_ticks, e->digest, 0, at_ns, TRIES_MAX - 1, false });
}

static bool confirmed(const struct program *p, unsigned met)
{
        return (p->confirms == CONFIRMS_IMDS && met & MET_IMDS) ||
               (p->confirms == CONFIRMS_CONTAINER && met & MET_CONTAINER);
}

void glance_contact(struct daemon *d, pid_t pid, unsigned met, uint64_t at_ns)
{
        const struct ledger_rules rules = ledger_rules_of(d);
        struct pid_entry *e;
        struct program *p;

        if (!d->base)
                return;
        d->counts.connects++;
        e = identify(d, pid, false);
        if (!e) {
                d->counts.unattributed++;
                return;
        }
        d->counts.contacts += (e->met & met) == 0;
        e->met |= met;
        p = seen_program_add(d->seen, e->digest, clock_s());
        if (!p->judged_s || (p->object && !p->told && confirmed(p, met))) {
                enqueue(d, e, at_ns);
                return;
        }
        if (p->object && confirmed(p, met) &&
            ledger_observe(d->ledger, &rules, clock_s(), p->object, notice_tell, d) < 0)
                fault_note(d, "events", strerror(ENOMEM));
}

/* ---- judging ---- */

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

/* One finding of the group; what no SDK is known of is told of only when it stays, or was seen to ask. */
static int tell_finding(struct daemon *d, const struct verdicts *v, const struct group *g, const struct finding *f,
                        const struct queued *x, struct program *p)
{
        const struct ledger_rules rules = ledger_rules_of(d);
        struct notice n;
        int r;

        if (d->host_says & 1u << f->kind)
                return 0;
        r = notice_make(v, f, v->arena, &n);
        if (r < 0)
                return r;
        seen_program_judged(p, n.object, v->snapshot->host.taken_s);
        p->told = g->sdk_name || f->certainty == CERTAINTY_OBSERVED || x->due_us || ledger_has(d->ledger, n.object);
        if (!p->told) {
                wait_and_see(d, x);
                return 0;
        }
        return ledger_note(d->ledger, &rules, v->snapshot->host.taken_s, &n, notice_tell, d);
}

static int tell_verdict(struct daemon *d, const struct verdicts *v, const struct queued *x, struct program *p)
{
        const struct container *c = &v->snapshot->containers[v->snapshot->processes[0].container];
        const struct group *g;
        int index = -1, r = 0;

        seen_program_judged(p, NULL, v->snapshot->host.taken_s);
        p->confirms = CONFIRMS_NOTHING;
        p->unplaced = c->task < 0;
        if (p->unplaced)
                wait_and_see(d, x);
        g = group_of(v, 0, &index);
        if (!g)
                return 0;
        p->confirms = group_confirms(g);
        for (size_t i = 0; r == 0 && i < v->n_findings; i++)
                if (v->findings[i].group == index)
                        r = tell_finding(d, v, g, &v->findings[i], x, p);
        return r;
}

static bool role_known(const struct snapshot *base, const char *arn)
{
        for (size_t i = 0; i < base->n_roles; i++)
                if (streq(base->roles[i].arn, arn))
                        return true;
        return !arn;
}

/* A role whose policies were never looked for, a namespace that did not answer in time: for a whole look. */
static bool leaves_open(const struct daemon *d, const struct snapshot *s)
{
        for (size_t i = 0; i < s->n_creds; i++)
                if (!role_known(d->base, s->creds[i].role_arn))
                        return true;
        for (size_t i = 0; i < s->n_netns; i++)
                if (s->netns[i].container.state == ANSWER_TIMEOUT)
                        return true;
        return false;
}

static int judge_one(struct daemon *d, const struct queued *x)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        struct collect_settings cs = d->cs;
        int r;

        cs.probe_ms = 250;
        cs.between = wake_read;
        cs.between_userdata = d;
        r = collect_process(&(struct host_access){ &cs, d->quick, d->broker }, d->base, x->pid, &s);
        if (r == 0 && s->processes[0].start_ticks != x->start_ticks)
                r = -ESRCH;
        if (r < 0) {
                d->counts.gone += r == -ESRCH;
                return r == -ESRCH ? 0 : r;
        }
        glance_fill(d, s);
        r = evidence_fill(d, s);
        if (r == 0)
                r = judge(s, &v);
        /* Not before: while it was collected, other programs may have taken its place. */
        if (r == 0)
                r = tell_verdict(d, v, x, seen_program_add(d->seen, x->digest, clock_s()));
        if (r == 0)
                r = collect_learn(d->base, s);
        d->look_soon = d->look_soon || leaves_open(d, s);
        d->counts.judged++;
        return r;
}

static void work(struct daemon *d, struct queued *x)
{
        int r = judge_one(d, x);
        uint64_t us = x->due_us || !x->at_ns ? 0 : now_us() - x->at_ns / 1000;

        x->asks = r == -EAGAIN;
        if (x->asks) {
                queue_add(&d->now, x);
                return;
        }
        if (r < 0)
                fault_note(d, "events", strerror(-r));
        if (us > d->counts.slowest_us)
                d->counts.slowest_us = us;
}

/* Once for a program, however many of its processes wait. */
static bool settled(struct daemon *d, const struct queued *x)
{
        const struct program *p = seen_program(d->seen, x->digest);
        const struct pid_entry *e = seen_pid(d->seen, x->pid);

        if (!p || !p->judged_s)
                return false;
        if (p->unplaced)
                return clock_s() - p->judged_s < UNPLACED_S;
        return !p->object || p->told || (e && !confirmed(p, e->met) && x->due_us == 0);
}

bool glance_work(struct daemon *d)
{
        struct queued x;

        while (queue_take(&d->now, &x))
                if (!settled(d, &x)) {
                        work(d, &x);
                        break;
                }
        return d->now.n > 0;
}

void glance_between(struct daemon *d)
{
        bool done = false;
        struct queued x;

        net_hold(d->quick, true);
        for (size_t n = d->now.n; n > 0 && !done && queue_take(&d->now, &x); n--) {
                if (x.asks)
                        queue_add(&d->now, &x);
                else if (!settled(d, &x)) {
                        work(d, &x);
                        done = true;
                }
        }
        net_hold(d->quick, false);
}

void glance_stayed(struct daemon *d, uint64_t *ret_us)
{
        uint64_t now = now_us();
        struct queued x;

        *ret_us = 0;
        while (d->staying.n) {
                *ret_us = d->staying.list[d->staying.first].due_us;
                if (*ret_us > now)
                        return;
                queue_take(&d->staying, &x);
                *ret_us = d->staying.n ? now : 0;
                if (!settled(d, &x) && still(d, x.pid, x.start_ticks)) {
                        work(d, &x);
                        return;
                }
        }
}

/* ---- between the looks ---- */

void glance_fill(struct daemon *d, struct snapshot *s)
{
        for (size_t i = 0; i < s->n_processes; i++) {
                const struct pid_entry *e = seen_pid(d->seen, s->processes[i].pid);

                if (!e || e->start_ticks != s->processes[i].start_ticks)
                        continue;
                s->processes[i].met_container = e->met & MET_CONTAINER;
                s->processes[i].met_imds = e->met & MET_IMDS;
        }
}

void glance_note_look(struct daemon *d, const struct verdicts *v, size_t finding, const char *object)
{
        const struct finding *f = &v->findings[finding];
        const struct snapshot *s = v->snapshot;
        /* What a look found has no digest of its own: its name's stands for it. */
        uint64_t digest = digest_of(object, strlen(object));
        struct program *p;

        if (f->group < 0 || !digest)
                return;
        p = seen_program_add(d->seen, digest, s->host.taken_s);
        seen_program_judged(p, object, s->host.taken_s);
        p->confirms = group_confirms(&v->groups[f->group]);
        p->told = true;
        for (size_t i = 0; i < v->groups[f->group].n_members; i++) {
                const struct process *m = &s->processes[v->groups[f->group].members[i]];

                seen_pid_put(d->seen, m->pid, m->start_ticks, p->digest);
        }
}

static bool entry_alive(void *userdata, const struct pid_entry *e)
{
        return still(userdata, e->pid, e->start_ticks);
}

static void entry_found(void *userdata, uint64_t object)
{
        struct daemon *d = userdata;

        ledger_seen(d->ledger, object, clock_s());
}

void glance_lapse(struct daemon *d)
{
        const struct ledger_rules rules = ledger_rules_of(d);

        /* Processes that are no longer remembered may be alive: a look at everything tells. */
        if (seen_evicted(d->seen) != d->evicted) {
                d->look_soon = true;
                return;
        }
        seen_alive(d->seen, entry_alive, entry_found, d);
        ledger_lapse(d->ledger, &rules, clock_s(), notice_tell, d);
}
