/*
 * roles -- the roles of this host, its tasks and the services asked for, each
 * with what it is needed for here, whether it can be assumed and does what it
 * must. Pure; nothing that was not seen is called fine.
 */
#pragma once
#include "rolewatch/judge.h"
#include "rolewatch/role_kinds.h"

/* id, word, severity that it is shown with: from WARNING on, something is wrong. */
#define ROLE_VERDICTS(X) \
        X(OK,         "ok",                OK)      /* it can be assumed, and may do what is required */ \
        X(NOT_NEEDED, "not-needed",        OK)      /* nothing here needs it, and none is set */ \
        X(NOT_SET,    "not-set",           WARNING) /* it is needed, and none is set */ \
        X(MISSING,    "missing",           WARNING) /* it is set, and not there */ \
        X(TRUST,      "wrong-trust",       WARNING) /* the service that is to assume it may not */ \
        X(LACKS,      "lacks-permissions", WARNING) /* it may not do what is required */ \
        X(BROAD,      "over-broad",        WARNING) /* it may change its own policies */ \
        X(UNSEEN,     "unseen",            INFO)    /* not all of it could be seen */
enum role_verdict {
#define X(id, word, severity) ROLE_VERDICT_##id,
        ROLE_VERDICTS(X)
#undef X
};
const char *role_verdict_word(enum role_verdict v);
enum severity role_verdict_severity(enum role_verdict v);

struct role_line {
        enum role_kind_id kind;
        const char *of;                /* "task definition web:7", "service web"; NULL: the host or account */
        const char *role;              /* its name; NULL: none is set, or it is not known */
        const char *here;              /* whether and why it is needed here; one sentence */
        enum role_verdict verdict;
        const char *why, *remedy;      /* NULL: nothing to add */
        const char *see;               /* the permission that would show what was not seen; NULL */
};
struct role_page { struct role_line *lines; size_t n; };
/* Lines and texts in the arena. -ENOMEM. */
int roles_judge(const struct verdicts *v, struct arena *a, struct role_page *ret);
/* 0: nothing is wrong; 1: something is; 3: nothing could be seen. */
int roles_exit_status(const struct role_page *p);
