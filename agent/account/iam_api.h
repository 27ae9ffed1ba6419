/* iam_api -- roles and their policies by the IAM API. */
#pragma once
#include "rolewatch/account.h"

/* Asks IAM, as the instance role, for the roles of which no bundle told. 0 or -ENOMEM. */
int iam_roles(struct scan *x);
