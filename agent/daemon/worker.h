/*
 * worker -- work that may wait for files, containers or the network, done by a child process beside the event loop.
 *
 * The child is a fork: it may read everything that the daemon knows at that moment, and opens what it needs (broker,
 * network) for itself. What it finds out it puts into an arena in memory that both share at one address, so that
 * pointers within it, and to constants, mean the same to both. The daemon reads that memory only after the child has
 * ended with success; a child that crashes is -EIO.
 */
#pragma once
#include <systemd/sd-event.h>
#include "rolewatch/base.h"

struct worker_task {
        const char *name;              /* static: for errors */
        unsigned limit_s;              /* the child is killed after this many seconds, and its error is -ETIMEDOUT */
        /* In the child: 0 and *ret in the arena, or -errno. Its memory goes with it. */
        int (*run)(void *userdata, struct arena *out, void **ret);
        /* In the event loop. error 0: result is what run returned, until this returns; else -errno and result NULL. */
        void (*done)(void *userdata, int error, const void *result);
        void *userdata;
};
/*
 * Once for an event loop, before its first worker: SIGCHLD is blocked, and a source for it stays. Where the kernel has no
 * pidfd_open(2), libsystemd waits for children by a signalfd, which it would close with the last child source and leave
 * in the epoll set: other children hold copies of the descriptor.
 */
int workers_prepare(sd_event *event);

/* Text of the error that done gets: a crash and a timeout are those of the child process. */
const char *worker_error_to_string(int error);

struct worker;
/* -EAGAIN, -ENOMEM, -EMFILE: no child could be made; done is then not called. */
int worker_start(sd_event *event, const struct worker_task *task, struct worker **ret);
/*
 * Kills the child where it still runs, waits for its end, and frees. done is not called. NULL ok.
 * From within done the worker is freed by the caller, too.
 */
void worker_free(struct worker *w);
DEFINE_CLEANUP(struct worker *, worker_free)
