#include <stdio.h>
#include "exec_environment.h"
#include "fork.h"
#include "rolewatch/cgroup.h"
#include "rolewatch/io.h"
#include "rolewatch/limits.h"

int step_read(const struct reader *rd, pid_t pid, struct step *ret)
{
        CLEANUP(freep) char *text = NULL;
        char path[32], id[CONTAINER_ID_LEN + 1];
        struct proc_stat st;
        size_t len;
        int r;

        snprintf(path, sizeof path, "%d", (int)pid);
        CLEANUP(closep) int dir = openat(rd->proc, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (dir < 0)
                return -errno;
        r = read_file(&(struct file_request){ .dir = dir, .path = "stat", .max_bytes = PROC_TEXT_MAX }, &text, &len);
        if (r == 0)
                r = proc_stat_parse(text, len, &st);
        if (r < 0)
                return r;
        *ret = (struct step){ { pid, st.start_ticks }, st.ppid, -1, "" };
        snprintf(ret->comm, sizeof ret->comm, "%.*s", (int)st.comm_len, st.comm);
        r = process_container(rd->x->at.cs, dir, id);
        for (size_t i = 0; r == 0 && i < rd->x->s->n_containers; i++)
                if (streq(rd->x->s->containers[i].id, id))
                        ret->container = (int)i;
        return r == -ENOENT ? 0 : r;
}

int is_fork(struct reader *rd, struct broker_target child, struct broker_target parent)
{
        uint64_t own;
        int r = execution_of(rd, child, &own);

        if (r == 0 && (rd->parent.pid != parent.pid || rd->parent.start_ticks != parent.start_ticks)) {
                rd->parent.pid = 0;
                r = execution_of(rd, parent, &rd->parent_execution);
                if (r == 0)
                        rd->parent = parent;
        }
        return r < 0 ? r : own && own == rd->parent_execution;
}
