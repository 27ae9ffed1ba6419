/*
 * judge -- from facts to groups, verdicts and findings. Pure.
 *
 * Processes of one container that have the same executable, credential environment,
 * files and network namespace, and that lost the container variable in the same way,
 * form one group: one verdict, one finding, a count.
 */
#pragma once
#include "rolewatch/chain.h"
#include "rolewatch/error_text.h"
#include "rolewatch/findings.h"

/* The variable with the credentials URI, for string literals. */
#define RELATIVE_URI_NAME "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"

struct group;

/*
 * The endpoint whose contact confirms the predicted credentials of a group. A contact
 * with IMDS does not confirm other predictions: programs get their region there, too.
 */
enum confirms { CONFIRMS_NOTHING, CONFIRMS_CONTAINER, CONFIRMS_IMDS };
enum confirms group_confirms(const struct group *g);

/*
 * What is known of a group's use of AWS, from the least to the most: id, name, meaning. It decides which findings
 * may be raised: none of NOTHING; at most a notice, and possible, of DECLARED; predicted ones of CARRIES, where the
 * environment is known; at full severity of OBSERVED.
 */
#define EVIDENCE_CLASSES(X) \
        X(NOTHING,  "nothing", \
          "no AWS SDK is recognized in it, or its environment is not known; it contacted neither the container endpoint nor the instance metadata service, and no call is declared for it") \
        X(DECLARED, "declared", "calls are declared for its container; no AWS SDK is recognized in it, or its environment is not known") \
        X(CARRIES,  "carries",  "an AWS SDK is recognized in it, and its environment is known") \
        X(OBSERVED, "observed", "it contacted the container endpoint or the instance metadata service, or a denied call names it")
enum evidence_class {
#define X(id, name, meaning) EVIDENCE_##id,
        EVIDENCE_CLASSES(X)
#undef X
        EVIDENCE_CLASS_MAX
};
const char *evidence_class_to_string(enum evidence_class e);
const char *evidence_class_meaning(enum evidence_class e);

/* Verdict of a group: id, word, severity that it is shown with. */
#define VERDICTS(X) \
        X(OK, "ok", OK) X(WRONG, "wrong-role", WARNING) X(NONE, "no-credentials", WARNING) X(UNKNOWN, "unknown", NOTICE) \
        X(UNJUDGED, "-", OK)
enum verdict {
#define X(id, word, severity) VERDICT_##id,
        VERDICTS(X)
#undef X
        VERDICT_MAX
};
const char *verdict_to_string(enum verdict v);
enum severity verdict_severity(enum verdict v);

/* Why a group with VERDICT_UNJUDGED is not judged: id, as "not judged: ...", and what one group or several of them do. */
#define UNJUDGED_REASONS(X) \
        X(NO_TASK_ROLE, "no task role is known", "has no task role", "have no task role") \
        X(NO_ENVIRONMENT, "its environment is not known", "has an unknown environment", "have an unknown environment") \
        X(NO_SDKS,      "it is not known which SDKs its image has", "has unknown SDKs", "have unknown SDKs") \
        X(NO_EVIDENCE,  "the program shows no use of AWS", "shows no use of AWS", "show no use of AWS") \
        X(LAUNCHER,     "the program only starts others", "only starts other programs", "only start other programs")
enum unjudged_reason {
#define X(id, reason, one, many) UNJUDGED_##id,
        UNJUDGED_REASONS(X)
#undef X
        UNJUDGED_REASON_MAX
};
struct unjudged_text { const char *reason, *one, *many; };
const struct unjudged_text *unjudged_text(enum unjudged_reason r);      /* static */

/* The name of a process wherever it is shown: comm, completed from the executable where the kernel cut it. */
const char *process_name(const struct process *p);

/* How the container variable was lost, or why another step wins. Texts are escaped, in the arena or static. */
struct cause {
        const char *mechanism;         /* "lost-cron", ...: a row of agent/judge/causes.c; NULL: no cause */
        const char *text;              /* a clause without a period */
        const char *remedy;            /* one change to make, an imperative without a period */
        pid_t last_holder;             /* the last ancestor that has the variable; 0: none */
        const char *last_holder_comm;  /* its process_name */
        pid_t first_without;           /* the first process without it; 0: none */
        const char *first_without_comm;        /* its process_name */
        /*
         * What of the container it is a fact about, such as a file, or "": one finding for all groups of the container with
         * this cause. NULL: it is one of the process only.
         */
        const char *shared;
};

/* A declared call, decided for the role in use and for the expected role, in the same context. */
struct call {
        const char *action, *resource;
        const struct need *need;       /* borrowed from the snapshot */
        enum iam_answer winner, expected;
        bool resource_policy;          /* the winner's denial could be lifted by a resource policy, which is not visible */
        const char *why;               /* why `winner` is not ALLOWED, a clause; NULL when it is */
};

