/* An error text as people copy it and logs wrap it, as one plain line. */
#include <stddef.h>
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

        /* A shell's continued line. */
        if (len > 1 && s[0] == '\\' && s[1] == '\n') {
                *ret = ' ';
                return 1;
        }
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

/* The line that is being written, and what is known of the one before. */
struct plain {
        char *start, *to;
        size_t line;                   /* of to: where the current line begins */
        unsigned number;               /* of the line before, in a numbered text; 0: none */
        bool partial;                  /* the current line goes on without a blank */
};

static void plain_put(struct plain *p, char c)
{
        c = (unsigned char)c < 0x20 || c == 0x7f ? ' ' : c;
        if (c != ' ' || (p->to > p->start && p->to[-1] != ' '))
                *p->to++ = c;
}

/* Words with which a sentence goes on behind an ARN. */
static bool plain_goes_on(const char *next, size_t len)
{
        static const char *const words[] = { "because", "with ", "is ", "on ", "and ", "(", "\"" };

        for (size_t i = 0; i < ARRAY_SIZE(words); i++)
                if (len >= strlen(words[i]) && strncmp(next, words[i], strlen(words[i])) == 0)
                        return true;
        return false;
}

/* An ARN that was wrapped behind a hyphen or a slash: "arn:aws:sns:eu-west-", "...:assumed-role/". */
static bool in_arn(const struct plain *p, const char *next, size_t len)
{
        const char *s = p->to;

        if (s == p->start || (s[-1] != '-' && s[-1] != '/') || !len || plain_goes_on(next, len))
                return false;
        while (s > p->start + p->line && s[-1] != ' ')
                s--;
        return strncmp(s + (*s == '"' || *s == '\''), "arn:", 4) == 0;
}

/* A word of the sentence that a terminal cut at its edge: "is not autho" and "rized to perform". */
static bool in_word(const struct plain *p, const char *next, size_t len)
{
        static const char *const words[] = { "authorized", "perform", "operation", "resource", "identity-based", "because",
                                             "resource-based", "permissions", "Encoded", "authorization" };
        const char *s = p->to;

        while (s > p->start + p->line && s[-1] != ' ')
                s--;
        for (size_t i = 0, n = (size_t)(p->to - s); i < ARRAY_SIZE(words); i++) {
                size_t rest = strlen(words[i]) > n ? strlen(words[i]) - n : 0;

                if (n && rest && len >= rest && strncmp(words[i], s, n) == 0 && strncmp(words[i] + n, next, rest) == 0)
                        return true;
        }
        return false;
}

/* The right side of a box. */
static void unbox(struct plain *p)
{
        static const char side[] = "\xe2\x94\x82";
        char *end = p->to;

        while (end > p->start + p->line && end[-1] == ' ')
                end--;
        if (end - p->start >= (ptrdiff_t)(p->line + sizeof side - 1) &&
            memcmp(end - (sizeof side - 1), side, sizeof side - 1) == 0)
                for (p->to = end - (sizeof side - 1); p->to > p->start + p->line && p->to[-1] == ' ';)
                        p->to--;
}

/* A line begins at s: its prefix, which is passed over. */
static size_t line_begin(struct plain *p, const char *s, size_t len)
{
        bool partial = p->partial, joined;
        unsigned number = 0;
        size_t n, digits;

        unbox(p);
        n = error_prefix(s, len, &p->partial);
        digits = error_line_number(s + n, len - n, &number);
        if (digits && p->number && number == p->number + 1)
                n += digits;
        p->number = digits ? number : 0;
        while (n < len && s[n] == ' ')
                n++;
        joined = partial || in_arn(p, s + n, len - n) || in_word(p, s + n, len - n);
        if (!joined)
                plain_put(p, ' ');
        p->line = (size_t)(p->to - p->start);
        return n;
}

char *error_plain(struct arena *a, const char *s, size_t len)
{
        struct plain p = { .start = arena_alloc(a, len + 2) };

        p.to = p.start;
        if (!p.to)
                return NULL;
        error_line_number(s, len, &p.number);
        if (len)
                error_prefix(s, len, &p.partial);
        for (size_t i = 0; i < len;) {
                char c = s[i];
                size_t n = escape_at(s + i, len - i, &c);
                bool ends = s[i] == '\n' || (n == 2 && s[i + 1] == 'n');

                i += n ? n : 1;
                if (ends)
                        i += line_begin(&p, s + i, len - i);
                else
                        plain_put(&p, c);
        }
        *p.to = '\0';
        return p.start;
}
