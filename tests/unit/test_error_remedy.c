/* What an error text is made into: remedies, statements, ARNs; bounds of values, and no memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>
#include "../../agent/iam/error_parts.h"

#define STS "arn:aws:sts::111122223333:assumed-role/"
#define TASK_ID "624dd649a11d44c09f90367ea64a7afa"
#define MENTIONS "User: " STS "webTaskRole/" TASK_ID " is not authorized to perform: "

/* The policy that decided, and what the remedy says and does not say. */
static const struct { const char *text, *policy, *remedy, *never; } remedies[] = {
        { MENTIONS "sns:Publish with an explicit deny in an identity-based policy. Not authorized to see arn:aws:iam::111122223333:policy/p", NULL,
          "in the policies of role webTaskRole", "policy/p" },
        { MENTIONS "sns:Publish with an explicit deny in an identity-based policy: arn:aws:iam::111122223333:policy/p", "arn:aws:iam::111122223333:policy/p",
          "in arn:aws:iam::111122223333:policy/p", "Allow\"" },
        { MENTIONS "sns:Publish with an explicit deny in an identity-based policy: arn:aws:iam::aws:policy/AWSDenyAll", "arn:aws:iam::aws:policy/AWSDenyAll",
          "arn:aws:iam::aws:policy/AWSDenyAll is an AWS managed policy, which cannot be edited: detach it from role webTaskRole", "Change the statement" },
        { MENTIONS "iam:CreateRole on resource: arn:aws:iam::111122223333:role/r with an explicit deny in a permissions boundary", NULL,
          "must be created with a permissions boundary", "Allow\"" },
        { MENTIONS "iam:GetRole on resource: arn:aws:iam::111122223333:role/r with an explicit deny in a permissions boundary", NULL,
          "the permissions boundary of role webTaskRole", "must be created" },
        { MENTIONS "vpc-lattice-svcs:Invoke because no service-based policy allows it", NULL, "the auth policy of the VPC Lattice service", "network" },
        { MENTIONS "vpc-lattice-svcs:Invoke because no network-based policy allows it", NULL, "the auth policy of the VPC Lattice service network", "Allow\"" },
        { MENTIONS "iam:PassRole on resource: *", NULL, "iam:PassRole on the ARN of the role that it passes", "Allow\"" },
        { MENTIONS "iam:PassRole on resource: arn:aws:iam::111122223333:role/r", NULL, "\"Resource\":\"arn:aws:iam::111122223333:role/r\"", "malformed" },
        { MENTIONS "iam:PassRole on resource: arn:aws:iam::111122223333:role/null", NULL, "arn:aws:iam::111122223333:role/null is malformed", "Allow\"" },
        { "User: arn:aws:iam::111122223333:root is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/r", NULL,
          "The root user cannot assume a role", "Allow\"" },
        { "User: arn:aws:redshift:eu-west-1:111122223333:dbuser:web/alice is not authorized to perform: sts:AssumeRole", NULL,
          "Attach the role that the text names to the cluster", "Allow\"" },
        { MENTIONS "sts:TagSession on resource: arn:aws:iam::111122223333:role/r", NULL, "in the trust policy of arn:aws:iam::111122223333:role/r; and add to its own",
          "Deny" },
        { MENTIONS "sts:SetSourceIdentity on resource: arn:aws:iam::111122223333:role/r because no role trust policy allows it", NULL,
          "Name role webTaskRole as Principal in the trust policy of arn:aws:iam::111122223333:role/r", "Allow\"" },
        { "User: " STS "ecsInstanceRole/i-0123456789abcdef0 is not authorized to perform: ec2messages:GetMessages", NULL,
          "The agent makes this call as the instance role", "make its process use" },
        { "User: " STS "AWSReservedSSO_Operators/alice is not authorized to perform: sns:Publish", NULL, "the policies of permission set Operators (", "role AWS" },
        { "User: " STS "AWSReservedSSO_Operators_0123456789abcdef/alice is not authorized to perform: sns:Publish", NULL,
          "the policies of permission set Operators (", "0123456789abcdef" },
};

static void remedies_fit(void **state)
{
        CLEANUP(arena_freep) struct arena *a = NULL;

        (void)state;
        assert_int_equal(arena_new((size_t)1 << 20, &a), 0);
        for (size_t i = 0; i < ARRAY_SIZE(remedies); i++) {
                struct error_text e;

                assert_int_equal(error_text_decode(a, remedies[i].text, strlen(remedies[i].text), &e), 0);
                if (!streq(e.policy, remedies[i].policy) || !e.remedy || !strstr(e.remedy, remedies[i].remedy) || strstr(e.remedy, remedies[i].never))
                        fail_msg("%s: %s: %s", remedies[i].text, e.policy, e.remedy);
        }
}

