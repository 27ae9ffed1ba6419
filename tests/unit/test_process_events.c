/* Single processes, when an event names them: in a real event loop, judged by real child processes. */
#include <elf.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <cmocka.h>
#include "../../agent/daemon/daemon_internal.h"
#include "../../agent/daemon/scan.h"
#include "helper_broker_double.h"
#include "rolewatch/account.h"
#include "rolewatch/io.h"
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
/* FIRST_: WHOLE for pid 11, and STATIC or BARE for others. OVERWRITTEN: FIRST_WHOLE, and nothing is left of the others. */
enum environment { BARE, WHOLE, STATIC, FIRST_WHOLE, FIRST_ONLY, OVERWRITTEN };
/* In memory that the broker's double shares: which environment it hands out next. */
static enum environment *environment;

/* What exec chose at random: another environment is that of another program; what is overwritten was STATIC. */
#define VECTOR_LEN 4
static void vector_make(pid_t pid, uint64_t ret[VECTOR_LEN])
{
        uint64_t executed = *environment == OVERWRITTEN ? STATIC : *environment;

        memcpy(ret, (const uint64_t[VECTOR_LEN]){ AT_RANDOM, 0x7ffc12340009 + (executed << 20) + (uint64_t)pid * 16, AT_NULL, 0 }, VECTOR_LEN * sizeof *ret);
}

static enum environment environment_of(pid_t pid)
{
        enum environment others = *environment == FIRST_WHOLE ? STATIC : BARE;

        return *environment < FIRST_WHOLE ? *environment : pid == 11 ? WHOLE : others;
}

/* The executable of what is recorded, which all containers have. */
#define JOB "/usr/bin/job"
static char job_file[64];
static int environments(const struct wire_request *q)
{
        enum environment which = environment_of(q->pid);
        uint64_t vector[VECTOR_LEN];
        int fd;

        if (q->op == BROKER_SOCKET)
                return socket(q->number, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (q->op == BROKER_FILE && streq(q->path, JOB))
                return open(job_file, O_RDONLY | O_CLOEXEC);
        if (q->op == BROKER_NETNS && *environment == FIRST_ONLY)
                return open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
        if (q->op != BROKER_ENVIRON && q->op != BROKER_AUXV)
                return -ENOENT;
        vector_make(q->pid, vector);
        fd = memfd_create("environ", MFD_CLOEXEC);
        if (q->op == BROKER_AUXV)
                return pwrite(fd, vector, sizeof vector, 0) < 0 ? -EIO : fd;
        if (*environment == OVERWRITTEN && q->pid != 11)
                return pwrite(fd, "\0\0\0\0", 4, 0) < 0 ? -EIO : fd;
        if (pwrite(fd, environs[which].text, environs[which].len, 0) < 0)
                return -EIO;
        return fd;
}

static struct broker_double broker;
static char proc_dir[] = "/tmp/rolewatch-proc-XXXXXX";

/* Calls are declared for every container: without, a program with no SDK in it is not judged. */
static char needs_dir[sizeof proc_dir + 8];

static void needs_declare(struct daemon *d)
{
        char path[sizeof needs_dir + 16];
        FILE *f;

        snprintf(needs_dir, sizeof needs_dir, "%s/needs", proc_dir);
        mkdir(needs_dir, 0700);
        snprintf(path, sizeof path, "%s/all.json", needs_dir);
        f = fopen(path, "w");
        assert_non_null(f);
        fputs("{\"match\":{\"family\":\"*\"},\"policy\":{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"sns:Publish\",\"Resource\":\"*\"}}}", f);
        fclose(f);
        d->cs.needs = needs_dir;
}

static int on_time(sd_event_source *source, uint64_t us, void *userdata)
{
        (void)source, (void)us, (void)userdata;
        return 0;
}

static struct daemon *daemon_made(void)
{
        struct daemon *d = calloc(1, sizeof *d);

        assert_non_null(d);
        d->config = calloc(1, sizeof *d->config);
        assert_non_null(d->config);
        d->config->number[SETTING_MAX_EVENTS_PER_HOUR] = 10;
        d->config->number[SETTING_SCAN_INTERVAL] = d->config->number[SETTING_MIN_PROCESS_AGE] = 3600;
        d->config->text[SETTING_STATE] = "";
        d->cs = (struct collect_settings){ .proc = proc_dir, .imds = "http://127.0.0.1:1", .introspection = "http://127.0.0.1:1",
                                           .credentials = "http://127.0.0.1:1", .container_endpoint = "http://127.0.0.1:1",
                                           .needs = "/nonexistent", .bundles = "/nonexistent", .definitions = "/nonexistent", .audit_log = "/nonexistent" };
        d->broker_path = broker.path;
        assert_true(sd_event_new(&d->event) >= 0);
        assert_int_equal(workers_prepare(d->event), 0);
        assert_int_equal(broker_link_new(d->event, d->broker_path, &d->broker), 0);
        assert_int_equal(finding_state_new(&d->findings), 0);
        assert_int_equal(process_cache_new(&d->processes), 0);
        assert_int_equal(environment_cache_new(&d->environments), 0);
        assert_int_equal(sdk_cache_new(&d->sdks), 0);
        assert_int_equal(process_events_new(d), 0);
        assert_true(sd_event_add_time(d->event, &d->scan.timer, CLOCK_MONOTONIC, UINT64_MAX, 0, on_time, NULL) >= 0);
        assert_true(sd_event_add_time(d->event, &d->flush, CLOCK_MONOTONIC, UINT64_MAX, 0, on_time, NULL) >= 0);
        assert_true(sd_event_source_set_enabled(d->flush, SD_EVENT_OFF) >= 0);
        d->cs.sdks = d->sdks;
        d->cs.environments = d->environments;
        return d;
}

static void facts_empty(struct daemon *d)
{
        assert_int_equal(snapshot_new(&d->scan.facts), 0);
        *snapshot_add_container(d->scan.facts) = (struct container){ .id = KNOWN, .task = -1 };
}

static void daemon_end(struct daemon *d)
{
        broker_link_free(d->broker);
        process_events_free(d);
        worker_free(d->host_check);
        scan_stop(d);
        sd_event_source_disable_unref(d->flush);
        sd_event_unref(d->event);
        snapshot_free(d->scan.facts);
        sdk_cache_free(d->sdks);
        process_cache_free(d->processes);
        environment_cache_free(d->environments);
        finding_state_free(d->findings);
        free(d->config);
        free(d);
}

/* Turns of the event loop until it is so; false: not within a minute, which valgrind may need for a child process. */
#define UNTIL(d, condition) ({ \
        uint64_t began_ = clock_monotonic_us(); \
        while (!(condition) && clock_monotonic_us() - began_ < 60 * SECOND_US) \
                sd_event_run((d)->event, 20000); \
        (condition); })

