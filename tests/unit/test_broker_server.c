/* The broker's server against an attacker, and its client against a broken server. */
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include "helper_broker.h"
#include "rolewatch/broker_queue.h"

static struct served served;
static struct child target;

static void nothing(const char *dir) { (void)dir; }

static struct wire_request good(uint16_t op)
{
        struct wire_request q = {
                .magic = WIRE_MAGIC, .version = WIRE_VERSION, .op = op,
                .pid = target.t.pid, .start_ticks = target.t.start_ticks,
        };

        if (op == BROKER_FILE)
                strcpy(q.path, "/etc/passwd");
        if (op == BROKER_SOCKET)
                q.number = AF_INET;
        if (op == BROKER_CONTAINER_LOG) {
                q.pid = 0;
                q.start_ticks = 0;
                memset(q.path, 'a', CONTAINER_ID_LEN);
        }
        return q;
}

static void works(void)
{
        struct broker *b = NULL;

        assert_int_equal(broker_connect(served.path, &b), 0);
        int fd = broker_environ(b, target.t);
        assert_true(fd >= 0);
        close(fd);
        broker_free(b);
}

/* The connection is over and no descriptor came. */
static bool closed(int sock)
{
        char buf[64];
        ssize_t n = recv(sock, buf, sizeof buf, 0);

        return n == 0 || (n < 0 && errno == ECONNRESET);
}

static void m_magic(struct wire_request *q) { q->magic ^= 1; }
static void m_version0(struct wire_request *q) { q->version = 0; }
static void m_version2(struct wire_request *q) { q->version++; }
static void m_op(struct wire_request *q) { q->op = BROKER_OP_MAX; }
static void m_hello(struct wire_request *q) { q->op = WIRE_HELLO; }
static void m_pid0(struct wire_request *q) { q->pid = 0; }
static void m_pid_neg(struct wire_request *q) { q->pid = INT_MIN; }
static void m_empty(struct wire_request *q) { memset(q->path, 0, sizeof q->path); }
static void m_no_nul(struct wire_request *q) { memset(q->path, '/', sizeof q->path); }
static void m_nul_in(struct wire_request *q) { memcpy(q->path, "/etc\0passwd", 11); }
static void m_last(struct wire_request *q) { q->path[sizeof q->path - 1] = 'x'; }
static void m_family(struct wire_request *q) { q->number = AF_INET; }
static void m_unix(struct wire_request *q) { q->number = AF_UNIX; }
static void m_path(struct wire_request *q) { strcpy(q->path, "/"); }

static void m_process(struct wire_request *q) { q->pid = 1; }
static void m_start(struct wire_request *q) { q->start_ticks = 1; }
static void m_number(struct wire_request *q) { q->number = BROKER_LOG_MAX; }
static void m_negative(struct wire_request *q) { q->number = -1; }
static void m_upwards(struct wire_request *q) { memcpy(q->path, "../../../etc/", 13); }
static void m_longer(struct wire_request *q) { q->path[CONTAINER_ID_LEN] = '0'; }
static void m_capital(struct wire_request *q) { q->path[0] = 'A'; }

