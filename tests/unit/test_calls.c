/* Declared calls: what the winner may do and the expected role may not, in findings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include "helper_judge.h"

#define TOPIC "arn:aws:sns:eu-west-1:111122223333:orders"
#define ALLOW(action, resource) \
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"" action "\",\"Resource\":\"" resource "\"}]}"
#define DENY(action, resource) \
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}," \
        "{\"Sid\":\"No\",\"Effect\":\"Deny\",\"Action\":\"" action "\",\"Resource\":\"" resource "\"}]}"
#define KEY "arn:aws:kms:eu-west-1:111122223333:key/1111"
#define OTHER_QUEUE "arn:aws:sqs:eu-west-1:999988887777:jobs"
#define PUBLISH ALLOW("sns:Publish", TOPIC)
#define LISTS ALLOW("ecs:ListClusters", "*")

static void role_add(struct snapshot *s, const char *name, const char *policy)
{
        struct role *r = snapshot_add_role(s);
        struct policy_text *p = arena_alloc(s->arena, sizeof *p);

        *p = (struct policy_text){ "inline", policy };
        *r = (struct role){ .arn = arena_printf(s->arena, "arn:aws:iam::111122223333:role/%s", name), .name = name,
                            .state = policy ? ROLE_KNOWN : ROLE_UNKNOWN, .policies = p, .n_policies = policy ? 1 : 0 };
}

static void need_add(struct snapshot *s, const char *family, const char *role, const char *policy)
{
        *snapshot_add_need(s) = (struct need){ .where = "needs.json", .container = -1, .family = family, .role = role,
                                               .policy = policy };
}

static const struct row {
        const char *why, *task, *instance, *need;      /* policies of both roles; the need */
        const char *role, *family;
        bool lost;                                     /* the process has lost the variable */
        int finding;
        enum severity severity;
        const char *text, *remedy;
} rows[] = {
        { "the call would fail", PUBLISH, LISTS, PUBLISH, "task", "web", true, FINDING_WRONG_ROLE_DENIED,
          SEVERITY_WARNING, "sns:Publish on " TOPIC " is denied to ecsInstanceRole (no policy of the role allows it) but allowed to webTaskRole",
          "crontab" },
        { "the call would pass", PUBLISH, ALLOW("sns:*", "*"), PUBLISH, "task", "web", true, FINDING_WRONG_ROLE_ALLOWED,
          SEVERITY_NOTICE, "every declared call is also allowed to ecsInstanceRole, which hides the mistake", "crontab" },
        { "denied by a statement", PUBLISH, DENY("sns:Publish", "*"), PUBLISH, "task", "we*", true, FINDING_WRONG_ROLE_DENIED,
          SEVERITY_WARNING, "statement No of inline denies it", "crontab" },
        { "neither may", LISTS, LISTS, PUBLISH, "task", "web", true, FINDING_WRONG_ROLE, SEVERITY_WARNING, "uses ecsInstanceRole", "crontab" },
        { "no bundle of the instance role", PUBLISH, NULL, PUBLISH, "task", "web", true, FINDING_WRONG_ROLE, SEVERITY_WARNING,
          "uses ecsInstanceRole", "crontab" },
        { "of another family", PUBLISH, LISTS, PUBLISH, "task", "api", true, FINDING_WRONG_ROLE, SEVERITY_WARNING, "uses ecsInstanceRole", "crontab" },
        { "all is well", PUBLISH, LISTS, PUBLISH, "task", "web", false, -1, SEVERITY_OK, NULL, NULL },
        { "the right role lacks it, a topic's policy may help", LISTS, LISTS, PUBLISH, "task", "web", false, FINDING_RIGHT_ROLE_DENIED,
          SEVERITY_NOTICE, "but sns:Publish on " TOPIC " is denied to it: no policy of the role allows it (unless",
          "Add to the policies of webTaskRole: {\"Effect\":\"Allow\",\"Action\":\"sns:Publish\",\"Resource\":\"" TOPIC "\"}" },
        { "the right role lacks it for certain", PUBLISH, LISTS, LISTS, "task", "web", false, FINDING_RIGHT_ROLE_DENIED, SEVERITY_WARNING,
          "but ecs:ListClusters is denied to it: no policy of the role allows it", "Add to" },
        { "the right role is denied it", DENY("sns:*", TOPIC), LISTS, PUBLISH, "task", "web", false, FINDING_RIGHT_ROLE_DENIED,
          SEVERITY_WARNING, "statement No of inline denies it", "Remove sns:Publish on " TOPIC " from the statement" },
        { "no bundle at all", NULL, NULL, PUBLISH, "task", "web", false, -1, SEVERITY_OK, NULL, NULL },
        { "a wildcard, covered", ALLOW("s3:*", "arn:aws:s3:::b/*"), LISTS, ALLOW("s3:GetObject", "arn:aws:s3:::b/in/*"), "task", "web",
          false, -1, SEVERITY_OK, NULL, NULL },
        { "a wildcard, covered in part", ALLOW("s3:*", "arn:aws:s3:::b/in/*"), LISTS, ALLOW("s3:GetObject", "arn:aws:s3:::b/*"), "task",
          "web", false, FINDING_RIGHT_ROLE_DENIED, SEVERITY_NOTICE, "s3:GetObject on arn:aws:s3:::b/*", "Add to" },
        { "\"*\" of an action that may have no resource types", ALLOW("s3:*", "arn:aws:s3:::b/in/*"), LISTS, ALLOW("s3:GetObject", "*"),
          "task", "web", false, -1, SEVERITY_OK, NULL, NULL },
        { "\"*\" of one that has none", ALLOW("ecr:*", "arn:aws:ecr:*:*:*"), LISTS, ALLOW("ecr:GetAuthorizationToken", "*"), "task", "web", false,
          FINDING_RIGHT_ROLE_DENIED, SEVERITY_WARNING, "ecr:GetAuthorizationToken is denied to it: no policy", "Add to" },
        { "... and of S3, on which sources conflict", ALLOW("s3:*", "arn:aws:s3:::*"), LISTS, ALLOW("s3:ListAllMyBuckets", "*"), "task", "web",
          false, -1, SEVERITY_OK, NULL, NULL },
        /* Where AWS wants both sides, an Allow of the role is none that is missing, whatever the other side says. */
        { "a key, whose policy is not seen", ALLOW("kms:*", "*"), LISTS, ALLOW("kms:Decrypt", KEY), "task", "web", false, -1, SEVERITY_OK, NULL, NULL },
        { "... that the winner may not use", ALLOW("kms:*", "*"), LISTS, ALLOW("kms:Decrypt", KEY), "task", "web", true,
          FINDING_WRONG_ROLE_DENIED, SEVERITY_WARNING, "kms:Decrypt on " KEY " is denied to ecsInstanceRole (no policy of the role allows it) but allowed", "crontab" },
        { "... that the role may not use, but for its policy", LISTS, LISTS, ALLOW("kms:Decrypt", KEY), "task", "web", false,
          FINDING_RIGHT_ROLE_DENIED, SEVERITY_NOTICE, "(unless the resource's policy names the role)", "Add to" },
        { "all keys of another account", ALLOW("kms:*", "*"), LISTS, ALLOW("kms:Decrypt", "arn:aws:kms:eu-west-1:999988887777:key/*"), "task", "web",
          false, -1, SEVERITY_OK, NULL, NULL },
        { "a queue of another account", ALLOW("sqs:*", "*"), LISTS, ALLOW("sqs:SendMessage", OTHER_QUEUE), "task", "web", false, -1, SEVERITY_OK, NULL, NULL },
        { "... that the winner may not use", ALLOW("sqs:*", "*"), LISTS, ALLOW("sqs:SendMessage", OTHER_QUEUE), "task", "web", true,
          FINDING_WRONG_ROLE_DENIED, SEVERITY_WARNING, "is denied to ecsInstanceRole", "crontab" },
        { "... that the role may not use, whatever its policy", LISTS, LISTS, ALLOW("sqs:SendMessage", OTHER_QUEUE), "task", "web", false,
          FINDING_RIGHT_ROLE_DENIED, SEVERITY_WARNING, "sqs:SendMessage on " OTHER_QUEUE " is denied to it: no policy of the role allows it", "Add to" },
        { "... by a wildcard the same", LISTS, LISTS, ALLOW("sqs:SendMessage", OTHER_QUEUE "*"), "task", "web", false,
          FINDING_RIGHT_ROLE_DENIED, SEVERITY_WARNING, "sqs:SendMessage on " OTHER_QUEUE "* is denied to it: no policy of the role allows it", "Add to" },
        { "... by a wildcard, denied by a statement", DENY("sqs:*", OTHER_QUEUE "-x"), LISTS, ALLOW("sqs:SendMessage", OTHER_QUEUE "*"), "task", "web",
          false, FINDING_RIGHT_ROLE_DENIED, SEVERITY_WARNING, "statement No of inline denies it", "Remove sqs:SendMessage" },
        { "a role to assume", ALLOW("sts:AssumeRole", "*"), LISTS, ALLOW("sts:AssumeRole", "arn:aws:iam::111122223333:role/reader"), "task", "web", false,
          -1, SEVERITY_OK, NULL, NULL },
        { "a model, whose ARN has no account", ALLOW("bedrock:*", "*"), LISTS, ALLOW("bedrock:InvokeModel", "arn:aws:bedrock:us-east-1::foundation-model/x"),
          "task", "web", false, -1, SEVERITY_OK, NULL, NULL },
        { "a policy with a byte that could be a sign", "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\","
          "\"Resource\":\"arn:aws:s3:::b/\\u0003${aws:PrincipalTag/a}\\u0001\"}]}", LISTS, ALLOW("s3:GetObject", "arn:aws:s3:::b/x"), "task", "web", false,
          FINDING_RIGHT_ROLE_DENIED, SEVERITY_NOTICE, "no policy of the role allows it", "Add to" },
        { "a condition that never matches", "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"ecs:*\",\"Resource\":"
          "\"*\",\"Condition\":{\"ArnLike\":{\"aws:SourceArn\":\"arn:aws:ecs:*\"}}}]}", LISTS, LISTS, "task", "web", false,
          FINDING_RIGHT_ROLE_DENIED, SEVERITY_WARNING, "requires condition key aws:SourceArn, which is never present", "Add to" },
        { "the instance role is declared", PUBLISH, PUBLISH, PUBLISH, "instance", "web", true, -1, SEVERITY_OK, NULL, NULL },
        { "... and not what wins", PUBLISH, PUBLISH, PUBLISH, "instance", "web", false, FINDING_WRONG_ROLE_ALLOWED, SEVERITY_NOTICE,
          "instead of ecsInstanceRole", "correct the declared need" },
};

