/* text: grows within bounds, and escapes what a terminal would obey. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "rolewatch/base.h"

static const struct escape { const char *why, *in; size_t len; const char *want; } escapes[] = {
#define S(s) s, sizeof s - 1
        { "nothing", S(""), "" },
        { "plain", S("web-1 ok"), "web-1 ok" },
        { "a backslash stays", S("a\\x1bb\\"), "a\\x1bb\\" },
        { "an escape sequence", S("\033[31mred"), "\\x1b[31mred" },
        { "line ends and tabs", S("a\nb\rc\td"), "a\\x0ab\\x0dc\\x09d" },
        { "a NUL inside", S("a\0b"), "a\\x00b" },
        { "DEL", S("a\177"), "a\\x7f" },
        { "C1 in UTF-8 (CSI)", S("\302\233m"), "\\xc2\\x9bm" },
        { "C1 as a bare byte", S("\233m"), "\\x9bm" },
        { "beyond C1 is text", S("\302\240\303\251\342\202\254\360\237\230\200"),
          "\302\240\303\251\342\202\254\360\237\230\200" },
        { "overlong slash", S("\300\257"), "\\xc0\\xaf" },
        { "overlong in three", S("\340\200\257"), "\\xe0\\x80\\xaf" },
        { "surrogate", S("\355\240\200"), "\\xed\\xa0\\x80" },
        { "above U+10FFFF", S("\364\220\200\200"), "\\xf4\\x90\\x80\\x80" },
        { "cut short at the end", S("a\342\202"), "a\\xe2\\x82" },
        { "cut short by text", S("\342\202x"), "\\xe2\\x82x" },
        { "right-to-left override", S("a\342\200\256b"), "a\\xe2\\x80\\xaeb" },
        { "isolate", S("\342\201\246"), "\\xe2\\x81\\xa6" },
        { "line separator", S("\342\200\250"), "\\xe2\\x80\\xa8" },
        { "dashes and quotes stay", S("\342\200\223\342\200\234"), "\342\200\223\342\200\234" },
#undef S
};

static void untrusted_text_is_harmless(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(escapes); i++) {
                CLEANUP(text_done) struct text t = { 0 }, again = { 0 };

                text_escape(&t, escapes[i].in, escapes[i].len);
                if (t.failed || !streq(t.s, escapes[i].want))
                        fail_msg("%s: got %s", escapes[i].why, t.s);
                text_escape(&again, t.s, t.len);
                if (!streq(again.s, t.s))
                        fail_msg("%s: escaping twice changed it", escapes[i].why);
        }
}

static void any_byte_is_escaped_without_overrun(void **state)
{
        (void)state;
        for (unsigned i = 0; i < 1 << 16; i++) {
                CLEANUP(text_done) struct text t = { 0 };
                CLEANUP(freep) char *in = malloc(2);   /* exact, for the address sanitizer */

                assert_non_null(in);
                in[0] = (char)(i >> 8);
                in[1] = (char)i;
                text_escape(&t, in, 2);
                assert_false(t.failed);
                for (size_t k = 0; k < t.len; k++)
                        assert_false((unsigned char)t.s[k] < 0x20 || t.s[k] == 0x7f);
        }
}

static void arena_escape_cuts_between_characters(void **state)
{
        static const struct { const char *why, *in; size_t max; const char *want; } T[] = {
                { "fits", "abc", 3, "abc" },
                { "cut", "abcd", 3, "abc..." },
                { "not inside a character", "ab\342\202\254", 4, "ab..." },
                { "just behind a character", "\342\202\254x", 3, "\342\202\254..." },
                { "a cut to nothing", "abc", 0, "..." },
        };
        CLEANUP(arena_freep) struct arena *a = NULL;

        (void)state;
        assert_int_equal(arena_new(4096, &a), 0);
        assert_null(arena_escape(a, NULL, 0, 10));
        for (size_t i = 0; i < ARRAY_SIZE(T); i++) {
                const char *got = arena_escape(a, T[i].in, strlen(T[i].in), T[i].max);

                if (!streq(got, T[i].want))
                        fail_msg("%s: got %s", T[i].why, got);
        }
}

static void what_fits_is_whole(void **state)
{
        static const struct { const char *s, *fits[8]; } rows[] = {
                { "abc", { "", "a", "ab", "abc", "abc", "abc", "abc", "abc" } },
                { "a\xc3\xa9z", { "", "a", "a", "a\xc3\xa9", "a\xc3\xa9z", "a\xc3\xa9z", "a\xc3\xa9z", "a\xc3\xa9z" } },
                { "\xf0\x9f\x98\x80!", { "", "", "", "", "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80!", "\xf0\x9f\x98\x80!", "\xf0\x9f\x98\x80!" } },
                { NULL, { "", "", "", "", "", "", "", "" } },
        };
        char buf[8];

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
                for (size_t size = 1; size <= 8; size++) {
                        memset(buf, 'x', sizeof buf);
                        text_fit(buf, size, rows[i].s);
                        assert_string_equal(buf, rows[i].fits[size - 1]);
                }
}

static void text_grows(void **state)
{
        CLEANUP(text_done) struct text t = { 0 };

        (void)state;
        text_add(&t, NULL);
        text_add(&t, "");
        assert_string_equal(t.s, "");
        for (int i = 0; i < 1000; i++)
                text_addf(&t, "%03d,", i);
        assert_int_equal(t.len, 4000);
        assert_int_equal(strlen(t.s), 4000);
        assert_memory_equal(t.s + 3992, "998,999,", 9);
}

static void text_has_an_end(void **state)
{
        CLEANUP(text_done) struct text t = { 0 };
        CLEANUP(freep) char *mib = calloc(1, 1 << 20);

        (void)state;
        assert_non_null(mib);
        for (int i = 0; i < 63; i++)
                text_addn(&t, mib, 1 << 20);
        assert_false(t.failed);
        text_addn(&t, mib, SIZE_MAX);
        assert_true(t.failed);
        text_add(&t, "x");
        assert_int_equal(t.len, 63 << 20);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(untrusted_text_is_harmless),
                cmocka_unit_test(any_byte_is_escaped_without_overrun),
                cmocka_unit_test(arena_escape_cuts_between_characters),
                cmocka_unit_test(what_fits_is_whole),
                cmocka_unit_test(text_grows),
                cmocka_unit_test(text_has_an_end),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
