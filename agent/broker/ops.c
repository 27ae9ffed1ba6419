/*
 * ops -- the one table of what is opened with privilege.
 *
 * A row checks its whole request, opens one kind of thing through the /proc
 * directory of the process, and yields a descriptor. Everything below that
 * directory is chosen by the container; nothing of it is ever read here.
 */
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include "rolewatch/io.h"
#include "wire.h"

/* Up to field 22 a stat line needs 64 bytes of comm and 20 numbers of at most 20 digits. */
#define STAT_MAX 1024
/* openat2(2): EAGAIN after a rename or mount meanwhile; a container can do that for ever. */
#define RESOLVE_TRIES 8
#define OPEN_CALMLY (O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)

/*
 * File systems whose "regular" files are programs: of the kernel (with our
 * privilege they show more than the container may see, some have effects), or
 * of the container itself, which can then let the reader wait for ever.
 */
#define FUSE_MAGIC 0x65735546
static const long refused_fs[] = {
        PROC_SUPER_MAGIC, SYSFS_MAGIC, DEBUGFS_MAGIC, TRACEFS_MAGIC, SECURITYFS_MAGIC,
        CGROUP_SUPER_MAGIC, CGROUP2_SUPER_MAGIC, BPF_FS_MAGIC, EFIVARFS_MAGIC, PSTOREFS_MAGIC,
        SELINUX_MAGIC, SMACK_MAGIC, NSFS_MAGIC, FUSE_MAGIC,
};

static int proc_open(pid_t pid, int *ret)
{
        char path[32];

        snprintf(path, sizeof path, "/proc/%d", (int)pid);
        int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0)
                return errno == ENOENT ? -ESRCH : -errno;
        *ret = fd;
        return 0;
}

/* A zombie counts as gone: it has no environment, root or namespace any more. */
static int process_is(int proc, uint64_t start_ticks)
{
        CLEANUP(closep) int fd = openat(proc, "stat", O_RDONLY | O_CLOEXEC);
        struct proc_stat st;
        char buf[STAT_MAX];

        if (fd < 0)
                return errno == ENOENT ? -ESRCH : -errno;
        ssize_t n = read(fd, buf, sizeof buf);
        if (n < 0)
                return -errno;
        int r = proc_stat_parse(buf, (size_t)n, &st);
        if (r < 0)
                return r;
        return st.start_ticks == start_ticks && !proc_stat_ended(&st) ? 0 : -ESRCH;
}

/*
 * The directory of the process that was named, if it is in a container. It pins the process:
 * whatever is opened through it is that one's, or fails once that one has ended. Requests
 * about a process come one after the other, so that the last one's directory is kept.
 */
static int process_dir(pid_t pid, uint64_t start_ticks)
{
        static struct { int fd; pid_t pid; uint64_t start_ticks; } last = { .fd = -1 };
        CLEANUP(closep) int fd = -1;
        int r;

        if (last.fd >= 0 && last.pid == pid && last.start_ticks == start_ticks)
                return last.fd;
        r = proc_open(pid, &fd);
        if (r == 0)
                r = process_is(fd, start_ticks);
        if (r == 0)
                r = container_check(fd);
        if (r < 0)
                return r;
        closep(&last.fd);
        last.fd = TAKE_FD(fd);
        last.pid = pid;
        last.start_ticks = start_ticks;
        return last.fd;
}

/* One that ended meanwhile gives odd errors (ENOENT, EACCES): they become the one that callers expect. */
static int entry_error(int proc, const struct wire_request *q, int error)
{
        return process_is(proc, q->start_ticks) == -ESRCH ? -ESRCH : -error;
}

static int entry_open(int proc, const struct wire_request *q, const char *name, int flags)
{
        int fd = openat(proc, name, flags | O_CLOEXEC);

        return fd < 0 ? entry_error(proc, q, errno) : fd;
}

static bool fs_refused(int fd)
{
        struct statfs fs;

        if (fstatfs(fd, &fs) < 0)
                return true;
        for (size_t i = 0; i < ARRAY_SIZE(refused_fs); i++)
                if ((unsigned long)fs.f_type == (unsigned long)refused_fs[i])
                        return true;
        return false;
}

