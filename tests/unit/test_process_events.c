/* Single processes, when an event names them: in a real event loop, judged by real child processes. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>
#include "helper_daemon.h"
#include "rolewatch/io.h"

/* Before the first scan there is nothing that a verdict could start from: another scan is due for what it may have missed. */
static void before_the_first_scan(void **state)
{
        static const struct { uint64_t began_ns; bool wanted; } rows[] = { { 0, false }, { 2, false }, { 1, true } };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                struct daemon *d = daemon_made();

                process_make(10, KNOWN);
                d->scan.began_ns = rows[i].began_ns;
                executed(d, 10);
                assert_int_equal(d->scan.wanted, rows[i].wanted);
                /* Of a contact, too; and what was executed and contacted is known when that scan ends. */
                d->scan.wanted = false;
                contacted(d, 10, EVENT_IMDS);
                assert_int_equal(d->scan.wanted, rows[i].wanted);
                assert_int_equal(d->process_events.waiting.n, 0);
                assert_int_equal(d->process_events.execs, 1);
                assert_int_equal(d->process_events.contacts, 1);
                assert_int_equal(process_cache_find(d->processes, 10)->met, MET_IMDS);
                assert_non_null(executions_find(d->process_events.executions, process_cache_find(d->processes, 10)->digest));
                daemon_end(d);
        }
}

/* The same program under another parent is another one: what the parent did to the environment is part of the verdict. */
static void by_its_parent_too(void **state)
{
        static const struct { int pid, ppid; } processes[] = { { 50, 1 }, { 51, 50 }, { 52, 1 }, { 53, 1 } };
        struct daemon *d = daemon_made();
        char text[256];

        (void)state;
        facts_empty(d);
        for (size_t i = 0; i < ARRAY_SIZE(processes); i++) {
                process_make(processes[i].pid, KNOWN);
                snprintf(text, sizeof text, "%d (%s) S %d" REST "%d 0\n", processes[i].pid, i ? "job" : "cron", processes[i].ppid, processes[i].pid * 10);
                process_file(processes[i].pid, "stat", text);
                executed(d, processes[i].pid);
        }
        assert_true(UNTIL(d, d->process_events.execs == ARRAY_SIZE(processes)));
        assert_true(process_cache_find(d->processes, 51)->digest != process_cache_find(d->processes, 52)->digest);
        assert_true(process_cache_find(d->processes, 53)->digest == process_cache_find(d->processes, 52)->digest);
        daemon_end(d);
}

/* A process that ends before its turn is counted, not judged; one whose record is cut is not even identified. */
static void one_that_has_ended(void **state)
{
        struct daemon *d = daemon_made();
        struct kernel_event ev;

        (void)state;
        facts_empty(d);
        process_make(13, KNOWN);
        ev = event_make(13, EVENT_EXEC, true);
        process_remove(13);
        on_exec(d, &ev);
        assert_int_equal(d->process_events.execs, 1);
        assert_true(UNTIL(d, d->process_events.ended == 1));
        assert_int_equal(d->process_events.judged, 0);
        ev.environment_whole = false;
        on_exec(d, &ev);
        assert_int_equal(d->process_events.ended, 2);
        assert_int_equal(d->process_events.execs, 1);
        daemon_end(d);
}

/* What its record says is enough to attribute a contact, also of a process that has ended, or of a child that it forked. */
static void contacts_of_who_has_ended(void **state)
{
        struct daemon *d = daemon_made();
        struct kernel_event ev, child, stranger;

        (void)state;
        facts_empty(d);
        process_make(14, KNOWN);
        process_make(15, KNOWN);
        ev = event_make(14, EVENT_EXEC, true);
        child = stranger = event_make(15, EVENT_CONNECT, true);
        process_remove(14);
        process_remove(15);
        on_exec(d, &ev);
        ev.kind = EVENT_CONNECT;
        ev.endpoint = child.endpoint = stranger.endpoint = EVENT_IMDS;
        on_contact(d, &ev);
        assert_int_equal(process_cache_find(d->processes, 14)->met, MET_IMDS);
        child.forked = true;
        child.ppid = 14;
        child.parent_start_ticks = ev.start_ticks;
        on_contact(d, &child);
        assert_int_equal(process_cache_find(d->processes, 15)->digest, process_cache_find(d->processes, 14)->digest);
        assert_int_equal(d->process_events.contacts, 2);
        assert_int_equal(d->process_events.unattributed, 0);
        /* It has executed a program that nothing is known of; or its parent's pid is another process's by now. */
        stranger.pid = 16;
        on_contact(d, &stranger);
        child.pid = 17;
        child.parent_start_ticks++;
        on_contact(d, &child);
        assert_int_equal(d->process_events.unattributed, 2);
        assert_int_equal(d->process_events.connects, 4);
        daemon_end(d);
}

