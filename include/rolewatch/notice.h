/*
 * notice -- a finding as it is published: flat texts, one set of names for the
 * journal and for JSON. And what is open, as numbers.
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
        const char *object;            /* what it is about: the same from scan to scan, pids apart */
        const char *of[NOTICE_MAX];    /* NULL: nothing */
};
/* Texts in the arena. -ENOMEM. */
int notice_make(const struct verdicts *v, const struct finding *f, struct arena *a, struct notice *ret);
int notice_copy(const struct notice *from, struct arena *a, struct notice *ret);      /* all texts; -ENOMEM */

/* What happened to a finding since the last scan: id, word, what stands before it in a sentence. */
#define NOTICE_EVENTS(X) \
        X(APPEARED, "appeared", "") X(CHANGED, "changed", "") X(CLEARED, "cleared", "cleared: ") X(REMINDER, "reminder", "still: ")
enum notice_event {
#define X(id, word, before) EVENT_##id,
        NOTICE_EVENTS(X)
#undef X
        EVENT_MAX
};
const char *notice_event_word(enum notice_event e);

/* One entry of the journal: 0 or -errno, and nothing is told: -ENOENT, -ECONNREFUSED: no journald; -EAGAIN: it takes nothing now. */
int journal_tell(enum notice_event e, const struct notice *n);

/*
 * What is open, by kind: all findings, and those that count in metrics, which are of their default severity or
 * graver. And the groups that could not be judged.
 */
struct open_findings { size_t all[FINDING_KIND_MAX], counted[FINDING_KIND_MAX], unknown_groups; };
void open_findings_add(struct open_findings *o, enum finding_kind k, enum severity s);

/* The values of METRICS (rolewatch/findings.h): of what is open, whenever that is asked. */
struct metrics { double of[METRIC_MAX]; };
void metrics_of(const struct open_findings *o, struct metrics *ret);
/* Of a Prometheus text file (exposition format 0.0.4): the metrics, the open findings of each kind, and when the last scan was. */
struct metrics_page { const struct open_findings *open; const char *cluster; int64_t scanned_s; };
void metrics_prometheus(const struct metrics_page *page, struct text *to);
