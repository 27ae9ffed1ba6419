/* Groups, expectation, agreement, findings of the host, exit status. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include "helper_judge.h"

/* ---- groups ---- */

static void same(struct process *p) { (void)p; }
static void other_home(struct process *p) { p->env[ENV_VAR_HOME] = "/home/app"; }
static void other_exe(struct process *p) { p->exe = "/bin/other"; }
static void other_comm(struct process *p) { p->comm = "worker"; }
static void other_env(struct process *p) { p->env[ENV_VAR_METADATA_DISABLED] = "true"; }
static void other_prop(struct process *p) { p->prop[SYSPROP_PROFILE] = "x"; }
static void other_netns(struct process *p) { p->netns = -1; }
static void other_file(struct process *p) { p->credentials.path = "/home/app/.aws/credentials"; }
static void other_file_state(struct process *p) { p->credentials.state = FILE_UNREADABLE; }
static void other_environ(struct process *p) { p->environ.state = ANSWER_DENIED; }
static void other_uri(struct process *p) { p->cred_relative = -1; }
static void other_sdk(struct process *p) { host_sdk(p, "go2", NULL); }
static const struct profile one[] = { { .name = "default" } }, twin[] = { { .name = "default" } },
                            changed[] = { { .name = "default",
                                            .key = { [PROFILE_KEY_KEY_ID] = "AKIAIOSFODNN7EXAMPLE" } } };
static void with(struct process *p, const struct profile *contents)
{
        p->config.state = FILE_OK;
        p->config.profiles = contents;
        p->config.n_profiles = 1;
}
static void other_contents(struct process *p) { with(p, p->pid == 21 ? one : changed); }
static void same_contents(struct process *p) { with(p, p->pid == 21 ? one : twin); }

static void groups_hold_what_cannot_differ(void **state)
{
        static const struct {
                const char *why;
                void (*change)(struct process *p);
                size_t groups;
                bool both;
        } rows[] = {
                { "the same", same, 1, false },
                { "another home, the same files", other_home, 1, false },
                { "another name, the same program", other_comm, 1, false },
                { "another program", other_exe, 2, false },
                { "another variable", other_env, 2, false },
                { "another property", other_prop, 2, false },
                { "another namespace", other_netns, 2, false },
                { "another file", other_file, 2, false },
                { "another state of the file", other_file_state, 2, false },
                { "another state of the environment", other_environ, 2, false },
                { "another URI behind the same redacted text", other_uri, 2, false },
                { "another SDK", other_sdk, 2, false },
                { "other contents", other_contents, 2, true },
                { "the same contents, read twice", same_contents, 1, true },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
                CLEANUP(verdicts_freep) struct verdicts *v = NULL;

                host_process(s, 0, 22, 10, "node");
                host_process(s, 0, 21, 10, "node");
                rows[i].change(host_by_pid(s, 22));
                if (rows[i].both)
                        rows[i].change(host_by_pid(s, 21));
                v = host_judge(s);
                if (v->n_groups != 1 + rows[i].groups)
                        fail_msg("%s: %zu groups", rows[i].why, v->n_groups);
                if (s->processes[v->groups[1].process].pid != 21 ||
                    v->groups[1].n_members != 3 - rows[i].groups)
                        fail_msg("%s: pid %d stands for %zu", rows[i].why,
                                 (int)s->processes[v->groups[1].process].pid,
                                 v->groups[1].n_members);
        }
}

static void groups_part_by_what_lost_the_variable(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;

        (void)state;
        host_process(s, 0, 20, 10, "cron");
        host_process(s, 0, 21, 10, "sudo");
        host_bare(s, 0, 30, 20, "aws");
        host_bare(s, 0, 31, 21, "aws");
        host_sdks(s);
        v = host_judge(s);
        assert_string_equal(group_by_pid(v, 30)->cause.mechanism, "lost-cron");
        assert_string_equal(group_by_pid(v, 31)->cause.mechanism, "lost-sudo");
}

