/* An error text as people copy it and logs wrap it, as one plain line. */
#include <stdio.h>
#include "error_parts.h"

/* A typographic quote. */
static size_t quote_at(const char *s, size_t len, char *ret)
{
        static const struct { const char *utf8; char plain; } quotes[] = {
                { "\xe2\x80\x98", '\'' }, { "\xe2\x80\x99", '\'' }, { "\xe2\x80\x9c", '"' }, { "\xe2\x80\x9d", '"' },
        };

        for (size_t i = 0; len >= 3 && i < ARRAY_SIZE(quotes); i++)
                if (memcmp(s, quotes[i].utf8, 3) == 0) {
                        *ret = quotes[i].plain;
                        return 3;
                }
        return 0;
}

/* \" \/ \n \u0027 as JSON and logs write them; its length, 0: none. */
static size_t escape_at(const char *s, size_t len, char *ret)
{
        static const char from[] = "\"'/nrt\\", to[] = "\"'/   \\";
        const char *simple = len > 1 && s[0] == '\\' && s[1] ? strchr(from, s[1]) : NULL;
        unsigned code;
        char hex[5] = "";

        if (simple) {
                *ret = to[simple - from];
                return 2;
        }
        if (len < 6 || s[0] != '\\' || s[1] != 'u')
                return quote_at(s, len, ret);
        memcpy(hex, s + 2, 4);
        if (sscanf(hex, "%4x", &code) != 1 || code < 0x20 || code > 0x7e)
                return 0;
        *ret = (char)code;
        return 6;
}

/* The marks of a comment, a quotation or a box before a wrapped line, with the blanks around them. */
static size_t mark_at(const char *s, size_t len)
{
        static const char *const marks[] = { "#", ">", "|", "\xe2\x94\x82" };
        size_t blank = 0;

        while (blank < len && (s[blank] == ' ' || s[blank] == '\t'))
                blank++;
        for (size_t i = 0; i < ARRAY_SIZE(marks); i++) {
                size_t n = strlen(marks[i]);

                if (len - blank > n && memcmp(s + blank, marks[i], n) == 0 && s[blank + n] == ' ')
                        return blank + n;
        }
        return 0;
}

char *error_plain(struct arena *a, const char *s, size_t len)
{
        char *ret = arena_alloc(a, len + 1), *to = ret;

        if (!ret)
                return NULL;
        for (size_t i = 0; i < len;) {
                char c = s[i];
                size_t n = escape_at(s + i, len - i, &c);
                bool ends = s[i] == '\n' || (n == 2 && s[i + 1] == 'n');

                i += n ? n : 1;
                if (ends)
                        i += mark_at(s + i, len - i);
                c = (unsigned char)c < 0x20 || c == 0x7f ? ' ' : c;
                if (c != ' ' || (to > ret && to[-1] != ' '))
                        *to++ = c;
        }
        *to = '\0';
        return ret;
}
