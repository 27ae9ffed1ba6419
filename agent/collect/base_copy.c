/*
 * base_copy -- what a look at one process takes from an earlier look (its base):
 * containers with their tasks and needs, namespaces and credentials that were
 * answered for. Texts stay where they are; the base outlives the look.
 */
#include "rolewatch/limits.h"
#include "process.h"

static int base_copy_task(struct reader *rd, int in_base)
{
        const struct task *from = &rd->base->tasks[in_base];
        struct task *t;

        for (size_t i = 0; i < rd->x->s->n_tasks; i++)
                if (streq(rd->x->s->tasks[i].arn, from->arn))
                        return (int)i;
        t = snapshot_add_task(rd->x->s);
        if (!t)
                return -ENOMEM;
        *t = *from;
        return (int)rd->x->s->n_tasks - 1;
}

static int base_copy_needs(struct reader *rd, int in_base, int container)
{
        for (size_t i = 0; i < rd->base->n_needs; i++) {
                struct need *n = rd->base->needs[i].container == in_base ? snapshot_add_need(rd->x->s) : NULL;

                if (!n && rd->base->needs[i].container == in_base)
                        return -ENOMEM;
                if (n) {
                        *n = rd->base->needs[i];
                        n->container = container;
                }
        }
        return 0;
}

/* 0: the base does not know it. */
static int base_copy_container(struct reader *rd, const char *id, struct container *c)
{
        for (size_t i = 0; rd->base && i < rd->base->n_containers; i++) {
                const struct container *from = &rd->base->containers[i];
                int task;

                if (!streq(from->id, id))
                        continue;
                task = from->task < 0 ? -1 : base_copy_task(rd, from->task);
                if (task == -ENOMEM)
                        return task;
                *c = *from;
                c->task = task;
                c->config_uri = CONFIG_URI_UNKNOWN;
                c->config_cred = -1;
                return base_copy_needs(rd, (int)i, (int)(c - rd->x->s->containers));
        }
        return 0;
}

int reader_container(struct reader *rd, const char *id)
{
        struct container *c;
        int r;

        for (size_t i = 0; i < rd->x->s->n_containers; i++)
                if (streq(rd->x->s->containers[i].id, id))
                        return (int)i;
        c = snapshot_add_container(rd->x->s);
        if (!c)
                return -ENOMEM;
        c->task = c->config_cred = -1;
        r = base_copy_container(rd, id, c);
        if (r < 0)
                return r;
        if (!c->id)
                c->id = arena_dup(rd->x->s->arena, id);
        return c->id ? (int)(c - rd->x->s->containers) : -ENOMEM;
}

bool netns_answered(const struct netns *n)
{
        return n->container.state != ANSWER_UNKNOWN && n->container.state != ANSWER_UNREACHABLE && n->imds_token.state != ANSWER_UNKNOWN;
}

int netns_find(const struct snapshot *s, uint64_t inode)
{
        for (size_t i = 0; i < s->n_netns; i++)
                if (s->netns[i].inode == inode)
                        return (int)i;
        return -1;
}

/* The kernel gives the inode of a namespace that is gone to the next one: it is the same one while a process lives that was in it. */
static bool netns_lives(const struct reader *rd, int netns)
{
        const struct snapshot *base = rd->base;
        bool lives = base->netns[netns].inode == rd->own_netns;
        uint64_t start;
        pid_t parent;

        for (size_t i = 0; !lives && i < base->n_processes; i++)
                lives = base->processes[i].netns == netns && collect_start(rd->x->at.cs, base->processes[i].pid, &start, &parent) == 0 &&
                        start == base->processes[i].start_ticks;
        return lives;
}

int reader_netns(struct reader *rd, uint64_t inode)
{
        int known = netns_find(rd->x->s, inode);
        struct netns *n;

        if (known >= 0)
                return known;
        n = snapshot_add_netns(rd->x->s);
        if (!n)
                return -1;
        n->inode = inode;
        n->host = inode == rd->own_netns;
        known = rd->base && !rd->fresh ? netns_find(rd->base, inode) : -1;
        if (known >= 0 && netns_answered(&rd->base->netns[known]) && netns_lives(rd, known))
                *n = rd->base->netns[known];
        return (int)(n - rd->x->s->netns);
}

int reader_cred(struct reader *rd, int cred)
{
        struct credential *c = cred < 0 ? NULL : &rd->x->s->creds[cred];

        for (size_t i = 0; c && rd->base && !rd->fresh && i < rd->base->n_creds; i++)
                if (rd->base->creds[i].mark == c->mark && c->answer.state == ANSWER_UNKNOWN)
                        *c = rd->base->creds[i];
        return cred;
}
