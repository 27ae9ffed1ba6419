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
#include "rolewatch/findings.h"

struct group;

/*
 * The endpoint whose contact confirms that the group acts as it is said to. That
 * IMDS was met proves nothing else: regions and instance ids come from there, too.
 */
enum confirms { CONFIRMS_NOTHING, CONFIRMS_CONTAINER, CONFIRMS_IMDS };
enum confirms group_confirms(const struct group *g);

/*
 * What is known of a group's use of AWS, from the least to the most: id, name, meaning. It decides which findings
 * may be raised: none of NOTHING; at most a notice, and possible, of DECLARED; predicted ones of CARRIES, where the
 * environment is known; at full severity of OBSERVED.
 */
#define EVIDENCE_CLASSES(X) \
        X(NOTHING,  "nothing",  "no AWS SDK is recognized in it, it contacted no credentials endpoint, and no call is declared for it") \
        X(DECLARED, "declared", "calls are declared for its container; no AWS SDK is recognized in it") \
        X(CARRIES,  "carries",  "an AWS SDK is recognized in it") \
        X(OBSERVED, "observed", "it contacted a credentials endpoint, or a denied call names it")
enum evidence_class {
#define X(id, name, meaning) EVIDENCE_##id,
        EVIDENCE_CLASSES(X)
#undef X
        EVIDENCE_CLASS_MAX
};
const char *evidence_class_to_string(enum evidence_class e);
const char *evidence_class_meaning(enum evidence_class e);

/* Verdict of a group: id, word for the table, severity that it is shown with. */
#define VERDICTS(X) \
        X(OK, "ok", OK) X(WRONG, "wrong-role", WARNING) X(NONE, "no-credentials", WARNING) X(UNKNOWN, "unknown", NOTICE) \
        X(UNJUDGED, "-", OK)
enum verdict {
#define X(id, word, severity) VERDICT_##id,
        VERDICTS(X)
#undef X
        VERDICT_MAX
};
const char *verdict_word(enum verdict v);
enum severity verdict_severity(enum verdict v);

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
        enum evidence_class evidence;
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
/* Judges at snapshot->host.taken_s. -ENOMEM. */
int judge(const struct snapshot *s, struct verdicts **ret);
void verdicts_free(struct verdicts *v);                /* NULL ok */
DEFINE_CLEANUP(struct verdicts *, verdicts_free)
/* Is a need declared for this container? */
bool need_applies(const struct snapshot *s, const struct need *n, int container);
/*
 * Lint warnings of a need, one sentence each in the arena: what can never be granted, or
 * is not looked at. The number of texts, at most NEED_LINTS_MAX.
 */
#define NEED_LINTS_MAX 16
size_t need_lint(const struct snapshot *s, const struct need *n, struct arena *a,
                 const char *ret[NEED_LINTS_MAX]);
/* The same of a role's policies: what cannot be read, and conditions that never hold on a role's own calls. */
size_t role_lint(const struct role *role, struct arena *a, const char *ret[NEED_LINTS_MAX]);
/*
 * What a host's facts add to an error text: whose call it was here, and who was
 * meant. One sentence each in the arena; NULL: this host's facts do not tell.
 */
struct error_here { const char *whose, *meant, *remedy; };
int error_here(const struct verdicts *v, const struct error_text *e, struct arena *a,
               struct error_here *ret);                /* -ENOMEM */
/* 0 ok, 1 warning, 2 critical, 3 unknown (nothing could be judged): the exit status of check. */
int verdicts_exit_status(const struct verdicts *v);
