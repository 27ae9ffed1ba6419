/*
 * iam_internal -- what the files of this room share: prepared documents, and
 * one evaluation. The files, lowest first; each uses only those before it:
 *
 *   pattern, fold, number, rulings -> evaluation -> context, resource -> compare
 *   -> condition, principal -> statement -> layers -> evaluate; automaton -> contain
 *   pattern, compare -> document -> case
 */
#pragma once
#include "rolewatch/iam.h"

/* Kleene's three values: no, not known, yes. */
enum iam_tri { IAM_NO, IAM_MAYBE, IAM_YES };
static inline enum iam_tri tri(bool b) { return b ? IAM_YES : IAM_NO; }
static inline enum iam_tri tri_and(enum iam_tri a, enum iam_tri b) { return a < b ? a : b; }
static inline enum iam_tri tri_or(enum iam_tri a, enum iam_tri b) { return a > b ? a : b; }
static inline enum iam_tri tri_not(enum iam_tri a) { return (enum iam_tri)(IAM_YES - a); }

struct words { const char *s; size_t len; };       /* a piece of text */
static inline struct words words_of(const char *s) { return (struct words){ s, strlen(s) }; }
static inline bool words_equal(struct words a, struct words b)
{
        return a.len == b.len && memcmp(a.s, b.s, a.len) == 0;
}
static inline bool words_begin(struct words w, const char *s)
{
        return w.len >= strlen(s) && memcmp(w.s, s, strlen(s)) == 0;
}
static inline bool words_are(struct words w, const char *s) { return words_equal(w, words_of(s)); }

/* ---- steps: what bounds the work of an evaluation ---- */

/* One step is about a nanosecond. False: fewer were left, and none are now. */
static inline bool steps_take(uint64_t *steps, uint64_t n)
{
        bool left = *steps >= n;

        *steps = left ? *steps - n : 0;
        return left;
}

/* ---- patterns ---- */

#define PATTERN_MAX 4096               /* bytes of a pattern with its variables filled in */
#define ARN_PARTS 6

/* What a byte of a pattern means. Signs stand beside the text, never in it: a document may hold any byte. */
enum sign { SIGN_NONE, SIGN_RUN /* any characters, or none */, SIGN_ONE /* one character */, SIGN_VARIABLE };
struct glob {
        const char *s;
        const unsigned char *signs;    /* of each byte, enum sign; NULL: none is one */
        size_t len;
};
/* Of a pattern for actions: what its text allows for. */
enum form { FORM_PLAIN, FORM_LITERAL, FORM_ALL, FORM_NEVER, FORM_ODD };
struct variable { const char *key, *fallback; };   /* fallback NULL: none */
struct pattern {
        uint64_t tail;                 /* the last eight of `literal`, where there are as many; 0 none */
        size_t literal;                /* bytes of the last part of an ARN before any sign */
        const char *text;              /* as it was written */
        struct glob glob;
        const struct variable *variables;
        size_t n_variables;
        enum form form;                /* of an action */
        bool inexact;                  /* a JSON number that was read with less than its digits */
        struct glob parts[ARN_PARTS];  /* of an ARN; n_parts fewer than six: a short one */
        size_t n_parts;
};
/* How a pattern is made: which signs count. */
enum { WITH_WILDCARDS = 1, WITH_VARIABLES = 2, IN_LOWER_CASE = 4 };
int pattern_make(struct arena *a, const char *text, unsigned how, struct pattern *ret);

enum letter_case { AS_WRITTEN, EITHER_CASE /* of ASCII letters */ };
/* Does the whole text match? '?' is one character of UTF-8, or one byte that is part of none. MAYBE: out of steps. */
enum iam_tri glob_match(const struct glob *p, struct words text, enum letter_case letters, uint64_t *steps);
bool glob_is_wild(const struct glob *p);
bool glob_is_all(const struct glob *p);                        /* "*", "**" */
/* Splits at the first five colons. The number of parts, up to six. */
size_t arn_split(const char *s, size_t len, struct words parts[ARN_PARTS]);
size_t glob_split(const struct glob *p, struct glob parts[ARN_PARTS]);
bool is_account(struct words w);                               /* twelve digits */

/* Are they the same but for upper and lower case? MAYBE: characters on whose case sources conflict. */
enum iam_tri fold_equal(struct words a, struct words b);

/* ---- values ---- */

