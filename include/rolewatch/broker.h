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
 * their control group (cgroup.h), and no file below the host's own root. The last two operations name no process: one takes
 * a number of a table below, the other such a number and the id of a container, which may have ended.
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
        X(KERNEL_EVENTS, "kernel-events", "one of the descriptors by which the kernel's records of executions and connections are read") \
        X(CONTAINER_LOG, "container-log", "one of the files in which Docker keeps the log of a container, for reading")
enum broker_op {
#define X(id, word, what) BROKER_##id,
        BROKER_OPS(X)
#undef X
        BROKER_OP_MAX
};

/* The descriptors of kernel events. id, what it is. As long as the links are open, the kernel records (event_record.h). */
#define BROKER_EVENTS_PARTS(X) \
        X(RING,    "the ring of records, a BPF map: to poll, and to map for reading") \
        X(CONTROL, "struct event_control, a BPF map: to map for reading and writing") \
        X(EXEC,    "the link to the kernel's executions") \
        X(CONNECT, "the link to the kernel's connections")
enum broker_events_part {
#define X(id, what) BROKER_EVENTS_##id,
        BROKER_EVENTS_PARTS(X)
#undef X
        BROKER_EVENTS_PART_MAX
};

/* The files of a container's log: id, name below the container's directory (%s: its id), which log driver writes it. */
#define BROKER_CONTAINER_LOGS(X) \
        X(JSON_FILE, "%s-json.log",              "json-file") \
        X(LOCAL,     "local-logs/container.log", "local") \
        X(CACHED,    "container-cached.log",     "one that sends the log elsewhere, such as awslogs: Docker's cache of it, in the format of local")
enum broker_container_log {
#define X(id, name, driver) BROKER_LOG_##id,
        BROKER_CONTAINER_LOGS(X)
#undef X
        BROKER_LOG_MAX
};

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
 * -ENOSYS: this kernel has no BPF, or no description of its types (BTF); -EPERM: the broker lacks CAP_BPF or CAP_PERFMON;
 * -EOPNOTSUPP: the broker was built without them; -ENXIO: this is a table of operations in the caller's process, which has none;
 * other -errno: the kernel refuses them.
 */
int broker_kernel_events(struct broker *b, enum broker_events_part part);
/*
 * Any operation but FILE and DIRECTORY. CONTAINER_LOG: -ENOENT: the container has no such file, because it has another log
 * driver, or Docker's data root is elsewhere; -ELOOP: a symbolic link is in its place.
 */
struct broker_request {
        enum broker_op op;
        struct broker_target target;
        int number;                    /* the address family (SOCKET), enum broker_events_part, enum broker_container_log */
        const char *container_id;      /* CONTAINER_LOG; else NULL */
};
int broker_run(struct broker *b, const struct broker_request *rq);
