/*
 * cache -- answers of AWS kept on disk for a while, so that a host that looks
 * often asks seldom, and ten thousand hosts do not ask at once.
 */
#pragma once
#include "rolewatch/base.h"

/*
 * The folder is to be this user's own and writable by nobody else; else, and
 * where it is not there, nothing is kept. Files have mode 0600. `name` is of
 * letters, digits and "+=,.@_-" (what IAM allows in a role's name) or ":".
 */
struct cache { const char *folder; int64_t now_s; };
/* The body, the caller's, and when it was made. -ENOENT: none, or too old. */
int cache_read(const struct cache *c, const char *name, cJSON **ret, int64_t *ret_made_s);
/* For ttl_s and up to half of that more, by chance. What fails is not kept. */
void cache_write(const struct cache *c, const char *name, int64_t ttl_s, const cJSON *body);
