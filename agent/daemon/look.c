/* One look of the daemon: facts, verdicts, and what changed since the last. */
#include <stdio.h>
#include <syslog.h>
#include <systemd/sd-daemon.h>
#include <time.h>
#include "room.h"

#define LOOK_MEMORY ((size_t)32 << 20)

static int64_t now_ms(void)
{
        struct timespec t;

        clock_gettime(CLOCK_MONOTONIC, &t);
        return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void fault_note(struct daemon *d, const char *what, const char *text)
{
        struct fault *f = NULL;
        char line[320];

        for (size_t i = 0; i < ERRORS_MAX && i < d->n_errors; i++)
                if (streq(d->errors[i].what, what))
                        f = &d->errors[i];
        if (!f) {
                f = &d->errors[d->n_errors++ % ERRORS_MAX];
                *f = (struct fault){ .what = what };
        }
        f->at_s = (int64_t)time(NULL);
        if (streq(f->text, text))
                return;
        snprintf(f->text, sizeof f->text, "%s", text);
        snprintf(line, sizeof line, "%s: %s", what, text);
        if (journal_say(LOG_WARNING, line) < 0)
                fprintf(stderr, "rolewatch: %s\n", line);
}

static int container_find(const struct snapshot *s, const char *id)
{
        for (size_t i = 0; i < s->n_containers; i++)
                if (streq(s->containers[i].id, id))
                        return (int)i;
        return -ENOENT;
}

/* Ignorance clears nothing: an agent that is down, a container of which some process could not be judged. */
static bool known(void *userdata, const char *container_id)
{
        const struct outcome *o = userdata;
        const struct snapshot *s = o->v->snapshot;
        int c;

        if (s->host.introspection.state != ANSWER_OK)
                return false;
        if (!container_id)
                return s->host.imds.state == ANSWER_OK && !s->host.policies_fault && !s->host.definitions_fault;
        c = container_find(s, container_id);
        for (size_t i = 0; c >= 0 && i < o->v->n_groups; i++)
                if (s->processes[o->v->groups[i].process].container == c &&
                    o->v->groups[i].verdict == VERDICT_UNKNOWN)
                        return false;
        return true;
}

static void tell(void *userdata, enum notice_event event, const struct notice *n)
{
        const struct outcome *o = userdata;
        int r;

        if (!o->d->config->number[SETTING_JOURNAL]) {
                printf("%s %s: %s\n", notice_event_word(event), n->of[NOTICE_FINDING],
                       n->of[NOTICE_MESSAGE] ? n->of[NOTICE_MESSAGE] : "");
                fflush(stdout);
                return;
        }
        r = journal_tell(event, n);
        if (r < 0)
                fault_note(o->d, "journal", strerror(-r));
}

/* "12 tasks, 31 groups: 29 as expected, 2 not; agent ok" */
static void say_status(const struct outcome *o)
{
        const struct verdicts *v = o->v;
        char status[sizeof o->d->status];
        size_t good = 0;

        for (size_t i = 0; i < v->n_groups; i++)
                good += v->groups[i].verdict == VERDICT_OK;
        snprintf(status, sizeof status, "STATUS=%zu tasks, %zu groups of processes: %zu as expected, %.0f as another role, %.0f without "
                 "credentials, %zu unknown; agent %s; IMDS %s; %zu findings open",
                 v->snapshot->n_tasks, v->n_groups, good, o->metrics.of[METRIC_WRONG_ROLE],
                 o->metrics.of[METRIC_FAULTS], v->n_unknown, answer_word(v->snapshot->host.introspection.state),
                 answer_word(v->snapshot->host.imds.state), ledger_count(o->d->ledger));
        if (streq(status, o->d->status))
                return;
        memcpy(o->d->status, status, sizeof status);
        sd_notify(0, status);
}

static int notices_tell(struct outcome *o)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        const int64_t *number = o->d->config->number;
        const struct ledger_rules rules = { number[SETTING_HOLD], number[SETTING_REMINDER],
                                            (unsigned)number[SETTING_PER_HOUR] };
        struct notice *list;
        int r = arena_new(LOOK_MEMORY, &a);

        if (r < 0)
                return r;
        list = arena_alloc(a, (o->v->n_findings + 1) * sizeof *list);
        if (!list)
                return -ENOMEM;
        for (size_t i = 0; r == 0 && i < o->v->n_findings; i++)
                r = notice_make(o->v, &o->v->findings[i], a, &list[i]);
        return r < 0 ? r : ledger_look(o->d->ledger, &rules, o->now_s, list, o->v->n_findings, known, tell, o);
}

int look_once(struct daemon *d)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        int64_t began = now_ms();
        struct outcome o = { .d = d };
        int r;

        d->cs.sdks = d->sdks;
        r = collect_snapshot(&d->cs, d->broker, &s);
        if (r == 0)
                r = judge(s, &v);
        if (r < 0) {
                fault_note(d, "look", strerror(-r));
                return r == -ENOMEM ? r : 0;
        }
        o.v = v;
        o.now_s = s->host.taken_s;
        metrics_of(v, &o.metrics);
        r = notices_tell(&o);
        if (r < 0)
                return r;
        if (d->config->number[SETTING_CLOUDWATCH]) {
                outbox_note(&d->outbox, &o.metrics, o.now_s, d->config->number[SETTING_INTERVAL]);
                r = metrics_send(d, &s->host);
                if (r < 0)
                        return r;
        }
        o.ms = (unsigned)(now_ms() - began);
        d->looks++;
        state_write(&o);
        say_status(&o);
        return 0;
}
