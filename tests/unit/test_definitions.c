/* Task definitions: what is read from them, and what they require of roles. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include "../../agent/account/definitions.h"
#include "helper_judge.h"

#define ACCOUNT "111122223333"
#define IMAGE ACCOUNT ".dkr.ecr.eu-west-1.amazonaws.com/team/web:7"
#define EXECUTION "\"executionRoleArn\":\"arn:aws:iam::" ACCOUNT ":role/webExec\","
#define TASK "\"taskRoleArn\":\"arn:aws:iam::" ACCOUNT ":role/webTaskRole\","
#define DEFINITION(roles, container, more) \
        "{\"family\":\"web\",\"revision\":1," roles "\"containerDefinitions\":[{\"name\":\"app\"," container "}]" more "}"
#define LOGS(more) "\"logConfiguration\":{\"logDriver\":\"awslogs\",\"options\":{\"awslogs-group\":\"/ecs/web\",\"awslogs-region\":" \
        "\"eu-west-1\",\"awslogs-stream-prefix\":\"web\"" more "}}"
#define SECRETS(from) "\"image\":\"x\",\"secrets\":[{\"name\":\"A\",\"valueFrom\":\"" from "\"}]"
#define SECRET "arn:aws:secretsmanager:eu-west-1:" ACCOUNT ":secret:db/pass-aB3dE6"
#define PARAMETER "arn:aws:ssm:eu-west-1:" ACCOUNT ":parameter/web/key"

static struct snapshot *host(void)
{
        struct snapshot *s = host_healthy();

        s->host.account = ACCOUNT;
        s->host.region = "eu-west-1";
        s->host.partition = "aws";
        return s;
}

static void role(struct snapshot *s, const char *name, const char *policy, const char *trust)
{
        struct role *r = snapshot_add_role(s);
        struct policy_text *p = arena_alloc(s->arena, sizeof *p);

        *p = (struct policy_text){ "inline", policy };
        *r = (struct role){ .arn = arena_printf(s->arena, "arn:aws:iam::" ACCOUNT ":role/%s", name), .name = name,
                            .state = policy ? ROLE_KNOWN : ROLE_ABSENT, .policies = p, .n_policies = policy ? 1 : 0, .trust = trust };
}

static int take(struct snapshot *s, const char *text)
{
        CLEANUP(json_freep) cJSON *j = NULL;

        assert_int_equal(json_parse(text, strlen(text), &j), 0);
        return definition_take(s, j, "f.json", NULL);
}

/* ---- what is read ---- */

