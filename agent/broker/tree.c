/*
 * tree -- a broker in this process whose files are those below a directory, such as an unpacked image: no process runs there, and
 * nothing but files and directories is served. Paths never lead out of the directory.
 */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include "rolewatch/broker_tree.h"
#include "wire.h"

/* The length of a directory without its slashes at the end. */
static size_t directory_len(const char *path, size_t n)
{
        while (n > 0 && path[n - 1] == '/')
                n--;
        return n;
}

/* b->path is the current directory that relative paths start from, absolute. */
static int tree_path(const struct broker *b, const char *path, char *buf, size_t size)
{
        size_t n = directory_len(b->path, strlen(b->path));

        if (path[0] == '/')
                return snprintf(buf, size, "%s", path) < (int)size ? 0 : -ENAMETOOLONG;
        for (; strncmp(path, "../", 3) == 0; path += 3) {
                if (n == 0)
                        return -EXDEV;
                while (b->path[n - 1] != '/')
                        n--;
                n = directory_len(b->path, n);
        }
        return snprintf(buf, size, "%.*s/%s", (int)n, b->path, path) < (int)size ? 0 : -ENAMETOOLONG;
}

/* What is named is examined first and only then opened, so that no FIFO or device is. */
static int tree_open(int root, const char *path, mode_t kind, int flags)
{
        CLEANUP(closep) int path_fd = root_resolve(root, path);
        char link[64];
        struct stat st;
        int fd;

        if (path_fd < 0)
                return path_fd;
        if (fstat(path_fd, &st) < 0)
                return -errno;
        if ((st.st_mode & S_IFMT) != kind)
                return kind == S_IFDIR ? -ENOTDIR : -EINVAL;
        snprintf(link, sizeof link, "/proc/self/fd/%d", path_fd);
        fd = open(link, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | flags);
        return fd < 0 ? -errno : fd;
}

static int tree_run(struct broker *b, const struct wire_request *q)
{
        char path[PATH_MAX];
        int r;

        if (q->op != BROKER_FILE && q->op != BROKER_DIRECTORY)
                return -ENOENT;
        r = tree_path(b, q->path, path, sizeof path);
        if (r < 0)
                return r;
        return q->op == BROKER_FILE ? tree_open(b->fd, path, S_IFREG, 0) : tree_open(b->fd, path, S_IFDIR, O_DIRECTORY);
}

int broker_tree(const char *directory, const char *current, struct broker **ret)
{
        CLEANUP(broker_freep) struct broker *b = NULL;
        char absolute[PATH_MAX];
        int r = snprintf(absolute, sizeof absolute, "/%s", current) < (int)sizeof absolute ? broker_new(absolute, tree_run, &b) : -ENAMETOOLONG;

        if (r < 0)
                return r;
        b->fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (b->fd < 0)
                return -errno;
        *ret = TAKE(b);
        return 0;
}

int broker_tree_find(const struct broker *b, const char *path, char *ret, size_t size)
{
        char full[PATH_MAX], link[64], root[PATH_MAX];
        CLEANUP(closep) int fd = -1;
        ssize_t n, off;
        struct stat st;
        int r = tree_path(b, path, full, sizeof full);

        if (r < 0)
                return r;
        fd = root_resolve(b->fd, full);
        if (fd < 0)
                return fd;
        if (fstat(fd, &st) < 0)
                return -errno;
        if (!S_ISREG(st.st_mode) || !(st.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH)))
                return -EACCES;
        snprintf(link, sizeof link, "/proc/self/fd/%d", b->fd);
        off = readlink(link, root, sizeof root);
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        n = readlink(link, full, sizeof full);
        if (off < 0 || n < 0)
                return -errno;
        off = off == 1 ? 0 : off;
        if (n <= off || memcmp(full, root, (size_t)off) != 0 || (size_t)(n - off) >= size)
                return -ENAMETOOLONG;
        memcpy(ret, full + off, (size_t)(n - off));
        ret[n - off] = '\0';
        return 0;
}