/*
 * An O_PATH descriptor touches nothing: what it names is looked at first and
 * only then opened, as the same inode, so that no FIFO, device or lease of the
 * container is ever waited for.
 */
static int regular_open(int path_fd)
{
        char link[64];
        struct stat st;

        if (fstat(path_fd, &st) < 0)
                return -errno;
        if (!S_ISREG(st.st_mode) || fs_refused(path_fd))
                return -EINVAL;
        snprintf(link, sizeof link, "/proc/self/fd/%d", path_fd);
        int fd = open(link, OPEN_CALMLY);
        return fd < 0 ? -errno : fd;
}

static int op_environ(int proc, const struct wire_request *q)
{
        return entry_open(proc, q, "environ", OPEN_CALMLY);
}

static int op_exe(int proc, const struct wire_request *q)
{
        CLEANUP(closep) int path_fd = entry_open(proc, q, "exe", O_PATH);
        return path_fd < 0 ? path_fd : regular_open(path_fd);
}

/* glibc has no wrapper; since Linux 5.6. */
int root_resolve(int root, const char *path)
{
        struct open_how how = {
                .flags = O_PATH | O_CLOEXEC,
                .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
        };

        for (int i = 0; i < RESOLVE_TRIES; i++) {
                long fd = syscall(SYS_openat2, root, path, &how, sizeof how);
                if (fd >= 0)
                        return (int)fd;
                if (errno != EAGAIN && errno != EINTR)
                        return -errno;
        }
        return -EAGAIN;
}

int ops_files_check(void)
{
        CLEANUP(closep) int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
        CLEANUP(closep) int fd = root < 0 ? -errno : root_resolve(root, "/");

        return fd < 0 ? fd : 0;
}

/* The length of the link's text in buf, NUL-terminated, without the slash of "/". */
static ssize_t link_read(int proc, const char *name, char *buf, size_t size)
{
        ssize_t n = readlinkat(proc, name, buf, size - 1);

        if (n < 0)
                return -errno;
        if (n == 1 && buf[0] == '/')
                n = 0;
        buf[n] = '\0';
        return n;
}

/*
 * The kernel names the current directory from the root of the process's mount
 * namespace; a chroot inside it is taken off again. That name has no links in it,
 * so that each leading ".." takes one part away; above the root there is nothing.
 */
static int from_cwd(int proc, const struct wire_request *q, char *buf, size_t size)
{
        char root[PATH_MAX], cwd[PATH_MAX];
        const char *path = q->path, *below = cwd;
        ssize_t n = link_read(proc, "cwd", cwd, sizeof cwd), off = link_read(proc, "root", root, sizeof root);

        if (n < 0 || off < 0)
                return entry_error(proc, q, n < 0 ? (int)-n : (int)-off);
        if (strncmp(cwd, root, (size_t)off) == 0 && (cwd[off] == '/' || !cwd[off])) {
                below += off;
                n -= off;
        }
        for (; strncmp(path, "../", 3) == 0; path += 3) {
                if (n == 0)
                        return -EXDEV;
                while (n > 0 && below[--n] != '/')
                        ;
        }
        if ((size_t)n + 1 + strlen(path) >= size)
                return -ENOENT;
        memcpy(buf, below, (size_t)n);
        buf[n] = '/';
        strcpy(buf + n + 1, path);
        return 0;
}

/* An O_PATH descriptor of what the process names, below its own root. */
static int path_find(int proc, const struct wire_request *q)
{
        char full[PATH_MAX];
        const char *path = q->path;
        CLEANUP(closep) int root = entry_open(proc, q, "root", O_PATH | O_DIRECTORY);
        if (root < 0)
                return root;
        int r = container_root_check(root);
        if (r < 0)
                return r;
        if (path[0] != '/') {
                r = from_cwd(proc, q, full, sizeof full);
                if (r < 0)
                        return r;
                path = full;
        }
        return root_resolve(root, path);
}

static int op_file(int proc, const struct wire_request *q)
{
        CLEANUP(closep) int path_fd = path_find(proc, q);
        return path_fd < 0 ? path_fd : regular_open(path_fd);
}

