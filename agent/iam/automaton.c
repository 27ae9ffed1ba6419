/*
 * Patterns become position automata: a state is the set of places in a pattern
 * that a text may have come to, one bit each. A search over their products
 * decides containment in a union exactly.
 */
#include <ctype.h>
#include "automaton.h"

enum { TOKEN_RUN = 0x110100, TOKEN_ONE, TOKEN_OTHER };  /* beyond all characters, and bytes that are none */
#define WORDS ((TOKENS_MAX + 1 + 63) / 64)
#define LETTERS_MAX 256
#define STATES_MAX 1024
#define SLOTS (2 * STATES_MAX)

/* ---- patterns ---- */

static uint32_t character(const struct glob *p, size_t at, size_t *ret_len)
{
        uint32_t point;

        *ret_len = utf8_decode((const unsigned char *)p->s + at, p->len - at, &point);
        if (*ret_len)
                return point;
        *ret_len = 1;
        return 0x110000 + (unsigned char)p->s[at];
}

bool automaton_make(const struct glob *p, struct automaton *a)
{
        unsigned colons = 0;
        bool all = glob_is_all(p);
        size_t len;

        a->n = 0;
        for (size_t i = 0; i < p->len; i += len) {
                enum sign sign = p->signs ? (enum sign)p->signs[i] : SIGN_NONE;
                uint32_t c = character(p, i, &len);

                if (sign == SIGN_RUN && a->n && a->token[a->n - 1] == TOKEN_RUN)
                        continue;
                if (a->n == TOKENS_MAX)
                        return false;
                a->header[a->n] = colons < ARN_PARTS - 1 && !all;
                if (a->header[a->n] && colons && c < 0x80)
                        c = (uint32_t)tolower((int)c);
                a->token[a->n++] = sign == SIGN_RUN ? TOKEN_RUN : sign == SIGN_ONE ? TOKEN_ONE : c;
                colons += sign == SIGN_NONE && c == ':';
        }
        return true;
}

bool automaton_is_disjoint(const struct automaton *a, const struct glob *p)
{
        size_t at = 0, len;

        for (unsigned i = 0; i < a->n && at < p->len; i++, at += len) {
                uint32_t c = character(p, at, &len), t = a->token[i];

                if (t == TOKEN_RUN || t == TOKEN_ONE || (p->signs && p->signs[at]))
                        return false;
                if (c < 0x80 && t < 0x80 ? tolower((int)c) != tolower((int)t) : c != t)
                        return true;
        }
        return false;
}

/* ---- a search ---- */

struct positions { uint64_t bit[WORDS]; };

/* One automaton in a search: which places a letter leads on from. */
struct machine {
        const struct automaton *a;
        size_t words;                  /* of its positions that are used */
        struct positions runs, runs_free, ones, ones_free;     /* free: a colon passes, too */
        struct positions *letters;     /* one a letter of the search */
};
struct search {
        struct machine machines[COVER_MAX + 1];      /* the need first */
        size_t n;
        const struct set *sets;
        size_t n_sets;
        uint32_t letters[LETTERS_MAX];
        size_t n_letters;
        size_t colon;                  /* its letter */
        struct positions *states;      /* n a state */
        size_t count;
        uint16_t slots[SLOTS];         /* index of a state, from one */
        uint64_t *steps;
};

static void automaton_put(struct positions *p, unsigned i) { p->bit[i / 64] |= (uint64_t)1 << (i % 64); }
static bool set_has(const struct positions *p, unsigned i) { return p->bit[i / 64] >> (i % 64) & 1; }

static bool is_empty(const struct machine *l, const struct positions *p)
{
        for (size_t i = 0; i < l->words; i++)
                if (p->bit[i])
                        return false;
        return true;
}

/* ret |= the places behind those that are both in a and in b. */
static void advance(const struct machine *l, const struct positions *a, const struct positions *b, struct positions *ret)
{
        uint64_t carry = 0;

        for (size_t i = 0; i < l->words; i++) {
                uint64_t both = a->bit[i] & b->bit[i];

                ret->bit[i] |= both << 1 | carry;
                carry = both >> 63;
        }
}

static struct positions start(const struct machine *l)
{
        struct positions p = { { 1 } }, from = p;

        advance(l, &from, &l->runs, &p);
        return p;
}

static struct positions step(const struct search *s, const struct machine *l, const struct positions *from, size_t letter)
{
        const struct positions *runs = letter == s->colon ? &l->runs_free : &l->runs;
        struct positions to = { { 0 } }, at;

        for (size_t i = 0; i < l->words; i++)
                to.bit[i] = from->bit[i] & runs->bit[i];
        advance(l, from, &l->letters[letter], &to);
        advance(l, from, letter == s->colon ? &l->ones_free : &l->ones, &to);
        at = to;
        advance(l, &at, &l->runs, &to);        /* a run may be empty; no two stand together */
        return to;
}

/* The letter of a character; n_letters: a new one, for which there may be no room. */
static size_t letter_of(const struct search *s, uint32_t c)
{
        size_t i = 0;

        while (i < s->n_letters && s->letters[i] != c)
                i++;
        return i;
}

static bool letter_add(struct search *s, uint32_t c)
{
        if (letter_of(s, c) < s->n_letters)
                return true;
        if (s->n_letters == LETTERS_MAX)
                return false;
        s->letters[s->n_letters++] = c;
        return true;
}

