/* What stands before a line, and how lines become messages: boxes, carriers of logs whole and broken, headers, bounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>
#include "../../agent/iam/error_parts.h"

#define CRI "2026-01-01T00:00:00.000000000Z"
#define TIME "2026-01-01T00:00:00Z "
#define SIDE "\xe2\x94\x82"
#define TOP "\xe2\x95\xb7"
#define BOTTOM "\xe2\x95\xb5"

/* ---- prefixes ---- */

static const struct { const char *why, *prefix, *rest; bool partial; } prefixes[] = {
        { "a comment", "#", " x", false },
        { "a mark alone", "#", "", false },
        { "a tab behind a mark", "#", "\tx", false },
        { "a line end behind a mark", ">", "\nx", false },
        { "a C++ comment", "//", " x", false },
        { "a word that begins with a mark", "", "#x", false },
        { "the half of a mark", "", "\xe2\x94", false },
        { "nothing", "", "", false },
        { "blanks before a mark", " \t|", " x", false },
        { "four marks at most", "# > | #", " # x", false },
        { "CRI", CRI " stderr F ", "x", false },
        { "CRI, standard output", CRI " stdout F ", "x", false },
        { "CRI, a line that goes on", CRI " stdout P ", "x", true },
        { "CRI, an empty line", CRI " stderr F ", "", false },
        { "CRI without its tag: a time", CRI " ", "stderr", false },
        { "CRI, another tag", CRI " ", "stderr X x", false },
        { "CRI, no blank behind the tag", CRI " ", "stderr Fx y", false },
        { "CRI, another stream", CRI " ", "stdlog F x", false },
        { "CRI, only the time", "", CRI, false },
        { "CRI, a time of nineteen bytes", "2026-01-01T00:00:00 ", "stderr P x", false },
        { "digits without an end", "", "000000000000000000000000000000000000000000000000000000000000 stderr F x", false },
        { "docker compose", "web-1  | ", "x", false },
        { "docker compose, a name of all kinds", "My_app.web-1 | ", "x", false },
        { "docker compose, and a comment", "web-1  | #", " x", false },
        { "docker compose without the blank", "", "web-1  |x", false },
        { "docker compose without its bar", "", "web-1  x", false },
        { "docker compose, cut behind the bar", "", "web-1  |", false },
        { "docker compose, cut before the bar", "", "web-1  ", false },
        { "a bar at the word", "", "web-1| x", false },
        { "a time", TIME, "x", false },
        { "a time with a blank", "2026-01-01 00:00:00 ", "x", false },
        { "a time with slashes", "2026/01/01 00:00:00 ", "x", false },
        { "a time with a comma", "2026-01-01 00:00:00,123 ", "x", false },
        { "a time with two blanks", "", "2026-01-01  00:00:00 x", false },
        { "a time without minutes", "", "2026-01-01T000000.000Z x", false },
        { "a time without hyphens", "", "20260101T00:00:00.000Z x", false },
        { "a time with a comma for a hyphen", "", "2026,01-01T00:00:00 x", false },
        { "a time that goes on in a word", "", "2026-01-01T00:00:00Zx y", false },
        { "a host and a program with its process", TIME "web app[1]: ", "x", false },
        { "words behind a time that are no program", TIME, "ERROR x: y", false },
        { "a time alone", "", "2026-01-01T00:00:00Z", false },
        { "two blanks behind a time", TIME, " x", false },
        { "a log stream", TIME "web/app/0123 ", "x", false },
        { "a log stream, and nothing behind it", TIME, "web/app/0123", false },
        { "a short word with a slash", TIME, "a/b x", false },
        { "a word without a slash", TIME, "webapp0123 x", false },
        { "a path", TIME, "/var/log/web x", false },
        { "a quoted word", TIME, "\"web/app/0123\" x", false },
        { "a URL", TIME, "https://example.com/ x", false },
        { "a system log", "Jan  1 00:00:00 host web[7]: ", "x", false },
        { "a system log with a full time", "2026-01-01T00:00:00.000000+00:00 host web[7]: ", "x", false },
        { "a system log's program without a process", "Jan  1 00:00:00 ", "host kernel: x", false },
        { "a system log, only two words", "Jan  1 00:00:00 ", "host web x", false },
        { "a system log, one word", "Jan  1 00:00:00 ", "x", false },
        { "a system log's time alone", "", "Jan  1 00:00:00 ", false },
        { "a system log, lower case", "", "jan  1 00:00:00 host web[7]: x", false },
        { "a system log, a digit", "", "1an  1 00:00:00 host web[7]: x", false },
        { "a system log, broken at the month", "", "Janx 1 00:00:00 host web[7]: x", false },
        { "a system log, broken at the day", "", "Jan  1x00:00:00 host web[7]: x", false },
        { "a system log, broken at the hour", "", "Jan  1 00x00:00 host web[7]: x", false },
        { "a system log, broken at the minute", "", "Jan  1 00:00x00 host web[7]: x", false },
        { "a system log, broken at the second", "", "Jan  1 00:00:00xhost web[7]: x", false },
};

