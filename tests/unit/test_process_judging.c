/* What waits for a verdict, what a verdict takes into account, and when it is not the last one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include "helper_daemon.h"
#include "rolewatch/account.h"
#include "rolewatch/io.h"

/* Events are judged side by side: a container whose agent hangs delays no other. */
static void who_waits_delays_nobody(void **state)
{
        const struct mock_route silent[] = { { .how = MOCK_SILENT } };
        struct mock_http *agent = mock_http_start(silent, 1);
        struct daemon *d = daemon_made();

        (void)state;
        facts_empty(d);
        d->cs.introspection = mock_http_base(agent);
        process_make(10, NEW);
        process_make(11, KNOWN);
        process_make(12, KNOWN);
        for (int pid = 10; pid <= 12; pid++)
                executed(d, pid);
        assert_true(UNTIL(d, d->process_events.execs == 3));
        assert_true(UNTIL(d, d->process_events.judged == 2));
        assert_true(process_cache_program(d->processes, process_cache_find(d->processes, 12)->digest)->judged_s > 0);
        assert_int_equal(process_cache_program(d->processes, process_cache_find(d->processes, 10)->digest)->judged_s, 0);
        assert_true(UNTIL(d, d->process_events.judged == 3));
        daemon_end(d);
        mock_http_stop(agent);
}

/* However many processes of a program come, it is judged once. */
static void once_per_program(void **state)
{
        struct daemon *d = daemon_made();

        (void)state;
        facts_empty(d);
        for (int i = 0; i < 20; i++) {
                process_make(30, KNOWN);
                executed(d, 30);
        }
        assert_true(UNTIL(d, d->process_events.execs == 20));
        assert_true(UNTIL(d, d->process_events.judged == 1 && !d->process_events.waiting.n));
        executed(d, 30);
        assert_true(UNTIL(d, d->process_events.execs == 21));
        assert_int_equal(d->process_events.judged, 1);
        daemon_end(d);
}

/* A verdict is that of its own program, also where others took its place in the cache meanwhile. */
static void a_storm_takes_the_slots(void **state)
{
        struct daemon *d = daemon_made();
        uint64_t digest;

        (void)state;
        facts_empty(d);
        process_make(12, KNOWN);
        executed(d, 12);
        assert_true(UNTIL(d, d->process_events.execs == 1));
        digest = process_cache_find(d->processes, 12)->digest;
        for (uint64_t i = 1; i <= 64; i++)
                process_cache_program_add(d->processes, digest + (i << 32), clock_wall_s() + 1);
        assert_null(process_cache_program(d->processes, digest));
        assert_true(UNTIL(d, d->process_events.judged == 1));
        assert_non_null(process_cache_program(d->processes, digest));
        assert_true(process_cache_program(d->processes, digest)->judged_s > 0);
        daemon_end(d);
}

/* What the last scan found about the host is not published again for each process: it is one cause. */
static void about_the_host_once(void **state)
{
        const struct mock_route routes[] = { { .path = CRED_PATH, .bytes = HTTP_200(KEYS("2099-01-01T00:00:00Z")) } };
        struct mock_http *m = mock_http_start(routes, ARRAY_SIZE(routes));

        (void)state;
        process_make(11, KNOWN);
        for (int found = 0; found < 2; found++) {
                struct daemon *d = daemon_made();
                CLEANUP(worker_tools_done) struct worker_tools t = { 0 };

                d->cs.credentials = mock_http_base(m);
                needs_declare(d);
                *environment = WHOLE;
                assert_int_equal(worker_tools_open(d, &t), 0);
                assert_int_equal(scan_host(&(struct host_access){ &d->cs, t.net, t.broker }, &d->scan.facts), 0);
                *snapshot_add_task(d->scan.facts) = (struct task){ .arn = TASK, .family = "web" };
                d->scan.facts->containers[0].task = 0;
                d->scan.host_findings = found ? 1u << FINDING_WRONG_ROLE : 0;
                *environment = STATIC;
                process_make(12, KNOWN);
                executed(d, 12);
                assert_true(UNTIL(d, d->process_events.judged == 1));
                /* No SDK is known of it: it must stay for min_process_age, which has passed. */
                d->process_events.young.list[d->process_events.young.first].due_us = 1;
                sd_event_source_set_time(d->process_events.min_age_timer, 1);
                assert_true(UNTIL(d, is_idle(d)));
                assert_int_equal(finding_state_count(d->findings), !found);
                daemon_end(d);
                process_remove(12);
        }
        mock_http_stop(m);
}

