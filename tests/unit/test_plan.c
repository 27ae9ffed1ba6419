/* A planned task: the forms of a definition, what is assumed, what is found, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <cmocka.h>
#include "helper_judge.h"
#include "rolewatch/report.h"

#define ACCOUNT "111122223333"
#define ROLE(name) "arn:aws:iam::" ACCOUNT ":role/" name
#define SECRET "arn:aws:secretsmanager:eu-west-1:" ACCOUNT ":secret:db/pass-aB3dE6"
#define IMAGE ACCOUNT ".dkr.ecr.eu-west-1.amazonaws.com/team/web:7"
#define ROLES "\"taskRoleArn\":\"" ROLE("webTaskRole") "\",\"executionRoleArn\":\"" ROLE("webExec") "\","
#define KEYS(more) "\"environment\":[{\"name\":\"AWS_ACCESS_KEY_ID\",\"value\":\"AKIAIOSFODNN7EXAMPLE\"},{\"name\":\"AWS_SECRET_ACCESS_KEY\",\"value\":\"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\"}" more "]"
#define VARIABLES(name, value, other, others) "\"environment\":[{\"name\":\"" name "\",\"value\":\"" value "\"},{\"name\":\"" other "\",\"value\":\"" others "\"}]"
#define NEED "\"dockerLabels\":{\"rolewatch.needs\":\"sns:Publish arn:aws:sns:eu-west-1:" ACCOUNT ":orders\"}"
#define OF(terms, container) "{\"family\":\"web\"," terms "\"containerDefinitions\":[{\"name\":\"app\",\"image\":\"x\"" container "}]}"

static char scratch[] = "/tmp/test_plan.XXXXXX";

/* Into a file of the test's own scratch; its path, static. */
static const char *file_of(const char *name, const char *text)
{
        static char paths[4][64];
        static unsigned n;
        char *path = paths[n++ % ARRAY_SIZE(paths)];
        FILE *f;

        snprintf(path, sizeof paths[0], "%s/%s", scratch, name);
        f = fopen(path, "w");
        assert_non_null(f);
        assert_true(fputs(text, f) >= 0);
        assert_int_equal(fclose(f), 0);
        return path;
}

static struct plan *plan_of(struct plan_request q, const char *definition)
{
        CLEANUP(text_done) struct text error = { 0 };
        struct plan *p = NULL;
        int r;

        q.path = file_of("web.json", definition);
        q.now_s = 1790000000;
        r = plan_make(&q, &p, &error);
        if (r < 0)
                fail_msg("%s: %s", definition, error.s ? error.s : strerror(-r));
        assert_null(error.s);
        return p;
}

/* The report for people, and the exit status. */
static char *report_of(const struct plan *p, int *ret_status)
{
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        char *page = NULL;
        size_t size;
        FILE *f = open_memstream(&page, &size);

        assert_non_null(f);
        assert_int_equal(judge(p->s, &v), 0);
        assert_int_equal(report_plan(p, v, (struct report_style){ false, 0 }, f), 0);
        fclose(f);
        *ret_status = plan_exit_status(p, v);
        return page;
}

static char *json_of(const struct plan *p)
{
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        CLEANUP(json_freep) cJSON *j = NULL;

        assert_int_equal(judge(p->s, &v), 0);
        assert_int_equal(report_plan_json(p, v, &j), 0);
        return cJSON_PrintUnformatted(j);
}

static char *junit_of(const struct plan *p)
{
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        char *xml = NULL;
        size_t size;
        FILE *f = open_memstream(&xml, &size);

        assert_int_equal(judge(p->s, &v), 0);
        assert_int_equal(report_plan_junit(p, v, f), 0);
        fclose(f);
        return xml;
}

/* ---- what is read, assumed and found ---- */