static const struct {
        uint16_t op;
        void (*change)(struct wire_request *q);
        const char *why;
} malformed[] = {
        { BROKER_ENVIRON, m_magic, "another protocol" },
        { BROKER_ENVIRON, m_version0, "version 0" },
        { BROKER_ENVIRON, m_version2, "a later version" },
        { BROKER_ENVIRON, m_op, "the first op that is none" },
        { BROKER_ENVIRON, m_hello, "the server's own word" },
        { BROKER_ENVIRON, m_pid0, "pid 0" },
        { BROKER_ENVIRON, m_pid_neg, "the least pid" },
        { BROKER_ENVIRON, m_path, "a path where none belongs" },
        { BROKER_ENVIRON, m_last, "a byte at the end where no path belongs" },
        { BROKER_EXE, m_family, "a family where none belongs" },
        { BROKER_NETNS, m_path, "a path for a namespace" },
        { BROKER_FILE, m_empty, "no path" },
        { BROKER_FILE, m_no_nul, "a path without its NUL" },
        { BROKER_FILE, m_nul_in, "a NUL inside the path" },
        { BROKER_FILE, m_last, "a byte behind the path" },
        { BROKER_FILE, m_family, "a family for a file" },
        { BROKER_SOCKET, m_unix, "a Unix socket" },
        { BROKER_SOCKET, m_path, "a path for a socket" },
        { BROKER_CONTAINER_LOG, m_process, "a process beside a container" },
        { BROKER_CONTAINER_LOG, m_start, "a start time beside a container" },
        { BROKER_CONTAINER_LOG, m_number, "the first file that is none" },
        { BROKER_CONTAINER_LOG, m_negative, "a file before the first" },
        { BROKER_CONTAINER_LOG, m_empty, "no container" },
        { BROKER_CONTAINER_LOG, m_path, "a path in place of a container" },
        { BROKER_CONTAINER_LOG, m_upwards, "an id that leads upwards" },
        { BROKER_CONTAINER_LOG, m_longer, "an id that is too long" },
        { BROKER_CONTAINER_LOG, m_capital, "an id in capitals" },
        { BROKER_CONTAINER_LOG, m_no_nul, "an id without its NUL" },
        { BROKER_CONTAINER_LOG, m_last, "a byte behind the id" },
};

static void malformed_requests(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(malformed); i++) {
                struct wire_request q = good(malformed[i].op);
                int sock = raw_connect(served.path);
                malformed[i].change(&q);
                assert_int_equal(send(sock, &q, sizeof q, 0), sizeof q);
                if (!closed(sock))
                        fail_msg("%s: not closed", malformed[i].why);
                close(sock);
                works();
        }
}

static void wrong_lengths(void **state)
{
        static const size_t lengths[] = {
                0, 1, 4, 16, 24, sizeof(struct wire_request) - 1, sizeof(struct wire_request) + 1,
                2 * sizeof(struct wire_request), 100000,
        };
        static struct { struct wire_request q; char more[100000]; } big;

        (void)state;
        big.q = good(BROKER_ENVIRON);
        for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
                int sock = raw_connect(served.path);
                assert_int_equal(send(sock, &big, lengths[i], 0), lengths[i]);
                if (!closed(sock))
                        fail_msg("length %zu: not closed", lengths[i]);
                close(sock);
        }
        works();
}

static void random_bytes(void **state)
{
        unsigned seed = (unsigned)time(NULL);
        struct wire_request q;

        (void)state;
        printf("seed %u\n", seed);
        srand(seed);
        for (int i = 0; i < 300; i++) {
                int sock = raw_connect(served.path), least = i % 24;
                q = good((uint16_t)(rand() % BROKER_OP_MAX));
                /* The first bytes are right in most rounds, so that the later checks are met. */
                for (size_t k = (size_t)least; k < sizeof q; k++)
                        ((unsigned char *)&q)[k] = (unsigned char)rand();
                assert_int_equal(send(sock, &q, sizeof q, 0), sizeof q);
                assert_true(closed(sock));
                close(sock);
        }
        works();
}

static void descriptors_sent_along(void **state)
{
        union { struct cmsghdr head; char bytes[CMSG_SPACE(sizeof(int))]; } control = { 0 };
        struct wire_request q = good(BROKER_ENVIRON);
        struct iovec iov = { &q, sizeof q };
        struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control,
                            .msg_controllen = sizeof control.bytes };
        int sock = raw_connect(served.path);

        (void)state;
        control.head = (struct cmsghdr){ CMSG_LEN(sizeof sock), SOL_SOCKET, SCM_RIGHTS };
        memcpy(CMSG_DATA(&control.head), &sock, sizeof sock);
        assert_int_equal(sendmsg(sock, &m, 0), sizeof q);
        assert_true(closed(sock));
        close(sock);
        works();
}

