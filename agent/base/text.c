/*
 * text -- a growing text, and the one way in which foreign bytes become
 * something that a terminal, the journal or a browser may be shown.
 */
#include <stdarg.h>
#include <stdio.h>
#include "rolewatch/base.h"

/* No output of rolewatch comes near; a text beyond is a loop gone wrong. */
#define TEXT_MAX_BYTES ((size_t)64 << 20)

void text_done(struct text *t)
{
        erase_free(t->s);
        *t = (struct text){ 0 };
}

/* Room for len more bytes and the NUL. */
static bool text_reserve(struct text *t, size_t len)
{
        size_t cap = t->cap ? t->cap : 128;
        char *s;

        if (t->failed)
                return false;
        if (len >= TEXT_MAX_BYTES - t->len) {
                t->failed = true;
                return false;
        }
        if (t->len + len < t->cap)
                return true;
        while (cap <= t->len + len)
                cap *= 2;
        s = erase_realloc(t->s, cap);
        if (!s) {
                t->failed = true;
                return false;
        }
        t->s = s;
        t->cap = cap;
        return true;
}

void text_addn(struct text *t, const char *s, size_t len)
{
        if (!text_reserve(t, len))
                return;
        if (len > 0)
                memcpy(t->s + t->len, s, len);
        t->len += len;
        t->s[t->len] = '\0';
}

void text_add(struct text *t, const char *s)
{
        if (s)
                text_addn(t, s, strlen(s));
}

void text_addf(struct text *t, const char *fmt, ...)
{
        va_list ap;
        int n;

        va_start(ap, fmt);
        n = vsnprintf(NULL, 0, fmt, ap);
        va_end(ap);
        if (n < 0) {
                t->failed = true;
                return;
        }
        if (!text_reserve(t, (size_t)n))
                return;
        va_start(ap, fmt);
        vsnprintf(t->s + t->len, (size_t)n + 1, fmt, ap);
        va_end(ap);
        t->len += (size_t)n;
}

/*
 * The table is RFC 3629, section 4: no overlong forms, no surrogates, nothing above
 * U+10FFFF.
 */
size_t utf8_decode(const unsigned char *s, size_t len, uint32_t *ret_point)
{
        static const struct {
                unsigned char first, last, low, high;   /* of the first and the second byte */
                size_t bytes;
        } forms[] = {
                { 0x00, 0x7f, 0x00, 0x00, 1 }, { 0xc2, 0xdf, 0x80, 0xbf, 2 },
                { 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
                { 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
                { 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 },
                { 0xf4, 0xf4, 0x80, 0x8f, 4 },
        };
        size_t f = 0, n;
        uint32_t point;

        while (f < ARRAY_SIZE(forms) && (s[0] < forms[f].first || s[0] > forms[f].last))
                f++;
        if (f == ARRAY_SIZE(forms) || forms[f].bytes > len)
                return 0;
        n = forms[f].bytes;
        if (n > 1 && (s[1] < forms[f].low || s[1] > forms[f].high))
                return 0;
        point = n == 1 ? s[0] : s[0] & (0xffu >> (n + 1));
        for (size_t i = 1; i < n; i++) {
                if ((s[i] & 0xc0) != 0x80)
                        return 0;
                point = point << 6 | (s[i] & 0x3fu);
        }
        *ret_point = point;
        return n;
}

/* Controls, and what reorders or breaks the line it stands in (Unicode bidi controls, LS, PS). */
static bool point_is_hidden(uint32_t point)
{
        static const struct { uint32_t first, last; } hidden[] = {
                { 0x00, 0x1f },     { 0x7f, 0x9f },     { 0x061c, 0x061c }, { 0x200e, 0x200f },
                { 0x2028, 0x202e }, { 0x2066, 0x2069 }, { 0xfeff, 0xfeff },
        };

        for (size_t i = 0; i < ARRAY_SIZE(hidden); i++)
                if (point >= hidden[i].first && point <= hidden[i].last)
                        return true;
        return false;
}

void text_escape(struct text *t, const char *s, size_t len)
{
        const unsigned char *p = (const unsigned char *)s;
        uint32_t point;
        size_t plain = 0, at = 0;

        while (at < len) {
                size_t n = utf8_decode(p + at, len - at, &point);

                if (n > 0 && !point_is_hidden(point)) {
                        at += n;
                        continue;
                }
                text_addn(t, s + plain, at - plain);
                for (size_t end = at + (n ? n : 1); at < end; at++)
                        text_addf(t, "\\x%02x", p[at]);
                plain = at;
        }
        text_addn(t, s + plain, len - plain);
}

void text_escape_cut(struct text *t, const char *s, size_t len, size_t max_bytes)
{
        size_t cut = len < max_bytes ? len : max_bytes;

        /* A character is not cut in two: that would show as bytes that were never there. */
        for (int back = 0; back < 3 && cut > 0 && cut < len && (s[cut] & 0xc0) == 0x80; back++)
                cut--;
        text_escape(t, s, cut);
        if (cut < len)
                text_add(t, "...");
}

void text_fit(char *to, size_t size, const char *s)
{
        size_t n = s ? strnlen(s, size) : 0;

        /* Then s goes on at s[n], perhaps in the midst of a character. */
        if (n == size)
                for (n--; n > 0 && (s[n] & 0xc0) == 0x80;)
                        n--;
        if (n)
                memcpy(to, s, n);
        to[n] = '\0';
}

char *arena_escape(struct arena *a, const char *s, size_t len, size_t max_bytes)
{
        CLEANUP(text_done) struct text t = { 0 };

        if (!s)
                return NULL;
        text_escape_cut(&t, s, len, max_bytes);
        if (t.failed)
                arena_fail(a);
        return t.failed ? NULL : arena_dupn(a, t.s, t.len);
}

uint64_t text_hash(const char *s)
{
        uint64_t h = 0xcbf29ce484222325u;

        for (; *s; s++)
                h = (h ^ (unsigned char)*s) * 0x100000001b3u;
        return h ? h : 1;
}

bool text_is(const char *s, size_t len, const char *extra)
{
        for (size_t i = 0; i < len; i++) {
                bool letter = (s[i] >= 'a' && s[i] <= 'z') || (s[i] >= 'A' && s[i] <= 'Z');
                bool digit = s[i] >= '0' && s[i] <= '9';

                if (!letter && !digit && (!s[i] || !strchr(extra, s[i])))
                        return false;
        }
        return len > 0;
}