static const struct { const char *why, *text, *want; } texts[] = {
        { "an image", DEFINITION("", "\"image\":\"" IMAGE "\"", ""), "0 app " IMAGE "\n" },
        { "a private registry", DEFINITION("", "\"image\":\"x\",\"repositoryCredentials\":{\"credentialsParameter\":\"" SECRET "\"}", ""),
          "1 app " SECRET "\n" },
        { "logs", DEFINITION("", LOGS(""), ""), "2 app /ecs/web eu-west-1 web\n" },
        { "a group to be made", DEFINITION("", LOGS(",\"awslogs-create-group\":\"true\""), ""),
          "2 app /ecs/web eu-west-1 web\n3 app /ecs/web eu-west-1\n" },
        { "another log driver, with a secret", DEFINITION("", "\"logConfiguration\":{\"logDriver\":\"splunk\",\"options\":{\"awslogs-group\":\"x\"},"
          "\"secretOptions\":[{\"name\":\"a\",\"valueFrom\":\"" PARAMETER "\"}]}", ""), "4 app " PARAMETER "\n" },
        { "files", DEFINITION("", "\"environmentFiles\":[{\"type\":\"s3\",\"value\":\"arn:aws:s3:::b/a.env\"},{\"type\":\"x\",\"value\":\"y\"}],"
          "\"firelensConfiguration\":{\"options\":{\"config-file-type\":\"s3\",\"config-file-value\":\"arn:aws:s3:::b/f.conf\"}}", ""),
          "5 app arn:aws:s3:::b/a.env\n5 app arn:aws:s3:::b/f.conf\n" },
        { "credential specs", DEFINITION("", "\"credentialSpecs\":[\"credentialspec:" PARAMETER "\",\"credentialspecdomainless:arn:aws:s3:::b/s\",1,\"x\"]", ""),
          "4 app " PARAMETER "\n5 app arn:aws:s3:::b/s\n" },
        { "a file system", DEFINITION("", "\"mountPoints\":[{\"sourceVolume\":\"data\"},{\"sourceVolume\":\"ro\",\"readOnly\":true}]",
          ",\"volumes\":[{\"name\":\"data\",\"efsVolumeConfiguration\":{\"fileSystemId\":\"fs-1\",\"authorizationConfig\":{\"iam\":\"ENABLED\"}}},"
          "{\"name\":\"ro\",\"efsVolumeConfiguration\":{\"fileSystemId\":\"fs-2\",\"authorizationConfig\":{\"iam\":\"ENABLED\"}}},"
          "{\"name\":\"no\",\"efsVolumeConfiguration\":{\"fileSystemId\":\"fs-3\"}}]"), "6 - fs-1\n7 - fs-1\n6 - fs-2\n" },
        { "nothing", DEFINITION("", "\"image\":\"\",\"environment\":[{\"name\":\"PASSWORD\",\"value\":\"hunter2\"}]", ""), "" },
        { "odd forms", DEFINITION("", "\"image\":7,\"secrets\":{},\"logConfiguration\":[],\"environmentFiles\":\"x\",\"volumes\":1", ",\"volumes\":{}"), "" },
};

static void definitions_are_read(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = host();
                CLEANUP(text_done) struct text got = { 0 };

                if (take(s, texts[i].text) < 0 || s->n_definitions != 1)
                        fail_msg("%s: not taken", texts[i].why);
                for (size_t k = 0; k < s->definitions[0].n_requirements; k++) {
                        const struct requirement *x = &s->definitions[0].requirements[k];

                        text_addf(&got, "%d %s %s%s%s%s%s\n", (int)x->kind, x->container ? x->container : "-", x->value,
                                  x->region ? " " : "", x->region ? x->region : "", x->prefix ? " " : "", x->prefix ? x->prefix : "");
                }
                if (!streq(got.s ? got.s : "", texts[i].want))
                        fail_msg("%s: %s", texts[i].why, got.s);
        }
}

static void only_what_runs_is_retained(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = host();

        (void)state;
        assert_int_equal(take(s, DEFINITION("", "\"image\":\"a\"", "")), 0);
        assert_int_equal(take(s, DEFINITION("", "\"image\":\"b\"", "")), 0);
        assert_int_equal(take(s, "{\"family\":\"web\",\"revision\":2,\"containerDefinitions\":[]}"), 0);
        assert_int_equal(s->n_definitions, 1);
        assert_string_equal(s->definitions[0].requirements[0].value, "a");
        assert_int_equal(take(s, "{\"family\":\"web\",\"containerDefinitions\":[]}"), -EBADMSG);
        assert_int_equal(take(s, "{\"family\":\"web\",\"revision\":1}"), -EBADMSG);
        assert_int_equal(take(s, "[]"), -EBADMSG);
}

/* ---- what it makes roles need ---- */

