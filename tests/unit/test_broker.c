/*
 * The table of operations, each row in-process and through the server, against
 * real processes: chrooted, in network namespaces of their own, gone.
 */
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include "helper_broker.h"

static struct broker *brokers[2];
static const char *const kinds[] = { "in-process", "server" };
static struct served served;
static char tree[64];
static int servers_fds;         /* with its one client, nothing asked yet */

static void must(int r) { if (r < 0) { perror("setup"); _exit(99); } }

static void put(const char *path, const char *text)
{
        int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        must(fd);
        must((int)write(fd, text, strlen(text)));
        close(fd);
}

/* A container's root as an attacker would lay it out; "secret" lies outside, beside it. */
static void in_container(const char *dir)
{
        struct sockaddr_un sa = { .sun_family = AF_UNIX, .sun_path = "sock" };

        must(chdir(dir));
        must(unshare(CLONE_NEWNS));
        must(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL));
        must(mount("proc", "proc", "proc", 0, NULL));
        must(mount("tmpfs", "mnt", "tmpfs", 0, NULL));
        put("mnt/file", "mounted");
        put("plain", "inside");
        put("locked", "locked");
        must(chmod("locked", 0));
        must(symlink("/plain", "abs"));
        must(symlink("../../../plain", "up"));
        must(symlink("../secret", "beside"));
        must(symlink("/etc/passwd", "passwd"));
        must(symlink("loop", "loop"));
        must(mkfifo("fifo", 0600));
        must(mknod("zero", S_IFCHR | 0666, makedev(1, 5)));
        must(bind(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), (struct sockaddr *)&sa,
                  sizeof sa));
        put("leased", "leased");
        int leased = open("leased", O_RDWR | O_CLOEXEC);
        signal(SIGIO, SIG_IGN);
        must(fcntl(leased, F_SETLEASE, F_WRLCK));
        must(chroot("."));
        must(chdir("/dir"));
        put("here", "below");
        /* Parsers of /proc/PID/stat that stop at the first ')' read this name as fields. */
        must(prctl(PR_SET_NAME, "a) S 1 ) 2 3"));
}

static void in_netns(const char *dir) { (void)dir; must(unshare(CLONE_NEWNET)); }
static void plain(const char *dir) { (void)dir; }
static void rooted(const char *dir) { must(chroot(dir)); }
static void on_the_host(const char *dir) { (void)dir; group_enter(NULL); }

static void as_sleep(const char *dir)
{
        char *const argv[] = { (char[]){ "sleep" }, (char[]){ "60" }, NULL };
        char *const env[] = { (char[]){ "A=1" }, (char[]){ "B=two" }, NULL };

        (void)dir;
        must(execve("/bin/sleep", argv, env));
}

static int read_close(int fd, char *buf, size_t size)
{
        ssize_t n = read(fd, buf, size);

        assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
        assert_int_equal(fcntl(fd, F_GETFL) & O_ACCMODE, O_RDONLY);
        close(fd);
        return (int)n;
}

static const struct file_row {
        const char *path;
        int error;
        const char *text, *why;
} file_rows[] = {
        { "/plain", 0, "inside", "a file" },
        { "/abs", 0, "inside", "an absolute symlink stays in the root" },
        { "/up", 0, "inside", "so does .." },
        { "/../../dir/..//plain", 0, "inside", "and .. in the request" },
        { "/mnt/file", 0, "mounted", "mounts of the process are seen" },
        { "/locked", 0, "locked", "mode 0 does not matter to the broker" },
        { "/beside", -ENOENT, NULL, "a file outside is not there" },
        { "/passwd", 0, "root:x:0:0::/root:/bin/sh\n", "an absolute one leads to the root's own /etc/passwd" },
        { "/none", -ENOENT, NULL, "no file" },
        { "/plain/x", -ENOTDIR, NULL, "a file is no directory" },
        { "/loop", -ELOOP, NULL, "a symlink to itself" },
        { "/proc/self/root/etc/passwd", -ELOOP, NULL, "a magic link would lead out" },
        { "/proc/self/environ", -EINVAL, NULL, "procfs would show what the container may not see" },
        { "/proc/uptime", -EINVAL, NULL, "procfs is no file of the container" },
        { "/fifo", -EINVAL, NULL, "a FIFO would block" },
        { "/zero", -EINVAL, NULL, "a device never ends" },
        { "/sock", -EINVAL, NULL, "a socket" },
        { "/dir", -EINVAL, NULL, "a directory" },
        { "/", -EINVAL, NULL, "the root itself" },
        { "/leased", -EAGAIN, NULL, "a lease is not waited for" },
        { "here", 0, "below", "a relative path counts from the current directory" },
        { "../plain", 0, "inside", "and goes up from there" },
        { "../../../../plain", -EXDEV, NULL, "and not above the root" },
        { "plain", -ENOENT, NULL, "which is not the current directory" },
        { "../proc/self/root/etc/passwd", -ELOOP, NULL, "no magic link either" },
        { ".", -EINVAL, NULL, "the current directory itself" },
        { "", -EINVAL, NULL, "empty" },
        { NULL, -EINVAL, NULL, "none" },
};

