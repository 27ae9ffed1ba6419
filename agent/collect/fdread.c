#include <fcntl.h>
#include "fdread.h"

#define CHUNK 4096

int fd_slurp(int fd, size_t max, char **ret, size_t *ret_len)
{
        CLEANUP(erase_freep) char *buf = NULL;
        size_t n = 0, cap = 0;

        for (;;) {
                ssize_t k;

                if (n + CHUNK + 1 > cap) {
                        char *bigger = erase_realloc(buf, cap * 2 + CHUNK + 1);

                        if (!bigger)
                                return -ENOMEM;
                        cap = cap * 2 + CHUNK + 1;
                        buf = bigger;
                }
                k = read(fd, buf + n, cap - n - 1);
                if (k < 0 && errno == EINTR)
                        continue;
                if (k < 0)
                        return -errno;
                if (n > max)
                        return -EFBIG;
                if (k == 0)
                        break;
                n += (size_t)k;
        }
        if (n > max)
                return -EFBIG;
        buf[n] = '\0';
        *ret_len = n;
        *ret = TAKE(buf);
        return 0;
}

int file_slurp(int dir, const char *name, size_t max, char **ret, size_t *ret_len)
{
        CLEANUP(closep) int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

        return fd < 0 ? -errno : fd_slurp(fd, max, ret, ret_len);
}