static const struct row {
        const char *why;
        struct plan_request q;
        const char *definition;
        int status;
        const char *want[6], *not;
} rows[] = {
        { "as it is registered", { 0 }, OF(ROLES "\"networkMode\":\"awsvpc\",", ""), 0,
          { "task web, planned by ", "launch type     EC2; set another one by --launch-type (assumed)", "network mode    awsvpc (by the task definition)",
            "task role       " ROLE("webTaskRole") " (by the task definition)", "account         " ACCOUNT " (by the task definition)",
            "container webTaskRole  webTaskRole  -\n\n0 process groups judged in 0 containers; 1 group has unknown SDKs (not judged); no findings" }, "warning" },
        { "as it is described", { 0 }, "{\"taskDefinition\":{\"taskDefinitionArn\":\"arn:aws:ecs:eu-west-3:" ACCOUNT ":task-definition/web:7\",\"revision\":7,\"requiresCompatibilities\":[\"FARGATE\"],"
          "\"networkMode\":\"awsvpc\",\"family\":\"web\"," ROLES "\"containerDefinitions\":[{\"name\":\"app\",\"image\":\"" IMAGE "\"}]}}", 0,
          { "launch type     FARGATE (by the task definition)", "region          eu-west-3 (by the task definition)" }, "instance role" },
        { "of CloudFormation, a whole template", { 0 }, "{\"Resources\":{\"R\":{\"Type\":\"AWS::IAM::Role\"},\"Web\":{\"Type\":\"AWS::ECS::TaskDefinition\",\"Properties\":{\"Family\":\"web\","
          "\"TaskRoleArn\":{\"Fn::GetAtt\":[\"R\",\"Arn\"]},\"ExecutionRoleArn\":{\"Ref\":\"E\"},\"NetworkMode\":{\"Ref\":\"N\"},\"ContainerDefinitions\":[{\"Name\":\"app\",\"Image\":{\"Fn::Sub\":\"x\"},"
          "\"LogConfiguration\":{\"LogDriver\":\"awslogs\",\"Options\":{\"awslogs-group\":{\"Ref\":\"G\"},\"awslogs-region\":\"eu-west-1\"}},"
          "\"Environment\":[{\"Name\":\"PORT\",\"Value\":8080},{\"Name\":\"AWS_SDK_LOAD_CONFIG\",\"Value\":true}]}]}}}}", 0,
          { "(CloudFormation)", "task role       a reference of the template; name it by --task-role (not known)",
            "references      taskRoleArn, executionRoleArn, networkMode, containerDefinitions[0].image, containerDefinitions[0].logConfiguration.options.awslogs-group (not known)",
            "network mode    a reference of the template (not known)", "main program  -    container    (task role)  -", "region          eu-west-1" }, NULL },
        { "of CloudFormation, one of two, with the role named", { .resource = "B", .task_role = "webTaskRole", .region = "eu-west-2" },
          "{\"Resources\":{\"A\":{\"Type\":\"AWS::ECS::TaskDefinition\",\"Properties\":{}},\"B\":{\"Type\":\"AWS::ECS::TaskDefinition\",\"Properties\":{\"TaskRoleArn\":{\"Ref\":\"R\"},"
          "\"ContainerDefinitions\":[{\"Name\":\"b\"}]}}}}", 0,
          { "task web, planned by ", "web   b ", "task role       webTaskRole (by an option)", "region          eu-west-2 (by an option)", "container webTaskRole" }, NULL },
        { "a region of the definition and of an option", { .region = "eu-west-2" }, OF("\"taskDefinitionArn\":\"arn:aws:ecs:eu-west-3:" ACCOUNT ":task-definition/web:7\",", ""), 0,
          { "region          eu-west-2 (by an option)" }, "eu-west-3" },
        { "a resource of CloudFormation", { 0 }, "{\"Type\":\"AWS::ECS::TaskDefinition\",\"Properties\":{\"Family\":\"shop\",\"ContainerDefinitions\":[{\"Name\":\"c\"}]}}", 0,
          { "task shop", "task role       none (by the task definition)", "network mode    bridge, which ECS takes where the definition gives none (assumed)" }, NULL },
        { "properties of CloudFormation", { 0 }, "{\"ContainerDefinitions\":[{\"Name\":\"c\"},{\"Fn::If\":[\"a\",{},{}]}]}", 0,
          { "references      containerDefinitions[1] (not known)", "web   c " }, NULL },
        { "numbers for texts in CloudFormation", { 0 }, "{\"ContainerDefinitions\":[{\"Name\":7,\"User\":1000,\"EntryPoint\":[\"sleep\",3600],\"Command\":[true],\"HealthCheck\":{\"Command\":[\"CMD\",\"wget\",\"-T\",5]},"
          "\"DockerLabels\":{\"rolewatch.needs\":5},\"LogConfiguration\":{\"LogDriver\":\"awslogs\",\"Options\":{\"awslogs-region\":1}}}]}", 1,
          { "web   7          sleep ", "web   7          wget ", "region          1 ", "warning label rolewatch.needs of container 7: " }, NULL },
        { "containers that are a reference", { 0 }, "{\"Resources\":{\"T\":{\"Type\":\"AWS::ECS::TaskDefinition\",\"Properties\":{\"ContainerDefinitions\":{\"Fn::If\":[\"X\",[{\"Name\":\"a\"}],[]]}}}}}", 3,
          { "references      containerDefinitions (not known)", "containers      they are a reference of the template (not known)", "0 process groups" }, "main program" },
        { "no containers", { 0 }, "[]", 3, { "containers      the definition has none (not known)" }, NULL },
        { "no containers, and a warning", { 0 }, "{\"executionRoleArn\":\"arn:aws:iam::1:user/x\",\"containerDefinitions\":[]}", 1, { "containers      the definition has none (not known)" }, NULL },
        { "Terraform's list", { 0 }, "[{\"name\":\"app\",\"image\":\"x\"}]", 0,
          { "(list of container definitions)", "there is one, which a list of containers does not name; name it by --task-role (assumed)",
            "network mode    a list of containers does not say it (not known)", "(task role)" }, NULL },
        { "the same, quoted once more", { 0 }, "\"[{\\\"name\\\":\\\"app\\\"}]\"", 0, { "web   app " }, NULL },
        { "a whole number of host types", { .launch_type = "EXTERNAL" }, OF(ROLES "\"requiresCompatibilities\":[\"EC2\",\"FARGATE\"],", ""), 0,
          { "launch type     EXTERNAL (by an option)" }, "instance role" },
        { "two of them", { 0 }, OF("\"requiresCompatibilities\":[\"EC2\",\"FARGATE\"],", ""), 0, { "launch type     EC2; set another one by --launch-type (assumed)" }, NULL },
        { "Managed Instances", { .launch_type = "MANAGED_INSTANCES" }, OF("", ""), 0, { "launch type     MANAGED_INSTANCES (by an option)", "instance role   whether containers reach the instance metadata service" }, "network mode" },

        { "a role that a template may leave out", { 0 }, "{\"TaskRoleArn\":{\"Fn::If\":[\"X\",{\"Ref\":\"R\"},{\"Ref\":\"AWS::NoValue\"}]},\"ExecutionRoleArn\":{\"Fn::If\":[\"X\",{\"Ref\":\"R\"},\"b\"]},\"ContainerDefinitions\":[]}", 3,
          { "task role       a reference of the template, which may give none; name it by --task-role (not known)", "execution role  a reference of the template; name it by --execution-role (not known)" }, NULL },
        { "containers whose names are references", { 0 }, "{\"ContainerDefinitions\":[{\"Name\":{\"Ref\":\"Service\"}},{\"Name\":{\"Fn::Sub\":\"${Service}-side\"}},{\"Name\":{\"Fn::Join\":[\"\",[\"a\"]]}}]}", 0,
          { "web   ${Service} ", "web   ${Service}-side ", "web   container 2 ", "images          of ${Service}, ${Service}-side, container 2: " }, NULL },
        { "secrets that are references, and no execution role", { 0 }, "{\"ContainerDefinitions\":[{\"Name\":\"c\",\"Secrets\":[{\"Name\":\"A\",\"ValueFrom\":{\"Ref\":\"S\"}}]}]}", 1, { "ECS refuses the definition: it has secrets" }, NULL },
        { "options of logs that are, too", { 0 }, "{\"ContainerDefinitions\":[{\"Name\":\"c\",\"LogConfiguration\":{\"LogDriver\":\"splunk\",\"SecretOptions\":[{\"Name\":\"A\",\"ValueFrom\":{\"Ref\":\"S\"}}]}}]}", 1, { "ECS refuses the definition: it has secrets" }, NULL },
        { "Fargate with an image that is a reference, and no execution role", { .launch_type = "FARGATE" }, "{\"NetworkMode\":\"awsvpc\",\"ContainerDefinitions\":[{\"Name\":\"c\","
          "\"Image\":{\"Fn::Sub\":\"${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/web\"}}]}", 1, { "ECS refuses the definition: on FARGATE" }, NULL },
        { "Fargate with logs that are a reference, and no execution role", { .launch_type = "FARGATE" }, "{\"NetworkMode\":\"awsvpc\",\"ContainerDefinitions\":[{\"Name\":\"c\",\"LogConfiguration\":{"
          "\"LogDriver\":\"awslogs\",\"Options\":{\"awslogs-group\":{\"Ref\":\"G\"}}}}]}", 1, { "ECS refuses the definition: on FARGATE" }, NULL },
        { "Fargate with references that need none", { .launch_type = "FARGATE" }, "{\"NetworkMode\":\"awsvpc\",\"ContainerDefinitions\":[{\"Name\":\"c\",\"Image\":{\"Ref\":\"I\"},\"Secrets\":{\"Fn::If\":[\"X\",[],[]]}}]}", 0,
          { "host            the ECS agent works (assumed)" }, "warning" },
        { "roles that are placeholders", { 0 }, OF("\"taskRoleArn\":\"<TASK_ROLE>\",\"executionRoleArn\":\"${EXEC_ROLE}\",\"networkMode\":\"{{mode}}\",\"requiresCompatibilities\":[\"%TYPE%\"],", ""), 0,
          { "launch type     EC2; set another one by --launch-type (assumed)", "network mode    {{mode}} is a placeholder (not known)",
            "task role       <TASK_ROLE> is a placeholder; name it by --task-role (not known)", "execution role  ${EXEC_ROLE} is a placeholder; name it by --execution-role (not known)",
            "main program  -    container    (task role)  -" }, "policies" },
        { "roles of an account that is a placeholder", { 0 }, OF("\"taskRoleArn\":\"arn:aws:iam::ACCOUNT_ID:role/webTask\",\"executionRoleArn\":\"arn:aws:iam::{{account}}:role/team/webExec\",", ""), 0,
          { "task role       webTask; the account is a placeholder (by the task definition)", "execution role  webExec; the account is a placeholder (by the task definition)",
            "account         no ARN of the definition has it (not known)", "container webTask  webTask " }, NULL },
        { "a role of CloudFormation that is resolved later", { 0 }, "{\"TaskRoleArn\":\"{{resolve:ssm:/web/role}}\",\"ContainerDefinitions\":[{\"Name\":\"c\"}]}", 0, { "task role       {{resolve:ssm:/web/role}} is a placeholder" }, NULL },
        { "a role named by an option", { .task_role = "<x>" }, OF("\"taskRoleArn\":\"<y>\",", ""), 0, { "task role       <x> (by an option)" }, "placeholder" },
        { "FARGATE, and a network mode that is a placeholder", { .launch_type = "FARGATE" }, OF("\"networkMode\":\"${MODE}\",", ""), 0, { "network mode    ${MODE} is a placeholder" }, "warning" },
        { "an account and a region that are none", { 0 }, OF("\"taskDefinitionArn\":\"arn:aws:ecs:AWS_REGION:1234567:task-definition/web:1\",", ",\"logConfiguration\":{\"logDriver\":\"awslogs\","
          "\"options\":{\"awslogs-group\":\"g\",\"awslogs-region\":\"<region>\"}}"), 0, { "account         no ARN of the definition has it", "region          set it by --region (not known)", "placeholders    <region> (not known)" }, "1234567" },

        { "no task role on EC2, where the instance role stands in", { 0 }, OF("\"networkMode\":\"awsvpc\",", ""), 0, { "instance role   whether containers reach", "main program  -    imds " }, "none  " },
        { "no task role, and no instance", { .launch_type = "FARGATE" }, OF("\"networkMode\":\"awsvpc\",", ""), 0, { "main program  -    none " }, "imds" },
        { "no task role on an external instance", { .launch_type = "EXTERNAL" }, OF("", ""), 0, { "main program  -    none " }, "imds" },

        { "keys in plain text", { 0 }, OF(ROLES, "," KEYS("")), 1,
          { "warning containerDefinitions[0].environment[1]: a secret key of AWS stands in plain text in the definition; AWS SDKs take it before the task role", "main program  -    env  ", "no findings" }, NULL },
        { "other keys in plain text", { 0 }, OF(ROLES, "," VARIABLES("AWS_ACCESS_KEY", "a", "AWS_SECRET_KEY", "b")), 1, { "warning containerDefinitions[0].environment[1]: a secret key" }, NULL },
        { "third keys in plain text", { 0 }, OF(ROLES, "," VARIABLES("AMAZON_ACCESS_KEY_ID", "a", "AMAZON_SECRET_ACCESS_KEY", "b")), 1, { "warning containerDefinitions[0].environment[1]: a secret key" }, NULL },
        { "keys in plain text, without a task role", { 0 }, OF("", "," KEYS("")), 1, { "warning containerDefinitions[0].environment[1]: a secret key of AWS stands in plain text in the definition\n" },
          "before the task role" },
        { "keys of a service that is not of AWS", { 0 }, OF(ROLES, "," KEYS(",{\"name\":\"AWS_ENDPOINT_URL_S3\",\"value\":\"http://minio:9000\"}")), 0,
          { "notice containerDefinitions[0].environment[1]: a secret key stands in plain text in the definition; calls that are not sent to the endpoint" }, "warning" },
        { "keys of such a service, without a task role", { 0 }, OF("", "," KEYS(",{\"name\":\"AWS_ENDPOINT_URL\",\"value\":\"http://localhost:4566\"}")), 0,
          { "notice containerDefinitions[0].environment[1]: a secret key" }, "task role," },
        { "keys and an endpoint of a secret", { 0 }, OF(ROLES, "," KEYS("") ",\"secrets\":[{\"name\":\"AWS_ENDPOINT_URL\",\"valueFrom\":\"a\"}]"), 0, { "notice containerDefinitions[0].environment[1]: a secret key" }, "warning" },
        { "keys and an endpoint of AWS", { 0 }, OF(ROLES, "," KEYS(",{\"name\":\"AWS_ENDPOINT_URL_S3\",\"value\":\"https://bucket.vpce-1.s3.eu-west-1.vpce.amazonaws.com\"}")), 1,
          { "warning containerDefinitions[0].environment[1]: a secret key of AWS" }, NULL },
        { "keys and an endpoint that is empty", { 0 }, OF(ROLES, "," KEYS(",{\"name\":\"AWS_ENDPOINT_URL\",\"value\":\"\"}")), 1, { "warning containerDefinitions[0].environment[1]: a secret key of AWS" }, NULL },
        { "a key without its ID", { 0 }, OF(ROLES, ",\"environment\":[{\"name\":\"AWS_SECRET_ACCESS_KEY\",\"value\":\"x\"}]"), 0, { "main program" }, "a secret key" },
        { "a key whose ID is a secret", { 0 }, OF(ROLES, ",\"environment\":[{\"name\":\"AWS_SECRET_ACCESS_KEY\",\"value\":\"x\"}],\"secrets\":[{\"name\":\"AWS_ACCESS_KEY_ID\",\"valueFrom\":\"a\"}]"), 1,
          { "warning containerDefinitions[0].environment[0]: a secret key of AWS" }, NULL },
        { "a key whose ID is a reference", { 0 }, "{\"TaskRoleArn\":\"a\",\"ContainerDefinitions\":[{\"Name\":\"c\",\"Environment\":[{\"Name\":\"AWS_ACCESS_KEY_ID\",\"Value\":{\"Ref\":\"K\"}},"
          "{\"Name\":\"AWS_SECRET_ACCESS_KEY\",\"Value\":\"x\"}]}]}", 1, { "warning containerDefinitions[0].environment[1]: a secret key of AWS" }, NULL },
        { "a token in plain text", { 0 }, OF(ROLES, ",\"environment\":[{\"name\":\"AWS_SESSION_TOKEN\",\"value\":\"x\"}]"), 0, { "main program" }, "containerDefinitions[0].environment[0]" },
        { "keys in plain text, and a declared call", { 0 }, OF(ROLES, "," KEYS("") "," NEED), 1,
          { "notice wrong-role (possible): main program in container app of task web uses static keys in the environment (env) instead of webTaskRole" }, "(pid" },
        { "keys of secrets", { 0 }, OF(ROLES, ",\"secrets\":[{\"name\":\"AWS_ACCESS_KEY_ID\",\"valueFrom\":\"a\"},{\"name\":\"AWS_SECRET_ACCESS_KEY\",\"valueFrom\":\"b\"}]"), 0,
          { "notice containerDefinitions[0].secrets[1]: static keys of a secret; AWS SDKs take them before the task role", "main program  -    env  " }, NULL },
        { "third keys of secrets", { 0 }, OF(ROLES, ",\"secrets\":[{\"name\":\"AMAZON_ACCESS_KEY_ID\",\"valueFrom\":\"a\"},{\"name\":\"AMAZON_SECRET_ACCESS_KEY\",\"valueFrom\":\"b\"}]"), 0,
          { "notice containerDefinitions[0].secrets[1]: static keys of a secret" }, NULL },
        { "a key of a secret, without its ID", { 0 }, OF(ROLES, ",\"secrets\":[{\"name\":\"AWS_SECRET_ACCESS_KEY\",\"valueFrom\":\"b\"}]"), 0, { "main program" }, "static keys of a secret" },
        { "an empty key is none", { 0 }, OF(ROLES, ",\"environment\":[{\"name\":\"AWS_SECRET_ACCESS_KEY\",\"value\":\"\"},{\"name\":\"AWS_ACCESS_KEY_ID\"}]"), 0, { "container webTaskRole" }, "plain text" },
        { "a profile", { 0 }, OF(ROLES, ",\"environment\":[{\"name\":\"AWS_PROFILE\",\"value\":\"prod\"}]"), 0, { "differs by SDK", "no findings" }, NULL },
        { "a profile of a secret", { 0 }, OF(ROLES, ",\"secrets\":[{\"name\":\"AWS_PROFILE\",\"valueFrom\":\"a\"}]"), 0,
          { "environment     of container app: the value of AWS_PROFILE is not known (not known)", "not visible  webTaskRole" }, NULL },
        { "a variable of a reference", { 0 }, "{\"ContainerDefinitions\":[{\"Name\":\"c\",\"Environment\":[{\"Name\":\"AWS_PROFILE\",\"Value\":{\"Ref\":\"P\"}}]}]}", 0,
          { "environment     of container c: the value of AWS_PROFILE is not known (not known)" }, NULL },
        { "a variable that a template chooses", { 0 }, "{\"ContainerDefinitions\":[{\"Name\":\"a\",\"Environment\":[{\"Fn::If\":[\"X\",{\"Name\":\"AWS_PROFILE\",\"Value\":\"x\"},{\"Ref\":\"AWS::NoValue\"}]}]},"
          "{\"Name\":\"b\",\"Secrets\":[{\"Fn::If\":[\"X\",{\"Name\":{\"Ref\":\"N\"},\"ValueFrom\":\"x\"},{\"Name\":\"D\",\"ValueFrom\":\"x\"}]}]},"
          "{\"Name\":\"c\",\"Secrets\":[{\"Ref\":\"S\"}]}]}", 0,
          { "environment     of container a: an entry of it is a reference of the template (not known)", "environment     of container b: an entry of it", "environment     of container c: an entry of it" }, NULL },
        { "a variable that a template chooses, and no chain reads", { 0 }, "{\"ContainerDefinitions\":[{\"Name\":\"a\",\"Environment\":[{\"Fn::If\":[\"X\",{\"Name\":\"DEBUG\",\"Value\":{\"Ref\":\"D\"}},"
          "{\"Ref\":\"AWS::NoValue\"}]}]}]}", 0, { "references      containerDefinitions[0].environment[0]", "main program  -    imds" }, "of container a: an entry" },
        { "lists that are references", { 0 }, "{\"ContainerDefinitions\":[{\"Name\":\"a\",\"Environment\":{\"Ref\":\"P\"}},{\"Name\":\"b\",\"Secrets\":{\"Ref\":\"P\"}},"
          "{\"Name\":\"c\",\"EnvironmentFiles\":{\"Ref\":\"P\"}},{\"Name\":\"d\",\"EnvironmentFiles\":[{\"Value\":{\"Ref\":\"P\"},\"Type\":\"s3\"}]}]}", 0,
          { "of container a: it is a reference of the template", "of container b: the secrets are a reference of the template", "of container c: the environment files are a reference of the template",
            "of container d: an environment file is a reference of the template" }, NULL },
        { "an environment file that is not there", { 0 }, OF(ROLES, ",\"environmentFiles\":[{\"type\":\"s3\",\"value\":\"arn:aws:s3:::b/c/prod.env\"}]"), 0,
          { "environment     of container app: the environment file prod.env is not given by --env-file (not known)" }, NULL },
        { "the agent's variable, set by hand", { 0 }, OF(ROLES, ",\"environment\":[{\"name\":\"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI\",\"value\":\"/v2/credentials/x\"}]"), 0,
          { "notice containerDefinitions[0].environment[0]: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is set, which only the ECS agent knows", "container webTaskRole" }, NULL },
        { "the agent's variable, emptied by hand", { 0 }, OF(ROLES, ",\"environment\":[{\"name\":\"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI\",\"value\":\"\"}]"), 0, { "main program  -    container webTaskRole" }, "warning" },
        { "the same by a secret", { 0 }, OF(ROLES, ",\"secrets\":[{\"name\":\"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI\",\"valueFrom\":\"a\"}]"), 1,
          { "warning containerDefinitions[0].secrets[0]: a secret replaces the value", "not visible" }, NULL },
        { "Java properties", { 0 }, OF(ROLES, ",\"entryPoint\":[\"/usr/bin/java\",\"-Daws.accessKeyId=AKIAIOSFODNN7EXAMPLE\",\"-Daws.secretAccessKey=x\",\"-jar\",\"a.jar\"],"
          "\"environment\":[{\"name\":\"JAVA_TOOL_OPTIONS\",\"value\":\"-Daws.profile=p\"}]"), 0, { "web   app        java ", "differs by SDK" }, NULL },

        { "a command that removes all", { 0 }, OF(ROLES, ",\"command\":[\"tini\",\"env\",\"-i\",\"web\"]," NEED), 3,
          { "environment     of container app: env in the command removes variables, or has words that are not known (not known)", "not visible" }, NULL },
        { "a script that removes the variable", { 0 }, OF(ROLES, ",\"entryPoint\":[\"sh\",\"-c\"],\"command\":[\"unset AWS_CONTAINER_CREDENTIALS_RELATIVE_URI; web\"]," NEED), 3,
          { "environment     of container app: a script sets or removes variables that decide about credentials (not known)", "not visible" }, NULL },
        { "a script that reads a file of the image", { 0 }, OF(ROLES, ",\"command\":[\"sh\",\"-c\",\". /run/env; web\"]," NEED), 3, { "environment     of container app: a script sets or removes variables" }, NULL },
        { "an entrypoint that is reset", { 0 }, OF(ROLES, ",\"entryPoint\":[\"\"],\"command\":[\"/usr/bin/env\",\"-i\",\"web\"]"), 0,
          { "web   app        env ", "env in the command removes variables" }, "main program" },
        { "an entrypoint and a command that are none", { 0 }, OF(ROLES, ",\"entryPoint\":[\"\"],\"command\":[]"), 0, { "main program" }, NULL },
        { "keys of the command", { 0 }, OF(ROLES, ",\"command\":[\"env\",\"AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\",\"AWS_SECRET_ACCESS_KEY=x\",\"web\"]"), 0, { "main program  -    env  " }, NULL },
        { "an entrypoint that is a reference", { 0 }, "{\"ContainerDefinitions\":[{\"Name\":\"c\",\"EntryPoint\":{\"Ref\":\"env\"},\"Command\":[\"AWS_PROFILE=x\",\"web\"]}]}", 0,
          { "references      containerDefinitions[0].entryPoint (not known)", "main program  -    imds" }, "AWS_PROFILE" },

        { "secrets and no execution role", { 0 }, OF("", ",\"secrets\":[{\"name\":\"A\",\"valueFrom\":\"" SECRET "\"}]"), 1,
          { "warning executionRoleArn: ECS refuses the definition: it has secrets and no execution role" }, NULL },
        { "Fargate without execution role", { .launch_type = "FARGATE" }, "{\"networkMode\":\"awsvpc\",\"containerDefinitions\":[{\"name\":\"a\",\"image\":\"" IMAGE "\"}]}", 1,
          { "warning executionRoleArn: ECS refuses the definition: on FARGATE the execution role pulls images" }, "networkMode:" },
        { "Fargate with logs and no execution role", { .launch_type = "FARGATE" }, OF("\"networkMode\":\"awsvpc\",", ",\"logConfiguration\":{\"logDriver\":\"awslogs\",\"options\":{\"awslogs-group\":\"g\",\"awslogs-region\":\"eu-west-1\"}}"), 1,
          { "warning executionRoleArn: ECS refuses the definition: on FARGATE" }, NULL },
        { "a private registry and no execution role", { 0 }, OF("", ",\"repositoryCredentials\":{\"credentialsParameter\":\"" SECRET "\"}"), 1,
          { "warning executionRoleArn: ECS refuses the definition: it has secrets and no execution role" }, NULL },
        { "Fargate, an image of another registry", { .launch_type = "FARGATE" }, OF("\"networkMode\":\"awsvpc\",", ""), 0, { "no findings" }, "warning" },
        { "Fargate in another network", { .launch_type = "FARGATE" }, OF(ROLES "\"networkMode\":\"bridge\",", ""), 1, { "warning networkMode: ECS refuses the definition: tasks on FARGATE need network mode awsvpc" }, NULL },
        { "an external instance with awsvpc", { .launch_type = "EXTERNAL" }, OF(ROLES "\"networkMode\":\"awsvpc\",", ""), 1, { "warning networkMode: ECS does not place the task" }, NULL },
        { "no network", { 0 }, OF(ROLES "\"networkMode\":\"none\",", "," NEED), 0,
          { "notice networkMode: with network mode none no container reaches the container endpoint" }, NULL },
        { "no role", { 0 }, OF("\"taskRoleArn\":\"arn:aws:iam::" ACCOUNT ":instance-profile/x\",\"executionRoleArn\":\"arn:aws:iam::" ACCOUNT ":user/x\",", ""), 1,
          { "warning taskRoleArn: it is not the ARN of an IAM role", "warning executionRoleArn: it is not the ARN of an IAM role" }, NULL },
        { "a role of a service that is not IAM", { 0 }, OF("\"taskRoleArn\":\"arn:aws:sts::" ACCOUNT ":role/x\",", ""), 1, { "warning taskRoleArn: it is not the ARN of an IAM role" }, NULL },
        { "a warning where nothing can be judged", { 0 }, OF(ROLES, "," KEYS("") "," NEED ",\"secrets\":[{\"name\":\"AWS_PROFILE\",\"valueFrom\":\"a\"}]"), 1, { "0 process groups judged", "warning containerDefinitions[0]" }, NULL },
        { "a label in another spelling", { 0 }, "{\"ContainerDefinitions\":[{\"Name\":\"c\",\"DockerLabels\":{\"Rolewatch.needs\":\"sns:Publish *\"}}]}", 0, { "web   c " }, "rolewatch.needs" },
        { "a declared call without a task role", { 0 }, OF("", "," NEED), 1,
          { "warning label rolewatch.needs of container app: calls are declared for container app, and the task has no task role" }, NULL },
        { "a need that is none", { 0 }, OF(ROLES, ",\"dockerLabels\":{\"rolewatch.needs\":\"{\"}"), 1, { "the declared need cannot be used: not valid JSON" }, NULL },
        { "a health check", { 0 }, OF(ROLES, ",\"entryPoint\":[\"/bin/web\"],\"healthCheck\":{\"command\":[\"CMD\",\"/bin/aws\",\"sts\"]}"), 0,
          { "web   app        web ", "web   app        aws " }, "health check" },
        { "a health check of the shell", { 0 }, OF(ROLES, ",\"healthCheck\":{\"command\":[\"CMD-SHELL\",\"aws sts\"]}"), 0, { "health check  -    container webTaskRole" }, NULL },
        { "no health check", { 0 }, OF(ROLES, ",\"healthCheck\":{\"command\":[\"NONE\"]}"), 0, { "main program" }, "health check" },
        { "a tool by its name", { 0 }, OF(ROLES, ",\"entryPoint\":[\"/fluent-bit/bin/fluent-bit\"]," KEYS("")), 1,
          { "fluent-bit  fluent-bit  env  ", "info wrong-role (possible): fluent-bit in container app of task web uses static keys" }, NULL },
};