static void calls_are_judged(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = host_healthy(), *saved = NULL;
                CLEANUP(verdicts_freep) struct verdicts *v = NULL;
                CLEANUP(json_freep) cJSON *json = NULL;
                const struct row *t = &rows[i];
                const struct finding *f;

                s->host.account = "111122223333";
                s->host.region = "eu-west-1";
                s->host.partition = "aws";
                role_add(s, "webTaskRole", t->task);
                role_add(s, "ecsInstanceRole", t->instance);
                need_add(s, t->family, t->role, t->need);
                if (t->lost) {
                        host_process(s, 0, 20, 10, "crond");
                        host_bare(s, 0, 30, 20, "job");
                } else {
                        host_process(s, 0, 30, 10, "job");
                }
                host_sdks(s);
                assert_int_equal(model_to_json(s, &json), 0);  /* judged elsewhere, the same */
                assert_int_equal(model_from_json(json, &saved), 0);
                v = host_judge(saved);
                f = finding_by_pid(v, 30);
                if (t->finding < 0 ? f != NULL : !f || (int)f->kind != t->finding || f->severity != t->severity)
                        fail_msg("%s: %s %s", t->why, f ? finding_slug(f->kind) : "none", f ? f->message : "");
                if (f && (!strstr(f->message, t->text) || !strstr(f->remedy, t->remedy)))
                        fail_msg("%s: %s / %s", t->why, f->message, f->remedy);
        }
}

