/*
 * judge -- from facts to groups, verdicts and findings. Pure.
 *
 * Processes of one container with the same executable, credential environment,
 * files and namespace, and that lost the container variable in the same way,
 * are one group: one verdict, one finding, a count.
 */
#pragma once
#include "rolewatch/chain.h"
#include "rolewatch/error_text.h"

#define SEVERITIES(X) X(OK, "ok") X(INFO, "info") X(NOTICE, "notice") X(WARNING, "warning") X(CRITICAL, "critical")
enum severity {
#define X(id, word) SEVERITY_##id,
        SEVERITIES(X)
#undef X
        SEVERITY_MAX
};
const char *severity_word(enum severity s);
struct group;

/*
 * slug, default severity, id of its journal entries, what it means, what to do (a sentence or two each).
 * The contract with users: slugs and ids do not change.
 */
#define FINDINGS(X) \
        X(WRONG_ROLE, "wrong-role", WARNING, "b9d3c2f3b0134e208d78e16204c01064", \
          "credentials other than the expected ones win", \
          "Run `rolewatch explain` on the process: it says which step of the SDK's chain won, and where the environment was lost.") \
        X(WRONG_ROLE_DENIED, "wrong-role-denied", WARNING, "6cf31bd4cc0e480cb255639d8b0ff7da", \
          "a call is denied under the credentials that win: a declared one that the expected ones allow, or one that was seen to fail", \
          "The call fails. Do what the remedy says; do not add the permission to the role that wins by mistake.") \
        X(WRONG_ROLE_ALLOWED, "wrong-role-allowed", NOTICE, "73bc4763b3c44b0bac8cadf4f94e91cd", \
          "other credentials win and may do all that is declared: an over-broad role hides the mistake", \
          "It works today because a role is too broad. Do what the remedy says before somebody narrows that role.") \
        X(RIGHT_ROLE_DENIED, "right-role-denied", WARNING, "f1d490579fda4c159f395eb281fd50bb", \
          "the expected role wins and lacks a permission that is declared, or was seen to be denied a call", \
          "Add the statement that the remedy holds to the role, or take the need back.") \
        X(INSTANCE_ROLE_DENIED, "instance-role-denied", WARNING, "509f9239c6f14c71b941ca4d37d86d9c", \
          "the instance role lacks what the ECS agent or Docker calls with it", \
          "Attach AmazonEC2ContainerServiceforEC2Role to the instance role, or name an execution role in the task definition.") \
        X(EXECUTION_ROLE_DENIED, "execution-role-denied", WARNING, "d9e20c8554ef4fdfac59541cc13b35b2", \
          "the execution role lacks what the task definition implies", \
          "The next task by this definition will not start, or not log. Add the statement that the remedy holds to the execution role.") \
        X(TRUST_MISMATCH, "trust-mismatch", WARNING, "7f4cfeaa8e174b97a4ba6178ba9fc9b8", \
          "a role in use cannot be assumed by the service that assumes it", \
          "The role's keys cannot be renewed or had at all. Name the right service in its trust policy.") \
        X(ROLE_MISSING, "role-missing", WARNING, "7fa8eb7c980c4bbf816a3bf5e792fce9", \
          "a role in use is not there", \
          "Make the role again under its name, or name another one in the task definition or instance profile.") \
        X(NO_CREDENTIALS, "no-credentials", WARNING, "e1c94206a9814a2f96f0dfc26322c1b7", \
          "nothing valid can be had, although the task has a role", \
          "Every call of AWS in this process fails. `rolewatch explain` on it shows each step and why it gave nothing.") \
        X(CREDENTIALS_EXPIRED, "credentials-expired", CRITICAL, "0a2861fada274cbf981326956d58dadd", \
          "the credentials that win have expired", \
          "See whether the ECS agent is connected (/var/log/ecs/ecs-agent.log): it renews the keys of tasks.") \
        X(ENDPOINT_UNREACHABLE, "endpoint-unreachable", CRITICAL, "6c30e3c6572f44d6a0515cf7d91d3283", \
          "the container endpoint cannot be reached or does not answer with credentials", \
          "Restart the ECS agent (systemctl restart ecs): it sets the DNAT rule of 169.254.170.2 and answers there.") \
        X(ENDPOINT_FLAPPING, "endpoint-flapping", WARNING, "a7b3c80d2f864a57a44bbf0635930efc", \
          "the container endpoint answers, but not yet or not always with credentials", \
          "See the ECS agent's log, and how often the processes of the task ask for credentials.") \
        X(SDK_TOO_OLD, "sdk-too-old", WARNING, "1f889a53b05a4180b9c7da6b87af893c", \
          "the SDK has no container provider", \
          "Update the SDK to the release that the remedy names.") \
        X(SDK_STICKY, "sdk-sticky-on-instance-role", WARNING, "810eb3b3447441acb506eacbf629fe43", \
          "after a failed endpoint call the SDK stays on the instance role", \
          "Put the container endpoint right, then restart the process: it does not come back by itself.") \
        X(IMDS_OPEN, "imds-open-to-tasks", INFO, "a686d438f0c84d5b89f7936542b42822", \
          "tasks with a role of their own can take the instance role's keys", \
          "Require tokens with a hop limit of 1, or set ECS_AWSVPC_BLOCK_IMDS=true for awsvpc tasks.")
