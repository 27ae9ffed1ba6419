/* Log files that are renamed, rotated, deleted or cannot be read while they are followed. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>
#include "helper_log_site.h"
#include "rolewatch/io.h"

/* As Docker rotates; and what is written last to the old file is read, however it goes on with that. */
static void rotated(void **state)
{
        static const char *const ways[] = { "renamed", "renamed and compressed", "deleted", "truncated" };
        CLEANUP(site_freep) struct site *h = site_new(state);

        EACH_KIND(kind)
                for (size_t way = 0; way < ARRAY_SIZE(ways); way++) {
                        char to[300];

                        print_message("%s\n", ways[way]);
                        site_restart(h, kind);
                        site_write_denied(h, "a");
                        assert_string_equal(site_follow(h), "a");
                        if (way < 3)
                                site_write_denied(h, "b");
                        snprintf(to, sizeof to, "%s", site_path(h, ID, ".1"));
                        if (way < 2)
                                assert_int_equal(rename(site_path(h, ID, ""), to), 0);
                        if (way == 1)
                                assert_int_equal(unlink(to), 0);
                        if (way == 2)
                                assert_int_equal(unlink(site_path(h, ID, "")), 0);
                        if (way == 3)
                                assert_int_equal(truncate(site_path(h, ID, ""), 0), 0);
                        site_write_denied(h, "c");
                        assert_string_equal(site_follow(h), way < 3 ? "bc" : "c");
                        site_write_denied(h, "d");
                        assert_string_equal(site_follow(h), "d");
                        assert_int_equal(log_files_counts(h->l).records.dropped, 0);
                }
}

/*
 * Docker fills files faster than they are read. The one that is being read is read to its end; then the newest follows. What was in
 * one between them is counted.
 */
static void rotated_while_behind(void **state)
{
        CLEANUP(site_freep) struct site *h = site_new(state);

        EACH_KIND(kind) {
                size_t between;

                site_restart(h, kind);
                h->reported = 0;
                site_write_much(h, 2);
                site_write_denied(h, "a");
                site_rename(h, ".1");
                site_write_much(h, 1);
                site_follow_once(h);
                site_write_denied(h, "b");
                between = site_size(h);
                site_rename(h, ".2");
                site_write_denied(h, "c");
                usleep(1100000);
                site_follow_once(h);
                assert_int_equal(h->reported, 0);
                assert_int_equal(site_passed_over(h), between);
                assert_string_equal(site_follow(h), "ac");
                site_write_denied(h, "d");
                assert_string_equal(site_follow(h), "d");
                assert_int_equal(site_passed_over(h), between);
                assert_int_equal(log_files_counts(h->l).records.dropped, 0);
                /* Truncated, as Docker does if it may have one file only: what was seen of it is counted. */
                site_write_much(h, 2);
                site_follow_once(h);
                between += site_size(h);
                assert_int_equal(truncate(site_path(h, ID, ""), 0), 0);
                site_write_denied(h, "e");
                assert_string_equal(site_follow(h), "e");
                assert_in_range(site_passed_over(h), between - LOG_BYTES_AT_ONCE - LOG_RECORD_MAX, between - 1);
                /* The reader ends with both open. */
                site_write_much(h, 2);
                site_rename(h, ".1");
                site_write_denied(h, "f");
                site_follow_once(h);
                unlink(site_path(h, ID, ".1"));
                unlink(site_path(h, ID, ".2"));
        }
}

/* Else it would occupy the disk. It is read to its end and while Docker goes on with it; another one of its name is read from its start. */
static void deleted(void **state)
{
        static struct bytes b;
        CLEANUP(site_freep) struct site *h = site_new(state);

        EACH_KIND(kind) {
                size_t before;
                int fd;

                site_restart(h, kind);
                before = open_descriptors();
                site_write_much(h, 2);
                site_write_denied(h, "a");
                fd = open(site_path(h, ID, ""), O_WRONLY | O_APPEND | O_CLOEXEC);
                assert_int_equal(unlink(site_path(h, ID, "")), 0);
                site_follow_once(h);
                assert_string_equal(site_follow(h), "a");
                assert_int_equal(log_files_counts(h->l).files, 1);
                b.len = 0;
                bytes_add_entry(&b, kind, &(struct entry){ DENIED "c", strlen(DENIED "c"), "stderr", clock_wall_s(), 0 });
                assert_int_equal(write(fd, b.s, b.len), b.len);
                close(fd);
                assert_int_equal(log_files_process(h->l, site_on_denial, h), 0);
                site_containers(h, ID, NULL);
                assert_string_equal(h->resources, "ac");
                assert_int_equal(log_files_counts(h->l).files, 1);
                assert_string_equal(site_follow(h), "");
                site_containers(h, ID, NULL);
                assert_string_equal(site_follow(h), "");
                assert_int_equal(log_files_counts(h->l).files, 0);
                assert_int_equal(log_files_counts(h->l).without, 0);
                assert_int_equal(open_descriptors(), before - 1);
                site_write_denied(h, "b");
                site_containers(h, ID, NULL);
                assert_string_equal(site_follow(h), "b");
                assert_int_equal(log_files_counts(h->l).files, 1);
                assert_int_equal(site_passed_over(h), 0);
        }
}

