/* Observed evidence: contacts with endpoints and denied calls; and evidence classes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "helper_judge.h"

#define TOPIC "arn:aws:sns:eu-west-1:111122223333:orders"

static void denial(struct snapshot *s, const char *role, const char *session)
{
        *snapshot_add_denial(s) = (struct denial){ 0, role, session, "SNS:Publish", TOPIC, "the container's log", s->host.taken_s };
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
        host_sdk(host_by_pid(s, 10), "botocore", "1.34.0");
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
        assert_non_null(strstr(f->message, "SNS:Publish on " TOPIC " was denied, according to the container's log"));
        assert_non_null(strstr(f->remedy, "crontab"));
        assert_null(finding_by_pid(v, 10));
}

/* Every chain of the container gives the task role: then somebody does not ask his chain. */
static void a_program_that_requests_imds_itself(void **state)
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
static void quotations_prove_nothing(void **state)
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

/* ---- evidence classes ---- */

#define POLICY "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"sns:Publish\",\"Resource\":\"*\"}]}"
enum has { NO_URI, URI, OVERWRITTEN_URI, DENIED_URI, METADATA_URI };

static const struct class_row {
        const char *why;
        enum has has;
        const char *sdk, *version;
        bool declared, container, imds;
        enum evidence_class evidence;
        enum verdict verdict;
        enum certainty certainty;
        int severity;                  /* of its finding, -1 none */
        const char *reason;            /* begins so */
} classes[] = {
        { "a stranger", URI, NULL, NULL, false, false, false, EVIDENCE_NOTHING, VERDICT_UNJUDGED, CERTAINTY_POSSIBLE, -1,
          "no AWS SDK is recognized in it; it" },
        { "a stranger without the variable", NO_URI, NULL, NULL, false, false, false, EVIDENCE_NOTHING, VERDICT_UNJUDGED, CERTAINTY_POSSIBLE, -1,
          "no AWS SDK is recognized in it; it" },
        { "a stranger that overwrote it", OVERWRITTEN_URI, NULL, NULL, false, false, false, EVIDENCE_NOTHING, VERDICT_UNJUDGED, CERTAINTY_POSSIBLE, -1,
          "no AWS SDK is recognized in it; it" },
        { "a stranger that may not be read", DENIED_URI, NULL, NULL, false, false, false, EVIDENCE_NOTHING, VERDICT_UNKNOWN, CERTAINTY_POSSIBLE, -1,
          "no AWS SDK is recognized in it; it" },
        { "a stranger that reads the task's metadata", METADATA_URI, NULL, NULL, false, true, false, EVIDENCE_NOTHING, VERDICT_UNJUDGED, CERTAINTY_POSSIBLE, -1,
          "no AWS SDK is recognized in it; it" },
        { "declared", URI, NULL, NULL, true, false, false, EVIDENCE_DECLARED, VERDICT_OK, CERTAINTY_POSSIBLE, -1,
          "calls are declared for its container; no AWS" },
        { "declared, without the variable", NO_URI, NULL, NULL, true, false, false, EVIDENCE_DECLARED, VERDICT_WRONG, CERTAINTY_POSSIBLE, SEVERITY_NOTICE,
          "calls are declared for its container; no AWS" },
        { "carries", URI, "botocore", "1.34.0", false, false, false, EVIDENCE_CARRIES, VERDICT_OK, CERTAINTY_PREDICTED, -1,
          "an AWS SDK is recognized in it, and its environment is known" },
        { "carries, without the variable", NO_URI, "botocore", "1.34.0", false, false, false, EVIDENCE_CARRIES, VERDICT_WRONG, CERTAINTY_PREDICTED, SEVERITY_WARNING,
          "an AWS SDK is recognized in it, and its environment is known" },
        { "an SDK whose program overwrote it", OVERWRITTEN_URI, "botocore", "1.34.0", false, false, false, EVIDENCE_NOTHING, VERDICT_UNJUDGED, CERTAINTY_POSSIBLE, -1,
          "an AWS SDK is recognized in it, but its environment is not known; it" },
        { "the same, declared", OVERWRITTEN_URI, "botocore", "1.34.0", true, false, false, EVIDENCE_DECLARED, VERDICT_UNKNOWN, CERTAINTY_POSSIBLE, -1,
          "calls are declared for its container; an AWS SDK is recognized in it, but its environment is not known" },
        { "set after exec", NO_URI, "botocore", "1.34.0", false, true, false, EVIDENCE_OBSERVED, VERDICT_OK, CERTAINTY_POSSIBLE, -1,
          "it contacted" },
        { "overwritten, and seen at the endpoint", OVERWRITTEN_URI, "botocore", "1.34.0", false, true, false, EVIDENCE_OBSERVED, VERDICT_OK, CERTAINTY_POSSIBLE, -1,
          "it contacted" },
        { "an SDK that may not be read", DENIED_URI, "botocore", "1.34.0", false, false, false, EVIDENCE_CARRIES, VERDICT_UNKNOWN, CERTAINTY_POSSIBLE, -1,
          "an AWS SDK is recognized in it; its environment is not visible" },
        { "reads the task's metadata", METADATA_URI, "botocore", "1.34.0", false, true, false, EVIDENCE_CARRIES, VERDICT_WRONG, CERTAINTY_PREDICTED, SEVERITY_WARNING,
          "an AWS SDK is recognized in it, and its environment is known" },
        { "a stranger at the endpoint", NO_URI, NULL, NULL, false, true, false, EVIDENCE_OBSERVED, VERDICT_OK, CERTAINTY_POSSIBLE, -1,
          "it contacted" },
        { "a stranger at the endpoint, overwritten", OVERWRITTEN_URI, NULL, NULL, false, true, false, EVIDENCE_OBSERVED, VERDICT_UNKNOWN, CERTAINTY_POSSIBLE, -1,
          "it contacted" },
        { "seen at both", NO_URI, "botocore", "1.34.0", false, true, true, EVIDENCE_OBSERVED, VERDICT_UNKNOWN, CERTAINTY_OBSERVED, -1,
          "it contacted" },
        { "seen at IMDS", NO_URI, "botocore", "1.34.0", false, false, true, EVIDENCE_OBSERVED, VERDICT_WRONG, CERTAINTY_OBSERVED, SEVERITY_WARNING,
          "it contacted" },
        { "a stranger seen at IMDS", NO_URI, NULL, NULL, false, false, true, EVIDENCE_OBSERVED, VERDICT_WRONG, CERTAINTY_OBSERVED, SEVERITY_WARNING,
          "it contacted" },
        { "a stranger with the variable, seen at IMDS", URI, NULL, NULL, false, false, true, EVIDENCE_OBSERVED, VERDICT_UNKNOWN, CERTAINTY_POSSIBLE, -1,
          "it contacted" },
        { "an SDK that may have asked for its region", URI, "botocore", "1.34.0", false, false, true, EVIDENCE_OBSERVED, VERDICT_OK, CERTAINTY_POSSIBLE, -1,
          "it contacted" },
        { "at both, as it should", URI, "botocore", "1.34.0", false, true, true, EVIDENCE_OBSERVED, VERDICT_OK, CERTAINTY_OBSERVED, -1,
          "it contacted" },
};

