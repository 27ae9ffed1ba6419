/*
 * outbox -- metrics that are to be sent to CloudWatch: per interval the number of values, their sum, minimum and
 * maximum (PutMetricData, API version 2010-08-01). Bounded: the oldest interval is dropped, and counted.
 *
 * While nothing is wrong, an interval goes on until the next heartbeat is due: each call costs money, and alarms take
 * missing values of all metrics but Heartbeat for zero.
 */
#pragma once
#include "rolewatch/aws.h"
#include "rolewatch/notice.h"

#define OUTBOX_MAX 60                  /* five hours at five minutes */
struct statistic { double n, sum, least, most; };
struct interval { int64_t at_s; struct statistic of[METRIC_MAX]; };
struct outbox {
        struct interval list[OUTBOX_MAX + 1];  /* the last one is being filled */
        size_t n;                      /* finished ones */
        int64_t next_s;                /* when the current one may end; 0: none was begun */
        int64_t begun_s;               /* when the current one began; 0: the first one, which does not wait for a heartbeat */
        int64_t retry_s;               /* no call before, after a failure */
        unsigned failures;             /* in a row */
        uint64_t dropped, sent;        /* intervals */
        int64_t emitted_s;             /* last line to the CloudWatch agent */
};
/* interval_s: between two calls while a metric other than Heartbeat is not zero; heartbeat_s: while all are zero. */
struct outbox_times { int64_t interval_s, heartbeat_s; };
void outbox_note(struct outbox *o, const struct metrics *m, int64_t now_s, const struct outbox_times *times);
/* Is there something to send, and is it due? */
bool outbox_is_due(const struct outbox *o, int64_t now_s, int64_t interval_s);
/* Number of the first unfinished interval, to be passed to outbox_sent after the call. */
uint64_t outbox_end(const struct outbox *o);
/* All intervals before `end` were sent. */
void outbox_sent(struct outbox *o, uint64_t end);
/* The call failed: postpones the next one, with exponential backoff and jitter. */
void outbox_failed(struct outbox *o, int64_t now_s, int64_t interval_s);
/* Parameters of PutMetricData, in the arena. -ENOMEM. */
struct metric_names { const char *namespace, *cluster; };
struct metric_params { struct aws_param *list; size_t n; };
int outbox_params(const struct outbox *o, const struct metric_names *names, struct arena *a, struct metric_params *ret);