/* cmocka cuts long messages. */
static void page_fail(const char *why, const char *what, const char *page)
{
        fprintf(stderr, "%s: %s\n%s\n", why, what, page);
        fail();
}

static void definitions_are_planned(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                CLEANUP(plan_freep) struct plan *p = plan_of(rows[i].q, rows[i].definition);
                int status;
                CLEANUP(freep) char *page = report_of(p, &status);

                if (status != rows[i].status)
                        page_fail(rows[i].why, "another exit status", page);
                for (size_t k = 0; k < ARRAY_SIZE(rows[i].want) && rows[i].want[k]; k++)
                        if (!strstr(page, rows[i].want[k]))
                                page_fail(rows[i].why, rows[i].want[k], page);
                if (rows[i].not && strstr(page, rows[i].not))
                        page_fail(rows[i].why, rows[i].not, page);
        }
}

/* CloudFormation takes texts for truth values, and has names of its own. */
static void a_volume_is_mounted_for_reading(void **state)
{
        static const struct { const char *flag; size_t want; } mounts[] = { { "\"true\"", 1 }, { "true", 1 }, { "\"false\"", 2 } };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(mounts); i++) {
                char text[512];

                snprintf(text, sizeof text, "{\"ContainerDefinitions\":[{\"Name\":\"c\",\"MountPoints\":[{\"SourceVolume\":\"d\",\"ReadOnly\":%s}]}],\"Volumes\":[{\"Name\":\"d\","
                         "\"EFSVolumeConfiguration\":{\"FilesystemId\":\"fs-1\",\"AuthorizationConfig\":{\"IAM\":\"ENABLED\"}}}]}", mounts[i].flag);
                CLEANUP(plan_freep) struct plan *p = plan_of((struct plan_request){ 0 }, text);
                assert_int_equal(p->s->definitions[0].n_requirements, mounts[i].want);
                assert_string_equal(p->s->definitions[0].requirements[0].value, "fs-1");
        }
}

