/* iam_api -- queries IAM for roles and their policies. */
#pragma once
#include "rolewatch/account.h"

/* Queries IAM, with the credentials of the instance role, for roles that no bundle contains. 0 or -ENOMEM. */
int iam_roles(struct scan *x);
