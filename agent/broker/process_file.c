/* Of the library only: the program that is privileged does not know what a process may read. */
#include "rolewatch/broker_tree.h"
#include "rolewatch/process_file.h"

static bool in_groups(const struct proc_ids *ids, gid_t gid)
{
        for (size_t i = 0; i < ids->n_groups; i++)
                if (ids->groups[i] == gid)
                        return true;
        return ids->gid == gid;
}

/* The permission bits as the kernel would apply them to the process; root may read all. */
static bool process_may_read(const struct proc_ids *ids, const struct stat *st)
{
        if (ids->uid == 0)
                return true;
        if (ids->uid == st->st_uid)
                return st->st_mode & S_IRUSR;
        return st->st_mode & (in_groups(ids, st->st_gid) ? S_IRGRP : S_IROTH);
}

static const struct {
        int error;
        enum file_state state;
} open_errors[] = {
        { -ENOENT, FILE_ABSENT },      { -ENOTDIR, FILE_ABSENT }, { -EINVAL, FILE_NOT_REGULAR },
        { -EISDIR, FILE_NOT_REGULAR }, { -ELOOP, FILE_OUTSIDE },  { -EXDEV, FILE_OUTSIDE },
};

enum file_state process_file_open(const struct file_view *v, const char *path, int *ret_fd)
{
        struct stat st;
        int fd;

        if (!v->b)
                return FILE_UNKNOWN;
        fd = broker_file(v->b, v->t, path);
        for (size_t i = 0; i < ARRAY_SIZE(open_errors) && fd < 0; i++)
                if (fd == open_errors[i].error)
                        return open_errors[i].state;
        if (fd < 0)
                return FILE_UNKNOWN;
        if (fstat(fd, &st) < 0 || !process_may_read(&v->ids, broker_tree_owner(v->b, &st))) {
                close(fd);
                return FILE_UNREADABLE;
        }
        *ret_fd = fd;
        return FILE_OK;
}