/* ---- what is refused ---- */

static const struct refusal { const char *why; struct plan_request q; const char *definition, *want; } refusals[] = {
        { "no JSON", { 0 }, "{\n\"family\": }", "web.json: line 2: not valid JSON" },
        { "nothing but blanks", { 0 }, "\n \n", "web.json: line 2: not valid JSON: it is empty" },
        { "UTF-16", { 0 }, "\xff\xfe{", "web.json: line 1: not valid JSON: it is encoded in UTF-16; save it in UTF-8" },
        { "UTF-16, the other order", { 0 }, "\xfe\xff{", "not valid JSON: it is encoded in UTF-16" },
        { "YAML", { 0 }, "family: web\ncontainerDefinitions:\n- name: app\n", "web.json: line 1: not valid JSON: if it is YAML, convert it to JSON" },
        { "YAML with its marker", { 0 }, "---\nfamily: web\n", "web.json: line 1: not valid JSON: if it is YAML, convert it to JSON" },
        { "Terraform's language", { 0 }, "resource \"aws_ecs_task_definition\" \"web\" {\n}\n", "web.json: line 1: not valid JSON: it is Terraform's language; give the list" },
        { "Terraform's language, without a resource", { 0 }, "locals {\n}\n", "web.json: line 1: not valid JSON: it is Terraform's language" },
        { "two documents", { 0 }, "{\"containerDefinitions\":[]}\n{}", "web.json: line 1: not valid JSON: there is more after the definition" },
        { "a comment before a name", { 0 }, "{\n // web\n\"family\":\"web\"}", "web.json: line 2: not valid JSON: JSON has no comments; remove it" },
        { "a comment after a comma", { 0 }, "[{\"name\":\"a\"},\n# web\n{}]", "web.json: line 2: not valid JSON: JSON has no comments" },
        { "a comment after a value", { 0 }, "[{\"name\":\"a\" /* web */}]", "web.json: line 1: not valid JSON: JSON has no comments" },
        { "a comma at the end of a list", { 0 }, "[\n{\"name\":\"a\"},\n]", "web.json: line 3: not valid JSON: remove the comma before the bracket" },
        { "a comma at the end of an object", { 0 }, "[{\"name\":\"a\",\n}]", "web.json: line 2: not valid JSON: remove the comma before the bracket" },
        { "a comma that is missing", { 0 }, "[{\"name\":\"a\"\n\"image\":\"x\"}]", "web.json: line 2: not valid JSON: a comma is missing" },
        { "a comma that is missing on one line", { 0 }, "[{\"name\":\"a\"\"image\":\"x\"}]", "web.json: line 1: not valid JSON: a comma is missing" },
        { "a placeholder for a number", { 0 }, "[{\"name\":\"a\",\"cpu\":${CPU}}]", "web.json: line 1: not valid JSON: fill in the placeholder first, or put it in quotes" },
        { "a placeholder for words", { 0 }, "[{\"name\":\"a\",\"command\":[\n{{command}}\n]}]", "web.json: line 2: not valid JSON: fill in the placeholder first" },
        { "single quotes", { 0 }, "{'family': 'web'}", "web.json: line 1: not valid JSON: names and texts need double quotes" },
        { "names without quotes", { 0 }, "{\n family: 'web'}", "web.json: line 2: not valid JSON: names and texts need double quotes" },
        { "quoted, and no JSON", { 0 }, "\"[{\"", "web.json: the text that it has is not valid JSON" },
        { "a number", { 0 }, "7", "web.json: it is neither an object nor a list" },
        { "quoted, a number", { 0 }, "\"7\"", "web.json: it is neither an object nor a list" },
        { "something else", { 0 }, "{\"services\":{}}", "web.json: containerDefinitions: it is missing" },
        { "containers of another type", { 0 }, "{\"containerDefinitions\":\"x\"}", "web.json: containerDefinitions: it must be a list of objects" },
        { "a container of another type", { 0 }, "[{\"name\":\"a\"},7]", "web.json: containerDefinitions[1]: it must be an object" },
        { "a container without a name", { 0 }, "[{\"image\":\"x\"}]", "web.json: containerDefinitions[0].name: it is missing" },
        { "a number for a text", { 0 }, "[{\"name\":\"a\",\"environment\":[{\"name\":\"A\",\"value\":\"x\"},{\"name\":\"B\",\"value\":7}]}]",
          "web.json: containerDefinitions[0].environment[1].value: it must be a text" },
        { "a command of another type", { 0 }, "[{\"name\":\"a\",\"command\":\"sh\"}]", "web.json: containerDefinitions[0].command: it must be a list of texts" },
        { "words of another type", { 0 }, "[{\"name\":\"a\",\"entryPoint\":[\"a\",1]}]", "web.json: containerDefinitions[0].entryPoint[1]: it must be a text" },
        { "options of another type", { 0 }, "[{\"name\":\"a\",\"logConfiguration\":{\"options\":[]}}]", "web.json: containerDefinitions[0].logConfiguration.options: it must be an object of texts" },
        { "logs of another type", { 0 }, "[{\"name\":\"a\",\"logConfiguration\":[]}]", "web.json: containerDefinitions[0].logConfiguration: it must be an object" },
        { "a flag of another type", { 0 }, "[{\"name\":\"a\",\"mountPoints\":[{\"readOnly\":1}]}]", "web.json: containerDefinitions[0].mountPoints[0].readOnly: it must be true or false" },
        { "a role of another type", { 0 }, "{\"taskRoleArn\":{},\"containerDefinitions\":[]}", "web.json: taskRoleArn: it must be a text" },
        { "a list for a text in CloudFormation", { 0 }, "{\"ContainerDefinitions\":[{\"Name\":\"a\",\"User\":[1]}]}", "web.json: containerDefinitions[0].user: it must be a text" },
        { "a text for a list in CloudFormation", { 0 }, "{\"ContainerDefinitions\":[{\"Name\":\"a\",\"Command\":7}]}", "web.json: containerDefinitions[0].command: it must be a list of texts" },
        { "an unknown launch type", { 0 }, OF("\"requiresCompatibilities\":[\"LAMBDA\"],", ""), "web.json: requiresCompatibilities[0]: unknown launch type LAMBDA; known are" },
        { "a template without a definition", { 0 }, "{\"Resources\":{\"A\":{\"Type\":\"AWS::ECS::Service\",\"Properties\":{}}}}", "web.json: the template has no resource of type AWS::ECS::TaskDefinition" },
        { "a template with two", { 0 }, "{\"Resources\":{\"A\":{\"Type\":\"AWS::ECS::TaskDefinition\",\"Properties\":{}},\"B\":{\"Type\":\"AWS::ECS::TaskDefinition\",\"Properties\":{}}}}",
          "web.json: the template has several task definitions, among them A and B; name one by --resource" },
        { "a resource that is not there", { .resource = "C" }, "{\"Resources\":{}}", "web.json: the template has no resource C of type AWS::ECS::TaskDefinition" },
        { "a resource of no template", { .resource = "C" }, "[]", "web.json: it is no CloudFormation template, so that --resource has no meaning" },
        { "no bundle", { .bundles = (const char *[]){ "/nonexistent/bundle.json" }, .n_bundles = 1 }, OF("", ""), "/nonexistent/bundle.json: No such file or directory" },
        { "no needs", { .needs = "/nonexistent/needs.d" }, OF("", ""), "/nonexistent/needs.d: No such file or directory" },
        { "no environment file", { .env_files = (const char *[]){ "/nonexistent/a.env" }, .n_env_files = 1 }, OF("", ""), "/nonexistent/a.env: No such file or directory" },
};

