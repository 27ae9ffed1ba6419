/*
 * findings -- what rolewatch finds, how grave each is and in which metric it counts.
 *
 * The contracts with users in one place: slugs, ids of journal entries and names of
 * metrics do not change. Pages, catalog, completions, alarms and dashboard are made
 * from these rows.
 */
#pragma once
#include "rolewatch/model.h"

/* How a rendering shows a severity. */
enum tone { TONE_GOOD, TONE_PLAIN, TONE_WARN, TONE_BAD, TONE_WORST };

/* From the least to the gravest: id, word, exit status of check, priority in the journal (of syslog), tone, sign */
#define SEVERITIES(X) \
        X(OK,       "ok",       0, 6, GOOD,  "\xe2\x9c\x93") \
        X(INFO,     "info",     0, 6, PLAIN, "\xe2\x97\x8b") \
        X(NOTICE,   "notice",   0, 5, WARN,  "\xe2\x97\x86") \
        X(WARNING,  "warning",  1, 4, BAD,   "\xe2\x96\xb2") \
        X(CRITICAL, "critical", 2, 3, WORST, "\xe2\x9c\x95")
enum severity {
#define X(id, word, status, priority, tone, sign) SEVERITY_##id,
        SEVERITIES(X)
#undef X
        SEVERITY_MAX
};
const char *severity_word(enum severity s);
int severity_from_word(const char *word);              /* enum severity, or -ENOENT; NULL is none */
int severity_priority(enum severity s);                /* as syslog has it */
enum tone severity_tone(enum severity s);
const char *severity_sign(enum severity s);            /* so that none is told by colour alone */

/*
 * What is counted, for alarms: id, name in CloudWatch, name in Prometheus, what it counts. The unit is one: an
 * open finding, once, in each metric that its row names (below). A finding of less than its default severity
 * counts in none: it is only possible, or a policy that was not seen may lift it. Of what could not be judged
 * there is no finding; Unknown counts the groups. Zeros are published, so that their absence says something.
 */
#define METRICS(X) \
        X(WRONG_ROLE, "WrongRole", "rolewatch_wrong_role_groups", \
          "open findings of processes that do not act as the expected role") \
        X(WOULD_FAIL, "CallsThatWouldFail", "rolewatch_calls_that_would_fail", \
          "open findings of calls that are denied: declared, implied or seen") \
        X(FAULTS, "CredentialFaults", "rolewatch_credential_fault_groups", "open findings of processes without valid credentials") \
        X(UNKNOWN, "Unknown", "rolewatch_unknown_groups", "groups of processes that could not be judged") \
        X(HEARTBEAT, "Heartbeat", "rolewatch_up", "1 while it watches, once a sweep")
enum metric {
#define X(id, name, prometheus, meaning) METRIC_##id,
        METRICS(X)
#undef X
        METRIC_MAX
};
const char *metric_name(enum metric m);                /* in CloudWatch */
const char *metric_prometheus(enum metric m);
const char *metric_meaning(enum metric m);

/*
 * What a finding comes of beside processes and the ECS agent, as bits: where one of these could not be had,
 * that the finding is not there says nothing.
 */
enum finding_source { SOURCE_PROCESSES = 0, SOURCE_IMDS = 1 << 0, SOURCE_POLICIES = 1 << 1 };

/*
 * slug, default severity, severity once it was observed, id of its journal entries; its sources, the metrics
 * that it counts in, IN(one) | IN(another) or IN_NONE; what it means, what to do (a sentence or two each).
 */
