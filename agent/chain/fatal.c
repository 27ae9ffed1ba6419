/* Errors that end a chain before its first step: profile files, and settings that an SDK checks when it is set up. */
#include <stddef.h>
#include <stdlib.h>
#include <strings.h>
#include "view.h"

/* since: offset in struct since of the release that brought it; -1: every release has it. */
static const struct setting_row { const char *name, *values; enum env_var variable; enum profile_key key; int since; } settings[] = {
#define EVER          -1
#define SINCE(member) (int)offsetof(struct since, member)
#define X(id, name, values, since) [SETTING_BIT_##id] = { name, values, ENV_VAR_##id, PROFILE_KEY_##id, since },
        SDK_SETTINGS(X)
#undef X
#undef SINCE
#undef EVER
};

static bool setting_supported(const struct setting_row *s, const struct eval *e)
{
        return s->since < 0 || version_has(e->in->version, *(const char *const *)((const char *)&e->row->since + s->since));
}

static bool number_valid(const char *value)
{
        size_t n = strspn(value, "0123456789");

        return n > 0 && value[n] == '\0';
}

/* Is the value one of those of the setting? An empty one is not set. */
static bool setting_valid(const struct setting_row *s, const char *value)
{
        size_t len = strlen(value);

        if (!len)
                return true;
        if (!*s->values)
                return number_valid(value);
        if (*s->values == ':')
                return !streq(value, MODEL_REDACTED_NO_SCHEME);
        for (const char *word = s->values; *word; word += strcspn(word, " "), word += strspn(word, " "))
                if (strcspn(word, " ") == len && strncasecmp(word, value, len) == 0)
                        return true;
        return false;
}

/* The first setting without a valid value of which this is wanted: those in `variables` from the environment, in `keys` from the profile. */
static const char *setting_invalid(const struct eval *e, const struct view *v, unsigned variables, unsigned keys)
{
        for (size_t i = 0; i < ARRAY_SIZE(settings); i++) {
                const char *value = e->in->env[settings[i].variable], *key = key_of(v, settings[i].key);

                if (!setting_supported(&settings[i], e))
                        continue;
                if (*settings[i].values == '+' ? value && !*value && (variables & (1u << i))
                    : value && *value          ? (variables & (1u << i)) && !setting_valid(&settings[i], value)
                                               : key && (keys & (1u << i)) && !setting_valid(&settings[i], key))
                        return settings[i].name;
        }
        return NULL;
}

bool settings_unsure(const struct eval *e)
{
        struct view v;

        if (e->row->rules_known)
                return false;
        v = view_of(e, profile_name(e));
        return setting_invalid(e, &v, ~0u, ~0u);
}

static const char *setting_fatal(struct eval *e, const struct view *v)
{
        const char *name = setting_invalid(e, v, e->row->settings_fatal, e->row->settings_fatal_profile);

        if (name && e->row->keys_spare_settings && step_env(e, S_ENV).state == STEP_WINS)
                return NULL;
        return name ? arena_printf(e->a, "%s, or its key in the profile, has a value that this SDK rejects", name) : NULL;
}

static const char *source_missing(const struct eval *e, const struct view *v, const char *name)
{
        const char *source = view_has(v, PROFILE_KEY_ROLE_ARN) ? key_of(v, PROFILE_KEY_SOURCE_PROFILE) : NULL;
        struct view base = view_of(e, source);

        if (!e->row->missing_source_fatal || !roles_read(e) || !value_present(NONEMPTY, source) || base.cred || base.config || not_visible(e))
                return NULL;
        return arena_printf(e->a, "profile %s has source_profile %s, which does not exist", name, source);
}

static const char *profile_broken(const struct eval *e, const struct view *v, const char *name)
{
        int sources = view_has(v, PROFILE_KEY_CREDENTIAL_SOURCE) + view_has(v, PROFILE_KEY_SOURCE_PROFILE) + view_has(v, PROFILE_KEY_WEB_IDENTITY_TOKEN);

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
        why = variable_fatal(e);
        why = why ? why : files_fatal(e);
        if (!why && missing_is_fatal(e) && !v.cred && !v.config && !not_visible(e))
                why = profile_missing(e, name);
        why = why ? why : disabled_invalid(e);
        why = why ? why : setting_fatal(e, &v);
        why = why ? why : profile_broken(e, &v, name);
        why = why ? why : source_unusable(e, &v);
        return why ? why : profile_step_error(e);
}
