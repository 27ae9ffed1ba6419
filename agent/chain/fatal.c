/* Errors that end a chain before its first step, most of them of profile files. */
#include <strings.h>
#include "view.h"

static const char *source_missing(const struct eval *e, const struct view *v, const char *name)
{
        const char *source = view_has(v, PROFILE_KEY_ROLE_ARN) ? key_of(v, PROFILE_KEY_SOURCE_PROFILE) : NULL;
        struct view base = view_of(e, source);

        if (!e->row->missing_source_fatal || !roles_read(e) || !value_present(NONEMPTY, source) || base.cred || base.config || not_visible(e))
                return NULL;
        return arena_printf(e->a, "profile %s has source_profile %s, which does not exist", name, source);
}

static const char *profile_broken(struct eval *e, const struct view *v, const char *name)
{
        int sources = view_has(v, PROFILE_KEY_CREDENTIAL_SOURCE) + view_has(v, PROFILE_KEY_SOURCE_PROFILE) + view_has(v, PROFILE_KEY_WEB_IDENTITY_TOKEN);

        if (e->row->web_profile_fatal && view_has(v, PROFILE_KEY_ROLE_ARN) && view_has(v, PROFILE_KEY_WEB_IDENTITY_TOKEN) &&
            !view_has(v, PROFILE_KEY_SOURCE_PROFILE) && !view_has(v, PROFILE_KEY_CREDENTIAL_SOURCE) && step_env(e, S_ENV).state != STEP_WINS)
                return arena_printf(e->a, "profile %s has web identity, which aborts the program", name);
        if (e->row->half_profile_fatal && (half_of(v->cred) || half_of(v->config)))
                return arena_printf(e->a, "profile %s has only half of a key pair", name);
        if (e->row->sources_exclusive && view_has(v, PROFILE_KEY_ROLE_ARN) && sources > 1)
                return arena_printf(e->a, "profile %s has several sources for its role_arn", name);
        if (e->row->source_without_role == MISSING_FATAL && view_has(v, PROFILE_KEY_CREDENTIAL_SOURCE) && !view_has(v, PROFILE_KEY_ROLE_ARN))
                return arena_printf(e->a, "profile %s has credential_source without role_arn", name);
        return source_missing(e, v, name);
}

/* Does the SDK pass over what is wrong in a profile file? */
static bool files_spared(struct eval *e)
{
        return e->row->keys_spare_files && !profile_is_named(e) && !load_config_is_true(e->in->env[ENV_VAR_LOAD_CONFIG]) &&
               step_env(e, S_ENV).state == STEP_WINS;
}

static bool half_web_identity(struct eval *e)
{
        return e->row->half_web_identity_fatal && value_present(NONEMPTY, e->in->env[ENV_VAR_WEB_IDENTITY_TOKEN]) &&
               !value_present(NONEMPTY, e->in->env[ENV_VAR_ROLE_ARN]) && step_env(e, S_ENV).state != STEP_WINS;
}

/* Why the SDK in a tool makes no session, although the tool would not use what it found; NULL: it makes one. */
static const char *source_unusable(struct eval *e, const struct view *v)
{
        const char *source = key_of(v, PROFILE_KEY_CREDENTIAL_SOURCE);

        if (!e->row->source_checked || !view_has(v, PROFILE_KEY_ROLE_ARN) || !source || !roles_read(e) || step_env(e, S_ENV).state == STEP_WINS)
                return NULL;
        if (streq(source, "EcsContainer"))
                return value_present(NONEMPTY, e->in->env[ENV_VAR_RELATIVE_URI]) ? NULL : "credential_source is EcsContainer, and RELATIVE_URI is not set";
        return streq(source, "Environment") || streq(source, "Ec2InstanceMetadata") ? NULL : "credential_source is not one that the SDK knows";
}

static bool bundle_missing(const struct eval *e)
{
        return e->row->ca_bundle_fatal && value_present(NONEMPTY, e->in->env[ENV_VAR_CA_BUNDLE]) && e->in->ca_bundle != FILE_OK &&
               e->in->ca_bundle != FILE_UNKNOWN;
}