enum finding_kind {
#define X(id, slug, sev, message, meaning, advice) FINDING_##id,
        FINDINGS(X)
#undef X
        FINDING_KIND_MAX
};
const char *finding_slug(enum finding_kind k);
const char *finding_meaning(enum finding_kind k);
const char *finding_advice(enum finding_kind k);
enum severity finding_severity(enum finding_kind k);   /* the default one */
/* Of a call that is denied for certain to whoever was seen to act: it fails now. */
enum severity finding_severity_of(enum finding_kind k, enum certainty c);
/*
 * The endpoint whose contact confirms that the group acts as it is said to. That
 * IMDS was met proves nothing else: regions and instance ids come from there, too.
 */
enum confirms { CONFIRMS_NOTHING, CONFIRMS_CONTAINER, CONFIRMS_IMDS };
enum confirms group_confirms(const struct group *g);
const char *finding_message_id(enum finding_kind k);    /* 32 hex digits, for MESSAGE_ID */
int finding_from_slug(const char *slug);                /* enum finding_kind, or -ENOENT */

/* Verdict of a group, in one word for the table. */
#define VERDICTS(X) X(OK, "ok") X(WRONG, "wrong-role") X(NONE, "no-credentials") X(UNKNOWN, "unknown") X(UNJUDGED, "-")
enum verdict {
#define X(id, word) VERDICT_##id,
        VERDICTS(X)
#undef X
        VERDICT_MAX
};
const char *verdict_word(enum verdict v);

/* How the container variable got lost, or why another step wins. */
struct cause {
        const char *mechanism;         /* "lost-cron", "static-keys", ...: a row of agent/judge/causes.c; NULL none */
        const char *text;              /* one sentence */
        const char *remedy;            /* one thing to change */
        pid_t last_holder;                  /* the last ancestor that has the variable; 0 none */
        const char *last_holder_comm;
        pid_t first_without;                   /* the first process without it */
        const char *first_without_comm;
};

/* A declared call, decided for the role that wins and for the one that is meant, in one context. */
struct call {
        const char *action, *resource;
        const struct need *need;       /* borrowed from the snapshot */
        enum iam_answer winner, expected;
        bool resource_policy;          /* a denial here could be lifted by a resource policy that was not seen */
        const char *why;               /* of a denial, or of not knowing, for the winner */
};

/*
 * A call that nobody declares: the ECS agent's own, or one that a task
 * definition implies; decided for the role that it is made with.
 */
