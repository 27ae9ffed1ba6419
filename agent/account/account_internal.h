/* account_internal -- what the account adds to a scan. Each 0 or -ENOMEM. */
#pragma once
#include "rolewatch/account.h"

/*
 * What is declared that tasks need: files of the folder, in the order of their names. (Those of
 * labels come with collect_metadata.) What cannot be used stays in the list with its fault.
 */
int account_needs(struct scan *x);
/*
 * All else that the account knows of what the snapshot speaks of so far.
 *
 * The definitions of the tasks: files of the folder, each what `aws ecs describe-task-definition`
 * prints; then, where the settings say so, by the ECS API with the keys of the instance role, and
 * with the tasks' overrides. Then the roles, as account_roles.
 */
int account_fill(struct scan *x);
/*
 * The roles that the snapshot speaks of so far (instance role, roles of credentials, needs and definitions),
 * with their policies by the bundles: what `aws iam get-account-authorization-details` prints;
 * then, where the settings say so, by the IAM API with the keys of the instance role.
 */
int account_roles(struct scan *x);
