/*
 * events -- kernel events: programs that processes execute, and TCP connections to port 80 that they start. Of the room
 * evidence.
 *
 * The descriptors come from the broker; the rings are read here, without privilege. The kernel writes the records, so that
 * no process can forge or suppress one. Records that a full ring did not take are counted.
 */
#pragma once
#include <netinet/in.h>
#include "rolewatch/broker_queue.h"

struct kernel_event {
        enum broker_event kind;
        pid_t pid;                     /* of the process, not of its thread, in rolewatch's pid namespace */
        uint64_t at_ns;                /* CLOCK_MONOTONIC */
        /* Of CONNECT: */
        int family;                    /* AF_INET, AF_INET6 */
        uint16_t port;
        uint8_t address[16];           /* network order; 4 bytes of AF_INET */
};

struct events;
/*
 * Opens a ring per event and online processor. Errors of broker_events; -ENOSYS: the kernel does not support it; -EPERM also
 * if no more memory may be locked (RLIMIT_MEMLOCK, kernel.perf_event_mlock_kb); -ENOMEM.
 */
int events_open(struct broker *b, struct events **ret);
/*
 * The same in steps, for an asynchronous caller: begin; then, while next returns a request, send it to the broker and pass
 * the answer to take: a descriptor, which events then own, or -errno, which take returns. Then the rings are open.
 */
int events_begin(struct events **ret);                         /* -ENOSYS, -ENOMEM */
bool events_next(const struct events *e, struct broker_request *ret);
int events_take(struct events *e, int fd);
void events_free(struct events *e);                            /* NULL ok */
DEFINE_CLEANUP(struct events *, events_free)
/* Descriptors to poll for reading, one per ring; borrowed. */
size_t events_count(const struct events *e);
int events_fd(const struct events *e, size_t i);
struct event_sink {
        void (*on)(void *userdata, const struct kernel_event *ev);
        void *userdata;
};
/*
 * Takes at most max records out of the rings, oldest first within each ring, and returns their number. *more: some may be
 * left. Never blocks.
 */
size_t events_read(struct events *e, size_t max, const struct event_sink *to, bool *more);
uint64_t events_lost(const struct events *e);                  /* records that a full ring did not take */
const char *events_scope(const struct events *e);              /* "the whole host", "control group /ecs", ... */
/* The control group of the tasks was created, removed, emptied or replaced since: open the events again. */
bool events_stale(const struct events *e);
