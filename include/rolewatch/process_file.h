/* process_file -- files of a container's process, opened as the process itself could open them. Of the room broker. */
#pragma once
#include "rolewatch/broker.h"
#include "rolewatch/io.h"
#include "rolewatch/model.h"

struct file_view {
        struct arena *a;
        struct broker *b;
        struct broker_target t;
        struct proc_ids ids;           /* of the process: the broker can read more than it can */
};
/* Opens a file as the process would name it. FILE_OK with a descriptor, or the state that says why not. */
enum file_state process_file_open(const struct file_view *v, const char *path, int *ret_fd);
