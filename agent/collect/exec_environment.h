/* exec_environment -- environments as programs were executed with them: into the cache, and out of it. */
#pragma once
#include "rolewatch/environ.h"
#include "process.h"

/* auxv_execution of an open /proc/PID/auxv; 0 of -errno in its place. -ENOMEM. */
int execution_read(int auxv_fd, uint64_t *ret);
/* The same of a process. */
int execution_of(struct reader *rd, struct broker_target t, uint64_t *ret);
/* An intact block of the process and execution of e. 0, also where it cannot be cached; -ENOMEM. */
int exec_environment_put(struct environment_cache *c, struct cached_environment e, struct span block);
/* Digests of the credentials paths; 0: none. */
void exec_environment_mark(const struct environ_raw *raw, struct cached_environment *e);
/*
 * Into env, environ, environment_source and the credentials of p. 1; 0: it has a credentials path that no environment read
 * so far has, so that the endpoint cannot be requested; -ENOMEM.
 */
int exec_environment_take(struct reader *rd, struct process *p, const struct cached_environment *e);
