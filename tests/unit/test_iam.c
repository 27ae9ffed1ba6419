/* The policy evaluator: examples, one a line of tests/vectors/iam; forms of patterns; bad input; no allocation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <cmocka.h>
#include "../../agent/iam/iam_internal.h"

static void examples_decide(void **state)
{
        CLEANUP(freep) char *line = NULL;
        FILE *f = fopen(TESTS_DIR "/vectors/iam/examples.jsonl", "r");
        size_t size = 0, n = 0, failed = 0;

        (void)state;
        assert_non_null(f);
        while (getline(&line, &size, f) > 0) {
                CLEANUP(arena_freep) struct arena *a = NULL;
                CLEANUP(json_freep) cJSON *o = cJSON_Parse(line);
                const char *why, *want, *error = NULL;
                struct iam_policies p;
                struct iam_request rq;
                struct iam_decision d;

                assert_int_equal(arena_new(1 << 20, &a), 0);
                assert_int_equal(json_get_str(o, "why", 200, &why), 0);
                assert_int_equal(json_get_str(o, "want", 200, &want), 0);
                assert_int_equal(iam_request_from_json(cJSON_GetObjectItem(o, "case"), a, &p, &rq, &error), 0);
                iam_evaluate(&p, &rq, &d);
                if (!streq(iam_answer_to_string(d.answer), want) && ++failed)
                        print_error("%s: %s, not %s (%s %s)\n", why, iam_answer_to_string(d.answer), want,
                                    d.n_why ? iam_reason_to_string(d.why[0].reason) : "",
                                    d.n_why ? d.why[0].subject : "");
                if (d.answer == IAM_UNKNOWN && !d.n_why && ++failed)
                        print_error("%s: unknown without a reason\n", why);
                if (d.answer == IAM_EXPLICIT && !d.n_by && ++failed)
                        print_error("%s: denied by nobody\n", why);
                n++;
        }
        fclose(f);
        assert_int_equal(failed, 0);
        assert_true(n > 100);
}

static const struct { const char *pattern, *text; bool match; } globs[] = {
        { "", "", true }, { "", "a", false }, { "*", "", true }, { "*", "abc", true }, { "?", "", false },
        { "a*", "a", true }, { "a*c", "abc", true }, { "a*c", "abcd", false }, { "*a*", "bab", true },
        { "a?c", "abc", true }, { "a?c", "ac", false }, { "*?", "a", true }, { "?*", "", false },
        { "a**b", "ab", true }, { "*ab*ab*", "abab", true }, { "*ab*ab*", "aba", false },
        { "${*}", "*", true }, { "${*}", "a", false }, { "${?}x", "?x", true }, { "${$}{a}", "${a}", true },
        { "${open", "${open", true },
        /* One character is one of UTF-8, of two to four bytes; a byte that is part of none is one by itself. */
        { "?", "\xc3\xa9", true }, { "??", "\xc3\xa9", false }, { "*??", "\xe2\x82\xac", false }, { "a?b", "a\xf0\x9f\x98\x80" "b", true },
        { "?*?", "\xc3\xa9", false }, { "??", "\xc3\xc3", true }, { "?", "\xff", true }, { "*\xa9", "\xc3\xa9", false },
        /* No byte of a document is a sign. */
        { "\1", "\1", true }, { "\1", "a", false }, { "\2", "a", false }, { "\3", "\3", true }, { "a\1*", "a\1b", true }, { "a\1*", "aab", false },
};

static void globs_match(void **state)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        uint64_t steps = IAM_STEPS;

        (void)state;
        assert_int_equal(arena_new(1 << 20, &a), 0);
        for (size_t i = 0; i < ARRAY_SIZE(globs); i++) {
                struct pattern p;

                assert_int_equal(pattern_make(a, globs[i].pattern, WITH_WILDCARDS | WITH_VARIABLES, &p), 0);
                if (glob_match(&p.glob, span_of(globs[i].text), AS_WRITTEN, &steps) != tri(globs[i].match))
                        fail_msg("%s against %s", globs[i].pattern, globs[i].text);
        }
}

