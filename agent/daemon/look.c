/* A look at everything: facts, verdicts, what changed since the last one; and what is kept of it. */
#include <link.h>
#include <malloc.h>
#include <stdio.h>
#include <sys/mman.h>
#include <syslog.h>
#include <systemd/sd-daemon.h>
#include <time.h>
#include "room.h"

#define LOOK_MEMORY ((size_t)32 << 20)

uint64_t now_us(void)
{
        struct timespec t;

        clock_gettime(CLOCK_MONOTONIC, &t);
        return (uint64_t)t.tv_sec * SECOND_US + (uint64_t)t.tv_nsec / 1000;
}

static struct fault *fault_find(struct daemon *d, const char *what)
{
        for (size_t i = 0; i < ERRORS_MAX && i < d->n_errors; i++)
                if (streq(d->errors[i].what, what))
                        return &d->errors[i];
        return NULL;
}

void fault_note(struct daemon *d, const char *what, const char *text)
{
        struct fault *f = fault_find(d, what);
        char fits[sizeof f->text], line[320];

        if (d->ending)
                return;
        if (!f) {
                f = &d->errors[d->n_errors++ % ERRORS_MAX];
                *f = (struct fault){ .what = what };
        }
        f->at_s = (int64_t)time(NULL);
        text_fit(fits, sizeof fits, text);
        if (streq(f->text, fits))
                return;
        memcpy(f->text, fits, sizeof fits);
        snprintf(line, sizeof line, "%s: %s", what, f->text);
        if (journal_say(LOG_WARNING, line) < 0)
                fprintf(stderr, "rolewatch: %s\n", line);
}

/* It works again: the next fault of the kind is told anew. */
void fault_gone(struct daemon *d, const char *what)
{
        struct fault *f = fault_find(d, what);

        if (f)
                f->text[0] = '\0';
}

/* With other settings what was wrong is not known to be so: it is noted anew. */
void faults_forget(struct daemon *d)
{
        for (size_t i = 0; i < ERRORS_MAX; i++)
                d->errors[i].text[0] = '\0';
}

bool fault_is(struct daemon *d, const char *what)
{
        struct fault *f = fault_find(d, what);

        return f && f->text[0];
}

static int container_find(const struct snapshot *s, const char *id)
{
        for (size_t i = 0; i < s->n_containers; i++)
                if (streq(s->containers[i].id, id))
                        return (int)i;
        return -ENOENT;
}

bool look_knows(const struct daemon *d, const struct verdicts *v, const char *container_id, enum finding_kind kind)
{
        const struct snapshot *s = v->snapshot;
        int c;

        if (s->host.introspection.state != ANSWER_OK || !d->broker || broker_fault(d->broker))
                return false;
        if (finding_sources(kind) & SOURCE_IMDS && s->host.imds.state != ANSWER_OK)
                return false;
        if (finding_sources(kind) & SOURCE_POLICIES && (s->host.policies_fault || s->host.definitions_fault))
                return false;
        c = container_id ? container_find(s, container_id) : -ENOENT;
        for (size_t i = 0; c >= 0 && i < v->n_groups; i++)
                if (s->processes[v->groups[i].process].container == c && v->groups[i].verdict == VERDICT_UNKNOWN)
                        return false;
        return true;
}

static bool known(void *userdata, const char *container_id, enum finding_kind kind)
{
        const struct outcome *o = userdata;

        return look_knows(o->d, o->v, container_id, kind);
}

int notice_tell(void *userdata, enum notice_event event, const struct notice *n)
{
        struct daemon *d = userdata;
        int r;

        sd_event_source_set_time_relative(d->flush, SECOND_US / 2);
        sd_event_source_set_enabled(d->flush, SD_EVENT_ONESHOT);
        if (!d->config->number[SETTING_JOURNAL]) {
                printf("%s %s: %s\n", notice_event_word(event), n->of[NOTICE_FINDING],
                       n->of[NOTICE_MESSAGE] ? n->of[NOTICE_MESSAGE] : "");
                fflush(stdout);
                return 0;
        }
        r = journal_tell(event, n);
        if (r < 0)
                fault_note(d, "journal", strerror(-r));
        else
                fault_gone(d, "journal");
        return r;
}

static int look_tell(void *userdata, enum notice_event event, const struct notice *n)
{
        const struct outcome *o = userdata;

        return notice_tell(o->d, event, n);
}

/* "12 tasks, 31 groups: 29 as expected, 2 not; agent ok" */
static void say_status(const struct outcome *o)
{
        const struct verdicts *v = o->v;
        char status[sizeof o->d->status];

        snprintf(status, sizeof status, "STATUS=%zu tasks, %zu groups of processes: %zu as expected, %zu as another role, %zu without "
                 "credentials, %zu unknown; agent %s; IMDS %s; %zu findings open%s",
                 v->snapshot->n_tasks, v->n_groups, o->d->last.good, o->d->last.wrong,
                 o->d->last.none, v->n_unknown, answer_word(v->snapshot->host.introspection.state),
                 answer_word(v->snapshot->host.imds.state), ledger_count(o->d->ledger),
                 o->d->events ? "" : "; no kernel events");
        if (streq(status, o->d->status))
                return;
        memcpy(o->d->status, status, sizeof status);
        sd_notify(0, status);
}

struct ledger_rules ledger_rules_of(const struct daemon *d)
{
        const int64_t *number = d->config->number;

        return (struct ledger_rules){ number[SETTING_HOLD], number[SETTING_REMINDER],
                                      (unsigned)number[SETTING_PER_HOUR] };
}