static void classes_decide(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(classes); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
                CLEANUP(verdicts_freep) struct verdicts *v = NULL;
                const struct class_row *t = &classes[i];
                struct process *p = t->has == URI ? host_process(s, 0, 30, 10, "job") : host_bare(s, 0, 30, 10, "job");
                const struct finding *f;
                const struct group *g;

                if (t->has == OVERWRITTEN_URI)
                        p->environ = (struct answer){ ANSWER_GARBAGE, 0, "overwritten by the program" };
                if (t->has == DENIED_URI)
                        p->environ = (struct answer){ ANSWER_DENIED, 0, "Permission denied" };
                if (t->has == METADATA_URI)
                        p->env[ENV_VAR_METADATA_V4] = "http://169.254.170.2/v4/...";
                p->met_container = t->container;
                p->met_imds = t->imds;
                if (t->sdk)
                        host_sdk(p, t->sdk, t->version);
                if (t->declared)
                        *snapshot_add_need(s) = (struct need){ .where = "needs.json", .container = -1, .role = "task", .policy = POLICY };
                v = host_judge(s);
                g = group_by_pid(v, 30);
                f = finding_by_pid(v, 30);
                if (g->evidence != t->evidence || g->verdict != t->verdict || g->winner.certainty != t->certainty ||
                    (f ? (int)f->severity : -1) != t->severity)
                        fail_msg("%s: %s, %s, %s, %s", t->why, evidence_class_to_string(g->evidence), verdict_to_string(g->verdict),
                                 certainty_to_string(g->winner.certainty), f ? f->message : "no finding");
                if (strncmp(evidence_reason(v, g), t->reason, strlen(t->reason)) != 0)
                        fail_msg("%s: %s", t->why, evidence_reason(v, g));
        }
}

