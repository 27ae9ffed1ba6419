/* The expected role of processes in unusual tasks, and denials with missing parts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "helper_judge.h"

#define OTHER_ROLE "arn:aws:iam::111122223333:role/otherRole"

static int cred_add(struct snapshot *s, const char *role, enum cred_kind kind, enum answer_state answer)
{
        *snapshot_add_cred(s) = (struct credential){ .answer = { answer, 200, NULL }, .role_arn = role, .kind = kind };
        return (int)s->n_creds - 1;
}

/* The first process of the container has cleared its environment; what others have of it counts for less. */
static struct process *cleared(struct snapshot *s)
{
        host_by_pid(s, 10)->env[ENV_VAR_RELATIVE_URI] = NULL;
        host_by_pid(s, 10)->cred_relative = -1;
        return host_process(s, 0, 30, 10, "job");
}

static void an_id_of_a_service_only(struct snapshot *s) { cleared(s); }
static void an_id_that_does_not_answer(struct snapshot *s) { cleared(s); s->creds[0].answer.state = ANSWER_TIMEOUT; }
static void an_id_that_was_not_requested(struct snapshot *s) { cleared(s)->cred_relative = -1; }
static void an_execution_id(struct snapshot *s) { cleared(s); s->creds[0].kind = CRED_EXECUTION; }
static void an_id_that_the_log_knows(struct snapshot *s) { cleared(s); s->creds[0].kind = CRED_TASK; }
static void anothers_by_the_log(struct snapshot *s) { cleared(s); s->creds[0].task_arn = "arn:aws:ecs:eu-west-1:111122223333:task/x"; }
static void an_id_of_another_task(struct snapshot *s)
{
        cleared(s);
        host_process(s, host_task(s, "api", "api"), 50, 1, "api");
}
static void an_id_of_a_bare_task(struct snapshot *s)
{
        cleared(s);
        host_bare(s, host_task(s, "api", "api"), 50, 1, "api");
}
static void beside_an_empty_container(struct snapshot *s)
{
        cleared(s);
        host_task(s, "api", "api");
}
static void in_a_pause_container(struct snapshot *s)
{
        int pause = host_task(s, "web", "~internal~ecs~pause");

        cleared(s);
        s->containers[pause].task = 0;
        host_process(s, pause, 60, 1, "pause");
}
/* Two ids in one task: the one that the log knows, else the one of more containers. */
static void two_ids(struct snapshot *s, enum cred_kind kind)
{
        int side = host_task(s, "web", "side"), cred = cred_add(s, OTHER_ROLE, kind, ANSWER_OK);

        s->containers[side].task = 0;
        host_process(s, side, 40, 1, "side")->cred_relative = cred;
        host_process(s, 0, 30, 10, "job");
}
static void two_ids_known(struct snapshot *s) { two_ids(s, CRED_TASK); }
static void two_ids_not_known(struct snapshot *s) { two_ids(s, CRED_UNKNOWN); }
static void nothing_answers(struct snapshot *s) { host_process(s, 0, 30, 10, "job"); s->creds[0].role_arn = NULL; s->creds[0].answer.state = ANSWER_TIMEOUT; }
/* What the configuration of a container says that its first process was started with, where an entrypoint changed that. */
static struct process *configured(struct snapshot *s, enum config_uri uri, int cred)
{
        host_by_pid(s, 10)->env[ENV_VAR_RELATIVE_URI] = NULL;
        host_by_pid(s, 10)->cred_relative = -1;
        s->containers[0].config_uri = uri;
        s->containers[0].config_cred = cred;
        return host_bare(s, 0, 30, 10, "job");
}
static void by_the_configuration(struct snapshot *s) { configured(s, CONFIG_URI_SET, 0); }
static void not_in_the_configuration(struct snapshot *s) { configured(s, CONFIG_URI_ABSENT, -1); }
static void no_configuration(struct snapshot *s) { configured(s, CONFIG_URI_UNKNOWN, -1); }
static void configured_by_somebody(struct snapshot *s) { configured(s, CONFIG_URI_SET, -1); }
static void configured_for_the_execution(struct snapshot *s) { configured(s, CONFIG_URI_SET, 0); s->creds[0].kind = CRED_EXECUTION; }
static void configured_and_passed_on(struct snapshot *s)
{
        struct process *p = configured(s, CONFIG_URI_SET, 0);

        p->env[ENV_VAR_RELATIVE_URI] = RELATIVE_URI_VALUE;
        p->cred_relative = 0;
}
static void overwritten_but_configured(struct snapshot *s)
{
        configured(s, CONFIG_URI_SET, 0);
        host_by_pid(s, 10)->environ = (struct answer){ ANSWER_GARBAGE, 0, "overwritten by the program" };
}
static void overwritten_and_not_configured(struct snapshot *s)
{
        configured(s, CONFIG_URI_ABSENT, -1);
        host_by_pid(s, 10)->environ = (struct answer){ ANSWER_GARBAGE, 0, "overwritten by the program" };
}
static void pause_configured(struct snapshot *s)
{
        int pause = host_task(s, "web", "~internal~ecs~pause");

        configured(s, CONFIG_URI_UNKNOWN, -1);
        s->containers[pause] = (struct container){ .id = s->containers[pause].id, .name = "~internal~ecs~pause", .config_uri = CONFIG_URI_SET };
        host_bare(s, pause, 60, 1, "pause");
}
static void configured_for_another_task(struct snapshot *s)
{
        int api = host_task(s, "api", "api");

        cleared(s);
        s->containers[api].config_uri = CONFIG_URI_SET;
        s->containers[api].config_cred = 0;
        host_bare(s, api, 50, 1, "api");
}
static void outside_of_ecs(struct snapshot *s) { s->containers[0].task = -1; host_process(s, 0, 30, 10, "job"); }
static void dark(struct snapshot *s) { host_process(s, 0, 30, 10, "job")->environ.state = ANSWER_DENIED; host_by_pid(s, 30)->env[ENV_VAR_RELATIVE_URI] = NULL; }

