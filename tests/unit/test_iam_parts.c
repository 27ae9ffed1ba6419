/* Parts of the evaluator by themselves: numbers, dates and letters; needs that other statements cover; lines of requests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include "helper_iam.h"

/* ---- numbers and dates ---- */

static const struct { const char *a, *b; enum relation relation; enum iam_tri want; bool left; } decimals[] = {
        { "10.0", "10", R_EQUAL, IAM_YES, false }, { "+5", "5", R_EQUAL, IAM_YES, false }, { "-0", "0", R_EQUAL, IAM_YES, false },
        { "0", "0.000", R_EQUAL, IAM_YES, false }, { "0", "1", R_LESS, IAM_YES, false }, { "1", "0", R_GREATER, IAM_YES, false },
        { "-1", "1", R_LESS, IAM_YES, false }, { "-2", "-1", R_LESS, IAM_YES, false }, { "-1", "-2", R_GREATER_EQUAL, IAM_YES, false },
        { "1E2", "100", R_EQUAL, IAM_YES, false }, { "1e+2", "100", R_EQUAL, IAM_YES, false }, { "1e-2", "0.01", R_EQUAL, IAM_YES, false },
        { ".5", "0.5", R_EQUAL, IAM_YES, false }, { "5.", "5", R_EQUAL, IAM_YES, false }, { "1.25", "1.2", R_GREATER, IAM_YES, false },
        { "1.2", "1.25", R_LESS_EQUAL, IAM_YES, false }, { "9007199254740993", "9007199254740992", R_GREATER, IAM_YES, false },
        { "1e308", "1e307", R_GREATER, IAM_YES, false }, { "1e-308", "1e-307", R_LESS, IAM_YES, false }, { "0e400", "0", R_EQUAL, IAM_YES, false },
        { "1e309", "1", R_EQUAL, IAM_MAYBE, true }, { "1e-309", "1", R_EQUAL, IAM_MAYBE, true }, { "1", "1e309", R_EQUAL, IAM_MAYBE, false },
        { "1e1234567", "1", R_EQUAL, IAM_MAYBE, true }, { "1e+", "1", R_EQUAL, IAM_MAYBE, true }, { "1ex", "1", R_EQUAL, IAM_MAYBE, true },
        { "1e1/", "1", R_EQUAL, IAM_MAYBE, true }, { "", "1", R_EQUAL, IAM_MAYBE, true }, { "-", "1", R_EQUAL, IAM_MAYBE, true }, { "+", "1", R_EQUAL, IAM_MAYBE, true },
        { ".", "1", R_EQUAL, IAM_MAYBE, true }, { "1.2.3", "1", R_EQUAL, IAM_MAYBE, true }, { "1 ", "1", R_EQUAL, IAM_MAYBE, true }, { "0x1", "1", R_EQUAL, IAM_MAYBE, true },
        { "1/", "1", R_EQUAL, IAM_MAYBE, true }, { "1:", "1", R_EQUAL, IAM_MAYBE, true }, { "inf", "1", R_EQUAL, IAM_MAYBE, true },
};
/* 2026-11-24T06:00:00Z is 1795500000. */
static const struct { const char *a, *b; enum relation relation; enum iam_tri want; bool left; } dates[] = {
        { "2026-11-24T06:00:00Z", "1795500000", R_EQUAL, IAM_YES, false }, { "2026-11-24T06:00Z", "1795500000", R_EQUAL, IAM_YES, false },
        { "2026-11-24T07:30:00+01:30", "1795500000000", R_EQUAL, IAM_YES, false }, { "2026-11-24T06:00:00.5Z", "1795500000500", R_EQUAL, IAM_YES, false },
        { "2026-11-24T06:00:00.000000001Z", "2026-11-24T06:00:00Z", R_GREATER, IAM_YES, false }, { "2026-11-24T06:00:00Z", "2026-11-24T06:00:00.1Z", R_LESS, IAM_YES, false },
        { "2026-11-24", "2026-11-24T00:00:00Z", R_EQUAL, IAM_YES, false }, { "2026-11-25", "2026-11-24", R_LESS_EQUAL, IAM_NO, false },
        { "0", "1970-01-01", R_EQUAL, IAM_YES, false }, { "1795500000", "tomorrow!!", R_EQUAL, IAM_MAYBE, false },
        { "2026-11-24T06:00:00.Z", "0", R_EQUAL, IAM_MAYBE, true },
        { "2026-11-24T06:00:00", "0", R_EQUAL, IAM_MAYBE, true }, { "2026-11-24T06:00", "0", R_EQUAL, IAM_MAYBE, true }, { "2026-11-24T06:00:0", "0", R_EQUAL, IAM_MAYBE, true },
        { "2026-13-24", "0", R_EQUAL, IAM_MAYBE, true }, { "179550000/", "0", R_EQUAL, IAM_MAYBE, true }, { "17955:0000", "0", R_EQUAL, IAM_MAYBE, true }, { "", "0", R_EQUAL, IAM_MAYBE, true },
        { "2026-11-24T06:00:00Z" TEN TEN TEN, "0", R_EQUAL, IAM_MAYBE, true },
};

