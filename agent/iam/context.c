/* The context keys of a request: those that are listed, those that every request has, and the variables they fill. */
#include <stdio.h>
#include <strings.h>
#include "iam_internal.h"

/* ---- keys that every request has ---- */

static const char *own_copy(struct eval *e, enum own_text which, struct span w)
{
        char *to = e->storage->own_text[which];

        if (!w.len || w.len >= OWN_TEXT_MAX)
                return NULL;
        memcpy(to, w.s, w.len);
        to[w.len] = '\0';
        return to;
}

/* "assumed-role/NAME/SESSION" and "user/path/NAME": the name. */
static struct span caller_name(const struct eval *e)
{
        struct span rest = e->caller_arn[5];
        const char *first = memchr(rest.s, '/', rest.len), *last = memrchr(rest.s, '/', rest.len);
        const char *end = rest.s + rest.len;

        if (e->caller != CALLER_SESSION)
                return (struct span){ last + 1, (size_t)(end - last - 1) };
        last = memchr(first + 1, '/', (size_t)(end - first - 1));
        return (struct span){ first + 1, (size_t)((last ? last : end) - first - 1) };
}

/* Of sts:GetFederationToken. */
static bool is_federated_user(const struct eval *e)
{
        return e->caller == CALLER_OTHER && e->caller_arn[5].len && span_begins(e->caller_arn[5], "federated-user/");
}

/* The role's ARN, of a session without its path unless the request says it. */
static const char *own_arn(struct eval *e)
{
        char *to = e->storage->own_text[OWN_ARN];
        struct span name;
        int n;

        if (e->rq->role_arn)
                return e->rq->role_arn;
        if (e->caller == CALLER_ROLE || e->caller == CALLER_USER || e->caller == CALLER_ROOT || is_federated_user(e))
                return e->rq->principal;
        if (e->caller != CALLER_SESSION)
                return NULL;
        name = caller_name(e);
        n = snprintf(to, OWN_TEXT_MAX, "arn:%.*s:iam::%.*s:role/%.*s", (int)e->caller_arn[1].len,
                     e->caller_arn[1].s, (int)e->account.len, e->account.s, (int)name.len, name.s);
        return n > 0 && n < OWN_TEXT_MAX ? to : NULL;
}

static const char *own_account(struct eval *e) { return own_copy(e, OWN_ACCOUNT, e->account); }

static const char *own_type(struct eval *e)
{
        switch (e->caller) {
        case CALLER_SESSION: case CALLER_ROLE:
                return "AssumedRole";
        case CALLER_USER:
                return "User";
        case CALLER_ROOT:
                return "Account";
        case CALLER_SERVICE: case CALLER_FEDERATED: case CALLER_OTHER:
                break;
        }
        return is_federated_user(e) ? "FederatedUser" : NULL;
}

static const char *own_name(struct eval *e)
{
        return e->caller == CALLER_USER ? own_copy(e, OWN_NAME, caller_name(e)) : NULL;
}

/* A request for resources with a wildcard region is for any region. */
static const char *own_region(struct eval *e)
{
        const struct span region = e->n_arn ? e->arn[3] : (struct span){ "", 0 };

        if (memchr(region.s, '*', region.len) || memchr(region.s, '?', region.len))
                return NULL;
        return own_copy(e, OWN_REGION, region);
}

static const char *own_owner(struct eval *e)
{
        if (e->rq->resource_account)
                return e->rq->resource_account;
        return e->n_arn && is_account(e->arn[4]) ? own_copy(e, OWN_OWNER, e->arn[4]) : NULL;
}

static const char *own_service(struct eval *e) { return e->caller == CALLER_SERVICE ? "true" : "false"; }
/* A service that calls for the caller is named in aws:CalledVia. */
static const char *own_via(struct eval *e)
{
        for (size_t i = 0; i < e->rq->n_context; i++)
                if (strcasecmp(e->rq->context[i].name, "aws:CalledVia") == 0 && e->rq->context[i].presence != IAM_KEY_ABSENT)
                        return e->rq->context[i].presence == IAM_KEY_KNOWN ? (e->rq->context[i].n ? "true" : "false") : NULL;
        return e->rq->closed ? "false" : NULL;
}

static const char *own_hidden(struct eval *e) { return (void)e, NULL; }

/*
 * IAM user guide, AWS global condition context keys, "Availability": these are
 * in every request, so that one that is not listed is not absent. Where the
 * request does not say the value, it is there and not known. (aws:UserAgent is
 * said to be, too; but it is a header, which a client may leave out.)
 */