/* What makes a backtracking matcher take for ever ends here after n * m steps, or when its steps are spent. */
static void a_million_wildcards_end(void **state)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        size_t n = 1000000;
        CLEANUP(freep) char *pattern = malloc(n + 1), *text = malloc(4097);
        uint64_t steps = IAM_STEPS;
        struct pattern p;

        (void)state;
        assert_int_equal(arena_new(16 << 20, &a), 0);
        for (size_t i = 0; i < n; i++)
                pattern[i] = i & 1 ? 'a' : '*';
        pattern[n] = '\0';
        memset(text, 'a', 4096);
        text[4096] = '\0';
        assert_int_equal(pattern_make(a, pattern, WITH_WILDCARDS, &p), 0);
        assert_int_equal(glob_match(&p.glob, span_of(text), AS_WRITTEN, &steps), IAM_NO);
        memset(pattern, 'a', 2001);
        pattern[0] = '*', pattern[2000] = 'b', pattern[2001] = '\0';
        assert_int_equal(pattern_make(a, pattern, WITH_WILDCARDS, &p), 0);
        assert_int_equal(glob_match(&p.glob, span_of(text), AS_WRITTEN, &steps), IAM_NO);
        assert_in_range(IAM_STEPS - steps, 2000 * 2000, 3 * 2000 * 2000);
        steps = 100000;
        assert_int_equal(glob_match(&p.glob, span_of(text), AS_WRITTEN, &steps), IAM_MAYBE);
        assert_int_equal(steps, 0);
}

/* Millions of beginnings of variables without an end are read once. */
static void open_variables_are_read_once(void **state)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        CLEANUP(text_done) struct text t = { 0 };
        struct pattern p;

        (void)state;
        assert_int_equal(arena_new((size_t)256 << 20, &a), 0);
        for (int i = 0; i < 300000; i++)
                text_add(&t, "${");
        assert_int_equal(pattern_make(a, t.s, WITH_VARIABLES, &p), 0);
        assert_int_equal(p.n_variables, 0);
        assert_int_equal(p.glob.len, t.len);
}

static const struct { const char *why, *text, *error; } errors[] = {
        { "no object", "[]", "policy document is not a JSON object" },
        { "not JSON", "{", "not valid JSON" },
        { "nothing", "", "not visible" },
        { "deeper than any", NULL, "not valid JSON" },
        { "a repeated key", "{\"Statement\":[],\"Statement\":[]}", "unknown or duplicate key: Statement" },
        { "a repeated key within", "{\"Statement\":[{\"Effect\":\"Allow\",\"Effect\":\"Deny\"}]}", "statement 1: unknown or duplicate key: Effect" },
        { "a Version to come", "{\"Version\":\"2030-01-01\",\"Statement\":[]}", "unsupported Version" },
        { "no Action", "{\"Statement\":[{\"Effect\":\"Allow\",\"Resource\":\"*\"}]}", "statement 1: Action or NotAction is missing" },
        { "an Action of objects", "{\"Statement\":[{\"Effect\":\"Allow\",\"Resource\":\"*\",\"Action\":[{}]}]}", "statement 1: value is not a string, number or Boolean: Action" },
        { "a Condition that is a list", "{\"Statement\":[{\"Effect\":\"Deny\",\"Resource\":\"*\",\"Action\":\"*\"},{\"Effect\":\"Allow\",\"Resource\":\"*\",\"Action\":\"*\",\"Condition\":[]}]}", "statement 2: Condition is not an object" },
        { "control characters", "{\"Statement\":[{\"Effect\":\"Allow\",\"\\u001b[2J\":1}]}", "\\x1b" },
};

static void errors_are_named(void **state)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        char deep[400];

        (void)state;
        memset(deep, '[', sizeof deep);
        assert_int_equal(arena_new(1 << 20, &a), 0);
        for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
                const struct iam_policy *p = NULL;
                const char *text = errors[i].text ? errors[i].text : deep;

                assert_int_equal(iam_policy_parse(a, text, text == deep ? sizeof deep : strlen(text), IAM_IDENTITY, "p", &p), 0);
                if (!iam_policy_error(p) || !strstr(iam_policy_error(p), errors[i].error))
                        fail_msg("%s: %s", errors[i].why, iam_policy_error(p));
        }
}

