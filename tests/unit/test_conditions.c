/* Conditions, principals and layers, one by one: a line of `rolewatch policy eval` and what it comes to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include "rolewatch/iam.h"

#define WHO "\"principal\":\"arn:aws:sts::111122223333:assumed-role/web/s\",\"action\":\"s3:GetObject\",\"resource\":\"arn:aws:s3:::b/x\""
static const struct { const char *why, *condition, *context; enum iam_answer want; } conditions[] = {
        { "equal", "{\"StringEquals\":{\"k\":\"a\"}}", "{\"k\":\"a\"}", IAM_ALLOWED },
        { "not equal", "{\"StringEquals\":{\"k\":\"a\"}}", "{\"k\":\"A\"}", IAM_IMPLICIT },
        { "absent", "{\"StringEquals\":{\"k\":\"a\"}}", "{}", IAM_IMPLICIT },
        { "absent, negated", "{\"StringNotEquals\":{\"k\":\"a\"}}", "{}", IAM_ALLOWED },
        { "absent, if it exists", "{\"StringEqualsIfExists\":{\"k\":\"a\"}}", "{}", IAM_ALLOWED },
        { "not known", "{\"StringEquals\":{\"k\":\"a\"}}", "{\"k\":null}", IAM_UNKNOWN },
        { "many values of a key for one", "{\"StringEquals\":{\"k\":\"a\"}}", "{\"k\":[\"a\",\"b\"]}", IAM_IMPLICIT },
        { "one of many", "{\"StringEquals\":{\"k\":[\"x\",\"a\"]}}", "{\"k\":\"a\"}", IAM_ALLOWED },
        { "without case", "{\"StringEqualsIgnoreCase\":{\"k\":\"a\"}}", "{\"k\":\"A\"}", IAM_ALLOWED },
        { "like", "{\"StringLike\":{\"k\":\"a*c?\"}}", "{\"k\":\"abbcd\"}", IAM_ALLOWED },
        { "not like", "{\"StringNotLike\":{\"k\":\"a*\"}}", "{\"k\":\"abc\"}", IAM_IMPLICIT },
        { "all", "{\"ForAllValues:StringEquals\":{\"k\":[\"a\",\"b\"]}}", "{\"k\":[\"a\",\"b\"]}", IAM_ALLOWED },
        { "not all", "{\"ForAllValues:StringEquals\":{\"k\":[\"a\",\"b\"]}}", "{\"k\":[\"a\",\"c\"]}", IAM_IMPLICIT },
        { "all of none", "{\"ForAllValues:StringEquals\":{\"k\":\"a\"}}", "{}", IAM_ALLOWED },
        { "any", "{\"ForAnyValue:StringEquals\":{\"k\":\"a\"}}", "{\"k\":[\"c\",\"a\"]}", IAM_ALLOWED },
        { "any of none", "{\"ForAnyValue:StringEquals\":{\"k\":\"a\"}}", "{}", IAM_IMPLICIT },
        { "any of what may be missing", "{\"ForAnyValue:StringEqualsIfExists\":{\"k\":\"a\"}}", "{}", IAM_UNKNOWN },
        { "any of what is there", "{\"ForAnyValue:StringEqualsIfExists\":{\"k\":\"a\"}}", "{\"k\":[\"a\"]}", IAM_ALLOWED },
        { "a truth", "{\"Bool\":{\"k\":\"true\"}}", "{\"k\":true}", IAM_ALLOWED },
        { "a falsehood", "{\"Bool\":{\"k\":\"TRUE\"}}", "{\"k\":false}", IAM_IMPLICIT },
        { "a truth that is none", "{\"Bool\":{\"k\":\"yes\"}}", "{\"k\":true}", IAM_UNKNOWN },
        { "a truth of a word", "{\"Bool\":{\"k\":\"true\"}}", "{\"k\":\"maybe\"}", IAM_UNKNOWN },
        { "numbers", "{\"NumericEquals\":{\"k\":\"1e1\"}}", "{\"k\":10}", IAM_ALLOWED },
        { "less", "{\"NumericLessThan\":{\"k\":\"10\"}}", "{\"k\":10}", IAM_IMPLICIT },
        { "less or equal", "{\"NumericLessThanEquals\":{\"k\":\"10\"}}", "{\"k\":10}", IAM_ALLOWED },
        { "greater", "{\"NumericGreaterThan\":{\"k\":\"-1.5\"}}", "{\"k\":0}", IAM_ALLOWED },
        { "greater or equal", "{\"NumericGreaterThanEquals\":{\"k\":\"1\"}}", "{\"k\":0.5}", IAM_IMPLICIT },
        { "no number", "{\"NumericEquals\":{\"k\":\"ten\"}}", "{\"k\":10}", IAM_UNKNOWN },
        { "half a number", "{\"NumericEquals\":{\"k\":\"1e\"}}", "{\"k\":10}", IAM_UNKNOWN },
        { "an endless number", "{\"NumericEquals\":{\"k\":\"1e999\"}}", "{\"k\":10}", IAM_UNKNOWN },
        { "an empty number", "{\"NumericEquals\":{\"k\":\"1\"}}", "{\"k\":\"\"}", IAM_UNKNOWN },
        { "a number that has lost its digits", "{\"NumericEquals\":{\"k\":\"9007199254740993\"}}", "{\"k\":9007199254740993}", IAM_UNKNOWN },
        { "... is there", "{\"Null\":{\"k\":\"true\"}}", "{\"k\":9007199254740993}", IAM_IMPLICIT },
        { "a date", "{\"DateLessThan\":{\"k\":\"2026-01-02\"}}", "{\"k\":\"2026-01-01T23:59:59Z\"}", IAM_ALLOWED },
        { "a date in seconds", "{\"DateEquals\":{\"k\":\"1970-01-01T00:01:00Z\"}}", "{\"k\":\"60\"}", IAM_ALLOWED },
        { "a date in milliseconds", "{\"DateGreaterThan\":{\"k\":\"2026-01-01T00:00:00Z\"}}", "{\"k\":\"1790000000000\"}", IAM_ALLOWED },
        { "a date of too many digits", "{\"DateGreaterThan\":{\"k\":\"2026-01-01T00:00:00Z\"}}", "{\"k\":\"1790000000000000\"}", IAM_UNKNOWN },
        { "a date of ten digits after the point", "{\"DateGreaterThan\":{\"k\":\"2026-01-01T06:00:00Z\"}}", "{\"k\":\"2026-01-01T06:00:00.1234567890Z\"}", IAM_ALLOWED },
        { "no date", "{\"DateLessThan\":{\"k\":\"tomorrow\"}}", "{\"k\":\"2026-01-01\"}", IAM_UNKNOWN },
        { "an empty date", "{\"DateLessThan\":{\"k\":\"2026-01-01\"}}", "{\"k\":\"\"}", IAM_UNKNOWN },
        { "an address", "{\"IpAddress\":{\"k\":\"10.0.0.0/9\"}}", "{\"k\":\"10.127.0.1\"}", IAM_ALLOWED },
        { "an address beyond", "{\"IpAddress\":{\"k\":\"10.0.0.0/9\"}}", "{\"k\":\"10.128.0.1\"}", IAM_IMPLICIT },
        { "another net", "{\"IpAddress\":{\"k\":\"10.0.0.0/8\"}}", "{\"k\":\"11.0.0.1\"}", IAM_IMPLICIT },
        { "a whole address", "{\"IpAddress\":{\"k\":\"10.0.0.1\"}}", "{\"k\":\"10.0.0.1\"}", IAM_ALLOWED },
        { "a wider net is not in a narrower", "{\"IpAddress\":{\"k\":\"10.0.0.0/16\"}}", "{\"k\":\"10.0.0.0/8\"}", IAM_IMPLICIT },
        { "version 6", "{\"IpAddress\":{\"k\":\"fd00::/8\"}}", "{\"k\":\"fd00:ec2::254\"}", IAM_ALLOWED },
        { "of the other version", "{\"IpAddress\":{\"k\":\"fd00::/8\"}}", "{\"k\":\"10.0.0.1\"}", IAM_IMPLICIT },
        { "not there", "{\"NotIpAddress\":{\"k\":\"10.0.0.0/8\"}}", "{\"k\":\"10.0.0.1\"}", IAM_IMPLICIT },
        { "too many bits", "{\"IpAddress\":{\"k\":\"10.0.0.0/33\"}}", "{\"k\":\"10.0.0.1\"}", IAM_UNKNOWN },
        { "no bits", "{\"IpAddress\":{\"k\":\"10.0.0.0/x\"}}", "{\"k\":\"10.0.0.1\"}", IAM_UNKNOWN },
        { "no address", "{\"IpAddress\":{\"k\":\"10.0.0.0/8\"}}", "{\"k\":\"host\"}", IAM_UNKNOWN },
        { "no address at all", "{\"IpAddress\":{\"k\":\"0123456789012345678901234567890123456789012345678901234567890123456789\"}}", "{\"k\":\"10.0.0.1\"}", IAM_UNKNOWN },
        { "an ARN", "{\"ArnLike\":{\"k\":\"arn:aws:sns:*:1:x*\"}}", "{\"k\":\"arn:aws:sns:eu:1:xy\"}", IAM_ALLOWED },
        { "another ARN", "{\"ArnEquals\":{\"k\":\"arn:aws:sns:*:2:x\"}}", "{\"k\":\"arn:aws:sns:eu:1:x\"}", IAM_IMPLICIT },
        { "not that ARN", "{\"ArnNotLike\":{\"k\":\"arn:aws:sns:*:2:x\"}}", "{\"k\":\"arn:aws:sns:eu:1:x\"}", IAM_ALLOWED },
        { "a value that is no ARN", "{\"ArnLike\":{\"k\":\"arn:aws:sns:*:1:x\"}}", "{\"k\":\"x\"}", IAM_UNKNOWN },
        { "a value with colons that is none", "{\"ArnLike\":{\"k\":\"arn:aws:sns:*:1:x\"}}", "{\"k\":\"urn:a:b:c:d:e\"}", IAM_UNKNOWN },
        { "a pattern that is no ARN", "{\"ArnLike\":{\"k\":\"x\"}}", "{\"k\":\"arn:aws:sns:eu:1:x\"}", IAM_UNKNOWN },
        { "a pattern that begins with none", "{\"ArnLike\":{\"k\":\"*:aws:sns:*:1:x\"}}", "{\"k\":\"arn:aws:sns:eu:1:x\"}", IAM_UNKNOWN },
        { "a pattern without a service", "{\"ArnLike\":{\"k\":\"arn:aws::*:1:x\"}}", "{\"k\":\"arn:aws:sns:eu:1:x\"}", IAM_UNKNOWN },
        { "a pattern without a partition", "{\"ArnLike\":{\"k\":\"arn::sns:*:1:x\"}}", "{\"k\":\"arn:aws:sns:eu:1:x\"}", IAM_UNKNOWN },
        { "bytes", "{\"BinaryEquals\":{\"k\":\"QUJD\"}}", "{\"k\":\"QUJD\"}", IAM_ALLOWED },
        { "there", "{\"Null\":{\"k\":\"false\"}}", "{\"k\":\"x\"}", IAM_ALLOWED },
        { "not there", "{\"Null\":{\"k\":\"true\"}}", "{}", IAM_ALLOWED },
        { "there, and must not be", "{\"Null\":{\"k\":\"true\"}}", "{\"k\":\"x\"}", IAM_IMPLICIT },
        { "there or not", "{\"Null\":{\"k\":[\"true\",\"false\"]}}", "{\"k\":\"x\"}", IAM_ALLOWED },
        { "neither", "{\"Null\":{\"k\":\"perhaps\"}}", "{\"k\":\"x\"}", IAM_UNKNOWN },
        { "not known whether", "{\"Null\":{\"k\":\"true\"}}", "{\"k\":null}", IAM_UNKNOWN },
        { "Null if it exists is none", "{\"NullIfExists\":{\"k\":\"true\"}}", "{}", IAM_UNKNOWN },
        { "an operator of tomorrow", "{\"StringResembles\":{\"k\":\"a\"}}", "{\"k\":\"a\"}", IAM_UNKNOWN },
        { "a variable", "{\"StringEquals\":{\"k\":\"${v}\"}}", "{\"k\":\"a\",\"v\":\"a\"}", IAM_ALLOWED },
        { "a variable of many values", "{\"StringEquals\":{\"k\":\"${v}\"}}", "{\"k\":\"a\",\"v\":[\"a\",\"b\"]}", IAM_IMPLICIT },
        { "a variable that is absent", "{\"StringEquals\":{\"k\":\"${v}\"}}", "{\"k\":\"a\"}", IAM_IMPLICIT },
        { "a variable that is absent, negated", "{\"StringNotEquals\":{\"k\":\"${v}\"}}", "{\"k\":\"a\"}", IAM_ALLOWED },
        { "a variable of many values, negated", "{\"StringNotEquals\":{\"k\":\"${v}\"}}", "{\"k\":\"a\",\"v\":[\"a\",\"b\"]}", IAM_UNKNOWN },
        { "a variable with something in its place", "{\"StringEquals\":{\"k\":\"${v, 'a'}\"}}", "{\"k\":\"a\"}", IAM_ALLOWED },
        { "a sign that is meant", "{\"StringLike\":{\"k\":\"a${*}\"}}", "{\"k\":\"ab\"}", IAM_IMPLICIT },
};

static const struct { const char *why, *layers; enum iam_answer want; } layers[] = {
        { "a role by its session", "\"resourcePolicy\":{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:role/web\"},\"Action\":\"s3:*\",\"Resource\":\"*\"}]}", IAM_ALLOWED },
        { "another role", "\"resourcePolicy\":{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:role/other\"},\"Action\":\"s3:*\",\"Resource\":\"*\"}]}", IAM_IMPLICIT },
        { "a role of another account", "\"resourcePolicy\":{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::999999999999:role/web\"},\"Action\":\"s3:*\",\"Resource\":\"*\"}]}", IAM_IMPLICIT },
        { "the session", "\"resourcePolicy\":{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:sts::111122223333:assumed-role/web/s\"},\"Action\":\"s3:*\",\"Resource\":\"*\"}]}", IAM_ALLOWED },
        { "everybody", "\"resourcePolicy\":{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}", IAM_ALLOWED },
        { "a service", "\"resourcePolicy\":{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"ec2.amazonaws.com\"},\"Action\":\"s3:*\",\"Resource\":\"*\"}]}", IAM_IMPLICIT },
        { "a federated one", "\"resourcePolicy\":{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Federated\":\"x\"},\"Action\":\"s3:*\",\"Resource\":\"*\"}]}", IAM_IMPLICIT },
        { "an id that is not known", "\"resourcePolicy\":{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"AROAEXAMPLE\"},\"Action\":\"s3:*\",\"Resource\":\"*\"}]}", IAM_UNKNOWN },
        { "twelve letters are no account", "\"resourcePolicy\":{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"abcdefghijkl\"},\"Action\":\"s3:*\",\"Resource\":\"*\"}]}", IAM_UNKNOWN },
        { "a kind of tomorrow", "\"resourcePolicy\":{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Robot\":\"x\"},\"Action\":\"s3:*\",\"Resource\":\"*\"}]}", IAM_UNKNOWN },
        { "a principal that is no text", "\"resourcePolicy\":{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":[7]},\"Action\":\"s3:*\",\"Resource\":\"*\"}]}", IAM_UNKNOWN },
        { "a principal that is a number", "\"resourcePolicy\":{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":7,\"Action\":\"s3:*\",\"Resource\":\"*\"}]}", IAM_UNKNOWN },
        { "all others denied", "\"resourcePolicy\":{\"Statement\":[{\"Effect\":\"Deny\",\"NotPrincipal\":{\"AWS\":\"arn:aws:iam::111122223333:role/other\"},\"Action\":\"s3:*\",\"Resource\":\"*\"}]}", IAM_EXPLICIT },
        { "the role is spared, the session perhaps", "\"resourcePolicy\":{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":\"*\"},{\"Effect\":\"Deny\",\"NotPrincipal\":{\"AWS\":\"arn:aws:iam::111122223333:role/web\"},\"Action\":\"s3:*\",\"Resource\":\"*\"}]}", IAM_UNKNOWN },
        { "role and session are spared", "\"resourcePolicy\":{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":\"*\"},{\"Effect\":\"Deny\",\"NotPrincipal\":{\"AWS\":[\"arn:aws:iam::111122223333:role/web\",\"arn:aws:sts::111122223333:assumed-role/web/s\"]},\"Action\":\"s3:*\",\"Resource\":\"*\"}]}", IAM_ALLOWED },
        { "nothing", "\"resourcePolicy\":null,\"identityPolicies\":null,\"serviceControlPolicies\":null", IAM_IMPLICIT },
        { "no identity policies seen", "\"identityPolicies\":\"unknown\"", IAM_UNKNOWN },
        { "a session policy not seen", "\"identityPolicies\":[{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}],\"sessionPolicies\":\"unknown\"", IAM_UNKNOWN },
        { "an SCP that allows all", "\"identityPolicies\":[{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}],\"serviceControlPolicies\":[[{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}]]", IAM_ALLOWED },
        { "an SCP without an Allow", "\"identityPolicies\":[{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}],\"serviceControlPolicies\":[[]]", IAM_IMPLICIT },
        { "an SCP with a short ARN", "\"identityPolicies\":[{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}],\"serviceControlPolicies\":[[{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"arn:aws:s3\"}]}]]", IAM_UNKNOWN },
        { "an RCP that denies", "\"identityPolicies\":[{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}],\"resourceControlPolicies\":[[{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"*\",\"Resource\":\"*\"},{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\"}]}]]", IAM_EXPLICIT },
        { "an RCP of short ARNs", "\"identityPolicies\":[{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}],\"resourceControlPolicies\":[[{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"*\",\"Resource\":\"*\"},{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":\"arn:aws:s3\"}]}]]", IAM_UNKNOWN },
};

static const struct { const char *more, *error; } errors[] = {
        { "\"indentityPolicies\":[]", "indentityPolicies: unknown key" },
        { "\"context\":{},\"context\":{}", "context: duplicate key" },
        { "\"resourceAccount\":\"1234\"", "resourceAccount: must be a 12-digit account ID or \"aws\"" },
        { "\"identityPolicies\":7", "identityPolicies: must be an array of policy documents" },
        { "\"serviceControlPolicies\":7", "serviceControlPolicies: must be an array of at most 8 levels" },
        { "\"serviceControlPolicies\":[[],[],[],[],[],[],[],[],[]]", "serviceControlPolicies: must be an array of at most 8 levels" },
        { "\"context\":{\"k\":{}}", "k: context value must be a string, a number, a Boolean or an array of them" },
        { "\"context\":{\"k\":[\"a\",[]]}", "k: context value must be a string, a number, a Boolean or an array of them" },
        { "\"resourceAccount\":7", "resourceAccount: must be a non-empty string of at most 4096 bytes" },
};

/* -EBADMSG: *ret_error says why; it lives in the arena. */
static int decide(struct arena *a, const char *line, enum iam_answer *ret, const char **ret_error)
{
        CLEANUP(json_freep) cJSON *j = NULL;
        struct iam_policies p;
        struct iam_request rq;
        struct iam_decision d;
        int r;

        if (json_parse(line, strlen(line), &j) < 0)
                fail_msg("not JSON: %s", line);
        r = iam_request_from_json(j, a, &p, &rq, ret_error);
        if (r < 0)
                return r;
        iam_evaluate(&p, &rq, &d);
        /* Who does not know says why; who knows has no doubts left. */
        assert_int_equal(d.answer == IAM_UNKNOWN, d.answer == IAM_UNKNOWN && d.n_why > 0);
        *ret = d.answer;
        return 0;
}

