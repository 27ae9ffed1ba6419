/* Settings that have nothing to do with credentials, and end the chain all the same where an SDK rejects their value. */
#include <stddef.h>
#include <strings.h>
#include "view.h"

/* since: offset in struct since of the release that brought it; -1: every release has it. */
static const struct setting_row { const char *name, *values, *doubtful; enum env_var variable; enum profile_key key; int since; } settings[] = {
#define EVER          -1
#define SINCE(member) (int)offsetof(struct since, member)
#define X(id, name, values, doubtful, since) [SETTING_BIT_##id] = { name, values, doubtful, ENV_VAR_##id, PROFILE_KEY_##id, since },
        SDK_SETTINGS(X)
#undef X
#undef SINCE
#undef EVER
};

static bool setting_supported(const struct setting_row *s, const struct eval *e)
{
        return s->since < 0 || version_has(e->in->version, *(const char *const *)((const char *)&e->row->since + s->since));
}

/* As bits: which of them, as variables and as keys of the profile. */
struct wanted_settings { unsigned variables, keys; };

/* DOUBTFUL: some SDKs accept it and others do not. */
enum validity { VALID, DOUBTFUL, INVALID };

static enum validity setting_number(const struct span *value)
{
        bool sign = value->len && strchr("+-", *value->s);
        size_t digits = strspn(value->s + sign, "0123456789");

        if (!digits || digits + sign != value->len)
                return INVALID;
        return sign ? DOUBTFUL : VALID;
}

static bool word_is_in(const char *list, const struct span *value, int (*differ)(const char *, const char *, size_t))
{
        for (const char *word = list; *word; word += strcspn(word, " "), word += strspn(word, " "))
                if (strcspn(word, " ") == value->len && differ(word, value->s, value->len) == 0)
                        return true;
        return false;
}

static enum validity setting_listed(const struct setting_row *s, const struct span *value)
{
        if (word_is_in(s->values, value, strncmp))
                return VALID;
        return word_is_in(s->values, value, strncasecmp) || word_is_in(s->doubtful, value, strncasecmp) ? DOUBTFUL : INVALID;
}

static enum validity setting_read(const struct setting_row *s, const char *text)
{
        static const char blanks[] = " \t\r\n";
        struct span value = { text + strspn(text, blanks), 0 };
        enum validity r;

        value.len = strlen(value.s);
        while (value.len && strchr(blanks, value.s[value.len - 1]))
                value.len--;
        if (*s->values == ':')
                return streq(text, MODEL_REDACTED_NO_SCHEME) ? INVALID : VALID;
        r = *s->values ? setting_listed(s, &value) : setting_number(&value);
        return r == VALID && value.len != strlen(text) ? DOUBTFUL : r;
}

/* What counts of a setting, the variable before the key of the profile: NULL if it is not set, or not wanted. An empty one is not set. */
static const char *setting_value(const struct eval *e, const struct view *v, size_t i, const struct wanted_settings *wanted)
{
        const char *value = e->in->env[settings[i].variable], *key = key_of(v, settings[i].key);

        if (value && *value)
                return wanted->variables & (1u << i) ? value : NULL;
        return key && *key && (wanted->keys & (1u << i)) ? key : NULL;
}

/* The first setting that is wanted and whose value is that; NULL: none. */
static const char *setting_first(const struct eval *e, const struct view *v, const struct wanted_settings *wanted, enum validity validity)
{
        for (size_t i = 0; i < ARRAY_SIZE(settings); i++) {
                const char *value = setting_value(e, v, i, wanted), *variable = e->in->env[settings[i].variable];
                enum validity r = value ? setting_read(&settings[i], value) : VALID;

                if (!setting_supported(&settings[i], e))
                        continue;
                if (*settings[i].values == '+')
                        r = variable && !*variable && (wanted->variables & (1u << i)) ? INVALID : VALID;
                if (r == validity)
                        return settings[i].name;
        }
        return NULL;
}

static struct wanted_settings wanted_by(const struct chain_row *row) { return (struct wanted_settings){ row->settings_fatal, row->settings_fatal_profile }; }

bool timeout_invalid(const struct eval *e)
{
        const char *v = e->in->env[ENV_VAR_IMDS_TIMEOUT];

        return version_has(e->in->version, e->row->since.imds_timeout) && v && v[strspn(v, "0123456789.eEdDfF+- ")];   /* what Double.parseDouble of Java takes has no other */
}

bool settings_unsure(const struct eval *e)
{
        struct eval sub = *e;
        const struct wanted_settings all = { ~0u, ~0u }, known = wanted_by(e->row), *wanted = e->row->rules_known ? &known : &all;
        struct view v;

        sub.settings_only = true;
        v = view_of(&sub, profile_name(e));
        return setting_first(e, &v, wanted, DOUBTFUL) || (!e->row->rules_known && setting_first(e, &v, wanted, INVALID));
}

const char *setting_fatal(struct eval *e, const struct view *v)
{
        const struct wanted_settings wanted = wanted_by(e->row);
        const char *name = setting_first(e, v, &wanted, INVALID);

        if (name && e->row->keys_spare_settings && step_env(e, S_ENV).state == STEP_WINS)
                return NULL;
        return name ? arena_printf(e->a, "%s, or its key in the profile, has a value that this SDK rejects", name) : NULL;
}
