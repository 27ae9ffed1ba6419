#include "rolewatch/io.h"

#define CHUNK 4096

int open_file(const struct file_request *q, int *ret_fd, struct stat *ret_stat)
{
        int link = q->flags & OPEN_NO_SYMLINK ? O_NOFOLLOW : 0;
        CLEANUP(closep) int fd = openat(q->dir, q->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | link);
        struct stat st;

        if (fd < 0 || ((q->flags & OPEN_REGULAR_ONLY || ret_stat) && fstat(fd, &st) < 0))
                return -errno;
        if (q->flags & OPEN_REGULAR_ONLY && !S_ISREG(st.st_mode))
                return -EINVAL;
        if (q->flags & OPEN_REGULAR_ONLY && (uint64_t)st.st_size > q->max_bytes)
                return -EFBIG;
        if (ret_stat)
                *ret_stat = st;
        *ret_fd = TAKE_FD(fd);
        return 0;
}

int read_fd(int fd, size_t max_bytes, char **ret, size_t *ret_len)
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
                if (n > max_bytes)
                        return -EFBIG;
                if (k == 0)
                        break;
                n += (size_t)k;
        }
        if (n > max_bytes)
                return -EFBIG;
        buf[n] = '\0';
        *ret_len = n;
        *ret = TAKE(buf);
        return 0;
}

int read_file(const struct file_request *q, char **ret, size_t *ret_len)
{
        CLEANUP(closep) int fd = -1;
        int r = open_file(q, &fd, NULL);

        return r < 0 ? r : read_fd(fd, q->max_bytes, ret, ret_len);
}

const char *read_error_to_string(int error)
{
        static const struct { int error; const char *text; } texts[] = {
                { -EINVAL, "not a regular file" }, { -EFBIG, "too large" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
                if (texts[i].error == error)
                        return texts[i].text;
        return strerror(-error);
}
