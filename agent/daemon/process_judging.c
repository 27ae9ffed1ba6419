/*
 * process_judging -- programs that wait for a verdict, those that are being judged by child processes, and what
 * comes of each verdict.
 */
#include "process_judge.h"
#include "process_judging.h"
#include "rolewatch/io.h"
#include "rolewatch/log.h"

#define INCOMPLETE_S 2                 /* so long an incomplete verdict holds */
#define ENDED_MAX 16                   /* a program whose processes always end too early is not judged for each of its contacts */
#define JUDGING_LIMIT_S 30

bool process_is_alive(const struct daemon *d, pid_t pid, uint64_t start_ticks)
{
        uint64_t start;
        pid_t ppid;
        int r = collect_start(&d->cs, pid, &start, &ppid);

        /* What cannot be seen for want of a descriptor is no dead process. */
        return r == 0 ? start == start_ticks : error_is_shortage(r);
}

bool contact_confirms(const struct program *p, unsigned met)
{
        return (p->confirms == CONFIRMS_IMDS && met & MET_IMDS) ||
               (p->confirms == CONFIRMS_CONTAINER && met & MET_CONTAINER);
}

bool contact_is_news(const struct program *p, unsigned met)
{
        if (p->object && !p->published && contact_confirms(p, met))
                return true;
        return (met & ~p->met) && p->ended < ENDED_MAX && (!p->sdk_known || !contact_confirms(p, met));
}

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

static void judge_soon(struct daemon *d)
{
        sd_event_source_set_enabled(d->process_events.start, SD_EVENT_ONESHOT);
}

void judging_add(struct daemon *d, const struct cached_process *e, uint64_t at_ns)
{
        const struct queued x = { .pid = e->pid, .start_ticks = e->start_ticks, .digest = e->digest, .at_ns = at_ns };

        if (queue_add(&d->process_events.waiting, &x)) {
                judge_soon(d);
                return;
        }
        log_debug("pid %d: deferred to the next full scan: %d processes are already waiting", (int)e->pid, QUEUE_MAX);
        d->process_events.put_off++;
        d->scan.wanted = true;
}

/*
 * Once more when it has lived for min_process_age. Where too many wait, the rest are left
 * to the next full scan, which sees those that are still alive.
 */
void judging_add_later(struct daemon *d, const struct queued *x)
{
        struct process_events *pe = &d->process_events;
        struct queued later = *x;

        later.due_us = clock_monotonic_us() + (uint64_t)d->config->number[SETTING_MIN_PROCESS_AGE] * SECOND_US;
        later.tries++;
        if (x->tries > LAST_TRY || !queue_add(&pe->young, &later))
                return;
        log_debug("pid %d: deferred: judged again after min_process_age", (int)x->pid);
        sd_event_source_set_time(pe->min_age_timer, pe->young.list[pe->young.first].due_us);
        sd_event_source_set_enabled(pe->min_age_timer, SD_EVENT_ONESHOT);
}

/* A program without a known SDK is reported only if it stays, or was seen to ask an endpoint. */
static int finding_apply(struct daemon *d, const struct process_verdict *v, const struct process_finding *f, struct judging *j)
{
        const struct finding_context c = finding_context_of(d, v->taken_s);
        struct program *p = process_cache_program_add(d->processes, j->program.digest, clock_wall_s());

        program_set_judged(p, f->notice.object, v->taken_s);
        p->published = v->sdk_known || f->certainty == CERTAINTY_OBSERVED || (j->program.due_us && !v->by_record) ||
                       finding_state_has(d->findings, f->notice.object);
        if (!p->published) {
                judging_add_later(d, &j->program);
                return 0;
        }
        return finding_state_note(d->findings, &c, &f->notice);
}

static int verdict_apply(struct daemon *d, const struct process_verdict *v, struct judging *j)
{
        struct program *p = process_cache_program_add(d->processes, j->program.digest, clock_wall_s());
        int r = 0;

        /* What it had is no more; whether others have it the next full scan says. */
        d->scan.wanted = d->scan.wanted || (p->object && p->published && v->n_findings == 0);
        program_set_judged(p, NULL, v->taken_s);
        p->met = j->met;
        p->ended = 0;
        p->confirms = v->confirms;
        p->sdk_known = v->sdk_known;
        p->incomplete = v->incomplete;
        p->unanswered = v->unanswered;
        if (v->incomplete)
                judging_add_later(d, &j->program);
        /* What the last scan found about the host is one finding, not one for each process. */
        for (size_t i = 0; r == 0 && i < v->n_findings; i++)
                if (!(d->scan.host_findings & 1u << v->findings[i].kind))
                        r = finding_apply(d, v, &v->findings[i], j);
        if (r == 0 && d->scan.facts && v->facts)
                r = collect_merge(d->scan.facts, v->facts);
        sdk_cache_import(d->sdks, &v->sdks);
        d->scan.wanted = d->scan.wanted || v->needs_scan;
        d->process_events.judged++;
        log_debug("pid %d: judged%s: %zu findings%s", (int)j->program.pid, v->by_record ? " by its record" : "", v->n_findings, v->incomplete ? ", incomplete" : "");
        return r;
}

