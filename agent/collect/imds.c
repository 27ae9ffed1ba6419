/*
 * imds -- the instance and its role, as the metadata service tells them.
 *
 * Token first, as every SDK does; v1 is asked only where the settings allow it.
 * iam/info names the profile, security-credentials/ the role: they differ.
 */
#include <stdio.h>
#include "collect_internal.h"
#include "rolewatch/limits.h"
#include "rolewatch/role_keys.h"
#include "rolewatch/aws.h"

#define ROLES_PATH "/latest/meta-data/iam/security-credentials"
#define TTL_HEADER "X-aws-ec2-metadata-token-ttl-seconds: "
#define TOKEN_HEADER "X-aws-ec2-metadata-token: "

/* How the requests of one look are made: with the token's header, or NULL for v1. */
struct imds {
        struct snapshot *s;
        struct net *n;
        const char *base;
        char *token_header;
};

static void imds_done(struct imds *m)
{
        erase_free(m->token_header);
}

static int imds_request_token(struct imds *m, struct answer *ret)
{
        static const char *const headers[] = { TTL_HEADER IMDS_TOKEN_TTL, NULL };
        CLEANUP(freep) char *url = url_join(m->base, "/latest/api/token");
        CLEANUP(net_response_done) struct net_response rs = { 0 };
        struct net_request rq = { .url = url, .method = "PUT", .headers = headers,
                                  .max_bytes = IMDS_BODY_MAX };
        int r;

        if (!url)
                return -ENOMEM;
        r = net_fetch(m->n, &rq, &rs);
        if (r < 0)
                return r;
        *ret = answer_of(&rs);
        if (ret->state != ANSWER_OK)
                return 0;
        if (rs.len > IMDS_TOKEN_MAX || !text_is(rs.body, rs.len, "+/=_-.")) {
                *ret = answer_garbage(rs.status, "the response has no token");
                return 0;
        }
        return asprintf(&m->token_header, TOKEN_HEADER "%s", rs.body) < 0 ? -ENOMEM : 0;
}

static int imds_get(struct imds *m, const char *const *paths, struct net_response *rs, size_t count)
{
        const char *headers[] = { m->token_header, NULL };
        struct net_request rqs[8] = { 0 };
        char *urls[8] = { NULL };
        int r = count <= ARRAY_SIZE(urls) ? 0 : -EINVAL;

        for (size_t i = 0; r == 0 && i < count; i++) {
                urls[i] = url_join(m->base, paths[i]);
                rqs[i] = (struct net_request){ .url = urls[i], .headers = headers,
                                               .max_bytes = IMDS_BODY_MAX };
                r = urls[i] ? 0 : -ENOMEM;
        }
        if (r == 0)
                r = net_fetch_all(m->n, rqs, rs, count);
        for (size_t i = 0; i < ARRAY_SIZE(urls); i++)
                free(urls[i]);
        return r;
}

/* Data that is missing spoils the look; what the first fault was stays. */
static void host_spoil(struct host *h, struct answer x)
{
        if (h->imds.state == ANSWER_OK)
                h->imds = x;
}

static int take_plain(struct snapshot *s, const struct net_response *rs, const char *what,
                      const char **ret)
{
        struct answer x = answer_of(rs);

        if (x.state == ANSWER_OK && (rs->len > 64 || !text_is(rs->body, rs->len, "-")))
                x = answer_garbage(rs->status, what);
        if (x.state != ANSWER_OK) {
                host_spoil(&s->host, x);
                return 0;
        }
        *ret = arena_dup(s->arena, rs->body);
        return *ret ? 0 : -ENOMEM;
}

static int read_instance_id(struct snapshot *s, const struct net_response *rs)
{
        return take_plain(s, rs, "the response has no instance ID", &s->host.instance_id);
}

/* placement/region came in 2020 and stand-ins lack it: the identity document says the same. */
static int read_region(struct snapshot *s, const struct net_response *rs)
{
        if (rs->status == 404)
                return 0;
        return take_plain(s, rs, "the response has no region", &s->host.region);
}

