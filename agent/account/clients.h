/* clients -- what the readers that ask AWS share. */
#pragma once
#include "rolewatch/host_client.h"

/*
 * One call with a JSON body: the answer, the caller's; or NULL, with *fault set
 * to why there is none. 0 or -ENOMEM.
 */
int json_ask(struct host_client *hc, struct arena *a, enum aws_service service, const char *call,
             const cJSON *body, cJSON **ret, const char **fault);
