/* Task definitions and the overrides of tasks, by the ECS API. */
#include <stdio.h>
#include "definitions.h"
#include "ecs_api.h"
#include "ecs_kept.h"
#include "ecs_task.h"
#include "rolewatch/limits.h"

/* NULL in *ret: none, and the host has the fault. */
static int ask(struct host_client *hc, struct snapshot *s, const char *call, const cJSON *body, cJSON **ret)
{
        return json_ask(hc, s->arena, AWS_ECS, call, body, ret, &s->host.definitions_fault);
}

/* cache NULL: it is not kept. */
static int ask_definition(struct host_client *hc, struct snapshot *s, const char *name,
                          const struct cluster_ask *asked, const char *cache)
{
        CLEANUP(json_freep) cJSON *body = cJSON_CreateObject(), *got = NULL;
        int r;

        if (!body || !cJSON_AddStringToObject(body, "taskDefinition", name))
                return -ENOMEM;
        r = ask(hc, s, "ecs:DescribeTaskDefinition", body, &got);
        if (r < 0 || !got)
                return r;
        r = definition_take(s, cJSON_GetObjectItemCaseSensitive(got, "taskDefinition"), "the ECS API", asked);
        if (r == 0 && cache)
                ecs_keep_definition(s, cache, name, cJSON_GetObjectItemCaseSensitive(got, "taskDefinition"));
        if (r == -EBADMSG)
                s->host.definitions_fault = "ecs:DescribeTaskDefinition: an answer without one";
        return r == -EBADMSG ? 0 : r;
}

int ecs_definition(struct host_client *hc, struct snapshot *s, const char *name,
                   const struct cluster_ask *asked)
{
        return ask_definition(hc, s, name, asked, NULL);
}

/* The next of those that are not known yet, TASKS_AT_ONCE at most; *at is where to go on. */
static int ask_tasks(struct host_client *hc, struct snapshot *s, bool *known, size_t *at)
{
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
        r = ask(hc, s, "ecs:DescribeTasks", body, &got);
        JSON_EACH(o, cJSON_GetObjectItemCaseSensitive(got, "tasks"))
                if (r == 0)
                        r = ecs_task_take(s, o, NULL);
        /* One that ECS has forgotten is not asked about again either. */
        for (size_t i = from; r == 0 && got && i < *at; i++)
                known[i] = true;
        return r;
}

/* What is refused once is not asked for again. */
static int tasks_ask(struct host_client *hc, struct snapshot *s, const char *cache, bool *known)
{
        const char *before = s->host.definitions_fault;
        int r = 0;

        for (size_t i = 0; r == 0 && s->host.definitions_fault == before && i < s->n_tasks; i++) {
                char name[FIELD_MAX];

                if (!task_running(&s->tasks[i]) || snapshot_definition(s, &s->tasks[i]))
                        continue;
                snprintf(name, sizeof name, "%s:%s", s->tasks[i].family, s->tasks[i].revision);
                r = ask_definition(hc, s, name, NULL, cache);
        }
        before = s->host.definitions_fault;
        for (size_t at = 0; r == 0 && s->host.definitions_fault == before && s->host.cluster && at < s->n_tasks;)
                r = ask_tasks(hc, s, known, &at);
        return r;
}

int ecs_tasks(struct host_client *hc, struct snapshot *s)
{
        bool *known = arena_alloc(s->arena, (s->n_tasks + 1) * sizeof *known);

        return known ? tasks_ask(hc, s, NULL, known) : -ENOMEM;
}

static bool all_known(const struct snapshot *s, const bool *known)
{
        for (size_t i = 0; i < s->n_tasks; i++)
                if ((task_running(&s->tasks[i]) && !snapshot_definition(s, &s->tasks[i])) ||
                    (!known[i] && s->host.cluster))
                        return false;
        return true;
}

static int ask_and_keep(struct snapshot *s, struct net *n, const struct collect_settings *cs, bool *known)
{
        CLEANUP(host_client_done) struct host_client hc = { 0 };
        const char *before = s->host.definitions_fault;
        int r = host_client_make(&hc, n, cs, &s->host);

        if (r == -EACCES) {
                s->host.definitions_fault = arena_printf(s->arena, "ECS cannot be asked: %s", host_client_fault(s->arena, &hc));
                return s->host.definitions_fault ? 0 : -ENOMEM;
        }
        if (r < 0)
                return r;
        r = tasks_ask(&hc, s, cs->cache, known);
        if (r == 0 && s->host.definitions_fault != before)
                ecs_keep_fault(s, cs->cache);
        if (r == 0)
                ecs_keep_tasks(s, cs->cache, known);
        return r;
}

int ecs_definitions(struct snapshot *s, struct net *n, const struct collect_settings *cs)
{
        bool *known = arena_alloc(s->arena, (s->n_tasks + 1) * sizeof *known);
        int r = known ? ecs_kept_definitions(s, cs->cache) : -ENOMEM;

        if (r == 0)
                r = ecs_kept_tasks(s, cs->cache, known);
        if (r == 0 && !all_known(s, known))
                r = ecs_kept_fault(s, cs->cache);
        else
                return r;
        return r == 0 ? ask_and_keep(s, n, cs, known) : r < 0 ? r : 0;
}
