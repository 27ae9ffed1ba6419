/*
 * The grammar of ~/.aws/credentials and ~/.aws/config: one reading that keeps how things are written, so that each row of the
 * chain table can take what its SDK takes (struct profile, SPELLINGS). What botocore's parser (configparser) refuses makes a
 * file malformed. Lines: "[section]", "key = value" or "key: value", comments with # or ; at the start, nested settings by
 * indentation below a key without a value.
 */
#include <ctype.h>
#include <strings.h>
#include "rolewatch/chain.h"

#define PROFILES_MAX 256 /* sections kept of one file */
#define SPELLINGS_MAX 64 /* further profiles, for sections that are written in several ways */
#define LINE_MAX_BYTES 4096 /* longer lines hold no setting that matters */

struct bytes { const char *s; size_t len; };

struct parser {
        struct arena *a;
        enum profile_file_kind kind;
        struct profile *profiles;
        size_t n, cap;
        const struct profile *section;         /* the plain one of the current section */
        bool in_section, have_key, value_empty;
        size_t key_indent;
        unsigned line, bad_line;
        unsigned spelling, every;              /* of the file so far; of every section in it */
        bool full;
};

struct key_row {
        const char *name;
        enum env_class class;
};
static const struct key_row key_rows[] = {
#define X(id, name, class) [PROFILE_KEY_##id] = { name, ENV_##class },
        PROFILE_KEYS(X)
#undef X
};

static void bad(struct parser *p, unsigned spelling)
{
        p->spelling |= spelling;
        if (!p->bad_line)
                p->bad_line = p->line;
}

static struct bytes trimmed(struct bytes b)
{
        while (b.len && isspace((unsigned char)b.s[b.len - 1]))
                b.len--;
        while (b.len && isspace((unsigned char)*b.s))
                b.s++, b.len--;
        return b;
}

static bool in_quotes(struct bytes b)
{
        return b.len >= 2 && (*b.s == '"' || *b.s == '\'') && b.s[b.len - 1] == *b.s;
}

static bool has_blank(struct bytes b)
{
        for (size_t i = 0; i < b.len; i++)
                if (isspace((unsigned char)b.s[i]))
                        return true;
        return false;
}

/* "profile x" of the config file, quoted or not: true, and *name is x. "default" and other kinds of section stay as they are. */
static bool section_name(const struct parser *p, struct bytes *name, unsigned *spelling)
{
        struct bytes b = *name;

        if (p->kind != PROFILE_FILE_CONFIG || b.len <= 7 || strncmp(b.s, "profile", 7) != 0 ||
            !isspace((unsigned char)b.s[7]))
                return false;
        *spelling |= isspace((unsigned char)b.s[8]) ? SPELLING_WIDE_PREFIX : b.s[7] == '\t' ? SPELLING_TAB_PREFIX : 0;
        b = trimmed((struct bytes){ b.s + 7, b.len - 7 });
        if (in_quotes(b)) {
                b = (struct bytes){ b.s + 1, b.len - 2 };
                *spelling |= SPELLING_QUOTED_NAME | (has_blank(b) ? SPELLING_QUOTED_BLANK : 0);
        } else if (has_blank(b)) {
                *spelling |= SPELLING_BLANK_NAME;
        }
        *name = b;
        return true;
}

/* The profile for what is written in this way, made if it is new; NULL: there is no room. */
static struct profile *profile_for(struct parser *p, const struct profile *like)
{
        for (size_t i = 0; i < p->n; i++)
                if (streq(p->profiles[i].name, like->name) && p->profiles[i].prefixed == like->prefixed && p->profiles[i].spelling == like->spelling)
                        return &p->profiles[i];
        if (p->n == p->cap)
                return NULL;
        p->spelling |= like->spelling;
        p->profiles[p->n] = *like;
        memset(p->profiles[p->n].key, 0, sizeof like->key);
        return &p->profiles[p->n++];
}

static void begin_section(struct parser *p, struct bytes line, bool indented)
{
        const char *end = memrchr(line.s, ']', line.len), *first = memchr(line.s, ']', line.len);
        struct profile like = { .spelling = p->every };
        struct bytes of, rest;
        size_t n = p->n;

        p->in_section = true;
        p->have_key = false;
        p->section = NULL;
        if (!end || end == line.s + 1) {
                bad(p, end ? 0 : SPELLING_OPEN_BRACKET);
                return;
        }
        like.spelling |= indented ? SPELLING_INDENTED_SECTION : 0;
        like.spelling |= first != end ? SPELLING_AFTER_BRACKET | SPELLING_TWO_BRACKETS : 0;
        rest = trimmed((struct bytes){ end + 1, line.len - (size_t)(end - line.s) - 1 });
        if (rest.len)
                like.spelling |= *rest.s == '#' || *rest.s == ';' ? SPELLING_HEAD_COMMENT : SPELLING_AFTER_BRACKET;
        of = trimmed((struct bytes){ line.s + 1, (size_t)(first - line.s) - 1 });
        like.spelling |= of.s != line.s + 1 || of.s + of.len != first ? SPELLING_INNER_BLANKS : 0;
        like.prefixed = section_name(p, &of, &like.spelling);
        like.name = arena_escape(p->a, of.s, of.len, 256);
        p->every &= ~(unsigned)SPELLING_BOM;
        p->full = p->full || !like.name;
        if (!like.name)
                return;
        for (size_t i = 0; i < n; i++)
                if (streq(p->profiles[i].name, like.name) && p->profiles[i].prefixed == like.prefixed)
                        bad(p, 0);      /* configparser: DuplicateSectionError */
        p->section = profile_for(p, &like);
}