/* Neither many connections nor unread answers cost the others anything. */
static void greedy_clients(void **state)
{
        struct wire_request q = good(BROKER_ENVIRON);
        struct broker *b = NULL;
        int socks[64], sent = 0;

        (void)state;
        works();
        int before = fd_count(served.pid);
        assert_int_equal(broker_connect(served.path, &b), 0);
        for (size_t i = 0; i < ARRAY_SIZE(socks); i++)
                socks[i] = raw_connect(served.path);
        assert_true(fd_settles(served.pid, before + 16));
        /* b was pushed out as the longest silent one; it comes back by itself. */
        int fd = broker_environ(b, target.t);
        assert_true(fd >= 0);
        close(fd);
        int sock = raw_connect(served.path);
        while (sent < 10000 && send(sock, &q, sizeof q, MSG_NOSIGNAL) > 0)
                sent++;
        assert_true(sent < 500);
        close(sock);
        broker_free(b);
        for (size_t i = 0; i < ARRAY_SIZE(socks); i++)
                close(socks[i]);
        works();
        assert_true(fd_settles(served.pid, before));
}

static int connect_as(const char *path, uid_t uid)
{
        int status;
        pid_t pid = fork();

        if (pid == 0) {
                struct broker *b = NULL;
                if (setgid(uid) < 0 || setuid(uid) < 0)
                        _exit(99);
                int r = broker_connect(path, &b);
                if (r == 0)
                        r = broker_environ(b, target.t);
                _exit(r < 0 ? -r : 0);
        }
        waitpid(pid, &status, 0);
        assert_true(WIFEXITED(status));
        return -WEXITSTATUS(status);
}

static void count_descriptor(void *userdata, int result)
{
        CLEANUP(closep) int fd = result;

        assert_true(fd >= 0);
        (*(size_t *)userdata)++;
}

/* A full queue against the server itself, which drops a client that does not read its answers: none is lost. */
static void a_full_queue(void **state)
{
        CLEANUP(broker_queue_freep) struct broker_queue *q = NULL;
        size_t answers = 0;

        (void)state;
        assert_int_equal(broker_queue_new(served.path, &q), 0);
        for (int i = 0; i < BROKER_QUEUE_MAX; i++)
                assert_int_equal(broker_queue_request(q, &(struct broker_request){ .op = BROKER_ENVIRON, .target = target.t }, count_descriptor, &answers), 0);
        for (int i = 0; i < 5000 && answers < BROKER_QUEUE_MAX; i++) {
                /* All answers of what is on its way have come before the first is read. */
                usleep(2000);
                assert_int_equal(broker_queue_process(q), 0);
        }
        assert_int_equal(answers, BROKER_QUEUE_MAX);
}

static void who_may_request(void **state)
{
        struct server_options o = server_root_only();

        (void)state;
        o.uids[o.uid_count++] = 65534;
        struct served other = server_start(&o);
        assert_int_equal(connect_as(served.path, 0), 0);
        assert_int_equal(connect_as(served.path, 65534), -EACCES);
        assert_int_equal(connect_as(other.path, 65534), 0);
        assert_int_equal(connect_as(other.path, 65533), -EACCES);
        server_stop(&other);
}

static void idle_and_gone(void **state)
{
        struct server_options o = server_root_only();
        struct broker *b = NULL;
        int status;

        (void)state;
        o.idle_ms = 100;
        o.leave = true;
        struct served s = server_start(&o);
        assert_int_equal(broker_connect(s.path, &b), 0);
        int sock = raw_connect(s.path);
        assert_true(closed(sock));              /* silent for 100 ms */
        close(sock);
        int fd = broker_environ(b, target.t);   /* so was this one, and it comes back */
        assert_true(fd >= 0);
        close(fd);
        assert_int_equal(waitpid(s.pid, &status, 0), s.pid);
        assert_int_equal(status, 0);            /* nobody there: it left */
        assert_int_equal(broker_last_error(b), 0);
        assert_int_equal(broker_environ(b, target.t), -EPIPE);
        assert_int_equal(broker_last_error(b), -ECONNREFUSED);
        broker_free(b);
        assert_int_equal(broker_connect(s.path, &b), -ECONNREFUSED);
        unlink(s.path);
        assert_int_equal(broker_connect(s.path, &b), -ENOENT);
}

