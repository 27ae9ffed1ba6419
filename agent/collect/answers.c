/* answers -- see answers.h. */
#include <stdio.h>
#include "answers.h"
#include "limits.h"

struct answer answer_of(const struct net_response *r)
{
        struct answer x = { .state = r->state, .status = r->status };

        if (x.state == ANSWER_OK && x.status != 200)
                x.state = ANSWER_STATUS;
        return x;
}

struct answer answer_garbage(int status, const char *detail)
{
        return (struct answer){ .state = ANSWER_GARBAGE, .status = status, .detail = detail };
}

char *url_join(const char *base, const char *path)
{
        size_t n = strlen(base);
        char *url;

        while (n && base[n - 1] == '/')
                n--;
        if (asprintf(&url, "%.*s%s", (int)n, base, path) < 0)
                return NULL;
        return url;
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

bool key_id_valid(const char *s)
{
        size_t n = strlen(s);

        return n >= 16 && n <= 128 && text_is(s, n, "_");
}