/* A full arena is an error of preparation; evaluation takes nothing from it. */
static void evaluation_allocates_nothing(void **state)
{
        static const char text[] = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":"
                                   "\"arn:aws:s3:::${aws:PrincipalTag/team}/*\",\"Condition\":{\"StringLike\":{\"aws:x\":\"a*\"}}}]}";
        CLEANUP(arena_freep) struct arena *a = NULL, *small = NULL;
        const struct iam_policy *p = NULL, *q = NULL;
        const char *team = "red", *x = "abc";
        const struct iam_key context[] = { { "aws:principaltag/TEAM", IAM_KEY_KNOWN, &team, 1, false },
                                           { "aws:x", IAM_KEY_KNOWN, &x, 1, false } };
        const struct iam_request rq = { .principal = "arn:aws:sts::111122223333:assumed-role/r/s", .action = "S3:GetObject",
                                        .resource = "arn:aws:s3:::red/key", .resource_account = "111122223333",
                                        .context = context, .n_context = 2 };
        struct iam_policies all = { .of[IAM_IDENTITY] = { .list = &p, .n = 1 } };
        struct iam_decision d;
        size_t used;

        (void)state;
        assert_int_equal(arena_new(1 << 20, &a), 0);
        assert_int_equal(arena_new(64, &small), 0);
        assert_int_equal(iam_policy_parse(small, text, sizeof text - 1, IAM_IDENTITY, "p", &q), -ENOMEM);
        assert_int_equal(iam_policy_parse(a, text, sizeof text - 1, IAM_IDENTITY, "p", &p), 0);
        used = arena_used(a);
        for (int i = 0; i < 1000; i++)
                iam_evaluate(&all, &rq, &d);
        assert_int_equal(arena_used(a), used);
        assert_int_equal(d.answer, IAM_ALLOWED);
        assert_int_equal(d.n_by, 1);
        assert_int_equal(d.by[0].statement, 1);
}

/* ---- policies as AWS writes them: tests/vectors/iam/managed.jsonl, versions of 2026-03 ---- */

#define ECS "arn:aws:ecs:eu-west-1:111122223333:"
static const struct { const char *policy, *action, *resource; enum iam_answer want; } managed[] = {
        { "AmazonEC2ContainerServiceforEC2Role", "ecs:Poll", ECS "container-instance/prod/1", IAM_ALLOWED },
        { "AmazonEC2ContainerServiceforEC2Role", "ecs:SubmitTaskStateChange", ECS "cluster/prod", IAM_ALLOWED },
        { "AmazonEC2ContainerServiceforEC2Role", "ecr:GetAuthorizationToken", "*", IAM_ALLOWED },
        { "AmazonEC2ContainerServiceforEC2Role", "sns:Publish", "arn:aws:sns:eu-west-1:111122223333:t", IAM_IMPLICIT },
        { "AmazonEC2ContainerServiceforEC2Role", "ecs:TagResource", ECS "cluster/prod", IAM_UNKNOWN },
        { "AmazonECSTaskExecutionRolePolicy", "ecr:BatchGetImage", "arn:aws:ecr:eu-west-1:111122223333:repository/a", IAM_ALLOWED },
        { "AmazonECSTaskExecutionRolePolicy", "logs:CreateLogGroup", "arn:aws:logs:eu-west-1:111122223333:log-group:/a", IAM_IMPLICIT },
        { "AmazonECSTaskExecutionRolePolicy", "ssm:GetParameters", "arn:aws:ssm:eu-west-1:111122223333:parameter/a", IAM_IMPLICIT },
        { "AmazonEC2ContainerServiceRole", "elasticloadbalancing:DescribeTargetGroups", "*", IAM_ALLOWED },
        { "AmazonEC2ContainerServiceRole", "sns:Publish", "arn:aws:sns:eu-west-1:111122223333:t", IAM_IMPLICIT },
        { "AmazonECSServiceRolePolicy", "ec2:AttachNetworkInterface", "arn:aws:ec2:eu-west-1:111122223333:network-interface/eni-1", IAM_ALLOWED },
        { "AmazonSSMManagedInstanceCore", "ssm:GetParameter", "arn:aws:ssm:eu-west-1:111122223333:parameter/a", IAM_ALLOWED },
        { "CloudWatchAgentServerPolicy", "cloudwatch:PutMetricData", "*", IAM_ALLOWED },
        { "CloudWatchAgentServerPolicy", "ssm:GetParameter", "arn:aws:ssm:eu-west-1:111122223333:parameter/AmazonCloudWatch-x", IAM_ALLOWED },
        { "CloudWatchAgentServerPolicy", "ssm:GetParameter", "arn:aws:ssm:eu-west-1:111122223333:parameter/other", IAM_IMPLICIT },
        { "AmazonEC2ContainerServiceAutoscaleRole", "ecs:UpdateService", ECS "service/prod/web", IAM_ALLOWED },
        { "AmazonEC2ContainerRegistryPullOnly", "ecr:BatchCheckLayerAvailability", "arn:aws:ecr:eu-west-1:111122223333:repository/a", IAM_IMPLICIT },
        { "PowerUserAccess", "sns:Publish", "arn:aws:sns:eu-west-1:111122223333:t", IAM_ALLOWED },
        { "PowerUserAccess", "iam:GetRole", "arn:aws:iam::111122223333:role/r", IAM_IMPLICIT },
};

