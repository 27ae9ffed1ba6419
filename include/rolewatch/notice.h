/*
 * notice -- a finding as it is told to others: flat texts, one set of names for
 * the journal and for JSON. And what a look comes to, as numbers.
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
        const char *object;            /* what it is about: the same from look to look, pids apart */
        const char *of[NOTICE_MAX];    /* NULL: nothing */
};
/* Texts in the arena. -ENOMEM. */
int notice_make(const struct verdicts *v, const struct finding *f, struct arena *a, struct notice *ret);
int notice_copy(const struct notice *from, struct arena *a, struct notice *ret);      /* all texts; -ENOMEM */

/* What happened to a finding since the last look. */
#define NOTICE_EVENTS(X) X(APPEARED, "appeared") X(CHANGED, "changed") X(CLEARED, "cleared") X(REMINDER, "reminder")
enum notice_event {
#define X(id, word) EVENT_##id,
        NOTICE_EVENTS(X)
#undef X
};
const char *notice_event_word(enum notice_event e);

/* One entry of the journal: 0 or -errno, and nothing is told: -ENOENT, -ECONNREFUSED: no journald; -EAGAIN: it takes nothing now. */
int journal_tell(enum notice_event e, const struct notice *n);

/*
 * Metrics of a look: id, name in CloudWatch, name in Prometheus, what it counts.
 * Zeros are published, so that their absence says something.
 */
#define METRICS(X) \
        X(WRONG_ROLE, "WrongRole",          "rolewatch_wrong_role_groups",       "groups of processes that act as another role than expected") \
        X(WOULD_FAIL, "CallsThatWouldFail", "rolewatch_calls_that_would_fail",   "declared or implied calls that are denied to the credentials that win") \
        X(FAULTS,     "CredentialFaults",   "rolewatch_credential_fault_groups", "groups of processes without valid credentials") \
        X(UNKNOWN,    "Unknown",            "rolewatch_unknown_groups",          "groups of processes that could not be judged") \
        X(HEARTBEAT,  "Heartbeat",          "rolewatch_up",                      "1 while it watches, once a sweep")
enum metric {
#define X(id, name, prometheus, meaning) METRIC_##id,
        METRICS(X)
#undef X
        METRIC_MAX
};
struct metrics { double of[METRIC_MAX]; };
const char *metric_name(enum metric m);
void metrics_of(const struct verdicts *v, struct metrics *ret);
/* The text of a Prometheus text file (exposition format 0.0.4): with the open findings of each kind, and when the last look was. */
void metrics_prometheus(const struct metrics *m, const char *cluster, const size_t findings[FINDING_KIND_MAX],
                        int64_t looked_s, struct text *to);
