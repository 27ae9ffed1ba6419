/* Kernel events: format files and records as bytes, then the real kernel's own (as root). */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include "helper_broker.h"
#include "../../agent/evidence/trace.h"

static const char exec_format[] = "name: sched_process_exec\nID: 310\nformat:\n"
        "\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n\n"
        "\tfield:__data_loc char[] filename;\toffset:8;\tsize:4;\tsigned:0;\n";
static const char connect_format[] = "name: inet_sock_set_state\nID: 1473\nformat:\n"
        "\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
        "\tfield:const void * skaddr;\toffset:8;\tsize:8;\tsigned:0;\n"
        "\tfield:__u16 dport;\toffset:26;\tsize:2;\tsigned:0;\n"
        "\tfield:__u16 family;\toffset:28;\tsize:2;\tsigned:0;\n"
        "\tfield:__u8 daddr[4];\toffset:36;\tsize:4;\tsigned:0;\n"
        "\tfield:__u8 saddr_v6[16];\toffset:40;\tsize:16;\tsigned:0;\n"
        "\tfield:__u8 daddr_v6[16];\toffset:56;\tsize:16;\tsigned:0;\n";

static void formats_of(struct trace_format f[BROKER_EVENT_MAX])
{
        assert_int_equal(trace_format_parse(BROKER_EVENT_EXEC, exec_format, sizeof exec_format - 1, &f[BROKER_EVENT_EXEC]), 0);
        assert_int_equal(trace_format_parse(BROKER_EVENT_CONNECT, connect_format, sizeof connect_format - 1, &f[BROKER_EVENT_CONNECT]), 0);
}

static void formats(void **state)
{
        struct trace_format f[BROKER_EVENT_MAX], other;
        CLEANUP(freep) char *text = strdup(connect_format);

        (void)state;
        formats_of(f);
        assert_int_equal(f[BROKER_EVENT_EXEC].id, 310);
        assert_int_equal(f[BROKER_EVENT_CONNECT].dport.offset, 26);
        assert_int_equal(f[BROKER_EVENT_CONNECT].daddr_v6.offset, 56);
        /* A field less, one of another size, no number: not this reader's. */
        for (size_t cut = 0; cut < (size_t)(strstr(connect_format, "offset:56") - connect_format); cut += 3)
                assert_int_equal(trace_format_parse(BROKER_EVENT_CONNECT, connect_format, cut, &other), -EBADMSG);
        memcpy(strstr(text, "offset:36;\tsize:4"), "offset:36;\tsize:8", 17);
        assert_int_equal(trace_format_parse(BROKER_EVENT_CONNECT, text, strlen(text), &other), -EBADMSG);
}

/* As perf_event_open(2) describes it. */
static size_t sample_make(unsigned char *to, uint16_t type, const void *raw, uint32_t raw_size)
{
        struct perf_event_header h = { PERF_RECORD_SAMPLE, 0, (uint16_t)(28 + raw_size) };
        const uint32_t ids[2] = { 4711, 4712 };
        const uint64_t time = 99;

        memcpy(to, &h, 8);
        memcpy(to + 8, ids, 8);
        memcpy(to + 16, &time, 8);
        memcpy(to + 24, &raw_size, 4);
        memcpy(to + 28, raw, raw_size);
        memcpy(to + 28, &type, 2);
        return h.size;
}

static void samples(void **state)
{
        struct trace_format f[BROKER_EVENT_MAX];
        unsigned char record[256], raw[80] = { 0 };
        struct kernel_event e;
        size_t n;

        (void)state;
        formats_of(f);
        raw[26] = 80;
        raw[28] = AF_INET;
        memcpy(raw + 36, "\xa9\xfe\xaa\x02", 4);
        n = sample_make(record, 1473, raw, sizeof raw);
        assert_int_equal(trace_sample_parse(record, n, f, &e), 0);
        assert_int_equal(e.kind, BROKER_EVENT_CONNECT);
        assert_int_equal(e.pid, 4711);
        assert_int_equal(e.at_ns, 99);
        assert_int_equal(e.port, 80);
        assert_memory_equal(e.address, "\xa9\xfe\xaa\x02", 4);
        for (size_t cut = 0; cut < n; cut++)
                assert_int_equal(trace_sample_parse(record, cut, f, &e), -EBADMSG);
        raw[28] = AF_UNIX;
        n = sample_make(record, 1473, raw, sizeof raw);
        assert_int_equal(trace_sample_parse(record, n, f, &e), -EBADMSG);
        n = sample_make(record, 310, raw, 12);
        assert_int_equal(trace_sample_parse(record, n, f, &e), 0);
        assert_int_equal(e.kind, BROKER_EVENT_EXEC);
        n = sample_make(record, 311, raw, 12);
        assert_int_equal(trace_sample_parse(record, n, f, &e), -EBADMSG);
}