/* One reading of a value. */
static void set_reading(struct parser *p, enum profile_key key, struct bytes value, unsigned spelling)
{
        struct profile like = { .name = p->section->name, .prefixed = p->section->prefixed, .spelling = p->section->spelling | spelling };
        struct profile *to = profile_for(p, &like);
        const char *redacted = env_redact(p->a, key_rows[key].class, value.s, value.len);

        p->full = p->full || !redacted;
        if (to)
                to->key[key] = redacted;
}

/* Where a comment with this sign begins behind a value: after a blank. */
static size_t comment_at(struct bytes value, char sign)
{
        for (size_t i = 1; i < value.len; i++)
                if (value.s[i] == sign && isspace((unsigned char)value.s[i - 1]))
                        return i;
        return value.len;
}

static bool set_comment(struct parser *p, enum profile_key key, struct bytes value, unsigned spelling)
{
        static const struct { char sign; unsigned raw, cut; } comments[] = {
                { '#', SPELLING_HASH_RAW, SPELLING_HASH_CUT }, { ';', SPELLING_SEMICOLON_RAW, SPELLING_SEMICOLON_CUT },
        };

        for (size_t i = 0; i < ARRAY_SIZE(comments); i++) {
                size_t at = comment_at(value, comments[i].sign);

                if (at == value.len)
                        continue;
                set_reading(p, key, value, spelling | comments[i].raw);
                set_reading(p, key, trimmed((struct bytes){ value.s, at }), spelling | comments[i].cut);
                return true;
        }
        return false;
}

static void set_value(struct parser *p, enum profile_key key, struct bytes value, unsigned spelling)
{
        if (set_comment(p, key, value, spelling))
                return;
        if (in_quotes(value)) {
                set_reading(p, key, value, spelling | SPELLING_QUOTES_RAW);
                set_reading(p, key, (struct bytes){ value.s + 1, value.len - 2 }, spelling | SPELLING_QUOTES_CUT);
                return;
        }
        if (!value.len && (key == PROFILE_KEY_KEY_ID || key == PROFILE_KEY_SECRET))
                spelling |= SPELLING_EMPTY;
        set_reading(p, key, value, spelling);
}

static bool key_is_set(const struct parser *p, enum profile_key key)
{
        for (size_t i = 0; i < p->n; i++)
                if (p->profiles[i].key[key] && streq(p->profiles[i].name, p->section->name) && p->profiles[i].prefixed == p->section->prefixed)
                        return true;
        return false;
}

static void set_key(struct parser *p, struct bytes key, struct bytes value, unsigned spelling)
{
        for (size_t i = 0; p->section && i < ARRAY_SIZE(key_rows); i++) {
                if (strlen(key_rows[i].name) != key.len || strncasecmp(key.s, key_rows[i].name, key.len) != 0)
                        continue;
                if (memcmp(key.s, key_rows[i].name, key.len) != 0)
                        spelling |= SPELLING_UPPER;
                if (key_is_set(p, (enum profile_key)i))
                        bad(p, 0);      /* configparser: DuplicateOptionError */
                set_value(p, (enum profile_key)i, value, spelling);
        }
}

/* A line that is no section. */
static void take_setting(struct parser *p, struct bytes line, unsigned spelling)
{
        struct bytes key, value;
        size_t sep;

        for (sep = 0; sep < line.len && line.s[sep] != '=' && line.s[sep] != ':'; sep++)
                ;
        if (!p->in_section || sep == line.len || sep == 0) {
                bad(p, sep == line.len ? SPELLING_NO_EQUALS : sep == 0 ? SPELLING_NO_KEY : SPELLING_NO_SECTION);
                return;
        }
        key = trimmed((struct bytes){ line.s, sep });
        value = trimmed((struct bytes){ line.s + sep + 1, line.len - sep - 1 });
        p->have_key = true;
        p->value_empty = value.len == 0;
        for (size_t i = 0; i < key.len; i++)
                p->spelling |= key.s[i] && strchr("()[]{}|&~!^\"", key.s[i]) ? SPELLING_PUNCTUATION : 0;
        if (line.len <= LINE_MAX_BYTES)
                set_key(p, key, value, spelling | (line.s[sep] == ':' ? SPELLING_COLON : 0));
}

