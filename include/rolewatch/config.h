/*
 * config -- the settings of the daemon, from rolewatch.conf, the *.conf of rolewatch.conf.d and the variable ROLEWATCH_CONF. The
 * format is INI. Files are read in the order of their names; the last value of a key wins, and an empty value restores the default.
 */
#pragma once
#include <stdio.h>
#include "rolewatch/collect.h"
#include "rolewatch/environment.h"

#define CONFIG_FILE "/etc/rolewatch/rolewatch.conf"
#define EXIT_CONFIG 78                 /* EX_CONFIG of sysexits.h */

/*
 * id, section, key, former key (NULL: none), type, default, what it is. A former key still works in its section, with a
 * warning, until the next release. Times are in seconds.
 */
#define SETTINGS(X) \
        X(EVENTS,      "watch",      "kernel_events",       "events",    BOOL,  "yes", \
          "Judge new processes and network connections as the kernel reports them, between full scans.") \
        X(SCAN_INTERVAL, "watch",    "scan_interval",       "sweep",     TIME,  "15s", \
          "Interval between full scans while kernel events are unavailable or a finding is open.") \
        X(IDLE_SCAN_INTERVAL, "watch", "idle_scan_interval", "reconcile", TIME, "5m", \
          "Interval between full scans while kernel events are available and no finding is open.") \
        X(MIN_PROCESS_AGE, "watch",  "min_process_age",     "stay",      TIME,  "5s", \
          "Age at which a process with declared calls but no recognized AWS SDK can raise a finding; one that contacts an endpoint can do so earlier.") \
        X(CLEAR_DELAY, "watch",      "clear_delay",         "hold",      TIME,  "5m", \
          "Time that a finding must be absent before it is cleared.") \
        X(REMINDER_INTERVAL, "watch", "reminder_interval",  "reminder",  TIME,  "24h", \
          "Interval between reminders of a finding that stays open.") \
        X(MAX_EVENTS_PER_HOUR, "watch", "max_events_per_hour", "per_hour", COUNT, "12", \
          "Maximum number of events per hour for one program in one container; further events are counted, but not published.") \
        X(LOG_LEVEL,   "watch",      "log_level",           NULL,        LEVEL, "info", \
          "Least severe messages about rolewatch itself that are logged: error, warning, info or debug.") \
        X(STATE,       "watch",      "state_file",          "state",     PATH,  "/run/rolewatch-state/state.json", \
          "File with the published findings and the daemon's state, for restarts and for rolewatch status.") \
        X(NEEDS,       "sources",    "needs",               NULL,        PATH,  DEFAULT_NEEDS, \
          "Directory of declared needs (*.json), or one such file.") \
        X(BUNDLES,     "sources",    "bundles",             NULL,        PATH,  DEFAULT_BUNDLES, \
          "Directory of bundles with roles and policies (*.json), or one such file.") \
        X(DEFINITIONS, "sources",    "definitions",         NULL,        PATH,  DEFAULT_DEFINITIONS, \
          "Directory of task definitions (*.json), or one such file.") \
        X(AUDIT_LOG,   "sources",    "audit_log",           NULL,        PATH,  DEFAULT_AUDIT_LOG, \
          "Audit log of the ECS agent.") \
        X(CACHE,       "sources",    "cache",               NULL,        PATH,  DEFAULT_CACHE, \
          "Directory for cached responses of IAM and ECS.") \
        X(ASK_IAM,     "sources",    "query_iam",           "ask_iam",   BOOL,  "no", \
          "Query IAM for policies of roles that no bundle contains.") \
        X(ASK_ECS,     "sources",    "query_ecs",           "ask_ecs",   BOOL,  "no", \
          "Query ECS for task definitions that no file contains, and for the overrides of tasks.") \
        X(PROBE,       "sources",    "probe_endpoints",     "probe",     BOOL,  "yes", \
          "Test from inside each container's network namespace whether the container endpoint and the instance metadata service answer.") \
        X(IMDS_V1,     "sources",    "allow_imds_v1",       "imds_v1",   BOOL,  "no", \
          "Use IMDSv1 to read the host's identity where IMDSv2 gives no token.") \
        X(JOURNAL,     "journal",    "publish",             "enabled",   OUTPUT, "yes", \
          "Publish findings to the journal (yes), on standard output as JSON lines with the journal's fields (stdout), or there as text (no).") \
        X(CONTAINER_LOGS, "evidence", "container_logs",     "logs",      BOOL,  "no", \
          "Search the containers' logs for denied calls: the files of Docker's log drivers json-file and local, its cache of logs that it sends " \
          "elsewhere (awslogs, fluentd and others), and the journal (journald).") \
        X(CSM,         "evidence",   "csm_listen",          "csm",       TEXT,  "", \
          "UDP addresses that receive the AWS SDKs' client-side monitoring, such as 127.0.0.1:31000, separated by spaces; empty: none.") \
        X(AUDIT,       "evidence",   "follow_audit_log",    "audit",     BOOL,  "no", \
          "Follow the ECS agent's audit log, and scan when it shows a refused request for credentials.") \
        X(PROMETHEUS,  "prometheus", "file",                NULL,        PATH,  "", \
          "File to write metrics to, for node_exporter's textfile collector; empty: none.") \
        X(CLOUDWATCH,  "cloudwatch", "put_metric_data",     "enabled",   BOOL,  "no", \
          "Publish metrics by calling PutMetricData with the instance role; in a task that has one, with the task role.") \
        X(NAMESPACE,   "cloudwatch", "namespace",           NULL,        TEXT,  "Rolewatch", \
          "CloudWatch namespace of the metrics.") \
        X(INTERVAL,    "cloudwatch", "interval",            NULL,        TIME,  "5m", \
          "Interval between two publications of the metrics, while one of them is not zero.") \
        X(HEARTBEAT_INTERVAL, "cloudwatch", "heartbeat_interval", NULL, TIME, "10m", \
          "Interval between two PutMetricData calls while all metrics but Heartbeat are zero.") \
        X(EMF,         "cloudwatch", "emf_endpoint",        "emf",       TEXT,  "", \
          "CloudWatch agent's socket for metrics in embedded metric format, as udp:127.0.0.1:25888 or tcp:127.0.0.1:25888; stdout: print " \
          "them on standard output; empty: none.") \
        X(EMF_GROUP,   "cloudwatch", "emf_log_group",       NULL,        TEXT,  "/rolewatch/metrics", \
          "Log group of the embedded metrics.")