/* A need that cannot be used and a policy that cannot be read lead to no finding. */
static void errors_are_no_findings(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;

        (void)state;
        s->host.account = "111122223333";
        role_add(s, "webTaskRole", "{\"Statement\":");
        role_add(s, "ecsInstanceRole", LISTS);
        need_add(s, NULL, "task", PUBLISH);
        need_add(s, NULL, "instance", NULL);
        s->needs[1].error = "not JSON";
        need_add(s, NULL, "task", "{\"Statement\":{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\"}}");
        host_process(s, 0, 30, 10, "job");
        v = host_judge(s);
        assert_null(finding_by_pid(v, 30));
        assert_int_equal(group_by_pid(v, 30)->n_calls, 1);
        assert_int_equal(group_by_pid(v, 30)->calls[0].winner, IAM_UNKNOWN);
}

#define AGENT_POLICY "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"ecs:*\"],\"Resource\":\"*\"}"
static const struct { const char *why, *policy, *text; } agents[] = {
        { "all it needs", AGENT_POLICY "]}", NULL },
        { "not known", NULL, NULL },
        { "nothing", PUBLISH, "needs ecs:DiscoverPollEndpoint, which is denied to ecsInstanceRole: no policy of the role allows it (5 more" },
        { "one denied", AGENT_POLICY ",{\"Effect\":\"Deny\",\"Action\":\"ecs:Poll\",\"Resource\":\"*\"}]}",
          "ecs:Poll on arn:aws:ecs:eu-west-1:111122223333:container-instance/prod/1, which is denied to ecsInstanceRole: statement 2" },
        { "of another cluster", "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"ecs:*\",\"Resource\":\"*\"},{\"Effect\":\"Deny\",\"Action\":\"*\","
          "\"NotResource\":[\"arn:aws:ecs:*:*:cluster/prod\",\"arn:aws:ecs:*:*:container-instance/*\",\"*\"]}]}", NULL },
};

