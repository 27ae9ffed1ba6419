/* account_internal -- the parts of a scan that this room adds. Each returns 0 or -ENOMEM. */
#pragma once
#include "rolewatch/account.h"

/*
 * Declared needs of the files in the needs directory, in the order of their names. (collect_metadata adds those of labels.)
 * A need that cannot be used is listed with its fault.
 */
int account_needs(struct scan *x);
/*
 * Task definitions and roles that the snapshot refers to so far.
 *
 * Task definitions come from files, each the output of `aws ecs describe-task-definition`; then, if cs->ecs, from the ECS API
 * with the credentials of the instance role, together with the overrides of tasks. Then account_roles.
 */
int account_fill(struct scan *x);
/*
 * The roles that the snapshot refers to so far (instance role, roles of credentials, needs and task definitions), with their
 * policies from bundles, each the output of `aws iam get-account-authorization-details`; then, if cs->iam, from the IAM API
 * with the credentials of the instance role.
 */
int account_roles(struct scan *x);
/*
 * The parts of both that read files only: the needs of a directory or file; the roles that the snapshot refers to, without
 * policies; the policies of these by the bundles of a directory or file. 0 or -ENOMEM.
 */
int needs_of_path(struct snapshot *s, const char *path);
int roles_of_snapshot(struct snapshot *s);
int bundles_of_path(struct snapshot *s, const char *path);
