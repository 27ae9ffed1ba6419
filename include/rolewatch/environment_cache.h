/*
 * environment_cache -- the environments of processes as their programs were executed with them, for programs that
 * overwrite their own later. Each is what a snapshot has of it: the variables of the chain table, reduced (env_redact).
 * Bounded. No I/O.
 */
#pragma once
#include "rolewatch/model.h"

/*
 * execution: digest of what exec chose at random for the program (auxv.h). A fork keeps it, and another exec by the same
 * process changes it. relative, full: digests of credentials paths (credential_mark); 0: none.
 */
struct cached_environment {
        pid_t pid;
        uint64_t start_ticks, execution, relative, full;
        unsigned text;                 /* index; of the cache */
        unsigned scan;                 /* the last scan that found the process; 0: none did yet */
        uint64_t put;                  /* its number */
};

struct environment_cache;
int environment_cache_new(struct environment_cache **ret);               /* -ENOMEM */
void environment_cache_free(struct environment_cache *c);                /* NULL ok */
DEFINE_CLEANUP(struct environment_cache *, environment_cache_free)

/*
 * Adds an environment (ids, execution and digests of e) or replaces that of the same pid. One that no scan has
 * found makes place, the first put first; else, or if that is not enough, -ENOSPC. -EMSGSIZE: too large. -ENOMEM. After an error there is none for the pid.
 */
int environment_cache_put(struct environment_cache *c, const struct cached_environment *e, const char *const env[ENV_VAR_MAX]);
void environment_cache_remove(struct environment_cache *c, pid_t pid);
/* Borrowed until the next call that is not const. NULL: none, or of another process with that pid. */
struct cached_environment *environment_cache_find(struct environment_cache *c, pid_t pid, uint64_t start_ticks);
/* The same of any process that has not executed another program since. */
const struct cached_environment *environment_cache_find_execution(const struct environment_cache *c, uint64_t execution);
/* Into env, which is empty. -ENOMEM. */
int environment_cache_get(const struct environment_cache *c, const struct cached_environment *e, struct arena *a, const char *ret_env[ENV_VAR_MAX]);
bool environment_cache_has(const struct environment_cache *c, const struct cached_environment *e, const char *const env[ENV_VAR_MAX]);
size_t environment_cache_count(const struct environment_cache *c);

/* A scan begins; environment_cache_found: it has found this process. */
void environment_cache_scan_begins(struct environment_cache *c);
void environment_cache_found(struct environment_cache *c, pid_t pid, uint64_t start_ticks);
bool environment_cache_is_found(const struct environment_cache *c, const struct cached_environment *e);
/*
 * From a child process that scanned: what its copy has of the processes that it found, in an arena that both share at one
 * address (-ENOMEM). environment_cache_import replaces by it all that the cache had when the child was made.
 */
struct environment_export {
        uint64_t puts;
        unsigned scan;
        struct cached_environment *list;
        const char **texts;            /* by the index of the child's cache */
        size_t *lens;
        size_t n, n_texts;
};
uint64_t environment_cache_puts(const struct environment_cache *c);
int environment_cache_export(const struct environment_cache *c, uint64_t puts, struct arena *a, struct environment_export *ret);
int environment_cache_import(struct environment_cache *c, const struct environment_export *x);

/* For the state file. from_json: -EBADMSG, -ENOMEM; what cannot be used of a list is skipped. */
int environment_cache_to_json(const struct environment_cache *c, cJSON **ret);
int environment_cache_from_json(struct environment_cache *c, const cJSON *j);
