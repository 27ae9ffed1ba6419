/*
 * broker_queue -- asynchronous requests to the broker, for an event loop. Nothing here blocks.
 *
 * A few requests are under way at a time, the rest wait in the queue; they are answered in order. The connection is opened
 * when it is first needed, and again after it was lost.
 */
#pragma once
#include "rolewatch/broker.h"

/* result: a descriptor, which the callee now owns, or -errno as in broker.h; -EPIPE also if the connection was lost. */
typedef void (*broker_answer_fn)(void *userdata, int result);

#define BROKER_QUEUE_MAX 96

struct broker_queue;
/* path: of the socket. NULL: the table of operations in this process, which answers within broker_queue_request. -ENOMEM. */
int broker_queue_new(const char *path, struct broker_queue **ret);
void broker_queue_free(struct broker_queue *q);        /* NULL ok; pending requests are not answered */
DEFINE_CLEANUP(struct broker_queue *, broker_queue_free)
/* -EAGAIN: the queue is full, nothing is asked; -errno of connecting. */
int broker_queue_request(struct broker_queue *q, const struct broker_request *rq, broker_answer_fn fn, void *userdata);
/* Descriptor to poll for reading; -1: none. It changes with each connection. */
int broker_queue_fd(const struct broker_queue *q);
/*
 * Handles the answers that have arrived. 0; -errno: the connection is lost. The caller then calls broker_queue_close, once
 * nothing polls its descriptor any more; until then every request is refused with -EPIPE.
 */
int broker_queue_process(struct broker_queue *q);
/* When the oldest unanswered request was sent (CLOCK_MONOTONIC, microseconds); 0: there is none. */
uint64_t broker_queue_waiting_since(const struct broker_queue *q);
/* Closes the connection: all pending requests are answered with -EPIPE. The next request opens a new one. */
void broker_queue_close(struct broker_queue *q);
/* Opens the connection if there is none. 0, also while its greeting is still awaited; -errno: why it cannot be opened. */
int broker_queue_connect(struct broker_queue *q);
