/* room -- what the files of the daemon share. */
#pragma once
#include <systemd/sd-event.h>
#include "ledger.h"
#include "rolewatch/daemon.h"

/*
 * Metrics that are to be sent: of each interval the number of looks, sum, least
 * and most. Bounded: the oldest are dropped, and counted.
 */
#define OUTBOX_MAX 60                  /* five hours at five minutes */
struct statistic { double n, sum, least, most; };
struct interval { int64_t at_s; struct statistic of[METRIC_MAX]; };
struct outbox {
        struct interval list[OUTBOX_MAX + 1];  /* the last one is being filled */
        size_t n;                      /* finished ones */
        int64_t next_s;                /* when it ends; 0: not begun */
        int64_t retry_s;               /* not before, after a fault */
        unsigned faults;               /* in a row */
        uint64_t dropped, sent;
};
void outbox_note(struct outbox *o, const struct metrics *m, int64_t now_s, int64_t interval_s);
/* Parameters of PutMetricData, in the arena. -ENOMEM. */
struct aws_param;
int outbox_params(const struct outbox *o, const char *namespace, const char *cluster, struct arena *a,
                  struct aws_param **ret, size_t *ret_n);

#define ERRORS_MAX 8                   /* last ones, for status */
struct fault { int64_t at_s; const char *what; char text[256]; };

#define FOLDERS_MAX 3

struct daemon {
        const char *config_file;
        struct config *config;
        struct collect_settings cs;
        struct sdk_cache *sdks;
        struct broker *broker;
        struct ledger *ledger;
        sd_event *event;
        sd_event_source *sweep;
        sd_event_source *folders[FOLDERS_MAX];   /* needs, bundles, definitions */
        struct outbox outbox;
        int64_t started_s;
        uint64_t looks;
        char status[320];              /* as systemd was told it */
        struct fault errors[ERRORS_MAX];
        size_t n_errors;               /* all that were noted; the last ERRORS_MAX are kept */
};
/* What one look came to, while it is told. */
struct outcome {
        struct daemon *d;
        const struct verdicts *v;
        struct metrics metrics;
        int64_t now_s;
        unsigned ms;
};

/* Notes a fault of rolewatch itself; the same one again only moves its time. Also to the journal, once. */
void fault_note(struct daemon *d, const char *what, const char *text);
/* Collects, judges, tells, and writes what is kept. -ENOMEM; other faults are noted. */
int look_once(struct daemon *d);
/* Sends what is finished, as the instance role; faults are noted, and it stays for the next time. -ENOMEM. */
int metrics_send(struct daemon *d, const struct host *h);
/* state.c: the state file and the Prometheus file, each whole or not at all. */
void state_write(const struct outcome *o);
/* What was told before a restart; nothing is fine, too. -ENOMEM. */
int state_read(struct daemon *d);
int file_replace(const char *path, const char *text, size_t len, unsigned mode);       /* -errno */