static int notices_tell(struct outcome *o)
{
        const struct ledger_rules rules = ledger_rules_of(o->d);
        CLEANUP(arena_freep) struct arena *a = NULL;
        struct notice *list;
        int r = arena_new(LOOK_MEMORY, &a);

        if (r < 0)
                return r;
        list = arena_alloc(a, (o->v->n_findings + 1) * sizeof *list);
        if (!list)
                return -ENOMEM;
        o->d->host_says = 0;
        seen_forget_verdicts(o->d->seen);
        for (size_t i = 0; r == 0 && i < o->v->n_findings; i++) {
                const struct finding *f = &o->v->findings[i];

                if (f->group < 0 && !f->definition)
                        o->d->host_says |= 1u << f->kind;
                r = notice_make(o->v, f, a, &list[i]);
                if (r == 0)
                        glance_note_look(o->d, o->v, i, list[i].object);
        }
        return r < 0 ? r : ledger_look(o->d->ledger, &rules, o->now_s, list, o->v->n_findings, known, look_tell, o);
}

static uint64_t cpu_us(void)
{
        struct timespec t;

        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
        return (uint64_t)t.tv_sec * SECOND_US + (uint64_t)t.tv_nsec / 1000;
}

static void summarize(struct outcome *o, uint64_t began_us, uint64_t cpu_before)
{
        struct summary *l = &o->d->last;

        *l = (struct summary){ .looked_s = o->now_s, .tasks = o->v->snapshot->n_tasks, .groups = o->v->n_groups,
                               .unknown = o->v->n_unknown, .undecided = o->v->n_undecided,
                               .ms = (unsigned)((now_us() - began_us) / 1000), .cpu_us = cpu_us() - cpu_before };
        if (o->v->undecided_why)
                text_fit(l->undecided_why, sizeof l->undecided_why, o->v->undecided_why);
        l->processes = o->v->snapshot->n_processes;
        l->namespaces = o->v->snapshot->n_netns;
        for (size_t i = 0; i < l->processes; i++)
                l->env_denied += o->v->snapshot->processes[i].environ.state == ANSWER_DENIED;
        for (size_t i = 0; i < l->namespaces; i++)
                l->net_denied += o->v->snapshot->netns[i].container.state == ANSWER_DENIED;
        for (size_t i = 0; i < o->v->n_groups; i++) {
                l->good += o->v->groups[i].verdict == VERDICT_OK;
                l->wrong += o->v->groups[i].verdict == VERDICT_WRONG;
                l->none += o->v->groups[i].verdict == VERDICT_NONE;
        }
}

/* The next looks at single processes start from this one. */
static int keep(struct daemon *d, const struct snapshot *s)
{
        struct snapshot *base;
        int r = snapshot_keep(s, &base);

        if (r < 0)
                return r;
        snapshot_free(d->base);
        d->base = base;
        d->evicted = seen_evicted(d->seen);
        return 0;
}

/* On a big host, or where an endpoint hangs, this takes seconds, in which programs come and end. */
static int facts_get(struct daemon *d, struct snapshot **ret)
{
        struct collect_settings cs = d->cs;

        cs.between = wake_between;
        cs.between_userdata = d;
        cs.known = d->base;
        d->look_soon = false;
        return collect_look(&cs, d->net, d->broker, ret);
}

static int look_at(struct daemon *d)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        struct outcome o = { .d = d };
        uint64_t began = now_us(), cpu = cpu_us();
        int r = facts_get(d, &s);

        /* Half of the facts would be false ones. */
        if (d->ending)
                return 0;
        if (r == 0) {
                glance_fill(d, s);
                r = evidence_fill(d, s);
        }
        if (r == 0)
                r = judge(s, &v);
        if (r < 0) {
                fault_note(d, "look", strerror(-r));
                return r == -ENOMEM ? r : 0;
        }
        fault_gone(d, "look");
        fault_gone(d, "events");
        o.v = v;
        o.now_s = s->host.taken_s;
        r = notices_tell(&o);
        if (r == 0)
                r = keep(d, s);
        if (r < 0)
                return r;
        d->looks++;
        summarize(&o, began, cpu);
        state_write(d);
        say_status(&o);
        return 0;
}

void broker_check(struct daemon *d)
{
        int r = d->broker ? broker_fault(d->broker) : 0;

        if (!d->broker)
                r = d->broker_path ? broker_connect(d->broker_path, &d->broker) : broker_local(&d->broker);
        if (r < 0)
                fault_note(d, "broker", strerror(-r));
        else
                fault_gone(d, "broker");
}

/* One object's program text, which is never written to: it comes back from the page cache at the next use. */
static int text_drop(struct dl_phdr_info *info, size_t size, void *userdata)
{
        const uintptr_t page = *(const uintptr_t *)userdata;

        (void)size;
        for (size_t i = 0; i < info->dlpi_phnum; i++) {
                const ElfW(Phdr) *h = &info->dlpi_phdr[i];
                uintptr_t from = (info->dlpi_addr + h->p_vaddr) & ~(page - 1);

                if (h->p_type == PT_LOAD && (h->p_flags & (PF_X | PF_W)) == PF_X)
                        madvise((void *)from, info->dlpi_addr + h->p_vaddr + h->p_memsz - from, MADV_DONTNEED);
        }
        return 0;
}

void memory_give_back(void)
{
        uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);

        malloc_trim(0);
        dl_iterate_phdr(text_drop, &page);
}

int look_once(struct daemon *d)
{
        int r;

        broker_check(d);
        wake_check(d);
        evidence_check(d);
        r = look_at(d);
        memory_give_back();
        return r;
}
