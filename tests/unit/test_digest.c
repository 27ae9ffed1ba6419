/* Digests: what counts, what does not, and that they stay the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "rolewatch/digest.h"

static uint64_t of_two(const char *a, const char *b)
{
        struct digest d;

        digest_begin(&d);
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

/* The state file has digests: they are those of other releases and machines. The first 8 bytes, little-endian, of SHA-256 of 3 and "abc". */
static void one_text_has_one_digest(void **state)
{
        struct digest d, none = { 0 };

        (void)state;
        digest_begin(&d);
        digest_add(&d, "abc", 3);
        assert_true(digest_end(&d) == 0xad3901ec5edc91ceull);
        assert_memory_equal(&d, &none, sizeof d);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(parts_never_run_into_one), cmocka_unit_test(one_text_has_one_digest),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