enum where { EVERYWHERE, OF_RESOURCES /* where the resource is an ARN */, OF_ACCOUNTS /* of callers of an account */,
             OF_USERS };
static const struct own_key {
        const char *name;
        enum where where;
        const char *(*value)(struct eval *e);
} own_keys[] = {
        { "aws:PrincipalArn", OF_ACCOUNTS, own_arn },
        { "aws:PrincipalAccount", OF_ACCOUNTS, own_account },
        { "aws:PrincipalType", EVERYWHERE, own_type },
        { "aws:PrincipalIsAWSService", EVERYWHERE, own_service },
        { "aws:ViaAWSService", OF_ACCOUNTS, own_via },
        { "aws:userid", OF_ACCOUNTS, own_hidden },
        { "aws:username", OF_USERS, own_name },
        { "aws:CurrentTime", EVERYWHERE, own_hidden },
        { "aws:EpochTime", EVERYWHERE, own_hidden },
        { "aws:SecureTransport", EVERYWHERE, own_hidden },
        { "aws:RequestedRegion", EVERYWHERE, own_region },
        { "aws:ResourceAccount", OF_RESOURCES, own_owner },
};
_Static_assert(ARRAY_SIZE(own_keys) <= OWN_KEYS_MAX, "a value for each key");

static bool is_everywhere(const struct eval *e, enum where where)
{
        switch (where) {
        case EVERYWHERE:
                return true;
        case OF_RESOURCES:
                return e->n_arn != 0 || e->rq->resource_account;
        case OF_ACCOUNTS:
                return e->account.len && e->caller != CALLER_FEDERATED;
        case OF_USERS:
                return e->caller == CALLER_USER;
        }
        return false;
}

/*
 * IAM user guide, aws:ResourceAccount, "Availability": actions that do not support the key. The list has
 * changed over the years, so that whether they have it is not known.
 */
static bool may_lack_owner(const struct eval *e)
{
        static const char *const services[] = { "ebs", "events" };
        static const char *const actions[] = {
                "ec2:accepttransitgatewaypeeringattachment", "ec2:acceptvpcendpointconnections",
                "ec2:acceptvpcpeeringconnection", "ec2:copyfpgaimage", "ec2:copyimage", "ec2:copysnapshot",
                "ec2:createtransitgatewaypeeringattachment", "ec2:createvolume", "ec2:createvpcendpoint",
                "ec2:createvpcpeeringconnection", "ec2:deletetransitgatewaypeeringattachment",
                "ec2:deletevpcpeeringconnection", "ec2:rejecttransitgatewaypeeringattachment",
                "ec2:rejectvpcendpointconnections", "ec2:rejectvpcpeeringconnection",
                "route53:associatevpcwithhostedzone", "route53:createvpcassociationauthorization",
                "route53:deletevpcassociationauthorization", "route53:disassociatevpcfromhostedzone",
                "route53:listhostedzonesbyvpc", "workspaces:describeworkspaceimages",
        };

        for (size_t i = 0; i < ARRAY_SIZE(services); i++)
                if (span_is(e->service, services[i]))
                        return true;
        for (size_t i = 0; i < ARRAY_SIZE(actions); i++)
                if (span_is(e->action, actions[i]))
                        return true;
        return false;
}

static struct iam_key key_not_listed(struct eval *e, const char *name)
{
        for (size_t i = 0; i < ARRAY_SIZE(own_keys); i++) {
                const struct own_key *k = &own_keys[i];
                const char **value = &e->storage->own[i];

                if (strcasecmp(k->name, name) != 0 || !is_everywhere(e, k->where))
                        continue;
                if (k->where == OF_RESOURCES && may_lack_owner(e))
                        return (struct iam_key){ .name = name, .presence = IAM_KEY_UNKNOWN };
                *value = k->value(e);
                return (struct iam_key){ .name = name, .presence = *value ? IAM_KEY_KNOWN : IAM_KEY_HIDDEN,
                                         .values = value, .n = *value != NULL };
        }
        return (struct iam_key){ .name = name, .presence = e->rq->closed ? IAM_KEY_ABSENT : IAM_KEY_UNKNOWN };
}

/* ---- keys that are listed ---- */

static bool is_prefix(const char *entry, const char *name)
{
        size_t n = strlen(entry);

        return n > 1 && entry[n - 1] == '*' && strncasecmp(entry, name, n - 1) == 0;
}

