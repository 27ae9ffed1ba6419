/* An error text and the facts of a host: whose session it was, and which role was expected. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "helper_judge.h"

#define ID "0123456789abcdef0123456789abcdef"
#define TASK_ARN "arn:aws:ecs:eu-west-1:111122223333:task/prod/" ID
#define OTHER_ARN "arn:aws:ecs:eu-west-1:111122223333:task/prod/ffffffffffffffffffffffffffffffff"

static void plain(struct snapshot *s) { s->tasks[0].arn = TASK_ARN; }
static void unnamed(struct snapshot *s) { plain(s); s->tasks[0].family = NULL; }
static void unnumbered(struct snapshot *s) { plain(s); s->tasks[0].revision = NULL; }
static void without_arn(struct snapshot *s) { s->tasks[0].arn = NULL; }
static void define(struct snapshot *s, const char *task, const char *execution)
{
        plain(s);
        s->creds[0].role_arn = NULL;
        *snapshot_add_definition(s) = (struct definition){ .family = "web", .revision = "1", .task_role = task, .execution_role = execution };
}
static void defined(struct snapshot *s) { define(s, TASK_ROLE, EXEC_ROLE); }
static void defined_alike(struct snapshot *s) { define(s, TASK_ROLE, TASK_ROLE); }
static void defined_execution(struct snapshot *s) { define(s, NULL, TASK_ROLE); }
static void overridden(struct snapshot *s) { define(s, EXEC_ROLE, TASK_ROLE); s->tasks[0].task_role = TASK_ROLE; s->tasks[0].execution_role = EXEC_ROLE; }
static void execution_id(struct snapshot *s) { plain(s); s->creds[0].kind = CRED_EXECUTION; }
static void of_another(struct snapshot *s) { plain(s); s->creds[0].task_arn = OTHER_ARN; }
static void of_its_own(struct snapshot *s) { plain(s); s->creds[0].task_arn = TASK_ARN; }
static void other_answer(struct snapshot *s) { plain(s); s->creds[0].role_arn = EXEC_ROLE; }
static void not_answered(struct snapshot *s) { plain(s); s->creds[0].role_arn = NULL; }

static const struct { const char *why; void (*make)(struct snapshot *); const char *session, *caller; } tasks[] = {
        { "by what the endpoint answers", plain, ID, "task web:1 on this host, with its task role" },
        { "with dashes", plain, "01234567-89ab-cdef-0123-456789abcdef", "task web:1 on this host, with its task role" },
        { "another id", plain, "f123456789abcdef0123456789abcdef", NULL },
        { "the beginning of it", plain, "0123456789abcdef", NULL },
        { "no session", plain, NULL, NULL },
        { "no ARN", without_arn, ID, NULL },
        { "no family", unnamed, ID, "task " ID ":1 on this host, with its task role" },
        { "no revision", unnumbered, ID, "task web on this host, with its task role" },
        { "by its definition", defined, ID, "with its task role" },
        { "both are one", defined_alike, ID, "with both its task role and its execution role" },
        { "the execution role", defined_execution, ID, "with its execution role: ECS, Docker or the agent made the call" },
        { "overrides come first", overridden, ID, "with its task role" },
        { "an execution id", execution_id, ID, "with its execution role" },
        { "another task's id", of_another, ID, "with its task role or its execution role" },
        { "its own id", of_its_own, ID, "with its task role" },
        { "the endpoint answers with another", other_answer, ID, "with its task role or its execution role" },
        { "the endpoint does not answer", not_answered, ID, "with its task role or its execution role" },
};

static void sessions_of_tasks(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(tasks); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
                CLEANUP(verdicts_freep) struct verdicts *v = NULL;
                struct error_text e = { .kind = ERROR_DENIED, .actor = ACTOR_TASK, .role = "webTaskRole", .session = tasks[i].session };
                struct error_here here;

                tasks[i].make(s);
                v = host_judge(s);
                assert_int_equal(error_here(v, &e, v->arena, &here), 0);
                if (tasks[i].caller ? !here.caller || !strstr(here.caller, tasks[i].caller) : here.caller != NULL)
                        fail_msg("%s: %s", tasks[i].why, here.caller ? here.caller : "none");
        }
}

static void lost(struct snapshot *s, pid_t pid) { host_bare(s, 0, pid, 10, pid == 30 ? "job" : "other"); }
static void nobody(struct snapshot *s) { (void)s; }
static void one(struct snapshot *s) { lost(s, 30); }
static void two(struct snapshot *s) { lost(s, 30); lost(s, 31); }
static void keys(struct snapshot *s) { host_process(s, 0, 30, 10, "job")->env[ENV_VAR_KEY_ID] = "AKIAIOSFODNN7EXAMPLE"; s->processes[1].env[ENV_VAR_SECRET] = MODEL_REDACTED; }
static void unknown_host(struct snapshot *s) { one(s); s->host.instance_id = NULL; }

static const struct { const char *why; void (*make)(struct snapshot *); const char *session, *caller, *meant; } instances[] = {
        { "another instance", one, "i-ffff", "another instance; this one is i-1234567890abcdef0", NULL },
        { "nobody acts so", nobody, "i-1234567890abcdef0", "this instance", NULL },
        { "static keys are not the instance's", keys, "i-1234567890abcdef0", "this instance", NULL },
        { "one", one, "i-1234567890abcdef0", "this instance", "webTaskRole, if the call came from job (pid 30) in container app of task web" },
        { "more than one", two, "i-1234567890abcdef0", "this instance", "(or from 1 other process group that uses the instance role)" },
        { "its id is not known", unknown_host, "i-ffff", "this instance", "webTaskRole, if the call came from job (pid 30)" },
};

/* The agent and Docker act as the instance role: no process is meant, whatever runs. */
static void calls_of_the_platform(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        struct error_text e = { .kind = ERROR_DENIED, .actor = ACTOR_INSTANCE, .role = "ecsInstanceRole", .session = "i-1234567890abcdef0", .platform_call = true };
        struct error_here here;

        (void)state;
        one(s);
        v = host_judge(s);
        assert_int_equal(error_here(v, &e, v->arena, &here), 0);
        assert_string_equal(here.caller, "this instance");
        assert_null(here.meant);
        assert_null(here.remedy);
}

static void sessions_of_instances(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(instances); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
                CLEANUP(verdicts_freep) struct verdicts *v = NULL;
                struct error_text e = { .kind = ERROR_DENIED, .actor = ACTOR_INSTANCE, .role = "ecsInstanceRole", .session = instances[i].session };
                struct error_here here;

                instances[i].make(s);
                host_sdks(s);
                v = host_judge(s);
                assert_int_equal(error_here(v, &e, v->arena, &here), 0);
                if (!streq(here.caller, instances[i].caller) || (instances[i].meant ? !here.meant || !strstr(here.meant, instances[i].meant) || !here.remedy
                                                                                  : here.meant != NULL))
                        fail_msg("%s: %s, %s", instances[i].why, here.caller, here.meant ? here.meant : "none");
                /* Without room for its words nothing is said. */
                arena_fail(v->arena);
                assert_int_equal(error_here(v, &e, v->arena, &here), -ENOMEM);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(sessions_of_tasks), cmocka_unit_test(sessions_of_instances),
                                            cmocka_unit_test(calls_of_the_platform) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
