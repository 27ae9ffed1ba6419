/* Environments as programs were executed with them: the cache, and which execution a process goes back to. */
#include <elf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include "../../agent/collect/auxv.h"
#include "rolewatch/environment_cache.h"
#include "rolewatch/limits.h"

#define SECRET "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

static int put(struct environment_cache *c, pid_t pid, uint64_t execution, const char *home)
{
        const char *env[ENV_VAR_MAX] = { [ENV_VAR_RELATIVE_URI] = "/v2/credentials/***", [ENV_VAR_HOME] = home };

        return environment_cache_put(c, &(struct cached_environment){ .pid = pid, .start_ticks = (uint64_t)pid * 10, .execution = execution, .relative = UINT64_MAX }, env);
}

static const char *home_of(struct environment_cache *c, pid_t pid, uint64_t start_ticks)
{
        const struct cached_environment *e = environment_cache_find(c, pid, start_ticks);
        const char *env[ENV_VAR_MAX] = { NULL };
        static char home[64];
        CLEANUP(arena_freep) struct arena *a = NULL;

        if (!e)
                return NULL;
        assert_int_equal(arena_new(1 << 20, &a), 0);
        assert_int_equal(environment_cache_get(c, e, a, env), 0);
        assert_string_equal(env[ENV_VAR_RELATIVE_URI], "/v2/credentials/***");
        assert_null(env[ENV_VAR_SECRET]);
        text_fit(home, sizeof home, env[ENV_VAR_HOME]);
        return home;
}

static void one_for_each_process(void **state)
{
        CLEANUP(environment_cache_freep) struct environment_cache *c = NULL;
        const char *env[ENV_VAR_MAX] = { [ENV_VAR_RELATIVE_URI] = "/v2/credentials/***", [ENV_VAR_HOME] = "/b" };

        (void)state;
        assert_int_equal(environment_cache_new(&c), 0);
        for (pid_t pid = 300; pid > 0; pid -= 3)
                assert_int_equal(put(c, pid, (uint64_t)pid, pid % 2 ? "/a" : "/b"), 0);
        assert_int_equal(environment_cache_count(c), 100);
        assert_string_equal(home_of(c, 3, 30), "/a");
        assert_string_equal(home_of(c, 300, 3000), "/b");
        assert_null(home_of(c, 300, 3001));
        assert_null(home_of(c, 4, 40));
        assert_true(environment_cache_has(c, environment_cache_find(c, 6, 60), env));
        assert_false(environment_cache_has(c, environment_cache_find(c, 3, 30), env));
        assert_int_equal(environment_cache_find_execution(c, 33)->pid, 33);
        assert_null(environment_cache_find_execution(c, 34));
        assert_null(environment_cache_find_execution(c, 0));
        /* Of another process with the pid, or of another program. */
        assert_int_equal(put(c, 3, 77, "/c"), 0);
        assert_string_equal(home_of(c, 3, 30), "/c");
        assert_int_equal(environment_cache_count(c), 100);
        environment_cache_remove(c, 3);
        environment_cache_remove(c, 3);
        assert_null(home_of(c, 3, 30));
        assert_int_equal(environment_cache_count(c), 99);
}

/* A value that was escaped is longer than what env_redact takes; it is not cut once more. */
static void long_values_are_not_cut(void **state)
{
        CLEANUP(environment_cache_freep) struct environment_cache *c = NULL;
        CLEANUP(arena_freep) struct arena *a = NULL;
        const char *env[ENV_VAR_MAX] = { NULL };
        static char home[4001];

        (void)state;
        memset(home, 'x', sizeof home - 1);
        assert_int_equal(arena_new(1 << 20, &a), 0);
        assert_int_equal(environment_cache_new(&c), 0);
        assert_int_equal(put(c, 1, 1, home), 0);
        assert_int_equal(environment_cache_get(c, environment_cache_find(c, 1, 10), a, env), 0);
        assert_string_equal(env[ENV_VAR_HOME], home);
}

