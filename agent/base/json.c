/* json -- cJSON behind a check of what it would swallow: depth, NULs, trailing text, numbers that no double holds. */
#include <math.h>
#include "rolewatch/base.h"

/* Integers beyond are not exact in the doubles that cJSON keeps. */
#define JSON_INT_MAX ((int64_t)1 << 53)

/* The text behind a string that begins at the quote p; NULL: no end, or a NUL in it. */
static const char *string_skip(const char *p, const char *end)
{
        for (p++; p < end && *p != '"'; p++) {
                if (*p != '\\')
                        continue;
                /* cJSON would end the string at an escaped NUL and hide the rest of it. */
                if (end - p >= 6 && memcmp(p, "\\u0000", 6) == 0)
                        return NULL;
                p++;
        }
        return p < end ? p + 1 : NULL;
}

static bool json_is_tame(const char *buf, size_t len)
{
        const char *p = buf, *end = buf + len;
        int depth = 0;

        if (memchr(buf, '\0', len))
                return false;
        while (p && p < end) {
                if (*p == '"') {
                        p = string_skip(p, end);
                        continue;
                }
                if ((*p == '{' || *p == '[') && ++depth > JSON_MAX_DEPTH)
                        return false;
                if (*p == '}' || *p == ']')
                        depth--;
                p++;
        }
        return p != NULL;
}

/* cJSON says the same of bad text and of no memory: this tells them apart. */
static _Thread_local bool no_memory;

static void *json_alloc(size_t n)
{
        void *p = malloc(n);

        no_memory = no_memory || !p;
        return p;
}

static __attribute__((constructor)) void json_hooks(void)
{
        cJSON_InitHooks(&(cJSON_Hooks){ json_alloc, erase_free });
}

/* cJSON reads 1e999 as infinity, and writes that as null. */
static bool all_finite(const cJSON *j)
{
        for (; j; j = j->next)
                if ((cJSON_IsNumber(j) && !isfinite(j->valuedouble)) || !all_finite(j->child))
                        return false;
        return true;
}

int json_parse(const char *buf, size_t len, cJSON **ret)
{
        CLEANUP(json_freep) cJSON *j = NULL;
        const char *end = NULL;

        if (!buf || len == 0 || !json_is_tame(buf, len))
                return -EBADMSG;
        no_memory = false;
        j = cJSON_ParseWithLengthOpts(buf, len, &end, false);
        if (!j || !end)
                return no_memory ? -ENOMEM : -EBADMSG;
        for (; end < buf + len; end++)
                if (!strchr(" \t\r\n", *end))
                        return -EBADMSG;
        if (!all_finite(j))
                return -EBADMSG;
        *ret = TAKE(j);
        return 0;
}

char *json_line(const cJSON *j)
{
        CLEANUP(freep) char *text = cJSON_PrintUnformatted(j);
        CLEANUP(text_done) struct text t = { 0 };
        size_t len = text ? strlen(text) : 0, n;
        uint32_t point;

        for (size_t at = 0; at < len; at += n) {
                n = utf8_decode((const unsigned char *)text + at, len - at, &point);
                if (n == 1 && point < 0x7f) {
                        text_addn(&t, text + at, 1);
                        continue;
                }
                if (!n)
                        point = 0xfffd; /* the replacement character */
                n = n ? n : 1;
                if (point > 0xffff)
                        text_addf(&t, "\\u%04x\\u%04x", 0xd800 + ((point - 0x10000) >> 10), 0xdc00 + ((point - 0x10000) & 0x3ff));
                else
                        text_addf(&t, "\\u%04x", point);
        }
        return text && !t.failed ? TAKE(t.s) : NULL;
}

static const cJSON *json_find(const cJSON *o, const char *key)
{
        const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, key);

        return v && !cJSON_IsNull(v) ? v : NULL;
}

int json_get_str(const cJSON *o, const char *key, size_t max, const char **ret)
{
        const cJSON *v = json_find(o, key);

        if (!v)
                return -ENOENT;
        if (!cJSON_IsString(v) || !v->valuestring || strlen(v->valuestring) > max)
                return -EBADMSG;
        *ret = v->valuestring;
        return 0;
}

int json_get_i64(const cJSON *o, const char *key, int64_t *ret)
{
        const cJSON *v = json_find(o, key);
        double d;

        if (!v)
                return -ENOENT;
        if (!cJSON_IsNumber(v))
                return -EBADMSG;
        d = v->valuedouble;
        if (!(d >= -(double)JSON_INT_MAX && d <= (double)JSON_INT_MAX) || d != (double)(int64_t)d)
                return -EBADMSG;
        *ret = (int64_t)d;
        return 0;
}

bool json_get_bool(const cJSON *o, const char *key, bool fallback)
{
        const cJSON *v = json_find(o, key);

        return cJSON_IsBool(v) ? cJSON_IsTrue(v) : fallback;
}

int json_take_str(struct arena *a, const cJSON *o, const char *key, size_t max, const char **ret)
{
        const char *s, *taken;
        int r = json_get_str(o, key, max, &s);

        if (r < 0)
                return r;
        if (!*s)
                return -ENOENT;
        taken = arena_escape(a, s, strlen(s), max);
        if (!taken)
                return -ENOMEM;
        *ret = taken;
        return 0;
}
