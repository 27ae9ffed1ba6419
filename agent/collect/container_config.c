/* container_config -- the environment that a container was started with, by the configuration that its runtime keeps of it. */
#include "container_config.h"
#include "rolewatch/environ.h"
#include "rolewatch/io.h"
#include "rolewatch/limits.h"

/* "process.env" of an OCI bundle, "Config.Env" of Docker's own record. */
static const cJSON *config_env(const cJSON *j)
{
        static const char *const paths[][2] = { { "process", "env" }, { "Config", "Env" } };
        const cJSON *list = NULL;

        for (size_t i = 0; i < ARRAY_SIZE(paths) && !list; i++)
                list = cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(j, paths[i][0]), paths[i][1]);
        return cJSON_IsArray(list) ? list : NULL;
}

/* The same bytes as the kernel's block would have. */
static int config_block(const cJSON *list, char **ret, size_t *ret_len)
{
        const cJSON *v;
        size_t len = 0;
        char *block;

        JSON_EACH(v, list)
                len += cJSON_IsString(v) ? strlen(v->valuestring) + 1 : 0;
        block = malloc(len + 1);
        if (!block)
                return -ENOMEM;
        *ret = block;
        *ret_len = len;
        JSON_EACH(v, list)
                if (cJSON_IsString(v))
                        block = stpcpy(block, v->valuestring) + 1;
        *block = '\0';
        return 0;
}

static int config_load(struct reader *rd, struct broker_target t, struct container_environment *to)
{
        CLEANUP(erase_freep) char *text = NULL;
        CLEANUP(json_freep) cJSON *j = NULL;
        CLEANUP(closep) int fd = broker_container_config(rd->x->at.broker, t);
        const cJSON *list;
        size_t len = 0;
        int r = fd < 0 ? fd : read_fd(fd, CONTAINER_CONFIG_MAX, &text, &len);

        rd->recovered += len;
        if (r == 0)
                r = json_parse(text, len, &j);
        if (r < 0)
                return r;
        list = config_env(j);
        return list ? config_block(list, &to->block, &to->len) : -EBADMSG;
}

int container_config_read(struct reader *rd, const struct step *of, char **ret, size_t *ret_len)
{
        struct container_environment *given = &rd->given;
        char *copy;

        if (!given->known || given->container != of->container) {
                reader_done(rd);
                given->error = config_load(rd, of->target, given);
                given->container = of->container;
                given->known = given->error != -ENOMEM;
        }
        if (!given->block)
                return given->error;
        copy = malloc(given->len + 1);
        if (!copy)
                return -ENOMEM;
        *ret_len = given->len;
        memcpy(copy, given->block, given->len + 1);
        *ret = copy;
        return 0;
}

void reader_done(struct reader *rd)
{
        erase_freep(&rd->given.block);
        rd->given = (struct container_environment){ 0 };
}

/* ---- what tasks were given whose first processes have no URI ---- */

static int uri_note(struct reader *rd, struct span block, struct container *c)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        const char *env[ENV_VAR_MAX] = { NULL };
        struct environ_raw raw = { NULL, NULL, NULL };
        struct credential_paths paths;
        int r = arena_new(ENVIRON_MAX, &a);

        if (r == 0)
                r = environ_parse(a, block, env, &raw);
        if (r < 0)
                return r;
        environ_paths(&raw, &paths);
        r = paths.relative ? credential_requests_add(rd->x, paths.relative, strlen(paths.relative)) : -ENOENT;
        if (r == -ENOMEM)
                return r;
        c->config_uri = raw.relative && raw.relative[strspn(raw.relative, " \t\r\n")] ? CONFIG_URI_SET : CONFIG_URI_ABSENT;
        c->config_cred = r >= 0 ? r : -1;
        return 0;
}

static const struct container *container_known(const struct snapshot *known, const char *id)
{
        for (size_t i = 0; known && i < known->n_containers; i++)
                if (streq(known->containers[i].id, id))
                        return known->containers[i].config_uri == CONFIG_URI_UNKNOWN ? NULL : &known->containers[i];
        return NULL;
}

/* A container's configuration does not change. 1: what an earlier scan knows is enough; 0: the URI itself is needed; -ENOMEM. */
static int uri_take(struct reader *rd, const struct snapshot *known, struct container *c)
{
        const struct container *from = container_known(known, c->id);
        const struct credential *cred = from && from->config_uri == CONFIG_URI_SET && from->config_cred >= 0 ? &known->creds[from->config_cred] : NULL;
        int at = -1;

        if (!from)
                return 0;
        for (size_t i = 0; cred && at < 0 && i < rd->x->s->n_creds; i++)
                if (rd->x->s->creds[i].mark == cred->mark)
                        at = (int)i;
        /* A full scan requests each credential again. */
        if (cred && at < 0)
                at = rd->base ? credential_requests_copy(rd->x, cred) : -1;
        if (cred && at < 0)
                return at == -ENOMEM ? at : 0;
        c->config_uri = from->config_uri;
        c->config_cred = at;
        return 1;
}

static int uri_read(struct reader *rd, int container, const struct process *first)
{
        const struct step of = { { first->pid, first->start_ticks }, first->ppid, container, "" };
        struct container *c = &rd->x->s->containers[container];
        CLEANUP(erase_freep) char *block = NULL;
        size_t len = 0;
        int r = uri_take(rd, rd->base ? rd->base : rd->x->at.cs->known, c);

        if (r != 0 || !rd->x->at.broker || rd->recovered >= RECOVERED_MAX)
                return r < 0 ? r : 0;
        r = container_config_read(rd, &of, &block, &len);
        if (r == 0)
                r = uri_note(rd, (struct span){ block, len }, c);
        return r == -ENOMEM ? r : 0;
}

/* The process of each container that started first: its index and 1, or 0. */
static void configs_firsts_find(const struct snapshot *s, size_t *first)
{
        for (size_t i = 0; i < s->n_processes; i++) {
                const struct process *p = &s->processes[i];
                size_t *at = &first[p->container];
                const struct process *q = *at ? &s->processes[*at - 1] : NULL;

                if (!q || p->start_ticks < q->start_ticks || (p->start_ticks == q->start_ticks && p->pid < q->pid))
                        *at = i + 1;
        }
}

static bool has_uri(const struct process *p)
{
        const char *uri = p->environ.state == ANSWER_OK ? p->env[ENV_VAR_RELATIVE_URI] : NULL;

        return uri && uri[strspn(uri, " \t\r\n")];
}

int container_configs_read(struct reader *rd)
{
        const struct snapshot *s = rd->x->s;
        CLEANUP(freep) size_t *first = calloc(s->n_containers + 1, sizeof *first);
        CLEANUP(freep) bool *given = calloc(s->n_tasks + 1, sizeof *given);
        int r = first && given ? 0 : -ENOMEM;

        if (r < 0)
                return r;
        configs_firsts_find(s, first);
        for (size_t i = 0; i < s->n_containers; i++)
                if (s->containers[i].task >= 0 && first[i] && has_uri(&s->processes[first[i] - 1]))
                        given[s->containers[i].task] = true;
        for (size_t i = 0; r == 0 && i < s->n_containers; i++)
                if (s->containers[i].task >= 0 && !given[s->containers[i].task] && first[i])
                        r = uri_read(rd, (int)i, &s->processes[first[i] - 1]);
        return r;
}

int collect_container_configs(struct scan *x)
{
        CLEANUP(reader_done) struct reader rd = { .x = x };

        return container_configs_read(&rd);
}
