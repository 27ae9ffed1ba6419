/*
 * The grammar of ~/.aws/credentials and ~/.aws/config as botocore reads it (through
 * Python's configparser). The strictest reader decides what is malformed; profiles
 * that can be read are kept all the same, for the lenient ones.
 * Lines: "[section]", "key = value" or "key: value", comments with # or ; at
 * the start, continuation by indentation (nested settings, none of ours).
 */
#include <ctype.h>
#include <strings.h>
#include "rolewatch/chain.h"

#define PROFILES_MAX 256 /* sections kept of one file */
#define LINE_MAX_BYTES 4096 /* longer lines hold no setting that matters */

struct parser {
        struct arena *a;
        enum profile_file_kind kind;
        struct profile *profiles;
        size_t n, cap;
        struct profile *current;
        bool in_section, have_key;
        unsigned line, bad_line;
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

static void bad(struct parser *p)
{
        if (!p->bad_line)
                p->bad_line = p->line;
}

struct bytes { const char *s; size_t len; };

static struct bytes trimmed(struct bytes b)
{
        while (b.len && isspace((unsigned char)b.s[b.len - 1]))
                b.len--;
        while (b.len && isspace((unsigned char)*b.s))
                b.s++, b.len--;
        return b;
}

/* "profile x" of the config file, quoted or not: true, and *name is x. "default" and other kinds of section stay as they are. */
static bool section_name(const struct parser *p, struct bytes *name)
{
        struct bytes b = *name;

        if (p->kind != PROFILE_FILE_CONFIG || b.len <= 7 || strncmp(b.s, "profile", 7) != 0 ||
            !isspace((unsigned char)b.s[7]))
                return false;
        b = trimmed((struct bytes){ b.s + 7, b.len - 7 });
        if (b.len >= 2 && (*b.s == '"' || *b.s == '\'') && b.s[b.len - 1] == *b.s)
                b = (struct bytes){ b.s + 1, b.len - 2 };
        *name = b;
        return true;
}

static struct profile *profile_key_known(struct parser *p, const char *name, bool prefixed)
{
        for (size_t i = 0; i < p->n; i++)
                if (streq(p->profiles[i].name, name) && p->profiles[i].prefixed == prefixed)
                        return &p->profiles[i];
        return NULL;
}

static void begin_section(struct parser *p, struct bytes line)
{
        const char *end = memrchr(line.s, ']', line.len);
        struct bytes of;
        bool prefixed;
        char *name;

        p->in_section = true;
        p->have_key = false;
        p->current = NULL;
        if (!end || end == line.s + 1) {
                bad(p);
                return;
        }
        of = trimmed((struct bytes){ line.s + 1, (size_t)(end - line.s) - 1 });
        prefixed = section_name(p, &of);
        name = arena_escape(p->a, of.s, of.len, 256);
        if (!name || p->n == p->cap) {
                p->full = !name;
                return;
        }
        if (profile_key_known(p, name, prefixed)) {
                bad(p); /* configparser: DuplicateSectionError */
                p->current = profile_key_known(p, name, prefixed);
                return;
        }
        p->current = &p->profiles[p->n++];
        p->current->name = name;
        p->current->prefixed = prefixed;
}

static void set_key(struct parser *p, struct bytes key, struct bytes value)
{
        if (!p->current)
                return;
        for (size_t i = 0; i < ARRAY_SIZE(key_rows); i++) {
                const char *redacted;

                if (strlen(key_rows[i].name) != key.len || strncasecmp(key.s, key_rows[i].name, key.len) != 0)
                        continue;
                redacted = env_redact(p->a, key_rows[i].class, value.s, value.len);
                if (p->current->key[i])
                        bad(p); /* configparser: DuplicateOptionError */
                p->current->key[i] = redacted;
                p->full = p->full || !redacted;
        }
}

static void take_line(struct parser *p, struct bytes line)
{
        bool indented = line.len && (*line.s == ' ' || *line.s == '\t');
        size_t sep;

        line = trimmed(line);
        if (!line.len || *line.s == '#' || *line.s == ';')
                return;
        if (indented && p->in_section && p->have_key)
                return; /* a nested setting, or the continuation of a value */
        if (*line.s == '[') {
                begin_section(p, line);
                return;
        }
        for (sep = 0; sep < line.len && line.s[sep] != '=' && line.s[sep] != ':'; sep++)
                ;
        if (!p->in_section || sep == line.len || sep == 0) {
                bad(p);
                return;
        }
        p->have_key = true;
        if (line.len <= LINE_MAX_BYTES)
                set_key(p, trimmed((struct bytes){ line.s, sep }),
                        trimmed((struct bytes){ line.s + sep + 1, line.len - sep - 1 }));
}

static size_t count_sections(const char *buf, size_t len)
{
        size_t n = len && *buf == '[';

        for (size_t i = 1; i < len && n < PROFILES_MAX; i++)
                n += buf[i] == '[' && (buf[i - 1] == '\n' || buf[i - 1] == ' ' ||
                                       buf[i - 1] == '\t' || buf[i - 1] == '\r');
        return n;
}

int profile_parse(struct arena *a, const struct profile_text *text, struct profile_file *ret)
{
        const char *buf = text->buf;
        size_t len = text->len;
        struct parser p = { .a = a, .kind = text->kind, .cap = count_sections(buf, len) + 1 };

        if (len >= 3 && memcmp(buf, "\xef\xbb\xbf", 3) == 0)
                buf += 3, len -= 3;
        p.profiles = arena_alloc(a, p.cap * sizeof *p.profiles);
        if (!p.profiles)
                return -ENOMEM;
        if (memchr(buf, '\0', len)) {
                p.line = 1;
                bad(&p); /* a NUL byte: it is no text file, and nothing in it counts */
                len = 0;
        }
        for (size_t at = 0; at < len && !p.full;) {
                const char *nl = memchr(buf + at, '\n', len - at);
                size_t n = nl ? (size_t)(nl - (buf + at)) : len - at;

                p.line++;
                take_line(&p, (struct bytes){ buf + at, n });
                at += n + 1;
        }
        if (p.full)
                return -ENOMEM;
        ret->state = p.bad_line ? FILE_MALFORMED : FILE_OK;
        ret->bad_line = p.bad_line;
        ret->profiles = p.profiles;
        ret->n_profiles = p.n;
        return 0;
}
