/* What processes, containers, credentials and resources are called in sentences. */
#include "judge_internal.h"

const char *untrusted_text(struct arena *a, const char *s)
{
        return s ? arena_escape(a, s, strlen(s), 1024) : "";
}

/* The kernel cuts comm to this length (TASK_COMM_LEN - 1). */
#define COMM_MAX 15

const char *process_name(const struct process *p)
{
        const char *exe = p->exe ? arn_name(p->exe) : NULL;

        if (exe && *exe && (!p->comm || (strlen(p->comm) == COMM_MAX && strncmp(exe, p->comm, COMM_MAX) == 0)))
                return exe;
        return p->comm && *p->comm ? p->comm : "process";
}

const char *phrase_process(const struct judge_index *ix, int process)
{
        const struct process *p;

        if (process < 0)
                return "its parent";
        p = &ix->s->processes[process];
        if (p->pid == 0)
                return process_name(p);
        return arena_printf(ix->a, "%s (pid %d)", process_name(p), (int)p->pid);
}

const char *phrase_location(const struct judge_index *ix, const struct process *p)
{
        const struct container *c = &ix->s->containers[p->container];
        const struct task *t = c->task >= 0 ? &ix->s->tasks[c->task] : NULL;
        const char *name = c->name ? arena_dup(ix->a, c->name)
                                   : arena_printf(ix->a, "%.12s", c->id ? c->id : "?");

        if (!t)
                return arena_printf(ix->a, "container %s", name);
        return arena_printf(ix->a, "container %s of task %s", name,
                            t->family ? t->family : arn_name(t->arn));
}

const char *phrase_acts_as(const struct judge_index *ix, const struct chain_result *r)
{
        return arena_printf(ix->a, "%s (%s)", chain_result_name(r), provider_to_string(r->provider));
}

const char *phrase_on_resource(const struct judge_index *ix, const struct call *c)
{
        return streq(c->resource, "*") ? "" : arena_printf(ix->a, " on %s", c->resource);
}

const char *policy_resource(const struct judge_index *ix, const char *resource)
{
        const char *stream = strstr(resource, ":log-stream:");

        return stream ? arena_printf(ix->a, "%.*s:*", (int)(stream - resource), resource) : resource;
}