static bool is_being_judged(const struct daemon *d)
{
        for (size_t i = 0; i < JUDGING_MAX; i++)
                if (d->process_events.judging[i].worker)
                        return true;
        return false;
}

/* Nothing is to be judged now; what waits for min_process_age may be. */
static bool is_at_rest(const struct daemon *d) { return !d->process_events.waiting.n && !is_being_judged(d); }
/* Nothing waits for a verdict any more, and nothing is being judged. */
static bool is_idle(const struct daemon *d) { return is_at_rest(d) && !d->process_events.young.n; }

static uint64_t own_netns(void)
{
        struct stat st;

        assert_int_equal(stat("/proc/self/ns/net", &st), 0);
        return st.st_ino;
}

/* A process of the directory, as the kernel records it. whole: with its environment, as it is now. */
static struct kernel_event event_make(pid_t pid, enum event_kind kind, bool whole)
{
        static uint64_t vector[VECTOR_LEN];
        struct kernel_event ev = { .kind = kind, .pid = pid, .at_ns = 1, .environment_whole = whole, .arguments_whole = true };
        struct cgroup_location location = { "" };
        char path[256], text[256];
        ssize_t n;

        for (int i = 0; i < 2; i++) {
                struct proc_stat st;

                snprintf(path, sizeof path, "%s/%d/%s", proc_dir, (int)pid, i ? "cgroup" : "stat");
                CLEANUP(closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
                n = read(fd, text, sizeof text);
                assert_true(n > 0);
                if (i) {
                        assert_true(cgroup_parse(text, (size_t)n, &location));
                        memcpy(ev.container, location.container, sizeof ev.container);
                        continue;
                }
                assert_int_equal(proc_stat_parse(text, (size_t)n, &st), 0);
                ev.start_ticks = st.start_ticks;
                ev.ppid = st.ppid;
                memcpy(ev.comm, st.comm, st.comm_len);
                ev.executable.inode = text_hash(ev.comm);
        }
        vector_make(pid, vector);
        ev.auxv = (struct span){ (const char *)vector, sizeof vector };
        ev.environment = (struct span){ environs[environment_of(pid)].text, environs[environment_of(pid)].len };
        ev.arguments = (struct span){ "job", 4 };
        ev.path = (struct span){ JOB, strlen(JOB) };
        ev.netns_inode = own_netns();
        return ev;
}

static void executed(struct daemon *d, pid_t pid)
{
        const struct kernel_event ev = event_make(pid, EVENT_EXEC, true);

        on_exec(d, &ev);
}

/* The record has not all of the environment: /proc has, as long as the process lives. */
static void executed_much(struct daemon *d, pid_t pid)
{
        const struct kernel_event ev = event_make(pid, EVENT_EXEC, false);

        on_exec(d, &ev);
}

static void contacted(struct daemon *d, pid_t pid, enum event_endpoint endpoint)
{
        struct kernel_event ev = event_make(pid, EVENT_CONNECT, true);

        ev.endpoint = endpoint;
        on_contact(d, &ev);
}

/* Before the first scan there is nothing that a verdict could start from: another scan is due for what it may have missed. */
static void before_the_first_scan(void **state)
{
        static const struct { uint64_t began_ns; bool wanted; } rows[] = { { 0, false }, { 2, false }, { 1, true } };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                struct daemon *d = daemon_made();

                process(proc_dir, 10, KNOWN);
                d->scan.began_ns = rows[i].began_ns;
                executed(d, 10);
                assert_int_equal(d->scan.wanted, rows[i].wanted);
                assert_int_equal(d->process_events.waiting.n, 0);
                daemon_end(d);
        }
}

