/* environment -- memory, else the parent that forked the process, else the configuration of its container. */
#include <fnmatch.h>
#include <stdio.h>
#include "container_config.h"
#include "environment.h"
#include "exec_environment.h"
#include "fork.h"
#include "php_fpm_files.h"
#include "rolewatch/io.h"
#include "rolewatch/limits.h"
#include "uwsgi.h"

#define OVERWRITTEN "overwritten by the program"
#define SHORTER OVERWRITTEN ", which the entrypoint started with a shorter environment than the container's"
#define FORKS_MAX 16                   /* from a worker up to the process that executed the program */

/*
 * Programs that give the workers they fork another environment than their own, and the title of their main process.
 * php-fpm clears it unless its pool says otherwise (clear_env). nginx keeps what its `env` lines name, but a module may
 * have read the rest before: `init_by_lua` and Perl run in the main process, too. So what its workers know is not known.
 */
#define PHP_FPM "php-fpm*"
static const struct { const char *comm, *main_title; } changers[] = {
        { PHP_FPM, "php-fpm: master process (*)*" },
        { "nginx*", "nginx: master process*" },
        { "openresty*", "nginx: master process*" },
        { "angie*", "angie: master process*" },
};

#define UWSGI "uwsgi*"

static bool changes_environment(const char *comm)
{
        for (size_t i = 0; i < ARRAY_SIZE(changers); i++)
                if (fnmatch(changers[i].comm, comm, 0) == 0)
                        return true;
        return false;
}

bool environment_is_as_executed(const char *comm) { return !changes_environment(comm) && fnmatch(UWSGI, comm, 0) != 0; }

/* An environment, and how long that was which stands no more. */
struct environ_block { char *s; size_t len, overwritten; };
static void block_done(struct environ_block *x) { erase_freep(&x->s); }

static int memory_read_once(struct reader *rd, struct broker_target t, char **ret, size_t *ret_len)
{
        CLEANUP(closep) int fd = broker_environ(rd->x->at.broker, t);

        return fd < 0 ? fd : read_fd(fd, ENVIRON_MAX, ret, ret_len);
}

static bool has_command_line(struct reader *rd, pid_t pid)
{
        CLEANUP(erase_freep) char *text = NULL;
        char path[32];
        size_t len = 0;

        snprintf(path, sizeof path, "%d/cmdline", (int)pid);
        return read_file(&(struct file_request){ .dir = rd->proc, .path = path, .max_bytes = ENVIRON_MAX }, &text, &len) < 0 || len > 0;
}

/*
 * The kernel shows an empty environment of a process that is in the midst of executing a program, and of one that is
 * ending and has let go of its memory, which lasts on a busy machine. Its command line is empty then, too, and comes
 * with the environment (env_end in fs/proc/base.c). -ESRCH: so it is; what it executes has an event and a scan of its own.
 */
static int memory_read(struct reader *rd, struct broker_target t, char **ret, size_t *ret_len)
{
        int r = memory_read_once(rd, t, ret, ret_len);

        if (r < 0 || *ret_len > 0)
                return r;
        erase_freep(ret);
        *ret = NULL;
        return has_command_line(rd, t.pid) ? memory_read_once(rd, t, ret, ret_len) : -ESRCH;
}

/* The bytes of the entry of the credentials URI. */
static size_t uri_bytes(const char *block, size_t len)
{
        const char *name = env_name(ENV_VAR_RELATIVE_URI);
        size_t n = strlen(name);

        for (size_t at = 0; at < len; at += strlen(block + at) + 1)
                if (strncmp(block + at, name, n) == 0 && block[at + n] == '=')
                        return strlen(block + at) + 1;
        return 0;
}

/*
 * Of a first process, or one that was forked from it: the configuration of the container, unless an entrypoint executed
 * the program with less. What overwrites an environment leaves its length as it was at exec (env_start and env_end, proc(5)).
 * A runtime adds variables, and so does a shell. -EMSGSIZE: it was less.
 */
