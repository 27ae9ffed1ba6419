#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include "file_publish.h"

int file_replace(const char *path, const char *text, size_t len, unsigned mode)
{
        CLEANUP(closep) int fd = -1;
        char fresh[4096];
        int r = 0;

        /* The name must not end as the file does: node_exporter reads every *.prom. */
        if ((size_t)snprintf(fresh, sizeof fresh, "%s.new", path) >= sizeof fresh)
                return -ENAMETOOLONG;
        unlink(fresh);
        fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
        if (fd < 0)
                return -errno;
        while (r == 0 && len > 0) {
                ssize_t n = write(fd, text, len);

                if (n < 0 && errno != EINTR)
                        r = -errno;
                if (n > 0) {
                        text += n;
                        len -= (size_t)n;
                }
        }
        if (r == 0 && (fchmod(fd, mode) < 0 || rename(fresh, path) < 0))
                r = -errno;
        if (r < 0)
                unlink(fresh);
        return r;
}

void file_publish(struct error_log *errors, const char *what, const char *path, const char *text, unsigned mode)
{
        int r = text ? file_replace(path, text, strlen(text), mode) : -ENOMEM;

        if (r < 0)
                error_note(errors, what, strerror(-r));
        else
                error_clear(errors, what);
}
