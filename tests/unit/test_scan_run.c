/* Scans beside the loop: by a child process, what they may clear, and what they learn for the next one. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <cmocka.h>
#include "../../agent/daemon/scan.h"
#include "helper_daemon.h"
#include "rolewatch/account.h"
#include "rolewatch/io.h"

/* What a scan could not find out about one source clears nothing that comes from it, and keeps nothing else open. */
static void each_by_its_sources(void **state)
{
        static const struct { enum answer_state imds, introspection; const char *policies; bool of_policies, of_imds, of_agent; } rows[] = {
                { ANSWER_OK,      ANSWER_OK,      NULL,       true,  true,  true },
                { ANSWER_OK,      ANSWER_OK,      "denied",   false, true,  true },
                { ANSWER_TIMEOUT, ANSWER_OK,      NULL,       true,  false, true },
                { ANSWER_TIMEOUT, ANSWER_OK,      "denied",   false, false, true },
                { ANSWER_OK,      ANSWER_REFUSED, NULL,       false, false, false },
        };
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        struct group unknown = { .verdict = VERDICT_UNKNOWN };
        struct verdicts v = { 0 };

        (void)state;
        assert_int_equal(snapshot_new(&s), 0);
        *snapshot_add_container(s) = (struct container){ .id = KNOWN, .task = -1 };
        *snapshot_add_process(s) = (struct process){ .pid = 1 };
        v.snapshot = s;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                struct scan_coverage c;

                s->host.imds.state = rows[i].imds;
                s->host.introspection.state = rows[i].introspection;
                s->host.policies_error = rows[i].policies;
                assert_int_equal(scan_coverage_make(&v, 0, s->arena, &c), 0);
                assert_int_equal(scan_covers(&c, NULL, FINDING_ENDPOINT_UNREACHABLE), rows[i].of_agent);
                assert_int_equal(scan_covers(&c, KNOWN, FINDING_WRONG_ROLE), rows[i].of_agent);
                assert_int_equal(scan_covers(&c, KNOWN, FINDING_RIGHT_ROLE_DENIED), rows[i].of_policies);
                assert_int_equal(scan_covers(&c, NULL, FINDING_IMDS_OPEN), rows[i].of_imds);
                assert_int_equal(scan_covers(&c, NULL, FINDING_TRUST_MISMATCH), rows[i].of_policies && rows[i].of_imds);
        }
        s->host.policies_error = NULL;
        s->host.introspection.state = s->host.imds.state = ANSWER_OK;
        for (int i = 0; i < 3; i++) {
                struct scan_coverage c;

                /* All well; without a broker; and with a process that could not be judged: of another container it says nothing. */
                v.groups = &unknown;
                v.n_groups = i == 2;
                assert_int_equal(scan_coverage_make(&v, i == 1 ? -EPIPE : 0, s->arena, &c), 0);
                assert_int_equal(scan_covers(&c, KNOWN, FINDING_WRONG_ROLE), i == 0);
                assert_int_equal(scan_covers(&c, NEW, FINDING_WRONG_ROLE), i != 1);
                assert_int_equal(scan_covers(&c, NULL, FINDING_ENDPOINT_UNREACHABLE), i != 1);
        }
}

static bool changed(struct daemon *d, const struct worker_tools *t)
{
        bool it_is;

        assert_int_equal(host_changed(d, t, &it_is), 0);
        return it_is;
}

/* Between scans one process stands for all: the check notices what no question to the host tells. */
static void one_process_stands_for_all(void **state)
{
        struct mock_route routes[] = { { .path = CRED_PATH, .bytes = HTTP_200(KEYS("2099-01-01T00:00:00Z")) } };
        struct mock_http *m = mock_http_start(routes, ARRAY_SIZE(routes));
        struct daemon *d = daemon_made();
        CLEANUP(worker_tools_done) struct worker_tools t = { 0 };

        (void)state;
        d->cs.credentials = d->cs.introspection = mock_http_base(m);
        *environment = WHOLE;
        process_make(12, KNOWN);
        assert_int_equal(worker_tools_open(d, &t), 0);
        assert_int_equal(scan_host(&(struct host_access){ &d->cs, t.net, t.broker }, &d->scan.facts), 0);
        assert_int_equal(d->scan.facts->n_creds, 1);
        assert_int_equal(d->scan.facts->creds[0].answer.state, ANSWER_OK);
        assert_false(changed(d, &t));
        routes[0].bytes = HTTP_200(KEYS("2020-01-01T00:00:00Z"));
        assert_true(changed(d, &t));
        routes[0].bytes = HTTP("500 Internal Server Error", "{}");
        assert_true(changed(d, &t));
        routes[0].bytes = HTTP_200(KEYS("2098-01-01T00:00:00Z"));      /* rotated: nothing to scan for */
        assert_false(changed(d, &t));
        mock_http_stop(m);
        d->cs.credentials = d->cs.introspection = "http://127.0.0.1:1";
        assert_true(changed(d, &t));
        daemon_end(d);
}

