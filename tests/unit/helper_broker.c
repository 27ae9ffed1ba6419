#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include "helper_broker.h"

/* Written apart from the code under test. */
static uint64_t start_ticks(pid_t pid)
{
        char path[64], buf[1024];
        unsigned long long ticks = 0;

        snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
        int fd = open(path, O_RDONLY);
        ssize_t n = read(fd, buf, sizeof buf - 1);
        close(fd);
        assert_true(n > 0);
        buf[n] = '\0';
        int r = sscanf(strrchr(buf, ')') + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u"
                       " %*d %*d %*d %*d %*d %*d %llu", &ticks);
        assert_int_equal(r, 1);
        return ticks;
}

/* A hierarchy that processes can be moved in: the unified one, or one beside it. */
static void group_path(const char *id, char *buf, size_t size)
{
        static const char *const at[] = { "/sys/fs/cgroup", "/sys/fs/cgroup/unified", "/sys/fs/cgroup/pids" };
        size_t i = 0;

        for (; i + 1 < sizeof at / sizeof *at; i++) {
                snprintf(buf, size, "%s/cgroup.procs", at[i]);
                if (access(buf, W_OK) == 0)
                        break;
        }
        snprintf(buf, size, "%s%s%s", at[i], id ? "/" : "", id ? id : "");
}

void group_enter(const char *id)
{
        char path[256];

        group_path(id, path, sizeof path);
        mkdir(path, 0755);
        strcat(path, "/cgroup.procs");
        int fd = open(path, O_WRONLY | O_CLOEXEC);
        if (fd < 0 || write(fd, "0", 1) != 1) {
                perror(path);
                _exit(98);
        }
        close(fd);
}

void group_end(const char *id)
{
        char path[256];

        group_path(id, path, sizeof path);
        for (int i = 0; i < 100 && rmdir(path) < 0 && errno == EBUSY; i++)
                usleep(10000);
}

struct broker_target start_of(pid_t pid) { return (struct broker_target){ pid, start_ticks(pid) }; }

const char *test_container(void)
{
        static char id[65];

        if (!id[0])
                snprintf(id, sizeof id, "%064x", (unsigned)getpid());
        return id;
}

struct child child_start(void (*setup)(const char *dir), const char *dir)
{
        const char *id = test_container();
        struct child c = { 0 };
        int sync[2];
        char byte;

        assert_int_equal(pipe2(sync, O_CLOEXEC), 0);
        c.pid = fork();
        assert_true(c.pid >= 0);
        if (c.pid == 0) {
                prctl(PR_SET_PDEATHSIG, SIGKILL);
                close(sync[0]);
                group_enter(id);
                setup(dir);
                close(sync[1]);
                for (;;)
                        pause();
        }
        close(sync[1]);
        assert_int_equal(read(sync[0], &byte, 1), 0);
        close(sync[0]);
        c.t = (struct broker_target){ c.pid, start_ticks(c.pid) };
        return c;
}

void child_stop(struct child *c)
{
        kill(c->pid, SIGKILL);
        assert_int_equal(waitpid(c->pid, NULL, 0), c->pid);
}

struct server_options server_root_only(void)
{
        return (struct server_options){
                .uids = { 0 }, .uid_count = 1, .idle_ms = 10000, .request_s = 3,
        };
}

struct served server_start(const struct server_options *o)
{
        struct served s = { 0 };
        static int number;
        int fd;

        snprintf(s.path, sizeof s.path, "/tmp/test-broker-%d-%d.sock", (int)getpid(), number++);
        assert_int_equal(server_listen(s.path, &fd), 0);
        s.pid = fork();
        assert_true(s.pid >= 0);
        if (s.pid == 0) {
                prctl(PR_SET_PDEATHSIG, SIGKILL);
                _exit(server_run(fd, o) < 0 ? 1 : 0);
        }
        close(fd);
        return s;
}

int server_stop(struct served *s)
{
        int status = 0;

        kill(s->pid, SIGTERM);
        assert_int_equal(waitpid(s->pid, &status, 0), s->pid);
        unlink(s->path);
        return status;
}

int fd_count(pid_t pid)
{
        char path[64];
        int n = 0;

        snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
        DIR *d = opendir(path);
        if (!d)
                return -1;
        while (readdir(d))
                n++;
        closedir(d);
        return n;
}

bool fd_settles(pid_t pid, int max)
{
        for (int i = 0; i < 100 && fd_count(pid) > max; i++)
                usleep(10000);
        return fd_count(pid) <= max;
}

ino_t netns_of(pid_t pid)
{
        char path[64];
        struct stat st;

        snprintf(path, sizeof path, "/proc/%d/ns/net", (int)pid);
        assert_int_equal(stat(path, &st), 0);
        return st.st_ino;
}

int raw_connect(const char *path)
{
        struct sockaddr_un sa = { .sun_family = AF_UNIX };
        struct timeval limit = { .tv_sec = 5 };
        struct wire_reply hello;
        int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

        snprintf(sa.sun_path, sizeof sa.sun_path, "%s", path);
        assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), 0);
        assert_int_equal(connect(fd, (struct sockaddr *)&sa, sizeof sa), 0);
        assert_int_equal(recv(fd, &hello, sizeof hello, 0), sizeof hello);
        assert_int_equal(hello.error, 0);
        return fd;
}