static void prefixes_are_found(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++) {
                char line[256];
                int len = snprintf(line, sizeof line, "%s%s", prefixes[i].prefix, prefixes[i].rest);
                bool partial = !prefixes[i].partial;
                size_t n = error_prefix(line, (size_t)len, &partial);

                if (n != strlen(prefixes[i].prefix) || partial != prefixes[i].partial)
                        fail_msg("%s: %zu bytes%s, not %zu", prefixes[i].why, n, partial ? ", partial" : "", strlen(prefixes[i].prefix));
        }
}

/* A word of any length is no container's name and no host. */
static void names_are_bounded(void **state)
{
        char line[512];
        bool partial;
        int len;

        (void)state;
        len = snprintf(line, sizeof line, "%0128d | x", 1);
        assert_int_equal(error_prefix(line, (size_t)len, &partial), strlen(line) - 1);
        len = snprintf(line, sizeof line, "%0129d | x", 1);
        assert_int_equal(error_prefix(line, (size_t)len, &partial), 0);
        len = snprintf(line, sizeof line, TIME "web/%0123d x", 1);
        assert_int_equal(error_prefix(line, (size_t)len, &partial), strlen(line) - 1);
        len = snprintf(line, sizeof line, TIME "web/%0130d x", 1);
        assert_int_equal(error_prefix(line, (size_t)len, &partial), strlen(TIME));
}

static const struct { const char *line; size_t len, n; unsigned number; } numbers[] = {
        { "12: x", 5, 3, 12 }, { "12. x", 5, 3, 12 },  { "  7) x", 6, 4, 7 },      { "12|x", 4, 3, 12 }, { "12\tx", 4, 3, 12 }, { "999999 x", 8, 7, 999999 },
        { "12", 2, 0, 77 },    { "12\0x", 4, 0, 77 },  { "1234567: x", 10, 0, 77 }, { "x: 1", 4, 0, 77 }, { "12x", 3, 0, 77 },   { "", 0, 0, 77 },
};

static void line_numbers_are_found(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
                unsigned number = 77;

                assert_int_equal(error_line_number(numbers[i].line, numbers[i].len, &number), numbers[i].n);
                assert_int_equal(number, numbers[i].number);
        }
}

/* ---- a plain line ---- */

