/* What bounds the evaluator's work: counted in steps, never in seconds. And containment of what NotResource leaves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include "rolewatch/iam.h"

#define CALLER "arn:aws:sts::111122223333:assumed-role/r/s"
#define ALLOW_ALL "{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}"

static const struct iam_policy *parse(struct arena *a, const char *text)
{
        const struct iam_policy *p = NULL;

        assert_int_equal(iam_policy_parse(a, text, strlen(text), IAM_IDENTITY, "p", &p), 0);
        assert_null(iam_policy_error(p));
        return p;
}

static struct iam_decision decide(const struct iam_policy *p, const struct iam_request *as, bool containment)
{
        const struct iam_policies all = { .of[IAM_IDENTITY] = { .list = &p, .n = 1 } };
        struct iam_request rq = *as;
        struct iam_decision d;

        rq.principal = CALLER;
        rq.action = "s3:GetObject";
        rq.resource_account = "111122223333";
        if (containment)
                iam_resource_containment(&all, &rq, &d);
        else
                iam_evaluate(&all, &rq, &d);
        return d;
}

static bool size_is_a_reason(const struct iam_decision *d)
{
        for (size_t i = 0; i < d->n_why; i++)
                if (d->why[i].reason == IAM_WHY_SIZE)
                        return true;
        return false;
}

/* Unknown, because all steps are spent. */
static void assert_given_up(const struct iam_decision *d, uint64_t left)
{
        assert_int_equal(d->answer, IAM_UNKNOWN);
        assert_true(size_is_a_reason(d));
        assert_int_equal(left, 0);
}

/* A label of 4 KB: runs between all letters, against patterns with a run before their last letters. */
static void needs_share_their_steps(void **state)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        CLEANUP(text_done) struct text t = { 0 }, need = { 0 };
        struct iam_request rq = { 0 };
        uint64_t steps = IAM_STEPS, before;
        const struct iam_policy *p;
        struct iam_decision d;

        (void)state;
        assert_int_equal(arena_new(4 << 20, &a), 0);
        text_add(&t, "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":[\"arn:aws:s3:::none\"");
        for (int i = 0; i < 20; i++)
                text_addf(&t, ",\"arn:aws:s3:::app-*/%d/*\"", i);
        text_add(&t, "]}]}");
        text_add(&need, "arn:aws:s3:::");
        for (int i = 0; i < 110; i++)
                text_addf(&need, "*%c", "ap-/0123456789"[i % 14]);
        p = parse(a, t.s);
        rq.resource = need.s;
        rq.steps = &steps;
        for (int i = 0; i < 20; i++) {
                before = steps;
                d = decide(p, &rq, true);
                assert_true(steps <= before);
        }
        assert_given_up(&d, steps);
        /* What needs no steps is decided without any, and a request of its own has its own. */
        rq.resource = "arn:aws:s3:::app-1/1/x";
        assert_int_equal(decide(parse(a, "{\"Statement\":[" ALLOW_ALL "]}"), &rq, false).answer, IAM_ALLOWED);
        rq.steps = NULL;
        assert_int_equal(decide(p, &rq, false).answer, IAM_ALLOWED);
}

/* Every condition is looked for among all keys. */
static void conditions_are_bounded(void **state)
{
        enum { N = 6000 };
        CLEANUP(arena_freep) struct arena *a = NULL;
        CLEANUP(text_done) struct text t = { 0 };
        struct iam_key *keys = calloc(N, sizeof *keys);
        static const char *const value = "x";
        uint64_t steps = IAM_STEPS;
        struct iam_request rq = { .resource = "arn:aws:s3:::b/k", .context = keys, .n_context = N, .closed = true, .steps = &steps };
        struct iam_decision d;

        (void)state;
        assert_non_null(keys);
        assert_int_equal(arena_new(64 << 20, &a), 0);
        text_add(&t, "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{\"StringEquals\":{\"k:0\":\"x\"");
        for (int i = 0; i < N; i++) {
                keys[i] = (struct iam_key){ arena_printf(a, "k:%d", i), IAM_KEY_KNOWN, &value, 1, false };
                text_addf(&t, ",\"k:%d\":\"x\"", N - 1 - i);
        }
        text_add(&t, "}}}]}");
        d = decide(parse(a, t.s), &rq, false);
        assert_given_up(&d, steps);
        rq.n_context = 100;
        steps = IAM_STEPS;
        d = decide(parse(a, t.s), &rq, false);
        assert_int_equal(d.answer, IAM_IMPLICIT);      /* most keys are absent, which is told with the first */
        free(keys);
}