static void values_have_an_order(void **state)
{
        bool left;

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(decimals); i++) {
                enum iam_tri got = decimals_relate(decimals[i].relation, span_of(decimals[i].a), span_of(decimals[i].b), &left);

                if (got != decimals[i].want || left != decimals[i].left)
                        fail_msg("%s and %s: %d", decimals[i].a, decimals[i].b, got);
        }
        for (size_t i = 0; i < ARRAY_SIZE(dates); i++) {
                enum iam_tri got = dates_relate(dates[i].relation, span_of(dates[i].a), span_of(dates[i].b), &left);

                if (got != dates[i].want || left != dates[i].left)
                        fail_msg("%s and %s: %d", dates[i].a, dates[i].b, got);
        }
        assert_int_equal(dates_relate(R_EQUAL, (struct span){ "2026-11-24\0", 11 }, span_of("0"), &left), IAM_MAYBE);
        assert_true(left);
}

/* JSON's numbers come back as the shortest text that reads as the same; from 2^53 on they are not sure. */
static void numbers_are_written(void **state)
{
        static const struct { double n; const char *text; bool exact; } T[] = {
                { 0.1, "0.1", true }, { 3, "3", true }, { 1.0 / 3, "0.3333333333333333", true }, { 0.1 + 0.2, "0.30000000000000004", true },
                { 9007199254740991.0, "9007199254740991", true }, { 9007199254740992.0, "9007199254740992", false }, { -9007199254740992.0, "-9007199254740992", false },
        };
        CLEANUP(arena_freep) struct arena *a = NULL;

        (void)state;
        assert_int_equal(arena_new(1 << 16, &a), 0);
        for (size_t i = 0; i < ARRAY_SIZE(T); i++) {
                assert_string_equal(number_text(a, T[i].n), T[i].text);
                assert_int_equal(number_is_exact(T[i].n), T[i].exact);
        }
}

/* Unicode, UnicodeData.txt: letters whose upper case is even, and odd. */
static void letters_have_a_case(void **state)
{
        static const struct { const char *a, *b; enum iam_tri want; } T[] = {
                { "\xc4\x80", "\xc4\x81", IAM_YES } /* A with macron */, { "\xc4\xb9", "\xc4\xba", IAM_YES } /* L with acute */,
                { "\xc4\xba", "\xc4\xbb", IAM_NO }, { "\xc4\x81", "\xc4\x82", IAM_NO }, { "A", "a", IAM_YES }, { "a", "b", IAM_NO },
                { "ab", "a", IAM_NO }, { "a", "ab", IAM_NO }, { "", "", IAM_YES }, { "\xff", "\xff", IAM_YES }, { "\xff", "\xfe", IAM_NO },
                { "\xc3\x9f", "s", IAM_MAYBE } /* sharp s */, { "s", "\xc3\x9f", IAM_MAYBE }, { "\xc4\xb1", "i", IAM_MAYBE } /* dotless i */,
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(T); i++)
                if (letter_case_equal(span_of(T[i].a), span_of(T[i].b)) != T[i].want)
                        fail_msg("%s and %s", T[i].a, T[i].b);
}

/* ---- needs ---- */