#define S(effect, action, resource) "{\"Effect\":\"" effect "\",\"Action\":" action ",\"Resource\":\"" resource "\"}"
#define P(statements) "{\"Version\":\"2012-10-17\",\"Statement\":[" statements "]}"
#define ALL P(S("Allow", "\"*\"", "*"))
#define NOTHING P(S("Allow", "\"ecs:*\"", "*"))
#define PULL "\"image\":\"" IMAGE "\""
#define REPOSITORY "arn:aws:ecr:eu-west-1:" ACCOUNT ":repository/team/web"
#define GROUP "arn:aws:logs:eu-west-1:" ACCOUNT ":log-group:/ecs/web"
static const struct row {
        const char *why, *definition, *execution, *instance, *task;    /* policies; NULL execution: ALL */
        const char *awslogs;           /* the agent's setting; NULL: the agent was not seen */
        bool exec;
        int finding;
        enum severity severity;
        const char *text, *remedy;
} rows[] = {
        { "a pull, allowed", DEFINITION(EXECUTION, PULL, ""), P(S("Allow", "[\"ecr:GetAuthorizationToken\"]", "*") "," S("Allow", "\"ecr:*\"", REPOSITORY)),
          NOTHING, NOTHING, NULL, false, -1, SEVERITY_OK, NULL, NULL },
        { "a pull without the token", DEFINITION(EXECUTION, PULL, ""), P(S("Allow", "\"ecr:*\"", REPOSITORY)), NOTHING, NOTHING, NULL, false,
          FINDING_EXECUTION_ROLE_DENIED, SEVERITY_WARNING, "web:1 for container app needs ecr:GetAuthorizationToken (image " IMAGE "), which is denied to "
          "webExec: no policy of the role allows it", "or add {\"Effect\":\"Allow\",\"Action\":[\"ecr:GetAuthorizationToken\"],\"Resource\":\"*\"}" },
        { "a pull of another repository", DEFINITION(EXECUTION, PULL, ""), P(S("Allow", "\"ecr:*\"", REPOSITORY "s") "," S("Allow", "\"ecr:Get*\"", "*")),
          NOTHING, NOTHING, NULL, false, FINDING_EXECUTION_ROLE_DENIED, SEVERITY_NOTICE, "ecr:BatchGetImage on " REPOSITORY, "Attach" },
        { "an image of elsewhere", DEFINITION(EXECUTION, "\"image\":\"nginx:1\"", ""), NOTHING, NOTHING, NOTHING, NULL, false, -1, SEVERITY_OK, NULL, NULL },
        { "no execution role: the instance role pulls", DEFINITION("", PULL, ""), NULL, NOTHING, NOTHING, NULL, false, FINDING_INSTANCE_ROLE_DENIED,
          SEVERITY_WARNING, "needs ecr:GetAuthorizationToken (image " IMAGE "), which is denied to ecsInstanceRole", "Attach AmazonEC2ContainerServiceforEC2Role to ecsInstanceRole" },
        { "no execution role, and it may", DEFINITION("", PULL "," LOGS(""), ""), NULL, ALL, NOTHING, NULL, false, -1, SEVERITY_OK, NULL, NULL },
        { "logs on the group alone", DEFINITION(EXECUTION, LOGS(""), ""), P(S("Allow", "\"logs:*\"", GROUP)), ALL, NOTHING, "true", false,
          FINDING_EXECUTION_ROLE_DENIED, SEVERITY_WARNING, "logs:PutLogEvents on " GROUP ":log-stream:web/app/web1", "\"Resource\":\"" GROUP ":*\"}" },
        { "logs on its streams", DEFINITION(EXECUTION, LOGS(""), ""), P(S("Allow", "\"logs:*\"", GROUP ":*")), NOTHING, NOTHING, "true", false, -1,
          SEVERITY_OK, NULL, NULL },
        { "logs as the instance role, by the agent's setting", DEFINITION(EXECUTION, LOGS(""), ""), ALL, NOTHING, NOTHING, "", false,
          FINDING_INSTANCE_ROLE_DENIED, SEVERITY_WARNING, "logs:CreateLogStream", "AmazonEC2ContainerServiceforEC2Role" },
        { "logs as nobody knows whom", DEFINITION(EXECUTION, LOGS(""), ""), NOTHING, ALL, NOTHING, NULL, false, -1, SEVERITY_OK, NULL, NULL },
        { "logs as nobody knows whom, and neither may", DEFINITION(EXECUTION, LOGS(""), ""), NOTHING, NOTHING, NOTHING, NULL, false,
          FINDING_EXECUTION_ROLE_DENIED, SEVERITY_WARNING, "logs:CreateLogStream", "webExec" },
        { "a group that is not to be made", DEFINITION(EXECUTION, LOGS(",\"awslogs-create-group\":\"true\""), ""),
          P(S("Allow", "[\"logs:CreateLogStream\",\"logs:PutLogEvents\"]", "*")), ALL, NOTHING, "true", false, FINDING_EXECUTION_ROLE_DENIED,
          SEVERITY_WARNING, "logs:CreateLogGroup", "Add to the policies of webExec" },
        { "a group that may be made", DEFINITION(EXECUTION, LOGS(",\"awslogs-create-group\":\"true\""), ""), P(S("Allow", "\"logs:*\"", GROUP "*")),
          ALL, NOTHING, "true", false, -1, SEVERITY_OK, NULL, NULL },
        { "a secret", DEFINITION(EXECUTION, SECRETS(SECRET ":user::"), ""), NOTHING, ALL, NOTHING, NULL, false, FINDING_EXECUTION_ROLE_DENIED,
          SEVERITY_NOTICE, "secretsmanager:GetSecretValue on " SECRET " (", "\"Resource\":\"" SECRET "\"}" },
        { "a secret without its six characters", DEFINITION(EXECUTION, SECRETS("arn:aws:secretsmanager:eu-west-1:" ACCOUNT ":secret:db"), ""), NOTHING,
          ALL, NOTHING, NULL, false, -1, SEVERITY_OK, NULL, NULL },
        { "a secret that is denied", DEFINITION(EXECUTION, SECRETS(SECRET), ""), P(S("Allow", "\"*\"", "*") "," S("Deny", "\"secretsmanager:*\"", "*")), ALL,
          NOTHING, NULL, false, FINDING_EXECUTION_ROLE_DENIED, SEVERITY_WARNING, "statement 2 of inline denies it", "Remove secretsmanager:GetSecretValue" },
        { "a parameter by its name", DEFINITION(EXECUTION, SECRETS("/web/key"), ""), NOTHING, ALL, NOTHING, NULL, false, FINDING_EXECUTION_ROLE_DENIED,
          SEVERITY_WARNING, "ssm:GetParameters on " PARAMETER, "ssm:GetParameters" },
        { "a parameter by its ARN, allowed", DEFINITION(EXECUTION, SECRETS(PARAMETER), ""), P(S("Allow", "\"ssm:GetParameters\"", PARAMETER)), NOTHING,
          NOTHING, NULL, false, -1, SEVERITY_OK, NULL, NULL },
        { "the singular call is another one", DEFINITION(EXECUTION, SECRETS(PARAMETER), ""), P(S("Allow", "\"ssm:GetParameter\"", "*")), NOTHING, NOTHING,
          NULL, false, FINDING_EXECUTION_ROLE_DENIED, SEVERITY_WARNING, "ssm:GetParameters", "webExec" },
        { "a file", DEFINITION(EXECUTION, "\"environmentFiles\":[{\"type\":\"s3\",\"value\":\"arn:aws:s3:::b/a.env\"}]", ""),
          P(S("Allow", "\"s3:GetObject\"", "arn:aws:s3:::b/*")), NOTHING, NOTHING, NULL, false, FINDING_EXECUTION_ROLE_DENIED, SEVERITY_NOTICE,
          "s3:GetBucketLocation on arn:aws:s3:::b (", "\"Resource\":\"arn:aws:s3:::b\"}" },
        { "a file system is open to all", DEFINITION(TASK, "\"image\":\"x\"", ",\"volumes\":[{\"name\":\"d\",\"efsVolumeConfiguration\":{\"fileSystemId\":"
          "\"fs-1\",\"authorizationConfig\":{\"iam\":\"ENABLED\"}}}]"), NULL, NOTHING, NOTHING, NULL, false, -1, SEVERITY_OK, NULL, NULL },
        { "a file system that is denied", DEFINITION(TASK, "\"image\":\"x\"", ",\"volumes\":[{\"name\":\"d\",\"efsVolumeConfiguration\":{\"fileSystemId\":"
          "\"fs-1\",\"authorizationConfig\":{\"iam\":\"ENABLED\"}}}]"), NULL, NOTHING, P(S("Deny", "\"elasticfilesystem:*\"", "*")), NULL, false,
          FINDING_RIGHT_ROLE_DENIED, SEVERITY_WARNING, "elasticfilesystem:ClientMount", "Remove elasticfilesystem:ClientMount" },
        { "ECS Exec", DEFINITION(TASK, "\"image\":\"x\"", ""), NULL, NOTHING, NOTHING, NULL, true, FINDING_RIGHT_ROLE_DENIED, SEVERITY_WARNING,
          "ECS Exec into tasks of web:1 needs ssmmessages:CreateControlChannel, which is denied to webTaskRole: no policy of the role allows it (3 more",
          "\"ssmmessages:CreateDataChannel\"" },
        { "ECS Exec without a task role", DEFINITION("", "\"image\":\"x\"", ""), NULL, NOTHING, NOTHING, NULL, true, FINDING_INSTANCE_ROLE_DENIED,
          SEVERITY_WARNING, "denied to ecsInstanceRole", "ssmmessages" },
        { "China", DEFINITION(EXECUTION, "\"image\":\"" ACCOUNT ".dkr.ecr.cn-north-1.amazonaws.com.cn/a/b@sha256:0\"", ""), P(S("Allow", "\"ecr:*\"", "*")),
          NOTHING, NOTHING, NULL, false, -1, SEVERITY_OK, NULL, NULL },
};

