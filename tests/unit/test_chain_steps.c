/* Steps of the chain in situations that the vectors do not contain: which step wins, and what explain prints. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include "helper_chain.h"

static void lost(struct world *w) { w->env[ENV_VAR_RELATIVE_URI] = NULL; }
static void refused(struct world *w) { w->container.state = ANSWER_REFUSED; }
static void proxy(struct world *w) { lost(w); w->env[ENV_VAR_HTTP_PROXY_LOWER] = "http://127.0.0.1:9"; }
static void web_identity(struct world *w)
{
        w->env[ENV_VAR_WEB_IDENTITY_TOKEN] = "/var/run/token";
        w->env[ENV_VAR_ROLE_ARN] = "arn:aws:iam::111122223333:role/webIdentityRole";
        w->web_identity_file = FILE_OK;
}
static void full_to(struct world *w, const char *url) { lost(w); w->env[ENV_VAR_FULL_URI] = url; w->full_answers = true; }
static void full_loop6(struct world *w) { full_to(w, "http://[::1]:80/***"); }
static void full_loop4(struct world *w) { full_to(w, "http://127.9.9.9/***"); }
static void full_name(struct world *w) { full_to(w, "http://sidecar/***"); }
static void full_elsewhere(struct world *w) { full_to(w, "http://10.1.2.3/***"); }
static void full_short(struct world *w) { full_to(w, "http://127./***"); }
static void full_open6(struct world *w) { full_to(w, "http://[::1"); }
static void full_no_url(struct world *w) { full_to(w, "/v2/credentials"); }
static void full_agent(struct world *w) { full_to(w, "http://169.254.170.2/***"); refused(w); }
static void full_agent_port(struct world *w) { full_to(w, "http://169.254.170.2:80/***"); refused(w); }
static void full_agent_bare(struct world *w) { full_to(w, "http://169.254.170.2"); refused(w); }
static void full_eks(struct world *w) { full_to(w, "http://169.254.170.23/***"); refused(w); }
static void proxy_any(struct world *w) { proxy(w); w->env[ENV_VAR_NO_PROXY_LOWER] = "*"; }
static void proxy_empty(struct world *w) { proxy(w); w->env[ENV_VAR_HTTP_PROXY_LOWER] = ""; }
static void proxy_upper(struct world *w) { lost(w); w->env[ENV_VAR_HTTP_PROXY] = "http://127.0.0.1:9"; }
static void endpoint_not_visible(struct world *w) { w->container.state = ANSWER_DENIED; }
static void uri_not_visible(struct world *w) { w->relative.answer.state = ANSWER_DENIED; }
static void uri_not_visible_nor_role(struct world *w) { w->relative = (struct credential){ .answer = { ANSWER_UNKNOWN, 0, NULL } }; }
static void token_denied(struct world *w) { lost(w); w->token.state = ANSWER_DENIED; }
static void token_400(struct world *w) { lost(w); w->token = (struct answer){ ANSWER_STATUS, 400, NULL }; }
static void token_403(struct world *w) { lost(w); w->token = (struct answer){ ANSWER_STATUS, 403, NULL }; }
static void imds_elsewhere(struct world *w) { lost(w); w->env[ENV_VAR_IMDS_ENDPOINT] = "http://x/***"; }
static void imds_expired(struct world *w) { lost(w); w->host.imds_role_answer.state = ANSWER_EXPIRED; }
static void imds_role_not_visible(struct world *w) { lost(w); w->host.imds_role_answer.state = ANSWER_UNKNOWN; }
/* The host keeps rolewatch from IMDS, and not its containers. */
static void imds_not_for_us(struct world *w) { lost(w); w->host.imds.state = w->host.imds_role_answer.state = ANSWER_REFUSED; }
static void imds_was_for_us(struct world *w) { imds_not_for_us(w); w->host.instance_expires_s = w->host.taken_s + 1; }
static void imds_role_500(struct world *w) { lost(w); w->host.imds_role_answer = (struct answer){ ANSWER_STATUS, 500, NULL }; }
static void imds_failing_since(struct world *w) { imds_role_500(w); w->host.instance_expires_s = w->host.taken_s + 1; }
static void imds_never_for_us(struct world *w) { imds_not_for_us(w); w->host.instance_role = NULL; }
static void imds_for_nobody(struct world *w) { imds_not_for_us(w); w->token.state = w->v1.state = ANSWER_REFUSED; }
static void token_file_not_visible(struct world *w) { w->env[ENV_VAR_TOKEN_FILE] = "/run/token"; w->token_file = FILE_UNKNOWN; }
static void token_file_absent(struct world *w) { w->env[ENV_VAR_TOKEN_FILE] = "/run/token"; }
static void web_identity_not_visible(struct world *w) { web_identity(w); w->web_identity_file = FILE_UNKNOWN; }
static void secret_only(struct world *w) { w->env[ENV_VAR_SECRET] = "***"; }
static void in_config(struct world *w, const char *text) { world_file(w, true, text); w->env[ENV_VAR_LOAD_CONFIG] = "1"; }
static void circle(struct world *w)
{
        in_config(w, "[default]\nrole_arn = arn:aws:iam::1:role/a\nsource_profile = b\n"
                     "[profile b]\nrole_arn = arn:aws:iam::1:role/b\nsource_profile = default\n");
}
static void two_roles(struct world *w)
{
        in_config(w, "[default]\nrole_arn = arn:aws:iam::1:role/assumed\nsource_profile = b\n"
                     "[profile b]\nrole_arn = arn:aws:iam::1:role/b\nsource_profile = c\n"
                     "[profile c]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n");
}
static void of_itself(struct world *w)
{
        in_config(w, "[default]\nrole_arn = arn:aws:iam::1:role/assumed\nsource_profile = default\n"
                     "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n");
}
static void no_source_keys(struct world *w)
{
        in_config(w, "[default]\nrole_arn = arn:aws:iam::1:role/a\nsource_profile = b\n[profile b]\nsso_start_url =\n");
}
static void by_environment(struct world *w)
{
        in_config(w, "[default]\nrole_arn = arn:aws:iam::1:role/assumed\ncredential_source = Environment\n");
        w->env[ENV_VAR_SECRET] = "***";
}
static void profile_by_instance(struct world *w)
{
        in_config(w, "[default]\nrole_arn = arn:aws:iam::1:role/a\ncredential_source = Ec2InstanceMetadata\n");
}
static void by_nonsense(struct world *w) { in_config(w, "[default]\nrole_arn = arn:aws:iam::1:role/a\ncredential_source = Moon\n"); }
static void sources_two(struct world *w)
{
        in_config(w, "[default]\nrole_arn = arn:aws:iam::1:role/a\ncredential_source = EcsContainer\nsource_profile = b\n[profile b]\n");
}
static void sso_url(struct world *w) { in_config(w, "[default]\nsso_start_url = https://x\nsso_account_id = 1\nsso_role_name = r\nsso_region = x\n"); }
static void sso_named(struct world *w) { in_config(w, "[default]\nsso_session = s\nsso_account_id = 1\nsso_role_name = r\n[sso-session s]\nsso_region = x\n"); }
static void command(struct world *w) { in_config(w, "[default]\ncredential_process = /bin/x\n"); }
static void half_secret(struct world *w) { world_file(w, false, "[default]\naws_secret_access_key = x\n"); }
static void profile_web_identity_file(struct world *w)
{
        in_config(w, "[default]\nweb_identity_token_file = /t\nrole_arn = arn:aws:iam::1:role/webIdentityRole\n");
        w->web_identity_file = FILE_OK;
}
static void web_identity_without_role(struct world *w) { in_config(w, "[default]\nweb_identity_token_file = /t\n"); w->web_identity_file = FILE_OK; }
static void half_sso(struct world *w) { in_config(w, "[default]\nsso_session =\nsso_start_url =\n"); }
static void empty_keys_in_profile(struct world *w) { world_file(w, false, "[default]\naws_access_key_id =\naws_secret_access_key =\n"); }
static void id_alone_in_profile(struct world *w) { world_file(w, false, "[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n"); }
static void config_too_big(struct world *w) { w->config.state = FILE_TOO_BIG; w->env[ENV_VAR_LOAD_CONFIG] = "1"; }
static void config_outside(struct world *w) { w->config.state = FILE_OUTSIDE; w->env[ENV_VAR_LOAD_CONFIG] = "1"; }
static void config_unreadable(struct world *w) { w->config.state = FILE_UNREADABLE; w->env[ENV_VAR_LOAD_CONFIG] = "1"; }
static void profiles_not_visible(struct world *w) { w->credentials.state = w->config.state = FILE_UNKNOWN; }
static void config_not_visible(struct world *w) { w->config.state = FILE_UNKNOWN; w->env[ENV_VAR_LOAD_CONFIG] = "1"; }
static void below_metadata(struct world *w) { w->env[ENV_VAR_METADATA_V3] = "http://169.254.170.2/***"; }
static void full_with_token_file(struct world *w) { full_loop4(w); w->env[ENV_VAR_TOKEN_FILE] = "/run/token"; w->token_file = FILE_OK; }
static void full_by_proxy(struct world *w) { full_with_token_file(w); w->env[ENV_VAR_HTTP_PROXY_LOWER] = "http://127.0.0.1:9"; }
static void full_not_by_proxy(struct world *w) { full_by_proxy(w); w->env[ENV_VAR_NO_PROXY_LOWER] = "127.9.9.9"; }
static void keys_and_role(struct world *w)
{
        web_identity(w);
        w->env[ENV_VAR_KEY_ID] = "AKIAIOSFODNN7EXAMPLE";
        w->env[ENV_VAR_SECRET] = "***";
}
static void role_in_credentials(struct world *w)
{
        world_file(w, false, "[default]\nrole_arn = arn:aws:iam::1:role/assumed\nsource_profile = b\n"
                             "[b]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n");
}