/* Where the file cannot be read this is no end: it is an error, until it can be, or until there is another one. */
static void read_errors(void **state)
{
        CLEANUP(site_freep) struct site *h = site_new(state);
        struct broker_request rq;
        struct log_file_counts c;

        h->kind = BROKER_LOG_JSON_FILE;
        assert_int_equal(log_files_open(&h->l), 0);
        log_files_set(h->l, NULL, 0);
        assert_true(log_files_add(h->l, ID));
        assert_true(log_files_next(h->l, &rq));
        log_files_take(h->l, open(h->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        assert_string_equal(site_follow(h), "");
        c = log_files_counts(h->l);
        assert_int_equal(c.failed, 1);
        assert_string_equal(c.failed_id, ID);
        assert_int_equal(c.failed_error, -EISDIR);
        site_write_denied(h, "a");
        /* The next scan's. */
        site_containers(h, ID, NULL);
        assert_string_equal(site_follow(h), "a");
        assert_int_equal(log_files_counts(h->l).failed, 0);
        assert_true(site_passed_over(h) > 0);
}

/* A file that cannot be opened, until it can be. */
static void open_errors(void **state)
{
        CLEANUP(site_freep) struct site *h = site_new(state);
        struct log_file_counts c;

        h->kind = BROKER_LOG_LOCAL;
        site_write_text(h, "it starts");
        assert_int_equal(log_files_open(&h->l), 0);
        h->error = -ELOOP;
        site_containers(h, ID, NULL);
        c = log_files_counts(h->l);
        assert_int_equal(c.failed, 1);
        assert_string_equal(c.failed_id, ID);
        assert_int_equal(c.failed_error, -ELOOP);
        /* The broker is away, which says nothing of the file. */
        h->error = -EPIPE;
        site_containers(h, ID, NULL);
        assert_int_equal(log_files_counts(h->l).failed, 1);
        h->error = 0;
        site_containers(h, ID, NULL);
        assert_int_equal(log_files_counts(h->l).failed, 0);
        assert_int_equal(log_files_counts(h->l).files, 1);
}

/* Nothing shows at the file itself that it is renamed: its change time is as coarse as the kernel's clock. It is checked from time to time. */
static void renamed_without_a_trace(void **state)
{
        CLEANUP(site_freep) struct site *h = site_new(state);
        char directory[256], to[300];

        site_restart(h, BROKER_LOG_LOCAL);
        site_follow(h);
        snprintf(directory, sizeof directory, "%s/%s/local-logs", h->directory, ID);
        snprintf(to, sizeof to, "%s-1", directory);
        assert_int_equal(rename(directory, to), 0);
        assert_int_equal(mkdir(directory, 0755), 0);
        site_write_denied(h, "a");
        assert_string_equal(site_follow(h), "a");
}

/* Renamed by somebody else, and Docker goes on in that file; a hard link; the file comes back later. */
static void renamed_but_written_to(void **state)
{
        CLEANUP(site_freep) struct site *h = site_new(state);
        char to[300];
        struct bytes *b = calloc(1, sizeof *b);
        int fd;

        site_restart(h, BROKER_LOG_LOCAL);
        snprintf(to, sizeof to, "%s", site_path(h, ID, ".old"));
        fd = open(site_path(h, ID, ""), O_WRONLY | O_APPEND | O_CLOEXEC);
        assert_int_equal(rename(site_path(h, ID, ""), to), 0);
        assert_string_equal(site_follow(h), "");
        bytes_add_local(b, &(struct entry){ DENIED "a", strlen(DENIED "a"), "stderr", clock_wall_s(), 0 });
        assert_int_equal(write(fd, b->s, b->len), b->len);
        assert_string_equal(site_follow(h), "a");
        /* Not again before the next scan, or some seconds. */
        h->requests = 0;
        site_follow(h);
        assert_int_equal(h->requests, 0);
        assert_int_equal(link(to, site_path(h, ID, "")), 0);
        site_containers(h, ID, NULL);
        assert_int_equal(h->requests, 1);
        assert_int_equal(write(fd, b->s, b->len), b->len);
        assert_string_equal(site_follow(h), "a");
        assert_int_equal(unlink(site_path(h, ID, "")), 0);
        site_write_denied(h, "b");
        site_containers(h, ID, NULL);
        assert_string_equal(site_follow(h), "b");
        close(fd);
        free(b);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(rotated), cmocka_unit_test(rotated_while_behind), cmocka_unit_test(deleted),
                cmocka_unit_test(read_errors), cmocka_unit_test(open_errors), cmocka_unit_test(renamed_without_a_trace),
                cmocka_unit_test(renamed_but_written_to),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
