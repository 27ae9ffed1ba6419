/*
 * roles -- the roles of this host, its tasks and the requested services: whether
 * each is needed here, can be assumed, and has the required permissions. Pure. A
 * role that is not fully visible is never "ok".
 */
#pragma once
#include "rolewatch/judge.h"
#include "rolewatch/role_kinds.h"

/* id, word in JSON, severity that it is shown with (from WARNING on there is a problem), words of the page. */
#define ROLE_VERDICTS(X) \
        X(OK,         "ok",                OK,      "ok")                /* it can be assumed and has the required permissions */ \
        X(NOT_NEEDED, "not-needed",        OK,      "not needed")        /* not needed here, and not set */ \
        X(NOT_SET,    "not-set",           WARNING, "needed, but not set") \
        X(MISSING,    "missing",           WARNING, "does not exist")    /* set, but it does not exist */ \
        X(TRUST,      "wrong-trust",       WARNING, "wrong trust policy") /* which does not allow the service */ \
        X(MISSING_PERMISSION, "lacks-permissions", WARNING, "lacks permissions") /* a required permission is denied */ \
        X(BROAD,      "over-broad",        WARNING, "too broad")         /* it can change its own policies */ \
        X(NOT_VISIBLE, "unseen",           INFO,    "not fully visible")
enum role_verdict {
#define X(id, word, severity, title) ROLE_VERDICT_##id,
        ROLE_VERDICTS(X)
#undef X
};
const char *role_verdict_to_string(enum role_verdict v);
const char *role_verdict_title(enum role_verdict v);
enum severity role_verdict_severity(enum role_verdict v);

struct role_line {
        enum role_kind_id kind;
        const char *of;                /* what it is the role of: "task definition web:7", "service web"; NULL: the host or account */
        const char *role;              /* its name; NULL: not set, or not known */
        const char *here;              /* whether and why it is needed here; a phrase */
        enum role_verdict verdict;
        const char *why, *remedy;      /* NULL: none */
        const char *visible_with;      /* what rolewatch requires to see the rest; NULL: nothing */
};
struct role_page { struct role_line *lines; size_t n; };
/* Fills *ret; lines and texts are in the arena. 0 or -ENOMEM. */
int roles_judge(const struct verdicts *v, struct arena *a, struct role_page *ret);
/* Exit status: 0 no problem, 1 a problem, 3 nothing was visible. */
int roles_exit_status(const struct role_page *p);
