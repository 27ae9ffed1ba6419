/* What stands before a line that the program did not write: marks, boxes, line numbers, the prefixes of log carriers. */
#include "error_parts.h"

#define NAME_BYTES 128                 /* of a container before docker compose's bar */

static size_t blanks(const char *s, size_t len)
{
        size_t n = 0;

        while (n < len && (s[n] == ' ' || s[n] == '\t'))
                n++;
        return n;
}

/* A comment, a quotation, or the side of a box, with a blank behind it or at the end of the line. */
static size_t mark(const char *s, size_t len)
{
        static const char *const marks[] = { "#", ">", "|", "\xe2\x94\x82", "\xe2\x94\x83", "\xe2\x95\x91", "\xe2\x95\xb7", "\xe2\x95\xb5", "//" };

        for (size_t i = 0; i < ARRAY_SIZE(marks); i++) {
                size_t n = strlen(marks[i]);

                if (len >= n && memcmp(s, marks[i], n) == 0 && (len == n || s[n] == ' ' || s[n] == '\t' || s[n] == '\n'))
                        return n;
        }
        return 0;
}

static bool of_time(char c)
{
        return (c >= '0' && c <= '9') || (c && strchr("-:.TZ+", c));
}

/* "2026-01-01T00:00:00.000000000Z stderr F ": Kubernetes' CRI format. */
static size_t cri(const char *s, size_t len, bool *ret_partial)
{
        static const char *const streams[] = { " stdout ", " stderr " };
        size_t n = 0;

        while (n < len && n < 48 && of_time(s[n]))
                n++;
        for (size_t i = 0; n >= 20 && i < ARRAY_SIZE(streams); i++)
                if (len - n >= 10 && memcmp(s + n, streams[i], 8) == 0 && (s[n + 8] == 'F' || s[n + 8] == 'P') && s[n + 9] == ' ') {
                        *ret_partial = s[n + 8] == 'P';
                        return n + 10;
                }
        return 0;
}

/* "web-1  | ": docker compose. */
static size_t compose(const char *s, size_t len)
{
        size_t n = 0, gap;

        while (n < len && n < NAME_BYTES && ((s[n] >= 'a' && s[n] <= 'z') || (s[n] >= 'A' && s[n] <= 'Z') || (s[n] >= '0' && s[n] <= '9') ||
                                             s[n] == '-' || s[n] == '_' || s[n] == '.'))
                n++;
        gap = blanks(s + n, len - n);
        return n && gap && n + gap + 1 < len && s[n + gap] == '|' && s[n + gap + 1] == ' ' ? n + gap + 2 : 0;
}

size_t error_prefix(const char *s, size_t len, bool *ret_partial)
{
        size_t n = 0, found;

        *ret_partial = false;
        for (int i = 0; i < 4; i++) {
                size_t gap = blanks(s + n, len - n), at = n + gap;

                found = mark(s + at, len - at);
                if (!found)
                        found = cri(s + at, len - at, ret_partial);
                if (!found && i == 0)
                        found = compose(s + at, len - at);
                if (!found)
                        break;
                n = at + found;
        }
        return n;
}

size_t error_line_number(const char *s, size_t len, unsigned *ret)
{
        size_t gap = blanks(s, len), n = gap;
        unsigned v = 0;

        while (n < len && n - gap < 6 && s[n] >= '0' && s[n] <= '9')
                v = v * 10 + (unsigned)(s[n++] - '0');
        if (n == gap || n == len || !strchr(":.)|\t ", s[n]) || !s[n])
                return 0;
        *ret = v;
        return n + 1;
}
