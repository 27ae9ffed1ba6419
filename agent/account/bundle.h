/* bundle -- documents as bundles and the IAM API hold them. */
#pragma once
#include "rolewatch/model.h"

/* An object, or text, percent-encoded or plain, as a new object. -EBADMSG: no JSON; -ENOMEM. */
int bundle_document(const cJSON *doc, cJSON **ret);
/* The roles of a bundle that the snapshot wants; `source` is named with each. 0 or -ENOMEM. */
int bundle_take(struct snapshot *s, const cJSON *j, const char *source, int64_t as_of_s);
