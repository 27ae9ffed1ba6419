/* php_fpm_files -- the configuration files of php-fpm in a container. */
#pragma once
#include "php_fpm.h"
#include "process.h"

/* The master and its main file, by its title; a pool and when (seconds since the epoch) the worker in question was started. */
struct php_fpm_question { struct broker_target master; const char *config, *pool; int64_t started_s; };
/*
 * 0; -errno: a file cannot be read, is not simple (php_fpm.h), or was changed after the worker was started, so that it
 * may say what the master has never read.
 */
int php_fpm_read(struct reader *rd, const struct php_fpm_question *q, struct php_fpm_pool *ret);
