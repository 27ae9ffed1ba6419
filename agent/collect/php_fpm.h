/* php_fpm -- what the configuration of php-fpm says about the environment of a pool's workers. Pure. */
#pragma once
#include "rolewatch/model.h"

#define PHP_FPM_INCLUDES_MAX 16

/*
 * Source: php-fpm 8.2 of Debian, run with each of these settings. A pool clears the environment of its workers unless clear_env is
 * no; then it sets each env[NAME], to the value or, for "$OTHER", to that variable of the master; of two lines for one
 * name the first counts. USER and HOME become those of the pool's user. The memory behind /proc/PID/environ is blank in master and
 * workers alike, whatever the pool says. FastCGI parameters of a web server come on top of it at each request (getenv(3) of
 * PHP), so that a variable that is not here may still be there.
 */
enum php_fpm_pass { PHP_FPM_DROPPED, PHP_FPM_PASSED, PHP_FPM_SET };
struct php_fpm_pool {
        bool keeps, has_clear_env;        /* clear_env = no */
        enum php_fpm_pass pass[ENV_VAR_MAX];           /* by env[NAME]: PASSED is NAME = $NAME */
        const char *value[ENV_VAR_MAX];                /* of SET, as env_redact leaves it */
        const char *includes[PHP_FPM_INCLUDES_MAX];    /* as they stand there; of all files so far, in their order */
        size_t n_includes;
};
/*
 * Adds what a file (followed by a NUL) says about the pool. The order of files does not matter: where two lines contradict each
 * other, nothing is known. -EBADMSG: so it is, or a line that is not simple; -ENOMEM.
 */
int php_fpm_parse(struct arena *a, struct span file, const char *pool, struct php_fpm_pool *x);

/* "php-fpm: pool NAME", "php-fpm: master process (PATH)": the titles that it gives its processes. False: another one. */
bool php_fpm_title_pool(const char *title, char ret_pool[64]);
bool php_fpm_title_config(const char *title, char ret_path[256]);
