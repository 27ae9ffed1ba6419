/* helper_broker_double -- another end of the broker's socket: answers as a test says, to any number of clients, or not at all. */
#pragma once
#include "../../agent/broker/wire.h"

/* A descriptor or -errno, called in the double's process. */
typedef int broker_double_fn(const struct wire_request *q);
struct broker_double { pid_t pid; char path[64]; };
/* A process of its own, so that a test can stop it (SIGSTOP). */
struct broker_double broker_double_start(broker_double_fn *fn);
void broker_double_stop(struct broker_double *d);
