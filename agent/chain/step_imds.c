/* The step that asks IMDS. */
#include <strings.h>
#include "view.h"

/* A setting of IMDS: a variable, and for some SDKs a key of the profile. */
static const char *imds_setting(const struct eval *e, enum env_var variable, enum profile_key key)
{
        struct eval sub = *e;
        struct view v;

        if (value_present(NONEMPTY, e->in->env[variable]) || !(e->row->imds_profile || (e->row->imds_endpoint_config && key != PROFILE_KEY_METADATA_V1_DISABLED)))
                return e->in->env[variable];
        sub.settings_only = true;
        v = view_of(&sub, profile_name(e));
        return key_of(&v, key);
}

static bool disabled(const struct eval *e)
{
        const char *v = remote_setting(e, ENV_VAR_METADATA_DISABLED, SYSPROP_METADATA_DISABLED);

        if (!version_has(e->in->version, e->row->since.disabled))
                return false;
        switch (e->row->metadata_disabled) {
        case DISABLED_BY_TRUE:
                return streq(v, "true");
        case DISABLED_BY_TRUE_IN_ANY_CASE:
                return v && strcasecmp(v, "true") == 0;
        case DISABLED_BY_ANYTHING:
                return v && *v;
        case DISABLED_UNLESS_FALSE_OR_EMPTY:
                return v && *v && strcmp(v, "false") != 0;
        case DISABLED_UNLESS_FALSE:
                return v && strcasecmp(v, "false") != 0;
        }
        return false;
}

static bool reached(const struct answer *x) { return x->state == ANSWER_OK; }

static bool v1_disabled(const struct eval *e)
{
        const char *v = imds_setting(e, ENV_VAR_METADATA_V1_DISABLED, PROFILE_KEY_METADATA_V1_DISABLED);

        if (!version_has(e->in->version, e->row->since.v1_disabled))
                return false;
        if (e->row->imds_v1_switch == V1_OFF_UNLESS_FALSE_EVEN_EMPTY && streq(e->in->env[ENV_VAR_METADATA_V1_DISABLED], ""))
                return true;
        if (!value_present(NONEMPTY, v))
                return false;
        switch (e->row->imds_v1_switch) {
        case V1_OFF_UNLESS_FALSE:
        case V1_OFF_UNLESS_FALSE_EVEN_EMPTY:
                return strcasecmp(v, "false") != 0;
        case V1_OFF_BY_TRUE_EXACTLY:
                return streq(v, "true");
        case V1_OFF_BY_TRUE_OR_1:
                return strcasecmp(v, "true") == 0 || streq(v, "1");
        case V1_OFF_BY_TRUE:
                return strcasecmp(v, "true") == 0;
        case V1_OFF_UNLESS_FALSE_EXACTLY:
                return strcmp(v, "false") != 0;
        }
        return false;
}

/* Does the SDK hang here? It uses IMDSv1 only once the token request is refused, and this one times out. */
static bool waits_for_token(const struct eval *e)
{
        return e->row->imds_v1 == V1_UNLESS_TIMEOUT && e->in->net_imds_token->state == ANSWER_TIMEOUT;
}

/* Which IMDS version the SDK reaches from its namespace: sets the detail of o, and FAILED where it reaches none. */
static void imds_way(const struct eval *e, struct outcome *o)
{
        const struct answer *token = e->in->net_imds_token, *v1 = e->in->net_imds_v1;
        bool v2_known = version_has(e->in->version, e->row->since.imds_v2), v1_off = v1_disabled(e);
        bool never = waits_for_token(e) || e->row->imds_v1 == V1_NEVER;

        if (token->state == ANSWER_UNKNOWN || token->state == ANSWER_DENIED) {
                o->uncertain = true;
                o->detail = "IMDS (not tested from the container)";
        } else if (v2_known && reached(token)) {
                o->detail = "IMDSv2";
        } else if (v2_known && token->state == ANSWER_STATUS && token->status == 400) {
                o->state = STEP_FAILED;
                o->detail = "IMDS rejects the token request: HTTP 400";
        } else if (!never && !v1_off && reached(v1)) {
                o->detail = v2_known ? "IMDSv1, because no token is available" : "IMDSv1, the only version that this SDK supports";
        } else {
                o->state = STEP_FAILED;
                o->reason = !v2_known && reached(token) ? REASON_V1_ONLY : REASON_OTHER;
                o->detail = arena_printf(e->a, "IMDS fails (token: %s; IMDSv1: %s)",
                                         v2_known ? answer_text(e->a, token) : "not supported by this release",
                                         v1_off  ? "disabled"
                                         : never ? "not used"
                                                 : answer_text(e->a, v1));
        }
}

/* IMDS fails, for the host at least, and the credentials that it gave before are valid. */
static bool holds(const struct host *h)
{
        return (answer_outage(&h->imds) || answer_outage(&h->imds_role_answer)) && h->instance_role && h->instance_expires_s > h->taken_s;
}

