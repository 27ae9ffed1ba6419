/* Where a command writes to: a terminal, a pipe, a private file. */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include "cli_internal.h"
#include "rolewatch/report.h"

int command_error(const struct arguments *a, const char *format, ...)
{
        va_list args;

        fprintf(stderr, "rolewatch %s: ", a->command->name);
        va_start(args, format);
        vfprintf(stderr, format, args);
        va_end(args);
        fputc('\n', stderr);
        return EXIT_UNKNOWN;
}

/* A terminal that does not know its size (a serial console) may have it in COLUMNS. */
static unsigned terminal_columns(void)
{
        const char *columns = getenv("COLUMNS");
        struct winsize w;
        uint64_t n;

        if (ioctl(1, TIOCGWINSZ, &w) == 0 && w.ws_col > 0)
                return w.ws_col;
        return columns && u64_parse(columns, &n) == 0 && n > 0 && n <= UINT16_MAX ? (unsigned)n : 80;
}

struct report_style cli_style(void)
{
        const char *term = getenv("TERM"), *no = getenv("NO_COLOR");
        bool terminal = isatty(1);

        return (struct report_style){ .color = terminal && !(no && *no) && !streq(term, "dumb"),
                                      .columns = terminal ? terminal_columns() : 0 };
}

/*
 * For facts about a host: only their owner can read them, even if a file of that name exists. A FIFO (-EINVAL), a link
 * (-ELOOP, -EPERM) or another user's file (-EPERM) is refused, since anybody may have put it there. A descriptor or -errno.
 */
static int private_create(const char *path)
{
        CLEANUP(closep)
        int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
        struct stat st;

        if (fd < 0 || fstat(fd, &st) < 0)
                return -errno;
        if (!S_ISREG(st.st_mode))
                return -EINVAL;
        if (st.st_uid != geteuid() || st.st_nlink != 1)
                return -EPERM;
        if (fchmod(fd, 0600) < 0 || ftruncate(fd, 0) < 0)
                return -errno;
        return TAKE_FD(fd);
}

static int text_print(const char *text, FILE *out)
{
        errno = 0;
        if (fprintf(out, "%s\n", text) > 0 && fflush(out) == 0)
                return 0;
        return errno ? -errno : -EIO;
}

int private_open(const char *path, FILE **ret)
{
        CLEANUP(closep) int fd = private_create(path);
        FILE *out = fd < 0 ? NULL : fdopen(fd, "w");

        if (!out)
                return fd < 0 ? fd : -errno;
        fd = -1;
        *ret = out;
        return 0;
}

static int text_save(const char *text, const char *path)
{
        FILE *out;
        int r = private_open(path, &out);

        if (r < 0)
                return r;
        r = text_print(text, out);
        return fclose(out) == 0 || r < 0 ? r : -errno;
}

int output_error(const struct arguments *a, const char *path, int error)
{
        const char *why = error == -EINVAL || error == -ENXIO ? "it is not a regular file"
                          : error == -ELOOP ? "it is a symbolic link"
                          : error == -EPERM ? "another user owns it, or it has more than one hard link"
                                            : strerror(-error);

        return command_error(a, "cannot write %s: %s", path ? path : "to standard output", why);
}

int json_print(const struct arguments *a, cJSON *j, const char *path)
{
        CLEANUP(freep) char *text = cJSON_PrintUnformatted(j);
        int r;

        cJSON_Delete(j);
        r = !text ? -ENOMEM : path ? text_save(text, path) : text_print(text, stdout);
        return r < 0 ? output_error(a, path, r) : 0;
}
