/*
 * findings -- the table of findings: name, severity, message id, metrics and advice.
 *
 * Slugs, MESSAGE_IDs and names of metrics are contracts with users and never change.
 * Manual pages, journal catalog, completions, alarms and dashboard are generated from
 * these rows.
 */
#pragma once
#include "rolewatch/model.h"

/* How a rendering shows a severity. */
enum tone { TONE_GOOD, TONE_PLAIN, TONE_WARN, TONE_BAD, TONE_WORST };

/*
 * Lowest severity first: id, word, exit status of `check`, priority in the journal (as syslog(3) numbers it), tone,
 * sign (UTF-8).
 */
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
const char *severity_to_string(enum severity s);
int severity_from_string(const char *word);            /* enum severity; -ENOENT for an unknown word or NULL */
int severity_exit_status(enum severity s);             /* of check */
int severity_priority(enum severity s);                /* LOG_INFO to LOG_ERR of syslog(3) */
enum tone severity_tone(enum severity s);
const char *severity_sign(enum severity s);            /* shown beside the color, which alone is not readable by all */

/*
 * The metrics: id, name in CloudWatch, name in Prometheus, what it counts (also the HELP line of Prometheus).
 * An open finding counts once in each metric that its row names (below). A finding below its default severity
 * counts in none, because it is only possible or a policy that was not visible may lift the denial. A group that
 * could not be judged has no finding; Unknown counts such groups. Zeros are published, so that missing data means
 * that rolewatch does not run.
 */
#define METRICS(X) \
        X(WRONG_ROLE, "WrongRole", "rolewatch_wrong_role_groups", \
          "open findings of processes that do not use the expected role") \
        X(WOULD_FAIL, "CallsThatWouldFail", "rolewatch_calls_that_would_fail", \
          "open findings of denied calls: declared, required by a task definition, or observed") \
        X(CREDENTIAL_ERRORS, "CredentialFaults", "rolewatch_credential_fault_groups", "open findings of processes without valid credentials") \
        X(UNKNOWN, "Unknown", "rolewatch_unknown_groups", "process groups that could not be judged") \
        X(HEARTBEAT, "Heartbeat", "rolewatch_up", "1 while rolewatch runs, published once per scan interval")
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
 * What a finding depends on besides processes and the ECS agent, as bits. While one of its sources is not
 * available, the absence of the finding does not mean that it is cleared.
 */
enum finding_source { SOURCE_PROCESSES = 0, SOURCE_IMDS = 1 << 0, SOURCE_POLICIES = 1 << 1 };

/*
 * Slug, default severity, severity once observed, MESSAGE_ID of its journal entries; its sources; the metrics it
 * counts in, IN(one) | IN(another) or IN_NONE; meaning (a clause without a period); advice (imperative sentences).
 */
