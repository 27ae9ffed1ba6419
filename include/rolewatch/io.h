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
        OPEN_REGULAR_ONLY = 1,         /* other kinds: -EINVAL; larger than max_bytes: -EFBIG before anything is read */
        OPEN_NO_SYMLINK = 2,           /* the last part of the path is a symbolic link: -ELOOP */
};
struct file_request {
        int dir;                       /* AT_FDCWD, or the directory that a relative path starts from */
        const char *path;
        size_t max_bytes;
        enum file_flags flags;
};
/* A descriptor for reading (O_CLOEXEC, O_NONBLOCK, O_NOCTTY) and its fstat(2) (ret_stat NULL: not needed). -errno; -EFBIG as above. */
int open_file(const struct file_request *q, int *ret_fd, struct stat *ret_stat);
/* The whole file, NUL-terminated; the caller's. -EFBIG: more than max_bytes; other -errno. */
int read_file(const struct file_request *q, char **ret, size_t *ret_len);
/*
 * The rest of a file, from the descriptor's current offset. Memory that is freed on the way is overwritten; the caller
 * erases the result if it may hold secrets.
 */
int read_fd(int fd, size_t max_bytes, char **ret, size_t *ret_len);
/* Text of an error of read_file: "not a regular file", "too large", or strerror(3). */
const char *read_error_to_string(int error);

/* No memory or no descriptors: an error of this process that says nothing about what it tried to read. */
static inline bool error_is_shortage(int error) { return error == -ENOMEM || error == -EMFILE || error == -ENFILE; }

struct file_target {
        int dir;                       /* AT_FDCWD, or the directory that a relative path starts from */
        const char *path;
        mode_t mode;                   /* exact: the umask does not apply */
};
/*
 * Replaces the file atomically, or leaves it as it was. The new file is written beside it under a hidden, unique name with
 * another suffix (node_exporter reads every *.prom), and then renamed. -errno.
 */
int replace_file(const struct file_target *to, const void *bytes, size_t len);

/* Waits for a descriptor that takes nothing now, unless it is O_NONBLOCK. -errno. */
int write_all(int fd, const char *bytes, size_t len);
/*
 * Whole lines on standard output. -EAGAIN: whoever reads it takes nothing now, and nothing was written; other -errno. A line
 * that is longer than what a pipe has space for waits for the reader.
 */
int standard_output_write(const char *s, size_t len);

/* ---- directories ---- */

struct directory_file {
        const char *path;
        char *text;                    /* NUL-terminated; the callee may change it; erased afterwards */
        size_t len;
        int64_t modified_s;
};
enum directory_path {
        DIRECTORY_ONLY,
        DIRECTORY_OR_FILE,             /* a path to a file is treated as a directory with that file */
};
struct directory_request {
        const char *path, *suffix;     /* suffix ".json": names that end with it and do not begin with a dot */
        enum directory_path kind;
        size_t max_bytes, max_files;   /* max_bytes per file; files beyond max_files are skipped */
        int (*on_file)(void *userdata, const struct directory_file *f);
        int (*on_error)(void *userdata, const char *path, int error);  /* -errno as of read_file; also of the directory itself */
        void *userdata;
};
/*
 * Calls on_file or on_error for each file, in the order of the names, until one returns non-zero, which is then returned.
 * A path that does not exist counts as an empty directory. -ENOMEM.
 */
int read_directory(const struct directory_request *q);

/* ---- /proc ---- */

/* Fields of /proc/PID/stat (proc(5)). comm points into the text, between the first '(' and the last ')'. */
struct proc_stat { pid_t ppid; char state; uint64_t start_ticks; const char *comm; size_t comm_len; };
/* -EBADMSG. Pure; the text need not end with NUL. */
int proc_stat_parse(const char *text, size_t len, struct proc_stat *ret);
/* A zombie or dead process: it has no environment, root or namespaces any more. */
bool proc_stat_ended(const struct proc_stat *st);

struct proc_ids { uid_t uid; gid_t gid; gid_t groups[GROUPS_MAX]; size_t n_groups; };
/* Effective uid and gid, and the supplementary groups, of /proc/PID/status. -EBADMSG. Pure. */
int proc_ids_parse(const char *text, struct proc_ids *ret);

/* ---- Unix sockets ---- */

/*
 * A connected socket of this type (SOCK_STREAM, SOCK_SEQPACKET) that waits limit_s seconds at most. -ENAMETOOLONG; -ETIMEDOUT: the server
 * accepts no more connections; other -errno.
 */
int unix_connect(const char *path, int type, unsigned limit_s, int *ret);

/* ---- clock ---- */

int64_t clock_wall_s(void);            /* seconds since the epoch */
int64_t clock_monotonic_s(void);
int64_t clock_monotonic_ms(void);
uint64_t clock_monotonic_us(void);

/* ---- wake_fd: one descriptor to poll for several; it stays readable while work is left ---- */

struct wake_fd { int epoll, event; };
#define WAKE_FD_NONE { -1, -1 }
int wake_fd_open(struct wake_fd *w);   /* -errno */
void wake_fd_close(struct wake_fd *w);
int wake_fd_add(struct wake_fd *w, int fd);    /* w is readable while fd is. fd stays the caller's. -errno */
void wake_fd_more(struct wake_fd *w, bool more);       /* true: w stays readable until this is called with false */
