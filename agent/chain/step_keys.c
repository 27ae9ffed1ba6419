/* Steps that hold their credentials themselves: system properties, environment, web identity. */
#include "rows.h"

static struct outcome failed(enum provider p, const char *detail)
{
        return (struct outcome){ .state = STEP_FAILED, .provider = p, .detail = detail };
}

/* The value an SDK takes from a list of names: the first present one, or the first that exists. */
static const char *pick(const struct eval *e, const enum env_var *names, bool amazon,
                        enum env_var amazon_name)
{
        if (amazon)
                return e->in->env[amazon_name];
        for (size_t i = 0; i < 3 && names[i] != ENV_VAR_MAX; i++) {
                const char *v = e->in->env[names[i]];

                if (e->row->first_existing ? v != NULL : value_present(e->row->env_present, v))
                        return v;
        }
        return NULL;
}

struct outcome step_env(struct eval *e, bool amazon)
{
        const char *ak = pick(e, e->row->ak, amazon, E_AMAZON_AK);
        const char *sk = pick(e, e->row->sk, amazon, E_AMAZON_SK);
        bool have_ak = value_present(e->row->env_present, ak),
             have_sk = value_present(e->row->env_present, sk);

        if (!have_ak && !have_sk)
                return (struct outcome){ .state = STEP_OFF,
                                         .detail =
                                                 ak || sk ? "the key variables are empty" : NULL };
        if (e->row->named_profile_beats_env && profile_is_named(e))
                return (struct outcome){ .state = STEP_OFF,
                                         .detail = "keys are set, but a named profile goes first" };
        if (have_ak && have_sk)
                return (struct outcome){ .state = STEP_WINS,
                                         .provider = PROVIDER_ENV,
                                         .key_id = ak,
                                         .detail = "static keys in the environment" };
        if (have_ak && e->row->ak_alone_fails)
                return failed(PROVIDER_ENV, "the key id is set without its secret");
        return (struct outcome){ .state = STEP_OFF, .detail = "only half of the key pair is set" };
}

struct outcome step_sysprops(struct eval *e)
{
        const char *ak = e->in->prop[P_AK], *sk = e->in->prop[e->row->jvm == JVM_V1 ? P_SK_V1 : P_SK];

        if (value_present(NONBLANK, ak) && value_present(NONBLANK, sk))
                return (struct outcome){ .state = STEP_WINS,
                                         .provider = PROVIDER_SYSPROPS,
                                         .key_id = ak,
                                         .detail = "static keys among the Java system properties" };
        return (struct outcome){ .state = STEP_OFF };
}

/* Environment, then for Java v2 the system property, then (some SDKs) the profile's own key. */
static const char *web_identity_value(const struct eval *e, enum env_var var, enum sysprop prop)
{
        if (e->row->jvm == JVM_V2 && value_present(NONEMPTY, e->in->prop[prop]))
                return e->in->prop[prop];
        return value_present(NONEMPTY, e->in->env[var]) ? e->in->env[var] : NULL;
}

/* Does this release read the profile in its web-identity step? */
static bool web_profile_read(const struct eval *e)
{
        const struct since *since = &e->row->since;

        if (e->row->web_profile == WEB_ENV_ONLY || opted_out(e))
                return false;
        return version_has(e->in->version, since->profile_identity ? since->profile_identity
                                                                   : since->web_identity);
}

struct outcome step_web_identity(struct eval *e)
{
        const char *file = web_identity_value(e, E_WIT, P_WIT),
                   *role = web_identity_value(e, E_ROLE_ARN, P_ROLE);

        bool profile = web_profile_read(e), mixed = e->row->web_profile == WEB_MIXED;

        if (!version_has(e->in->version, e->row->since.web_identity)) {
                if (!profile)
                        return (struct outcome){ .state = STEP_OFF,
                                                 .detail = "this version has no web identity" };
                file = NULL;
        }
        if (!file || (!role && profile && !mixed))
                return profile ? profile_web_identity(e, mixed ? role : NULL)
                               : (struct outcome){ .state = STEP_OFF };
        if (!role && profile)
                role = profile_role_arn(e);
        if (!role && e->row->web_identity_needs_role)
                return failed(PROVIDER_WEB_IDENTITY,
                              "AWS_WEB_IDENTITY_TOKEN_FILE is set without AWS_ROLE_ARN");
        if (!role)
                return (struct outcome){ .state = STEP_OFF, .detail = "AWS_ROLE_ARN is not set" };
        if (e->in->wit_file == FILE_UNKNOWN)
                return (struct outcome){ .state = STEP_WINS,
                                         .provider = PROVIDER_WEB_IDENTITY,
                                         .role = arn_name(role),
                                         .uncertain = true,
                                         .detail = "the token file could not be seen" };
        if (e->in->wit_file != FILE_OK)
                return failed(PROVIDER_WEB_IDENTITY,
                              arena_printf(e->a, "token file %s: %s", file,
                                           file_state_word(e->in->wit_file)));
        return (struct outcome){ .state = STEP_WINS,
                                 .provider = PROVIDER_WEB_IDENTITY,
                                 .role = arn_name(role),
                                 .uncertain = true,
                                 .detail = arena_printf(e->a, "token file %s", file) };
}

/* boto's own old files: seen in the environment, not read. */
struct outcome step_legacy(struct eval *e)
{
        if (value_present(NONEMPTY, e->in->env[E_CREDENTIAL_FILE]) ||
            value_present(NONEMPTY, e->in->env[E_BOTO_CONFIG]))
                return (struct outcome){
                        .state = STEP_UNKNOWN,
                        .detail = "an old boto file is named; rolewatch does not read it"
                };
        return (struct outcome){ .state = STEP_OFF };
}