static const struct { const char *why; void (*make)(struct snapshot *); const char *role; enum verdict verdict; } rows[] = {
        { "of a service only", an_id_of_a_service_only, "webTaskRole", VERDICT_OK },
        { "that does not answer", an_id_that_does_not_answer, NULL, VERDICT_UNJUDGED },
        { "that was not asked", an_id_that_was_not_requested, NULL, VERDICT_UNJUDGED },
        { "of the execution role", an_execution_id, NULL, VERDICT_UNJUDGED },
        { "that the agent's log knows", an_id_that_the_log_knows, "webTaskRole", VERDICT_OK },
        { "another's, by the log", anothers_by_the_log, NULL, VERDICT_UNJUDGED },
        { "that another task has from its start", an_id_of_another_task, NULL, VERDICT_UNJUDGED },
        { "that another task has not", an_id_of_a_bare_task, "webTaskRole", VERDICT_OK },
        { "beside a container without processes", beside_an_empty_container, "webTaskRole", VERDICT_OK },
        { "and in a container of the agent's own", in_a_pause_container, "webTaskRole", VERDICT_OK },
        { "two, of which the log knows one", two_ids_known, "otherRole", VERDICT_WRONG },
        { "two, of which nobody knows", two_ids_not_known, "webTaskRole", VERDICT_OK },
        { "no answer and no name", nothing_answers, "(task role)", VERDICT_NONE },
        { "outside of ECS", outside_of_ecs, NULL, VERDICT_UNJUDGED },
        { "removed by the entrypoint", by_the_configuration, "webTaskRole", VERDICT_WRONG },
        { "removed, and back in a service", configured_and_passed_on, "webTaskRole", VERDICT_OK },
        { "that the container was not started with", not_in_the_configuration, NULL, VERDICT_UNJUDGED },
        { "of a container whose configuration is not known", no_configuration, NULL, VERDICT_UNJUDGED },
        { "that is no path of the agent's", configured_by_somebody, "(task role)", VERDICT_WRONG },
        { "of the execution role, removed", configured_for_the_execution, "(task role)", VERDICT_WRONG },
        { "overwritten, in the configuration", overwritten_but_configured, "webTaskRole", VERDICT_WRONG },
        { "overwritten, and not in the configuration", overwritten_and_not_configured, NULL, VERDICT_UNJUDGED },
        { "of a container of the agent's own only", pause_configured, NULL, VERDICT_UNJUDGED },
        { "that another task was started with", configured_for_another_task, NULL, VERDICT_UNJUDGED },
        { "an environment that cannot be read", dark, "webTaskRole", VERDICT_UNKNOWN },
};

