/* The web identity step: a token file and a role from the environment, and for some SDKs from the profile. */
#include "view.h"

/* The profile that the web identity step of some SDKs reads. */
static struct view profile_view(const struct eval *e)
{
        const char *first = e->in->env[e->row->profile_variables[0]];
        struct chain_row row = *e->row;
        struct eval sub = *e;

        if (e->row->web_identity_profile == WEB_WHOLE_ANY) {
                row.default_needs_prefix = false;
                row.sections_unprefixed = true;
                sub.row = &row;
                return view_of(&sub, profile_name(e));
        }
        if (e->row->web_identity_profile != WEB_WHOLE_PLAIN)
                return view_of(e, profile_name(e));
        return view_of(e, value_present(NONEMPTY, first) ? first : "default");
}

static const char *profile_role(const struct eval *e)
{
        struct view v = profile_view(e);

        return view_has(&v, PROFILE_KEY_ROLE_ARN) ? key_of(&v, PROFILE_KEY_ROLE_ARN) : NULL;
}

/* `role`: from the environment, which takes precedence over the profile's; NULL: none. */
static struct outcome web_identity_by_profile(const struct eval *e, const char *role)
{
        struct view v = profile_view(e);

        if (!view_has(&v, PROFILE_KEY_WEB_IDENTITY_TOKEN))
                return outcome_off(NULL);
        role = role ? role : key_of(&v, PROFILE_KEY_ROLE_ARN);
        if (!value_present(NONEMPTY, role))
                return e->row->web_identity_needs_role
                               ? outcome_failed(PROVIDER_PROFILE, "the profile has web_identity_token_file without role_arn")
                               : outcome_off(NULL);
        return outcome_unverified(PROVIDER_WEB_IDENTITY, arn_name(role), "the profile uses web identity");
}

/* Does this release read the profile in its web identity step? */
static bool profile_is_read(const struct eval *e)
{
        const struct since *since = &e->row->since;

        if (e->row->web_identity_profile == WEB_ENV_ONLY || opted_out(e))
                return false;
        return version_has(e->in->version, since->profile_identity ? since->profile_identity : since->web_identity);
}

/* The variable, or for Java v2 first the system property; NULL: neither is set. */
static const char *web_identity_setting(const struct eval *e, enum env_var var, enum sysprop prop)
{
        if (e->row->properties == PROPERTIES_V2 && value_present(NONEMPTY, e->in->prop[prop]))
                return e->in->prop[prop];
        return value_present(NONEMPTY, e->in->env[var]) ? e->in->env[var] : NULL;
}

/* The outcome for a token file and a role, by the state of the file. */
static struct outcome by_file(const struct eval *e, const char *file, const char *role)
{
        if (proxy_refused(e))
                return outcome_failed(PROVIDER_WEB_IDENTITY, proxy_refused(e));
        if (e->in->web_identity_file == FILE_UNKNOWN)
                return outcome_unverified(PROVIDER_WEB_IDENTITY, arn_name(role), "rolewatch cannot see the token file");
        if (e->in->web_identity_file != FILE_OK) {
                bool directory = e->in->web_identity_file == FILE_NOT_REGULAR;
                struct outcome o = outcome_failed(PROVIDER_WEB_IDENTITY,
                                                  arena_printf(e->a, "token file %s: %s", file, file_state_to_string(e->in->web_identity_file)));

                o.ends = directory && e->row->directory_fatal;
                o.uncertain = directory && !e->row->rules_known;
                return o;
        }
        return outcome_unverified(PROVIDER_WEB_IDENTITY, arn_name(role), arena_printf(e->a, "token file %s", file));
}

/* Only where the SDK has its STS client with it, which is not known. */
static struct outcome role_alone(void)
{
        struct outcome o = outcome_failed(PROVIDER_WEB_IDENTITY, "AWS_ROLE_ARN is set without AWS_WEB_IDENTITY_TOKEN_FILE");

        o.ends = o.uncertain = true;
        return o;
}

struct outcome step_web_identity(struct eval *e, enum step_kind kind)
{
        const char *file = web_identity_setting(e, ENV_VAR_WEB_IDENTITY_TOKEN, SYSPROP_WEB_IDENTITY_TOKEN);
        const char *role = web_identity_setting(e, ENV_VAR_ROLE_ARN, SYSPROP_ROLE);
        bool profile = profile_is_read(e), mixed = e->row->web_identity_profile == WEB_MIXED;

        (void)kind;
        if (e->row->named_profile_first && profile_is_named(e))
                return outcome_off(file ? "the named profile takes precedence" : NULL);
        if (!version_has(e->in->version, e->row->since.web_identity)) {
                if (!profile)
                        return outcome_off("this release does not support web identity");
                file = NULL;
        }
        if (e->row->role_variable_ends && value_present(NONEMPTY, e->in->env[ENV_VAR_ROLE_ARN]) && !e->in->env[ENV_VAR_WEB_IDENTITY_TOKEN])
                return role_alone();
        if (e->row->web_identity_exists && (!file || !role) && e->in->env[ENV_VAR_WEB_IDENTITY_TOKEN] && e->in->env[ENV_VAR_ROLE_ARN])
                return outcome_failed(PROVIDER_WEB_IDENTITY, "AWS_WEB_IDENTITY_TOKEN_FILE or AWS_ROLE_ARN is set but empty");
        if (!file || (!role && profile && !mixed))
                return profile ? web_identity_by_profile(e, mixed ? role : NULL) : outcome_off(NULL);
        if (!role && profile)
                role = profile_role(e);
        if (!role && e->row->web_identity_needs_role)
                return outcome_failed(PROVIDER_WEB_IDENTITY, "AWS_WEB_IDENTITY_TOKEN_FILE is set without AWS_ROLE_ARN");
        return role ? by_file(e, file, role) : outcome_off("AWS_ROLE_ARN is not set");
}
