/* files -- the credential files of a process, below its own root and with its own HOME. */
#pragma once
#include "proc_stat.h"
#include "rolewatch/broker.h"
#include "rolewatch/model.h"

struct file_view {
        struct arena *a;
        struct broker *b;
        struct broker_target t;
        struct proc_ids ids;           /* of the process: the broker can read more than it can */
};
/* Opens a file as the process would name it. FILE_OK with a descriptor, or the state that says why not. */
enum file_state file_open(const struct file_view *v, const char *path, int *ret_fd);
/* Both profile files and the two token files of p, by its env and props. 0 or -ENOMEM. */
int files_read(const struct file_view *v, struct process *p);
