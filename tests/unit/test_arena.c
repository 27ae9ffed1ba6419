/* arena: zeroed, aligned, and never more than its limit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "rolewatch/base.h"

static void memory_is_zeroed_aligned_and_apart(void **state)
{
        static const size_t sizes[] = { 0, 1, 15, 16, 17, 4000, 16383, 16384, 70000, 3 };
        CLEANUP(arena_freep) struct arena *a = NULL;
        unsigned char *p[ARRAY_SIZE(sizes)];

        (void)state;
        assert_int_equal(arena_new(1 << 20, &a), 0);
        for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
                p[i] = arena_alloc(a, sizes[i]);
                assert_non_null(p[i]);
                assert_int_equal((uintptr_t)p[i] % 16, 0);
                for (size_t k = 0; k < sizes[i]; k++)
                        assert_int_equal(p[i][k], 0);
                memset(p[i], (int)i + 1, sizes[i]);
        }
        for (size_t i = 0; i < ARRAY_SIZE(sizes); i++)
                for (size_t k = 0; k < sizes[i]; k++)
                        assert_int_equal(p[i][k], i + 1);
}

static void the_limit_holds(void **state)
{
        static const struct { const char *why; size_t limit, bytes; unsigned want; } T[] = {
                { "nothing in nothing", 0, 1, 0 },
                { "less than a chunk", 64, 16, 4 },
                { "sizes are rounded up", 64, 17, 2 },
                { "a request beyond the limit", 1000, 1001, 0 },
                { "a size that would wrap", 1000, SIZE_MAX, 0 },
                { "a size that would wrap when rounded", 1000, SIZE_MAX - 8, 0 },
                { "many chunks", 256 << 10, 1 << 10, 256 },
                { "large requests", 256 << 10, 64 << 10, 4 },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(T); i++) {
                CLEANUP(arena_freep) struct arena *a = NULL;
                unsigned n = 0;

                assert_int_equal(arena_new(T[i].limit, &a), 0);
                while (n <= T[i].want && arena_alloc(a, T[i].bytes))
                        n++;
                if (n != T[i].want)
                        fail_msg("%s: want %u, got %u", T[i].why, T[i].want, n);
                assert_true(arena_used(a) <= T[i].limit);
        }
}

static void what_is_charged_counts(void **state)
{
        CLEANUP(arena_freep) struct arena *a = NULL;

        (void)state;
        assert_int_equal(arena_new(100, &a), 0);
        assert_false(arena_charge(a, 101));
        assert_true(arena_charge(a, 90));
        assert_int_equal(arena_used(a), 90);
        assert_null(arena_alloc(a, 16));
        assert_false(arena_charge(a, SIZE_MAX));
        arena_free(NULL);
}

/* What failed once is known at the end, whichever it was. */
static void a_failure_is_sticky(void **state)
{
        static const char large[101];

        (void)state;
        for (int way = 0; way < 5; way++) {
                CLEANUP(arena_freep) struct arena *a = NULL;

                assert_int_equal(arena_new(100, &a), 0);
                assert_non_null(arena_dup(a, "web"));
                assert_null(arena_dup(a, NULL));
                assert_false(arena_failed(a));
                if (way == 0)
                        assert_null(arena_alloc(a, SIZE_MAX));
                if (way == 1)
                        assert_null(arena_dupn(a, large, sizeof large));
                if (way == 2)
                        assert_null(arena_printf(a, "%500s", "x"));
                if (way == 3)
                        assert_false(arena_charge(a, 101));
                if (way == 4)
                        arena_fail(a);
                assert_true(arena_failed(a));
                arena_alloc(a, 1);
                assert_true(arena_failed(a));
        }
}

static void texts_are_copied(void **state)
{
        CLEANUP(arena_freep) struct arena *a = NULL;

        (void)state;
        assert_int_equal(arena_new(4096, &a), 0);
        assert_null(arena_dup(a, NULL));
        assert_string_equal(arena_dup(a, ""), "");
        assert_string_equal(arena_dup(a, "web"), "web");
        assert_string_equal(arena_dupn(a, "website", 3), "web");
        assert_string_equal(arena_printf(a, "HTTP %d", 503), "HTTP 503");
        assert_null(arena_printf(a, "%5000s", "x"));
}

/* In memory of somebody else's: as much as fits, and not a byte more. */
static void inside_other_memory(void **state)
{
        _Alignas(16) static unsigned char memory[8192 + 1];
        struct arena *a;
        size_t n = 0;
        char *s;

        (void)state;
        memory[8192] = 0x5a;
        assert_null(arena_within(memory, 16));
        a = arena_within(memory, 8192);
        assert_non_null(a);
        s = arena_dup(a, "web");
        assert_string_equal(s, "web");
        assert_true((unsigned char *)s > memory && (unsigned char *)s < memory + 8192);
        for (unsigned char *p; (p = arena_alloc(a, 100)); n++) {
                assert_true(p >= memory && p + 112 <= memory + 8192 && (uintptr_t)p % 16 == 0);
                for (int i = 0; i < 100; i++)
                        assert_int_equal(p[i], 0);
                memset(p, 0xff, 100);
        }
        assert_in_range(n, 50, 73);
        assert_true(arena_failed(a));
        assert_null(arena_alloc(a, 100000));
        assert_null(arena_printf(a, "%5000s", "x"));
        assert_string_equal(s, "web");
        assert_int_equal(memory[8192], 0x5a);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(memory_is_zeroed_aligned_and_apart),
                cmocka_unit_test(the_limit_holds),
                cmocka_unit_test(what_is_charged_counts),
                cmocka_unit_test(a_failure_is_sticky),
                cmocka_unit_test(texts_are_copied),
                cmocka_unit_test(inside_other_memory),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