/* Its names, and nothing that is no directory of the container. */
static void each_directory(const struct child *c)
{
        static const struct { const char *path; int want; } T[] = {
                { "/mnt", 0 }, { "/", 0 }, { ".", 0 }, { "../mnt", 0 }, { "/plain", -ENOTDIR }, { "/abs", -ENOTDIR }, { "/sock", -ENOTDIR },
                { "/none", -ENOENT }, { "/beside", -ENOENT }, { "/loop", -ELOOP }, { "/proc", -EINVAL }, { "/proc/self/fd", -EINVAL },
                { "/proc/self/root", -ELOOP }, { "../../..", -EXDEV }, { "", -EINVAL }, { NULL, -EINVAL },
        };
        struct stat st;

        for (size_t k = 0; k < 2; k++) {
                for (size_t i = 0; i < ARRAY_SIZE(T); i++) {
                        CLEANUP(closep) int fd = broker_directory(brokers[k], c->t, T[i].path);

                        if ((fd < 0 ? fd : 0) != T[i].want)
                                fail_msg("%s: %d", T[i].path, fd);
                        if (fd >= 0)
                                assert_true(fstat(fd, &st) == 0 && S_ISDIR(st.st_mode));
                        if (i == 0)
                                assert_int_equal(faccessat(fd, "file", R_OK, 0), 0);
                }
                /* The parent of a container's root is that root. */
                CLEANUP(closep) int up = broker_directory(brokers[k], c->t, "/../..");
                assert_true(up >= 0 && faccessat(up, "plain", F_OK, 0) == 0);
        }
}

static void each_file(void **state)
{
        struct child c = child_start(in_container, tree);
        char buf[64];

        (void)state;
        for (size_t k = 0; k < 2; k++)
                for (size_t i = 0; i < ARRAY_SIZE(file_rows); i++) {
                        const struct file_row *row = &file_rows[i];
                        int fd = broker_file(brokers[k], c.t, row->path);
                        if ((fd < 0 ? fd : 0) != row->error)
                                fail_msg("%s, %s: got %d", kinds[k], row->why, fd);
                        if (fd < 0)
                                continue;
                        int n = read_close(fd, buf, sizeof buf);
                        if (n != (int)strlen(row->text) || memcmp(buf, row->text, (size_t)n))
                                fail_msg("%s, %s: read %.*s", kinds[k], row->why, n, buf);
                }
        each_directory(&c);
        child_stop(&c);
}

static void long_paths(void **state)
{
        struct child c = child_start(rooted, tree);
        char path[BROKER_PATH_MAX + 2], buf[4];

        (void)state;
        for (size_t k = 0; k < 2; k++)
                for (size_t len = BROKER_PATH_MAX - 1; len <= BROKER_PATH_MAX + 1; len++) {
                        memset(path, '/', len);
                        memcpy(path + len - 10, "etc/passwd", 11);
                        int fd = broker_file(brokers[k], c.t, path);
                        if (len >= BROKER_PATH_MAX)
                                assert_int_equal(fd, -EINVAL);
                        else
                                assert_int_equal(read_close(fd, buf, sizeof buf), sizeof buf);
                }
        child_stop(&c);
}

