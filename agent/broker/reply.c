/* reply -- one answer of the broker, as its clients receive it. */
#include <sys/socket.h>
#include "wire.h"

/* control and its length are set for exactly one descriptor: CMSG_SPACE would let a second in. */
union control {
        struct cmsghdr head;
        char bytes[CMSG_SPACE(sizeof(int))];
};

static int received_fd(struct msghdr *m)
{
        struct cmsghdr *c = CMSG_FIRSTHDR(m);
        int fd = -1;

        if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS &&
            c->cmsg_len == CMSG_LEN(sizeof fd))
                memcpy(&fd, CMSG_DATA(c), sizeof fd);
        return fd;
}

int wire_reply_receive(int sock, uint16_t op, int *ret_result)
{
        union control control;
        struct wire_reply a;
        struct iovec iov = { &a, sizeof a };
        struct msghdr m = {
                .msg_iov = &iov, .msg_iovlen = 1,
                .msg_control = &control, .msg_controllen = CMSG_LEN(sizeof(int)),
        };
        ssize_t n;

        do
                n = recvmsg(sock, &m, MSG_CMSG_CLOEXEC);
        while (n < 0 && errno == EINTR);
        if (n < 0)
                return errno == ECONNRESET ? -ECONNRESET : errno == EAGAIN ? -ETIMEDOUT : -EPIPE;
        CLEANUP(closep) int fd = received_fd(&m);
        if (n != sizeof a || m.msg_flags & (MSG_TRUNC | MSG_CTRUNC) || a.magic != WIRE_MAGIC ||
            a.version != WIRE_VERSION || a.op != op || a.error > 0 || a.error < -4095 || a.zero)
                return -EPIPE;
        if ((fd >= 0) != (a.error == 0 && op != WIRE_HELLO))
                return -EPIPE;
        *ret_result = a.error ? a.error : fd >= 0 ? TAKE_FD(fd) : 0;
        return 0;
}
