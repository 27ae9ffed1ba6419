/* ecs_task -- reads tasks in the form of the ECS API. */
#pragma once
#include "rolewatch/model.h"

/* One task of DescribeTasks; sets known[] of that task (known NULL: not needed). 0 or -ENOMEM. */
int ecs_task_take(struct snapshot *s, const cJSON *o, bool *known);
bool task_running(const struct task *t);       /* and its task definition is known; the agent lists STOPPED tasks for hours */