#define FINDINGS(X) \
        X(WRONG_ROLE, "wrong-role", WARNING, WARNING, "b9d3c2f3b0134e208d78e16204c01064", \
          SOURCE_PROCESSES, IN(WRONG_ROLE), \
          "the process uses credentials other than the expected ones", \
          "Run `rolewatch explain` on the process. It shows which step of the SDK's credential chain supplied the credentials, and where the environment variable was lost.") \
        X(WRONG_ROLE_DENIED, "wrong-role-denied", WARNING, CRITICAL, "6cf31bd4cc0e480cb255639d8b0ff7da", \
          SOURCE_PROCESSES, IN(WRONG_ROLE) | IN(WOULD_FAIL), \
          "the process uses the wrong credentials, and a call is denied to them: a declared call that the expected role allows, or a call that was observed to fail", \
          "The call fails. Apply the remedy. Do not add the permission to the role that is used by mistake.") \
        X(WRONG_ROLE_ALLOWED, "wrong-role-allowed", NOTICE, NOTICE, "73bc4763b3c44b0bac8cadf4f94e91cd", \
          SOURCE_PROCESSES, IN(WRONG_ROLE), \
          "the process uses the wrong credentials, but every declared call is allowed to them: an overly broad role hides the mistake", \
          "The calls succeed only because the role in use is too broad. Apply the remedy before somebody narrows that role.") \
        X(RIGHT_ROLE_DENIED, "right-role-denied", WARNING, WARNING, "f1d490579fda4c159f395eb281fd50bb", \
          SOURCE_POLICIES, IN(WOULD_FAIL), \
          "the process uses the expected role, but the role lacks a declared permission, or a call was observed to be denied", \
          "Add the statement from the remedy to the role, or remove the declared need.") \
        X(INSTANCE_ROLE_DENIED, "instance-role-denied", WARNING, WARNING, "509f9239c6f14c71b941ca4d37d86d9c", \
          SOURCE_IMDS | SOURCE_POLICIES, IN(WOULD_FAIL), \
          "the instance role lacks a permission that the ECS agent or Docker needs", \
          "Attach AmazonEC2ContainerServiceforEC2Role to the instance role, or set an execution role in the task definition.") \
        X(EXECUTION_ROLE_DENIED, "execution-role-denied", WARNING, WARNING, "d9e20c8554ef4fdfac59541cc13b35b2", \
          SOURCE_POLICIES, IN(WOULD_FAIL), \
          "the execution role lacks a permission that the task definition requires", \
          "The next task of this definition will not start, or will not log. Add the statement from the remedy to the execution role.") \
        X(TRUST_MISMATCH, "trust-mismatch", WARNING, WARNING, "7f4cfeaa8e174b97a4ba6178ba9fc9b8", \
          SOURCE_IMDS | SOURCE_POLICIES, IN_NONE, \
          "the trust policy of a role in use does not allow the service that must assume the role", \
          "AWS cannot issue or renew credentials of the role. Allow the right service in its trust policy.") \
        X(ROLE_MISSING, "role-missing", WARNING, WARNING, "7fa8eb7c980c4bbf816a3bf5e792fce9", \
          SOURCE_POLICIES, IN_NONE, \
          "a role in use does not exist", \
          "Create the role again under its name, or set another role in the task definition or instance profile.") \
        X(NO_CREDENTIALS, "no-credentials", WARNING, WARNING, "e1c94206a9814a2f96f0dfc26322c1b7", \
          SOURCE_PROCESSES, IN(CREDENTIAL_ERRORS), \
          "no valid credentials are available to the process", \
          "Every AWS call of this process fails. Run `rolewatch explain` on it to see why each step of the chain supplied none.") \
        X(CREDENTIALS_EXPIRED, "credentials-expired", CRITICAL, CRITICAL, "0a2861fada274cbf981326956d58dadd", \
          SOURCE_PROCESSES, IN(CREDENTIAL_ERRORS), \
          "the credentials in use have expired", \
          "Check that the ECS agent is connected to ECS (/var/log/ecs/ecs-agent.log). The agent renews the credentials of tasks.") \
        X(ENDPOINT_UNREACHABLE, "endpoint-unreachable", CRITICAL, CRITICAL, "6c30e3c6572f44d6a0515cf7d91d3283", \
          SOURCE_PROCESSES, IN(CREDENTIAL_ERRORS), \
          "the container endpoint is unreachable, or does not return credentials", \
          "Restart the ECS agent (`systemctl restart ecs`). The service sets the DNAT rule for 169.254.170.2, and the agent answers there.") \
        X(ENDPOINT_FLAPPING, "endpoint-flapping", WARNING, WARNING, "a7b3c80d2f864a57a44bbf0635930efc", \
          SOURCE_PROCESSES, IN(CREDENTIAL_ERRORS), \
          "the container endpoint answers, but not yet or not always with credentials", \
          "Check the ECS agent's log (/var/log/ecs/ecs-agent.log), and how often the processes of the task request credentials.") \
        X(SDK_TOO_OLD, "sdk-too-old", WARNING, WARNING, "1f889a53b05a4180b9c7da6b87af893c", \
          SOURCE_PROCESSES, IN(WRONG_ROLE), \
          "the SDK is older than its support for task roles", \
          "Update the SDK to the release that the remedy names, or later.") \
        X(SDK_STICKY, "sdk-sticky-on-instance-role", WARNING, WARNING, "810eb3b3447441acb506eacbf629fe43", \
          SOURCE_PROCESSES, IN(WRONG_ROLE), \
          "after a failed request to the container endpoint, the SDK keeps using the instance role", \
          "Fix the container endpoint, then restart the process. The SDK does not switch back by itself while the credentials of the instance role are valid.") \
        X(IMDS_OPEN, "imds-open-to-tasks", INFO, INFO, "a686d438f0c84d5b89f7936542b42822", \
          SOURCE_IMDS, IN_NONE, \
          "tasks that have a task role can also get the instance role's credentials", \
          "Require IMDSv2 with a hop limit of 1, or set ECS_AWSVPC_BLOCK_IMDS=true for awsvpc tasks.")
enum finding_kind {
#define X(id, slug, severity, observed, message, sources, metrics, meaning, advice) FINDING_##id,
        FINDINGS(X)
#undef X
        FINDING_KIND_MAX
};
const char *finding_slug(enum finding_kind k);
int finding_from_slug(const char *slug);                /* enum finding_kind; -ENOENT for an unknown slug or NULL */
const char *finding_meaning(enum finding_kind k);
const char *finding_advice(enum finding_kind k);
const char *finding_message_id(enum finding_kind k);    /* 32 hex digits, for MESSAGE_ID */
enum severity finding_severity(enum finding_kind k);    /* the default */
/* The severity of a finding of that certainty: the row's second one where c is CERTAINTY_OBSERVED, else the default. */
enum severity finding_severity_of(enum finding_kind k, enum certainty c);
unsigned finding_sources(enum finding_kind k);          /* bits of enum finding_source */
bool finding_counts_in(enum finding_kind k, enum metric m);
