/* Task definitions and the overrides of tasks, by the ECS API. */
#include <stdio.h>
#include "cache.h"
#include "definitions.h"
#include "ecs_api.h"
#include "ecs_kept.h"
#include "ecs_task.h"
#include "rolewatch/limits.h"

/* One who asks ECS: with which keys, for which snapshot, and where answers are kept. */
struct asker {
        struct host_client *hc;
        struct snapshot *s;
        const struct cluster_ask *named;       /* whose definitions are taken whatever the tasks are; NULL: nobody's */
        const struct cache *cache;             /* NULL: nothing is kept */
};

static int ask_definition(const struct asker *by, const char *name)
{
        CLEANUP(json_freep) cJSON *body = cJSON_CreateObject(), *got = NULL;
        const cJSON *definition;
        int r;

        if (!body || !cJSON_AddStringToObject(body, "taskDefinition", name))
                return -ENOMEM;
        r = json_ask(by->hc, by->s, &(struct json_call){ AWS_ECS, "ecs:DescribeTaskDefinition", body }, &got);
        if (r < 0 || !got)
                return r;
        definition = cJSON_GetObjectItemCaseSensitive(got, "taskDefinition");
        r = definition_take(by->s, definition, "the ECS API", by->named);
        if (r == 0 && by->cache)
                ecs_keep_definition(by->cache, name, definition);
        if (r == -EBADMSG)
                by->s->host.definitions_fault = "ecs:DescribeTaskDefinition: the response has no task definition";
        return r == -EBADMSG ? 0 : r;
}

int ecs_definition(struct host_client *hc, struct snapshot *s, const char *name,
                   const struct cluster_ask *asked)
{
        return ask_definition(&(struct asker){ hc, s, asked, NULL }, name);
}

/* The next of those that are not known yet, TASKS_AT_ONCE at most; *at is where to go on. */
static int ask_tasks(const struct asker *by, bool *known, size_t *at)
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
        r = json_ask(by->hc, s, &(struct json_call){ AWS_ECS, "ecs:DescribeTasks", body }, &got);
        JSON_EACH(o, cJSON_GetObjectItemCaseSensitive(got, "tasks"))
                if (r == 0)
                        r = ecs_task_take(s, o, NULL);
        /* One that ECS has forgotten is not asked about again either. */
        for (size_t i = from; r == 0 && got && i < *at; i++)
                known[i] = true;
        return r;
}

/* What is refused once is not asked for again. */
static int tasks_ask(const struct asker *by, bool *known)
{
        struct snapshot *s = by->s;
        const char *before = s->host.definitions_fault;
        int r = 0;

        for (size_t i = 0; r == 0 && s->host.definitions_fault == before && i < s->n_tasks; i++) {
                char name[FIELD_MAX];

                if (!task_running(&s->tasks[i]) || snapshot_definition(s, &s->tasks[i]))
                        continue;
                snprintf(name, sizeof name, "%s:%s", s->tasks[i].family, s->tasks[i].revision);
                r = ask_definition(by, name);
        }
        before = s->host.definitions_fault;
        for (size_t at = 0; r == 0 && s->host.definitions_fault == before && s->host.cluster && at < s->n_tasks;)
                r = ask_tasks(by, known, &at);
        return r;
}

int ecs_tasks(struct host_client *hc, struct snapshot *s)
{
        bool *known = arena_alloc(s->arena, (s->n_tasks + 1) * sizeof *known);

        return known ? tasks_ask(&(struct asker){ .hc = hc, .s = s }, known) : -ENOMEM;
}

static bool all_known(const struct snapshot *s, const bool *known)
{
        for (size_t i = 0; i < s->n_tasks; i++)
                if ((task_running(&s->tasks[i]) && !snapshot_definition(s, &s->tasks[i])) ||
                    (!known[i] && s->host.cluster))
                        return false;
        return true;
}

static int ask_and_keep(const struct scan *x, const struct cache *cache, bool *known)
{
        CLEANUP(host_client_done) struct host_client hc = { 0 };
        struct snapshot *s = x->s;
        const char *before = s->host.definitions_fault;
        int r = host_client_make(&hc, &x->at, &s->host);

        if (r == -EACCES) {
                s->host.definitions_fault = arena_printf(s->arena, "cannot query ECS: %s", host_client_fault(s->arena, &hc));
                return s->host.definitions_fault ? 0 : -ENOMEM;
        }
        if (r < 0)
                return r;
        r = tasks_ask(&(struct asker){ .hc = &hc, .s = s, .cache = cache }, known);
        if (r == 0 && s->host.definitions_fault != before)
                ecs_keep_fault(s, cache);
        if (r == 0)
                ecs_keep_tasks(s, cache, known);
        return r;
}

int ecs_definitions(struct scan *x)
{
        const struct cache cache = { x->at.cs->cache, x->s->host.taken_s };
        struct snapshot *s = x->s;
        bool *known = arena_alloc(s->arena, (s->n_tasks + 1) * sizeof *known);
        int r = known ? ecs_kept_definitions(s, &cache) : -ENOMEM;

        if (r == 0)
                r = ecs_kept_tasks(s, &cache, known);
        if (r == 0 && !all_known(s, known))
                r = ecs_kept_fault(s, &cache);
        else
                return r;
        return r == 0 ? ask_and_keep(x, &cache, known) : r < 0 ? r : 0;
}
