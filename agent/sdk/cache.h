/* cache -- SDKs found in files, so that the files of an image are read once for all of its containers. */
#pragma once
#include <sys/stat.h>
#include "found.h"
#include "rolewatch/sdk.h"

/* Borrowed, valid until the next put. NULL: not cached, or the file has changed. */
const struct sdk_set *sdk_cache_get(struct sdk_cache *c, enum sdk_format format, const struct stat *st);
void sdk_cache_put(struct sdk_cache *c, enum sdk_format format, const struct stat *st,
                   const struct sdk_set *set);
