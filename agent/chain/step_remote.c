/* The step that asks the container endpoint. */
#include <strings.h>
#include "steps.h"

const char *remote_setting(const struct eval *e, enum env_var var, enum sysprop prop)
{
        if (e->row->properties == PROPERTIES_V2 && e->in->prop[prop])
                return e->in->prop[prop];
        return e->in->env[var];
}

static bool full_known(const struct eval *e)
{
        return version_has(e->in->version, e->row->since.full);
}

static bool relative_is_set(const struct eval *e)
{
        return value_present(e->row->relative_present, remote_setting(e, ENV_VAR_RELATIVE_URI, SYSPROP_RELATIVE_URI));
}

static bool full_set(const struct eval *e)
{
        if (e->row->full_needs_token_file && !e->in->env[ENV_VAR_TOKEN_FILE])
                return false;
        return full_known(e) && value_present(e->row->full_present, remote_setting(e, ENV_VAR_FULL_URI, SYSPROP_FULL_URI));
}

bool container_configured(const struct eval *e) { return relative_is_set(e) || full_set(e); }

struct host_row {
        const char *host;
        unsigned bit;
};
static const struct host_row host_rows[] = {
        { "localhost", HOST_LOCALHOST }, { "127.0.0.1", HOST_127_1 | HOST_LOOP4 },
        { "[::1]", HOST_LOOP6 },         { "169.254.170.2", HOST_ECS },
        { "169.254.170.23", HOST_EKS4 }, { "[fd00:ec2::23]", HOST_EKS6 },
};

/* Does the SDK accept the host of this URL ("scheme://host[:port]/...")? */
static bool host_allowed(unsigned allowed, const char *url)
{
        const char *h = strstr(url, "://");
        size_t len;

        if (!h)
                return false;
        if (allowed & HOST_ANY)
                return true;
        if (strncasecmp(url, "https:", 6) == 0)
                return allowed & HOST_HTTPS;
        h += 3;
        if (memchr(h, '@', strcspn(h, "/?#")))
                h = strchr(h, '@') + 1;
        len = *h == '[' ? strcspn(h, "]") + 1 : strcspn(h, ":/?#");
        for (size_t i = 0; i < ARRAY_SIZE(host_rows); i++)
                if (strlen(host_rows[i].host) == len && strncasecmp(h, host_rows[i].host, len) == 0)
                        return allowed & host_rows[i].bit;
        return len > 4 && strncmp(h, "127.", 4) == 0 && (allowed & HOST_LOOP4);
}

/* A name that may be one of a loopback address, which rolewatch does not look up. */
static bool host_is_name(const char *url)
{
        const char *h = strstr(url, "://");

        return h && strncasecmp(url, "http:", 5) == 0 && strcspn(h + 3, ":/?#") > strspn(h + 3, "0123456789.") && h[3] != '[';
}

/* An address that is not written in its usual form: a number, one in hexadecimal, IPv4 in IPv6. SDKs resolve some of them. */
static bool host_unusual(const char *url)
{
        const char *h = strstr(url, "://"), *end;
        size_t dots = 0;

        if (!h)
                return false;
        h += 3;
        if (strncasecmp(h, "[::ffff:", 8) == 0)
                return true;
        end = h + strcspn(h, ":/?#");
        for (const char *s = h; s < end; s++)
                dots += *s == '.';
        return end > h && strspn(h, "0123456789abcdefABCDEFxX.") >= (size_t)(end - h) && *h >= '0' && *h <= '9' && (dots < 3 || h[1] == 'x');
}

static bool scheme_known(const char *url) { return strncasecmp(url, "http:", 5) == 0 || strncasecmp(url, "https:", 6) == 0; }

static struct outcome endpoint_failed(const struct eval *e, const char *why)
{
        struct outcome o = outcome_failed(PROVIDER_CONTAINER, why);

        o.none = e->row->container_error_is_none;
        return o;
}

/* The outcome for a URI that cannot be requested. */
static struct outcome unusable(const struct eval *e, const char *why)
{
        struct outcome o = endpoint_failed(e, why);

        o.none = o.none || e->row->unusable_uri != UNUSABLE_FAILS;
        return o;
}

/* Which server a URI leads to: the ECS agent behind 169.254.170.2, or another one. */
enum server { SERVER_AGENT, SERVER_OTHER };

/* Why no request from the process reaches the agent; state OFF: requests reach it, as far as is known. */
static struct outcome way_to_agent(const struct eval *e)
{
        const struct answer *net = e->in->net_container;
        struct outcome o;

        if (e->row->container_proxy && proxied(e, "169.254.170.2")) {
                o = endpoint_failed(e, "the request to the container endpoint goes to the HTTP proxy set in the environment");
                o.reason = REASON_PROXIED;
                o.uncertain = true;    /* a proxy may reach the endpoint, too */
                return o;
        }
        if (net->state != ANSWER_OK && net->state != ANSWER_UNKNOWN && net->state != ANSWER_DENIED) {
                o = endpoint_failed(e, arena_printf(e->a, "the container endpoint fails when tested from the container: %s",
                                                    answer_text(e->a, net)));
                o.ends = e->row->endpoint_waited_for && net->state == ANSWER_TIMEOUT;
                return o;
        }
        return outcome_off(NULL);
}

