/* A fact about a container makes several of its programs fail, which is one finding; what only looks the same is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "helper_judge.h"
#include "rolewatch/notice.h"

/* Two programs below the container's first process, pid 10. */
static void two(struct snapshot *s, const char *sdk, const char *version, void (*each)(struct process *))
{
        for (pid_t pid = 30; pid < 32; pid++) {
                struct process *p = host_process(s, 0, pid, 10, pid == 30 ? "app" : "worker");

                each(p);
                host_sdk(p, sdk, version);
        }
}

static void keys(struct process *p) { p->env[ENV_VAR_KEY_ID] = "AKIAIOSFODNN7EXAMPLE"; p->env[ENV_VAR_SECRET] = MODEL_REDACTED; }
static void keys_of_container(struct snapshot *s) { two(s, "go1", "1.44.0", keys); keys(host_by_pid(s, 10)); }
static void keys_of_processes(struct snapshot *s) { two(s, "go1", "1.44.0", keys); }

static void token(struct process *p)
{
        p->env[ENV_VAR_TOKEN_FILE] = "/run/token";
        p->token_file = FILE_ABSENT;
        p->env[ENV_VAR_FULL_URI] = "http://169.254.170.23/***";
}
static void token_of_container(struct snapshot *s) { two(s, "botocore", "1.34.0", token); token(host_by_pid(s, 10)); }
static void token_of_two_sdks(struct snapshot *s)
{
        token_of_container(s);
        host_sdk(host_by_pid(s, 31), "ruby3", "3.211.0");
}
static void token_of_processes(struct snapshot *s) { two(s, "botocore", "1.34.0", token); }
static void token_of_nobody_known(struct snapshot *s) { token_of_container(s); host_by_pid(s, 10)->environ.state = ANSWER_DENIED; }

/* The same after redaction, but the id of the execution role. */
static void copied(struct process *p) { p->cred_relative = 1; }
static void uri_of_processes(struct snapshot *s)
{
        const struct credential of_task = s->creds[0];

        *snapshot_add_cred(s) = of_task;
        s->creds[1].kind = CRED_EXECUTION;
        s->creds[1].role_arn = EXEC_ROLE;
        two(s, "botocore", "1.34.0", copied);
}
static void uri_of_container(struct snapshot *s) { uri_of_processes(s); copied(host_by_pid(s, 10)); }

#define WEB_IDENTITY(role) { .name = "default", .key = { [PROFILE_KEY_WEB_IDENTITY_TOKEN] = "/run/token", [PROFILE_KEY_ROLE_ARN] = role } }
static const struct profile orders[] = { WEB_IDENTITY("arn:aws:iam::111122223333:role/orders") };
static void by_profile(struct process *p)
{
        p->config = (struct profile_file){ .state = FILE_OK, .profiles = orders, .n_profiles = 1 };
        p->web_identity_file = FILE_OK;
}
/* Neither the programs nor the container have the variable: the profile is each program's own. */
static void identity_by_profile(struct snapshot *s) { two(s, "go2", "1.40.0", by_profile); }

static void by_variable(struct process *p)
{
        p->env[ENV_VAR_WEB_IDENTITY_TOKEN] = "/run/token";
        p->env[ENV_VAR_ROLE_ARN] = "arn:aws:iam::111122223333:role/orders";
        p->web_identity_file = FILE_OK;
}
static void identity_of_container(struct snapshot *s) { two(s, "go2", "1.40.0", by_variable); by_variable(host_by_pid(s, 10)); }
static void identity_of_two_roles(struct snapshot *s)
{
        identity_of_container(s);
        host_by_pid(s, 31)->env[ENV_VAR_ROLE_ARN] = "arn:aws:iam::111122223333:role/invoices";
}

static const struct profile keys_in_file[] = {
        { .name = "default", .key = { [PROFILE_KEY_KEY_ID] = "AKIAIOSFODNN7EXAMPLE", [PROFILE_KEY_SECRET] = MODEL_REDACTED } },
};
static void by_file(struct process *p)
{
        p->credentials = (struct profile_file){ .path = "/root/.aws/credentials", .state = FILE_OK, .profiles = keys_in_file, .n_profiles = 1 };
}
static void file_of_image(struct snapshot *s) { two(s, "go1", "1.44.0", by_file); }
static void files_of_two_homes(struct snapshot *s) { file_of_image(s); host_by_pid(s, 31)->credentials.path = "/home/app/.aws/credentials"; }

static void half_pair(struct process *p) { p->env[ENV_VAR_KEY_ID] = "AKIAIOSFODNN7EXAMPLE"; }
static void half_pair_of_container(struct snapshot *s) { two(s, "botocore", "1.34.0", half_pair); half_pair(host_by_pid(s, 10)); }
static void half_pair_of_processes(struct snapshot *s) { two(s, "botocore", "1.34.0", half_pair); }

