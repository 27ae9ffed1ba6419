#include "definitions.h"
#include "ecs_api.h"

int account_definitions(struct snapshot *s, struct net *n, const struct collect_settings *cs)
{
        int r = definitions_read(s, cs, NULL);

        return r == 0 && cs->ecs && s->n_tasks ? ecs_definitions(s, n, cs) : r;
}

int account_fill(struct snapshot *s, struct net *n, const struct collect_settings *cs)
{
        int r = account_definitions(s, n, cs);

        return r < 0 ? r : account_roles(s, n, cs);
}
