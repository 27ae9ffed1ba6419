#include <ctype.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <strings.h>
#include <time.h>
#include "sigv4.h"

#define ALGORITHM "AWS4-HMAC-SHA256"
#define HEX_SIZE (2 * SHA256_DIGEST_LENGTH + 1)
#define QUERY_PARTS_MAX 1024

/* ---- the canonical request ---- */

static bool unreserved(unsigned char c)
{
        return isalnum(c) || (c && strchr("-._~", c));
}

/* Segments "." and ".." and doubled slashes are resolved, and what was encoded is encoded again. */
static void add_path(struct text *t, const char *path)
{
        size_t start = t->len;
        bool slash = *path && path[strlen(path) - 1] == '/';

        while (*path) {
                size_t n = strcspn(path, "/");

                if (n == 2 && memcmp(path, "..", 2) == 0) {
                        while (t->len > start && t->s[t->len - 1] != '/')
                                t->len--;
                        t->len -= t->len > start;
                } else if (n > 0 && !(n == 1 && *path == '.')) {
                        text_add(t, "/");
                        for (size_t i = 0; i < n; i++)
                                if (unreserved((unsigned char)path[i]))
                                        text_addn(t, path + i, 1);
                                else
                                        text_addf(t, "%%%02X", (unsigned char)path[i]);
                }
                path += n + (path[n] == '/');
        }
        if (t->len == start || (slash && t->s[t->len - 1] != '/'))
                text_add(t, "/");
}

struct part { const char *s; size_t key, len; };

static int bytes_compare(const char *a, size_t n, const char *b, size_t m)
{
        int r = memcmp(a, b, n < m ? n : m);

        return r ? r : (n > m) - (n < m);
}

/* By name, then by value: a '=' between them has no place in the order. */
static int part_compare(const void *a, const void *b)
{
        const struct part *x = a, *y = b;
        int r = bytes_compare(x->s, x->key, y->s, y->key);

        return r ? r
                 : bytes_compare(x->s + x->key, x->len - x->key, y->s + y->key, y->len - y->key);
}

static int add_query(struct text *t, const char *query)
{
        CLEANUP(freep) struct part *parts = calloc(QUERY_PARTS_MAX, sizeof *parts);
        size_t n = 0;

        if (!parts)
                return -ENOMEM;
        for (const char *s = query; *s; s += parts[n - 1].len + (s[parts[n - 1].len] == '&')) {
                size_t len = strcspn(s, "&");
                const char *eq = memchr(s, '=', len);

                if (n == QUERY_PARTS_MAX)
                        return -EINVAL;
                parts[n++] = (struct part){ s, eq ? (size_t)(eq - s) : len, len };
        }
        qsort(parts, n, sizeof *parts, part_compare);
        for (size_t i = 0; i < n; i++) {
                text_add(t, i ? "&" : "");
                text_addn(t, parts[i].s, parts[i].len);
                if (parts[i].key == parts[i].len)
                        text_add(t, "=");
        }
        return 0;
}

static int header_compare(const void *a, const void *b)
{
        const struct sigv4_header *x = a, *y = b;

        return strcasecmp(x->name, y->name);
}

static void add_lower(struct text *t, const char *s)
{
        for (; *s; s++)
                text_addf(t, "%c", tolower((unsigned char)*s));
}

/* Trimmed, and runs of blanks are one. */
static void add_value(struct text *t, const char *s)
{
        bool first = true;

        for (s += strspn(s, " \t\r\n"); *s; s += strspn(s, " \t\r\n")) {
                size_t n = strcspn(s, " \t\r\n");

                text_add(t, first ? "" : " ");
                text_addn(t, s, n);
                first = false;
                s += n;
        }
}

static void add_hash(struct text *t, const void *bytes, size_t len)
{
        unsigned char hash[SHA256_DIGEST_LENGTH];

        SHA256(bytes, len, hash);
        for (size_t i = 0; i < sizeof hash; i++)
                text_addf(t, "%02x", hash[i]);
}

static void add_names(struct text *t, const struct sigv4_header *headers, size_t n)
{
        for (size_t i = 0; i < n; i++) {
                text_add(t, i ? ";" : "");
                add_lower(t, headers[i].name);
        }
}

static int add_canonical(struct text *t, const struct sigv4_request *rq,
                         const struct sigv4_header *headers, size_t n)
{
        int r;

        text_addf(t, "%s\n", rq->method);
        add_path(t, rq->path);
        text_add(t, "\n");
        r = add_query(t, rq->query);
        text_add(t, "\n");
        for (size_t i = 0; i < n; i++) {
                add_lower(t, headers[i].name);
                text_add(t, ":");
                add_value(t, headers[i].value);
                text_add(t, "\n");
        }
        text_add(t, "\n");
        add_names(t, headers, n);
        text_add(t, "\n");
        add_hash(t, rq->body, rq->len);
        return r;
}

