/*
 * iam -- IAM policy evaluation: would this call be allowed? Pure; three-valued.
 *
 * A policy is prepared once into an arena and evaluated any number of times
 * without allocation. A policy that is not visible or not valid, and a rule on
 * which sources conflict, make the answer unknown; they never count as "no
 * policy". Rules: IAM user guide, "Policy evaluation logic" and "Grammar of the
 * IAM JSON policy language".
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
const char *iam_layer_to_string(enum iam_layer l);             /* static; "?" for a value out of range */

/* A prepared policy. Lives as long as its arena; borrows nothing from the document. */
struct iam_policy;
/*
 * Prepares a document (borrowed until return) as a policy of a layer; `name` is copied. 0, also for a document
 * that is not valid: its policy evaluates to unknown, for IAM_WHY_DOCUMENT. doc NULL: the policy exists and is
 * not visible. -ENOMEM: *ret is untouched.
 */
int iam_policy_make(struct arena *a, const cJSON *doc, enum iam_layer layer, const char *name,
                    const struct iam_policy **ret);
/* The same from `len` bytes of text; 0 bytes: the policy exists and is not visible. */
int iam_policy_parse(struct arena *a, const char *text, size_t len, enum iam_layer layer,
                     const char *name, const struct iam_policy **ret);
/* What is not valid, such as "statement 2: Effect must be Allow or Deny"; escaped; NULL: the policy is valid. */
const char *iam_policy_error(const struct iam_policy *p);

/* The policies of one layer (borrowed). absent: there are none. unseen: whether there are any is not known either. */
struct iam_list { const struct iam_policy *const *list; size_t n; bool absent, not_visible; };
#define IAM_LEVELS_MAX 8
struct iam_policies {
        struct iam_list of[IAM_LAYER_MAX];     /* of SCPs and RCPs: only `unseen` counts */
        /* One list per level of the organization, root first; 0 levels: none apply. */
        struct iam_list scp[IAM_LEVELS_MAX], rcp[IAM_LEVELS_MAX];
        size_t n_scp, n_rcp;
};

/*
 * A condition context key. A name that ends in "*" ("aws:PrincipalTag/" and a star) stands for every key with
 * that prefix that is not listed itself. Names are compared without case.
 */
enum iam_presence {
        IAM_KEY_KNOWN,                 /* present, with `n` values */
        IAM_KEY_ABSENT,
        IAM_KEY_HIDDEN,                /* present, value not known */
        IAM_KEY_UNKNOWN,               /* not known whether present */
};
struct iam_key {
        const char *name;
        enum iam_presence presence;
        const char *const *values;     /* borrowed */
        size_t n;
        bool multi;                    /* the request has a list, also one of a single value */
};
/* All texts are borrowed until the decision is no longer used. */
struct iam_request {
        const char *principal;         /* ARN of a session, role, user or identity provider; or a service principal */
        const char *role_arn;          /* of a session, with its path; NULL: derived from the session's ARN, without a path */
        const char *action;            /* "sns:Publish" */
        const char *resource;          /* an ARN, or "*" for actions without resource types */
        const char *resource_account;  /* 12 digits, or "aws"; NULL: the one in the ARN, else not known */
        const struct iam_key *context;
        size_t n_context;
        bool closed;                   /* keys that are not listed are absent; else it is not known whether they are present */
        uint64_t *steps;               /* remaining steps, reduced by the decision; NULL: IAM_STEPS for this decision alone */
};
/*
 * The bound on the work of decisions; one step is about a nanosecond. A caller with many requests for one
 * question passes one counter to all of them. At 0 the answer is unknown, for IAM_WHY_SIZE.
 */
#define IAM_STEPS 8000000              /* 8 ms */

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
const char *iam_answer_to_string(enum iam_answer a);

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
const char *iam_reason_to_string(enum iam_reason r);
const char *iam_reason_meaning(enum iam_reason r);

/*
 * Rulings: where AWS's documentation conflicts with itself or with measurements, the answer is unknown, or
 * follows one source. A row has both sources and the answer; the subject of an IAM_WHY_RULE is a row's name.
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

/* A statement that matched: `statement` counts from 1; sid NULL: it has none. Borrows from the policy. */
struct iam_by { enum iam_layer layer; const char *policy, *sid; size_t statement; bool allow; };
enum iam_side { IAM_OF_POLICY, IAM_OF_REQUEST };
/* Why an answer is unknown. Texts are borrowed from policies and request, and untrusted: escape them to show them. */
struct iam_why {
        enum iam_reason reason;
        const char *subject;           /* the key, pattern, operator, layer or ruling */
        const char *key;               /* IAM_WHY_VALUE: the condition key of the value; else NULL */
        enum iam_side of;              /* IAM_WHY_VALUE: where the value is */
};
#define IAM_BY_MAX 8
#define IAM_WHY_MAX 8
struct iam_decision {
        enum iam_answer answer;        /* layers that are not visible count as unknown */
        /*
         * The answer if every SCP, RCP, endpoint and session policy that is not visible allows, and a resource
         * policy that is not visible allows what needs both sides (another account, a KMS key, a role's trust).
         */
        enum iam_answer visible;
        enum iam_answer delegated;     /* ... and if it leaves every call to the identity policies of its account */
        enum iam_layer missing;        /* IAM_IMPLICIT: the layer without an Allow */
        struct iam_by by[IAM_BY_MAX];  /* the first statements that decide: denying ones, else allowing ones */
        size_t n_by;
        struct iam_why why[IAM_WHY_MAX];       /* IAM_UNKNOWN: the decisive reasons first */
        size_t n_why;
};
/* Does the action begin with the prefix of a service and a colon? In any case. Source: service authorization reference. */
bool iam_service_known(const char *action);
/* Decides one request. *ret borrows from policies and request. Takes no memory and cannot fail. */
void iam_evaluate(const struct iam_policies *p, const struct iam_request *rq, struct iam_decision *ret);

/*
 * Decides for every resource that a pattern with wildcards ("*", "?") matches: allowed only if all of them are,
 * denied if any of them is. Considers identity policies and boundary only; the resource policy counts as not
 * visible. Allocates while it runs; without memory the answer is unknown, for IAM_WHY_SIZE.
 */
void iam_resource_containment(const struct iam_policies *p, const struct iam_request *rq, struct iam_decision *ret);

/*
 * Reads a line of `rolewatch policy eval`, {"principal","roleArn","action","resource",
 * "resourceAccount","context":{},"identityPolicies":[],"permissionBoundaries":[],
 * "sessionPolicies":[],"serviceControlPolicies":[[]],"resourceControlPolicies":[[]],
 * "endpointPolicies":[],"resourcePolicy":{}}. A key that is absent or null: there is no
 * such policy; "unknown": it is not visible. Results borrow from `line` and live in `a`.
 * -EBADMSG: *ret_error has "KEY: what is not valid"; -ENOMEM. Else 0.
 */
int iam_request_from_json(const cJSON *line, struct arena *a, struct iam_policies *ret_policies,
                          struct iam_request *ret_request, const char **ret_error);
