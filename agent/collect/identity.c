/*
 * identity -- which program a process runs, in a few system calls. What is read of the
 * environment and the command line becomes a digest and is erased.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include "rolewatch/cgroup.h"
#include "rolewatch/digest.h"
#include "rolewatch/io.h"
#include "rolewatch/limits.h"
#include "auxv.h"
#include "exec_environment.h"
#include "process.h"

#define WORDS_MAX 4            /* of a command line: the program, its script; what follows are arguments */

/* rolewatch's own process reads what the metadata service says of the host, for everybody: that is no use of its role. */
int process_container(const struct collect_settings *cs, int dir, char *ret_id)
{
        CLEANUP(freep) char *text = NULL;
        struct cgroup_location location;
        size_t len;
        int r = read_file(&(struct file_request){ .dir = dir, .path = "cgroup", .max_bytes = PROC_TEXT_MAX }, &text, &len);

        if (r < 0)
                return r;
        if (!cgroup_parse(text, len, &location) || streq(location.container, cs->own_container))
                return -ENOENT;
        memcpy(ret_id, location.container, sizeof location.container);
        return 0;
}

static int pid_open(const struct collect_settings *cs, pid_t pid, int *ret)
{
        char path[PATH_TEXT_MAX];

        snprintf(path, sizeof path, "%s/%d", cs->proc, (int)pid);
        int dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (dir < 0)
                return error_is_shortage(-errno) ? -errno : -ESRCH;
        *ret = dir;
        return 0;
}

static int stat_get(int dir, struct identity *id)
{
        CLEANUP(erase_freep) char *text = NULL;
        struct proc_stat st = { .state = 'X' };
        size_t len;
        int r = read_file(&(struct file_request){ .dir = dir, .path = "stat", .max_bytes = PROC_TEXT_MAX }, &text, &len);

        if (r == 0)
                r = proc_stat_parse(text, len, &st);
        if (r < 0 || proc_stat_ended(&st))
                return error_is_shortage(r) ? r : -ESRCH;
        id->start_ticks = st.start_ticks;
        id->ppid = st.ppid;
        snprintf(id->comm, sizeof id->comm, "%.*s", (int)st.comm_len, st.comm);
        return 0;
}

/* What reads as empty may be of a process that is ending, or that executes a program just now. */
static int environ_cache(struct environment_cache *c, const struct identity *id, struct span block, int auxv_fd)
{
        struct cached_environment e = { .pid = id->pid, .start_ticks = id->start_ticks };
        int r = block.len && environ_is_intact(block) ? execution_read(auxv_fd, &e.execution) : 0;

        return r < 0 ? r : exec_environment_put(c, e, block);
}

/* Only what the chain table names: other variables may change with every start. */
static void add_variables(struct digest *d, struct span block)
{
        for (size_t at = 0; at < block.len;) {
                const char *entry = block.s + at;
                size_t n = strnlen(entry, block.len - at);
                const char *eq = memchr(entry, '=', n);

                if (eq && env_find(entry, (size_t)(eq - entry)) >= 0)
                        digest_add(d, entry, n);
                at += n + 1;
        }
}

static int add_environ(struct digest *d, const struct collect_settings *cs, const struct identity *id, const struct identity_files *files)
{
        CLEANUP(erase_freep) char *text = NULL;
        size_t len = 0;
        int r = files->environ < 0 ? files->environ : read_fd(files->environ, ENVIRON_MAX, &text, &len);

        if (r < 0)
                return error_is_shortage(r) ? r : -ESRCH;
        r = cs->environments ? environ_cache(cs->environments, id, (struct span){ text, len }, files->auxv) : 0;
        if (r < 0)
                return r;
        add_variables(d, (struct span){ text, len });
        return 0;
}

/* As the kernel's record of an execution has it, with the kernel's own form of the device, so that both name one program. */
struct event_executable executable_of(const struct stat *st)
{
        return (struct event_executable){ st->st_ino, st->st_ctim.tv_sec, major(st->st_dev) << 20 | minor(st->st_dev), (uint32_t)st->st_ctim.tv_nsec };
}

static int add_program(struct digest *d, int fd, const char *comm)
{
        struct stat st;

        if (fd < 0 || fstat(fd, &st) < 0) {
                digest_add(d, comm, strlen(comm));
                return fd == -ESRCH ? fd : 0;
        }
        const struct event_executable e = executable_of(&st);
        digest_add(d, &e, sizeof e);
        return 0;
}

