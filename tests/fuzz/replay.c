/*
 * replay -- runs a target over files, without libFuzzer: for the corpus and the
 * crashes as tests, under any compiler, sanitizer or valgrind.
 *
 *   replay FILE...             each once
 *   replay --torture SECONDS FILE...
 *
 * Torture: each file once more for each place of the program that asks for
 * memory on its way there (by its callers), with that one allocation
 * failing. What comes of it is -ENOMEM or unchanged; nothing is leaked.
 * --wrap of the linker brings the allocations of rolewatch here, and those of
 * cJSON's trees (base/json.c). Arenas count of their own: a full one is no memory.
 */
#include <execinfo.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>
#include "fuzz.h"

#define CALLERS 12
#define KNOWN_SLOTS (1u << 20)

static struct {
        bool on, learning;             /* learn: nothing fails, new places are noted */
        uint64_t fail;                 /* the place that fails; 0 none */
        bool failed;
        size_t live;                   /* allocations that are not freed yet */
        uint64_t digest;               /* of what the target said */
        bool nomem;
        void *callers[CALLERS + 2];    /* of the one that failed */
        int n_callers;
} t;
static unsigned failures;
static uint64_t *known, *fresh;
static size_t n_fresh, cap_fresh, n_known;

/* ---- what the target says ---- */

bool fuzz_tortured(void) { return t.fail != 0; }

static uint64_t mix(uint64_t h, const void *p, size_t n)
{
        for (size_t i = 0; i < n; i++)
                h = (h ^ ((const unsigned char *)p)[i]) * 0x100000001b3u;
        return h;
}

void fuzz_result(int r, const char *output)
{
        t.digest = mix(t.digest, &r, sizeof r);
        if (output)
                t.digest = mix(t.digest, output, strlen(output));
        t.nomem = t.nomem || r == -ENOMEM;
}

/* ---- allocations ---- */

void *__real_malloc(size_t);
void *__real_calloc(size_t, size_t);
void *__real_realloc(void *, size_t);
void *__real_reallocarray(void *, size_t, size_t);
char *__real_strdup(const char *);
char *__real_strndup(const char *, size_t);
void __real_free(void *);
void *__real_arena_alloc(struct arena *, size_t);
char *__real_arena_dup(struct arena *, const char *);
char *__real_arena_dupn(struct arena *, const char *, size_t);
char *__real_arena_escape(struct arena *, const char *, size_t, size_t);
bool __real_arena_charge(struct arena *, size_t);
int __real_arena_new(size_t, struct arena **);

static uint64_t *slot_of(uint64_t site)
{
        uint64_t i = site % KNOWN_SLOTS;

        while (known[i] && known[i] != site)
                i = (i + 1) % KNOWN_SLOTS;
        return &known[i];
}

/* Is it this one's turn to fail? Once in a run. */
static bool fails(void)
{
        void *callers[CALLERS + 2];
        uint64_t site = 0xcbf29ce484222325u, *slot;
        int n;

        if (!t.on || fuzz_calm || t.failed)
                return false;
        t.on = false;
        n = backtrace(callers, CALLERS + 2);
        t.on = true;
        for (int i = 2; i < n; i++)
                site = mix(site, &callers[i], sizeof callers[i]);
        if (t.fail && site == t.fail) {
                memcpy(t.callers, callers, sizeof callers);
                t.n_callers = n;
                t.failed = true;
        }
        if (t.fail)
                return t.failed;
        slot = slot_of(site);
        if (t.learning && !*slot && n_known < KNOWN_SLOTS / 2) {
                *slot = site;
                n_known++;
                if (n_fresh == cap_fresh) {
                        cap_fresh = cap_fresh ? cap_fresh * 2 : 1024;
                        fresh = __real_realloc(fresh, cap_fresh * sizeof *fresh);
                        CLAIM(fresh);
                }
                fresh[n_fresh++] = site;
        }
        return false;
}

