/* Task definitions and the overrides of tasks, by the ECS API. */
#include <stdio.h>
#include "answers.h"
#include "definitions.h"
#include "limits.h"
#include "role_keys.h"
#include "rolewatch/aws.h"

struct job {
        struct aws_client c;
        struct snapshot *s;
        bool refused;                  /* what is refused once is not asked for again */
};

/* The answer, the caller's; NULL in *ret: none, and the host has the fault. 0 or -ENOMEM. */
static int ask(struct job *j, const char *action, const cJSON *body, cJSON **ret)
{
        struct host *h = &j->s->host;
        struct aws_answer answer;
        int r = aws_json(&j->c, AWS_ECS, action, body, &answer);

        *ret = NULL;
        if (r == -ENOMEM)
                return r;
        if (r < 0) {
                h->definitions_fault = "ECS cannot be asked: no region, or no usable endpoint";
                j->refused = true;
        } else if (answer.state != ANSWER_OK) {
                struct answer x = { answer.state, answer.status, NULL };

                h->definitions_fault = arena_printf(j->s->arena, "ecs:%s: %s %s", action,
                                                    answer.code[0] ? answer.code
                                                                   : answer_text(j->s->arena, &x),
                                                    answer.message);
                j->refused = true;
                return h->definitions_fault ? 0 : -ENOMEM;
        } else {
                *ret = answer.body;
        }
        return 0;
}

static int ask_definition(struct job *j, const struct task *t)
{
        CLEANUP(json_freep) cJSON *body = cJSON_CreateObject(), *got = NULL;
        char name[FIELD_MAX];
        int r;

        snprintf(name, sizeof name, "%s:%s", t->family, t->revision);
        if (!body || !cJSON_AddStringToObject(body, "taskDefinition", name))
                return -ENOMEM;
        r = ask(j, "DescribeTaskDefinition", body, &got);
        if (r < 0 || !got)
                return r;
        r = definition_take(j->s, cJSON_GetObjectItemCaseSensitive(got, "taskDefinition"), "the ECS API");
        if (r == -EBADMSG)
                j->s->host.definitions_fault = "ecs:DescribeTaskDefinition: an answer without one";
        return r == -EBADMSG ? 0 : r;
}

static int take_task(struct job *j, const cJSON *o)
{
        const cJSON *overrides = cJSON_GetObjectItemCaseSensitive(o, "overrides");
        const char *arn;
        int r = 0, q = 0;

        if (json_get_str(o, "taskArn", FIELD_MAX, &arn) < 0)
                return 0;
        for (size_t i = 0; i < j->s->n_tasks; i++) {
                struct task *t = &j->s->tasks[i];

                if (!streq(t->arn, arn))
                        continue;
                r = json_take_str(j->s->arena, overrides, "taskRoleArn", FIELD_MAX, &t->task_role);
                q = json_take_str(j->s->arena, overrides, "executionRoleArn", FIELD_MAX,
                                  &t->execution_role);
                t->exec = json_get_bool(o, "enableExecuteCommand", false);
        }
        return r == -ENOMEM || q == -ENOMEM ? -ENOMEM : 0;
}

static int ask_tasks(struct job *j, size_t from, size_t n)
{
        CLEANUP(json_freep) cJSON *body = cJSON_CreateObject(), *got = NULL;
        cJSON *list = body ? cJSON_AddArrayToObject(body, "tasks") : NULL;
        const cJSON *o;
        int r;

        if (!list || !cJSON_AddStringToObject(body, "cluster", j->s->host.cluster))
                return -ENOMEM;
        for (size_t i = from; i < from + n; i++) {
                cJSON *arn = cJSON_CreateString(j->s->tasks[i].arn);

                if (!arn || !cJSON_AddItemToArray(list, arn))
                        return -ENOMEM;
        }
        r = ask(j, "DescribeTasks", body, &got);
        cJSON_ArrayForEach(o, cJSON_GetObjectItemCaseSensitive(got, "tasks"))
                if (r == 0)
                        r = take_task(j, o);
        return r;
}

/* STOPPED tasks stay in the agent's list for hours. */
static bool running(const struct task *t)
{
        return t->family && t->revision && !streq(t->known, "STOPPED");
}

static int ask_all(struct job *j)
{
        struct snapshot *s = j->s;
        int r = 0;

        for (size_t i = 0; r == 0 && !j->refused && i < s->n_tasks; i++)
                if (running(&s->tasks[i]) && !snapshot_definition(s, &s->tasks[i]))
                        r = ask_definition(j, &s->tasks[i]);
        j->refused = false;
        for (size_t i = 0; r == 0 && !j->refused && s->host.cluster && i < s->n_tasks; i += TASKS_AT_ONCE)
                r = ask_tasks(j, i, s->n_tasks - i < TASKS_AT_ONCE ? s->n_tasks - i : TASKS_AT_ONCE);
        return r;
}

int ecs_definitions(struct snapshot *s, struct net *n, const struct collect_settings *cs)
{
        CLEANUP(role_keys_done) struct role_keys keys = { 0 };
        struct job j = { .s = s, .c = { .net = n, .region = s->host.region, .ca_file = cs->ca_file,
                                        .partition = s->host.partition ? s->host.partition : "aws",
                                        .endpoints[AWS_ECS] = aws_endpoint_setting(AWS_ECS) } };
        int r = s->host.instance_role ? role_keys_get(n, cs, s->host.instance_role, &keys) : -EACCES;

        if (r == -ENOMEM)
                return r;
        if (r < 0) {
                s->host.definitions_fault = "ECS cannot be asked: no keys of the instance role";
                return 0;
        }
        j.c.keys = (struct aws_keys){ keys.key_id, keys.secret, keys.token };
        return ask_all(&j);
}
