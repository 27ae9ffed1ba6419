#include <stdio.h>
#include "clients.h"

void host_client_done(struct host_client *hc)
{
        role_keys_done(&hc->keys);
}

static const char *env_value(const char *name)
{
        const char *v = getenv(name);

        return v && *v ? v : NULL;
}

static int copy(char **to, const char *from)
{
        *to = from ? strdup(from) : NULL;
        return from && !*to ? -ENOMEM : 0;
}

static int keys_get(struct host_client *hc, const struct host_access *at, const struct host *h)
{
        const char *id = env_value("AWS_ACCESS_KEY_ID"), *secret = env_value("AWS_SECRET_ACCESS_KEY"), *uri = env_value(env_name(ENV_VAR_RELATIVE_URI));

        if (at->cs->env_keys && id && secret)
                return copy(&hc->keys.key_id, id) < 0 || copy(&hc->keys.secret, secret) < 0 ||
                                       copy(&hc->keys.token, env_value("AWS_SESSION_TOKEN")) < 0
                               ? -ENOMEM
                               : 0;
        hc->of_task = uri != NULL;
        if (uri)
                return task_keys_get(at, uri, &hc->keys, &hc->why);
        return h->instance_role ? role_keys_get(at, h->instance_role, &hc->keys, &hc->why) : -EACCES;
}

int host_client_make(struct host_client *hc, const struct host_access *at, const struct host *h)
{
        int r = keys_get(hc, at, h);

        if (r < 0)
                return r == -ENOMEM ? r : -EACCES;
        hc->c = (struct aws_client){ .net = at->net, .ca_file = at->cs->ca_file,
                                     .keys = { hc->keys.key_id, hc->keys.secret, hc->keys.token },
                                     .region = h->region ? h->region : env_value("AWS_REGION") };
        hc->c.partition = h->partition ? h->partition : aws_partition_of(hc->c.region);
        for (int i = 0; i < AWS_SERVICE_MAX; i++)
                hc->c.endpoints[i] = aws_endpoint_setting((enum aws_service)i);
        return 0;
}

const char *host_client_error_text(struct arena *a, const struct host_client *hc)
{
        const char *none = hc->of_task ? "no credentials of the task role" : "no credentials of the instance role";
        const char *text = hc->why.state == ANSWER_UNKNOWN ? NULL : arena_printf(a, "%s (%s)", none, answer_text(a, &hc->why));

        return text ? text : none;
}

const char *aws_error_text(struct arena *a, const char *call, const struct aws_answer *answer)
{
        struct answer x = { answer->state, answer->status, NULL };

        return arena_printf(a, "%s: %s%s%s", call, answer->code[0] ? answer->code : answer_text(a, &x),
                            answer->message[0] ? ": " : "", answer->message);
}

int json_request(struct host_client *hc, struct snapshot *s, const struct json_call *call, cJSON **ret)
{
        const struct aws_request q = { .service = call->service, .action = strchr(call->name, ':') + 1, .body = call->body };
        const char **error = &s->host.definitions_error;
        struct aws_answer answer;
        int r = aws_send(&hc->c, &q, &answer);

        *ret = NULL;
        if (r == -ENOMEM)
                return r;
        if (r < 0) {
                *error = arena_printf(s->arena, "%s: not called: the region is not known, or the endpoint is invalid", call->name);
        } else if (answer.state != ANSWER_OK) {
                *error = aws_error_text(s->arena, call->name, &answer);
        } else {
                *ret = answer.body;
                return 0;
        }
        return *error ? 0 : -ENOMEM;
}
