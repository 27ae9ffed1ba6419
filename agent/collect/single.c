/*
 * single -- a look at one process at this moment, or at one that has ended: itself, its ancestors within
 * its container, and what an earlier look knows of the rest. Only what is new
 * is asked for: a container's task, its labels, a credentials URI, a namespace.
 */
#include <fcntl.h>
#include <stdio.h>
#include "rolewatch/io.h"
#include "rolewatch/limits.h"
#include "container_config.h"
#include "executed.h"

#define ANCESTORS_MAX 64

/* Upwards from the last process that was read, as far as its container goes. */
static int read_ancestors(struct reader *rd, int proc)
{
        int container = rd->x->s->processes[0].container, r = 0;

        rd->brief = true;
        for (int i = 0; r == 0 && i < ANCESTORS_MAX; i++) {
                size_t n = rd->x->s->n_processes;
                pid_t parent = rd->x->s->processes[n - 1].ppid;

                if (parent < 1 || snapshot_find_process(rd->x->s, parent) >= 0)
                        break;
                r = process_read(rd, proc, parent);
                if (rd->x->s->n_processes == n)
                        break;
                if (rd->x->s->processes[n].container != container) {
                        rd->x->s->n_processes = n;
                        break;
                }
        }
        return r;
}

/* The first processes of all containers of the task say what its own environment is. */
static int copy_first_processes(struct reader *rd, const char *task)
{
        int r = 0;

        for (size_t i = 0; r == 0 && i < rd->base->n_processes; i++) {
                const struct process *from = &rd->base->processes[i];
                const struct container *c = &rd->base->containers[from->container];
                struct process *p;

                if (c->task < 0 || !streq(rd->base->tasks[c->task].arn, task) ||
                    snapshot_find_process(rd->x->s, from->pid) >= 0)
                        continue;
                p = snapshot_add_process(rd->x->s);
                if (!p)
                        return -ENOMEM;
                *p = *from;
                p->container = reader_container(rd, c->id);
                p->netns = from->netns < 0 ? -1 : reader_netns(rd, rd->base->netns[from->netns].inode);
                p->cred_relative = p->cred_full = -1;
                if (from->cred_relative >= 0)
                        p->cred_relative = credential_requests_copy(rd->x, &rd->base->creds[from->cred_relative]);
                r = p->container < 0 ? p->container : p->cred_relative == -ENOMEM ? -ENOMEM : 0;
        }
        return r;
}

static int copy_host(struct reader *rd)
{
        const struct snapshot *base = rd->base;

        rd->x->s->host = base->host;
        rd->x->s->host.taken_s = clock_wall_s();
        for (size_t i = 0; i < base->n_needs; i++) {
                struct need *n = base->needs[i].container < 0 ? snapshot_add_need(rd->x->s) : NULL;

                if (base->needs[i].container >= 0)
                        continue;
                if (!n)
                        return -ENOMEM;
                *n = base->needs[i];
        }
        return 0;
}

static bool concerns(const struct snapshot *s, const struct role *role)
{
        if (streq(role->name, s->host.instance_role))
                return true;
        for (size_t i = 0; i < s->n_creds; i++)
                if (streq(role->arn, s->creds[i].role_arn))
                        return true;
        for (size_t i = 0; i < s->n_tasks; i++)
                if (streq(role->arn, s->tasks[i].task_role))
                        return true;
        return false;
}

/* Of roles and definitions, those that this task has to do with. */
static int copy_roles(struct reader *rd)
{
        const struct snapshot *base = rd->base;

        for (size_t i = 0; i < base->n_definitions; i++)
                for (size_t t = 0; t < rd->x->s->n_tasks; t++)
                        if (snapshot_definition(base, &rd->x->s->tasks[t]) == &base->definitions[i]) {
                                struct definition *d = snapshot_add_definition(rd->x->s);

                                if (!d)
                                        return -ENOMEM;
                                *d = base->definitions[i];
                        }
        for (size_t i = 0; i < base->n_roles; i++) {
                struct role *role = concerns(rd->x->s, &base->roles[i]) ? snapshot_add_role(rd->x->s) : NULL;

                if (role)
                        *role = base->roles[i];
        }
        return 0;
}

/* What the base does not know: container_known says whether it knows the task and the labels. */
static int request_unknown(struct reader *rd, bool container_known)
{
        struct scan *x = rd->x;
        const struct container *c;
        int r = 0;

        if (!container_known)
                r = collect_container(x, x->s->processes[0].container);
        if (r == 0 && !container_known)
                r = collect_metadata(x);
        c = &x->s->containers[x->s->processes[0].container];
        if (r == 0 && c->task >= 0)
                r = copy_first_processes(rd, x->s->tasks[c->task].arn);
        if (r == 0)
                r = container_configs_read(rd);
        if (r == 0)
                r = collect_new_credentials(x);
        if (r == 0)
                r = copy_roles(rd);
        if (r == 0 && x->at.broker && x->at.cs->probe)
                r = collect_probes(x);
        return r;
}

/* executed NULL: it is read as it is. */
struct subject { struct broker_target process; const struct executed *executed; };

