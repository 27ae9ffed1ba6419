/* Lines of a stream, put together to messages. */
#include <ctype.h>
#include "error_parts.h"

struct message {
        char *s;                       /* ERROR_TEXT_MAX + 1 bytes */
        size_t len, lines;
        int depth;                     /* of braces that are open; counted where it begins with one */
        bool quoted, partial, boxed;   /* of its last line */
        bool headers;                  /* its last line is the status line of HTTP, or a header behind it */
        bool started;                  /* words with which an AWS error begins are in it */
};
struct error_split {
        struct message now, done;
};

static void message_done(struct message *m) { free(m->s); }

int error_split_new(struct error_split **ret)
{
        struct error_split *s = calloc(1, sizeof *s);

        if (!s)
                return -ENOMEM;
        s->now.s = malloc(ERROR_TEXT_MAX + 1);
        s->done.s = malloc(ERROR_TEXT_MAX + 1);
        if (!s->now.s || !s->done.s) {
                error_split_free(s);
                return -ENOMEM;
        }
        *ret = s;
        return 0;
}

void error_split_free(struct error_split *s)
{
        if (!s)
                return;
        message_done(&s->now);
        message_done(&s->done);
        free(s);
}

/* ---- a line ---- */

struct line { const char *s; size_t len; bool partial, boxed; };

static bool split_begins(const struct line *l, const char *with)
{
        size_t n = strlen(with);

        return l->len >= n && memcmp(l->s, with, n) == 0;
}

static bool begins_any(const struct line *l, const char *const *list, size_t n)
{
        for (size_t i = 0; i < n; i++)
                if (split_begins(l, list[i]))
                        return true;
        return false;
}

/* Docker's json-file: {"log":"...\n","stream":"stderr","time":"..."}; without \n the text goes on. */
static bool from_docker(struct line *l)
{
        static const char head[] = "{\"log\":\"", tail[] = "\",\"stream\":\"";
        const char *end;

        if (!split_begins(l, head))
                return false;
        end = memmem(l->s, l->len, tail, sizeof tail - 1);
        if (!end)
                return false;
        l->s += sizeof head - 1;
        l->len = (size_t)(end - l->s);
        l->partial = l->len < 2 || memcmp(l->s + l->len - 2, "\\n", 2) != 0;
        l->len -= l->partial ? 0 : 2;
        return true;
}

static struct line line_make(const char *s, size_t len)
{
        struct line l = { .s = s, .len = len };
        size_t n, all;
        bool partial;

        if (l.len && l.s[l.len - 1] == '\r')
                l.len--;
        if (!from_docker(&l)) {
                n = error_carrier(l.s, l.len, &l.partial);
                l.s += n;
                l.len -= n;
        }
        all = error_prefix(l.s, l.len, &partial);
        n = error_carrier(l.s, l.len, &partial);
        l.boxed = all > n;
        return l;
}

/* Behind the marks of a box, and behind the one blank that belongs to a mark. */
static struct line line_inside(struct line l)
{
        bool partial;
        size_t n = l.boxed ? error_prefix(l.s, l.len, &partial) : 0;

        n += n && n < l.len && l.s[n] == ' ';
        return (struct line){ .s = l.s + n, .len = l.len - n };
}

static bool split_is_blank(const struct line *l)
{
        for (size_t i = 0; i < l->len; i++)
                if (l->s[i] != ' ' && l->s[i] != '\t')
                        return false;
        return true;
}

/* The corner of a box ends or begins it. */
static bool is_corner(const struct line *l)
{
        static const char *const corners[] = {
                "\xe2\x95\xb7", "\xe2\x95\xb5", "\xe2\x95\xad", "\xe2\x95\xb0", "\xe2\x94\x8c", "\xe2\x94\x94",
        };

        return begins_any(l, corners, ARRAY_SIZE(corners));
}

/* With these a message begins, even in lower case. */
static bool is_start(const struct line *l)
{
        static const char *const starts[] = {
                "ERROR", "WARN", "INFO", "DEBUG", "FATAL", "TRACE", "CRITICAL", "[ERROR", "[WARN", "[INFO", "[DEBUG",
                "[error", "[warn", "[info", "[debug", "level=", "time=", "ts=", "msg=", "error:", "fatal:",
                "warning:", "panic:", "npm ", "operation error", "botocore.", "com.amazonaws", "software.amazon",
                "org.", "java.", "An error occurred", "Error:", "User: ", "Traceback", "Exception", "ResourceInit",
                "CannotPull", "(service ",
        };

        return begins_any(l, starts, ARRAY_SIZE(starts));
}

/* ---- does a message go on with a line? ---- */

/* It ends where no sentence does: "perform:", "because no". */
static bool is_open(const struct message *m)
{
        static const char *const ends[] = {
                " to", " not", " is", " on", " because", " no", " a", " an", " the", " in", " with", " api",
                " https", " response", " was", " unable", " of", " for", " and", " your", " that",
        };
        size_t n = m->len;

        while (n && (m->s[n - 1] == ' ' || m->s[n - 1] == '\t'))
                n--;
        if (n && strchr(":,(", m->s[n - 1]))
                return true;
        for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
                size_t len = strlen(ends[i]);

                if (n >= len && memcmp(m->s + n - len, ends[i], len) == 0)
                        return true;
        }
        return false;
}

