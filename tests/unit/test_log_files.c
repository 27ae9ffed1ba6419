/* Which log files are requested, from where they are read, and how much at once. With a real dockerd: tests/checks/drivers. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>
#include <cmocka.h>
#include "helper_log_site.h"
#include "rolewatch/io.h"

/* From the end of what there is; each denied call once, with whose it is; other lines say nothing. */
static void from_now_on(void **state)
{
        CLEANUP(site_freep) struct site *h = site_new(state);

        EACH_KIND(kind) {
                site_restart(h, kind);
                site_write_denied(h, "a");
                log_files_close(TAKE(h->l));
                site_start(h, kind);
                site_write_text(h, "\"GET /orders HTTP/1.1\" 403 <Forbidden> AccessDenied");
                site_write_denied(h, "b");
                site_write_text(h, "java.nio.file.AccessDeniedException: /var/lib/x");
                assert_string_equal(site_follow(h), "b");
                assert_string_equal(h->container, ID);
                assert_int_equal(h->priority, 3);
                assert_in_range(h->at_us / 1000000, clock_wall_s() - 10, clock_wall_s());
                site_write_text(h, "<Error><Code>AccessDenied</Code><Message>" DENIED "c</Message></Error>");
                site_write_denied(h, "d");
                assert_string_equal(site_follow(h), "cd");
                assert_string_equal(site_follow(h), "");
                assert_int_equal(log_files_counts(h->l).records.reported, 3);
                assert_int_equal(log_files_counts(h->l).records.dropped, 0);
                assert_int_equal(log_files_counts(h->l).files, 1);
        }
}

/* One that is new is read from its start, but not what it wrote before the reader was there. */
static void new_containers(void **state)
{
        CLEANUP(site_freep) struct site *h = site_new(state);
        const char *old = DENIED "a";

        EACH_KIND(kind) {
                site_restart(h, kind);
                unlink(site_path(h, OTHER, ""));
                site_write_entry(h, OTHER, &(struct entry){ old, strlen(old), "stdout", clock_wall_s() - 100, 0 });
                site_write_entry(h, OTHER, &(struct entry){ DENIED "b", strlen(DENIED "b"), "stdout", clock_wall_s(), 0 });
                assert_true(log_files_add(h->l, OTHER));
                assert_false(log_files_add(h->l, OTHER));
                assert_false(log_files_add(h->l, "../" ID));
                site_answer(h);
                assert_string_equal(site_follow(h), "b");
                assert_string_equal(h->container, OTHER);
                assert_int_equal(h->priority, 6);
                assert_int_equal(log_files_counts(h->l).files, 2);
                /* A scan that began before it was there does not list it. */
                site_containers(h, ID, NULL);
                assert_int_equal(log_files_counts(h->l).files, 2);
                site_containers(h, ID, "../../etc");
                assert_int_equal(log_files_counts(h->l).files, 1);
                site_containers(h, NULL, NULL);
                site_containers(h, NULL, NULL);
                assert_int_equal(log_files_counts(h->l).files, 0);
        }
}

/* Whoever is back after two scans without it: what is new, and not the rest once more. */
static void back_again(void **state)
{
        CLEANUP(site_freep) struct site *h = site_new(state);
        struct entry e = { DENIED "a", strlen(DENIED "a"), "stdout", 0, 0 };

        site_restart(h, BROKER_LOG_JSON_FILE);
        e.at_s = clock_wall_s();
        site_write_entry(h, OTHER, &e);
        assert_true(log_files_add(h->l, OTHER));
        site_answer(h);
        assert_string_equal(site_follow(h), "a");
        usleep(2100000);
        for (int i = 0; i < 2; i++)
                site_containers(h, ID, NULL);
        assert_true(log_files_add(h->l, OTHER));
        site_answer(h);
        assert_string_equal(site_follow(h), "");
        assert_int_equal(log_files_counts(h->l).records.received, 1);
        for (int i = 0; i < 2; i++)
                site_containers(h, ID, NULL);
        e = (struct entry){ DENIED "b", strlen(DENIED "b"), "stdout", clock_wall_s(), 0 };
        site_write_entry(h, OTHER, &e);
        assert_true(log_files_add(h->l, OTHER));
        site_answer(h);
        assert_string_equal(site_follow(h), "b");
}