static void groups_are_in_the_order_of_the_table(void **state)
{
        static const pid_t want[] = { 60, 50, 10, 40, 5 };
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        int zeta, api, outside;

        (void)state;
        zeta = host_task(s, "web", "zeta");
        api = host_task(s, "api", "main");
        outside = host_task(s, "x", "aaa");
        s->containers[outside].task = -1;
        host_process(s, outside, 5, 1, "sh");
        host_process(s, zeta, 40, 1, "sh");
        host_process(s, api, 60, 1, "sh");
        host_process(s, 0, 50, 1, "aaa")->start_ticks = 1;
        host_process(s, -1, 70, 1, "not-in-a-container");
        v = host_judge(s);
        assert_int_equal(v->n_groups, 5);
        /* api, then web/app by pid, web/zeta, outside. */
        assert_int_equal(s->processes[v->groups[0].process].pid, want[0]);
        assert_int_equal(s->processes[v->groups[1].process].pid, want[2]);
        assert_int_equal(s->processes[v->groups[2].process].pid, want[1]);
        assert_int_equal(s->processes[v->groups[3].process].pid, want[3]);
        assert_int_equal(s->processes[v->groups[4].process].pid, want[4]);
        assert_int_equal(v->groups[4].verdict, VERDICT_UNJUDGED);
}

/* ---- expectation ---- */

struct expect_row {
        const char *why;
        void (*make)(struct snapshot *s);
        const char *role;
        enum verdict verdict;          /* of pid 30 */
        int status;
};

static void no_role(struct snapshot *s)
{
        s->processes[0].env[ENV_VAR_RELATIVE_URI] = NULL;
        host_bare(s, 0, 30, 10, "job");
}
static void outside_ecs(struct snapshot *s)
{
        s->containers[0].task = -1;
        host_bare(s, 0, 30, 10, "job");
}
static void pause_container(struct snapshot *s)
{
        int c = host_task(s, "web", "~internal~ecs~pause");

        s->containers[c].task = 0;
        host_bare(s, c, 30, 1, "pause");
}
static void no_role_dark(struct snapshot *s)
{
        no_role(s);
        s->processes[0].environ.state = ANSWER_DENIED;
}
static void task_kind_wins(struct snapshot *s)
{
        struct credential *c;
        int side;

        s->creds[0].role_arn = EXEC_ROLE;
        s->creds[0].kind = CRED_EXECUTION;
        c = snapshot_add_cred(s);
        *c = (struct credential){ .answer = { ANSWER_OK, 200, NULL },
                                  .role_arn = TASK_ROLE,
                                  .kind = CRED_TASK };
        side = host_task(s, "web", "side");
        s->containers[side].task = 0;
        host_process(s, side, 30, 1, "job")->cred_relative = 1;
}
/* s6-overlay: the first process has lost the variable, with-contenv brings it back. */
static void only_services_have_it(struct snapshot *s)
{
        s->processes[0].env[ENV_VAR_RELATIVE_URI] = NULL;
        host_process(s, 0, 30, 10, "job");
}
static void s6_itself(struct snapshot *s)
{
        struct process *p = host_by_pid(s, 10);

        p->env[ENV_VAR_RELATIVE_URI] = NULL;
        p->comm = "s6-svscan";
        host_process(s, 0, 30, 10, "job");
}
/* Calls are declared for its container; whatever makes them, it is not cron. */
static void launcher(struct snapshot *s)
{
        host_sdk(host_bare(s, 0, 30, 10, "crond"), "cobol", "1");
        *snapshot_add_need(s) = (struct need){ .where = "needs.json", .container = -1, .role = "task",
                                               .policy = "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\"}]}" };
}
static void launcher_with_sdk(struct snapshot *s)
{
        host_sdk(host_bare(s, 0, 30, 10, "sudo"), "go2", "1.40.0");
}
static void unanswered(struct snapshot *s)
{
        s->creds[0].answer = (struct answer){ ANSWER_STATUS, 503, NULL };
        host_process(s, 0, 30, 10, "job");
}
static void unanswered_once_named(struct snapshot *s)
{
        unanswered(s);
        s->creds[0].role_arn = TASK_ROLE;
}
static void unanswered_unnamed(struct snapshot *s) { unanswered(s); s->creds[0].role_arn = NULL; }
static void not_requested(struct snapshot *s)
{
        s->creds[0] = (struct credential){ .answer = { ANSWER_UNKNOWN, 0, NULL } };
        host_process(s, 0, 30, 10, "job");
}
static void same_role_by_imds(struct snapshot *s)
{
        s->host.instance_role = "webTaskRole";
        host_bare(s, 0, 30, 10, "job");
}
static void healthy_botocore(struct snapshot *s)
{
        host_sdk(host_process(s, 0, 30, 10, "job"), "botocore", "1.34.0");
}
static void healthy_host_network(struct snapshot *s)
{
        s->netns[0].host = true;
        healthy_botocore(s);
}
static void unknown_sdk(struct snapshot *s)
{
        host_sdk(host_process(s, 0, 30, 10, "job"), "cobol", "1");
}

