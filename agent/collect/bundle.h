/* bundle -- documents as bundles and the IAM API hold them. */
#pragma once
#include "rolewatch/collect.h"

/* An object, or text, percent-encoded or plain, as a new object. -EBADMSG: no JSON; -ENOMEM. */
int bundle_document(const cJSON *doc, cJSON **ret);
/* The roles of a bundle that the snapshot wants; `source` is named with each. 0 or -ENOMEM. */
int bundle_take(struct snapshot *s, const cJSON *j, const char *source, int64_t as_of_s);
/* Asks IAM, as the instance role, for the roles of which no bundle told. 0 or -ENOMEM. */
int iam_roles(struct snapshot *s, struct net *n, const struct collect_settings *cs);
