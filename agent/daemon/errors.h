/* errors -- errors of rolewatch itself, for status; a repeated error is logged once. */
#pragma once
#include "rolewatch/base.h"

#define ERRORS_MAX 8                   /* subjects; a new one replaces the oldest */
#define ERROR_TEXT_BYTES 256           /* longer texts are cut */
struct error_entry {
        int64_t at_s;                  /* last time it was noted */
        const char *what;              /* static: "broker"; NULL: the slot is free */
        char text[ERROR_TEXT_BYTES];   /* what failed, and what rolewatch does about it; "": it works again */
};
struct error_log { struct error_entry list[ERRORS_MAX]; size_t n; };

/* Notes an error and logs it, unless the last one of this subject has the same text: then only its time changes. */
void error_note(struct error_log *l, const char *what, const char *text);
void error_notef(struct error_log *l, const char *what, const char *fmt, ...) PRINTF(3, 4);
/* The subject works again; its next error is logged again. */
void error_clear(struct error_log *l, const char *what);
/* Clears all errors: the settings have changed. */
void error_clear_all(struct error_log *l);
bool error_is_set(const struct error_log *l, const char *what);
