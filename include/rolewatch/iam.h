/*
 * iam -- IAM policy evaluation: would this call be allowed? Pure; three-valued.
 *
 * A policy is prepared once into an arena and evaluated any number of times
 * without allocation. What could not be seen or is in a form on which sources
 * conflict makes the answer unknown, never "no policy". Rules: IAM user guide,
 * "Policy evaluation logic" and "Policy grammar".
 */
#pragma once
#include "rolewatch/base.h"

#define IAM_LAYERS(X) \
        X(IDENTITY, "identity",  "identity policies of the role") \
        X(BOUNDARY, "boundary",  "permissions boundary") \
        X(SESSION,  "session",   "session policies") \
        X(SCP,      "scp",       "service control policies") \
        X(RCP,      "rcp",       "resource control policies") \
        X(ENDPOINT, "endpoint",  "VPC endpoint policy") \
        X(RESOURCE, "resource",  "resource policy")
enum iam_layer {
#define X(id, word, meaning) IAM_##id,
        IAM_LAYERS(X)
#undef X
        IAM_LAYER_MAX
};
const char *iam_layer_word(enum iam_layer l);

/* A prepared policy. */
struct iam_policy;
/*
 * Prepares a document (borrowed until return) of a layer. A malformed one
 * yields a policy that evaluates to unknown, with its fault: place and reason.
 * NULL doc: known to exist, not seen. -ENOMEM.
 */
int iam_policy_make(struct arena *a, const cJSON *doc, enum iam_layer layer, const char *name,
                    const struct iam_policy **ret);
/* The same from text. */
int iam_policy_parse(struct arena *a, const char *text, size_t len, enum iam_layer layer,
                     const char *name, const struct iam_policy **ret);
const char *iam_policy_fault(const struct iam_policy *p);      /* NULL: sound */

/* The policies of one layer. unseen: whether there are any, and what they say, is not known. */
struct iam_list { const struct iam_policy *const *list; size_t n; bool absent, unseen; };
#define IAM_LEVELS_MAX 8
struct iam_policies {
        struct iam_list of[IAM_LAYER_MAX];     /* SCP and RCP: see below */
        /* One list a level, root first; none: absent. of[IAM_SCP].unseen: not known. */
        struct iam_list scp[IAM_LEVELS_MAX], rcp[IAM_LEVELS_MAX];
        size_t n_scp, n_rcp;
};

/*
 * A context key; "aws:PrincipalTag/" and a "*" stands for all of the prefix
 * that are not listed themselves. Not listed: absent when the request is closed, else not known
 * whether present.
 */
enum iam_presence { IAM_KEY_KNOWN, IAM_KEY_ABSENT, IAM_KEY_HIDDEN /* present, value not known */, IAM_KEY_UNKNOWN };
struct iam_key {
        const char *name;
        enum iam_presence presence;
        const char *const *values;
        size_t n;
        bool multi;                    /* a multi-valued key, also with one value */
};
struct iam_request {
        const char *principal;         /* ARN of session, role or user; or a service's name */
        const char *role_arn;          /* of a session, with its path; NULL: by the session's ARN */
        const char *action;            /* "sns:Publish" */
        const char *resource;          /* an ARN, or "*" for actions without resource types */
        const char *resource_account;  /* NULL: by the ARN, or not known */
        const struct iam_key *context;
        size_t n_context;
        bool closed;
        uint64_t *steps;               /* what the decision may take of; NULL: IAM_STEPS for itself */
};
/*
 * What bounds the work of decisions: one step is about a nanosecond. Who decides many things for one
 * that asks gives them all the same number; where none are left the answer is unknown, for IAM_WHY_SIZE.
 */
#define IAM_STEPS 8000000

#define IAM_DECISIONS(X) \
        X(ALLOWED,  "allowed") \
        X(IMPLICIT, "implicitly-denied") \
        X(EXPLICIT, "explicitly-denied") \
        X(UNKNOWN,  "unknown")
enum iam_answer {
#define X(id, word) IAM_##id,
        IAM_DECISIONS(X)
#undef X
        IAM_ANSWER_MAX
};
const char *iam_answer_word(enum iam_answer a);

#define IAM_REASONS(X) \
        X(LAYER,     "layer",     "policies that are not visible") \
        X(DOCUMENT,  "document",  "invalid policy document") \
        X(KEY,       "key",       "unknown value of a condition context key") \
        X(VARIABLE,  "variable",  "policy variable with an uncertain effect") \
        X(OPERATOR,  "operator",  "unknown condition operator") \
        X(VALUE,     "value",     "value that is not valid for its condition operator") \
        X(ACTION,    "action",    "action pattern that IAM does not accept") \
        X(PATTERN,   "resource",  "resource pattern with an uncertain meaning") \
        X(PRINCIPAL, "principal", "principal that cannot be compared with the caller") \
        X(ACCOUNT,   "account",   "unknown account of the resource") \
        X(RULE,      "rule",      "rule on which AWS sources conflict (see rolewatch policy eval --rulings)") \
        X(SIZE,      "size",      "policies or patterns too large to evaluate")