enum setting {
#define X(id, section, key, former, type, fallback, meaning) SETTING_##id,
        SETTINGS(X)
#undef X
        SETTING_MAX
};
/* Values of SETTING_JOURNAL. */
enum output { OUTPUT_TEXT, OUTPUT_JOURNAL, OUTPUT_JSON };
#define CONFIG_ERRORS_MAX 32
struct config {
        struct arena *arena;
        const char *text[SETTING_MAX];         /* as written, or the default */
        int64_t number[SETTING_MAX];           /* times in seconds, counts, switches (0, 1), levels (enum log_level) */
        const char *origin[SETTING_MAX];       /* "FILE:LINE" that set it; NULL: the default */
        const char *errors[CONFIG_ERRORS_MAX]; /* errors, "FILE:LINE: ..."; further ones are dropped */
        size_t n_errors;
        const char *warnings[CONFIG_ERRORS_MAX];       /* former keys, "FILE:LINE: ..."; each has set its setting */
        size_t n_warnings;
};
/*
 * Reads FILE, the *.conf of FILE.d, and then the text of ROLEWATCH_CONF. A faulty line is an entry of faults, and its setting keeps the value it had before.
 * A file that cannot be read is a fault, too. -ENOMEM; -ENOENT: FILE does not exist, and is not CONFIG_FILE.
 */
int conf_read(const char *file, struct config **ret);
void conf_free(struct config *c);                    /* NULL ok */
DEFINE_CLEANUP(struct config *, conf_free)
/* Writes a file with the same settings: each with its current key, its meaning and its origin. -EIO. */
int conf_print(const struct config *c, FILE *out);
/* The settings of collection: those that a file sets go before the environment's. Borrows texts from c. */
void conf_collect(const struct config *c, struct collect_settings *ret);
