/* Which process runs which program: bounded, and the newest are known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include "../../agent/daemon/process_cache.h"
#include "rolewatch/digest.h"

static void programs(void **state)
{
        CLEANUP(process_cache_freep) struct process_cache *s = NULL;
        struct program *p;
        size_t found = 0;

        (void)state;
        assert_int_equal(process_cache_new(&s), 0);
        assert_null(process_cache_program(s, 7));
        p = process_cache_program_add(s, 7, 100);
        assert_int_equal(p->judged_s, 0);
        program_set_judged(p, "object", 100);
        assert_ptr_equal(process_cache_program_add(s, 7, 101), p);
        assert_true(process_cache_program(s, 7)->object == digest_of("object", 6));
        process_cache_clear_verdicts(s);
        assert_int_equal(process_cache_program(s, 7)->judged_s, 0);
        assert_true(process_cache_program(s, 7)->object == digest_of("object", 6));
        /* A storm of programs takes the places of the oldest. */
        for (uint64_t i = 1000; i < 101000; i++)
                program_set_judged(process_cache_program_add(s, i * 0x9e3779b97f4a7c15u, (int64_t)i), "x", (int64_t)i);
        for (uint64_t i = 100000; i < 101000; i++)
                found += process_cache_program(s, i * 0x9e3779b97f4a7c15u) != NULL;
        assert_true(found > 900);
}

static bool every_other(void *userdata, const struct cached_process *e)
{
        (void)userdata;
        return e->pid % 2;
}
static void count(void *userdata, uint64_t object)
{
        assert_true(object == digest_of("object", 6));
        (*(int *)userdata)++;
}
static int alive_count;

static void pids(void **state)
{
        CLEANUP(process_cache_freep) struct process_cache *s = NULL;
        struct cached_process *e;

        (void)state;
        assert_int_equal(process_cache_new(&s), 0);
        assert_null(process_cache_find(s, 5));
        assert_null(process_cache_find(s, 0));
        e = process_cache_put(s, 5, 50, 1);
        e->met = MET_IMDS;
        /* Another program in the same process, then another process of the same pid. */
        assert_int_equal(process_cache_put(s, 5, 50, 2)->met, MET_IMDS);
        assert_int_equal(process_cache_put(s, 5, 51, 2)->met, 0);
        for (pid_t pid = 10; pid < 8010; pid++)
                process_cache_put(s, pid, 1, 7);
        assert_int_equal(process_cache_evicted(s), 0);
        for (pid_t pid = 10; pid < 8010; pid++)
                assert_non_null(process_cache_find(s, pid));
        program_set_judged(process_cache_program_add(s, 7, 1), "object", 1);
        process_cache_check_alive(s, every_other, count, &alive_count);
        assert_int_equal(alive_count, 4000);
        assert_null(process_cache_find(s, 10));
        assert_non_null(process_cache_find(s, 11));
        for (pid_t pid = 10000; pid < 40000; pid++)
                process_cache_put(s, pid, 1, 7);
        assert_true(process_cache_evicted(s) > 0);
        assert_non_null(process_cache_find(s, 39999));
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(programs), cmocka_unit_test(pids) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
