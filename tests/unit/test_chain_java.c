/* The rows of Java, on both sides of each turn that tests/oracle has found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include "helper_chain.h"

#define KEYS(id) "aws_access_key_id = " id "\naws_secret_access_key = x\n"
#define ROLE "role_arn = arn:aws:iam::1:role/assumed\n"

static void lost(struct world *w) { w->env[ENV_VAR_RELATIVE_URI] = NULL; }
static void own_keys(struct world *w) { w->env[ENV_VAR_KEY_ID] = "AKIAENV"; w->env[ENV_VAR_SECRET] = "***"; }
static void same(struct world *w) { (void)w; }
static void full_to(struct world *w, const char *url) { lost(w); w->env[ENV_VAR_FULL_URI] = url; w->full_answers = true; }
static void full_agent(struct world *w) { full_to(w, "http://169.254.170.2/***"); }
static void full_loop(struct world *w) { full_to(w, "http://127.0.0.1/***"); }
static void full_loop_other(struct world *w) { full_to(w, "http://127.0.0.2/***"); }
static void full_https(struct world *w) { full_to(w, "https://x/***"); }
static void no_token_file(struct world *w) { w->env[ENV_VAR_TOKEN_FILE] = "/run/token"; }
static void full_no_token_file(struct world *w) { full_agent(w); no_token_file(w); }
static void off(struct world *w, const char *value) { lost(w); w->env[ENV_VAR_METADATA_DISABLED] = value; }
static void off_true(struct world *w) { off(w, "true"); }
static void off_upper(struct world *w) { off(w, "TRUE"); }
static void off_one(struct world *w) { off(w, "1"); }
static void off_one_and_keys(struct world *w) { off_one(w); own_keys(w); }
static void off_false(struct world *w) { off(w, "False"); }
static void empty_and_old(struct world *w)
{
        w->env[ENV_VAR_KEY_ID] = w->env[ENV_VAR_SECRET] = "";
        w->env[ENV_VAR_OLD_KEY_ID] = "AKIAOLD";
        w->env[ENV_VAR_OLD_SECRET] = "***";
}
static void both_files(struct world *w) { world_file(w, false, "[other]\n" KEYS("AKIACREDEXAMPLEKEYSX")); world_file(w, true, "[default]\n" KEYS("AKIACONF")); }
static void config_alone(struct world *w) { world_file(w, true, "[default]\n" KEYS("AKIACONF")); }
static void config_prefixed(struct world *w) { w->env[ENV_VAR_PROFILE] = "p"; world_file(w, true, "[profile p]\n" KEYS("AKIACONF")); }
static void elsewhere(struct world *w) { w->env[ENV_VAR_SHARED_CREDENTIALS_FILE] = "/x"; world_file(w, false, "[default]\n" KEYS("AKIACREDEXAMPLEKEYSX")); }
static void property_profile(struct world *w) { w->prop[SYSPROP_PROFILE] = "p"; world_file(w, false, "[p]\n" KEYS("AKIACREDEXAMPLEKEYSX")); }
static void variable_and_property(struct world *w)
{
        property_profile(w);
        w->env[ENV_VAR_PROFILE] = "q";
        world_file(w, false, "[p]\n" KEYS("AKIACREDEXAMPLEKEYSX") "[q]\n" KEYS("AKIAOTHEREXAMPLEKEYS"));
}
static void process(struct world *w) { world_file(w, false, "[default]\ncredential_process = /x\n"); }
static void web_identity(struct world *w)
{
        w->env[ENV_VAR_WEB_IDENTITY_TOKEN] = "/t";
        w->env[ENV_VAR_ROLE_ARN] = "arn:aws:iam::1:role/web";
        w->web_identity_file = FILE_OK;
}
static void web_identity_and_profile(struct world *w) { web_identity(w); world_file(w, false, "[default]\n" KEYS("AKIACREDEXAMPLEKEYSX")); }
static void profile_web_identity(struct world *w) { world_file(w, true, "[default]\nweb_identity_token_file = /t\n" ROLE); }
static void by_source(struct world *w) { world_file(w, true, "[default]\ncredential_source = EcsContainer\n" ROLE); }
static void role_alone(struct world *w) { world_file(w, true, "[default]\n" ROLE); }
static void role_alone_and_keys(struct world *w) { role_alone(w); own_keys(w); }
static void sso(struct world *w) { world_file(w, true, "[default]\nsso_start_url = x\nsso_account_id = 1\nsso_role_name = r\nsso_region = x\n"); }
static void malformed_and_keys(struct world *w) { world_file(w, true, "[default\nregion = x\n"); own_keys(w); }

#define C PROVIDER_CONTAINER
#define I PROVIDER_IMDS
#define E PROVIDER_ERROR
#define N PROVIDER_NONE
#define P PROVIDER_PROFILE
#define W PROVIDER_WEB_IDENTITY
static const struct situation singles[] = {
        { "no container endpoint yet",              same,            "java1", "1.11.15",  I }, { "and then one",   same,            "java1", "1.11.16",  C },
        { "no FULL_URI yet",                        full_loop,       "java1", "1.11.197", I }, { "and then one",   full_loop,       "java1", "1.11.199", C },
        { "IMDS that cannot be disabled",           off_true,        "java1", "1.11.283", I }, { "and then can",   off_true,        "java1", "1.11.285", N },
        { "in any letter case",                     off_upper,       "java1", NULL,       N }, { "but by no 1",    off_one,         "java1", NULL,       I },
        { "two names of loopback",                  full_loop_other, "java1", "1.12.384", E }, { "and then all",   full_loop_other, "java1", "1.12.386", C },
        { "no HTTPS yet",                           full_https,      "java1", "1.12.384", E }, { "and then",       full_https,      "java1", "1.12.386", C },
        { "no host of the agent yet",               full_agent,      "java1", "1.12.744", E }, { "and then",       full_agent,      "java1", "1.12.746", C },
        { "a token file is of FULL_URI only",       no_token_file,   "java1", NULL,       C }, { "and fails it",   full_no_token_file, "java1", NULL,    E },
        { "the first variable counts, even empty",  empty_and_old,   "java1", NULL,       C },
        { "one file of the two",                    both_files,      "java1", NULL,       C }, { "the other if it is alone", config_alone, "java1", NULL, P },
        { "no prefix yet",                          config_prefixed, "java1", "1.12.77",  C }, { "and then",       config_prefixed, "java1", "1.12.79",  P },
        { "not AWS_SHARED_CREDENTIALS_FILE",        elsewhere,       "java1", NULL,       C },
        { "the profile by a property",              property_profile, "java1", NULL,      P },
        { "no process yet",                         process,         "java1", "1.11.487", C }, { "and then",       process,         "java1", "1.11.489", PROVIDER_PROCESS },
        { "no web identity yet",                    web_identity,    "java1", "1.11.616", C }, { "and then",       web_identity,    "java1", "1.11.617", W },
        { "after the profile",                      web_identity_and_profile, "java1", "1.11.700", P }, { "and then before", web_identity_and_profile, "java1", "1.11.720", W },
        { "no web identity of a profile",           profile_web_identity, "java1", NULL,  C },

        { "no process yet",                         process,         "java2", "2.5.17",   C }, { "and then",       process,         "java2", "2.5.29",   PROVIDER_PROCESS },
        { "no credential_source yet",               by_source,       "java2", "2.5.17",   C }, { "and then",       by_source,       "java2", "2.5.41",   P },
        { "no web identity yet",                    web_identity,    "java2", "2.10.8",   C }, { "and then",       web_identity,    "java2", "2.10.11",  W },
        { "after the profile",                      web_identity_and_profile, "java2", "2.10.15", P }, { "and then before", web_identity_and_profile, "java2", "2.11.14", W },
        { "no web identity of a profile yet",       profile_web_identity, "java2", "2.7.36", C }, { "and then",     profile_web_identity, "java2", "2.8.3", W },
        { "no SSO yet",                             sso,             "java2", "2.15.24",  C }, { "and then",       sso,             "java2", "2.15.35",  PROVIDER_SSO },
        { "a switch of IMDS must be one",           off_one_and_keys, "java2", "2.17.100", E }, { "and then",      off_one_and_keys, "java2", "2.18.10", PROVIDER_ENV },
        { "but is no IMDS",                         off_one,         "java2", NULL,       N }, { "which false is", off_false,       "java2", NULL,       I },
        { "a malformed file fails nothing",         malformed_and_keys, "java2", "2.10.15", PROVIDER_ENV }, { "and then all", malformed_and_keys, "java2", "2.11.14", E },
        { "the profile fails the chain",            role_alone_and_keys, "java2", "2.1.0", E }, { "and then does not", role_alone_and_keys, "java2", "2.5.71", PROVIDER_ENV },
        { "two names of loopback",                  full_loop_other, "java2", "2.19.16",  I }, { "and then all",   full_loop_other, "java2", "2.19.24",  C },
        { "no host of the agent yet",               full_agent,      "java2", "2.21.24",  I }, { "and then",       full_agent,      "java2", "2.21.27",  C },
        { "no token file yet",                      no_token_file,   "java2", "2.21.24",  C }, { "and then",       no_token_file,   "java2", "2.21.27",  I },
        { "a role without a source is none",        role_alone,      "java2", NULL,       C },
        { "both files",                             both_files,      "java2", NULL,       P },
};

static void each_turn(void **state)
{
        size_t wrong = 0;

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(singles); i++)
                wrong += situation_differs(&singles[i]);
        assert_int_equal(wrong, 0);
}

static void which_profile(void **state)
{
        static const struct { const char *sdk, *key; } rows[] = { { "java1", "AKIAOTHEREXAMPLEKEYS" }, { "java2", "AKIACREDEXAMPLEKEYSX" } };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                struct world w;

                world_init(&w);
                variable_and_property(&w);
                assert_string_equal(world_eval(&w, rows[i].sdk, NULL).key_id, rows[i].key);
                arena_free(w.a);
        }
}

/* Java v1 takes the home of the passwd file, or of its property: where it is not HOME, the files below HOME are not those that it reads. */
static void which_home(void **state)
{
        static const struct { const char *why, *sdk, *property; enum passwd_home home; bool file; enum provider provider; enum certainty certainty; } rows[] = {
                { "HOME", "java1", NULL, PASSWD_HOME_SAME, true, PROVIDER_PROFILE, CERTAINTY_PREDICTED },
                { "another one, without files", "java1", NULL, PASSWD_HOME_EMPTY, true, PROVIDER_CONTAINER, CERTAINTY_PREDICTED },
                { "another one, with files", "java1", NULL, PASSWD_HOME_OTHER, false, PROVIDER_CONTAINER, CERTAINTY_POSSIBLE },
                { "none, and files below HOME", "java1", NULL, PASSWD_HOME_NONE, true, PROVIDER_PROFILE, CERTAINTY_POSSIBLE },
                { "none, and no files below HOME", "java1", NULL, PASSWD_HOME_NONE, false, PROVIDER_CONTAINER, CERTAINTY_PREDICTED },
                { "by the property", "java1", "/srv", PASSWD_HOME_SAME, false, PROVIDER_CONTAINER, CERTAINTY_POSSIBLE },
                { "by the property, which is HOME", "java1", "/root", PASSWD_HOME_OTHER, true, PROVIDER_PROFILE, CERTAINTY_PREDICTED },
                { "v2 takes HOME", "java2", "/srv", PASSWD_HOME_EMPTY, true, PROVIDER_PROFILE, CERTAINTY_PREDICTED },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                struct chain_result r;
                struct world w;

                world_init(&w);
                w.passwd_home = rows[i].home;
                w.prop[SYSPROP_USER_HOME] = rows[i].property;
                if (rows[i].file)
                        world_file(&w, false, "[default]\n" KEYS("AKIACREDEXAMPLEKEYSX"));
                r = world_eval(&w, rows[i].sdk, NULL);
                if (r.provider != rows[i].provider || r.certainty != rows[i].certainty)
                        fail_msg("%s: %s, %s", rows[i].why, provider_to_string(r.provider), certainty_to_string(r.certainty));
                arena_free(w.a);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(each_turn), cmocka_unit_test(which_profile), cmocka_unit_test(which_home) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
