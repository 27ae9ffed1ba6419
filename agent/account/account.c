#include "account_internal.h"
#include "definitions.h"
#include "ecs_api.h"

static int fill_definitions(struct scan *x)
{
        int r = definitions_read(x->s, x->at.cs, NULL);

        return r == 0 && x->at.cs->ecs && x->s->n_tasks ? ecs_definitions(x) : r;
}

int account_fill(struct scan *x)
{
        int r = fill_definitions(x);

        return r < 0 ? r : account_roles(x);
}