static void the_agent_has_needs_too(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(agents); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
                CLEANUP(verdicts_freep) struct verdicts *v = NULL;
                const struct finding *f;

                s->host.account = "111122223333";
                s->host.region = "eu-west-1";
                s->host.partition = "aws";
                s->host.cluster = "prod";
                s->host.container_instance = "arn:aws:ecs:eu-west-1:111122223333:container-instance/prod/1";
                role_add(s, "ecsInstanceRole", agents[i].policy);
                v = host_judge(s);
                f = finding_by_pid(v, 0);
                if (agents[i].text ? !f || f->kind != FINDING_INSTANCE_ROLE_DENIED || !strstr(f->message, agents[i].text) : f != NULL)
                        fail_msg("%s: %s", agents[i].why, f ? f->message : "nothing");
        }
}

static void old_bundles_report_their_age(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;

        (void)state;
        s->host.account = "111122223333";
        role_add(s, "webTaskRole", LISTS);
        s->roles[0].as_of_s = s->host.taken_s - 30 * 86400;
        need_add(s, NULL, "task", PUBLISH);
        v = host_judge(s);
        assert_non_null(strstr(finding_by_pid(v, 10)->message, "no policy of the role allows it, according to a bundle that is 30 days old"));
}

/* Documents may spell control characters; no sentence holds one. */
static void untrusted_text_is_escaped(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        const char *texts[NEED_LINTS_MAX];

        (void)state;
        s->host.account = "111122223333";
        role_add(s, "webTaskRole", "{\"Statement\":[{\"Sid\":\"a\\u001b[2J\",\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\"}]}");
        need_add(s, NULL, "task", ALLOW("sns:\\u001b[2J", "arn:aws:sns:a:b:\\u001b[2J"));
        v = host_judge(s);
        assert_non_null(strstr(finding_by_pid(v, 10)->message, "\\x1b"));
        assert_null(strchr(finding_by_pid(v, 10)->message, 27));
        assert_null(strchr(finding_by_pid(v, 10)->remedy, 27));
        for (size_t n = need_lint(s, &s->needs[0], s->arena, texts); n-- > 0;)
                assert_null(strchr(texts[n], 27));
        assert_null(strchr(group_by_pid(v, 10)->calls[0].why, 27));
}

