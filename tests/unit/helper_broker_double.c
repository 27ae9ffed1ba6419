#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include "helper_broker_double.h"

#define CLIENTS 32

static void reply(int sock, uint16_t op, int result)
{
        union { struct cmsghdr head; char bytes[CMSG_SPACE(sizeof(int))]; } control = { 0 };
        struct wire_reply a = { .magic = WIRE_MAGIC, .version = WIRE_VERSION, .op = op, .error = result < 0 ? result : 0 };
        struct iovec iov = { &a, sizeof a };
        struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };

        if (result >= 0 && op != WIRE_HELLO) {
                struct cmsghdr *c = (struct cmsghdr *)control.bytes;

                m.msg_control = &control;
                m.msg_controllen = sizeof control.bytes;
                c->cmsg_level = SOL_SOCKET;
                c->cmsg_type = SCM_RIGHTS;
                c->cmsg_len = CMSG_LEN(sizeof result);
                memcpy(CMSG_DATA(c), &result, sizeof result);
        }
        (void)!sendmsg(sock, &m, MSG_NOSIGNAL);
}

static void serve(int listening, broker_double_fn *fn)
{
        struct pollfd fds[CLIENTS + 1] = { { .fd = listening, .events = POLLIN } };
        nfds_t n = 1;

        for (;;) {
                poll(fds, n, -1);
                for (nfds_t i = 1; i < n; i++) {
                        struct wire_request q;
                        int fd;

                        if (!fds[i].revents)
                                continue;
                        if (recv(fds[i].fd, &q, sizeof q, 0) != sizeof q) {
                                close(fds[i].fd);
                                fds[i--] = fds[--n];
                                continue;
                        }
                        fd = fn(&q);
                        reply(fds[i].fd, q.op, fd);
                        closep(&fd);
                }
                if (fds[0].revents && n <= CLIENTS) {
                        fds[n++] = (struct pollfd){ .fd = accept(listening, NULL, NULL), .events = POLLIN };
                        reply(fds[n - 1].fd, WIRE_HELLO, 0);
                }
        }
}

struct broker_double broker_double_start(broker_double_fn *fn)
{
        struct broker_double d = { .pid = 0 };
        struct sockaddr_un sa = { .sun_family = AF_UNIX };
        static unsigned number;
        int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

        snprintf(d.path, sizeof d.path, "/tmp/rolewatch-double-%d-%u", (int)getpid(), number++);
        strcpy(sa.sun_path, d.path);
        assert_true(fd >= 0 && bind(fd, (struct sockaddr *)&sa, sizeof sa) == 0 && listen(fd, 16) == 0);
        d.pid = fork();
        assert_true(d.pid >= 0);
        if (d.pid == 0) {
                prctl(PR_SET_PDEATHSIG, SIGKILL);
                serve(fd, fn);
        }
        close(fd);
        return d;
}

void broker_double_stop(struct broker_double *d)
{
        kill(d->pid, SIGKILL);
        assert_int_equal(waitpid(d->pid, NULL, 0), d->pid);
        unlink(d->path);
}
