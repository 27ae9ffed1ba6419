/*
 * iam_internal -- shared by the files of this room: prepared policies and the
 * state of one evaluation. The files, lowest first; each uses only those before it:
 *
 *   pattern, fold, number, rulings -> evaluation -> context, resource -> compare
 *   -> condition, principal -> statement -> layers -> evaluate; automaton -> contain
 *   pattern, compare -> document -> case
 */
#pragma once
#include "rolewatch/iam.h"

/* Three-valued logic (Kleene): no, not known, yes. AND is the smaller value, OR the larger. */
enum iam_tri { IAM_NO, IAM_MAYBE, IAM_YES };
static inline enum iam_tri tri(bool b) { return b ? IAM_YES : IAM_NO; }
static inline enum iam_tri tri_and(enum iam_tri a, enum iam_tri b) { return a < b ? a : b; }
static inline enum iam_tri tri_or(enum iam_tri a, enum iam_tri b) { return a > b ? a : b; }
static inline enum iam_tri tri_not(enum iam_tri a) { return (enum iam_tri)(IAM_YES - a); }

static inline struct span span_of(const char *s) { return (struct span){ s, strlen(s) }; }
static inline bool span_equal(struct span a, struct span b)
{
        return a.len == b.len && memcmp(a.s, b.s, a.len) == 0;
}
static inline bool span_begins(struct span w, const char *s)
{
        return w.len >= strlen(s) && memcmp(w.s, s, strlen(s)) == 0;
}
static inline bool span_is(struct span w, const char *s) { return span_equal(w, span_of(s)); }

/* ---- steps: the bound on the work of an evaluation ---- */

/* Takes n steps; one is about a nanosecond. False: fewer than n were left, and *steps is now 0. */
static inline bool steps_take(uint64_t *steps, uint64_t n)
{
        bool left = *steps >= n;

        *steps = left ? *steps - n : 0;
        return left;
}

/* ---- patterns ---- */

#define PATTERN_MAX 4096               /* bytes of a pattern with its variables filled in */

/* What a byte of a pattern means. Signs are kept beside the text, because a document may contain any byte. */
enum sign { SIGN_NONE, SIGN_RUN /* "*": any characters, or none */, SIGN_ONE /* "?": one character */, SIGN_VARIABLE };
struct glob {
        const char *s;
        const unsigned char *signs;    /* enum sign, one per byte; NULL: the text has no sign */
        size_t len;
};
/* The form of a pattern for actions. */
enum form {
        FORM_PLAIN,                    /* with wildcards after the service */
        FORM_LITERAL,
        FORM_ALL,                      /* "*" */
        FORM_NEVER,                    /* IAM stores it, and it matches nothing: blanks, commas, no name */
        FORM_UNSTORABLE,               /* IAM does not store it: no service, or wildcards in the service */
};
struct variable { const char *key, *fallback; };   /* fallback NULL: none */
struct pattern {
        uint64_t tail;                 /* the last 8 bytes of the literal start; 0: it is shorter */
        size_t literal;                /* length in bytes of the literal start of an ARN's last part */
        const char *text;              /* as in the document */
        struct glob glob;
        const struct variable *variables;
        size_t n_variables;
        enum form form;                /* for actions */
        bool inexact;                  /* a JSON number beyond 2^53: some digits are lost */
        struct glob parts[ARN_PARTS];  /* the parts of an ARN; a short ARN has fewer than 6 */
        size_t n_parts;
};
/* How a pattern is read. pattern_make copies the text into the arena: 0, or -ENOMEM. */
enum { WITH_WILDCARDS = 1, WITH_VARIABLES = 2, IN_LOWER_CASE = 4 };
int pattern_make(struct arena *a, const char *text, unsigned how, struct pattern *ret);

enum letter_case { AS_WRITTEN, EITHER_CASE /* of ASCII letters */ };
/* Does the whole text match? '?' is one UTF-8 character, or one byte that is not part of one. MAYBE: no steps left. */
enum iam_tri glob_match(const struct glob *p, struct span text, enum letter_case letters, uint64_t *steps);
bool glob_is_wild(const struct glob *p);
bool glob_is_all(const struct glob *p);                        /* "*", "**" */
size_t glob_split(const struct glob *p, struct glob parts[ARN_PARTS]);
bool is_account(struct span w);                               /* twelve digits */

/* Equal without case? MAYBE: they differ in characters whose case mapping is ambiguous (IAM_RULING_LETTER_CASE). */
enum iam_tri letter_case_equal(struct span a, struct span b);