static int given_read(struct reader *rd, const struct step *first, struct process *p, struct environ_block *x)
{
        int r = container_config_read(rd, first, &x->s, &x->len);

        if (r < 0)
                return r;
        p->environment_source = ENVIRONMENT_CONTAINER;
        if (x->overwritten >= x->len)
                return 0;
        p->without_uri = x->overwritten < uri_bytes(x->s, x->len);
        return -EMSGSIZE;
}

/*
 * Up from a process whose memory says nothing, fork by fork, to one whose memory is intact, or to the first process
 * of the container. 0; -ENODATA: neither is there, a program on the way changes the environment of its workers, or
 * this scan has read RECOVERED_MAX bytes for such processes; -EMSGSIZE: given_read;
 * other -errno: it could not be read, or a parent has ended, and who the parent was is not known.
 */
static int recover(struct reader *rd, struct process *p, struct environ_block *x)
{
        struct step at = { { p->pid, p->start_ticks }, p->ppid, p->container, "" }, up;
        int r;

        for (unsigned i = 0; i < FORKS_MAX; i++) {
                r = rd->recovered < RECOVERED_MAX ? step_read(rd, at.parent, &up) : -ENODATA;
                if (r < 0)
                        return r;
                if (up.container != at.container)
                        return given_read(rd, &at, p, x);
                r = changes_environment(up.comm) ? 0 : is_fork(rd, at.target, up.target);
                if (r <= 0)
                        return r < 0 ? r : -ENODATA;
                r = memory_read(rd, up.target, &x->s, &x->len);
                if (r < 0)
                        return r;
                rd->recovered += x->len;
                p->environment_source = ENVIRONMENT_PARENT;
                if (environ_is_intact((struct span){ x->s, x->len }))
                        return 0;
                erase_freep(&x->s);
                x->s = NULL;
                at = up;
        }
        return -ENODATA;
}

static bool title_read(struct reader *rd, pid_t pid, char ret[PATH_TEXT_MAX])
{
        CLEANUP(erase_freep) char *text = NULL;
        char path[32];
        size_t len = 0;

        snprintf(path, sizeof path, "%d/cmdline", (int)pid);
        if (read_file(&(struct file_request){ .dir = rd->proc, .path = path, .max_bytes = ENVIRON_MAX }, &text, &len) < 0 || strlen(text) >= PATH_TEXT_MAX)
                return false;
        strcpy(ret, text);
        return true;
}

/* The main process has what it was executed with, also where it forked itself into the background. */
static bool is_master(struct reader *rd, const struct process *p)
{
        char title[PATH_TEXT_MAX];

        if (!title_read(rd, p->pid, title))
                return false;
        for (size_t i = 0; i < ARRAY_SIZE(changers); i++)
                if (fnmatch(changers[i].main_title, title, 0) == 0)
                        return true;
        return false;
}

/* ---- what the program was executed with, as the cache has it ---- */

/* The credentials that only the configuration of the container names now. */
static int config_request(struct reader *rd, const struct step *at, const struct cached_environment *e)
{
        struct cached_environment given = { .pid = 0 };
        CLEANUP(erase_freep) char *block = NULL;
        CLEANUP(arena_freep) struct arena *a = NULL;
        const char *env[ENV_VAR_MAX] = { NULL };
        struct environ_raw raw = { NULL, NULL, NULL };
        struct credential_paths paths;
        size_t len = 0;
        int r = rd->x->at.broker && rd->recovered < RECOVERED_MAX ? container_config_read(rd, at, &block, &len) : -ENODATA;

        if (r == 0)
                r = arena_new(ENVIRON_MAX, &a);
        if (r == 0)
                r = environ_parse(a, (struct span){ block, len }, env, &raw);
        if (r < 0)
                return r;
        exec_environment_mark(&raw, &given);
        environ_paths(&raw, &paths);
        if (paths.relative && given.relative == e->relative)
                r = credential_requests_add(rd->x, paths.relative, strlen(paths.relative));
        if (r >= 0 && paths.full && given.full == e->full)
                r = credential_requests_add(rd->x, paths.full, strlen(paths.full));
        return r;
}