static size_t managed_check(const struct iam_policy *p, const char *name)
{
        const struct iam_policies all = { .of[IAM_IDENTITY] = { .list = &p, .n = 1 } };
        size_t n = 0;

        for (size_t i = 0; i < ARRAY_SIZE(managed); i++) {
                const struct iam_request rq = { .principal = "arn:aws:sts::111122223333:assumed-role/r/s",
                                                .action = managed[i].action, .resource = managed[i].resource,
                                                .resource_account = "111122223333" };
                struct iam_decision d;

                if (!streq(managed[i].policy, name))
                        continue;
                iam_evaluate(&all, &rq, &d);
                if (d.answer != managed[i].want)
                        fail_msg("%s: %s is %s", name, managed[i].action, iam_answer_to_string(d.answer));
                n++;
        }
        return n;
}

static void managed_policies_are_read(void **state)
{
        CLEANUP(freep) char *line = NULL;
        FILE *f = fopen(TESTS_DIR "/vectors/iam/managed.jsonl", "r");
        size_t size = 0, policies = 0, cases = 0;

        (void)state;
        assert_non_null(f);
        while (getline(&line, &size, f) > 0) {
                CLEANUP(arena_freep) struct arena *a = NULL;
                CLEANUP(json_freep) cJSON *o = cJSON_Parse(line);
                const struct iam_policy *p = NULL;
                const char *name;

                assert_int_equal(arena_new(4 << 20, &a), 0);
                assert_int_equal(json_get_str(o, "name", 200, &name), 0);
                assert_int_equal(iam_policy_make(a, cJSON_GetObjectItem(o, "document"), IAM_IDENTITY, name, &p), 0);
                if (iam_policy_error(p))
                        fail_msg("%s: %s", name, iam_policy_error(p));
                cases += managed_check(p, name);
                policies++;
        }
        fclose(f);
        assert_int_equal(policies, 22);
        assert_int_equal(cases, ARRAY_SIZE(managed));
}

/* ---- needs with wildcards ---- */