/* A program without a known SDK is reported only once it has lived for min_process_age, also by a scan that happens to see it. */
static void a_scan_spares_the_young(void **state)
{
        const struct mock_route routes[] = { { .path = CRED_PATH, .bytes = HTTP_200(KEYS("2099-01-01T00:00:00Z")) } };
        struct mock_http *m = mock_http_start(routes, ARRAY_SIZE(routes));
        char text[256];
        struct timespec up = { 0 };

        (void)state;
        clock_gettime(CLOCK_BOOTTIME, &up);
        for (int young = 0; young < 2; young++) {
                struct daemon *d = daemon_made();
                CLEANUP(worker_tools_done) struct worker_tools t = { 0 };

                d->config->number[SETTING_MIN_PROCESS_AGE] = 5;
                d->cs.credentials = mock_http_base(m);
                needs_declare(d);
                *environment = WHOLE;
                process_make(11, KNOWN);
                assert_int_equal(worker_tools_open(d, &t), 0);
                assert_int_equal(scan_host(&(struct host_access){ &d->cs, t.net, t.broker }, &d->scan.facts), 0);
                *snapshot_add_task(d->scan.facts) = (struct task){ .arn = TASK, .family = "web" };
                d->scan.facts->containers[0].task = 0;
                *environment = FIRST_WHOLE;
                process_make(12, KNOWN);
                snprintf(text, sizeof text, "12 (job12) S 11" REST "%lld 0\n", young ? (long long)up.tv_sec * sysconf(_SC_CLK_TCK) : 120);
                process_file(12, "stat", text);
                snprintf(text, sizeof text, "11 (job11) S 1" REST "%lld 0\n", young ? (long long)up.tv_sec * sysconf(_SC_CLK_TCK) : 110);
                process_file(11, "stat", text);
                scan_start(d);
                assert_true(UNTIL(d, d->scan.count == 1));
                assert_int_equal(finding_state_count(d->findings) > 0, !young);
                daemon_end(d);
                process_remove(12);
        }
        mock_http_stop(m);
}

/* The first request is answered after the limit of a first try. */
static void busy_at_first(void *userdata, const char *request)
{
        (void)request;
        if (!(*(int *)userdata)++)
                usleep(2000000);
}

static enum answer_state endpoint_of_scan(const struct daemon *d, const char *endpoint, struct snapshot *known, struct snapshot **ret)
{
        CLEANUP(worker_tools_done) struct worker_tools t = { 0 };
        struct collect_settings cs = d->cs;

        cs.probe = true;
        cs.container_endpoint = endpoint;
        cs.known = known;
        assert_int_equal(worker_tools_open(d, &t), 0);
        assert_int_equal(scan_host(&(struct host_access){ &cs, t.net, t.broker }, ret), 0);
        assert_int_equal((*ret)->n_netns, 1);
        return (*ret)->netns[0].container.state;
}

