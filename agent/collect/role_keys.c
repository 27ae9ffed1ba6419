/* See role_keys.h: what both endpoints have in common, and the container endpoint. */
#include "collect_internal.h"
#include "rolewatch/limits.h"
#include "rolewatch/role_keys.h"

void role_keys_done(struct role_keys *k)
{
        erase_freep(&k->key_id);
        erase_freep(&k->secret);
        erase_freep(&k->token);
}

static int copy_of(const cJSON *j, const char *key, char **ret)
{
        const char *v;

        if (json_get_str(j, key, IMDS_BODY_MAX, &v) < 0 || !*v)
                return -EACCES;
        *ret = strdup(v);
        return *ret ? 0 : -ENOMEM;
}

/* An object without them is what the service gives while a role is not ready. */
static int keys_take(const struct net_response *rs, struct role_keys *ret)
{
        CLEANUP(json_freep) cJSON *j = NULL;
        int r = json_parse(rs->body, rs->len, &j);

        if (r < 0)
                return r == -ENOMEM ? r : -EACCES;
        r = copy_of(j, "AccessKeyId", &ret->key_id);
        if (r == 0)
                r = copy_of(j, "SecretAccessKey", &ret->secret);
        return r < 0 ? r : copy_of(j, "Token", &ret->token);
}

int role_keys_take(const struct net_response *rs, struct role_keys *ret, struct answer *why)
{
        int r;

        *ret = (struct role_keys){ 0 };
        *why = answer_of(rs);
        r = why->state == ANSWER_OK ? keys_take(rs, ret) : -EACCES;
        if (r == -EACCES && why->state == ANSWER_OK)
                *why = answer_garbage(rs->status, "the response has no credentials");
        return r;
}

int task_keys_get(const struct host_access *at, const char *uri, struct role_keys *ret, struct answer *why)
{
        CLEANUP(erase_freep) char *url = url_join(at->cs->container_endpoint, uri);
        CLEANUP(net_response_done) struct net_response rs = { 0 };
        int r = url ? net_fetch(at->net, &(struct net_request){ .url = url, .max_bytes = CRED_BODY_MAX }, &rs) : -ENOMEM;

        return r < 0 ? r : role_keys_take(&rs, ret, why);
}