static const struct { const char *why, *need, *statements; enum iam_answer want; } needs[] = {
        { "all of it, perhaps", "arn:aws:s3:::b/*", "{'Effect':'Allow','Action':'s3:*','Resource':'*','Condition':{'StringEquals':{'k':'x'}}}", IAM_UNKNOWN },
        { "some of it, perhaps", "arn:aws:s3:::b/*", "{'Effect':'Allow','Action':'s3:*','Resource':'arn:aws:s3:::b/*','Condition':{'StringEquals':{'k':'x'}}}", IAM_UNKNOWN },
        { "two parts, of which one is perhaps", "arn:aws:s3:::b/*", "{'Effect':'Allow','Action':'s3:*','Resource':'arn:aws:s3:::b/a*'},{'Effect':'Allow','Action':'s3:*','Resource':'arn:aws:s3:::b/*','Condition':{'StringEquals':{'k':'x'}}}", IAM_UNKNOWN },
        { "too little, whatever is known", "arn:aws:s3:::b/*", "{'Effect':'Allow','Action':'s3:*','Resource':'arn:aws:s3:::b/a*'},{'Effect':'Allow','Action':'s3:*','Resource':'arn:aws:s3:::b/b*','Condition':{'StringEquals':{'k':'x'}}}", IAM_IMPLICIT },
        { "all but another bucket", "arn:aws:s3:::b/*", "{'Effect':'Allow','Action':'s3:*','NotResource':'arn:aws:s3:::c/*'}", IAM_ALLOWED },
        { "all but some of it", "arn:aws:s3:::b/*", "{'Effect':'Allow','Action':'s3:*','NotResource':'arn:aws:s3:::b/a*'}", IAM_IMPLICIT },
        { "all but a variable without a value", "arn:aws:s3:::b/*", "{'Effect':'Allow','Action':'s3:*','NotResource':'arn:aws:s3:::b/${aws:username}'}", IAM_UNKNOWN },
        { "all but no ARN", "arn:aws:s3:::b/*", "{'Effect':'Allow','Action':'s3:*','NotResource':'x'}", IAM_UNKNOWN },
        { "denied all but itself", "arn:aws:s3:::b/*", ALLOW ",{'Effect':'Deny','Action':'s3:*','NotResource':'arn:aws:s3:::b/*'}", IAM_ALLOWED },
        { "denied all but some", "arn:aws:s3:::b/*", ALLOW ",{'Effect':'Deny','Action':'s3:*','NotResource':'arn:aws:s3:::b/a*'}", IAM_EXPLICIT },
        { "denied all but what is not read", "arn:aws:s3:::b/*", ALLOW ",{'Effect':'Deny','Action':'s3:*','NotResource':['x','arn:aws:s3:::b/a*']}", IAM_UNKNOWN },
        { "denied, perhaps", "arn:aws:s3:::b/*", ALLOW ",{'Effect':'Deny','Action':'s3:*','Resource':'arn:aws:s3:::b/a*','Condition':{'StringEquals':{'k':'x'}}}", IAM_UNKNOWN },
        { "another action is denied", "arn:aws:s3:::b/*", ALLOW ",{'Effect':'Deny','Action':'s3:PutObject','Resource':'*'}", IAM_ALLOWED },
        { "a Deny of another bucket", "arn:aws:s3:::b/*", ALLOW ",{'Effect':'Deny','Action':'s3:*','Resource':'arn:aws:s3:::c/*'}", IAM_ALLOWED },
        { "beyond ASCII", "arn:aws:s3:::b/\xc3\xa9*", "{'Effect':'Allow','Action':'s3:*','Resource':'arn:aws:s3:::b/\xc3\xa9*'}", IAM_ALLOWED },
        { "other letters beyond ASCII", "arn:aws:s3:::b/\xc3\xa9*", "{'Effect':'Allow','Action':'s3:*','Resource':'arn:aws:s3:::b/\xc3\xa8*'}", IAM_IMPLICIT },
};

static struct iam_decision containment(const struct iam_policies *all, const char *action, const char *need, uint64_t *steps)
{
        static const struct iam_key of_users[] = { { "aws:username", IAM_KEY_ABSENT, NULL, 0, false } };
        const struct iam_request rq = { .principal = SESSION, .action = action, .resource = need, .resource_account = A,
                                        .context = of_users, .n_context = 1, .steps = steps };
        struct iam_decision d;

