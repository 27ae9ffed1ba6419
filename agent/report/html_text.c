/* html_text -- escapes and cuts untrusted text; there is no other way for it into the page. */
#include "html.h"

#define ELLIPSIS "\xe2\x80\xa6"

static const char *entity(char c)
{
        switch (c) {
        case '&':  return "&amp;";
        case '<':  return "&lt;";
        case '>':  return "&gt;";
        case '"':  return "&quot;";
        case '\'': return "&#39;";
        default:   return NULL;
        }
}

void html_add(struct text *t, const char *s)
{
        CLEANUP(text_done) struct text clean = { 0 };
        size_t plain = 0;

        if (!s || !*s)
                return;
        text_escape(&clean, s, strlen(s));
        if (clean.failed || !clean.s) {
                t->failed = true;
                return;
        }
        for (size_t i = 0; i < clean.len; i++) {
                const char *e = entity(clean.s[i]);

                if (!e)
                        continue;
                text_addn(t, clean.s + plain, i - plain);
                text_add(t, e);
                plain = i + 1;
        }
        text_addn(t, clean.s + plain, clean.len - plain);
}

/* The signs of the page itself are one column wide: General Punctuation (U+2000) and Arrows (U+2190). */
static unsigned columns_of(const unsigned char *s)
{
        if (*s < 0xcc)                 /* below U+0300 */
                return 1;
        return s[0] == 0xe2 && (s[1] == 0x80 || s[1] == 0x86) ? 1 : 2;
}

static size_t html_bytes_of(const unsigned char *s)
{
        size_t n = 1;

        while ((s[n] & 0xc0) == 0x80)
                n++;
        return n;
}

unsigned html_width(const char *s)
{
        const unsigned char *p = (const unsigned char *)s;
        unsigned n = 0;

        for (; *p; p += html_bytes_of(p))
                n += columns_of(p);
        return n;
}

size_t html_bytes(const char *s, unsigned columns)
{
        const unsigned char *p = (const unsigned char *)s;
        unsigned n = 0;

        while (*p && n + columns_of(p) <= columns) {
                n += columns_of(p);
                p += html_bytes_of(p);
        }
        return (size_t)(p - (const unsigned char *)s);
}

size_t html_break(const char *s, unsigned columns)
{
        size_t most = html_bytes(s, columns);

        for (size_t i = most; i > most / 2 && s[most]; i--) {
                bool sign = strchr("-_/. ", s[i - 1]), capital = s[i] >= 'A' && s[i] <= 'Z' && s[i - 1] >= 'a' && s[i - 1] <= 'z';

                if (sign || capital)
                        return i;
        }
        return most;
}

/* Adds s escaped for terminals and cut, not yet escaped for HTML. */
static void html_cut(struct text *t, const char *s, unsigned columns)
{
        CLEANUP(text_done) struct text clean = { 0 };
        unsigned width, tail = columns / 3;
        const char *end;

        text_escape(&clean, s, strlen(s));
        if (clean.failed || !clean.s) {
                t->failed = true;
                return;
        }
        width = html_width(clean.s);
        if (width <= columns) {
                text_add(t, clean.s);
                return;
        }
        end = clean.s + html_bytes(clean.s, width - tail);
        while (html_width(end) > tail)
                end += html_bytes_of((const unsigned char *)end);
        text_addn(t, clean.s, html_bytes(clean.s, columns - 1 - tail));
        text_add(t, ELLIPSIS);
        text_add(t, end);
}

void html_add_cut(struct text *t, const char *s, unsigned columns)
{
        CLEANUP(text_done) struct text brief = { 0 };

        if (!s || !*s)
                return;
        html_cut(&brief, s, columns);
        t->failed = t->failed || brief.failed;
        html_add(t, brief.s);
}

void html_add_prose(struct text *t, const char *s, unsigned columns)
{
        CLEANUP(text_done) struct text brief = { 0 };
        char *at, *tick;
        bool code = false;

        if (!s || !*s)
                return;
        html_cut(&brief, s, columns);
        t->failed = t->failed || brief.failed;
        for (at = brief.s; at && (tick = strchr(at, '`')); at = tick + 1) {
                *tick = '\0';
                html_add(t, at);
                text_add(t, code ? "</code>" : "<code>");
                code = !code;
        }
        html_add(t, at);
        text_add(t, code ? "</code>" : "");
}