#define ROLE "arn:aws:iam::111122223333:role/r"
static const struct { const char *principal, *account, *action, *resource, *pattern; } statements[] = {
        { NULL, NULL, "sns:Publish", NULL, "*" },
        { NULL, NULL, "sns:Publish", "*", "*" },
        { NULL, NULL, "sns:Publish", "arn:aws:sns:eu-west-1:111122223333:t", "arn:aws:sns:eu-west-1:111122223333:t" },
        { NULL, NULL, "s3:GetObject", "arn:aws:s3:::b/k", "arn:aws:s3:::b/k" },
        { ROLE, "111122223333", "apigateway:GET", "arn:aws:apigateway:eu-west-1::/apis", "arn:aws:apigateway:eu-west-1::/apis" },
        /* Without an account nothing of such a service can be proved. */
        { NULL, NULL, "apigateway:GET", "arn:aws:apigateway:eu-west-1::/apis", NULL },
        { NULL, NULL, "xy:Get", "arn:aws:xy:::t", NULL },
        { ROLE, "111122223333", "iam:GetRole", "role web", "arn:aws:iam::111122223333:role/web" },
        { ROLE, "111122223333", "secretsmanager:GetSecretValue", "prod/db", "arn:aws:secretsmanager:*:111122223333:secret:prod/db-*" },
        { ROLE, "111122223333", "iam:GetRole", "role a b", NULL },
        { ROLE, "111122223333", "iam:GetRole", "role ", NULL },
        { ROLE, "111122223333", "iam:GetRole", "role a:b", NULL },
        { ROLE, "111122223333", "iam:GetRole", "web", NULL },
        { ROLE, NULL, "iam:GetRole", "role web", NULL },
        { "alice", "111122223333", "iam:GetRole", "role web", NULL },
        { ROLE, "111122223333", "sns:Publish", "+15550100", "*" },
        { ROLE, "111122223333", "sns:Subscribe", "+15550100", NULL },
        { ROLE, "111122223333", NULL, "*", NULL },
        { ROLE, "111122223333", "", "*", NULL },
        { ROLE, "111122223333", "sns:Pub\"lish", "*", NULL },
};

static void statements_are_valid_or_none(void **state)
{
        CLEANUP(arena_freep) struct arena *a = NULL;

        (void)state;
        assert_int_equal(arena_new((size_t)1 << 20, &a), 0);
        for (size_t i = 0; i < ARRAY_SIZE(statements); i++) {
                struct error_text e = { .principal = statements[i].principal, .account = statements[i].account, .action = statements[i].action,
                                        .resource = statements[i].resource };
                const char *got = error_statement(a, &e),
                           *want = statements[i].pattern ? arena_printf(a, "{\"Effect\":\"Allow\",\"Action\":\"%s\",\"Resource\":\"%s\"}", e.action,
                                                                        statements[i].pattern) : NULL;

                if (!streq(got, want))
                        fail_msg("%s on %s: %s", e.action, e.resource, got);
        }
}

static const struct { const char *arn; bool valid, malformed; } arns[] = {
        { ROLE, true, false },
        { "arn:aws:iam::aws:policy/AdministratorAccess", true, false },
        { "arn:aws-us-gov:s3:::b", true, false },
        { NULL, false, false }, { "", false, false }, { "arn:", false, false }, { "arn:aws", false, false },
        { "arm:aws:iam::111122223333:role/r", false, false },
        { "arnx:aws:iam::111122223333:role/r", false, false },
        { "arn:other:iam::111122223333:role/r", false, false },
        { "arn:aws:::111122223333:role/r", false, false },
        { "arn:aws:iam::111122223333:", false, false },
        { "arn:aws:iam::abc:role/r", false, false },
        { "arn:aws:iam::11112222333:role/r", false, false },
        { "arn:aws:iam::111122223333:role/...", false, false },
        { "arn:aws:iam::111122223333:role/${R}", false, false },
        { "arn:aws:iam::111122223333:role/\xc3\xa9", false, false },
        { "arn:aws:iam::111122223333:role/", false, true },
        { "arn:aws:iam::111122223333:role/undefined", false, true },
        { "arn:aws:iam::111122223333:role/arn:aws:iam::111122223333:role/r", false, true },
        { "role/null", false, false },
};

static void arns_are_judged(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(arns); i++)
                if (error_is_arn(arns[i].arn) != arns[i].valid || (arns[i].arn && error_is_malformed(arns[i].arn) != arns[i].malformed))
                        fail_msg("%s", arns[i].arn);
}