static const struct { const char *policy, *want; } lints[] = {
        { PUBLISH, NULL },
        { LISTS, NULL },
        { ALLOW("snss:Publish", TOPIC), "unknown service prefix" },
        { ALLOW("sns:*", TOPIC), "list the actions" },
        { ALLOW("ecr:GetAuthorizationToken", "arn:aws:ecr:eu-west-1:111122223333:repository/a"), "this action has no resource types" },
        { ALLOW("sns:Publish", "arn:aws-cn:sns:cn-north-1:111122223333:orders"), "wrong partition, this host is in aws" },
        { ALLOW("s3:GetObject", "arn:aws:s3:::b/${aws:username}/*"), "no aws:username" },
        { ALLOW("s3:GetObject", "b/key"), "not an ARN" },
        { DENY("sns:Publish", TOPIC), "Effect must be Allow" },
        { "{\"Statement\":{\"Effect\":\"Allow\",\"NotAction\":\"a:b\",\"Resource\":\"*\"}}", "NotAction" },
        { "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\",\"Condition\":{}}}", "the Condition of a need is ignored" },
        { "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\",\"Condition\":{\"StringEquals\":{"
          "\"AWS:sourceAccount\":\"111122223333\"}}}}", "a condition on AWS:sourceAccount never matches" },
        { "{\"Statement\":{\"Effect\":\"allow\"}}", "Effect must be Allow or Deny" },
        { NULL, "line 3: not JSON" },
        { ALLOW("sns:Publish", "arn:gov:sns:eu-west-1:111122223333:orders"), "wrong partition, this host is in aws" },
        { ALLOW("sns:Publish", "arn:"), NULL },
        { "{", NULL },
        { "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":[7,\"sns:Publish\"],\"Resource\":[7,\"*\"]}}", NULL },
        { "{\"Statement\":{\"Action\":\"sns:Publish\",\"Resource\":\"*\"}}", "Effect must be Allow or Deny" },
        { "{\"Statement\":{\"Effect\":\"Allow\",\"Resource\":\"*\"}}", "must have Action and Resource" },
        { "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"sns:Publish\"}}", "must have Action and Resource" },
};

static void need_lints_are_reported(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(lints); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
                const char *texts[NEED_LINTS_MAX];
                bool found = false;
                size_t n;

                s->host.partition = "aws";
                need_add(s, "web", "task", lints[i].policy);
                s->needs[0].error = lints[i].policy ? NULL : "line 3: not JSON";
                n = need_lint(s, &s->needs[0], s->arena, texts);
                for (size_t k = 0; k < n; k++)
                        found = found || (lints[i].want && strstr(texts[k], lints[i].want));
                if (lints[i].want ? !found : n != 0)
                        fail_msg("%s: %s", lints[i].policy, n ? texts[0] : "nothing");
        }
}