/* One that lets a request wait is not asked again for a while: all of the daemon would wait, each time. */
static void stopped_server(void **state)
{
        struct server_options o = server_root_only();
        struct served s = server_start(&o);
        struct timespec begin, first, second;
        struct broker *b = NULL;
        int fd;

        (void)state;
        assert_int_equal(broker_connect(s.path, &b), 0);
        kill(s.pid, SIGSTOP);
        clock_gettime(CLOCK_MONOTONIC, &begin);
        assert_int_equal(broker_environ(b, target.t), -EPIPE);
        clock_gettime(CLOCK_MONOTONIC, &first);
        assert_int_equal(broker_last_error(b), -ETIMEDOUT);
        assert_int_equal(broker_environ(b, target.t), -EPIPE);
        clock_gettime(CLOCK_MONOTONIC, &second);
        assert_in_range(first.tv_sec - begin.tv_sec, 3, 5);
        assert_in_range(second.tv_sec - first.tv_sec, 0, 1);
        kill(s.pid, SIGCONT);
        assert_int_equal(broker_environ(b, target.t), -EPIPE);
        b->away_s = 0;
        fd = broker_environ(b, target.t);
        assert_true(fd >= 0);
        assert_int_equal(broker_last_error(b), 0);
        close(fd);
        broker_free(b);
        server_stop(&s);
}

/* A FUSE file system whose daemon, the container, never answers. */
static void fuse_mount(const char *dir)
{
        char data[64];
        int fd = open("/dev/fuse", O_RDWR);

        snprintf(data, sizeof data, "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other", fd);
        if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
            mount("hang", dir, "fuse", 0, data) < 0 || chroot("/tmp") < 0)
                _exit(99);
}

static void hanging_file_system(void **state)
{
        struct server_options o = server_root_only();
        char dir[] = "/tmp/test-broker-XXXXXX", path[64];
        struct broker *b = NULL;
        int status;

        (void)state;
        assert_int_equal(access("/dev/fuse", R_OK | W_OK), 0);
        assert_non_null(mkdtemp(dir));
        snprintf(path, sizeof path, "%s/credentials", dir);
        o.request_s = 1;
        struct served s = server_start(&o);
        struct child c = child_start(fuse_mount, dir);
        assert_int_equal(broker_connect(s.path, &b), 0);
        assert_int_equal(broker_file(b, c.t, path + strlen("/tmp")), -EPIPE);
        assert_int_equal(waitpid(s.pid, &status, 0), s.pid);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM);
        child_stop(&c);
        broker_free(b);
        unlink(s.path);
        rmdir(dir);
}

/* Answers of a broken server; fds: how many descriptors go along. */
static const struct bad_reply {
        struct wire_reply a;
        size_t len;
        int fds;
        const char *why;
} bad_replies[] = {
        { { WIRE_MAGIC, WIRE_VERSION, BROKER_EXE, 0, 0 }, 16, 0, "success without a descriptor" },
        { { WIRE_MAGIC, WIRE_VERSION, BROKER_EXE, -2, 0 }, 16, 1, "an error with one" },
        { { WIRE_MAGIC, WIRE_VERSION, BROKER_EXE, 0, 0 }, 16, 2, "two descriptors" },
        { { WIRE_MAGIC, WIRE_VERSION, BROKER_EXE, 7, 0 }, 16, 0, "a positive error" },
        { { WIRE_MAGIC, WIRE_VERSION, BROKER_EXE, -5000, 0 }, 16, 0, "an error that is none" },
        { { WIRE_MAGIC, WIRE_VERSION, BROKER_FILE, 0, 0 }, 16, 1, "the answer to another request" },
        { { 1, WIRE_VERSION, BROKER_EXE, 0, 0 }, 16, 1, "another protocol" },
        { { WIRE_MAGIC, 9, BROKER_EXE, 0, 0 }, 16, 1, "another version" },
        { { WIRE_MAGIC, WIRE_VERSION, BROKER_EXE, 0, 1 }, 16, 1, "a byte that should be zero" },
        { { WIRE_MAGIC, WIRE_VERSION, BROKER_EXE, 0, 0 }, 15, 1, "short" },
        { { WIRE_MAGIC, WIRE_VERSION, BROKER_EXE, 0, 0 }, 0, 0, "nothing" },
};

