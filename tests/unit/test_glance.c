/* Looks at single processes: when there is nothing to start from, and in the midst of what waits for the network. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <cmocka.h>
#include "../../agent/broker/wire.h"
#include "../../agent/daemon/room.h"
#include "rolewatch/account.h"
#include "mock_http.h"

#define KNOWN "39c3bad8e7edf1eaf2fcd1093924558d88ea8509fe5bb2e6fedd5fc0ff3049ba"
#define NEW "0bb9d4a27329555d67cf766780a3082d0ef459af8b1f5e33fe729df557b97208"
#define TASK "arn:aws:ecs:eu-west-1:111122223333:task/prod/0123456789abcdef0123456789abcdef"
#define ROLE "arn:aws:iam::111122223333:role/webTaskRole"
#define REST " 1 1 0 -1 4194560 1 1 0 0 1 1 1 1 20 0 1 0 "

static void put(const char *dir, int pid, const char *name, const char *text)
{
        char path[256];
        FILE *f;

        snprintf(path, sizeof path, "%s/%d", dir, pid);
        mkdir(path, 0700);
        snprintf(path, sizeof path, "%s/%d/%s", dir, pid, name);
        f = fopen(path, "w");
        assert_non_null(f);
        fputs(text, f);
        fclose(f);
}

static void process(const char *dir, int pid, const char *container)
{
        char text[256];

        snprintf(text, sizeof text, "0::/docker/%s\n", container);
        put(dir, pid, "cgroup", text);
        snprintf(text, sizeof text, "%d (job%d) S 1" REST "%d 0\n", pid, pid, pid * 10);
        put(dir, pid, "stat", text);
        put(dir, pid, "status", "Name:\tjob\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nGroups:\t\n");
        put(dir, pid, "cmdline", "job");
}

/* Environments and nothing else. */
#define CRED_PATH "/v2/credentials/4a3f8c2e-7d31-4b0b-9f6a-0f1e2d3c4b5a"
#define KEYS_IN_ENV "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\0AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
static const struct { const char *text; size_t len; } environs[] = {
#define X(text) { text, sizeof text }
        X("HOME=/root"), X("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=" CRED_PATH), X(KEYS_IN_ENV),
#undef X
};
static enum { BARE, WHOLE, STATIC } environment;
/* Programs that come while one is looked at: as many as share the places that its own may have. */
static struct daemon *stormy;
static void storm_between(void)
{
        const uint64_t digest = seen_pid(stormy->seen, 12)->digest;

        for (uint64_t i = 1; i <= 64; i++)
                seen_program_add(stormy->seen, digest + (i << 32), (int64_t)time(NULL) + 1);
        assert_null(seen_program(stormy->seen, digest));
}

static int environments(struct broker *b, const struct wire_request *q)
{
        int fd;

        (void)b;
        if (q->op != BROKER_ENVIRON)
                return -ENOENT;
        if (stormy)
                storm_between();
        fd = memfd_create("environ", MFD_CLOEXEC);
        assert_int_equal(pwrite(fd, environs[environment].text, environs[environment].len, 0), environs[environment].len);
        return fd;
}

static struct daemon *daemon_made(const char *proc)
{
        struct daemon *d = calloc(1, sizeof *d);

        assert_non_null(d);
        d->config = calloc(1, sizeof *d->config);
        d->cs = (struct collect_settings){ .proc = proc, .imds = "http://127.0.0.1:1", .introspection = "http://127.0.0.1:1",
                                           .credentials = "http://127.0.0.1:1", .container_endpoint = "http://127.0.0.1:1",
                                           .needs = "/nonexistent", .bundles = "/nonexistent", .definitions = "/nonexistent", .audit_log = "/nonexistent" };
        assert_int_equal(broker_new("", environments, &d->broker), 0);
        assert_int_equal(ledger_new(&d->ledger), 0);
        assert_int_equal(seen_new(&d->seen), 0);
        assert_int_equal(sdk_cache_new(&d->sdks), 0);
        assert_int_equal(net_new(&d->quick), 0);
        assert_int_equal(net_new(&d->net), 0);
        d->cs.sdks = d->sdks;
        return d;
}

static void daemon_end(struct daemon *d)
{
        snapshot_free(d->base);
        net_free(d->quick);
        net_free(d->net);
        sdk_cache_free(d->sdks);
        seen_free(d->seen);
        ledger_free(d->ledger);
        broker_free(d->broker);
        free(d->config);
        free(d);
}