static const struct { const char *why; void (*stage)(struct world *); const char *sdk; enum provider want; const char *role, *text; } singles[] = {
        { "the loopback of version 6", full_loop6, "go2", PROVIDER_CONTAINER, "fullRole", NULL },
        { "any address of 127", full_loop4, "go2", PROVIDER_CONTAINER, "fullRole", NULL },
        { "a name", full_name, "botocore", PROVIDER_ERROR, NULL, "this SDK refuses the host in" },
        { "a name that may be one of loopback", full_name, "java2", PROVIDER_CONTAINER, NULL, NULL },
        { "127 and no more", full_short, "go2", PROVIDER_CONTAINER, NULL, NULL },
        { "a bracket that stays open", full_open6, "go2", PROVIDER_ERROR, NULL, "this SDK refuses the host in" },
        { "no URL", full_no_url, "go2", PROVIDER_ERROR, NULL, "this SDK refuses the host in" },
        { "the agent by the other variable", full_agent, "go2", PROVIDER_ERROR, NULL, "the container endpoint fails when tested from the container: connection refused" },
        { "with its port", full_agent_port, "go2", PROVIDER_ERROR, NULL, "the container endpoint fails when tested from the container: connection refused" },
        { "without a path", full_agent_bare, "go2", PROVIDER_ERROR, NULL, "the container endpoint fails when tested from the container: connection refused" },
        { "of EKS", full_eks, "go2", PROVIDER_CONTAINER, "fullRole", NULL },
        { "a proxy that nothing goes through", proxy_any, "go2", PROVIDER_IMDS, "ecsInstanceRole", NULL },
        { "a proxy that is empty", proxy_empty, "go2", PROVIDER_IMDS, "ecsInstanceRole", NULL },
        { "a proxy in capitals", proxy_upper, "botocore", PROVIDER_ERROR, NULL, "HTTP proxy" },
        { "the endpoint not seen from inside", endpoint_not_visible, "botocore", PROVIDER_CONTAINER, "webTaskRole", NULL },
        { "its answer not seen", uri_not_visible, "botocore", PROVIDER_CONTAINER, "webTaskRole", "rolewatch cannot see what this endpoint returns" },
        { "nor whose it is", uri_not_visible_nor_role, "botocore", PROVIDER_CONTAINER, NULL, "rolewatch cannot see what this endpoint returns" },
        { "IMDS not seen from inside", token_denied, "botocore", PROVIDER_IMDS, "ecsInstanceRole", "not tested from the container" },
        { "a token refused with 400", token_400, "botocore", PROVIDER_NONE, NULL, "rejects the token request" },
        { "a token refused with 403", token_403, "botocore", PROVIDER_IMDS, "ecsInstanceRole", "IMDSv1, because no token is available" },
        { "IMDS elsewhere", imds_elsewhere, "botocore", PROVIDER_IMDS, NULL, "sets another endpoint" },
        { "IMDS of expired keys", imds_expired, "botocore", PROVIDER_IMDS, "ecsInstanceRole", "IMDSv2" },
        { "whether there is a role not seen", imds_role_not_visible, "botocore", PROVIDER_NONE, NULL, "IMDS returns no credentials: not requested" },
        { "IMDS does not answer rolewatch", imds_not_for_us, "botocore", PROVIDER_IMDS, "ecsInstanceRole", "but not rolewatch" },
        { "IMDS answered rolewatch before", imds_was_for_us, "botocore", PROVIDER_IMDS, "ecsInstanceRole", "are still valid" },
        { "IMDS fails, and did not before", imds_failing_since, "botocore", PROVIDER_IMDS, "ecsInstanceRole", "are still valid" },
        { "IMDS never answered rolewatch", imds_never_for_us, "botocore", PROVIDER_IMDS, NULL, "but not rolewatch" },
        { "IMDS answers nobody", imds_for_nobody, "botocore", PROVIDER_NONE, NULL, "IMDS fails (token: connection refused; IMDSv1: " },
        { "IMDS fails", imds_role_500, "botocore", PROVIDER_NONE, NULL, "IMDS returns no credentials: HTTP 500" },
        { "a token file not seen", token_file_not_visible, "go2", PROVIDER_CONTAINER, "webTaskRole", NULL },
        { "a token file that is not there", token_file_absent, "rust", PROVIDER_ERROR, NULL, "token file cannot be read" },
        { "a web identity not seen", web_identity_not_visible, "go2", PROVIDER_WEB_IDENTITY, "webIdentityRole", NULL },
        { "a secret without its key id", secret_only, "go2", PROVIDER_CONTAINER, "webTaskRole", NULL },
        { "a circle of profiles", circle, "go2", PROVIDER_ERROR, NULL, NULL },
        { "one role after another", two_roles, "botocore", PROVIDER_PROFILE, "assumed", NULL },
        { "a profile that is its own source", of_itself, "botocore", PROVIDER_PROFILE, "assumed", NULL },
        { "a source without keys", no_source_keys, "botocore", PROVIDER_ERROR, NULL, NULL },
        { "the environment as the source, without keys", by_environment, "botocore", PROVIDER_ERROR, NULL, NULL },
        { "a source of tomorrow", by_nonsense, "botocore", PROVIDER_ERROR, NULL, "Moon" },
        { "two sources", sources_two, "botocore", PROVIDER_ERROR, NULL, NULL },
        { "signed in, in the profile", sso_url, "botocore", PROVIDER_SSO, "r", NULL },
        { "signed in, by a session", sso_named, "botocore", PROVIDER_SSO, "r", NULL },
        { "a command", command, "botocore", PROVIDER_PROCESS, NULL, NULL },
        { "a secret alone in a profile", half_secret, "botocore", PROVIDER_CONTAINER, "webTaskRole", NULL },
        { "a web identity in the profile", profile_web_identity_file, "botocore", PROVIDER_WEB_IDENTITY, "webIdentityRole", NULL },
        { "a web identity in the profile, without a role", web_identity_without_role, "botocore", PROVIDER_ERROR, NULL, "web_identity_token_file without role_arn" },
        { "the same, passed over", web_identity_without_role, "java2", PROVIDER_CONTAINER, "webTaskRole", NULL },
        { "signed in by nothing", half_sso, "botocore", PROVIDER_CONTAINER, "webTaskRole", NULL },
        { "empty keys in a profile", empty_keys_in_profile, "js3", PROVIDER_CONTAINER, "webTaskRole", NULL },
        { "a key id alone in a profile, an error", id_alone_in_profile, "botocore", PROVIDER_ERROR, NULL, NULL },
        { "a key id alone in a profile, passed over", id_alone_in_profile, "go1", PROVIDER_CONTAINER, "webTaskRole", NULL },
        { "a config file too big", config_too_big, "botocore", PROVIDER_CONTAINER, "webTaskRole", "is ignored: too-big" },
        { "a config file outside", config_outside, "botocore", PROVIDER_CONTAINER, "webTaskRole", "is ignored: outside-root" },
        { "a config file that cannot be read", config_unreadable, "botocore", PROVIDER_CONTAINER, "webTaskRole", "is ignored: unreadable" },
        { "files not seen", profiles_not_visible, "botocore", PROVIDER_CONTAINER, "webTaskRole", NULL },
        { "FULL_URI without a token file", full_loop4, "object-store", PROVIDER_IMDS, "ecsInstanceRole", NULL },
        { "FULL_URI with one", full_with_token_file, "object-store", PROVIDER_CONTAINER, "fullRole", NULL },
        { "FULL_URI of another server by a proxy", full_by_proxy, "object-store", PROVIDER_ERROR, NULL, "AWS_CONTAINER_CREDENTIALS_FULL_URI goes to the HTTP proxy" },
        { "FULL_URI of another server, exempt", full_not_by_proxy, "object-store", PROVIDER_CONTAINER, "fullRole", NULL },
        { "FULL_URI of another server, where the proxy is not known to matter", full_by_proxy, "go2", PROVIDER_CONTAINER, "fullRole", NULL },
        { "keys that assume a role", keys_and_role, "async-aws", PROVIDER_ENV, "webIdentityRole", NULL },
        { "keys beside a role", keys_and_role, "go2", PROVIDER_ENV, NULL, NULL },
        { "a role in the credentials file, not read", role_in_credentials, "gdal", PROVIDER_CONTAINER, "webTaskRole", NULL },
        { "a role in the credentials file, read", role_in_credentials, "async-aws", PROVIDER_PROFILE, "assumed", NULL },
        { "a source that is not supported", by_environment, "gdal", PROVIDER_ERROR, NULL, "secret key is set without" },
        { "a source that is not supported, passed over", profile_by_instance, "async-aws", PROVIDER_CONTAINER, "webTaskRole", NULL },
        { "the config file not seen", config_not_visible, "go2", PROVIDER_CONTAINER, "webTaskRole", NULL },
};