/* However many programs are executed: those that scans found stay, and the others make place. */
static void it_is_bounded(void **state)
{
        CLEANUP(environment_cache_freep) struct environment_cache *c = NULL;
        static char large[ENVIRONMENT_TEXT_MAX];
        char home[64];

        (void)state;
        assert_int_equal(environment_cache_new(&c), 0);
        environment_cache_scan_begins(c);
        assert_int_equal(put(c, 1, 1, "/first"), 0);
        environment_cache_found(c, 1, 10);
        for (pid_t pid = 2; pid < 2 * ENVIRONMENTS_MAX; pid++)
                assert_int_equal(put(c, pid, 5, "/a"), 0);
        assert_int_equal(environment_cache_count(c), ENVIRONMENTS_MAX);
        assert_string_equal(home_of(c, 1, 10), "/first");
        assert_null(home_of(c, 2, 20));
        assert_non_null(home_of(c, 2 * ENVIRONMENTS_MAX - 1, 20 * ENVIRONMENTS_MAX - 10));
        /* As many distinct ones as there is memory for. */
        for (pid_t pid = 2; pid < 2 * ENVIRONMENT_TEXTS_MAX; pid++) {
                int r;

                snprintf(home, sizeof home, "/home/%d", (int)pid);
                r = put(c, pid, 5, home);
                assert_true(r == 0 || r == -ENOSPC);
                assert_int_equal(home_of(c, pid, (uint64_t)pid * 10) != NULL, r == 0);
        }
        assert_string_equal(home_of(c, 1, 10), "/first");
        memset(large, 'x', sizeof large - 1);
        assert_int_equal(put(c, 9, 9, large), -EMSGSIZE);
        assert_null(home_of(c, 9, 90));
        for (pid_t pid = 1; pid < 2 * ENVIRONMENTS_MAX; pid++)
                environment_cache_found(c, pid, (uint64_t)pid * 10);
        while (environment_cache_count(c) < ENVIRONMENTS_MAX) {
                pid_t pid = 3 * ENVIRONMENTS_MAX + (pid_t)environment_cache_count(c);

                assert_int_equal(put(c, pid, 5, "/first"), 0);
                environment_cache_found(c, pid, (uint64_t)pid * 10);
        }
        assert_int_equal(put(c, 5 * ENVIRONMENTS_MAX, 5, "/first"), -ENOSPC);
}

/* What the child process of a scan found takes the place of what was there; what came meanwhile stays. */
static void scans_replace(void **state)
{
        CLEANUP(environment_cache_freep) struct environment_cache *c = NULL, *child = NULL;
        CLEANUP(arena_freep) struct arena *a = NULL;
        struct environment_export x;
        uint64_t puts;

        (void)state;
        assert_int_equal(arena_new(1 << 20, &a), 0);
        assert_int_equal(environment_cache_new(&c), 0);
        assert_int_equal(environment_cache_new(&child), 0);
        assert_int_equal(put(c, 1, 1, "/a"), 0);       /* ends */
        assert_int_equal(put(c, 2, 2, "/a"), 0);       /* stays */
        assert_int_equal(put(c, 3, 3, "/a"), 0);       /* executes another program */
        puts = environment_cache_puts(c);
        for (pid_t pid = 1; pid <= 3; pid++)
                assert_int_equal(put(child, pid, (uint64_t)pid, "/a"), 0);
        environment_cache_scan_begins(child);
        environment_cache_found(child, 2, 20);
        environment_cache_found(child, 3, 30);
        environment_cache_found(child, 3, 31);
        assert_int_equal(put(child, 4, 4, "/b"), 0);
        environment_cache_found(child, 4, 40);
        assert_true(environment_cache_is_found(child, environment_cache_find(child, 4, 40)));
        assert_false(environment_cache_is_found(child, environment_cache_find(child, 1, 10)));
        assert_int_equal(environment_cache_export(child, puts, a, &x), 0);
        assert_int_equal(put(c, 3, 33, "/new"), 0);
        assert_int_equal(put(c, 5, 5, "/new"), 0);
        assert_int_equal(environment_cache_import(c, &x), 0);
        assert_int_equal(environment_cache_count(c), 4);
        assert_null(home_of(c, 1, 10));
        assert_string_equal(home_of(c, 2, 20), "/a");
        assert_string_equal(home_of(c, 3, 30), "/new");
        assert_string_equal(home_of(c, 4, 40), "/b");
        assert_string_equal(home_of(c, 5, 50), "/new");
        assert_true(environment_cache_is_found(c, environment_cache_find(c, 2, 20)));
}

