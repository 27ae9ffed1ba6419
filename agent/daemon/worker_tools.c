/* worker_tools -- what a child process opens for itself: connections are not shared with the daemon. */
#include "daemon_internal.h"
#include "rolewatch/io.h"

int worker_tools_open(const struct daemon *d, struct worker_tools *ret)
{
        int r = net_new(&ret->net);

        if (r < 0)
                return r;
        ret->broker_error = d->broker_path ? broker_connect(d->broker_path, &ret->broker) : broker_local(&ret->broker);
        return error_is_shortage(ret->broker_error) ? ret->broker_error : 0;
}

int worker_tools_broker(const struct worker_tools *t)
{
        return t->broker ? broker_last_error(t->broker) : t->broker_error;
}

void worker_tools_done(struct worker_tools *t)
{
        net_free(t->net);
        broker_free(t->broker);
        *t = (struct worker_tools){ 0 };
}
