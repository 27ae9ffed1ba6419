/*
 * config -- the settings of the daemon: rolewatch.conf and rolewatch.conf.d, an
 * ini of one section a part. Later files win key by key; an empty value is the
 * default again.
 */
#pragma once
#include <stdio.h>
#include "rolewatch/collect.h"
#include "rolewatch/environment.h"

#define CONFIG_FILE "/etc/rolewatch/rolewatch.conf"
#define EXIT_CONFIG 78                 /* EX_CONFIG of sysexits.h */

/* id, section, key, type, default, what it is. Times are seconds. */
#define SETTINGS(X) \
        X(EVENTS,       "watch",      "events",     BOOL, "yes",  "take kernel events, so that what happens is judged at once") \
        X(SWEEP,        "watch",      "sweep",      TIME, "15s",  "between two looks at everything, without kernel events or while a finding is open") \
        X(RECONCILE,    "watch",      "reconcile",  TIME, "5m",   "the same with kernel events and nothing open") \
        X(STAY,         "watch",      "stay",       TIME, "5s",   "a new process of which no AWS SDK is known must live so long, or ask an endpoint, to be told of") \
        X(HOLD,         "watch",      "hold",       TIME, "5m",   "a finding that is gone for so long is cleared") \
        X(REMINDER,     "watch",      "reminder",   TIME, "24h",  "an open finding is told again after so long") \
        X(PER_HOUR,     "watch",      "per_hour",   COUNT, "12",  "events of one program in one container that are told in an hour") \
        X(LOG_LEVEL,    "watch",      "log_level",  LEVEL, "info", "lines about rolewatch itself that are logged: error, warning, info or debug") \
        X(STATE,        "watch",      "state",      PATH, "/run/rolewatch-state/state.json", "what was told, for a restart and for rolewatch status") \
        X(NEEDS,        "sources",    "needs",      PATH, DEFAULT_NEEDS, "declared needs") \
        X(BUNDLES,      "sources",    "bundles",    PATH, DEFAULT_BUNDLES, "bundles of roles and policies") \
        X(DEFINITIONS,  "sources",    "definitions", PATH, DEFAULT_DEFINITIONS, "task definitions") \
        X(AUDIT_LOG,    "sources",    "audit_log",  PATH, DEFAULT_AUDIT_LOG, "the ECS agent's audit log") \
        X(CACHE,        "sources",    "cache",      PATH, DEFAULT_CACHE, "answers of IAM and ECS") \
        X(ASK_IAM,      "sources",    "ask_iam",    BOOL, "no",   "ask IAM for policies that no bundle has") \
        X(ASK_ECS,      "sources",    "ask_ecs",    BOOL, "no",   "ask ECS for task definitions and overrides") \
        X(PROBE,        "sources",    "probe",      BOOL, "yes",  "look from inside the containers' network namespaces") \
        X(IMDS_V1,      "sources",    "imds_v1",    BOOL, "no",   "ask IMDSv1 where no token can be had") \
        X(JOURNAL,      "journal",    "enabled",    BOOL, "yes",  "tell findings to the journal") \
        X(LOGS,         "evidence",   "logs",       BOOL, "no",   "denied calls in the containers' journal entries (Docker's log driver journald)") \
        X(CSM,          "evidence",   "csm",        TEXT, "",     "addresses for the SDKs' client-side monitoring, as 127.0.0.1:31000; none") \
        X(AUDIT,        "evidence",   "audit",      BOOL, "no",   "follow the agent's audit log, so that a refused request is looked into at once") \
        X(PROMETHEUS,   "prometheus", "file",       PATH, "",     "a text file for node_exporter; none") \
        X(CLOUDWATCH,   "cloudwatch", "enabled",    BOOL, "no",   "PutMetricData with the instance role") \
        X(NAMESPACE,    "cloudwatch", "namespace",  TEXT, "Rolewatch", "of the metrics") \
        X(INTERVAL,     "cloudwatch", "interval",   TIME, "5m",   "between two calls") \
        X(EMF,          "cloudwatch", "emf",        TEXT, "",     "the CloudWatch agent's socket, as udp:127.0.0.1:25888 or tcp:..., in place of calls; none") \
        X(EMF_GROUP,    "cloudwatch", "emf_log_group", TEXT, "/rolewatch/metrics", "log group of what is sent there")
enum setting {
#define X(id, section, key, type, fallback, meaning) SETTING_##id,
        SETTINGS(X)
#undef X
        SETTING_MAX
};
#define CONFIG_FAULTS_MAX 32
struct config {
        struct arena *arena;
        const char *text[SETTING_MAX];         /* as written, or the default */
        int64_t number[SETTING_MAX];           /* of times, counts, switches and levels (enum log_level) */
        const char *origin[SETTING_MAX];       /* "FILE:LINE"; NULL: the default */
        const char *faults[CONFIG_FAULTS_MAX]; /* "FILE:LINE: ...", all of them */
        size_t n_faults;
};
/* Reads FILE and the *.conf of FILE.d. Faults stay in the list, with the default in force. -ENOMEM; -ENOENT: not there, but asked for. */
int conf_read(const char *file, struct config **ret);
void conf_free(struct config *c);                    /* NULL ok */
DEFINE_CLEANUP(struct config *, conf_free)
/* A file that says the same, each setting with what it is and where it was set. */
int conf_print(const struct config *c, FILE *out);
/* The settings of sources over those of the environment. Borrows from c. */
void conf_collect(const struct config *c, struct collect_settings *ret);
