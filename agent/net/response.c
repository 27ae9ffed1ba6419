/* What an HTTP answer is for the facts, and its end. No network: targets of fuzzing that fake it have this part. */
#include <stdio.h>
#include "rolewatch/net.h"

void net_response_done(struct net_response *r)
{
        erase_free(r->body);
        free(r->date);
        *r = (struct net_response){ 0 };
}

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
