/* ecs_api -- queries ECS. Each returns 0 or -ENOMEM; a call that failed is in host.definitions_fault. */
#pragma once
#include "clients.h"
#include "rolewatch/account.h"

/* One task definition by name: "family", "family:7" or an ARN. */
int ecs_definition(struct host_client *hc, struct snapshot *s, const char *name, const struct cluster_request *request);
/* Task definitions of tasks that no file contains, and the overrides of tasks. */
int ecs_tasks(struct host_client *hc, struct snapshot *s);
/* The same with the credentials of the instance role, and with the cache. */
int ecs_definitions(struct scan *x);
/* The services that ask names, with their scaling and target groups. */
int ecs_services(struct host_client *hc, struct snapshot *s, const struct cluster_request *request);