        iam_resource_containment(all, &rq, &d);
        assert_true(d.answer != IAM_UNKNOWN || d.n_why > 0);
        return d;
}

static const struct iam_policy *document(struct arena *a, const char *statements)
{
        CLEANUP(freep) char *line = NULL, *text = NULL;
        const struct iam_policy *p = NULL;

        assert_true(asprintf(&line, "{'Version':'2012-10-17','Statement':[%s]}", statements) > 0);
        text = quoted(line);
        assert_int_equal(iam_policy_parse(a, text, strlen(text), IAM_IDENTITY, "p", &p), 0);
        return p;
}

/* With each of some budgets: the answer, or unknown. */
static void needs_are_decided(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(needs); i++) {
                CLEANUP(arena_freep) struct arena *a = NULL;
                const struct iam_policy *p;
                const struct iam_policies all = { .of[IAM_IDENTITY] = { .list = &p, .n = 1 } };
                uint64_t steps = IAM_STEPS, used;
                enum iam_answer got;

                assert_int_equal(arena_new(1 << 20, &a), 0);
                p = document(a, needs[i].statements);
                assert_null(iam_policy_error(p));
                got = containment(&all, "s3:GetObject", needs[i].need, &steps).answer;
                if (got != needs[i].want)
                        fail_msg("%s: %s", needs[i].why, iam_answer_to_string(got));
                used = IAM_STEPS - steps;
                for (uint64_t n = 0; n <= 100; n++) {
                        steps = used * n / 101;
                        got = containment(&all, "s3:GetObject", needs[i].need, &steps).answer;
                        if (got != needs[i].want && got != IAM_UNKNOWN)
                                fail_msg("%s: %s with less", needs[i].why, iam_answer_to_string(got));
                }
        }
}

/* Wildcards in a need where AWS authorizes under another name, or where a key is made of the resource. */
static void needs_have_other_names(void **state)
{
        static const struct { const char *action, *need, *statements; enum iam_answer want; const char *reason; } T[] = {
#define LOG_GROUPS "arn:aws:logs:eu-west-1:" A ":log-group:/ecs/*"
                { "logs:CreateLogStream", LOG_GROUPS, "{'Effect':'Allow','Action':'logs:*','Resource':'" LOG_GROUPS ":*'}", IAM_UNKNOWN, "log-group" },
                { "logs:TagResource", LOG_GROUPS, "{'Effect':'Allow','Action':'logs:*','Resource':'" LOG_GROUPS ":*'}", IAM_IMPLICIT, NULL },
                { "logs:CreateLogStream", LOG_GROUPS, "{'Effect':'Allow','Action':'logs:*','Resource':'" LOG_GROUPS "'}", IAM_ALLOWED, NULL },
                { "kms:Decrypt", "arn:aws:kms:eu-west-1:" A ":alias/*", "{'Effect':'Allow','Action':'kms:*','Resource':'arn:aws:kms:*:*:alias/*'}", IAM_UNKNOWN, "key-alias" },
                { "kms:DeleteAlias", "arn:aws:kms:eu-west-1:" A ":alias/*", "{'Effect':'Allow','Action':'kms:*','Resource':'arn:aws:kms:*:*:alias/*'}", IAM_ALLOWED, NULL },
                { "sqs:SendMessage", "arn:aws:sqs:*:" A ":q", "{'Effect':'Allow','Action':'*','Resource':'*','Condition':{'StringEquals':{'aws:RequestedRegion':'eu-west-1'}}}", IAM_UNKNOWN, "aws:requestedregion" },
                { "s3:GetObject", "arn:aws:s3:::b/*", "{'Effect':'Allow','Action':'*','Resource':'arn:aws:s3:::b/${aws:username, \\u0027\\u0027}*'}", IAM_UNKNOWN, "empty-value" },
                { "s3:GetObject", "arn:aws:s3:::b/*", "{'Effect':'Allow','Action':'*','Resource':'arn:aws:s3:::c/${aws:username, \\u0027\\u0027}*'}", IAM_IMPLICIT, NULL },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(T); i++) {
                CLEANUP(arena_freep) struct arena *a = NULL;
                const struct iam_policy *p;
                const struct iam_policies all = { .of[IAM_IDENTITY] = { .list = &p, .n = 1 } };
                uint64_t steps = IAM_STEPS;
                struct iam_decision got;

                assert_int_equal(arena_new(1 << 20, &a), 0);
                p = document(a, T[i].statements);
                got = containment(&all, T[i].action, T[i].need, &steps);
                if (got.answer != T[i].want || (T[i].reason && !streq(got.why[0].subject, T[i].reason)))
                        fail_msg("%s, %s: %s", T[i].action, T[i].statements, iam_answer_to_string(got.answer));
        }
}