static int imds_read_document(struct snapshot *s, const struct net_response *rs)
{
        CLEANUP(json_freep) cJSON *j = NULL;
        struct answer x = answer_of(rs);
        const char *account, *region;

        if (x.state != ANSWER_OK) {
                host_spoil(&s->host, x);
                return 0;
        }
        if (json_parse(rs->body, rs->len, &j) == -ENOMEM)
                return -ENOMEM;
        if (json_get_str(j, "accountId", 12, &account) < 0 || strlen(account) != 12 ||
            strspn(account, "0123456789") != 12 || json_get_str(j, "region", 64, &region) < 0 ||
            !text_is(region, strlen(region), "-")) {
                host_spoil(&s->host, answer_garbage(rs->status, "the response is not an instance identity document"));
                return 0;
        }
        s->host.account = arena_dup(s->arena, account);
        if (!s->host.region)
                s->host.region = arena_dup(s->arena, region);
        return s->host.account && s->host.region ? 0 : -ENOMEM;
}

/* 404 says that there is no profile; of anything else the role's own answer tells. */
static int read_profile(struct snapshot *s, const struct net_response *rs)
{
        CLEANUP(json_freep) cJSON *j = NULL;
        int r;

        r = answer_of(rs).state == ANSWER_OK ? json_parse(rs->body, rs->len, &j) : -EBADMSG;
        if (r < 0)
                return r == -ENOMEM ? r : 0;
        r = json_take_str(s->arena, j, "InstanceProfileArn", FIELD_MAX,
                          &s->host.instance_profile_arn);
        return r == -ENOMEM ? r : 0;
}

static int read_role_name(struct snapshot *s, const struct net_response *rs)
{
        struct answer *x = &s->host.imds_role_answer;
        size_t n;

        *x = answer_of(rs);
        if (x->state != ANSWER_OK)
                return 0;
        n = strcspn(rs->body, "\r\n");
        /* The characters of IAM: a name goes into the next request's path. */
        if (n > IMDS_ROLE_MAX || !text_is(rs->body, n, "+=,.@_-") || strlen(rs->body) != rs->len) {
                *x = answer_garbage(rs->status, "the response has no role name");
                return 0;
        }
        s->host.instance_role = arena_dupn(s->arena, rs->body, n);
        return s->host.instance_role ? 0 : -ENOMEM;
}

static const struct {
        const char *path;
        int (*read)(struct snapshot *s, const struct net_response *rs);
} data_rows[] = {
        { "/latest/meta-data/instance-id",                read_instance_id },
        { "/latest/meta-data/placement/region",           read_region },
        { "/latest/dynamic/instance-identity/document",   imds_read_document },
        { "/latest/meta-data/iam/info",                   read_profile },
        { ROLES_PATH "/",                                 read_role_name },
};

static int imds_read_data(struct imds *m)
{
        const char *paths[ARRAY_SIZE(data_rows)];
        struct net_response rs[ARRAY_SIZE(data_rows)] = { 0 };
        int r;

        for (size_t i = 0; i < ARRAY_SIZE(data_rows); i++)
                paths[i] = data_rows[i].path;
        r = imds_get(m, paths, rs, ARRAY_SIZE(data_rows));
        for (size_t i = 0; r == 0 && i < ARRAY_SIZE(data_rows); i++)
                r = data_rows[i].read(m->s, &rs[i]);
        for (size_t i = 0; i < ARRAY_SIZE(data_rows); i++)
                net_response_done(&rs[i]);
        if (r == 0 && m->s->host.region)
                m->s->host.partition = aws_partition_of(m->s->host.region);
        return r;
}

static bool has_secret(const cJSON *j, const char *key)
{
        const char *s;

        return json_get_str(j, key, IMDS_BODY_MAX, &s) == 0 && *s;
}