/* Silence is believed when it was met twice, the second time for longer; or by the last scan already. */
static void silence_is_confirmed(void **state)
{
        struct mock_http *keys = mock_http_start(keys_of_task, ARRAY_SIZE(keys_of_task)), *silent = mock_http_start(silence, 1);
        struct mock_http *agent = mock_http_start(agent_routes, 1);
        struct daemon *d = daemon_of_task(keys);
        static const enum answer_state states[] = { ANSWER_TIMEOUT, ANSWER_UNREACHABLE };
        CLEANUP(snapshot_freep) struct snapshot *busy = NULL;
        int requests = 0;

        (void)state;
        mock_http_watch(agent, busy_at_first, &requests);
        assert_int_equal(endpoint_of_scan(d, mock_http_base(agent), NULL, &busy), ANSWER_OK);
        assert_int_equal(mock_http_requests(agent), 2);
        /* The longer try has said why nothing comes; the short one of the next scan does not, and is no other answer. */
        for (int i = 0; i < 2; i++) {
                CLEANUP(snapshot_freep) struct snapshot *next = NULL;

                busy->netns[0].container.state = states[i];
                assert_int_equal(endpoint_of_scan(d, mock_http_base(silent), busy, &next), states[i]);
                assert_int_equal(mock_http_requests(silent), i + 1);
        }
        daemon_of_task_end(d, keys);
        mock_http_stop(agent);
        mock_http_stop(silent);
}

/* Without a descriptor to look with, no process has ended, and its finding stays. */
static void a_shortage_clears_nothing(void **state)
{
        struct daemon *d = daemon_made();
        struct finding_process of[] = { { 12, 120 } };
        const struct notice n = { .object = "x", .of = { [NOTICE_FINDING] = "wrong-role", [NOTICE_CONTAINER_ID] = KNOWN, [NOTICE_PID] = "12" } };
        struct finding_context c;
        struct rlimit limit, none;
        uint64_t start;
        pid_t ppid;

        (void)state;
        process_make(12, KNOWN);
        d->config->number[SETTING_CLEAR_DELAY] = 50;
        c = finding_context_of(d, clock_wall_s() - 100);
        assert_int_equal(finding_state_note(d->findings, &c, &n), 0);
        process_events_note(d, "x", &(struct finding_processes){ CONFIRMS_NOTHING, of, 1 });
        assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
        none = (struct rlimit){ 3, limit.rlim_max };
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
        assert_int_equal(collect_start(&d->cs, 12, &start, &ppid), -EMFILE);
        process_events_expire(d);
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
        assert_int_equal(finding_state_count(d->findings), 1);
        /* With one: it has ended indeed. */
        process_remove(12);
        assert_int_equal(collect_start(&d->cs, 12, &start, &ppid), -ESRCH);
        c = finding_context_of(d, clock_wall_s() - 100);
        assert_int_equal(finding_state_note(d->findings, &c, &n), 0);
        process_events_expire(d);
        assert_int_equal(finding_state_count(d->findings), 0);
        daemon_end(d);
}

/* A whole scan by a child process: its facts and findings arrive, and a second one that is asked for meanwhile follows. */
static void a_scan_beside_the_loop(void **state)
{
        struct mock_route routes[] = { { .path = CRED_PATH, .bytes = HTTP_200(KEYS("2099-01-01T00:00:00Z")) } };
        struct mock_http *m = mock_http_start(routes, ARRAY_SIZE(routes));
        struct daemon *d = daemon_made();
        uint64_t mark;

        (void)state;
        d->cs.credentials = mock_http_base(m);
        *environment = WHOLE;
        process_make(12, KNOWN);
        scan_start(d);
        scan_start(d);
        assert_true(d->scan.again);
        assert_true(UNTIL(d, d->scan.count == 1));
        assert_null(d->scan.worker);
        assert_false(d->scan.again);
        assert_int_equal(d->scan.facts->n_processes, 1);
        assert_int_equal(d->scan.facts->creds[0].answer.state, ANSWER_OK);
        assert_int_equal(d->scan.last.processes, 1);
        mark = d->scan.facts->creds[0].mark;
        assert_true(mark != 0);
        /* The facts of the next one start from these. */
        scan_start(d);
        assert_true(UNTIL(d, d->scan.count == 2));
        assert_true(d->scan.facts->creds[0].mark == mark);
        assert_false(error_is_set(&d->errors, "scan"));
        daemon_end(d);
        mock_http_stop(m);
}

static void boot(const char *id)
{
        char path[128];
        FILE *f;

        for (int i = 0; i < 3; i++) {
                snprintf(path, sizeof path, "%s%s", proc_dir, (const char *const[]){ "/sys", "/sys/kernel", "/sys/kernel/random" }[i]);
                mkdir(path, 0700);
        }
        snprintf(path, sizeof path, "%s/sys/kernel/random/boot_id", proc_dir);
        f = fopen(path, "w");
        assert_non_null(f);
        fputs(id, f);
        fclose(f);
}

