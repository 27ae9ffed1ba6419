/* A profile as one SDK sees it: which files it reads, which profile it selects, how it merges them. */
#include <strings.h>
#include "view.h"

static bool names_match(const struct eval *e, const char *a, const char *b)
{
        return version_has(e->in->version, e->row->since.name_case) ? streq(a, b) : a && b && strcasecmp(a, b) == 0;
}

/* Is this a profile of that name, in a spelling that the SDK reads? */
static bool section_read(const struct eval *e, const struct profile *p, const char *name, enum profile_file_kind kind)
{
        bool prefix = p->name && strncmp(p->name, "profile ", 8) == 0 && (e->row->sections_unprefixed || e->row->credentials_prefixed);

        if (p->spelling & e->row->spellings_ignored)
                return false;
        if (kind == PROFILE_FILE_CONFIG && p->prefixed && !version_has(e->in->version, e->row->since.profile_prefix))
                return false;
        if (!names_match(e, p->name, name))
                return kind == PROFILE_FILE_CREDENTIALS && prefix && streq(p->name + 8, name);
        if (kind == PROFILE_FILE_CREDENTIALS || p->prefixed || e->row->sections_unprefixed)
                return true;
        return streq(name, "default") && (!e->row->default_needs_prefix || e->settings_only);
}

/* The section that counts where a file has both [default] and [profile default]. */
static const struct profile *section_chosen(const struct eval *e, const struct profile_file *f, const char *name, enum profile_file_kind kind)
{
        const struct profile *last = NULL;

        for (size_t i = 0; f && i < f->n_profiles; i++) {
                const struct profile *p = &f->profiles[i];

                if (!section_read(e, p, name, kind) || (last && last->prefixed == p->prefixed))
                        continue;
                if (!last || (e->row->default_prefixed ? p->prefixed : !(e->row->default_plain && p->prefixed)))
                        last = p;
        }
        return last;
}

bool any_profile(const struct eval *e)
{
        const struct profile_file *const files[] = { credentials_file(e), config_file(e) };

        for (size_t i = 0; i < ARRAY_SIZE(files); i++)
                for (size_t k = 0; files[i] && k < files[i]->n_profiles; k++) {
                        const struct profile *p = &files[i]->profiles[k];
                        enum profile_file_kind kind = i == 0 ? PROFILE_FILE_CREDENTIALS : PROFILE_FILE_CONFIG;

                        if (strncmp(p->name, "profile ", 8) != 0 && section_read(e, p, p->name, kind))
                                return true;
                }
        return false;
}

/* What the SDK reads of a profile: one of the file, or several merged, where its keys are spelled in several ways. */
static const struct profile *profile_find(const struct eval *e, const struct profile_file *f, const char *name, enum profile_file_kind kind)
{
        const struct profile *first = section_chosen(e, f, name, kind);
        struct profile *merged = NULL;

        for (const struct profile *p = first ? first + 1 : NULL; p && p < f->profiles + f->n_profiles; p++) {
                if (p->prefixed != first->prefixed || !section_read(e, p, name, kind))
                        continue;
                if (!merged) {
                        merged = arena_alloc(e->a, sizeof *merged);
                        if (!merged)
                                return first;   /* chain_eval reports the full arena */
                        *merged = *first;
                }
                merged->spelling |= p->spelling;
                for (size_t k = 0; k < PROFILE_KEY_MAX; k++)
                        merged->key[k] = p->key[k] ? p->key[k] : merged->key[k];
        }
        return merged ? merged : first;
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

/* ~/.aws/credentials. */
static const struct profile_file *credentials_usual(const struct eval *e)
{
        return value_present(NONEMPTY, e->in->env[ENV_VAR_SHARED_CREDENTIALS_FILE]) ? e->in->home_credentials : e->in->credentials;
}

bool config_read(const struct eval *e)
{
        const char *load = load_config(e);

        if (e->settings_only && e->row->imds_endpoint_config)
                return true;
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
        case CONFIG_WITHOUT_CREDENTIALS:
                return !credentials_usual(e) || credentials_usual(e)->state == FILE_ABSENT;
        }
        return false;
}

/* Does this SDK look for the file where rolewatch did not, so that it finds none? variable ENV_VAR_MAX: it reads none. */
static bool file_hidden(const struct eval *e, enum env_var variable)
{
        const char *v = variable == ENV_VAR_MAX ? NULL : e->in->env[variable], *home = e->in->env[ENV_VAR_HOME];

        if (v && !*v && e->row->empty_file_variable != FILE_VARIABLE_UNSET)
                return true;
        if (v && *v)
                return *v == '~' && e->row->tilde_literal;
        return e->row->empty_home_none && home && !*home;
}

static const struct profile_file *file_readable(const struct eval *e, const struct profile_file *f, enum env_var variable)
{
        return !f || file_hidden(e, variable) || (f->spelling & e->row->spellings_end_file) ? NULL : f;
}

