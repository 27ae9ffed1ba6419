/*
 * docker_file -- files of a container that Docker keeps below its data root. Only root may write to these directories; still no
 * link is followed in them, and the caller's names are fixed ones.
 */
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include "wire.h"

#define DATA_ROOT "/var/lib/docker"

/* ROLEWATCH_DOCKER_ROOT: the data root of a Docker that keeps it elsewhere. The root itself may be a link: administrators move it so. */
static int containers_open(void)
{
        const char *root = secure_getenv("ROLEWATCH_DOCKER_ROOT");
        char path[PATH_MAX];

        if (!root || root[0] != '/')
                root = DATA_ROOT;
        if ((size_t)snprintf(path, sizeof path, "%s/containers", root) >= sizeof path)
                return -ENAMETOOLONG;
        int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
        return fd < 0 ? -errno : fd;
}

int docker_file_open(const char *id, const char *name)
{
        struct open_how how = {
                .flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK,
                .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
        };
        char path[PATH_MAX];
        struct stat st;
        CLEANUP(closep) int containers = containers_open();

        if (containers < 0)
                return containers;
        if ((size_t)snprintf(path, sizeof path, "%s/%s", id, name) >= sizeof path)
                return -ENAMETOOLONG;
        CLEANUP(closep) int fd = (int)syscall(SYS_openat2, containers, path, &how, sizeof how);
        if (fd < 0)
                return -errno;
        if (fstat(fd, &st) < 0)
                return -errno;
        return S_ISREG(st.st_mode) ? TAKE_FD(fd) : -EINVAL;
}