/* Said by the error of the chain, or by some step of the walk. */
static bool mentions(const struct chain_result *r, const char *text)
{
        bool found = r->error && strstr(r->error, text);

        for (size_t i = 0; i < r->n_walk; i++)
                found = found || (r->walk[i].detail && strstr(r->walk[i].detail, text));
        return found;
}

static void single_situations(void **state)
{
        size_t wrong = 0;

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(singles); i++) {
                struct world w;
                struct chain_result r;

                world_init(&w);
                singles[i].stage(&w);
                r = world_eval(&w, singles[i].sdk, NULL);
                if (r.provider != singles[i].want || !streq(r.role ? arn_name(r.role) : NULL, singles[i].role) ||
                    (singles[i].text && !mentions(&r, singles[i].text))) {
                        print_error("%s: %s %s, %s\n", singles[i].why, provider_to_string(r.provider), r.role ? r.role : "-", r.error ? r.error : "-");
                        wrong++;
                }
                arena_free(w.a);
        }
        assert_int_equal(wrong, 0);
}

/* What could not be seen is said to be a possibility, no prediction. */
static void what_is_not_visible_is_possible(void **state)
{
        static void (*const stages[])(struct world *) = { endpoint_not_visible, uri_not_visible, token_denied, imds_not_for_us, imds_elsewhere, profiles_not_visible, web_identity_not_visible };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(stages); i++) {
                struct world w;
                struct chain_result r;

                world_init(&w);
                stages[i](&w);
                r = world_eval(&w, "botocore", NULL);
                if (r.certainty != CERTAINTY_POSSIBLE)
                        fail_msg("row %zu: %s", i, certainty_to_string(r.certainty));
                arena_free(w.a);
        }
}

