/* host_client -- AWS as this host may ask it: whose keys, which region. Of the room account. */
#pragma once
#include "rolewatch/aws.h"
#include "rolewatch/role_keys.h"

struct host_client {
        struct aws_client c;
        struct role_keys keys;         /* what c signs with */
        struct answer why;             /* of the metadata service, where it gave none; UNKNOWN: it was not asked */
};
void host_client_done(struct host_client *hc);         /* erases the keys */
/*
 * With the keys of the instance role; with those of the environment where the
 * settings say so and it has some. -EACCES: there are none; -ENOMEM.
 */
int host_client_make(struct host_client *hc, const struct host_access *at, const struct host *h);
/* Why there are no keys: "no credentials of the instance role (timeout)". Arena text or static. */
const char *host_client_fault(struct arena *a, const struct host_client *hc);
/* "ecs:DescribeTasks: AccessDeniedException: ..." in the arena, escaped; NULL when it is full. */
const char *aws_fault(struct arena *a, const char *call, const struct aws_answer *answer);
