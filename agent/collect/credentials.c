/*
 * credentials -- every distinct credentials path of an environment, asked once
 * of the agent's own address.
 *
 * The paths are bearer ids and the answers hold live keys: neither outlives
 * the request. Each request costs the agent a line in its audit log and a
 * bucket in its rate limiter, hence only paths that an agent gives out.
 */
#include <stdio.h>
#include <sys/random.h>
#include "collect_internal.h"
#include "audit.h"
#include "rolewatch/digest.h"
#include "rolewatch/limits.h"

void credential_requests_done(struct credential_requests *rq)
{
        for (size_t i = 0; i < rq->n; i++)
                erase_freep(&rq->paths[i]);
        free(rq->paths);
        *rq = (struct credential_requests){ 0 };
}

static bool is_power_of_two_or_zero(size_t n)
{
        return (n & (n - 1)) == 0;
}

/* Room for one more, with its credential. */
static int credential_requests_grow(struct credential_requests *rq)
{
        char **bigger;

        if (!is_power_of_two_or_zero(rq->n))
                return 0;
        bigger = reallocarray(rq->paths, rq->n ? rq->n * 2 : 1, sizeof *bigger);
        if (!bigger)
                return -ENOMEM;
        rq->paths = bigger;
        return 0;
}

/* Longer ones are no path of an agent; their first bytes say so as well. */
static size_t path_length(size_t len) { return len > CRED_PATH_MAX + 1 ? CRED_PATH_MAX + 1 : len; }

uint64_t credential_mark(const char *path, size_t len) { return digest_of(path, path_length(len)); }

int credential_requests_add(struct scan *x, const char *path, size_t len)
{
        struct credential_requests *rq = &x->credentials;
        CLEANUP(erase_freep) char *copy = NULL;
        struct credential *c;
        uint64_t mark;
        int r;

        len = path_length(len);
        if (memchr(path, '\0', len) || rq->n != x->s->n_creds)
                return -EINVAL;
        mark = credential_mark(path, len);
        for (size_t i = 0; i < rq->n; i++)
                if (x->s->creds[i].mark == mark)
                        return (int)i;
        if (rq->n >= CREDENTIAL_REQUESTS_MAX)
                return -ENOSPC;
        r = credential_requests_grow(rq);
        if (r < 0)
                return r;
        copy = strndup(path, len);
        c = copy ? snapshot_add_cred(x->s) : NULL;
        if (!c)
                return -ENOMEM;
        c->mark = mark;
        rq->paths[rq->n++] = TAKE(copy);
        return (int)rq->n - 1;
}

int credential_requests_copy(struct scan *x, const struct credential *known)
{
        struct credential_requests *rq = &x->credentials;
        CLEANUP(freep) char *none = NULL;
        struct credential *c;
        int r;

        for (size_t i = 0; i < rq->n; i++)
                if (x->s->creds[i].mark == known->mark)
                        return (int)i;
        r = rq->n >= CREDENTIAL_REQUESTS_MAX ? -ENOSPC : credential_requests_grow(rq);
        if (r < 0)
                return r;
        none = strdup("");
        c = none ? snapshot_add_cred(x->s) : NULL;
        if (!c)
                return -ENOMEM;
        *c = *known;
        rq->paths[rq->n++] = TAKE(none);
        return (int)rq->n - 1;
}

/* The two forms an agent has ever injected; an id is a UUID, and slashes are allowed in it. */
static const char *const path_forms[] = { "/v2/credentials/", "/v1/credentials?id=" };

static bool path_is_agents(const char *path)
{
        if (strlen(path) > CRED_PATH_MAX || strstr(path, ".."))
                return false;
        for (size_t i = 0; i < ARRAY_SIZE(path_forms); i++) {
                size_t n = strlen(path_forms[i]);

                if (strncmp(path, path_forms[i], n) == 0)
                        return text_is(path + n, strlen(path + n), "-_./:");
        }
        return false;
}

static bool role_arn_valid(const char *arn)
{
        return strncmp(arn, "arn:", 4) == 0 && strstr(arn, ":role/") &&
               text_is(arn, strlen(arn), ":/+=,.@_-");
}

/*
 * A DNAT that leads to the introspection port answers 200 with a list of
 * commands: only the keys make it credentials. The agent passes expired keys
 * on with 200 while its control plane is out of reach.
 */
static int credentials_read_keys(struct snapshot *s, const cJSON *j, struct credential *c)
{
        const char *arn, *key_id, *expiration, *secret;

        c->answer = answer_garbage(200, "the response has no credentials");
        if (json_get_str(j, "RoleArn", FIELD_MAX, &arn) < 0 || !role_arn_valid(arn) ||
            json_get_str(j, "AccessKeyId", 128, &key_id) < 0 || !access_key_id_valid(key_id, strlen(key_id)) ||
            json_get_str(j, "SecretAccessKey", CRED_BODY_MAX, &secret) < 0 || !*secret)
                return 0;
        if (json_get_str(j, "Expiration", 64, &expiration) == 0 && *expiration &&
            time_parse(expiration, &c->expires_s) < 0)
                return 0;
        c->role_arn = arena_dup(s->arena, arn);
        c->key_id = arena_dup(s->arena, key_id);
        c->answer = (struct answer){ .state = ANSWER_OK, .status = 200 };
        if (c->expires_s && c->expires_s <= s->host.taken_s)
                c->answer.state = ANSWER_EXPIRED;
        return c->role_arn && c->key_id ? 0 : -ENOMEM;
}