/* Also where the known SDKs get different wrong credentials: it is not known that the program has any of them. */
static void declared_is_at_most_a_notice(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        const struct finding *f;

        (void)state;
        host_bare(s, 0, 30, 10, "job")->env[ENV_VAR_KEY_ID] = "AKIAIOSFODNN7EXAMPLE";
        *snapshot_add_need(s) = (struct need){ .where = "needs.json", .container = -1, .role = "task", .policy = POLICY };
        v = host_judge(s);
        f = finding_by_pid(v, 30);
        assert_non_null(f);
        assert_false(group_by_pid(v, 30)->agreed);
        assert_int_equal(f->severity, SEVERITY_NOTICE);
        assert_int_equal(f->certainty, CERTAINTY_POSSIBLE);
}

/* Where the SDKs in question part, nothing is "ok". */
static void rows_that_differ_are_not_ok(void **state)
{
        static const struct sdk two[] = { { "botocore", "1.34.0", CERTAINTY_CERTAIN }, { "cpp", "1.11.0", CERTAINTY_CERTAIN } };
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        struct process *p = host_process(s, 0, 30, 10, "job");

        (void)state;
        p->env[ENV_VAR_TOKEN_FILE] = "/run/token";
        p->token_file = FILE_ABSENT;
        p->sdks = two;
        p->n_sdks = ARRAY_SIZE(two);
        v = host_judge(s);
        assert_false(group_by_pid(v, 30)->agreed);
        assert_int_not_equal(group_by_pid(v, 30)->verdict, VERDICT_OK);
}

/* Some releases of the SDK read the token file that is missing, the others use the task role. */
static void releases_that_differ_are_unknown(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        struct process *p = host_process(s, 0, 30, 10, "job");

        (void)state;
        p->env[ENV_VAR_TOKEN_FILE] = "/run/token";
        p->token_file = FILE_ABSENT;
        host_sdk(p, "crt", NULL);
        v = host_judge(s);
        assert_false(group_by_pid(v, 30)->agreed);
        assert_int_equal(group_by_pid(v, 30)->winner.provider, PROVIDER_NONE);
        assert_int_not_equal(group_by_pid(v, 30)->verdict, VERDICT_OK);
}

/* Whether the role trusts itself is not known; one that other credentials assume is as expected. */
static void a_role_that_assumes_itself(void **state)
{
        static const struct { const char *source, *role; bool in_config; enum verdict verdict; } rows[] = {
                { "EcsContainer", TASK_ROLE, true, VERDICT_UNKNOWN }, { "EcsContainer", TASK_ROLE, false, VERDICT_UNKNOWN },
                { NULL, TASK_ROLE, true, VERDICT_OK },                { "EcsContainer", EXEC_ROLE, true, VERDICT_WRONG },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
                CLEANUP(verdicts_freep) struct verdicts *v = NULL;
                struct process *p = host_process(s, 0, 30, 10, "job");
                const struct profile of[] = {
                        { .name = "default", .key = { [PROFILE_KEY_ROLE_ARN] = rows[i].role, [PROFILE_KEY_CREDENTIAL_SOURCE] = rows[i].source,
                                                      [PROFILE_KEY_SOURCE_PROFILE] = rows[i].source ? NULL : "base" } },
                        { .name = "base", .prefixed = true, .key = { [PROFILE_KEY_KEY_ID] = "AKIAIOSFODNN7EXAMPLE", [PROFILE_KEY_SECRET] = MODEL_REDACTED } },
                };
                const struct profile_file file = { .path = "/root/.aws/x", .state = FILE_OK, .profiles = of, .n_profiles = 2 };

                host_sdk(p, "botocore", "1.34.0");
                *(rows[i].in_config ? &p->config : &p->credentials) = file;
                v = host_judge(s);
                if (group_by_pid(v, 30)->winner.provider != PROVIDER_PROFILE || group_by_pid(v, 30)->verdict != rows[i].verdict)
                        fail_msg("%s %s: %s, %s", rows[i].source, rows[i].role, provider_to_string(group_by_pid(v, 30)->winner.provider),
                                 verdict_to_string(group_by_pid(v, 30)->verdict));
                assert_int_equal(streq(group_by_pid(v, 30)->cause.mechanism, "profile-own-role"), rows[i].verdict == VERDICT_UNKNOWN);
                assert_int_equal(finding_by_pid(v, 30) != NULL, rows[i].verdict == VERDICT_WRONG);
                if (rows[i].verdict == VERDICT_UNKNOWN)
                        assert_non_null(strstr(group_by_pid(v, 30)->cause.text, "assumes webTaskRole with the credentials of webTaskRole itself"));
        }
}

