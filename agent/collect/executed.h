/* executed -- a process that has ended, by the record of its execution, and by what lives of its container. */
#pragma once
#include "process.h"

/* In the place of process_read: adds the process without its environment and its files. -ENOMEM. */
int executed_read(struct reader *rd, const struct executed *e, struct broker_target of);
/*
 * The rest of it, once its ancestors are read: environment, files and SDKs. -ESRCH: what it was executed with is not known any
 * more, or says little of such a program, or nothing is known of the container's other processes; -ENOMEM.
 */
int executed_finish(struct reader *rd, const struct executed *e);