static void verdict_missed(struct daemon *d, const struct judging *j)
{
        struct program *p = process_cache_program(d->processes, j->program.digest);

        d->process_events.ended++;
        if (p && j->met)
                p->ended++;
}

static void on_verdict(void *userdata, int error, const void *result)
{
        struct judging *j = userdata;
        struct daemon *d = j->d;
        const struct process_verdict *v = result;
        uint64_t us = j->program.due_us || !j->program.at_ns ? 0 : clock_monotonic_us() - j->program.at_ns / 1000;

        if (error == 0 && v->ended)
                verdict_missed(d, j);
        else if (error == 0)
                error = verdict_apply(d, v, j);
        if (error < 0)
                error_note(&d->errors, "process events", worker_error_to_string(error));
        if (us > d->process_events.slowest_us)
                d->process_events.slowest_us = us;
        worker_free(TAKE(j->worker));
        judge_soon(d);
        if (d->scan.wanted)
                scan_within(d, (uint64_t)d->config->number[SETTING_SCAN_INTERVAL] * SECOND_US);
}

static int judge_in_child(void *userdata, struct arena *out, void **ret)
{
        const struct judging *j = userdata;
        struct process_verdict *v = NULL;
        int r = process_judge(j->d, &j->program, out, &v);

        *ret = v;
        return r;
}

bool program_is_judged(const struct daemon *d, const struct program *p)
{
        int64_t age_s = d->config->number[SETTING_MIN_PROCESS_AGE], holds_s = age_s < INCOMPLETE_S ? age_s : INCOMPLETE_S;

        return p->judged_s && !(p->incomplete && clock_wall_s() - p->judged_s >= holds_s);
}

/* Once per program, however many of its processes wait. */
static bool is_settled(struct daemon *d, const struct queued *x)
{
        const struct program *p = process_cache_program(d->processes, x->digest);
        const struct cached_process *e = process_cache_find(d->processes, x->pid);

        /* A contact during the judging came too late for that verdict. */
        if (!p || !program_is_judged(d, p) || (e && e->start_ticks == x->start_ticks && contact_is_news(p, e->met)))
                return false;
        return p->incomplete || !p->object || p->published || (e && !contact_confirms(p, e->met) && x->due_us == 0);
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
        const struct cached_process *e = process_cache_find(d->processes, x->pid);
        int r;

        j->d = d;
        j->program = *x;
        j->met = e && e->start_ticks == x->start_ticks ? e->met : 0;
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
                        log_debug("pid %d: not judged: another process of the same program was judged meanwhile", (int)x.pid);
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

/* A process that stays; or one that has contacted an endpoint and ended, and whose verdict lacks an answer: by its record, or else a scan has the time for that. */
static bool is_judged_again(struct daemon *d, const struct queued *x)
{
        const struct program *p = process_cache_program(d->processes, x->digest);
        const struct cached_process *e = process_cache_find(d->processes, x->pid);

        if (process_is_alive(d, x->pid, x->start_ticks))
                return true;
        if (!p || !p->incomplete || !e || e->start_ticks != x->start_ticks || !e->met)
                return false;
        if (executions_find(d->process_events.executions, x->digest))
                return true;
        d->scan.wanted = d->scan.wanted || p->unanswered;
        return false;
}

static int on_min_process_age(sd_event_source *source, uint64_t us, void *userdata)
{
        struct daemon *d = userdata;
        struct process_events *pe = &d->process_events;
        struct queued x;

        (void)us;
        while (pe->young.n && pe->young.list[pe->young.first].due_us <= clock_monotonic_us()) {
                queue_take(&pe->young, &x);
                if (!is_settled(d, &x) && is_judged_again(d, &x) && queue_add(&pe->waiting, &x))
                        judge_soon(d);
        }
        if (!pe->young.n)
                return 0;
        sd_event_source_set_time(source, pe->young.list[pe->young.first].due_us);
        return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

int judging_new(struct daemon *d)
{
        struct process_events *pe = &d->process_events;
        int r = sd_event_add_defer(d->event, &pe->start, on_start, d);

        if (r >= 0)
                r = sd_event_source_set_enabled(pe->start, SD_EVENT_OFF);
        if (r >= 0)
                r = sd_event_add_time(d->event, &pe->min_age_timer, CLOCK_MONOTONIC, 0, SECOND_US / 10, on_min_process_age, d);
        if (r >= 0)
                r = sd_event_source_set_enabled(pe->min_age_timer, SD_EVENT_OFF);
        return r < 0 ? r : 0;
}

void judging_free(struct daemon *d)
{
        struct process_events *pe = &d->process_events;

        for (size_t i = 0; i < JUDGING_MAX; i++)
                worker_free(TAKE(pe->judging[i].worker));
        pe->start = sd_event_source_disable_unref(pe->start);
        pe->min_age_timer = sd_event_source_disable_unref(pe->min_age_timer);
}
