/* Records of both formats of Docker's log files, lines that Docker cut, and denied calls in long lines and other words. */
#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>
#include <cmocka.h>
#include "helper_log_site.h"
#include "rolewatch/io.h"

static const struct json_row { const char *why, *line, *text; int r, priority; int64_t at_us; } json_rows[] = {
        { "whole", "{\"log\":\"a\\u003cb\\n\",\"stream\":\"stderr\",\"time\":\"2026-06-30T17:02:14.5Z\"}", "a<b\n", 0, 3, 1782838934000000 },
        { "with attributes", "{\"log\":\"a\",\"stream\":\"stdout\",\"attrs\":{\"k\":\"v\"},\"time\":\"x\"}", "a", 0, 6, 0 },
        { "nothing but a text", "{\"log\":\"\"}", "", 0, -1, 0 },
        { "a stream that is none", "{\"log\":\"a\",\"stream\":\"stdlog\"}", "a", 0, -1, 0 },
        { "no text", "{\"stream\":\"stdout\"}", NULL, -EBADMSG, 0, 0 },
        { "a text that is none", "{\"log\":7}", NULL, -EBADMSG, 0, 0 },
        { "cut", "{\"log\":\"a", NULL, -EBADMSG, 0, 0 },
        { "not JSON", "a", NULL, -EBADMSG, 0, 0 },
        { "empty", "", NULL, -EBADMSG, 0, 0 },
};

static void json_records(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(json_rows); i++) {
                const struct json_row *row = &json_rows[i];
                CLEANUP(arena_freep) struct arena *a = NULL;
                struct log_record x;

                print_message("%s\n", row->why);
                assert_int_equal(arena_new(EVIDENCE_MEMORY, &a), 0);
                assert_int_equal(log_json_parse(a, row->line, strlen(row->line), &x), row->r);
                if (row->r < 0)
                        continue;
                assert_int_equal(x.text.len, strlen(row->text));
                assert_memory_equal(x.text.s, row->text, x.text.len);
                assert_int_equal(x.priority, row->priority);
                assert_int_equal(x.at_us, row->at_us);
                assert_false(x.continues);
        }
}