/* ---- values ---- */

enum relation { R_EQUAL, R_LESS, R_LESS_EQUAL, R_GREATER, R_GREATER_EQUAL };
/* Compares decimals of any length exactly. MAYBE: one of them is not a decimal; *ret_left: it is `a`. */
enum iam_tri decimals_relate(enum relation r, struct span a, struct span b, bool *ret_left);
/* The shortest text that reads back as the same number, in the arena; NULL: no memory. Exact: below 2^53. */
const char *number_text(struct arena *a, double n);
bool number_is_exact(double n);
/* The same for dates: ISO 8601 with or without time, seconds and fractions; or seconds or milliseconds since 1970. */
enum iam_tri dates_relate(enum relation r, struct span a, struct span b, bool *ret_left);

/* ---- one evaluation ---- */

enum caller_kind {
        CALLER_SERVICE, CALLER_SESSION, CALLER_ROLE, CALLER_USER, CALLER_ROOT,
        CALLER_FEDERATED,              /* an identity provider: not a principal of the account */
        CALLER_OTHER,                  /* a principal of an account, of an unknown kind */
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
/* Keys that every request has: room for their values. */
#define OWN_KEYS_MAX 12
#define OWN_TEXT_MAX 256
enum own_text { OWN_ARN, OWN_ACCOUNT, OWN_REGION, OWN_OWNER, OWN_NAME, OWN_TEXTS };

struct eval_storage;
struct eval {
        const struct iam_request *rq;
        uint64_t *steps;
        struct reasons *reasons;
        bool in_deny;                  /* reasons noted now belong to a Deny statement */
        enum caller_kind caller;
        struct span caller_arn[ARN_PARTS];    /* empty for services */
        struct span account;          /* of the caller; empty: it has none */
        struct span action;           /* lower case */
        struct span service;          /* of the action */
        struct span arn[ARN_PARTS];
        size_t n_arn;                  /* 6; 0: the resource is not an ARN */
        enum other_name other_name;    /* a name under which AWS authorizes the resource, beside its ARN */
        bool by_text;                  /* an ARN without another name: its bytes tell most patterns apart */
        struct eval_storage *storage;
};
/* Memory of an evaluation, on the caller's stack; need not be initialized. */
struct eval_storage {
        struct reasons reasons;
        uint64_t steps;
        char action[ACTION_MAX];
        const char *own[OWN_KEYS_MAX];
        char own_text[OWN_TEXTS][OWN_TEXT_MAX];
};
/* Starts the evaluation of a request, which must outlive it. False: the action is not valid. */
bool eval_begin(struct eval *e, const struct iam_request *rq, struct eval_storage *storage);
/* Each notes why something is not known (texts are borrowed) and returns MAYBE. */
enum iam_tri maybe(struct eval *e, enum iam_reason reason, const char *subject);
enum iam_tri maybe_value(struct eval *e, const char *key, const char *value, enum iam_side of);
enum iam_tri maybe_ruling(struct eval *e, enum iam_ruling ruling);
/* No steps are left. */
enum iam_tri maybe_size(struct eval *e);
/* Removes reasons from index `from` on: all, those of Deny statements, or the others. */
enum reasons_of { OF_ALL, OF_DENY, OF_ALLOW };
void reasons_drop(struct eval *e, size_t from, enum reasons_of of);
/* Copies the reasons into the decision, up to IAM_WHY_MAX. */
void reasons_copy(const struct eval *e, struct iam_decision *d);

/* The entry of a key in the request, by its name or by a prefix; NULL: none. Takes no steps. Names in any case. */
const struct iam_key *context_listed(const struct iam_request *rq, const char *name);
/* The key: as the request lists it, as every request has it, or as `closed` says. Without steps: IAM_KEY_UNKNOWN. */
struct iam_key context_get(struct eval *e, const char *name);
/* Does AWS document the key as multivalued? */
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
/* Does one of its variables name a key with several values? */
bool pattern_has_list(struct eval *e, const struct pattern *p);

enum operator_type {
        F_STRING, F_STRING_IGNORE_CASE, F_LIKE, F_NUMBER, F_DATE, F_BOOL, F_BINARY, F_IP, F_ARN, F_NULL, F_UNKNOWN,
};
enum quantifier { Q_NONE, Q_ALL, Q_ANY };
struct condition {
        const char *name, *key;        /* operator as written; key in lower case */
        enum operator_type operator_type;
        enum relation relation;
        enum quantifier quantifier;
        bool negated, if_exists;
        bool multivalued;              /* key_is_multivalued(key) */
        const struct pattern *values;
        size_t n_values;
};
/* Reads "ForAllValues:StringNotEqualsIfExists" into all members but key and values. Unknown names: F_UNKNOWN. */
void operator_parse(const char *name, struct condition *ret);
unsigned operator_patterns(const struct condition *c);         /* WITH_... for its values */
/* One value of a request against one of a policy. */
struct comparison {
        const struct condition *c;
        struct span value;            /* of the request */
        struct glob want;              /* of the policy, filled in */
        uint64_t *steps;
        enum iam_side bad;             /* after MAYBE: the side whose value is not valid for the operator */
};
enum iam_tri value_compare(struct comparison *x);
enum iam_tri condition_match(struct eval *e, const struct condition *c);

enum principal_kind { PRINCIPAL_AWS, PRINCIPAL_SERVICE, PRINCIPAL_FEDERATED, PRINCIPAL_CANONICAL };
struct principal { enum principal_kind kind; const char *name; };

struct statement {
        uint64_t tail;                 /* struct pattern's, of its only resource; 0: there are none or several */
        size_t literal;
        bool allow, not_action, not_resource, not_principal, any_resource;
        const struct pattern *actions, *resources;
        size_t n_actions, n_resources;
        const struct principal *principals;    /* NULL: the statement has no Principal */
        size_t n_principals;
        const struct condition *conditions;
        size_t n_conditions;
        const char *sid;               /* escaped; NULL: none */
        size_t index;                  /* from 1 */
};
struct iam_policy {
        const char *name, *error;      /* fault NULL: valid */
        const char *reason_subject;    /* "NAME: FAULT" */
        enum iam_layer layer;
        const struct statement *statements;
        size_t n_statements;
};
/* Is a filled pattern a full ARN without a form on which sources conflict (IAM_WHY_PATTERN, IAM_WHY_VARIABLE)? */
bool arn_is_plain(const struct eval *e, const struct pattern *text, const struct glob *filled,
                  const struct statement *of);
/* Do action, resource and conditions match? The principal is principal_match's. */
enum iam_tri statement_match(struct eval *e, const struct iam_policy *p, const struct statement *s);

/* Does a statement of a resource policy name the caller's account, its role, or the caller itself (or everyone)? */
struct named { enum iam_tri account, role, direct; };
struct named principal_match(struct eval *e, const struct iam_policy *p, const struct statement *s);
enum iam_tri named_any(const struct named *n);

/* ---- services and resources (service authorization reference) ---- */

/* Must the resource's own policy allow the call as well: a KMS key policy, or the trust policy of a role? */
bool resource_must_agree(const struct eval *e);
/* Can the resource have no policy of its own? */
bool resource_has_no_policy(const struct eval *e);
/* Does the last part of the ARN begin with a resource type, up to '/' or ':'? */
bool resource_is_typed(const struct eval *e);
/* Does the resource belong to another account than the caller? */
enum iam_tri resource_is_cross_account(struct eval *e);
/* Can other accounts get access without a policy: by a share, or by a permission of the resource? */
bool resource_is_shared_otherwise(const struct eval *e);
/* Is the call a change to something that only AWS can change (IAM_RULING_FIXED)? */
bool resource_is_fixed(const struct eval *e);
bool caller_is_linked_role(const struct eval *e);               /* a service-linked role */
bool rcp_reaches(const struct eval *e);                         /* do RCPs apply to the call? (IAM_RULING_RCP_SERVICES) */

/* ---- layers ---- */

struct layer { enum iam_tri allow, deny; };
/* Of a resource policy: Allow, by the form in which it names the caller (struct named). */
struct grants { enum iam_tri account, role, direct, deny; };
static inline enum iam_tri grants_any(const struct grants *g)
{
        return tri_or(g->direct, tri_or(g->role, g->account));
}
/* What the policies of all layers say of a request, and which of them AWS requires. */
struct facts {
        struct layer identity, boundary, session, scp, rcp, endpoint;
        struct grants resource;
        bool must_agree;               /* resource_must_agree */
        bool fixed;                    /* resource_is_fixed */
        bool no_policy;                /* resource_has_no_policy: one that is not visible does not exist */
        enum iam_tri cross_account;          /* resource_is_cross_account */
};
/* Evaluates all layers; notes the statements that match in d->by. */
void facts_find(struct eval *e, const struct iam_policies *p, struct iam_decision *d, struct facts *ret);