bool program_is_java(const char *comm, const char *exe)
{
        const char *slash = exe ? strrchr(exe, '/') : NULL;

        return streq(slash ? slash + 1 : comm, "java");
}

/* Of a JVM every word may be a system property. */
static size_t words_that_count(const char *comm) { return program_is_java(comm, NULL) ? SIZE_MAX : WORDS_MAX; }

static void add_words(struct digest *d, struct span text, size_t words)
{
        for (size_t at = 0; at < text.len && words; words--) {
                size_t n = strnlen(text.s + at, text.len - at);

                digest_add(d, text.s + at, n);
                at += n + 1;
        }
}

static int add_command_line(struct digest *d, int dir, const char *comm)
{
        CLEANUP(erase_freep) char *text = NULL;
        size_t len = 0;
        int r = read_file(&(struct file_request){ .dir = dir, .path = "cmdline", .max_bytes = ENVIRON_MAX }, &text, &len);

        if (r == 0)
                add_words(d, (struct span){ text, len }, words_that_count(comm));
        return r == -ENOMEM ? r : 0;
}

int identity_begin(const struct collect_settings *cs, pid_t pid, struct identity *ret)
{
        CLEANUP(closep) int dir = -1;
        struct identity id = { .pid = pid };
        int r = pid_open(cs, pid, &dir);

        if (r == 0)
                r = process_container(cs, dir, id.container);
        if (r < 0)
                return r == -ENOENT || error_is_shortage(r) ? r : -ESRCH;
        r = stat_get(dir, &id);
        if (r < 0)
                return error_is_shortage(r) ? r : -ENODATA;
        *ret = id;
        return 0;
}

int identity_finish(const struct collect_settings *cs, struct identity *id, const struct identity_files *files)
{
        CLEANUP(closep) int dir = -1;
        struct identity again = { .pid = id->pid };
        struct digest d;
        int r;

        digest_begin(&d);
        digest_add(&d, id->container, sizeof id->container);
        /* First of all, since it is the first to go. */
        r = add_environ(&d, cs, id, files);
        if (r == 0)
                r = add_program(&d, files->exe, id->comm);
        if (r == 0)
                r = pid_open(cs, id->pid, &dir);
        if (r == 0)
                r = add_command_line(&d, dir, id->comm);
        /* What reads as empty may have ended meanwhile. */
        if (r == 0)
                r = stat_get(dir, &again);
        if (r == 0 && again.start_ticks != id->start_ticks)
                r = -ESRCH;
        id->digest = digest_end(&d);
        return r == 0 || error_is_shortage(r) ? r : -ENODATA;
}

static int execution_cache(struct environment_cache *c, const struct kernel_event *ev, uint64_t *ret)
{
        const struct cached_environment e = { .pid = ev->pid, .start_ticks = ev->start_ticks,
                                              .execution = auxv_execution(ev->auxv.s, ev->auxv.len) };

        *ret = e.execution;
        return exec_environment_put(c, e, ev->environment);
}

int identity_of_execution(const struct collect_settings *cs, const struct kernel_event *ev, struct identity *ret)
{
        struct identity id = { .pid = ev->pid, .ppid = ev->ppid, .start_ticks = ev->start_ticks };
        struct digest d;
        int r = 0;

        if (!ev->environment_whole || (!ev->arguments_whole && words_that_count(ev->comm) > WORDS_MAX))
                return -ENODATA;
        if (cs->environments)
                r = execution_cache(cs->environments, ev, &id.execution);
        if (r < 0)
                return r;
        digest_begin(&d);
        memcpy(id.container, ev->container, sizeof id.container);
        memcpy(id.comm, ev->comm, sizeof id.comm);
        digest_add(&d, id.container, sizeof id.container);
        add_variables(&d, ev->environment);
        digest_add(&d, &ev->executable, sizeof ev->executable);
        add_words(&d, ev->arguments, words_that_count(ev->comm));
        id.digest = digest_end(&d);
        *ret = id;
        return 0;
}

int collect_start(const struct collect_settings *cs, pid_t pid, uint64_t *ret_start_ticks, pid_t *ret_ppid)
{
        CLEANUP(closep) int dir = -1;
        struct identity id = { .pid = pid };
        int r = pid_open(cs, pid, &dir);

        if (r == 0)
                r = stat_get(dir, &id);
        if (r < 0)
                return r;
        *ret_start_ticks = id.start_ticks;
        *ret_ppid = id.ppid;
        return 0;
}
