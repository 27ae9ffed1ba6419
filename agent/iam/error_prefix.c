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
        static const char *const marks[] = {
                "#", ">", "|", "\xe2\x94\x82", "\xe2\x94\x83", "\xe2\x95\x91", "\xe2\x95\xb7", "\xe2\x95\xb5", "//"
        };

        for (size_t i = 0; i < ARRAY_SIZE(marks); i++) {
                size_t n = strlen(marks[i]);

                if (len >= n && memcmp(s, marks[i], n) == 0 &&
                    (len == n || s[n] == ' ' || s[n] == '\t' || s[n] == '\n'))
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
                if (len - n >= 10 && memcmp(s + n, streams[i], 8) == 0 && (s[n + 8] == 'F' || s[n + 8] == 'P') &&
                    s[n + 9] == ' ') {
                        *ret_partial = s[n + 8] == 'P';
                        return n + 10;
                }
        return 0;
}

/* "web-1  | ": docker compose. */
static size_t compose(const char *s, size_t len)
{
        size_t n = 0, gap;

        while (n < len && n < NAME_BYTES &&
               ((s[n] >= 'a' && s[n] <= 'z') || (s[n] >= 'A' && s[n] <= 'Z') || (s[n] >= '0' && s[n] <= '9') ||
                s[n] == '-' || s[n] == '_' || s[n] == '.'))
                n++;
        gap = blanks(s + n, len - n);
        return n && gap && n + gap + 1 < len && s[n + gap] == '|' && s[n + gap + 1] == ' ' ? n + gap + 2 : 0;
}

/* "2026-01-01T00:00:00.000Z " or with a blank between date and time; 0: none. */
static size_t stamp(const char *s, size_t len)
{
        size_t n = 0, gap = 0;

        while (n < len && n < 48 && (of_time(s[n]) || (s[n] == ' ' && n == 10 && !gap++) || s[n] == '/' || s[n] == ','))
                n++;
        return n >= 19 && n < len && s[n] == ' ' && s[4] >= '-' && s[4] <= '/' && s[13] == ':' ? n + 1 : 0;
}

/* "Jan  1 00:00:00 ": the time of a system log. */
static size_t old_stamp(const char *s, size_t len)
{
        bool stands = len > 16 && s[0] >= 'A' && s[0] <= 'Z' && s[3] == ' ' && s[6] == ' ' && s[9] == ':' &&
                      s[12] == ':' && s[15] == ' ';

        return stands ? 16 : 0;
}

/* Up to the end of a word of NAME_BYTES at most, and the blank behind it; 0: none. */
static size_t word(const char *s, size_t len)
{
        size_t n = 0;

        while (n < len && n < NAME_BYTES && s[n] != ' ')
                n++;
        return n && n < len && s[n] == ' ' ? n + 1 : 0;
}

/* Behind a time: "host program[1]: " of a system log, or "web/app/0123..." of a log stream. */
static size_t origin(const char *s, size_t len)
{
        size_t first = word(s, len), second = first ? word(s + first, len - first) : 0;
        const char *slash;

        if (second > 3 && s[first + second - 2] == ':' && s[first + second - 3] == ']')
                return first + second;
        slash = memchr(s, '/', first);
        return first > 8 && slash && slash != s && !memchr(s, '"', first) && !memchr(s, ':', first) ? first : 0;
}

static size_t stamped(const char *s, size_t len)
{
        size_t n = stamp(s, len);

        if (!n)
                n = old_stamp(s, len);
        return n ? n + origin(s + n, len - n) : 0;
}

size_t error_carrier(const char *s, size_t len, bool *ret_partial)
{
        size_t n;

        *ret_partial = false;
        n = cri(s, len, ret_partial);
        if (!n)
                n = compose(s, len);
        if (!n)
                n = stamped(s, len);
        return n;
}

size_t error_prefix(const char *s, size_t len, bool *ret_partial)
{
        size_t n = 0, found;

        *ret_partial = false;
        for (int i = 0; i < 4; i++) {
                size_t gap = blanks(s + n, len - n), at = n + gap;

                found = mark(s + at, len - at);
                if (!found && i == 0)
                        found = error_carrier(s + at, len - at, ret_partial);
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
