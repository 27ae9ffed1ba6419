/* broker_link -- the daemon's connection to the broker: its answers are awaited in the event loop. */
#pragma once
#include <systemd/sd-event.h>
#include "rolewatch/broker_queue.h"

struct broker_link;
/* path NULL: the table of operations in this process. -ENOMEM, -errno. */
int broker_link_new(sd_event *event, const char *path, struct broker_link **ret);
void broker_link_free(struct broker_link *l);          /* NULL ok */
DEFINE_CLEANUP(struct broker_link *, broker_link_free)
/* As broker_queue_ask; -EPIPE also for a while after the broker did not answer in time. */
int broker_link_ask(struct broker_link *l, const struct broker_request *rq, broker_answer_fn fn, void *userdata);
/*
 * 0: it answered the last time; -ETIMEDOUT: it did not answer; other -errno: why there is no connection. Where it
 * did not answer, this tries to connect again once it is time.
 */
int broker_link_check(struct broker_link *l);
int broker_link_error(const struct broker_link *l);    /* the same without trying; NULL: -ENOENT */
bool broker_link_was_there(const struct broker_link *l);       /* it has answered since the daemon was started */
/* What a child process met with a connection of its own: 0, or why it got none or no answer. */
void broker_link_report(struct broker_link *l, int error);
