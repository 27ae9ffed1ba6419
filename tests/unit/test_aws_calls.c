/* The table of rolewatch's own calls: what is found in it, and the policy that comes of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "rolewatch/aws_calls.h"

static const cJSON *get(const cJSON *o, const char *key) { return cJSON_GetObjectItemCaseSensitive(o, key); }

static void a_call_is_found_by_service_and_action(void **state)
{
        (void)state;
        for (int i = 0; i < AWS_CALL_MAX; i++)
                assert_true(aws_call_part((enum aws_call)i) < AWS_PART_MAX);
        assert_int_equal(aws_call_find(AWS_IAM, "GetRole"), AWS_CALL_GET_ROLE);
        assert_int_equal(aws_call_find(AWS_ECS, "GetRole"), -ENOENT);
        assert_int_equal(aws_call_find(AWS_IAM, "DeleteRole"), -ENOENT);
        assert_int_equal(aws_call_find(AWS_IAM, "GetRol"), -ENOENT);
}

static void nothing_else_is_signed(void **state)
{
        struct aws_client c = { .partition = "aws", .region = "eu-west-1" };
        CLEANUP(json_freep) cJSON *body = cJSON_CreateObject();
        const struct aws_request others[] = {
                { .service = AWS_IAM, .action = "DeleteRole" },
                { .service = AWS_ECS, .action = "StopTask", .body = body },
                { .service = AWS_ECS, .action = "PutMetricData", .body = body },
        };
        struct aws_answer answer;

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(others); i++)
                assert_int_equal(aws_send(&c, &others[i], &answer), -EINVAL);
}

static void an_error_names_its_call(void **state)
{
        (void)state;
        assert_int_equal(aws_call_named("cloudwatch:PutMetricData: AccessDenied no"), AWS_CALL_PUT_METRIC_DATA);
        assert_int_equal(aws_call_named("iam:GetRole of web: AccessDenied"), AWS_CALL_GET_ROLE);
        assert_int_equal(aws_call_named("iam:GetRolePolicy of web: AccessDenied"), AWS_CALL_GET_ROLE_POLICY);
        assert_int_equal(aws_call_named("ecs:DescribeTasks"), AWS_CALL_DESCRIBE_TASKS);
        assert_int_equal(aws_call_named("iam:GetRolex of web"), -ENOENT);
        assert_int_equal(aws_call_named("no credentials of the instance role"), -ENOENT);
        assert_int_equal(aws_call_named(""), -ENOENT);
        assert_int_equal(aws_call_named(NULL), -ENOENT);
}

static void a_statement_is_narrowed(void **state)
{
        const struct aws_scope scope = { .region = "cn-north-1", .account = "111122223333", .cluster = "prod", .namespace = "Own" };
        CLEANUP(json_freep) cJSON *tasks = aws_statement(AWS_PART_TASKS, &scope), *metrics = aws_statement(AWS_PART_METRICS, &scope),
                                  *any = aws_statement(AWS_PART_METRICS, &(struct aws_scope){ 0 });

        (void)state;
        assert_string_equal(get(tasks, "Resource")->valuestring, "arn:aws-cn:ecs:cn-north-1:111122223333:task/*");
        assert_string_equal(get(get(get(tasks, "Condition"), "ArnLike"), "ecs:cluster")->valuestring,
                            "arn:aws-cn:ecs:cn-north-1:111122223333:cluster/prod");
        assert_string_equal(get(get(get(metrics, "Condition"), "StringEquals"), "cloudwatch:namespace")->valuestring, "Own");
        assert_string_equal(get(get(get(any, "Condition"), "StringEquals"), "cloudwatch:namespace")->valuestring, "Rolewatch");
        assert_string_equal(get(metrics, "Action")->child->valuestring, "cloudwatch:PutMetricData");
}

/* Every call is in exactly one statement, and calls of one statement mean one resource. */
static void a_policy_has_each_call_once(void **state)
{
        static const char *const resources[] = {
#define X(id, service, prefix, action, part, resource) [AWS_CALL_##id] = resource,
                AWS_CALLS(X)
#undef X
        };
        CLEANUP(json_freep) cJSON *policy = aws_policy(AWS_ALL_PARTS, &(struct aws_scope){ 0 }),
                                  *one = aws_policy(1u << AWS_PART_METRICS, &(struct aws_scope){ 0 }),
                                  *none = aws_policy(0, &(struct aws_scope){ 0 });
        const cJSON *statement, *action;
        int n = 0;

        (void)state;
        cJSON_ArrayForEach(statement, get(policy, "Statement"))
                cJSON_ArrayForEach(action, get(statement, "Action"))
                        n += aws_call_named(action->valuestring) >= 0;
        assert_int_equal(n, AWS_CALL_MAX);
        assert_int_equal(cJSON_GetArraySize(get(policy, "Statement")), AWS_PART_MAX);
        assert_int_equal(cJSON_GetArraySize(get(one, "Statement")), 1);
        assert_int_equal(cJSON_GetArraySize(get(none, "Statement")), 0);
        for (int i = 0; i < AWS_CALL_MAX; i++)
                for (int k = 0; k < i; k++)
                        if (aws_call_part((enum aws_call)i) == aws_call_part((enum aws_call)k))
                                assert_string_equal(resources[i], resources[k]);
}

static int left;               /* allocations until there is no memory */

static void *scarce(size_t n) { return left-- > 0 ? malloc(n) : NULL; }

/* Whichever allocation fails: no policy, never one with a statement too few. */
static void without_memory_there_is_no_policy(void **state)
{
        const struct aws_scope scope = { .region = "eu-west-1", .account = "111122223333" };
        bool made = false;

        (void)state;
        for (int n = 0; !made && n < 1000; n++) {
                CLEANUP(json_freep) cJSON *policy = NULL;

                left = n;
                cJSON_InitHooks(&(cJSON_Hooks){ scarce, free });
                policy = aws_policy(AWS_ALL_PARTS, &scope);
                cJSON_InitHooks(NULL);
                made = policy != NULL;
                if (made)
                        assert_int_equal(cJSON_GetArraySize(get(policy, "Statement")), AWS_PART_MAX);
        }
        assert_true(made);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_call_is_found_by_service_and_action), cmocka_unit_test(nothing_else_is_signed),
                cmocka_unit_test(an_error_names_its_call),               cmocka_unit_test(a_statement_is_narrowed),
                cmocka_unit_test(a_policy_has_each_call_once),          cmocka_unit_test(without_memory_there_is_no_policy),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
