/* The steps with static keys: a tool's own configuration, Java system properties, environment, and the legacy files of boto. */
#include "view.h"

/* The value that an SDK takes from a list of variables: the first that is present, or with first_existing the first that exists. */
static const char *pick(const struct eval *e, const enum env_var *names, size_t n)
{
        for (size_t i = 0; i < n && names[i] != ENV_VAR_MAX; i++) {
                const char *v = e->in->env[names[i]];

                if (e->row->first_existing ? v != NULL : value_present(e->row->keys_present, v))
                        return v;
        }
        return NULL;
}

/* Does the SDK refuse the environment's keys, because they have expired or their expiration is no time? */
static bool keys_expired(const struct eval *e)
{
        const char *v = e->in->env[ENV_VAR_EXPIRATION];
        int64_t until;

        if (!e->row->expiration_read || !version_has(e->in->version, e->row->since.expiration) || !value_present(NONEMPTY, v))
                return false;
        return time_parse(v, &until) < 0 || until <= e->in->now_s;
}

struct outcome env_keys(struct eval *e, enum step_kind kind)
{
        const struct chain_row *row = e->row;
        bool amazon = kind == S_ENV_AMAZON;
        const char *id = amazon ? e->in->env[ENV_VAR_AMAZON_KEY_ID] : pick(e, row->key_ids, ARRAY_SIZE(row->key_ids));
        const char *secret = amazon ? e->in->env[ENV_VAR_AMAZON_SECRET] : pick(e, row->secrets, ARRAY_SIZE(row->secrets));
        bool have_id = value_present(row->keys_present, id), have_secret = value_present(row->keys_present, secret);

        if (!have_id && !have_secret)
                return outcome_off(id || secret ? "the key variables are empty" : NULL);
        if (have_id && have_secret && !value_present(row->keys_trimmed ? NONBLANK : NONEMPTY, id)) {
                struct outcome o = outcome_failed(PROVIDER_ENV, "the key variables are set, but empty");

                o.ends = true;
                return o;
        }
        if (have_id && have_secret && keys_expired(e)) {
                struct outcome o = outcome_failed(PROVIDER_ENV, "the keys in the environment have expired, by AWS_CREDENTIAL_EXPIRATION");

                o.ends = true;
                return o;
        }
        if (have_id && have_secret && row->keys_assume && value_present(NONEMPTY, e->in->env[ENV_VAR_ROLE_ARN]))
                return outcome_unverified(PROVIDER_ENV, arn_name(e->in->env[ENV_VAR_ROLE_ARN]),
                                          "static keys in the environment assume the role in AWS_ROLE_ARN");
        if (have_id && have_secret)
                return (struct outcome){ .state = STEP_WINS, .provider = PROVIDER_ENV, .key_id = id,
                                         .detail = "static keys in the environment" };
        if (have_id && row->key_id_alone_fails)
                return outcome_failed(PROVIDER_ENV, "the access key ID is set without its secret key");
        if (have_secret && row->secret_alone_fails)
                return outcome_failed(PROVIDER_ENV, "the secret key is set without its access key ID");
        return outcome_off("only half of the key pair is set");
}

struct outcome step_env(struct eval *e, enum step_kind kind)
{
        struct outcome o = env_keys(e, kind);

        return o.state != STEP_OFF && (e->row->named_profile_beats_keys || e->row->named_profile_first) && profile_is_named(e)
                       ? outcome_off("keys are set, but the named profile takes precedence")
                       : o;
}

struct outcome step_sysprops(struct eval *e, enum step_kind kind)
{
        const char *id = e->in->prop[SYSPROP_KEY_ID];
        const char *secret = e->in->prop[e->row->properties == PROPERTIES_V1 ? SYSPROP_V1_SECRET : SYSPROP_SECRET];

        (void)kind;
        if (value_present(NONBLANK, id) && value_present(NONBLANK, secret))
                return (struct outcome){ .state = STEP_WINS, .provider = PROVIDER_SYSPROPS, .key_id = id,
                                         .detail = "static keys in Java system properties" };
        return outcome_off(NULL);
}

/*
 * A tool's own files and options, which rolewatch does not read. With keys there, it would request no others: if it was
 * seen to, there are none. What reads facts about the instance contacts IMDS with keys of its own as well.
 */
struct outcome step_own_config(struct eval *e, enum step_kind kind)
{
        (void)kind;
        if (e->in->met_container || (e->in->met_imds && !e->row->reads_instance_facts))
                return outcome_off("it contacted a credentials endpoint, so its own configuration has no keys");
        return (struct outcome){ .state = STEP_UNKNOWN,
                                 .detail = "its own configuration may have keys; rolewatch does not read it" };
}

/* The files of boto 2: rolewatch sees their variables and does not read them. */
struct outcome step_legacy(struct eval *e, enum step_kind kind)
{
        (void)kind;
        if (e->in->boto_file || value_present(NONEMPTY, e->in->env[ENV_VAR_CREDENTIAL_FILE]) ||
            value_present(NONEMPTY, e->in->env[ENV_VAR_BOTO_CONFIG]))
                return (struct outcome){ .state = STEP_UNKNOWN,
                                         .detail = "there is a legacy boto configuration file, which rolewatch does not read" };
        return outcome_off(NULL);
}
