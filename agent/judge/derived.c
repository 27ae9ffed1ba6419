/*
 * Calls that nobody declares, each decided for the role that makes it. The
 * instance role makes the ECS agent's own (amazon-ecs-agent,
 * ecs-agent/api/ecs/client). The execution role, or the instance role without
 * one, makes those that a task definition requires. The task role makes those
 * for file systems and ECS Exec.
 */
#include "implied.h"

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
        { "ecs:UpdateContainerInstancesState", INSTANCE, E_AGENT_SPOT, "true" },
        { "ecs:TagResource",                  INSTANCE, E_AGENT_TAGS, NULL },
        { "ec2:DescribeTags",                 ANYTHING, E_AGENT_TAGS_FROM, "ec2_instance" },
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
        return rule->kind == IMPLIED_LOGS || rule->kind == IMPLIED_LOGS_CREATE;
}

/* An agent setting, on by default with ecs-init, decides whether Docker writes logs with the execution role. */
static void logs_decide(const struct site *t, const struct rule *rule, struct call *call)
{
        const struct snapshot *s = t->ix->s;
        const struct caller *instance = caller_of(t->ix, s->host.instance_role);
        struct call other;

        if (agent_process(s) || !call_denied(call->winner))
                return;
        other = rule_decide(t, instance, rule, call->resource);
        if (call_denied(other.winner))
                return;
        call->winner = call->expected = IAM_UNKNOWN;
        call->why = "rolewatch cannot see whether Docker writes logs with the execution role or the instance role";
}

struct roles { const struct caller *task, *execution, *instance; };

/* The list under construction. */
struct derived_list { struct verdicts *v; size_t room; };

static void derived_add(struct derived_list *to, struct derived d)
{
        assert(to->v->n_derived < to->room);
        to->v->derived[to->v->n_derived++] = d;
}

/* The role that makes the call. */
static enum derived_role rule_role(const struct site *t, const struct rule *rule)
{
        const struct snapshot *s = t->ix->s;

        if (implied_by(rule->kind) == BY_TASK)
                return DERIVED_TASK;
        if (!t->execution_role)
                return implied_by(rule->kind) == BY_EXECUTION_OR_INSTANCE ? DERIVED_INSTANCE : DERIVED_EXECUTION;
        if (is_logs(rule) && agent_process(s) && !agent_set(s, E_AGENT_AWSLOGS, "true"))
                return DERIVED_INSTANCE;
        return DERIVED_EXECUTION;
}

static void rule_apply(const struct site *t, const struct roles *roles, const struct rule *rule,
                       struct derived_list *to)
{
        const struct caller *const by[] = { [DERIVED_INSTANCE] = roles->instance,
                                            [DERIVED_EXECUTION] = roles->execution,
                                            [DERIVED_TASK] = roles->task };
        enum derived_role role = rule_role(t, rule);
        const struct caller *c = by[role];
        const char *resource = rule->resource(t);
        struct call call;

        if (!c || !resource)
                return;
        call = rule_decide(t, c, rule, resource);
        if (role == DERIVED_EXECUTION && is_logs(rule))
                logs_decide(t, rule, &call);
        derived_add(to, (struct derived){ role, c->role->name, t->d, t->x, call });
}

static void exec_apply(const struct site *t, const struct roles *roles, struct derived_list *to)
{
        bool own = roles->task != NULL || (t->task && task_role_of(t->ix->s, t->task));
        const struct caller *c = own ? roles->task : roles->instance;

        for (size_t i = 0; c && t->task && t->task->exec && i < ARRAY_SIZE(exec_actions); i++)
                derived_add(to, (struct derived){ own ? DERIVED_TASK : DERIVED_INSTANCE, c->role->name, t->d, NULL,
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
static void by_roles(struct derived *list, size_t n)
{
        for (size_t i = 1; i < n; i++) {
                struct derived d = list[i];
                size_t k = i;

                for (; k > 0 && list[k - 1].by > d.by; k--)
                        list[k] = list[k - 1];
                list[k] = d;
        }
}

/* One task of the definition stands for all: overrides of the others are not considered. */
static void definition_apply(const struct judge_index *ix, const struct definition *d, struct derived_list *to)
{
        struct site t = { .ix = ix, .d = d, .task = task_by(ix->s, d) };
        struct roles roles = { .instance = caller_of(ix, ix->s->host.instance_role) };
        size_t from = to->v->n_derived;

        if (!t.task && !d->asked)
                return;
        t.execution_role = t.task ? execution_role_of(ix->s, t.task) : d->execution_role;
        roles.task = caller_of(ix, t.task ? task_role_of(ix->s, t.task) : d->task_role);
        roles.execution = caller_of(ix, t.execution_role);
        for (size_t i = 0; i < d->n_implied; i++)
                for (size_t k = 0; k < implied_rule_count(); k++) {
                        t.x = &d->implied[i];
                        if (implied_rule(k)->kind == t.x->kind && t.x->value)
                                rule_apply(&t, &roles, implied_rule(k), to);
                }
        exec_apply(&t, &roles, to);
        by_roles(to->v->derived + from, to->v->n_derived - from);
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

static void agent_apply(const struct judge_index *ix, struct derived_list *to)
{
        const struct caller *c = caller_of(ix, ix->s->host.instance_role);

        for (size_t i = 0; c && i < ARRAY_SIZE(agent_calls); i++) {
                const struct agent_call *x = &agent_calls[i];
                const struct permission p = { x->action, agent_resource(ix, x->about) };

                if (!p.resource || (x->setting >= 0 &&
                                    !agent_set(ix->s, (enum env_var)x->setting, x->value)))
                        continue;
                derived_add(to, (struct derived){ DERIVED_INSTANCE, c->role->name, NULL, NULL, call_by(ix, c, &p) });
        }
}

int derived_make(const struct judge_index *ix, struct verdicts *v)
{
        const struct snapshot *s = ix->s;
        struct derived_list to = { .v = v, .room = ARRAY_SIZE(agent_calls) };

        for (size_t i = 0; i < s->n_definitions; i++)
                to.room += s->definitions[i].n_implied * implied_rule_count() + ARRAY_SIZE(exec_actions);
        v->derived = arena_alloc(ix->a, to.room * sizeof *v->derived);
        if (!v->derived)
                return -ENOMEM;
        agent_apply(ix, &to);
        for (size_t i = 0; i < s->n_definitions; i++)
                definition_apply(ix, &s->definitions[i], &to);
        for (size_t i = 0; i < v->n_derived; i++)
                if (!v->derived[i].call.resource)
                        return -ENOMEM;
        return 0;
}