/* What IMDS gave before holds while it is valid. */
static void a_role_given_before_is_predicted(void **state)
{
        struct world w;

        (void)state;
        world_init(&w);
        imds_was_for_us(&w);
        assert_int_equal(world_eval(&w, "botocore", NULL).certainty, CERTAINTY_PREDICTED);
        arena_free(w.a);
}

static void empty_keys(struct world *w) { w->env[ENV_VAR_KEY_ID] = w->env[ENV_VAR_SECRET] = ""; }
static void proxied_endpoint(struct world *w) { w->env[ENV_VAR_HTTP_PROXY_LOWER] = "http://127.0.0.1:9"; }
static void web_identity_absent(struct world *w) { web_identity(w); w->web_identity_file = FILE_ABSENT; }
static void lost_command(struct world *w) { lost(w); command(w); }
static void lost_role(struct world *w) { lost(w); two_roles(w); }
static void lost_web_profile(struct world *w) { lost(w); profile_web_identity_file(w); }
static void profile_by_instance_disabled(struct world *w) { profile_by_instance(w); w->env[ENV_VAR_METADATA_DISABLED] = "true"; }
static void blank_keys(struct world *w) { w->env[ENV_VAR_KEY_ID] = w->env[ENV_VAR_SECRET] = " "; }

