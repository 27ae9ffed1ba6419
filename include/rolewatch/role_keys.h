/* role_keys -- credentials of a role, for rolewatch's own calls of AWS. Of the room collect. */
#pragma once
#include "rolewatch/collect.h"

struct role_keys { char *key_id, *secret, *token; };
void role_keys_done(struct role_keys *k);          /* erases */
/*
 * Of the instance role, by IMDSv2 only. The caller owns the texts, and erases them by role_keys_done. -EACCES: IMDS gave no credentials, and *why
 * is its answer; -ENOMEM.
 */
int role_keys_get(const struct host_access *at, const char *role, struct role_keys *ret, struct answer *why);
/*
 * Of the task role of the task that rolewatch itself is in; uri: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, a secret. The rest as
 * role_keys_get.
 */
int task_keys_get(const struct host_access *at, const char *uri, struct role_keys *ret, struct answer *why);
