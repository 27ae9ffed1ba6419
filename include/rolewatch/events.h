/*
 * events -- what the kernel saw processes do, while it happens: programs that
 * are executed, and connections to a port 80 that are begun. Of the room evidence.
 *
 * Descriptors come from the broker; the rings are read here, without privilege.
 * A record is the kernel's own, so that no process can forge or withhold one;
 * where a ring was full, that is counted.
 */
#pragma once
#include <netinet/in.h>
#include "rolewatch/broker_queue.h"

struct kernel_event {
        enum broker_event kind;
        pid_t pid;                     /* of the process, not of its thread; as rolewatch's namespace counts */
        uint64_t at_ns;                /* CLOCK_MONOTONIC */
        /* Of CONNECT: */
        int family;                    /* AF_INET, AF_INET6 */
        uint16_t port;
        uint8_t address[16];           /* network order; 4 bytes of AF_INET */
};

struct events;
/*
 * On every processor that is online. As broker_events fails; -ENOSYS: the
 * kernel has none of it; -ENOMEM; -EPERM also where no more memory may be
 * locked (RLIMIT_MEMLOCK, kernel.perf_event_mlock_kb).
 */
int events_open(struct broker *b, struct events **ret);
/*
 * The same in steps, for who awaits the broker's answers: begin; then, while next has a request, ask it and
 * hand its answer (a descriptor, now of the events; or -errno, which take returns) to take. Then the rings are open.
 */
int events_begin(struct events **ret);                         /* -ENOSYS, -ENOMEM */
bool events_next(const struct events *e, struct broker_request *ret);
int events_take(struct events *e, int fd);
void events_free(struct events *e);                            /* NULL ok */
DEFINE_CLEANUP(struct events *, events_free)
/* Descriptors to poll for reading, one a ring; borrowed. */
size_t events_count(const struct events *e);
int events_fd(const struct events *e, size_t i);
struct event_sink {
        void (*on)(void *userdata, const struct kernel_event *ev);
        void *userdata;
};
/*
 * Takes at most max records out of the rings, oldest first within each: their
 * number. more: there may be further ones. Never blocks.
 */
size_t events_read(struct events *e, size_t max, const struct event_sink *to, bool *more);
uint64_t events_lost(const struct events *e);                  /* records that did not fit */
const char *events_scope(const struct events *e);              /* "the whole host", "control group /ecs", ... */
/* The control group of the tasks came, went, emptied, or was made anew since: open again. */
bool events_stale(const struct events *e);
