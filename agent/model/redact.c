/*
 * redact -- what may be kept of a value that decides about credentials. Built
 * up from what is known to be harmless; what is not understood becomes "***".
 */
#include "model_internal.h"

#define VALUE_MAX_BYTES 1024           /* longer than any name, path or ARN of AWS */
#define SCHEME_MAX 16
#define HOST_MAX 253                   /* RFC 1035 */
#define PORT_MAX 5

#define BLANKS " \t\r\n\v\f"
#define DIGITS "0123456789"
#define UPPER  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define LOWER  "abcdefghijklmnopqrstuvwxyz"
#define SCHEME_CHARS UPPER LOWER DIGITS "+.-"
#define HOST_CHARS   UPPER LOWER DIGITS "._-"
#define IPV6_CHARS   "abcdefABCDEF" DIGITS ":.%"
#define KEYID_CHARS  UPPER DIGITS

typedef void redactor(struct text *t, const struct raw_value *v);

/* How many bytes from the start are of the given ones. */
static size_t redact_span(const char *s, size_t len, const char *of)
{
        size_t n = 0;

        while (n < len && s[n] && strchr(of, s[n]))
                n++;
        return n;
}

static bool redact_starts(const char *s, size_t len, const char *with)
{
        return len >= strlen(with) && memcmp(s, with, strlen(with)) == 0;
}

static void redact_plain(struct text *t, const struct raw_value *v)
{
        text_escape_cut(t, v->s, v->len, v->max);
}

static void redact_secret(struct text *t, const struct raw_value *v)
{
        (void)v;
        text_add(t, MODEL_REDACTED);
}

/* Read again from JSON, it is as it was. */
static void redact_token(struct text *t, const struct raw_value *v)
{
        bool lines = memchr(v->s, '\n', v->len) || memchr(v->s, '\r', v->len);

        lines = lines || (v->len == strlen(MODEL_REDACTED_LINES) && memcmp(v->s, MODEL_REDACTED_LINES, v->len) == 0);
        text_add(t, lines ? MODEL_REDACTED_LINES : MODEL_REDACTED);
}

bool access_key_id_valid(const char *s, size_t len)
{
        return len >= 16 && len <= 128 && redact_span(s, len, KEYID_CHARS) == len;
}

static void redact_keyid(struct text *t, const struct raw_value *v)
{
        if (access_key_id_valid(v->s, v->len))
                text_addn(t, v->s, v->len);
        else
                text_add(t, MODEL_REDACTED);
}

/* The id behind is a bearer token for the agent's endpoint; which endpoint it names is not. */
static void redact_path(struct text *t, const struct raw_value *v)
{
        static const char *const known[] = { "/v2/credentials/", "/v1/credentials?id=", "/", "" };
        size_t k = 0;

        while (!redact_starts(v->s, v->len, known[k]))
                k++;
        text_add(t, known[k]);
        if (v->len > strlen(known[k]))
                text_add(t, MODEL_REDACTED);
}

/* "host", "host:port" or "[v6]:port", and nothing else. */
static bool host_is_plain(const char *s, size_t len)
{
        size_t n = 0;

        if (len > 0 && s[0] == '[') {
                n = 1 + redact_span(s + 1, len - 1, IPV6_CHARS);
                if (n < 3 || n == len || s[n] != ']')
                        return false;
                n++;
        } else {
                n = redact_span(s, len, HOST_CHARS);
        }
        if (n == 0 || n > HOST_MAX)
                return false;
        if (n < len && s[n] == ':') {
                n++;
                return len - n <= PORT_MAX && redact_span(s + n, len - n, DIGITS) == len - n;
        }
        return n == len;
}

/* A value that was reduced before stays as it was. */
static bool has_scheme(const struct raw_value *v)
{
        return memmem(v->s, v->len, "://", 3) || (v->len == strlen(MODEL_REDACTED) && memcmp(v->s, MODEL_REDACTED, v->len) == 0);
}

