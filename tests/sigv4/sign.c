/* Signs each request of standard input, one JSON object a line; prints the value of Authorization. */
#include <stdio.h>
#include "../../agent/net/sigv4.h"

static const char *str(const cJSON *o, const char *key)
{
        const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, key);

        return cJSON_IsString(v) ? v->valuestring : NULL;
}

static int answer(const cJSON *o)
{
        CLEANUP(freep) char *value = NULL;
        struct sigv4_header headers[SIGV4_HEADERS_MAX];
        struct aws_keys keys = { str(o, "key"), str(o, "secret"), str(o, "token") };
        struct sigv4_request rq = { .method = str(o, "method"), .host = str(o, "host"), .path = str(o, "path"),
                                    .query = str(o, "query"), .headers = headers, .body = str(o, "body"),
                                    .len = strlen(str(o, "body")), .region = str(o, "region"),
                                    .service = str(o, "service") };
        char date[SIGV4_DATE_SIZE];
        const cJSON *h;
        int r;

        cJSON_ArrayForEach(h, cJSON_GetObjectItemCaseSensitive(o, "headers"))
                headers[rq.n_headers++] = (struct sigv4_header){ h->string, h->valuestring };
        if (json_get_i64(o, "time", &rq.time_s) < 0)
                return -EINVAL;
        r = sigv4_sign(&keys, &rq, date, &value);
        if (r == 0)
                printf("%s\n", value);
        return r;
}

int main(void)
{
        CLEANUP(freep) char *line = NULL;
        size_t size = 0;

        while (getline(&line, &size, stdin) > 0) {
                CLEANUP(json_freep) cJSON *o = cJSON_Parse(line);

                if (!o || answer(o) < 0)
                        return 1;
        }
        return 0;
}
