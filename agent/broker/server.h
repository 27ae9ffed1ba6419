/* server -- the loop of rolewatch-broker: one socket, few clients, no heap. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define SERVER_UIDS 3

struct server_options {
        uid_t uids[SERVER_UIDS];        /* who may ask, by SO_PEERCRED */
        size_t uid_count;
        int idle_ms;                    /* a connection is closed after this silence */
        bool leave;                     /* return 0 after idle_ms without a client */
        unsigned request_s;             /* a request that takes longer ends the process */
};

/* Binds and listens; a socket file that is there already is replaced. */
int server_listen(const char *path, int *ret);
/* Serves until it may leave. listen_fd: a listening SOCK_SEQPACKET socket, not owned. */
int server_run(int listen_fd, const struct server_options *o);
