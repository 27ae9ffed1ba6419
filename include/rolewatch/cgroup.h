/* cgroup -- which container a process belongs to, by the text of /proc/PID/cgroup. Pure. */
#pragma once
#include "rolewatch/base.h"

#define CONTAINER_ID_LEN 64
struct cgroup_place { char container[CONTAINER_ID_LEN + 1]; };
/*
 * The outermost path segment that holds 64 hex digits, as Docker, containerd
 * and podman write it with either driver: "<id>", "docker-<id>.scope",
 * "cri-containerd-<id>.scope". Outermost, since only that one was made by the
 * host's runtime: a container that may write below its own control group can
 * name a group inside it like another container, and would pose as it.
 * False: in no container.
 */
bool cgroup_parse(const char *text, size_t len, struct cgroup_place *ret);
