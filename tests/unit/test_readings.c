/* How each SDK reads what others read in another way: profile files, variables of files, settings, NO_PROXY. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include "helper_chain.h"

#define KEY "AKIAIOSFODNN7EXAMPLE"
#define PAIR "aws_access_key_id = " KEY "\naws_secret_access_key = x\n"
#define ROLE "role_arn = arn:aws:iam::111122223333:role/assumed\n"
#define SSO "sso_region = x\nsso_account_id = 1\nsso_role_name = r\n"
#define BASE "source_profile = base\n"
#define C "container webTaskRole"
#define P "profile " KEY
#define A "profile assumed"
#define E "error"
#define I "imds ecsInstanceRole"
#define N "none"
/* botocore, JS v3, Go v2, Ruby v3, PHP, CRT */
static const char *const sdks[] = { "botocore", "js3", "go2", "ruby3", "php", "crt" };
#define N_SDKS ARRAY_SIZE(sdks)

struct reading { const char *why, *credentials, *config, *env[4], *want[N_SDKS]; };
/* env: "NAME=VALUE"; "-NAME" unsets. */
static const struct reading readings[] = {
        { "a byte order mark", "\xef\xbb\xbf[default]\n" PAIR, NULL, { 0 }, { E, P, C, C, P, C } },
        { "a byte order mark before another section", "\xef\xbb\xbf[x]\n[default]\n" PAIR, NULL, { 0 }, { E, P, P, P, P, P } },
        { "Latin-1", "# gr\xfc\xdf\x65\n[default]\n" PAIR, NULL, { 0 }, { E, P, P, E, P, P } },
        { "UTF-8", "# gr\xc3\xbc\xc3\x9f\x65 \xe2\x82\xac \xf0\x9f\x98\x80\n[default]\n" PAIR, NULL, { 0 }, { P, P, P, P, P, P } },
        { "a bracket that is not closed", "[default]\n" PAIR "[x\n", NULL, { 0 }, { E, P, P, P, C, C } },
        { "a blank before the brackets", " [default]\n" PAIR, NULL, { 0 }, { P, P, P, C, C, C } },
        { "a tab after profile", NULL, "[profile\tx]\n" PAIR, { "AWS_PROFILE=x" }, { P, P, P, P, C, P } },
        { "carriage returns alone", "[default]\raws_access_key_id = " KEY "\raws_secret_access_key = x\r", NULL, { 0 }, { P, C, C, C, P, C } },
        { "blanks in the brackets", "[ default ]\n" PAIR, NULL, { 0 }, { C, C, P, C, C, P } },
        { "text after the brackets", "[default] x\n" PAIR, NULL, { 0 }, { P, C, C, C, P, P } },
        { "a comment after the brackets", "[default] # x\n" PAIR, NULL, { 0 }, { P, P, P, P, P, P } },
        { "indented keys", "[default]\n  aws_access_key_id = " KEY "\n  aws_secret_access_key = x\n", NULL, { 0 }, { P, P, P, E, P, C } },
        { "a key deeper than its neighbor", "[default]\naws_access_key_id = " KEY "\n  aws_secret_access_key = x\n", NULL, { 0 }, { E, P, P, C, P, C } },
        { "keys below a setting without a value", NULL, "[profile x]\ns3 =\n  aws_access_key_id = " KEY "\n  aws_secret_access_key = x\n", { "AWS_PROFILE=x" }, { C, C, C, C, C, C } },
        { "a nested line without an equals sign", NULL, "[profile x]\ns3 =\n  x\n" PAIR, { "AWS_PROFILE=x" }, { E, P, P, P, P, P } },
        { "keys in capitals", "[default]\nAWS_ACCESS_KEY_ID = " KEY "\nAWS_SECRET_ACCESS_KEY = x\n", NULL, { 0 }, { P, C, P, C, C, C } },
        { "colons", "[default]\naws_access_key_id: " KEY "\naws_secret_access_key: x\n", NULL, { 0 }, { P, C, P, C, C, C } },
        { "a # comment behind a value", "[default]\n" ROLE "source_profile = base # x\n[base]\n" PAIR, NULL, { 0 }, { E, A, A, E, C, A } },
        { "a ; comment behind a value", "[default]\n" ROLE "source_profile = base ; x\n[base]\n" PAIR, NULL, { 0 }, { E, A, A, A, A, A } },
        { "quotes around a value", "[default]\n" ROLE "source_profile = \"base\"\n[base]\n" PAIR, NULL, { 0 }, { E, C, A, E, A, C } },
        { "empty keys", "[default]\naws_access_key_id =\naws_secret_access_key =\n", "[default]\n" PAIR, { 0 }, { "profile", P, C, P, "profile", C } },
        { "half a pair in each file", "[default]\naws_access_key_id = " KEY "\n", "[default]\naws_secret_access_key = x\n", { 0 }, { E, P, E, C, C, P } },
        { "a setting before the first section", "region = x\n[default]\n" PAIR, NULL, { 0 }, { E, P, P, P, P, C } },
        { "a setting without a name", "[default]\n" PAIR "= x\n", NULL, { 0 }, { E, P, P, P, C, C } },
        { "punctuation in a name", "[default]\n" PAIR "a|b = x\n", NULL, { 0 }, { P, P, P, P, C, P } },
        { "a name in quotes", NULL, "[profile \"x\"]\n" PAIR, { "AWS_PROFILE=x" }, { P, P, E, C, C, C } },
        { "a name in quotes with a blank", NULL, "[profile \"x y\"]\n" PAIR, { "AWS_PROFILE=x y" }, { P, C, E, C, C, C } },
        { "a name with a blank", NULL, "[profile x y]\n" PAIR, { "AWS_PROFILE=x y" }, { E, C, P, P, P, C } },
        { "two blanks after profile", NULL, "[profile  x]\n" PAIR, { "AWS_PROFILE=x" }, { P, C, P, P, C, P } },
        { "no profile before the name", NULL, "[x]\n" PAIR, { "AWS_PROFILE=x" }, { E, C, E, P, C, C } },
        { "profile before the name in the credentials file", "[profile x]\n" PAIR, NULL, { "AWS_PROFILE=x" }, { E, C, E, P, C, C } },
        { "default, and then with profile before it", NULL, "[default]\nregion = x\n[profile default]\n" PAIR, { 0 }, { P, P, P, P, P, P } },
        { "default with profile before it, and then without", NULL, "[profile default]\n" PAIR "[default]\nregion = x\n", { 0 }, { C, P, P, C, P, P } },
        { "default in the config file", NULL, "[default]\n" PAIR, { 0 }, { P, P, P, P, C, P } },
        { "an empty profile variable", "[default]\n" PAIR, NULL, { "AWS_PROFILE=" }, { E, P, P, C, P, C } },
        { "an empty file variable", "[default]\n" PAIR, NULL, { "AWS_SHARED_CREDENTIALS_FILE=" }, { C, P, P, E, P, C } },
        { "~ in a file variable", "[default]\n" PAIR, NULL, { "AWS_SHARED_CREDENTIALS_FILE=~/x" }, { P, P, C, P, C, P } },
        { "an empty HOME", "[default]\n" PAIR, NULL, { "HOME=" }, { C, P, P, C, C, C } },
        { "a source with a process", NULL, "[profile x]\n" ROLE BASE "[profile base]\ncredential_process = /p\n", { "AWS_PROFILE=x" }, { A, A, A, A, C, A } },
        { "a source with web identity", NULL, "[profile x]\n" ROLE BASE "[profile base]\n" ROLE "web_identity_token_file = /t\n", { "AWS_PROFILE=x" }, { A, A, A, A, C, A } },
        { "a source with a credential_source", NULL, "[profile x]\n" ROLE BASE "[profile base]\n" ROLE "credential_source = EcsContainer\n", { "AWS_PROFILE=x" }, { A, A, A, E, C, A } },
        { "credential_source in lower case", NULL, "[profile x]\n" ROLE "credential_source = ecscontainer\n", { "AWS_PROFILE=x" }, { E, C, E, E, C, A } },
        { "credential_source without a role", NULL, "[profile x]\ncredential_source = EcsContainer\n", { "AWS_PROFILE=x" }, { C, C, E, E, C, C } },
        { "a second factor", "[base]\n" PAIR, "[profile x]\n" ROLE BASE "mfa_serial = x\n", { "AWS_PROFILE=x" }, { E, E, E, E, C, A } },
        { "the environment's keys for a named profile's role", NULL, "[profile x]\n" ROLE "credential_source = Environment\n",
          { "AWS_PROFILE=x", "AWS_ACCESS_KEY_ID=" KEY, "AWS_SECRET_ACCESS_KEY=x" }, { "env " KEY, A, "env " KEY, "env " KEY, "env " KEY, "env " KEY } },
        { "SSO without a token", NULL, "[profile x]\nsso_start_url = https://x\n" SSO, { "AWS_PROFILE=x" }, { E, E, E, E, C, C } },
        { "SSO by a URL alone", NULL, "[profile x]\nsso_start_url = https://x\n", { "AWS_PROFILE=x" }, { C, E, E, C, C, C } },
        { "SSO by an account alone", NULL, "[profile x]\nsso_account_id = 1\n", { "AWS_PROFILE=x" }, { E, E, E, E, C, C } },
        { "SSO by a session that is not there", NULL, "[profile x]\nsso_session = s\n" SSO, { "AWS_PROFILE=x" }, { E, E, E, E, C, C } },
        { "SSO and a process", NULL, "[profile x]\nsso_start_url = https://x\ncredential_process = /p\n" SSO, { "AWS_PROFILE=x" }, { E, "process", E, E, "process", "process" } },
        { "a login session without a token", NULL, "[profile x]\nlogin_session = x\n", { "AWS_PROFILE=x" }, { E, E, E, E, C, C } },
        { "a mode of IMDS that is none", NULL, NULL, { "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE=x" }, { E, C, E, C, C, C } },
        { "the same without a task role", NULL, NULL, { "-AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE=x" }, { E, E, E, N, N, I } },
        { "the same in the profile", NULL, "[profile x]\nec2_metadata_service_endpoint_mode = x\n", { "AWS_PROFILE=x" }, { E, C, E, C, C, C } },
        { "a mode of retries that is none", NULL, NULL, { "AWS_RETRY_MODE=x" }, { E, C, E, E, E, C } },
        { "a mode of retries that only some have", NULL, NULL, { "AWS_RETRY_MODE=legacy" }, { C, C, E, C, C, C } },
        { "certificates that are not there", NULL, NULL, { "AWS_CA_BUNDLE=/x" }, { C, C, E, C, C, C } },
        { "web identity variables that are empty", NULL, NULL, { "AWS_WEB_IDENTITY_TOKEN_FILE=", "AWS_ROLE_ARN=x" }, { C, C, C, E, C, C } },
        { "a number that is none", NULL, NULL, { "AWS_MAX_ATTEMPTS=many" }, { E, C, E, E, C, C } },
        { "a number", NULL, NULL, { "AWS_MAX_ATTEMPTS=3" }, { C, C, C, C, C, C } },
        { "defaults that are none", NULL, NULL, { "AWS_DEFAULTS_MODE=x" }, { E, E, E, C, E, C } },
        { "defaults", NULL, NULL, { "AWS_DEFAULTS_MODE=In-Region" }, { C, C, C, C, C, C } },
        { "a timeout that is none", NULL, NULL, { "AWS_METADATA_SERVICE_TIMEOUT=1s" }, { E, C, C, C, C, C } },
        { "an endpoint of STS that is none", NULL, NULL, { "AWS_STS_REGIONAL_ENDPOINTS=x" }, { E, C, C, C, C, C } },
        { "a switch that is neither true nor false", NULL, NULL, { "AWS_EC2_METADATA_V1_DISABLED=1" }, { C, C, E, C, C, C } },
        { "keys that have expired", NULL, NULL, { "AWS_ACCESS_KEY_ID=" KEY, "AWS_SECRET_ACCESS_KEY=x", "AWS_CREDENTIAL_EXPIRATION=2020-01-01T00:00:00Z" },
          { E, "env " KEY, "env " KEY, "env " KEY, "env " KEY, "env " KEY } },
        { "keys that have not", NULL, NULL, { "AWS_ACCESS_KEY_ID=" KEY, "AWS_SECRET_ACCESS_KEY=x", "AWS_CREDENTIAL_EXPIRATION=2099-01-01T00:00:00Z" },
          { "env " KEY, "env " KEY, "env " KEY, "env " KEY, "env " KEY, "env " KEY } },
        { "a token with a line break", NULL, NULL, { "AWS_CONTAINER_AUTHORIZATION_TOKEN=x\n" }, { E, E, E, N, N, N } },
        { "a host with a user", NULL, NULL, { "-AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://u:p@localhost/x" },
          { "container", "container", "container", "container", "container", "container" } },
        { "a host by name", NULL, NULL, { "-AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://sidecar/x" }, { E, E, "container", "container", "container", "container" } },
        { "a scheme of its own", NULL, NULL, { "-AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI=ftp://localhost/x" }, { E, "container", E, N, N, "container" } },
        { "IMDS at its own address", NULL, NULL, { "-AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_EC2_METADATA_SERVICE_ENDPOINT=http://169.254.169.254" }, { I, I, I, I, I, I } },
        { "the same with a slash at the end", NULL, NULL, { "-AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_EC2_METADATA_SERVICE_ENDPOINT=http://169.254.169.254/" },
          { "imds", "imds", "imds", "imds", "imds", "imds" } },
        { "a mode of IMDS in lower case", NULL, NULL, { "-AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE=ipv4" }, { I, E, I, I, N, I } },
        { "an empty token file variable", NULL, NULL, { "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=" }, { E, C, C, N, C, C } },
        { "an address as a number", NULL, NULL, { "-AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://2130706433/x" },
          { "container", "container", "container", "container", "container", "container" } },
        { "IPv4 in IPv6", NULL, NULL, { "-AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://[::ffff:127.0.0.1]/x" },
          { "container", "container", "container", "container", "container", "container" } },
        { "an endpoint that is no URL", NULL, NULL, { "AWS_ENDPOINT_URL=nonsense" }, { E, C, C, E, C, C } },
        { "an endpoint that is not kept", NULL, NULL, { "AWS_ENDPOINT_URL=http://u:p/w@x" }, { C, C, C, C, C, C } },
        { "an endpoint", NULL, NULL, { "AWS_ENDPOINT_URL=http://x" }, { C, C, C, C, C, C } },
        { "checksums that are none", NULL, NULL, { "AWS_REQUEST_CHECKSUM_CALCULATION=x" }, { E, C, E, E, E, C } },
        { "an account mode that is none", NULL, NULL, { "AWS_ACCOUNT_ID_ENDPOINT_MODE=x" }, { E, C, E, C, E, C } },
        { "no region of Signature Version 4A", NULL, NULL, { "AWS_SIGV4A_SIGNING_REGION_SET=" }, { C, C, C, E, C, C } },
        { "defaults that are none, and keys", NULL, NULL, { "AWS_DEFAULTS_MODE=x", "AWS_ACCESS_KEY_ID=" KEY, "AWS_SECRET_ACCESS_KEY=x" },
          { E, "env " KEY, E, "env " KEY, E, "env " KEY } },
        { "a proxy for every scheme", NULL, NULL, { "-AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "ALL_PROXY=http://x" }, { I, I, I, I, N, I } },
        { "http_proxy empty, HTTP_PROXY set", NULL, NULL, { "-AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "http_proxy=", "HTTP_PROXY=http://x" }, { I, I, E, I, N, I } },
        { "IMDS elsewhere, by the profile", NULL, "[profile x]\nec2_metadata_service_endpoint = http://x\n", { "-AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_PROFILE=x" },
          { "imds", "imds", "imds", "imds", "imds", I } },
        { "a range without a proxy", NULL, NULL, { "-AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "http_proxy=http://x", "no_proxy=169.254.0.0/16" }, { E, I, I, I, I, I } },
        { "another range", NULL, NULL, { "-AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "http_proxy=http://x", "no_proxy=10.0.0.0/8,x/99,/" }, { E, I, E, N, N, I } },
        { "an address with a port", NULL, NULL, { "-AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "http_proxy=http://x", "no_proxy=169.254.169.254:80" }, { E, I, I, I, N, I } },
        { "the end of an address", NULL, NULL, { "-AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "http_proxy=http://x", "no_proxy=.254" }, { I, I, E, I, N, I } },
        { "a part of an address", NULL, NULL, { "-AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "http_proxy=http://x", "no_proxy=69.254.169.25" }, { E, I, E, N, N, I } },
        { "everything", NULL, NULL, { "-AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "http_proxy=http://x", "no_proxy=*" }, { I, I, I, N, I, I } },
        { "everything in a list", NULL, NULL, { "-AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "http_proxy=http://x", "no_proxy=x,*" }, { E, I, I, N, N, I } },
        { "two lists", NULL, NULL, { "-AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "http_proxy=http://x", "no_proxy=169.254.169.254", "NO_PROXY=x" }, { I, I, E, I, I, I } },
        { "an empty list before another", NULL, NULL, { "-AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "http_proxy=http://x", "no_proxy=", "NO_PROXY=169.254.169.254" }, { E, I, I, N, I, I } },
};

static void set(struct world *w, const char *text)
{
        const char *equals = strchr(text, '=');
        size_t len = equals ? (size_t)(equals - text) : strlen(text) - 1;
        int v = env_find(equals ? text : text + 1, len);

        assert_true(v >= 0);
        w->env[v] = equals ? env_redact(w->a, env_class((enum env_var)v), equals + 1, strlen(equals + 1)) : NULL;
}

static void stage(struct world *w, const struct reading *r)
{
        world_init(w);
        w->signed_out = true;
        if (r->credentials)
                world_file(w, false, r->credentials);
        if (r->config)
                world_file(w, true, r->config);
        for (size_t i = 0; i < ARRAY_SIZE(r->env) && r->env[i]; i++)
                set(w, r->env[i]);
}

static const char *shown(struct world *w, const struct chain_result *r)
{
        const char *who = r->key_id && r->provider != PROVIDER_CONTAINER && r->provider != PROVIDER_IMDS ? r->key_id : r->role;

        return arena_printf(w->a, "%s%s%s", provider_to_string(r->provider), who ? " " : "", who ? who : "");
}

static void each_sdk_reads_in_its_own_way(void **state)
{
        size_t wrong = 0;

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(readings); i++)
                for (size_t k = 0; k < N_SDKS; k++) {
                        struct world w;
                        struct chain_result r;

                        stage(&w, &readings[i]);
                        r = world_eval(&w, sdks[k], NULL);
                        if (!streq(shown(&w, &r), readings[i].want[k])) {
                                print_error("%s, %s: want %s, got %s (%s)\n", readings[i].why, sdks[k], readings[i].want[k], shown(&w, &r), r.error ? r.error : "-");
                                wrong++;
                        }
                        arena_free(w.a);
                }
        assert_int_equal(wrong, 0);
}

/* Of an SDK without a reading, rolewatch says only what is possible. */
static void what_is_not_known_is_possible(void **state)
{
        static const char *const unusual[] = { "a byte order mark", "indented keys", "an empty file variable", "~ in a file variable", "a number that is none", "keys in capitals" };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(readings); i++)
                for (size_t k = 0; k < ARRAY_SIZE(unusual); k++) {
                        struct world w;
                        struct chain_result r;

                        if (!streq(readings[i].why, unusual[k]))
                                continue;
                        stage(&w, &readings[i]);
                        r = world_eval(&w, "dotnet4", NULL);
                        if (r.certainty != CERTAINTY_POSSIBLE)
                                fail_msg("%s: %s", unusual[k], certainty_to_string(r.certainty));
                        arena_free(w.a);
                }
}

static void a_token_file_with_a_line_break(void **state)
{
        static const char *const want[N_SDKS] = { E, "container fullRole", E, "container fullRole", N, N };

        (void)state;
        for (size_t k = 0; k < N_SDKS; k++) {
                struct world w;
                struct chain_result r;

                world_init(&w);
                w.env[ENV_VAR_RELATIVE_URI] = NULL;
                w.env[ENV_VAR_FULL_URI] = "http://127.0.0.1/***";
                w.full_answers = true;
                w.env[ENV_VAR_TOKEN_FILE] = "/t";
                w.token_file = FILE_MALFORMED;
                r = world_eval(&w, sdks[k], NULL);
                assert_string_equal(shown(&w, &r), want[k]);
                arena_free(w.a);
        }
}

/* A value that some SDKs accept and others reject, by letter case, blanks, a sign or another word for true: not known is not broken. */
static void what_some_accept_is_possible(void **state)
{
        static const struct { const char *sdk, *env; bool possible; } T[] = {
                { "php", "AWS_USE_FIPS_ENDPOINT=1", true }, { "go2", "AWS_USE_FIPS_ENDPOINT=on", true },
                { "php", "AWS_DISABLE_REQUEST_COMPRESSION=1", true }, { "go2", "AWS_USE_FIPS_ENDPOINT=TRUE", false },
                { "ruby3", "AWS_DISABLE_REQUEST_COMPRESSION=TRUE", true }, { "botocore", "AWS_MAX_ATTEMPTS= 3 ", true },
                { "botocore", "AWS_MAX_ATTEMPTS=+3", true }, { "botocore", "AWS_MAX_ATTEMPTS=3", false },
                { "botocore", "AWS_RETRY_MODE=STANDARD", true }, { "botocore", "AWS_RETRY_MODE=standard", false },
                { "botocore", "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE=IPv4", false },
                { "js3", "AWS_RETRY_MODE=STANDARD", false },       /* it does not check it */
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(T); i++) {
                struct world w;
                struct chain_result r;

                world_init(&w);
                set(&w, T[i].env);
                r = world_eval(&w, T[i].sdk, NULL);
                if (!streq(shown(&w, &r), C) || (r.certainty == CERTAINTY_POSSIBLE) != T[i].possible)
                        fail_msg("%s, %s: %s, %s", T[i].sdk, T[i].env, shown(&w, &r), certainty_to_string(r.certainty));
                arena_free(w.a);
        }
}

/* A setting counts from the release on that brought it. */
static void settings_count_from_their_release(void **state)
{
        static const struct { const char *sdk, *old, *young, *name; enum env_var variable; } turns[] = {
                { "botocore", "1.30.1", "1.31.0", "nonsense", ENV_VAR_ENDPOINT_URL }, { "botocore", "1.35.99", "1.36.0", "x", ENV_VAR_CHECKSUM },
                { "botocore", "1.36.26", "1.37.0", "x", ENV_VAR_ACCOUNT_MODE }, { "ruby3", "3.177.0", "3.178.0", "nonsense", ENV_VAR_ENDPOINT_URL },
                { "ruby3", "3.176.1", "3.177.0", "x", ENV_VAR_COMPRESSION }, { "ruby3", "3.200.0", "3.201.0", "", ENV_VAR_SIGV4A_REGIONS },
                { "go2", "1.23.5", "1.24.0", "x", ENV_VAR_COMPRESSION }, { "go2", "1.32.8", "1.33.0", "x", ENV_VAR_CHECKSUM },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(turns); i++)
                for (int young = 0; young < 2; young++) {
                        struct world w;
                        struct chain_result r;

                        world_init(&w);
                        w.env[turns[i].variable] = env_redact(w.a, env_class(turns[i].variable), turns[i].name, strlen(turns[i].name));
                        r = world_eval(&w, turns[i].sdk, young ? turns[i].young : turns[i].old);
                        if (streq(shown(&w, &r), C) == young)
                                fail_msg("turn %zu, %s: %s", i, young ? "young" : "old", shown(&w, &r));
                        arena_free(w.a);
                }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(each_sdk_reads_in_its_own_way), cmocka_unit_test(what_is_not_known_is_possible),
                cmocka_unit_test(a_token_file_with_a_line_break), cmocka_unit_test(settings_count_from_their_release),
                cmocka_unit_test(what_some_accept_is_possible),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