#define IF(effect, condition) \
        "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"},{\"Effect\":\"" effect "\",\"Action\":\"*\",\"Resource\":\"*\"," \
        "\"Condition\":{" condition "}}]}"
static const struct { const char *policy, *want; } roles_lints[] = {
        { PUBLISH, NULL },
        { "", NULL },
        { "{", "inline: invalid JSON" },
        { "{\"Statement\":[{}]}", "inline: " },
        { IF("Allow", "\"ArnLike\":{\"aws:SourceArn\":\"arn:*\"}"), "inline, statement 2: a condition on aws:SourceArn never matches" },
        { IF("Allow", "\"ForAnyValue:StringEquals\":{\"aws:CalledVia\":\"x\"}"), "aws:CalledVia never matches" },
        { IF("Deny", "\"ArnLike\":{\"aws:SourceArn\":\"arn:*\"}"), NULL },
        { IF("Allow", "\"ArnLikeIfExists\":{\"aws:SourceArn\":\"arn:*\"}"), NULL },
        { IF("Allow", "\"StringNotEquals\":{\"aws:SourceAccount\":\"1\"}"), NULL },
        { IF("Allow", "\"ForAllValues:StringEquals\":{\"aws:CalledVia\":\"x\"}"), NULL },
        { IF("Allow", "\"Null\":{\"aws:SourceArn\":\"true\"}"), NULL },
        { IF("Allow", "\"StringEquals\":{\"aws:PrincipalTag/a\":\"x\"}"), NULL },
};

static void role_lints_are_reported(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(roles_lints); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
                const char *texts[NEED_LINTS_MAX];
                size_t n;

                role_add(s, "webTaskRole", roles_lints[i].policy);
                n = role_lint(&s->roles[0], s->arena, texts);
                if (roles_lints[i].want ? n != 1 || !strstr(texts[0], roles_lints[i].want) : n != 0)
                        fail_msg("%s: %s", roles_lints[i].policy, n ? texts[0] : "nothing");
        }
}

/* However much is odd about a need, and however many calls it declares: bounded. */
static void many_lint_warnings(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        CLEANUP(text_done) struct text t = { 0 };
        const char *texts[NEED_LINTS_MAX];

        (void)state;
        text_add(&t, "{\"Statement\":[{\"Effect\":\"Allow\",\"Resource\":[7,\"*\"],\"Action\":[8");
        for (int i = 0; i < 300; i++)
                text_addf(&t, ",\"none:A%d\"", i);
        text_add(&t, "]},{\"Effect\":\"Allow\",\"Resource\":\"*\",\"Action\":\"sns:ListTopics\"},{\"Resource\":\"*\",\"Action\":\"a:b\"}]}");
        s->host.account = "111122223333";
        role_add(s, "webTaskRole", LISTS);
        need_add(s, "web", "task", t.s);
        assert_int_equal(need_lint(s, &s->needs[0], s->arena, texts), NEED_LINTS_MAX);
        v = host_judge(s);
        assert_int_equal(group_by_pid(v, 10)->n_calls, 256);
        assert_string_equal(group_by_pid(v, 10)->calls[0].action, "none:A0");
        assert_string_equal(group_by_pid(v, 10)->calls[255].action, "none:A255");
}

/* Whose call a need means: the task's, the instance's, or that of a role by its ARN; and none that is not known. */
static void needs_of_each_role(void **state)
{
        static const struct { const char *role; enum iam_answer expected; } T[] = {
                { "task", IAM_ALLOWED }, { "instance", IAM_IMPLICIT }, { "arn:aws:iam::111122223333:role/ecsInstanceRole", IAM_IMPLICIT },
                { "arn:aws:iam::111122223333:role/nobody", IAM_UNKNOWN },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(T); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
                CLEANUP(verdicts_freep) struct verdicts *v = NULL;

                s->host.account = "111122223333";
                role_add(s, "webTaskRole", PUBLISH);
                role_add(s, "ecsInstanceRole", LISTS);
                need_add(s, "web", T[i].role, PUBLISH);
                need_add(s, "api", "task", PUBLISH);   /* of another family */
                v = host_judge(s);
                assert_int_equal(group_by_pid(v, 10)->n_calls, 1);
                assert_int_equal(group_by_pid(v, 10)->calls[0].winner, IAM_ALLOWED);
                assert_int_equal(group_by_pid(v, 10)->calls[0].expected, T[i].expected);
        }
}

