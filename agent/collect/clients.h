/* clients -- AWS as this host may ask it. */
#pragma once
#include "role_keys.h"
#include "rolewatch/aws.h"

struct host_client {
        struct aws_client c;
        struct role_keys keys;         /* what c signs with */
};
void host_client_done(struct host_client *hc);         /* erases the keys */
/*
 * With the keys of the instance role; with those of the environment where the
 * settings say so and it has some. -EACCES: there are none; -ENOMEM.
 */
int host_client_make(struct host_client *hc, struct net *n, const struct collect_settings *cs,
                     const struct host *h);
/* "ecs:DescribeTasks: AccessDeniedException ..." in the arena, escaped; NULL when it is full. */
const char *aws_fault(struct arena *a, const char *call, const struct aws_answer *answer);
/*
 * One call with a JSON body: the answer, the caller's; or NULL, with *fault set
 * to why there is none. 0 or -ENOMEM.
 */
int json_ask(struct host_client *hc, struct arena *a, enum aws_service service, const char *call,
             const cJSON *body, cJSON **ret, const char **fault);
