/*
 * wire -- what goes over the broker's socket, and the table that answers it.
 *
 * SOCK_SEQPACKET, both ends on one machine and from one package: fixed-size
 * structs in host order. On accept the server sends one reply with WIRE_HELLO
 * (error 0, or -EACCES and the end); then each request gets one reply, with
 * exactly one descriptor when error is 0 and none otherwise.
 */
#pragma once
#include "rolewatch/broker.h"
#include "rolewatch/cgroup.h"

#define WIRE_MAGIC 0x524f4c57u
#define WIRE_VERSION 2
#define WIRE_HELLO 0xffffu

struct wire_request {
        uint32_t magic;
        uint16_t version;
        uint16_t op;
        int32_t pid;
        int32_t number;                 /* SOCKET: the family; FORMAT, EVENTS: the event; else 0 */
        uint64_t start_ticks;
        int32_t cpu, scope;             /* EVENTS only, else 0 */
        char path[BROKER_PATH_MAX];     /* FILE only, else 0; zero from its NUL to the end */
};

struct wire_reply {
        uint32_t magic;
        uint16_t version;
        uint16_t op;
        int32_t error;                  /* 0 or -errno */
        uint32_t zero;
};

/* No padding: nothing of our memory travels along, and every byte is checked. */
_Static_assert(sizeof(struct wire_request) == 32 + BROKER_PATH_MAX, "request has padding");
_Static_assert(sizeof(struct wire_reply) == 16, "reply has padding");

/* wire.c. */
bool wire_zero(const char *p, size_t n);
bool wire_path_empty(const struct wire_request *q);

/* events.c: the rows about the host. */
int op_format(const struct wire_request *q);
int op_events(const struct wire_request *q);
bool check_format(const struct wire_request *q);
bool check_events(const struct wire_request *q);

/* container_config.c: a row about the container of a process. */
int op_container_config(int proc, const struct wire_request *q);

/*
 * place.c: 0 or -EPERM. The process of this /proc directory is in a container, and in which; and the
 * root (of such a process) is not the host's own.
 */
int place_container(int proc, struct cgroup_place *ret);
int place_check(int proc);
int place_root_check(int root);

/*
 * reply.c. One well-formed reply to op: 0, and *ret_result is a descriptor, 0 for a hello, or its -errno.
 * -ETIMEDOUT: none came in the socket's time (of a non-blocking socket: none is there);
 * -ECONNRESET: the server has closed without reading all that was sent; -EPIPE: it has closed, or is no broker.
 */
int wire_reply_receive(int sock, uint16_t op, int *ret_result);

/* ops.c. The whole request is right in form: 0 or -EINVAL. */
int ops_check(const struct wire_request *q);
/* Checks, opens; a descriptor or -errno as broker.h says. */
int ops_run(const struct wire_request *q);

static inline struct wire_request wire_request_of(const struct broker_request *rq)
{
        return (struct wire_request){ .magic = WIRE_MAGIC, .version = WIRE_VERSION, .op = (uint16_t)rq->op, .pid = rq->target.pid,
                                      .start_ticks = rq->target.start_ticks, .number = rq->number, .scope = rq->scope, .cpu = rq->cpu };
}

/* The two kinds of broker that a caller can hold: local.c, client.c. */
struct broker {
        int (*run)(struct broker *b, const struct wire_request *q);
        int fd;
        int fault;                      /* of the last request's way there and back: -errno, 0: it was answered */
        int64_t away_s;                 /* CLOCK_MONOTONIC; until then nothing is asked of one that let a request wait in vain */
        char path[];                    /* of the socket, to come back after it was closed idle */
};
int broker_new(const char *path, int (*run)(struct broker *, const struct wire_request *),
               struct broker **ret);
