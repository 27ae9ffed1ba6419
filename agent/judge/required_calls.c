/*
 * Calls that nobody declares, each decided for the role that makes it. The
 * instance role makes the ECS agent's own (amazon-ecs-agent,
 * ecs-agent/api/ecs/client). The execution role, or the instance role without
 * one, makes those that a task definition requires. The task role makes those
 * for file systems and ECS Exec.
 */
#include "requirement_rules.h"

/* ECS developer guide, ECS Exec: made with the task role, or with the instance role where there is none. */
static const char *const exec_actions[] = { "ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel",
                                            "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel" };

enum about { ANYTHING, CLUSTER, INSTANCE };
static const struct agent_call {
        const char *action;
        enum about about;
        int setting;                   /* enum env_var that enables it; -1: always made */
        const char *value;             /* the value that enables it; NULL: any that is not blank */
} agent_calls[] = {
        { "ecs:DiscoverPollEndpoint",         ANYTHING, -1, NULL },
        { "ecs:RegisterContainerInstance",    CLUSTER,  -1, NULL },
        { "ecs:SubmitTaskStateChange",        CLUSTER,  -1, NULL },
        { "ecs:SubmitAttachmentStateChanges", CLUSTER,  -1, NULL },
        { "ecs:Poll",                         INSTANCE, -1, NULL },
        { "ecs:StartTelemetrySession",        INSTANCE, -1, NULL },
        { "ecs:UpdateContainerInstancesState", INSTANCE, ENV_VAR_AGENT_SPOT, "true" },
        { "ecs:TagResource",                  INSTANCE, ENV_VAR_AGENT_TAGS, NULL },
        { "ec2:DescribeTags",                 ANYTHING, ENV_VAR_AGENT_TAGS_FROM, "ec2_instance" },
};

/* ---- the agent's settings ---- */

/* The agent, which runs in a container outside of any task; NULL: its environment is not visible. */
static const struct process *agent_process(const struct snapshot *s)
{
        for (size_t i = 0; i < s->n_processes; i++) {
                const struct process *p = &s->processes[i];

                if (p->container >= 0 && (size_t)p->container < s->n_containers && env_known(p) &&
                    s->containers[p->container].task < 0 && streq(p->comm, "agent"))
                        return p;
        }
        return NULL;
}

static bool agent_set(const struct snapshot *s, enum env_var v, const char *value)
{
        const struct process *p = agent_process(s);

        return p && !is_blank(p->env[v]) && (!value || streq(p->env[v], value));
}

/* ---- deciding ---- */

static struct call rule_decide(const struct site *t, const struct caller *c, const struct rule *rule,
                               const char *resource)
{
        struct call call = call_by(t->ix, c, &(struct permission){ rule->action, resource }), other;
        const char *instead = rule->instead ? rule->instead(t) : NULL;

        if (instead && call_denied(call.winner)) {
                other = call_by(t->ix, c, &(struct permission){ rule->action, instead });
                call = call_denied(other.winner) ? call : other;
        }
        if (rule->own == WITHOUT)
                call.resource_policy = false;
        if (rule->own == OPEN && call.winner == IAM_IMPLICIT)
                call.winner = call.expected = IAM_UNKNOWN;
        return call;
}

static bool is_logs(const struct rule *rule)
{
        return rule->kind == REQUIREMENT_LOGS || rule->kind == REQUIREMENT_LOGS_CREATE;
}

/* An agent setting, on by default with ecs-init, decides whether Docker writes logs with the execution role; Fargate always does. */
static void logs_decide(const struct site *t, const struct rule *rule, struct call *call)
{
        const struct snapshot *s = t->ix->s;
        const struct caller *instance = caller_of(t->ix, s->host.instance_role);
        struct call other;

        if (agent_process(s) || !call_denied(call->winner) || (t->task && t->task->fargate))
                return;
        other = rule_decide(t, instance, rule, call->resource);
        if (call_denied(other.winner))
                return;
        call->winner = call->expected = IAM_UNKNOWN;
        call->why = "rolewatch cannot see whether Docker writes logs with the execution role or the instance role";
}

struct roles { const struct caller *task, *execution, *instance; };

/* The list under construction. */
struct required_call_list { struct verdicts *v; size_t capacity; };

static void required_call_add(struct required_call_list *to, struct required_call d)
{
        assert(to->v->n_required_calls < to->capacity);
        to->v->required_calls[to->v->n_required_calls++] = d;
}

/* The role that makes the call. */
static enum required_role rule_role(const struct site *t, const struct rule *rule)
{
        const struct snapshot *s = t->ix->s;

        if (requirement_by(rule->kind) == BY_TASK)
                return REQUIRED_OF_TASK;
        if (!t->execution_role)
                return requirement_by(rule->kind) == BY_EXECUTION_OR_INSTANCE ? REQUIRED_OF_INSTANCE : REQUIRED_OF_EXECUTION;
        if (is_logs(rule) && agent_process(s) && !agent_set(s, ENV_VAR_AGENT_AWSLOGS, "true"))
                return REQUIRED_OF_INSTANCE;
        return REQUIRED_OF_EXECUTION;
}

