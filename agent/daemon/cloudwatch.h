/* cloudwatch -- calls PutMetricData with the instance role, in a child process. */
#pragma once
#include "daemon_internal.h"

struct cloudwatch_result { const char *error; };       /* arena text; NULL: the call succeeded */
/* In the child: one call with all intervals of the outbox. -ENOMEM. */
int cloudwatch_call(const struct daemon *d, struct net *n, struct arena *out, struct cloudwatch_result *ret);
/* Applies the result, or the error of the child: intervals that were sent leave the outbox, or the next call is postponed. */
void cloudwatch_apply(struct daemon *d, const struct cloudwatch_result *x, int error, int64_t now_s);
/* Starts a call if there is something to send and it is due. -errno: no child process. */
int cloudwatch_send(struct daemon *d);