static void the_tasks_own_id(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
                CLEANUP(verdicts_freep) struct verdicts *v = NULL;
                const struct group *g;

                rows[i].make(s);
                host_sdks(s);
                v = host_judge(s);
                g = group_by_pid(v, 30);
                if (!streq(g->expected_role, rows[i].role) || g->verdict != rows[i].verdict)
                        fail_msg("%s: %s, %s", rows[i].why, g->expected_role, verdict_to_string(g->verdict));
        }
}

/* ---- denials ---- */

#define INSTANCE "ecsInstanceRole", "i-1234567890abcdef0"
#define TASK "webTaskRole", "web1"
static const struct {
        const char *why, *role, *session, *action, *resource;
        int container;
        bool lost;
        int kind;                      /* of the finding; -1: none but what there is without */
        const char *text, *remedy;
} denials[] = {
        { "all is said", INSTANCE, "sns:Publish", "arn:x", 0, true, FINDING_WRONG_ROLE_DENIED, "; sns:Publish on arn:x was denied, according to the container's log", "" },
        { "on what is not said", INSTANCE, "sns:Publish", NULL, 0, true, FINDING_WRONG_ROLE_DENIED, "; sns:Publish was denied, according to", "" },
        { "what is not said", INSTANCE, NULL, NULL, 0, true, FINDING_WRONG_ROLE_DENIED, "; a call was denied, according to", "" },
        { "another instance", "ecsInstanceRole", "i-ffff", "sns:Publish", NULL, 0, true, FINDING_WRONG_ROLE, "uses ecsInstanceRole", "" },
        { "another role", "x", "i-1234567890abcdef0", "sns:Publish", NULL, 0, true, FINDING_WRONG_ROLE, "uses ecsInstanceRole", "" },
        { "nobody's role", NULL, "i-1234567890abcdef0", "sns:Publish", NULL, 0, true, FINDING_WRONG_ROLE, "uses ecsInstanceRole", "" },
        { "no session", "ecsInstanceRole", NULL, "sns:Publish", NULL, 0, true, FINDING_WRONG_ROLE, "uses ecsInstanceRole", "" },
        { "in another container", INSTANCE, "sns:Publish", NULL, 1, true, FINDING_WRONG_ROLE, "uses ecsInstanceRole", "" },
        { "to the task role", TASK, "sns:Publish", "arn:x", 0, false, FINDING_RIGHT_ROLE_DENIED, "but sns:Publish on arn:x was denied to it, according to the container's log",
          "\"Action\":\"sns:Publish\",\"Resource\":\"arn:x\"" },
        { "to the task role, on what is not said", TASK, "sns:Publish", NULL, 0, false, FINDING_RIGHT_ROLE_DENIED, "but sns:Publish was denied to it, according to",
          "\"Action\":\"sns:Publish\",\"Resource\":\"*\"" },
        { "to the task role, what is not said", TASK, NULL, NULL, 0, false, FINDING_RIGHT_ROLE_DENIED, "but a call was denied to it, according to", "\"Action\":\"...\"" },
        { "to another task's session", "webTaskRole", "web2", "sns:Publish", NULL, 0, false, -1, NULL, NULL },
        { "to another role of the task's session", "x", "web1", "sns:Publish", NULL, 0, false, -1, NULL, NULL },
        { "to a session of no role", NULL, "web1", "sns:Publish", NULL, 0, false, -1, NULL, NULL },
        { "outside of ECS", TASK, "sns:Publish", NULL, 2, false, -1, NULL, NULL },
};

