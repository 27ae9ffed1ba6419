/*
 * events -- the rows about the host: descriptors of kernel events.
 *
 * Which event, which filter and which control group are rows of broker.h; a
 * request only names their numbers, so that its sender can never sample
 * anything else. The one thing that is read here is the number that the kernel
 * gave a tracepoint.
 */
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <time.h>
#include "wire.h"

#define CPUS_MAX 8192                  /* the kernel's own most (NR_CPUS) */
#define PATH_SIZE 160

static const struct { const char *tracepoint, *filter; } events[] = {
#define X(id, tracepoint, filter, what) [BROKER_EVENT_##id] = { tracepoint, filter },
        BROKER_KERNEL_EVENTS(X)
#undef X
};
static const char *const groups[] = {
#define X(id, group) [BROKER_SCOPE_##id] = group,
        BROKER_SCOPES(X)
#undef X
};
/* systemd mounts the first; older hosts reach it through debugfs only. */
static const char *const tracefs[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };
/* The unified hierarchy, and where it lies beside those of version 1. */
static const char *const cgroup2[] = { "/sys/fs/cgroup", "/sys/fs/cgroup/unified" };

static int trace_open(int32_t event, const char *name)
{
        char path[PATH_SIZE];
        int fd = -1;

        for (size_t i = 0; fd < 0 && i < ARRAY_SIZE(tracefs); i++) {
                snprintf(path, sizeof path, "%s/events/%s/%s", tracefs[i], events[event].tracepoint, name);
                fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
                if (fd < 0 && errno != ENOENT)
                        return -errno;
        }
        return fd < 0 ? -ENOENT : fd;
}

static int trace_id(int32_t event, uint64_t *ret)
{
        CLEANUP(closep) int fd = trace_open(event, "id");
        char digits[32];
        ssize_t n;

        if (fd < 0)
                return fd;
        n = read(fd, digits, sizeof digits - 1);
        if (n < 1)
                return n < 0 ? -errno : -EBADMSG;
        digits[digits[n - 1] == '\n' ? n - 1 : n] = '\0';
        return u64_parse(digits, ret);
}

int broker_scope_path(enum broker_scope scope, char *buf, size_t size)
{
        struct statfs fs;

        for (size_t i = 0; groups[scope][0] && i < ARRAY_SIZE(cgroup2); i++) {
                snprintf(buf, size, "%s/%s", cgroup2[i], groups[scope]);
                if (statfs(buf, &fs) == 0 && (unsigned long)fs.f_type == CGROUP2_SUPER_MAGIC)
                        return 0;
        }
        return -ENOENT;
}

static int scope_open(int32_t scope)
{
        char path[PATH_SIZE];
        int r = broker_scope_path((enum broker_scope)scope, path, sizeof path);

        if (r < 0)
                return r;
        r = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
        return r < 0 ? -errno : r;
}

static bool event_known(const struct wire_request *q)
{
        return q->pid == 0 && q->start_ticks == 0 && q->number >= 0 && q->number < BROKER_EVENT_MAX &&
               wire_path_empty(q);
}

bool check_format(const struct wire_request *q)
{
        return event_known(q) && q->cpu == 0 && q->scope == 0;
}

bool check_events(const struct wire_request *q)
{
        return event_known(q) && q->cpu >= 0 && q->cpu < CPUS_MAX && q->scope >= 0 &&
               q->scope < BROKER_SCOPE_MAX;
}

int op_format(const struct wire_request *q) { return trace_open(q->number, "format"); }

int op_events(const struct wire_request *q)
{
        struct perf_event_attr attr = {
                .type = PERF_TYPE_TRACEPOINT, .size = sizeof attr,
                .sample_type = PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_RAW,
                .sample_period = 1, .wakeup_events = 1, .disabled = 1,
                .use_clockid = 1, .clockid = CLOCK_MONOTONIC,
        };
        CLEANUP(closep) int scope = -1, fd = -1;
        uint64_t id;
        int r = trace_id(q->number, &id);

        if (r < 0)
                return r;
        attr.config = id;
        if (q->scope != BROKER_SCOPE_HOST) {
                scope = scope_open(q->scope);
                if (scope < 0)
                        return scope;
        }
        fd = (int)syscall(SYS_perf_event_open, &attr, scope, q->cpu, -1,
                          PERF_FLAG_FD_CLOEXEC | (scope >= 0 ? PERF_FLAG_PID_CGROUP : 0));
        if (fd < 0)
                return -errno;
        if (events[q->number].filter[0] &&
            ioctl(fd, PERF_EVENT_IOC_SET_FILTER, events[q->number].filter) < 0)
                return -errno;
        return TAKE_FD(fd);
}
