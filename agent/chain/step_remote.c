/* The two remote steps: the container endpoint and IMDS. */
#include <strings.h>
#include "rows.h"

static struct outcome failed(enum provider p, const char *detail)
{
        return (struct outcome){ .state = STEP_FAILED, .provider = p, .detail = detail };
}

static const char *setting(const struct eval *e, enum env_var var, enum sysprop prop)
{
        if (e->row->jvm == JVM_V2 && e->in->prop[prop])
                return e->in->prop[prop];
        return e->in->env[var];
}

static bool full_known(const struct eval *e)
{
        return version_has(e->in->version, e->row->since.full);
}

static bool rel_set(const struct eval *e)
{
        return value_present(e->row->rel_present, setting(e, E_REL, P_REL));
}

static bool full_set(const struct eval *e)
{
        return full_known(e) && value_present(e->row->full_present, setting(e, E_FULL, P_FULL));
}

bool container_configured(const struct eval *e) { return rel_set(e) || full_set(e); }

struct host_row {
        const char *host;
        unsigned bit;
};
static const struct host_row host_rows[] = {
        { "localhost", HOST_LOCALHOST }, { "127.0.0.1", HOST_127_1 | HOST_LOOP4 },
        { "[::1]", HOST_LOOP6 },         { "169.254.170.2", HOST_ECS },
        { "169.254.170.23", HOST_EKS4 }, { "[fd00:ec2::23]", HOST_EKS6 },
};

/* Does the SDK talk to the host of this URL ("scheme://host[:port]/...")? */
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
        len = *h == '[' ? strcspn(h, "]") + 1 : strcspn(h, ":/?#");
        for (size_t i = 0; i < ARRAY_SIZE(host_rows); i++)
                if (strlen(host_rows[i].host) == len && strncasecmp(h, host_rows[i].host, len) == 0)
                        return allowed & host_rows[i].bit;
        return len > 4 && strncmp(h, "127.", 4) == 0 && (allowed & HOST_LOOP4);
}

/* A URI that no request can be made of: three ways to go on. */
static struct outcome unusable(struct eval *e, const char *why)
{
        struct outcome o = failed(PROVIDER_CONTAINER, why);

        o.none = e->row->bad != BAD_FAILS || e->row->container_error_is_none;
        return o;
}

static struct outcome endpoint_failed(const struct eval *e, const char *why)
{
        struct outcome o = failed(PROVIDER_CONTAINER, why);

        o.none = e->row->container_error_is_none;
        return o;
}

/* Would a request to this address leave through a proxy of the environment? */
static bool proxied(const struct eval *e, const char *address)
{
        const char *proxy = e->in->env[E_HTTP_PROXY_LC] ? e->in->env[E_HTTP_PROXY_LC]
                                                        : e->in->env[E_HTTP_PROXY];
        const char *no =
                e->in->env[E_NO_PROXY_LC] ? e->in->env[E_NO_PROXY_LC] : e->in->env[E_NO_PROXY];

        return value_present(NONEMPTY, proxy) &&
               !(no && (strstr(no, address) || strchr(no, '*')));
}

/* What the agent says for a credentials URI, from where the process stands. */
static struct outcome ask_endpoint(struct eval *e, const struct credential *c, bool through_agent)
{
        const struct answer *net = e->in->net_container;

        if (through_agent && e->row->container_proxy && proxied(e, "169.254.170.2")) {
                struct outcome o = endpoint_failed(
                        e, "the request for the container endpoint goes to the environment's "
                           "HTTP proxy");

                o.reason = REASON_PROXIED;
                o.uncertain = true; /* a proxy may reach the endpoint, too */
                return o;
        }
        if (through_agent && net->state != ANSWER_OK && net->state != ANSWER_UNKNOWN &&
            net->state != ANSWER_DENIED)
                return endpoint_failed(e,
                                       arena_printf(e->a, "the container endpoint, from inside: %s",
                                                    answer_text(e->a, net)));
        if (!c || c->answer.state == ANSWER_UNKNOWN || c->answer.state == ANSWER_DENIED)
                return (struct outcome){ .state = STEP_WINS,
                                         .provider = PROVIDER_CONTAINER,
                                         .uncertain = true,
                                         .role = c && c->role_arn ? arn_name(c->role_arn) : NULL,
                                         .detail =
                                                 "the answer of this endpoint could not be seen" };
        if (c->answer.state == ANSWER_OK || c->answer.state == ANSWER_EXPIRED)
                return (struct outcome){
                        .state = STEP_WINS,
                        .provider = PROVIDER_CONTAINER,
                        .role = arn_name(c->role_arn),
                        .key_id = c->key_id,
                        .expired = c->answer.state == ANSWER_EXPIRED,
                        .uncertain = through_agent && net->state != ANSWER_OK,
                        .detail = c->answer.state == ANSWER_EXPIRED
                                          ? "the endpoint serves expired credentials"
                                          : "the endpoint answers with credentials"
                };
        return endpoint_failed(
                e, arena_printf(e->a, "the container endpoint: %s", answer_text(e->a, &c->answer)));
}

