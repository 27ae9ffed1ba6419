#include "ecs_task.h"
#include "rolewatch/limits.h"

static int task_take_text(struct snapshot *s, const cJSON *o, const char *key, const char **ret)
{
        int r = json_take_str(s->arena, o, key, FIELD_MAX, ret);

        return r == -ENOMEM ? r : 0;
}

int ecs_task_take(struct snapshot *s, const cJSON *o, bool *known)
{
        const cJSON *overrides = cJSON_GetObjectItemCaseSensitive(o, "overrides");
        const char *arn;
        int r = 0;

        if (json_get_str(o, "taskArn", FIELD_MAX, &arn) < 0)
                return 0;
        for (size_t i = 0; r == 0 && i < s->n_tasks; i++) {
                struct task *t = &s->tasks[i];

                if (!streq(t->arn, arn))
                        continue;
                if (known)
                        known[i] = true;
                t->exec = json_get_bool(o, "enableExecuteCommand", false);
                r = task_take_text(s, overrides, "taskRoleArn", &t->task_role);
                if (r == 0)
                        r = task_take_text(s, overrides, "executionRoleArn", &t->execution_role);
                if (r == 0)
                        r = task_take_text(s, o, "startedBy", &t->started_by);
        }
        return r;
}

bool task_running(const struct task *t)
{
        return t->family && t->revision && !streq(t->known, "STOPPED");
}
