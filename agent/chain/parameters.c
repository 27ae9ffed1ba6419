/* The parameters of a chain as data, made from their rows in rows.h. */
#include <stddef.h>
#include "rows.h"

/* Values are read through their offsets. */
#define X(id, words) [id] = words,
#define T(tag, LIST) \
        static const char *const words_##tag[] = { LIST(X) }; \
        static_assert(sizeof(enum tag) == sizeof(unsigned), "an enum " #tag " is an unsigned");
WORD_TYPES(T)
#undef T
#undef X
#define X(id, words) [HOST_BIT_##id] = words,
static const char *const words_hosts[] = { URI_HOSTS(X) };
#undef X
static const char *const no_yes[] = { "no", "yes" };

#define PAIR(without, with) ((const char *const[]){ without, with })
#define DATA_WORD(of)  words_##of, ARRAY_SIZE(words_##of)
#define DATA_FLAG(of)  no_yes, ARRAY_SIZE(no_yes)
#define DATA_FIRST(of) of, 2
#define DATA_HOSTS(of) words_hosts, ARRAY_SIZE(words_hosts)
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
static const char *const step_words[] = {
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

const char *chain_step_word(enum step_kind kind)
{
        return (size_t)kind < ARRAY_SIZE(step_words) ? step_words[kind] : NULL;
}
