/* ecs_api -- what a host asks of ECS. Each 0 or -ENOMEM; what failed stands in the host's definitions_fault. */
#pragma once
#include "clients.h"
#include "rolewatch/account.h"

/* By name: "family", "family:7" or an ARN. */
int ecs_definition(struct host_client *hc, struct snapshot *s, const char *name, const struct cluster_ask *ask);
/* Those of the tasks, where no file told; and the tasks' overrides. */
int ecs_tasks(struct host_client *hc, struct snapshot *s);
/* Asks ECS, as the instance role, for what no file told. 0 or -ENOMEM. */
int ecs_definitions(struct scan *x);
/* The services that are asked for, with their scaling and target groups. */
int ecs_services(struct host_client *hc, struct snapshot *s, const struct cluster_ask *ask);