static void agent_add(struct snapshot *s, const char *awslogs)
{
        struct container *c = snapshot_add_container(s);
        struct process *p;

        *c = (struct container){ .id = arena_printf(s->arena, "%064d", 9), .task = -1 };
        p = host_bare(s, (int)s->n_containers - 1, 5, 1, "agent");
        p->env[ENV_VAR_AGENT_AWSLOGS] = *awslogs ? awslogs : NULL;
}

static const struct finding *required_call_finding(const struct verdicts *v)
{
        for (size_t i = 0; i < v->n_findings; i++)
                if (v->findings[i].definition)
                        return &v->findings[i];
        return NULL;
}

static void definitions_imply_needs(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = host();
                CLEANUP(verdicts_freep) struct verdicts *v = NULL;
                const struct row *t = &rows[i];
                const struct finding *f;

                assert_int_equal(take(s, t->definition), 0);
                s->tasks[0].exec = t->exec;
                role(s, "webExec", t->execution ? t->execution : ALL, NULL);
                role(s, "ecsInstanceRole", t->instance, NULL);
                role(s, "webTaskRole", t->task, NULL);
                if (t->awslogs)
                        agent_add(s, t->awslogs);
                v = host_judge(s);
                f = required_call_finding(v);
                if (t->finding < 0 ? f != NULL : !f || (int)f->kind != t->finding || f->severity != t->severity)
                        fail_msg("%s: %s %s %s", t->why, f ? finding_slug(f->kind) : "none", f ? severity_to_string(f->severity) : "",
                                 f ? f->message : "");
                if (f && (!strstr(f->message, t->text) || !strstr(f->remedy, t->remedy)))
                        fail_msg("%s: %s / %s", t->why, f->message, f->remedy);
        }
}