static int credentials_read_answer(struct snapshot *s, const struct net_response *rs, struct credential *c)
{
        CLEANUP(json_freep) cJSON *j = NULL;
        int r;

        c->answer = answer_of(rs);
        if (c->answer.state != ANSWER_OK && c->answer.state != ANSWER_STATUS)
                return 0;
        if (json_parse(rs->body, rs->len, &j) < 0)
                j = NULL;
        if (c->answer.state == ANSWER_OK)
                return credentials_read_keys(s, j, c);
        r = json_take_str(s->arena, j, "code", ANSWER_DETAIL_MAX, &c->answer.detail);
        return r == -ENOMEM ? r : 0;
}

/* One request of a round; the strings are erased with it. */
struct round_request {
        size_t index;
        char *url;
        char user_agent[AUDIT_USER_AGENT_MAX];
};

static int credentials_round_run(struct snapshot *s, struct net *n, struct round_request *requests, size_t count)
{
        struct net_request rqs[AGENT_PARALLEL] = { 0 };
        struct net_response rs[AGENT_PARALLEL] = { 0 };
        int r;

        for (size_t i = 0; i < count; i++)
                rqs[i] = (struct net_request){ .url = requests[i].url, .user_agent = requests[i].user_agent,
                                               .max_bytes = CRED_BODY_MAX };
        r = net_fetch_all(n, rqs, rs, count);
        for (size_t i = 0; i < count; i++) {
                if (r == 0)
                        r = credentials_read_answer(s, &rs[i], &s->creds[requests[i].index]);
                net_response_done(&rs[i]);
                erase_freep(&requests[i].url);
        }
        return r;
}

static int request_all(const struct scan *x, struct audit_probe probe)
{
        const struct credential_requests *rq = &x->credentials;
        struct snapshot *s = x->s;
        struct round_request round[AGENT_PARALLEL];
        size_t count = 0;
        int r = 0;

        for (size_t i = 0; r == 0 && i < rq->n; i++) {
                struct round_request *a = &round[count];

                /* An earlier look has its answer. */
                if (s->creds[i].answer.state != ANSWER_UNKNOWN)
                        continue;
                if (!path_is_agents(rq->paths[i])) {
                        s->creds[i].answer.detail = "not a credentials path of the ECS agent";
                        continue;
                }
                a->index = i;
                audit_user_agent(probe.first + i, a->user_agent, sizeof a->user_agent);
                a->url = url_join(x->at.cs->credentials, rq->paths[i]);
                if (!a->url)
                        r = -ENOMEM;
                else if (++count == AGENT_PARALLEL) {
                        r = credentials_round_run(s, x->at.net, round, count);
                        count = 0;
                }
        }
        if (r == 0 && count)
                return credentials_round_run(s, x->at.net, round, count);
        for (size_t i = 0; i < count; i++)
                erase_freep(&round[i].url);
        return r;
}

/*
 * The server itself: "/" is no path of it, so that no audit line is written.
 * Its answer is a 404 with the rate limiter's header, or Go's plain text
 * before the limiter came (1.17.0).
 */
static int request_server(const struct scan *x)
{
        CLEANUP(freep) char *url = url_join(x->at.cs->credentials, "/");
        CLEANUP(net_response_done) struct net_response rs = { 0 };
        struct answer *is = &x->s->host.credentials;
        int r;

        if (!url)
                return -ENOMEM;
        r = net_fetch(x->at.net, &(struct net_request){ .url = url, .max_bytes = CRED_BODY_MAX }, &rs);
        if (r < 0)
                return r;
        *is = answer_of(&rs);
        if (is->state != ANSWER_OK && is->state != ANSWER_STATUS)
                return 0;
        if (rs.agent_fingerprint || (rs.status == 404 && streq(rs.body, "404 page not found\n")))
                is->state = ANSWER_OK;
        else if (rs.status < 500)
                *is = answer_garbage(rs.status, "the response is not from the ECS agent's credentials endpoint");
        return 0;
}

/* A first number that no container can guess: it could else write a line in our name. */
static uint64_t probe_number(void)
{
        uint32_t number = 0;

        (void)!getrandom(&number, sizeof number, GRND_NONBLOCK);
        return number;
}

static bool any_unknown(const struct snapshot *s)
{
        for (size_t i = 0; i < s->n_creds; i++)
                if (s->creds[i].answer.state == ANSWER_UNKNOWN)
                        return true;
        return false;
}

int collect_new_credentials(struct scan *x)
{
        struct audit_probe probe = { .first = probe_number(), .n = x->credentials.n };
        int r;

        if (x->credentials.n != x->s->n_creds)
                return -EINVAL;
        if (!any_unknown(x->s))
                return 0;
        r = request_all(x, probe);
        return r < 0 ? r : audit_read(x->s, probe, x->at.cs->audit_log);
}

int collect_credentials(struct scan *x)
{
        int r = request_server(x);

        return r < 0 ? r : collect_new_credentials(x);
}
