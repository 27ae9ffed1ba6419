/* Task definitions and the overrides of tasks, by the ECS API. */
#include <stdio.h>
#include "answers.h"
#include "definitions.h"
#include "ecs_api.h"
#include "limits.h"

/* NULL in *ret: none, and the host has the fault. */
static int ask(struct host_client *hc, struct snapshot *s, const char *call, const cJSON *body, cJSON **ret)
{
        return json_ask(hc, s->arena, AWS_ECS, call, body, ret, &s->host.definitions_fault);
}

int ecs_definition(struct host_client *hc, struct snapshot *s, const char *name,
                   const struct cluster_ask *asked)
{
        CLEANUP(json_freep) cJSON *body = cJSON_CreateObject(), *got = NULL;
        int r;

        if (!body || !cJSON_AddStringToObject(body, "taskDefinition", name))
                return -ENOMEM;
        r = ask(hc, s, "ecs:DescribeTaskDefinition", body, &got);
        if (r < 0 || !got)
                return r;
        r = definition_take(s, cJSON_GetObjectItemCaseSensitive(got, "taskDefinition"), "the ECS API", asked);
        if (r == -EBADMSG)
                s->host.definitions_fault = "ecs:DescribeTaskDefinition: an answer without one";
        return r == -EBADMSG ? 0 : r;
}

static int take_text(struct snapshot *s, const cJSON *o, const char *key, const char **ret)
{
        int r = json_take_str(s->arena, o, key, FIELD_MAX, ret);

        return r == -ENOMEM ? r : 0;
}

static int take_task(struct snapshot *s, const cJSON *o)
{
        const cJSON *overrides = cJSON_GetObjectItemCaseSensitive(o, "overrides");
        const char *arn;
        int r = 0;

        if (json_get_str(o, "taskArn", FIELD_MAX, &arn) < 0)
                return 0;
        for (size_t i = 0; r == 0 && i < s->n_tasks; i++) {
                struct task *t = &s->tasks[i];

                if (!streq(t->arn, arn))
                        continue;
                t->exec = json_get_bool(o, "enableExecuteCommand", false);
                r = take_text(s, overrides, "taskRoleArn", &t->task_role);
                if (r == 0)
                        r = take_text(s, overrides, "executionRoleArn", &t->execution_role);
                if (r == 0)
                        r = take_text(s, o, "startedBy", &t->started_by);
        }
        return r;
}

static int ask_tasks(struct host_client *hc, struct snapshot *s, size_t from, size_t n)
{
        CLEANUP(json_freep) cJSON *body = cJSON_CreateObject(), *got = NULL;
        cJSON *list = body ? cJSON_AddArrayToObject(body, "tasks") : NULL;
        const cJSON *o;
        int r;

        if (!list || !cJSON_AddStringToObject(body, "cluster", s->host.cluster))
                return -ENOMEM;
        for (size_t i = from; i < from + n; i++) {
                cJSON *arn = cJSON_CreateString(s->tasks[i].arn);

                if (!arn || !cJSON_AddItemToArray(list, arn))
                        return -ENOMEM;
        }
        r = ask(hc, s, "ecs:DescribeTasks", body, &got);
        cJSON_ArrayForEach(o, cJSON_GetObjectItemCaseSensitive(got, "tasks"))
                if (r == 0)
                        r = take_task(s, o);
        return r;
}

/* STOPPED tasks stay in the agent's list for hours. */
static bool running(const struct task *t)
{
        return t->family && t->revision && !streq(t->known, "STOPPED");
}

/* What is refused once is not asked for again. */
int ecs_tasks(struct host_client *hc, struct snapshot *s)
{
        const char *before = s->host.definitions_fault;
        int r = 0;

        for (size_t i = 0; r == 0 && s->host.definitions_fault == before && i < s->n_tasks; i++) {
                char name[FIELD_MAX];

                if (!running(&s->tasks[i]) || snapshot_definition(s, &s->tasks[i]))
                        continue;
                snprintf(name, sizeof name, "%s:%s", s->tasks[i].family, s->tasks[i].revision);
                r = ecs_definition(hc, s, name, NULL);
        }
        before = s->host.definitions_fault;
        for (size_t i = 0; r == 0 && s->host.definitions_fault == before && s->host.cluster && i < s->n_tasks;
             i += TASKS_AT_ONCE)
                r = ask_tasks(hc, s, i, s->n_tasks - i < TASKS_AT_ONCE ? s->n_tasks - i : TASKS_AT_ONCE);
        return r;
}

int ecs_definitions(struct snapshot *s, struct net *n, const struct collect_settings *cs)
{
        CLEANUP(host_client_done) struct host_client hc = { 0 };
        int r = host_client_make(&hc, n, cs, &s->host);

        if (r == -EACCES)
                s->host.definitions_fault = "ECS cannot be asked: no keys of the instance role";
        return r == -EACCES ? 0 : r < 0 ? r : ecs_tasks(&hc, s);
}
