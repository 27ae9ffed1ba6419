/* implied -- which calls an element of a task definition leads to, and on what. */
#pragma once
#include "judge_internal.h"

/* What an element is looked at with. */
struct site {
        const struct judge_index *ix;
        const struct task *task;       /* one that runs by the definition; NULL: none does */
        const struct definition *d;
        const char *execution_role;    /* ARN, of its override or the definition; NULL: none */
        const struct implied *x;
};

/*
 * WITHOUT: no policy of the resource could allow it. WITH: one could. OPEN: it
 * is open to all who are not denied unless such a policy says otherwise (EFS).
 */
enum own_policy { WITHOUT, WITH, OPEN };
struct rule {
        enum implied_kind kind;
        const char *action;
        /* What the call is about; NULL: it is not made, or that is not known. */
        const char *(*resource)(const struct site *t);
        const char *(*instead)(const struct site *t);  /* allowed on this is as good; NULL: nothing */
        enum own_policy own;
};
size_t implied_rule_count(void);
const struct rule *implied_rule(size_t i);