static void expectation(void **state)
{
        static const struct expect_row rows[] = {
                { "13 no variable anywhere: nothing is expected", no_role, NULL, VERDICT_UNJUDGED,
                  0 },
                { "12 outside ECS", outside_ecs, NULL, VERDICT_UNJUDGED, 0 },
                { "the agent's pause container", pause_container, NULL, VERDICT_UNJUDGED, 0 },
                { "the container's own environment is not known", no_role_dark, NULL,
                  VERDICT_UNKNOWN, 3 },
                { "a task's credential counts before an execution role's", task_kind_wins,
                  "webTaskRole", VERDICT_OK, 0 },
                { "only services have the variable", only_services_have_it, "webTaskRole",
                  VERDICT_OK, 0 },
                { "s6-overlay with with-contenv is healthy", s6_itself, "webTaskRole", VERDICT_OK,
                  0 },
                { "cron itself calls nothing", launcher, "webTaskRole", VERDICT_UNJUDGED, 0 },
                { "a launcher's name with an SDK in it", launcher_with_sdk, "webTaskRole",
                  VERDICT_WRONG, 1 },
                { "no answer, role known", unanswered_once_named, "webTaskRole", VERDICT_NONE, 1 },
                { "no answer, role not known", unanswered_unnamed, "(task role)", VERDICT_NONE, 1 },
                { "the endpoint was not asked", not_requested, "(task role)", VERDICT_OK, 0 },
                { "the instance has the same role", same_role_by_imds, "webTaskRole", VERDICT_OK,
                  0 },
                { "healthy", healthy_botocore, "webTaskRole", VERDICT_OK, 0 },
                { "healthy on the host's network", healthy_host_network, "webTaskRole", VERDICT_OK,
                  0 },
                { "an SDK without a row is no SDK", unknown_sdk, "webTaskRole", VERDICT_UNJUDGED, 0 },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
                CLEANUP(verdicts_freep) struct verdicts *v = NULL;
                const struct group *g;

                rows[i].make(s);
                host_sdks(s);
                v = host_judge(s);
                g = group_by_pid(v, 30);
                if (!streq(g->expected_role, rows[i].role) ||
                    (g->expected_role && !g->expected_why))
                        fail_msg("%s: expected %s", rows[i].why, g->expected_role);
                if (g->verdict != rows[i].verdict)
                        fail_msg("%s: verdict %s", rows[i].why, verdict_to_string(g->verdict));
                if (verdicts_exit_status(v) != rows[i].status)
                        fail_msg("%s: status %d", rows[i].why, verdicts_exit_status(v));
        }
}

/* ---- agreement ---- */

static void agreement(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        const struct sdk two[] = { { "botocore", "1.34.0", CERTAINTY_CERTAIN }, { "java2", "2.20.0", CERTAINTY_CERTAIN } };
        const struct group *g;
        struct process *p;

        (void)state;
        host_sdk(host_process(s, 0, 30, 10, "py"), "botocore", "1.34.0");
        host_bare(s, 0, 31, 10, "job");
        p = host_bare(s, 0, 32, 10, "empty");
        p->env[ENV_VAR_RELATIVE_URI] = "";
        p->sdks = two;
        p->n_sdks = ARRAY_SIZE(two);
        v = host_judge(s);

        g = group_by_pid(v, 30);
        assert_true(g->agreed);
        assert_int_equal(g->n_by_row, 1);
        assert_string_equal(g->sdk_name, "botocore");
        assert_null(g->alt.row);

        g = group_by_pid(v, 31);
        assert_true(g->agreed);
        assert_null(g->sdk_name);
        /* All known chains agree; that its own is one of them is not known. */
        assert_int_equal(g->winner.certainty, CERTAINTY_POSSIBLE);
        for (size_t i = 1; i < g->n_by_row; i++)
                assert_string_not_equal(chain_row_sdk(g->by_row[i - 1].row),
                                        chain_row_sdk(g->by_row[i].row));

        g = group_by_pid(v, 32);
        assert_false(g->agreed);
        assert_int_equal(g->winner.certainty, CERTAINTY_POSSIBLE);
        /* Not one SDK gets the task role so: that they differ in how is no doubt. */
        assert_int_equal(finding_by_pid(v, 32)->severity, SEVERITY_WARNING);
}

