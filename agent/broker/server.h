/* server -- the loop of rolewatch-broker: one socket, few clients, no heap. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define SERVER_UIDS 3

struct server_options {
        uid_t uids[SERVER_UIDS];        /* users that are served, by SO_PEERCRED */
        size_t uid_count;
        int idle_ms;                    /* a connection that is silent for this long is closed */
        bool leave;                     /* server_run returns 0 after idle_ms without a client */
        unsigned request_s;             /* a request that takes longer (seconds) ends the process */
};

/* Binds and listens; an existing socket file is replaced. -errno. */
int server_listen(const char *path, int *ret);
/* Serves clients; returns only as `leave` says, or -errno. listen_fd: a listening SOCK_SEQPACKET socket, not owned. */
int server_run(int listen_fd, const struct server_options *o);
