/* The facts that causes look at, gathered for one group. */
#include "causes.h"

bool context_stopped_at(const struct cause_context *cx, enum provider p)
{
        const struct chain_result *r = &cx->g->winner;

        for (size_t i = 0; i < r->n_walk; i++)
                if (r->walk[i].state == STEP_STOPPED)
                        return r->walk[i].provider == p;
        return false;
}

const struct walk_step *context_step(const struct cause_context *cx, enum provider p)
{
        const struct chain_result *r = &cx->g->winner;

        for (size_t i = 0; i < r->n_walk; i++)
                if (r->walk[i].provider == p)
                        return &r->walk[i];
        return NULL;
}

const char *context_profile(const struct cause_context *cx)
{
        const char *const names[] = { cx->p->env[ENV_VAR_PROFILE], cx->p->env[ENV_VAR_DEFAULT_PROFILE],
                                      cx->p->prop[SYSPROP_PROFILE] };

        for (size_t i = 0; i < ARRAY_SIZE(names); i++)
                if (!is_blank(names[i]))
                        return names[i];
        return NULL;
}

/* Is this file without that profile, as far as it was read? */
static bool is_without(const struct profile_file *f, const char *profile)
{
        for (size_t i = 0; i < f->n_profiles; i++)
                if (streq(f->profiles[i].name, profile))
                        return false;
        return f->state == FILE_OK || f->state == FILE_ABSENT;
}

bool context_profile_missing(const struct cause_context *cx)
{
        const char *profile = context_profile(cx);

        return profile && is_without(&cx->p->credentials, profile) && is_without(&cx->p->config, profile);
}

static const struct answer none = { .state = ANSWER_UNKNOWN };

void context_make(const struct judge_index *ix, const struct group *g, struct cause_context *ret)
{
        const struct snapshot *s = ix->s;
        const struct process *p = &s->processes[g->process];
        const struct container *c = &s->containers[p->container];
        int init = ix->init[p->container];
        struct cause_context cx = { .ix = ix, .g = g, .p = p, .e = expect_of(ix, p), .answer = &none,
                            .lineage = { .last_holder = -1, .first_without = -1 } };

        if (init >= 0)
                cx.init = &s->processes[init];
        if (p->cred_relative >= 0 && (size_t)p->cred_relative < s->n_creds)
                cx.cred = &s->creds[p->cred_relative];
        if (p->netns >= 0 && (size_t)p->netns < s->n_netns)
                cx.net = &s->netns[p->netns];
        if (cx.net && answer_bad(&cx.net->container))
                cx.answer = &cx.net->container;
        else if (cx.cred)
                cx.answer = &cx.cred->answer;
        if (c->task >= 0)
                cx.task_arn = s->tasks[c->task].arn;
        if (!p->env[ENV_VAR_RELATIVE_URI])
                lineage_trace(ix, g->process, &cx.lineage);
        *ret = cx;
}