int environment_take(struct reader *rd, struct process *p, const struct step *of, const struct cached_environment *e)
{
        int r = exec_environment_take(rd, p, e);

        if (r != 0)
                return r;
        r = config_request(rd, of, e);
        return r < 0 ? (r == -ENOMEM ? r : 0) : exec_environment_take(rd, p, e);
}

static int cached_take(struct reader *rd, struct process *p, const struct cached_environment *e)
{
        const struct step at = { { p->pid, p->start_ticks }, p->ppid, p->container, "" };
        int r = environment_take(rd, p, &at, e);

        rd->path_not_read = rd->path_not_read || r == 0;
        return r;
}

/* Of a process that overwrote its memory. 1: it has what its program was executed with; 0: that is not known; -ENOMEM. */
static int cache_read(struct reader *rd, struct process *p)
{
        struct environment_cache *c = rd->x->at.cs->environments;
        struct cached_environment *own = c ? environment_cache_find(c, p->pid, p->start_ticks) : NULL, copy;
        const struct cached_environment *e = own;
        uint64_t execution = 0;
        int r = c ? execution_of(rd, (struct broker_target){ p->pid, p->start_ticks }, &execution) : 0;

        if (r < 0)
                return r;
        if (own && own->execution != execution) {
                environment_cache_remove(c, p->pid);
                return 0;
        }
        /* Forked from one that was executed with it, and that may have ended since, as a daemon's first process does. */
        if (!own && execution && (!changes_environment(p->comm) || is_master(rd, p)))
                e = environment_cache_find_execution(c, execution);
        if (!e)
                return 0;
        copy = *e;
        r = cached_take(rd, p, e);
        if (r <= 0 || own || environment_cache_is_found(c, e))
                return r;
        copy.pid = p->pid;
        copy.start_ticks = p->start_ticks;
        r = environment_cache_put(c, &copy, p->env);
        environment_cache_found(c, p->pid, p->start_ticks);
        return r == -ENOMEM ? r : 1;
}

/*
 * Caches what an intact memory says. auxv is opened before the memory that is cached with it: of another program that was
 * executed meanwhile the memory may be, the vector not, so that such an entry is never found.
 */
static int cache_write(struct reader *rd, struct process *p, struct span block, struct environ_raw *raw)
{
        struct environment_cache *c = rd->x->at.cs->environments;
        const struct cached_environment *e = c ? environment_cache_find(c, p->pid, p->start_ticks) : NULL;
        struct cached_environment now = { .pid = p->pid, .start_ticks = p->start_ticks };
        CLEANUP(erase_freep) char *again = NULL;
        size_t len = 0;
        int r;

        if (!c)
                return 0;
        exec_environment_mark(raw, &now);
        if (e && e->relative == now.relative && e->full == now.full && environment_cache_has(c, e, p->env))
                return 0;
        r = execution_of(rd, (struct broker_target){ p->pid, p->start_ticks }, &now.execution);
        if (r < 0)
                return r;
        /* The same program changed its memory, and it looks like an environment. */
        if (e && e->execution == now.execution) {
                r = cached_take(rd, p, e);
                if (r == 1)
                        *raw = (struct environ_raw){ NULL, NULL, NULL };
                return r < 0 ? r : 0;
        }
        r = memory_read_once(rd, (struct broker_target){ p->pid, p->start_ticks }, &again, &len);
        if (r == -ENOMEM)
                return r;
        if (r < 0 || len != block.len || memcmp(again, block.s, len) != 0)
                now.execution = 0;
        r = exec_environment_put(c, now, block);
        if (r == 0)
                environment_cache_found(c, p->pid, p->start_ticks);
        return r;
}

