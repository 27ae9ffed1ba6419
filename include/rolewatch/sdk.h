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
 * What a child process has added to its copy of a cache, for the parent's: the entries put since the count of
 * sdk_cache_puts, in an arena of memory that both share at one address. -ENOMEM.
 */
struct sdk_cache_export { struct sdk_cache_slot *slots; size_t n; };
uint64_t sdk_cache_puts(const struct sdk_cache *c);
int sdk_cache_export(const struct sdk_cache *c, uint64_t since, struct arena *a, struct sdk_cache_export *ret);
void sdk_cache_import(struct sdk_cache *c, const struct sdk_cache_export *x);

struct sdk_program {
        const struct file_view *view;
        int exe;                       /* the executable, for reading; less than 0: not to be had */
        struct span argv;              /* the NUL-separated command line as it is, ended by one more NUL behind it */
};
/* Fills p->sdks. 0 or -ENOMEM. */
int sdk_recognise(const struct sdk_program *q, struct sdk_cache *cache, struct process *p);