static void saved_and_read(void **state)
{
        CLEANUP(environment_cache_freep) struct environment_cache *c = NULL, *back = NULL;
        CLEANUP(json_freep) cJSON *j = NULL, *again = NULL;
        CLEANUP(freep) char *text = NULL, *same = NULL;

        (void)state;
        assert_int_equal(environment_cache_new(&c), 0);
        assert_int_equal(environment_cache_new(&back), 0);
        environment_cache_scan_begins(c);
        assert_int_equal(put(c, 1, UINT64_MAX, "/a"), 0);
        assert_int_equal(put(c, 2, 2, "/b"), 0);
        assert_int_equal(put(c, 3, 3, "/c"), 0);
        environment_cache_found(c, 2, 20);
        environment_cache_found(c, 3, 30);
        assert_int_equal(environment_cache_to_json(c, &j), 0);
        assert_int_equal(environment_cache_from_json(back, j), 0);
        assert_int_equal(environment_cache_count(back), 3);
        assert_string_equal(home_of(back, 1, 10), "/a");
        assert_string_equal(home_of(back, 2, 20), "/b");
        assert_string_equal(home_of(back, 3, 30), "/c");
        assert_true(environment_cache_find(back, 1, 10)->execution == UINT64_MAX);
        assert_true(environment_cache_find(back, 1, 10)->relative == UINT64_MAX);
        assert_true(environment_cache_find(back, 1, 10)->full == 0);
        assert_int_equal(environment_cache_to_json(back, &again), 0);
        json_freep(&j);
        text = cJSON_Print(again);
        j = NULL;
        environment_cache_freep(&c);
        c = NULL;
        assert_int_equal(environment_cache_new(&c), 0);
        assert_int_equal(environment_cache_from_json(c, again), 0);
        assert_int_equal(environment_cache_to_json(c, &j), 0);
        same = cJSON_Print(j);
        assert_string_equal(same, text);
}

/* A file that somebody else wrote: what it says is reduced, and what is malformed is left out. */
static void lying_files(void **state)
{
        static const struct { const char *why, *json; int r; size_t n; } T[] = {
                { "nothing", "{}", -EBADMSG, 0 },
                { "no texts", "{\"processes\":[]}", -EBADMSG, 0 },
                { "empty", "{\"texts\":[],\"processes\":[]}", 0, 0 },
                { "one", "{\"texts\":[[\"HOME=/\"]],\"processes\":[\"1 2 3 4 5 0\"]}", 0, 1 },
                { "an environment without variables", "{\"texts\":[[]],\"processes\":[\"1 2 3 4 5 0\"]}", 0, 1 },
                { "a text that is none", "{\"texts\":[\"HOME=/\"],\"processes\":[\"1 2 3 4 5 0\"]}", 0, 0 },
                { "a text that is not there", "{\"texts\":[[]],\"processes\":[\"1 2 3 4 5 1\"]}", 0, 0 },
                { "a text far off", "{\"texts\":[[]],\"processes\":[\"1 2 3 4 5 4294967296\"]}", 0, 0 },
                { "no execution", "{\"texts\":[[]],\"processes\":[\"1 2 0 4 5 0\"]}", 0, 0 },
                { "no pid", "{\"texts\":[[]],\"processes\":[\"0 2 3 4 5 0\"]}", 0, 0 },
                { "a pid beyond int", "{\"texts\":[[]],\"processes\":[\"2147483648 2 3 4 5 0\"]}", 0, 0 },
                { "beyond 64 bits", "{\"texts\":[[]],\"processes\":[\"1 2 18446744073709551616 4 5 0\"]}", 0, 0 },
                { "too few", "{\"texts\":[[]],\"processes\":[\"1 2 3 4 5\"]}", 0, 0 },
                { "too many", "{\"texts\":[[]],\"processes\":[\"1 2 3 4 5 0 0\"]}", 0, 0 },
                { "a sign", "{\"texts\":[[]],\"processes\":[\"1 -2 3 4 5 0\"]}", 0, 0 },
                { "a number", "{\"texts\":[[]],\"processes\":[1]}", 0, 0 },
                { "reduced", "{\"texts\":[[\"AWS_SECRET_ACCESS_KEY=***\"]],\"processes\":[\"1 2 3 4 5 0\"]}", 0, 1 },
                { "another variable", "{\"texts\":[[\"HOME=/\",\"PATH=/\"]],\"processes\":[\"1 2 3 4 5 0\"]}", 0, 0 },
                { "one of three", "{\"texts\":[[7,\"HOME=/\"]],\"processes\":[\"\",\"1 2 3 4 5 0\",{}]}", 0, 1 },
        };
        CLEANUP(environment_cache_freep) struct environment_cache *secret = NULL;
        CLEANUP(json_freep) cJSON *j = NULL, *out = NULL;
        CLEANUP(freep) char *text = NULL;

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(T); i++) {
                CLEANUP(environment_cache_freep) struct environment_cache *c = NULL;
                CLEANUP(json_freep) cJSON *o = NULL;

                assert_int_equal(environment_cache_new(&c), 0);
                assert_int_equal(json_parse(T[i].json, strlen(T[i].json), &o), 0);
                if (environment_cache_from_json(c, o) != T[i].r || environment_cache_count(c) != T[i].n)
                        fail_msg("%s: %zu", T[i].why, environment_cache_count(c));
        }
        assert_int_equal(environment_cache_new(&secret), 0);
        text = strdup("{\"texts\":[[\"AWS_SECRET_ACCESS_KEY=" SECRET "\",\"OTHER=" SECRET "\"]],\"processes\":[\"1 2 3 4 5 0\"]}");
        assert_int_equal(json_parse(text, strlen(text), &j), 0);
        assert_int_equal(environment_cache_from_json(secret, j), 0);
        assert_int_equal(environment_cache_count(secret), 0);
        assert_int_equal(environment_cache_to_json(secret, &out), 0);
        free(text);
        text = cJSON_Print(out);
        assert_null(strstr(text, SECRET));
}