/* Not from the memory of the process: from the cache, its parent, or its container. x->s NULL: all is in p already, or nothing is known. */
static int elsewhere_read(struct reader *rd, struct process *p, struct environ_block *x)
{
        int r = cache_read(rd, p);

        if (r == 0)
                r = recover(rd, p, x);
        if (r == -ENOMEM || r >= 0)
                return r < 0 ? r : 0;
        erase_freep(&x->s);
        x->s = NULL;
        p->environment_source = ENVIRONMENT_UNKNOWN;
        p->environ = (struct answer){ ANSWER_GARBAGE, 0, r == -EMSGSIZE ? SHORTER : OVERWRITTEN };
        return 0;
}

static int own_read(struct reader *rd, struct process *p, char **ret_block, struct environ_raw *ret_raw)
{
        CLEANUP(block_done) struct environ_block x = { NULL, 0, 0 };
        bool intact;
        int r = memory_read(rd, (struct broker_target){ p->pid, p->start_ticks }, &x.s, &x.len);

        if (r == -ESRCH || r == -ENOMEM)
                return r;
        if (r < 0) {
                p->environ = r == -EFBIG ? (struct answer){ ANSWER_GARBAGE, 0, "larger than 2 MiB" }
                                         : (struct answer){ ANSWER_DENIED, 0, arena_dup(rd->x->s->arena, strerror(-r)) };
                return 0;
        }
        p->environment_source = ENVIRONMENT_MEMORY;
        intact = environ_is_intact((struct span){ x.s, x.len });
        if (!intact) {
                erase_freep(&x.s);
                x.s = NULL;
                x.overwritten = x.len;
                r = elsewhere_read(rd, p, &x);
        }
        if (r < 0 || !x.s)
                return r < 0 ? r : 0;
        p->environ.state = ANSWER_OK;
        r = environ_parse(rd->x->s->arena, (struct span){ x.s, x.len }, p->env, ret_raw);
        if (r == 0 && intact)
                r = cache_write(rd, p, (struct span){ x.s, x.len }, ret_raw);
        if (r == 0)
                *ret_block = TAKE(x.s);
        return r;
}

/* ---- workers of php-fpm ---- */

/* What the pool leaves of the master's environment, and adds to it. */
static void pool_apply(const struct php_fpm_pool *pool, const struct process *master, struct process *p, struct environ_raw *raw)
{
        for (int i = 0; i < ENV_VAR_MAX; i++)
                p->env[i] = pool->pass[i] == PHP_FPM_SET ? pool->value[i] : pool->pass[i] == PHP_FPM_PASSED || pool->keeps ? master->env[i] : NULL;
        /* "$OTHER" of a variable that the master has not is empty. */
        for (int i = 0; i < ENV_VAR_MAX; i++)
                if (pool->pass[i] == PHP_FPM_PASSED && !p->env[i])
                        p->env[i] = "";
        /* That of the pool's user, by /etc/passwd: without it, that is what is looked for. */
        p->env[ENV_VAR_HOME] = NULL;
        p->cred_relative = p->env[ENV_VAR_RELATIVE_URI] ? master->cred_relative : -1;
        p->cred_full = p->env[ENV_VAR_FULL_URI] ? master->cred_full : -1;
        raw->relative = p->env[ENV_VAR_RELATIVE_URI] ? raw->relative : NULL;
        raw->full = p->env[ENV_VAR_FULL_URI] ? raw->full : NULL;
        raw->metadata_v4 = p->env[ENV_VAR_METADATA_V4] ? raw->metadata_v4 : NULL;
        p->environ = (struct answer){ .state = ANSWER_OK };
        p->environment_source = ENVIRONMENT_CONFIGURATION;
}

