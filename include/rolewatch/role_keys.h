/* role_keys -- the instance role's own keys, for calls that rolewatch makes itself. Of the room collect. */
#pragma once
#include "rolewatch/collect.h"

struct role_keys { char *key_id, *secret, *token; };
void role_keys_done(struct role_keys *k);          /* erases */
/*
 * With a token only. -EACCES: the metadata service gives none, and *why is what
 * it says instead. The caller owns the texts.
 */
int role_keys_get(const struct host_access *at, const char *role, struct role_keys *ret, struct answer *why);
