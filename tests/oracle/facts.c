#include <stdalign.h>
#include <stdio.h>
#include "facts.h"
#include "../../agent/model/model_internal.h"

static const char *text_of(const cJSON *o, const char *name)
{
        return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, name));
}

static int answer_of(const cJSON *o, struct answer *ret)
{
        const char *string = text_of(o, "state");
        const cJSON *status = cJSON_GetObjectItemCaseSensitive(o, "status");
        int state = string ? string_table_find(&answer_state_strings, string, strlen(string)) : ANSWER_UNKNOWN;

        if (state < 0)
                return -EBADMSG;
        *ret = (struct answer){ .state = (enum answer_state)state,
                                .status = cJSON_IsNumber(status) ? status->valueint : 0 };
        return 0;
}

static int file_state_of(const cJSON *j, const char *name, enum file_state *ret)
{
        const char *string = text_of(j, name);
        int state = string ? string_table_find(&file_state_strings, string, strlen(string)) : FILE_ABSENT;

        if (state < 0)
                return -EBADMSG;
        *ret = (enum file_state)state;
        return 0;
}

/* "text", or "latin1": a text of which each character is one byte of the file. */
static const char *bytes_of(struct arena *a, const cJSON *j)
{
        const char *latin1 = text_of(j, "latin1");
        char *to = latin1 ? arena_alloc(a, strlen(latin1) + 1) : NULL;
        const char *ret = to;

        if (!to)
                return text_of(j, "text");
        for (const unsigned char *s = (const unsigned char *)latin1; *s; s += *s < 0x80 ? 1 : 2)
                *to++ = (char)(*s < 0x80 ? *s : ((s[0] & 3) << 6) + (s[1] & 0x3f));
        return ret;
}

static int file_of(struct arena *a, const cJSON *j, bool config, struct profile_file *ret)
{
        const char *text = bytes_of(a, j);
        const struct profile_text bytes = { text, text ? strlen(text) : 0, config ? PROFILE_FILE_CONFIG : PROFILE_FILE_CREDENTIALS };
        int r = file_state_of(j, "state", &ret->state);

        if (r == 0 && ret->state == FILE_OK)
                r = text ? profile_parse(a, &bytes, ret) : -EBADMSG;
        ret->path = config ? "~/.aws/config" : "~/.aws/credentials";
        return r;
}

static int cred_of(struct arena *a, const cJSON *o, struct credential *ret,
                   const struct credential **ret_in)
{
        const char *role = text_of(o, "role"), *key = text_of(o, "key");

        if (!o)
                return 0;
        *ret_in = ret;
        ret->role_arn = role ? arena_dup(a, role) : NULL;
        ret->key_id = key ? arena_dup(a, key) : NULL;
        return answer_of(o, &ret->answer);
}

static int env_of(struct facts *f, const cJSON *env)
{
        const cJSON *v;

        cJSON_ArrayForEach(v, env) {
                int i = env_find(v->string, strlen(v->string));

                if (i < 0 || !cJSON_IsString(v))
                        continue;
                f->env[i] = env_redact(f->a, env_class((enum env_var)i), v->valuestring,
                                       strlen(v->valuestring));
                if (!f->env[i])
                        return -ENOMEM;
        }
        return 0;
}

static int props_of(struct facts *f, const cJSON *props)
{
        const cJSON *v;

        cJSON_ArrayForEach(v, props) {
                int i = sysprop_find(v->string, strlen(v->string));

                if (i < 0 || !cJSON_IsString(v))
                        return -EBADMSG;
                f->prop[i] = env_redact(f->a, sysprop_class((enum sysprop)i), v->valuestring,
                                        strlen(v->valuestring));
                if (!f->prop[i])
                        return -ENOMEM;
        }
        return 0;
}

