/*
 * broker -- opens what only privilege may open, and hands over the descriptor.
 *
 * One table of operations (agent/broker/ops.c) serves both programs: in-process
 * for root on the command line (broker_local), and in rolewatch-broker behind a
 * SOCK_SEQPACKET socket (broker_connect). It never reads a byte of what it
 * opens. Every request names a process by pid and start time (field 22 of
 * /proc/PID/stat, clock ticks since boot); the start time is compared again
 * after the open, so that a reused pid is refused with -ESRCH.
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
        X(MAPS,    "maps",    "/proc/PID/maps, for reading")
enum broker_op {
#define X(id, word, what) BROKER_##id,
        BROKER_OPS(X)
#undef X
        BROKER_OP_MAX
};

struct broker;
int broker_local(struct broker **ret);                         /* the table in this process */
int broker_connect(const char *path, struct broker **ret);     /* -ENOENT, -ECONNREFUSED, -EACCES */
void broker_free(struct broker *b);                            /* NULL ok */
DEFINE_CLEANUP(struct broker *, broker_free)

struct broker_target { pid_t pid; uint64_t start_ticks; };

/*
 * Each returns a descriptor (O_CLOEXEC, owned by the caller) or -errno:
 * -ESRCH   no such process, or another one by now
 * -EACCES, -EPERM  the broker itself lacks the right
 * -ENOENT  no such file      -ELOOP, -EXDEV  leads out of the root
 * -EINVAL  not a regular file, or the request is malformed
 * -EPIPE   the broker has gone
 * broker_file wants a path without NUL, shorter than BROKER_PATH_MAX, as the
 * process itself would name it now: a relative one counts from its current
 * directory. Symlinks are followed inside its root.
 */
int broker_environ(struct broker *b, struct broker_target t);
int broker_exe(struct broker *b, struct broker_target t);
int broker_file(struct broker *b, struct broker_target t, const char *path);
int broker_maps(struct broker *b, struct broker_target t);
int broker_netns(struct broker *b, struct broker_target t);
int broker_socket(struct broker *b, struct broker_target t, int family);   /* AF_INET, AF_INET6 */