/* Tools with a chain of their own: by what is recognized, by the name alone, and by what they contacted. */
static void tools(void **state)
{
        static const struct {
                const char *why, *program, *sdk, *version, *sdk_name;
                bool met_imds, met_container;
                enum verdict verdict;
                enum provider provider;
                enum certainty certainty;
        } rows[] = {
                { "its own configuration decides", "registry", "registry", NULL, "registry", false, false, VERDICT_UNKNOWN, PROVIDER_IMDS, CERTAINTY_POSSIBLE },
                { "its name, and the SDK it is built with", "registry", "go1", "1.44.133", "registry", false, false, VERDICT_UNKNOWN, PROVIDER_IMDS, CERTAINTY_POSSIBLE },
                { "seen at IMDS", "registry", "go1", "1.44.133", "registry", true, false, VERDICT_WRONG, PROVIDER_IMDS, CERTAINTY_OBSERVED },
                { "a later SDK: a later registry", "registry", "go1", "1.55.5", "go1", false, false, VERDICT_OK, PROVIDER_CONTAINER, CERTAINTY_PREDICTED },
                { "another program of that name", "registry", NULL, NULL, NULL, false, false, VERDICT_UNJUDGED, PROVIDER_CONTAINER, CERTAINTY_POSSIBLE },
                { "a name that is nobody else's", "pgbackrest", NULL, NULL, "pgbackrest", false, false, VERDICT_UNKNOWN, PROVIDER_IMDS, CERTAINTY_POSSIBLE },
                { "it may ask IMDS", "pgbackrest", NULL, NULL, "pgbackrest", true, false, VERDICT_WRONG, PROVIDER_IMDS, CERTAINTY_OBSERVED },
                { "a profile of its own", "amazon-cloudwatch-agent", "go1", "1.44.133", "cloudwatch-agent", false, false, VERDICT_UNKNOWN, PROVIDER_CONTAINER, CERTAINTY_POSSIBLE },
                { "at IMDS for facts about the instance", "amazon-cloudwatch-agent", "cloudwatch-agent", NULL, "cloudwatch-agent", true, false, VERDICT_UNKNOWN, PROVIDER_CONTAINER, CERTAINTY_POSSIBLE },
                { "seen at the endpoint, too", "amazon-cloudwatch-agent", "cloudwatch-agent", NULL, "cloudwatch-agent", true, true, VERDICT_OK, PROVIDER_CONTAINER, CERTAINTY_OBSERVED },
                { "seen at the endpoint", "restic", "restic", NULL, "restic", false, true, VERDICT_OK, PROVIDER_CONTAINER, CERTAINTY_OBSERVED },
                { "a library, whose program may give it keys", "databend-query", "opendal", "0.16.5", "opendal", false, false, VERDICT_UNKNOWN, PROVIDER_IMDS, CERTAINTY_POSSIBLE },
                { "seen at IMDS, which it asks instead", "databend-query", "opendal", "0.16.5", "opendal", true, false, VERDICT_WRONG, PROVIDER_IMDS, CERTAINTY_OBSERVED },
                { "another library", "influxdb3", "object-store", "0.12.3", "object-store", false, false, VERDICT_UNKNOWN, PROVIDER_CONTAINER, CERTAINTY_POSSIBLE },
                { "a library of Java with a configuration", "java", "s3a", "3.3.6", "s3a", false, false, VERDICT_UNKNOWN, PROVIDER_CONTAINER, CERTAINTY_POSSIBLE },
                { "its options say so", "s3fs", "s3fs-ecs", NULL, "s3fs-ecs", false, false, VERDICT_OK, PROVIDER_CONTAINER, CERTAINTY_PREDICTED },
                { "its options say so, and it was seen elsewhere", "s3fs", "s3fs-ecs", NULL, "s3fs-ecs", true, false, VERDICT_UNKNOWN, PROVIDER_CONTAINER, CERTAINTY_POSSIBLE },
                { "seen where it never goes", "pgbackrest", NULL, NULL, "pgbackrest", false, true, VERDICT_UNKNOWN, PROVIDER_IMDS, CERTAINTY_POSSIBLE },
                { "seen at IMDS, where it never goes", "s3fs", "s3fs", NULL, "s3fs", true, false, VERDICT_UNKNOWN, PROVIDER_NONE, CERTAINTY_POSSIBLE },
                { "at IMDS in place of the endpoint", "restic", "restic", NULL, "restic", true, false, VERDICT_UNKNOWN, PROVIDER_CONTAINER, CERTAINTY_POSSIBLE },
                { "a program with a library, at both", "app", "boto2", NULL, "boto2", true, true, VERDICT_WRONG, PROVIDER_IMDS, CERTAINTY_OBSERVED },
                { "a program with a library, at the endpoint", "app", "boto2", NULL, "boto2", false, true, VERDICT_UNKNOWN, PROVIDER_IMDS, CERTAINTY_POSSIBLE },
                { "no configuration of its own", "fluent-bit", "fluent-bit", NULL, "fluent-bit", false, false, VERDICT_OK, PROVIDER_CONTAINER, CERTAINTY_PREDICTED },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
                CLEANUP(verdicts_freep) struct verdicts *v = NULL;
                struct process *p = host_process(s, 0, 30, 10, rows[i].program);
                const struct group *g;

                if (rows[i].sdk)
                        host_sdk(p, rows[i].sdk, rows[i].version);
                p->met_imds = rows[i].met_imds;
                p->met_container = rows[i].met_container;
                v = host_judge(s);
                g = group_by_pid(v, 30);
                if (g->verdict != rows[i].verdict || g->winner.provider != rows[i].provider || g->winner.certainty != rows[i].certainty ||
                    !(g->sdk_name ? streq(g->sdk_name, rows[i].sdk_name) : !rows[i].sdk_name))
                        fail_msg("%s: verdict %d, %s, certainty %d, %s", rows[i].why, (int)g->verdict, provider_to_string(g->winner.provider),
                                 (int)g->winner.certainty, g->sdk_name ? g->sdk_name : "-");
                assert_int_equal(finding_by_pid(v, 30) != NULL, rows[i].verdict == VERDICT_WRONG);
        }
}

