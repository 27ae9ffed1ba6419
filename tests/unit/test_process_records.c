/* Programs whose processes have ended: what the record of their execution is enough for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>
#include <cmocka.h>
#include "../../agent/daemon/process_judge.h"
#include "helper_daemon.h"

/* A program that was executed by pid 12 in the container of daemon_of_task, and whose process has ended before anybody could read it. */
static struct kernel_event job_executed(const char *comm, const char *path)
{
        struct kernel_event ev = event_make(12, EVENT_EXEC, true);

        ev.path = (struct span){ path, strlen(path) };
        ev.executable = container_executable(path);
        snprintf(ev.comm, sizeof ev.comm, "%s", comm);
        process_file(12, "stat", "12 (job12) Z 1" REST "120 0\n");
        return ev;
}

static struct kernel_event job_ended(struct daemon *d, const char *comm)
{
        struct kernel_event ev = job_executed(comm, JOB);

        on_exec(d, &ev);
        ev.kind = EVENT_CONNECT;
        return ev;
}

/* Makes the event one of a child that pid 12 had forked. */
static void forked(struct kernel_event *ev)
{
        ev->forked = true;
        ev->ppid = ev->pid;
        ev->parent_start_ticks = ev->start_ticks;
        ev->pid = 13;
        ev->start_ticks++;
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
                if (rows[i].forked)
                        forked(&ev);
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
        static const struct { uid_t uid, other; gid_t gid; unsigned changed; uint64_t parent_start; bool forked; const char *file; size_t findings; } rows[] = {
                { 0, 1000, 50, 0, 0, false, NULL, 1 }, { 1000, 1000, 50, 0, 0, false, NULL, 1 }, { 1000, 0, 50, 0, 0, false, NULL, 0 },
                { 1000, 1000, 51, 0, 0, false, NULL, 0 }, { 0, 0, 50, 1, 0, false, NULL, 0 },
                /* The parent lives; or its pid is another process's by now. */
                { 1000, 1000, 50, 0, 110, false, NULL, 1 }, { 1000, 1000, 50, 0, 111, false, NULL, 1 },
                /* What root forked may not be root any more: only a file that is not there is known. */
                { 0, 0, 50, 0, 0, false, "/root/.aws/credentials", 1 }, { 0, 0, 50, 0, 0, true, "/root/.aws/credentials", 0 },
                { 0, 0, 50, 0, 0, true, NULL, 1 }, { 1000, 1000, 50, 0, 0, true, NULL, 1 },
        };
        struct mock_http *m = mock_http_start(keys_of_task, ARRAY_SIZE(keys_of_task));
        char text[128];

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                struct daemon *d = daemon_of_task(m);
                struct kernel_event ev = job_executed("job12", JOB);

                snprintf(text, sizeof text, "Name:\tjob\nUid:\t0\t%u\t0\t0\nGid:\t0\t50\t0\t0\nGroups:\t\n", rows[i].other);
                process_file(11, "status", text);
                if (rows[i].file)
                        container_file(rows[i].file, "[other]\n");
                ev.uid = rows[i].uid;
                ev.gid = rows[i].gid;
                ev.executable.changed_ns += rows[i].changed;
                ev.ppid = rows[i].parent_start ? 11 : 1;
                ev.parent_start_ticks = rows[i].parent_start;
                on_exec(d, &ev);
                ev.kind = EVENT_CONNECT;
                ev.endpoint = EVENT_IMDS;
                if (rows[i].forked)
                        forked(&ev);
                on_contact(d, &ev);
                assert_true(UNTIL(d, d->process_events.judged && is_at_rest(d)));
                assert_int_equal(finding_state_count(d->findings), rows[i].findings);
                daemon_end(d);
                assert_int_equal(processes_remove(NULL), 0);
        }
        mock_http_stop(m);
}

