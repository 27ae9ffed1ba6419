/*
 * server -- hands out what the table in ops.c opens, to those who may ask.
 *
 * One thread, a fixed number of clients, nothing allocated. A client that says
 * anything wrong, or does not read its answers, is closed without a word.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include "rolewatch/io.h"
#include "server.h"
#include "wire.h"

/* The daemon holds one; the rest is for people. When full, the longest silent one goes. */
#define CLIENTS 16
#define BACKLOG 16

struct client { int fd; int64_t heard_ms; };

struct server {
        const struct server_options *o;
        int listen_fd;
        int64_t busy_ms;                /* when a client was last there */
        struct client clients[CLIENTS];
};

static void client_drop(struct client *c)
{
        closep(&c->fd);
        c->fd = -1;
}

static int reply_send(int sock, uint16_t op, int error, int fd)
{
        union { struct cmsghdr head; char bytes[CMSG_SPACE(sizeof(int))]; } control = { 0 };
        struct wire_reply a = {
                .magic = WIRE_MAGIC, .version = WIRE_VERSION, .op = op, .error = error,
        };
        struct iovec iov = { &a, sizeof a };
        struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };

        if (fd >= 0) {
                m.msg_control = &control;
                m.msg_controllen = sizeof control.bytes;
                struct cmsghdr *c = CMSG_FIRSTHDR(&m);
                c->cmsg_level = SOL_SOCKET;
                c->cmsg_type = SCM_RIGHTS;
                c->cmsg_len = CMSG_LEN(sizeof fd);
                memcpy(CMSG_DATA(c), &fd, sizeof fd);
        }
        ssize_t n = sendmsg(sock, &m, MSG_NOSIGNAL | MSG_DONTWAIT);
        return n < 0 ? -errno : 0;
}

/* Without room for control data the kernel drops descriptors sent to us and sets MSG_CTRUNC. */
static int request_receive(int sock, struct wire_request *ret)
{
        struct iovec iov = { ret, sizeof *ret };
        struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
        ssize_t n = recvmsg(sock, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

        if (n < 0)
                return -errno;
        if (n == 0)
                return -EPIPE;
        if (n != sizeof *ret || m.msg_flags & (MSG_TRUNC | MSG_CTRUNC))
                return -EINVAL;
        return ops_check(ret);
}

/*
 * A FUSE or network file system can hold an open for ever, and only a fatal
 * signal ends the wait: so SIGALRM kills the process, systemd starts it again
 * for the next request, and clients see the end of their connection.
 */
static int request_serve(const struct server *s, int sock)
{
        struct wire_request q;
        int r = request_receive(sock, &q);

        if (r < 0)
                return r;
        alarm(s->o->request_s);
        CLEANUP(closep) int fd = ops_run(&q);
        alarm(0);
        return reply_send(sock, q.op, fd < 0 ? fd : 0, fd);
}

static bool peer_allowed(const struct server_options *o, int sock)
{
        struct ucred peer;
        socklen_t len = sizeof peer;

        if (getsockopt(sock, SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0 || len != sizeof peer)
                return false;
        for (size_t i = 0; i < o->uid_count; i++)
                if (o->uids[i] == peer.uid)
                        return true;
        fprintf(stderr, "rolewatch-broker: refused a connection from uid %u (pid %d): this user is not allowed\n",
                (unsigned)peer.uid, (int)peer.pid);
        return false;
}

static struct client *client_slot(struct server *s)
{
        struct client *oldest = s->clients;

        for (struct client *c = s->clients; c < s->clients + CLIENTS; c++) {
                if (c->fd < 0)
                        return c;
                if (c->heard_ms < oldest->heard_ms)
                        oldest = c;
        }
        client_drop(oldest);
        return oldest;
}

static int client_accept(struct server *s, int64_t now)
{
        CLEANUP(closep) int fd = accept4(s->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        int least = 1;

        if (fd < 0)
                return errno == EAGAIN || errno == EINTR || errno == ECONNABORTED ? 0 : -errno;
        if (!peer_allowed(s->o, fd)) {
                (void)reply_send(fd, WIRE_HELLO, -EACCES, -1);
                return 0;
        }
        /* The kernel's least: few descriptors can pile up with a client that does not read. */
        if (setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &least, sizeof least) < 0)
                return -errno;
        if (reply_send(fd, WIRE_HELLO, 0, -1) < 0)
                return 0;
        *client_slot(s) = (struct client){ fd, now };
        fd = -1;
        return 0;
}

/* True: somebody was connected until now. */
static bool clients_serve(struct server *s, const struct pollfd *fds, int64_t now)
{
        bool any = false;

        for (size_t i = 0; i < CLIENTS; i++) {
                struct client *c = &s->clients[i];
                if (c->fd < 0)
                        continue;
                any = true;
                if (fds[i].revents & POLLIN) {
                        if (request_serve(s, c->fd) < 0)
                                client_drop(c);
                        c->heard_ms = now;
                } else if (fds[i].revents || now - c->heard_ms >= s->o->idle_ms) {
                        client_drop(c);
                }
        }
        return any;
}

static int server_loop(struct server *s)
{
        struct pollfd fds[CLIENTS + 1];

        for (;;) {
                for (size_t i = 0; i < CLIENTS; i++)
                        fds[i] = (struct pollfd){ s->clients[i].fd, POLLIN, 0 };
                fds[CLIENTS] = (struct pollfd){ s->listen_fd, POLLIN, 0 };
                if (poll(fds, CLIENTS + 1, s->o->idle_ms) < 0 && errno != EINTR)
                        return -errno;
                int64_t now = clock_monotonic_ms();
                if (clients_serve(s, fds, now) || fds[CLIENTS].revents)
                        s->busy_ms = now;
                if (fds[CLIENTS].revents) {
                        int r = client_accept(s, now);
                        if (r < 0)
                                return r;
                }
                if (s->o->leave && now - s->busy_ms >= s->o->idle_ms)
                        return 0;
        }
}

int server_listen(const char *path, int *ret)
{
        struct sockaddr_un sa = { .sun_family = AF_UNIX };
        struct stat st;

        if (strlen(path) >= sizeof sa.sun_path)
                return -ENAMETOOLONG;
        strcpy(sa.sun_path, path);
        CLEANUP(closep) int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
        if (fd < 0)
                return -errno;
        if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode))
                unlink(path);
        /* Open to all: who may ask is decided by uid, and refused with a word. */
        if (bind(fd, (struct sockaddr *)&sa, sizeof sa) < 0 || chmod(path, 0666) < 0 ||
            listen(fd, BACKLOG) < 0)
                return -errno;
        *ret = TAKE_FD(fd);
        return 0;
}

int server_run(int listen_fd, const struct server_options *o)
{
        struct server s = { .o = o, .listen_fd = listen_fd, .busy_ms = clock_monotonic_ms() };
        sigset_t alarms;

        /* A blocked or ignored signal is inherited through exec. */
        sigemptyset(&alarms);
        sigaddset(&alarms, SIGALRM);
        if (signal(SIGALRM, SIG_DFL) == SIG_ERR || sigprocmask(SIG_UNBLOCK, &alarms, NULL) < 0)
                return -errno;
        if (fcntl(listen_fd, F_SETFL, fcntl(listen_fd, F_GETFL) | O_NONBLOCK) < 0)
                return -errno;
        for (size_t i = 0; i < CLIENTS; i++)
                s.clients[i].fd = -1;
        int r = server_loop(&s);
        for (size_t i = 0; i < CLIENTS; i++)
                client_drop(&s.clients[i]);
        return r;
}
