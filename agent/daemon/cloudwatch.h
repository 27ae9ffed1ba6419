/* cloudwatch -- PutMetricData as the instance role, by a child process. */
#pragma once
#include "daemon_internal.h"

struct cloudwatch_result { const char *error; };       /* NULL: CloudWatch has taken it */
/* In the child: one call with what the outbox holds. -ENOMEM. */
int cloudwatch_call(const struct daemon *d, struct net *n, struct arena *out, struct cloudwatch_result *ret);
/* What came of it (NULL: no memory): what was sent leaves the outbox, or the next call is later. */
void cloudwatch_apply(struct daemon *d, const struct cloudwatch_result *x, int error, int64_t now_s);
/* Begins a call if there is something to send and it is time. -errno: no child process. */
int cloudwatch_send(struct daemon *d);