/* What is held, by address: libc gives some memory away that only free() comes here for. */
#define LIVE_SLOTS (1u << 22)
static void **live;

static void **live_slot(const void *p)
{
        size_t i = ((uintptr_t)p >> 4) * 0x9e3779b97f4a7c15u % LIVE_SLOTS;

        while (live[i] && live[i] != p)
                i = (i + 1) % LIVE_SLOTS;
        return &live[i];
}

static void *got(void *p)
{
        if (p && live && t.live < LIVE_SLOTS / 2) {
                *live_slot(p) = p;
                t.live++;
        }
        return p;
}

/* The ones behind it move up, so that none is lost from its row. */
static void gave(const void *p)
{
        void **slot = p && live ? live_slot(p) : NULL;

        if (!slot || !*slot)
                return;
        t.live--;
        *slot = NULL;
        for (size_t i = (size_t)(slot - live + 1) % LIVE_SLOTS; live[i]; i = (i + 1) % LIVE_SLOTS) {
                void *moved = live[i];

                live[i] = NULL;
                *live_slot(moved) = moved;
        }
}

#define WRAP(type, name, params, call, none) \
        type __wrap_##name params;           \
        type __wrap_##name params { return fails() ? none : call; }
static void *no_space(struct arena *a)
{
        arena_fail(a);
        return NULL;
}
WRAP(void *, malloc, (size_t n), got(__real_malloc(n)), NULL)
WRAP(void *, calloc, (size_t n, size_t size), got(__real_calloc(n, size)), NULL)
WRAP(char *, strdup, (const char *s), got(__real_strdup(s)), NULL)
WRAP(char *, strndup, (const char *s, size_t n), got(__real_strndup(s, n)), NULL)
WRAP(void *, arena_alloc, (struct arena *a, size_t n), __real_arena_alloc(a, n), no_space(a))
WRAP(char *, arena_dup, (struct arena *a, const char *s), __real_arena_dup(a, s), no_space(a))
WRAP(char *, arena_dupn, (struct arena *a, const char *s, size_t n), __real_arena_dupn(a, s, n), no_space(a))
WRAP(char *, arena_escape, (struct arena *a, const char *s, size_t n, size_t max), __real_arena_escape(a, s, n, max), no_space(a))
WRAP(bool, arena_charge, (struct arena *a, size_t n), __real_arena_charge(a, n), no_space(a) != NULL)

void *__wrap_realloc(void *p, size_t n);
void *__wrap_realloc(void *p, size_t n)
{
        void *q = fails() ? NULL : __real_realloc(p, n);

        if (q)
                gave(p);
        return got(q);
}

void *__wrap_reallocarray(void *p, size_t n, size_t size);
void *__wrap_reallocarray(void *p, size_t n, size_t size)
{
        void *q = fails() ? NULL : __real_reallocarray(p, n, size);

        if (q)
                gave(p);
        return got(q);
}

void __wrap_free(void *p);
void __wrap_free(void *p)
{
        gave(p);
        __real_free(p);
}

int __wrap_asprintf(char **ret, const char *fmt, ...) PRINTF(2, 3);
int __wrap_asprintf(char **ret, const char *fmt, ...)
{
        va_list ap;
        int n;

        if (fails())
                return -1;
        va_start(ap, fmt);
        n = vasprintf(ret, fmt, ap);
        va_end(ap);
        if (n >= 0)
                got(*ret);
        return n;
}

char *__wrap_arena_printf(struct arena *a, const char *fmt, ...) PRINTF(2, 3);
char *__wrap_arena_printf(struct arena *a, const char *fmt, ...)
{
        va_list ap;
        char *s = NULL, *retained;

        if (fails())
                return no_space(a);
        va_start(ap, fmt);
        if (vasprintf(&s, fmt, ap) < 0)
                s = NULL;
        va_end(ap);
        retained = s ? __real_arena_dupn(a, s, strlen(s)) : NULL;
        __real_free(s);
        return retained;
}