static void profile_gone(struct process *p)
{
        p->env[ENV_VAR_PROFILE] = "gone";
        p->credentials.state = p->config.state = FILE_ABSENT;
}
static void profile_missing(struct snapshot *s) { two(s, "botocore", "1.34.0", profile_gone); }
static void profiles_missing(struct snapshot *s) { profile_missing(s); host_by_pid(s, 31)->env[ENV_VAR_PROFILE] = "other"; }

static void roleless(struct process *p)
{
        p->env[ENV_VAR_RELATIVE_URI] = NULL;
        p->cred_relative = -1;
}
static void hop_limit(struct snapshot *s)
{
        two(s, "botocore", "1.34.0", roleless);
        roleless(host_by_pid(s, 10));
        s->netns[0].imds_token = (struct answer){ ANSWER_TIMEOUT, 0, NULL };
        s->netns[0].imds_v1 = (struct answer){ ANSWER_STATUS, 401, NULL };
}

/* A container of its own, whose entrypoint clears the environment. */
static void cleared(struct snapshot *s)
{
        int c = host_task(s, "web", "side");

        s->containers[c].task = 0;
        host_sdk(host_bare(s, c, 30, 1, "app"), "go2", "1.40.0");
        host_sdk(host_bare(s, c, 31, 30, "worker"), "botocore", "1.34.0");
}
/* A call of the second program is denied: its finding names that call. */
static void cleared_and_denied(struct snapshot *s)
{
        cleared(s);
        host_by_pid(s, 31)->met_imds = true;
        *snapshot_add_denial(s) = (struct denial){ host_by_pid(s, 31)->container, "ecsInstanceRole", "i-1234567890abcdef0", "SNS:Publish", "*",
                                                   "the container's log", s->host.taken_s };
}
/* The first is only known by a declared need, and worth a notice. */
static void cleared_and_declared(struct snapshot *s)
{
        cleared(s);
        host_by_pid(s, 30)->n_sdks = 0;
        *snapshot_add_need(s) = (struct need){ .where = "needs.json", .container = -1, .role = "task",
                                               .policy = "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"sns:Publish\",\"Resource\":\"*\"}}" };
}

static void endpoint_pending(struct snapshot *s)
{
        for (size_t i = 0; i < s->n_creds; i++)
                s->creds[i].answer = (struct answer){ ANSWER_STATUS, 503, NULL };
        host_sdk(host_process(s, 0, 30, 10, "app"), "botocore", "1.34.0");
        host_sdk(host_process(s, 0, 31, 10, "worker"), "php", "3.376.2");
}

static const struct { const char *why; void (*make)(struct snapshot *); size_t findings; enum severity worst; } T[] = {
        { "static keys of the container", keys_of_container, 1, SEVERITY_WARNING },
        { "static keys of each process", keys_of_processes, 2, SEVERITY_WARNING },
        { "a token file of the container", token_of_container, 1, SEVERITY_WARNING },
        { "the same, and two SDKs that fail in different ways", token_of_two_sdks, 1, SEVERITY_WARNING },
        { "a token file of each process", token_of_processes, 2, SEVERITY_WARNING },
        { "a container whose environment is not known", token_of_nobody_known, 2, SEVERITY_WARNING },
        { "the execution role's URI, the container's", uri_of_container, 1, SEVERITY_WARNING },
        { "the same, of each process", uri_of_processes, 2, SEVERITY_WARNING },
        { "a web identity of the container", identity_of_container, 1, SEVERITY_INFO },
        { "the same token, and two roles", identity_of_two_roles, 2, SEVERITY_INFO },
        { "a web identity of profiles", identity_by_profile, 2, SEVERITY_INFO },
        { "a file of the image", file_of_image, 1, SEVERITY_WARNING },
        { "files of two homes", files_of_two_homes, 2, SEVERITY_WARNING },
        { "half a pair of the container", half_pair_of_container, 1, SEVERITY_WARNING },
        { "half a pair of each process", half_pair_of_processes, 2, SEVERITY_WARNING },
        { "a profile that does not exist", profile_missing, 1, SEVERITY_WARNING },
        { "two profiles that do not exist", profiles_missing, 2, SEVERITY_WARNING },
        { "the hop limit of the instance", hop_limit, 1, SEVERITY_INFO },
        { "an entrypoint that clears the environment", cleared, 1, SEVERITY_WARNING },
        { "the same, and a call is denied", cleared_and_denied, 2, SEVERITY_CRITICAL },
        { "the same, and the first is less certain", cleared_and_declared, 1, SEVERITY_WARNING },
        { "an endpoint that answers 503", endpoint_pending, 1, SEVERITY_WARNING },
};

