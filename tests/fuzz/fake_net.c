/* See fuzz.h: the calls of net.h without a network, and without waiting. */
#include <stdlib.h>
#include "../../agent/net/pause.h"
#include "fuzz.h"
#include "rolewatch/net.h"

struct net { char unused; };
static const uint8_t *answers;
static size_t answers_len;

void fake_net_answers(const uint8_t *data, size_t size)
{
        answers = data;
        answers_len = size;
}

int net_new(struct net **ret)
{
        *ret = calloc(1, sizeof **ret);
        return *ret ? 0 : -ENOMEM;
}

void net_free(struct net *n) { free(n); }

static char *copy(const uint8_t *s, size_t len)
{
        CALM;
        return fuzz_text(s, len);
}

/* "Date: ..." of the head; the caller frees. */
static char *header(const uint8_t *head, size_t len, const char *name)
{
        CLEANUP(freep) char *text = copy(head, len);
        const char *at = strcasestr(text, name);

        if (!at)
                return NULL;
        at += strlen(name);
        at += strspn(at, " ");
        return copy((const uint8_t *)at, strcspn(at, "\r\n"));
}

static void answer(const struct net_request *rq, struct net_response *ret)
{
        static const enum answer_state states[] = { ANSWER_GARBAGE, ANSWER_TIMEOUT, ANSWER_RESET, ANSWER_UNREACHABLE };
        const uint8_t *part, *body;
        size_t len, max = rq->max_bytes ? rq->max_bytes : 64 << 10;
        CLEANUP(freep) char *limit = NULL;

        *ret = (struct net_response){ .state = ANSWER_REFUSED };
        if (!fuzz_part(&answers, &answers_len, &part, &len)) {
                ret->body = copy((const uint8_t *)"", 0);
                return;
        }
        body = memmem(part, len, "\r\n\r\n", 4);
        if (len < 13 || memcmp(part, "HTTP/1.", 7) != 0 || !body) {
                ret->state = states[len % ARRAY_SIZE(states)];
                ret->body = copy((const uint8_t *)"", 0);
                return;
        }
        ret->state = ANSWER_OK;
        for (const uint8_t *p = part + 9; p < part + 12 && *p >= '0' && *p <= '9'; p++)
                ret->status = ret->status * 10 + (*p - '0');
        ret->date = header(part, (size_t)(body - part), "\r\nDate:");
        limit = header(part, (size_t)(body - part), "\r\nX-Rate-Limit-Limit:");
        ret->agent_fingerprint = limit != NULL;
        body += 4;
        ret->len = len - (size_t)(body - part);
        ret->len = ret->len < max ? ret->len : max;
        ret->body = copy(body, ret->len);
}

int net_fetch(struct net *n, const struct net_request *rq, struct net_response *ret)
{
        (void)n;
        answer(rq, ret);
        return 0;
}

int net_fetch_all(struct net *n, const struct net_request *rqs, struct net_response *rs, size_t count)
{
        for (size_t i = 0; i < count; i++)
                net_fetch(n, &rqs[i], &rs[i]);
        return 0;
}

/* Nothing is waited for. */
void net_pause(unsigned ms) { (void)ms; }