static void an_unrecognized_program_has_no_tool_chain(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        const struct group *g;

        (void)state;
        host_process(s, 0, 30, 10, "unrecognized");
        v = host_judge(s);
        g = group_by_pid(v, 30);
        assert_true(g->n_by_row > 10);
        for (size_t i = 0; i < g->n_by_row; i++)
                assert_int_equal(chain_row_kind(g->by_row[i].row), CHAIN_SDK);
}

/* Some SDKs act as expected, most do not: reported, but no warning. */
static void a_possibility_is_no_warning(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        struct process *p;
        struct sdk two[] = { { "botocore", "1.34.0", CERTAINTY_CERTAIN },
                             { "js3", "3.700.0", CERTAINTY_CERTAIN } };

        (void)state;
        p = host_process(s, 0, 30, 10, "job");
        p->env[ENV_VAR_KEY_ID] = "AKIAIOSFODNN7EXAMPLE";
        p->sdks = two;
        p->n_sdks = 2;
        v = host_judge(s);
        assert_int_equal(group_by_pid(v, 30)->n_by_row, 2);
        assert_int_equal(group_by_pid(v, 30)->verdict, VERDICT_NONE);
        assert_int_equal(finding_by_pid(v, 30)->severity, SEVERITY_INFO);
        assert_int_equal(finding_by_pid(v, 30)->certainty, CERTAINTY_POSSIBLE);
        assert_int_equal(verdicts_exit_status(v), 0);
}