/* Of that very program: its fork has the same vector, and another execution has another. */
static void auxv(void **state)
{
        struct child c = child_start(as_sleep, NULL), other = child_start(as_sleep, NULL);
        char own[4096], of_other[4096];

        (void)state;
        for (size_t k = 0; k < 2; k++) {
                ssize_t n = read_close(broker_auxv(brokers[k], c.t), own, sizeof own);

                assert_true(n > 64);
                assert_int_equal(read_close(broker_auxv(brokers[k], other.t), of_other, sizeof of_other), n);
                assert_true(memcmp(own, of_other, (size_t)n) != 0);
        }
        child_stop(&c);
        child_stop(&other);
}

static void environ_exe_netns(void **state)
{
        struct child c = child_start(as_sleep, NULL);
        struct stat want, got;
        char buf[64];

        (void)state;
        for (size_t k = 0; k < 2; k++) {
                assert_int_equal(read_close(broker_environ(brokers[k], c.t), buf, sizeof buf), 10);
                assert_memory_equal(buf, "A=1\0B=two", 10);

                int fd = broker_exe(brokers[k], c.t);
                assert_int_equal(fstat(fd, &got), 0);
                assert_int_equal(stat("/bin/sleep", &want), 0);
                assert_true(want.st_ino == got.st_ino && want.st_dev == got.st_dev);
                assert_int_equal(read_close(fd, buf, 4), 4);
                assert_memory_equal(buf, "\177ELF", 4);

                fd = broker_netns(brokers[k], c.t);
                assert_int_equal(fstat(fd, &got), 0);
                assert_true(got.st_ino == netns_of(c.pid));
                close(fd);
        }
        child_stop(&c);
}

static int option_of(int fd, int name)
{
        int value = -1;
        socklen_t len = sizeof value;

        assert_int_equal(getsockopt(fd, SOL_SOCKET, name, &value, &len), 0);
        return value;
}

static void sockets(void **state)
{
        static const int families[] = { AF_INET, AF_INET6 };
        static const int refused[] = { 0, -1, AF_UNIX, AF_NETLINK, AF_PACKET };
        struct child cs[] = { child_start(in_netns, NULL), child_start(plain, NULL) };
        ino_t own = netns_of(getpid()), servers = netns_of(served.pid);
        struct stat st;

        (void)state;
        assert_true(netns_of(cs[0].pid) != own);
        for (size_t i = 0; i < 8; i++) {
                int family = families[i & 1];
                struct child *c = &cs[i >> 1 & 1];
                int fd = broker_socket(brokers[i >> 2], c->t, family);
                assert_true(fd >= 0);
                int ns = ioctl(fd, SIOCGSKNS);
                assert_int_equal(fstat(ns, &st), 0);
                assert_true(st.st_ino == netns_of(c->pid));
                assert_int_equal(option_of(fd, SO_DOMAIN), family);
                assert_int_equal(option_of(fd, SO_TYPE), SOCK_STREAM);
                assert_int_equal(option_of(fd, SO_PROTOCOL), IPPROTO_TCP);
                assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC && fcntl(fd, F_GETFL) & O_NONBLOCK);
                close(ns);
                close(fd);
                assert_true(netns_of(getpid()) == own && netns_of(served.pid) == servers);
        }
        for (size_t i = 0; i < 2 * ARRAY_SIZE(refused); i++)
                assert_int_equal(broker_socket(brokers[i & 1], cs[0].t, refused[i >> 1]), -EINVAL);
        child_stop(&cs[0]);
        child_stop(&cs[1]);
}

/* The way a probe goes: the socket reaches a listener on the other namespace's loopback only. */
static int listener_port;
static void listening(const char *dir)
{
        struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons((uint16_t)listener_port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
        struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };

        in_netns(dir);
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        must(ioctl(fd, SIOCSIFFLAGS, &lo));
        must(bind(fd, (struct sockaddr *)&sa, sizeof sa));
        must(listen(fd, 1));
}

