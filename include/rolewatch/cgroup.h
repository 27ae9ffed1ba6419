/* cgroup -- which container a process belongs to, by the text of /proc/PID/cgroup. Pure. */
#pragma once
#include "rolewatch/base.h"

#define CONTAINER_ID_LEN 64
struct cgroup_location { char container[CONTAINER_ID_LEN + 1]; };
/*
 * The container's id: the outermost path segment with 64 hex digits, as Docker, containerd and podman write it with either
 * driver ("<id>", "docker-<id>.scope", "cri-containerd-<id>.scope"). Only the outermost one was created by the host's
 * runtime: a container that may write below its own control group could create a group with another container's id.
 * False: the process is in no container.
 */
bool cgroup_parse(const char *text, size_t len, struct cgroup_location *ret);
/* Is the text a container id, and nothing else? */
bool is_container_id(const char *s, size_t len);
