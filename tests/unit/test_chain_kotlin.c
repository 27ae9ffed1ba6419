/* The rows of Kotlin, on both sides of each turn that tests/oracle has found, and what its proxy variables can spoil. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include "helper_chain.h"

#define KEYS "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n"
#define ROLE "role_arn = arn:aws:iam::1:role/assumed\n"
#define TOKEN "web_identity_token_file = /t\n"

static void same(struct world *w) { (void)w; }
static void lost(struct world *w) { w->env[ENV_VAR_RELATIVE_URI] = NULL; }
static void own_keys(struct world *w) { w->env[ENV_VAR_KEY_ID] = "AKIAENV"; w->env[ENV_VAR_SECRET] = "***"; }
static void full(struct world *w, const char *url) { lost(w); w->env[ENV_VAR_FULL_URI] = url; w->full_answers = true; }
static void full_localhost(struct world *w) { full(w, "http://localhost/***"); }
static void full_name(struct world *w) { full(w, "http://sidecar/***"); }
static void full_loop(struct world *w) { full(w, "http://127.0.0.1/***"); }
static void full_loop_other(struct world *w) { full(w, "http://127.0.0.2/***"); }
static void blank_uri(struct world *w) { w->env[ENV_VAR_RELATIVE_URI] = " "; }
static void no_token_file(struct world *w) { lost(w); w->env[ENV_VAR_TOKEN_FILE] = "/run/token"; }
static void token_lines(struct world *w) { w->env[ENV_VAR_TOKEN] = MODEL_REDACTED_LINES; }
static void not_found(struct world *w) { w->relative.answer = (struct answer){ ANSWER_STATUS, 404, NULL }; }
static void v1_only(struct world *w) { lost(w); w->token = (struct answer){ ANSWER_STATUS, 403, NULL }; }
static void off_upper(struct world *w) { lost(w); w->env[ENV_VAR_METADATA_DISABLED] = "TRUE"; }
static void off_one(struct world *w) { lost(w); w->env[ENV_VAR_METADATA_DISABLED] = "1"; }
static void base_variable(struct world *w) { w->env[ENV_VAR_CONTAINER_ENDPOINT] = "http://10.0.0.1"; }

/* ---- proxies ---- */
static void proxy(struct world *w) { w->env[ENV_VAR_HTTP_PROXY_LOWER] = "http://127.0.0.1:9"; }
static void proxy_but(struct world *w, const char *list) { proxy(w); w->env[ENV_VAR_NO_PROXY_LOWER] = list; }
static void proxy_star(struct world *w) { proxy_but(w, "10.*,169.254.*"); }
static void proxy_two_lists(struct world *w) { proxy_but(w, "localhost"); w->env[ENV_VAR_NO_PROXY] = "169.254.170.2"; }
static void proxy_port(struct world *w) { proxy_but(w, "169.254.170.2:80"); }
static void proxy_six(struct world *w) { proxy_but(w, "169.254.170.2,::1"); }
static void proxy_six_keys(struct world *w) { proxy_six(w); own_keys(w); }
static void proxy_six_full(struct world *w) { full_loop(w); proxy_but(w, "127.0.0.1,::1"); }
static void six_alone(struct world *w) { w->env[ENV_VAR_NO_PROXY] = "::1"; }
static void empty_proxy(struct world *w) { w->env[ENV_VAR_HTTP_PROXY] = ""; }
static void empty_proxy_second(struct world *w) { proxy_but(w, "169.254.170.2"); empty_proxy(w); }
static void empty_proxy_imds(struct world *w) { lost(w); empty_proxy(w); }
static void empty_proxy_keys(struct world *w) { empty_proxy(w); own_keys(w); }