static const struct { const char *why, *text, *plain; } plains[] = {
        { "a line that a shell continues", "aws sns \\\npublish", "aws sns publish" },
        { "escapes", "a\\tb\\u0027c\\\"d\\/e\\\\f", "a b'c\"d/e\\f" },
        { "escapes of what is no character here", "\\u00zz \\u0007", "\\u00zz \\u0007" },
        { "a line end first", "\nx", "x" },
        { "numbered lines", "11: a\n12: b\n13: c", "11: a b c" },
        { "numbers with a gap", "11: a\n13: b", "11: a 13: b" },
        { "an ARN of its own line", "x\narn:aws:sns:eu-west-\n1:111122223333:t", "x arn:aws:sns:eu-west-1:111122223333:t" },
        { "a quoted ARN", "x \"arn:aws:sns:eu-west-\n1:t\"", "x \"arn:aws:sns:eu-west-1:t\"" },
        { "an ARN in single quotes", "x 'arn:aws:sns:eu-west-\n1:t'", "x 'arn:aws:sns:eu-west-1:t'" },
        { "an ARN that goes on with a letter", "arn:aws:sns:eu-west-1:1:a-\nb", "arn:aws:sns:eu-west-1:1:a-b" },
        { "an ARN that ends in a hyphen", "arn:aws:sns:eu-west-1:1:a-\nbecause no policy", "arn:aws:sns:eu-west-1:1:a- because no policy" },
        { "a word that ends in a hyphen", "x well-\nknown", "x well- known" },
        { "a word of the sentence", "x identity-\nbased", "x identity-based" },
        { "a word that a terminal cut", "is not autho\nrized to perform", "is not authorized to perform" },
        { "a word that was not cut", "to permit\nform", "to permit form" },
        /* The first line keeps its mark. */
        { "both sides of a box", SIDE " a    " SIDE "\n" SIDE " b    " SIDE "\nc", SIDE " a b c" },
};

static void texts_become_plain(void **state)
{
        CLEANUP(arena_freep) struct arena *a = NULL;

        (void)state;
        assert_int_equal(arena_new((size_t)1 << 20, &a), 0);
        for (size_t i = 0; i < ARRAY_SIZE(plains); i++) {
                const char *got = error_plain(a, plains[i].text, strlen(plains[i].text));

                if (!streq(got, plains[i].plain))
                        fail_msg("%s: \"%s\", not \"%s\"", plains[i].why, got, plains[i].plain);
        }
}

/* ---- messages: '^' stands between two ---- */

#define DOCKER(log) "{\"log\":\"" log "\",\"stream\":\"stderr\",\"time\":\"" CRI "\"}"