/* As an exec that stayed. */
static void queue_one(struct daemon *d, int pid)
{
        glance_exec(d, pid, 0);
        assert_int_equal(d->now.n, 1);
        d->now.list[d->now.first].due_us = 1;
        glance_work(d);
}

static void what_asks_waits(void **state)
{
        char dir[] = "/tmp/rolewatch-proc-XXXXXX", command[64];
        struct daemon *d;

        (void)state;
        assert_non_null(mkdtemp(dir));
        d = daemon_made(dir);
        process(dir, 10, NEW);
        process(dir, 11, KNOWN);
        process(dir, 12, KNOWN);
        /* Before the first look there is nothing to start from: another look is due. */
        glance_exec(d, 10, 1);
        assert_true(d->look_soon);
        assert_int_equal(d->now.n, 0);

        assert_int_equal(snapshot_new(&d->base), 0);
        *snapshot_add_container(d->base) = (struct container){ .id = KNOWN, .task = -1 };
        for (int pid = 10; pid <= 12; pid++)
                glance_exec(d, pid, 1);
        assert_int_equal(d->now.n, 3);
        /* One a time. That of the new container would have to ask the agent; the others have their turn all the same. */
        for (int i = 0; i < 3; i++) {
                assert_int_equal(d->counts.judged, i > 1);
                glance_between(d);
        }
        assert_int_equal(d->counts.judged, 2);
        assert_int_equal(d->now.n, 1);
        assert_true(d->now.list[d->now.first].asks);
        glance_between(d);
        assert_int_equal(d->now.n, 1);
        /* Afterwards it may. */
        assert_false(glance_work(d));
        assert_int_equal(d->counts.judged, 3);
        daemon_end(d);
        snprintf(command, sizeof command, "rm -r %s", dir);
        assert_int_equal(system(command), 0);
}

#define KEYS(expires) "{\"RoleArn\":\"" ROLE "\",\"AccessKeyId\":\"ASIAIOSFODNN7EXAMPLE\",\"SecretAccessKey\":\"x\",\"Token\":\"t\"," \
        "\"Expiration\":\"" expires "\"}"
/* A verdict is that of its own program, also where others took its place meanwhile. */
static void a_storm_takes_the_place(void **state)
{
        char dir[] = "/tmp/rolewatch-proc-XXXXXX", command[64];
        struct daemon *d;

        (void)state;
        assert_non_null(mkdtemp(dir));
        d = daemon_made(dir);
        process(dir, 12, KNOWN);
        assert_int_equal(snapshot_new(&d->base), 0);
        *snapshot_add_container(d->base) = (struct container){ .id = KNOWN, .task = -1 };
        glance_exec(d, 12, 1);
        stormy = d;
        assert_false(glance_work(d));
        stormy = NULL;
        assert_int_equal(d->counts.judged, 1);
        assert_non_null(seen_program(d->seen, seen_pid(d->seen, 12)->digest));
        assert_true(seen_program(d->seen, seen_pid(d->seen, 12)->digest)->judged_s > 0);
        daemon_end(d);
        snprintf(command, sizeof command, "rm -r %s", dir);
        assert_int_equal(system(command), 0);
}

/* What the last look told of the host is not told again of each process: it is one trouble. */
static void of_the_host_once(void **state)
{
        char dir[] = "/tmp/rolewatch-proc-XXXXXX", command[64];
        const struct mock_route routes[] = { { .path = CRED_PATH, .bytes = HTTP_200(KEYS("2099-01-01T00:00:00Z")) } };
        struct mock_http *m;

        (void)state;
        assert_non_null(mkdtemp(dir));
        m = mock_http_start(routes, ARRAY_SIZE(routes));
        process(dir, 11, KNOWN);
        for (int says = 0; says < 2; says++) {
                struct daemon *d = daemon_made(dir);

                d->cs.credentials = mock_http_base(m);
                environment = WHOLE;
                assert_int_equal(scan_host(&(struct host_access){ &d->cs, d->net, d->broker }, &d->base), 0);
                *snapshot_add_task(d->base) = (struct task){ .arn = TASK, .family = "web" };
                d->base->containers[0].task = 0;
                d->host_says = says ? 1u << FINDING_WRONG_ROLE : 0;
                environment = STATIC;
                process(dir, 12, KNOWN);
                queue_one(d, 12);
                assert_int_equal(d->counts.judged, 1);
                assert_int_equal(ledger_count(d->ledger), !says);
                daemon_end(d);
                snprintf(command, sizeof command, "rm -r %s/12", dir);
                assert_int_equal(system(command), 0);
        }
        mock_http_stop(m);
        environment = BARE;
        snprintf(command, sizeof command, "rm -r %s", dir);
        assert_int_equal(system(command), 0);
}