/* ---- profiles ---- */
static void web_identity(struct world *w)
{
        w->env[ENV_VAR_WEB_IDENTITY_TOKEN] = "/t";
        w->env[ENV_VAR_ROLE_ARN] = "arn:aws:iam::1:role/web";
        w->web_identity_file = FILE_OK;
}
static void web_identity_empty_proxy(struct world *w) { web_identity(w); empty_proxy(w); }
static void config(struct world *w, const char *text) { world_file(w, true, text); }
static void web_identity_and_profile(struct world *w) { web_identity(w); config(w, "[default]\n" KEYS); }
static void profile_empty_proxy(struct world *w) { config(w, "[default]\n" KEYS); empty_proxy(w); }
static void role_empty_proxy(struct world *w) { config(w, "[default]\n" ROLE "source_profile = b\n[profile b]\n" KEYS); empty_proxy(w); }
static void token_empty_proxy(struct world *w) { config(w, "[default]\n" ROLE TOKEN); empty_proxy(w); }
static void role_and_keys(struct world *w) { config(w, "[default]\n" ROLE KEYS); }
static void token_and_keys(struct world *w) { config(w, "[default]\n" ROLE TOKEN KEYS); }
static void token_and_source(struct world *w) { config(w, "[default]\n" ROLE TOKEN "source_profile = b\n[profile b]\n" KEYS); }
static void source_alone(struct world *w) { config(w, "[default]\ncredential_source = Environment\n"); }
static void login(struct world *w) { config(w, "[default]\nlogin_session = arn:aws:iam::1:user/x\n"); }
static void login_signed_out(struct world *w) { login(w); w->signed_out = true; }
static void unreadable(struct world *w) { w->config.state = FILE_UNREADABLE; }
static void directory(struct world *w) { w->credentials.state = FILE_NOT_REGULAR; own_keys(w); }
static void token_directory(struct world *w) { web_identity(w); w->web_identity_file = FILE_NOT_REGULAR; }
static void nested_text(struct world *w) { config(w, "[default]\n" KEYS "s3 =\n  text\n"); own_keys(w); }
static void dualstack(struct world *w) { config(w, "[default]\nuse_dualstack_endpoint = maybe\n"); own_keys(w); }

#define C PROVIDER_CONTAINER
#define I PROVIDER_IMDS
#define E PROVIDER_ERROR
#define N PROVIDER_NONE
#define P PROVIDER_PROFILE
#define W PROVIDER_WEB_IDENTITY
#define K PROVIDER_ENV
static const struct { const char *why; void (*stage)(struct world *); const char *version; enum provider want; } singles[] = {
        { "a healthy task",                         same,              NULL,      C }, { "the variable lost",             lost,                NULL,      I },
        { "in sequence",                            not_found,         NULL,      I }, { "a blank URI is none",           blank_uri,           NULL,      I },
        { "no IMDSv1",                              v1_only,           NULL,      N }, { "a token file without a URI",    no_token_file,       NULL,      I },
        { "IMDS disabled in any letter case",       off_upper,         NULL,      N }, { "but by no 1",                   off_one,             NULL,      I },
        { "a variable of Java only",                base_variable,     NULL,      C }, { "one address of loopback",       full_loop_other,     NULL,      I },
        { "no names yet",                           full_localhost,    "1.0.47",  I }, { "and then names",                full_localhost,      "1.0.48",  C },
        { "not even others",                        full_name,         "1.0.47",  I }, { "and then perhaps",              full_name,           "1.0.48",  C },

        { "through the proxy",                      proxy,             NULL,      N }, { "two lists of exemptions",       proxy_two_lists,     NULL,      C },
        { "no beginnings of addresses yet",         proxy_star,        "1.2.14",  N }, { "and then",                      proxy_star,          "1.2.15",  C },
        { "a port",                                 proxy_port,        NULL,      C }, { "no IPv6 address",               proxy_six,           NULL,      N },
        { "for no other server",                    proxy_six_full,    NULL,      N }, { "without a proxy not read",      six_alone,           NULL,      C },
        { "first even without a proxy",             six_alone,         "1.1.21",  E }, { "and then not",                  six_alone,           "1.1.22",  C },
        { "first before the keys",                  proxy_six_keys,    "1.1.21",  E }, { "and then for requests only",    proxy_six_keys,      "1.1.22",  K },
        { "an empty proxy, before the keys",        empty_proxy_keys,  "1.1.21",  E }, { "and then for requests only",    empty_proxy_keys,    "1.1.22",  K },
        { "an empty proxy fails the endpoint",      empty_proxy,       "1.2.27",  N }, { "and then is none",              empty_proxy,         "1.2.28",  C },
        { "an empty proxy fails IMDS",              empty_proxy_imds,  "1.2.23",  N }, { "and then is none",              empty_proxy_imds,    "1.2.28",  I },
        { "the first variable counts",              empty_proxy_second, "1.2.23", C }, { "a profile needs no request",    profile_empty_proxy, "1.2.23",  P },
        { "web identity needs one",                 web_identity_empty_proxy, "1.2.23", N }, { "and gets it",            web_identity_empty_proxy, "1.2.28", W },
        { "a role needs one",                       role_empty_proxy,  "1.2.23",  N }, { "and gets it",                   role_empty_proxy,    "1.2.28",  P },
        { "a role by a token, too",                 token_empty_proxy, "1.2.23",  N }, { "and gets it",                   token_empty_proxy,   "1.2.28",  W },

        { "profile before web identity",            web_identity_and_profile, "1.3.112", P }, { "and then after it",     web_identity_and_profile, "1.4.0", W },
        { "a role without a source",                role_and_keys,     "1.3.112", C }, { "and then keys first",           role_and_keys,       "1.4.0",   P },
        { "keys last",                              token_and_keys,    "1.3.112", W }, { "and then first",                token_and_keys,      "1.4.0",   P },
        { "a token before a source",                token_and_source,  "1.3.112", W }, { "and then after it",             token_and_source,    "1.4.0",   P },
        { "a source of no role",                    source_alone,      NULL,      C }, { "a broken setting",              dualstack,           NULL,      E },
        { "no login session yet",                   login,             "1.5.86",  C }, { "and then",                      login,               "1.5.87",  P },
        { "signed out",                             login_signed_out,  NULL,      C }, { "a nested line that is no setting", nested_text,      NULL,      E },
        { "a closed file passed over",              unreadable,        "1.6.99",  C }, { "and then not",                  unreadable,          "1.7.0",   E },
        { "a directory passed over",                directory,         "1.6.99",  K }, { "and then not",                  directory,           "1.7.0",   E },
        { "a line break removed",                   token_lines,       "1.6.75",  C }, { "and then refused",              token_lines,         "1.7.0",   I },
        { "a directory is no token",                token_directory,   "1.7.0",   C },
};

