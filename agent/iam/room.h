/* room -- what the files of this room share: prepared documents, and one evaluation. */
#pragma once
#include "rolewatch/iam.h"

#define PATTERN_MAX 4096               /* bytes of a pattern with its variables filled in */
#define ARN_PARTS 6

/*
 * A pattern with its signs made plain: no byte of a document is below 0x20, so
 * these cannot be meant. `${*}` and the like are already the plain character.
 */
enum { ANY_RUN = 1, ANY_ONE = 2, VARIABLE = 3 };
struct words { const char *s; size_t len; };       /* a piece of text */
/* Of a pattern for actions: what its text allows for. */
enum form { FORM_PLAIN, FORM_LITERAL, FORM_ALL, FORM_NEVER, FORM_ODD };
struct variable { const char *key, *fallback; };   /* fallback NULL: none */
struct pattern {
        const char *text;              /* as it was written */
        const char *s;
        size_t len;
        const struct variable *variables;
        size_t n_variables;
        enum form form;                /* of an action */
        struct words parts[ARN_PARTS]; /* of an ARN; n_parts fewer than six: a short one */
        size_t n_parts;
        size_t literal;                /* bytes of the last part before any sign */
        uint64_t tail;                 /* the last eight of them, where there are as many; 0 none */
};
/* How a pattern is made: which signs count. */
enum { WITH_WILDCARDS = 1, WITH_VARIABLES = 2, IN_LOWER_CASE = 4 };
int pattern_make(struct arena *a, const char *text, unsigned how, struct pattern *ret);

bool glob_match(const char *p, size_t plen, const char *s, size_t len, bool fold);

/* What makes an evaluation, and the reasons for not knowing that it meets. */
struct eval {
        const struct iam_request *rq;
        struct words action;           /* lower case */
        struct words service;          /* of the action */
        struct words arn[ARN_PARTS];
        size_t n_arn;                  /* 6, or 0: the resource is no ARN */
        struct words account;          /* of the principal */
        bool service_principal;
        struct iam_decision *d;
};
#define ACTION_MAX 256
/* Fills the rest of an evaluation from its request; false: the action is none. */
bool eval_begin(struct eval *e, char action[ACTION_MAX]);
enum iam_tri maybe(struct eval *e, enum iam_reason reason, const char *subject);
static inline enum iam_tri tri(bool b) { return b ? IAM_YES : IAM_NO; }
static inline enum iam_tri tri_and(enum iam_tri a, enum iam_tri b) { return a < b ? a : b; }
static inline enum iam_tri tri_or(enum iam_tri a, enum iam_tri b) { return a > b ? a : b; }
static inline enum iam_tri tri_not(enum iam_tri a) { return (enum iam_tri)(IAM_YES - a); }

/*
 * Fills the variables of a pattern into buf. YES; NO: it can match nothing
 * (a variable is absent or multi-valued); MAYBE: not known.
 */
enum iam_tri pattern_fill(struct eval *e, const struct pattern *p, char buf[PATTERN_MAX],
                          struct words *ret);
/* Splits at the first five colons. The number of parts, up to six. */
size_t arn_split(const char *s, size_t len, struct words parts[ARN_PARTS]);
/* The key of the request; one that is not listed as `closed` has it. */
struct iam_key context_get(const struct iam_request *rq, const char *name);

enum family {
        F_STRING, F_STRING_FOLD, F_LIKE, F_NUMBER, F_DATE, F_BOOL, F_BINARY, F_IP, F_ARN, F_NULL, F_UNKNOWN,
};
enum relation { R_EQUAL, R_LESS, R_LESS_EQUAL, R_GREATER, R_GREATER_EQUAL };
enum quantifier { Q_NONE, Q_ALL, Q_ANY };
struct condition {
        const char *name, *key;        /* operator as written; key in lower case */
        enum family family;
        enum relation relation;
        enum quantifier quantifier;
        bool negated, if_exists;
        const struct pattern *values;
        size_t n_values;
};
/* "ForAllValues:StringNotEqualsIfExists" -> all but key and values. Unknown names: F_UNKNOWN. */
void operator_parse(const char *name, struct condition *ret);
unsigned operator_patterns(const struct condition *c);         /* how its values are made */
enum iam_tri condition_match(struct eval *e, const struct condition *c);
/* One value of a request against one of a policy. */
enum iam_tri value_compare(const struct condition *c, const char *value, const char *want, size_t len);

enum principal_kind { PRINCIPAL_AWS, PRINCIPAL_SERVICE, PRINCIPAL_OTHER };
struct principal { enum principal_kind kind; const char *name; };

struct statement {
        const char *sid;
        size_t index;
        bool allow, not_action, not_resource, not_principal, any_resource;
        const struct pattern *actions, *resources;
        size_t n_actions, n_resources;
        const struct principal *principals;    /* NULL: none is named */
        size_t n_principals;
        const struct condition *conditions;
        size_t n_conditions;
};
struct iam_policy {
        const char *name, *fault;
        enum iam_layer layer;
        const struct statement *statements;
        size_t n_statements;
};
/* Of a resource pattern, filled in: an ARN with all its parts, in no form on which sources conflict. */
bool arn_is_plain(struct words s, const struct statement *of);
/* Action, resource and conditions; the principal is another question. */
enum iam_tri statement_match(struct eval *e, const struct iam_policy *p, const struct statement *s);

/* Whom a statement of a resource policy names: the request's account, its role, or the very caller. */
struct named { enum iam_tri account, role, direct; };
struct named principal_match(struct eval *e, const struct iam_policy *p, const struct statement *s);
enum iam_tri named_any(const struct named *n);
