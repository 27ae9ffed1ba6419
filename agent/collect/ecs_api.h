/* ecs_api -- what a host asks of ECS. Each 0 or -ENOMEM; what failed stands in the host's definitions_fault. */
#pragma once
#include "clients.h"

/* By name: "family", "family:7" or an ARN. */
int ecs_definition(struct host_client *hc, struct snapshot *s, const char *name, const struct cluster_ask *ask);
/* Those of the tasks, where no file told; and the tasks' overrides. */
int ecs_tasks(struct host_client *hc, struct snapshot *s);
/* One of DescribeTasks; known (NULL: no matter) of the task it is becomes true. */
int ecs_task_take(struct snapshot *s, const cJSON *o, bool *known);
bool task_running(const struct task *t);       /* and with a definition */
/* The services that are asked for, with their scaling and target groups. */
int ecs_services(struct host_client *hc, struct snapshot *s, const struct cluster_ask *ask);