static void socket_reaches(void **state)
{
        struct sockaddr_in sa = {
                .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
        };
        socklen_t len = sizeof sa;
        int here = socket(AF_INET, SOCK_STREAM, 0);

        (void)state;
        /* Bound, not listening: a connect in our own namespace is refused on this port. */
        assert_int_equal(bind(here, (struct sockaddr *)&sa, sizeof sa), 0);
        assert_int_equal(getsockname(here, (struct sockaddr *)&sa, &len), 0);
        listener_port = ntohs(sa.sin_port);
        struct child c = child_start(listening, NULL);
        for (size_t k = 0; k < 2; k++) {
                int fd = broker_socket(brokers[k], c.t, AF_INET);
                fcntl(fd, F_SETFL, 0);
                assert_int_equal(connect(fd, (struct sockaddr *)&sa, sizeof sa), 0);
                close(fd);
        }
        close(here);
        child_stop(&c);
}

/* The bundle of the container that this program's children are in, as containerd lays it out. */
static char config[256];

static int config_put(void)
{
        char command[300];

        snprintf(command, sizeof command, "mkdir -p %s/io.containerd.runtime.v2.task/moby/%s", tree, test_container());
        if (system(command) != 0)
                return -1;
        snprintf(config, sizeof config, "%s/io.containerd.runtime.v2.task/moby/%s/config.json", tree, test_container());
        put(config, "{}");
        return setenv("ROLEWATCH_CONTAINERD_STATE", tree, 1);
}

/* The runtime's own directory decides, and no link is followed. */
static void container_config(void **state)
{
        struct child c = child_start(plain, NULL), host;
        const char *path = config;
        char buf[64];

        (void)state;
        for (size_t k = 0; k < 2; k++) {
                assert_int_equal(read_close(broker_container_config(brokers[k], c.t), buf, sizeof buf), 2);
                assert_int_equal(unlink(path), 0);
                assert_int_equal(broker_container_config(brokers[k], c.t), -ENOENT);
                assert_int_equal(symlink("/etc/shadow", path), 0);
                assert_int_equal(broker_container_config(brokers[k], c.t), -ELOOP);
                assert_int_equal(unlink(path), 0);
                assert_int_equal(mkfifo(path, 0600), 0);
                assert_int_equal(broker_container_config(brokers[k], c.t), -EINVAL);
                assert_int_equal(unlink(path), 0);
                put(path, "{}");
        }
        child_stop(&c);
        host = child_start(on_the_host, NULL);
        for (size_t k = 0; k < 2; k++)
                assert_int_equal(broker_container_config(brokers[k], host.t), -EPERM);
        child_stop(&host);
}

/* Docker's data root, with one file of the log of the container that this program's children are in. */
static char docker_log[256];

static int docker_put(void)
{
        char command[300];

        snprintf(command, sizeof command, "mkdir -p %s/docker/containers/%s", tree, test_container());
        if (system(command) != 0)
                return -1;
        snprintf(docker_log, sizeof docker_log, "%s/docker/containers/%s/%s-json.log", tree, test_container(), test_container());
        put(docker_log, "{}");
        snprintf(command, sizeof command, "%s/docker", tree);
        return setenv("ROLEWATCH_DOCKER_ROOT", command, 1);
}

static int log_of(struct broker *b, const char *id, enum broker_container_log file)
{
        return broker_run(b, &(struct broker_request){ .op = BROKER_CONTAINER_LOG, .number = (int)file, .container_id = id });
}

/* The id and the number decide, also of a container that has ended; no link is followed below the data root. */
static void container_log(void **state)
{
        char buf[64], directory[256], moved[300], cached[300];
        const char *id = test_container();

        (void)state;
        snprintf(directory, sizeof directory, "%s/docker/containers/%s", tree, id);
        snprintf(moved, sizeof moved, "%s.moved", directory);
        snprintf(cached, sizeof cached, "%s/container-cached.log", directory);
        for (size_t k = 0; k < 2; k++) {
                assert_int_equal(read_close(log_of(brokers[k], id, BROKER_LOG_JSON_FILE), buf, sizeof buf), 2);
                assert_int_equal(log_of(brokers[k], id, BROKER_LOG_LOCAL), -ENOENT);
                assert_int_equal(log_of(brokers[k], id, BROKER_LOG_CACHED), -ENOENT);
                assert_int_equal(log_of(brokers[k], "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", BROKER_LOG_JSON_FILE), -ENOENT);
                put(cached, "cached");
                assert_int_equal(read_close(log_of(brokers[k], id, BROKER_LOG_CACHED), buf, sizeof buf), 6);
                assert_int_equal(unlink(cached), 0);
                assert_int_equal(symlink("/etc/shadow", cached), 0);
                assert_int_equal(log_of(brokers[k], id, BROKER_LOG_CACHED), -ELOOP);
                assert_int_equal(unlink(cached), 0);
                assert_int_equal(mkfifo(cached, 0600), 0);
                assert_int_equal(log_of(brokers[k], id, BROKER_LOG_CACHED), -EINVAL);
                assert_int_equal(unlink(cached), 0);
                assert_int_equal(rename(directory, moved), 0);
                assert_int_equal(log_of(brokers[k], id, BROKER_LOG_JSON_FILE), -ENOENT);
                assert_int_equal(symlink(moved, directory), 0);
                assert_int_equal(log_of(brokers[k], id, BROKER_LOG_JSON_FILE), -ELOOP);
                assert_int_equal(unlink(directory), 0);
                put(directory, "no directory");
                assert_int_equal(log_of(brokers[k], id, BROKER_LOG_JSON_FILE), -ENOENT);
                assert_int_equal(unlink(directory), 0);
                assert_int_equal(rename(moved, directory), 0);
        }
}

