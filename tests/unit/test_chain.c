/*
 * The vectors: what each SDK takes in a given situation. Each row names the
 * situation and the winner for every family, in the order of `families`.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include "helper_chain.h"

static const char *const sdks[] = {
        "botocore", "js2", "js3", "java1", "java2", "go1", "go2", "ruby3", "php", "dotnet3", "dotnet4",
        "rust", "cpp", "crt",
};
#define N_SDKS ARRAY_SIZE(sdks)

#define KEYS_OF(p) "[" p "]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n"

static void clean(struct world *w) { (void)w; }
static void lost(struct world *w) { w->env[ENV_VAR_RELATIVE_URI] = NULL; }
static void keys(struct world *w) { w->env[ENV_VAR_KEY_ID] = "AKIAIOSFODNN7EXAMPLE"; w->env[ENV_VAR_SECRET] = "***"; }
static void keys_profile(struct world *w) { keys(w); w->env[ENV_VAR_PROFILE] = "p"; world_file(w, false, KEYS_OF("p")); }
static void timeout_no_number(struct world *w) { w->env[ENV_VAR_IMDS_TIMEOUT] = "soon"; }
static void timeout_no_number_lost(struct world *w) { timeout_no_number(w); lost(w); }
static void keys_profile_blanks(struct world *w) { w->env[ENV_VAR_PROFILE] = " p "; world_file(w, false, KEYS_OF("p")); }
static void half(struct world *w) { w->env[ENV_VAR_KEY_ID] = "AKIAIOSFODNN7EXAMPLE"; }
static void empty_keys(struct world *w) { w->env[ENV_VAR_KEY_ID] = ""; w->env[ENV_VAR_SECRET] = ""; }
static void empty_relative_uri(struct world *w) { w->env[ENV_VAR_RELATIVE_URI] = ""; }
static void not_found(struct world *w) { w->relative.answer = (struct answer){ ANSWER_STATUS, 404, NULL }; }
static void refused(struct world *w) { w->container.state = ANSWER_REFUSED; }
static void both_uris(struct world *w) { w->env[ENV_VAR_FULL_URI] = "https://sidecar.example/***"; w->full_answers = true; }
static void disabled_false(struct world *w) { lost(w); w->env[ENV_VAR_METADATA_DISABLED] = "false"; }
static void disabled_true(struct world *w) { lost(w); w->env[ENV_VAR_METADATA_DISABLED] = "true"; }
static void disabled_upper(struct world *w) { lost(w); w->env[ENV_VAR_METADATA_DISABLED] = "TRUE"; }
static void disabled_empty(struct world *w) { lost(w); w->env[ENV_VAR_METADATA_DISABLED] = ""; }
static void missing(struct world *w) { w->env[ENV_VAR_PROFILE] = "nobody"; }
static void web_identity(struct world *w)
{
        w->env[ENV_VAR_WEB_IDENTITY_TOKEN] = "/var/run/token";
        w->env[ENV_VAR_ROLE_ARN] = "arn:aws:iam::111122223333:role/webIdentityRole";
        w->web_identity_file = FILE_OK;
        world_file(w, false, KEYS_OF("default"));
}
static void web_identity_named(struct world *w) { web_identity(w); w->env[ENV_VAR_PROFILE] = "p"; world_file(w, false, KEYS_OF("p")); }
static void no_token_file(struct world *w) { w->env[ENV_VAR_TOKEN_FILE] = "/var/run/none"; }
static void process_profile(struct world *w) { world_file(w, false, "[default]\ncredential_process = /usr/bin/true\n"); }
static void config_keys(struct world *w) { world_file(w, true, KEYS_OF("default")); }
static void no_source(struct world *w)
{
        world_file(w, true, "[default]\nrole_arn = arn:aws:iam::111122223333:role/assumed\nsource_profile = nobody\n");
}
static void from_instance(struct world *w)
{
        static const char text[] = "[default]\nrole_arn = arn:aws:iam::111122223333:role/assumed\n"
                                   "credential_source = Ec2InstanceMetadata\n";

        world_file(w, true, text);
        w->env[ENV_VAR_LOAD_CONFIG] = "1";
}
static void default_keys(struct world *w) { world_file(w, false, KEYS_OF("default")); }
static void default_keys_and_env(struct world *w) { keys(w); default_keys(w); }
static void no_role(struct world *w) { lost(w); w->host.imds_role_answer = (struct answer){ ANSWER_STATUS, 404, NULL }; }
static void hop1_optional(struct world *w) { lost(w); w->token.state = ANSWER_TIMEOUT; }
static void hop1_required(struct world *w) { hop1_optional(w); w->v1 = (struct answer){ ANSWER_STATUS, 401, NULL }; }
static void blackhole(struct world *w) { lost(w); w->token.state = w->v1.state = ANSWER_UNREACHABLE; }
static void malformed(struct world *w) { world_file(w, true, "[default\nregion = x\n"); }
static void bad_relative_uri(struct world *w)
{
        w->env[ENV_VAR_RELATIVE_URI] = "***";
        w->relative.answer = (struct answer){ ANSWER_STATUS, 404, NULL };
}
static void evil_full(struct world *w) { lost(w); w->env[ENV_VAR_FULL_URI] = "http://10.0.0.1/***"; }
static void loop_full(struct world *w) { lost(w); w->env[ENV_VAR_FULL_URI] = "http://127.0.0.1/***"; w->full_answers = true; }
static void proxy(struct world *w) { lost(w); w->env[ENV_VAR_HTTP_PROXY_LOWER] = "http://127.0.0.1:9"; }
static void no_proxy(struct world *w) { proxy(w); w->env[ENV_VAR_NO_PROXY] = "localhost,169.254.169.254"; }
static void amazon_keys(struct world *w) { w->env[ENV_VAR_AMAZON_KEY_ID] = "AKIAIOSFODNN7EXAMPLE"; w->env[ENV_VAR_AMAZON_SECRET] = "***"; }

#define C "container:webTaskRole"
#define I "imds:ecsInstanceRole"
#define F "container:fullRole"
#define K "env"
#define P "profile"
#define W "web-identity:webIdentityRole"
#define A "profile:assumed"
#define E "error"
#define N "none"
#define ALL(x) { x, x, x, x, x, x, x, x, x, x, x, x, x, x }

static const struct vector { const char *why; void (*stage)(struct world *); const char *want[N_SDKS]; } vectors[] = {
        /*                             boto js2 js3 j1 j2 go1 go2 rb php n3 n4 rust cpp crt */
        { "1 clean task environment", clean, ALL(C) },
        { "2 the variable is lost", lost, ALL(I) },
        { "3 static keys", keys, ALL(K) },
        { "4 static keys and AWS_PROFILE", keys_profile, { K, K, P, K, K, K, K, K, K, P, K, K, K, K } },
        { "5 key id without secret", half, { E, C, C, C, C, C, C, C, C, C, C, C, C, C } },
        { "6 empty keys", empty_keys, ALL(C) },
        { "7 empty RELATIVE_URI", empty_relative_uri, { E, I, I, E, I, I, I, N, I, I, I, E, I, I } },
        { "8 endpoint 404", not_found, { E, I, E, E, I, E, E, N, N, E, E, E, N, N } },
        { "8b endpoint refused", refused, { E, I, E, E, I, E, E, N, N, E, E, E, N, N } },
        { "9 RELATIVE and FULL", both_uris, { C, C, C, C, C, F, C, C, C, C, C, C, C, C } },
        { "10 DISABLED=false", disabled_false, { I, N, I, I, I, I, I, I, I, I, I, I, I, I } },
        { "10b DISABLED=true", disabled_true, ALL(N) },
        { "10c DISABLED=TRUE", disabled_upper, { N, N, N, N, N, N, N, N, N, I, I, N, N, N } },
        { "10d DISABLED empty", disabled_empty, { I, I, I, I, N, I, I, I, I, I, I, I, I, N } },
        { "11 AWS_PROFILE names a missing profile", missing, { E, C, C, C, C, C, E, C, C, C, E, C, C, C } },
        { "12 web identity and a profile with keys", web_identity, { W, P, P, W, W, W, W, W, W, W, W, P, P, P } },
        { "13 profile assumes with the instance role", from_instance,
          { A, C, A, C, A, A, A, A, C, A, A, A, C, A } },
        { "baked credentials file", default_keys, ALL(P) },
        { "baked file and env keys", default_keys_and_env, { K, K, K, K, K, K, K, K, K, P, K, K, K, K } },
        { "no instance role", no_role, ALL(N) },
        { "hop limit 1, v1 optional", hop1_optional, { I, I, I, I, I, I, I, I, I, I, I, N, I, I } },
        { "hop limit 1, tokens required", hop1_required, ALL(N) },
        { "blackhole route", blackhole, ALL(N) },
        { "malformed config file", malformed, { E, C, C, C, E, C, C, C, C, C, C, E, C, C } },
        { "RELATIVE_URI without slash", bad_relative_uri, { E, I, E, E, I, E, E, N, N, E, E, E, N, N } },
        { "FULL_URI of a foreign host", evil_full, { E, I, E, E, I, E, E, N, N, E, E, E, N, N } },
        { "FULL_URI on loopback", loop_full, ALL(F) },
        { "http_proxy without NO_PROXY", proxy, { E, I, I, I, I, E, E, N, N, I, I, N, I, I } },
        { "http_proxy with NO_PROXY", no_proxy, ALL(I) },
        { "AMAZON_ keys", amazon_keys, { C, K, C, C, C, C, C, K, C, C, C, C, C, C } },
};