/* Does the request for a URI of another server go to a proxy? Its host is then out of reach, as far as is known. */
static bool other_proxied(const struct eval *e, const char *url)
{
        const char *h = strstr(url, "://");

        if (!e->row->full_proxy || !h || strncasecmp(url, "http:", 5) != 0)
                return false;
        h += 3;
        return proxied(e, arena_printf(e->a, "%.*s", (int)strcspn(h, ":/?#"), h));
}

static struct outcome way_to_other(const struct eval *e, const char *url)
{
        struct outcome o;

        if (!other_proxied(e, url))
                return outcome_off(NULL);
        o = endpoint_failed(e, "the request to AWS_CONTAINER_CREDENTIALS_FULL_URI goes to the HTTP proxy set in the environment");
        o.reason = REASON_PROXIED;
        o.uncertain = true;
        return o;
}

/* The outcome of a request for a credentials URI from the process; c NULL: rolewatch has not requested it. */
static struct outcome request_endpoint(const struct eval *e, const struct credential *c, enum server server)
{
        const char *refused = proxy_refused(e);
        struct outcome o = refused                  ? endpoint_failed(e, refused)
                           : server == SERVER_AGENT ? way_to_agent(e)
                                                    : way_to_other(e, remote_setting(e, ENV_VAR_FULL_URI, SYSPROP_FULL_URI));
        bool expired;

        if (o.state != STEP_OFF)
                return o;
        if (!c || c->answer.state == ANSWER_UNKNOWN || c->answer.state == ANSWER_DENIED)
                return outcome_unverified(PROVIDER_CONTAINER, c && c->role_arn ? arn_name(c->role_arn) : NULL,
                                          "rolewatch cannot see what this endpoint returns");
        expired = c->answer.state == ANSWER_EXPIRED;
        if (c->answer.state != ANSWER_OK && !expired)
                return endpoint_failed(e, arena_printf(e->a, "the container endpoint fails: %s", answer_text(e->a, &c->answer)));
        if (expired && !version_has(e->in->version, e->row->since.expired_used))
                return endpoint_failed(e, "the endpoint returns expired credentials, which this release rejects");
        return (struct outcome){
                .state = STEP_WINS, .provider = PROVIDER_CONTAINER, .role = arn_name(c->role_arn), .key_id = c->key_id,
                .expired = expired,
                .uncertain = server == SERVER_AGENT && e->in->net_container->state != ANSWER_OK,
                .detail = expired ? "the endpoint returns expired credentials" : "the endpoint returns credentials"
        };
}

static struct outcome request_relative(const struct eval *e)
{
        const char *relative = remote_setting(e, ENV_VAR_RELATIVE_URI, SYSPROP_RELATIVE_URI);
        const char *base = remote_setting(e, ENV_VAR_CONTAINER_ENDPOINT, SYSPROP_CONTAINER_ENDPOINT);
        struct outcome o;

