#include "helper_chain.h"

void world_init(struct world *w)
{
        memset(w, 0, sizeof *w);
        assert_int_equal(arena_new(1 << 20, &w->a), 0);
        w->env[ENV_VAR_RELATIVE_URI] = "/v2/credentials/***";
        w->env[ENV_VAR_HOME] = "/root";
        w->host.instance_role = "ecsInstanceRole";
        w->host.imds_role_answer.state = ANSWER_OK;
        w->relative = (struct credential){ .answer = { ANSWER_OK, 200, NULL }, .key_id = "ASIAIOSFODNN7EXAMPLE",
                                           .role_arn = "arn:aws:iam::111122223333:role/webTaskRole" };
        w->full = (struct credential){ .answer = { ANSWER_OK, 200, NULL }, .key_id = "ASIAIOSFODNN7EXAMPLE",
                                       .role_arn = "arn:aws:iam::111122223333:role/fullRole" };
        w->container.state = w->token.state = w->v1.state = ANSWER_OK;
        w->credentials.path = "/root/.aws/credentials";
        w->config.path = "/root/.aws/config";
        w->web_identity_file = w->token_file = FILE_ABSENT;
}

struct chain_result world_eval(struct world *w, const char *sdk, const char *version)
{
        struct chain_input in = {
                .env = w->env, .prop = w->prop, .credentials = &w->credentials, .config = &w->config,
                .token_file = w->token_file, .web_identity_file = w->web_identity_file, .cred_relative = &w->relative,
                .cred_full = w->full_answers ? &w->full : NULL, .net_container = &w->container,
                .net_imds_token = &w->token, .net_imds_v1 = &w->v1, .host = &w->host, .env_known = true, .passwd_home = w->passwd_home, .signed_out = w->signed_out, .now_s = 1767225600,
                .version = version,
        };
        struct chain_result r;

        assert_int_equal(chain_eval(chain_row_for(sdk, version), &in, w->a, &r), 0);
        return r;
}

void world_file(struct world *w, bool config, const char *text)
{
        const struct profile_text bytes = { text, strlen(text), config ? PROFILE_FILE_CONFIG : PROFILE_FILE_CREDENTIALS };
        struct profile_file *f = config ? &w->config : &w->credentials;

        assert_int_equal(profile_parse(w->a, &bytes, f), 0);
}

bool situation_differs(const struct situation *x)
{
        struct chain_result r;
        struct world w;
        bool differs;

        world_init(&w);
        x->stage(&w);
        r = world_eval(&w, x->sdk, x->version);
        differs = r.provider != x->want;
        if (differs)
                print_error("%s, %s %s: %s, %s\n", x->why, x->sdk, x->version ? x->version : "newest", provider_to_string(r.provider), r.error ? r.error : "-");
        arena_free(w.a);
        return differs;
}
