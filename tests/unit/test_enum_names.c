/* The words of each table: one for each number, and one for what is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "rolewatch/error_text.h"
#include "rolewatch/judge.h"

static void model(void **state)
{
        (void)state;
        assert_int_equal(env_find("AWS_ACCESS_KEY", 13), -ENOENT);
        assert_string_equal(answer_state_to_string((enum answer_state)99), "?");
        assert_string_equal(env_name((enum env_var)999), "?");
        assert_string_equal(requirement_meaning((enum requirement_kind)99), "?");
        assert_string_equal(requirement_meaning(REQUIREMENT_EFS), "file system");
        for (int i = 0; i < ENVIRONMENT_SOURCE_MAX; i++)
                assert_true(strlen(environment_source_meaning((enum environment_source)i)) > 5);
        assert_string_equal(environment_source_to_string(ENVIRONMENT_PARENT), "parent");
        assert_string_equal(environment_source_to_string((enum environment_source)99), "?");
        assert_string_equal(environment_source_meaning((enum environment_source)99), "?");
        assert_string_equal(answer_text(NULL, &(struct answer){ .state = (enum answer_state)99 }), "unknown");
        assert_string_equal(answer_text(NULL, &(struct answer){ .state = ANSWER_TIMEOUT }), "timed out");
        /* What is not known is a secret. */
        assert_int_equal(env_class((enum env_var)999), ENV_SECRET);
        assert_int_equal(sysprop_class((enum sysprop)999), ENV_SECRET);
        assert_int_equal(sysprop_class(SYSPROP_PROFILE), ENV_PLAIN);
}

static void chain(void **state)
{
        (void)state;
        assert_string_equal(provider_to_string(PROVIDER_IMDS), "imds");
        assert_string_equal(provider_to_string((enum provider)99), "unknown");
        assert_string_equal(step_state_to_string(STEP_WINS), "wins");
        assert_string_equal(step_state_to_string((enum step_state)99), "unknown");
        assert_null(chain_row_for("cobol", NULL));
}

static void iam(void **state)
{
        (void)state;
        assert_string_equal(iam_layer_to_string(IAM_IDENTITY), "identity");
        assert_string_equal(iam_layer_to_string((enum iam_layer)99), "?");
        assert_string_equal(iam_answer_to_string(IAM_ALLOWED), "allowed");
        assert_string_equal(iam_answer_to_string((enum iam_answer)99), "?");
        assert_string_equal(iam_reason_to_string(IAM_WHY_SIZE), "size");
        assert_string_equal(iam_reason_to_string((enum iam_reason)99), "?");
        assert_string_equal(iam_reason_meaning((enum iam_reason)99), "?");
        for (int i = 0; i < IAM_REASON_MAX; i++)
                assert_true(strlen(iam_reason_meaning((enum iam_reason)i)) > 10);
        for (int i = 0; i <= ERROR_OTHER; i++)
                assert_true(*error_kind_to_string((enum error_kind)i) && *error_kind_meaning((enum error_kind)i));
}

static void of_judge(void **state)
{
        (void)state;
        for (int i = 0; i < EVIDENCE_CLASS_MAX; i++)
                assert_true(*evidence_class_to_string((enum evidence_class)i) && *evidence_class_meaning((enum evidence_class)i));
        assert_string_equal(evidence_class_to_string((enum evidence_class)99), "unknown");
        assert_string_equal(evidence_class_meaning((enum evidence_class)99), "unknown");
        assert_string_equal(verdict_to_string((enum verdict)99), verdict_to_string((enum verdict)98));
        for (int i = 0; i < UNJUDGED_REASON_MAX; i++)
                assert_true(*unjudged_text((enum unjudged_reason)i)->reason);
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(model), cmocka_unit_test(chain), cmocka_unit_test(of_judge), cmocka_unit_test(iam) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