/* In the place that Docker is set to; a relative one does not count. */
static void docker_root(void **state)
{
        char root[256], config_file[300], buf[64];
        struct child c = child_start(plain, NULL);
        static const char *const none[] = { "docker", "", "/nowhere" };

        (void)state;
        snprintf(root, sizeof root, "%s/docker", tree);
        for (size_t i = 0; i < ARRAY_SIZE(none); i++) {
                assert_int_equal(setenv("ROLEWATCH_DOCKER_ROOT", none[i], 1), 0);
                assert_int_equal(log_of(brokers[0], test_container(), BROKER_LOG_JSON_FILE), -ENOENT);
        }
        assert_int_equal(setenv("ROLEWATCH_DOCKER_ROOT", root, 1), 0);
        /* Without a bundle, Docker's own record. */
        snprintf(config_file, sizeof config_file, "%s/containers/%s/config.v2.json", root, test_container());
        assert_int_equal(unlink(config), 0);
        put(config_file, "{ }");
        for (size_t k = 0; k < 2; k++)
                assert_int_equal(read_close(broker_container_config(brokers[k], c.t), buf, sizeof buf), 3);
        assert_int_equal(unlink(config_file), 0);
        put(config, "{}");
        child_stop(&c);
}

static int call(struct broker *b, int op, struct broker_target t)
{
        switch (op) {
        case BROKER_ENVIRON: return broker_environ(b, t);
        case BROKER_EXE: return broker_exe(b, t);
        case BROKER_FILE: return broker_file(b, t, "/etc/passwd");
        case BROKER_NETNS: return broker_netns(b, t);
        case BROKER_MAPS: return broker_maps(b, t);
        case BROKER_AUXV: return broker_auxv(b, t);
        case BROKER_CONTAINER_CONFIG: return broker_container_config(b, t);
        default: return broker_socket(b, t, AF_INET);
        }
}

static void whose_pid(void **state)
{
        struct child live = child_start(rooted, tree), zombie = child_start(plain, NULL);
        struct child dead = child_start(plain, NULL);
        siginfo_t info;

        (void)state;
        child_stop(&dead);
        kill(zombie.pid, SIGKILL);
        waitid(P_PID, (id_t)zombie.pid, &info, WEXITED | WNOWAIT);
        const struct { struct broker_target t; int error; const char *why; } rows[] = {
                { { live.pid, live.t.start_ticks }, 0, "the process itself" },
                { { live.pid, live.t.start_ticks + 1 }, -ESRCH, "a reused pid, started before" },
                { { live.pid, live.t.start_ticks - 1 }, -ESRCH, "a reused pid, started later" },
                { { live.pid, 0 }, -ESRCH, "no start time" },
                { dead.t, -ESRCH, "gone" },
                { zombie.t, -ESRCH, "gone, not yet waited for" },
                { { 0, 0 }, -EINVAL, "pid 0" },
                { { -1, 0 }, -EINVAL, "pid -1" },
                { { INT32_MAX, 0 }, -ESRCH, "no such pid" },
        };
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
                for (int op = 0; op < 2 * BROKER_OP_MAX; op++) {
                        int fd = call(brokers[op & 1], op >> 1, rows[i].t);
                        if ((fd < 0 ? fd : 0) != rows[i].error)
                                fail_msg("%s, op %d: got %d", rows[i].why, op >> 1, fd);
                        closep(&fd);
                }
        waitpid(zombie.pid, NULL, 0);
        child_stop(&live);
}