static int single_collect(const struct host_access *at, const struct snapshot *base, const struct subject *of, struct snapshot **ret)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(scan_done) struct scan x = { .at = *at };
        CLEANUP(reader_done) struct reader rd = { .x = &x, .base = base, .sdks = at->cs->sdks, .fresh = at->cs->fresh };
        CLEANUP(closep) int proc = open(at->cs->proc, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        bool known;
        int r = snapshot_new(&s);

        if (r < 0 || proc < 0)
                return r < 0 ? r : -errno;
        x.s = s;
        reader_make(&rd, proc);
        r = copy_host(&rd);
        if (r == 0)
                r = of->executed ? executed_read(&rd, of->executed, of->process) : process_read(&rd, proc, of->process.pid);
        if (r < 0 || !s->n_processes)
                return r < 0 ? r : -ESRCH;
        known = snapshot_has_container(base, s->containers[s->processes[0].container].id);
        r = read_ancestors(&rd, proc);
        if (r == 0 && of->executed)
                r = executed_finish(&rd, of->executed);
        if (r == 0)
                r = request_unknown(&rd, known);
        if (r < 0)
                return r;
        *ret = TAKE(s);
        return 0;
}

int collect_process(const struct host_access *at, const struct snapshot *base, pid_t pid, struct snapshot **ret)
{
        return single_collect(at, base, &(struct subject){ { pid, 0 }, NULL }, ret);
}

int collect_executed(const struct host_access *at, const struct snapshot *base, const struct executed *e, struct broker_target of, struct snapshot **ret)
{
        return single_collect(at, base, &(struct subject){ of, e }, ret);
}

/* ---- and back: what the look has found out is kept for the next one ---- */

int merge_task(struct snapshot *base, const struct task *from)
{
        struct task *t;
        int r;

        for (size_t i = 0; i < base->n_tasks; i++)
                if (streq(base->tasks[i].arn, from->arn))
                        return (int)i;
        t = snapshot_add_task(base);
        r = t ? snapshot_copy_task(base, from, t) : -ENOMEM;
        return r < 0 ? r : (int)base->n_tasks - 1;
}

/* Index in base of a credential of s, or -1. */
static int cred_find(const struct snapshot *base, const struct snapshot *s, int cred)
{
        for (size_t i = 0; cred >= 0 && i < base->n_creds; i++)
                if (base->creds[i].mark == s->creds[cred].mark)
                        return (int)i;
        return -1;
}

static int merge_first_process(struct snapshot *base, const struct snapshot *s, int container)
{
        const struct process *first = &s->processes[0];
        struct process *p;

        for (size_t i = 1; i < s->n_processes && s->processes[i].container == first->container; i++)
                first = &s->processes[i];
        p = snapshot_add_process(base);
        if (!p || snapshot_copy_process(base, first, p) < 0)
                return -ENOMEM;
        p->container = container;
        p->netns = first->netns < 0 ? -1 : netns_find(base, s->netns[first->netns].inode);
        p->cred_relative = p->cred_full = -1;
        p->cred_relative = cred_find(base, s, first->cred_relative);
        return 0;
}

/* What the label of the container declares. */
static int merge_needs(struct snapshot *base, const struct snapshot *s, int container)
{
        int r = 0;

        for (size_t i = 0; r == 0 && i < s->n_needs; i++) {
                struct need *n = s->needs[i].container == s->processes[0].container ? snapshot_add_need(base) : NULL;

                if (s->needs[i].container != s->processes[0].container)
                        continue;
                r = n ? snapshot_copy_need(base, &s->needs[i], n) : -ENOMEM;
                if (r == 0)
                        n->container = container;
        }
        return r;
}

static int merge_container(struct snapshot *base, const struct snapshot *s)
{
        const struct container *from = &s->containers[s->processes[0].container];
        struct container *c;
        int r, task = -1;

        if (snapshot_has_container(base, from->id) || from->task < 0)
                return 0;
        task = merge_task(base, &s->tasks[from->task]);
        if (task < 0)
                return task;
        c = snapshot_add_container(base);
        r = c ? snapshot_copy_container(base, from, c) : -ENOMEM;
        if (r < 0)
                return r;
        c->task = task;
        c->config_cred = cred_find(base, s, from->config_uri == CONFIG_URI_SET ? from->config_cred : -1);
        r = merge_needs(base, s, (int)base->n_containers - 1);
        return r < 0 ? r : merge_first_process(base, s, (int)base->n_containers - 1);
}

static int merge_netns(struct snapshot *base, const struct netns *from)
{
        int known = netns_find(base, from->inode);
        struct netns *to = known < 0 ? NULL : &base->netns[known];

        if (to ? netns_answered(to) || !netns_answered(from) : from->container.state == ANSWER_UNKNOWN)
                return 0;
        to = to ? to : snapshot_add_netns(base);
        return to ? snapshot_copy_netns(base, from, to) : -ENOMEM;
}

int collect_merge(struct snapshot *base, const struct snapshot *s)
{
        int r = 0;

        for (size_t i = 0; r == 0 && i < s->n_creds; i++) {
                bool known = s->creds[i].answer.state != ANSWER_OK;

                for (size_t k = 0; !known && k < base->n_creds; k++)
                        known = base->creds[k].mark == s->creds[i].mark;
                if (!known) {
                        struct credential *c = snapshot_add_cred(base);

                        r = c ? snapshot_copy_cred(base, &s->creds[i], c) : -ENOMEM;
                }
        }
        for (size_t i = 0; r == 0 && i < s->n_netns; i++)
                r = merge_netns(base, &s->netns[i]);
        return r < 0 ? r : merge_container(base, s);
}