/* A boundary that lets nothing pass is named as what is missing. */
static void a_boundary_is_named(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        static const struct label tags[] = { { "team", "a" } };

        (void)state;
        s->host.account = "111122223333";
        role_add(s, "webTaskRole", PUBLISH);
        s->roles[0].boundary = LISTS;
        s->roles[0].tags = tags;
        s->roles[0].n_tags = 1;
        need_add(s, "web", "task", PUBLISH);
        v = host_judge(s);
        assert_int_equal(group_by_pid(v, 10)->calls[0].winner, IAM_IMPLICIT);
        assert_string_equal(group_by_pid(v, 10)->calls[0].why, "its permissions boundary does not allow it");
        verdicts_freep(&v);
        /* A tag of the role is a key of its calls. */
        s->roles[0].boundary = "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{\"StringEquals\":{\"aws:PrincipalTag/team\":\"a\"}}}}";
        v = host_judge(s);
        assert_int_equal(group_by_pid(v, 10)->calls[0].winner, IAM_ALLOWED);
}

static void needs_match_by_globs(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
        struct need n = { .container = -1 };

        (void)state;
        assert_true(need_applies(s, &n, 0));
        n.family = "w?b", n.name = "a*";
        assert_true(need_applies(s, &n, 0));
        n.name = "b*";
        assert_false(need_applies(s, &n, 0));
        n.name = NULL, n.image = "*";
        assert_false(need_applies(s, &n, 0));  /* its image is not known */
        n.image = NULL, n.service = "api*";
        assert_false(need_applies(s, &n, 0));
        s->tasks[0].service = "api-blue";
        assert_true(need_applies(s, &n, 0));
        n = (struct need){ .container = 0, .family = "other" };
        assert_true(need_applies(s, &n, 0));
        n.container = 1;
        assert_false(need_applies(s, &n, 0));
}

/* A snapshot from elsewhere may name a policy and not have it. */
static void a_policy_without_its_document_is_unknown(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        const char *warnings[NEED_LINTS_MAX];

        (void)state;
        s->host.account = "111122223333";
        role_add(s, "webTaskRole", PUBLISH);
        ((struct policy_text *)s->roles[s->n_roles - 1].policies)->document = NULL;
        need_add(s, "web", "task", PUBLISH);
        v = host_judge(s);
        assert_int_equal(group_by_pid(v, 10)->calls[0].winner, IAM_UNKNOWN);
        assert_int_equal(role_lint(&s->roles[0], s->arena, warnings), 0);
}

/* While IMDS is silent the host's account is not known: the role's ARN has it, and nothing is "of another account". */
static void accounts_come_from_the_role(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;

        (void)state;
        s->host.account = NULL;
        role_add(s, "webTaskRole", PUBLISH);
        need_add(s, "web", "task", PUBLISH);
        v = host_judge(s);
        assert_int_equal(group_by_pid(v, 10)->calls[0].winner, IAM_ALLOWED);
        assert_null(finding_by_pid(v, 10));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(calls_are_judged),          cmocka_unit_test(need_lints_are_reported),
                cmocka_unit_test(untrusted_text_is_escaped), cmocka_unit_test(old_bundles_report_their_age),
                cmocka_unit_test(the_agent_has_needs_too),   cmocka_unit_test(needs_match_by_globs), cmocka_unit_test(many_lint_warnings), cmocka_unit_test(needs_of_each_role),
                cmocka_unit_test(a_boundary_is_named),
                cmocka_unit_test(errors_are_no_findings),    cmocka_unit_test(role_lints_are_reported),
                cmocka_unit_test(a_policy_without_its_document_is_unknown),
                cmocka_unit_test(accounts_come_from_the_role),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