#define FINDINGS(X) \
        X(WRONG_ROLE, "wrong-role", WARNING, WARNING, "b9d3c2f3b0134e208d78e16204c01064", \
          SOURCE_PROCESSES, IN(WRONG_ROLE), \
          "credentials other than the expected ones win", \
          "Run `rolewatch explain` on the process: it says which step of the SDK's chain won, and where the environment was lost.") \
        X(WRONG_ROLE_DENIED, "wrong-role-denied", WARNING, CRITICAL, "6cf31bd4cc0e480cb255639d8b0ff7da", \
          SOURCE_PROCESSES, IN(WRONG_ROLE) | IN(WOULD_FAIL), \
          "a call is denied under the credentials that win: a declared one that the expected ones allow, or one that was seen to fail", \
          "The call fails. Do what the remedy says; do not add the permission to the role that wins by mistake.") \
        X(WRONG_ROLE_ALLOWED, "wrong-role-allowed", NOTICE, NOTICE, "73bc4763b3c44b0bac8cadf4f94e91cd", \
          SOURCE_PROCESSES, IN(WRONG_ROLE), \
          "other credentials win and may do all that is declared: an over-broad role hides the mistake", \
          "It works today because a role is too broad. Do what the remedy says before somebody narrows that role.") \
        X(RIGHT_ROLE_DENIED, "right-role-denied", WARNING, WARNING, "f1d490579fda4c159f395eb281fd50bb", \
          SOURCE_POLICIES, IN(WOULD_FAIL), \
          "the expected role wins and lacks a permission that is declared, or was seen to be denied a call", \
          "Add the statement that the remedy holds to the role, or take the need back.") \
        X(INSTANCE_ROLE_DENIED, "instance-role-denied", WARNING, WARNING, "509f9239c6f14c71b941ca4d37d86d9c", \
          SOURCE_IMDS | SOURCE_POLICIES, IN(WOULD_FAIL), \
          "the instance role lacks what the ECS agent or Docker calls with it", \
          "Attach AmazonEC2ContainerServiceforEC2Role to the instance role, or name an execution role in the task definition.") \
        X(EXECUTION_ROLE_DENIED, "execution-role-denied", WARNING, WARNING, "d9e20c8554ef4fdfac59541cc13b35b2", \
          SOURCE_POLICIES, IN(WOULD_FAIL), \
          "the execution role lacks what the task definition implies", \
          "The next task by this definition will not start, or not log. Add the statement that the remedy holds to the execution role.") \
        X(TRUST_MISMATCH, "trust-mismatch", WARNING, WARNING, "7f4cfeaa8e174b97a4ba6178ba9fc9b8", \
          SOURCE_IMDS | SOURCE_POLICIES, IN_NONE, \
          "a role in use cannot be assumed by the service that assumes it", \
          "The role's keys cannot be renewed or had at all. Name the right service in its trust policy.") \
        X(ROLE_MISSING, "role-missing", WARNING, WARNING, "7fa8eb7c980c4bbf816a3bf5e792fce9", \
          SOURCE_POLICIES, IN_NONE, \
          "a role in use is not there", \
          "Make the role again under its name, or name another one in the task definition or instance profile.") \
        X(NO_CREDENTIALS, "no-credentials", WARNING, WARNING, "e1c94206a9814a2f96f0dfc26322c1b7", \
          SOURCE_PROCESSES, IN(FAULTS), \
          "nothing valid can be had, although the task has a role", \
          "Every call of AWS in this process fails. `rolewatch explain` on it shows each step and why it gave nothing.") \
        X(CREDENTIALS_EXPIRED, "credentials-expired", CRITICAL, CRITICAL, "0a2861fada274cbf981326956d58dadd", \
          SOURCE_PROCESSES, IN(FAULTS), \
          "the credentials that win have expired", \
          "See whether the ECS agent is connected (/var/log/ecs/ecs-agent.log): it renews the keys of tasks.") \
        X(ENDPOINT_UNREACHABLE, "endpoint-unreachable", CRITICAL, CRITICAL, "6c30e3c6572f44d6a0515cf7d91d3283", \
          SOURCE_PROCESSES, IN(FAULTS), \
          "the container endpoint cannot be reached or does not answer with credentials", \
          "Restart the ECS agent (systemctl restart ecs): it sets the DNAT rule of 169.254.170.2 and answers there.") \
        X(ENDPOINT_FLAPPING, "endpoint-flapping", WARNING, WARNING, "a7b3c80d2f864a57a44bbf0635930efc", \
          SOURCE_PROCESSES, IN(FAULTS), \
          "the container endpoint answers, but not yet or not always with credentials", \
          "See the ECS agent's log, and how often the processes of the task ask for credentials.") \
        X(SDK_TOO_OLD, "sdk-too-old", WARNING, WARNING, "1f889a53b05a4180b9c7da6b87af893c", \
          SOURCE_PROCESSES, IN(WRONG_ROLE), \
          "the SDK has no container provider", \
          "Update the SDK to the release that the remedy names.") \
        X(SDK_STICKY, "sdk-sticky-on-instance-role", WARNING, WARNING, "810eb3b3447441acb506eacbf629fe43", \
          SOURCE_PROCESSES, IN(WRONG_ROLE), \
          "after a failed endpoint call the SDK stays on the instance role", \
          "Put the container endpoint right, then restart the process: it does not come back by itself.") \
        X(IMDS_OPEN, "imds-open-to-tasks", INFO, INFO, "a686d438f0c84d5b89f7936542b42822", \
          SOURCE_IMDS, IN_NONE, \
          "tasks with a role of their own can take the instance role's keys", \
          "Require tokens with a hop limit of 1, or set ECS_AWSVPC_BLOCK_IMDS=true for awsvpc tasks.")
enum finding_kind {
#define X(id, slug, severity, observed, message, sources, metrics, meaning, advice) FINDING_##id,
        FINDINGS(X)
#undef X
        FINDING_KIND_MAX
};
const char *finding_slug(enum finding_kind k);
int finding_from_slug(const char *slug);                /* enum finding_kind, or -ENOENT */
const char *finding_meaning(enum finding_kind k);
const char *finding_advice(enum finding_kind k);
const char *finding_message_id(enum finding_kind k);    /* 32 hex digits, for MESSAGE_ID */
enum severity finding_severity(enum finding_kind k);    /* the default one */
/* Of a call that is denied for certain to whoever was seen to act: it fails now. */
enum severity finding_severity_of(enum finding_kind k, enum certainty c);
unsigned finding_sources(enum finding_kind k);          /* bits of enum finding_source */
bool finding_counts_in(enum finding_kind k, enum metric m);
