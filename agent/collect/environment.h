/*
 * environment -- the environment of a process, from the best source there is. /proc/PID/environ is memory that the
 * program owns: nginx, php-fpm, redis, gunicorn and whatever else sets its title write over it. What stands there
 * then says nothing, and above all not that a variable is missing. Where it is intact, it is cached for later.
 */
#pragma once
#include "rolewatch/environ.h"
#include "fork.h"

/*
 * Fills environ, environment_source and env of p, whose ids, container, name and parent are known. *ret_raw borrows from
 * *ret_block, which the caller erases. That stays NULL where there are no raw values, as of a cached environment:
 * the credentials of p are set then. 0, also where it cannot be known: environ then says why. -ESRCH: the process has
 * ended; -ENOMEM.
 */
int environment_read(struct reader *rd, struct process *p, char **ret_block, struct environ_raw *ret_raw);
/*
 * The cached environment e into p, with its credentials: of a path that no environment read so far has, by the configuration of
 * the container, through the process `of` in it. 1; 0: its credentials are not known, and so nothing is; -ENOMEM.
 */
int environment_take(struct reader *rd, struct process *p, const struct step *of, const struct cached_environment *e);
/* False: a program with this name may change what it was executed with for itself or for its workers. */
bool environment_is_as_executed(const char *comm);
