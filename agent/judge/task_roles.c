/* The two roles of a task: from its overrides, else from its definition. */
#include "judge_internal.h"

const char *task_role_of(const struct snapshot *s, const struct task *t)
{
        const struct definition *d = snapshot_definition(s, t);

        return t->task_role ? t->task_role : d ? d->task_role : NULL;
}

const char *execution_role_of(const struct snapshot *s, const struct task *t)
{
        const struct definition *d = snapshot_definition(s, t);

        return t->execution_role ? t->execution_role : d ? d->execution_role : NULL;
}
