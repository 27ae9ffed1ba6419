#include <stdarg.h>
#include <stdio.h>
#include <sys/uio.h>
#include "rolewatch/log.h"

#define LINE_MAX_BYTES 8192            /* an error of the settings names a file */

static const struct { const char *name; int priority; } levels[] = {
#define X(id, name, priority) [LOG_LEVEL_##id] = { name, priority },
        LOG_LEVELS(X)
#undef X
};
static enum log_level level_max = LOG_LEVEL_INFO;
static bool level_forced, journal;

const char *log_level_to_string(enum log_level level) { return levels[level].name; }

int log_level_from_string(const char *s)
{
        for (size_t i = 0; i < ARRAY_SIZE(levels); i++)
                if (streq(levels[i].name, s))
                        return (int)i;
        return -EINVAL;
}

void log_set_level(enum log_level level)
{
        if (!level_forced)
                level_max = level;
}

void log_force_level(enum log_level level)
{
        level_max = level;
        level_forced = true;
}

void log_to_journal(void) { journal = true; }

bool log_enabled(enum log_level level) { return level <= level_max; }

/* On the stack: that there is no memory must be logged, too. */
static int journal_write(enum log_level level, const char *text)
{
        char message[LINE_MAX_BYTES + 16], priority[16], identifier[] = "SYSLOG_IDENTIFIER=rolewatch";
        struct iovec of[] = { { message, 0 }, { priority, 0 }, { identifier, sizeof identifier - 1 } };

        of[0].iov_len = (size_t)snprintf(message, sizeof message, "MESSAGE=%s", text);
        of[1].iov_len = (size_t)snprintf(priority, sizeof priority, "PRIORITY=%d", levels[level].priority);
        return journal_send(of, ARRAY_SIZE(of));
}

static void log_text(enum log_level level, const char *text)
{
        if (!journal || isatty(STDERR_FILENO) || journal_write(level, text) < 0)
                fprintf(stderr, "rolewatch: %s\n", text);
}

/* Without memory for escaping, every byte that is not printable ASCII becomes '?'. */
static void log_escaped(enum log_level level, char *line)
{
        CLEANUP(text_done) struct text t = { 0 };

        text_escape(&t, line, strlen(line));
        for (char *s = line; t.failed && *s; s++)
                if ((unsigned char)*s < 0x20 || (unsigned char)*s > 0x7e)
                        *s = '?';
        log_text(level, t.failed ? line : t.s ? t.s : "");
}

void log_line(enum log_level level, const char *fmt, ...)
{
        char line[LINE_MAX_BYTES];
        va_list ap;

        if (!log_enabled(level))
                return;
        va_start(ap, fmt);
        vsnprintf(line, sizeof line, fmt, ap);
        va_end(ap);
        log_escaped(level, line);
}

int log_line_errno(enum log_level level, int error, const char *fmt, ...)
{
        char line[LINE_MAX_BYTES];
        size_t n;
        va_list ap;

        if (!log_enabled(level))
                return error;
        va_start(ap, fmt);
        vsnprintf(line, sizeof line, fmt, ap);
        va_end(ap);
        n = strlen(line);
        snprintf(line + n, sizeof line - n, ": %s", strerror(error < 0 ? -error : error));
        log_escaped(level, line);
        return error;
}