static void redact_url(struct text *t, const struct raw_value *v)
{
        const char *s = v->s;
        size_t len = v->len, scheme = redact_span(s, len, SCHEME_CHARS), host, end, at;

        if (!has_scheme(v)) {
                text_add(t, MODEL_REDACTED_NO_SCHEME);
                return;
        }
        host = scheme + 3;
        if (scheme == 0 || scheme > SCHEME_MAX || !redact_starts(s + scheme, len - scheme, "://")) {
                text_add(t, MODEL_REDACTED);
                return;
        }
        for (end = host; end < len && !strchr("/?#", s[end]); end++)
                ;
        for (at = end; at > host && s[at - 1] != '@'; at--)
                ;
        /* A password with an unescaped slash would pass for a host and a path. */
        if (!host_is_plain(s + at, end - at) || memchr(s + end, '@', len - end)) {
                text_add(t, MODEL_REDACTED);
                return;
        }
        text_addn(t, s, host);
        if (at > host)
                text_add(t, MODEL_REDACTED "@");
        text_addn(t, s + at, end - at);
        if (len - end == 1 && s[end] == '/')
                text_add(t, "/");
        else if (len > end)
                text_add(t, "/" MODEL_REDACTED);
}

static redactor redact_jvm;
static redactor *const redactors[] = {
        [ENV_PLAIN] = redact_plain, [ENV_SECRET] = redact_secret, [ENV_TOKEN] = redact_token, [ENV_PATH] = redact_path,
        [ENV_URL] = redact_url,     [ENV_JVM] = redact_jvm,       [ENV_KEYID] = redact_keyid,
};

static void redact_into(struct text *t, enum env_class class, const struct raw_value *v)
{
        assert((size_t)class < ARRAY_SIZE(redactors));
        if (v->len == 0)
                text_add(t, "");
        else if (redact_span(v->s, v->len, BLANKS) == v->len)
                text_add(t, " ");
        else
                redactors[class](t, v);
}

/* One option as the JVM sees it, quoted again where what is kept of it has to be. */
static void jvm_option(struct text *t, const struct raw_value *v)
{
        const char *s = v->s;
        size_t len = v->len;
        CLEANUP(text_done) struct text redacted = { 0 };
        const char *equals = memchr(s, '=', len);
        size_t name = equals ? (size_t)(equals - s) : len;
        const char *quote, *value;
        int p;

        if (!redact_starts(s, len, "-D"))
                return;
        p = sysprop_find(s + 2, name - 2);
        if (p < 0)
                return;
        text_add(&redacted, equals ? "=" : "");
        if (equals)
                redact_into(&redacted, sysprop_class((enum sysprop)p), &(struct raw_value){ equals + 1, len - name - 1, v->max });
        if (redacted.failed) {
                t->failed = true;
                return;
        }
        /* With both quotes inside it could not be read back as it was. */
        value = strchr(redacted.s, '"') && strchr(redacted.s, '\'') ? "=" MODEL_REDACTED : redacted.s;
        quote = strchr(value, '"') ? "'" : strpbrk(value, " '") ? "\"" : "";
        text_add(t, t->len ? " " : "");
        text_add(t, quote);
        text_addn(t, s, name);
        text_add(t, value);
        text_add(t, quote);
}

/*
 * Options are split as the JVM splits these variables: at blanks, outside of
 * ' and " (HotSpot, Arguments::parse_options_buffer).
 */
static void redact_jvm(struct text *t, const struct raw_value *v)
{
        const char *s = v->s;
        size_t len = v->len;
        CLEANUP(freep) char *option = malloc(len + 1);
        char quote = '\0';
        size_t n = 0;

        if (!option) {
                t->failed = true;
                return;
        }
        text_add(t, "");
        for (size_t i = 0; i <= len; i++) {
                if (i == len || (!quote && redact_span(s + i, 1, BLANKS) == 1)) {
                        jvm_option(t, &(struct raw_value){ option, n, v->max });
                        n = 0;
                } else if (quote ? s[i] == quote : s[i] == '"' || s[i] == '\'') {
                        quote = quote ? '\0' : s[i];
                } else {
                        option[n++] = s[i];
                }
        }
        explicit_bzero(option, len + 1);
}

const char *redact_value(struct arena *a, enum env_class class, const struct raw_value *v)
{
        CLEANUP(text_done) struct text t = { 0 };

        redact_into(&t, class, v);
        return t.failed ? NULL : arena_dupn(a, t.s, t.len);
}

const char *env_redact(struct arena *a, enum env_class class, const char *value, size_t len)
{
        return redact_value(a, class, &(struct raw_value){ value, len, VALUE_MAX_BYTES });
}