/* ---- the signature ---- */

static void chain(unsigned char key[SHA256_DIGEST_LENGTH], const char *word)
{
        unsigned char out[SHA256_DIGEST_LENGTH];

        HMAC(EVP_sha256(), key, SHA256_DIGEST_LENGTH, (const unsigned char *)word, strlen(word), out,
             NULL);
        memcpy(key, out, sizeof out);
        explicit_bzero(out, sizeof out);
}

static int signing_key(const char *secret, const char *day, const struct sigv4_request *rq,
                       unsigned char key[SHA256_DIGEST_LENGTH])
{
        CLEANUP(erase_freep) char *first = malloc(strlen(secret) + 5);

        if (!first)
                return -ENOMEM;
        memcpy(first, "AWS4", 4);
        strcpy(first + 4, secret);
        HMAC(EVP_sha256(), first, (int)strlen(first), (const unsigned char *)day, strlen(day), key,
             NULL);
        chain(key, rq->region);
        chain(key, rq->service);
        chain(key, "aws4_request");
        return 0;
}

/* What is signed: when, for what, and the canonical request. */
struct to_sign { const char *date, *scope; const struct text *canonical; };

static int add_signature(struct text *t, const char *secret, const struct sigv4_request *rq, const struct to_sign *what)
{
        CLEANUP(text_done) struct text to_sign = { 0 };
        unsigned char key[SHA256_DIGEST_LENGTH];
        char day[9];
        int r;

        snprintf(day, sizeof day, "%.8s", what->date);
        r = signing_key(secret, day, rq, key);
        if (r < 0)
                return r;
        text_addf(&to_sign, ALGORITHM "\n%s\n%s\n", what->date, what->scope);
        add_hash(&to_sign, what->canonical->s, what->canonical->len);
        if (to_sign.failed)
                return -ENOMEM;
        chain(key, to_sign.s);
        for (size_t i = 0; i < sizeof key; i++)
                text_addf(t, "%02x", key[i]);
        explicit_bzero(key, sizeof key);
        return 0;
}

static int date_format(int64_t time_s, char date[SIGV4_DATE_SIZE])
{
        time_t t = (time_t)time_s;
        struct tm tm;

        if (!gmtime_r(&t, &tm) || strftime(date, SIGV4_DATE_SIZE, "%Y%m%dT%H%M%SZ", &tm) != 16)
                return -EINVAL;
        return 0;
}

static size_t headers_of(const struct aws_keys *keys, const struct sigv4_request *rq,
                         const char *date, struct sigv4_header ret[SIGV4_HEADERS_MAX])
{
        size_t n = 0;

        ret[n++] = (struct sigv4_header){ "host", rq->host };
        ret[n++] = (struct sigv4_header){ "x-amz-date", date };
        if (keys->token)
                ret[n++] = (struct sigv4_header){ "x-amz-security-token", keys->token };
        for (size_t i = 0; i < rq->n_headers; i++)
                ret[n++] = rq->headers[i];
        qsort(ret, n, sizeof *ret, header_compare);
        return n;
}

int sigv4_sign(const struct aws_keys *keys, const struct sigv4_request *rq, char date[SIGV4_DATE_SIZE],
               char **ret_authorization)
{
        CLEANUP(text_done) struct text canonical = { 0 }, t = { 0 };
        struct sigv4_header headers[SIGV4_HEADERS_MAX];
        char scope[256];
        size_t n;
        int r;

        if (rq->n_headers > SIGV4_HEADERS_MAX - 3)
                return -EINVAL;
        r = date_format(rq->time_s, date);
        if (r < 0)
                return r;
        n = headers_of(keys, rq, date, headers);
        r = add_canonical(&canonical, rq, headers, n);
        if (r < 0 || canonical.failed)
                return r < 0 ? r : -ENOMEM;
        if ((size_t)snprintf(scope, sizeof scope, "%.8s/%s/%s/aws4_request", date, rq->region,
                             rq->service) >= sizeof scope)
                return -EINVAL;
        text_addf(&t, ALGORITHM " Credential=%s/%s, SignedHeaders=", keys->key_id, scope);
        add_names(&t, headers, n);
        text_add(&t, ", Signature=");
        r = add_signature(&t, keys->secret, rq, &(struct to_sign){ date, scope, &canonical });
        if (r < 0 || t.failed)
                return r < 0 ? r : -ENOMEM;
        *ret_authorization = TAKE(t.s);
        return 0;
}
