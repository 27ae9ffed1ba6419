/*
 * process_events -- one process, when a kernel event names it. Most run a program that was
 * judged before, and cost one lookup after their identity is known; the others are judged by
 * a child process, with their ancestors and what the last full scan knows.
 */
#include "process_judge.h"
#include "rolewatch/digest.h"
#include "rolewatch/io.h"
#include "rolewatch/log.h"

#define NO_TASK_S 2                    /* the agent may not have named a new container yet */
#define TRIES_MAX 3
#define JUDGING_LIMIT_S 30

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

static bool is_alive(const struct daemon *d, pid_t pid, uint64_t start_ticks)
{
        uint64_t start;
        pid_t ppid;

        int r = collect_start(&d->cs, pid, &start, &ppid);

        /* What cannot be seen for want of a descriptor is no dead process. */
        return r == 0 ? start == start_ticks : error_is_shortage(r);
}

static void judge_soon(struct daemon *d)
{
        sd_event_source_set_enabled(d->process_events.start, SD_EVENT_ONESHOT);
}

static void enqueue(struct daemon *d, const struct cached_process *e, uint64_t at_ns)
{
        const struct queued x = { .pid = e->pid, .start_ticks = e->start_ticks, .digest = e->digest, .at_ns = at_ns };

        if (queue_add(&d->process_events.waiting, &x)) {
                judge_soon(d);
                return;
        }
        log_debug("pid %d: put off to the next full scan: %d processes wait already", (int)e->pid, QUEUE_MAX);
        d->process_events.put_off++;
        d->scan.wanted = true;
}

/*
 * Once more when it has lived for min_process_age. Where too many wait, the rest are left
 * to the next full scan, which sees those that are still alive.
 */
static void judge_later(struct daemon *d, const struct queued *x)
{
        struct process_events *pe = &d->process_events;
        struct queued later = *x;

        later.due_us = clock_monotonic_us() + (uint64_t)d->config->number[SETTING_STAY] * SECOND_US;
        later.tries++;
        if (x->tries >= TRIES_MAX || !queue_add(&pe->staying, &later))
                return;
        log_debug("pid %d: deferred: judged again if it stays", (int)x->pid);
        sd_event_source_set_time(pe->stay, pe->staying.list[pe->staying.first].due_us);
        sd_event_source_set_enabled(pe->stay, SD_EVENT_ONESHOT);
}

/* ---- events ---- */

static bool confirmed(const struct program *p, unsigned met)
{
        return (p->confirms == CONFIRMS_IMDS && met & MET_IMDS) ||
               (p->confirms == CONFIRMS_CONTAINER && met & MET_CONTAINER);
}

static void exec_known(struct daemon *d, const struct cached_process *e, uint64_t at_ns)
{
        const struct program *p = process_cache_program_add(d->processes, e->digest, clock_wall_s());

        d->process_events.execs++;
        if (!p->judged_s || (p->no_task && clock_wall_s() - p->judged_s >= NO_TASK_S)) {
                enqueue(d, e, at_ns);
                return;
        }
        d->process_events.known++;
        log_debug("pid %d: its program was judged before: %s", (int)e->pid, p->object ? "has a finding" : "no finding");
        if (p->object && p->published)
                finding_state_alive(d->findings, p->object, clock_wall_s());
        else if (p->object)
                judge_later(d, &(struct queued){ .pid = e->pid, .start_ticks = e->start_ticks, .digest = e->digest, .at_ns = at_ns,
                                                 .tries = TRIES_MAX - 1 });
}

static void contact_known(struct daemon *d, struct cached_process *e, const struct process_event *ev)
{
        const struct finding_context c = finding_context_of(d, clock_wall_s());
        const struct program *p;

        d->process_events.contacts += (e->met & ev->met) == 0;
        e->met |= ev->met;
        p = process_cache_program_add(d->processes, e->digest, clock_wall_s());
        if (!p->judged_s || (p->object && !p->published && confirmed(p, ev->met))) {
                enqueue(d, e, ev->at_ns);
                return;
        }
        if (p->object && confirmed(p, ev->met) && finding_state_observe(d->findings, &c, p->object) < 0)
                error_note(&d->errors, "process events", strerror(ENOMEM));
}

/* A program is another one under another parent: what the parent did to the environment is part of the verdict. */
static struct cached_process *process_put(struct daemon *d, const struct identity *id)
{
        const struct cached_process *parent = process_cache_find(d->processes, id->ppid);
        const uint64_t both[] = { parent ? parent->digest : 0, id->digest };
        uint64_t digest = digest_of(both, sizeof both);

        return process_cache_put(d->processes, id->pid, id->start_ticks, digest ? digest : id->digest);
}

/* The process has ended; or it could not be read now, and the next full scan says what can be said. */
static void event_lost(struct daemon *d, const struct process_event *ev, int error)
{
        bool ended = error == -ENODATA || error == -ESRCH;

        log_debug("pid %d: not judged: %s", (int)ev->pid, ended ? "it ended before it could be read"
                  : error == -EAGAIN ? "too many are being identified" : strerror(-error));
        d->process_events.gone += error == -ENODATA;
        d->process_events.unattributed += ev->met != 0;
        d->process_events.put_off += !ended;
        d->scan.wanted = d->scan.wanted || !ended;
}