/* ---- the host ---- */

#define ANSWERED    { ANSWER_OK, 200, NULL }
#define TIMEOUT     { ANSWER_TIMEOUT, 0, NULL }
#define REFUSED     { ANSWER_REFUSED, 0, NULL }
#define GARBAGE     { ANSWER_GARBAGE, 200, NULL }
#define UNREACHABLE { ANSWER_UNREACHABLE, 0, NULL }
#define NOT_REQUESTED { ANSWER_UNKNOWN, 0, NULL }
#define FORBIDDEN   { ANSWER_STATUS, 401, NULL }

static void endpoint_of_the_host(void **state)
{
        static const struct {
                const char *why;
                struct answer a, b, port; /* two namespaces, and the agent's port on the host */
                bool b_host;
                int64_t agent_age_s;
                const char *message;           /* NULL: no finding of the host */
                size_t more;                   /* findings of groups */
        } rows[] = {
                { "29 rules flushed", TIMEOUT, TIMEOUT, ANSWERED, false, 0,
                  "is unreachable in 2 network namespaces (", 0 },
                { "the host has its own rule", TIMEOUT, ANSWERED, ANSWERED, true, 0,
                  "is unreachable in 1 network namespace (", 0 },
                { "one of two", TIMEOUT, ANSWERED, ANSWERED, false, 0, NULL, 1 },
                { "in different ways", TIMEOUT, REFUSED, ANSWERED, false, 0, NULL, 2 },
                { "34 the wrong port", GARBAGE, GARBAGE, ANSWERED, false, 0, "does not return credentials in 2", 0 },
                { "31 agent stopped", REFUSED, REFUSED, REFUSED, false, 0, "agent does not answer",
                  0 },
                { "31 agent stopped, nothing probed", NOT_REQUESTED, NOT_REQUESTED, REFUSED, false, 0,
                  "agent does not answer", 0 },
                { "31 agent just started", REFUSED, REFUSED, REFUSED, false, 20, NULL, 0 },
                { "works", ANSWERED, ANSWERED, ANSWERED, false, 0, NULL, 0 },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
                CLEANUP(verdicts_freep) struct verdicts *v = NULL;
                const struct finding *f;
                struct netns *n = snapshot_add_netns(s);
                int side = host_task(s, "web", "side");

                s->containers[side].task = 0;
                *n = s->netns[0];
                n->host = rows[i].b_host;
                n->container = rows[i].b;
                s->netns[0].container = rows[i].a;
                s->host.credentials = rows[i].port;
                if (rows[i].port.state == ANSWER_REFUSED)
                        s->creds[0] = (struct credential){ .answer = REFUSED };
                s->host.agent_started_s =
                        rows[i].agent_age_s ? s->host.taken_s - rows[i].agent_age_s : 0;
                host_process(s, side, 30, 1, "job")->netns = 1;
                host_sdk(host_by_pid(s, 10), "botocore", "1.34.0");
                host_sdk(host_by_pid(s, 30), "botocore", "1.34.0");
                v = host_judge(s);
                f = finding_by_pid(v, 0);
                if ((f != NULL) != (rows[i].message != NULL) ||
                    (f && !strstr(f->message, rows[i].message)))
                        fail_msg("%s: %s", rows[i].why, f ? f->message : "no finding");
                if (f && (f->kind != FINDING_ENDPOINT_UNREACHABLE || !f->remedy ||
                          verdicts_exit_status(v) != 2))
                        fail_msg("%s: kind, remedy or status", rows[i].why);
                for (size_t k = 0, more = 0; k <= v->n_findings; k++) {
                        if (k == v->n_findings && more != rows[i].more)
                                fail_msg("%s: %zu findings of groups", rows[i].why, more);
                        more += k < v->n_findings && v->findings[k].group >= 0;
                }
        }
}

