/* Programs whose processes have ended: what the record of their execution is enough for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <cmocka.h>
#include "helper_daemon.h"

/* A program that was executed by pid 12 in the container of daemon_of_task, and whose process has ended before anybody could read it. */
static struct kernel_event job_executed(const char *comm)
{
        struct kernel_event ev = event_make(12, EVENT_EXEC, true);
        struct stat st;

        assert_int_equal(stat(job_file, &st), 0);
        ev.executable = (struct event_executable){ st.st_ino, st.st_ctim.tv_sec, major(st.st_dev) << 20 | minor(st.st_dev), (uint32_t)st.st_ctim.tv_nsec };
        snprintf(ev.comm, sizeof ev.comm, "%s", comm);
        process_file(12, "stat", "12 (job12) Z 1" REST "120 0\n");
        return ev;
}

static struct kernel_event job_ended(struct daemon *d, const char *comm)
{
        struct kernel_event ev = job_executed(comm);

        on_exec(d, &ev);
        ev.kind = EVENT_CONNECT;
        return ev;
}

/* What has ended is judged by the record of its execution, with all that a contact shows; and so it is when it was forked from that. */
static void by_its_record(void **state)
{
        static const struct { enum event_endpoint endpoint; enum environment environment; bool forked; size_t findings; } rows[] = {
                { EVENT_IMDS, FIRST_ONLY, false, 1 }, { EVENT_IMDS, FIRST_ONLY, true, 1 }, { 0, FIRST_ONLY, false, 0 },
                { EVENT_CONTAINER_ENDPOINT, WHOLE, false, 0 }, { EVENT_CONTAINER_ENDPOINT, FIRST_ONLY, false, 0 },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                struct mock_http *m = mock_http_start(keys_of_task, ARRAY_SIZE(keys_of_task));
                struct daemon *d = daemon_of_task(m);
                struct kernel_event ev;

                *environment = rows[i].environment;
                ev = job_ended(d, "job12");
                ev.endpoint = rows[i].endpoint;
                if (rows[i].forked) {
                        ev.forked = true;
                        ev.ppid = ev.pid;
                        ev.parent_start_ticks = ev.start_ticks;
                        ev.pid = 13;
                        ev.start_ticks++;
                }
                if (ev.endpoint)
                        on_contact(d, &ev);
                assert_true(UNTIL(d, d->process_events.judged && is_idle(d)));
                assert_int_equal(finding_state_count(d->findings), rows[i].findings);
                assert_int_equal(d->process_events.ended + d->process_events.unattributed, 0);
                assert_int_equal(d->scan.facts->n_processes, 1);
                daemon_of_task_end(d, m);
        }
}

/* Another process stands for it where it has the same executable and what it may read is known; else its files are not known, and nothing is said. */
static void files_of_who_has_ended(void **state)
{
        static const struct { uid_t uid, other; unsigned changed; bool parent; size_t findings; } rows[] = {
                { 0, 1000, 0, false, 1 }, { 1000, 1000, 0, false, 1 }, { 1000, 0, 0, false, 0 }, { 0, 0, 1, false, 0 }, { 1000, 1000, 0, true, 1 },
        };
        struct mock_http *m = mock_http_start(keys_of_task, ARRAY_SIZE(keys_of_task));
        char text[128];

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                struct daemon *d = daemon_of_task(m);
                struct kernel_event ev = job_executed("job12");

                snprintf(text, sizeof text, "Name:\tjob\nUid:\t0\t%u\t0\t0\nGid:\t0\t50\t0\t0\nGroups:\t\n", rows[i].other);
                process_file(11, "status", text);
                ev.uid = rows[i].uid;
                ev.gid = 50;
                ev.executable.changed_ns += rows[i].changed;
                ev.ppid = rows[i].parent ? 11 : 1;
                ev.parent_start_ticks = 110;
                on_exec(d, &ev);
                ev.kind = EVENT_CONNECT;
                ev.endpoint = EVENT_IMDS;
                on_contact(d, &ev);
                assert_true(UNTIL(d, d->process_events.judged && is_at_rest(d)));
                assert_int_equal(d->process_events.judged, 1);
                assert_int_equal(finding_state_count(d->findings), rows[i].findings);
                daemon_end(d);
        }
        mock_http_stop(m);
}

