/* Digests: what counts, what does not, and that there is none without memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <openssl/crypto.h>
#include "rolewatch/digest.h"

static uint64_t of_two(const char *a, const char *b)
{
        struct digest d;

        assert_int_equal(digest_begin(&d), 0);
        digest_add(&d, a, strlen(a));
        digest_add(&d, b, strlen(b));
        return digest_end(&d);
}

static void parts_never_run_into_one(void **state)
{
        (void)state;
        assert_true(of_two("ab", "c") == of_two("ab", "c"));
        assert_true(of_two("ab", "c") != of_two("a", "bc"));
        assert_true(of_two("abc", "") != of_two("", "abc"));
        assert_true(digest_of("abc", 3) != of_two("abc", ""));
        assert_true(digest_of("abc", 3) == digest_of("abcd", 3));
        assert_true(digest_of("", 0) != 0);
}

/* OpenSSL's memory: from the n-th allocation on there is none. */
static int left = -1;
static void *may_malloc(size_t bytes, const char *file, int line)
{
        (void)file;
        (void)line;
        return left == 0 ? NULL : (left -= left > 0, malloc(bytes));
}
static void *may_realloc(void *p, size_t bytes, const char *file, int line)
{
        (void)file;
        (void)line;
        return left == 0 ? NULL : realloc(p, bytes);
}
static void may_free(void *p, const char *file, int line)
{
        (void)file;
        (void)line;
        free(p);
}

static void without_memory_there_is_none(void **state)
{
        struct digest d;

        (void)state;
        left = 0;
        assert_int_equal(digest_begin(&d), -ENOMEM);
        assert_null(d.ctx);
        assert_true(digest_of("abc", 3) == 0);
        left = 1;      /* the context, and nothing for the hash in it */
        assert_int_equal(digest_begin(&d), -ENOMEM);
        assert_null(d.ctx);
        left = -1;
        assert_true(digest_of("abc", 3) != 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(parts_never_run_into_one), cmocka_unit_test(without_memory_there_is_none),
        };

        /* Before OpenSSL allocates anything. */
        if (CRYPTO_set_mem_functions(may_malloc, may_realloc, may_free) != 1)
                return 1;
        return cmocka_run_group_tests(tests, NULL, NULL);
}
