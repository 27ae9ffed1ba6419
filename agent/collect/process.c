/*
 * The processes of containers: found by cgroup path, read through the broker.
 * A process that ends while it is read is dropped; its pid may by then be
 * another's, so that state and start time are looked at once more at the end.
 */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include "environment.h"
#include "rolewatch/io.h"
#include "rolewatch/limits.h"
#include "process.h"
#include "rolewatch/cgroup.h"
#include "rolewatch/log.h"

static int find_container(struct reader *rd, int dir)
{
        char id[CONTAINER_ID_LEN + 1];
        int r = process_container(rd->x->at.cs, dir, id);

        return r < 0 ? r : reader_container(rd, id);
}

static int netns_index(struct reader *rd, struct broker_target t)
{
        CLEANUP(closep) int fd = broker_netns(rd->x->at.broker, t);
        struct stat st;

        return fd < 0 || fstat(fd, &st) < 0 ? -1 : reader_netns(rd, st.st_ino);
}

static void request_credential(struct reader *rd, const char *path, int *ret)
{
        int r = path ? reader_cred(rd, credential_requests_add(rd->x, path, strlen(path))) : -ENOENT;

        if (r >= 0)
                *ret = r;
}

static void request_credentials(struct reader *rd, struct process *p, const struct environ_raw *raw)
{
        struct credential_paths paths;

        environ_paths(raw, &paths);
        request_credential(rd, paths.relative, &p->cred_relative);
        request_credential(rd, paths.full, &p->cred_full);
        if (raw->metadata_v4)
                metadata_requests_add(&rd->x->metadata, p->container, raw->metadata_v4, strlen(raw->metadata_v4));
}

static int read_environ(struct reader *rd, struct process *p)
{
        CLEANUP(erase_freep) char *block = NULL;
        struct environ_raw raw = { 0 };
        int r = environment_read(rd, p, &block, &raw);

        if (r == 0 && p->environ.state == ANSWER_OK)
                request_credentials(rd, p, &raw);
        return r;
}

static const enum env_var jvm_vars[] = { ENV_VAR_JAVA_TOOL_OPTIONS, ENV_VAR_JVM_OPTIONS, ENV_VAR_JDK_OPTIONS };

static int read_props(struct reader *rd, const char *argv, size_t len, struct process *p)
{
        int r = 0;

        if (!program_is_java(p->comm, p->exe))
                return 0;
        for (size_t i = 0; i < ARRAY_SIZE(jvm_vars) && r == 0; i++)
                r = options_props(rd->x->s->arena, p->env[jvm_vars[i]], p->prop);
        return r < 0 ? r : cmdline_props(rd->x->s->arena, argv, len, p->prop);
}

/* The command line may hold secrets: it is looked through and forgotten. */
static int read_program(struct reader *rd, int dir, struct sdk_program *q, struct process *p)
{
        CLEANUP(erase_freep) char *argv = NULL;
        size_t len = 0;
        int r = read_file(&(struct file_request){ .dir = dir, .path = "cmdline", .max_bytes = ENVIRON_MAX }, &argv, &len);

        if (r == -ENOMEM)
                return r;
        r = read_props(rd, argv, len, p);
        /* Without its environment it is not known where its SDK looks for profiles. */
        if (r == 0 && p->environ.state == ANSWER_OK)
                r = files_read(q->view, p);
        q->argv = (struct span){ argv, len };
        if (r == 0)
                r = sdk_recognize(q, rd->sdks, p);
        return r == 0 && p->environ.state == ANSWER_OK ? files_passwd_home(q->view, p) : r;
}

/* The broker's descriptor is named by the kernel as the process sees the path. */
const char *process_exe(struct reader *rd, int fd)
{
        char link[64], path[PATH_TEXT_MAX];
        ssize_t n;

        if (fd < 0)
                return NULL;
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        n = readlink(link, path, sizeof path);
        return n > 0 ? arena_escape(rd->x->s->arena, path, (size_t)n, sizeof path) : NULL;
}

/* -ESRCH: it has ended. Its environment then reads as empty. */
static int read_stat(int dir, struct arena *a, struct process *p)
{
        CLEANUP(freep) char *text = NULL;
        struct proc_stat st;
        size_t len;
        int r = read_file(&(struct file_request){ .dir = dir, .path = "stat", .max_bytes = PROC_TEXT_MAX }, &text, &len);

        if (r == 0)
                r = proc_stat_parse(text, len, &st);
        if (r == 0 && proc_stat_ended(&st))
                r = -ESRCH;
        if (r < 0)
                return r;
        p->ppid = st.ppid;
        p->start_ticks = st.start_ticks;
        p->comm = arena_escape(a, st.comm, st.comm_len, 64);
        return p->comm ? 0 : -ENOMEM;
}

int process_ids(int dir, const char *path, struct proc_ids *ret)
{
        CLEANUP(freep) char *text = NULL;
        size_t len;
        int r = read_file(&(struct file_request){ .dir = dir, .path = path, .max_bytes = PROC_TEXT_MAX }, &text, &len);

        return r < 0 ? r : proc_ids_parse(text, ret);
}

