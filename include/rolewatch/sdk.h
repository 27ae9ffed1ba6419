/*
 * sdk -- recognizes the AWS SDKs of a process: by its executable, command line and mapped files, and by a few bounded reads
 * below its root and its current directory. Of a directory, the names are read only where a class path has a wildcard. For an
 * unknown program the result is no SDK.
 */
#pragma once
#include "rolewatch/process_file.h"

/* Results of earlier recognitions, by file. Bounded; not for two threads at once. */
struct sdk_cache;
int sdk_cache_new(struct sdk_cache **ret);         /* -ENOMEM */
void sdk_cache_free(struct sdk_cache *c);          /* NULL ok */
DEFINE_CLEANUP(struct sdk_cache *, sdk_cache_free)
/*
 * Entries that a child process added to its copy of the cache, for the parent: those since the count of sdk_cache_puts, in an
 * arena that both processes share at the same address. -ENOMEM.
 */
struct sdk_cache_export { struct sdk_cache_slot *slots; size_t n; };
uint64_t sdk_cache_puts(const struct sdk_cache *c);
int sdk_cache_export(const struct sdk_cache *c, uint64_t since, struct arena *a, struct sdk_cache_export *ret);
void sdk_cache_import(struct sdk_cache *c, const struct sdk_cache_export *x);

struct sdk_program {
        const struct file_view *view;
        int exe;                       /* descriptor of the executable; negative: not available */
        struct span argv;              /* raw command line, NUL-separated, with one more NUL after its end */
};
/* Fills p->sdks. 0 or -ENOMEM. */
int sdk_recognize(const struct sdk_program *q, struct sdk_cache *cache, struct process *p);
/*
 * The same of a process that has ended, by its executable alone, whose path p->exe is: nothing of a program that an interpreter
 * runs, or of one whose chain its options choose.
 */
int sdk_recognize_executable(const struct sdk_program *q, struct sdk_cache *cache, struct process *p);
