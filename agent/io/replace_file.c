#include <limits.h>
#include <stdio.h>
#include "rolewatch/io.h"

int write_all(int fd, const char *bytes, size_t len)
{
        while (len > 0) {
                ssize_t n = write(fd, bytes, len);

                if (n < 0 && errno == EINTR)
                        continue;
                if (n < 0)
                        return -errno;
                bytes += n;
                len -= (size_t)n;
        }
        return 0;
}

/* "/run/x/state.json" -> "/run/x/.state.json.PID" */
static int name_beside(const char *path, char *buf, size_t size)
{
        const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
        int n = snprintf(buf, size, "%.*s.%s.%d", (int)(name - path), path, name, (int)getpid());

        return n < 0 || (size_t)n >= size ? -ENAMETOOLONG : 0;
}

int replace_file(const struct file_target *to, const void *bytes, size_t len)
{
        CLEANUP(closep) int fd = -1;
        char fresh[PATH_MAX];
        int r = name_beside(to->path, fresh, sizeof fresh);

        if (r < 0)
                return r;
        unlinkat(to->dir, fresh, 0);   /* of a process with this id that did not come to its end */
        fd = openat(to->dir, fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (fd < 0)
                return -errno;
        r = write_all(fd, bytes, len);
        if (r == 0 && (fchmod(fd, to->mode) < 0 || renameat(to->dir, fresh, to->dir, to->path) < 0))
                r = -errno;
        if (r < 0)
                unlinkat(to->dir, fresh, 0);
        return r;
}
