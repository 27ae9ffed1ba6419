#include "process_cache.h"
#include "rolewatch/digest.h"

/*
 * Pids are given in turn, so that their low bits spread over the sets by
 * themselves; a set's oldest goes. 8,192 pids and 2,048 programs: 270 KiB.
 */
#define SETS 2048
#define WAYS 4
#define PROGRAMS 2048
#define PROBES 16

struct process_cache {
        struct cached_process pids[SETS][WAYS];
        unsigned char next[SETS];
        struct program programs[PROGRAMS];
        uint64_t evicted;
};

int process_cache_new(struct process_cache **ret)
{
        struct process_cache *s = calloc(1, sizeof *s);

        if (!s)
                return -ENOMEM;
        *ret = s;
        return 0;
}

void process_cache_free(struct process_cache *s)
{
        free(s);
}

struct program *process_cache_program(struct process_cache *s, uint64_t digest)
{
        for (size_t i = 0; digest && i < PROBES; i++) {
                struct program *p = &s->programs[(digest + i) % PROGRAMS];

                if (p->digest == digest)
                        return p;
        }
        return NULL;
}

struct program *process_cache_program_add(struct process_cache *s, uint64_t digest, int64_t now_s)
{
        struct program *p = process_cache_program(s, digest), *oldest;

        if (!p) {
                oldest = &s->programs[digest % PROGRAMS];
                for (size_t i = 0; i < PROBES && oldest->digest; i++) {
                        struct program *q = &s->programs[(digest + i) % PROGRAMS];

                        if (!q->digest || q->used_s < oldest->used_s)
                                oldest = q;
                }
                p = oldest;
                *p = (struct program){ .digest = digest };
        }
        p->used_s = now_s;
        return p;
}

void program_set_judged(struct program *p, const char *object, int64_t now_s)
{
        p->object = object ? digest_of(object, strlen(object)) : 0;
        p->judged_s = now_s;
}

void process_cache_clear_verdicts(struct process_cache *s)
{
        for (size_t i = 0; i < PROGRAMS; i++)
                s->programs[i].judged_s = s->programs[i].ended = 0;
}

static struct cached_process *set_of(struct process_cache *s, pid_t pid) { return s->pids[(unsigned)pid % SETS]; }

struct cached_process *process_cache_find(struct process_cache *s, pid_t pid)
{
        struct cached_process *set = set_of(s, pid);

        for (size_t i = 0; pid > 0 && i < WAYS; i++)
                if (set[i].pid == pid)
                        return &set[i];
        return NULL;
}

struct cached_process *process_cache_put(struct process_cache *s, pid_t pid, uint64_t start_ticks, uint64_t digest)
{
        struct cached_process *e = process_cache_find(s, pid), *set = set_of(s, pid);
        unsigned met = e && e->start_ticks == start_ticks ? e->met : 0;

        for (size_t i = 0; !e && i < WAYS; i++)
                if (!set[i].pid)
                        e = &set[i];
        if (!e) {
                e = &set[s->next[(unsigned)pid % SETS]++ % WAYS];
                s->evicted++;
        }
        *e = (struct cached_process){ pid, met, start_ticks, digest };
        return e;
}

void process_cache_check_alive(struct process_cache *s, bool (*alive)(void *userdata, const struct cached_process *e),
                void (*found)(void *userdata, uint64_t object), void *userdata)
{
        for (size_t i = 0; i < SETS * WAYS; i++) {
                struct cached_process *e = &s->pids[i / WAYS][i % WAYS];
                const struct program *p = e->pid ? process_cache_program(s, e->digest) : NULL;

                if (!p || !p->object)
                        continue;
                if (alive(userdata, e))
                        found(userdata, p->object);
                else
                        *e = (struct cached_process){ .pid = 0 };
        }
}

uint64_t process_cache_evicted(const struct process_cache *s) { return s->evicted; }

void process_cache_fill(struct process_cache *s, struct snapshot *to)
{
        for (size_t i = 0; i < to->n_processes; i++) {
                const struct cached_process *e = process_cache_find(s, to->processes[i].pid);

                if (!e || e->start_ticks != to->processes[i].start_ticks)
                        continue;
                to->processes[i].met_container = e->met & MET_CONTAINER;
                to->processes[i].met_imds = e->met & MET_IMDS;
        }
}
