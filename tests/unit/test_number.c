/* number: the whole string or nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "rolewatch/base.h"

static void u64_is_strict(void **state)
{
        static const struct { const char *in; int r; uint64_t want; } T[] = {
                { "0", 0, 0 }, { "007", 0, 7 }, { "18446744073709551615", 0, UINT64_MAX },
                { "18446744073709551616", -ERANGE, 0 }, { "99999999999999999999", -ERANGE, 0 },
                { "", -EINVAL, 0 }, { NULL, -EINVAL, 0 }, { "+1", -EINVAL, 0 },
                { "-1", -EINVAL, 0 }, { " 1", -EINVAL, 0 }, { "1 ", -EINVAL, 0 },
                { "0x10", -EINVAL, 0 }, { "1e3", -EINVAL, 0 },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(T); i++) {
                uint64_t n = 0;
                int r = u64_parse(T[i].in, &n);

                if (r != T[i].r || n != T[i].want)
                        fail_msg("%s: %d, %llu", T[i].in, r, (unsigned long long)n);
        }
}

static void time_is_rfc_3339(void **state)
{
        static const struct { const char *why, *in; int r; int64_t want; } T[] = {
                { "the epoch", "1970-01-01T00:00:00Z", 0, 0 },
                { "IMDS", "2026-11-24T06:00:00Z", 0, 1795500000 },
                { "Go with fractions", "2026-11-24T06:00:00.123456789Z", 0, 1795500000 },
                { "ahead of UTC", "2026-11-24T07:30:00+01:30", 0, 1795500000 },
                { "behind UTC, over midnight", "2026-11-23T22:00:00-08:00", 0, 1795500000 },
                { "leap day", "2024-02-29T00:00:00Z", 0, 1709164800 },
                { "leap day of a century", "2000-02-29T12:00:00Z", 0, 951825600 },
                { "before the epoch", "1969-12-31T23:59:59Z", 0, -1 },
                { "Go's zero time", "0001-01-01T00:00:00Z", 0, -62135596800 },
                { "beyond 32 bits", "2106-02-07T06:28:16Z", 0, 4294967296 },
                { "no leap day", "2026-02-29T00:00:00Z", -ERANGE, 0 },
                { "no leap day of a century", "1900-02-29T00:00:00Z", -ERANGE, 0 },
                { "month 13", "2026-13-01T00:00:00Z", -ERANGE, 0 },
                { "month 0", "2026-00-01T00:00:00Z", -ERANGE, 0 },
                { "day 31 of 30", "2026-04-31T00:00:00Z", -ERANGE, 0 },
                { "hour 24", "2026-01-01T24:00:00Z", -ERANGE, 0 },
                { "offset 24", "2026-01-01T00:00:00+24:00", -ERANGE, 0 },
                { "no zone", "2026-11-24T06:00:00", -EINVAL, 0 },
                { "zone without colon", "2026-11-24T06:00:00+0100", -EINVAL, 0 },
                { "text behind", "2026-11-24T06:00:00Z ", -EINVAL, 0 },
                { "text before", " 2026-11-24T06:00:00Z", -EINVAL, 0 },
                { "a point without digits", "2026-11-24T06:00:00.Z", -EINVAL, 0 },
                { "signs in fields", "2026-+1-24T06:00:00Z", -EINVAL, 0 },
                { "short", "2026-11-24", -EINVAL, 0 },
                { "nothing", "", -EINVAL, 0 },
                { "no string", NULL, -EINVAL, 0 },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(T); i++) {
                int64_t s = 0;
                int r = time_parse(T[i].in, &s);

                if (r != T[i].r || s != T[i].want)
                        fail_msg("%s: %d, %lld", T[i].why, r, (long long)s);
        }
}

static void time_goes_there_and_back(void **state)
{
        char buf[21];

        (void)state;
        /* A step without a common factor with a day meets every hour, month and leap year. */
        for (int64_t s = -62167219200; s < 253402300800; s += 86400 * 29 + 7919) {
                int64_t back = 0;

                assert_int_equal(time_parse(time_format(s, buf, sizeof buf), &back), 0);
                assert_int_equal(back, s);
        }
        assert_string_equal(time_format(INT64_MAX, buf, sizeof buf), "9999-12-31T23:59:59Z");
        assert_string_equal(time_format(INT64_MIN, buf, sizeof buf), "0000-01-01T00:00:00Z");
}

static void names_of_arns(void **state)
{
        static const struct { const char *in, *want; } T[] = {
                { "arn:aws:iam::123456789012:role/a/web", "web" },
                { "arn:aws:sns:eu-west-1:123456789012:alerts", "alerts" },
                { "/usr/bin/python3", "python3" }, { "web", "web" }, { "web:80", "web:80" },
                { "", "" }, { NULL, NULL },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(T); i++)
                if (!streq(arn_name(T[i].in), T[i].want))
                        fail_msg("%s: %s", T[i].in, arn_name(T[i].in));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(u64_is_strict),
                cmocka_unit_test(time_is_rfc_3339),
                cmocka_unit_test(time_goes_there_and_back),
                cmocka_unit_test(names_of_arns),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
