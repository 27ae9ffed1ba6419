/* The index over a snapshot, and predicates on its facts. */
#include "judge_internal.h"

struct pid_slot { pid_t pid; int process; };

static int slot_compare(const void *a, const void *b)
{
        const struct pid_slot *x = a, *y = b;

        return x->pid < y->pid ? -1 : x->pid > y->pid;
}

static int find_pid(const struct judge_index *ix, pid_t pid)
{
        const struct pid_slot key = { .pid = pid };
        const struct pid_slot *slot =
                bsearch(&key, ix->by_pid, ix->s->n_processes, sizeof key, slot_compare);

        return slot ? slot->process : -ENOENT;
}

int index_parent(const struct judge_index *ix, int process)
{
        const struct process *p = &ix->s->processes[process];
        int parent = p->ppid ? find_pid(ix, p->ppid) : -ENOENT;        /* 0: a planned program, or the parent is not visible */

        if (parent < 0 || parent == process || ix->s->processes[parent].container != p->container)
                return -ENOENT;
        return parent;
}

/*
 * The container's own environment is that of its first process: the earliest
 * start among those whose parent is outside. A process that was started from
 * outside later (docker exec) has such a parent, too.
 */
static void note_init(struct judge_index *ix, int process)
{
        const struct process *p = &ix->s->processes[process];
        int *init = &ix->init[p->container];
        const struct process *q = *init < 0 ? NULL : &ix->s->processes[*init];

        if (index_parent(ix, process) >= 0)
                return;
        if (!q || p->start_ticks < q->start_ticks ||
            (p->start_ticks == q->start_ticks && p->pid < q->pid))
                *init = process;
}

static bool in_container(const struct snapshot *s, const struct process *p)
{
        return p->container >= 0 && (size_t)p->container < s->n_containers;
}

int index_make(struct judge_index *ix)
{
        const struct snapshot *s = ix->s;

        ix->by_pid = arena_alloc(ix->a, (s->n_processes + 1) * sizeof *ix->by_pid);
        ix->init = arena_alloc(ix->a, (s->n_containers + 1) * sizeof *ix->init);
        if (!ix->by_pid || !ix->init)
                return -ENOMEM;
        for (size_t i = 0; i < s->n_processes; i++)
                ix->by_pid[i] = (struct pid_slot){ s->processes[i].pid, (int)i };
        qsort(ix->by_pid, s->n_processes, sizeof *ix->by_pid, slot_compare);
        for (size_t i = 0; i < s->n_containers; i++)
                ix->init[i] = -1;
        for (size_t i = 0; i < s->n_processes; i++)
                if (in_container(s, &s->processes[i]))
                        note_init(ix, (int)i);
        return 0;
}

bool env_known(const struct process *p)
{
        return p->environ.state == ANSWER_OK;
}

bool is_blank(const char *v)
{
        return !v || v[strspn(v, " \t\r\n")] == '\0';
}

bool has_relative_uri(const struct process *p)
{
        return env_known(p) && !is_blank(p->env[ENV_VAR_RELATIVE_URI]);
}

bool answer_bad(const struct answer *x)
{
        switch (x->state) {
        case ANSWER_STATUS: case ANSWER_GARBAGE: case ANSWER_REFUSED: case ANSWER_TIMEOUT:
        case ANSWER_UNREACHABLE: case ANSWER_RESET:
                return true;
        case ANSWER_UNKNOWN:
        case ANSWER_OK:
        case ANSWER_EXPIRED:
        case ANSWER_DENIED:
        case ANSWER_STATE_MAX:
                return false;
        }
        return false;
}

bool agent_starting(const struct host *h)
{
        return h->agent_started_s > 0 && h->taken_s >= h->agent_started_s &&
               h->taken_s - h->agent_started_s < AGENT_GRACE_S;
}

bool netns_cut_off(const struct netns *n)
{
        return !n->host && n->container.state == ANSWER_UNREACHABLE &&
               n->imds_token.state == ANSWER_UNREACHABLE;
}

bool agent_is_down(const struct host *h)
{
        return h->credentials.state == ANSWER_REFUSED || h->credentials.state == ANSWER_TIMEOUT ||
               h->credentials.state == ANSWER_RESET;
}
