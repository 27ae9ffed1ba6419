/* One look: indices over a snapshot, and small questions about its facts. */
#include "room.h"

static int slot_compare(const void *a, const void *b)
{
        const struct pid_slot *x = a, *y = b;

        return x->pid < y->pid ? -1 : x->pid > y->pid;
}

int look_find(const struct look *l, pid_t pid)
{
        const struct pid_slot key = { .pid = pid };
        const struct pid_slot *slot =
                bsearch(&key, l->by_pid, l->s->n_processes, sizeof key, slot_compare);

        return slot ? slot->process : -ENOENT;
}

int look_parent(const struct look *l, int process)
{
        const struct process *p = &l->s->processes[process];
        int parent = look_find(l, p->ppid);

        if (parent < 0 || parent == process || l->s->processes[parent].container != p->container)
                return -ENOENT;
        return parent;
}

/*
 * The container's own environment is that of its first process: what was
 * started later from outside (docker exec) has a parent outside, too, but not
 * the earliest start.
 */
static void note_init(struct look *l, int process)
{
        const struct process *p = &l->s->processes[process];
        int *init = &l->init[p->container];
        const struct process *q = *init < 0 ? NULL : &l->s->processes[*init];

        if (look_parent(l, process) >= 0)
                return;
        if (!q || p->start_ticks < q->start_ticks ||
            (p->start_ticks == q->start_ticks && p->pid < q->pid))
                *init = process;
}

static bool in_container(const struct snapshot *s, const struct process *p)
{
        return p->container >= 0 && (size_t)p->container < s->n_containers;
}

int look_make(struct look *l)
{
        const struct snapshot *s = l->s;

        l->by_pid = arena_alloc(l->a, (s->n_processes + 1) * sizeof *l->by_pid);
        l->init = arena_alloc(l->a, (s->n_containers + 1) * sizeof *l->init);
        if (!l->by_pid || !l->init)
                return -ENOMEM;
        for (size_t i = 0; i < s->n_processes; i++)
                l->by_pid[i] = (struct pid_slot){ s->processes[i].pid, (int)i };
        qsort(l->by_pid, s->n_processes, sizeof *l->by_pid, slot_compare);
        for (size_t i = 0; i < s->n_containers; i++)
                l->init[i] = -1;
        for (size_t i = 0; i < s->n_processes; i++)
                if (in_container(s, &s->processes[i]))
                        note_init(l, (int)i);
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

bool has_rel(const struct process *p)
{
        return env_known(p) && !is_blank(p->env[E_REL]);
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
