/* What was seen to happen: contacts with endpoints, and calls that were denied. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "helper_judge.h"

#define TOPIC "arn:aws:sns:eu-west-1:111122223333:orders"

static void denial(struct snapshot *s, const char *role, const char *session)
{
        *snapshot_add_denial(s) = (struct denial){ 0, role, session, "SNS:Publish", TOPIC, "its log", s->host.taken_s };
}

static struct snapshot *lost(void)
{
        struct snapshot *s = host_healthy();

        host_process(s, 0, 20, 10, "crond");
        host_bare(s, 0, 30, 20, "job");
        return s;
}

static void contacts(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = lost();
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;

        (void)state;
        host_by_pid(s, 30)->met_imds = true;
        /* A region, an instance id: that a healthy process asks IMDS says nothing of its credentials. */
        host_by_pid(s, 10)->met_imds = true;
        v = host_judge(s);
        assert_int_equal(finding_by_pid(v, 30)->certainty, CERTAINTY_OBSERVED);
        assert_int_equal(finding_by_pid(v, 30)->kind, FINDING_WRONG_ROLE);
        assert_int_equal(finding_by_pid(v, 30)->severity, SEVERITY_WARNING);
        assert_null(finding_by_pid(v, 10));
        assert_int_equal(group_by_pid(v, 10)->verdict, VERDICT_OK);
        assert_int_not_equal(group_by_pid(v, 10)->winner.certainty, CERTAINTY_OBSERVED);
        assert_int_equal(group_confirms(group_by_pid(v, 10)), CONFIRMS_CONTAINER);
        assert_int_equal(group_confirms(group_by_pid(v, 30)), CONFIRMS_IMDS);
}

static void denied_to_the_instance_role(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = lost();
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        const struct finding *f;

        (void)state;
        denial(s, "ecsInstanceRole", "i-1234567890abcdef0");
        v = host_judge(s);
        f = finding_by_pid(v, 30);
        assert_int_equal(f->kind, FINDING_WRONG_ROLE_DENIED);
        assert_int_equal(f->severity, SEVERITY_CRITICAL);
        assert_int_equal(f->certainty, CERTAINTY_OBSERVED);
        assert_string_equal(f->action, "SNS:Publish");
        assert_string_equal(f->resource, TOPIC);
        assert_non_null(strstr(f->message, "crond (pid 20) started job (pid 30)"));
        assert_non_null(strstr(f->message, "SNS:Publish on " TOPIC " was denied, according to its log"));
        assert_non_null(strstr(f->remedy, "crontab"));
        assert_null(finding_by_pid(v, 10));
}

/* Every chain of the container gives the task role: then somebody does not ask his chain. */
static void a_program_that_asks_imds_itself(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        const struct finding *f;

        (void)state;
        host_sdk(host_process(s, 0, 20, 10, "node"), "js3", "3.600.0");
        host_process(s, 0, 40, 10, "curl")->met_imds = true;
        denial(s, "ecsInstanceRole", "i-1234567890abcdef0");
        v = host_judge(s);
        f = finding_by_pid(v, 40);
        assert_non_null(f);
        assert_int_equal(f->kind, FINDING_WRONG_ROLE_DENIED);
        assert_string_equal(group_by_pid(v, 40)->cause.mechanism, "asks-imds");
        assert_string_equal(f->winner, "imds ecsInstanceRole");
        assert_string_equal(f->expected, "webTaskRole");
        assert_null(finding_by_pid(v, 10));
        assert_null(finding_by_pid(v, 20));
}

static void denied_to_the_task_role(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        const struct finding *f;

        (void)state;
        denial(s, "webTaskRole", "web1");
        v = host_judge(s);
        f = finding_by_pid(v, 10);
        assert_int_equal(f->kind, FINDING_RIGHT_ROLE_DENIED);
        assert_int_equal(f->certainty, CERTAINTY_OBSERVED);
        assert_string_equal(f->action, "SNS:Publish");
        assert_non_null(strstr(f->remedy, "\"Action\":\"SNS:Publish\""));
}

/* A log quotes: another instance's session, another task's, no session, another role, a container that is none. */
static void quotations_say_nothing(void **state)
{
        static const char *const others[][2] = {
                { "ecsInstanceRole", "i-0fedcba9876543210" }, { "webTaskRole", "web2" }, { "ecsInstanceRole", NULL },
                { NULL, "i-1234567890abcdef0" },              { "somebody", "web1" },    { "webTaskRole", "i-1234567890abcdef0" },
        };
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(others); i++)
                denial(s, others[i][0], others[i][1]);
        denial(s, "ecsInstanceRole", "i-1234567890abcdef0");
        s->denials[s->n_denials - 1].container = 7;
        v = host_judge(s);
        assert_null(finding_by_pid(v, 10));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(contacts), cmocka_unit_test(denied_to_the_instance_role),
                cmocka_unit_test(a_program_that_asks_imds_itself), cmocka_unit_test(denied_to_the_task_role),
                cmocka_unit_test(quotations_say_nothing),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
