/* host_client -- an AWS client with the credentials and the region of this host. Of the room account. */
#pragma once
#include "rolewatch/aws.h"
#include "rolewatch/role_keys.h"

struct host_client {
        struct aws_client c;
        struct role_keys keys;         /* what c signs with */
        struct answer why;             /* of the endpoint, if it gave none; UNKNOWN: it was not queried */
        bool of_task;                  /* the task role was requested, not the instance role */
};
void host_client_done(struct host_client *hc);         /* erases the keys */
/*
 * With the credentials of the environment if cs->env_keys is set and it has some, else with those of the task role if rolewatch
 * runs in a task that has one, else with those of the instance role.
 * -EACCES: there are none (host_client_error_text says why); -ENOMEM.
 */
int host_client_make(struct host_client *hc, const struct host_access *at, const struct host *h);
/* Why there are no keys: "no credentials of the instance role (timeout)", or of the task role. Arena text or static. */
const char *host_client_error_text(struct arena *a, const struct host_client *hc);
/* "ecs:DescribeTasks: AccessDeniedException: ..." in the arena, escaped; NULL when it is full. */
const char *aws_error_text(struct arena *a, const char *call, const struct aws_answer *answer);
