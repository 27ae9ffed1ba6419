/*
 * service -- by hand, as sd_notify(3) itself suggests: libsystemd would bring
 * five compression and crypto libraries into the one process that is privileged,
 * and two thirds of its memory.
 */
#include <fcntl.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>
#include "rolewatch/base.h"
#include "service.h"

#define FIRST_FD 3                     /* SD_LISTEN_FDS_START */

static bool env_is(const char *name, uint64_t want)
{
        const char *word = getenv(name);
        uint64_t n;

        return word && u64_parse(word, &n) == 0 && n == want;
}

static int socket_int(int fd, int option)
{
        int value = -1;
        socklen_t len = sizeof value;

        return getsockopt(fd, SOL_SOCKET, option, &value, &len) < 0 ? -1 : value;
}

int service_socket(int *ret)
{
        bool mine = env_is("LISTEN_PID", (uint64_t)getpid()) && env_is("LISTEN_FDS", 1);

        unsetenv("LISTEN_PID");
        unsetenv("LISTEN_FDS");
        unsetenv("LISTEN_FDNAMES");
        if (!mine || socket_int(FIRST_FD, SO_DOMAIN) != AF_UNIX || socket_int(FIRST_FD, SO_TYPE) != SOCK_SEQPACKET ||
            socket_int(FIRST_FD, SO_ACCEPTCONN) != 1)
                return -ENOTSOCK;
        if (fcntl(FIRST_FD, F_SETFD, FD_CLOEXEC) < 0)
                return -errno;
        *ret = FIRST_FD;
        return 0;
}

int service_notify(const char *text)
{
        const char *path = getenv("NOTIFY_SOCKET");
        struct sockaddr_un sa = { .sun_family = AF_UNIX };
        size_t len = path ? strlen(path) : 0;

        if (!len)
                return 0;
        if ((path[0] != '/' && path[0] != '@') || len >= sizeof sa.sun_path)
                return -EINVAL;
        memcpy(sa.sun_path, path, len);
        if (path[0] == '@')
                sa.sun_path[0] = '\0';         /* an abstract one, unix(7) */
        CLEANUP(closep) int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        if (fd < 0)
                return -errno;
        if (sendto(fd, text, strlen(text), MSG_NOSIGNAL, (struct sockaddr *)&sa,
                   (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)) < 0)
                return -errno;
        return 1;
}
