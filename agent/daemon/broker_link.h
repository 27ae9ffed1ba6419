/* broker_link -- the daemon's connection to the broker, asynchronous in the event loop. */
#pragma once
#include <systemd/sd-event.h>
#include "rolewatch/broker_queue.h"

struct broker_link;
/* path NULL: the table of operations in this process. -ENOMEM, -errno. */
int broker_link_new(sd_event *event, const char *path, struct broker_link **ret);
void broker_link_free(struct broker_link *l);          /* NULL ok */
DEFINE_CLEANUP(struct broker_link *, broker_link_free)
/* As broker_queue_request; -EPIPE also for a while after the broker did not answer in time. */
int broker_link_request(struct broker_link *l, const struct broker_request *rq, broker_answer_fn fn, void *userdata);
/*
 * 0: it answered the last request; -ETIMEDOUT: it did not; other -errno: why there is no connection. After an error this
 * connects again, at intervals.
 */
int broker_link_check(struct broker_link *l);
int broker_link_error(const struct broker_link *l);    /* the same without connecting; NULL: -ENOENT */
bool broker_link_was_there(const struct broker_link *l);       /* it has answered since the daemon started */
/* The result of a child process with its own connection: 0 answered, or -errno as above. */
void broker_link_report(struct broker_link *l, int error);
