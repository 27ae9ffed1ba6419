/* worker_tools -- what a child process opens for itself: connections are not shared with the daemon. */
#include "daemon_internal.h"

int worker_tools_open(const struct daemon *d, struct worker_tools *ret)
{
        int r = net_new(&ret->net);

        if (r < 0)
                return r;
        ret->broker_error = d->broker_path ? broker_connect(d->broker_path, &ret->broker) : broker_local(&ret->broker);
        return ret->broker_error == -ENOMEM ? -ENOMEM : 0;
}

void worker_tools_done(struct worker_tools *t)
{
        net_free(t->net);
        broker_free(t->broker);
        *t = (struct worker_tools){ 0 };
}