#define LOCAL(message) message, sizeof message - 1
static const struct local_row { const char *why, *message; size_t len; const char *text; int priority; bool continues; } local_rows[] = {
        { "whole", LOCAL("\x0a\x06stderr\x10\x80\x80\x01\x1a\x03" "abc"), "abc", 3, false },
        { "empty", LOCAL(""), "", -1, false },
        { "the first part", LOCAL("\x1a\x01" "a\x20\x01\x2a\x05\x12\x01" "x\x18\x01"), "a", -1, true },
        { "a part of which nothing says that it is the last", LOCAL("\x1a\x01" "a\x20\x01"), "a", -1, true },
        { "the last part", LOCAL("\x1a\x01" "a\x20\x01\x2a\x02\x08\x01"), "a", -1, false },
        { "last, but no part", LOCAL("\x1a\x01" "a\x20\x00\x2a\x02\x08\x01"), "a", -1, false },
        { "fields of every type that it does not have", LOCAL("\x39" "12345678" "\x3d" "1234" "\x42\x02xy\x48\x07\x1a\x01" "a"), "a", -1, false },
        { "a text that is a number", LOCAL("\x18\x05"), "", -1, false },
        { "a text beyond the end", LOCAL("\x1a\x05" "a"), NULL, 0, false },
        { "a number without an end", LOCAL("\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), NULL, 0, false },
        { "a key without a value", LOCAL("\x10"), NULL, 0, false },
        { "a length without an end", LOCAL("\x1a\xff"), NULL, 0, false },
        { "eight bytes, of which there are two", LOCAL("\x39" "12"), NULL, 0, false },
        { "four bytes, of which there are two", LOCAL("\x3d" "12"), NULL, 0, false },
        { "a group", LOCAL("\x0b"), NULL, 0, false },
        { "a part that is a number", LOCAL("\x20\x01\x28\x05\x1a\x01" "a"), "a", -1, true },
        { "a part that is malformed", LOCAL("\x20\x01\x2a\x01\x08"), NULL, 0, false },
        { "a key without an end", LOCAL("\x80"), NULL, 0, false },
};

static void local_records(void **state)
{
        static struct bytes b;

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(local_rows); i++) {
                const struct local_row *row = &local_rows[i];
                struct log_record x;

                print_message("%s\n", row->why);
                b.len = 0;
                bytes_add_length(&b, row->len);
                bytes_add(&b, row->message, row->len);
                bytes_add_length(&b, row->len);
                /* As long as it is not whole: wait. */
                for (size_t n = 0; n < b.len; n++)
                        assert_int_equal(log_local_parse(b.s, n, &x), 0);
                assert_int_equal(log_local_parse(b.s, b.len, &x), row->text ? (ssize_t)b.len : -EBADMSG);
                if (row->text) {
                        assert_int_equal(x.text.len, strlen(row->text));
                        assert_memory_equal(x.text.s, row->text, x.text.len);
                        assert_int_equal(x.priority, row->priority);
                        assert_int_equal(x.continues, row->continues);
                }
                b.s[b.len - 1] ^= 1;
                assert_int_equal(log_local_parse(b.s, b.len, &x), -EBADMSG);
        }
        assert_int_equal(log_local_parse("\x7f\xff\xff\xff", 4, &(struct log_record){ .at_us = 0 }), -EBADMSG);
}

static void half_written(void **state)
{
        static struct bytes b;
        CLEANUP(site_freep) struct site *h = site_new(state);

        EACH_KIND(kind) {
                site_restart(h, kind);
                b.len = 0;
                bytes_add_entry(&b, kind, &(struct entry){ DENIED "a", strlen(DENIED "a"), "stderr", clock_wall_s(), 0 });
                for (size_t at = 0; at < b.len; at++) {
                        if (at % 50 == 0)
                                assert_string_equal(site_follow(h), "");
                        site_write_bytes(h, ID, b.s + at, 1);
                }
                assert_string_equal(site_follow(h), "a");
                /* dockerd was killed while it wrote. */
                site_write_bytes(h, ID, b.s, b.len / 2);
                assert_string_equal(site_follow(h), "");
                assert_int_equal(truncate(site_path(h, ID, ""), 0), 0);
                assert_string_equal(site_follow(h), "");
                site_write_denied(h, "b");
                assert_string_equal(site_follow(h), "b");
                site_write_bytes(h, ID, b.s, b.len / 2);
                assert_int_equal(unlink(site_path(h, ID, "")), 0);
                site_write_denied(h, "c");
                assert_string_equal(site_follow(h), "c");
                assert_int_equal(log_files_counts(h->l).records.dropped, 1);
        }
}

/* A line of three parts, of which each cut goes through a denied call. */
static void lines_in_parts(void **state)
{
        static char line[3 * LOG_PART_MIN];
        CLEANUP(site_freep) struct site *h = site_new(state);
        size_t cut = LOG_PART_MIN;

        EACH_KIND(kind) {
                site_restart(h, kind);
                memset(line, 'x', sizeof line);
                memcpy(line + 100, DENIED "a ", strlen(DENIED "a "));
                memcpy(line + cut - 90, DENIED "b ", strlen(DENIED "b "));
                memcpy(line + 2 * cut - 30, DENIED "c ", strlen(DENIED "c "));
                site_write_entry(h, ID, &(struct entry){ line, cut, "stdout", clock_wall_s(), 1 });
                assert_string_equal(site_follow(h), "a");
                site_write_text(h, "in between, on the other stream");
                site_write_entry(h, ID, &(struct entry){ line + cut, cut, "stdout", clock_wall_s(), 1 });
                assert_string_equal(site_follow(h), "b");
                site_write_entry(h, ID, &(struct entry){ line + 2 * cut, 500, "stdout", clock_wall_s(), 2 });
                assert_string_equal(site_follow(h), "c");
                /* The line has ended: what comes is another one. */
                site_write_entry(h, ID, &(struct entry){ line + cut, 200, "stdout", clock_wall_s(), 0 });
                assert_string_equal(site_follow(h), "");
                /* A part that nothing follows. */
                site_write_entry(h, ID, &(struct entry){ line, cut, "stdout", clock_wall_s(), 1 });
                assert_string_equal(site_follow(h), "a");
        }
}

/* A cut repeats nothing and hides nothing: what is near it on either side, and what it goes through anywhere. */
static void near_a_cut(void **state)
{
        static char line[3 * LOG_PART_MIN];
        CLEANUP(site_freep) struct site *h = site_new(state);
        const size_t cut = LOG_PART_MIN;

        EACH_KIND(kind) {
                for (size_t before = 0; before < 300; before += 11) {
                        site_restart(h, kind);
                        memset(line, ' ', sizeof line);
                        memcpy(line + cut - before, DENIED "a ", strlen(DENIED "a "));
                        memcpy(line + cut + 6000, DENIED "b ", strlen(DENIED "b "));
                        site_write_entry(h, ID, &(struct entry){ line, cut, "stdout", clock_wall_s(), 1 });
                        site_write_entry(h, ID, &(struct entry){ line + cut, cut, "stdout", clock_wall_s(), 2 });
                        assert_string_equal(site_follow(h), "ab");
                }
                /* Nothing in the second part looks like a denied call. */
                site_restart(h, kind);
                memset(line, ' ', sizeof line);
                memcpy(line + cut - strlen(DENIED) + 10, DENIED "a", strlen(DENIED "a"));
                site_write_entry(h, ID, &(struct entry){ line, cut, "stdout", clock_wall_s(), 1 });
                assert_string_equal(site_follow(h), "");
                site_write_entry(h, ID, &(struct entry){ line + cut, 20, "stdout", clock_wall_s(), 2 });
                assert_string_equal(site_follow(h), "a");
                /* What was found in the first part is found once; and after truncation nothing goes on. */
                site_restart(h, kind);
                memset(line, ' ', sizeof line);
                memcpy(line + cut - 5000, DENIED "a ", strlen(DENIED "a "));
                site_write_entry(h, ID, &(struct entry){ line, cut, "stdout", clock_wall_s(), 1 });
                site_write_entry(h, ID, &(struct entry){ line + cut, 20, "stdout", clock_wall_s(), 2 });
                assert_string_equal(site_follow(h), "a");
                memset(line, ' ', sizeof line);
                memcpy(line + cut - strlen(DENIED), DENIED "b", strlen(DENIED "b"));
                site_write_entry(h, ID, &(struct entry){ line, cut, "stdout", clock_wall_s(), 1 });
                assert_string_equal(site_follow(h), "");
                assert_int_equal(truncate(site_path(h, ID, ""), 0), 0);
                site_write_entry(h, ID, &(struct entry){ line + cut, 20, "stdout", clock_wall_s(), 0 });
                assert_string_equal(site_follow(h), "");
                /* The lines of both streams have parts: what is known of the one by then is not lost. */
                site_restart(h, kind);
                memset(line, ' ', sizeof line);
                site_write_entry(h, ID, &(struct entry){ line, cut, "stdout", clock_wall_s(), 1 });
                memcpy(line + cut - 1000, DENIED "c ", strlen(DENIED "c "));
                site_write_entry(h, ID, &(struct entry){ line, cut, "stderr", clock_wall_s(), 1 });
                assert_string_equal(site_follow(h), "");
                memset(line + cut - 1000, ' ', 1000);
                site_write_entry(h, ID, &(struct entry){ line, cut, "stdout", clock_wall_s(), 1 });
                assert_string_equal(site_follow(h), "c");
                assert_int_equal(h->priority, 3);
        }
}

/* Other words like those of a denied call come first. */
static void other_words_before_it(void **state)
{
        static const char other[] = "java.nio.file.AccessDeniedException: /var/lib/x ";
        static char line[200000];
        CLEANUP(site_freep) struct site *h = site_new(state);

        memset(line, ' ', sizeof line);
        for (int i = 0; i < LOG_TEXTS_OF_RECORD - 2; i++)
                memcpy(line + 100 + (size_t)i * 30000, other, strlen(other));
        memcpy(line + 150000, DENIED "a ", strlen(DENIED "a "));
        memcpy(line + 156000, DENIED "b ", strlen(DENIED "b "));
        memcpy(line + 190000, DENIED "c ", strlen(DENIED "c "));
        EACH_KIND(kind) {
                site_restart(h, kind);
                site_write_entry(h, ID, &(struct entry){ line, sizeof line, "stdout", clock_wall_s(), 0 });
                assert_string_equal(site_follow(h), "ab");
        }
}

/* Lines longer than a record may be; a denied call in the midst of one that is not. */
static void long_lines(void **state)
{
        static char line[(size_t)900 << 10];
        CLEANUP(site_freep) struct site *h = site_new(state);

        memset(line, 'x', sizeof line);
        memcpy(line + 150000, DENIED "a ", strlen(DENIED "a "));
        EACH_KIND(kind) {
                site_restart(h, kind);
                site_write_entry(h, ID, &(struct entry){ line, 200000, "stdout", clock_wall_s(), 0 });
                assert_string_equal(site_follow(h), "a");
                site_write_entry(h, ID, &(struct entry){ line, sizeof line, "stdout", clock_wall_s(), 0 });
                site_write_denied(h, "b");
                assert_string_equal(site_follow(h), "b");
                assert_int_equal(log_files_counts(h->l).records.dropped, 1);
        }
}

/* What is no record: of a line one is passed over, and of lengths all that there is by now. */
static void malformed(void **state)
{
        static char filler[(size_t)400 << 10];
        CLEANUP(site_freep) struct site *h = site_new(state);

        EACH_KIND(kind) {
                site_restart(h, kind);
                site_write_bytes(h, ID, "AccessDenied\n\n\0\0\0\n", 18);
                site_write_denied(h, "a");
                assert_string_equal(site_follow(h), kind == BROKER_LOG_JSON_FILE ? "a" : "");
                assert_int_equal(log_files_counts(h->l).records.dropped, 1);
                assert_int_equal(log_files_counts(h->l).passed_over > 0, kind != BROKER_LOG_JSON_FILE);
                site_write_denied(h, "b");
                assert_string_equal(site_follow(h), "b");
        }
        /* Lengths of a record that is too long, and the second one is another; or it has not come yet. */
        memcpy(filler, "\x00\x06\x00\x00", 4);
        site_write_bytes(h, ID, filler, sizeof filler);
        site_write_denied(h, "c");
        assert_string_equal(site_follow(h), "");
        assert_int_equal(log_files_counts(h->l).records.dropped, 2);
        memcpy(filler, "\x00\x07\x00\x00", 4);
        site_write_bytes(h, ID, filler, sizeof filler);
        assert_string_equal(site_follow(h), "");
        assert_int_equal(log_files_counts(h->l).records.dropped, 2);
        memset(filler, 0, 4);
        site_write_bytes(h, ID, filler, sizeof filler);
        assert_string_equal(site_follow(h), "");
        assert_int_equal(log_files_counts(h->l).records.dropped, 3);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(json_records), cmocka_unit_test(local_records), cmocka_unit_test(half_written),
                cmocka_unit_test(lines_in_parts), cmocka_unit_test(near_a_cut), cmocka_unit_test(other_words_before_it),
                cmocka_unit_test(long_lines), cmocka_unit_test(malformed),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