static const char *result_text(const struct chain_result *r, char *buf, size_t size)
{
        if (r->provider == PROVIDER_NONE || r->provider == PROVIDER_ERROR || !r->role)
                snprintf(buf, size, "%s", provider_to_string(r->provider));
        else
                snprintf(buf, size, "%s:%s", provider_to_string(r->provider), r->role);
        return buf;
}

static void vectors_hold(void **state)
{
        size_t wrong = 0;

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(vectors); i++)
                for (size_t f = 0; f < N_SDKS; f++) {
                        struct world w;
                        struct chain_result r;
                        char got[128];

                        world_init(&w);
                        vectors[i].stage(&w);
                        r = world_eval(&w, sdks[f], NULL);
                        if (!streq(result_text(&r, got, sizeof got), vectors[i].want[f])) {
                                print_error("%s, %s: want %s, got %s (%s)\n", vectors[i].why, sdks[f],
                                            vectors[i].want[f], got, r.error ? r.error : "-");
                                wrong++;
                        }
                        arena_free(w.a);
                }
        assert_int_equal(wrong, 0);
}

static const struct { const char *why, *sdk, *version; void (*stage)(struct world *); const char *want; } ranges[] = {
        { "before the container provider", "botocore", "1.4.36", clean, I },
        { "its first version", "botocore", "1.4.37", clean, C },
        { "FULL not known yet", "botocore", "1.5.26", loop_full, I },
        { "FULL known", "botocore", "1.5.27", loop_full, F },
        { "https hosts only later", "botocore", "1.42.4", both_uris, C },
        { "before web identity", "botocore", "1.12.199", web_identity, P },
        { "JS v2 before the container provider", "js2", "2.4.6", clean, I },
        { "JS v2 while it was either/or", "js2", "2.428.0", not_found, E },
        { "JS v2 in sequence", "js2", "2.429.0", not_found, I },
        { "JS v2 before web identity", "js2", "2.516.0", web_identity, P },
        { "JS v3 before the turn", "js3", "3.900.0", both_uris, F },
        { "JS v3 after it", "js3", "3.972.63", both_uris, C },
        { "Go v2 before the turn", "go2", "1.30.4", both_uris, F },
        { "Go v2 after it", "go2", "1.30.5", both_uris, C },
        { "Go v2 reads no malformed file", "go2", "1.22.1", malformed, E },
        { "Go v2 ignores one", "go2", "1.23.0", malformed, C },
        { "Go v2 ignores a missing profile", "go2", "1.21.1", missing, C },
        { "Go v2 refuses one", "go2", "1.21.2", missing, E },
        { "Go v2 when a named profile went first", "go2", "1.1.0", web_identity_named, P },
        { "Go v2 after that", "go2", "1.2.0", web_identity_named, W },
        { "Go v1 when a named profile went first", "go1", "1.21.0", keys_profile, P },
        { "Go v1 after that", "go1", "1.22.0", keys_profile, K },
        { "Go v1 before it read token files", "go1", "1.47.10", no_token_file, C },
        { "Go v1 reads them for RELATIVE_URI, too", "go1", "1.47.11", no_token_file, E },
        { "Go v1 before credential_process", "go1", "1.15.90", process_profile, C },
        { "Go v1 with it", "go1", "1.16.0", process_profile, "process" },
        { "Rust before it knew proxies", "rust", "1.8.5", proxy, I },
        { "Rust since", "rust", "1.8.6", proxy, N },
        { "Rust passes over a missing source_profile", "rust", "1.13.0", no_source, C },
        { "C++ before the CRT read the profile", "cpp", "1.11.749", config_keys, C },
        { "C++ since", "cpp", "1.11.750", config_keys, P },
        { "C++ before it refused hosts", "cpp", "1.11.262", evil_full, "container" },
        { "C++ since", "cpp", "1.11.263", evil_full, N },
        { "Go v2 while it talked to loopback only", "go2", "1.17.1", both_uris, E },
        { "PHP while in sequence", "php", "3.150.0", not_found, I },
        { "PHP before its container provider", "php", "3.18.0", clean, I },
        { "Go v1 before its container provider", "go1", "1.2.4", clean, I },
        { "Ruby v2 has no FULL", "ruby2", "2.11.632", loop_full, I },
        { "IMDSv1 only, v1 open", "js2", "2.574.0", lost, I },
        { "IMDSv1 only, tokens required", "js2", "2.574.0", hop1_required, N },
        { "Java v1 ends at a timeout that is no number", "java1", "1.12.797", timeout_no_number, E },
        { "and so it does at IMDS", "java1", "1.12.797", timeout_no_number_lost, E },
        { "Java v2 reads it for IMDS only", "java2", "2.59.1", timeout_no_number, C },
        { "Java v2 before it read one", "java2", "2.29.35", timeout_no_number_lost, I },
        { "blanks around the name of a profile", "java2", "2.59.1", keys_profile_blanks, P },
        { "an unknown version is the newest", "js2", NULL, not_found, I },
};