/* The clock of the host is set back: what is written then is new all the same. */
static void a_clock_set_back(void **state)
{
        CLEANUP(site_freep) struct site *h = site_new(state);
        struct entry e = { DENIED "a", strlen(DENIED "a"), "stdout", clock_wall_s() - 3600, 0 };

        EACH_KIND(kind) {
                site_restart(h, kind);
                site_write_entry(h, ID, &e);
                assert_string_equal(site_follow(h), "a");
                unlink(site_path(h, OTHER, ""));
                site_write_entry(h, OTHER, &(struct entry){ DENIED "b", strlen(DENIED "b"), "stdout", clock_wall_s(), 0 });
                site_write_entry(h, OTHER, &e);
                assert_true(log_files_add(h->l, OTHER));
                site_answer(h);
                assert_string_equal(site_follow(h), "ba");
                site_write_entry(h, OTHER, &e);
                assert_string_equal(site_follow(h), "a");
                /* It had no denied call when it was set back. */
                site_restart(h, kind);
                assert_int_equal(truncate(site_path(h, OTHER, ""), 0), 0);
                assert_true(log_files_add(h->l, OTHER));
                site_answer(h);
                assert_string_equal(site_follow(h), "");
                site_write_entry(h, OTHER, &e);
                assert_string_equal(site_follow(h), "a");
        }
}

static void before_the_first_scan(void **state)
{
        CLEANUP(site_freep) struct site *h = site_new(state);

        assert_int_equal(log_files_open(&h->l), 0);
        assert_false(log_files_add(h->l, ID));
        site_answer(h);
        assert_int_equal(h->requests, 0);
        assert_string_equal(site_follow(h), "");
}

/* Some MiB in a second, of all files together, and no more at once than a part of it; of a flood only the end. */
static void floods(void **state)
{
        static struct bytes b;
        CLEANUP(site_freep) struct site *h = site_new(state);
        uint64_t first, before;

        for (size_t i = 0; i < 1000; i++)
                bytes_add_local(&b, &(struct entry){ "nothing that is denied, but a line of some length, as programs write them", 72, "stdout", clock_wall_s(), 0 });
        site_restart(h, BROKER_LOG_LOCAL);
        site_write_entry(h, OTHER, &(struct entry){ "x", 1, "stdout", clock_wall_s(), 0 });
        assert_true(log_files_add(h->l, OTHER));
        site_answer(h);
        site_follow(h);
        first = site_bytes_read(h);
        for (size_t i = 0; i < 70; i++)
                site_write_bytes(h, ID, b.s, b.len);
        site_write_denied(h, "a");
        site_write_entry(h, OTHER, &(struct entry){ DENIED "b", strlen(DENIED "b"), "stdout", clock_wall_s(), 0 });
        while (site_wakes(h, 0))
                assert_in_range(log_files_process(h->l, site_on_denial, h), 0, 1);
        assert_true(site_wakes(h, 1500));
        before = site_bytes_read(h);
        /* A part at once. */
        assert_int_equal(log_files_process(h->l, site_on_denial, h), 1);
        assert_in_range(site_bytes_read(h) - before, 1, LOG_BYTES_AT_ONCE + LOG_RECORD_MAX);
        assert_true(site_wakes(h, 0));
        assert_string_equal(site_follow(h), "");
        assert_in_range(site_bytes_read(h) - before, LOG_BYTES_PER_TICK - LOG_RECORD_MAX, LOG_BYTES_PER_TICK + LOG_RECORD_MAX);
        assert_false(site_wakes(h, 0));
        for (int i = 0; i < 4 && h->reported == 0; i++) {
                assert_true(site_wakes(h, 1500));
                site_follow(h);
        }
        assert_string_equal(h->resources, "a");
        assert_int_equal(log_files_counts(h->l).passed_over, 0);
        assert_in_range(site_bytes_read(h) - first, 70 * b.len, 71 * b.len);
        for (size_t i = 0; i < 200; i++)
                site_write_bytes(h, ID, b.s, b.len);
        assert_string_equal(site_follow(h), "");
        assert_in_range(log_files_counts(h->l).passed_over, 200 * b.len, 201 * b.len);
        site_write_denied(h, "c");
        assert_string_equal(site_follow(h), "c");
}

/* What must be decoded takes longer than what is only read: it is as bounded. */
static void floods_of_denied_calls(void **state)
{
        static struct bytes b;
        const uint64_t at_once = LOG_BYTES_AT_ONCE / LOG_TEXT_COST, per_tick = LOG_BYTES_PER_TICK / LOG_TEXT_COST;
        CLEANUP(site_freep) struct site *h = site_new(state);

        EACH_KIND(kind) {
                uint64_t before;
                size_t passes = 0;

                site_restart(h, kind);
                for (b.len = 0; b.len < (1 << 20);)
                        bytes_add_entry(&b, kind, &(struct entry){ "(AccessDenied", 13, "stdout", clock_wall_s(), 0 });
                site_write_bytes(h, ID, b.s, b.len / 4);
                usleep(1100000);
                before = log_files_counts(h->l).records.received;
                for (; log_files_process(h->l, site_on_denial, h) > 0; passes++)
                        assert_int_equal(log_files_counts(h->l).records.received - before, at_once * (passes + 1));
                assert_in_range(log_files_counts(h->l).records.received - before, per_tick, 2 * per_tick);
                assert_in_range(passes, per_tick / at_once - 1, 2 * per_tick / at_once);
        }
}

