/*
 * broker -- opens files, namespaces and sockets that need privilege, and hands over their descriptors.
 *
 * One table of operations (agent/broker/ops.c) serves both programs: in-process for root on the command line
 * (broker_local), and in rolewatch-broker behind a SOCK_SEQPACKET socket (broker_connect). The broker never reads a
 * byte of what it hands over.
 *
 * A request names a process by pid and start time (field 22 of /proc/PID/stat, clock ticks since boot). Everything is
 * opened through the /proc directory of that very process, so that a reused pid is refused with -ESRCH. Files of a process
 * that ends meanwhile may read as empty: callers check its state after reading. Only processes of containers are served, by
 * their control group (cgroup.h), and no file below the host's own root. The last two operations concern the host and take
 * only numbers of the tables below.
 */
#pragma once
#include <stdint.h>
#include <sys/types.h>
#include "rolewatch/base.h"

#define BROKER_SOCKET_PATH "/run/rolewatch/broker.sock"
#define BROKER_PATH_MAX 1024

/* id, name, what the caller gets */
#define BROKER_OPS(X) \
        X(ENVIRON, "environ", "/proc/PID/environ, for reading") \
        X(EXE,     "exe",     "the executable, for reading") \
        X(FILE,    "file",    "a regular file below the process's root, for reading, non-blocking") \
        X(DIRECTORY, "directory", "a directory below the process's root, for reading the names in it") \
        X(NETNS,   "netns",   "the network namespace (its identity by fstat)") \
        X(SOCKET,  "socket",  "a TCP socket created in the process's network namespace") \
        X(MAPS,    "maps",    "/proc/PID/maps, for reading") \
        X(AUXV,    "auxv",    "/proc/PID/auxv, for reading") \
        X(CONTAINER_CONFIG, "container-config", "the configuration that the runtime wrote for the process's container, for reading") \
        X(FORMAT,  "format",  "the format of a kernel event's records, for reading") \
        X(EVENTS,  "events",  "a perf descriptor that samples a kernel event on one processor")
enum broker_op {
#define X(id, word, what) BROKER_##id,
        BROKER_OPS(X)
#undef X
        BROKER_OP_MAX
};

/*
 * Kernel events: tracepoints of tracefs, filtered in the kernel, so that nothing else reaches a ring. id, tracepoint, filter,
 * what it reports.
 */
#define BROKER_KERNEL_EVENTS(X) \
        X(EXEC,    "sched/sched_process_exec", "", "a process executed a program") \
        X(CONNECT, "sock/inet_sock_set_state", "newstate==2 && dport==80", \
          "a process started a TCP connection to port 80 (TCP_SYN_SENT, in the context of that process)")
enum broker_event {
#define X(id, tracepoint, filter, what) BROKER_EVENT_##id,
        BROKER_KERNEL_EVENTS(X)
#undef X
        BROKER_EVENT_MAX
};
/*
 * Where events are taken from: the whole host, or only the control group below which the ECS agent creates the groups of
 * its tasks (cgroup v2; with the systemd driver, with the cgroupfs driver).
 */
#define BROKER_SCOPES(X) X(HOST, "") X(SLICE, "ecstasks.slice") X(GROUP, "ecs")
enum broker_scope {
#define X(id, group) BROKER_SCOPE_##id,
        BROKER_SCOPES(X)
#undef X
        BROKER_SCOPE_MAX
};
/* Directory of the scope's control group on this host; -ENOENT: there is none, or it is not of cgroup v2. */
int broker_scope_path(enum broker_scope scope, char *buf, size_t size);

struct broker;
int broker_local(struct broker **ret);                         /* the table in this process */
int broker_connect(const char *path, struct broker **ret);     /* -ENOENT, -ECONNREFUSED, -EACCES, -ETIMEDOUT */
/* Did it answer the last request, with whatever result? 0, or -errno of why not. */
int broker_last_error(const struct broker *b);
void broker_free(struct broker *b);                            /* NULL ok */
DEFINE_CLEANUP(struct broker *, broker_free)

struct broker_target { pid_t pid; uint64_t start_ticks; };

/*
 * Each returns a descriptor (O_CLOEXEC, owned by the caller) or -errno:
 * -ESRCH   no such process, or another one by now
 * -EPERM   the process is in no container, or its root is the host's own (broker_file)
 * -EACCES, -EPERM  the broker itself lacks the right
 * -ENOENT  no such file      -ELOOP, -EXDEV  leads out of the root
 * -EINVAL  not a regular file, or the request is malformed
 * -EPIPE   the connection to the broker is lost
 * broker_file takes a path without NUL, shorter than BROKER_PATH_MAX, as the process itself would name it now: a relative
 * path starts at its current directory; one that begins with more ".." than that directory has parts is -EXDEV, so that a
 * caller that climbs notices the root. Symbolic links are followed inside the process's root.
 */
int broker_environ(struct broker *b, struct broker_target t);
int broker_exe(struct broker *b, struct broker_target t);
int broker_file(struct broker *b, struct broker_target t, const char *path);
int broker_directory(struct broker *b, struct broker_target t, const char *path);  /* -ENOTDIR; else as broker_file */
int broker_maps(struct broker *b, struct broker_target t);
int broker_auxv(struct broker *b, struct broker_target t);
/*
 * The OCI bundle's config.json of the container that the process is in, or Docker's config.v2.json: it has the
 * environment that the container was started with. The broker takes the id from the control group, not from the
 * caller. -ENOENT: none of the known places has it (another runtime, or another root).
 */
int broker_container_config(struct broker *b, struct broker_target t);
int broker_netns(struct broker *b, struct broker_target t);
int broker_socket(struct broker *b, struct broker_target t, int family);   /* AF_INET, AF_INET6 */
/*
 * -ENOENT: no tracefs, no such event or scope; -EACCES: the broker lacks the privilege.
 * The perf descriptor is disabled; it samples TID, TIME (CLOCK_MONOTONIC) and RAW,
 * and wakes its reader at each record.
 */
int broker_format(struct broker *b, enum broker_event e);
int broker_events(struct broker *b, enum broker_event e, enum broker_scope scope, int cpu);
/* Any operation but FILE. number: the address family (SOCKET) or kernel event; scope and cpu: of EVENTS. */
struct broker_request {
        enum broker_op op;
        struct broker_target target;
        int number, scope, cpu;
};
int broker_run(struct broker *b, const struct broker_request *rq);
