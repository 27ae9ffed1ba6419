/* See fuzz.h. */
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include "fuzz.h"

unsigned fuzz_calm;

/* libFuzzer's main asks neither; replay.c does. */
__attribute__((weak)) void fuzz_result(int r, const char *output)
{
        (void)r;
        (void)output;
}

__attribute__((weak)) bool fuzz_tortured(void) { return false; }

char *fuzz_text(const uint8_t *data, size_t size)
{
        CALM;
        char *s = malloc(size + 1);

        CLAIM(s);
        if (size)
                memcpy(s, data, size);
        s[size] = '\0';
        return s;
}

int fuzz_file(const void *data, size_t size)
{
        int fd = memfd_create("fuzz", MFD_CLOEXEC);

        CLAIM(fd >= 0);
        CLAIM(pwrite(fd, data, size, 0) == (ssize_t)size);
        return fd;
}

bool fuzz_part(const uint8_t **data, size_t *size, const uint8_t **ret, size_t *ret_len)
{
        const uint8_t *end = *size ? memchr(*data, 0x1e, *size) : NULL;

        if (!*size)
                return false;
        *ret = *data;
        *ret_len = end ? (size_t)(end - *data) : *size;
        *data += *ret_len + (end != NULL);
        *size -= *ret_len + (end != NULL);
        return true;
}

/* The audit log is waited for. */
int nanosleep(const struct timespec *t, struct timespec *left)
{
        (void)t;
        (void)left;
        return 0;
}

/* Written apart from base/text.c: a decoder that takes only well-formed UTF-8, by the bits. */
static size_t decode(const unsigned char *p, uint32_t *ret)
{
        size_t n = *p < 0x80 ? 1 : *p >> 5 == 6 ? 2 : *p >> 4 == 14 ? 3 : *p >> 3 == 30 ? 4 : 0;
        static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
        uint32_t c;

        CLAIM(n > 0);
        c = n == 1 ? *p : *p & (0x7fu >> n);
        for (size_t i = 1; i < n; i++) {
                CLAIM((p[i] & 0xc0) == 0x80);
                c = c << 6 | (p[i] & 0x3f);
        }
        CLAIM(c >= least[n] && c <= 0x10ffff && (c < 0xd800 || c > 0xdfff));
        *ret = c;
        return n;
}

void claim_shown(const char *s, const char *but)
{
        const unsigned char *p = (const unsigned char *)s;
        uint32_t c;

        while (p && *p) {
                size_t n = decode(p, &c);

                if (n > 1 || !strchr(but, (int)c)) {
                        CLAIM(c >= 0x20 && (c < 0x7f || c > 0x9f));
                        CLAIM(c != 0x061c && c != 0x200e && c != 0x200f && c != 0xfeff);
                        CLAIM((c < 0x2028 || c > 0x202e) && (c < 0x2066 || c > 0x2069));
                }
                p += n;
        }
}

void claim_reduced(enum env_class class, const char *value)
{
        const char *s;

        if (!value || !*value || streq(value, " "))
                return;
        claim_shown(value, "");
        CLAIM(strlen(value) <= 64 << 10);
        switch (class) {
        case ENV_SECRET:
                CLAIM(streq(value, MODEL_REDACTED));
                return;
        case ENV_TOKEN:
                CLAIM(streq(value, MODEL_REDACTED) || streq(value, MODEL_REDACTED_LINES));
                return;
        case ENV_PATH:
                s = strrchr(value, value[strcspn(value, "=")] ? '=' : '/');
                s = s ? s + 1 : value;
                CLAIM(!*s || streq(s, MODEL_REDACTED));
                return;
        case ENV_KEYID:
                CLAIM(streq(value, MODEL_REDACTED) || text_is(value, strlen(value), "_"));
                return;
        case ENV_URL:
                s = strstr(value, "://");
                s = s ? strchr(s + 3, '/') : NULL;
                CLAIM(!s || streq(s, "/") || streq(s, "/" MODEL_REDACTED));
                return;
        case ENV_PLAIN:
        case ENV_JVM:
                return;
        }
}

static char *json_of(const struct snapshot *s)
{
        CLEANUP(json_freep) cJSON *j = NULL;
        char *text;

        CLAIM(model_to_json(s, &j) == 0);
        text = cJSON_PrintUnformatted(j);
        CLAIM(text);
        return text;
}

/* Documents are JSON texts as they came; whoever shows them escapes them. */
static bool is_document(const char *key)
{
        static const char *const keys[] = { "document", "trust", "boundary", "policy" };

        for (size_t i = 0; key && i < ARRAY_SIZE(keys); i++)
                if (streq(key, keys[i]))
                        return true;
        return false;
}

static void claim_strings(const cJSON *j)
{
        for (; j; j = j->next) {
                if (j->valuestring && !is_document(j->string))
                        claim_shown(j->valuestring, "");
                claim_strings(j->child);
        }
}

void claim_snapshot(const struct snapshot *s)
{
        CALM;
        CLEANUP(freep) char *first = json_of(s), *second = NULL;
        CLEANUP(snapshot_freep) struct snapshot *again = NULL;
        CLEANUP(json_freep) cJSON *j = NULL;
        int r;

        CLAIM(json_parse(first, strlen(first), &j) == 0);
        claim_strings(j);
        r = model_from_json(j, &again);
        CLAIM(r == 0);
        second = json_of(again);
        if (!streq(first, second)) {
                fprintf(stderr, "first:  %s\nsecond: %s\n", first, second);
                abort();
        }
        fuzz_result(0, first);
}

void claim_secret(const uint8_t *data, size_t size, const char *value, const char *output)
{
        size_t n = value ? strlen(value) : 0;
        const uint8_t *at;

        /* With escapes around, the same text could stand in the input in another spelling, too. */
        if (n < 12 || !text_is(value, n, "/+=") || memchr(data, '\\', size) || memchr(data, '%', size))
                return;
        at = memmem(data, size, value, n);
        if (!at || memmem(at + 1, size - (size_t)(at + 1 - data), value, n))
                return;
        CLAIM(!strstr(output, value));
}