static void refusals_name_the_position(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(refusals); i++) {
                CLEANUP(text_done) struct text error = { 0 };
                CLEANUP(plan_freep) struct plan *p = NULL;
                struct plan_request q = refusals[i].q;
                int r;

                q.path = file_of("web.json", refusals[i].definition);
                r = plan_make(&q, &p, &error);
                if (r >= 0 || !error.s || !strstr(error.s, refusals[i].want))
                        fail_msg("%s: %d, %s", refusals[i].why, r, error.s ? error.s : "nothing is said");
                assert_null(p);
        }
}

static void a_mistake_without_a_hint(void **state)
{
        static const char *const texts[] = { "[\"Fn::If\": [1]]", "{\"a\":1", "[1,2x]", "{\"a\" 1}", "[1e999]" };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
                CLEANUP(text_done) struct text error = { 0 };
                struct plan *p = NULL;
                struct plan_request q = { .path = file_of("web.json", texts[i]) };

                assert_int_equal(plan_make(&q, &p, &error), -EBADMSG);
                if (!streq(strstr(error.s, "web.json"), "web.json: line 1: not valid JSON"))
                        fail_msg("%s: %s", texts[i], error.s);
        }
}

static void files_that_cannot_be_read(void **state)
{
        CLEANUP(text_done) struct text error = { 0 }, bundle = { 0 };
        struct plan *p = NULL;
        struct plan_request q = { .path = "/dev/null" };

        (void)state;
        assert_int_equal(plan_make(&q, &p, &error), -EINVAL);
        assert_string_equal(error.s, "/dev/null: not a regular file");
        q = (struct plan_request){ .path = file_of("web.json", OF("", "")), .bundles = (const char *[]){ file_of("bundle.json", "{}") }, .n_bundles = 1 };
        assert_int_equal(plan_make(&q, &p, &bundle), -EBADMSG);
        assert_non_null(strstr(bundle.s, "bundle.json: has no RoleDetailList"));
}