static void version_ranges_hold(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(ranges); i++) {
                struct world w;
                struct chain_result r;
                char got[128];

                world_init(&w);
                ranges[i].stage(&w);
                r = world_eval(&w, ranges[i].sdk, ranges[i].version);
                if (!streq(result_text(&r, got, sizeof got), ranges[i].want))
                        fail_msg("%s, %s %s: want %s, got %s", ranges[i].why, ranges[i].sdk,
                                 ranges[i].version ? ranges[i].version : "-", ranges[i].want, got);
                arena_free(w.a);
        }
}

static void the_walk_shows_each_step(void **state)
{
        struct world w;
        struct chain_result r;

        (void)state;
        world_init(&w);
        lost(&w);
        r = world_eval(&w, "botocore", NULL);
        assert_int_equal(r.n_walk, 11);
        assert_int_equal(r.walk[0].state, STEP_OFF);
        assert_int_equal(r.walk[9].provider, PROVIDER_CONTAINER);
        assert_int_equal(r.walk[9].state, STEP_OFF);
        assert_non_null(strstr(r.walk[9].detail, "not in the environment"));
        assert_int_equal(r.walk[10].state, STEP_WINS);
        w.env[ENV_VAR_RELATIVE_URI] = "/v2/credentials/***";
        not_found(&w);
        r = world_eval(&w, "js3", NULL);
        assert_int_equal(r.walk[4].state, STEP_STOPPED);
        assert_int_equal(r.walk[5].state, STEP_NOT_REACHED);
        w.credentials.state = FILE_NOT_REGULAR;
        r = world_eval(&w, "js3", NULL);
        assert_string_equal(r.walk[1].detail, "/root/.aws/credentials is ignored: not-regular");
        w.credentials.state = FILE_ABSENT;
        w.relative.answer = (struct answer){ ANSWER_EXPIRED, 200, NULL };
        r = world_eval(&w, "js3", NULL);
        assert_true(r.via_expired);
        arena_free(w.a);
}