#define BUCKET "arn:aws:s3:::b"
#define TEN "xxxxxxxxxx"
#define LONG TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
static const struct { const char *need, *allow, *deny; enum iam_answer want; } needs[] = {
        { BUCKET "/*", BUCKET "/*", NULL, IAM_ALLOWED },
        { BUCKET "/*", BUCKET "*", NULL, IAM_ALLOWED },
        { BUCKET "/*", "arn:aws:s3:::*", NULL, IAM_ALLOWED },
        { BUCKET "/*", "*", NULL, IAM_ALLOWED },
        { BUCKET "/*", BUCKET "/pub/*", NULL, IAM_IMPLICIT },
        { BUCKET "/*", BUCKET "/a*," BUCKET "/b*", NULL, IAM_IMPLICIT },
        { BUCKET "/?*", BUCKET "/*?", NULL, IAM_ALLOWED },
        { BUCKET "/a*", BUCKET "/a," BUCKET "/a?*", NULL, IAM_ALLOWED },
        { BUCKET "/*", "*", BUCKET "/private/*", IAM_EXPLICIT },
        { BUCKET "/pub/*", "*", BUCKET "/private/*", IAM_ALLOWED },
        { BUCKET "/*.jpg", "*", BUCKET "/*.png", IAM_ALLOWED },
        { BUCKET "/*.jpg", "*", BUCKET "/*.j*", IAM_EXPLICIT },
        { BUCKET "/*", "", NULL, IAM_IMPLICIT },
        { BUCKET "/*", "arn:aws:s3:::c/*", NULL, IAM_IMPLICIT },
        { BUCKET "/*", BUCKET "/${aws:PrincipalTag/team}/*", NULL, IAM_UNKNOWN },
        { "arn:aws:logs:eu-west-1:1:log-group:/ecs/x:log-stream:*", "arn:aws:logs:*:*:log-group:/ecs/x:*", NULL, IAM_ALLOWED },
        { "arn:aws:logs:eu-west-1:1:log-group:/ecs/x:log-stream:*", "arn:aws:logs:*:*:log-group:/ecs/x", NULL, IAM_IMPLICIT },
        { "arn:aws:sqs:*:1:q", "arn:aws:sqs:eu-west-1:1:q", NULL, IAM_IMPLICIT },
        { "arn:aws:sqs:eu-west-1:1:*", "arn:aws:sqs:*:1:*", NULL, IAM_ALLOWED },
        /* In forms that are odd for one resource, a pattern is not plain for all of them either. */
        { BUCKET "/*", "*", "*s3:prefix", IAM_UNKNOWN },
        { BUCKET "/*", "*", "arn:aws:s3", IAM_UNKNOWN },
        { BUCKET "/*", "*", "\xc3\xa9", IAM_UNKNOWN },
        { BUCKET "/*", BUCKET "/${aws:username}/*", NULL, IAM_IMPLICIT },
        { BUCKET "/*", "*", "arn:aws:${aws:x}:::b/*", IAM_UNKNOWN },
        { BUCKET "/*", "*", "arn:aws:ec2:*:*:*/x", IAM_ALLOWED },
        { BUCKET "/*", "arn:aws:s*:::b/*", NULL, IAM_UNKNOWN },
        { "*", "*", NULL, IAM_ALLOWED },
        { "*", BUCKET, NULL, IAM_UNKNOWN },
        { "*", "", NULL, IAM_IMPLICIT },
        { BUCKET "/x*", "*", "**", IAM_EXPLICIT },
        { BUCKET "/x*", "**", NULL, IAM_ALLOWED },
        { BUCKET "/" LONG "*", "*", NULL, IAM_UNKNOWN },
        { BUCKET "/*", BUCKET "/" LONG, NULL, IAM_UNKNOWN },
        { BUCKET "/?????????????????????*a", BUCKET "/*a????????????????????", NULL, IAM_UNKNOWN },
};

/* A policy of one Allow and one Deny; the lists are separated by commas. */
static const struct iam_policy *policy_of(struct arena *a, const char *allow, const char *deny)
{
        CLEANUP(json_freep) cJSON *doc = cJSON_Parse("{\"Version\":\"2012-10-17\"}");
        cJSON *list = cJSON_AddArrayToObject(doc, "Statement");
        const struct iam_policy *p = NULL;

        for (int i = 0; i < 2; i++) {
                const char *texts = i ? deny : allow;
                cJSON *o, *resources;

                if (!texts || !*texts)
                        continue;
                o = cJSON_CreateObject();
                cJSON_AddItemToArray(list, o);
                cJSON_AddStringToObject(o, "Effect", i ? "Deny" : "Allow");
                cJSON_AddStringToObject(o, "Action", "s3:*");
                resources = cJSON_AddArrayToObject(o, "Resource");
                while (*texts) {
                        CLEANUP(freep) char *one = strndup(texts, strcspn(texts, ","));

                        cJSON_AddItemToArray(resources, cJSON_CreateString(one));
                        texts += strlen(one);
                        texts += *texts == ',';
                }
        }
        assert_int_equal(iam_policy_make(a, doc, IAM_IDENTITY, "p", &p), 0);
        assert_null(iam_policy_error(p));
        return p;
}

static enum iam_answer contained(const struct iam_policy *p, const char *need)
{
        static const struct iam_key of_users[] = { { "aws:username", IAM_KEY_ABSENT, NULL, 0, false } };
        const struct iam_request rq = { .principal = "arn:aws:sts::111122223333:assumed-role/r/s", .action = "s3:GetObject",
                                        .resource = need, .resource_account = "111122223333", .context = of_users, .n_context = 1 };
        const struct iam_policies all = { .of[IAM_IDENTITY] = { .list = &p, .n = 1 } };
        struct iam_decision d;

