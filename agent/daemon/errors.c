#include <stdarg.h>
#include <stdio.h>
#include "errors.h"
#include "rolewatch/io.h"
#include "rolewatch/log.h"

static struct error_entry *error_entry_find(const struct error_log *l, const char *what)
{
        for (size_t i = 0; i < ERRORS_MAX && i < l->n; i++)
                if (streq(l->list[i].what, what))
                        return (struct error_entry *)(uintptr_t)&l->list[i];
        return NULL;
}

void error_note(struct error_log *l, const char *what, const char *text)
{
        struct error_entry *e = error_entry_find(l, what);
        char fits[sizeof e->text];

        if (!e) {
                e = &l->list[l->n++ % ERRORS_MAX];
                *e = (struct error_entry){ .what = what };
        }
        e->at_s = clock_wall_s();
        text_fit(fits, sizeof fits, text);
        if (streq(e->text, fits))
                return;
        memcpy(e->text, fits, sizeof fits);
        log_warning("%s: %s", what, e->text);
}

void error_notef(struct error_log *l, const char *what, const char *fmt, ...)
{
        char text[ERROR_TEXT_BYTES];
        va_list ap;

        va_start(ap, fmt);
        vsnprintf(text, sizeof text, fmt, ap);
        va_end(ap);
        error_note(l, what, text);
}

void error_clear(struct error_log *l, const char *what)
{
        struct error_entry *e = error_entry_find(l, what);

        if (e)
                e->text[0] = '\0';
}

void error_clear_all(struct error_log *l)
{
        for (size_t i = 0; i < ERRORS_MAX; i++)
                l->list[i].text[0] = '\0';
}

bool error_is_set(const struct error_log *l, const char *what)
{
        const struct error_entry *e = error_entry_find(l, what);

        return e && e->text[0];
}
