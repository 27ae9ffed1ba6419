/* requirement_rules -- the calls that an element of a task definition requires, and their resources. */
#pragma once
#include "judge_internal.h"

/* An element of a definition with its surroundings. */
struct site {
        const struct judge_index *ix;
        const struct task *task;       /* a task of the definition; NULL: none runs */
        const struct definition *d;
        const char *execution_role;    /* ARN, from the task's override or the definition; NULL: none */
        const struct requirement *x;
};

/*
 * Can a resource policy allow the call? WITHOUT: no. WITH: yes. OPEN: without such
 * a policy the call is allowed to everybody (EFS).
 */
enum own_policy { WITHOUT, WITH, OPEN };
struct rule {
        enum requirement_kind kind;
        const char *action;
        /* The ARN or "*" that the call is on, arena text; NULL: the call is not made, or the resource is not known. */
        const char *(*resource)(const struct site *t);
        const char *(*instead)(const struct site *t);  /* permission on this resource suffices, too; NULL: no such resource */
        enum own_policy own;
};
size_t requirement_rule_count(void);
const struct rule *requirement_rule(size_t i);