enum relation { R_EQUAL, R_LESS, R_LESS_EQUAL, R_GREATER, R_GREATER_EQUAL };
/* MAYBE: one of them is none. *ret_left: the left one is. Decimals of any length, compared exactly. */
enum iam_tri decimals_relate(enum relation r, struct words a, struct words b, bool *ret_left);
/* Numbers as JSON has them: the shortest text that reads back as the same; NULL: no room. Exact: no digit was lost. */
const char *number_text(struct arena *a, double n);
bool number_is_exact(double n);
/* As decimals_relate, of dates: ISO 8601 with or without time, seconds and fractions; or seconds or milliseconds since 1970. */
enum iam_tri dates_relate(enum relation r, struct words a, struct words b, bool *ret_left);

/* ---- one evaluation ---- */

enum caller_kind {
        CALLER_SERVICE, CALLER_SESSION, CALLER_ROLE, CALLER_USER, CALLER_ROOT,
        CALLER_FEDERATED,              /* an identity provider: nobody of the account yet */
        CALLER_OTHER,                  /* of an account, in a form that is not known */
};
enum other_name {
        NAME_NONE,
        NAME_LOG_STREAMS,              /* of a log group: "NAME:log-stream:", as in most requests of CloudWatch Logs */
        NAME_KEY,                      /* of a KMS alias: the key, which is not known */
};
#define REASONS_MAX 32
struct reasons {
        size_t n;
        struct reason_row { struct iam_why why; bool of_deny; } row[REASONS_MAX];
};
#define ACTION_MAX 256
/* Keys that every request has: a value for each, and room for those that are made of what the request says. */
#define OWN_KEYS_MAX 12
#define OWN_TEXT_MAX 256
enum own_text { OWN_ARN, OWN_ACCOUNT, OWN_REGION, OWN_OWNER, OWN_NAME, OWN_TEXTS };

struct eval_storage;
struct eval {
        const struct iam_request *rq;
        uint64_t *steps;
        struct reasons *reasons;
        bool in_deny;                  /* the reasons that come are of a Deny statement */
        enum caller_kind caller;
        struct words caller_arn[ARN_PARTS];    /* empty for services */
        struct words account;          /* of the caller; empty: none */
        struct words action;           /* lower case */
        struct words service;          /* of the action */
        struct words arn[ARN_PARTS];
        size_t n_arn;                  /* 6, or 0: the resource is no ARN */
        enum other_name other_name;    /* a name under which AWS authorizes the resource, beside its ARN */
        bool by_text;                  /* an ARN without another name: its bytes tell most patterns apart */
        struct eval_storage *room;
};
/* What an evaluation needs room for; it comes as it is, and is not cleared. */
struct eval_storage {
        struct reasons reasons;
        uint64_t steps;
        char action[ACTION_MAX];
        const char *own[OWN_KEYS_MAX];
        char own_text[OWN_TEXTS][OWN_TEXT_MAX];
};
/* Starts an evaluation of a request; false: its action is none. */
bool eval_begin(struct eval *e, const struct iam_request *rq, struct eval_storage *room);
/* Notes why something is not known; MAYBE. */
enum iam_tri maybe(struct eval *e, enum iam_reason reason, const char *subject);
enum iam_tri maybe_value(struct eval *e, const char *key, const char *value, enum iam_side of);
enum iam_tri maybe_ruling(struct eval *e, enum iam_ruling ruling);
/* MAYBE, for want of steps. */
enum iam_tri maybe_size(struct eval *e);
/* Drops the reasons since there were `from`: all of them, or those of Deny statements, or those of others. */
enum reasons_of { OF_ALL, OF_DENY, OF_ALLOW };
void reasons_drop(struct eval *e, size_t from, enum reasons_of of);
/* Into the decision: as many as it has room for. */
void reasons_copy(const struct eval *e, struct iam_decision *d);

/* The key of the request; one that is not listed as every request, or as `closed`, has it. Key in lower case or not. */
/* What the request lists of a key, itself or by a prefix; NULL: nothing. Takes no steps. */
const struct iam_key *context_listed(const struct iam_request *rq, const char *name);
struct iam_key context_get(struct eval *e, const char *name);
/* A key of which AWS says that it has several values. */
bool key_is_multivalued(const char *name);
struct filled {
        char s[PATTERN_MAX];
        unsigned char signs[PATTERN_MAX];
        bool empty;                    /* a variable has an empty value: a match is IAM_RULING_EMPTY_VALUE, no match is none */
};
/*
 * Fills the variables of a pattern into buf. YES: *ret borrows from buf and pattern; NO: it can match
 * nothing (a variable is absent, or has several values); MAYBE: not known, and the reason is noted.
 */
enum iam_tri pattern_fill(struct eval *e, const struct pattern *p, struct filled *buf, struct glob *ret);
/* Is one of its variables a key with several values? */
bool pattern_has_list(struct eval *e, const struct pattern *p);