/* Whose ARNs they are; a text has 64 that count. */
static void arns_are_read(void **state)
{
        static const char cluster[] = "arn:aws:ecs:eu-west-1:111122223333:cluster/prod ", bucket[] = "arn:aws:s3:::b";
        CLEANUP(arena_freep) struct arena *a = NULL;
        struct error_text e = { 0 };

        (void)state;
        assert_int_equal(arena_new((size_t)1 << 20, &a), 0);
        error_read_arns(a, "x arn:aws:sts::111122223333:federated-user/bob y arn:aws:s3:::b", ARNS_BY_FORM, &e);
        assert_string_equal(e.principal, "arn:aws:sts::111122223333:federated-user/bob");
        assert_int_equal(e.actor, ACTOR_FEDERATED);
        assert_string_equal(e.resource, bucket);
        for (int n = 63; n <= 64; n++) {
                CLEANUP(text_done) struct text many = { 0 };

                for (int i = 0; i < n; i++)
                        text_add(&many, cluster);
                text_add(&many, bucket);
                e = (struct error_text){ 0 };
                error_read_arns(a, many.s, ARNS_BY_FORM, &e);
                assert_true(streq(e.resource, n == 63 ? bucket : NULL));
                assert_null(e.principal);
        }
}

/* A host's name and an action are read up to a length; a value, too, and its brackets. */
static void values_are_bounded(void **state)
{
        static const char api[] = "amazonaws.com";
        CLEANUP(arena_freep) struct arena *a = NULL;
        CLEANUP(freep) char *text = malloc(8192);
        struct error_text e;
        int n;

        (void)state;
        assert_int_equal(arena_new((size_t)1 << 20, &a), 0);
        snprintf(text, 8192, "db.rds.%0100d.%s", 0, api);
        assert_false(error_mark_counts(text, strstr(text, api), sizeof api - 1));
        snprintf(text, 8192, "db.rds.%0300d.%s", 0, api);
        assert_true(error_mark_counts(text, strstr(text, api), sizeof api - 1));
        snprintf(text, 8192, "s3:GetObject%0100d", 0);
        assert_true(error_is_action_at(text, text + 2));
        snprintf(text, 8192, "s3:Get%0100dObject", 0);
        assert_false(error_is_action_at(text, text + 2));

        n = snprintf(text, 8192, "%05000d is not authorized to perform: sns:Publish on resource: [%02047d]", 1, 0);
        assert_int_equal(error_text_decode(a, text, (size_t)n, &e), 0);
        assert_string_equal(e.action, "sns:Publish");
        assert_in_range(strlen(e.principal), 1024, 2060);
        assert_int_equal(strlen(e.resource), 2047);
        assert_int_equal(strspn(e.resource, "0"), 2047);

        n = snprintf(text, 8192, MENTIONS "sns:Publish on resource: arn:aws:sns:");
        memset(text + n, ':', 4000);
        assert_int_equal(error_text_decode(a, text, (size_t)n + 4000, &e), 0);
        assert_string_equal(e.action, "sns:Publish");
        assert_true(strlen(e.resource) < 32);
        assert_false(error_is_arn(e.resource));
}

/* With any memory it is the whole answer or -ENOMEM, never a part of the answer. */
static void all_or_no_memory(void **state)
{
        static const char text[] = MENTIONS "sns:Publish on resource: arn:aws:sns:eu-west-1:111122223333:orders because no identity-based policy allows it";
        CLEANUP(arena_freep) struct arena *whole = NULL;
        struct error_text want;
        size_t failed = 0, made = 0;

        (void)state;
        assert_int_equal(arena_new((size_t)1 << 20, &whole), 0);
        assert_int_equal(error_text_decode(whole, text, sizeof text - 1, &want), 0);
        for (size_t limit = 16; limit <= 8192; limit += 16) {
                CLEANUP(arena_freep) struct arena *a = NULL;
                struct error_text e;
                int r;

                assert_int_equal(arena_new(limit, &a), 0);
                r = error_text_decode(a, text, sizeof text - 1, &e);
                if (r == -ENOMEM) {
                        failed++;
                        continue;
                }
                assert_int_equal(r, 0);
                made++;
                if (e.kind != want.kind || e.actor != want.actor || !streq(e.principal, want.principal) || !streq(e.role, want.role) ||
                    !streq(e.session, want.session) || !streq(e.action, want.action) || !streq(e.resource, want.resource) ||
                    !streq(e.layer, want.layer) || !streq(e.form, want.form) || !streq(e.remedy, want.remedy))
                        fail_msg("with %zu bytes another answer: %s, %s", limit, e.resource, e.remedy);
        }
        assert_in_range(failed, 20, 500);
        assert_in_range(made, 1, 500);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(remedies_fit),
                cmocka_unit_test(statements_are_valid_or_none),
                cmocka_unit_test(arns_are_judged),
                cmocka_unit_test(arns_are_read),
                cmocka_unit_test(values_are_bounded),
                cmocka_unit_test(all_or_no_memory),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
