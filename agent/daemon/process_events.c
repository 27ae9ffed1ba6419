/*
 * process_events -- one process, when a kernel event names it. Most run a program that was
 * judged before, and cost one lookup after their identity is known; the others are judged by
 * a child process, with their ancestors and what the last full scan knows.
 */
#include "process_judging.h"
#include "rolewatch/digest.h"
#include "rolewatch/io.h"
#include "rolewatch/log.h"

/* Until the first scan has ended nothing is known that a verdict could start from. What happened before it began, it finds. */
static bool is_too_early(struct daemon *d, uint64_t at_ns)
{
        if (d->scan.facts)
                return false;
        d->scan.wanted = d->scan.wanted || (d->scan.began_ns && at_ns >= d->scan.began_ns);
        return true;
}

static void exec_known(struct daemon *d, const struct cached_process *e, uint64_t at_ns)
{
        const struct program *p = process_cache_program_add(d->processes, e->digest, clock_wall_s());

        d->process_events.execs++;
        if (is_too_early(d, at_ns))
                return;
        if (!program_is_judged(d, p)) {
                judging_add(d, e, at_ns);
                return;
        }
        d->process_events.known++;
        log_debug("pid %d: program already judged: %s", (int)e->pid, p->object ? "has a finding" : "no finding");
        if (p->object && p->published)
                finding_state_alive(d->findings, p->object, clock_wall_s());
        else if (p->object)
                judging_add_later(d, &(struct queued){ .pid = e->pid, .start_ticks = e->start_ticks, .digest = e->digest, .at_ns = at_ns,
                                                       .tries = LAST_TRY });
}

static void contact_known(struct daemon *d, struct cached_process *e, const struct process_event *ev)
{
        const struct finding_context c = finding_context_of(d, clock_wall_s());
        const struct program *p;

        d->process_events.contacts += (e->met & ev->met) == 0;
        e->met |= ev->met;
        if (is_too_early(d, ev->at_ns))
                return;
        p = process_cache_program_add(d->processes, e->digest, clock_wall_s());
        if (!program_is_judged(d, p) || contact_is_news(p, ev->met)) {
                judging_add(d, e, ev->at_ns);
                return;
        }
        if (p->object && contact_confirms(p, ev->met) && finding_state_observe(d->findings, &c, p->object) < 0)
                error_note(&d->errors, "process events", strerror(ENOMEM));
}

/* A program is another one under another parent: what the parent did to the environment is part of the verdict. */
static struct cached_process *process_put(struct daemon *d, const struct identity *id)
{
        const struct cached_process *parent = process_cache_find(d->processes, id->ppid);
        const uint64_t both[] = { parent ? parent->digest : 0, id->digest };

        return process_cache_put(d->processes, id->pid, id->start_ticks, digest_of(both, sizeof both));
}

/* The process has ended; or it could not be read now, and the next full scan says what can be said. */
static void event_lost(struct daemon *d, const struct process_event *ev, int error)
{
        bool ended = error == -ENODATA || error == -ESRCH;

        log_debug("pid %d: not judged: %s", (int)ev->pid, ended ? "the process ended before it could be read"
                  : error == -EAGAIN ? "too many processes are being identified" : strerror(-error));
        d->process_events.ended += ended;
        d->process_events.unattributed += ev->met != 0;
        d->process_events.put_off += !ended;
        d->scan.wanted = d->scan.wanted || !ended;
}

static void process_identify(struct daemon *d, const struct process_event *ev);

/* A process that runs its parent's program and has ended: its contact is one of that program. */
static void process_ended(struct daemon *d, const struct process_event *ev, int error)
{
        const struct cached_process *parent = process_cache_find(d->processes, ev->parent.pid);

        if (!ev->met || !ev->parent.pid)
                event_lost(d, ev, error);
        else if (parent && parent->start_ticks == ev->parent.start_ticks)
                contact_known(d, process_cache_put(d->processes, ev->pid, ev->start_ticks, parent->digest), ev);
        else
                process_identify(d, &(struct process_event){ .pid = ev->parent.pid, .start_ticks = ev->parent.start_ticks, .met = ev->met, .at_ns = ev->at_ns });
}

static void on_identified(void *userdata, const struct process_event *ev, const struct identity *id, int error)
{
        struct daemon *d = userdata;

        if (d->kernel_events.ring)
                sd_event_source_set_enabled(d->kernel_events.ring, SD_EVENT_ON);
        if (error == -ENODATA)
                process_ended(d, ev, error);
        else if (error < 0)
                event_lost(d, ev, error);
        else if (ev->met)
                contact_known(d, process_put(d, id), ev);
        else
                exec_known(d, process_put(d, id), ev->at_ns);
}

/* By what /proc says of it now. */
static void process_identify(struct daemon *d, const struct process_event *ev)
{
        int r = identify(d->process_events.identifier, ev);

        if (r == -ENOENT || r == -ESRCH)
                process_ended(d, ev, r);
        else if (r < 0)
                event_lost(d, ev, r);
}

static void exec_recorded(struct daemon *d, const struct kernel_event *ev, const struct identity *id)
{
        const struct cached_process *e = process_put(d, id);
        const struct executed x = executed_of(ev, id);

        executions_put(d->process_events.executions, e->digest, &x);
        exec_known(d, e, ev->at_ns);
}

void on_exec(struct daemon *d, const struct kernel_event *ev)
{
        struct identity id;
        int r = identity_of_execution(&d->cs, ev, &id);

        if (r == 0)
                exec_recorded(d, ev, &id);
        else
                process_identify(d, &(struct process_event){ .pid = ev->pid, .start_ticks = ev->start_ticks, .at_ns = ev->at_ns });
}

void on_contact(struct daemon *d, const struct kernel_event *kernel)
{
        const struct process_event ev = { .pid = kernel->pid, .start_ticks = kernel->start_ticks, .at_ns = kernel->at_ns,
                                          .met = kernel->endpoint == EVENT_IMDS ? MET_IMDS : MET_CONTAINER,
                                          .parent = { kernel->forked ? kernel->ppid : 0, kernel->parent_start_ticks } };
        struct cached_process *e = process_cache_find(d->processes, ev.pid);

        d->process_events.connects++;
        if (e && e->start_ticks == ev.start_ticks)
                contact_known(d, e, &ev);
        else
                process_identify(d, &ev);
}

int process_events_new(struct daemon *d)
{
        int r = identifier_new(&d->cs, d->broker, (struct identified_handler){ on_identified, d }, &d->process_events.identifier);

        if (r == 0)
                r = executions_new(&d->process_events.executions);
        return r < 0 ? r : judging_new(d);
}

void process_events_free(struct daemon *d)
{
        judging_free(d);
        identifier_free(TAKE(d->process_events.identifier));
        executions_free(TAKE(d->process_events.executions));
}

/* ---- with full scans ---- */

void process_events_note(struct daemon *d, const char *object, const struct finding_processes *of)
{
        /* A finding of a scan has no program digest; the digest of its object is used instead. */
        struct program *p = process_cache_program_add(d->processes, digest_of(object, strlen(object)), clock_wall_s());

        program_set_judged(p, object, clock_wall_s());
        p->confirms = of->confirms;
        p->published = true;
        for (size_t i = 0; i < of->n; i++)
                process_cache_put(d->processes, of->list[i].pid, of->list[i].start_ticks, p->digest);
}

static bool entry_alive(void *userdata, const struct cached_process *e)
{
        return process_is_alive(userdata, e->pid, e->start_ticks);
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
