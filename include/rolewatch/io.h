/*
 * io -- reading and replacing files, reading directories and /proc, the clock, and a
 * descriptor that wakes an event loop.
 */
#pragma once
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include "rolewatch/base.h"
#include "rolewatch/limits.h"

/* ---- files ---- */

enum file_flags {
        OPEN_REGULAR_ONLY = 1,      /* else -EINVAL; a file whose size is beyond the bound is not read at all */
        OPEN_NO_SYMLINK = 2,           /* of the last part of the path: -ELOOP */
};
struct file_request {
        int dir;                       /* AT_FDCWD, or a directory that a relative path starts from */
        const char *path;
        size_t max_bytes;
        enum file_flags flags;
};
/* A descriptor for reading (O_CLOEXEC, O_NONBLOCK, O_NOCTTY), and what fstat(2) says of it (NULL: no matter). -errno; -EFBIG as above. */
int open_file(const struct file_request *q, int *ret_fd, struct stat *ret_stat);
/* The whole file, NUL-terminated; the caller's. -EFBIG: more than max_bytes; other -errno. */
int read_file(const struct file_request *q, char **ret, size_t *ret_len);
/*
 * The same of a descriptor, from where it stands. What is read is erased from any memory that
 * is given back on the way; the result is the caller's to erase.
 */
int read_fd(int fd, size_t max_bytes, char **ret, size_t *ret_len);
/* What such an error says of a file: "not a regular file", "too large", or strerror(3). */
const char *read_error_to_string(int error);

/* No memory, no descriptors: what such an error says is about this process, nothing about what it asked for. */
static inline bool error_is_shortage(int error) { return error == -ENOMEM || error == -EMFILE || error == -ENFILE; }

struct file_target {
        int dir;                       /* AT_FDCWD, or a directory that a relative path starts from */
        const char *path;
        mode_t mode;                   /* exactly, whatever the umask */
};
/*
 * Replaces the file at once, or leaves it as it was: written beside it under a hidden name that no other
 * process takes and that does not end as the file's own (node_exporter reads every *.prom), then renamed. -errno.
 */
int replace_file(const struct file_target *to, const void *bytes, size_t len);

/* ---- directories ---- */

struct directory_file {
        const char *path;
        char *text;                    /* NUL-terminated; may be changed, is erased afterwards */
        size_t len;
        int64_t modified_s;
};
enum directory_path {
        DIRECTORY_ONLY,
        DIRECTORY_OR_FILE,             /* a path that is a file stands for a directory with that one */
};
struct directory_request {
        const char *path, *suffix;     /* ".json": names that end so and do not begin with a dot */
        enum directory_path kind;
        size_t max_bytes, max_files;   /* of one file; further files are passed over */
        int (*on_file)(void *userdata, const struct directory_file *f);
        int (*on_error)(void *userdata, const char *path, int error);  /* -errno as of read_file; also of the directory itself */
        void *userdata;
};
/*
 * Calls on_file or on_error for each file, in the order of the names, until one returns other than 0, which is then
 * returned. A path that is not there is an empty directory. -ENOMEM.
 */
int read_directory(const struct directory_request *q);

/* ---- /proc ---- */

/* Fields of /proc/PID/stat (proc(5)). comm points into the text: it stands between the first '(' and the last ')'. */
struct proc_stat { pid_t ppid; char state; uint64_t start_ticks; const char *comm; size_t comm_len; };
/* -EBADMSG. Pure; the text need not end with NUL. */
int proc_stat_parse(const char *text, size_t len, struct proc_stat *ret);
/* It has ended: it has no environment, root or namespace any more. */
bool proc_stat_ended(const struct proc_stat *st);

struct proc_ids { uid_t uid; gid_t gid; gid_t groups[GROUPS_MAX]; size_t n_groups; };
/* Effective uid and gid, and the supplementary groups, of /proc/PID/status. -EBADMSG. Pure. */
int proc_ids_parse(const char *text, struct proc_ids *ret);

/* ---- clock ---- */

int64_t clock_wall_s(void);            /* seconds since the epoch */
int64_t clock_monotonic_s(void);
int64_t clock_monotonic_ms(void);
uint64_t clock_monotonic_us(void);

/* ---- wake_fd: one descriptor for a reader's own ones, that stays readable while work is left ---- */

struct wake_fd { int epoll, event; };
#define WAKE_FD_NONE { -1, -1 }
int wake_fd_open(struct wake_fd *w);   /* -errno */
void wake_fd_close(struct wake_fd *w);
int wake_fd_add(struct wake_fd *w, int fd);    /* readable: w is, too. -errno */
void wake_fd_more(struct wake_fd *w, bool more);