/* Events are judged side by side: a container whose agent hangs delays no other. */
static void who_waits_delays_nobody(void **state)
{
        const struct mock_route silent[] = { { .how = MOCK_SILENT } };
        struct mock_http *agent = mock_http_start(silent, 1);
        struct daemon *d = daemon_made();

        (void)state;
        facts_empty(d);
        d->cs.introspection = mock_http_base(agent);
        process(proc_dir, 10, NEW);
        process(proc_dir, 11, KNOWN);
        process(proc_dir, 12, KNOWN);
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
                process(proc_dir, 30, KNOWN);
                executed(d, 30);
        }
        assert_true(UNTIL(d, d->process_events.execs == 20));
        assert_true(UNTIL(d, d->process_events.judged == 1 && !d->process_events.waiting.n));
        executed(d, 30);
        assert_true(UNTIL(d, d->process_events.execs == 21));
        assert_int_equal(d->process_events.judged, 1);
        daemon_end(d);
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
                process(proc_dir, processes[i].pid, KNOWN);
                snprintf(text, sizeof text, "%d (%s) S %d" REST "%d 0\n", processes[i].pid, i ? "job" : "cron", processes[i].ppid, processes[i].pid * 10);
                put(proc_dir, processes[i].pid, "stat", text);
                executed(d, processes[i].pid);
        }
        assert_true(UNTIL(d, d->process_events.execs == ARRAY_SIZE(processes)));
        assert_true(process_cache_find(d->processes, 51)->digest != process_cache_find(d->processes, 52)->digest);
        assert_true(process_cache_find(d->processes, 53)->digest == process_cache_find(d->processes, 52)->digest);
        daemon_end(d);
}

