/* The last execution of each program: the newest are there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "../../agent/daemon/executions.h"

static void put(struct executions *x, uint64_t digest, pid_t pid)
{
        const struct executed e = { .process.pid = pid };

        executions_put(x, digest, &e);
}

static void the_last_one_counts(void **state)
{
        struct executions *x = NULL;

        (void)state;
        assert_int_equal(executions_new(&x), 0);
        assert_null(executions_find(x, 7));
        put(x, 7, 1);
        put(x, 8, 2);
        put(x, 7, 3);
        assert_int_equal(executions_find(x, 7)->process.pid, 3);
        assert_int_equal(executions_find(x, 8)->process.pid, 2);
        assert_null(executions_find(x, 9));
        executions_free(x);
        executions_free(NULL);
}

static void the_oldest_goes(void **state)
{
        struct executions *x = NULL;

        (void)state;
        assert_int_equal(executions_new(&x), 0);
        for (pid_t i = 0; i < EXECUTIONS_MAX; i++)
                put(x, (uint64_t)i, i);
        put(x, 0, 9000);
        for (pid_t i = 0; i < 2; i++)
                put(x, (uint64_t)EXECUTIONS_MAX + i, 9001 + i);
        assert_null(executions_find(x, 1));
        assert_null(executions_find(x, 2));
        assert_int_equal(executions_find(x, 3)->process.pid, 3);
        assert_int_equal(executions_find(x, 0)->process.pid, 9000);
        assert_int_equal(executions_find(x, EXECUTIONS_MAX)->process.pid, 9001);
        assert_int_equal(executions_find(x, EXECUTIONS_MAX + 1)->process.pid, 9002);
        executions_free(x);
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(the_last_one_counts), cmocka_unit_test(the_oldest_goes) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