static void rows_are_well_formed(void **state)
{
        (void)state;
        for (size_t i = 0; i < chain_row_count(); i++) {
                const struct chain_row *r = chain_row_get(i);

                assert_non_null(r->sdk);
                assert_non_null(r->title);
                assert_int_not_equal(r->steps[0].kind, S_END);
                for (size_t j = 0; j < i; j++)
                        assert_string_not_equal(r->name, chain_row_get(j)->name);
                if (r->from)
                        assert_ptr_equal(chain_row_for(r->sdk, r->from), r);
        }
        assert_null(chain_row_for("cobol", NULL));
        assert_true(version_compare("1.10", "1.9.9") > 0);
        assert_true(version_compare("1.9", "1.9.0") == 0);
        assert_true(version_compare("3.0.0-alpha.1", "3.0.1") < 0);
        /* An image may say anything: numbers beyond all bounds end, too. */
        assert_true(version_compare("1.11111111111.1", "1.2.3") > 0);
        assert_true(version_compare("18446744073709551616", "2") > 0);
}

static const struct { const char *why, *text; enum profile_file_kind kind; enum file_state state; unsigned line; size_t n; } files[] = {
        { "one profile", KEYS_OF("default"), PROFILE_FILE_CREDENTIALS, FILE_OK, 0, 1 },
        { "empty", "", PROFILE_FILE_CREDENTIALS, FILE_OK, 0, 0 },
        { "comments", "# x\n; y\n\n[default]\n", PROFILE_FILE_CREDENTIALS, FILE_OK, 0, 1 },
        { "no section", "aws_access_key_id = x\n", PROFILE_FILE_CREDENTIALS, FILE_MALFORMED, 1, 0 },
        { "no bracket", "[default]\n[x\n", PROFILE_FILE_CREDENTIALS, FILE_MALFORMED, 2, 1 },
        { "no separator", "[default]\nnonsense\n", PROFILE_FILE_CREDENTIALS, FILE_MALFORMED, 2, 1 },
        { "section twice", "[a]\n[a]\n", PROFILE_FILE_CREDENTIALS, FILE_MALFORMED, 2, 1 },
        { "nested settings", "[default]\ns3 =\n  max_concurrent_requests = 20\nregion = x\n", PROFILE_FILE_CONFIG, FILE_OK, 0, 1 },
        { "profile prefix", "[profile \"a b\"]\nregion = x\n[default]\n", PROFILE_FILE_CONFIG, FILE_OK, 0, 2 },
        { "no newline at the end", "[default]\nregion = x", PROFILE_FILE_CONFIG, FILE_OK, 0, 1 },
        { "carriage returns", "[default]\r\nregion = x\r\n", PROFILE_FILE_CONFIG, FILE_OK, 0, 1 },
        { "colon", "[default]\nregion: x\n", PROFILE_FILE_CONFIG, FILE_OK, 0, 1 },
};

