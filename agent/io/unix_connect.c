#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include "rolewatch/io.h"

int unix_connect(const char *path, int type, unsigned limit_s, int *ret)
{
        struct sockaddr_un sa = { .sun_family = AF_UNIX };
        struct timeval limit = { .tv_sec = limit_s };

        if (strlen(path) >= sizeof sa.sun_path)
                return -ENAMETOOLONG;
        strcpy(sa.sun_path, path);
        CLEANUP(closep) int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
        if (fd < 0)
                return -errno;
        if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) < 0 || setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) < 0)
                return -errno;
        /* EAGAIN: so many wait already that the server takes no more. */
        if (connect(fd, (struct sockaddr *)&sa, sizeof sa) < 0)
                return errno == EAGAIN ? -ETIMEDOUT : -errno;
        *ret = TAKE_FD(fd);
        return 0;
}
