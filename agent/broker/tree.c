/*
 * tree -- a broker in this process whose files are those below a directory, such as an unpacked image, or those that a caller has, such as
 * an archive: no process runs there, and nothing but files and directories is served. Paths never lead out of the directory.
 */
#include <dirent.h>
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
        if (b->files)
                return q->op == BROKER_FILE ? b->files->open(b->files_userdata, path, &b->opened) : -EOPNOTSUPP;
        return q->op == BROKER_FILE ? tree_open(b->fd, path, S_IFREG, 0) : tree_open(b->fd, path, S_IFDIR, O_DIRECTORY);
}

static int tree_new(const char *current, struct broker **ret)
{
        char absolute[PATH_MAX];

        return snprintf(absolute, sizeof absolute, "/%s", current) < (int)sizeof absolute ? broker_new(absolute, tree_run, ret) : -ENAMETOOLONG;
}

int broker_tree_of(const struct broker_tree_files *files, void *userdata, const char *current, struct broker **ret)
{
        int r = tree_new(current, ret);

        if (r == 0) {
                (*ret)->files = files;
                (*ret)->files_userdata = userdata;
        }
        return r;
}

int broker_tree(const char *directory, const char *current, struct broker **ret)
{
        CLEANUP(broker_freep) struct broker *b = NULL;
        int r = tree_new(current, &b);

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
        if (b->files)
                return b->files->find(b->files_userdata, full, ret, size);
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

/* ---- for any broker ---- */

const struct stat *broker_tree_owner(const struct broker *b, struct stat *st)
{
        if (b->files) {
                st->st_mode = b->opened.st_mode;
                st->st_uid = b->opened.st_uid;
                st->st_gid = b->opened.st_gid;
        }
        return st;
}

static int directory_read(int fd, const struct broker_names *q)
{
        DIR *list = fdopendir(fd);
        const struct dirent *e;
        int r = 0;

        if (!list) {
                close(fd);
                return -ENOMEM;
        }
        for (size_t n = 0; r == 0 && n < q->max && (e = readdir(list)); n++)
                r = q->on_name(q->userdata, e->d_name);
        closedir(list);
        return r;
}

int broker_directory_read(struct broker *b, struct broker_target t, const struct broker_names *q)
{
        char path[PATH_MAX];
        int r;

        if (!b->files) {
                r = broker_directory(b, t, q->path);
                return r < 0 ? r : directory_read(r, q);
        }
        r = tree_path(b, q->path, path, sizeof path);
        return r < 0 ? r : b->files->names(b->files_userdata, path, q);
}