/* What the agent says to all alike is one finding, of the host; what it says to some is theirs. */
static void answers_to_all(void **state)
{
        static const struct {
                const char *why;
                struct answer a, b;            /* to two tasks */
                enum finding_kind host;        /* FINDING_KIND_MAX: none */
                const char *message;
                size_t more;                   /* findings of groups */
        } rows[] = {
                { "503 to both", { ANSWER_STATUS, 503, NULL }, { ANSWER_STATUS, 503, NULL }, FINDING_ENDPOINT_FLAPPING,
                  "no task on this host gets credentials: the container endpoint does not return credentials for the task yet", 0 },
                { "429 to both", { ANSWER_STATUS, 429, NULL }, { ANSWER_STATUS, 429, NULL }, FINDING_ENDPOINT_FLAPPING,
                  "no task on this host gets credentials: the ECS agent throttles", 0 },
                { "garbage to both", GARBAGE, GARBAGE, FINDING_ENDPOINT_UNREACHABLE, "but not with credentials", 0 },
                { "expired for both", { ANSWER_EXPIRED, 200, NULL }, { ANSWER_EXPIRED, 200, NULL }, FINDING_CREDENTIALS_EXPIRED,
                  "all tasks on this host have expired credentials", 0 },
                { "503 to one", { ANSWER_STATUS, 503, NULL }, ANSWERED, FINDING_KIND_MAX, NULL, 1 },
                { "differently", { ANSWER_STATUS, 503, NULL }, { ANSWER_STATUS, 500, NULL }, FINDING_KIND_MAX, NULL, 2 },
                { "one of them not asked", { ANSWER_STATUS, 503, NULL }, NOT_REQUESTED, FINDING_KIND_MAX, NULL, 1 },
                { "unknown ids", { ANSWER_STATUS, 400, "InvalidIdInRequest" }, { ANSWER_STATUS, 400, "InvalidIdInRequest" },
                  FINDING_KIND_MAX, NULL, 2 },
                { "all is well", ANSWERED, ANSWERED, FINDING_KIND_MAX, NULL, 0 },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
                CLEANUP(verdicts_freep) struct verdicts *v = NULL;
                struct credential *second = snapshot_add_cred(s);
                const struct finding *f;
                size_t more = 0;

                *second = s->creds[0];
                s->creds[0].answer = rows[i].a;
                second->answer = rows[i].b;
                host_process(s, host_task(s, "other", "app"), 30, 1, "job")->cred_relative = 1;
                host_by_pid(s, 30)->netns = 0;
                s->netns[0].imds_token = s->netns[0].imds_v1 = (struct answer)FORBIDDEN;
                host_sdk(host_by_pid(s, 10), "botocore", "1.34.0");
                host_sdk(host_by_pid(s, 30), "botocore", "1.34.0");
                v = host_judge(s);
                f = finding_by_pid(v, 0);
                if ((f ? f->kind : FINDING_KIND_MAX) != rows[i].host || (f && (!strstr(f->message, rows[i].message) || !f->remedy)))
                        fail_msg("%s: %s", rows[i].why, f ? f->message : "no finding");
                for (size_t k = 0; k < v->n_findings; k++)
                        more += v->findings[k].group >= 0;
                if (more != rows[i].more)
                        fail_msg("%s: %zu findings of groups", rows[i].why, more);
        }
}

