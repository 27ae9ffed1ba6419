#include <poll.h>
#include "rolewatch/io.h"

int standard_output_write(const char *s, size_t len)
{
        struct pollfd p = { .fd = STDOUT_FILENO, .events = POLLOUT };

        return poll(&p, 1, 0) == 1 ? write_all(STDOUT_FILENO, s, len) : -EAGAIN;
}