/* A parent that lives did what the record shows; one whose pid is another process's by now did not. */
static void a_parent_of_who_has_ended(void **state)
{
        static const struct { uint64_t start; bool exited; } rows[] = { { 110, false }, { 111, true } };
        struct mock_http *m = mock_http_start(keys_of_task, ARRAY_SIZE(keys_of_task));

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                struct daemon *d = daemon_of_task(m);
                struct kernel_event ev = job_executed("job12", JOB);
                CLEANUP(arena_freep) struct arena *a = NULL;
                struct process_verdict *v;

                assert_int_equal(arena_new(1 << 24, &a), 0);
                ev.ppid = 11;
                ev.parent_start_ticks = rows[i].start;
                on_exec(d, &ev);
                process_cache_find(d->processes, 12)->met = MET_IMDS;
                assert_int_equal(process_judge(d, &(struct queued){ .pid = 12, .start_ticks = 120, .digest = process_cache_find(d->processes, 12)->digest }, a, &v), 0);
                assert_true(v->by_record);
                assert_int_equal(v->n_findings, 1);
                assert_int_equal(strstr(v->findings[0].notice.of[NOTICE_MESSAGE], "has exited") != NULL, rows[i].exited);
                if (!rows[i].exited)
                        assert_non_null(strstr(v->findings[0].notice.of[NOTICE_MESSAGE], "job11"));
                daemon_end(d);
        }
        mock_http_stop(m);
}

/* Of a record with an SDK in its executable the verdict needs no contact, nor a process that stays. */
static void an_sdk_of_who_has_ended(void **state)
{
        struct mock_http *m = mock_http_start(keys_of_task, ARRAY_SIZE(keys_of_task));
        struct daemon *d = daemon_of_task(m);

        (void)state;
        container_file(JOB, "github.com/aws/aws-sdk-go-v2/config.");
        job_ended(d, "job12");
        assert_true(UNTIL(d, d->process_events.judged == 1 && is_at_rest(d)));
        assert_true(process_cache_program(d->processes, process_cache_find(d->processes, 12)->digest)->sdk_known);
        assert_int_equal(finding_state_count(d->findings), 1);
        daemon_of_task_end(d, m);
}

/* Programs that may have something else than they were executed with, and one whose environment is not known any more: unknown, and counted. */
static void a_record_that_is_too_little(void **state)
{
        static const struct { const char *comm, *path; } rows[] = {
                { "uwsgi", JOB }, { "php-fpm8.2", JOB }, { "nginx", JOB }, { "java", JOB }, { "svc", "/x/java" }, { "svc", "/x/svc" }, { "job12", JOB },
        };
        struct mock_http *m = mock_http_start(keys_of_task, ARRAY_SIZE(keys_of_task));
        char link[64];

        (void)state;
        container_file("/x/java", "");
        snprintf(link, sizeof link, "%s/files/x/svc", proc_dir);
        assert_int_equal(symlink("java", link), 0);
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                struct daemon *d = daemon_of_task(m);
                struct kernel_event ev = job_executed(rows[i].comm, rows[i].path);

                /* No other process has that file. */
                ev.executable.inode += streq(rows[i].path, "/x/java");
                on_exec(d, &ev);
                ev.kind = EVENT_CONNECT;
                ev.endpoint = EVENT_IMDS;
                on_contact(d, &ev);
                if (streq(rows[i].comm, "job12"))
                        environment_cache_remove(d->environments, 12);
                assert_true(UNTIL(d, d->process_events.ended && is_idle(d)));
                assert_int_equal(d->process_events.judged, 0);
                assert_int_equal(finding_state_count(d->findings), 0);
                daemon_end(d);
                process_remove(12);
        }
        mock_http_stop(m);
}

/* The process executed another program before the first one was judged: its environment is not that one's. */
static void another_program_of_the_process(void **state)
{
        struct mock_http *m = mock_http_start(keys_of_task, ARRAY_SIZE(keys_of_task));
        struct daemon *d = daemon_of_task(m);
        struct kernel_event ev;

        (void)state;
        ev = job_ended(d, "job12");
        ev.endpoint = EVENT_IMDS;
        on_contact(d, &ev);
        *environment = WHOLE;
        job_ended(d, "next12");
        assert_true(UNTIL(d, d->process_events.judged + d->process_events.ended >= 2 && is_idle(d)));
        assert_int_equal(d->process_events.judged, 1);
        assert_true(process_cache_program(d->processes, process_cache_find(d->processes, 12)->digest)->judged_s > 0);
        assert_int_equal(finding_state_count(d->findings), 0);
        daemon_of_task_end(d, m);
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
                daemon_test(by_its_record), daemon_test(files_of_who_has_ended), daemon_test(a_parent_of_who_has_ended), daemon_test(an_sdk_of_who_has_ended), daemon_test(a_record_that_is_too_little),
                daemon_test(another_program_of_the_process),
                daemon_test(ended_before_min_process_age), daemon_test(an_answer_after_the_end),
        };

        return cmocka_run_group_tests(tests, daemon_tests_begin, daemon_tests_end);
}
