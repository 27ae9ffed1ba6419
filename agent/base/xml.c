/* The little XML that AWS's query services answer with. */
#include <ctype.h>
#include "rolewatch/base.h"

struct scan {
        const char *at, *end;
        unsigned depth;
};

static const struct { const char *name; char c; } entities[] = {
        { "lt;", '<' }, { "gt;", '>' }, { "amp;", '&' }, { "quot;", '"' }, { "apos;", '\'' },
};

/* A character below 0x80 by its number: all that AWS writes so. */
static bool by_number(const char *s, const char *end, char *ret, size_t *ret_len)
{
        char *stop;
        long n = s[1] == 'x' ? strtol(s + 2, &stop, 16) : strtol(s + 1, &stop, 10);

        if (stop >= end || *stop != ';' || n < 1 || n > 0x7f)
                return false;
        *ret = (char)n;
        *ret_len = (size_t)(stop - s) + 1;
        return true;
}

static void xml_add_text(struct text *t, const char *s, const char *end)
{
        while (s < end) {
                const char *amp = memchr(s, '&', (size_t)(end - s));
                size_t n = 0;
                char c = '&';

                text_addn(t, s, (size_t)((amp ? amp : end) - s));
                if (!amp)
                        return;
                s = amp + 1;
                for (size_t i = 0; i < ARRAY_SIZE(entities) && !n; i++) {
                        size_t len = strlen(entities[i].name);

                        if ((size_t)(end - s) >= len && memcmp(s, entities[i].name, len) == 0) {
                                c = entities[i].c;
                                n = len;
                        }
                }
                if (!n && s < end && *s == '#')
                        (void)by_number(s, end, &c, &n);
                text_addn(t, &c, 1);
                s += n;
        }
}

/* Behind "<?...>", "<!...>" and blanks. */
static void skip_prolog(struct scan *x)
{
        for (;;) {
                while (x->at < x->end && isspace((unsigned char)*x->at))
                        x->at++;
                if (x->end - x->at < 2 || *x->at != '<' || (x->at[1] != '?' && x->at[1] != '!'))
                        return;
                x->at = memchr(x->at, '>', (size_t)(x->end - x->at));
                x->at = x->at ? x->at + 1 : x->end;
        }
}

/* "<name attribute="...">" or "<name/>": the name, and behind it. */
static int open_tag(struct scan *x, char **ret_name, bool *ret_empty)
{
        const char *close = x->at < x->end ? memchr(x->at, '>', (size_t)(x->end - x->at)) : NULL;
        size_t n;

        if (!close || *x->at != '<')
                return -EBADMSG;
        n = strcspn(x->at + 1, " \t\r\n/>");
        if (n == 0 || x->at + 1 + n > close)
                return -EBADMSG;
        *ret_name = strndup(x->at + 1, n);
        *ret_empty = close[-1] == '/';
        x->at = close + 1;
        return *ret_name ? 0 : -ENOMEM;
}

static int close_tag(struct scan *x, const char *name)
{
        size_t n = strlen(name);

        if ((size_t)(x->end - x->at) < n + 3 || memcmp(x->at, "</", 2) != 0 ||
            memcmp(x->at + 2, name, n) != 0 || x->at[2 + n] != '>')
                return -EBADMSG;
        x->at += n + 3;
        return 0;
}

static int element(struct scan *x, char **ret_name, cJSON **ret);

static int add_child(cJSON **o, const char *name, cJSON *child)
{
        bool member = streq(name, "member"), added;

        if (!*o)
                *o = member ? cJSON_CreateArray() : cJSON_CreateObject();
        added = *o && (cJSON_IsArray(*o) ? cJSON_AddItemToArray(*o, child)
                                         : cJSON_AddItemToObject(*o, name, child));
        if (!added)
                cJSON_Delete(child);
        return added ? 0 : -ENOMEM;
}

/* What stands between two tags: elements, or text. */
static int content(struct scan *x, const char *name, cJSON **ret)
{
        CLEANUP(json_freep) cJSON *o = NULL;
        CLEANUP(text_done) struct text t = { 0 };
        int r = 0;

        while (r == 0) {
                const char *tag = memchr(x->at, '<', (size_t)(x->end - x->at));
                CLEANUP(freep) char *inner = NULL;
                cJSON *child;

                if (!tag || tag + 1 >= x->end)
                        return -EBADMSG;
                xml_add_text(&t, x->at, tag);
                x->at = tag;
                if (tag[1] == '/')
                        break;
                r = element(x, &inner, &child);
                if (r == 0)
                        r = add_child(&o, inner, child);
        }
        if (r == 0)
                r = close_tag(x, name);
        if (r < 0 || t.failed)
                return r < 0 ? r : -ENOMEM;
        *ret = o ? TAKE(o) : cJSON_CreateString(t.s ? t.s : "");
        return *ret ? 0 : -ENOMEM;
}

static int element(struct scan *x, char **ret_name, cJSON **ret)
{
        CLEANUP(freep) char *name = NULL;
        bool empty;
        int r;

        skip_prolog(x);
        if (++x->depth > JSON_MAX_DEPTH)
                return -EBADMSG;
        r = open_tag(x, &name, &empty);
        if (r < 0)
                return r;
        if (empty) {
                *ret = cJSON_CreateString("");
                r = *ret ? 0 : -ENOMEM;
        } else {
                r = content(x, name, ret);
        }
        x->depth--;
        if (r == 0)
                *ret_name = TAKE(name);
        return r;
}

int xml_parse(const char *buf, size_t len, cJSON **ret)
{
        CLEANUP(freep) char *copy = strndup(buf, len), *name = NULL;
        struct scan x = { copy, copy ? copy + strlen(copy) : NULL, 0 };

        if (!copy)
                return -ENOMEM;
        if (strlen(copy) != len)
                return -EBADMSG;
        return element(&x, &name, ret);
}
