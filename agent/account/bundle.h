/* bundle -- reads roles and policies of bundles, which have the form of the IAM API. */
#pragma once
#include "rolewatch/model.h"

/* A policy document that is an object, or text, percent-encoded or plain, as a new object of the caller's. -EBADMSG: not JSON; -ENOMEM. */
int bundle_document(const cJSON *doc, cJSON **ret);
/* Adds to the snapshot's roles what the bundle has of them, with `source` as their source. 0 or -ENOMEM. */
int bundle_take(struct snapshot *s, const cJSON *j, const char *source, int64_t as_of_s);