/* Which files are requested, and when again. */
static void requests(void **state)
{
        CLEANUP(site_freep) struct site *h = site_new(state);

        h->kind = BROKER_LOG_MAX;
        assert_int_equal(log_files_open(&h->l), 0);
        site_containers(h, ID, NULL);
        assert_int_equal(h->requests, BROKER_LOG_MAX);
        assert_int_equal(log_files_counts(h->l).without, 1);
        site_follow(h);
        assert_int_equal(h->requests, BROKER_LOG_MAX);
        h->error = -EPIPE;
        site_containers(h, ID, NULL);
        assert_int_equal(log_files_counts(h->l).without, 1);
        h->error = 0;
        h->requests = BROKER_LOG_MAX;
        /* It has one by the next scan: all of it is new. */
        h->kind = BROKER_LOG_CACHED;
        site_write_denied(h, "a");
        site_containers(h, ID, NULL);
        assert_int_equal(h->requests, 2 * BROKER_LOG_MAX);
        assert_int_equal(log_files_counts(h->l).without, 0);
        assert_string_equal(site_follow(h), "a");
        log_files_close(TAKE(h->l));
        /* It is listed before it starts; and one that is in no list counts nowhere. */
        unlink(site_path(h, ID, ""));
        assert_int_equal(log_files_open(&h->l), 0);
        site_containers(h, ID, NULL);
        assert_true(log_files_add(h->l, OTHER));
        site_answer(h);
        assert_int_equal(log_files_counts(h->l).without, 1);
        site_write_denied(h, "b");
        h->requests = 0;
        for (int i = 0; i < 10; i++) {
                assert_false(log_files_add(h->l, ID));
                site_answer(h);
        }
        assert_int_equal(h->requests, 0);
        assert_true(site_wakes(h, 1500));
        assert_string_equal(site_follow(h), "b");
        assert_int_equal(h->requests, BROKER_LOG_MAX);
        assert_int_equal(log_files_counts(h->l).without, 0);
        log_files_close(TAKE(h->l));
        /* The broker is away: once, and again with the next scan. */
        h->error = -EPIPE;
        h->requests = 0;
        assert_int_equal(log_files_open(&h->l), 0);
        site_containers(h, ID, NULL);
        site_follow(h);
        assert_int_equal(h->requests, 1);
        assert_int_equal(log_files_counts(h->l).without, 0);
        h->error = 0;
        site_containers(h, ID, NULL);
        assert_int_equal(log_files_counts(h->l).files, 1);
        /* An answer that nobody waits for, or of a container that is forgotten. */
        log_files_take(h->l, open("/dev/null", O_RDONLY | O_CLOEXEC));
        log_files_take(h->l, -ENOENT);
        assert_int_equal(log_files_counts(h->l).files, 1);
}

static void many_containers(void **state)
{
        char ids[LOG_FILES_MAX + 10][65];
        const char *list[LOG_FILES_MAX + 10];
        CLEANUP(site_freep) struct site *h = site_new(state);

        for (size_t i = 0; i < LOG_FILES_MAX + 10; i++) {
                snprintf(ids[i], sizeof ids[i], "%064zx", i);
                list[i] = ids[i];
        }
        h->kind = BROKER_LOG_MAX;
        assert_int_equal(log_files_open(&h->l), 0);
        log_files_set(h->l, list, ARRAY_SIZE(list));
        site_answer(h);
        assert_int_equal(log_files_counts(h->l).without, LOG_FILES_MAX);
        assert_int_equal(log_files_counts(h->l).left_out, 10);
        assert_int_equal(h->requests, LOG_FILES_MAX * BROKER_LOG_MAX);
        log_files_set(h->l, list, LOG_FILES_MAX);
        assert_int_equal(log_files_counts(h->l).left_out, 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(from_now_on), cmocka_unit_test(new_containers), cmocka_unit_test(back_again),
                cmocka_unit_test(a_clock_set_back), cmocka_unit_test(before_the_first_scan), cmocka_unit_test(floods),
                cmocka_unit_test(floods_of_denied_calls), cmocka_unit_test(requests), cmocka_unit_test(many_containers),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
