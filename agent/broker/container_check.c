/*
 * container_check -- whose files and sockets may be asked for at all: those of containers.
 *
 * The daemon never asks about any other process, so that one who asks is not the
 * daemon any more. Which processes these are is not for the sender to say, nor for
 * a container: the control group was chosen by the host's runtime, and a process
 * leaves it only by privilege on the host.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include "rolewatch/cgroup.h"
#include "wire.h"

/* A line for each hierarchy of version 1; a container can make its own paths long, not these. */
#define CGROUP_TEXT_MAX (64 << 10)

int container_find(int proc, struct cgroup_location *ret)
{
        static char text[CGROUP_TEXT_MAX];
        CLEANUP(closep) int fd = openat(proc, "cgroup", O_RDONLY | O_CLOEXEC);
        size_t len = 0;
        ssize_t n;

        if (fd < 0)
                return errno == ENOENT ? -ESRCH : -errno;
        do {
                n = read(fd, text + len, sizeof text - len);
                if (n < 0)
                        return -errno;
                len += (size_t)n;
        } while (n > 0 && len < sizeof text);
        return cgroup_parse(text, len, ret) ? 0 : -EPERM;
}

int container_check(int proc)
{
        struct cgroup_location location;

        return container_find(proc, &location);
}

/*
 * The same directory, however often it is mounted: `-v /:/host` and a chroot there is
 * the host's, too. Our own root is the host's unless we run in a container ourselves;
 * then that of pid 1 is, as far as we can see it.
 */
int container_root_check(int root)
{
        /* Neither changes while this runs. */
        static struct { const char *path; bool known; struct stat st; } hosts[] = { { .path = "/" }, { .path = "/proc/1/root/" } };
        struct stat there;

        if (fstat(root, &there) < 0)
                return -errno;
        for (size_t i = 0; i < ARRAY_SIZE(hosts); i++) {
                hosts[i].known = hosts[i].known || stat(hosts[i].path, &hosts[i].st) == 0;
                if (hosts[i].known && there.st_dev == hosts[i].st.st_dev && there.st_ino == hosts[i].st.st_ino)
                        return -EPERM;
        }
        return 0;
}
