/*
 * container_config -- the file in which the host's runtime keeps what a container was started with. Its place is
 * made of fixed directories, which only root may write to, and of the id that the control group of the process
 * names; the sender chooses nothing of it.
 */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include "wire.h"

/*
 * Sources: containerd's runtime v2 keeps its bundles below its state directory, by namespace and id, and Docker's
 * namespace is "moby"; dockerd uses the containerd service of the host, or starts one of its own with its state
 * below /run/docker. Without a bundle there is Docker's own record.
 */
#define BUNDLE "io.containerd.runtime.v2.task/moby/%s/config.json"
static const char *const layouts[] = {
        "/run/containerd/" BUNDLE,
        "/run/docker/containerd/daemon/" BUNDLE,
};

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static int layout_open(const char *layout, const char *id)
{
        char path[PATH_MAX];
        struct stat st;

        if ((size_t)snprintf(path, sizeof path, layout, id) >= sizeof path)
                return -ENAMETOOLONG;
        CLEANUP(closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW);
        if (fd < 0)
                return -errno;
        if (fstat(fd, &st) < 0)
                return -errno;
        return S_ISREG(st.st_mode) ? TAKE_FD(fd) : -EINVAL;
}
#pragma GCC diagnostic pop

/* ROLEWATCH_CONTAINERD_STATE: the state directory of a containerd that keeps it elsewhere. */
static int state_open(const char *id)
{
        const char *state = secure_getenv("ROLEWATCH_CONTAINERD_STATE");
        char layout[PATH_MAX];

        if (!state || state[0] != '/' || strchr(state, '%'))
                return -ENOENT;
        if ((size_t)snprintf(layout, sizeof layout, "%s/%s", state, BUNDLE) >= sizeof layout)
                return -ENAMETOOLONG;
        return layout_open(layout, id);
}

int op_container_config(int proc, const struct wire_request *q)
{
        struct cgroup_location location;
        int r = container_find(proc, &location), fd;

        (void)q;
        if (r < 0)
                return r;
        fd = state_open(location.container);
        for (size_t i = 0; fd == -ENOENT && i < ARRAY_SIZE(layouts); i++)
                fd = layout_open(layouts[i], location.container);
        if (fd == -ENOENT)
                fd = docker_file_open(location.container, "config.v2.json");
        return fd == -ENOTDIR ? -ENOENT : fd;
}