enum family {
        F_STRING, F_STRING_FOLD, F_LIKE, F_NUMBER, F_DATE, F_BOOL, F_BINARY, F_IP, F_ARN, F_NULL, F_UNKNOWN,
};
enum quantifier { Q_NONE, Q_ALL, Q_ANY };
struct condition {
        const char *name, *key;        /* operator as written; key in lower case */
        enum family family;
        enum relation relation;
        enum quantifier quantifier;
        bool negated, if_exists;
        bool multivalued;              /* the key is: key_is_multivalued */
        const struct pattern *values;
        size_t n_values;
};
/* "ForAllValues:StringNotEqualsIfExists" -> all but key and values. Unknown names: F_UNKNOWN. */
void operator_parse(const char *name, struct condition *ret);
unsigned operator_patterns(const struct condition *c);         /* how its values are made */
/* One value of a request against one of a policy. */
struct comparison {
        const struct condition *c;
        struct words value;            /* of the request */
        struct glob want;              /* of the policy, filled in */
        uint64_t *steps;
        enum iam_side bad;             /* after MAYBE: whose value is not in the operator's form */
};
enum iam_tri value_compare(struct comparison *x);
enum iam_tri condition_match(struct eval *e, const struct condition *c);

enum principal_kind { PRINCIPAL_AWS, PRINCIPAL_SERVICE, PRINCIPAL_FEDERATED, PRINCIPAL_CANONICAL };
struct principal { enum principal_kind kind; const char *name; };

struct statement {
        uint64_t tail;                 /* of its only resource, as in its pattern; 0: there are more, or none */
        size_t literal;
        bool allow, not_action, not_resource, not_principal, any_resource;
        const struct pattern *actions, *resources;
        size_t n_actions, n_resources;
        const struct principal *principals;    /* NULL: none is named */
        size_t n_principals;
        const struct condition *conditions;
        size_t n_conditions;
        const char *sid;
        size_t index;
};
struct iam_policy {
        const char *name, *fault;
        const char *reason_subject;    /* with a fault: its name and the fault */
        enum iam_layer layer;
        const struct statement *statements;
        size_t n_statements;
};
/* Is a resource's pattern, filled in, an ARN with all its parts, in no form on which sources conflict? */
bool arn_is_plain(const struct eval *e, const struct pattern *text, const struct glob *filled,
                  const struct statement *of);
/* Action, resource and conditions; the principal is another question. */
enum iam_tri statement_match(struct eval *e, const struct iam_policy *p, const struct statement *s);

/* Whom a statement of a resource policy names: the caller's account, its role, or the very caller. */
struct named { enum iam_tri account, role, direct; };
struct named principal_match(struct eval *e, const struct iam_policy *p, const struct statement *s);
enum iam_tri named_any(const struct named *n);

/* ---- what services and resources there are (service authorization reference) ---- */

/* Is access to the resource also its own policy's to grant: a KMS key, or the trust of a role? */
bool resource_must_agree(const struct eval *e);
/* Services whose resources have no policies of their own. */
bool resource_has_no_policy(const struct eval *e);
/* Does the first part of a resource's name, up to '/' or ':', say its type? */
bool resource_is_typed(const struct eval *e);
/* Is the resource another account's? */
enum iam_tri resource_is_cross_account(struct eval *e);
/* May other accounts use it by other means than policies: a share, a permission of its own? */
bool resource_is_shared_otherwise(const struct eval *e);
/* A change to what is AWS's own, for which an Allow is not enough. */
bool resource_is_fixed(const struct eval *e);
bool caller_is_linked_role(const struct eval *e);               /* a service-linked role */
bool rcp_reaches(const struct eval *e);

/* ---- layers ---- */

struct layer { enum iam_tri allow, deny; };
/* Of a resource policy: the Allow by whom it names. */
struct grants { enum iam_tri account, role, direct, deny; };
static inline enum iam_tri grants_any(const struct grants *g)
{
        return tri_or(g->direct, tri_or(g->role, g->account));
}
/* What all policies of a request say, and what AWS asks of them. */
struct facts {
        struct layer identity, boundary, session, scp, rcp, endpoint;
        struct grants resource;
        bool must_agree;               /* resource_must_agree */
        bool fixed;                    /* resource_is_fixed */
        bool no_policy;                /* a resource policy that was not seen is none: resource_has_no_policy */
        enum iam_tri cross_account;          /* resource_is_cross_account */
};
/* Notes the statements that match in d. */
void facts_find(struct eval *e, const struct iam_policies *p, struct iam_decision *d, struct facts *ret);
