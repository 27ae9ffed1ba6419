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
};
/* The i-th mutant of a row; false: there are no more. */
bool mutant_get(const struct chain_row *row, size_t i, struct mutant *ret);
/* Is the version within the row's range? NULL is, when the range is open above. */
bool row_has(const struct chain_row *row, const char *version);