/* A pool that clears its environment: a web server may still pass the variable on with each request, until the process goes to IMDS. */
static void by_its_configuration_possible(void **state)
{
        (void)state;
        for (int i = 0; i < 4; i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
                CLEANUP(verdicts_freep) struct verdicts *v = NULL;
                const struct finding *f;
                struct process *p;

                host_process(s, 0, 20, 10, "php-fpm8.2");
                p = i == 3 ? host_process(s, 0, 30, 20, "php-fpm8.2") : host_bare(s, 0, 30, 20, "php-fpm8.2");
                host_sdk(p, "php", "3.300.0");
                p->environment_source = i == 0 ? ENVIRONMENT_PARENT : ENVIRONMENT_CONFIGURATION;
                p->met_imds = i == 2;
                v = host_judge(s);
                f = finding_by_pid(v, 30);
                assert_int_equal(f != NULL, i < 3);
                if (!f)
                        continue;
                assert_int_equal(f->kind, FINDING_WRONG_ROLE);
                assert_int_equal(f->certainty == CERTAINTY_POSSIBLE, i == 1);
                assert_int_equal(f->severity, i == 1 ? SEVERITY_INFO : SEVERITY_WARNING);
                assert_non_null(strstr(group_by_pid(v, 30)->cause.text, "php-fpm"));
        }
}

/* The same with SetEnv of Apache, which its PHP reads; not with Python in it, nor of PHP on the command line. */
static void in_apache_possible(void **state)
{
        static const struct { const char *name, *sdk, *version; bool imds; enum certainty certainty; } T[] = {
                { "apache2", "php", "3.300.0", false, CERTAINTY_POSSIBLE },
                { "apache2", "php", "3.300.0", true, CERTAINTY_OBSERVED },
                { "apache2", "botocore", "1.34.0", false, CERTAINTY_PREDICTED },
                { "php8.2", "php", "3.300.0", false, CERTAINTY_PREDICTED },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(T); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
                CLEANUP(verdicts_freep) struct verdicts *v = NULL;
                struct process *p = host_bare(s, 0, 30, 10, T[i].name);

                host_sdk(p, T[i].sdk, T[i].version);
                p->met_imds = T[i].imds;
                v = host_judge(s);
                assert_non_null(finding_by_pid(v, 30));
                if (finding_by_pid(v, 30)->certainty != T[i].certainty)
                        fail_msg("%s %s: %s", T[i].name, T[i].sdk, certainty_to_string(finding_by_pid(v, 30)->certainty));
        }
}

/*
 * A first process that overwrote its memory. That its environment was too short for the URI proves no use of AWS; that it
 * goes to IMDS, and not to the container endpoint, does. Where only its container tells what it has, IMDS puts that in doubt.
 */
