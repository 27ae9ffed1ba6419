/* What the release of an SDK decides: one row each, with the finding and its remedy, or no finding. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include "helper_judge.h"

#define PROXY "http://proxy.example:3128"

static struct process *job(struct snapshot *s) { return host_process(s, 0, 30, 10, "job"); }

/* A task without a role: nobody in it has the variable. */
static struct process *roleless(struct snapshot *s)
{
        host_by_pid(s, 10)->env[ENV_VAR_RELATIVE_URI] = NULL;
        host_by_pid(s, 10)->cred_relative = -1;
        return host_bare(s, 0, 30, 10, "job");
}

static void ok(struct snapshot *s) { job(s); }
static void failing(struct snapshot *s)
{
        s->creds[0].answer = (struct answer){ ANSWER_STATUS, 503, NULL };
        job(s);
}
static void proxied(struct snapshot *s) { job(s)->env[ENV_VAR_HTTP_PROXY] = PROXY; }
static void exempt(struct snapshot *s)
{
        proxied(s);
        host_by_pid(s, 30)->env[ENV_VAR_NO_PROXY] = "169.254.170.2";
}
static void no_role(struct snapshot *s) { roleless(s); }
static void no_role_proxied(struct snapshot *s) { roleless(s)->env[ENV_VAR_HTTP_PROXY_LOWER] = PROXY; }
static void no_role_exempt(struct snapshot *s)
{
        no_role_proxied(s);
        host_by_pid(s, 30)->env[ENV_VAR_NO_PROXY_LOWER] = "localhost,169.254.169.254";
}
static void no_role_required(struct snapshot *s)
{
        s->netns[0].imds_v1 = (struct answer){ ANSWER_STATUS, 401, NULL };
        roleless(s);
}
static void lost_required(struct snapshot *s)
{
        s->netns[0].imds_v1 = (struct answer){ ANSWER_STATUS, 401, NULL };
        host_process(s, 0, 20, 10, "crond");
        host_bare(s, 0, 30, 20, "job");
}
static void lost_proxied(struct snapshot *s)
{
        host_process(s, 0, 20, 10, "crond");
        host_bare(s, 0, 30, 20, "job")->env[ENV_VAR_HTTP_PROXY] = PROXY;
}

#define NONE_FOUND (-1)
static const struct row {
        const char *why;
        void (*make)(struct snapshot *s);
        const char *sdk, *version;
        int finding;
        enum severity severity;
        const char *mechanism, *text, *remedy;
} rows[] = {
        { "older than its container provider", ok, "js2", "2.4.6", FINDING_SDK_TOO_OLD, SEVERITY_WARNING,
          "sdk-too-old", "JavaScript v2 2.4.6 does not read AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: support for task roles came with 2.4.7",
          "to 2.4.7 or later" },
        { "the first that has it", ok, "js2", "2.4.7", NONE_FOUND, SEVERITY_OK, NULL, NULL, NULL },
        { "botocore", ok, "botocore", "1.4.36", FINDING_SDK_TOO_OLD, SEVERITY_WARNING, "sdk-too-old",
          "1.4.36", "1.4.37 or later" },
        { "its first", ok, "botocore", "1.4.37", NONE_FOUND, SEVERITY_OK, NULL, NULL, NULL },
        { "PHP", ok, "php", "3.18.27", FINDING_SDK_TOO_OLD, SEVERITY_WARNING, "sdk-too-old", "3.18.27",
          "3.18.28 or later" },
        { "Java v1", ok, "java1", "1.11.15", FINDING_SDK_TOO_OLD, SEVERITY_WARNING, "sdk-too-old",
          "1.11.15", "1.11.16 or later" },
        { "an unknown release is not called old", ok, "js2", NULL, NONE_FOUND, SEVERITY_OK, NULL, NULL, NULL },

        { "keeps the instance role", failing, "java2", "2.25.0", FINDING_SDK_STICKY, SEVERITY_WARNING,
          "sdk-sequential", "keeps it", "then restart job (pid 30)" },
        { "keeps it until the keys expire", failing, "js2", "2.1500.0", FINDING_SDK_STICKY, SEVERITY_WARNING,
          "sdk-sequential-until-expiry", "until those credentials expire", "without a restart" },
        { "one or the other: no instance role", failing, "js2", "2.428.0", FINDING_ENDPOINT_FLAPPING,
          SEVERITY_WARNING, "endpoint-pending", "HTTP 503", "agent" },
        { "the same, botocore", failing, "botocore", "1.34.0", FINDING_ENDPOINT_FLAPPING, SEVERITY_WARNING,
          "endpoint-pending", "HTTP 503", "agent" },
        { "old PHP goes on", failing, "php", "3.100.0", FINDING_SDK_STICKY, SEVERITY_WARNING,
          "sdk-sequential-until-expiry", "AWS SDK for PHP v3 3.100.0", "restart" },
        { "new PHP does not", failing, "php", "3.300.0", FINDING_ENDPOINT_FLAPPING, SEVERITY_WARNING,
          "endpoint-pending", "HTTP 503", "agent" },

        { "Go asks the endpoint through a proxy", proxied, "go2", "1.17.1", FINDING_NO_CREDENTIALS, SEVERITY_INFO,
          "endpoint-through-proxy", "through the HTTP proxy", "Add 169.254.170.2" },
        { "unless it is exempt", exempt, "go2", "1.17.1", NONE_FOUND, SEVERITY_OK, NULL, NULL, NULL },
        { "botocore does not", proxied, "botocore", "1.34.0", NONE_FOUND, SEVERITY_OK, NULL, NULL, NULL },

        { "botocore asks IMDS through a proxy", no_role_proxied, "botocore", "1.34.0", FINDING_NO_CREDENTIALS,
          SEVERITY_INFO, "imds-through-proxy", "gets no credentials: botocore (boto3, AWS CLI v1) 1.34.0 sends",
          "Add 169.254.169.254 to NO_PROXY" },
        { "unless it is exempt", no_role_exempt, "botocore", "1.34.0", NONE_FOUND, SEVERITY_OK, NULL, NULL, NULL },
        { "JS v3 does not", no_role_proxied, "js3", "3.972.66", NONE_FOUND, SEVERITY_OK, NULL, NULL, NULL },
        { "nobody knows of an SDK", no_role_proxied, NULL, NULL, NONE_FOUND, SEVERITY_OK, NULL, NULL, NULL },
        { "a lost variable comes first", lost_proxied, "botocore", "1.34.0", FINDING_NO_CREDENTIALS, SEVERITY_INFO,
          "lost-cron", "crond (pid 20) started job (pid 30)", "crontab" },

        { "IMDSv1 only where tokens are required", no_role_required, "js2", "2.574.0", FINDING_NO_CREDENTIALS,
          SEVERITY_INFO, "imds-v1-only", "2.574.0 supports IMDSv1 only", "Update AWS SDK for JavaScript v2 to 2.575.0" },
        { "the first that knows tokens", no_role_required, "js2", "2.575.0", NONE_FOUND, SEVERITY_OK, NULL, NULL, NULL },
        { "old botocore", no_role_required, "botocore", "1.13.20", FINDING_NO_CREDENTIALS, SEVERITY_INFO,
          "imds-v1-only", "1.13.20", "1.13.21" },
        { "where IMDSv1 answers", no_role, "js2", "2.574.0", NONE_FOUND, SEVERITY_OK, NULL, NULL, NULL },
        { "a lost variable comes first", lost_required, "js2", "2.574.0", FINDING_NO_CREDENTIALS, SEVERITY_WARNING,
          "lost-cron", "gets no credentials (expected webTaskRole)", "crontab" },
};

