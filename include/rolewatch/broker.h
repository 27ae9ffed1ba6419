/*
 * broker -- opens what only privilege may open, and hands over the descriptor.
 *
 * One table of operations (agent/broker/ops.c) serves both programs: in-process
 * for root on the command line (broker_local), and in rolewatch-broker behind a
 * SOCK_SEQPACKET socket (broker_connect). It never reads a byte of what it
 * hands over. A request about a process names it by pid and start time (field 22 of
 * /proc/PID/stat, clock ticks since boot); all is opened through the directory of the
 * process that had both, so that a reused pid is refused with -ESRCH. What ends
 * meanwhile may read as empty: look at its state after reading. Only processes of
 * containers are answered for, by their control group (cgroup.h), and no file below
 * the host's own root. The last two rows
 * are about the host, and take nothing but numbers of the tables below.
 */
#pragma once
#include <stdint.h>
#include <sys/types.h>
#include "rolewatch/base.h"

#define BROKER_SOCKET_PATH "/run/rolewatch/broker.sock"
#define BROKER_PATH_MAX 1024

/* id, word, what the caller gets */
#define BROKER_OPS(X) \
        X(ENVIRON, "environ", "/proc/PID/environ, for reading") \
        X(EXE,     "exe",     "the executable, for reading") \
        X(FILE,    "file",    "a regular file below the process's root, for reading, non-blocking") \
        X(NETNS,   "netns",   "the network namespace (its identity by fstat)") \
        X(SOCKET,  "socket",  "a TCP socket made in the process's network namespace") \
        X(MAPS,    "maps",    "/proc/PID/maps, for reading") \
        X(CONTAINER_CONFIG, "container-config", "the configuration that the runtime wrote for the process's container, for reading") \
        X(FORMAT,  "format",  "what a record of a kernel event looks like, for reading") \
        X(EVENTS,  "events",  "a perf descriptor that samples a kernel event on one processor")
enum broker_op {
#define X(id, word, what) BROKER_##id,
        BROKER_OPS(X)
#undef X
        BROKER_OP_MAX
};

/*
 * Kernel events: tracepoints of tracefs, each with the kernel's own filter, so
 * that nothing else ever reaches a ring. id, tracepoint, filter, what it says.
 */
#define BROKER_KERNEL_EVENTS(X) \
        X(EXEC,    "sched/sched_process_exec", "", "a process has executed a program") \
        X(CONNECT, "sock/inet_sock_set_state", "newstate==2 && dport==80", \
          "a TCP connection to a port 80 was begun, in the process's own context (TCP_SYN_SENT)")
enum broker_event {
#define X(id, tracepoint, filter, what) BROKER_EVENT_##id,
        BROKER_KERNEL_EVENTS(X)
#undef X
        BROKER_EVENT_MAX
};
/*
 * Where an event counts: on the whole host, or only below the control group that
 * the ECS agent makes its tasks' groups in (cgroup v2; by systemd, by cgroupfs).
 */
#define BROKER_SCOPES(X) X(HOST, "") X(SLICE, "ecstasks.slice") X(GROUP, "ecs")
enum broker_scope {
#define X(id, group) BROKER_SCOPE_##id,
        BROKER_SCOPES(X)
#undef X
        BROKER_SCOPE_MAX
};
/* Folder of the scope's control group on this host; -ENOENT: it is not there, or not of cgroup v2. */
int broker_scope_path(enum broker_scope scope, char *buf, size_t size);

struct broker;
int broker_local(struct broker **ret);                         /* the table in this process */
int broker_connect(const char *path, struct broker **ret);     /* -ENOENT, -ECONNREFUSED, -EACCES, -ETIMEDOUT */
/* Whether it answered the last request, by whatever: 0, or -errno of why it did not. */
int broker_fault(const struct broker *b);
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
 * -EPIPE   the broker has gone
 * broker_file wants a path without NUL, shorter than BROKER_PATH_MAX, as the
 * process itself would name it now: a relative one counts from its current
 * directory; one that begins with more ".." than that has parts is -EXDEV, so that
 * who climbs knows where the top is. Symlinks are followed inside its root.
 */
int broker_environ(struct broker *b, struct broker_target t);
int broker_exe(struct broker *b, struct broker_target t);
int broker_file(struct broker *b, struct broker_target t, const char *path);
int broker_maps(struct broker *b, struct broker_target t);
/*
 * The OCI bundle's config.json of the container that the process is in, or Docker's config.v2.json: it has the
 * environment that the container was started with. The broker takes the id from the control group, not from the
 * caller. -ENOENT: none of the known places has it (another runtime, or another root).
 */
int broker_container_config(struct broker *b, struct broker_target t);
int broker_netns(struct broker *b, struct broker_target t);
int broker_socket(struct broker *b, struct broker_target t, int family);   /* AF_INET, AF_INET6 */
/*
 * -ENOENT: no tracefs, no such event or scope; -EACCES: not with this privilege.
 * The perf descriptor is disabled; it samples TID, TIME (CLOCK_MONOTONIC) and RAW,
 * and wakes its reader at each record.
 */
int broker_format(struct broker *b, enum broker_event e);
int broker_events(struct broker *b, enum broker_event e, enum broker_scope scope, int cpu);
/* Any row of the table: what to open. number: the address family or kernel event; scope and cpu: of EVENTS. Never FILE. */
struct broker_request {
        enum broker_op op;
        struct broker_target target;
        int number, scope, cpu;
};
int broker_run(struct broker *b, const struct broker_request *rq);
