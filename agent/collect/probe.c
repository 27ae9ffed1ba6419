/*
 * Both endpoints from inside each network namespace, by sockets made there:
 * hop limit, blackhole routes, iptables and flushed rules show as the process
 * would meet them. Nothing is asked that would give credentials away.
 */
#include <stdio.h>
#include "collect_internal.h"
#include "rolewatch/limits.h"

#define TRIES 3 /* processes of a namespace that may have ended meanwhile */

enum probe { PROBE_CONTAINER, PROBE_TOKEN, PROBE_V1, PROBES };
static const struct {
        const char *method, *path;
        const char *const *headers;
} probes[] = {
        [PROBE_CONTAINER] = { NULL, "/v2/credentials/",
                              NULL }, /* 400 NoIdInRequest, with the agent's mark */
        [PROBE_TOKEN] = { "PUT", "/latest/api/token",
                          (const char *const[]){ "X-aws-ec2-metadata-token-ttl-seconds: 60",
                                                 NULL } },
        [PROBE_V1] = { NULL, "/latest/meta-data/iam/security-credentials/", NULL },
};

struct probe_site {
        struct broker *b;
        struct broker_target targets[TRIES];
        size_t n;
};

static int socket_there(void *userdata, int family)
{
        struct probe_site *p = userdata;
        int r = -ESRCH;

        for (size_t i = 0; i < p->n && r == -ESRCH; i++)
                r = broker_socket(p->b, p->targets[i], family);
        return r;
}

static void probe_site_of(const struct snapshot *s, size_t netns, struct broker *b, struct probe_site *ret)
{
        *ret = (struct probe_site){ .b = b };
        for (size_t i = 0; i < s->n_processes && ret->n < TRIES; i++)
                if (s->processes[i].netns == (int)netns)
                        ret->targets[ret->n++] =
                                (struct broker_target){ s->processes[i].pid,
                                                        s->processes[i].start_ticks };
}

/* An agent answers a request without an id with 400; anything else at that address is no agent. */
static struct answer container_answer(const struct net_response *r)
{
        struct answer x = answer_of(r);

        if (r->state != ANSWER_OK)
                return x;
        if (r->agent_fingerprint || r->status == 400)
                return (struct answer){ ANSWER_OK, r->status, NULL };
        return answer_garbage(r->status, "the response is not from an ECS agent");
}

static bool is_silent(const struct answer *x) { return x->state == ANSWER_TIMEOUT || x->state == ANSWER_UNREACHABLE; }

void silence_forget(struct netns *ns)
{
        const struct answer unknown = { .state = ANSWER_UNKNOWN };

        if (is_silent(&ns->container))
                ns->container = unknown;
        if (is_silent(&ns->imds_token) && is_silent(&ns->imds_v1))
                ns->imds_token = ns->imds_v1 = unknown;
}

static int probe_batch(const struct scan *x, const size_t *batch, size_t count)
{
        const struct collect_settings *cs = x->at.cs;
        struct probe_site sites[PROBE_PARALLEL];
        struct net_request rq[PROBE_PARALLEL * PROBES] = { 0 };
        struct net_response rs[PROBE_PARALLEL * PROBES] = { 0 };
        char *urls[PROBES] = { 0 };
        int r = 0;

        for (size_t k = 0; k < PROBES; k++)
                urls[k] = url_join(k == PROBE_CONTAINER ? cs->container_endpoint : cs->imds,
                                   probes[k].path);
        for (size_t i = 0; i < count; i++) {
                probe_site_of(x->s, batch[i], x->at.broker, &sites[i]);
                for (size_t k = 0; k < PROBES; k++)
                        rq[i * PROBES + k] = (struct net_request){
                                .url = urls[k],
                                .method = probes[k].method,
                                .headers = probes[k].headers,
                                .connect_ms = cs->probe_ms ? cs->probe_ms : PROBE_CONNECT_MS,
                                .total_ms = cs->probe_ms ? cs->probe_ms : PROBE_TOTAL_MS,
                                .open_socket = socket_there,
                                .userdata = &sites[i],
                        };
        }
        if (!urls[PROBE_CONTAINER] || !urls[PROBE_TOKEN] || !urls[PROBE_V1])
                r = -ENOMEM;
        if (r == 0)
                r = net_fetch_all(x->at.net, rq, rs, count * PROBES);
        for (size_t i = 0; i < count && r == 0; i++) {
                struct netns *ns = &x->s->netns[batch[i]];

                ns->container = container_answer(&rs[i * PROBES + PROBE_CONTAINER]);
                ns->imds_token = answer_of(&rs[i * PROBES + PROBE_TOKEN]);
                ns->imds_v1 = answer_of(&rs[i * PROBES + PROBE_V1]);
                if (cs->probe_ms)
                        silence_forget(ns);
        }
        for (size_t i = 0; i < count * PROBES; i++)
                net_response_done(&rs[i]);
        for (size_t k = 0; k < PROBES; k++)
                free(urls[k]);
        return r;
}

/* Those that an earlier look has been in are left as they are. */
int collect_probes(struct scan *x)
{
        const struct snapshot *s = x->s;
        size_t batch[PROBE_PARALLEL], count = 0;
        int r = 0;

        for (size_t i = 0; r == 0 && i < s->n_netns; i++) {
                if (s->netns[i].container.state == ANSWER_UNKNOWN)
                        batch[count++] = i;
                if (count == PROBE_PARALLEL || (count && i + 1 == s->n_netns)) {
                        r = probe_batch(x, batch, count);
                        count = 0;
                }
        }
        return r;
}
