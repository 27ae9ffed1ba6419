/*
 * container_log -- the files in which Docker keeps the log of a container. The request has a container id and a number of the
 * table in broker.h; it chooses no other part of the path.
 */
#include <stdio.h>
#include "wire.h"

/* Sources: Docker's drivers json-file and local, and its cache for drivers that cannot read a log back (since 20.10). */
static const char *const names[BROKER_LOG_MAX] = {
#define X(id, name, driver) [BROKER_LOG_##id] = name,
        BROKER_CONTAINER_LOGS(X)
#undef X
};

bool check_container_log(const struct wire_request *q)
{
        return q->pid == 0 && q->start_ticks == 0 && q->number >= 0 && q->number < BROKER_LOG_MAX &&
               is_container_id(q->path, strnlen(q->path, sizeof q->path)) &&
               wire_zero(q->path + CONTAINER_ID_LEN, sizeof q->path - CONTAINER_ID_LEN);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
int op_container_log(const struct wire_request *q)
{
        char name[CONTAINER_ID_LEN + 32];
        int fd;

        snprintf(name, sizeof name, names[q->number], q->path);
        fd = docker_file_open(q->path, name);
        return fd == -ENOTDIR ? -ENOENT : fd;
}
#pragma GCC diagnostic pop