static void one_fact_is_one_finding(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(T); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
                CLEANUP(verdicts_freep) struct verdicts *v = NULL;
                enum severity worst = SEVERITY_OK;
                size_t n = 0;

                T[i].make(s);
                v = host_judge(s);
                for (size_t k = 0; k < v->n_findings; k++) {
                        n += v->findings[k].group >= 0;
                        if (v->findings[k].severity > worst)
                                worst = v->findings[k].severity;
                }
                if (n != T[i].findings || worst != T[i].worst)
                        fail_msg("%s: %zu findings, %s: %s / %s", T[i].why, n, severity_to_string(worst), n ? v->findings[0].message : "",
                                 n > 1 ? v->findings[1].message : "");
        }
}

/* The most severe finding stands, and names the program that it stands for. */
static void the_most_severe_speaks(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        const struct finding *f;

        (void)state;
        cleared_and_declared(s);
        v = host_judge(s);
        f = finding_by_pid(v, 31);
        assert_non_null(f);
        assert_non_null(strstr(f->message, "; the same applies to app (pid 30)"));
        assert_null(finding_by_pid(v, 30));
}

/* One of them was seen at IMDS: what the finding says was observed. */
static void the_most_certain_speaks(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;

        (void)state;
        cleared(s);
        host_by_pid(s, 31)->met_imds = true;
        v = host_judge(s);
        assert_null(finding_by_pid(v, 30));
        assert_non_null(finding_by_pid(v, 31));
        assert_int_equal(finding_by_pid(v, 31)->certainty, CERTAINTY_OBSERVED);
}

/* The object of the finding that is about this program alone, as a verdict between scans finds it; NULL: none. */
static const char *object_alone(void (*make)(struct snapshot *), pid_t without, struct arena *a)
{
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        struct notice n;

        make(s);
        host_by_pid(s, without)->n_sdks = 0;
        v = host_judge(s);
        for (size_t k = 0; k < v->n_findings; k++)
                if (v->findings[k].group >= 0) {
                        assert_int_equal(notice_make(v, &v->findings[k], a, &n), 0);
                        return n.object;
                }
        return NULL;
}

/* Whichever of its programs is seen first, the finding is the same one. */
static void the_finding_stays_the_same(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(T); i++) {
                CLEANUP(arena_freep) struct arena *a = NULL;
                const char *first, *second;

                if (T[i].make == cleared_and_denied || T[i].make == cleared_and_declared)
                        continue;
                assert_int_equal(arena_new((size_t)256 << 10, &a), 0);
                first = object_alone(T[i].make, 31, a);
                second = object_alone(T[i].make, 30, a);
                if (!first || !second || streq(first, second) != (T[i].findings == 1))
                        fail_msg("%s: %s, %s", T[i].why, first ? first : "none", second ? second : "none");
        }
}

/* Sessions of ECS Exec have the credentials of its agent: where that has the wrong ones, the message says so. */
static void ecs_exec_is_named(void **state)
{
        static const struct { const char *why, *names[3], *text; } exec[] = {
                { "its agent alone", { "amazon-ssm-agent" }, "amazon-ssm-agent (pid 30), which runs ECS Exec, in container app of task web uses static keys" },
                { "among others", { "app", "job", "ssm-agent-worker" }, "; the same applies to ssm-agent-worker (pid 32), which runs ECS Exec, and 1 more program" },
                { "beside one", { "app", "ssm-session-wor" }, "; the same applies to ssm-session-wor (pid 31), which runs ECS Exec" },
                { "not there", { "app", "job" }, "; the same applies to job (pid 31)" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(exec); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
                CLEANUP(verdicts_freep) struct verdicts *v = NULL;
                const struct finding *f;
                const char *at;

                for (pid_t k = 0; k < 3 && exec[i].names[k]; k++) {
                        struct process *p = host_process(s, 0, 30 + k, 10, exec[i].names[k]);

                        keys(p);
                        host_sdk(p, "go1", "1.44.0");
                }
                keys(host_by_pid(s, 10));
                v = host_judge(s);
                f = finding_by_pid(v, 30);
                assert_non_null(f);
                at = strstr(f->message, exec[i].text);
                if (!at || (i > 0 && at[strlen(exec[i].text)]))
                        fail_msg("%s: %s", exec[i].why, f->message);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(one_fact_is_one_finding),
                cmocka_unit_test(the_most_severe_speaks),
                cmocka_unit_test(the_most_certain_speaks),
                cmocka_unit_test(the_finding_stays_the_same),
                cmocka_unit_test(ecs_exec_is_named),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
