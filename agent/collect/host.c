#include "collect_internal.h"
#include "rolewatch/io.h"

void scan_done(struct scan *x)
{
        credential_requests_done(&x->credentials);
        metadata_requests_done(&x->metadata);
}

int collect_host(const struct host_access *at, struct snapshot *s)
{
        struct scan x = { .s = s, .at = *at };
        int r;

        s->host.taken_s = clock_wall_s();
        r = collect_imds(&x);
        if (r == 0)
                r = collect_agent_itself(&x);
        return r < 0 ? r : collect_credentials(&x);
}