/* A verdict is that of its own program, also where others took its place in the cache meanwhile. */
static void a_storm_takes_the_slots(void **state)
{
        struct daemon *d = daemon_made();
        uint64_t digest;

        (void)state;
        facts_empty(d);
        process(proc_dir, 12, KNOWN);
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

static void process_remove(pid_t pid)
{
        char command[128];

        snprintf(command, sizeof command, "rm -r %s/%d", proc_dir, (int)pid);
        assert_int_equal(system(command), 0);
}

/* A process that ends before its turn is counted, not judged; one whose record is cut is not even identified. */
static void one_that_has_ended(void **state)
{
        struct daemon *d = daemon_made();
        struct kernel_event ev;

        (void)state;
        facts_empty(d);
        process(proc_dir, 13, KNOWN);
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
        process(proc_dir, 14, KNOWN);
        process(proc_dir, 15, KNOWN);
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
        process(proc_dir, 18, KNOWN);
        process(proc_dir, 19, KNOWN);
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
        process(proc_dir, 14, KNOWN);
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
        process(proc_dir, 15, NEW);
        process(proc_dir, 16, KNOWN);
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

#define KEYS(expires) "{\"RoleArn\":\"" ROLE "\",\"AccessKeyId\":\"ASIAIOSFODNN7EXAMPLE\",\"SecretAccessKey\":\"x\",\"Token\":\"t\"," \
        "\"Expiration\":\"" expires "\"}"
/* What the last scan found about the host is not published again for each process: it is one cause. */
static void about_the_host_once(void **state)
{
        const struct mock_route routes[] = { { .path = CRED_PATH, .bytes = HTTP_200(KEYS("2099-01-01T00:00:00Z")) } };
        struct mock_http *m = mock_http_start(routes, ARRAY_SIZE(routes));
        char command[128];

        (void)state;
        process(proc_dir, 11, KNOWN);
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
                process(proc_dir, 12, KNOWN);
                executed(d, 12);
                assert_true(UNTIL(d, d->process_events.judged == 1));
                /* No SDK is known of it: it must stay for min_process_age, which has passed. */
                d->process_events.young.list[d->process_events.young.first].due_us = 1;
                sd_event_source_set_time(d->process_events.min_age_timer, 1);
                assert_true(UNTIL(d, is_idle(d)));
                assert_int_equal(finding_state_count(d->findings), !found);
                daemon_end(d);
                snprintf(command, sizeof command, "rm -r %s/12", proc_dir);
                assert_int_equal(system(command), 0);
        }
        mock_http_stop(m);
        *environment = BARE;
}

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
        char command[128];

        (void)state;
        snprintf(command, sizeof command, "rm -rf %s/[0-9]*", proc_dir);
        assert_int_equal(system(command), 0);
        d->cs.credentials = d->cs.introspection = mock_http_base(m);
        *environment = WHOLE;
        process(proc_dir, 12, KNOWN);
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
        *environment = BARE;
        daemon_end(d);
}

/* A program without a known SDK is reported only once it has lived for min_process_age, also by a scan that happens to see it. */
static void a_scan_spares_the_young(void **state)
{
        const struct mock_route routes[] = { { .path = CRED_PATH, .bytes = HTTP_200(KEYS("2099-01-01T00:00:00Z")) } };
        struct mock_http *m = mock_http_start(routes, ARRAY_SIZE(routes));
        char text[256], command[128];
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
                process(proc_dir, 11, KNOWN);
                assert_int_equal(worker_tools_open(d, &t), 0);
                assert_int_equal(scan_host(&(struct host_access){ &d->cs, t.net, t.broker }, &d->scan.facts), 0);
                *snapshot_add_task(d->scan.facts) = (struct task){ .arn = TASK, .family = "web" };
                d->scan.facts->containers[0].task = 0;
                *environment = FIRST_WHOLE;
                process(proc_dir, 12, KNOWN);
                snprintf(text, sizeof text, "12 (job12) S 11" REST "%lld 0\n", young ? (long long)up.tv_sec * sysconf(_SC_CLK_TCK) : 120);
                put(proc_dir, 12, "stat", text);
                snprintf(text, sizeof text, "11 (job11) S 1" REST "%lld 0\n", young ? (long long)up.tv_sec * sysconf(_SC_CLK_TCK) : 110);
                put(proc_dir, 11, "stat", text);
                scan_start(d);
                assert_true(UNTIL(d, d->scan.count == 1));
                assert_int_equal(finding_state_count(d->findings) > 0, !young);
                daemon_end(d);
                snprintf(command, sizeof command, "rm -r %s/12", proc_dir);
                assert_int_equal(system(command), 0);
        }
        snprintf(command, sizeof command, "rm -r %s/11", proc_dir);
        assert_int_equal(system(command), 0);
        *environment = BARE;
        mock_http_stop(m);
}

/* A task with a role: pid 11 has the credentials URI. What comes next has not. */
static struct daemon *daemon_of_task(struct mock_http *m)
{
        struct daemon *d = daemon_made();
        CLEANUP(worker_tools_done) struct worker_tools t = { 0 };