static void executions_differ(void **state)
{
        const uint64_t random = 0x7ffd15213009, base = 0x55d0c0000040;
        const uint64_t a[] = { AT_PHDR, base, AT_RANDOM, random, AT_NULL, 0 }, moved[] = { AT_PHDR, base, AT_RANDOM, random + 16, AT_NULL, 0 };
        const uint64_t loaded[] = { AT_PHDR, base + 4096, AT_RANDOM, random, AT_NULL, 0 }, behind[] = { AT_PHDR, base, AT_RANDOM, random, AT_NULL, 0, 1, 2 };
        const uint64_t fixed[] = { AT_PHDR, 0x555555554040, AT_RANDOM, 0x7fffffffe5a9, AT_NULL, 0 }, arm[] = { AT_RANDOM, 0xfffffffff5a8, AT_NULL, 0 };
        const uint64_t none[] = { AT_PHDR, base, AT_NULL, 0 }, top[] = { AT_RANDOM, UINT64_MAX, AT_NULL, 0 };

        (void)state;
        assert_true(auxv_execution((const char *)a, sizeof a) != 0);
        assert_true(auxv_execution((const char *)a, sizeof a) == auxv_execution((const char *)behind, sizeof behind));
        assert_true(auxv_execution((const char *)a, sizeof a) != auxv_execution((const char *)moved, sizeof moved));
        assert_true(auxv_execution((const char *)a, sizeof a) != auxv_execution((const char *)loaded, sizeof loaded));
        /* Without ASLR each execution looks the same. */
        assert_true(auxv_execution((const char *)fixed, sizeof fixed) == 0);
        assert_true(auxv_execution((const char *)arm, sizeof arm) == 0);
        assert_true(auxv_execution((const char *)top, sizeof top) == 0);
        assert_true(auxv_execution((const char *)none, sizeof none) == 0);
        /* Cut off, of a process that is executing a program, of a 32-bit one. */
        assert_true(auxv_execution((const char *)a, sizeof a - 1) == 0);
        assert_true(auxv_execution("", 0) == 0);
        assert_true(auxv_execution((const char *)(const uint32_t[]){ AT_RANDOM, 0xffd15213, AT_NULL, 0 }, 16) == 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(one_for_each_process), cmocka_unit_test(long_values_are_not_cut), cmocka_unit_test(it_is_bounded), cmocka_unit_test(scans_replace), cmocka_unit_test(saved_and_read),
                cmocka_unit_test(lying_files), cmocka_unit_test(executions_differ),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
