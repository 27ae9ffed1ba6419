/* Words of the chain room. */
#include "rolewatch/chain.h"

static const char *const providers[] = {
#define X(id, word) [PROVIDER_##id] = word,
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
        return (size_t)p < ARRAY_SIZE(providers) ? providers[p] : "unknown";
}

const char *step_state_word(enum step_state s)
{
        return (size_t)s < ARRAY_SIZE(step_states) ? step_states[s] : "unknown";
}