static int read_inside(struct reader *rd, int dir, struct process *p)
{
        struct broker_target t = { p->pid, p->start_ticks };
        struct file_view v = { .a = rd->x->s->arena, .b = rd->x->at.broker, .t = t };
        CLEANUP(closep) int exe = -1;
        int r = process_ids(dir, "status", &v.ids);

        if (r < 0)
                return r;
        p->uid = v.ids.uid;
        p->netns = -1;
        p->cred_relative = p->cred_full = -1;
        p->token_file = p->web_identity_file = p->credentials.state = p->config.state = FILE_UNKNOWN;
        if (!rd->x->at.broker) {
                p->environ = (struct answer){ ANSWER_DENIED, 0, "the broker is not available" };
                return 0;
        }
        exe = broker_exe(rd->x->at.broker, t);
        p->exe = process_exe(rd, exe);
        p->netns = netns_index(rd, t);
        r = read_environ(rd, p);
        if (r < 0 || rd->brief)
                return r;
        return read_program(rd, dir, &(struct sdk_program){ .view = &v, .exe = exe }, p);
}

/*
 * The agent's own container is in no task, and its program is called "agent":
 * its start begins the time in which it may not know its ids yet.
 */
static void note_agent(struct reader *rd, const struct process *p)
{
        double age_s = rd->uptime_s - (double)p->start_ticks / (double)sysconf(_SC_CLK_TCK);

        if (rd->uptime_s > 0 && age_s >= 0 && streq(p->comm, "agent") &&
            rd->x->s->containers[p->container].task < 0)
                rd->x->s->host.agent_started_s = rd->x->s->host.taken_s - (int64_t)age_s;
}

static double read_uptime(int proc)
{
        CLEANUP(freep) char *text = NULL;
        size_t len;

        return read_file(&(struct file_request){ .dir = proc, .path = "uptime", .max_bytes = PROC_TEXT_MAX }, &text, &len) < 0 ? 0 : strtod(text, NULL);
}

static int postpone(struct reader *rd, pid_t pid)
{
        struct postponed *p = arena_alloc(rd->x->s->arena, sizeof *p);

        if (!p)
                return -ENOMEM;
        *p = (struct postponed){ pid, rd->postponed };
        rd->postponed = p;
        return 0;
}

int process_read(struct reader *rd, int proc, pid_t pid)
{
        struct process p = { .pid = pid }, again = { 0 }, *copied;
        char name[16];
        int r;

        rd->path_not_read = false;
        snprintf(name, sizeof name, "%d", (int)pid);
        CLEANUP(closep) int dir = openat(proc, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (dir < 0)
                return error_is_shortage(-errno) ? -errno : 0;
        p.container = find_container(rd, dir);
        if (p.container < 0)
                return error_is_shortage(p.container) ? p.container : 0;
        r = read_stat(dir, rd->x->s->arena, &p);
        if (r == 0 && rd->x->at.cs->environments)
                environment_cache_found(rd->x->at.cs->environments, pid, p.start_ticks);
        if (r == 0)
                r = read_inside(rd, dir, &p);
        if (r == 0)
                r = read_stat(dir, rd->x->s->arena, &again);
        if (r < 0 || again.start_ticks != p.start_ticks) {
                log_debug("pid %d (%s): skipped: the process ended while it was read", (int)pid, p.comm ? p.comm : "-");
                return error_is_shortage(r) ? r : 0;
        }
        if (rd->path_not_read && rd->postpones)
                return postpone(rd, pid);
        if (p.environ.state != ANSWER_OK)
                log_debug("pid %d (%s): cannot read its environment: %s", (int)pid, p.comm, answer_state_to_string(p.environ.state));
        copied = snapshot_add_process(rd->x->s);
        if (!copied)
                return -ENOMEM;
        *copied = p;
        note_agent(rd, &p);
        return 0;
}

void reader_make(struct reader *rd, int proc)
{
        struct stat st;

        rd->proc = proc;
        if (stat("/proc/self/ns/net", &st) == 0)
                rd->own_netns = st.st_ino;
        rd->uptime_s = read_uptime(proc);
}

static int processes_read(struct reader *rd, int proc)
{
        DIR *list = fdopendir(dup(proc));
        struct dirent *d;
        size_t n_read = 0;
        int r = 0;

        if (!list)
                return -errno;
        while (r == 0 && n_read < PROCESSES_MAX && (d = readdir(list)))
                if (isdigit((unsigned char)d->d_name[0])) {
                        n_read++;
                        r = process_read(rd, proc, (pid_t)atoi(d->d_name));
                }
        closedir(list);
        return r;
}

int collect_processes(struct scan *x)
{
        const struct collect_settings *cs = x->at.cs;
        CLEANUP(reader_done) struct reader rd = { .x = x, .postpones = true };
        CLEANUP(sdk_cache_freep) struct sdk_cache *own = NULL;
        CLEANUP(closep) int proc = open(cs->proc, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        int r;

        if (proc < 0)
                return error_is_shortage(-errno) ? -errno : 0;
        if (!cs->sdks && sdk_cache_new(&own) < 0)
                return -ENOMEM;
        rd.sdks = cs->sdks ? cs->sdks : own;
        reader_make(&rd, proc);
        if (cs->environments)
                environment_cache_scan_begins(cs->environments);
        r = processes_read(&rd, proc);
        rd.postpones = false;
        for (const struct postponed *p = rd.postponed; r == 0 && p; p = p->next)
                r = process_read(&rd, proc, p->pid);
        return r;
}
