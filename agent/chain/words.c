/* Words of the chain room, and versions. */
#include <ctype.h>
#include "rows.h"

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

static unsigned long next_part(const char **s)
{
        unsigned long n = 0;

        for (; isdigit((unsigned char)**s); (*s)++)
                n = n > 1000000000UL ? n : n * 10 + (unsigned long)(**s - '0');
        while (**s && **s != '.' && !isdigit((unsigned char)**s))
                *s += strlen(*s);       /* a pre-release tag ends the number */
        if (**s == '.')
                (*s)++;
        return n;
}

int version_compare(const char *a, const char *b)
{
        while (*a || *b) {
                unsigned long x = next_part(&a), y = next_part(&b);

                if (x != y)
                        return x < y ? -1 : 1;
        }
        return 0;
}

bool version_has(const char *version, const char *since)
{
        if (!since)
                return true;
        return !streq(since, "-") && (!version || version_compare(version, since) >= 0);
}
