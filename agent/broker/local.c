/*
 * local -- the table of operations in this process, for root on the command
 * line. For single-threaded programs: a socket is made by moving the calling
 * thread into another network namespace and back. A request waits as long as
 * the container's file system lets it; only rolewatch-broker has a deadline.
 */
#include "wire.h"

static int local_run(struct broker *b, const struct wire_request *q)
{
        (void)b;
        return ops_run(q);
}

int broker_local(struct broker **ret)
{
        return broker_new("", local_run, ret);
}