struct observed { pid_t pid; int execs, connects; };
static void note(void *userdata, const struct kernel_event *e)
{
        struct observed *s = userdata;

        if (e->pid != s->pid)
                return;
        s->execs += e->kind == BROKER_EVENT_EXEC;
        s->connects += e->kind == BROKER_EVENT_CONNECT && e->port == 80 && e->family == AF_INET &&
                       memcmp(e->address, "\x7f\x01\x02\x03", 4) == 0;
}

static void connect_closed(uint16_t port)
{
        struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons(port) };
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

        inet_pton(AF_INET, "127.1.2.3", &sa.sin_addr);
        (void)!connect(fd, (struct sockaddr *)&sa, sizeof sa);
        close(fd);
}

static void settle(struct events *e, struct observed *s)
{
        bool more = true;

        for (int i = 0; i < 100 && (more || !s->execs); i++) {
                events_read(e, 64, &(struct event_sink){ note, s }, &more);
                usleep(5000);
        }
        events_read(e, 4096, &(struct event_sink){ note, s }, &more);
}

/* Through both kinds of broker: the kernel's own word on a child of ours. */
static void kernel(void **state)
{
        const struct server_options o = server_root_only();
        struct served served = server_start(&o);
        struct broker *brokers[2] = { 0 };

        (void)state;
        assert_int_equal(broker_local(&brokers[0]), 0);
        assert_int_equal(broker_connect(served.path, &brokers[1]), 0);
        for (size_t i = 0; i < 2; i++) {
                struct events *e = NULL;
                struct observed s = { .pid = 0 };
                int r = events_open(brokers[i], &e);

                if (r < 0)
                        fail_msg("broker %zu: %s", i, strerror(-r));
                s.pid = fork();
                assert_true(s.pid >= 0);
                if (s.pid == 0) {
                        for (int k = 0; k < 3; k++)
                                connect_closed(80);
                        connect_closed(81);
                        execl("/bin/true", "true", (char *)NULL);
                        _exit(1);
                }
                assert_int_equal(waitpid(s.pid, NULL, 0), s.pid);
                settle(e, &s);
                assert_int_equal(s.execs, 1);
                assert_int_equal(s.connects, 3);
                assert_int_equal(events_lost(e), 0);
                events_free(e);
                broker_free(brokers[i]);
        }
        server_stop(&served);
}

/* What the broker does not hand over: other events, other groups, a processor that is not there. */
static void refused(void **state)
{
        struct broker *b = NULL;

        (void)state;
        assert_int_equal(broker_local(&b), 0);
        assert_int_equal(broker_events(b, BROKER_EVENT_MAX, BROKER_SCOPE_HOST, 0), -EINVAL);
        assert_int_equal(broker_events(b, BROKER_EVENT_EXEC, BROKER_SCOPE_MAX, 0), -EINVAL);
        assert_int_equal(broker_events(b, BROKER_EVENT_EXEC, BROKER_SCOPE_HOST, -1), -EINVAL);
        assert_true(broker_events(b, BROKER_EVENT_EXEC, BROKER_SCOPE_HOST, 8191) < 0);
        assert_int_equal(broker_format(b, BROKER_EVENT_MAX), -EINVAL);
        broker_free(b);
}

static void overflow_note(void *userdata, const struct kernel_event *e)
{
        (void)e;
        (*(int *)userdata)++;
}

/* A reader that does not come in time: what is lost is counted, and what comes later is read. */
static void overflow(void **state)
{
        CLEANUP(broker_freep) struct broker *b = NULL;
        CLEANUP(events_freep) struct events *e = NULL;
        cpu_set_t one, before;
        int count = 0;
        bool more;

        (void)state;
        /* One ring: what was lost is told in the ring that it was lost from. */
        CPU_ZERO(&one);
        CPU_SET(sched_getcpu(), &one);
        assert_int_equal(sched_getaffinity(0, sizeof before, &before), 0);
        assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
        assert_int_equal(broker_local(&b), 0);
        assert_int_equal(events_open(b, &e), 0);
        for (int i = 0; i < 12000; i++)
                connect_closed(80);
        while (events_read(e, 4096, &(struct event_sink){ overflow_note, &count }, &more), more)
                ;
        /* The kernel writes how many were lost once there is room again. */
        for (int i = 0; i < 200; i++)
                connect_closed(80);
        while (events_read(e, 4096, &(struct event_sink){ overflow_note, &count }, &more), more)
                ;
        assert_true(events_lost(e) > 0);
        assert_true((uint64_t)count + events_lost(e) >= 12200);
        sched_setaffinity(0, sizeof before, &before);
}