static void imds_open_once(void **state)
{
        static const struct {
                const char *why;
                struct answer token, v1;
                bool host, role, instance_role, open;
        } rows[] = {
                { "by token", ANSWERED, FORBIDDEN, false, true, true, true },
                { "38 by v1 alone", TIMEOUT, ANSWERED, false, true, true, true },
                { "37 by neither", TIMEOUT, FORBIDDEN, false, true, true, false },
                { "39 no route", UNREACHABLE, UNREACHABLE, false, true, true, false },
                { "the host's network", ANSWERED, ANSWERED, true, true, true, false },
                { "a task without a role", ANSWERED, ANSWERED, false, false, true, false },
                { "no keys to take", ANSWERED, ANSWERED, false, true, false, false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
                CLEANUP(verdicts_freep) struct verdicts *v = NULL;

                s->netns[0].imds_token = rows[i].token;
                s->netns[0].imds_v1 = rows[i].v1;
                s->netns[0].host = rows[i].host;
                if (!rows[i].role)
                        s->processes[0].env[ENV_VAR_RELATIVE_URI] = NULL;
                if (!rows[i].instance_role) {
                        s->host.instance_role = NULL;
                        s->host.imds_role_answer = (struct answer){ ANSWER_STATUS, 404, NULL };
                }
                host_process(s, 0, 30, 10, "job")->env[ENV_VAR_RELATIVE_URI] = rows[i].role ? RELATIVE_URI_VALUE : NULL;
                v = host_judge(s);
                if (v->n_findings != rows[i].open ||
                    (rows[i].open && v->findings[0].kind != FINDING_IMDS_OPEN))
                        fail_msg("%s: %zu findings", rows[i].why, v->n_findings);
                if (rows[i].open && (v->findings[0].severity != SEVERITY_INFO ||
                                     !strstr(v->findings[0].message, "1 task ")))
                        fail_msg("%s: %s", rows[i].why, v->findings[0].message);
                assert_int_equal(verdicts_exit_status(v), 0);
        }
}

/* ---- exit status of a host where there is nothing to judge ---- */

static void nothing_to_judge(void **state)
{
        static const struct {
                const char *why;
                enum answer_state introspection;
                const char *task;              /* its known state; NULL no task */
                int want;
        } rows[] = {
                { "an idle host", ANSWER_OK, NULL, 0 },
                { "stopped tasks stay three hours", ANSWER_OK, "STOPPED", 0 },
                { "a running task, no process seen", ANSWER_OK, "RUNNING", 3 },
                { "no agent, nothing seen", ANSWER_REFUSED, NULL, 3 },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = NULL;
                CLEANUP(verdicts_freep) struct verdicts *v = NULL;

                assert_int_equal(snapshot_new(&s), 0);
                s->host.introspection.state = rows[i].introspection;
                if (rows[i].task) {
                        host_task(s, "web", "app");
                        s->tasks[0].known = rows[i].task;
                }
                v = host_judge(s);
                assert_int_equal(v->n_groups, 0);
                if (verdicts_exit_status(v) != rows[i].want)
                        fail_msg("%s: %d", rows[i].why, verdicts_exit_status(v));
        }
}

static void every_word_is_there(void **state)
{
        (void)state;
        for (int k = 0; k < FINDING_KIND_MAX; k++)
                assert_true(strlen(finding_slug((enum finding_kind)k)) > 5 &&
                            strlen(finding_meaning((enum finding_kind)k)) > 20);
        assert_string_equal(finding_slug(FINDING_SDK_STICKY), "sdk-sticky-on-instance-role");
        assert_string_equal(verdict_to_string(VERDICT_UNJUDGED), "-");
        assert_string_equal(severity_to_string(SEVERITY_CRITICAL), "critical");
        assert_string_equal(severity_to_string(SEVERITY_MAX), "unknown");
        verdicts_free(NULL);
}

/* Nothing is said of strangers, which is an answer; where not one environment could be read there is none. */
static void nothing_visible(void **state)
{
        (void)state;
        for (int dark = 0; dark < 2; dark++) {
                CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
                CLEANUP(verdicts_freep) struct verdicts *v = NULL;

                s->netns[0].imds_token = s->netns[0].imds_v1 = (struct answer){ ANSWER_STATUS, 401, NULL };
                if (dark)
                        s->processes[0].environ = (struct answer){ ANSWER_DENIED, 0, NULL };
                v = host_judge(s);
                assert_int_equal(v->groups[0].verdict, dark ? VERDICT_UNKNOWN : VERDICT_UNJUDGED);
                assert_int_equal(verdicts_exit_status(v), dark ? 3 : 0);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(groups_hold_what_cannot_differ),
                cmocka_unit_test(groups_part_by_what_lost_the_variable),
                cmocka_unit_test(groups_are_in_the_order_of_the_table),
                cmocka_unit_test(expectation),
                cmocka_unit_test(agreement),
                cmocka_unit_test(tools), cmocka_unit_test(an_unrecognized_program_has_no_tool_chain),
                cmocka_unit_test(a_possibility_is_no_warning),
                cmocka_unit_test(endpoint_of_the_host),
                cmocka_unit_test(answers_to_all),
                cmocka_unit_test(imds_open_once),
                cmocka_unit_test(nothing_to_judge), cmocka_unit_test(nothing_visible),
                cmocka_unit_test(every_word_is_there),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