/* A child of that very pid, free again; clone3(2), Linux 5.5. */
static pid_t child_named(pid_t pid)
{
        struct clone_args how = { .exit_signal = SIGCHLD, .set_tid = (uintptr_t)&pid, .set_tid_size = 1 };
        int sync[2];
        char byte;

        assert_int_equal(pipe2(sync, O_CLOEXEC), 0);
        long got = syscall(SYS_clone3, &how, sizeof how);
        if (got == 0) {
                prctl(PR_SET_PDEATHSIG, SIGKILL);
                group_enter(test_container());
                close(sync[1]);
                for (;;)
                        pause();
        }
        close(sync[1]);
        assert_int_equal(got, pid);
        assert_int_equal(read(sync[0], &byte, 1), 0);
        close(sync[0]);
        return (pid_t)got;
}

/* The directory of a process that was asked about is kept: it is no other's when the pid is. */
static void pid_taken_by_another(void **state)
{
        struct child old = child_start(plain, NULL);

        (void)state;
        for (int b = 0; b < 2; b++) {
                int fd = call(brokers[b], BROKER_ENVIRON, old.t);
                assert_true(fd >= 0);
                close(fd);
        }
        child_stop(&old);
        usleep(30000);                  /* another clock tick at the least */
        struct child taker = { .pid = child_named(old.pid) };
        taker.t = start_of(taker.pid);
        assert_int_equal(taker.pid, old.pid);
        assert_true(taker.t.start_ticks > old.t.start_ticks);
        for (int op = 0; op < 2 * BROKER_OP_MAX; op++) {
                assert_int_equal(call(brokers[op & 1], op >> 1, old.t), -ESRCH);
                int fd = call(brokers[op & 1], op >> 1, taker.t);
                assert_true(fd >= 0 || (op >> 1 == BROKER_FILE && fd == -EPERM));      /* its root is the host's */
                closep(&fd);
                assert_int_equal(call(brokers[op & 1], op >> 1, old.t), -ESRCH);
        }
        child_stop(&taker);
}

static int chroot_of_host(const char *dir)
{
        char at[128];

        snprintf(at, sizeof at, "%s/host", dir);
        return mkdir(at, 0755) < 0 || mount("/", at, NULL, MS_BIND, NULL) < 0 || chroot(at) < 0 ? -errno : 0;
}

/* `docker run -v /:/host ... chroot /host` */
static void back_to_host(const char *dir)
{
        must(unshare(CLONE_NEWNS));
        must(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL));
        must(mount("tmpfs", dir, "tmpfs", 0, NULL));
        must(chroot_of_host(dir));
}

