/* clients -- what the readers that ask AWS share. */
#pragma once
#include "rolewatch/host_client.h"

struct json_call {
        enum aws_service service;
        const char *name;              /* "ecs:DescribeTasks" */
        const cJSON *body;
};
/*
 * The answer, the caller's; or NULL, with the host's definitions_fault set to why there is none.
 * 0 or -ENOMEM.
 */
int json_ask(struct host_client *hc, struct snapshot *s, const struct json_call *call, cJSON **ret);
