/*
 * cache -- responses of AWS, cached on disk, so that a host that scans often seldom calls AWS, and ten thousand hosts do not
 * call at once.
 */
#pragma once
#include "rolewatch/base.h"

/*
 * The directory must exist, belong to this user and be writable by nobody else; otherwise nothing is cached. Files have mode
 * 0600. A name has letters, digits, ":" and "+=,.@_-" (the characters of IAM role names).
 */
struct cache { const char *directory; int64_t now_s; };
/* The cached response, the caller's, and when it was received. -ENOENT: none, or expired. */
int cache_read(const struct cache *c, const char *name, cJSON **ret, int64_t *ret_made_s);
/* Caches for ttl_s plus up to half of that at random. Errors are ignored. */
void cache_write(const struct cache *c, const char *name, int64_t ttl_s, const cJSON *body);
