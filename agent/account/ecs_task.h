/* ecs_task -- tasks as ECS describes them. */
#pragma once
#include "rolewatch/model.h"

/* One of DescribeTasks; known (NULL: no matter) of the task it is becomes true. 0 or -ENOMEM. */
int ecs_task_take(struct snapshot *s, const cJSON *o, bool *known);
bool task_running(const struct task *t);       /* and with a definition; STOPPED ones stay in the agent's list for hours */