static bool ends_sentence(const struct message *m)
{
        return m->len && strchr(".!?}", m->s[m->len - 1]);
}

static bool is_continuation(const struct line *l)
{
        static const char *const words[] = {
                "caused by", "Caused by", "status code:", "\"arn:", "(Service:", "arn:", "#011", "The task can",
                "There is a connection", "dial tcp",
                "is not authorized to perform", "not authorized to perform", "because no ",
                "with an explicit deny", "...",
        };
        unsigned char c = l->len ? (unsigned char)l->s[0] : 0;

        return c == ' ' || c == '\t' || begins_any(l, words, ARRAY_SIZE(words));
}

/* "Content-Type: application/xml" */
static bool is_header(const struct line *l)
{
        size_t n = 0;

        while (n < l->len && (isalnum((unsigned char)l->s[n]) || l->s[n] == '-'))
                n++;
        return n && n + 1 < l->len && l->s[n] == ':' && l->s[n + 1] == ' ';
}

/* Only the corner of a box so far. */
static bool is_box_begun(const struct message *m)
{
        return m->lines == 1 && is_corner(&(struct line){ .s = m->s, .len = m->len });
}

/* "192.0.2.1 - -", "01/Jan/2026:00:00:00", "00:00:00.000": the address or the time with which another log line begins. */
static bool is_log_start(const struct line *l)
{
        size_t n = 0, marks = 0;

        while (n < l->len && (isdigit((unsigned char)l->s[n]) || strchr(".:/-T,", l->s[n])))
                marks += !isdigit((unsigned char)l->s[n++]);
        return n > 6 && marks > 1 && n < l->len && strchr(" \t]Z", l->s[n]);
}

static bool split_goes_on(const struct message *m, const struct line *raw)
{
        struct line l = line_inside(*raw);
        unsigned char c = l.len ? (unsigned char)l.s[0] : 0;

        if (!m->lines)
                return false;
        if (m->partial)
                return true;
        if (m->lines >= ERROR_LINES_MAX || is_corner(raw))
                return false;
        if (m->depth > 0 && !split_begins(raw, "{") && !is_start(raw))
                return true;
        if (m->headers && is_header(&l))
                return true;
        if (m->boxed && raw->boxed)
                return is_open(m) || !is_start(&l) || is_box_begun(m);
        if (is_open(m) && (m->started || !is_start(&l)))
                return true;
        if (is_start(&l))
                return false;
        if (is_continuation(&l) || ((unsigned char)m->s[0] == c && (c == '<' || c == '"')))
                return true;
        return m->started && !ends_sentence(m) &&
               (islower(c) || (isdigit(c) && !is_log_start(&l)) || (c && strchr("(\"'", c)));
}

/* ---- adding ---- */

static void count_braces(struct message *m, const struct line *l)
{
        for (size_t i = 0; i < l->len; i++) {
                if (l->s[i] == '\\' && m->quoted)
                        i++;
                else if (l->s[i] == '"')
                        m->quoted = !m->quoted;
                else if (!m->quoted)
                        m->depth += (l->s[i] == '{') - (l->s[i] == '}');
        }
        m->quoted = false;             /* a string does not span lines */
}

static bool is_started(const struct line *l)
{
        static const char *const words[] = {
                "User: ", "User `", "An error occurred (", "not authorized", "operation error", "api error",
                "AccessDenied", "arn:aws", "Unauthorized", "CannotPull", "ResourceInitializationError",
                "No OpenIDConnect", "InvalidIdentityToken", "Credential", "(service ", "ECS was unable",
        };

        for (size_t i = 0; i < ARRAY_SIZE(words); i++)
                if (memmem(l->s, l->len, words[i], strlen(words[i])))
                        return true;
        return false;
}

static void append(struct message *m, const struct line *l)
{
        size_t space = ERROR_TEXT_MAX - m->len, n;

        if (m->lines && !m->partial && space) {
                m->s[m->len++] = '\n';
                space--;
        }
        n = l->len < space ? l->len : space;
        memcpy(m->s + m->len, l->s, n);
        m->len += n;
        m->lines++;
        if (m->lines == 1 || m->depth > 0)
                if (m->s[0] == '{')
                        count_braces(m, l);
        m->partial = l->partial;
        m->boxed = l->boxed;
        m->headers = split_begins(l, "HTTP/1.") || (m->headers && is_header(l));
        m->started = m->started || is_started(l);
}

static bool message_end(struct error_split *s, const char **ret, size_t *ret_len)
{
        struct message was = s->now;

        s->now = (struct message){ .s = s->done.s };
        s->done = was;
        *ret = was.s;
        *ret_len = was.len;
        return was.lines > 0;
}

bool error_split_line(struct error_split *s, const char *line, size_t len, const char **ret, size_t *ret_len)
{
        struct line l = line_make(line, len);
        bool ended;

        if (split_is_blank(&l))
                return message_end(s, ret, ret_len);
        if (split_goes_on(&s->now, &l)) {
                append(&s->now, &l);
                return false;
        }
        ended = message_end(s, ret, ret_len);
        append(&s->now, &l);
        return ended;
}

bool error_split_end(struct error_split *s, const char **ret, size_t *ret_len)
{
        return message_end(s, ret, ret_len);
}
