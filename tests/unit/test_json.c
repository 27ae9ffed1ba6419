/* json: what is let through to cJSON, and what is taken out of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "rolewatch/base.h"

static void only_whole_tame_texts(void **state)
{
        static const struct { const char *why, *in; size_t len; int r; } T[] = {
#define S(s) s, sizeof s - 1
                { "object", S("{\"a\":1}"), 0 },
                { "white space around", S(" \n{}\r\n\t "), 0 },
                { "duplicates", S("{\"a\":1,\"a\":2}"), 0 },
                { "brackets in strings do not nest", S("{\"a\":\"[[[[{{\\\"{[\"}"), 0 },
                { "an escaped backslash before u0000", S("{\"a\":\"\\\\u0000\"}"), 0 },
                { "nothing", S(""), -EBADMSG },
                { "white space", S("  "), -EBADMSG },
                { "text behind", S("{} x"), -EBADMSG },
                { "two values", S("{}{}"), -EBADMSG },
                { "cut short", S("{\"a\":"), -EBADMSG },
                { "open string", S("{\"a"), -EBADMSG },
                { "open escape", S("\"a\\"), -EBADMSG },
                { "a NUL behind", S("{}\0"), -EBADMSG },
                { "a NUL in a string", S("{\"a\":\"b\0c\"}"), -EBADMSG },
                { "an escaped NUL in a string", S("{\"a\":\"b\\u0000c\"}"), -EBADMSG },
                { "an error page", S("<html>404</html>"), -EBADMSG },
                { "too many ends", S("]]]]"), -EBADMSG },
                { "the largest number", S("{\"a\":[1.7e308,-1.7e308,1e-999]}"), 0 },
                { "a number beyond", S("{\"a\":{\"b\":[1,\"1e999\",1e999]}}"), -EBADMSG },
                { "one below", S("-1e999"), -EBADMSG },
#undef S
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(T); i++) {
                CLEANUP(json_freep) cJSON *j = NULL;
                CLEANUP(freep) char *exact = malloc(T[i].len + !T[i].len);
                int r;

                assert_non_null(exact);
                memcpy(exact, T[i].in, T[i].len);
                r = json_parse(exact, T[i].len, &j);
                if (r != T[i].r || !j != (r < 0))
                        fail_msg("%s: %d", T[i].why, r);
        }
        assert_int_equal(json_parse(NULL, 0, &(cJSON *){ NULL }), -EBADMSG);
}

static void depth_is_bounded(void **state)
{
        (void)state;
        for (size_t depth = JSON_MAX_DEPTH; depth <= JSON_MAX_DEPTH + 1; depth++) {
                CLEANUP(json_freep) cJSON *j = NULL;
                char buf[2 * (JSON_MAX_DEPTH + 1)];

                memset(buf, '[', depth);
                memset(buf + depth, ']', depth);
                assert_int_equal(json_parse(buf, 2 * depth, &j),
                                 depth > JSON_MAX_DEPTH ? -EBADMSG : 0);
        }
}

static void values_are_typed(void **state)
{
        static const char text[] =
                "{\"s\":\"web\",\"e\":\"\",\"n\":null,\"i\":-7,\"big\":9007199254740992,"
                "\"huge\":1e300,\"f\":1.5,\"t\":true,\"o\":{}}";
        static const struct { const char *key; int str, i64; } T[] = {
                { "s", 0, -EBADMSG },   { "e", 0, -EBADMSG },     { "n", -ENOENT, -ENOENT },
                { "i", -EBADMSG, 0 },   { "big", -EBADMSG, 0 },   { "huge", -EBADMSG, -EBADMSG },
                { "f", -EBADMSG, -EBADMSG }, { "t", -EBADMSG, -EBADMSG },
                { "o", -EBADMSG, -EBADMSG },
                { "absent", -ENOENT, -ENOENT }, { "S", -ENOENT, -ENOENT },
        };
        CLEANUP(json_freep) cJSON *j = NULL;
        const char *s = NULL;
        int64_t n = 0;

        (void)state;
        assert_int_equal(json_parse(text, sizeof text - 1, &j), 0);
        for (size_t i = 0; i < ARRAY_SIZE(T); i++)
                if (json_get_str(j, T[i].key, 3, &s) != T[i].str ||
                    json_get_i64(j, T[i].key, &n) != T[i].i64)
                        fail_msg("%s", T[i].key);
        assert_string_equal(s, "");
        assert_true(n == (int64_t)1 << 53);
        assert_int_equal(json_get_str(j, "s", 2, &s), -EBADMSG);
        assert_int_equal(json_get_str(NULL, "s", 2, &s), -ENOENT);
        assert_true(json_get_bool(j, "t", false));
        assert_true(json_get_bool(j, "s", true));
        assert_false(json_get_bool(j, "absent", false));
}

static void lines_are_plain(void **state)
{
        CLEANUP(json_freep) cJSON *j = cJSON_CreateString("a\xc3\xa9\xe2\x80\xae\xf0\x9f\x98\x80\x7f\xf1\"\n"), *again = NULL;
        CLEANUP(freep) char *line = json_line(j);
        CLEANUP(text_done) struct text t = { 0 };

        (void)state;
        assert_string_equal(line, "\"a\\u00e9\\u202e\\ud83d\\ude00\\u007f\\ufffd\\\"\\n\"");
        text_escape(&t, line, strlen(line));
        assert_string_equal(t.s, line);
        again = cJSON_Parse(line);
        assert_string_equal(again->valuestring, "a\xc3\xa9\xe2\x80\xae\xf0\x9f\x98\x80\x7f\xef\xbf\xbd\"\n");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(only_whole_tame_texts),
                cmocka_unit_test(depth_is_bounded),
                cmocka_unit_test(values_are_typed),
                cmocka_unit_test(lines_are_plain),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