/* Most programs make their contact at once, while they are judged: the verdict that did not know of it is not the last. */
static void a_contact_during_the_judging(void **state)
{
        struct mock_http *m = mock_http_start(keys_of_task, ARRAY_SIZE(keys_of_task));
        struct daemon *d = daemon_of_task(m);

        (void)state;
        executed(d, 12);
        assert_true(UNTIL(d, is_being_judged(d)));
        assert_int_equal(d->process_events.judged, 0);
        contacted(d, 12, EVENT_IMDS);
        contacted(d, 12, EVENT_IMDS);
        assert_true(UNTIL(d, is_idle(d)));
        assert_int_equal(d->process_events.judged, 2);
        assert_int_equal(finding_state_count(d->findings), 1);
        contacted(d, 12, EVENT_IMDS);
        assert_true(UNTIL(d, is_idle(d)));
        assert_int_equal(d->process_events.judged, 2);
        daemon_of_task_end(d, m);
}

/* Nothing is known of a program until it contacts an endpoint; the other endpoint overrules what that said. */
static void a_contact_is_judged(void **state)
{
        struct mock_http *m = mock_http_start(keys_of_task, ARRAY_SIZE(keys_of_task));
        struct daemon *d = daemon_of_task(m);

        (void)state;
        executed(d, 12);
        assert_true(UNTIL(d, d->process_events.judged == 1 && is_idle(d)));
        assert_int_equal(finding_state_count(d->findings), 0);
        assert_false(d->process_events.young.n > 0);
        contacted(d, 12, EVENT_IMDS);
        assert_true(UNTIL(d, d->process_events.judged == 2 && is_idle(d)));
        assert_int_equal(finding_state_count(d->findings), 1);
        /* The same again is no news. */
        contacted(d, 12, EVENT_IMDS);
        assert_true(UNTIL(d, is_idle(d)));
        assert_int_equal(d->process_events.judged, 2);
        d->scan.wanted = false;
        contacted(d, 12, EVENT_CONTAINER_ENDPOINT);
        assert_true(UNTIL(d, d->process_events.judged == 3 && is_idle(d)));
        assert_true(d->scan.wanted);
        daemon_of_task_end(d, m);
}

/* A first verdict without all answers is not the last one: not for a later contact, and not for a process that lives on. */
static void an_answer_that_came_too_late(void **state)
{
        for (int by_itself = 0; by_itself < 2; by_itself++) {
                struct mock_http *keys = mock_http_start(keys_of_task, ARRAY_SIZE(keys_of_task)), *silent = mock_http_start(silence, 1);
                struct mock_http *agent = mock_http_start(agent_routes, 1), *imds = mock_http_start(imds_routes, 1);
                struct daemon *d = daemon_of_task(keys);
                uint64_t digest;

                (void)state;
                d->config->number[SETTING_MIN_PROCESS_AGE] = by_itself ? 1 : 3600;
                imds_is_slow(d, agent, silent);
                contacted(d, 12, EVENT_IMDS);
                assert_true(UNTIL(d, d->process_events.judged == 1 && is_at_rest(d)));
                assert_int_equal(finding_state_count(d->findings), 0);
                d->cs.imds = mock_http_base(imds);
                digest = process_cache_find(d->processes, 12)->digest;
                if (!by_itself) {
                        contacted(d, 12, EVENT_IMDS);
                        assert_true(UNTIL(d, is_at_rest(d)));
                        assert_int_equal(d->process_events.judged, 1);
                        process_cache_program(d->processes, digest)->judged_s -= 2;
                        contacted(d, 12, EVENT_IMDS);
                }
                assert_true(UNTIL(d, d->process_events.judged == 2 && is_at_rest(d)));
                assert_int_equal(finding_state_count(d->findings), 1);
                assert_false(process_cache_program(d->processes, digest)->incomplete);
                daemon_of_task_end(d, keys);
                mock_http_stop(silent);
                mock_http_stop(agent);
                mock_http_stop(imds);
        }
}