/* ---- environment files, bundles, a host ---- */

static void environment_files_are_recognized_by_their_names(void **state)
{
        static const char text[] = "#AWS_PROFILE=comment\r\nAWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\r\nno variable\n\nAWS_SECRET_ACCESS_KEY=x\nAWS_REGION=\"quoted\"";
        const char *const files[] = { file_of("other.env", "AWS_PROFILE=no"), file_of("prod.env", text) };
        CLEANUP(plan_freep) struct plan *p = plan_of((struct plan_request){ .env_files = files, .n_env_files = 2 },
                                                    OF(ROLES, ",\"environmentFiles\":[{\"type\":\"s3\",\"value\":\"arn:aws:s3:::b/c/prod.env\"}]"));
        const struct process *process = &p->s->processes[0];

        (void)state;
        assert_int_equal(process->environ.state, ANSWER_OK);
        assert_string_equal(process->env[ENV_VAR_KEY_ID], "AKIAIOSFODNN7EXAMPLE");
        assert_string_equal(process->env[ENV_VAR_SECRET], MODEL_REDACTED);
        assert_null(process->env[ENV_VAR_PROFILE]);
        assert_string_equal(process->env[ENV_VAR_RELATIVE_URI], "/v2/credentials/" MODEL_REDACTED);
}

/* Of the user that is assumed; where a role is a reference, the instance role does not stand in for it. */
static void what_is_assumed_of_a_program(void **state)
{
        CLEANUP(plan_freep) struct plan *p = plan_of((struct plan_request){ 0 }, "{\"NetworkMode\":\"host\",\"ExecutionRoleArn\":{\"Ref\":\"E\"},\"ContainerDefinitions\":[{\"Name\":\"c\"}]}");
        CLEANUP(plan_freep) struct plan *none = plan_of((struct plan_request){ 0 }, OF("", ""));

        (void)state;
        assert_string_equal(p->s->processes[0].env[ENV_VAR_HOME], "/root");
        assert_true(p->s->netns[0].host);
        assert_string_equal(p->s->definitions[0].execution_role, "unknown-execution-role");
        assert_null(none->s->definitions[0].execution_role);
        assert_false(none->s->netns[0].host);
        for (size_t i = 0; i < p->n_premises; i++)
                assert_null(strstr(p->premises[i].value, "unknown-execution-role"));
        for (int type = 0; type < LAUNCH_TYPE_MAX; type++) {
                CLEANUP(plan_freep) struct plan *one = plan_of((struct plan_request){ .launch_type = launch_type_to_string((enum launch_type)type) }, OF("", ""));
                bool reached = type == LAUNCH_EC2 || type == LAUNCH_MANAGED;
                assert_int_equal(one->s->netns[0].imds_token.state, reached ? ANSWER_UNKNOWN : ANSWER_UNREACHABLE);
        }
}

/* The definition's own variables count before those of files; the first file counts. */
static void earlier_sources_of_the_environment_count(void **state)
{
        const char *const files[] = { file_of("a.env", "AWS_PROFILE=a\nAWS_ROLE_ARN=a\n"), file_of("b.env", "AWS_ROLE_ARN=b\nAWS_DEFAULT_PROFILE=b\n") };
        CLEANUP(plan_freep) struct plan *p = plan_of((struct plan_request){ .env_files = files, .n_env_files = 2 },
                                                    OF(ROLES, ",\"environment\":[{\"name\":\"AWS_PROFILE\",\"value\":\"own\"},{\"name\":\"HOME\",\"value\":\"/srv\"}],"
                                                       "\"environmentFiles\":[{\"value\":\"arn:aws:s3:::b/a.env\"},{\"value\":\"arn:aws:s3:::b/b.env\"}]"));
        const char *const *env = p->s->processes[0].env;

        (void)state;
        assert_string_equal(env[ENV_VAR_PROFILE], "own");
        assert_string_equal(env[ENV_VAR_ROLE_ARN], "a");
        assert_string_equal(env[ENV_VAR_DEFAULT_PROFILE], "b");
        assert_string_equal(env[ENV_VAR_HOME], "/srv");
}

#define S(action) "{\"PolicyName\":\"p\",\"PolicyDocument\":{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[" action "],\"Resource\":\"*\"}]}}"
#define BUNDLE_ROLE(name, service, policies) "{\"RoleName\":\"" name "\",\"Arn\":\"" ROLE(name) "\",\"AssumeRolePolicyDocument\":{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\"," \
        "\"Principal\":{\"Service\":\"" service "\"},\"Action\":\"sts:AssumeRole\"}]},\"RolePolicyList\":[" policies "],\"AttachedManagedPolicies\":[]}"
#define WITH_SECRET "\"executionRoleArn\":\"" ROLE("webExec") "\",\"taskRoleArn\":\"webTaskRole\","

static void roles_are_judged_by_bundles(void **state)
{
        const char *bundle = file_of("bundle.json", "{\"RoleDetailList\":[" BUNDLE_ROLE("webExec", "ec2.amazonaws.com", S("\"ecr:*\"")) ","
                                                    BUNDLE_ROLE("webTaskRole", "ecs-tasks.amazonaws.com", S("\"secretsmanager:GetSecretValue\"")) "],\"Policies\":[]}");
        CLEANUP(plan_freep) struct plan *p = plan_of((struct plan_request){ .bundles = &bundle, .n_bundles = 1, .launch_type = "FARGATE" },
                                                    OF("\"networkMode\":\"awsvpc\"," WITH_SECRET, "," NEED ",\"secrets\":[{\"name\":\"A\",\"valueFrom\":\"" SECRET "\"}],"
                                                       "\"logConfiguration\":{\"logDriver\":\"awslogs\",\"options\":{\"awslogs-group\":\"/ecs/web\",\"awslogs-region\":\"eu-west-1\"}}"));
        int status;
        CLEANUP(freep) char *page = report_of(p, &status);

        (void)state;
        assert_int_equal(status, 1);
        assert_non_null(strstr(page, "trust-mismatch: ecs-tasks.amazonaws.com cannot assume the execution role webExec"));
        assert_non_null(strstr(page, "execution-role-denied: task definition web:planned for container app needs logs:CreateLogStream on "
                                     "arn:aws:logs:eu-west-1:" ACCOUNT ":log-group:/ecs/web:log-stream:container"));
        assert_non_null(strstr(page, "notice right-role-denied (possible): main program in container app of task web uses the expected role webTaskRole, but sns:Publish"));
        /* A role that is named without its ARN has it from the bundle. */
        assert_string_equal(p->s->definitions[0].task_role, ROLE("webTaskRole"));
        assert_null(strstr(page, "no bundle has that role"));
}