/* id, word, the finding of what it lacks, the managed policy of AWS that has what it needs (NULL: there is none) */
#define DERIVED_ROLES(X) \
        X(INSTANCE,  "instance",  INSTANCE_ROLE_DENIED,  "AmazonEC2ContainerServiceforEC2Role") \
        X(EXECUTION, "execution", EXECUTION_ROLE_DENIED, "AmazonECSTaskExecutionRolePolicy") \
        X(TASK,      "task",      RIGHT_ROLE_DENIED,     NULL)
enum derived_role {
#define X(id, word, finding, managed) DERIVED_##id,
        DERIVED_ROLES(X)
#undef X
};
const char *derived_role_word(enum derived_role r);
struct derived {
        enum derived_role by;
        const char *role;              /* its name */
        const struct definition *definition;   /* NULL: of the agent itself */
        const struct implied *implied; /* NULL: of the agent itself, or of ECS Exec */
        struct call call;              /* expected is the same as winner; no need */
};

struct group {
        int process;                   /* index of the representative: the lowest pid */
        const int *members;            /* indices of all processes, the representative first */
        size_t n_members;
        const char *sdk_name, *sdk_version;    /* NULL: not recognised */
        enum certainty sdk_certainty;
        struct chain_result winner;    /* of the recognised SDK, or of all rows where they agree */
        bool agreed;                   /* all rows in question give the same winner */
        const struct chain_result *by_row;     /* one for each row in question (families once) */
        size_t n_by_row;
        struct chain_result alt;       /* with the container's own environment; alt.row NULL: the same */
        const char *expected_role;     /* NULL: nothing is expected */
        const char *expected_why;
        enum verdict verdict;
        const struct call *calls;      /* declared for its container */
        size_t n_calls;
        const struct denial *denied;   /* a call of it that was denied, as was seen; NULL none */
        struct cause cause;
};

struct finding {
        enum finding_kind kind;
        enum severity severity;
        enum certainty certainty;
        int group;                     /* index, -1: the host */
        const struct definition *definition;   /* that a finding of the host is about; NULL: none */
        const char *winner, *expected; /* "imds ecsInstanceRole" style words; NULL */
        const char *message, *remedy;  /* one sentence each, escaped */
        const char *action, *resource; /* the call that fails; NULL: none in particular */
};

struct verdicts {
        struct arena *arena;
        const struct snapshot *snapshot;       /* borrowed: must outlive this */
        struct group *groups;     size_t n_groups;
        struct finding *findings; size_t n_findings;
        struct derived *derived;  size_t n_derived;
        size_t n_unknown;                      /* groups that could not be judged */
        size_t n_undecided;                    /* calls, declared and derived, that could not be decided */
        const char *undecided_why;             /* of the first of them; NULL none */
};
/* Is a need declared for this container? */
bool need_applies(const struct snapshot *s, const struct need *n, int container);
/*
 * What is odd about a need, one sentence each in the arena: what can never be
 * granted, or is not looked at. The number of texts, at most NEED_LINTS_MAX.
 */
#define NEED_LINTS_MAX 16
size_t need_lint(const struct snapshot *s, const struct need *n, struct arena *a,
                 const char *ret[NEED_LINTS_MAX]);
/* Judges at snapshot->host.taken_s. -ENOMEM. */
/* The same of a role's policies: what cannot be read, and conditions that never hold on a role's own calls. */
size_t role_lint(const struct role *role, struct arena *a, const char *ret[NEED_LINTS_MAX]);
int judge(const struct snapshot *s, struct verdicts **ret);
void verdicts_free(struct verdicts *v);                /* NULL ok */
DEFINE_CLEANUP(struct verdicts *, verdicts_free)
/*
 * What a host's facts add to an error text: whose call it was here, and who was
 * meant. One sentence each in the arena; NULL: this host's facts do not tell.
 */
struct error_here { const char *whose, *meant, *remedy; };
int error_here(const struct verdicts *v, const struct error_text *e, struct arena *a,
               struct error_here *ret);                /* -ENOMEM */
/* 0 ok, 1 warning, 2 critical, 3 unknown (nothing could be judged): the exit status of check. */
int verdicts_exit_status(const struct verdicts *v);
