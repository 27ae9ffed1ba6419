/* A profile as one SDK sees it: which files it reads, which profile it selects, how it merges them. */
#include "view.h"

static const struct profile *find(const struct profile_file *f, const char *name, enum profile_file_kind kind)
{
        if (!f)
                return NULL;
        for (size_t i = 0; i < f->n_profiles; i++) {
                const struct profile *p = &f->profiles[i];

                if (!streq(p->name, name))
                        continue;
                if (kind == PROFILE_FILE_CREDENTIALS || p->prefixed || streq(name, "default"))
                        return p;
        }
        return NULL;
}

bool load_config_is_true(const char *v)
{
        static const char *const truths[] = { "1", "t", "T", "TRUE", "true", "True" };

        for (size_t i = 0; v && i < ARRAY_SIZE(truths); i++)
                if (streq(v, truths[i]))
                        return true;
        return false;
}

static const char *load_config(const struct eval *e)
{
        return version_has(e->in->version, e->row->since.load_config) ? e->in->env[ENV_VAR_LOAD_CONFIG]
                                                                      : NULL;
}

bool config_read(const struct eval *e)
{
        const char *load = load_config(e);

        switch (e->row->config_file) {
        case CONFIG_ALWAYS:
                return true;
        case CONFIG_IF_LOAD_CONFIG_NONEMPTY:
                return value_present(NONEMPTY, load);
        case CONFIG_IF_LOAD_CONFIG_TRUE:
                return load_config_is_true(load);
        case CONFIG_UNLESS_OPT_OUT:
                return !value_present(NONEMPTY, e->in->env[ENV_VAR_CONFIG_OPT_OUT]);
        case CONFIG_NEVER:
                return false;
        }
        return false;
}

/* Without AWS_SDK_LOAD_CONFIG, JS v2 ignores AWS_SHARED_CREDENTIALS_FILE and reads ~/.aws/credentials. */
const struct profile_file *credentials_file(const struct eval *e)
{
        return e->row->credentials_file_needs_load_config && value_present(NONEMPTY, e->in->env[ENV_VAR_SHARED_CREDENTIALS_FILE]) &&
                               !value_present(NONEMPTY, load_config(e))
                       ? e->in->home_credentials
                       : e->in->credentials;
}

static bool view_absent(const struct profile_file *f)
{
        return !f || f->state == FILE_ABSENT || f->state == FILE_UNREADABLE;
}

/* JS v2 throws when AWS_SDK_LOAD_CONFIG makes it read a file that does not exist. */
const char *missing_file(const struct eval *e)
{
        if (!e->row->load_config_needs_files || !value_present(NONEMPTY, load_config(e)))
                return NULL;
        if (view_absent(e->in->config))
                return "AWS_SDK_LOAD_CONFIG is set and there is no config file, so this SDK "
                       "reads neither profile file";
        return !version_has(e->in->version, e->row->since.config_alone) &&
                               view_absent(credentials_file(e))
                       ? "AWS_SDK_LOAD_CONFIG is set and there is no credentials file, so this "
                         "release reads neither profile file"
                       : NULL;
}

/* The profile that the variables of this SDK name; NULL: none. */
static const char *named_profile(const struct eval *e)
{
        const enum env_var *vars = e->row->profile_variables;

        if (e->row->properties == PROPERTIES_V2 && value_present(NONEMPTY, e->in->prop[SYSPROP_PROFILE]))
                return e->in->prop[SYSPROP_PROFILE];
        for (size_t i = 0; i < ARRAY_SIZE(e->row->profile_variables) && vars[i] != ENV_VAR_MAX; i++) {
                if (vars[i] == ENV_VAR_DEFAULT_PROFILE && e->row->default_profile_needs_load_config &&
                    !load_config_is_true(e->in->env[ENV_VAR_LOAD_CONFIG]))
                        continue;
                if (value_present(NONEMPTY, e->in->env[vars[i]]))
                        return e->in->env[vars[i]];
        }
        return NULL;
}

bool profile_is_named(const struct eval *e) { return named_profile(e) != NULL; }

const char *profile_name(const struct eval *e)
{
        const char *name = named_profile(e);

        return name ? name : "default";
}

bool opted_out(const struct eval *e)
{
        return e->row->opt_out_keys_only && value_present(NONEMPTY, e->in->env[ENV_VAR_CONFIG_OPT_OUT]);
}

struct view view_of(const struct eval *e, const char *name)
{
        struct view v = {
                .cred = find(credentials_file(e), name, PROFILE_FILE_CREDENTIALS),
                .config = config_read(e) ? find(e->in->config, name, PROFILE_FILE_CONFIG) : NULL,
        };

        if (v.cred && e->row->profiles_replace &&
            !version_has(e->in->version, e->row->since.profiles_merged))
                v.config = NULL;
        return v;
}

const char *key_of(const struct view *v, enum profile_key k)
{
        if (v->cred && v->cred->key[k])
                return v->cred->key[k];
        return v->config ? v->config->key[k] : NULL;
}

bool view_has(const struct view *v, enum profile_key k)
{
        const char *s = key_of(v, k);

        return s && *s;
}

bool not_visible(const struct eval *e)
{
        const struct profile_file *credentials = credentials_file(e);

        return (credentials && credentials->state == FILE_UNKNOWN) ||
               (config_read(e) && e->in->config && e->in->config->state == FILE_UNKNOWN);
}

bool half_of(const struct profile *p)
{
        return p && value_present(NONEMPTY, p->key[PROFILE_KEY_KEY_ID]) != value_present(NONEMPTY, p->key[PROFILE_KEY_SECRET]);
}
