/*
 * events -- kernel events: programs that processes of containers execute, and connections that they start to the endpoints that
 * give credentials. Of the room evidence.
 *
 * The descriptors come from the broker; the ring is read here, without privilege. The kernel writes the records, so that no
 * process can forge or suppress one. Records that a full ring did not take are counted.
 */
#pragma once
#include "rolewatch/broker_queue.h"
#include "rolewatch/kernel_event.h"

struct events;
/* Errors of broker_kernel_events; -ENOMEM; -errno of mapping. The kernel begins to record. */
int events_open(struct broker *b, struct events **ret);
/*
 * The same in steps, for an asynchronous caller: begin; then, while next returns a request, send it to the broker and pass
 * the answer to take: a descriptor, which events then own, or -errno, which take returns. Then the ring is open.
 */
int events_begin(struct events **ret);                         /* -ENOMEM */
bool events_next(const struct events *e, struct broker_request *ret);
int events_take(struct events *e, int fd);
void events_free(struct events *e);                            /* NULL ok; nothing is recorded any more */
DEFINE_CLEANUP(struct events *, events_free)
int events_fd(const struct events *e);                         /* to poll for reading; borrowed */
struct event_sink {
        void (*on)(void *userdata, const struct kernel_event *ev);     /* the event is gone when it returns */
        void *userdata;
};
/* Takes at most max records out of the ring, oldest first, and returns their number. *more: some may be left. Never blocks. */
size_t events_read(struct events *e, size_t max, const struct event_sink *to, bool *more);
uint64_t events_lost(const struct events *e);                  /* records that a full ring did not take since it was opened */