static void denials_with_little_text(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(denials); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
                CLEANUP(verdicts_freep) struct verdicts *v = NULL;
                const struct finding *f;
                int out;

                s->tasks[0].arn = "arn:aws:ecs:eu-west-1:1:task/prod/web1";
                host_task(s, "api", "api");
                out = host_task(s, "out", "out");
                s->containers[out].task = -1;
                if (denials[i].lost)
                        host_bare(s, 0, 30, 10, "job");
                else
                        host_process(s, 0, 30, 10, "job")->sdks = NULL;
                *snapshot_add_denial(s) = (struct denial){ .container = denials[i].container, .role = denials[i].role, .session = denials[i].session,
                                                           .action = denials[i].action, .resource = denials[i].resource, .source = "the container's log" };
                host_sdks(s);
                v = host_judge(s);
                f = finding_by_pid(v, 30);
                f = f ? f : finding_by_pid(v, 10);     /* of the two that act as the task the first is taken */
                if (denials[i].kind < 0 ? f != NULL : !f || (int)f->kind != denials[i].kind || !strstr(f->message, denials[i].text) ||
                                                      !strstr(f->remedy, denials[i].remedy))
                        fail_msg("%s: %s / %s", denials[i].why, f ? f->message : "none", f ? f->remedy : "");
        }
}

/* One group takes one denial; a second one goes to the next that it could be. */
static void each_denial_is_reported_once(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;

        (void)state;
        host_bare(s, 0, 30, 10, "job");
        host_bare(s, 0, 31, 10, "other")->met_imds = true;
        for (int i = 0; i < 3; i++)
                *snapshot_add_denial(s) = (struct denial){ .container = 0, .role = "ecsInstanceRole", .session = "i-1234567890abcdef0",
                                                           .action = i ? "sqs:SendMessage" : "sns:Publish", .source = "the container's log" };
        v = host_judge(s);
        /* Who was seen to ask IMDS goes first. */
        assert_string_equal(group_by_pid(v, 31)->denied->action, "sns:Publish");
        assert_string_equal(group_by_pid(v, 30)->denied->action, "sqs:SendMessage");
}

/* ---- parents ---- */

static void named_by_its_program(struct snapshot *s)
{
        struct process *cron = host_process(s, 0, 20, 10, "cron");

        cron->comm = NULL;
        host_bare(s, 0, 30, 20, "job");
}
static void named_by_nothing(struct snapshot *s)
{
        struct process *parent = host_process(s, 0, 20, 10, "cron");

        parent->comm = parent->exe = NULL;
        host_bare(s, 0, 30, 20, "job");
}
static void its_own_parent(struct snapshot *s) { host_bare(s, 0, 30, 30, "job"); }
static void parent_elsewhere(struct snapshot *s)
{
        host_process(s, host_task(s, "api", "api"), 20, 1, "cron")->cred_relative = -1;
        host_bare(s, 0, 30, 20, "job");
}
/* Started at the same time, without a parent in the container: the lower pid is the first. */
static void twins(struct snapshot *s)
{
        host_bare(s, 0, 12, 1, "sh")->start_ticks = 10;
        host_bare(s, 0, 8, 1, "sh")->start_ticks = 10;
        host_bare(s, 0, 30, 1, "job");
}

static const struct { const char *why; void (*make)(struct snapshot *); const char *mechanism; } parents[] = {
        { "known by its program", named_by_its_program, "lost-cron" },
        { "of no name", named_by_nothing, "lost-parent" },
        { "its own parent", its_own_parent, "lost-orphan" },
        { "in another container", parent_elsewhere, "lost-orphan" },
};

static void lines_of_parents(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *pair = host_healthy();
        CLEANUP(verdicts_freep) struct verdicts *of_pair = NULL;

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(parents); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
                CLEANUP(verdicts_freep) struct verdicts *v = NULL;

                parents[i].make(s);
                host_sdks(s);
                v = host_judge(s);
                if (!streq(group_by_pid(v, 30)->cause.mechanism, parents[i].mechanism))
                        fail_msg("%s: %s", parents[i].why, group_by_pid(v, 30)->cause.mechanism);
        }
        twins(pair);
        host_sdks(pair);
        of_pair = host_judge(pair);
        /* The first one, 8, is without the variable: what 10 has of it is of a service. */
        assert_string_equal(group_by_pid(of_pair, 30)->cause.mechanism, "lost-entrypoint");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_tasks_own_id), cmocka_unit_test(denials_with_little_text), cmocka_unit_test(each_denial_is_reported_once),
                cmocka_unit_test(lines_of_parents),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
