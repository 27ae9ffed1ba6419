#include <stdio.h>
#include <sys/stat.h>
#include "environment.h"
#include "executed.h"
#include "rolewatch/io.h"
#include "rolewatch/limits.h"

#define RELATIVES_MAX 8                /* processes of the container through which its files are looked for */

struct executed executed_of(const struct kernel_event *ev, const struct identity *id)
{
        struct executed e = { .process = { ev->pid, ev->start_ticks }, .parent = { ev->ppid, ev->parent_start_ticks },
                              .execution = id->execution, .netns_inode = ev->netns_inode,
                              .executable = ev->executable, .uid = ev->uid, .gid = ev->gid };

        memcpy(e.container, ev->container, sizeof e.container);
        memcpy(e.comm, ev->comm, sizeof e.comm);
        memcpy(e.path, ev->path.s, ev->path.len);
        return e;
}

/* Properties on its command line, or options and pools in its files, change what the program was executed with. */
static bool is_as_executed(const struct executed *e)
{
        return !program_is_java(e->comm, NULL) && !program_is_java(e->comm, e->path) && environment_is_as_executed(e->comm);
}

/* Its parent, if that lives: its pid may be another process's by now. 0: it has ended. -EMFILE and the like: that cannot be seen. */
static pid_t living_parent(const struct collect_settings *cs, const struct executed *e)
{
        uint64_t start;
        pid_t above;
        int r = e->parent.pid > 0 ? collect_start(cs, e->parent.pid, &start, &above) : -ESRCH;

        if (error_is_shortage(r))
                return r;
        return r == 0 && start == e->parent.start_ticks ? e->parent.pid : 0;
}

int executed_read(struct reader *rd, const struct executed *e, struct broker_target of)
{
        struct arena *a = rd->x->s->arena;
        struct process p = { .pid = of.pid, .start_ticks = of.start_ticks, .uid = e->uid, .cred_relative = -1, .cred_full = -1 }, *added;

        p.comm = arena_escape(a, e->comm, strlen(e->comm), 64);
        p.exe = e->path[0] == '/' ? arena_escape(a, e->path, strlen(e->path), sizeof e->path) : NULL;
        p.container = reader_container(rd, e->container);
        if (p.container < 0 || !p.comm || (!p.exe && e->path[0] == '/'))
                return -ENOMEM;
        p.netns = reader_netns(rd, e->netns_inode);
        p.ppid = living_parent(rd->x->at.cs, e);
        if (p.ppid < 0)
                return p.ppid;
        p.token_file = p.web_identity_file = p.ca_bundle = p.credentials.state = p.config.state = p.home_credentials.state = FILE_UNKNOWN;
        added = snapshot_add_process(rd->x->s);
        if (!added)
                return -ENOMEM;
        *added = p;
        return 0;
}

/* Its ancestors, and the first process of its container as the earlier scan found it; that one may have ended since. */
static size_t relatives_find(const struct reader *rd, struct broker_target list[RELATIVES_MAX])
{
        const struct snapshot *s = rd->x->s, *base = rd->base;
        size_t n = 0;

        for (size_t i = 1; i < s->n_processes && n < RELATIVES_MAX; i++)
                list[n++] = (struct broker_target){ s->processes[i].pid, s->processes[i].start_ticks };
        for (size_t i = 0; i < base->n_processes && n < RELATIVES_MAX; i++)
                if (streq(base->containers[base->processes[i].container].id, s->containers[s->processes[0].container].id))
                        list[n++] = (struct broker_target){ base->processes[i].pid, base->processes[i].start_ticks };
        return n;
}