/* A 200 whose Code is not Success carries no keys: the role cannot be assumed by EC2. */
static int imds_read_role_keys(struct snapshot *s, const struct net_response *rs)
{
        CLEANUP(json_freep) cJSON *j = NULL;
        struct host *h = &s->host;
        const char *key_id, *expiration;
        int64_t expires;
        int r;

        h->imds_role_answer = answer_of(rs);
        if (h->imds_role_answer.state != ANSWER_OK)
                return 0;
        h->imds_role_answer = answer_garbage(rs->status, "the response has no credentials");
        r = json_parse(rs->body, rs->len, &j);
        if (r < 0)
                return r == -ENOMEM ? r : 0;
        r = json_take_str(s->arena, j, "Code", ANSWER_DETAIL_MAX, &h->imds_code);
        if (r == -ENOMEM)
                return r;
        if (h->imds_code && !streq(h->imds_code, "Success")) {
                h->imds_role_answer.detail = arena_printf(s->arena, "IMDS reports code %s", h->imds_code);
                return h->imds_role_answer.detail ? 0 : -ENOMEM;
        }
        if (json_get_str(j, "AccessKeyId", 128, &key_id) < 0 || !access_key_id_valid(key_id, strlen(key_id)) ||
            !has_secret(j, "SecretAccessKey") || !has_secret(j, "Token") ||
            json_get_str(j, "Expiration", 64, &expiration) < 0 ||
            time_parse(expiration, &expires) < 0)
                return 0;
        h->instance_key_id = arena_dup(s->arena, key_id);
        h->instance_expires_s = expires;
        h->imds_role_answer = (struct answer){ .state = ANSWER_OK, .status = rs->status };
        if (expires <= h->taken_s)
                h->imds_role_answer.state = ANSWER_EXPIRED;
        return h->instance_key_id ? 0 : -ENOMEM;
}

static int imds_read_keys(struct imds *m)
{
        CLEANUP(freep) char *path = NULL;
        CLEANUP(net_response_done) struct net_response rs = { 0 };
        int r;

        if (asprintf(&path, ROLES_PATH "/%s", m->s->host.instance_role) < 0)
                return -ENOMEM;
        r = imds_get(m, (const char *[]){ path }, &rs, 1);
        return r < 0 ? r : imds_read_role_keys(m->s, &rs);
}

static int imds_request_v1(struct imds *m, struct answer *ret)
{
        struct imds v1 = { .s = m->s, .n = m->n, .base = m->base };
        CLEANUP(net_response_done) struct net_response rs = { 0 };
        int r = imds_get(&v1, (const char *[]){ data_rows[0].path }, &rs, 1);

        if (r == 0)
                *ret = answer_of(&rs);
        return r;
}

int collect_imds(struct scan *x)
{
        CLEANUP(imds_done) struct imds m = { .s = x->s, .n = x->at.net, .base = x->at.cs->imds };
        struct snapshot *s = x->s;
        int r = imds_request_token(&m, &s->host.imds);

        if (r == 0 && x->at.cs->imds_v1)
                r = imds_request_v1(&m, &s->host.imds_v1);
        if (r < 0)
                return r;
        /* Nobody could ask for the role: its answer stays unknown, for a 404 would say "none". */
        if (!m.token_header && s->host.imds_v1.state != ANSWER_OK)
                return 0;
        r = imds_read_data(&m);
        if (r == 0 && s->host.instance_role)
                r = imds_read_keys(&m);
        return r;
}

int role_keys_get(const struct host_access *at, const char *role, struct role_keys *ret, struct answer *why)
{
        CLEANUP(imds_done) struct imds m = { .n = at->net, .base = at->cs->imds };
        CLEANUP(net_response_done) struct net_response rs = { 0 };
        CLEANUP(freep) char *path = NULL;
        int r = imds_request_token(&m, why);

        if (r == 0 && !m.token_header)
                return -EACCES;
        if (r == 0 && asprintf(&path, ROLES_PATH "/%s", role) < 0)
                r = -ENOMEM;
        if (r == 0)
                r = imds_get(&m, (const char *[]){ path }, &rs, 1);
        if (r < 0)
                return r;
        return role_keys_take(&rs, ret, why);
}