static int fill(struct facts *f, const cJSON *j)
{
        const struct { const char *name; struct answer *to; } answers[] = {
                { "container", &f->container }, { "token", &f->token },
                { "v1", &f->v1 },               { "role", &f->host.imds_role_answer },
        };
        const char *role = text_of(j, "instanceRole"), *key = text_of(j, "instanceKey");
        int r = env_of(f, cJSON_GetObjectItemCaseSensitive(j, "env"));

        if (r == 0)
                r = props_of(f, cJSON_GetObjectItemCaseSensitive(j, "prop"));
        for (size_t i = 0; i < ARRAY_SIZE(answers) && r == 0; i++)
                r = answer_of(cJSON_GetObjectItemCaseSensitive(j, answers[i].name), answers[i].to);
        f->host.instance_role = role ? arena_dup(f->a, role) : NULL;
        f->host.instance_key_id = key ? arena_dup(f->a, key) : NULL;
        if (r == 0)
                r = file_of(f->a, cJSON_GetObjectItemCaseSensitive(j, "credentials"), false,
                            &f->credentials);
        if (r == 0)
                r = file_of(f->a, cJSON_GetObjectItemCaseSensitive(j, "config"), true, &f->config);
        if (r == 0)
                r = file_of(f->a, cJSON_GetObjectItemCaseSensitive(j, "homeCredentials"), false,
                            &f->home);
        if (r == 0)
                r = cred_of(f->a, cJSON_GetObjectItemCaseSensitive(j, "rel"), &f->relative,
                            &f->in.cred_relative);
        if (r == 0)
                r = cred_of(f->a, cJSON_GetObjectItemCaseSensitive(j, "full"), &f->full,
                            &f->in.cred_full);
        if (r == 0)
                r = file_state_of(j, "tokenFile", &f->in.token_file);
        if (r == 0)
                r = file_state_of(j, "caBundle", &f->in.ca_bundle);
        return r < 0 ? r : file_state_of(j, "webIdentityFile", &f->in.web_identity_file);
}

int facts_from_json(const cJSON *j, struct facts *ret)
{
        struct facts *f = ret;
        int r;

        *f = (struct facts){ 0 };
        if (!cJSON_IsObject(j))
                return -EBADMSG;
        r = arena_new((size_t)1 << 20, &f->a);
        if (r < 0)
                return r;
        f->in = (struct chain_input){
                .env = f->env, .prop = f->prop, .credentials = &f->credentials,
                .config = &f->config, .home_credentials = &f->home, .net_container = &f->container,
                .net_imds_token = &f->token, .net_imds_v1 = &f->v1, .host = &f->host,
                .env_known = true, .now_s = 1767225600,
                .boto_file = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(j, "botoFile")),
                .signed_out = !cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(j, "signedIn")),
                .met_container = !cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(j, "noOwnKeys")),
        };
        r = fill(f, j);
        if (r < 0)
                facts_done(f);
        return r;
}

void facts_done(struct facts *f)
{
        arena_free(f->a);
        f->a = NULL;
}

const char *facts_predict(struct arena *a, const struct chain_result *r)
{
        const char *who = r->key_id ? r->key_id : r->role;

        return arena_printf(a, "%s%s%s%s", provider_to_string(r->provider), who ? " " : "",
                            who ? who : "", r->via_expired ? " expired" : "");
}

/* Millions of them are made, each in memory of its own: what is left of another one would say that a row predicts something else. */
#define PREDICTION_BYTES 16384

void facts_prediction(const struct facts *f, const struct chain_row *row, const char *version, char ret[FACTS_PREDICTION_MAX])
{
        alignas(16) unsigned char memory[PREDICTION_BYTES] = { 0 };
        struct arena *a = arena_within(memory, sizeof memory);
        struct chain_input in = f->in;
        struct chain_result r;

        in.version = version;
        if (!a || chain_eval(row, &in, a, &r) < 0)
                abort();
        snprintf(ret, FACTS_PREDICTION_MAX, "%s", facts_predict(a, &r));
}