/* What a look could not find out of one thing clears nothing that comes of it, and holds nothing else open. */
static void each_by_its_sources(void **state)
{
        static const struct { enum answer_state imds, introspection; const char *policies; bool of_policies, of_imds, of_agent; } rows[] = {
                { ANSWER_OK,      ANSWER_OK,      NULL,       true,  true,  true },
                { ANSWER_OK,      ANSWER_OK,      "denied",   false, true,  true },
                { ANSWER_TIMEOUT, ANSWER_OK,      NULL,       true,  false, true },
                { ANSWER_TIMEOUT, ANSWER_OK,      "denied",   false, false, true },
                { ANSWER_OK,      ANSWER_REFUSED, NULL,       false, false, false },
        };
        char dir[] = "/tmp/rolewatch-proc-XXXXXX";
        struct verdicts v = { 0 };
        struct daemon *d;

        (void)state;
        assert_non_null(mkdtemp(dir));
        d = daemon_made(dir);
        assert_int_equal(snapshot_new(&d->base), 0);
        v.snapshot = d->base;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                d->base->host.imds.state = rows[i].imds;
                d->base->host.introspection.state = rows[i].introspection;
                d->base->host.policies_fault = rows[i].policies;
                assert_int_equal(look_knows(d, &v, NULL, FINDING_ENDPOINT_UNREACHABLE), rows[i].of_agent);
                assert_int_equal(look_knows(d, &v, KNOWN, FINDING_WRONG_ROLE), rows[i].of_agent);
                assert_int_equal(look_knows(d, &v, KNOWN, FINDING_RIGHT_ROLE_DENIED), rows[i].of_policies);
                assert_int_equal(look_knows(d, &v, NULL, FINDING_IMDS_OPEN), rows[i].of_imds);
                assert_int_equal(look_knows(d, &v, NULL, FINDING_TRUST_MISMATCH), rows[i].of_policies && rows[i].of_imds);
        }
        d->base->host.policies_fault = NULL;
        daemon_end(d);
        assert_int_equal(rmdir(dir), 0);
}

static bool changed(struct daemon *d)
{
        bool it_is;

        assert_int_equal(host_changed(d, &it_is), 0);
        return it_is;
}

/* Between the looks one process stands for all: a pulse notices what no question to the host tells. */
static void pulse_asks_for_one(void **state)
{
        char dir[] = "/tmp/rolewatch-proc-XXXXXX", command[64];
        struct mock_route routes[] = { { .path = CRED_PATH, .bytes = HTTP_200(KEYS("2099-01-01T00:00:00Z")) } };
        struct mock_http *m;
        struct daemon *d;

        (void)state;
        assert_non_null(mkdtemp(dir));
        m = mock_http_start(routes, ARRAY_SIZE(routes));
        d = daemon_made(dir);
        d->cs.credentials = d->cs.introspection = mock_http_base(m);
        environment = WHOLE;
        process(dir, 12, KNOWN);
        assert_int_equal(scan_host(&(struct host_access){ &d->cs, d->net, d->broker }, &d->base), 0);
        assert_int_equal(d->base->n_creds, 1);
        assert_int_equal(d->base->creds[0].answer.state, ANSWER_OK);
        assert_false(changed(d));
        routes[0].bytes = HTTP_200(KEYS("2020-01-01T00:00:00Z"));
        assert_true(changed(d));
        routes[0].bytes = HTTP("500 Internal Server Error", "{}");
        assert_true(changed(d));
        routes[0].bytes = HTTP_200(KEYS("2098-01-01T00:00:00Z"));      /* rotated: nothing to look for */
        assert_false(changed(d));
        mock_http_stop(m);
        d->cs.credentials = d->cs.introspection = "http://127.0.0.1:1";
        assert_true(changed(d));
        environment = BARE;
        daemon_end(d);
        snprintf(command, sizeof command, "rm -r %s", dir);
        assert_int_equal(system(command), 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(what_asks_waits), cmocka_unit_test(of_the_host_once), cmocka_unit_test(pulse_asks_for_one), cmocka_unit_test(each_by_its_sources),
                                            cmocka_unit_test(a_storm_takes_the_place) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