/* Without AWS_SDK_LOAD_CONFIG, JS v2 ignores AWS_SHARED_CREDENTIALS_FILE and reads ~/.aws/credentials. */
const struct profile_file *credentials_file(const struct eval *e)
{
        if (e->row->credentials_file_needs_load_config && !value_present(NONEMPTY, load_config(e)))
                return file_readable(e, credentials_usual(e), ENV_VAR_MAX);
        return file_readable(e, e->in->credentials, ENV_VAR_SHARED_CREDENTIALS_FILE);
}

/* Is the config file that the SDK reads another than the one of AWS_CONFIG_FILE, which rolewatch read? */
static bool config_elsewhere(const struct eval *e)
{
        return e->row->config_variable_ignored && value_present(NONEMPTY, e->in->env[ENV_VAR_CONFIG_FILE]);
}

const struct profile_file *config_file(const struct eval *e)
{
        return config_read(e) && !config_elsewhere(e) ? file_readable(e, e->in->config, ENV_VAR_CONFIG_FILE) : NULL;
}

/* Without a home, some SDKs find files by the working directory, which rolewatch does not know. */
static bool home_unsure(const struct eval *e)
{
        const char *home = e->in->env[ENV_VAR_HOME];

        if (!home)
                return !version_has(e->in->version, e->row->since.passwd_home);
        return !*home && !e->row->empty_home_none;
}

/* Is something written in a way of which it is not known how this SDK reads it? */
bool reading_unsure(const struct eval *e)
{
        const struct profile_file *const files[] = { credentials_file(e), config_file(e) };
        static const enum env_var variables[] = { ENV_VAR_SHARED_CREDENTIALS_FILE, ENV_VAR_CONFIG_FILE };
        bool unusual = home_unsure(e);

        for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
                const char *v = e->in->env[variables[i]];

                unusual = unusual || (files[i] && files[i]->spelling) || (v && (!*v || *v == '~'));
        }
        if (config_read(e) && config_elsewhere(e))
                return true;
        return e->row->rules_known ? home_unsure(e) : unusual;
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
        if (view_absent(config_file(e)))
                return "AWS_SDK_LOAD_CONFIG is set and there is no config file, so this SDK "
                       "reads neither profile file";
        return !version_has(e->in->version, e->row->since.config_alone) &&
                               view_absent(credentials_file(e))
                       ? "AWS_SDK_LOAD_CONFIG is set and there is no credentials file, so this "
                         "release reads neither profile file"
                       : NULL;
}

static const char *name_trimmed(const struct eval *e, const char *name)
{
        size_t len = strlen(name), blanks = strspn(name, " \t\r\n");

        while (len > blanks && strchr(" \t\r\n", name[len - 1]))
                len--;
        return e->row->profile_name_trimmed ? arena_printf(e->a, "%.*s", (int)(len - blanks), name + blanks) : name;
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
                if (value_present(e->row->empty_profile_named ? EXISTS : NONEMPTY, e->in->env[vars[i]]))
                        return name_trimmed(e, e->in->env[vars[i]]);
        }
        return e->row->properties == PROPERTIES_V1 && value_present(NONBLANK, e->in->prop[SYSPROP_PROFILE]) ? e->in->prop[SYSPROP_PROFILE] : NULL;
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
                .cred = profile_find(e, credentials_file(e), name, PROFILE_FILE_CREDENTIALS),
                .config = profile_find(e, config_file(e), name, PROFILE_FILE_CONFIG),
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
        const struct profile_file *credentials = credentials_file(e), *config = config_file(e);

        return (credentials && credentials->state == FILE_UNKNOWN) || (config && config->state == FILE_UNKNOWN);
}

bool half_of(const struct profile *p)
{
        return p && !p->key[PROFILE_KEY_KEY_ID] != !p->key[PROFILE_KEY_SECRET];
}

bool roles_read(const struct eval *e)
{
        return !e->row->role_needs_load_config || load_config_is_true(e->in->env[ENV_VAR_LOAD_CONFIG]);
}

bool has_section(const struct profile_file *f, const char *kind, const char *name)
{
        size_t len = strlen(kind);

        for (size_t i = 0; f && i < f->n_profiles; i++) {
                const char *s = f->profiles[i].name;

                if (s && strncmp(s, kind, len) == 0 && s[len] == ' ' && streq(s + len + strspn(s + len, " "), name))
                        return true;
        }
        return false;
}

const char *spelling_meaning(unsigned spellings)
{
        static const char *const meanings[] = {
#define X(id, word, meaning) [SPELLING_BIT_##id] = meaning,
                SPELLINGS(X)
#undef X
        };

        for (size_t i = 0; i < ARRAY_SIZE(meanings); i++)
                if (spellings & (1u << i))
                        return meanings[i];
        return "nothing of note";
}

const char *profile_missing(const struct eval *e, const char *name)
{
        return *name ? arena_printf(e->a, "profile %s does not exist in the profile files", name)
                     : "a profile variable is set but empty, and this SDK takes it for the name of a profile";
}
