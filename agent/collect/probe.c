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

/* Namespaces that are tested at the same time. */
struct batch {
        const struct scan *x;
        size_t netns[PROBE_PARALLEL], n;
        struct probe_site sites[PROBE_PARALLEL];
        char *urls[PROBES];
};

static void batch_done(struct batch *b)
{
        for (size_t k = 0; k < PROBES; k++)
                free(b->urls[k]);
}

static struct answer *answer_in(struct netns *ns, enum probe k)
{
        return k == PROBE_CONTAINER ? &ns->container : k == PROBE_TOKEN ? &ns->imds_token : &ns->imds_v1;
}

/* What the last scan met there, if that was silence; NULL. */
static const struct answer *known_silence(const struct scan *x, const struct netns *ns, enum probe k)
{
        const struct snapshot *known = x->at.cs->known;

        for (size_t i = 0; known && i < known->n_netns; i++)
                if (known->netns[i].inode == ns->inode)
                        return is_silent(answer_in(&known->netns[i], k)) ? answer_in(&known->netns[i], k) : NULL;
        return NULL;
}

/* Silence that the last scan knows is no news, and stays what it was: a longer try says why nothing comes, a short one does not. */
static void silence_carry_over(const struct batch *b)
{
        for (size_t i = 0; i < b->n; i++)
                for (enum probe k = 0; k < PROBES; k++) {
                        struct netns *ns = &b->x->s->netns[b->netns[i]];
                        const struct answer *known = is_silent(answer_in(ns, k)) ? known_silence(b->x, ns, k) : NULL;

                        if (known)
                                *answer_in(ns, k) = (struct answer){ .state = known->state, .status = known->status };
                }
}

void silence_forget(const struct scan *x, struct netns *ns)
{
        const struct answer unknown = { .state = ANSWER_UNKNOWN };

        if (is_silent(&ns->container) && !known_silence(x, ns, PROBE_CONTAINER))
                ns->container = unknown;
        if (is_silent(&ns->imds_token) && is_silent(&ns->imds_v1) && !(known_silence(x, ns, PROBE_TOKEN) && known_silence(x, ns, PROBE_V1)))
                ns->imds_token = ns->imds_v1 = unknown;
}

/* A busy host may need longer than the first limit: what is silent is requested once more before it is believed. */
static bool is_requested(const struct batch *b, size_t at, enum probe k, bool again)
{
        struct netns *ns = &b->x->s->netns[b->netns[at]];

        if (!again)
                return true;
        if (k != PROBE_CONTAINER && !(is_silent(&ns->imds_token) && is_silent(&ns->imds_v1)))
                return false;
        return answer_in(ns, k)->state == ANSWER_TIMEOUT && !known_silence(b->x, ns, k);
}

static int batch_request(struct batch *b, unsigned total_ms, bool again)
{
        struct net_request rq[PROBE_PARALLEL * PROBES] = { 0 };
        struct net_response rs[PROBE_PARALLEL * PROBES] = { 0 };
        struct { struct netns *ns; enum probe probe; } of[PROBE_PARALLEL * PROBES];
        size_t n = 0;
        int r = 0;

        for (size_t i = 0; i < b->n; i++)
                for (enum probe k = 0; k < PROBES; k++) {
                        if (!is_requested(b, i, k, again))
                                continue;
                        of[n].ns = &b->x->s->netns[b->netns[i]];
                        of[n].probe = k;
                        rq[n++] = (struct net_request){ .url = b->urls[k], .method = probes[k].method, .headers = probes[k].headers,
                                                        .connect_ms = total_ms, .total_ms = total_ms,
                                                        .open_socket = socket_there, .userdata = &b->sites[i] };
                }
        if (n)
                r = net_fetch_all(b->x->at.net, rq, rs, n);
        for (size_t i = 0; i < n; i++) {
                if (r == 0)
                        *answer_in(of[i].ns, of[i].probe) = of[i].probe == PROBE_CONTAINER ? container_answer(&rs[i]) : answer_of(&rs[i]);
                net_response_done(&rs[i]);
        }
        return r;
}

static int batch_run(struct batch *b)
{
        const struct collect_settings *cs = b->x->at.cs;
        int r;

        for (size_t i = 0; i < b->n; i++)
                probe_site_of(b->x->s, b->netns[i], b->x->at.broker, &b->sites[i]);
        r = batch_request(b, cs->probe_ms ? cs->probe_ms : PROBE_TOTAL_MS, false);
        if (r == 0)
                silence_carry_over(b);
        if (r == 0 && !cs->probe_ms)
                r = batch_request(b, PROBE_AGAIN_MS, true);
        for (size_t i = 0; r == 0 && cs->probe_ms && i < b->n; i++)
                silence_forget(b->x, &b->x->s->netns[b->netns[i]]);
        b->n = 0;
        return r;
}

/* Those that an earlier look has been in are left as they are. */
int collect_probes(struct scan *x)
{
        CLEANUP(batch_done) struct batch b = { .x = x };
        const struct snapshot *s = x->s;
        int r = 0;

        for (enum probe k = 0; r == 0 && k < PROBES; k++) {
                b.urls[k] = url_join(k == PROBE_CONTAINER ? x->at.cs->container_endpoint : x->at.cs->imds, probes[k].path);
                r = b.urls[k] ? 0 : -ENOMEM;
        }
        for (size_t i = 0; r == 0 && i < s->n_netns; i++) {
                if (s->netns[i].container.state == ANSWER_UNKNOWN)
                        b.netns[b.n++] = i;
                if (b.n == PROBE_PARALLEL || (b.n && i + 1 == s->n_netns))
                        r = batch_run(&b);
        }
        return r;
}