/* Programs that may have something else than they were executed with, and one that executed another program: unknown, and counted. */
static void a_record_that_is_too_little(void **state)
{
        static const char *const names[] = { "uwsgi", "php-fpm8.2", "nginx", "java", "job12" };
        struct mock_http *m = mock_http_start(keys_of_task, ARRAY_SIZE(keys_of_task));

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
                struct daemon *d = daemon_of_task(m);
                struct kernel_event ev = job_ended(d, names[i]);

                ev.endpoint = EVENT_IMDS;
                on_contact(d, &ev);
                if (streq(names[i], "job12"))
                        environment_cache_remove(d->environments, 12);
                assert_true(UNTIL(d, d->process_events.ended && is_idle(d)));
                assert_int_equal(d->process_events.judged, 0);
                assert_int_equal(finding_state_count(d->findings), 0);
                daemon_end(d);
                process_remove(12);
        }
        mock_http_stop(m);
}

/* A declared call makes a finding of a program that stays; what has ended did not. */
static void ended_before_min_process_age(void **state)
{
        struct mock_http *m = mock_http_start(keys_of_task, ARRAY_SIZE(keys_of_task));
        struct daemon *d = daemon_of_task(m);

        (void)state;
        *snapshot_add_need(d->scan.facts) = (struct need){ .where = "all.json", .container = -1, .family = "*",
                                                           .policy = "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"sns:Publish\",\"Resource\":\"*\"}}" };
        job_ended(d, "job12");
        assert_true(UNTIL(d, d->process_events.judged == 1 && is_at_rest(d)));
        assert_int_equal(d->process_events.young.n, 1);
        d->process_events.young.list[d->process_events.young.first].due_us = 1;
        sd_event_source_set_time(d->process_events.min_age_timer, 1);
        assert_true(UNTIL(d, is_idle(d)));
        assert_int_equal(d->process_events.judged, 1);
        assert_int_equal(finding_state_count(d->findings), 0);
        daemon_of_task_end(d, m);
}

/* What did not answer in time does so later: then the record is judged once more. */
static void an_answer_after_the_end(void **state)
{
        struct mock_http *keys = mock_http_start(keys_of_task, ARRAY_SIZE(keys_of_task)), *silent = mock_http_start(silence, 1);
        struct mock_http *agent = mock_http_start(agent_routes, 1), *imds = mock_http_start(imds_routes, 1);
        struct daemon *d = daemon_of_task(keys);
        struct kernel_event ev;

        (void)state;
        d->config->number[SETTING_MIN_PROCESS_AGE] = 2;
        imds_is_slow(d, agent, silent);
        ev = job_ended(d, "job12");
        ev.endpoint = EVENT_IMDS;
        on_contact(d, &ev);
        assert_true(UNTIL(d, d->process_events.judged == 1 && is_at_rest(d)));
        assert_int_equal(finding_state_count(d->findings), 0);
        d->cs.imds = mock_http_base(imds);
        assert_true(UNTIL(d, d->process_events.judged == 2 && is_at_rest(d)));
        assert_int_equal(finding_state_count(d->findings), 1);
        daemon_of_task_end(d, keys);
        mock_http_stop(silent);
        mock_http_stop(agent);
        mock_http_stop(imds);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                daemon_test(by_its_record), daemon_test(files_of_who_has_ended), daemon_test(a_record_that_is_too_little),
                daemon_test(ended_before_min_process_age), daemon_test(an_answer_after_the_end),
        };

        return cmocka_run_group_tests(tests, daemon_tests_begin, daemon_tests_end);
}
