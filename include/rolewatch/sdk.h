/*
 * sdk -- which SDKs a process carries: by its executable, command line and
 * mapped files, and a few bounded reads below its root and from its current
 * directory. No directory is ever listed. Nothing recognised is the honest
 * answer for a program that rolewatch does not know.
 */
#pragma once
#include "rolewatch/process_file.h"

/* What the files of images say of SDKs. Bounded; not for two passes at once. */
struct sdk_cache;
int sdk_cache_new(struct sdk_cache **ret);         /* -ENOMEM */
void sdk_cache_free(struct sdk_cache *c);          /* NULL ok */
DEFINE_CLEANUP(struct sdk_cache *, sdk_cache_free)

/*
 * Fills p->sdks. `exe`: the executable, for reading, or less than 0. `argv`: the
 * NUL-separated command line as it is, ended by one more NUL behind argv_len; only
 * looked at. 0 or -ENOMEM.
 */
int sdk_recognise(const struct file_view *v, int exe, struct sdk_cache *cache, const char *argv,
                  size_t argv_len, struct process *p);
