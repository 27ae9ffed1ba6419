/* automaton -- sets of texts, each the texts that a pattern matches, and whether some cover another. */
#pragma once
#include "iam_internal.h"

#define TOKENS_MAX 255                 /* characters of one pattern; longer ones are not decided */
#define COVER_MAX 64                   /* patterns that cover together */

/* A pattern as characters and signs; in the first five parts of an ARN wildcards stop at a colon. */
struct automaton {
        uint32_t token[TOKENS_MAX];    /* a character, or TOKEN_RUN, TOKEN_ONE */
        bool header[TOKENS_MAX];
        unsigned n;
};
/* false: too long. Letters of an ARN's header are taken in lower case, as they match in either. */
bool automaton_make(const struct glob *p, struct automaton *ret);
/* Do they differ before any sign? The pattern may be longer than automata are. */
bool automaton_is_disjoint(const struct automaton *a, const struct glob *p);

/* Texts that any of some patterns match; or, the rest: those that none of them does. */
struct set { const struct automaton *const *list; size_t n; bool rest; };
/*
 * Do the sets together hold every text of `need`? Exact, by a search over all patterns side by side;
 * MAYBE: out of steps, states or memory.
 */
enum iam_tri sets_cover(const struct automaton *need, const struct set *sets, size_t n, uint64_t *steps);
