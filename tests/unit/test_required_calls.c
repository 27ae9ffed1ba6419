/* Which calls a task definition requires, on which resources and by which role; calls without a known resource are left out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "helper_judge.h"
#include "../../agent/judge/judge_internal.h"

#define ACCOUNT "111122223333"
#define ARN(name) "arn:aws:iam::" ACCOUNT ":role/" name
#define IMAGE ACCOUNT ".dkr.ecr.eu-west-1.amazonaws.com/web:1"
#define SECRET_ARN "arn:aws:secretsmanager:eu-west-1:" ACCOUNT ":secret:db-AbCdEf"
#define ECR(partition) "ecr:GetAuthorizationToken *;ecr:BatchGetImage arn:" partition ":ecr:eu-west-1:" ACCOUNT ":repository/web;" \
        "ecr:GetDownloadUrlForLayer arn:" partition ":ecr:eu-west-1:" ACCOUNT ":repository/web;"

static const struct sight { const char *region, *account, *partition; bool task; } all = { "eu-west-1", ACCOUNT, "aws", true },
        plain = { "eu-west-1", ACCOUNT, NULL, true }, china = { "eu-west-1", ACCOUNT, "aws-cn", true },
        no_region = { NULL, ACCOUNT, "aws", true }, no_account = { "eu-west-1", NULL, "aws", true },
        requested = { "eu-west-1", ACCOUNT, "aws", false };

static const struct { const char *why; const struct sight *host; struct requirement x; const char *want; } rows[] = {
        { "an image", &all, { REQUIREMENT_IMAGE, "app", IMAGE, NULL, NULL }, ECR("aws") },
        { "an image, the partition not known", &plain, { REQUIREMENT_IMAGE, "app", IMAGE, NULL, NULL }, ECR("aws") },
        { "an image, of China", &china, { REQUIREMENT_IMAGE, "app", IMAGE, NULL, NULL }, ECR("aws-cn") },
        { "a secret that is not named", &all, { REQUIREMENT_SECRET, "app", NULL, NULL, NULL }, "" },
        { "an image of elsewhere", &all, { REQUIREMENT_IMAGE, "app", "nginx:1", NULL, NULL }, "" },
        { "a secret", &all, { REQUIREMENT_SECRET, "app", SECRET_ARN, NULL, NULL }, "secretsmanager:GetSecretValue " SECRET_ARN ";" },
        { "a key of it", &all, { REQUIREMENT_SECRET, "app", SECRET_ARN ":key::", NULL, NULL }, "secretsmanager:GetSecretValue " SECRET_ARN ";" },
        { "a secret by a part of its name", &all, { REQUIREMENT_SECRET, "app", SECRET_ARN "x", NULL, NULL }, "" },
        { "a parameter", &all, { REQUIREMENT_SECRET, "app", "/web/key", NULL, NULL },
          "ssm:GetParameters arn:aws:ssm:eu-west-1:" ACCOUNT ":parameter/web/key;" },
        { "a parameter without a slash", &all, { REQUIREMENT_SECRET, "app", "key", NULL, NULL },
          "ssm:GetParameters arn:aws:ssm:eu-west-1:" ACCOUNT ":parameter/key;" },
        { "a parameter's ARN", &no_region, { REQUIREMENT_SECRET, "app", "arn:aws:ssm:eu-west-1:1:parameter/x", NULL, NULL },
          "ssm:GetParameters arn:aws:ssm:eu-west-1:1:parameter/x;" },
        { "a parameter of no region", &no_region, { REQUIREMENT_SECRET, "app", "/web/key", NULL, NULL }, "" },
        { "a parameter of no account", &no_account, { REQUIREMENT_SECRET, "app", "/web/key", NULL, NULL }, "" },
        { "logs", &all, { REQUIREMENT_LOGS, "app", "web", NULL, NULL },
          "logs:CreateLogStream arn:aws:logs:eu-west-1:" ACCOUNT ":log-group:web:log-stream:ID;"
          "logs:PutLogEvents arn:aws:logs:eu-west-1:" ACCOUNT ":log-group:web:log-stream:ID;" },
        { "logs of another region", &no_region, { REQUIREMENT_LOGS, "app", "web", "us-east-1", "p" },
          "logs:CreateLogStream arn:aws:logs:us-east-1:" ACCOUNT ":log-group:web:log-stream:p/app/web1;"
          "logs:PutLogEvents arn:aws:logs:us-east-1:" ACCOUNT ":log-group:web:log-stream:p/app/web1;" },
        { "logs of no region", &no_region, { REQUIREMENT_LOGS, "app", "web", NULL, "p" }, "" },
        { "logs of no account", &no_account, { REQUIREMENT_LOGS, "app", "web", NULL, "p" }, "" },
        { "logs of no container", &all, { REQUIREMENT_LOGS, NULL, "web", NULL, "p" }, "" },
        { "logs of a container that does not run", &all, { REQUIREMENT_LOGS, "side", "web", NULL, NULL }, "" },
        { "logs without a task", &requested, { REQUIREMENT_LOGS, "app", "web", NULL, "p" },
          "logs:CreateLogStream arn:aws:logs:eu-west-1:" ACCOUNT ":log-group:web:log-stream:p/app/task;"
          "logs:PutLogEvents arn:aws:logs:eu-west-1:" ACCOUNT ":log-group:web:log-stream:p/app/task;" },
        { "logs without a task or prefix", &requested, { REQUIREMENT_LOGS, "app", "web", NULL, NULL }, "" },
        { "a group to be made", &all, { REQUIREMENT_LOGS_CREATE, "app", "web", NULL, NULL },
          "logs:CreateLogGroup arn:aws:logs:eu-west-1:" ACCOUNT ":log-group:web:log-stream:;" },
        { "a group to be made in no region", &no_region, { REQUIREMENT_LOGS_CREATE, "app", "web", NULL, NULL }, "" },
        { "a file", &all, { REQUIREMENT_S3_FILE, "app", "arn:aws:s3:::b/x.env", NULL, NULL },
          "s3:GetObject arn:aws:s3:::b/x.env;s3:GetBucketLocation arn:aws:s3:::b;" },
        { "a file that is none of S3", &all, { REQUIREMENT_S3_FILE, "app", "arn:aws:sns:::b", NULL, NULL }, "" },
        { "a file system", &all, { REQUIREMENT_EFS, NULL, "fs-1", NULL, NULL },
          "elasticfilesystem:ClientMount arn:aws:elasticfilesystem:eu-west-1:" ACCOUNT ":file-system/fs-1;" },
        { "a file system of no region", &no_region, { REQUIREMENT_EFS, NULL, "fs-1", NULL, NULL }, "" },
        { "a file system of no account", &no_account, { REQUIREMENT_EFS_WRITE, NULL, "fs-1", NULL, NULL }, "" },
};

static void role(struct snapshot *s, const char *arn)
{
        *snapshot_add_role(s) = (struct role){ .arn = arn, .name = arn_name(arn), .state = ROLE_KNOWN };
}

static struct snapshot *host(const struct sight *x)
{
        struct snapshot *s = host_healthy();

        s->host.region = x->region;
        s->host.account = x->account;
        s->host.partition = x->partition;
        s->containers[0].id = "ID";
        s->tasks[0].arn = "arn:aws:ecs:eu-west-1:1:task/prod/web1";
        role(s, ARN("webExec"));
        role(s, ARN("webTaskRole"));
        role(s, ARN("ecsInstanceRole"));
        return s;
}

static void define(struct snapshot *s, const struct sight *x, const struct requirement *requirements)
{
        *snapshot_add_definition(s) = (struct definition){ .family = x->task ? "web" : "other", .revision = "1", .requested = true,
                                                           .requirements = requirements, .n_requirements = 1,
                                                           .task_role = ARN("webTaskRole"), .execution_role = ARN("webExec") };
}

/* "ACTION RESOURCE;...", of the definition or of the agent itself. */
static char *required_call_text(const struct verdicts *v, bool of_definition)
{
        struct text t = { 0 };

        text_add(&t, "");
        for (size_t i = 0; i < v->n_required_calls; i++)
                if ((v->required_calls[i].definition != NULL) == of_definition)
                        text_addf(&t, "%s %s;", v->required_calls[i].call.action, v->required_calls[i].call.resource);
        return t.s;
}