static void needs_have_bounds(void **state)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        CLEANUP(text_done) struct text many = { 0 }, denied = { 0 };
        const struct iam_policy *p, *q;
        struct iam_policies all = { .of[IAM_IDENTITY] = { .list = &p, .n = 1 } };
        struct iam_decision d;

        (void)state;
        assert_int_equal(arena_new(4 << 20, &a), 0);
        /* More patterns than are decided about: perhaps they cover it. */
        for (int i = 0; i < COVER_MAX + 6; i++) {
                text_addf(&many, "%s{'Effect':'Allow','Action':'s3:*','Resource':'arn:aws:s3:::b/%d-*'}", i ? "," : "", i);
                text_addf(&denied, ",{'Effect':'Deny','Action':'s3:*','Resource':'arn:aws:s3:::b/%d-*'}", i);
        }
        p = document(a, many.s);
        assert_int_equal(containment(&all, "s3:GetObject", "arn:aws:s3:::b/*", NULL).answer, IAM_UNKNOWN);
        /* More denying statements than are named. */
        p = document(a, arena_printf(a, ALLOW "%s", denied.s));
        d = containment(&all, "s3:GetObject", "arn:aws:s3:::b/*", NULL);
        assert_int_equal(d.answer, IAM_EXPLICIT);
        assert_int_equal(d.n_by, IAM_BY_MAX);
        /* A need that is too long, an action that is none, and one that is too long. */
        p = document(a, ALLOW);
        assert_int_equal(containment(&all, "s3:GetObject", "arn:aws:s3:::b/" THOUSAND THOUSAND, NULL).why[0].reason, IAM_WHY_PATTERN);
        assert_int_equal(containment(&all, "GetObject", "arn:aws:s3:::b/*", NULL).answer, IAM_UNKNOWN);
        assert_int_equal(containment(&all, "s3:" HUNDRED HUNDRED HUNDRED, "arn:aws:s3:::b/*", NULL).answer, IAM_UNKNOWN);
        /* A document that cannot be read may say anything; a boundary that was not seen, too. */
        assert_int_equal(containment(&all, "s3:GetObject", "arn:aws:s3:::b/*", NULL).answer, IAM_ALLOWED);
        all.of[IAM_BOUNDARY].not_visible = true;
        d = containment(&all, "s3:GetObject", "arn:aws:s3:::b/*", NULL);
        assert_int_equal(d.answer, IAM_UNKNOWN);
        assert_int_equal(d.why[0].reason, IAM_WHY_LAYER);
        q = document(a, "{'Effect':'Allow','Action':'s3:*','Resource':'arn:aws:s3:::b/a*'}");
        all.of[IAM_BOUNDARY] = (struct iam_list){ .list = &q, .n = 1 };
        d = containment(&all, "s3:GetObject", "arn:aws:s3:::b/*", NULL);
        assert_int_equal(d.answer, IAM_IMPLICIT);
        assert_int_equal(d.missing, IAM_BOUNDARY);
        q = document(a, "{'Effect':'Perhaps'}");
        assert_non_null(iam_policy_error(q));
        d = containment(&all, "s3:GetObject", "arn:aws:s3:::b/*", NULL);
        assert_int_equal(d.answer, IAM_UNKNOWN);
        assert_int_equal(d.why[0].reason, IAM_WHY_DOCUMENT);
}

/* ---- lines that are no request, and no memory ---- */

