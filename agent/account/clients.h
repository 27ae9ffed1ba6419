/* clients -- JSON calls of AWS services, shared by the readers of this room. */
#pragma once
#include "rolewatch/host_client.h"

struct json_call {
        enum aws_service service;
        const char *name;              /* "ecs:DescribeTasks" */
        const cJSON *body;
};
/*
 * *ret: the response, the caller's; or NULL, and host.definitions_fault says which call failed and why. 0 or -ENOMEM.
 */
int json_request(struct host_client *hc, struct snapshot *s, const struct json_call *call, cJSON **ret);