        if (e->row->base_variable && value_present(NONEMPTY, base))
                return outcome_unverified(PROVIDER_CONTAINER, NULL, "AWS_CONTAINER_SERVICE_ENDPOINT sets another endpoint");
        if (e->row->base_v3 && e->in->env[ENV_VAR_METADATA_V3]) {
                o = endpoint_failed(e, "this release requests them below ECS_CONTAINER_METADATA_URI, which ECS sets: unset it for the program, or update the library");
                o.uncertain = true;     /* what the ECS agent returns there is not a contract */
                return o;
        }
        if (!*relative) {
                o = unusable(e, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is set but empty");
                o.none = o.none || e->row->empty_relative_is_none;
                return o;
        }
        if (*relative != '/')
                return unusable(e, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is not a path");
        return request_endpoint(e, e->in->cred_relative, SERVER_AGENT);
}

/* Does this release accept the host of FULL_URI? */
static bool full_allowed(const struct eval *e)
{
        unsigned hosts = e->row->hosts;

        if (!version_has(e->in->version, e->row->since.token_file))
                hosts = e->row->hosts_before;
        else if (e->row->token_file_any_host && value_present(NONEMPTY, e->in->env[ENV_VAR_TOKEN_FILE]))
                hosts = HOST_ANY | HOST_HTTPS;
        if (!version_has(e->in->version, e->row->since.https))
                hosts &= ~(unsigned)HOST_HTTPS;
        return host_allowed(hosts, remote_setting(e, ENV_VAR_FULL_URI, SYSPROP_FULL_URI));
}

static struct outcome request_full(const struct eval *e)
{
        static const char agent[] = "http://169.254.170.2";
        const char *url = remote_setting(e, ENV_VAR_FULL_URI, SYSPROP_FULL_URI), *rest = url + strlen(agent);
        enum server server = SERVER_OTHER;

        if (strstr(url, "://") && !scheme_known(url) && e->row->rules_known && !e->row->full_any_scheme && e->row->unusable_uri == UNUSABLE_FAILS)
                return unusable(e, "AWS_CONTAINER_CREDENTIALS_FULL_URI is neither http nor https");
        if (!full_allowed(e) && e->row->full_by_name && host_is_name(url))
                return outcome_unverified(PROVIDER_CONTAINER, NULL, "rolewatch does not look up the host of AWS_CONTAINER_CREDENTIALS_FULL_URI");
        if (!full_allowed(e) && host_unusual(url))
                return outcome_unverified(PROVIDER_CONTAINER, NULL, "the host of AWS_CONTAINER_CREDENTIALS_FULL_URI is an address in an unusual form");
        if (!full_allowed(e))
                return unusable(e, arena_printf(e->a, "this SDK refuses the host in %s", url));
        if (strncmp(url, agent, strlen(agent)) == 0 && (*rest == '/' || *rest == '\0' || strncmp(rest, ":80/", 4) == 0))
                server = SERVER_AGENT;
        return request_endpoint(e, e->in->cred_full, server);
}

enum uri { URI_NONE, URI_RELATIVE, URI_FULL };

/* The URI that the SDK uses; where both are set, the one that takes precedence. */
static enum uri uri_of(const struct eval *e)
{
        bool relative = relative_is_set(e), full = full_set(e);

        if (full && (!relative || e->row->full_first))
                return URI_FULL;
        return relative ? URI_RELATIVE : URI_NONE;
}

/* Does the SDK need the token file, and is it not readable? */
static bool token_file_broken(const struct eval *e)
{
        const char *name = e->in->env[ENV_VAR_TOKEN_FILE];

        if (!value_present(e->row->empty_token_file_set ? EXISTS : NONEMPTY, name) || !version_has(e->in->version, e->row->since.token_file))
                return false;
        if (e->row->token_first && value_present(NONEMPTY, remote_setting(e, ENV_VAR_TOKEN, SYSPROP_TOKEN)))
                return false;
        return !*name || (e->in->token_file != FILE_OK && e->in->token_file != FILE_MALFORMED && e->in->token_file != FILE_UNKNOWN);
}

/* A token that cannot be sent: the text has a line break, or the file has one and the SDK keeps it. State OFF: it can be sent. */
static struct outcome token_unsendable(const struct eval *e, enum uri uri)
{
        static const char why[] = "the authorization token has a line break, which no HTTP header may have";
        const char *token = remote_setting(e, ENV_VAR_TOKEN, SYSPROP_TOKEN);
        bool file = value_present(NONEMPTY, e->in->env[ENV_VAR_TOKEN_FILE]) && version_has(e->in->version, e->row->since.token_file) &&
                    (uri == URI_FULL || !e->row->token_file_full_only) && !(e->row->token_first && value_present(NONEMPTY, token));
        struct outcome o = endpoint_failed(e, why);

        /* An SDK whose chain an unreadable token file ends may end it here, too, and may not send the token with RELATIVE_URI. */
        o.uncertain = !e->row->rules_known || e->row->token_file_ends_chain;
        if (!full_known(e))
                return outcome_off(NULL);       /* tokens came with FULL_URI */
        if (file)
                return e->in->token_file == FILE_MALFORMED && !e->row->token_file_trimmed ? o : outcome_off(NULL);
        return streq(token, MODEL_REDACTED_LINES) && !e->row->token_trimmed ? o : outcome_off(NULL);
}

struct outcome step_container(struct eval *e, enum step_kind kind)
{
        static const char broken[] = "the authorization token file cannot be read";
        enum uri uri = uri_of(e);
        struct outcome o;

        (void)kind;
        if (!version_has(e->in->version, e->row->since.container))
                return outcome_off("this release has no container provider");
        if (e->row->token_file_always && token_file_broken(e) && (full_set(e) || !e->row->token_file_full_only)) {
                e->container_chosen = true;
                return outcome_failed(PROVIDER_CONTAINER, broken);
        }
        if (uri == URI_NONE)
                return outcome_off(e->in->env[ENV_VAR_RELATIVE_URI]
                                           ? "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is empty, which this SDK treats as unset"
                                           : "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is not in the environment");
        e->container_chosen = true;
        if (e->row->metadata_timeout == TIMEOUT_REMOTE && timeout_invalid(e)) {
                o = outcome_failed(PROVIDER_CONTAINER, "AWS_METADATA_SERVICE_TIMEOUT is no number");
                o.ends = true;
                return o;
        }
        if (token_file_broken(e) && (uri == URI_FULL || !e->row->token_file_full_only)) {
                o = endpoint_failed(e, broken);
                /* The SDK rejects a host before it opens the file. */
                o.ends = e->row->token_file_ends_chain && (uri != URI_FULL || full_allowed(e));
                return o;
        }
        o = token_unsendable(e, uri);
        if (o.state != STEP_OFF)
                return o;
        return uri == URI_FULL ? request_full(e) : request_relative(e);
}
