#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include "fdread.h"
#include "folder.h"
#include "limits.h"

struct visit {
        size_t max_bytes;
        int (*read)(void *to, const char *path, const char *text, size_t len, int64_t as_of_s);
        int (*fault)(void *to, const char *path, const char *why);
        void *to;
};

static int visit_file(const struct visit *v, const char *path)
{
        CLEANUP(closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        CLEANUP(erase_freep) char *text = NULL;
        struct stat st;
        size_t len;
        int r;

        if (fd < 0 || fstat(fd, &st) < 0)
                return v->fault(v->to, path, strerror(errno));
        if (!S_ISREG(st.st_mode))
                return v->fault(v->to, path, "not a regular file");
        r = fd_slurp(fd, v->max_bytes, &text, &len);
        if (r == -ENOMEM)
                return r;
        if (r < 0)
                return v->fault(v->to, path, r == -EFBIG ? "too large" : strerror(-r));
        return v->read(v->to, path, text, len, (int64_t)st.st_mtim.tv_sec);
}

static int is_json(const struct dirent *d)
{
        size_t n = strlen(d->d_name);

        return d->d_name[0] != '.' && n > 5 && streq(d->d_name + n - 5, ".json");
}

int folder_read(const char *path, size_t max_bytes, size_t max_files,
                int (*read)(void *to, const char *path, const char *text, size_t len, int64_t as_of_s),
                int (*fault)(void *to, const char *path, const char *why), void *to)
{
        const struct visit v = { max_bytes, read, fault, to };
        struct dirent **list = NULL;
        int n = scandir(path, &list, is_json, alphasort), r = 0;

        if (n < 0 && errno == ENOTDIR)
                return visit_file(&v, path);
        if (n < 0)
                return errno == ENOENT ? 0 : fault(to, path, strerror(errno));
        for (int i = 0; i < n; i++) {
                char file[PATH_TEXT_MAX];

                if (r == 0 && (size_t)i < max_files &&
                    (size_t)snprintf(file, sizeof file, "%s/%s", path, list[i]->d_name) < sizeof file)
                        r = visit_file(&v, file);
                free(list[i]);
        }
        free(list);
        return r;
}