/* A value of 100 KB against a pattern of 50 KB that nearly matches from everywhere; and many values against many. */
static void values_are_bounded(void **state)
{
        enum { VALUE = 100000, PATTERN = 50000, MANY = 3000 };
        CLEANUP(arena_freep) struct arena *a = NULL;
        CLEANUP(text_done) struct text t = { 0 };
        CLEANUP(freep) char *long_value = malloc(VALUE + 1), *pattern = malloc(PATTERN + 1);
        CLEANUP(freep) const char **values = calloc(MANY, sizeof *values);
        struct iam_key key = { "k:v", IAM_KEY_KNOWN, values, 1, false };
        uint64_t steps = IAM_STEPS;
        struct iam_request rq = { .resource = "arn:aws:s3:::b/k", .context = &key, .n_context = 1, .closed = true, .steps = &steps };
        struct iam_decision d;

        (void)state;
        assert_true(long_value && pattern && values);
        assert_int_equal(arena_new(64 << 20, &a), 0);
        memset(long_value, 'a', VALUE);
        memset(pattern, 'a', PATTERN);
        long_value[VALUE] = pattern[PATTERN] = '\0';
        text_addf(&t, "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\","
                      "\"Condition\":{\"StringLike\":{\"k:v\":\"*%sb\"}}}]}", pattern);
        values[0] = long_value;
        d = decide(parse(a, t.s), &rq, false);
        assert_given_up(&d, steps);

        text_done(&t);
        t = (struct text){ 0 };
        text_add(&t, "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{\"ForAnyValue:StringEquals\":{\"k:v\":[\"y\"");
        for (int i = 0; i < MANY; i++) {
                values[i] = "x";
                text_add(&t, ",\"z\"");
        }
        text_add(&t, "]}}}]}");
        key.n = MANY;
        key.multi = true;
        steps = IAM_STEPS;
        d = decide(parse(a, t.s), &rq, false);
        assert_given_up(&d, steps);
}

/* What a role usually asks takes so few that nobody notices the bound. */
static void usual_decisions_take_few(void **state)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        CLEANUP(text_done) struct text t = { 0 };
        uint64_t steps = IAM_STEPS;
        struct iam_request rq = { .resource = "arn:aws:s3:::bucket-199/in/2026/x", .steps = &steps };
        const struct iam_policy *p;

        (void)state;
        assert_int_equal(arena_new(4 << 20, &a), 0);
        text_add(&t, "{\"Statement\":[" ALLOW_ALL);
        for (int i = 0; i < 200; i++)
                text_addf(&t, ",{\"Effect\":\"Deny\",\"Action\":\"s3:Put*\",\"Resource\":[\"arn:aws:s3:::bucket-%d/*/x\",\"arn:aws:s3:::bucket-*/%d\"]}", i, i);
        text_add(&t, "]}");
        p = parse(a, t.s);
        assert_int_equal(decide(p, &rq, false).answer, IAM_ALLOWED);
        assert_in_range(IAM_STEPS - steps, 0, 1000);
        rq.resource = "arn:aws:s3:::bucket-1*/in/*";
        steps = IAM_STEPS;
        assert_int_equal(decide(p, &rq, true).answer, IAM_ALLOWED);
        assert_in_range(IAM_STEPS - steps, 0, IAM_STEPS / 20);
}

#define B "arn:aws:s3:::b"
static const struct { const char *need, *allow_not, *deny_not; enum iam_answer want; } left[] = {
        { B "/*", B "/private/*", NULL, IAM_IMPLICIT },
        { B "/pub/*", B "/private/*", NULL, IAM_ALLOWED },
        { B "/pub/*", B "/private/*\",\"" B "/secret/*", NULL, IAM_ALLOWED },
        { B "/*", "arn:aws:s3:::c/*", NULL, IAM_ALLOWED },
        { B "/*", NULL, B "/*", IAM_ALLOWED },
        { B "/*", NULL, B "/pub/*", IAM_EXPLICIT },
        { B "/a*", NULL, B "/a\",\"" B "/a?*", IAM_ALLOWED },  /* by both together, by neither alone */
        { B "/a*", NULL, B "/a\",\"" B "/a??*", IAM_EXPLICIT },
        { "arn:AWS:S3:::b/*", NULL, B "/*", IAM_ALLOWED },      /* a header in either case */
        { B "/?", NULL, B "/\\u00e9", IAM_EXPLICIT },
        { B "/\xc3\xa9*", B "/\xc3\xa9?", NULL, IAM_IMPLICIT },
        { B "/\xc3\xa9", NULL, B "/?", IAM_ALLOWED },
};

static void what_not_resource_leaves(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(left); i++) {
                CLEANUP(arena_freep) struct arena *a = NULL;
                const struct iam_request rq = { .resource = left[i].need };
                const char *text;
                enum iam_answer got;

                assert_int_equal(arena_new(1 << 20, &a), 0);
                text = left[i].allow_not
                               ? arena_printf(a, "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"NotResource\":[\"%s\"]}]}", left[i].allow_not)
                               : arena_printf(a, "{\"Statement\":[" ALLOW_ALL ",{\"Effect\":\"Deny\",\"Action\":\"*\",\"NotResource\":[\"%s\"]}]}",
                                              left[i].deny_not);
                got = decide(parse(a, text), &rq, true).answer;
                if (got != left[i].want)
                        fail_msg("%s by %s: %s", left[i].need, text, iam_answer_to_string(got));
        }
}

