/* causes -- what the table of mechanisms looks at, and how its sentences are filled. */
#pragma once
#include "room.h"

struct scene {
        const struct look *l;
        const struct group *g;
        const struct process *p, *init;         /* init: the first of the container, or NULL */
        const struct expect *e;
        const struct credential *cred;         /* of the process's own URI; NULL none */
        const struct netns *net;               /* NULL unknown */
        const struct answer *answer;           /* of the container endpoint, met from here */
        const char *task_arn;
        struct lineage lineage;                /* mechanism NULL: the variable is there */
};
/* Did this step end the chain with an error? */
bool scene_stopped_at(const struct scene *sc, enum provider p);
/* What the winner's walk says of this step; NULL: it has none. */
const struct walk_step *scene_step(const struct scene *sc, enum provider p);
/* The profile the process asks for by name; NULL none. */
const char *scene_profile(const struct scene *sc);
/* Nothing at all can be reached from there. */
bool netns_cut_off(const struct netns *n);
/* The agent's credentials port does not take connections on the host itself. */
bool agent_is_down(const struct host *h);