static void process_end(int pid)
{
        char path[128];

        snprintf(path, sizeof path, "%s/%d/stat", proc_dir, pid);
        unlink(path);
}

static const struct cached_environment *cached(struct daemon *d, pid_t pid)
{
        return environment_cache_find(d->environments, pid, (uint64_t)pid * 10);
}

/* What an event read of a program stays known when it has overwritten it: to scans, and to the daemon that is started next. */
static void an_environment_outlives_its_program(void **state)
{
        char path[64];
        struct daemon *d = daemon_made(), *next = daemon_made(), *other = daemon_made();
        CLEANUP(freep) char *saved = NULL;
        size_t len;

        (void)state;
        snprintf(path, sizeof path, "%s/state", proc_dir);
        d->config->text[SETTING_STATE] = next->config->text[SETTING_STATE] = other->config->text[SETTING_STATE] = path;
        boot("11111111-2222\n");
        facts_empty(d);
        process_make(11, KNOWN);
        process_make(12, KNOWN);
        *environment = STATIC;
        executed(d, 12);
        assert_true(UNTIL(d, d->process_events.execs == 1));
        assert_non_null(cached(d, 12));
        assert_int_equal(cached(d, 12)->scan, 0);
        *environment = OVERWRITTEN;
        scan_start(d);
        assert_true(UNTIL(d, d->scan.count == 1));
        assert_true(cached(d, 12) && cached(d, 12)->scan > 0);
        assert_true(cached(d, 11) && cached(d, 11)->scan > 0);
        state_write(d);
        assert_int_equal(read_file(&(struct file_request){ .dir = AT_FDCWD, .path = path, .max_bytes = 1 << 20 }, &saved, &len), 0);
        assert_null(strstr(saved, "wJalrXUtnFEMI"));
        assert_null(strstr(saved, CRED_PATH));
        assert_int_equal(state_read(next), 0);
        assert_int_equal(environment_cache_count(next->environments), 2);
        assert_non_null(cached(next, 12));
        scan_start(next);
        assert_true(UNTIL(next, next->scan.count == 1));
        assert_true(cached(next, 12) && cached(next, 12)->scan > 0);
        /* It has ended. */
        process_end(12);
        scan_start(next);
        assert_true(UNTIL(next, next->scan.count == 2));
        assert_null(cached(next, 12));
        /* The host was started again. */
        boot("33333333-4444\n");
        assert_int_equal(state_read(other), 0);
        assert_int_equal(environment_cache_count(other->environments), 0);
        daemon_end(d);
        daemon_end(next);
        daemon_end(other);
}

/* With kernel events scans are seldom; one that failed is repeated soon, but not for ever at that pace. */
static void a_failed_scan_is_repeated_soon(void **state)
{
        struct daemon *d = daemon_made();

        (void)state;
        d->config->number[SETTING_SCAN_INTERVAL] = 1;
        d->config->number[SETTING_IDLE_SCAN_INTERVAL] = 60;
        d->scan.last.cpu_us = 100000;
        d->kernel_events.events = (void *)d;   /* that there are any is all that is looked at */
        assert_int_equal(broker_link_error(d->broker), 0);
        assert_true(scan_interval_us(d) > 60 * SECOND_US);
        d->scan.failures = 1;
        assert_int_equal(scan_interval_us(d), SECOND_US);
        d->scan.failures = 4;
        assert_int_equal(scan_interval_us(d), 8 * SECOND_US);
        for (d->scan.failures = 10; d->scan.failures < 70; d->scan.failures++)
                assert_int_equal(scan_interval_us(d), 500 * SECOND_US);
        d->kernel_events.events = NULL;
        daemon_end(d);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                daemon_test(each_by_its_sources), daemon_test(one_process_stands_for_all),
                daemon_test(a_scan_spares_the_young), daemon_test(silence_is_confirmed),
                daemon_test(a_shortage_clears_nothing), daemon_test(a_scan_beside_the_loop),
                daemon_test(an_environment_outlives_its_program), daemon_test(a_failed_scan_is_repeated_soon),
        };

        return cmocka_run_group_tests(tests, daemon_tests_begin, daemon_tests_end);
}