/* A forked process that has ended, of a parent that was started before the daemon: the parent is identified in its place. */
static void contacts_of_a_living_parent(void **state)
{
        struct daemon *d = daemon_made();
        struct kernel_event child;

        (void)state;
        facts_empty(d);
        process_make(18, KNOWN);
        process_make(19, KNOWN);
        child = event_make(19, EVENT_CONNECT, true);
        child.endpoint = EVENT_IMDS;
        child.forked = true;
        child.ppid = 18;
        child.parent_start_ticks = 180;
        process_remove(19);
        on_contact(d, &child);
        assert_true(UNTIL(d, d->process_events.contacts == 1));
        assert_int_equal(process_cache_find(d->processes, 18)->met, MET_IMDS);
        assert_int_equal(d->process_events.unattributed, 0);
        process_remove(18);
        daemon_end(d);
}

/* No turn of the loop waits for a broker that does not answer: what it was asked for is left to a scan, and it is asked again later. */
static void a_broker_that_hangs(void **state)
{
        struct daemon *d = daemon_made();
        uint64_t longest = 0;

        (void)state;
        facts_empty(d);
        process_make(14, KNOWN);
        executed_much(d, 14);
        assert_true(UNTIL(d, d->process_events.judged == 1));
        kill(broker.pid, SIGSTOP);
        for (int i = 0; i < 40; i++)
                executed_much(d, 14);
        /* As many as can be under way; the others are put off at once. */
        assert_in_range(d->process_events.put_off, 1, 39);
        for (uint64_t began = clock_monotonic_us(); broker_link_error(d->broker) == 0 && clock_monotonic_us() - began < 10 * SECOND_US;) {
                uint64_t turn = clock_monotonic_us();

                sd_event_run(d->event, 0);
                turn = clock_monotonic_us() - turn;
                longest = turn > longest ? turn : longest;
        }
        assert_int_equal(broker_link_error(d->broker), -ETIMEDOUT);
        assert_int_equal(d->process_events.put_off, 40);
        assert_true(d->scan.wanted);
        /* The answer was awaited for seconds: a turn that waited with it would have taken as long. */
        assert_true(longest < SECOND_US);
        kill(broker.pid, SIGCONT);
        daemon_end(d);
}

/*
 * The broker is started anew while a child process lives, which holds copies of all the daemon's descriptors: what the
 * daemon has closed must not come back to its loop.
 */
static void a_broker_that_comes_and_goes(void **state)
{
        const struct mock_route silent[] = { { .how = MOCK_SILENT } };
        struct mock_http *agent = mock_http_start(silent, 1);
        struct daemon *d = daemon_made();

        (void)state;
        facts_empty(d);
        d->cs.introspection = mock_http_base(agent);
        process_make(15, NEW);
        process_make(16, KNOWN);
        for (int turn = 0; turn < 3; turn++) {
                uint64_t execs = d->process_events.execs;

                executed_much(d, 15);
                assert_true(UNTIL(d, d->process_events.execs == execs + 1 && d->process_events.judging[JUDGING_MAX - 1].worker));
                broker_double_stop(&broker);
                broker = broker_double_start(environments);
                d->broker_path = broker.path;
                for (int i = 0; i < 20; i++)
                        assert_true(sd_event_run(d->event, 1000) >= 0);
                broker_link_free(d->broker);
                assert_int_equal(broker_link_new(d->event, d->broker_path, &d->broker), 0);
                process_events_free(d);
                assert_int_equal(process_events_new(d), 0);
                execs = d->process_events.execs;
                executed_much(d, 16);
                assert_true(UNTIL(d, d->process_events.execs == execs + 1));
        }
        daemon_end(d);
        mock_http_stop(agent);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                daemon_test(before_the_first_scan), daemon_test(by_its_parent_too), daemon_test(one_that_has_ended),
                daemon_test(contacts_of_who_has_ended), daemon_test(contacts_of_a_living_parent),
                daemon_test(a_broker_that_hangs), daemon_test(a_broker_that_comes_and_goes),
        };

        return cmocka_run_group_tests(tests, daemon_tests_begin, daemon_tests_end);
}