/* The roles that make derived calls: id, word, finding for a missing permission, AWS managed policy with the permissions (NULL: none) */
#define REQUIRED_ROLES(X) \
        X(INSTANCE,  "instance",  INSTANCE_ROLE_DENIED,  "AmazonEC2ContainerServiceforEC2Role") \
        X(EXECUTION, "execution", EXECUTION_ROLE_DENIED, "AmazonECSTaskExecutionRolePolicy") \
        X(TASK,      "task",      RIGHT_ROLE_DENIED,     NULL)
enum required_role {
#define X(id, word, finding, managed) REQUIRED_OF_##id,
        REQUIRED_ROLES(X)
#undef X
};
const char *required_role_to_string(enum required_role r);
/* A call that nobody declares: one of the ECS agent, or one that a task definition requires; decided for its role. */
struct required_call {
        enum required_role by;
        const char *role;              /* name of that role */
        const struct definition *definition;   /* NULL: the agent's own call */
        const struct requirement *requirement; /* NULL: the agent's own call, or ECS Exec */
        struct call call;              /* expected equals winner; need is NULL */
};

struct group {
        int process;                   /* index of the representative, which has the lowest pid */
        const int *members;            /* indices of all processes, the representative first */
        size_t n_members;
        const char *sdk_name, *sdk_version;    /* NULL: not recognized */
        enum certainty sdk_certainty;
        bool sdks_unknown;             /* sdk_name is NULL because the program's files are not known */
        struct chain_result winner;    /* the most frequent result of the rows in question */
        bool agreed;                   /* all rows in question give that result */
        const struct chain_result *by_row;     /* one per row in question; one per family where its rows agree */
        size_t n_by_row;
        struct chain_result alt;       /* the result with the environment of the container's first process; alt.row NULL: not computed */
        enum evidence_class evidence;
        const char *expected_role;     /* NULL: no role is expected, or it is not known */
        const char *expected_why;      /* a clause for people; NULL: none */
        enum verdict verdict;
        const char *why_unknown;       /* of VERDICT_UNKNOWN, a clause for people; else NULL */
        const struct call *calls;      /* declared for its container; n_calls of them */
        size_t n_calls;
        const struct denial *denied;   /* an observed denial of one of its calls; NULL: none */
        struct cause cause;
};

struct finding {
        enum finding_kind kind;
        enum severity severity;
        enum certainty certainty;
        int group;                     /* index; -1: the finding is about the host */
        const struct definition *definition;   /* of a host finding about a task definition; else NULL */
        const char *winner;            /* chain_result_text, or a role name; NULL: none */
        const char *expected;          /* role name; NULL: none */
        const char *message, *remedy;  /* one sentence each without a period, escaped; NULL: see finding_meaning, finding_advice */
        const char *action, *resource; /* the denied call; NULL: not about one call */
};

struct verdicts {
        struct arena *arena;
        const struct snapshot *snapshot;       /* borrowed; must outlive this struct */
        struct group *groups;     size_t n_groups;
        struct finding *findings; size_t n_findings;
        struct required_call *required_calls; size_t n_required_calls;
        size_t n_unknown;                      /* groups that could not be judged */
        size_t n_undecided;                    /* calls, declared and derived, that could not be decided */
        const char *undecided_why;             /* why the first of them is undecided; NULL: none */
};
/* What evidence_class_meaning says of its class, as far as that applies to this group. Static. */
const char *evidence_reason(const struct verdicts *v, const struct group *g);
/* Of a group with VERDICT_UNJUDGED. */
enum unjudged_reason unjudged_reason(const struct group *g);
/* Judges a snapshot as of host.taken_s. The caller frees *ret. 0 or -ENOMEM. */
int judge(const struct snapshot *s, struct verdicts **ret);
void verdicts_free(struct verdicts *v);                /* NULL ok */
DEFINE_CLEANUP(struct verdicts *, verdicts_free)
/* Is a need declared for this container? */
bool need_applies(const struct snapshot *s, const struct need *n, int container);
/*
 * Lint warnings about a need, one sentence each in the arena: what can never be granted, or
 * what rolewatch ignores. Returns their number, at most NEED_LINTS_MAX.
 */
#define NEED_LINTS_MAX 16
size_t need_lint(const struct snapshot *s, const struct need *n, struct arena *a,
                 const char *ret[NEED_LINTS_MAX]);
/* The same for the policies of a role: documents that cannot be read, and conditions that never match its requests. */
size_t role_lint(const struct role *role, struct arena *a, const char *ret[NEED_LINTS_MAX]);
/*
 * What this host adds to an error text: whose call it was, the expected role, and the change to make. A phrase
 * each, in the arena or static; NULL: the facts of this host do not say.
 */
struct error_here { const char *caller, *meant, *remedy; };
int error_here(const struct verdicts *v, const struct error_text *e, struct arena *a,
               struct error_here *ret);                /* -ENOMEM */
/* The exit status of `check`: 0 ok, 1 warning, 2 critical, 3 nothing could be judged. */
int verdicts_exit_status(const struct verdicts *v);