/* What a CI system fills in is not compared with the ARNs of policies. */
static void placeholders_are_not_denied(void **state)
{
        const char *bundle = file_of("bundle.json", "{\"RoleDetailList\":[" BUNDLE_ROLE("webExec", "ecs-tasks.amazonaws.com", S("\"ecr:GetAuthorizationToken\"") ",{\"PolicyName\":\"q\",\"PolicyDocument\":{"
                                                    "\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"ecr:*\",\"logs:*\",\"ssm:*\",\"secretsmanager:*\"],"
                                                    "\"Resource\":[\"arn:aws:ecr:eu-west-1:" ACCOUNT ":repository/side\",\"arn:aws:logs:eu-west-1:*\"]}]}}") "],\"Policies\":[]}");
        CLEANUP(plan_freep) struct plan *p = plan_of((struct plan_request){ .bundles = &bundle, .n_bundles = 1, .region = "eu-west-1" },
                                                    "{\"family\":\"web\",\"executionRoleArn\":\"arn:aws:iam::<ACCOUNT>:role/webExec\",\"containerDefinitions\":[{\"name\":\"app\","
                                                    "\"image\":\"" ACCOUNT ".dkr.ecr.eu-west-1.amazonaws.com/$REPOSITORY:7\",\"secrets\":[{\"name\":\"A\",\"valueFrom\":\"arn:aws:secretsmanager:REGION:ACCOUNT:secret:a\"},"
                                                    "{\"name\":\"B\",\"valueFrom\":\"arn:aws:secretsmanager:REGION:ACCOUNT:secret:a\"},{\"name\":\"C\",\"valueFrom\":\"/web/{{env}}\"}],"
                                                    "\"logConfiguration\":{\"logDriver\":\"awslogs\",\"options\":{\"awslogs-group\":\"g\",\"awslogs-region\":\"AWS_REGION\"}}},"
                                                    "{\"name\":\"side\",\"image\":\"" ACCOUNT ".dkr.ecr.eu-west-1.amazonaws.com/side:<TAG>\"}]}");
        int status;
        CLEANUP(freep) char *page = report_of(p, &status);

        (void)state;
        if (status != 0)
                page_fail("placeholders", "another exit status", page);
        assert_string_equal(p->s->definitions[0].execution_role, ROLE("webExec"));
        if (!strstr(page, "placeholders    " ACCOUNT ".dkr.ecr.eu-west-1.amazonaws.com/$REPOSITORY:7, arn:aws:secretsmanager:REGION:ACCOUNT:secret:a, /web/{{env}}, AWS_REGION (not known)"))
                page_fail("placeholders", "they are not listed", page);
        /* The tag decides nothing, and --region stands in for the region. */
        assert_int_equal(p->s->definitions[0].n_requirements, 2);
        assert_string_equal(p->s->definitions[0].requirements[0].value, "g");
        assert_null(p->s->definitions[0].requirements[0].region);
        assert_non_null(strstr(p->s->definitions[0].requirements[1].value, "side:<TAG>"));
}

static void the_wrong_role_was_given_the_secret(void **state)
{
        const char *bundle = file_of("bundle.json", "{\"RoleDetailList\":[" BUNDLE_ROLE("webExec", "ecs-tasks.amazonaws.com", S("\"ecr:*\"")) ","
                                                    BUNDLE_ROLE("webTaskRole", "ecs-tasks.amazonaws.com", S("\"secretsmanager:GetSecretValue\"")) "],\"Policies\":[]}");
        CLEANUP(plan_freep) struct plan *p = plan_of((struct plan_request){ .bundles = &bundle, .n_bundles = 1 },
                                                    OF(WITH_SECRET, ",\"secrets\":[{\"name\":\"A\",\"valueFrom\":\"" SECRET "\"}]"));
        int status;
        CLEANUP(freep) char *page = report_of(p, &status);

        (void)state;
        assert_int_equal(status, 0);
        assert_non_null(strstr(page, "; the task role webTaskRole is allowed it, but the ECS agent makes this call with the execution role"));
}

/* One role for both: what it lacks for one use it has for none. */
static void one_role_for_both_uses(void **state)
{
        const char *bundle = file_of("bundle.json", "{\"RoleDetailList\":[" BUNDLE_ROLE("webExec", "ecs-tasks.amazonaws.com", S("\"ecr:*\"")) "],\"Policies\":[]}");
        CLEANUP(plan_freep) struct plan *p = plan_of((struct plan_request){ .bundles = &bundle, .n_bundles = 1 },
                                                    OF("\"executionRoleArn\":\"" ROLE("webExec") "\",\"taskRoleArn\":\"webExec\",", ",\"secrets\":[{\"name\":\"A\",\"valueFrom\":\"" SECRET "\"}]"));
        int status;
        CLEANUP(freep) char *page = report_of(p, &status);

        (void)state;
        assert_non_null(strstr(page, "execution-role-denied"));
        assert_null(strstr(page, "the task role webExec is allowed it"));
}

/* A host with one task in network mode bridge, which IMDS answers, and itself. */
static struct snapshot *host_with_task(const char *mode)
{
        struct snapshot *s = host_healthy();
        struct definition *d = snapshot_add_definition(s);
        struct netns *own = snapshot_add_netns(s);

        *d = (struct definition){ .family = "web", .revision = "1", .source = "x", .network_mode = mode };
        *own = (struct netns){ .host = true, .container = { .state = ANSWER_OK }, .imds_token = { .state = ANSWER_OK } };
        s->host.account = ACCOUNT;
        s->host.region = "eu-west-1";
        s->host.policies_error = "old";
        s->host.agent_started_s = 1;
        snapshot_add_service(s)->name = "web";
        snapshot_add_denial(s)->action = "sns:Publish";
        return s;
}

static const struct { const char *why, *mode, *terms, *want, *not; } hosts[] = {
        { "a task of the same network mode", NULL, ROLES, "imds-open-to-tasks", "not known: whether" },
        { "none of that network mode", "awsvpc", ROLES, "network         whether its containers reach the instance metadata service: the host runs no task of that network mode (not known)", "imds-open" },
        { "the network of the host", "bridge", ROLES "\"networkMode\":\"host\",", "network mode    host (by the task definition)", "imds-open" },
};

static void facts_of_a_host_count(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(hosts); i++) {
                char definition[1024];
                int status;

                snprintf(definition, sizeof definition, "{%s\"containerDefinitions\":[{\"name\":\"app\"}]}", hosts[i].terms);
                CLEANUP(plan_freep) struct plan *p = plan_of((struct plan_request){ .host = host_with_task(hosts[i].mode), .host_source = "host.json" }, definition);
                CLEANUP(freep) char *page = report_of(p, &status);

                assert_int_equal(status, 0);
                assert_int_equal(p->s->n_processes, 1);
                assert_int_equal(p->s->n_services + p->s->n_denials, 0);
                assert_int_equal(p->s->host.agent_started_s, 0);
                if (!strstr(page, hosts[i].want) || strstr(page, hosts[i].not) || !strstr(page, "host            host.json, instance i-1234567890abcdef0 (by the facts of the host)"))
                        page_fail(hosts[i].why, hosts[i].want, page);
        }
}

static void tasks_of_one_network_mode_that_differ(void **state)
{
        struct snapshot *s = host_with_task("bridge");
        struct netns *other = snapshot_add_netns(s);
        int status;

        (void)state;
        *other = (struct netns){ .imds_token = { .state = ANSWER_TIMEOUT } };
        host_bare(s, 0, 11, 1, "sh")->netns = 2;
        CLEANUP(plan_freep) struct plan *p = plan_of((struct plan_request){ .host = s, .host_source = "h" }, OF(ROLES, ""));
        CLEANUP(freep) char *page = report_of(p, &status);
        assert_null(strstr(page, "imds-open"));
}

static void premises_are_escaped(void **state)
{
        char image[64];
        const char *images[] = { image };

        (void)state;
        snprintf(image, sizeof image, "a\x1b[31m=%s", scratch);
        CLEANUP(plan_freep) struct plan *p = plan_of((struct plan_request){ .host = host_healthy(), .host_source = "h\x1b[31m", .images = images, .n_images = 1 },
                                                    "[{\"name\":\"a\\u001b[31m\"}]");
        bool host = false, container = false;
        for (size_t i = 0; i < p->n_premises; i++) {
                assert_null(strchr(p->premises[i].value, '\x1b'));
                host = host || strstr(p->premises[i].value, "h\\x1b[31m, instance");
                container = container || strstr(p->premises[i].value, "of container a\\x1b[31m: /tmp/");
        }
        assert_true(host && container);
}

/* Cut at a whole character. */
static void a_long_premise_is_cut(void **state)
{
        CLEANUP(text_done) struct text t = { 0 };
        const char *longest = "";

        (void)state;
        text_add(&t, "[");
        for (int i = 0; i < 300; i++)
                text_addf(&t, "%s{\"name\":\"%d\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\"}", i ? "," : "", i);
        text_add(&t, "]");
        CLEANUP(plan_freep) struct plan *p = plan_of((struct plan_request){ 0 }, t.s);
        for (size_t i = 0; i < p->n_premises; i++)
                longest = strlen(p->premises[i].value) > strlen(longest) ? p->premises[i].value : longest;
        assert_null(strstr(longest, "\\x"));
        assert_string_equal(longest + strlen(longest) - 3, "...");
}

