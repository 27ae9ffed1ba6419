/*
 * What the ECS agent itself calls with the instance role (amazon-ecs-agent,
 * ecs-agent/api/ecs/client): needs that nobody declares.
 */
#include "room.h"

enum about { ANYTHING, CLUSTER, INSTANCE };
static const struct { const char *action; enum about about; } calls[] = {
        { "ecs:DiscoverPollEndpoint", ANYTHING },
        { "ecs:RegisterContainerInstance", CLUSTER },
        { "ecs:SubmitTaskStateChange", CLUSTER },
        { "ecs:SubmitAttachmentStateChanges", CLUSTER },
        { "ecs:Poll", INSTANCE },
        { "ecs:StartTelemetrySession", INSTANCE },
};

/* NULL: what it is about is not known. */
static const char *resource_of(const struct look *l, enum about about)
{
        const struct host *h = &l->s->host;

        switch (about) {
        case ANYTHING:
                return "*";
        case INSTANCE:
                return h->container_instance;
        case CLUSTER:
                break;
        }
        if (!h->cluster || !h->region || !h->account)
                return NULL;
        return strncmp(h->cluster, "arn:", 4) == 0
                       ? h->cluster
                       : arena_printf(l->a, "arn:%s:ecs:%s:%s:cluster/%s",
                                      h->partition ? h->partition : "aws", h->region, h->account,
                                      h->cluster);
}

size_t derived_denied(const struct look *l, struct call *ret)
{
        const struct caller *c = caller_of(l, l->s->host.instance_role);
        size_t n = 0;

        for (size_t i = 0; c && i < ARRAY_SIZE(calls); i++) {
                const struct pair p = { calls[i].action, resource_of(l, calls[i].about) };
                struct call call;

                if (!p.resource)
                        continue;
                call = call_make(l, c, c, NULL, &p);
                if (!call_denied(call.winner) || call.resource_policy)
                        continue;
                if (n++ == 0)
                        *ret = call;
        }
        return n;
}