/* What turned with a release: the last before it, and the first with it. */
static const struct { void (*stage)(struct world *); const char *sdk, *old; enum provider then; const char *young; enum provider now; } turns[] = {
        { empty_keys, "botocore", "1.10.84", PROVIDER_ERROR, "1.11.0", PROVIDER_CONTAINER },
        { proxied_endpoint, "botocore", "1.10.84", PROVIDER_ERROR, "1.11.0", PROVIDER_CONTAINER },
        { lost_command, "botocore", "1.7.48", PROVIDER_IMDS, "1.8.0", PROVIDER_PROCESS },
        { lost_role, "botocore", "1.3.14", PROVIDER_IMDS, "1.3.15", PROVIDER_PROFILE },
        { lost_web_profile, "botocore", "1.12.199", PROVIDER_ERROR, "1.12.200", PROVIDER_WEB_IDENTITY },
        { full_elsewhere, "crt", "0.7.22", PROVIDER_CONTAINER, "0.7.23", PROVIDER_NONE },
        { lost_command, "crt", "0.6.29", PROVIDER_IMDS, "0.6.30", PROVIDER_PROCESS },
        { lost_command, "crt", "0.7.24", PROVIDER_PROCESS, "0.7.25", PROVIDER_PROCESS },
        { below_metadata, "opendal", "0.16.5", PROVIDER_IMDS, "3.0.0", PROVIDER_IMDS },
        { below_metadata, "opendal", "3.1.1", PROVIDER_IMDS, "3.2.0", PROVIDER_CONTAINER },
        { full_with_token_file, "object-store", "0.12.0", PROVIDER_IMDS, "0.12.1", PROVIDER_CONTAINER },
        { full_loop4, "gdal", "3.7.2", PROVIDER_IMDS, "3.8.0", PROVIDER_CONTAINER },
        { lost_command, "gdal", "3.11.4", PROVIDER_IMDS, "3.12.0", PROVIDER_PROCESS },
        { empty_keys, "async-aws", "1.20.0", PROVIDER_ERROR, "1.20.1", PROVIDER_CONTAINER },
        { full_loop4, "async-aws", "1.22.1", PROVIDER_IMDS, "1.23.0", PROVIDER_CONTAINER },
        { web_identity_absent, "async-aws", "1.27.1", PROVIDER_ERROR, "1.28.0", PROVIDER_CONTAINER },
        { profile_by_instance_disabled, "ruby3", "3.226.2", PROVIDER_ERROR, "3.226.3", PROVIDER_PROFILE },
        { lost_web_profile, "php", NULL, PROVIDER_WEB_IDENTITY, "3.376.2", PROVIDER_WEB_IDENTITY },
        { blank_keys, "php", NULL, PROVIDER_ERROR, "3.376.2", PROVIDER_ERROR },
};

