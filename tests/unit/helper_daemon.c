#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include <cmocka.h>
#include "helper_daemon.h"
#include "helper_tree.h"
#include "rolewatch/account.h"
#include "rolewatch/io.h"

char proc_dir[] = "/tmp/rolewatch-proc-XXXXXX";
struct broker_double broker;

void process_file(pid_t pid, const char *name, const char *text)
{
        char path[256];
        FILE *f;

        snprintf(path, sizeof path, "%s/%d", proc_dir, (int)pid);
        mkdir(path, 0700);
        snprintf(path, sizeof path, "%s/%d/%s", proc_dir, (int)pid, name);
        f = fopen(path, "w");
        assert_non_null(f);
        fputs(text, f);
        fclose(f);
}

void process_make(pid_t pid, const char *container)
{
        char text[256];

        snprintf(text, sizeof text, "0::/docker/%s\n", container);
        process_file(pid, "cgroup", text);
        snprintf(text, sizeof text, "%d (job%d) S 1" REST "%d 0\n", (int)pid, (int)pid, (int)pid * 10);
        process_file(pid, "stat", text);
        process_file(pid, "status", "Name:\tjob\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nGroups:\t\n");
        process_file(pid, "cmdline", "job");
}

static const struct { const char *text; size_t len; } environs[] = {
#define X(text) { text, sizeof text }
        X("HOME=/root"), X("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=" CRED_PATH), X(KEYS_IN_ENV),
#undef X
};
enum environment *environment;

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

static void container_path(char ret[128], const char *path) { snprintf(ret, 128, "%s/files%s", proc_dir, path); }

static int container_open(const char *path)
{
        char real[128];
        int fd;

        container_path(real, path);
        fd = open(real, O_RDONLY | O_CLOEXEC);
        return fd < 0 ? -errno : fd;
}

void container_file(const char *path, const char *text)
{
        char real[128];
        FILE *f;

        container_path(real, path);
        tree_make_above(real);
        f = fopen(real, "w");
        assert_non_null(f);
        fputs(text, f);
        fclose(f);
}

struct event_executable container_executable(const char *path)
{
        CLEANUP(closep) int fd = container_open(path);
        struct stat st;

        assert_int_equal(fstat(fd, &st), 0);
        return (struct event_executable){ st.st_ino, st.st_ctim.tv_sec, major(st.st_dev) << 20 | minor(st.st_dev), (uint32_t)st.st_ctim.tv_nsec };
}

int environments(const struct wire_request *q)
{
        enum environment which = environment_of(q->pid);
        uint64_t vector[VECTOR_LEN];
        int fd;

        if (q->op == BROKER_SOCKET)
                return socket(q->number, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (q->op == BROKER_FILE)
                return container_open(q->path);
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

static char needs_dir[sizeof proc_dir + 8];

void needs_declare(struct daemon *d)
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

struct daemon *daemon_made(void)
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

void facts_empty(struct daemon *d)
{
        assert_int_equal(snapshot_new(&d->scan.facts), 0);
        *snapshot_add_container(d->scan.facts) = (struct container){ .id = KNOWN, .task = -1 };
}

void daemon_end(struct daemon *d)
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

bool is_being_judged(const struct daemon *d)
{
        for (size_t i = 0; i < JUDGING_MAX; i++)
                if (d->process_events.judging[i].worker)
                        return true;
        return false;
}

uint64_t own_netns(void)
{
        struct stat st;

        assert_int_equal(stat("/proc/self/ns/net", &st), 0);
        return st.st_ino;
}

struct kernel_event event_make(pid_t pid, enum event_kind kind, bool whole)
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

void executed(struct daemon *d, pid_t pid)
{
        const struct kernel_event ev = event_make(pid, EVENT_EXEC, true);

        on_exec(d, &ev);
}

void executed_much(struct daemon *d, pid_t pid)
{
        const struct kernel_event ev = event_make(pid, EVENT_EXEC, false);

        on_exec(d, &ev);
}

void contacted(struct daemon *d, pid_t pid, enum event_endpoint endpoint)
{
        struct kernel_event ev = event_make(pid, EVENT_CONNECT, true);

        ev.endpoint = endpoint;
        on_contact(d, &ev);
}

void process_remove(pid_t pid)
{
        char path[64];

        snprintf(path, sizeof path, "%s/%d", proc_dir, (int)pid);
        assert_int_equal(tree_remove(path), 0);
}

struct daemon *daemon_of_task(struct mock_http *m)
{
        struct daemon *d = daemon_made();
        CLEANUP(worker_tools_done) struct worker_tools t = { 0 };

        d->cs.credentials = mock_http_base(m);
        *environment = WHOLE;
        process_make(11, KNOWN);
        assert_int_equal(worker_tools_open(d, &t), 0);
        assert_int_equal(scan_host(&(struct host_access){ &d->cs, t.net, t.broker }, &d->scan.facts), 0);
        *snapshot_add_task(d->scan.facts) = (struct task){ .arn = TASK, .family = "web" };
        d->scan.facts->containers[0].task = 0;
        d->scan.facts->host.instance_role = "ecsInstanceRole";
        d->scan.facts->host.imds = d->scan.facts->host.imds_role_answer = (struct answer){ ANSWER_OK, 200, NULL };
        *snapshot_add_netns(d->scan.facts) = (struct netns){ .inode = own_netns(), .host = true, .container = { ANSWER_OK, 200, NULL },
                                                             .imds_token = { ANSWER_OK, 200, NULL }, .imds_v1 = { ANSWER_OK, 200, NULL } };
        *environment = FIRST_ONLY;
        process_make(12, KNOWN);
        return d;
}

void daemon_of_task_end(struct daemon *d, struct mock_http *m)
{
        daemon_end(d);
        mock_http_stop(m);
        assert_int_equal(processes_remove(NULL), 0);
}

void imds_is_slow(struct daemon *d, const struct mock_http *agent, const struct mock_http *silent)
{
        d->cs.probe = true;
        d->cs.container_endpoint = mock_http_base(agent);
        d->cs.imds = mock_http_base(silent);
        d->scan.facts->netns[0].container = d->scan.facts->netns[0].imds_token = d->scan.facts->netns[0].imds_v1 = (struct answer){ ANSWER_UNKNOWN, 0, NULL };
}

int daemon_tests_begin(void **state)
{
        (void)state;
        environment = mmap(NULL, sizeof *environment, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (environment == MAP_FAILED || !mkdtemp(proc_dir))
                return -1;
        container_file(JOB, "");
        broker = broker_double_start(environments);
        return 0;
}

int processes_remove(void **state)
{
        (void)state;
        *environment = BARE;
        if (tree_remove(proc_dir) < 0 || mkdir(proc_dir, 0700) < 0)
                return -1;
        container_file(JOB, "");
        return 0;
}

int daemon_tests_end(void **state)
{
        (void)state;
        broker_double_stop(&broker);
        return tree_remove(proc_dir);
}
