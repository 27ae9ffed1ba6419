/*
 * broker_queue -- requests to the broker whose answers an event loop waits for. Nothing here waits.
 *
 * A few requests are on their way at a time, the rest wait in the queue; they are answered in their order. The
 * connection is made when it is first needed and again after it was lost.
 */
#pragma once
#include "rolewatch/broker.h"

/* A descriptor, which now belongs to the callee, or -errno as in broker.h; -EPIPE also where the connection was lost. */
typedef void (*broker_answer_fn)(void *userdata, int result);

#define BROKER_QUEUE_MAX 64

struct broker_queue;
/* path: of the socket. NULL: the table of operations in this process, which answers within broker_queue_ask. -ENOMEM. */
int broker_queue_new(const char *path, struct broker_queue **ret);
void broker_queue_free(struct broker_queue *q);        /* NULL ok; what still waits is not answered */
DEFINE_CLEANUP(struct broker_queue *, broker_queue_free)
/* -EAGAIN: the queue is full, nothing is asked; -errno of connecting. */
int broker_queue_ask(struct broker_queue *q, const struct broker_request *rq, broker_answer_fn fn, void *userdata);
/* Descriptor to poll for reading; -1: none. It changes with each connection. */
int broker_queue_fd(const struct broker_queue *q);
/*
 * Takes the answers that have come. 0; -errno: the connection is lost. It is then the caller's to end by
 * broker_queue_close, once nothing polls its descriptor any more: until then every request is refused with -EPIPE.
 */
int broker_queue_process(struct broker_queue *q);
/* When the oldest request on its way was sent (CLOCK_MONOTONIC, microseconds); 0: none is. */
uint64_t broker_queue_waiting_since(const struct broker_queue *q);
/* Closes the connection: all that waits is answered with -EPIPE. The next request makes a new one. */
void broker_queue_close(struct broker_queue *q);
/* Makes the connection if there is none; 0, or -errno of why not. A hello that is still awaited counts as a connection. */
int broker_queue_connect(struct broker_queue *q);