static void releases_decide(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
                CLEANUP(verdicts_freep) struct verdicts *v = NULL;
                const struct row *t = &rows[i];
                const struct finding *f;
                const struct group *g;

                t->make(s);
                if (t->sdk)
                        host_sdk(host_by_pid(s, 30), t->sdk, t->version);
                v = host_judge(s);
                f = finding_by_pid(v, 30);
                g = group_by_pid(v, 30);
                if (t->finding < 0 && f)
                        fail_msg("%s: %s", t->why, f->message);
                if (t->finding < 0)
                        continue;
                if (!f || (int)f->kind != t->finding || f->severity != t->severity ||
                    !streq(g->cause.mechanism, t->mechanism))
                        fail_msg("%s: %s, %s, %s", t->why, f ? finding_slug(f->kind) : "none",
                                 f ? severity_to_string(f->severity) : "-", g->cause.mechanism);
                if (!strstr(f->message, t->text) || !strstr(f->remedy, t->remedy))
                        fail_msg("%s: %s / %s", t->why, f->message, f->remedy);
        }
}

/* A release that is not known stands for every one of its family. */
static void an_unknown_release_is_all_of_them(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        const struct group *g;

        (void)state;
        failing(s);
        host_sdk(host_by_pid(s, 30), "js2", NULL);
        v = host_judge(s);
        g = group_by_pid(v, 30);
        assert_false(g->agreed);
        assert_true(g->n_by_row > 1);
        for (size_t i = 0; i < g->n_by_row; i++)
                assert_string_equal(chain_row_sdk(g->by_row[i].row), "js2");
        assert_int_equal(g->winner.certainty, CERTAINTY_POSSIBLE);
}

/* Two SDKs in one process that differ: the finding says whose answer it is. */
static void several_sdks_are_distinguished(void **state)
{
        static const struct sdk two[] = { { "js2", "2.4.6", CERTAINTY_PREDICTED },
                                          { "js3", "3.972.66", CERTAINTY_PREDICTED } };
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        const struct finding *f;

        (void)state;
        ok(s);
        host_by_pid(s, 30)->sdks = two;
        host_by_pid(s, 30)->n_sdks = 2;
        v = host_judge(s);
        f = finding_by_pid(v, 30);
        assert_non_null(f);
        assert_int_equal(group_by_pid(v, 30)->n_by_row, 2);
        assert_int_equal(f->severity, SEVERITY_INFO);
        assert_non_null(strstr(f->message, "(imds) with AWS SDK for JavaScript v2 2.4.6 instead of"));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(releases_decide), cmocka_unit_test(an_unknown_release_is_all_of_them),
                cmocka_unit_test(several_sdks_are_distinguished),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