static void rule_apply(const struct site *t, const struct roles *roles, const struct rule *rule,
                       struct required_call_list *to)
{
        const struct caller *const by[] = { [REQUIRED_OF_INSTANCE] = roles->instance,
                                            [REQUIRED_OF_EXECUTION] = roles->execution,
                                            [REQUIRED_OF_TASK] = roles->task };
        enum required_role role = rule_role(t, rule);
        const struct caller *c = by[role];
        const char *resource = rule->resource(t);
        struct call call;

        if (!c || !resource)
                return;
        call = rule_decide(t, c, rule, resource);
        if (role == REQUIRED_OF_EXECUTION && is_logs(rule))
                logs_decide(t, rule, &call);
        required_call_add(to, (struct required_call){ role, c->role->name, t->d, t->x, call });
}

static void exec_apply(const struct site *t, const struct roles *roles, struct required_call_list *to)
{
        bool own = roles->task != NULL || (t->task && task_role_of(t->ix->s, t->task));
        const struct caller *c = own ? roles->task : roles->instance;

        for (size_t i = 0; c && t->task && t->task->exec && i < ARRAY_SIZE(exec_actions); i++)
                required_call_add(to, (struct required_call){ own ? REQUIRED_OF_TASK : REQUIRED_OF_INSTANCE, c->role->name, t->d, NULL,
                                                              call_by(t->ix, c, &(struct permission){ exec_actions[i], "*" }) });
}

static const struct task *task_by(const struct snapshot *s, const struct definition *d)
{
        for (size_t i = 0; i < s->n_tasks; i++)
                if (snapshot_definition(s, &s->tasks[i]) == d && !streq(s->tasks[i].known, "STOPPED"))
                        return &s->tasks[i];
        return NULL;
}

/* Sorts by role, and keeps the order of the definition within a role. */
static void by_roles(struct required_call *list, size_t n)
{
        for (size_t i = 1; i < n; i++) {
                struct required_call d = list[i];
                size_t k = i;

                for (; k > 0 && list[k - 1].by > d.by; k--)
                        list[k] = list[k - 1];
                list[k] = d;
        }
}

/* One task of the definition stands for all: overrides of the others are not considered. */
static void definition_apply(const struct judge_index *ix, const struct definition *d, struct required_call_list *to)
{
        struct site t = { .ix = ix, .d = d, .task = task_by(ix->s, d) };
        struct roles roles = { .instance = caller_of(ix, ix->s->host.instance_role) };
        size_t from = to->v->n_required_calls;

        if (!t.task && !d->requested)
                return;
        t.execution_role = t.task ? execution_role_of(ix->s, t.task) : d->execution_role;
        roles.task = caller_of(ix, t.task ? task_role_of(ix->s, t.task) : d->task_role);
        roles.execution = caller_of(ix, t.execution_role);
        for (size_t i = 0; i < d->n_requirements; i++)
                for (size_t k = 0; k < requirement_rule_count(); k++) {
                        t.x = &d->requirements[i];
                        if (requirement_rule(k)->kind == t.x->kind && t.x->value)
                                rule_apply(&t, &roles, requirement_rule(k), to);
                }
        exec_apply(&t, &roles, to);
        by_roles(to->v->required_calls + from, to->v->n_required_calls - from);
}

static const char *agent_resource(const struct judge_index *ix, enum about about)
{
        const struct host *h = &ix->s->host;

        switch (about) {
        case ANYTHING:
                return "*";
        case INSTANCE:
                return h->container_instance;
        case CLUSTER:
                break;
        }
        if (!h->cluster || !h->region || !h->account)
                return NULL;
        return strncmp(h->cluster, "arn:", 4) == 0
                       ? h->cluster
                       : arena_printf(ix->a, "arn:%s:ecs:%s:%s:cluster/%s",
                                      h->partition ? h->partition : "aws", h->region, h->account,
                                      h->cluster);
}

static void agent_apply(const struct judge_index *ix, struct required_call_list *to)
{
        const struct caller *c = caller_of(ix, ix->s->host.instance_role);

        for (size_t i = 0; c && i < ARRAY_SIZE(agent_calls); i++) {
                const struct agent_call *x = &agent_calls[i];
                const struct permission p = { x->action, agent_resource(ix, x->about) };

                if (!p.resource || (x->setting >= 0 &&
                                    !agent_set(ix->s, (enum env_var)x->setting, x->value)))
                        continue;
                required_call_add(to, (struct required_call){ REQUIRED_OF_INSTANCE, c->role->name, NULL, NULL, call_by(ix, c, &p) });
        }
}

int required_calls_make(const struct judge_index *ix, struct verdicts *v)
{
        const struct snapshot *s = ix->s;
        struct required_call_list to = { .v = v, .capacity = ARRAY_SIZE(agent_calls) };

        for (size_t i = 0; i < s->n_definitions; i++)
                to.capacity += s->definitions[i].n_requirements * requirement_rule_count() + ARRAY_SIZE(exec_actions);
        v->required_calls = arena_alloc(ix->a, to.capacity * sizeof *v->required_calls);
        if (!v->required_calls)
                return -ENOMEM;
        agent_apply(ix, &to);
        for (size_t i = 0; i < s->n_definitions; i++)
                definition_apply(ix, &s->definitions[i], &to);
        for (size_t i = 0; i < v->n_required_calls; i++)
                if (!v->required_calls[i].call.resource)
                        return -ENOMEM;
        return 0;
}