/* "." of an O_PATH descriptor is that very directory. */
static int op_directory(int proc, const struct wire_request *q)
{
        CLEANUP(closep) int path_fd = path_find(proc, q);
        struct stat st;

        if (path_fd < 0)
                return path_fd;
        if (fstat(path_fd, &st) < 0)
                return -errno;
        if (!S_ISDIR(st.st_mode))
                return -ENOTDIR;
        if (fs_refused(path_fd))
                return -EINVAL;
        int fd = openat(path_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK);
        return fd < 0 ? -errno : fd;
}

static int op_maps(int proc, const struct wire_request *q)
{
        return entry_open(proc, q, "maps", OPEN_CALMLY);
}

static int op_auxv(int proc, const struct wire_request *q)
{
        return entry_open(proc, q, "auxv", OPEN_CALMLY);
}

static int op_netns(int proc, const struct wire_request *q)
{
        return entry_open(proc, q, "ns/net", O_RDONLY);
}

static int tcp_socket(int family)
{
        int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP);
        return fd < 0 ? -errno : fd;
}

/*
 * A socket belongs for good to the namespace in which it was made, so the
 * calling thread goes there for one call. If it cannot come back, everything
 * later would speak to the wrong network: then the program ends.
 */
static int op_socket(int proc, const struct wire_request *q)
{
        CLEANUP(closep) int there = entry_open(proc, q, "ns/net", O_RDONLY);
        if (there < 0)
                return there;
        CLEANUP(closep) int here = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
        if (here < 0)
                return -errno;
        struct stat a, b;
        if (fstat(there, &a) < 0 || fstat(here, &b) < 0)
                return -errno;
        if (a.st_dev == b.st_dev && a.st_ino == b.st_ino)
                return tcp_socket(q->number);
        if (setns(there, CLONE_NEWNET) < 0)
                return -errno;
        int fd = tcp_socket(q->number);
        if (setns(here, CLONE_NEWNET) < 0)
                abort();
        return fd;
}

static bool check_process(const struct wire_request *q)
{
        return q->pid > 0;
}

static bool check_plain(const struct wire_request *q)
{
        return check_process(q) && q->number == 0 && wire_path_empty(q);
}

/* Zero behind the NUL: a path has one reading only. */
static bool check_file(const struct wire_request *q)
{
        size_t len = strnlen(q->path, sizeof q->path);

        return check_process(q) && q->number == 0 && q->path[0] && len < sizeof q->path &&
               wire_zero(q->path + len, sizeof q->path - len);
}

static bool check_socket(const struct wire_request *q)
{
        return check_process(q) && (q->number == AF_INET || q->number == AF_INET6) &&
               wire_path_empty(q);
}

static const struct {
        bool (*check)(const struct wire_request *q);
        int (*open)(int proc, const struct wire_request *q);    /* of a process */
        int (*open_host)(const struct wire_request *q);
} rows[BROKER_OP_MAX] = {
        [BROKER_ENVIRON] = { check_plain, op_environ, NULL },
        [BROKER_EXE] = { check_plain, op_exe, NULL },
        [BROKER_FILE] = { check_file, op_file, NULL },
        [BROKER_DIRECTORY] = { check_file, op_directory, NULL },
        [BROKER_NETNS] = { check_plain, op_netns, NULL },
        [BROKER_SOCKET] = { check_socket, op_socket, NULL },
        [BROKER_MAPS] = { check_plain, op_maps, NULL },
        [BROKER_AUXV] = { check_plain, op_auxv, NULL },
        [BROKER_CONTAINER_CONFIG] = { check_plain, op_container_config, NULL },
        [BROKER_KERNEL_EVENTS] = { check_kernel_events, NULL, op_kernel_events },
        [BROKER_CONTAINER_LOG] = { check_container_log, NULL, op_container_log },
};

int ops_check(const struct wire_request *q)
{
        bool good = q->magic == WIRE_MAGIC && q->version == WIRE_VERSION &&
                    q->op < BROKER_OP_MAX && rows[q->op].check(q);

        return good ? 0 : -EINVAL;
}

int ops_run(const struct wire_request *q)
{
        int proc, r = ops_check(q);

        if (r < 0)
                return r;
        if (rows[q->op].open_host)
                return rows[q->op].open_host(q);
        proc = process_dir(q->pid, q->start_ticks);
        return proc < 0 ? proc : rows[q->op].open(proc, q);
}