static struct outcome ask_relative(struct eval *e)
{
        const char *rel = setting(e, E_REL, P_REL), *base = setting(e, E_CSE, P_CSE);

        if (e->row->jvm == JVM_V2 && value_present(NONEMPTY, base))
                return (struct outcome){
                        .state = STEP_WINS,
                        .provider = PROVIDER_CONTAINER,
                        .uncertain = true,
                        .detail = "AWS_CONTAINER_SERVICE_ENDPOINT moves the endpoint"
                };
        if (!*rel) {
                struct outcome o =
                        unusable(e, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is set, but empty");

                o.none = o.none || e->row->empty_rel_is_none;
                return o;
        }
        if (*rel != '/')
                return unusable(e, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is not a path");
        return ask_endpoint(e, e->in->cred_rel, true);
}

/* Does this release talk to the host of FULL_URI? */
static bool full_allowed(const struct eval *e)
{
        unsigned hosts = e->row->hosts;

        if (!version_has(e->in->version, e->row->since.token_file))
                hosts = e->row->hosts_before;
        if (!version_has(e->in->version, e->row->since.https))
                hosts &= ~(unsigned)HOST_HTTPS;
        return host_allowed(hosts, setting(e, E_FULL, P_FULL));
}

static struct outcome ask_full(struct eval *e)
{
        const char *url = setting(e, E_FULL, P_FULL);
        bool agent;

        if (!full_allowed(e))
                return unusable(
                        e, arena_printf(e->a, "this SDK does not talk to the host of %s", url));
        agent = strncmp(url, "http://169.254.170.2", 20) == 0 &&
                (url[20] == '/' || url[20] == '\0' || strncmp(url + 20, ":80/", 4) == 0);
        return ask_endpoint(e, e->in->cred_full, agent);
}

static bool token_file_broken(const struct eval *e, bool full)
{
        const char *file = e->in->env[E_TOKF];

        if (!value_present(NONEMPTY, file) ||
            !version_has(e->in->version, e->row->since.token_file))
                return false;
        if (e->row->tok_first && value_present(NONEMPTY, setting(e, E_TOK, P_TOK)))
                return false;
        if (!full && e->row->token_file_full_only)
                return false;
        return e->in->token_file != FILE_OK && e->in->token_file != FILE_UNKNOWN;
}

struct outcome step_container(struct eval *e)
{
        bool rel = rel_set(e), full = full_set(e);
        bool use_full = full && (!rel || e->row->full_first);

        if (!version_has(e->in->version, e->row->since.container))
                return (struct outcome){ .state = STEP_OFF,
                                         .detail = "this version has no container provider" };
        if (e->row->token_file_always && token_file_broken(e, full)) {
                e->container_chosen = true;
                return failed(PROVIDER_CONTAINER, "the authorization token file cannot be read");
        }
        if (!rel && !full)
                return (struct outcome){ .state = STEP_OFF,
                                         .detail = e->in->env[E_REL]
                                                           ? "AWS_CONTAINER_CREDENTIALS_RELATIVE_"
                                                             "URI is empty: unset for this SDK"
                                                           : "AWS_CONTAINER_CREDENTIALS_RELATIVE_"
                                                             "URI is not in the environment" };
        e->container_chosen = true;
        if (token_file_broken(e, use_full)) {
                struct outcome o =
                        endpoint_failed(e, "the authorization token file cannot be read");

                /* A host that is refused is an error before the file is looked for. */
                o.ends = e->row->token_file_throws && (!use_full || full_allowed(e));
                return o;
        }
        return use_full ? ask_full(e) : ask_relative(e);
}

static bool disabled(const struct eval *e)
{
        const char *v = setting(e, E_DIS, P_DIS);

        if (!version_has(e->in->version, e->row->since.disabled))
                return false;
        switch (e->row->dis) {
        case DIS_EQ_TRUE:
                return streq(v, "true");
        case DIS_EQ_TRUE_CI:
                return v && strcasecmp(v, "true") == 0;
        case DIS_NONEMPTY:
                return v && *v;
        case DIS_NOT_FALSE_OR_EMPTY:
                return v && *v && strcmp(v, "false") != 0;
        case DIS_NOT_FALSE:
                return v && strcasecmp(v, "false") != 0;
        }
        return false;
}

static bool reached(const struct answer *x) { return x->state == ANSWER_OK; }

static bool v1_disabled(const struct eval *e)
{
        const char *v = e->in->env[E_V1DIS];

        return version_has(e->in->version, e->row->since.v1_disabled) &&
               value_present(NONEMPTY, v) && strcasecmp(v, "false") != 0;
}

/* By which version IMDS can be had from the namespace: NULL and why not when by none. */
static const char *imds_way(const struct eval *e, bool *ret_uncertain, struct outcome *ret_failed)
{
        const struct answer *token = e->in->net_imds_token, *v1 = e->in->net_imds_v1;
        bool v2_known = version_has(e->in->version, e->row->since.imds_v2);
        bool v1_off = v1_disabled(e);
        bool waits = e->row->v1 == V1_UNLESS_TIMEOUT && token->state == ANSWER_TIMEOUT;

        if (token->state == ANSWER_UNKNOWN || token->state == ANSWER_DENIED) {
                *ret_uncertain = true;
                return "IMDS (not looked at from inside)";
        }
        if (v2_known && reached(token))
                return "IMDSv2";
        if (v2_known && token->state == ANSWER_STATUS && token->status == 400) {
                ret_failed->detail = "IMDS refuses the token request: HTTP 400";
                return NULL;
        }
        if (e->row->v1 != V1_NEVER && !v1_off && reached(v1) && !waits)
                return v2_known ? "IMDSv1, after no token could be had"
                                : "IMDSv1, the only version this SDK speaks";
        if (!v2_known && reached(token))
                ret_failed->reason = REASON_V1_ONLY;
        ret_failed->detail = arena_printf(e->a, "IMDS: token %s, IMDSv1 %s",
                                v2_known ? answer_text(e->a, token) : "not known to this release",
                                v1_off                   ? "switched off"
                                : waits || e->row->v1 == V1_NEVER ? "never asked"
                                                         : answer_text(e->a, v1));
        return NULL;
}

struct outcome step_imds(struct eval *e)
{
        const struct host *h = e->in->host;
        const char *way;
        bool uncertain = false;
        struct outcome none = { .state = STEP_FAILED, .provider = PROVIDER_IMDS, .none = true };

        if (disabled(e))
                return (struct outcome){ .state = STEP_OFF,
                                         .detail = "switched off by AWS_EC2_METADATA_DISABLED" };
        if (e->row->imds_proxy && proxied(e, "169.254.169.254")) {
                none.detail = "the request for IMDS goes to the environment's HTTP proxy";
                none.uncertain =
                        true; /* a proxy that answers with an error leaves nothing instead */
                none.none = false;
                none.reason = REASON_PROXIED;
                return none;
        }
        if (value_present(NONEMPTY, e->in->env[E_IMDS_ENDPOINT]))
                return (struct outcome){
                        .state = STEP_WINS,
                        .provider = PROVIDER_IMDS,
                        .uncertain = true,
                        .detail = "AWS_EC2_METADATA_SERVICE_ENDPOINT names another endpoint"
                };
        way = imds_way(e, &uncertain, &none);
        if (!way) {
                none.ends = e->row->v1 == V1_UNLESS_TIMEOUT &&
                            e->in->net_imds_token->state == ANSWER_TIMEOUT; /* it waits for ever */
                none.none = !(e->row->v1dis_fails && v1_disabled(e));
                return none;
        }
        if (h->imds_role_answer.state == ANSWER_STATUS && h->imds_role_answer.status == 404) {
                none.detail = "the instance has no role";
                return none;
        }
        /* A host may keep all but the agent from IMDS: that says nothing of who asks from inside. */
        if (answer_silent(&h->imds)) {
                uncertain = true;
                way = "IMDS answers here, but not to rolewatch: nobody can say whether the role is still the same";
        }
        if (h->imds_role_answer.state != ANSWER_OK && h->imds_role_answer.state != ANSWER_EXPIRED &&
            !uncertain) {
                none.detail = arena_printf(e->a, "IMDS has no credentials: %s",
                                           answer_text(e->a, &h->imds_role_answer));
                none.uncertain = h->imds_role_answer.state == ANSWER_UNKNOWN;
                return none;
        }
        return (struct outcome){ .state = STEP_WINS,
                                 .provider = PROVIDER_IMDS,
                                 .role = h->instance_role,
                                 .key_id = h->instance_key_id,
                                 .uncertain = uncertain,
                                 .detail = way,
                                 .expired = h->imds_role_answer.state == ANSWER_EXPIRED };
}
