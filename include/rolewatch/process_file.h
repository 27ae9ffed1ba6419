/* process_file -- opens files of a container's process with the permissions of that process. Of the room broker. */
#pragma once
#include "rolewatch/broker.h"
#include "rolewatch/io.h"
#include "rolewatch/model.h"

struct file_view {
        struct arena *a;
        struct broker *b;
        struct broker_target t;
        struct proc_ids ids;           /* of the process: the broker itself could read more */
};
/* path: as the process names it. FILE_OK and a descriptor, which the caller owns; or the state that says why not. */
enum file_state process_file_open(const struct file_view *v, const char *path, int *ret_fd);