static void on_identified(void *userdata, const struct process_event *ev, const struct identity *id, int error)
{
        struct daemon *d = userdata;

        if (d->kernel_events.unread)
                sd_event_source_set_enabled(d->kernel_events.unread, SD_EVENT_ONESHOT);
        if (error < 0) {
                event_lost(d, ev, error);
                return;
        }
        if (ev->met)
                contact_known(d, process_put(d, id), ev);
        else
                exec_known(d, process_put(d, id), ev->at_ns);
}

void on_exec(struct daemon *d, pid_t pid, uint64_t at_ns)
{
        const struct process_event ev = { .pid = pid, .at_ns = at_ns };

        /* Before the first scan nothing is known that a verdict could start from. */
        if (!d->scan.facts)
                d->scan.wanted = true;
        else if (identify(d->process_events.identifier, &ev) == -EAGAIN)
                event_lost(d, &ev, -EAGAIN);
}

void on_contact(struct daemon *d, pid_t pid, unsigned met, uint64_t at_ns)
{
        const struct process_event ev = { .pid = pid, .met = met, .at_ns = at_ns };
        struct cached_process *e = process_cache_find(d->processes, pid);
        uint64_t start = 0;
        pid_t ppid;
        int r;

        if (!d->scan.facts)
                return;
        /* Of a process that has ended, what was known of its pid is all there is. */
        r = e ? collect_start(&d->cs, pid, &start, &ppid) : -ENOENT;
        if (e && (r < 0 || start == e->start_ticks)) {
                d->process_events.connects++;
                contact_known(d, e, &ev);
                return;
        }
        r = identify(d->process_events.identifier, &ev);
        d->process_events.connects += r != -ENOENT;
        if (r < 0 && r != -ENOENT)
                event_lost(d, &ev, r);
}

/* ---- verdicts ---- */

/* A program without a known SDK is reported only if it stays, or was seen to ask an endpoint. */
static int finding_apply(struct daemon *d, const struct process_verdict *v, const struct process_finding *f, struct judging *j)
{
        const struct finding_context c = finding_context_of(d, v->taken_s);
        struct program *p = process_cache_program_add(d->processes, j->program.digest, clock_wall_s());

        program_set_judged(p, f->notice.object, v->taken_s);
        p->published = v->sdk_known || f->certainty == CERTAINTY_OBSERVED || j->program.due_us ||
                       finding_state_has(d->findings, f->notice.object);
        if (!p->published) {
                judge_later(d, &j->program);
                return 0;
        }
        return finding_state_note(d->findings, &c, &f->notice);
}

static int verdict_apply(struct daemon *d, const struct process_verdict *v, struct judging *j)
{
        struct program *p = process_cache_program_add(d->processes, j->program.digest, clock_wall_s());
        int r = 0;

        program_set_judged(p, NULL, v->taken_s);
        p->confirms = v->confirms;
        p->no_task = v->no_task;
        if (v->no_task)
                judge_later(d, &j->program);
        /* What the last scan found about the host is one finding, not one for each process. */
        for (size_t i = 0; r == 0 && i < v->n_findings; i++)
                if (!(d->scan.host_findings & 1u << v->findings[i].kind))
                        r = finding_apply(d, v, &v->findings[i], j);
        if (r == 0 && d->scan.facts)
                r = collect_learn(d->scan.facts, v->facts);
        sdk_cache_import(d->sdks, &v->sdks);
        d->scan.wanted = d->scan.wanted || v->needs_scan;
        d->process_events.judged++;
        log_debug("pid %d: judged: %zu findings%s", (int)j->program.pid, v->n_findings, v->no_task ? ", its task is not known yet" : "");
        return r;
}

static void on_verdict(void *userdata, int error, const void *result)
{
        struct judging *j = userdata;
        struct daemon *d = j->d;
        const struct process_verdict *v = result;
        uint64_t us = j->program.due_us || !j->program.at_ns ? 0 : clock_monotonic_us() - j->program.at_ns / 1000;

        if (error == 0 && v->ended)
                event_lost(d, &(struct process_event){ .pid = j->program.pid }, -ENODATA);
        else if (error == 0)
                error = verdict_apply(d, v, j);
        if (error < 0)
                error_note(&d->errors, "process events", strerror(-error));
        if (us > d->process_events.slowest_us)
                d->process_events.slowest_us = us;
        worker_free(TAKE(j->worker));
        judge_soon(d);
        if (d->scan.wanted)
                scan_within(d, (uint64_t)d->config->number[SETTING_SWEEP] * SECOND_US);
}

static int judge_in_child(void *userdata, struct arena *out, void **ret)
{
        const struct judging *j = userdata;
        struct process_verdict *v = NULL;
        int r = process_judge(j->d, &j->program, out, &v);

        *ret = v;
        return r;
}