static const struct { const char *why, *lines, *messages; } streams[] = {
        { "CRLF", "a\r\n\r\nb\r\nc\r\n", "a^b^c" },
        { "CRLF in a message", "User: arn:aws:x is not\r\nauthorized\r\n", "User: arn:aws:x is not\nauthorized" },
        { "blank lines", "\n \n\t\na\n\n\n \nb\n\n", "a^b" },
        { "a blank line of a carrier", "web-1  | a\nweb-1  |  \nweb-1  | b", "a^b" },
        { "Docker, a cut line", DOCKER("User: arn:") "\n" DOCKER("aws:x\\n"), "User: arn:aws:x" },
        { "Docker, cut to one byte", DOCKER("x") "\n" DOCKER("y\\n") "\n" DOCKER("z\\n"), "xy^z" },
        { "Docker, an empty line", DOCKER("a\\n") "\n" DOCKER("\\n") "\n" DOCKER("  b\\n"), "a^  b" },
        { "Docker, escapes stay", DOCKER("{\\\"a\\\":\\\"b\\\"}\\n"), "{\\\"a\\\":\\\"b\\\"}" },
        { "Docker's head without its tail", "{\"log\":\"a\\n\"}\nb", "{\"log\":\"a\\n\"}^b" },
        { "CRI, three pieces", CRI " stderr P a\n" CRI " stderr P b\n" CRI " stderr F c\n" CRI " stderr F d", "abc^d" },
        { "a log stream", TIME "web/app/0123 User: arn:aws:x is not\n" TIME "web/app/0123 authorized", "User: arn:aws:x is not\nauthorized" },
        { "a box", TOP "\n" SIDE " Error: AccessDenied\n" SIDE "\n" SIDE "   with aws_x\n" BOTTOM "\nnext",
          TOP "\n" SIDE " Error: AccessDenied\n" SIDE "\n" SIDE "   with aws_x^" BOTTOM "^next" },
        { "two boxes", TOP "\n" SIDE " Error: a\n" TOP "\n" SIDE " Error: b", TOP "\n" SIDE " Error: a^" TOP "\n" SIDE " Error: b" },
        { "an open end in a box", SIDE " a\n" SIDE " calling:\n" SIDE " Error: b", SIDE " a\n" SIDE " calling:\n" SIDE " Error: b" },
        { "messages in a box", SIDE " Error: a\n" SIDE "   with x\n" SIDE " Error: b\n" SIDE " User: c", SIDE " Error: a\n" SIDE "   with x^" SIDE " Error: b^" SIDE " User: c" },
        { "a box behind text", "Error: a\n" SIDE " Error: b\n" SIDE " c", "Error: a^" SIDE " Error: b\n" SIDE " c" },
        { "a quotation of messages", "> ERROR one\n> ERROR two\n>   more", "> ERROR one^> ERROR two\n>   more" },
        { "ECS, wrapped", "(service web) failed (error ECS was unable\nto assume the role\n'arn:aws:x'", "(service web) failed (error ECS was unable\nto assume the role\n'arn:aws:x'" },
        { "a sentence behind a cut value", "User: arn:aws:x/...\nis not authorized to perform: a:b", "User: arn:aws:x/...\nis not authorized to perform: a:b" },
        { "addresses begin log lines", "192.0.2.1 - - GET /arn:aws:s3:::x\n192.0.2.1 - - 403", "192.0.2.1 - - GET /arn:aws:s3:::x^192.0.2.1 - - 403" },
        { "times begin log lines", "x not authorized\n00:00:00.000 y", "x not authorized^00:00:00.000 y" },
        { "an account goes on", "User: arn:aws:iam:\n111122223333:user/x y", "User: arn:aws:iam:\n111122223333:user/x y" },
        { "a line behind a box", SIDE " x\nWell", SIDE " x^Well" },
        { "headers", "HTTP/1.1 403 Forbidden\nContent-Type: application/xml\nx-amzn-RequestId: 1\nWell",
          "HTTP/1.1 403 Forbidden\nContent-Type: application/xml\nx-amzn-RequestId: 1^Well" },
        { "no header: a word", "HTTP/1.1 403 Forbidden\nForbidden", "HTTP/1.1 403 Forbidden^Forbidden" },
        { "no header: two words", "HTTP/1.1 403 Forbidden\nAll is: well", "HTTP/1.1 403 Forbidden^All is: well" },
        { "no header: no value", "HTTP/1.1 403 Forbidden\nDate:", "HTTP/1.1 403 Forbidden^Date:" },
        { "no header: no blank", "HTTP/1.1 403 Forbidden\nDate:x", "HTTP/1.1 403 Forbidden^Date:x" },
        { "no header: no name", "HTTP/1.1 403 Forbidden\n: x", "HTTP/1.1 403 Forbidden^: x" },
        { "no header without a status", "Well\nServer: x", "Well^Server: x" },
        { "headers end", "HTTP/1.1 403 Forbidden\ncaused by it\nServer: x", "HTTP/1.1 403 Forbidden\ncaused by it^Server: x" },
        { "JSON that is cut, and more of it", "{\n\"a\": {\n{\"b\":1}", "{\n\"a\": {^{\"b\":1}" },
        { "JSON that is cut, and an error", "{\n\"a\": {\nERROR x", "{\n\"a\": {^ERROR x" },
        { "braces in strings", "{\n\"a\": \"}\\\"}\",\n\"b\": 1\n}\nnext", "{\n\"a\": \"}\\\"}\",\n\"b\": 1\n}^next" },
        { "XML", "<Error>\n<Code>AccessDenied</Code>\n</Error>\nWell", "<Error>\n<Code>AccessDenied</Code>\n</Error>^Well" },
        { "quoted lines", "\"a\"\n\"b\"\nWell", "\"a\"\n\"b\"^Well" },
        { "goes on with a bracket", "AccessDenied for it\n(request 1)", "AccessDenied for it\n(request 1)" },
        { "goes on with a quote", "AccessDenied for it\n\"x\"", "AccessDenied for it\n\"x\"" },
        { "goes on with a digit", "AccessDenied for it\n403", "AccessDenied for it\n403" },
        { "a sentence ended", "AccessDenied for it.\n(request 1)", "AccessDenied for it.^(request 1)" },
        { "nothing of AWS began", "Refused for it\n(request 1)", "Refused for it^(request 1)" },
        { "blanks behind an open end", "authorized to \t\nPerform", "authorized to \t\nPerform" },
};

