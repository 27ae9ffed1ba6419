/*
 * notice -- a finding as it is published: flat texts with one name each in the
 * journal and in JSON; and open findings as metrics.
 */
#pragma once
#include "rolewatch/judge.h"

/* id, JSON key, journal field (NULL: not a field of its own) */
#define NOTICE_FIELDS(X) \
        X(FINDING,   "id",          "ROLEWATCH_FINDING") \
        X(SEVERITY,  "severity",    "ROLEWATCH_SEVERITY") \
        X(CERTAINTY, "certainty",   "ROLEWATCH_CERTAINTY") \
        X(WINNER,    "winner",      "ROLEWATCH_WINNER") \
        X(EXPECTED,  "expected",    "ROLEWATCH_EXPECTED") \
        X(ACTION,    "action",      "ROLEWATCH_ACTION") \
        X(RESOURCE,  "resource",    "ROLEWATCH_RESOURCE") \
        X(REMEDY,    "remedy",      "ROLEWATCH_REMEDY") \
        X(CLUSTER,   "cluster",     "ECS_CLUSTER") \
        X(TASK,      "task",        "ECS_TASK_ARN") \
        X(FAMILY,    "family",      "ECS_FAMILY") \
        X(CONTAINER, "container",   "ECS_CONTAINER_NAME") \
        X(CONTAINER_ID, "containerId", "CONTAINER_ID") \
        X(PID,       "pid",         "ROLEWATCH_PID") \
        X(MESSAGE,   "message",     NULL)
enum notice_field {
#define X(id, key, field) NOTICE_##id,
        NOTICE_FIELDS(X)
#undef X
        NOTICE_MAX
};
const char *notice_key(enum notice_field f);           /* of JSON */
const char *notice_journal_field(enum notice_field f); /* NULL: none */

struct notice {
        const char *object;            /* what the finding is about; the same in each scan, so without pids */
        const char *of[NOTICE_MAX];    /* by enum notice_field; NULL: not set */
};
/* Texts are borrowed from v or in the arena. 0 or -ENOMEM. */
int notice_make(const struct verdicts *v, const struct finding *f, struct arena *a, struct notice *ret);
/* Copies every text into the arena. 0 or -ENOMEM. */
int notice_copy(const struct notice *from, struct arena *a, struct notice *ret);

/* What happened to a finding since the last scan: id, word, prefix of its message. */
#define NOTICE_EVENTS(X) \
        X(APPEARED, "appeared", "") X(CHANGED, "changed", "") X(CLEARED, "cleared", "cleared: ") X(REMINDER, "reminder", "still: ")
enum notice_event {
#define X(id, word, before) EVENT_##id,
        NOTICE_EVENTS(X)
#undef X
        EVENT_MAX
};
const char *notice_event_to_string(enum notice_event e);

/*
 * Publishes one journal entry. 0, or -errno and nothing is published: -ENOENT and -ECONNREFUSED: journald does not
 * run; -EAGAIN: it accepts nothing now; -ENOMEM.
 */
int journal_publish(enum notice_event e, const struct notice *n);

/*
 * The same entry as a line of JSON, as `journalctl -o json` prints it, with its end. hostname: of the host. -ENOMEM.
 */
struct journal_origin { const char *hostname; uint64_t now_us; };
int journal_line(enum notice_event e, const struct notice *n, const struct journal_origin *from, struct text *to);

/*
 * Open findings by kind: all of them, and those of at least their default severity, which count in metrics. And the
 * groups that could not be judged.
 */
struct open_findings { size_t all[FINDING_KIND_MAX], counted[FINDING_KIND_MAX], unknown_groups; };
void open_findings_add(struct open_findings *o, enum finding_kind k, enum severity s);

/* The values of METRICS (rolewatch/findings.h) for the open findings. */
struct metrics { double of[METRIC_MAX]; };
void metrics_of(const struct open_findings *o, struct metrics *ret);
/* A Prometheus text file (exposition format 0.0.4): metrics, open findings per kind, time of the last scan (Unix seconds). */
struct metrics_page { const struct open_findings *open; const char *cluster; int64_t scanned_s; };
void metrics_prometheus(const struct metrics_page *page, struct text *to);
