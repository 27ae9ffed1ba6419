/* identify -- identifies the program that a process runs, asynchronously, through the broker. */
#pragma once
#include "broker_link.h"
#include "rolewatch/collect.h"

/* An event that names a process. */
struct process_event {
        pid_t pid;
        uint64_t start_ticks;
        unsigned met;                  /* MET_ bits of a contact; 0: an execution */
        uint64_t at_ns;                /* CLOCK_MONOTONIC */
        struct broker_target parent;   /* of a process that was forked and runs its parent's program; pid 0: of no such one */
};
/* error 0; -ENODATA: a process of a container that ended before it could be read; -EPIPE: no broker; -ENOMEM. */
struct identified_handler {
        void (*fn)(void *userdata, const struct process_event *ev, const struct identity *id, int error);
        void *userdata;
};

struct identifier;
/* Borrows cs and link. -ENOMEM. */
int identifier_new(const struct collect_settings *cs, struct broker_link *link, struct identified_handler to, struct identifier **ret);
void identifier_free(struct identifier *x);            /* NULL ok; to be freed after its link has been closed */
DEFINE_CLEANUP(struct identifier *, identifier_free)
/*
 * 0: the handler is called, perhaps before this returns, in the order of the calls; -ENOENT: of no container, -ESRCH:
 * ended; -EAGAIN: too many are under way. Then it is not called.
 */
int identify(struct identifier *x, const struct process_event *ev);
/* How many more can be under way: callers read no more events than that. */
size_t identifier_free_slots(const struct identifier *x);
