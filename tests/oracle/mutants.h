/*
 * mutants -- the rows of the chain table with one cell turned wrong, so that
 * the tests can be tested: each mutant must be noticed.
 */
#pragma once
#include "../../agent/chain/rows.h"

struct mutant {
        struct chain_row row;
        char what[96];                 /* "js2: dis 2 for 0" */
        char version[32];              /* room for a version that the row points to */
        size_t cell, way;              /* which cell is wrong, and how: where the next one begins */
};
/* The first mutant of a row after a *m of zeroes, then the next after each; false: there are no more. */
bool mutant_next(const struct chain_row *row, struct mutant *m);
/* Is the version within the row's range? NULL is, when the range is open above. */
bool row_has(const struct chain_row *row, const char *version);
