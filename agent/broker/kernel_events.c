/* kernel_events -- the row of kernel events: descriptors that were made before, each as often as it is requested. */
#include <fcntl.h>
#include "kernel_events.h"
#include "wire.h"

/* In the process of a command nobody makes any. */
static struct { int fds[BROKER_EVENTS_PART_MAX]; int error; } offered = { .error = -ENXIO };

void kernel_events_offer(const int fds[BROKER_EVENTS_PART_MAX], int error)
{
        offered.error = error;
        if (fds)
                memcpy(offered.fds, fds, sizeof offered.fds);
}

bool check_kernel_events(const struct wire_request *q)
{
        return q->pid == 0 && q->start_ticks == 0 && q->number >= 0 && q->number < BROKER_EVENTS_PART_MAX && wire_path_empty(q);
}

int op_kernel_events(const struct wire_request *q)
{
        int fd;

        if (offered.error < 0)
                return offered.error;
        fd = fcntl(offered.fds[q->number], F_DUPFD_CLOEXEC, 0);
        return fd < 0 ? -errno : fd;
}