static const struct { const char *text; enum profile_file_kind kind; unsigned file, section; } spelled[] = {
        { "[default]\nregion = x\n",        PROFILE_FILE_CREDENTIALS, 0,                  0 },
        { "[default]\nand so on\n",         PROFILE_FILE_CREDENTIALS, SPELLING_NO_EQUALS, 0 },
        { "[default] ; ours\nregion = x\n", PROFILE_FILE_CREDENTIALS, SPELLING_HEAD_COMMENT, SPELLING_HEAD_COMMENT },
        { "[default]]\nregion = x\n",       PROFILE_FILE_CREDENTIALS, SPELLING_TWO_BRACKETS | SPELLING_AFTER_BRACKET,
          SPELLING_TWO_BRACKETS | SPELLING_AFTER_BRACKET },
        { "[default] x\nregion = x\n",      PROFILE_FILE_CREDENTIALS, SPELLING_AFTER_BRACKET, SPELLING_AFTER_BRACKET },
        { "[default]\r\nregion = x\r\n",    PROFILE_FILE_CONFIG,      SPELLING_CRLF,      0 },
};

static void spellings_are_distinguished(void **state)
{
        struct arena *a;

        (void)state;
        assert_int_equal(arena_new(1 << 20, &a), 0);
        for (size_t i = 0; i < ARRAY_SIZE(spelled); i++) {
                struct profile_file f = { 0 };

                assert_int_equal(profile_parse(a, &(struct profile_text){ spelled[i].text, strlen(spelled[i].text), spelled[i].kind }, &f), 0);
                assert_string_equal(f.profiles[0].name, "default");
                assert_int_equal(f.profiles[0].spelling, spelled[i].section);
                assert_int_equal(f.spelling, spelled[i].file);
        }
        arena_free(a);
}

static void profile_grammar_holds(void **state)
{
        static const char nul[] = "[default]\nregion = \0x\n";
        struct profile_file f = { 0 };
        struct arena *a;

        (void)state;
        assert_int_equal(arena_new(1 << 20, &a), 0);
        for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
                f = (struct profile_file){ 0 };
                assert_int_equal(profile_parse(a, &(struct profile_text){ files[i].text, strlen(files[i].text), files[i].kind }, &f), 0);
                if (f.state != files[i].state || f.bad_line != files[i].line || f.n_profiles != files[i].n)
                        fail_msg("%s: state %d line %u profiles %zu", files[i].why, (int)f.state, f.bad_line, f.n_profiles);
        }
        assert_int_equal(profile_parse(a, &(struct profile_text){ nul, sizeof nul - 1, PROFILE_FILE_CONFIG }, &f), 0);
        assert_int_equal(f.state, FILE_MALFORMED);
        assert_int_equal(profile_parse(a, &(struct profile_text){ KEYS_OF("x"), strlen(KEYS_OF("x")), PROFILE_FILE_CREDENTIALS }, &f), 0);
        assert_string_equal(f.profiles[0].key[PROFILE_KEY_KEY_ID], "AKIAIOSFODNN7EXAMPLE");
        assert_string_equal(f.profiles[0].key[PROFILE_KEY_SECRET], MODEL_REDACTED);
        arena_free(a);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(vectors_hold), cmocka_unit_test(version_ranges_hold),
                cmocka_unit_test(the_walk_shows_each_step), cmocka_unit_test(rows_are_well_formed),
                cmocka_unit_test(profile_grammar_holds), cmocka_unit_test(spellings_are_distinguished),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
