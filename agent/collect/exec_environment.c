#include "auxv.h"
#include "exec_environment.h"
#include "rolewatch/io.h"
#include "rolewatch/limits.h"

int execution_read(int auxv_fd, uint64_t *ret)
{
        CLEANUP(freep) char *text = NULL;
        size_t len = 0;
        int r = auxv_fd < 0 ? auxv_fd : read_fd(auxv_fd, AUXV_MAX, &text, &len);

        *ret = r < 0 ? 0 : auxv_execution(text, len);
        return r == -ENOMEM ? r : 0;
}

int execution_of(struct reader *rd, struct broker_target t, uint64_t *ret)
{
        CLEANUP(closep) int fd = broker_auxv(rd->x->at.broker, t);

        return execution_read(fd, ret);
}

void exec_environment_mark(const struct environ_raw *raw, struct cached_environment *e)
{
        struct credential_paths paths;

        environ_paths(raw, &paths);
        e->relative = paths.relative ? credential_mark(paths.relative, strlen(paths.relative)) : 0;
        e->full = paths.full ? credential_mark(paths.full, strlen(paths.full)) : 0;
}

int exec_environment_put(struct environment_cache *c, struct cached_environment e, struct span block)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        const char *env[ENV_VAR_MAX] = { NULL };
        struct environ_raw raw = { NULL, NULL, NULL };
        int r = e.execution ? arena_new(ENVIRON_MAX, &a) : -ENODATA;

        if (r == 0)
                r = environ_parse(a, block, env, &raw);
        if (r == 0) {
                exec_environment_mark(&raw, &e);
                r = environment_cache_put(c, &e, env);
        }
        if (r < 0)
                environment_cache_remove(c, e.pid);
        return r == -ENOMEM ? r : 0;
}

/* Index of the credential with this mark, of what was read so far; -ENOENT, -ENOMEM. */
static int mark_find(struct reader *rd, uint64_t mark)
{
        const struct snapshot *s = rd->x->s;

        for (size_t i = 0; i < s->n_creds; i++)
                if (s->creds[i].mark == mark)
                        return (int)i;
        for (size_t i = 0; rd->base && i < rd->base->n_creds; i++)
                if (rd->base->creds[i].mark == mark)
                        return credential_requests_copy(rd->x, &rd->base->creds[i]);
        return -ENOENT;
}

int exec_environment_take(struct reader *rd, struct process *p, const struct cached_environment *e)
{
        int relative = e->relative ? mark_find(rd, e->relative) : -1, full = e->full ? mark_find(rd, e->full) : -1;
        const char *env[ENV_VAR_MAX] = { NULL };
        int r;

        if (relative == -ENOMEM || full == -ENOMEM)
                return -ENOMEM;
        if ((e->relative && relative < 0) || (e->full && full < 0))
                return 0;
        r = environment_cache_get(rd->x->at.cs->environments, e, rd->x->s->arena, env);
        if (r < 0)
                return r;
        memcpy(p->env, env, sizeof p->env);
        p->environ = (struct answer){ .state = ANSWER_OK };
        p->environment_source = ENVIRONMENT_EXEC;
        p->cred_relative = relative;
        p->cred_full = full;
        return 1;
}