        d->cs.credentials = mock_http_base(m);
        *environment = WHOLE;
        process(proc_dir, 11, KNOWN);
        assert_int_equal(worker_tools_open(d, &t), 0);
        assert_int_equal(scan_host(&(struct host_access){ &d->cs, t.net, t.broker }, &d->scan.facts), 0);
        *snapshot_add_task(d->scan.facts) = (struct task){ .arn = TASK, .family = "web" };
        d->scan.facts->containers[0].task = 0;
        d->scan.facts->host.instance_role = "ecsInstanceRole";
        d->scan.facts->host.imds = d->scan.facts->host.imds_role_answer = (struct answer){ ANSWER_OK, 200, NULL };
        *snapshot_add_netns(d->scan.facts) = (struct netns){ .inode = own_netns(), .host = true, .container = { ANSWER_OK, 200, NULL },
                                                             .imds_token = { ANSWER_OK, 200, NULL }, .imds_v1 = { ANSWER_OK, 200, NULL } };
        *environment = FIRST_ONLY;
        process(proc_dir, 12, KNOWN);
        return d;
}

static const struct mock_route keys_of_task[] = { { .path = CRED_PATH, .bytes = HTTP_200(KEYS("2099-01-01T00:00:00Z")) } };

static void daemon_of_task_end(struct daemon *d, struct mock_http *m)
{
        char command[128];

        daemon_end(d);
        snprintf(command, sizeof command, "rm -r %s/11 %s/12", proc_dir, proc_dir);
        assert_int_equal(system(command), 0);
        *environment = BARE;
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

/* Nothing is known of the endpoints in its namespace: they are asked for the verdict, and the agent alone answers in time. */
static void imds_is_slow(struct daemon *d, const struct mock_http *agent, const struct mock_http *silent)
{
        d->cs.probe = true;
        d->cs.container_endpoint = mock_http_base(agent);
        d->cs.imds = mock_http_base(silent);
        d->scan.facts->netns[0].container = d->scan.facts->netns[0].imds_token = d->scan.facts->netns[0].imds_v1 = (struct answer){ ANSWER_UNKNOWN, 0, NULL };
}

static const struct mock_route agent_routes[] = { { .path = "/v2/credentials/", .bytes = HTTP("400 Bad Request", "") } };
static const struct mock_route imds_routes[] = { { .bytes = HTTP_200("token") } };
static const struct mock_route silence[] = { { .how = MOCK_SILENT } };

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

/* The agent names the task of a new container after its process has called: the next call is judged with it. */
static void a_task_that_is_named_late(void **state)
{
        static const struct mock_route names_it[] = { { .bytes = HTTP_200("{\"Arn\":\"" TASK "\",\"KnownStatus\":\"RUNNING\",\"Family\":\"web\",\"Version\":\"7\","
                                                                          "\"Containers\":[{\"DockerId\":\"" NEW "\",\"Name\":\"app\"}]}") } };
        struct mock_http *keys = mock_http_start(keys_of_task, ARRAY_SIZE(keys_of_task)), *agent = mock_http_start(names_it, 1);
        struct daemon *d = daemon_of_task(keys);

        (void)state;
        process(proc_dir, 12, NEW);
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
        char command[128];

        (void)state;
        executed(d, 12);
        assert_true(UNTIL(d, d->process_events.judged == 1 && is_idle(d)));
        contacted(d, 12, EVENT_IMDS);
        assert_true(UNTIL(d, d->process_events.judged == 2 && is_idle(d)));
        process_cache_clear_verdicts(d->processes);
        process(proc_dir, 13, KNOWN);
        put(proc_dir, 13, "stat", "13 (job12) S 1" REST "130 0\n");
        executed(d, 13);
        assert_true(UNTIL(d, d->process_events.judged == 3 && is_idle(d)));
        contacted(d, 13, EVENT_IMDS);
        assert_true(UNTIL(d, d->process_events.judged == 4 && is_idle(d)));
        snprintf(command, sizeof command, "rm -r %s/13", proc_dir);
        assert_int_equal(system(command), 0);
        daemon_of_task_end(d, m);
}

/* A program that was executed by pid 12 in the container of daemon_of_task, and whose process has ended before anybody could read it. */
static struct kernel_event job_executed(const char *comm)
{
        struct kernel_event ev = event_make(12, EVENT_EXEC, true);
        struct stat st;

        assert_int_equal(stat(job_file, &st), 0);
        ev.executable = (struct event_executable){ st.st_ino, st.st_ctim.tv_sec, major(st.st_dev) << 20 | minor(st.st_dev), (uint32_t)st.st_ctim.tv_nsec };
        snprintf(ev.comm, sizeof ev.comm, "%s", comm);
        put(proc_dir, 12, "stat", "12 (job12) Z 1" REST "120 0\n");
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
                put(proc_dir, 11, "status", text);
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
        process_remove(11);
        process_remove(12);
        *environment = BARE;
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
        process_remove(11);
        *environment = BARE;
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

/* A program of which there is no record, and whose processes end too early, is not read for each of its contacts; what lives long enough is judged again. */
static void contacts_of_what_ends(void **state)
{
        struct mock_http *m = mock_http_start(keys_of_task, ARRAY_SIZE(keys_of_task));
        struct daemon *d = daemon_of_task(m);
        uint64_t ended;

        (void)state;
        executed_much(d, 12);
        assert_true(UNTIL(d, d->process_events.judged == 1 && is_idle(d)));
        put(proc_dir, 12, "stat", "12 (job12) Z 1" REST "120 0\n");
        for (int i = 0; i < 40; i++) {
                contacted(d, 12, EVENT_IMDS);
                assert_true(UNTIL(d, is_idle(d)));
        }
        ended = d->process_events.ended;
        assert_true(ended > 0 && ended < 40);
        /* Facts that changed are a new start. */
        process_cache_clear_verdicts(d->processes);
        process(proc_dir, 12, KNOWN);
        contacted(d, 12, EVENT_IMDS);
        assert_true(UNTIL(d, d->process_events.judged == 2 && is_idle(d)));
        assert_int_equal(finding_state_count(d->findings), 1);
        daemon_of_task_end(d, m);
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
        char command[128];

        (void)state;
        process(proc_dir, 12, KNOWN);
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
        snprintf(command, sizeof command, "rm -r %s/12", proc_dir);
        assert_int_equal(system(command), 0);
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
        process(proc_dir, 12, KNOWN);
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
        *environment = BARE;
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
        char path[sizeof proc_dir + 16];
        struct daemon *d = daemon_made(), *next = daemon_made(), *other = daemon_made();
        CLEANUP(freep) char *saved = NULL;
        size_t len;

        (void)state;
        snprintf(path, sizeof path, "%s/state", proc_dir);
        d->config->text[SETTING_STATE] = next->config->text[SETTING_STATE] = other->config->text[SETTING_STATE] = path;
        boot("11111111-2222\n");
        facts_empty(d);
        process(proc_dir, 11, KNOWN);
        process(proc_dir, 12, KNOWN);
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
        *environment = BARE;
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
                cmocka_unit_test(before_the_first_scan), cmocka_unit_test(who_waits_delays_nobody), cmocka_unit_test(once_per_program), cmocka_unit_test(by_its_parent_too),
                cmocka_unit_test(a_storm_takes_the_slots), cmocka_unit_test(one_that_has_ended),
                cmocka_unit_test(contacts_of_who_has_ended), cmocka_unit_test(contacts_of_a_living_parent), cmocka_unit_test(a_broker_that_hangs), cmocka_unit_test(a_broker_that_comes_and_goes),
                cmocka_unit_test(about_the_host_once), cmocka_unit_test(each_by_its_sources), cmocka_unit_test(one_process_stands_for_all),
                cmocka_unit_test(a_scan_spares_the_young), cmocka_unit_test(a_contact_is_judged), cmocka_unit_test(contacts_of_what_ends),
                cmocka_unit_test(by_its_record), cmocka_unit_test(files_of_who_has_ended), cmocka_unit_test(a_record_that_is_too_little), cmocka_unit_test(ended_before_min_process_age),
                cmocka_unit_test(an_answer_after_the_end),
                cmocka_unit_test(an_answer_that_came_too_late), cmocka_unit_test(a_task_that_is_named_late),
                cmocka_unit_test(each_verdict_has_its_contacts), cmocka_unit_test(a_contact_during_the_judging),
                cmocka_unit_test(a_shortage_clears_nothing), cmocka_unit_test(a_failed_scan_is_repeated_soon), cmocka_unit_test(a_scan_beside_the_loop),
                cmocka_unit_test(an_environment_outlives_its_program),
        };
        char command[128];
        int r;

        environment = mmap(NULL, sizeof *environment, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (environment == MAP_FAILED || !mkdtemp(proc_dir))
                return 1;
        snprintf(job_file, sizeof job_file, "%s/job", proc_dir);
        close(open(job_file, O_WRONLY | O_CREAT | O_CLOEXEC, 0700));
        broker = broker_double_start(environments);
        r = cmocka_run_group_tests(tests, NULL, NULL);
        broker_double_stop(&broker);
        snprintf(command, sizeof command, "rm -rf %s", proc_dir);
        return system(command) ? 1 : r;
}