static void expect(const char *why, struct arena *a, const char *line, enum iam_answer want)
{
        enum iam_answer got = IAM_UNKNOWN;
        const char *error = NULL;
        int r = decide(a, line, &got, &error);

        if (r < 0 || got != want)
                fail_msg("%s: %s %s", why, r < 0 ? error : iam_answer_to_string(got), line);
}

static void conditions_hold(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(conditions); i++) {
                CLEANUP(arena_freep) struct arena *a = NULL;
                CLEANUP(freep) char *line = NULL;

                assert_int_equal(arena_new(1 << 20, &a), 0);
                assert_true(asprintf(&line, "{" WHO ",\"resourceAccount\":\"111122223333\",\"context\":%s,\"identityPolicies\":[{\"Version\":\"2012-10-17\","
                                            "\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\",\"Condition\":%s}]}]}",
                                     conditions[i].context, conditions[i].condition) > 0);
                expect(conditions[i].why, a, line, conditions[i].want);
        }
}

static void layers_decide(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(layers); i++) {
                CLEANUP(arena_freep) struct arena *a = NULL;
                CLEANUP(freep) char *line = NULL;

                assert_int_equal(arena_new(1 << 20, &a), 0);
                assert_true(asprintf(&line, "{" WHO ",\"resourceAccount\":\"111122223333\",%s}", layers[i].layers) > 0);
                expect(layers[i].why, a, line, layers[i].want);
        }
}