static void too_short_for_the_uri(void **state)
{
        static const struct {
                const char *why;
                bool shorter, sdk, container, imds;
                enum config_uri uri;
                enum verdict verdict;
                bool found, keys;
        } T[] = {
                { "with keys in a profile, which asks IMDS for its region", true, true, false, true, CONFIG_URI_SET, VERDICT_UNKNOWN, false, true },
                { "seen nowhere", true, true, false, false, CONFIG_URI_SET, VERDICT_UNJUDGED, false, false },
                { "seen at IMDS", true, true, false, true, CONFIG_URI_SET, VERDICT_WRONG, true, false },
                { "at both: it came by the URI later", true, true, true, true, CONFIG_URI_SET, VERDICT_UNKNOWN, false, false },
                { "at the endpoint", true, true, true, false, CONFIG_URI_SET, VERDICT_OK, false, false },
                { "without an SDK", true, false, false, true, CONFIG_URI_SET, VERDICT_UNKNOWN, false, false },
                { "of a task without a role", true, true, false, true, CONFIG_URI_ABSENT, VERDICT_UNJUDGED, false, false },
                { "long enough, at IMDS", false, true, false, true, CONFIG_URI_SET, VERDICT_UNKNOWN, false, false },
                { "long enough, at the endpoint", false, true, true, false, CONFIG_URI_SET, VERDICT_OK, false, false },
                { "long enough, seen nowhere", false, true, false, false, CONFIG_URI_SET, VERDICT_OK, false, false },
        };

        struct profile keys = { .name = "default" };

        (void)state;
        keys.key[PROFILE_KEY_KEY_ID] = "AKIAIOSFODNN7EXAMPLE";
        keys.key[PROFILE_KEY_SECRET] = MODEL_REDACTED;
        for (size_t i = 0; i < ARRAY_SIZE(T); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
                CLEANUP(verdicts_freep) struct verdicts *v = NULL;
                struct process *p = host_by_pid(s, 10);
                const struct finding *f;

                p->comm = "gunicorn";
                if (T[i].keys)
                        p->credentials = (struct profile_file){ .path = "~/.aws/credentials", .state = FILE_OK, .profiles = &keys, .n_profiles = 1 };
                if (T[i].sdk)
                        host_sdk(p, "botocore", "1.34.0");
                p->met_container = T[i].container;
                p->met_imds = T[i].imds;
                p->without_uri = T[i].shorter;
                p->environment_source = T[i].shorter ? ENVIRONMENT_UNKNOWN : ENVIRONMENT_CONTAINER;
                if (T[i].shorter) {
                        p->environ = (struct answer){ ANSWER_GARBAGE, 0, "overwritten by the program" };
                        p->env[ENV_VAR_RELATIVE_URI] = p->env[ENV_VAR_HOME] = NULL;
                        p->cred_relative = -1;
                        s->containers[0].config_uri = T[i].uri;
                        s->containers[0].config_cred = T[i].uri == CONFIG_URI_SET ? 0 : -1;
                }
                v = host_judge(s);
                f = finding_by_pid(v, 10);
                if (group_by_pid(v, 10)->verdict != T[i].verdict || (f != NULL) != T[i].found)
                        fail_msg("%s: %s, %s", T[i].why, verdict_to_string(group_by_pid(v, 10)->verdict), f ? f->message : "no finding");
                if (!f)
                        continue;
                assert_int_equal(f->kind, FINDING_WRONG_ROLE);
                assert_int_equal(f->certainty, CERTAINTY_OBSERVED);
                assert_int_equal(f->severity, SEVERITY_WARNING);
                assert_string_equal(f->winner, "imds ecsInstanceRole");
                assert_string_equal(group_by_pid(v, 10)->cause.mechanism, "lost-entrypoint");
        }
}

/* A snapshot of a release that did not save the source: a worker without a variable overwrote its memory, as celery does, or has none. */
static void ambiguous_in_an_earlier_release(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = lost(), *back = NULL;
        CLEANUP(json_freep) cJSON *j = NULL;
        const struct group *g;
        cJSON *p;

        (void)state;
        host_sdk(host_by_pid(s, 30), "botocore", "1.34.0");
        for (int i = 0; i < 2; i++) {
                CLEANUP(verdicts_freep) struct verdicts *v = NULL;

                json_freep(&j);
                assert_int_equal(model_to_json(s, &j), 0);
                JSON_EACH(p, cJSON_GetObjectItemCaseSensitive(j, "processes"))
                        cJSON_DeleteItemFromObjectCaseSensitive(p, "environment_source");
                snapshot_freep(&back);
                assert_int_equal(model_from_json(j, &back), 0);
                v = host_judge(back);
                g = group_by_pid(v, 30);
                /* HOME proves that it can be read; without it nothing is known of it. */
                assert_int_equal(finding_by_pid(v, 30) != NULL, i == 0);
                assert_int_equal(g->evidence, i == 0 ? EVIDENCE_CARRIES : EVIDENCE_NOTHING);
                host_by_pid(s, 30)->env[ENV_VAR_HOME] = NULL;
        }
        /* What it was seen to do is known. */
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        host_by_pid(back, 30)->met_imds = true;
        v = host_judge(back);
        assert_int_equal(group_by_pid(v, 30)->evidence, EVIDENCE_OBSERVED);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(contacts), cmocka_unit_test(ambiguous_in_an_earlier_release), cmocka_unit_test(by_its_configuration_possible), cmocka_unit_test(in_apache_possible),
                cmocka_unit_test(too_short_for_the_uri),
                cmocka_unit_test(denied_to_the_instance_role),
                cmocka_unit_test(a_program_that_requests_imds_itself), cmocka_unit_test(denied_to_the_task_role),
                cmocka_unit_test(quotations_prove_nothing), cmocka_unit_test(classes_decide),
                cmocka_unit_test(declared_is_at_most_a_notice), cmocka_unit_test(rows_that_differ_are_not_ok),
                cmocka_unit_test(releases_that_differ_are_unknown),
                cmocka_unit_test(a_role_that_assumes_itself),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
