#include "rolewatch/collect.h"
#include "rolewatch/io.h"

int collect_host(struct snapshot *s, struct net *n, const struct collect_settings *cs)
{
        int r;

        s->host.taken_s = clock_wall_s();
        r = collect_imds(s, n, cs);
        if (r == 0)
                r = collect_agent_itself(s, n, cs);
        return r < 0 ? r : collect_credentials(s, n, cs, &(struct cred_asks){ 0 });
}