static void resources_are_named(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = host(rows[i].host);
                CLEANUP(verdicts_freep) struct verdicts *v = NULL;
                CLEANUP(freep) char *got = NULL;

                define(s, rows[i].host, &rows[i].x);
                v = host_judge(s);
                got = required_call_text(v, true);
                if (!streq(got ? got : "", rows[i].want))
                        fail_msg("%s: %s", rows[i].why, got);
        }
}

#define INSTANCE "arn:aws:ecs:eu-west-1:" ACCOUNT ":container-instance/prod/1"
#define ON_CLUSTER(c) "ecs:RegisterContainerInstance " c ";"
static const struct { const char *why; const struct sight *host; const char *cluster, *want; } agents[] = {
        { "a name", &all, "prod", ON_CLUSTER("arn:aws:ecs:eu-west-1:" ACCOUNT ":cluster/prod") },
        { "a name, the partition not known", &plain, "prod", ON_CLUSTER("arn:aws:ecs:eu-west-1:" ACCOUNT ":cluster/prod") },
        { "an ARN", &all, "arn:aws:ecs:x:1:cluster/prod", ON_CLUSTER("arn:aws:ecs:x:1:cluster/prod") },
        { "none", &all, NULL, NULL }, { "no region", &no_region, "prod", NULL }, { "no account", &no_account, "prod", NULL },
};