static void take_line(struct parser *p, struct bytes whole)
{
        struct bytes line = trimmed(whole);
        size_t indent = (size_t)(line.s - whole.s);
        bool deeper = indent > 0 && p->in_section && p->have_key && indent > p->key_indent;

        if (!line.len || *line.s == '#' || *line.s == ';')
                return;
        if (deeper && p->value_empty) { /* nested settings */
                p->spelling |= memchr(line.s, '=', line.len) ? 0 : SPELLING_NESTED_TEXT;
                return;
        }
        if (*line.s == '[' && !deeper) {
                begin_section(p, line, indent > 0);
                return;
        }
        if (deeper) {                  /* for the strict, the value goes on */
                if (memchr(line.s, '=', line.len))
                        take_setting(p, line, SPELLING_DEEPER);
                p->value_empty = false;
                return;
        }
        take_setting(p, line, indent ? SPELLING_INDENTED : 0);
        p->key_indent = indent;
}

static size_t count_sections(const char *buf, size_t len)
{
        size_t n = len && *buf == '[';

        for (size_t i = 1; i < len && n < PROFILES_MAX; i++)
                n += buf[i] == '[' && (buf[i - 1] == '\n' || buf[i - 1] == ' ' ||
                                       buf[i - 1] == '\t' || buf[i - 1] == '\r');
        return n;
}

/* Bytes of a UTF-8 sequence at s, 0: it is none. Overlong forms and surrogates do not matter here. */
static size_t utf8_length(const unsigned char *s, size_t len)
{
        size_t n = *s < 0x80 ? 1 : *s >= 0xc2 && *s < 0xe0 ? 2 : *s >= 0xe0 && *s < 0xf0 ? 3 : *s >= 0xf0 && *s < 0xf5 ? 4 : 0;

        if (n > len)
                return 0;
        for (size_t i = 1; i < n; i++)
                if ((s[i] & 0xc0) != 0x80)
                        return 0;
        return n;
}

static bool utf8_valid(const char *buf, size_t len)
{
        for (size_t at = 0, n; at < len; at += n) {
                n = utf8_length((const unsigned char *)buf + at, len - at);
                if (n == 0)
                        return false;
        }
        return true;
}

/* Is a carriage return the end of a line by itself somewhere? */
static bool has_bare_cr(const char *buf, size_t len)
{
        for (size_t i = 0; i + 1 < len; i++)
                if (buf[i] == '\r' && buf[i + 1] != '\n')
                        return true;
        return false;
}

static bool has_crlf(const char *buf, size_t len)
{
        for (size_t i = 0; i + 1 < len; i++)
                if (buf[i] == '\r' && buf[i + 1] == '\n')
                        return true;
        return false;
}

static void take_lines(struct parser *p, const char *buf, size_t len)
{
        bool cr = has_bare_cr(buf, len);

        p->every |= cr ? SPELLING_CR : 0;
        p->spelling |= p->every | (utf8_valid(buf, len) ? 0 : SPELLING_NOT_UTF8) | (has_crlf(buf, len) ? SPELLING_CRLF : 0);
        for (size_t at = 0; at < len && !p->full;) {
                size_t n = 0;

                while (at + n < len && buf[at + n] != '\n' && !(cr && buf[at + n] == '\r'))
                        n++;
                p->line++;
                take_line(p, (struct bytes){ buf + at, n });
                at += n + 1;
        }
}

int profile_parse(struct arena *a, const struct profile_text *text, struct profile_file *ret)
{
        const char *buf = text->buf;
        size_t len = text->len;
        struct parser p = { .a = a, .kind = text->kind, .cap = count_sections(buf, len) + 1 + SPELLINGS_MAX };
        CLEANUP(freep) struct profile *scratch = calloc(p.cap, sizeof *scratch);
        struct profile *copy;

        if (len >= 3 && memcmp(buf, "\xef\xbb\xbf", 3) == 0) {
                buf += 3, len -= 3;
                p.every = SPELLING_BOM;
        }
        p.profiles = scratch;
        if (!scratch)
                return -ENOMEM;
        if (memchr(buf, '\0', len)) {
                p.line = 1;
                bad(&p, 0);     /* a NUL byte: it is no text file, and nothing in it counts */
        } else {
                take_lines(&p, buf, len);
        }
        copy = p.full ? NULL : arena_alloc(a, (p.n + 1) * sizeof *copy);
        if (!copy)
                return -ENOMEM;
        memcpy(copy, scratch, p.n * sizeof *copy);
        ret->state = p.bad_line ? FILE_MALFORMED : FILE_OK;
        ret->bad_line = p.bad_line;
        ret->spelling = p.spelling;
        ret->profiles = copy;
        ret->n_profiles = p.n;
        return 0;
}