static void overrides_win_and_stopped_tasks_need_nothing(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = host();
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;

        (void)state;
        assert_int_equal(take(s, DEFINITION(EXECUTION, PULL, "")), 0);
        role(s, "webExec", NOTHING, NULL);
        role(s, "otherExec", ALL, NULL);
        s->tasks[0].execution_role = "arn:aws:iam::" ACCOUNT ":role/otherExec";
        v = host_judge(s);
        assert_int_equal(v->n_required_calls, 3);
        assert_string_equal(v->required_calls[0].role, "otherExec");
        assert_null(required_call_finding(v));
        verdicts_freep(&v);
        s->tasks[0].known = "STOPPED";
        v = host_judge(s);
        assert_int_equal(v->n_required_calls, 0);
}

static void a_definition_names_the_role_that_the_endpoint_did_not(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = host();
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;

        (void)state;
        s->creds[0].role_arn = NULL;
        s->creds[0].answer.state = ANSWER_TIMEOUT;
        assert_int_equal(take(s, DEFINITION(TASK, PULL, "")), 0);
        v = host_judge(s);
        assert_string_equal(group_by_pid(v, 10)->expected_role, "webTaskRole");
}

/* ---- trust ---- */

#define TRUST(service, condition) "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"" service "\"},\"Action\":\"sts:AssumeRole\"" condition "}]}"
#define IF_ACCOUNT(a) ",\"Condition\":{\"StringEquals\":{\"aws:SourceAccount\":\"" a "\"}}"
#define IF_ARN(a) ",\"Condition\":{\"ArnLike\":{\"aws:SourceArn\":\"" a "\"}}"
#define TASKS "ecs-tasks.amazonaws.com"
static const struct { const char *why, *name, *policy, *trust; int finding; const char *text; } trusts[] = {
        { "tasks may", "webTaskRole", ALL, TRUST(TASKS, ""), -1, NULL },
        { "EC2 may", "ecsInstanceRole", ALL, TRUST("ec2.amazonaws.com", ""), -1, NULL },
        { "EC2 in China", "ecsInstanceRole", ALL, TRUST("ec2.amazonaws.com.cn", ""), -1, NULL },
        { "not seen", "webTaskRole", ALL, "", -1, NULL },
        { "in no use here", "otherRole", ALL, TRUST("ec2.amazonaws.com", ""), -1, NULL },
        { "swapped", "webTaskRole", ALL, TRUST("ec2.amazonaws.com", ""), FINDING_TRUST_MISMATCH,
          "ecs-tasks.amazonaws.com cannot assume the task role webTaskRole: its trust policy allows ec2.amazonaws.com instead" },
        { "swapped the other way", "ecsInstanceRole", ALL, TRUST(TASKS, ""), FINDING_TRUST_MISMATCH, "cannot assume the instance role ecsInstanceRole" },
        { "nobody", "webTaskRole", ALL, "{\"Statement\":[]}", FINDING_TRUST_MISMATCH, "does not allow that service" },
        { "of this account", "webTaskRole", ALL, TRUST(TASKS, IF_ACCOUNT(ACCOUNT)), -1, NULL },
        { "of another account", "webTaskRole", ALL, TRUST(TASKS, IF_ACCOUNT("999999999999")), FINDING_TRUST_MISMATCH, "conditions in its trust policy do not match here" },
        { "of this region", "webTaskRole", ALL, TRUST(TASKS, IF_ARN("arn:aws:ecs:eu-west-1:" ACCOUNT ":*")), -1, NULL },
        { "of another region", "webTaskRole", ALL, TRUST(TASKS, IF_ARN("arn:aws:ecs:us-east-1:" ACCOUNT ":*")), FINDING_TRUST_MISMATCH, "conditions" },
        { "of one cluster: what ECS names is not known", "webTaskRole", ALL, TRUST(TASKS, IF_ARN("arn:aws:ecs:eu-west-1:" ACCOUNT ":cluster/*")), -1, NULL },
        { "no such role", "webTaskRole", NULL, NULL, FINDING_ROLE_MISSING, "the task role webTaskRole does not exist in IAM" },
};

static void trust_is_checked(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(trusts); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = host();
                CLEANUP(verdicts_freep) struct verdicts *v = NULL;
                const struct finding *f;

                if (strstr(trusts[i].why, "China"))
                        s->host.partition = "aws-cn";
                role(s, trusts[i].name, trusts[i].policy, trusts[i].trust);
                v = host_judge(s);
                f = finding_by_pid(v, 0);
                if (trusts[i].finding < 0 ? f != NULL : !f || (int)f->kind != trusts[i].finding || !strstr(f->message, trusts[i].text) || !f->remedy)
                        fail_msg("%s: %s", trusts[i].why, f ? f->message : "none");
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(definitions_are_read),
                cmocka_unit_test(only_what_runs_is_retained),
                cmocka_unit_test(definitions_imply_needs),
                cmocka_unit_test(overrides_win_and_stopped_tasks_need_nothing),
                cmocka_unit_test(a_definition_names_the_role_that_the_endpoint_did_not),
                cmocka_unit_test(trust_is_checked),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
