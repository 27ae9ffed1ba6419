/* error_rows -- texts that name no principal: what each says, and what to change. */
#pragma once
#include "rolewatch/error_text.h"

struct error_row {
        enum error_kind kind;
        const char *text, *also;       /* both are in it, in any case; also NULL: nothing more */
        const char *about, *remedy;    /* NULL: those of the kind */
};
/* The first row that matches; NULL: none. */
const struct error_row *error_row_of(const char *text);
