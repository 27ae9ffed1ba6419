/*
 * What a broker might answer, well-formed or not, with descriptors or without:
 * none is ever leaked. First byte: how many descriptors; second: the operation.
 * fuzz: max_len=64
 */
#include <dirent.h>
#include <sys/socket.h>
#include "../../agent/broker/client.c"
#include "fuzz.h"

static int open_fds(void)
{
        DIR *d = opendir("/proc/self/fd");
        int n = 0;

        CLAIM(d);
        while (readdir(d))
                n++;
        closedir(d);
        return n;
}

static void send_reply(int sock, const uint8_t *data, size_t size, unsigned fds)
{
        union { struct cmsghdr head; char bytes[CMSG_SPACE(4 * sizeof(int))]; } c = { 0 };
        struct iovec iov = { (void *)data, size };
        struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };

        if (fds) {
                m.msg_control = &c;
                m.msg_controllen = CMSG_SPACE(fds * sizeof(int));
                c.head = (struct cmsghdr){ CMSG_LEN(fds * sizeof(int)), SOL_SOCKET, SCM_RIGHTS };
                for (unsigned i = 0; i < fds; i++)
                        memcpy(CMSG_DATA(&c.head) + i * sizeof(int), &sock, sizeof sock);
        }
        CLAIM(sendmsg(sock, &m, MSG_NOSIGNAL) >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        int pair[2], result = -1, before, r;
        unsigned fds;
        uint16_t op;

        if (size < 3)
                return 0;
        fds = data[0] % 4;
        op = data[1] == 0xff ? WIRE_HELLO : data[1] % BROKER_OP_MAX;
        before = open_fds();
        CLAIM(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0);
        send_reply(pair[1], data + 2, size - 2, fds);
        r = wire_reply_receive(pair[0], op, &result);
        CLAIM(r == 0 || r == -EPIPE);
        if (r == 0) {
                CLAIM(size - 2 == sizeof(struct wire_reply) && result >= -4095);
                CLAIM(result < 0 || (op == WIRE_HELLO) == (fds == 0));
                if (result > 0)
                        close(result);
        }
        close(pair[0]);
        close(pair[1]);
        CLAIM(open_fds() == before);
        return 0;
}
