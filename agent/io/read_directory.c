#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include "rolewatch/io.h"

static int visit_file(const struct directory_request *q, const char *path)
{
        const struct file_request file = { AT_FDCWD, path, q->max_bytes, OPEN_REGULAR_ONLY };
        CLEANUP(closep) int fd = -1;
        CLEANUP(erase_freep) char *text = NULL;
        struct directory_file f = { .path = path };
        struct stat st;
        int r = open_file(&file, &fd, &st);

        if (r == 0)
                r = read_fd(fd, q->max_bytes, &text, &f.len);
        if (r == -ENOMEM)
                return r;
        if (r < 0)
                return q->on_error(q->userdata, path, r);
        f.text = text;
        f.modified_s = (int64_t)st.st_mtim.tv_sec;
        return q->on_file(q->userdata, &f);
}

static bool directory_is_wanted(const char *name, const char *suffix)
{
        size_t n = strlen(name), end = strlen(suffix);

        return name[0] != '.' && n > end && streq(name + n - end, suffix);
}

static int visit_name(const struct directory_request *q, const char *name)
{
        char path[PATH_MAX];
        int n = snprintf(path, sizeof path, "%s/%s", q->path, name);

        return n < 0 || (size_t)n >= sizeof path ? q->on_error(q->userdata, name, -ENAMETOOLONG) : visit_file(q, path);
}

int read_directory(const struct directory_request *q)
{
        struct dirent **list = NULL;
        int n = scandir(q->path, &list, NULL, alphasort), r = 0;
        size_t files = 0;

        if (n < 0 && errno == ENOTDIR && q->kind == DIRECTORY_OR_FILE)
                return visit_file(q, q->path);
        if (n < 0)
                return errno == ENOENT ? 0 : errno == ENOMEM ? -ENOMEM : q->on_error(q->userdata, q->path, -errno);
        for (int i = 0; i < n; i++) {
                if (r == 0 && files < q->max_files && directory_is_wanted(list[i]->d_name, q->suffix)) {
                        files++;
                        r = visit_name(q, list[i]->d_name);
                }
                free(list[i]);
        }
        free(list);
        return r;
}