#define ALL "/sys/fs/cgroup/all"
#define UNIFIED "/sys/fs/cgroup/unified"

/* A part of the hierarchy in its place, so that tasks which run on this machine are not met. */
static void groups_make(char *own, size_t size)
{
        char group[128];

        snprintf(own, size, ALL "/rolewatch-test-%d", (int)getpid());
        snprintf(group, sizeof group, "%s/ecstasks.slice", own);
        assert_int_equal(mkdir(ALL, 0755) | mkdir(UNIFIED, 0755), 0);
        assert_int_equal(mount("cgroup2", ALL, "cgroup2", 0, NULL), 0);
        assert_int_equal(mkdir(own, 0755) | mkdir(group, 0755), 0);
        assert_int_equal(mount(own, UNIFIED, "", MS_BIND, NULL), 0);
}

/* Below the control group of the tasks only: who is in it is seen, who is not is not. */
static void scope(void **state)
{
        const char *group = UNIFIED "/ecstasks.slice", *procs = UNIFIED "/ecstasks.slice/cgroup.procs";
        char own[64];
        CLEANUP(broker_freep) struct broker *b = NULL;
        CLEANUP(events_freep) struct events *e = NULL;
        struct observed inside = { .pid = 0 }, outside = { .pid = 0 };
        bool more;
        int count = 0, r = -1;
        pid_t sleeper;

        (void)state;
        groups_make(own, sizeof own);
        assert_int_equal(broker_local(&b), 0);
        sleeper = fork();
        assert_true(sleeper >= 0);
        if (sleeper == 0) {
                int fd = open(procs, O_WRONLY | O_CLOEXEC);

                prctl(PR_SET_PDEATHSIG, SIGKILL);
                (void)!write(fd, "0", 1);
                pause();
        }
        for (int i = 0; i < 100 && r != 0; i++) {
                events_free(TAKE(e));
                assert_int_equal(events_open(b, &e), 0);
                r = strcmp(events_scope(e), "control group ecstasks.slice");
                usleep(10000);
        }
        assert_int_equal(r, 0);
        assert_false(events_stale(e));
        for (struct observed *s = &inside; s; s = s == &inside ? &outside : NULL) {
                s->pid = fork();
                assert_true(s->pid >= 0);
                if (s->pid == 0) {
                        int fd = open(procs, O_WRONLY | O_CLOEXEC);

                        if (s == &inside && write(fd, "0", 1) != 1)
                                _exit(1);
                        for (int k = 0; k < 3; k++)
                                connect_closed(80);
                        execl("/bin/true", "true", (char *)NULL);
                        _exit(1);
                }
                assert_int_equal(waitpid(s->pid, NULL, 0), s->pid);
        }
        settle(e, &inside);
        assert_int_equal(inside.execs, 1);
        assert_int_equal(inside.connects, 3);
        connect_closed(80);
        events_read(e, 64, &(struct event_sink){ overflow_note, &count }, &more);
        assert_int_equal(count, 0);
        kill(sleeper, SIGKILL);
        assert_int_equal(waitpid(sleeper, NULL, 0), sleeper);
        assert_true(events_stale(e));
        assert_int_equal(rmdir(group), 0);
        assert_int_equal(umount(UNIFIED), 0);
        assert_int_equal(rmdir(own), 0);
        assert_int_equal(umount(ALL), 0);
}

/*
 * A mount namespace of our own, with a tracefs where a host has one, and no groups of tasks. Where systemd has mounted
 * the tracefs, a second mount at the same place is refused (EBUSY).
 */
static int setup(void **state)
{
        (void)state;
        if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", "", MS_REC | MS_PRIVATE, NULL) < 0 ||
            (mount("tracefs", "/sys/kernel/tracing", "tracefs", 0, NULL) < 0 && errno != EBUSY))
                return -1;
        return mount("tmpfs", "/sys/fs/cgroup", "tmpfs", 0, NULL);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(formats), cmocka_unit_test(samples), cmocka_unit_test(kernel),
                cmocka_unit_test(refused), cmocka_unit_test(overflow),
                cmocka_unit_test(scope),
        };
        return cmocka_run_group_tests(tests, setup, NULL);
}
