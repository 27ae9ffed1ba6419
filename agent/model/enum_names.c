/* enum_names -- the names and words of every table in model.h, and finding them. */
#include "model_internal.h"

#define X(id, name, class) [ENV_VAR_##id] = name,
static const char *const env_names[] = { ENV_VARS(X) };
#undef X
#define X(id, name, class) [ENV_VAR_##id] = ENV_##class,
const enum env_class env_classes[] = { ENV_VARS(X) };
#undef X
#define X(id, name, class) [SYSPROP_##id] = name,
static const char *const sysprop_names[] = { SYSPROPS(X) };
#undef X
#define X(id, name, class) [SYSPROP_##id] = ENV_##class,
const enum env_class sysprop_classes[] = { SYSPROPS(X) };
#undef X
#define X(id, name, class) [PROFILE_KEY_##id] = name,
static const char *const profile_key_names[] = { PROFILE_KEYS(X) };
#undef X
#define X(id, name, class) [PROFILE_KEY_##id] = ENV_##class,
const enum env_class profile_key_classes[] = { PROFILE_KEYS(X) };
#undef X
#define X(id, string, meaning) [ANSWER_##id] = string,
static const char *const answer_names[] = { ANSWER_STATES(X) };
#undef X
#define X(id, string, meaning) [ANSWER_##id] = meaning,
static const char *const answer_meanings[] = { ANSWER_STATES(X) };
#undef X
#define X(id, string) [FILE_##id] = string,
static const char *const file_state_names[] = { FILE_STATES(X) };
#undef X
#define X(id, word, meaning) [SPELLING_BIT_##id] = word,
static const char *const spelling_names[] = { SPELLINGS(X) };
#undef X
#define X(id, string, meaning) [ROLE_##id] = string,
static const char *const role_state_names[] = { ROLE_STATES(X) };
#undef X
#define X(id, string, meaning, by) [REQUIREMENT_##id] = string,
static const char *const requirement_names[] = { REQUIREMENT_KINDS(X) };
#undef X
#define X(id, string, meaning, by) [REQUIREMENT_##id] = BY_##by,
static const enum requirement_by requirement_bys[] = { REQUIREMENT_KINDS(X) };
#undef X
#define X(id, string, meaning, by) [REQUIREMENT_##id] = meaning,
static const char *const requirement_meanings[] = { REQUIREMENT_KINDS(X) };
#undef X
#define X(id, string) [PASSWD_HOME_##id] = string,
static const char *const passwd_home_names[] = { PASSWD_HOMES(X) };
#undef X
#define X(id, string) [CERTAINTY_##id] = string,
static const char *const certainty_names[] = { CERTAINTIES(X) };
#undef X
#define X(id, string) [CRED_##id] = string,
static const char *const cred_kind_names[] = { CRED_KINDS(X) };
#undef X
#define X(id, string) [CONFIG_URI_##id] = string,
static const char *const config_uri_names[] = { CONFIG_URIS(X) };
#undef X

#define X(id, name, meaning) [ENVIRONMENT_##id] = name,
static const char *const environment_source_names[] = { ENVIRONMENT_SOURCES(X) };
#undef X
#define X(id, name, meaning) [ENVIRONMENT_##id] = meaning,
static const char *const environment_source_meanings[] = { ENVIRONMENT_SOURCES(X) };
#undef X

#define STRING_TABLE(names) { names, ARRAY_SIZE(names) }
const struct string_table env_strings = STRING_TABLE(env_names), sysprop_strings = STRING_TABLE(sysprop_names);
const struct string_table profile_key_strings = STRING_TABLE(profile_key_names);
const struct string_table answer_state_strings = STRING_TABLE(answer_names);
const struct string_table file_state_strings = STRING_TABLE(file_state_names);
const struct string_table spelling_strings = STRING_TABLE(spelling_names);
const struct string_table passwd_home_strings = STRING_TABLE(passwd_home_names);
const struct string_table certainty_strings = STRING_TABLE(certainty_names);
const struct string_table role_state_strings = STRING_TABLE(role_state_names);
const struct string_table requirement_kind_strings = STRING_TABLE(requirement_names);
const struct string_table environment_source_strings = STRING_TABLE(environment_source_names);
const struct string_table cred_kind_strings = STRING_TABLE(cred_kind_names);
const struct string_table config_uri_strings = STRING_TABLE(config_uri_names);

int string_table_find(const struct string_table *w, const char *string, size_t len)
{
        for (size_t i = 0; i < w->n; i++)
                if (strlen(w->string[i]) == len && memcmp(w->string[i], string, len) == 0)
                        return (int)i;
        return -ENOENT;
}

static const char *string_table_get(const struct string_table *w, unsigned i)
{
        return i < w->n ? w->string[i] : "?";
}

const char *requirement_meaning(enum requirement_kind k)
{
        return (unsigned)k < REQUIREMENT_KIND_MAX ? requirement_meanings[k] : "?";
}

enum requirement_by requirement_by(enum requirement_kind k)
{
        assert((size_t)k < ARRAY_SIZE(requirement_bys));
        return requirement_bys[k];
}

const char *env_name(enum env_var v)
{
        return string_table_get(&env_strings, v);
}

enum env_class env_class(enum env_var v)
{
        return (unsigned)v < ENV_VAR_MAX ? env_classes[v] : ENV_SECRET;
}

int env_find(const char *name, size_t len)
{
        return string_table_find(&env_strings, name, len);
}

enum env_class sysprop_class(enum sysprop p)
{
        return (unsigned)p < SYSPROP_MAX ? sysprop_classes[p] : ENV_SECRET;
}

int sysprop_find(const char *name, size_t len)
{
        return string_table_find(&sysprop_strings, name, len);
}

bool answer_silent(const struct answer *x)
{
        return x->state == ANSWER_REFUSED || x->state == ANSWER_UNREACHABLE || x->state == ANSWER_TIMEOUT;
}

bool answer_outage(const struct answer *x)
{
        return answer_silent(x) || x->state == ANSWER_RESET || x->state == ANSWER_GARBAGE ||
               (x->state == ANSWER_STATUS && (x->status == 429 || x->status >= 500));
}

const char *answer_state_to_string(enum answer_state s)
{
        return string_table_get(&answer_state_strings, s);
}

const char *answer_text(struct arena *a, const struct answer *x)
{
        const char *text = NULL;

        if (x->state == ANSWER_STATUS)
                text = arena_printf(a, "HTTP %d", x->status);
        if (text)
                return text;
        return (size_t)x->state < ARRAY_SIZE(answer_meanings) ? answer_meanings[x->state] : "unknown";
}

const char *file_state_to_string(enum file_state s)
{
        return string_table_get(&file_state_strings, s);
}

const char *certainty_to_string(enum certainty c)
{
        return string_table_get(&certainty_strings, c);
}

const char *environment_source_to_string(enum environment_source s)
{
        return string_table_get(&environment_source_strings, s);
}

const char *environment_source_meaning(enum environment_source s)
{
        return (unsigned)s < ENVIRONMENT_SOURCE_MAX ? environment_source_meanings[s] : "?";
}
