/* The parameters of a chain as data, made from their rows in rows.h. */
#include <stddef.h>
#include "rows.h"

/* Values are read through their offsets. */
#define X(id, strings) [id] = strings,
#define T(tag, LIST) \
        static const char *const strings_##tag[] = { LIST(X) }; \
        static_assert(sizeof(enum tag) == sizeof(unsigned), "an enum " #tag " is an unsigned");
ENUM_TYPES(T)
#undef T
#undef X
#define X(id, strings) [HOST_BIT_##id] = strings,
static const char *const strings_hosts[] = { URI_HOSTS(X) };
#undef X
#define X(id, word, meaning) [SPELLING_BIT_##id] = meaning,
static const char *const strings_spellings[] = { SPELLINGS(X) };
#undef X
#define X(id, meaning) [EXEMPT_BIT_##id] = meaning,
static const char *const strings_exemptions[] = { EXEMPTIONS(X) };
#undef X
#define X(id, name, values, doubtful, since) [SETTING_BIT_##id] = name,
static const char *const strings_settings[] = { SDK_SETTINGS(X) };
#undef X
static const char *const no_yes[] = { "no", "yes" };

#define PAIR(without, with) ((const char *const[]){ without, with })
#define DATA_ENUM(of)  strings_##of, ARRAY_SIZE(strings_##of)
#define DATA_FLAG(of)  no_yes, ARRAY_SIZE(no_yes)
#define DATA_FIRST(of) of, 2
#define DATA_SET(of)   strings_##of, ARRAY_SIZE(strings_##of)
#define DATA_LIST(of)  NULL, of
static const struct chain_parameter parameters[] = {
#define X(kind, member, of, name, meaning) \
        { #member, name, meaning, PARAMETER_##kind, offsetof(struct chain_row, member), DATA_##kind(of) },
        CHAIN_PARAMETERS(X)
#undef X
#define X(member, name, meaning) { "since." #member, name, meaning, PARAMETER_SINCE, offsetof(struct chain_row, since.member), NULL, 0 },
        CHAIN_SINCE(X)
#undef X
};
static const char *const step_strings[] = {
#define X(id, word, provider, run, off) [S_##id] = word,
        STEP_KINDS(X)
#undef X
};

size_t chain_parameter_count(void) { return ARRAY_SIZE(parameters); }

const struct chain_parameter *chain_parameter_get(size_t i)
{
        assert(i < ARRAY_SIZE(parameters));
        return &parameters[i];
}

const char *chain_step_to_string(enum step_kind kind)
{
        return (size_t)kind < ARRAY_SIZE(step_strings) ? step_strings[kind] : NULL;
}