static const char *variable_fatal(const struct eval *e)
{
        static const enum env_var variables[] = { ENV_VAR_SHARED_CREDENTIALS_FILE, ENV_VAR_CONFIG_FILE };

        if (bundle_missing(e))
                return arena_printf(e->a, "AWS_CA_BUNDLE names %s, which cannot be read", e->in->env[ENV_VAR_CA_BUNDLE]);
        for (size_t i = 0; e->row->empty_file_variable == FILE_VARIABLE_FATAL && i < ARRAY_SIZE(variables); i++)
                if (e->in->env[variables[i]] && !*e->in->env[variables[i]])
                        return arena_printf(e->a, "%s is set but empty", env_name(variables[i]));
        return NULL;
}

/* f: as the SDK reads it; NULL: it does not. */
static const char *file_fatal(struct eval *e, const struct profile_file *f)
{
        unsigned refused = f ? f->spelling & e->row->spellings_fatal : 0;

        if (!f)
                return NULL;
        if (e->row->directory_fatal && f->state == FILE_NOT_REGULAR)
                return arena_printf(e->a, "%s is a directory", f->path);
        if (e->row->unread_fatal && (f->state == FILE_NOT_REGULAR || f->state == FILE_UNREADABLE))
                return arena_printf(e->a, "%s cannot be read", f->path);
        if (files_spared(e))
                return NULL;
        if (refused)
                return arena_printf(e->a, "%s has %s", f->path, spelling_meaning(refused));
        if (f->state == FILE_MALFORMED && e->row->malformed_fatal)
                return arena_printf(e->a, "%s is malformed at line %u", f->path, f->bad_line);
        return NULL;
}

static const char *files_fatal(struct eval *e)
{
        const struct profile_file *credentials = credentials_file(e);
        const char *why = file_fatal(e, credentials);

        if (e->row->unreadable_fatal && credentials && credentials->state == FILE_UNREADABLE)
                return arena_printf(e->a, "%s cannot be read", credentials->path);
        return why ? why : file_fatal(e, config_file(e));
}

/* Is a named profile an error before any step, if it does not exist? */
static bool missing_is_fatal(const struct eval *e)
{
        if (e->row->missing_profile == MISSING_FATAL_BY_FIRST)
                return value_present(NONEMPTY, e->in->env[e->row->profile_variables[0]]);
        return e->row->missing_profile == MISSING_FATAL && profile_is_named(e);
}

static const char *disabled_invalid(const struct eval *e)
{
        const char *v = remote_setting(e, ENV_VAR_METADATA_DISABLED, SYSPROP_METADATA_DISABLED);

        return e->row->disabled_checked && v && strcasecmp(v, "true") != 0 && strcasecmp(v, "false") != 0
                       ? "AWS_EC2_METADATA_DISABLED is neither true nor false" : NULL;
}

/* What the profile step would report, of an SDK that looks at the profile before it walks its chain. */
static const char *profile_step_error(struct eval *e)
{
        struct outcome o;

        if (!e->row->profile_fatal)
                return NULL;
        o = step_profile(e, S_PROFILE);
        return o.state == STEP_FAILED ? o.detail : NULL;
}

const char *chain_fatal(struct eval *e)
{
        const char *name = profile_name(e), *why;
        struct view v = view_of(e, name);

        if (half_web_identity(e))
                return "AWS_WEB_IDENTITY_TOKEN_FILE is set without AWS_ROLE_ARN";
        why = e->row->proxies_fatal ? proxy_refused(e) : NULL;
        why = why ? why : variable_fatal(e);
        why = why ? why : files_fatal(e);
        if (!why && missing_is_fatal(e) && !v.cred && !v.config && !not_visible(e))
                why = profile_missing(e, name);
        why = why ? why : disabled_invalid(e);
        why = why ? why : setting_fatal(e);
        why = why ? why : profile_broken(e, &v, name);
        why = why ? why : source_unusable(e, &v);
        return why ? why : profile_step_error(e);
}