static void each_turn(void **state)
{
        size_t wrong = 0;

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(singles); i++)
                wrong += situation_differs(&(struct situation){ singles[i].why, singles[i].stage, "kotlin", singles[i].version, singles[i].want });
        assert_int_equal(wrong, 0);
}

/* Whether IMDS takes the path of some releases is not known, nor which release of others refuses line breaks in a token. */
static void releases_in_between(void **state)
{
        static const struct { const char *version; void (*stage)(struct world *); enum certainty want; } rows[] = {
                { "1.2.23", lost, CERTAINTY_PREDICTED }, { "1.2.24", lost, CERTAINTY_POSSIBLE },      { "1.3.9", lost, CERTAINTY_POSSIBLE },
                { "1.3.10", lost, CERTAINTY_PREDICTED }, { "1.3.9", off_upper, CERTAINTY_PREDICTED }, { "1.3.9", same, CERTAINTY_PREDICTED },
                { "1.6.75", token_lines, CERTAINTY_PREDICTED }, { "1.6.76", token_lines, CERTAINTY_POSSIBLE }, { "1.6.99", same, CERTAINTY_PREDICTED },
                { "1.7.0", token_lines, CERTAINTY_PREDICTED },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                struct world w;

                world_init(&w);
                rows[i].stage(&w);
                assert_int_equal(world_eval(&w, "kotlin", rows[i].version).certainty, rows[i].want);
                arena_free(w.a);
        }
}

static void proxies_are_explained(void **state)
{
        static const struct { void (*stage)(struct world *); const char *version, *text; } rows[] = {
                { empty_proxy_imds, "1.2.23", "the proxy variable is set but empty" }, { proxy_six, NULL, "NO_PROXY has an entry with a colon" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                struct chain_result r;
                struct world w;

                world_init(&w);
                rows[i].stage(&w);
                r = world_eval(&w, "kotlin", rows[i].version);
                assert_non_null(r.error);
                assert_non_null(strstr(r.error, rows[i].text));
                arena_free(w.a);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(each_turn), cmocka_unit_test(releases_in_between), cmocka_unit_test(proxies_are_explained) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