static void serve_badly(int listen_fd, const struct bad_reply *row)
{
        struct wire_reply hello = { WIRE_MAGIC, WIRE_VERSION, WIRE_HELLO, 0, 0 };
        union { struct cmsghdr head; char bytes[CMSG_SPACE(2 * sizeof(int))]; } control = { 0 };
        struct wire_request q;
        struct iovec iov = { (void *)(uintptr_t)&row->a, row->len };
        struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
        int sock = accept(listen_fd, NULL, NULL), fds[2] = { 0, 0 };
        size_t bytes = (size_t)row->fds * sizeof(int);

        if (row->fds) {
                m.msg_control = &control;
                m.msg_controllen = CMSG_SPACE(bytes);
                control.head = (struct cmsghdr){ CMSG_LEN(bytes), SOL_SOCKET, SCM_RIGHTS };
                memcpy(CMSG_DATA(&control.head), fds, bytes);
        }
        send(sock, &hello, sizeof hello, 0);
        recv(sock, &q, sizeof q, 0);
        sendmsg(sock, &m, 0);
        _exit(0);
}

static void broken_server(void **state)
{
        char path[64];
        int listen_fd;

        (void)state;
        snprintf(path, sizeof path, "/tmp/test-broker-%d-bad.sock", (int)getpid());
        for (size_t i = 0; i < ARRAY_SIZE(bad_replies); i++) {
                struct broker *b = NULL;
                int before = fd_count(getpid());
                assert_int_equal(server_listen(path, &listen_fd), 0);
                pid_t pid = fork();
                if (pid == 0)
                        serve_badly(listen_fd, &bad_replies[i]);
                close(listen_fd);
                assert_int_equal(broker_connect(path, &b), 0);
                int r = broker_exe(b, target.t);
                if (r != -EPIPE)
                        fail_msg("%s: got %d", bad_replies[i].why, r);
                broker_free(b);
                waitpid(pid, NULL, 0);
                if (fd_count(getpid()) != before)
                        fail_msg("%s: a descriptor stayed", bad_replies[i].why);
        }
        unlink(path);
}

static int setup(void **state)
{
        struct server_options o = server_root_only();

        (void)state;
        alarm(60);
        target = child_start(nothing, NULL);
        served = server_start(&o);
        return 0;
}

/* SIGTERM ended it, nothing else had: it survived all of the above. */
static int teardown(void **state)
{
        (void)state;
        child_stop(&target);
        group_end(test_container());
        return server_stop(&served) != SIGTERM;
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(malformed_requests), cmocka_unit_test(wrong_lengths),
                cmocka_unit_test(random_bytes), cmocka_unit_test(descriptors_sent_along),
                cmocka_unit_test(greedy_clients), cmocka_unit_test(a_full_queue), cmocka_unit_test(who_may_request),
                cmocka_unit_test(idle_and_gone),
                cmocka_unit_test(stopped_server), cmocka_unit_test(hanging_file_system),
                cmocka_unit_test(broken_server),
        };

        if (geteuid() != 0) {
                puts("test_broker_server: needs root, skipped");
                return 0;
        }
        return cmocka_run_group_tests(tests, setup, teardown);
}