static void errors_are_named(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
                CLEANUP(arena_freep) struct arena *a = NULL;
                CLEANUP(freep) char *line = NULL;
                const char *error = NULL;
                enum iam_answer got;

                assert_int_equal(arena_new(1 << 20, &a), 0);
                assert_true(asprintf(&line, "{" WHO ",%s}", errors[i].more) > 0);
                assert_int_equal(decide(a, line, &got, &error), -EBADMSG);
                assert_string_equal(error, errors[i].error);
                /* ... unless there is no memory to say it with. */
                arena_fail(a);
                assert_int_equal(decide(a, line, &got, &error), -ENOMEM);
        }
}

/* Keys of a request may be anybody's: what is said of one is fit to be shown. */
static void errors_are_shown(void **state)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        const char *error = NULL;
        enum iam_answer got;

        (void)state;
        assert_int_equal(arena_new(1 << 20, &a), 0);
        assert_int_equal(decide(a, "{\"principal\":\"p\",\"action\":\"s3:ListBucket\",\"resource\":\"*\",\"context\":{\"a\xf7\x1b[2J\":{}}}", &got, &error), -EBADMSG);
        assert_string_equal(error, "a\\xf7\\x1b[2J: context value must be a string, a number, a Boolean or an array of them");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(conditions_hold), cmocka_unit_test(errors_are_shown), cmocka_unit_test(layers_decide), cmocka_unit_test(errors_are_named),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