static void releases_turn(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(turns); i++)
                for (int young = 0; young < 2; young++) {
                        const char *version = young ? turns[i].young : turns[i].old;
                        enum provider want = young ? turns[i].now : turns[i].then;
                        struct chain_result r;
                        struct world w;

                        world_init(&w);
                        turns[i].stage(&w);
                        r = world_eval(&w, turns[i].sdk, version);
                        if (r.provider != want)
                                fail_msg("turn %zu, %s %s: %s", i, turns[i].sdk, version ? version : "", provider_to_string(r.provider));
                        arena_free(w.a);
                }
}

static void id_alone(struct world *w) { lost(w); w->env[ENV_VAR_KEY_ID] = "AKIAI44QH8DHBEXAMPLE"; }
static void pair_in_file(struct world *w) { world_file(w, false, "[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n"); }
static void id_beside_pair(struct world *w) { id_alone(w); pair_in_file(w); }
static void secret_beside_pair(struct world *w) { lost(w); secret_only(w); pair_in_file(w); }
static void secret_beside_id(struct world *w) { lost(w); secret_only(w); id_alone_in_profile(w); }
static void id_beside_id(struct world *w) { id_alone(w); id_alone_in_profile(w); }
static void pair_beside_pair(struct world *w) { id_beside_pair(w); secret_only(w); }
static void named_half(struct world *w)
{
        lost(w);
        w->env[ENV_VAR_PROFILE] = "batch";
        world_file(w, false, "[batch]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n");
}
static void named_half_and_secret(struct world *w) { named_half(w); secret_only(w); }
static void named_blank(struct world *w) { pair_in_file(w); w->env[ENV_VAR_PROFILE] = ""; }