/* Whoever owns the daemon asks about processes that it never asks about. */
static void only_containers(void **state)
{
        struct child out = child_start(on_the_host, NULL), in = child_start(rooted, tree);
        struct child own_root = child_start(plain, NULL), chrooted = child_start(back_to_host, tree);
        const struct { struct broker_target t; int file, others; const char *why; } rows[] = {
                { in.t, 0, 0, "a container" },
                { out.t, -EPERM, -EPERM, "a process of the host" },
                { start_of(1), -EPERM, -EPERM, "init" },
                { start_of(served.pid), -EPERM, -EPERM, "the broker itself" },
                { start_of(getpid()), -EPERM, -EPERM, "the one who asks" },
                { own_root.t, -EPERM, 0, "a process of a container with the host's root" },
                { chrooted.t, -EPERM, 0, "the same by a bind mount and chroot" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
                for (int op = 0; op < 2 * BROKER_OP_MAX; op++) {
                        int fd = call(brokers[op & 1], op >> 1, rows[i].t);
                        if ((fd < 0 ? fd : 0) != (op >> 1 == BROKER_FILE ? rows[i].file : rows[i].others))
                                fail_msg("%s, op %d: got %d", rows[i].why, op >> 1, fd);
                        closep(&fd);
                }
        child_stop(&out);
        child_stop(&in);
        child_stop(&own_root);
        child_stop(&chrooted);
}

/* What somebody without privilege gets in-process: a clear "no". */
static void without_privilege(void **state)
{
        struct child c = child_start(in_netns, NULL);
        int status;

        (void)state;
        pid_t pid = fork();
        if (pid == 0) {
                if (setgid(65534) < 0 || setuid(65534) < 0)
                        _exit(99);
                for (int op = 0; op < BROKER_OP_MAX; op++)
                        if (call(brokers[0], op, c.t) != -EACCES)
                                _exit(op + 1);
                _exit(0);
        }
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_int_equal(status, 0);
        child_stop(&c);
}

static void nothing_left_open(void **state)
{
        struct child c = child_start(in_netns, NULL);
        int own;

        (void)state;
        /* Each keeps the directory of the last process. */
        for (int i = 0; i < 2; i++) {
                int fd = call(brokers[i], BROKER_NETNS, c.t);
                closep(&fd);
        }
        own = fd_count(getpid());
        servers_fds++;
        assert_true(fd_settles(served.pid, servers_fds));
        for (int i = 0; i < 400; i++) {
                int fd = call(brokers[i & 1], i >> 1 & 7, c.t);
                closep(&fd);
        }
        assert_int_equal(fd_count(getpid()), own);
        assert_true(fd_settles(served.pid, servers_fds));
        child_stop(&c);
}

static int setup(void **state)
{
        static const char *const dirs[] = { "root", "root/dir", "root/proc", "root/mnt", "root/etc" };
        struct server_options o = server_root_only();
        char path[128];

        (void)state;
        alarm(60);
        snprintf(tree, sizeof tree, "/tmp/test-broker-XXXXXX");
        if (!mkdtemp(tree))
                return -1;
        for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
                snprintf(path, sizeof path, "%s/%s", tree, dirs[i]);
                must(mkdir(path, 0755));
        }
        snprintf(path, sizeof path, "%s/secret", tree);
        put(path, "outside");
        snprintf(path, sizeof path, "%s/root/etc/passwd", tree);
        put(path, "root:x:0:0::/root:/bin/sh\n");
        strcat(tree, "/root");
        if (config_put() < 0 || docker_put() < 0)
                return -1;
        served = server_start(&o);
        if (broker_local(&brokers[0]) < 0 || broker_connect(served.path, &brokers[1]) < 0)
                return -1;
        servers_fds = fd_count(served.pid);
        return 0;
}

/* As RestrictSUIDSGID= of systemd does it. */
static void openat2_filter(void)
{
        struct sock_filter code[] = {
                BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
                BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
                BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
                BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        };
        struct sock_fprog program = { ARRAY_SIZE(code), code };

        must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
        must(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program));
}

static void files_cannot_be_opened(void **state)
{
        int status;
        pid_t pid;

        (void)state;
        assert_int_equal(ops_files_check(), 0);
        pid = fork();
        assert_true(pid >= 0);
        if (pid == 0) {
                openat2_filter();
                _exit(ops_files_check() == -ENOSYS ? 0 : 1);
        }
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_int_equal(status, 0);
}

static int teardown(void **state)
{
        char command[128];

        (void)state;
        broker_free(brokers[0]);
        broker_free(brokers[1]);
        server_stop(&served);
        group_end(test_container());
        *strrchr(tree, '/') = '\0';
        snprintf(command, sizeof command, "rm -rf --one-file-system %s", tree);
        return system(command);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(each_file), cmocka_unit_test(long_paths), cmocka_unit_test(auxv),
                cmocka_unit_test(environ_exe_netns), cmocka_unit_test(sockets),
                cmocka_unit_test(container_config), cmocka_unit_test(container_log), cmocka_unit_test(docker_root),
                cmocka_unit_test(socket_reaches), cmocka_unit_test(whose_pid), cmocka_unit_test(pid_taken_by_another),
                cmocka_unit_test(only_containers), cmocka_unit_test(without_privilege), cmocka_unit_test(nothing_left_open), cmocka_unit_test(files_cannot_be_opened),
        };

        if (geteuid() != 0) {
                puts("test_broker: needs root, skipped");
                return 0;
        }
        return cmocka_run_group_tests(tests, setup, teardown);
}