/* Where the resource's policy is not seen: the wildcard path says of all what the plain one says of each. */
static void both_paths_agree(void **state)
{
        static const struct { const char *action, *resource, *policy; enum iam_answer visible, delegated; } T[] = {
                { "sqs:SendMessage", "arn:aws:sqs:eu-west-1:999988887777:q", "[" ALLOW_ALL "]", IAM_ALLOWED, IAM_ALLOWED },
                { "sqs:SendMessage", "arn:aws:sqs:eu-west-1:999988887777:q", "[]", IAM_IMPLICIT, IAM_IMPLICIT },
                { "sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:q", "[]", IAM_UNKNOWN, IAM_IMPLICIT },
                { "kms:Decrypt", "arn:aws:kms:eu-west-1:111122223333:key/1", "[" ALLOW_ALL "]", IAM_ALLOWED, IAM_ALLOWED },
                { "kms:Decrypt", "arn:aws:kms:eu-west-1:111122223333:key/1", "[]", IAM_UNKNOWN, IAM_IMPLICIT },
                { "kms:Decrypt", "arn:aws:kms:eu-west-1:999988887777:key/1", "[]", IAM_IMPLICIT, IAM_IMPLICIT },
                { "ec2:StartInstances", "arn:aws:ec2:eu-west-1:111122223333:instance/i-1", "[]", IAM_IMPLICIT, IAM_IMPLICIT },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(T); i++) {
                CLEANUP(arena_freep) struct arena *a = NULL;
                const struct iam_policy *p;
                struct iam_policies all = { .of[IAM_IDENTITY] = { .list = &p, .n = 1 }, .of[IAM_RESOURCE].not_visible = true };
                struct iam_request rq = { .principal = CALLER, .action = T[i].action };
                struct iam_decision d;

                assert_int_equal(arena_new(1 << 20, &a), 0);
                p = parse(a, arena_printf(a, "{\"Statement\":%s}", T[i].policy));
                for (int wild = 0; wild < 2; wild++) {
                        rq.resource = arena_printf(a, "%s%s", T[i].resource, wild ? "*" : "");
                        if (wild)
                                iam_resource_containment(&all, &rq, &d);
                        else
                                iam_evaluate(&all, &rq, &d);
                        if (d.visible != T[i].visible || d.delegated != T[i].delegated)
                                fail_msg("%s on %s: %s, %s", T[i].action, rq.resource, iam_answer_to_string(d.visible), iam_answer_to_string(d.delegated));
                }
        }
}

static void rulings_have_both_sources(void **state)
{
        (void)state;
        for (int i = 0; i < IAM_RULING_MAX; i++) {
                const struct iam_ruling_row *r = iam_ruling_get((enum iam_ruling)i);

                assert_true(text_is(r->name, strlen(r->name), "-"));
                assert_true(strlen(r->question) > 20 && r->question[strlen(r->question) - 1] == '?');
                assert_true(strlen(r->one) > 10 && strlen(r->other) > 5 && strlen(r->answer) > 5);
                for (int k = 0; k < i; k++)
                        assert_string_not_equal(r->name, iam_ruling_get((enum iam_ruling)k)->name);
        }
}

/* No SCP limits a service-linked role, whatever steps are left: unknown at most, never denied. */
static void without_steps_a_linked_role_is_still_one(void **state)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        const char *const arn[] = { "arn:aws:iam::111122223333:role/aws-service-role/ecs.amazonaws.com/linked" };
        const struct iam_key key = { .name = "aws:PrincipalArn", .presence = IAM_KEY_KNOWN, .values = arn, .n = 1 };
        const struct iam_policy *all, *other;
        struct iam_policies p;

        (void)state;
        assert_int_equal(arena_new(4 << 20, &a), 0);
        all = parse(a, "{\"Version\":\"2012-10-17\",\"Statement\":" ALLOW_ALL "}");
        other = parse(a, "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"ec2:*\",\"Resource\":\"*\"}}");
        p = (struct iam_policies){ .of[IAM_IDENTITY] = { .list = &all, .n = 1 }, .scp = { { .list = &other, .n = 1 } }, .n_scp = 1 };
        for (uint64_t n = 0; n < 400; n++) {
                uint64_t steps = n;
                struct iam_decision d;
                struct iam_request rq = { .principal = CALLER, .action = "s3:GetObject", .resource = "arn:aws:s3:::b/k",
                                          .resource_account = "111122223333", .context = &key, .n_context = 1, .steps = &steps };

                iam_evaluate(&p, &rq, &d);
                assert_true(d.answer == IAM_ALLOWED || d.answer == IAM_UNKNOWN);
                if (n == 399)
                        assert_int_equal(d.answer, IAM_ALLOWED);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(needs_share_their_steps), cmocka_unit_test(conditions_are_bounded), cmocka_unit_test(values_are_bounded),
                cmocka_unit_test(usual_decisions_take_few), cmocka_unit_test(what_not_resource_leaves), cmocka_unit_test(both_paths_agree),
                cmocka_unit_test(rulings_have_both_sources), cmocka_unit_test(without_steps_a_linked_role_is_still_one),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