static void no_host_of_yours_runs_fargate(void **state)
{
        CLEANUP(text_done) struct text error = { 0 };
        struct plan *p = NULL;
        struct plan_request q = { .path = file_of("web.json", OF("", "")), .launch_type = "FARGATE", .host = host_healthy(), .host_source = "h" };

        (void)state;
        assert_int_equal(plan_make(&q, &p, &error), -EBADMSG);
        assert_non_null(strstr(error.s, "a task on FARGATE runs on no host of yours"));
        assert_null(q.host);
}

static void warnings_are_bounded(void **state)
{
        CLEANUP(text_done) struct text t = { 0 };
        int status;

        (void)state;
        text_add(&t, "[");
        for (int i = 0; i < PLAN_WARNINGS_MAX + 3; i++)
                text_addf(&t, "%s{\"name\":\"c%d\"," KEYS("") "}", i ? "," : "", i);
        text_add(&t, "]");
        CLEANUP(plan_freep) struct plan *p = plan_of((struct plan_request){ 0 }, t.s);
        CLEANUP(freep) char *page = report_of(p, &status);
        assert_int_equal(p->n_more_warnings, 3);
        assert_non_null(strstr(page, "3 more lint warnings"));
        assert_int_equal(status, 1);
        CLEANUP(freep) char *json = json_of(p), *xml = junit_of(p);
        assert_non_null(strstr(json, "\"warningsOmitted\":3"));
        assert_non_null(strstr(xml, "name=\"lint: more\">\n      <failure message=\"3 more lint warnings\" type=\"lint\">3 more lint warnings</failure>"));
}

/* One that is not listed counts. */
static void a_warning_after_many_notices(void **state)
{
        CLEANUP(text_done) struct text t = { 0 };
        int status;

        (void)state;
        text_add(&t, "[");
        for (int i = 0; i < PLAN_WARNINGS_MAX; i++)
                text_addf(&t, "{\"name\":\"c%d\",\"environment\":[{\"name\":\"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI\",\"value\":\"x\"}]},", i);
        text_add(&t, "{\"name\":\"last\"," KEYS("") "}]");
        CLEANUP(plan_freep) struct plan *p = plan_of((struct plan_request){ 0 }, t.s);
        CLEANUP(freep) char *page = report_of(p, &status);

        assert_non_null(page);
        assert_int_equal(p->n_more_warnings, 1);
        assert_int_equal(status, 1);
}

static void premises_are_bounded(void **state)
{
        CLEANUP(text_done) struct text t = { 0 };
        int status;

        (void)state;
        text_add(&t, "[");
        for (int i = 0; i < PREMISES_MAX; i++)
                text_addf(&t, "%s{\"name\":\"c%d\",\"secrets\":[{\"name\":\"AWS_PROFILE\",\"valueFrom\":\"a\"}]}", i ? "," : "", i);
        text_add(&t, "]");
        CLEANUP(plan_freep) struct plan *p = plan_of((struct plan_request){ 0 }, t.s);
        CLEANUP(freep) char *page = report_of(p, &status), *json = json_of(p);
        assert_int_equal(p->n_premises, PREMISES_MAX);
        assert_int_equal(p->n_more_premises, 9);
        assert_non_null(strstr(page, "\n  9 more premises\n"));
        assert_non_null(strstr(json, "\"premisesOmitted\":9,\"warnings\":[],\"warningsOmitted\":0}"));
}

/* ---- the other reports ---- */

static void json_has_the_plan(void **state)
{
        CLEANUP(plan_freep) struct plan *p = plan_of((struct plan_request){ 0 }, OF(ROLES, "," KEYS("")));
        CLEANUP(freep) char *text = json_of(p);

        (void)state;
        assert_non_null(strstr(text, "\"pid\":null,\"pids\":[]"));
        assert_non_null(strstr(text, "\"launchType\":\"EC2\",\"networkMode\":\"bridge\",\"premises\":[{\"what\":\"launch type\""));
        assert_non_null(strstr(text, "\"warnings\":[{\"severity\":\"warning\",\"where\":\"containerDefinitions[0].environment[1]\",\"message\":\"a secret key"));
        assert_null(strstr(text, "wJalrXUtnFEMI"));
}

static void junit_has_a_case_for_each(void **state)
{
        static const char *const want[] = {
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite name=\"", "tests=\"4\" failures=\"1\" errors=\"0\" skipped=\"1\">\n",
                "    <testcase classname=\"w&lt;e&gt;b&amp;&quot;\" name=\"credentials of main program in container side\">\n      <skipped message=\"it is not known which SDKs its image has\">",
                "name=\"wrong-role: main program in container app\">\n      <system-out>", "name=\"credentials of main program in container ok\"/>\n",
                "name=\"lint: containerDefinitions[0].environment[1]: ", "<failure message=\"a secret key", "  </testsuite>\n</testsuites>\n",
        };
        CLEANUP(plan_freep) struct plan *p = plan_of((struct plan_request){ 0 }, "{\"family\":\"w<e>b&\\\"\"," ROLES "\"containerDefinitions\":[{\"name\":\"app\"," KEYS("") "," NEED
                                                                                 "},{\"name\":\"ok\"," NEED "},{\"name\":\"side\"}]}");
        CLEANUP(freep) char *xml = junit_of(p);

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(want); i++)
                if (!strstr(xml, want[i]))
                        page_fail("without", want[i], xml);
}

static void junit_has_the_reason_of_an_unknown_verdict(void **state)
{
        CLEANUP(plan_freep) struct plan *p = plan_of((struct plan_request){ 0 }, OF(ROLES, "," NEED ",\"secrets\":[{\"name\":\"AWS_PROFILE\",\"valueFrom\":\"a\"}]"));
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        CLEANUP(freep) char *xml = NULL;
        size_t size;
        FILE *f = open_memstream(&xml, &size), *full = fopen("/dev/full", "w");

        (void)state;
        assert_int_equal(judge(p->s, &v), 0);
        assert_int_equal(plan_exit_status(p, v), 3);
        assert_int_equal(report_plan_junit(p, v, f), 0);
        fclose(f);
        assert_non_null(strstr(xml, "<skipped message=\"its environment is not known\">"));
        assert_int_equal(report_plan_junit(p, v, full), -EIO);
        fclose(full);
}

static void names_are_found(void **state)
{
        (void)state;
        for (int i = 0; i < LAUNCH_TYPE_MAX; i++)
                assert_int_equal(launch_type_from_string(launch_type_to_string((enum launch_type)i)), i);
        assert_int_equal(launch_type_from_string(NULL), -ENOENT);
        for (int i = 0; i < PREMISE_SOURCE_MAX; i++) {
                assert_true(*premise_source_to_string((enum premise_source)i));
                assert_true(*premise_source_meaning((enum premise_source)i));
        }
        plan_free(NULL);
}

static int scratch_make(void **state)
{
        (void)state;
        return mkdtemp(scratch) ? 0 : -1;
}

static int scratch_remove(void **state)
{
        static const char *const names[] = { "web.json", "bundle.json", "other.env", "prod.env", "a.env", "b.env" };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
                char path[64];

                snprintf(path, sizeof path, "%s/%s", scratch, names[i]);
                unlink(path);
        }
        return rmdir(scratch);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(definitions_are_planned), cmocka_unit_test(a_volume_is_mounted_for_reading), cmocka_unit_test(refusals_name_the_position), cmocka_unit_test(a_mistake_without_a_hint),
                cmocka_unit_test(files_that_cannot_be_read), cmocka_unit_test(environment_files_are_recognized_by_their_names),
                cmocka_unit_test(earlier_sources_of_the_environment_count), cmocka_unit_test(what_is_assumed_of_a_program), cmocka_unit_test(roles_are_judged_by_bundles),
                cmocka_unit_test(placeholders_are_not_denied),
                cmocka_unit_test(the_wrong_role_was_given_the_secret), cmocka_unit_test(one_role_for_both_uses), cmocka_unit_test(facts_of_a_host_count),
                cmocka_unit_test(tasks_of_one_network_mode_that_differ), cmocka_unit_test(no_host_of_yours_runs_fargate),
                cmocka_unit_test(premises_are_escaped), cmocka_unit_test(a_long_premise_is_cut),
                cmocka_unit_test(warnings_are_bounded), cmocka_unit_test(a_warning_after_many_notices), cmocka_unit_test(premises_are_bounded), cmocka_unit_test(json_has_the_plan),
                cmocka_unit_test(junit_has_a_case_for_each), cmocka_unit_test(junit_has_the_reason_of_an_unknown_verdict), cmocka_unit_test(names_are_found),
        };

        return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