/* The instance role, as IMDS told the host; o is an outcome that wins so far. */
static void imds_role(const struct eval *e, struct outcome *o)
{
        const struct host *h = e->in->host;
        enum answer_state role = h->imds_role_answer.state;

        if (role == ANSWER_STATUS && h->imds_role_answer.status == 404) {
                *o = outcome_failed(PROVIDER_IMDS, "the instance has no role");
                o->none = true;
                return;
        }
        /* A host may block IMDS for all but the agent, which says nothing about requests from the container. */
        if (holds(h)) {
                o->detail = arena_printf(e->a, "%s, before it failed: the credentials that it gave are still valid", o->detail);
        } else if (answer_silent(&h->imds)) {
                o->uncertain = true;
                o->detail = "IMDS answers the container but not rolewatch, so the role may have changed";
        } else if (role != ANSWER_OK && role != ANSWER_EXPIRED) {
                *o = outcome_failed(PROVIDER_IMDS, arena_printf(e->a, "IMDS returns no credentials: %s",
                                                                answer_text(e->a, &h->imds_role_answer)));
                o->none = true;
                o->uncertain = role == ANSWER_UNKNOWN;
                return;
        }
        o->role = h->instance_role;
        o->key_id = h->instance_key_id;
        o->expired = role == ANSWER_EXPIRED;
}

/* Is this URL one of IMDS itself? With a slash at the end, some SDKs request "//latest", whose answer is not known. */
static bool endpoint_usual(const char *url)
{
        return strcasecmp(url, "http://169.254.169.254") == 0 || strcasecmp(url, "http://[fd00:ec2::254]") == 0;
}

/* Is it known that this release has no token, but not what it does about IMDSv1? */
static bool switch_unsure(const struct eval *e)
{
        const char *v = e->in->env[ENV_VAR_METADATA_V1_DISABLED];

        return !e->row->rules_known && value_present(NONEMPTY, v) && strcasecmp(v, "true") != 0 && strcasecmp(v, "false") != 0 &&
               !reached(e->in->net_imds_token);
}

static bool mode_read(const struct eval *e) { return !e->row->imds_mode_ignored && version_has(e->in->version, e->row->since.imds_mode); }

static bool mode_valid(const struct eval *e, const char *mode)
{
        int (*differ)(const char *, const char *) = e->row->imds_mode_exact ? strcmp : strcasecmp;

        return differ(mode, "IPv4") == 0 || differ(mode, "IPv6") == 0;
}

static struct outcome request_imds(struct eval *e)
{
        struct outcome o = { .state = STEP_WINS, .provider = PROVIDER_IMDS, .uncertain = switch_unsure(e) };
        const char *endpoint = imds_setting(e, ENV_VAR_IMDS_ENDPOINT, PROFILE_KEY_IMDS_ENDPOINT);
        const char *mode = imds_setting(e, ENV_VAR_IMDS_MODE, PROFILE_KEY_IMDS_MODE);

        if (disabled(e))
                return outcome_off("disabled by AWS_EC2_METADATA_DISABLED");
        if (e->row->metadata_timeout != TIMEOUT_UNCHECKED && timeout_invalid(e)) {
                o = outcome_failed(PROVIDER_IMDS, "AWS_METADATA_SERVICE_TIMEOUT is no number");
                o.ends = e->row->metadata_timeout == TIMEOUT_REMOTE;
                return o;
        }
        if (proxy_refused(e))
                return outcome_failed(PROVIDER_IMDS, proxy_refused(e));
        if (e->row->imds_proxy && proxied(e, "169.254.169.254")) {
                o = outcome_failed(PROVIDER_IMDS, "the request to IMDS goes to the HTTP proxy set in the environment");
                o.uncertain = true;    /* the proxy may reach IMDS */
                o.reason = REASON_PROXIED;
                return o;
        }
        if (value_present(NONEMPTY, mode) && mode_read(e) && !mode_valid(e, mode)) {
                o = outcome_failed(PROVIDER_IMDS, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE, or its key in the profile, is neither IPv4 nor IPv6");
                o.uncertain = !e->row->rules_known;
                return o;
        }
        if (value_present(NONEMPTY, endpoint) && !endpoint_usual(endpoint))
                return outcome_unverified(PROVIDER_IMDS, NULL, "AWS_EC2_METADATA_SERVICE_ENDPOINT, or its key in the profile, sets another endpoint");
        imds_way(e, &o);
        if (o.state == STEP_FAILED) {
                o.ends = waits_for_token(e);   /* it waits forever */
                o.none = !(e->row->imds_v1_disabled_fails && v1_disabled(e));
                return o;
        }
        imds_role(e, &o);
        return o;
}

struct outcome step_imds(struct eval *e, enum step_kind kind)
{
        const char *refused = imds_file_refused(e);
        struct outcome o = refused ? outcome_failed(PROVIDER_IMDS, refused) : request_imds(e);

        (void)kind;
        o.uncertain = o.uncertain || (e->row->imds_v1_switch_unsure && v1_switch_is_set(e)) || (e->row->imds_two_slashes && o.state == STEP_WINS);
        return o;
}
