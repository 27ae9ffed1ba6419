/* error_parts -- what the decoder of error texts is made of. */
#pragma once
#include "rolewatch/error_text.h"

/*
 * Without escapes, colours, line ends and what stands before a line; runs of blanks are one. Called
 * twice: a log of a log escapes twice. NULL: no memory.
 */
char *error_plain(struct arena *a, const char *s, size_t len);

/* The one thing to change; NULL: none is known, or no memory. */
const char *error_denial_remedy(struct arena *a, const struct error_text *e);
const char *error_kind_remedy(enum error_kind k);

/* A text that names no principal: what it says, and what to change. */
struct error_row {
        enum error_kind kind;
        const char *text, *also;       /* both are in it, in any case; also NULL: nothing more */
        const char *about, *remedy;    /* NULL: those of the kind */
};
/* The first row that matches; NULL: none. */
const struct error_row *error_row_of(const char *text);