/*
 * An endpoint that never answers is known as such by the second verdict on a process that stays. Of processes that end, each
 * verdict is a first one: one that has contacted an endpoint brings a scan, which waits for both.
 */
static void an_answer_that_never_comes(void **state)
{
        static const struct { bool stays, met, wanted; } rows[] = { { true, false, false }, { false, true, true }, { false, false, false } };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                struct mock_http *keys = mock_http_start(keys_of_task, ARRAY_SIZE(keys_of_task)), *silent = mock_http_start(silence, 1);
                struct mock_http *agent = mock_http_start(agent_routes, 1);
                struct daemon *d = daemon_of_task(keys);

                imds_is_slow(d, agent, silent);
                d->config->number[SETTING_MIN_PROCESS_AGE] = 1;
                if (rows[i].met)
                        contacted(d, 12, EVENT_IMDS);
                else
                        executed(d, 12);
                assert_true(UNTIL(d, d->process_events.judged == 1 && is_at_rest(d)));
                assert_true(process_cache_program(d->processes, process_cache_find(d->processes, 12)->digest)->incomplete);
                d->scan.wanted = false;
                if (!rows[i].stays)
                        process_remove(12);
                assert_true(UNTIL(d, is_idle(d)));
                assert_int_equal(d->process_events.judged, rows[i].stays ? 2 : 1);
                assert_int_equal(d->scan.wanted, rows[i].wanted);
                assert_int_equal(process_cache_program(d->processes, process_cache_find(d->processes, 12)->digest)->incomplete, !rows[i].stays);
                assert_int_equal(d->scan.facts->netns[0].imds_token.state, rows[i].stays ? ANSWER_TIMEOUT : ANSWER_UNKNOWN);
                daemon_of_task_end(d, keys);
                mock_http_stop(silent);
                mock_http_stop(agent);
        }
}

/* What the last scan has waited for in vain need not be waited for again: the first verdict takes it into account. */
static void silence_that_a_scan_knows(void **state)
{
        struct mock_http *keys = mock_http_start(keys_of_task, ARRAY_SIZE(keys_of_task)), *silent = mock_http_start(silence, 1);
        struct mock_http *agent = mock_http_start(agent_routes, 1);
        struct daemon *d = daemon_of_task(keys);

        (void)state;
        imds_is_slow(d, agent, silent);
        d->scan.facts->netns[0].imds_token.state = d->scan.facts->netns[0].imds_v1.state = ANSWER_TIMEOUT;
        executed(d, 12);
        assert_true(UNTIL(d, d->process_events.judged == 1));
        assert_int_equal(mock_http_requests(silent), 2);
        assert_false(process_cache_program(d->processes, process_cache_find(d->processes, 12)->digest)->incomplete);
        daemon_of_task_end(d, keys);
        mock_http_stop(silent);
        mock_http_stop(agent);
}

/* Without a broker nothing in it is seen: that is no verdict that holds. A container that the last scan knows without a task has one. */
static void what_makes_it_incomplete(void **state)
{
        static const struct { const char *container; bool broker, incomplete; } rows[] = {
                { KNOWN, true, false }, { KNOWN, false, true }, { NEW, true, true },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                struct daemon *d = daemon_made();

                facts_empty(d);
                process_make(12, rows[i].container);
                if (!rows[i].broker)
                        d->broker_path = "/nonexistent";
                executed(d, 12);
                assert_true(UNTIL(d, d->process_events.judged == 1));
                assert_int_equal(process_cache_program(d->processes, process_cache_find(d->processes, 12)->digest)->incomplete, rows[i].incomplete);
                daemon_end(d);
        }
}