static void hooks(void)
{
        live = __real_calloc(LIVE_SLOTS, sizeof *live);
        CLAIM(live);
}

/* ---- files ---- */

struct input { char *name; uint8_t *data; size_t size; };

static void input_read(const char *path, struct input *ret)
{
        FILE *f = fopen(path, "r");
        size_t n;

        CLAIM(f);
        *ret = (struct input){ (char *)path, NULL, 0 };
        do {
                ret->data = realloc(ret->data, ret->size + (64 << 10));
                CLAIM(ret->data);
                n = fread(ret->data + ret->size, 1, 64 << 10, f);
                ret->size += n;
        } while (n > 0);
        fclose(f);
        /* Exactly as large as it is: what reads beyond is seen. */
        ret->data = realloc(ret->data, ret->size + !ret->size);
        CLAIM(ret->data);
}

static const char *current = "";

/* addr2line -f -e PROGRAM +0x... tells the lines. */
static void print_input(void)
{
        fprintf(stderr, "while replaying %s\n", current);
        if (t.n_callers > 2)
                backtrace_symbols_fd(t.callers + 2, t.n_callers - 2, STDERR_FILENO);
}

static void report_failure(const char *what)
{
        fprintf(stderr, "an allocation that fails %s, ", what);
        print_input();
        failures++;
}

static void run(const struct input *in, bool learning, uint64_t fail)
{
        t.learning = learning;
        t.fail = fail;
        t.failed = t.nomem = false;
        t.digest = 0xcbf29ce484222325u;
        t.on = true;
        LLVMFuzzerTestOneInput(in->data, in->size);
        t.on = false;
}

static void judge_run(uint64_t sound, bool all_freed)
{
        if (!t.failed)
                report_failure("does not come again");
        if (t.failed && !t.nomem && t.digest != sound)
                report_failure("changes the result in silence");
        if (!all_freed)
                report_failure("leaks");
        t.fail = 0;
        t.n_callers = 0;
}

/*
 * As it is, once for what is only done the first time and once to learn the places and what is
 * sound; and then for each place. From one line: where this calls from is part of a place.
 */
static void torture(const struct input *in, double *left)
{
        struct timespec from, now;
        size_t retained = 0;           /* what the target holds for ever, if anything */
        uint64_t sound = 0;
        double spent = 0;

        clock_gettime(CLOCK_MONOTONIC, &from);
        n_fresh = 0;
        for (size_t i = 0; i < n_fresh + 2 && spent < *left; i++) {
                size_t before = t.live;

                run(in, i == 1, i < 2 ? 0 : fresh[i - 2]);
                if (i < 2) {
                        retained = t.live - before;
                        sound = t.digest;
                } else {
                        judge_run(sound, t.live - before == retained);
                }
                clock_gettime(CLOCK_MONOTONIC, &now);
                spent = (double)(now.tv_sec - from.tv_sec) + (double)(now.tv_nsec - from.tv_nsec) / 1e9;
        }
        *left -= spent;
}

static void abort_named(int sig)
{
        (void)sig;
        print_input();
}

int main(int argc, char **argv)
{
        bool tortures = argc > 2 && streq(argv[1], "--torture");
        double left = tortures ? atof(argv[2]) : 0;
        size_t sites = 0;
        int n = 0;

        signal(SIGABRT, abort_named);
        known = calloc(KNOWN_SLOTS, sizeof *known);
        CLAIM(known);
        if (tortures)
                hooks();
        for (int i = tortures ? 3 : 1; i < argc; i++, n++) {
                struct input in;

                current = argv[i];
                input_read(argv[i], &in);
                if (!tortures)
                        run(&in, false, 0);
                else if (left > 0)
                        torture(&in, &left);
                sites += n_fresh;
                free(in.data);
        }
        free(known);
        free(fresh);
        if (tortures)
                printf("%d inputs, %zu places%s\n", n, sites, left > 0 ? "" : ", stopped by the time");
        else
                printf("%d inputs\n", n);
        return failures > 0;
}