/* Every character that a pattern names, the colon, and one that none does. */
static bool letters_find(struct search *s)
{
        bool space = letter_add(s, ':') && letter_add(s, TOKEN_OTHER);

        s->colon = 0;
        for (size_t i = 0; i < s->n && space; i++)
                for (unsigned t = 0; t < s->machines[i].a->n && space; t++)
                        if (s->machines[i].a->token[t] != TOKEN_RUN && s->machines[i].a->token[t] != TOKEN_ONE)
                                space = letter_add(s, s->machines[i].a->token[t]);
        return space;
}

static void machine_fill(const struct search *s, struct machine *l)
{
        l->words = l->a->n / 64 + 1;
        for (unsigned t = 0; t < l->a->n; t++) {
                bool run = l->a->token[t] == TOKEN_RUN;

                if (!run && l->a->token[t] != TOKEN_ONE) {
                        automaton_put(&l->letters[letter_of(s, l->a->token[t])], t);
                        continue;
                }
                automaton_put(run ? &l->runs : &l->ones, t);
                if (!l->a->header[t])
                        automaton_put(run ? &l->runs_free : &l->ones_free, t);
        }
}

/* Its slot: where the state stands, or would. */
static size_t slot_of(const struct search *s, const struct positions *state)
{
        uint64_t h = 0;
        size_t at;

        for (size_t i = 0; i < s->n; i++)
                for (size_t w = 0; w < WORDS; w++)
                        h = (h ^ state[i].bit[w]) * 0x9E3779B97F4A7C15u, h ^= h >> 29;
        for (at = h % SLOTS; s->slots[at]; at = (at + 1) % SLOTS)
                if (memcmp(s->states + (s->slots[at] - 1u) * s->n, state, s->n * sizeof *state) == 0)
                        break;
        return at;
}

static bool accepts(const struct machine *l, const struct positions *p) { return set_has(p, l->a->n); }

/* Is a text that leads here one of the need's, and of none of the sets? */
static bool is_outside(const struct search *s, const struct positions *state)
{
        size_t at_machine = 1;

        if (!accepts(&s->machines[0], &state[0]))
                return false;
        for (size_t i = 0; i < s->n_sets; i++) {
                bool any = false;

                for (size_t k = 0; k < s->sets[i].n; k++, at_machine++)
                        any = any || accepts(&s->machines[at_machine], &state[at_machine]);
                if (any != s->sets[i].rest)
                        return false;
        }
        return true;
}

/* All states behind one; false: no steps, or no room for them. */
static bool automaton_expand(struct search *s, size_t from)
{
        struct positions next[COVER_MAX + 1];

        for (size_t letter = 0; letter < s->n_letters; letter++) {
                const struct positions *state = s->states + from * s->n;
                size_t slot;

                if (!steps_take(s->steps, 16))
                        return false;
                next[0] = step(s, &s->machines[0], &state[0], letter);
                if (is_empty(&s->machines[0], &next[0]))
                        continue;
                if (!steps_take(s->steps, 32 * s->n))
                        return false;
                for (size_t i = 1; i < s->n; i++)
                        next[i] = step(s, &s->machines[i], &state[i], letter);
                slot = slot_of(s, next);
                if (s->slots[slot])
                        continue;
                if (s->count == STATES_MAX)
                        return false;
                memcpy(s->states + s->count++ * s->n, next, s->n * sizeof *next);
                s->slots[slot] = (uint16_t)s->count;
        }
        return true;
}

static enum iam_tri search_run(struct search *s)
{
        for (size_t i = 0; i < s->n; i++)
                s->states[i] = start(&s->machines[i]);
        s->count = 1;
        s->slots[slot_of(s, s->states)] = 1;
        for (size_t at = 0; at < s->count; at++) {
                if (is_outside(s, s->states + at * s->n))
                        return IAM_NO;
                if (!automaton_expand(s, at))
                        return IAM_MAYBE;
        }
        return IAM_YES;
}

enum iam_tri sets_cover(const struct automaton *need, const struct set *sets, size_t n, uint64_t *steps)
{
        CLEANUP(freep) struct search *s = calloc(1, sizeof *s);
        CLEANUP(freep) struct positions *states = NULL, *letters = NULL;

        if (!s)
                return IAM_MAYBE;
        s->sets = sets;
        s->n_sets = n;
        s->steps = steps;
        s->machines[s->n++].a = need;
        for (size_t i = 0; i < n; i++)
                for (size_t k = 0; k < sets[i].n; k++) {
                        if (s->n > COVER_MAX)
                                return IAM_MAYBE;
                        s->machines[s->n++].a = sets[i].list[k];
                }
        /* Two kilobytes a pattern and letter: clearing them is work, too. */
        if (!letters_find(s) || !steps_take(steps, s->n * s->n_letters * 8 + sizeof *s / 16))
                return IAM_MAYBE;
        s->states = states = malloc(STATES_MAX * s->n * sizeof *states);
        letters = calloc(s->n * s->n_letters, sizeof *letters);
        if (!states || !letters)
                return IAM_MAYBE;
        for (size_t i = 0; i < s->n; i++) {
                s->machines[i].letters = letters + i * s->n_letters;
                machine_fill(s, &s->machines[i]);
        }
        return search_run(s);
}