static const struct { const char *line, *error; } errors[] = {
        { "[]", "request is not a JSON object" },
        { "{'action':'s3:GetObject','resource':'*'}", "principal: required key is missing" },
        { "{'principal':'p','action':'s3','resource':'*'}", "action: must have the form service:Action" },
        { "{'principal':'p','action':':Get','resource':'*'}", "action: must have the form service:Action" },
        { "{'principal':'p','action':'s3:','resource':'*'}", "action: must have the form service:Action" },
        { "{'principal':'p','action':'s3:Get*','resource':'*'}", "action: must be one action without wildcards" },
        { "{'principal':'p','action':'s3:Get','resource':'b'}", "resource: must be an ARN or \"*\"" },
        { "{'principal':'p','action':'s3:Get','resource':'*','context':[]}", "context: must be an object" },
        { "{'principal':'p','action':'s3:Get','resource':'*','resourceAccount':'aws','context':{'k':{},'l':1}}", "k: context value must be a string, a number, a Boolean or an array of them" },
        { "{'principal':'p','action':'s3:Get','resource':'*','serviceControlPolicies':[7,[]]}", "serviceControlPolicies: must be an array of policy documents" },
};

static void lines_have_errors(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
                CLEANUP(arena_freep) struct arena *a = NULL;
                CLEANUP(freep) char *text = quoted(errors[i].line);
                CLEANUP(json_freep) cJSON *j = cJSON_Parse(text);
                const char *error = NULL;
                struct iam_policies p;
                struct iam_request rq;

                assert_int_equal(arena_new(1 << 16, &a), 0);
                assert_int_equal(iam_request_from_json(j, a, &p, &rq, &error), -EBADMSG);
                assert_string_equal(error, errors[i].error);
        }
}

/* However much memory there is: all of the request, or none of it. */
static void lines_want_memory(void **state)
{
        CLEANUP(freep) char *text = quoted("{'principal':'" USER "','action':'s3:GetObject','resource':'" OBJECT "','context':{'k':['a',1.5,true],'l':null},"
                                           "'identityPolicies':[{'Statement':" ALLOW "}],'serviceControlPolicies':[[{'Statement':" ALLOW "}]],"
                                           "'resourcePolicy':{'Statement':{'Effect':'Allow','Principal':'*','Action':'*','Resource':'*'}}}");
        CLEANUP(json_freep) cJSON *j = cJSON_Parse(text);
        size_t size, failed = 0;
        int r = -ENOMEM;

        (void)state;
        for (size = 64; r < 0 && size < 1 << 16; size += 16) {
                CLEANUP(arena_freep) struct arena *a = NULL;
                struct iam_policies p = { .n_scp = 77 };
                struct iam_request rq = { .n_context = 77 };
                const char *error = NULL;

                assert_int_equal(arena_new(size, &a), 0);
                r = iam_request_from_json(j, a, &p, &rq, &error);
                assert_true(r == 0 || r == -ENOMEM);
                assert_int_equal(p.n_scp, r == 0 ? 1 : 77);
                assert_int_equal(rq.n_context, r == 0 ? 2 : 77);
                failed += r < 0;
        }
        assert_int_equal(r, 0);
        assert_true(failed > 10);
}

/* Facts from elsewhere may have a policy without a name: what is wrong with it is no lack of memory. */
static void a_policy_without_a_name(void **state)
{
        static const char *const texts[] = { "", "{", "[]", "{\"Statement\":{\"Effect\":\"Maybe\"}}" };
        CLEANUP(arena_freep) struct arena *a = NULL;

        (void)state;
        assert_int_equal(arena_new(1 << 20, &a), 0);
        for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
                const struct iam_policy *p = NULL;

                assert_int_equal(iam_policy_parse(a, texts[i], strlen(texts[i]), IAM_IDENTITY, NULL, &p), 0);
                assert_non_null(iam_policy_error(p));
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(values_have_an_order),
                cmocka_unit_test(numbers_are_written),
                cmocka_unit_test(letters_have_a_case),
                cmocka_unit_test(needs_are_decided),
                cmocka_unit_test(needs_have_other_names),
                cmocka_unit_test(needs_have_bounds),
                cmocka_unit_test(lines_have_errors),
                cmocka_unit_test(a_policy_without_a_name), cmocka_unit_test(lines_want_memory),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
