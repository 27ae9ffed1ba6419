/* Words of the chain room. */
#include "rolewatch/chain.h"

static const struct { const char *word, *phrase, *title; } providers[] = {
#define X(id, word, phrase, title) [PROVIDER_##id] = { word, phrase, title },
        PROVIDERS(X)
#undef X
};
static const char *const step_states[] = {
#define X(id, word, meaning) [STEP_##id] = word,
        STEP_STATES(X)
#undef X
};

const char *provider_word(enum provider p)
{
        return (size_t)p < ARRAY_SIZE(providers) ? providers[p].word : "unknown";
}

const char *provider_phrase(enum provider p)
{
        return (size_t)p < ARRAY_SIZE(providers) ? providers[p].phrase : "nobody";
}

const char *provider_title(enum provider p)
{
        return (size_t)p < ARRAY_SIZE(providers) ? providers[p].title : "not known";
}

const char *step_state_word(enum step_state s)
{
        return (size_t)s < ARRAY_SIZE(step_states) ? step_states[s] : "unknown";
}