static void the_agent_calls_about_its_cluster(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(agents); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = host(agents[i].host);
                CLEANUP(verdicts_freep) struct verdicts *v = NULL;
                CLEANUP(freep) char *got = NULL;

                s->host.cluster = agents[i].cluster;
                s->host.container_instance = INSTANCE;
                v = host_judge(s);
                got = required_call_text(v, false);
                if (agents[i].want ? !strstr(got, agents[i].want) : strstr(got, "RegisterContainerInstance") != NULL)
                        fail_msg("%s: %s", agents[i].why, got);
                assert_non_null(strstr(got, "ecs:Poll " INSTANCE ";"));
        }
}

/* What the agent is set to do it needs a right for; as long as its environment was not seen that is left open. */
static void the_agents_settings(void **state)
{
        static const struct { enum env_var v; const char *value, *action; bool want; } T[] = {
                { ENV_VAR_AGENT_SPOT, "true", "ecs:UpdateContainerInstancesState", true },
                { ENV_VAR_AGENT_SPOT, "false", "ecs:UpdateContainerInstancesState", false },
                { ENV_VAR_AGENT_SPOT, NULL, "ecs:UpdateContainerInstancesState", false },
                { ENV_VAR_AGENT_SPOT, "", "ecs:UpdateContainerInstancesState", false },
                { ENV_VAR_AGENT_TAGS, "{\"a\":\"b\"}", "ecs:TagResource", true },
                { ENV_VAR_AGENT_TAGS_FROM, "ec2_instance", "ec2:DescribeTags", true },
                { ENV_VAR_AGENT_TAGS_FROM, "none", "ec2:DescribeTags", false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(T); i++)
                for (int visible = 0; visible < 2; visible++) {
                        CLEANUP(snapshot_freep) struct snapshot *s = host(&all);
                        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
                        CLEANUP(freep) char *got = NULL;
                        struct process *p;

                        s->host.container_instance = INSTANCE;
                        *snapshot_add_container(s) = (struct container){ .id = "agent", .task = -1 };
                        p = host_bare(s, 1, 5, 1, "agent");
                        p->env[T[i].v] = T[i].value;
                        p->environ.state = visible ? ANSWER_OK : ANSWER_DENIED;
                        v = host_judge(s);
                        got = required_call_text(v, false);
                        if ((strstr(got, T[i].action) != NULL) != (visible && T[i].want))
                                fail_msg("row %zu, seen %d: %s", i, visible, got);
                }
}

/* Of ECS Exec: as the task role, by override or definition; as the instance role where there is none. */
static void exec_is_the_task_roles(void **state)
{
        static const struct { const char *override, *defined; bool exec; const char *by; } T[] = {
                { NULL, ARN("webTaskRole"), true, "webTaskRole" }, { ARN("webExec"), ARN("webTaskRole"), true, "webExec" },
                { NULL, NULL, true, "ecsInstanceRole" }, { NULL, ARN("webTaskRole"), false, NULL },
                { ARN("unseen"), NULL, true, NULL },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(T); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = host(&all);
                CLEANUP(verdicts_freep) struct verdicts *v = NULL;
                const char *by = NULL;

                define(s, &all, NULL);
                s->definitions[0].n_requirements = 0;
                s->definitions[0].task_role = T[i].defined;
                s->tasks[0].task_role = T[i].override;
                s->tasks[0].exec = T[i].exec;
                v = host_judge(s);
                for (size_t k = 0; k < v->n_required_calls; k++)
                        if (strstr(v->required_calls[k].call.action, "ssmmessages:"))
                                by = v->required_calls[k].role;
                if (!streq(by, T[i].by))
                        fail_msg("row %zu: %s", i, by);
        }
}

/* A definition that no task runs by is looked at only where it was asked for. */
static void only_what_is_requested(void **state)
{
        static const struct requirement image = { REQUIREMENT_IMAGE, "app", IMAGE, NULL, NULL };

        (void)state;
        for (int i = 0; i < 2; i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = host(&all);
                CLEANUP(verdicts_freep) struct verdicts *v = NULL;

                define(s, &requested, &image);
                s->definitions[0].requested = i;
                v = host_judge(s);
                assert_int_equal(v->n_required_calls > 0 && v->required_calls[v->n_required_calls - 1].definition, i);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(resources_are_named), cmocka_unit_test(the_agent_calls_about_its_cluster),
                cmocka_unit_test(the_agents_settings), cmocka_unit_test(exec_is_the_task_roles), cmocka_unit_test(only_what_is_requested),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