/* The environment that the program was executed with. -ESRCH: it is not known any more. */
static int environment_find(struct reader *rd, const struct executed *e, struct broker_target relative)
{
        struct environment_cache *c = rd->x->at.cs->environments;
        struct process *p = &rd->x->s->processes[0];
        const struct step of = { relative, 0, p->container, "" };
        const struct cached_environment *x = c ? environment_cache_find(c, e->process.pid, e->process.start_ticks) : NULL;
        int r;

        if (c && (!x || x->execution != e->execution))
                x = environment_cache_find_execution(c, e->execution);
        r = x ? environment_take(rd, p, &of, x) : 0;
        return r > 0 ? 0 : r < 0 ? r : -ESRCH;
}

/* A process of the container that finds this very executable at this path has the files of the one that has ended. */
static int executable_open(const struct reader *rd, const struct executed *e, struct broker_target of)
{
        CLEANUP(closep) int fd = e->path[0] ? broker_file(rd->x->at.broker, of, e->path) : -ENOENT;
        struct event_executable found;
        struct stat st;

        if (fd < 0 || fstat(fd, &st) < 0)
                return -ENOENT;
        found = executable_of(&st);
        return memcmp(&found, &e->executable, sizeof found) == 0 ? TAKE_FD(fd) : -ENOENT;
}

/* What it could read: root all; another user what another process of this user and group can. False: that is not known. */
static bool ids_find(const struct reader *rd, const struct executed *e, pid_t pid, struct proc_ids *ret)
{
        char path[32];

        *ret = (struct proc_ids){ .uid = e->uid, .gid = e->gid };
        if (e->uid == 0)
                return true;
        snprintf(path, sizeof path, "%d/status", (int)pid);
        return process_ids(rd->proc, path, ret) == 0 && ret->uid == e->uid && ret->gid == e->gid;
}

/* Forked from a process of root, and maybe of another user since: what root does not find is not there, and what root can read it may not. */
static bool may_have_changed_user(const struct executed *e, const struct process *p) { return e->uid == 0 && p->pid != e->process.pid; }

static void files_forget(struct process *p)
{
        enum file_state *const states[] = { &p->credentials.state, &p->config.state, &p->home_credentials.state,
                                            &p->token_file, &p->web_identity_file, &p->ca_bundle };

        for (size_t i = 0; i < ARRAY_SIZE(states); i++)
                if (*states[i] != FILE_ABSENT)
                        *states[i] = FILE_UNKNOWN;
        p->credentials.n_profiles = p->config.n_profiles = p->home_credentials.n_profiles = 0;
}

/* Through another process of the container, of which this is the same executable. */
static int program_read(struct reader *rd, const struct executed *e, struct broker_target of, int exe)
{
        struct process *p = &rd->x->s->processes[0];
        struct file_view v = { .a = rd->x->s->arena, .b = rd->x->at.broker, .t = of };
        bool readable = ids_find(rd, e, of.pid, &v.ids);
        int r;

        p->exe = process_exe(rd, exe);
        /* Behind a link of another name. */
        if (program_is_java(p->comm, p->exe))
                return -ESRCH;
        r = readable ? files_read(&v, p) : 0;
        if (may_have_changed_user(e, p))
                files_forget(p);
        if (r == 0)
                r = sdk_recognize_executable(&(struct sdk_program){ .view = &v, .exe = exe }, rd->sdks, p);
        return r == 0 && readable && !may_have_changed_user(e, p) ? files_passwd_home(&v, p) : r;
}

int executed_finish(struct reader *rd, const struct executed *e)
{
        struct broker_target relatives[RELATIVES_MAX];
        size_t n = relatives_find(rd, relatives);
        int r;

        /* Without them nobody knows which process of its container it was: the first, or what that had started. */
        if (!is_as_executed(e) || (!n && !rd->x->s->processes[0].ppid))
                return -ESRCH;
        r = environment_find(rd, e, n ? relatives[0] : e->process);
        for (size_t i = 0; r == 0 && rd->x->at.broker && i < n; i++) {
                CLEANUP(closep) int exe = executable_open(rd, e, relatives[i]);

                if (exe >= 0)
                        return program_read(rd, e, relatives[i], exe);
        }
        return r;
}
