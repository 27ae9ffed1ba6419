/*
 * wire -- messages on the broker's socket, and the functions that serve them.
 *
 * SOCK_SEQPACKET, both ends on one machine and from one package: fixed-size
 * structs in host byte order. On accept the server sends one reply with WIRE_HELLO
 * (error 0; or -EACCES, and then it closes). Each request gets one reply, with
 * exactly one descriptor if error is 0, and none otherwise.
 */
#pragma once
#include <sys/stat.h>
#include "rolewatch/broker.h"
#include "rolewatch/cgroup.h"

#define WIRE_MAGIC 0x524f4c57u
#define WIRE_VERSION 4
#define WIRE_HELLO 0xffffu

struct wire_request {
        uint32_t magic;
        uint16_t version;
        uint16_t op;
        int32_t pid;
        int32_t number;                 /* SOCKET: the family; KERNEL_EVENTS: the part; CONTAINER_LOG: the file; else 0 */
        uint64_t start_ticks;
        char path[BROKER_PATH_MAX];     /* FILE, DIRECTORY; CONTAINER_LOG: the container id; else 0; zero from its NUL to the end */
};

struct wire_reply {
        uint32_t magic;
        uint16_t version;
        uint16_t op;
        int32_t error;                  /* 0 or -errno */
        uint32_t zero;
};

/* No padding, so that no memory of the sender leaks and every byte is checked. */
_Static_assert(sizeof(struct wire_request) == 24 + BROKER_PATH_MAX, "struct wire_request must have no padding");
_Static_assert(sizeof(struct wire_reply) == 16, "struct wire_reply must have no padding");

/* wire.c. */
bool wire_zero(const char *p, size_t n);
bool wire_path_empty(const struct wire_request *q);

/* kernel_events.c: the row that concerns the host. */
int op_kernel_events(const struct wire_request *q);
bool check_kernel_events(const struct wire_request *q);

/* container_config.c: a row about the container of a process. */
int op_container_config(int proc, const struct wire_request *q);

/* container_log.c: the row about a container. */
int op_container_log(const struct wire_request *q);
bool check_container_log(const struct wire_request *q);

/* docker_file.c: a file of Docker's directory for the container with this id, for reading. -ENOENT, -ELOOP, -EINVAL: not a regular file. */
int docker_file_open(const char *id, const char *name);

/*
 * container_check.c: 0 or -EPERM. container_find: which container is the process of this /proc directory in? container_check: is it in
 * any? container_root_check: is this root of a process another one than the host's?
 */
int container_find(int proc, struct cgroup_location *ret);
int container_check(int proc);
int container_root_check(int root);

/*
 * reply.c. One well-formed reply to op: 0, and *ret_result is a descriptor, 0 for a hello, or its -errno.
 * -ETIMEDOUT: no reply within the socket's timeout (non-blocking socket: none is available); -ECONNRESET: the server closed
 * the connection with requests unread; -EPIPE: it closed the connection, or is not a broker.
 */
int wire_reply_receive(int sock, uint16_t op, int *ret_result);

/* ops.c. Is the request well-formed? 0 or -EINVAL. */
int ops_check(const struct wire_request *q);
/* Runs a well-formed request: a descriptor, the caller's, or -errno as in broker.h. */
int ops_run(const struct wire_request *q);
/* ops.c. An O_PATH descriptor of what the path names below a root, from which no link leads out; -errno. */
int root_resolve(int root, const char *path);
/* Can files of containers be opened at all? -ENOSYS: no openat2(2), by the kernel or by a filter of system calls; other -errno. */
int ops_files_check(void);

static inline struct wire_request wire_request_of(const struct broker_request *rq)
{
        struct wire_request q = { .magic = WIRE_MAGIC, .version = WIRE_VERSION, .op = (uint16_t)rq->op, .pid = rq->target.pid,
                                  .start_ticks = rq->target.start_ticks, .number = rq->number };

        if (rq->container_id)
                memcpy(q.path, rq->container_id, strnlen(rq->container_id, sizeof q.path - 1));
        return q;
}

/* A broker in this process (local.c) or behind a socket (client.c). */
struct broker {
        int (*run)(struct broker *b, const struct wire_request *q);
        int fd;
        int error;                      /* of the last request: 0 answered; -errno: not sent or not answered */
        int64_t away_s;                 /* CLOCK_MONOTONIC; after a timeout no request is sent until then */
        const struct broker_tree_files *files;  /* tree.c: who has the files; NULL: they are in a directory, or of processes */
        void *files_userdata;
        struct stat opened;             /* of files: what was opened last */
        char path[];                    /* of the socket, to reconnect after an idle close */
};
int broker_new(const char *path, int (*run)(struct broker *, const struct wire_request *),
               struct broker **ret);