/* Most keys are ASCII, and differ early. */
static bool context_is_key(const char *entry, const char *name)
{
        if (strcasecmp(entry, name) == 0)
                return true;
        for (const char *c = name; *c; c++)
                if ((unsigned char)*c >= 0x80)
                        return letter_case_equal(span_of(entry), span_of(name)) == IAM_YES;
        return false;
}

const struct iam_key *context_listed(const struct iam_request *rq, const char *name)
{
        for (size_t i = 0; i < rq->n_context; i++)
                if (context_is_key(rq->context[i].name, name))
                        return &rq->context[i];
        for (size_t i = 0; i < rq->n_context; i++)
                if (is_prefix(rq->context[i].name, name))
                        return &rq->context[i];
        return NULL;
}

struct iam_key context_get(struct eval *e, const char *name)
{
        const struct iam_key *listed;

        /* What a comparison reads is no longer than the name. */
        if (!steps_take(e->steps, e->rq->n_context * (2 + strlen(name)))) {
                maybe_size(e);
                return (struct iam_key){ .name = name, .presence = IAM_KEY_UNKNOWN };
        }
        listed = context_listed(e->rq, name);
        return listed ? *listed : key_not_listed(e, name);
}

/* Service authorization reference and IAM user guide, "multivalued context keys". */
bool key_is_multivalued(const char *name)
{
        static const char *const keys[] = {
                "aws:CalledVia", "aws:PrincipalOrgPaths", "aws:PrincipalServiceNamesList", "aws:ResourceOrgPaths",
                "aws:SourceOrgPaths", "aws:TagKeys", "aws:VpceOrgPaths", "dynamodb:Attributes", "dynamodb:LeadingKeys",
                "kms:EncryptionContextKeys", "kms:GrantOperations", "route53:ChangeResourceRecordSetsActions",
                "route53:ChangeResourceRecordSetsNormalizedRecordNames", "route53:ChangeResourceRecordSetsRecordTypes",
                "s3:RequestObjectTagKeys", "sts:TransitiveTagKeys",
        };

        for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
                if (strcasecmp(keys[i], name) == 0)
                        return true;
        return false;
}

/* ---- variables ---- */

static bool is_list(const struct iam_key *k, const char *name)
{
        return k->presence == IAM_KEY_KNOWN && (k->n != 1 || (k->multi && key_is_multivalued(name)));
}

bool pattern_has_list(struct eval *e, const struct pattern *p)
{
        for (size_t i = 0; i < p->n_variables; i++) {
                struct iam_key k = context_get(e, p->variables[i].key);

                if (is_list(&k, p->variables[i].key))
                        return true;
        }
        return false;
}

/* The text of one variable; NO: it has none, or several values. *ret_empty is set when the text is empty. */
static enum iam_tri variable_value(struct eval *e, const struct variable *v, const char **ret, bool *ret_empty)
{
        struct iam_key k = context_get(e, v->key);

        if (k.presence == IAM_KEY_HIDDEN || k.presence == IAM_KEY_UNKNOWN)
                return maybe(e, IAM_WHY_KEY, v->key);
        if (k.presence == IAM_KEY_ABSENT)
                *ret = v->fallback;
        else
                *ret = is_list(&k, v->key) ? NULL : k.values[0];
        if (*ret && !**ret) {
                /* The default may count in place of the empty value. */
                if (v->fallback && *v->fallback)
                        return maybe_ruling(e, IAM_RULING_EMPTY_VALUE);
                *ret_empty = true;
        }
        return tri(*ret != NULL);
}

enum iam_tri pattern_fill(struct eval *e, const struct pattern *p, struct filled *buf, struct glob *ret)
{
        size_t n = 0, next = 0;

        *ret = p->glob;
        buf->empty = false;
        if (!p->n_variables)
                return IAM_YES;
        if (!steps_take(e->steps, p->glob.len))
                return maybe_size(e);
        for (size_t i = 0; i < p->glob.len; i++) {
                struct span value = { &p->glob.s[i], 1 };
                bool variable = p->glob.signs[i] == SIGN_VARIABLE;

                if (variable) {
                        const char *text = NULL;
                        enum iam_tri r = variable_value(e, &p->variables[next++], &text, &buf->empty);

                        if (r != IAM_YES)
                                return r;
                        value = span_of(text);
                }
                if (n + value.len > PATTERN_MAX)
                        return maybe(e, IAM_WHY_SIZE, p->text);
                memcpy(buf->s + n, value.s, value.len);
                memset(buf->signs + n, variable ? SIGN_NONE : p->glob.signs[i], value.len);
                n += value.len;
        }
        *ret = (struct glob){ buf->s, buf->signs, n };
        return IAM_YES;
}
