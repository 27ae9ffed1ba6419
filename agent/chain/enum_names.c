/* The names of providers, results and step states. */
#include "rolewatch/chain.h"

static const struct { const char *word, *title; } providers[] = {
#define X(id, word, title) [PROVIDER_##id] = { word, title },
        PROVIDERS(X)
#undef X
};
static const char *const kinds[] = {
#define X(id, word, meaning) [CHAIN_##id] = word,
        CHAIN_KINDS(X)
#undef X
};
static const char *const step_states[] = {
#define X(id, word, meaning) [STEP_##id] = word,
        STEP_STATES(X)
#undef X
};

const char *provider_to_string(enum provider p)
{
        return (size_t)p < ARRAY_SIZE(providers) ? providers[p].word : "unknown";
}

const char *provider_title(enum provider p)
{
        return (size_t)p < ARRAY_SIZE(providers) ? providers[p].title : providers[PROVIDER_UNKNOWN].title;
}

bool provider_is_none(enum provider p) { return p == PROVIDER_NONE || p == PROVIDER_ERROR; }

const char *chain_result_name(const struct chain_result *r)
{
        return r->role && !provider_is_none(r->provider) ? arn_name(r->role) : provider_title(r->provider);
}

const char *chain_result_text(struct arena *a, const struct chain_result *r)
{
        const char *word = provider_to_string(r->provider);

        return r->role ? arena_printf(a, "%s %s", word, arn_name(r->role)) : word;
}

const char *chain_kind_to_string(enum chain_kind kind)
{
        return (size_t)kind < ARRAY_SIZE(kinds) ? kinds[kind] : "unknown";
}

const char *step_state_to_string(enum step_state s)
{
        return (size_t)s < ARRAY_SIZE(step_states) ? step_states[s] : "unknown";
}