/* The agent names the task of a new container after its process has called: the next call is judged with it. */
static void a_task_that_is_named_late(void **state)
{
        static const struct mock_route names_it[] = { { .bytes = HTTP_200("{\"Arn\":\"" TASK "\",\"KnownStatus\":\"RUNNING\",\"Family\":\"web\",\"Version\":\"7\","
                                                                          "\"Containers\":[{\"DockerId\":\"" NEW "\",\"Name\":\"app\"}]}") } };
        struct mock_http *keys = mock_http_start(keys_of_task, ARRAY_SIZE(keys_of_task)), *agent = mock_http_start(names_it, 1);
        struct daemon *d = daemon_of_task(keys);

        (void)state;
        process_make(12, NEW);
        contacted(d, 12, EVENT_IMDS);
        assert_true(UNTIL(d, d->process_events.judged == 1 && is_at_rest(d)));
        assert_int_equal(finding_state_count(d->findings), 0);
        d->cs.introspection = mock_http_base(agent);
        process_cache_program(d->processes, process_cache_find(d->processes, 12)->digest)->judged_s -= 2;
        contacted(d, 12, EVENT_IMDS);
        assert_true(UNTIL(d, d->process_events.judged == 2 && is_at_rest(d)));
        assert_int_equal(finding_state_count(d->findings), 1);
        daemon_of_task_end(d, keys);
        mock_http_stop(agent);
}

/* What a former process of the program contacted is not what the next one did: its own contact is news again. */
static void each_verdict_has_its_contacts(void **state)
{
        struct mock_http *m = mock_http_start(keys_of_task, ARRAY_SIZE(keys_of_task));
        struct daemon *d = daemon_of_task(m);

        (void)state;
        executed(d, 12);
        assert_true(UNTIL(d, d->process_events.judged == 1 && is_idle(d)));
        contacted(d, 12, EVENT_IMDS);
        assert_true(UNTIL(d, d->process_events.judged == 2 && is_idle(d)));
        process_cache_clear_verdicts(d->processes);
        process_make(13, KNOWN);
        process_file(13, "stat", "13 (job12) S 1" REST "130 0\n");
        executed(d, 13);
        assert_true(UNTIL(d, d->process_events.judged == 3 && is_idle(d)));
        contacted(d, 13, EVENT_IMDS);
        assert_true(UNTIL(d, d->process_events.judged == 4 && is_idle(d)));
        daemon_of_task_end(d, m);
}

/* A program of which there is no record, and whose processes end too early, is not read for each of its contacts; what lives long enough is judged again. */
static void contacts_of_what_ends(void **state)
{
        struct mock_http *m = mock_http_start(keys_of_task, ARRAY_SIZE(keys_of_task));
        struct daemon *d = daemon_of_task(m);
        uint64_t ended;

        (void)state;
        executed_much(d, 12);
        assert_true(UNTIL(d, d->process_events.judged == 1 && is_idle(d)));
        process_file(12, "stat", "12 (job12) Z 1" REST "120 0\n");
        for (int i = 0; i < 40; i++) {
                contacted(d, 12, EVENT_IMDS);
                assert_true(UNTIL(d, is_idle(d)));
        }
        ended = d->process_events.ended;
        assert_true(ended > 0 && ended < 40);
        /* Facts that changed are a new start. */
        process_cache_clear_verdicts(d->processes);
        process_make(12, KNOWN);
        contacted(d, 12, EVENT_IMDS);
        assert_true(UNTIL(d, d->process_events.judged == 2 && is_idle(d)));
        assert_int_equal(finding_state_count(d->findings), 1);
        daemon_of_task_end(d, m);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                daemon_test(who_waits_delays_nobody), daemon_test(once_per_program), daemon_test(a_storm_takes_the_slots),
                daemon_test(about_the_host_once), daemon_test(a_contact_during_the_judging),
                daemon_test(a_contact_is_judged), daemon_test(an_answer_that_came_too_late),
                daemon_test(an_answer_that_never_comes), daemon_test(silence_that_a_scan_knows), daemon_test(what_makes_it_incomplete), daemon_test(a_task_that_is_named_late),
                daemon_test(each_verdict_has_its_contacts), daemon_test(contacts_of_what_ends),
        };

        return cmocka_run_group_tests(tests, daemon_tests_begin, daemon_tests_end);
}