/* The master of a worker of php-fpm, and its pool. 1; 0: it is no worker of php-fpm, or its pool is not known; -ENOMEM. */
static int worker_pool(struct reader *rd, const struct process *p, struct step *ret_master, struct php_fpm_pool *ret)
{
        double age_s = rd->uptime_s - (double)p->start_ticks / (double)sysconf(_SC_CLK_TCK);
        char title[PATH_TEXT_MAX], pool_name[64], config[256];
        struct step up;
        int r;

        if (fnmatch(PHP_FPM, p->comm, 0) != 0 || rd->uptime_s <= 0 || rd->recovered >= RECOVERED_MAX ||
            !title_read(rd, p->pid, title) || !php_fpm_title_pool(title, pool_name) || step_read(rd, p->ppid, &up) < 0 ||
            up.container != p->container || fnmatch(PHP_FPM, up.comm, 0) != 0 || !title_read(rd, p->ppid, title) || !php_fpm_title_config(title, config))
                return 0;
        r = is_fork(rd, (struct broker_target){ p->pid, p->start_ticks }, up.target);
        if (r <= 0)
                return r;
        *ret_master = up;
        return php_fpm_read(rd, &(struct php_fpm_question){ up.target, config, pool_name, clock_wall_s() - (int64_t)age_s }, ret) == 0;
}

/* 1; 0: it is no worker of php-fpm, or what its pool gives it is not known; -ENOMEM. *ret_block is set where there are raw values. */
static int worker_read(struct reader *rd, struct process *p, char **ret_block, struct environ_raw *ret_raw)
{
        struct process master = { .cred_relative = -1, .cred_full = -1 };
        struct php_fpm_pool pool;
        struct step up;
        int r = worker_pool(rd, p, &up, &pool);

        if (r <= 0)
                return r;
        master.pid = up.target.pid;
        master.start_ticks = up.target.start_ticks;
        master.ppid = up.parent;
        master.container = up.container;
        master.comm = up.comm;
        r = own_read(rd, &master, ret_block, ret_raw);
        if (r == 0 && master.environ.state == ANSWER_OK) {
                pool_apply(&pool, &master, p, ret_raw);
                return 1;
        }
        erase_freep(ret_block);
        *ret_block = NULL;
        *ret_raw = (struct environ_raw){ NULL, NULL, NULL };
        return r == -ENOMEM ? r : 0;
}

/* ---- uWSGI ---- */

/* What it was executed with is not what it has, where its options change one of the variables: then none is known. */
static int options_apply(struct reader *rd, struct process *p, char **ret_block, struct environ_raw *ret_raw)
{
        int r = p->environ.state == ANSWER_OK && fnmatch(UWSGI, p->comm, 0) == 0 ? uwsgi_changes_environment(rd, p) : 0;

        if (r <= 0)
                return r;
        erase_freep(ret_block);
        *ret_block = NULL;
        *ret_raw = (struct environ_raw){ NULL, NULL, NULL };
        memset(p->env, 0, sizeof p->env);
        p->cred_relative = p->cred_full = -1;
        p->environment_source = ENVIRONMENT_UNKNOWN;
        p->environ = (struct answer){ ANSWER_GARBAGE, 0, "changed by options of uWSGI" };
        return 0;
}

int environment_read(struct reader *rd, struct process *p, char **ret_block, struct environ_raw *ret_raw)
{
        int r = worker_read(rd, p, ret_block, ret_raw);

        if (r != 0)
                return r < 0 ? r : 0;
        r = own_read(rd, p, ret_block, ret_raw);
        if (r == 0)
                r = options_apply(rd, p, ret_block, ret_raw);
        if (r == 0 && p->environ.state == ANSWER_GARBAGE && streq(p->environ.detail, OVERWRITTEN) && changes_environment(p->comm))
                p->environ.detail = OVERWRITTEN ", which gives its workers another environment than its own";
        return r;
}