/* Once per program, however many of its processes wait. */
static bool is_settled(struct daemon *d, const struct queued *x)
{
        const struct program *p = process_cache_program(d->processes, x->digest);
        const struct cached_process *e = process_cache_find(d->processes, x->pid);

        if (!p || !p->judged_s)
                return false;
        if (p->no_task)
                return clock_wall_s() - p->judged_s < NO_TASK_S;
        return !p->object || p->published || (e && !confirmed(p, e->met) && x->due_us == 0);
}

static struct judging *slot_for(struct daemon *d, const struct queued *x)
{
        struct judging *free_slot = NULL;

        for (size_t i = 0; i < JUDGING_MAX; i++) {
                struct judging *j = &d->process_events.judging[i];

                if (j->worker && j->program.digest == x->digest)
                        return NULL;
                if (!j->worker)
                        free_slot = j;
        }
        return free_slot;
}

static void judge_begin(struct daemon *d, struct judging *j, const struct queued *x)
{
        const struct worker_task task = { .name = "process event", .limit_s = JUDGING_LIMIT_S, .run = judge_in_child,
                                          .done = on_verdict, .userdata = j };
        int r;

        j->d = d;
        j->program = *x;
        r = worker_start(d->event, &task, &j->worker);
        if (r == 0)
                return;
        error_note(&d->errors, "process events", strerror(-r));
        d->process_events.put_off++;
        d->scan.wanted = true;
}

/* As many as there are places; a program that is being judged already waits for that verdict. */
static int on_start(sd_event_source *source, void *userdata)
{
        struct daemon *d = userdata;
        struct queue *q = &d->process_events.waiting;
        struct queued x;

        (void)source;
        for (size_t n = q->n; n > 0 && queue_take(q, &x); n--) {
                struct judging *j;

                if (is_settled(d, &x)) {
                        log_debug("pid %d: its program was judged meanwhile", (int)x.pid);
                        continue;
                }
                j = slot_for(d, &x);
                if (j)
                        judge_begin(d, j, &x);
                else
                        queue_add(q, &x);
        }
        return 0;
}

static int on_stay(sd_event_source *source, uint64_t us, void *userdata)
{
        struct daemon *d = userdata;
        struct process_events *pe = &d->process_events;
        struct queued x;

        (void)us;
        while (pe->staying.n && pe->staying.list[pe->staying.first].due_us <= clock_monotonic_us()) {
                queue_take(&pe->staying, &x);
                if (!is_settled(d, &x) && is_alive(d, x.pid, x.start_ticks) && queue_add(&pe->waiting, &x))
                        judge_soon(d);
        }
        if (!pe->staying.n)
                return 0;
        sd_event_source_set_time(source, pe->staying.list[pe->staying.first].due_us);
        return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

int process_events_new(struct daemon *d)
{
        struct process_events *pe = &d->process_events;
        int r = identifier_new(&d->cs, d->broker, (struct identified_handler){ on_identified, d }, &pe->identifier);

        if (r == 0)
                r = sd_event_add_defer(d->event, &pe->start, on_start, d);
        if (r >= 0)
                r = sd_event_source_set_enabled(pe->start, SD_EVENT_OFF);
        if (r >= 0)
                r = sd_event_add_time(d->event, &pe->stay, CLOCK_MONOTONIC, 0, SECOND_US / 10, on_stay, d);
        if (r >= 0)
                r = sd_event_source_set_enabled(pe->stay, SD_EVENT_OFF);
        return r < 0 ? r : 0;
}

void process_events_free(struct daemon *d)
{
        struct process_events *pe = &d->process_events;

        for (size_t i = 0; i < JUDGING_MAX; i++)
                worker_free(TAKE(pe->judging[i].worker));
        identifier_free(TAKE(pe->identifier));
        pe->start = sd_event_source_disable_unref(pe->start);
        pe->stay = sd_event_source_disable_unref(pe->stay);
}

/* ---- with full scans ---- */

void process_events_note(struct daemon *d, const char *object, const struct finding_processes *of)
{
        /* What a scan found has no digest of its own: that of its object stands for it. */
        uint64_t digest = digest_of(object, strlen(object));
        struct program *p;

        if (!digest)
                return;
        p = process_cache_program_add(d->processes, digest, clock_wall_s());
        program_set_judged(p, object, clock_wall_s());
        p->confirms = of->confirms;
        p->published = true;
        for (size_t i = 0; i < of->n; i++)
                process_cache_put(d->processes, of->list[i].pid, of->list[i].start_ticks, p->digest);
}

static bool entry_alive(void *userdata, const struct cached_process *e)
{
        return is_alive(userdata, e->pid, e->start_ticks);
}

static void entry_found(void *userdata, uint64_t object)
{
        struct daemon *d = userdata;

        finding_state_alive(d->findings, object, clock_wall_s());
}

void process_events_expire(struct daemon *d)
{
        const struct finding_context c = finding_context_of(d, clock_wall_s());

        /* Processes that were evicted may be alive: a full scan tells. */
        if (process_cache_evicted(d->processes) != d->scan.evicted) {
                d->scan.wanted = true;
                return;
        }
        process_cache_check_alive(d->processes, entry_alive, entry_found, d);
        finding_state_expire(d->findings, &c);
}