        iam_resource_containment(&all, &rq, &d);
        assert_true(d.answer != IAM_UNKNOWN || d.n_why > 0);
        return d.answer;
}

static void needs_are_contained(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(needs); i++) {
                CLEANUP(arena_freep) struct arena *a = NULL;
                enum iam_answer got;

                assert_int_equal(arena_new(1 << 20, &a), 0);
                got = contained(policy_of(a, needs[i].allow, needs[i].deny), needs[i].need);
                if (got != needs[i].want)
                        fail_msg("%s in %s without %s: %s", needs[i].need, needs[i].allow, needs[i].deny, iam_answer_to_string(got));
        }
}

static unsigned seed;
static unsigned roll(unsigned n)
{
        seed = seed * 1103515245u + 12345u;
        return (seed >> 16) % n;
}

static void pattern_roll(char *to, const char *letters)
{
        unsigned n = roll(4);

        strcpy(to, BUCKET "/");
        to += strlen(to);
        for (unsigned i = 0; i < n; i++)
                *to++ = letters[roll((unsigned)strlen(letters))];
        *to = '\0';
}

/* Every text of up to five letters, one by one, against what the automata say of all of them. */
static void containment_is_what_every_member_decides(void **state)
{
        unsigned kinds[IAM_ANSWER_MAX] = { 0 };

        (void)state;
        seed = 7;
        for (int round = 0; round < 400; round++) {
                CLEANUP(arena_freep) struct arena *a = NULL;
                char need[64], one[64], two[64], deny[64], allow[160];
                const struct iam_policy *p, *n;
                enum iam_answer got;
                bool all = true, any = false, denied = false;

                assert_int_equal(arena_new(4 << 20, &a), 0);
                pattern_roll(need, "ab*?");
                pattern_roll(one, "ab**?");
                pattern_roll(two, "ab**?");
                pattern_roll(deny, "ab?*");
                snprintf(allow, sizeof allow, "%s,%s", one, two);
                p = policy_of(a, allow, round & 1 ? deny : NULL);
                n = policy_of(a, need, NULL);
                got = contained(p, need);
                for (unsigned i = 0; i < 364; i++) {    /* 3^0 + ... + 3^5 texts of a, b and c */
                        char text[64] = BUCKET "/", *to = text + strlen(text);
                        struct iam_request rq = { .principal = "arn:aws:sts::111122223333:assumed-role/r/s", .action = "s3:GetObject",
                                                  .resource = text, .resource_account = "111122223333", .closed = true };
                        struct iam_policies of_need = { .of[IAM_IDENTITY] = { .list = &n, .n = 1 } },
                                            of_policy = { .of[IAM_IDENTITY] = { .list = &p, .n = 1 } };
                        struct iam_decision d;

                        for (unsigned k = i; k > 0; k = (k - 1) / 3)
                                *to++ = "abc"[(k - 1) % 3];
                        iam_evaluate(&of_need, &rq, &d);
                        if (d.answer != IAM_ALLOWED)
                                continue;
                        iam_evaluate(&of_policy, &rq, &d);
                        any = true;
                        all = all && d.answer == IAM_ALLOWED;
                        denied = denied || d.answer == IAM_EXPLICIT;
                }
                kinds[got]++;
                assert_true(any);
                if (got != (denied ? IAM_EXPLICIT : all ? IAM_ALLOWED : IAM_IMPLICIT))
                        fail_msg("%s in %s without %s: %s", need, allow, round & 1 ? deny : "-", iam_answer_to_string(got));
        }
        assert_true(kinds[IAM_ALLOWED] > 40 && kinds[IAM_IMPLICIT] > 40 && kinds[IAM_EXPLICIT] > 40);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(examples_decide), cmocka_unit_test(globs_match),
                cmocka_unit_test(a_million_wildcards_end), cmocka_unit_test(open_variables_are_read_once), cmocka_unit_test(errors_are_named),
                cmocka_unit_test(evaluation_allocates_nothing), cmocka_unit_test(managed_policies_are_read), cmocka_unit_test(needs_are_contained),
                cmocka_unit_test(containment_is_what_every_member_decides),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
