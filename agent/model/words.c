/* words -- the names and words of every table in model.h, and finding them. */
#include "model_internal.h"

#define X(id, name, class) [E_##id] = name,
static const char *const env_names[] = { ENV_VARS(X) };
#undef X
#define X(id, name, class) [E_##id] = ENV_##class,
const enum env_class env_classes[] = { ENV_VARS(X) };
#undef X
#define X(id, name, class) [P_##id] = name,
static const char *const sysprop_names[] = { SYSPROPS(X) };
#undef X
#define X(id, name, class) [P_##id] = ENV_##class,
const enum env_class sysprop_classes[] = { SYSPROPS(X) };
#undef X
#define X(id, name, class) [K_##id] = name,
static const char *const profile_key_names[] = { PROFILE_KEYS(X) };
#undef X
#define X(id, name, class) [K_##id] = ENV_##class,
const enum env_class profile_key_classes[] = { PROFILE_KEYS(X) };
#undef X
#define X(id, word, meaning) [ANSWER_##id] = word,
static const char *const answer_names[] = { ANSWER_STATES(X) };
#undef X
#define X(id, word, meaning) [ANSWER_##id] = meaning,
static const char *const answer_meanings[] = { ANSWER_STATES(X) };
#undef X
#define X(id, word) [FILE_##id] = word,
static const char *const file_state_names[] = { FILE_STATES(X) };
#undef X
#define X(id, word, meaning) [ROLE_##id] = word,
static const char *const role_state_names[] = { ROLE_STATES(X) };
#undef X
#define X(id, word, meaning, by) [IMPLIED_##id] = word,
static const char *const implied_names[] = { IMPLIED_KINDS(X) };
#undef X
#define X(id, word, meaning, by) [IMPLIED_##id] = BY_##by,
static const enum implied_by implied_bys[] = { IMPLIED_KINDS(X) };
#undef X
#define X(id, word, meaning, by) [IMPLIED_##id] = meaning,
static const char *const implied_meanings[] = { IMPLIED_KINDS(X) };
#undef X
#define X(id, word) [CERTAINTY_##id] = word,
static const char *const certainty_names[] = { CERTAINTIES(X) };
#undef X
#define X(id, word) [CRED_##id] = word,
static const char *const cred_kind_names[] = { CRED_KINDS(X) };
#undef X

#define X(id, name, meaning) [ENVIRONMENT_##id] = name,
static const char *const environment_source_names[] = { ENVIRONMENT_SOURCES(X) };
#undef X
#define X(id, name, meaning) [ENVIRONMENT_##id] = meaning,
static const char *const environment_source_meanings[] = { ENVIRONMENT_SOURCES(X) };
#undef X

#define WORDS(names) { names, ARRAY_SIZE(names) }
const struct words env_words = WORDS(env_names), sysprop_words = WORDS(sysprop_names);
const struct words profile_key_words = WORDS(profile_key_names);
const struct words answer_words = WORDS(answer_names);
const struct words file_state_words = WORDS(file_state_names);
const struct words certainty_words = WORDS(certainty_names);
const struct words role_state_words = WORDS(role_state_names);
const struct words implied_words = WORDS(implied_names);
const struct words environment_source_words = WORDS(environment_source_names);
const struct words cred_kind_words = WORDS(cred_kind_names);

int words_find(const struct words *w, const char *word, size_t len)
{
        for (size_t i = 0; i < w->n; i++)
                if (strlen(w->word[i]) == len && memcmp(w->word[i], word, len) == 0)
                        return (int)i;
        return -ENOENT;
}

static const char *words_get(const struct words *w, unsigned i)
{
        return i < w->n ? w->word[i] : "?";
}

const char *implied_meaning(enum implied_kind k)
{
        return (unsigned)k < IMPLIED_KIND_MAX ? implied_meanings[k] : "?";
}

enum implied_by implied_by(enum implied_kind k)
{
        assert((size_t)k < ARRAY_SIZE(implied_bys));
        return implied_bys[k];
}

const char *env_name(enum env_var v)
{
        return words_get(&env_words, v);
}

enum env_class env_class(enum env_var v)
{
        return (unsigned)v < ENV_VAR_MAX ? env_classes[v] : ENV_SECRET;
}

int env_find(const char *name, size_t len)
{
        return words_find(&env_words, name, len);
}

enum env_class sysprop_class(enum sysprop p)
{
        return (unsigned)p < SYSPROP_MAX ? sysprop_classes[p] : ENV_SECRET;
}

int sysprop_find(const char *name, size_t len)
{
        return words_find(&sysprop_words, name, len);
}

bool answer_silent(const struct answer *x)
{
        return x->state == ANSWER_REFUSED || x->state == ANSWER_UNREACHABLE || x->state == ANSWER_TIMEOUT;
}

const char *answer_word(enum answer_state s)
{
        return words_get(&answer_words, s);
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

const char *file_state_word(enum file_state s)
{
        return words_get(&file_state_words, s);
}

const char *certainty_word(enum certainty c)
{
        return words_get(&certainty_words, c);
}

const char *environment_source_to_string(enum environment_source s)
{
        return words_get(&environment_source_words, s);
}

const char *environment_source_meaning(enum environment_source s)
{
        return (unsigned)s < ENVIRONMENT_SOURCE_MAX ? environment_source_meanings[s] : "?";
}
