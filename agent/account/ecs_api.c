/* Task definitions and the overrides of tasks, by the ECS API. */
#include <stdio.h>
#include "cache.h"
#include "definitions.h"
#include "ecs_api.h"
#include "ecs_cache.h"
#include "ecs_task.h"
#include "rolewatch/limits.h"

/* One who asks ECS: with which keys, for which snapshot, and where answers are kept. */
struct ecs_session {
        struct host_client *hc;
        struct snapshot *s;
        const struct cluster_request *named;   /* whose definitions are taken whatever the tasks are; NULL: nobody's */
        const struct cache *cache;             /* NULL: nothing is kept */
};

static int ecs_request_definition(const struct ecs_session *by, const char *name)
{
        CLEANUP(json_freep) cJSON *body = cJSON_CreateObject(), *got = NULL;
        const cJSON *definition;
        int r;

        if (!body || !cJSON_AddStringToObject(body, "taskDefinition", name))
                return -ENOMEM;
        r = json_request(by->hc, by->s, &(struct json_call){ AWS_ECS, "ecs:DescribeTaskDefinition", body }, &got);
        if (r < 0 || !got)
                return r;
        definition = cJSON_GetObjectItemCaseSensitive(got, "taskDefinition");
        r = definition_take(by->s, definition, "the ECS API", by->named);
        if (r == 0 && by->cache)
                ecs_cache_write_definition(by->cache, name, definition);
        if (r == -EBADMSG)
                by->s->host.definitions_error = "ecs:DescribeTaskDefinition: the response has no task definition";
        return r == -EBADMSG ? 0 : r;
}

int ecs_definition(struct host_client *hc, struct snapshot *s, const char *name,
                   const struct cluster_request *requested)
{
        return ecs_request_definition(&(struct ecs_session){ hc, s, requested, NULL }, name);
}

/* The next of those that are not known yet, TASKS_AT_ONCE at most; *at is where to go on. */
static int ecs_request_batch(const struct ecs_session *by, bool *known, size_t *at)
{
        struct snapshot *s = by->s;
        CLEANUP(json_freep) cJSON *body = cJSON_CreateObject(), *got = NULL;
        cJSON *list = body ? cJSON_AddArrayToObject(body, "tasks") : NULL;
        size_t from = *at;
        const cJSON *o;
        int r, n = 0;

        if (!list || !cJSON_AddStringToObject(body, "cluster", s->host.cluster))
                return -ENOMEM;
        for (; *at < s->n_tasks && n < TASKS_AT_ONCE; (*at)++) {
                cJSON *arn = known[*at] ? NULL : cJSON_CreateString(s->tasks[*at].arn);

                if (!known[*at] && (!arn || !cJSON_AddItemToArray(list, arn)))
                        return -ENOMEM;
                n += !known[*at];
        }
        if (n == 0)
                return 0;
        r = json_request(by->hc, s, &(struct json_call){ AWS_ECS, "ecs:DescribeTasks", body }, &got);
        JSON_EACH(o, cJSON_GetObjectItemCaseSensitive(got, "tasks"))
                if (r == 0)
                        r = ecs_task_take(s, o, NULL);
        /* One that ECS has forgotten is not asked about again either. */
        for (size_t i = from; r == 0 && got && i < *at; i++)
                known[i] = true;
        return r;
}

/* What is refused once is not asked for again. */
static int ecs_request_tasks(const struct ecs_session *by, bool *known)
{
        struct snapshot *s = by->s;
        const char *before = s->host.definitions_error;
        int r = 0;

        for (size_t i = 0; r == 0 && s->host.definitions_error == before && i < s->n_tasks; i++) {
                char name[FIELD_MAX];

                if (!task_running(&s->tasks[i]) || snapshot_definition(s, &s->tasks[i]))
                        continue;
                snprintf(name, sizeof name, "%s:%s", s->tasks[i].family, s->tasks[i].revision);
                r = ecs_request_definition(by, name);
        }
        before = s->host.definitions_error;
        for (size_t at = 0; r == 0 && s->host.definitions_error == before && s->host.cluster && at < s->n_tasks;)
                r = ecs_request_batch(by, known, &at);
        return r;
}

int ecs_tasks(struct host_client *hc, struct snapshot *s)
{
        bool *known = arena_alloc(s->arena, (s->n_tasks + 1) * sizeof *known);

        return known ? ecs_request_tasks(&(struct ecs_session){ .hc = hc, .s = s }, known) : -ENOMEM;
}

static bool all_known(const struct snapshot *s, const bool *known)
{
        for (size_t i = 0; i < s->n_tasks; i++)
                if ((task_running(&s->tasks[i]) && !snapshot_definition(s, &s->tasks[i])) ||
                    (!known[i] && s->host.cluster))
                        return false;
        return true;
}

static int ecs_request_and_cache(const struct scan *x, const struct cache *cache, bool *known)
{
        CLEANUP(host_client_done) struct host_client hc = { 0 };
        struct snapshot *s = x->s;
        const char *before = s->host.definitions_error;
        int r = host_client_make(&hc, &x->at, &s->host);

        if (r == -EACCES) {
                s->host.definitions_error = arena_printf(s->arena, "cannot query ECS: %s", host_client_error_text(s->arena, &hc));
                return s->host.definitions_error ? 0 : -ENOMEM;
        }
        if (r < 0)
                return r;
        r = ecs_request_tasks(&(struct ecs_session){ .hc = &hc, .s = s, .cache = cache }, known);
        if (r == 0 && s->host.definitions_error != before)
                ecs_cache_write_error(s, cache);
        if (r == 0)
                ecs_cache_write_tasks(s, cache, known);
        return r;
}

int ecs_definitions(struct scan *x)
{
        const struct cache cache = { x->at.cs->cache, x->s->host.taken_s };
        struct snapshot *s = x->s;
        bool *known = arena_alloc(s->arena, (s->n_tasks + 1) * sizeof *known);
        int r = known ? ecs_cache_read_definitions(s, &cache) : -ENOMEM;

        if (r == 0)
                r = ecs_cache_read_tasks(s, &cache, known);
        if (r == 0 && !all_known(s, known))
                r = ecs_cache_read_error(s, &cache);
        else
                return r;
        return r == 0 ? ecs_request_and_cache(x, &cache, known) : r < 0 ? r : 0;
}
