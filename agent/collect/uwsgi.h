/* uwsgi -- options of uWSGI (env, unenv) that change the environment of its workers, in memory that does not show it. */
#pragma once
#include "process.h"

/*
 * Does the text name a variable of the chain table, as a whole word? Of a configuration in any of uWSGI's formats. HOME is none: it
 * leads only to other files.
 */
bool uwsgi_names_variable(struct span text);
/* The configuration file that an argument names, "--ini=/web.ini:production" or "web.yml": its path in ret, or false. */
bool uwsgi_config_of(const char *arg, char ret_path[256]);
/*
 * Does an argument of the process, or a configuration file that one names, name such a variable? 1, 0, -ENOMEM. A file that
 * cannot be read says nothing, as the program's code does not either.
 */
int uwsgi_changes_environment(struct reader *rd, const struct process *p);