/* Gives the lines to a splitter; its messages, with '^' between them. */
static void split_lines(const char *lines, struct text *got)
{
        CLEANUP(error_split_freep) struct error_split *split = NULL;
        const char *message;
        size_t len;

        assert_int_equal(error_split_new(&split), 0);
        for (const char *s = lines; *s; s += strcspn(s, "\n"), s += *s == '\n')
                if (error_split_line(split, s, strcspn(s, "\n"), &message, &len)) {
                        text_add(got, got->s ? "^" : "");
                        text_addn(got, message, len);
                }
        if (error_split_end(split, &message, &len)) {
                text_add(got, got->s ? "^" : "");
                text_addn(got, message, len);
        }
        assert_false(error_split_end(split, &message, &len));
}

static void lines_become_messages(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(streams); i++) {
                CLEANUP(text_done) struct text got = { 0 };

                split_lines(streams[i].lines, &got);
                if (!streq(got.s ? got.s : "", streams[i].messages))
                        fail_msg("%s: %s, not %s", streams[i].why, got.s, streams[i].messages);
        }
}

/* A line longer than a message is cut; cut to blanks, it is open for nothing. */
static void long_lines_are_cut(void **state)
{
        CLEANUP(error_split_freep) struct error_split *split = NULL;
        CLEANUP(freep) char *line = malloc(ERROR_TEXT_MAX + 1);
        const char *message;
        size_t len;

        (void)state;
        memset(line, ' ', ERROR_TEXT_MAX);
        line[ERROR_TEXT_MAX] = 'x';
        assert_int_equal(error_split_new(&split), 0);
        assert_false(error_split_line(split, line, ERROR_TEXT_MAX + 1, &message, &len));
        assert_true(error_split_line(split, "Well", 4, &message, &len));
        assert_int_equal(len, ERROR_TEXT_MAX);
        assert_memory_equal(message, line, ERROR_TEXT_MAX);
        assert_true(error_split_end(split, &message, &len));
        assert_int_equal(len, 4);
        assert_memory_equal(message, "Well", 4);
        error_split_free(NULL);
}

/* With one line more than a message may have the next one begins, though it would go on. */
static void many_lines_are_cut(void **state)
{
        CLEANUP(error_split_freep) struct error_split *split = NULL;
        const char *message;
        size_t len;

        (void)state;
        assert_int_equal(error_split_new(&split), 0);
        for (int i = 0; i < ERROR_LINES_MAX; i++)
                assert_false(error_split_line(split, " a", 2, &message, &len));
        assert_true(error_split_line(split, " b", 2, &message, &len));
        assert_int_equal(len, 3 * ERROR_LINES_MAX - 1);
        assert_true(error_split_end(split, &message, &len));
        assert_int_equal(len, 2);
        assert_memory_equal(message, " b", 2);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(prefixes_are_found),
                cmocka_unit_test(names_are_bounded),
                cmocka_unit_test(line_numbers_are_found),
                cmocka_unit_test(texts_become_plain),
                cmocka_unit_test(lines_become_messages),
                cmocka_unit_test(long_lines_are_cut),
                cmocka_unit_test(many_lines_are_cut),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