/* boto 2 takes the ID and the secret key each for itself. text: what the step that decides says. */
static const struct { void (*stage)(struct world *); enum provider want; const char *key_id; enum certainty certainty; const char *text; } pairs[] = {
        { id_alone,              PROVIDER_IMDS,    NULL,                   CERTAINTY_POSSIBLE,  NULL },
        { id_beside_id,          PROVIDER_IMDS,    NULL,                   CERTAINTY_POSSIBLE,  NULL },
        { id_beside_pair,        PROVIDER_PROFILE, "AKIAI44QH8DHBEXAMPLE", CERTAINTY_POSSIBLE,
          "AWS_ACCESS_KEY_ID is set without AWS_SECRET_ACCESS_KEY, and is used with the secret key of profile default in " },
        { secret_beside_pair,    PROVIDER_PROFILE, "AKIAIOSFODNN7EXAMPLE", CERTAINTY_POSSIBLE,
          "AWS_SECRET_ACCESS_KEY is set without AWS_ACCESS_KEY_ID, and is used with the access key ID of profile default in " },
        { secret_beside_id,      PROVIDER_PROFILE, "AKIAIOSFODNN7EXAMPLE", CERTAINTY_POSSIBLE,  "AWS_SECRET_ACCESS_KEY is set without AWS_ACCESS_KEY_ID" },
        { pair_in_file,          PROVIDER_PROFILE, "AKIAIOSFODNN7EXAMPLE", CERTAINTY_PREDICTED, "static keys of profile default in " },
        { pair_beside_pair,      PROVIDER_ENV,     "AKIAI44QH8DHBEXAMPLE", CERTAINTY_PREDICTED, "static keys in the environment" },
        { named_half,            PROVIDER_ERROR,   NULL,                   CERTAINTY_PREDICTED, "profile batch is named, and has no key pair" },
        { named_half_and_secret, PROVIDER_PROFILE, "AKIAIOSFODNN7EXAMPLE", CERTAINTY_POSSIBLE,  "AWS_SECRET_ACCESS_KEY is set without AWS_ACCESS_KEY_ID" },
        { named_blank,           PROVIDER_ERROR,   NULL,                   CERTAINTY_PREDICTED, "a profile variable is set but empty" },
};

static void halves_of_a_pair(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
                const char *text = NULL;
                struct chain_result r;
                struct world w;

                world_init(&w);
                pairs[i].stage(&w);
                r = world_eval(&w, "boto2", "2.49.0");
                for (size_t k = 0; k < r.n_walk; k++)
                        if (r.walk[k].state == STEP_WINS || r.walk[k].state == STEP_STOPPED)
                                text = r.walk[k].detail;
                if (r.provider != pairs[i].want || !streq(r.key_id, pairs[i].key_id) || r.certainty != pairs[i].certainty ||
                    (pairs[i].text && (!text || !strstr(text, pairs[i].text))))
                        fail_msg("pair %zu: %s %s, certainty %d: %s", i, provider_to_string(r.provider), r.key_id ? r.key_id : "", r.certainty, text ? text : "");
                arena_free(w.a);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(single_situations), cmocka_unit_test(what_is_not_visible_is_possible), cmocka_unit_test(a_role_given_before_is_predicted),
                                            cmocka_unit_test(releases_turn), cmocka_unit_test(halves_of_a_pair) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
