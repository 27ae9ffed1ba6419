/*
 * log -- lines about rolewatch itself. Of the room io.
 *
 * They go to standard error; those of the daemon to the journal, unless standard error is a terminal. Nothing here
 * blocks: a line that the journal does not take at once goes to standard error. Control characters and invalid UTF-8
 * of arguments are escaped; secrets must not be among the arguments.
 */
#pragma once
#include "rolewatch/base.h"

/* id, name of the setting log_level, priority of syslog(3) */
#define LOG_LEVELS(X) X(ERROR, "error", 3) X(WARNING, "warning", 4) X(INFO, "info", 6) X(DEBUG, "debug", 7)
enum log_level {
#define X(id, name, priority) LOG_LEVEL_##id,
        LOG_LEVELS(X)
#undef X
        LOG_LEVEL_MAX
};
const char *log_level_to_string(enum log_level level);
int log_level_from_string(const char *s);              /* enum log_level, or -EINVAL */

/* Lines above this level are dropped. INFO until it is set. */
void log_set_level(enum log_level level);
/* The same, with precedence over log_set_level, before or after: for the command line and the environment. */
void log_force_level(enum log_level level);
void log_to_journal(void);
bool log_enabled(enum log_level level);

void log_line(enum log_level level, const char *fmt, ...) PRINTF(2, 3);
#define log_error(...) log_line(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warning(...) log_line(LOG_LEVEL_WARNING, __VA_ARGS__)
#define log_info(...) log_line(LOG_LEVEL_INFO, __VA_ARGS__)
/* The arguments are evaluated only if the level is on. */
#define log_debug(...) do { if (log_enabled(LOG_LEVEL_DEBUG)) log_line(LOG_LEVEL_DEBUG, __VA_ARGS__); } while (0)
/* "TEXT: No such file or directory" for -ENOENT; the error, for `return log_warning_errno(r, ...)`. */
int log_line_errno(enum log_level level, int error, const char *fmt, ...) PRINTF(3, 4);
#define log_error_errno(error, ...) log_line_errno(LOG_LEVEL_ERROR, error, __VA_ARGS__)
#define log_warning_errno(error, ...) log_line_errno(LOG_LEVEL_WARNING, error, __VA_ARGS__)
#define log_debug_errno(error, ...) log_line_errno(LOG_LEVEL_DEBUG, error, __VA_ARGS__)

/*
 * Sends one entry to the journal, whole or not at all. -ENOENT, -ECONNREFUSED: no journald; -EAGAIN: journald is busy; other
 * -errno.
 */
struct iovec;
int journal_send(const struct iovec *fields, size_t n);
