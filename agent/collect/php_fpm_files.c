#include <dirent.h>
#include <fnmatch.h>
#include <stdio.h>
#include <sys/stat.h>
#include "php_fpm_files.h"
#include "rolewatch/io.h"
#include "rolewatch/limits.h"

struct fpm_files { struct reader *rd; const struct php_fpm_question *q; struct php_fpm_pool *to; unsigned n; };

static int fpm_file_read(struct fpm_files *x, const char *path)
{
        CLEANUP(closep) int fd = ++x->n > PHP_FPM_FILES_MAX ? -EFBIG : broker_file(x->rd->x->at.broker, x->q->master, path);
        CLEANUP(erase_freep) char *text = NULL;
        struct stat st;
        size_t len = 0;
        int r;

        if (fd < 0)
                return fd;
        if (fstat(fd, &st) < 0)
                return -errno;
        if (st.st_mtim.tv_sec > x->q->started_s || st.st_ctim.tv_sec > x->q->started_s)
                return -ESTALE;
        r = read_fd(fd, PHP_FPM_FILE_MAX, &text, &len);
        x->rd->recovered += len;
        return r < 0 ? r : php_fpm_parse(x->rd->x->s->arena, (struct span){ text, len }, x->q->pool, x->to);
}

/* As glob(3), with wildcards in the last part only. In any order: see php_fpm_parse. */
static int fpm_glob_read(struct fpm_files *x, const char *directory, const char *pattern)
{
        CLEANUP(closep) int fd = broker_directory(x->rd->x->at.broker, x->q->master, directory);
        const struct dirent *e;
        unsigned names = 0;
        DIR *list;
        int r = 0;

        if (fd == -ENOENT)
                return 0;
        if (fd < 0)
                return fd;
        list = fdopendir(fd);
        if (!list)
                return -errno;
        fd = -1;
        while (r == 0 && (errno = 0, e = readdir(list))) {
                char path[PATH_TEXT_MAX];

                if (++names > PHP_FPM_NAMES_MAX)
                        r = -EFBIG;
                else if (fnmatch(pattern, e->d_name, FNM_PERIOD | FNM_PATHNAME) == 0)
                        r = (size_t)snprintf(path, sizeof path, "%s/%s", directory, e->d_name) < sizeof path ? fpm_file_read(x, path) : -ENAMETOOLONG;
        }
        if (r == 0 && errno)
                r = -errno;
        closedir(list);
        return r;
}

/* Relative to the prefix that php-fpm was built with: known where its own file is at PREFIX/etc/php-fpm.conf, as in the image of Docker. */
static int fpm_include_read(struct fpm_files *x, const char *include)
{
        static const char own[] = "/etc/php-fpm.conf";
        size_t len = strlen(x->q->config), prefix = len >= sizeof own - 1 ? len - (sizeof own - 1) : 0;
        bool at_prefix = len >= sizeof own - 1 && streq(x->q->config + prefix, own);
        char path[PATH_TEXT_MAX], *name;

        if (include[0] != '/' && !at_prefix)
                return -ENOENT;
        if ((size_t)snprintf(path, sizeof path, "%.*s%s%s", include[0] == '/' ? 0 : (int)prefix, x->q->config, include[0] == '/' ? "" : "/", include) >= sizeof path)
                return -ENAMETOOLONG;
        name = strrchr(path, '/');
        *name++ = '\0';
        if (strpbrk(path, "*?[") || strchr(include, '\\'))
                return -EBADMSG;
        if (strpbrk(name, "*?["))
                return fpm_glob_read(x, path, name);
        name[-1] = '/';
        return fpm_file_read(x, path);
}

int php_fpm_read(struct reader *rd, const struct php_fpm_question *q, struct php_fpm_pool *ret)
{
        struct php_fpm_pool pool = { .n_includes = 0 };
        struct fpm_files x = { rd, q, &pool, 0 };
        int r = fpm_file_read(&x, q->config);

        /* What is included may include more. */
        for (size_t i = 0; r == 0 && i < pool.n_includes; i++)
                r = fpm_include_read(&x, pool.includes[i]);
        if (r == 0)
                *ret = pool;
        return r;
}