enum iam_reason {
#define X(id, word, meaning) IAM_WHY_##id,
        IAM_REASONS(X)
#undef X
        IAM_REASON_MAX
};
const char *iam_reason_word(enum iam_reason r);
const char *iam_reason_meaning(enum iam_reason r);

/*
 * Where AWS's documentation conflicts with itself or with what was measured: the answer is unknown,
 * or one source is followed. A row says what either of the sources does, and the answer.
 */
enum iam_ruling {
        IAM_RULING_ALL_OF_S3,
        IAM_RULING_ANY_IF_EXISTS,
        IAM_RULING_NOT_PRINCIPAL,
        IAM_RULING_RCP_SERVICES,
        IAM_RULING_SHARED,
        IAM_RULING_FIXED,
        IAM_RULING_WHOLE_NEED,
        IAM_RULING_SESSION_NAMED,
        IAM_RULING_NO_VALUE,
        IAM_RULING_EMPTY_SET,
        IAM_RULING_EMPTY_VALUE,
        IAM_RULING_EMPTY_LIST,
        IAM_RULING_LOG_GROUP,
        IAM_RULING_KEY_ALIAS,
        IAM_RULING_ALWAYS_THERE,
        IAM_RULING_LIST_OF_ONE,
        IAM_RULING_RESOURCE_TYPE,
        IAM_RULING_SERVICE_PART,
        IAM_RULING_VERSION_2008,
        IAM_RULING_EPOCH,
        IAM_RULING_BAD_VALUE,
        IAM_RULING_LETTER_CASE,
        IAM_RULING_MAX
};
struct iam_ruling_row { const char *name, *question, *one, *other, *answer; };
const struct iam_ruling_row *iam_ruling_get(enum iam_ruling r);

struct iam_by { enum iam_layer layer; const char *policy, *sid; size_t statement; bool allow; };
enum iam_side { IAM_OF_POLICY, IAM_OF_REQUEST };
struct iam_why {
        enum iam_reason reason;
        const char *subject;
        const char *key;               /* of a value: of which key it is; else NULL */
        enum iam_side of;              /* ... and whose */
};
#define IAM_BY_MAX 8
#define IAM_WHY_MAX 8
struct iam_decision {
        enum iam_answer answer;        /* with all that is not seen as unknown */
        /*
         * With guards that are not seen taken as open, and where AWS wants both sides (another account,
         * a KMS key, a role's trust), a resource policy that is not seen as the other side.
         */
        enum iam_answer visible;
        enum iam_answer delegated;     /* ... and anywhere as one that leaves it to the identity policies */
        enum iam_layer missing;        /* of an implicit denial: the layer without an Allow */
        struct iam_by by[IAM_BY_MAX];  /* deciding statements: denying ones, else allowing ones */
        size_t n_by;
        struct iam_why why[IAM_WHY_MAX];       /* of an unknown; what decides comes first */
        size_t n_why;
};
/* Is what stands before the colon of an action the prefix of a service? */
bool iam_service_known(const char *action);
/* Borrows from policies and request. */
void iam_evaluate(const struct iam_policies *p, const struct iam_request *rq, struct iam_decision *ret);

/*
 * The same for a resource with wildcards ("*", "?"), which stands for every
 * one of it: allowed only if all are, denied if any is. Looks at identity
 * policies and boundary only, and takes a resource policy as not seen.
 * Takes memory for as long as it runs.
 */
void iam_contain(const struct iam_policies *p, const struct iam_request *rq, struct iam_decision *ret);

/*
 * A line of `rolewatch policy eval`, {"principal","roleArn","action","resource",
 * "resourceAccount","context":{},"identityPolicies":[],"permissionBoundaries":[],
 * "sessionPolicies":[],"serviceControlPolicies":[[]],"resourceControlPolicies":[[]],
 * "endpointPolicies":[],"resourcePolicy":{}}: absent is known not to exist,
 * "unknown" not seen. Borrows from `line`. -EBADMSG: *ret_fault says what; -ENOMEM.
 */
int iam_case(const cJSON *line, struct arena *a, struct iam_policies *ret_policies,
             struct iam_request *ret_request, const char **ret_fault);
