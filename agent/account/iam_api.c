/*
 * Roles and their policies by the IAM API, in the form of a bundle: GetRole,
 * then every inline policy, then the default version of every managed one.
 */
#include <stdio.h>
#include "bundle.h"
#include "cache.h"
#include "clients.h"
#include "iam_api.h"
#include "rolewatch/limits.h"

struct job {
        struct aws_client *c;
        struct arena *a;
        cJSON *policies;               /* the bundle's list of managed ones */
        const char *error;
};

/* The result element of one call ("ACTIONResult"). *ret is the caller's; -ENOENT, -EACCES and -EBUSY (no answer, or not now) with the job's fault. */
static int iam_request(struct job *j, const struct aws_request *q, cJSON **ret)
{
        struct aws_answer answer;
        char result[64];
        int r = aws_send(j->c, q, &answer);

        if (r < 0)
                return r;
        if (answer.state != ANSWER_OK) {
                struct answer x = { answer.state, answer.status, NULL };

                j->error = arena_printf(j->a, "iam:%s of %s: %s%s%s", q->action, q->n_params ? q->params[0].value : "",
                                        answer.code[0] ? answer.code : answer_text(j->a, &x),
                                        answer.message[0] ? ": " : "", answer.message);
                /* The names of policies are untrusted, too: they came with a response. */
                if (j->error)
                        j->error = arena_escape(j->a, j->error, strlen(j->error), 2 * FIELD_MAX);
                if (!j->error)
                        return -ENOMEM;
                if (aws_passing(&answer) || (answer.state != ANSWER_STATUS && answer.state != ANSWER_GARBAGE))
                        return -EBUSY;
                return streq(answer.code, "NoSuchEntity") ? -ENOENT : -EACCES;
        }
        snprintf(result, sizeof result, "%sResult", q->action);
        *ret = cJSON_DetachItemFromObjectCaseSensitive(answer.body, result);
        aws_answer_done(&answer);
        if (*ret)
                return 0;
        j->error = arena_printf(j->a, "iam:%s: the response has no %s", q->action, result);
        return j->error ? -EACCES : -ENOMEM;
}

static const char *iam_str(const cJSON *o, const char *key)
{
        const char *v;

        return json_get_str(o, key, FIELD_MAX, &v) == 0 ? v : NULL;
}

/* A list of one role, which may come in pages. */
struct listing {
        const char *action, *list;
        int (*take)(struct job *j, const char *role, const cJSON *entry, cJSON *to);
};

static int each(struct job *j, const struct listing *l, const char *role, cJSON *to)
{
        char marker[1024] = "";
        int r = 0;

        do {
                const struct aws_param params[] = { { "RoleName", role }, { "Marker", marker } };
                const struct aws_request q = { .service = AWS_IAM, .action = l->action, .params = params,
                                               .n_params = *marker ? 2 : 1 };
                CLEANUP(json_freep) cJSON *page = NULL;
                const cJSON *entry;

                r = iam_request(j, &q, &page);
                if (r < 0)
                        return r;
                JSON_EACH(entry, cJSON_GetObjectItemCaseSensitive(page, l->list))
                        if (r == 0)
                                r = l->take(j, role, entry, to);
                if (!streq(iam_str(page, "IsTruncated"), "true"))
                        break;
                snprintf(marker, sizeof marker, "%s", iam_str(page, "Marker") ? iam_str(page, "Marker") : "");
        } while (r == 0 && *marker);
        return r;
}

/* {name: ..., document: {...}}; a document that is no JSON is not passed over. */
static int put_document(struct job *j, cJSON *o, const char *key, const cJSON *doc)
{
        cJSON *object = NULL;
        int r = bundle_document(doc, &object);

        if (r == 0 && cJSON_AddItemToObject(o, key, object))
                return 0;
        cJSON_Delete(object);
        if (r != -EBADMSG)
                return -ENOMEM;
        j->error = "a policy document is not valid JSON";
        return -EACCES;
}

static int take_inline(struct job *j, const char *role, const cJSON *entry, cJSON *to)
{
        const char *name = cJSON_GetStringValue(entry);
        const struct aws_param params[] = { { "RoleName", role }, { "PolicyName", name ? name : "" } };
        CLEANUP(json_freep) cJSON *got = NULL;
        cJSON *o;
        int r = iam_request(j, &(struct aws_request){ .service = AWS_IAM, .action = "GetRolePolicy", .params = params, .n_params = 2 }, &got);

        if (r < 0)
                return r;
        o = cJSON_CreateObject();
        if (!o || !cJSON_AddItemToArray(to, o) || !cJSON_AddStringToObject(o, "PolicyName", params[1].value))
                return -ENOMEM;
        return put_document(j, o, "PolicyDocument",
                            cJSON_GetObjectItemCaseSensitive(got, "PolicyDocument"));
}

static bool have_policy(const struct job *j, const char *arn)
{
        const cJSON *p;

        JSON_EACH(p, j->policies)
                if (streq(iam_str(p, "Arn"), arn))
                        return true;
        return false;
}

static int take_managed(struct job *j, const char *arn)
{
        struct aws_param params[2] = { { "PolicyArn", arn }, { "VersionId", NULL } };
        CLEANUP(json_freep) cJSON *got = NULL, *version = NULL;
        const cJSON *policy, *document;
        cJSON *o, *list, *v;
        int r;

        if (have_policy(j, arn))
                return 0;
        r = iam_request(j, &(struct aws_request){ .service = AWS_IAM, .action = "GetPolicy", .params = params, .n_params = 1 }, &got);
        if (r < 0)
                return r;
        policy = cJSON_GetObjectItemCaseSensitive(got, "Policy");
        params[1].value = iam_str(policy, "DefaultVersionId");
        if (!params[1].value)
                return -EBADMSG;
        r = iam_request(j, &(struct aws_request){ .service = AWS_IAM, .action = "GetPolicyVersion", .params = params, .n_params = 2 }, &version);
        if (r < 0)
                return r;
        document = cJSON_GetObjectItemCaseSensitive(
                cJSON_GetObjectItemCaseSensitive(version, "PolicyVersion"), "Document");
        o = cJSON_CreateObject();
        if (!o || !cJSON_AddItemToArray(j->policies, o))
                return -ENOMEM;
        list = cJSON_AddArrayToObject(o, "PolicyVersionList");
        v = list ? cJSON_CreateObject() : NULL;
        if (!v || !cJSON_AddItemToArray(list, v) || !cJSON_AddStringToObject(o, "Arn", arn) ||
            !cJSON_AddStringToObject(o, "DefaultVersionId", params[1].value) ||
            !cJSON_AddStringToObject(v, "VersionId", params[1].value) ||
            !cJSON_AddBoolToObject(v, "IsDefaultVersion", true))
                return -ENOMEM;
        return put_document(j, v, "Document", document);
}

static int take_attached(struct job *j, const char *role, const cJSON *entry, cJSON *to)
{
        const char *arn = iam_str(entry, "PolicyArn");
        cJSON *copy = cJSON_Duplicate(entry, true);

        (void)role;
        if (!copy || !cJSON_AddItemToArray(to, copy))
                return -ENOMEM;
        return arn ? take_managed(j, arn) : 0;
}

static const struct listing inlines = { "ListRolePolicies", "PolicyNames", take_inline };
static const struct listing managed = { "ListAttachedRolePolicies", "AttachedPolicies", take_attached };

/* Everything of GetRole, with its trust policy as an object. */
static int take_role(struct job *j, const char *name, cJSON *roles)
{
        const struct aws_param param = { "RoleName", name };
        CLEANUP(json_freep) cJSON *got = NULL, *trust = NULL;
        const char *boundary;
        cJSON *role, *inline_list, *attached;
        int r = iam_request(j, &(struct aws_request){ .service = AWS_IAM, .action = "GetRole", .params = &param, .n_params = 1 }, &got);

        if (r < 0)
                return r;
        role = cJSON_DetachItemFromObjectCaseSensitive(got, "Role");
        if (!role || !cJSON_AddItemToArray(roles, role))
                return -ENOMEM;
        trust = cJSON_DetachItemFromObjectCaseSensitive(role, "AssumeRolePolicyDocument");
        r = put_document(j, role, "AssumeRolePolicyDocument", trust);
        inline_list = cJSON_AddArrayToObject(role, "RolePolicyList");
        attached = cJSON_AddArrayToObject(role, "AttachedManagedPolicies");
        if (r < 0 || !inline_list || !attached)
                return r < 0 ? r : -ENOMEM;
        r = each(j, &inlines, name, inline_list);
        if (r == 0)
                r = each(j, &managed, name, attached);
        boundary = iam_str(cJSON_GetObjectItemCaseSensitive(role, "PermissionsBoundary"),
                           "PermissionsBoundaryArn");
        return r == 0 && boundary ? take_managed(j, boundary) : r;
}

int account_bundle(const struct bundle_request *q, cJSON **ret, const char **ret_error)
{
        CLEANUP(json_freep) cJSON *bundle = cJSON_CreateObject();
        struct job j = { .c = q->client, .a = q->a };
        cJSON *list = bundle ? cJSON_AddArrayToObject(bundle, "RoleDetailList") : NULL;
        int r = 0;

        j.policies = list ? cJSON_AddArrayToObject(bundle, "Policies") : NULL;
        if (!j.policies)
                return -ENOMEM;
        for (size_t i = 0; r == 0 && i < q->n_roles; i++)
                r = take_role(&j, q->roles[i], list);
        if (r < 0) {
                *ret_error = j.error ? j.error : strerror(-r);
                return r;
        }
        *ret = TAKE(bundle);
        return 0;
}

/* How long answers of IAM are good for, and how long a refusal or a fault is not asked about again. */
#define GOOD_S ((int64_t)3600)
#define ERROR_S ((int64_t)600)

static int iam_take_error(struct snapshot *s, struct role *role, const cJSON *cached)
{
        const char *error = iam_str(cached, "fault");

        if (json_get_bool(cached, "absent", false))
                role->state = ROLE_ABSENT;
        s->host.policies_error = error ? arena_escape(s->arena, error, strlen(error), FIELD_MAX) : NULL;
        return s->host.policies_error || !error ? 0 : -ENOMEM;
}

/*
 * One role a bundle: what is refused for one may be allowed for the next. But
 * where IAM does not answer (no way out of the subnet, throttled), the next one
 * would only wait as long: *busy, the fault, is that of all that follow.
 */
static int iam_request_role(struct host_client *hc, const struct scan *x, struct role *role, const char **busy)
{
        const struct cache cache = { x->at.cs->cache, x->s->host.taken_s };
        const struct bundle_request q = { &hc->c, x->s->arena, &role->name, 1 };
        struct snapshot *s = x->s;
        CLEANUP(json_freep) cJSON *bundle = NULL, *no = cJSON_CreateObject();
        const char *error = *busy;
        int r = error ? -EBUSY : account_bundle(&q, &bundle, &error);

        if (r == -EBUSY)
                *busy = error;
        if (r == 0) {
                cache_write(&cache, role->name, GOOD_S, bundle);
                return bundle_take(s, bundle, "the IAM API", s->host.taken_s);
        }
        if (r == -ENOMEM || !no || !cJSON_AddStringToObject(no, "fault", error) ||
            !cJSON_AddBoolToObject(no, "absent", r == -ENOENT))
                return -ENOMEM;
        cache_write(&cache, role->name, ERROR_S, no);
        return iam_take_error(s, role, no);
}

/* 0: it was kept. */
static int iam_cached_role(const struct scan *x, struct role *role)
{
        const struct cache cache = { x->at.cs->cache, x->s->host.taken_s };
        struct snapshot *s = x->s;
        CLEANUP(json_freep) cJSON *cached = NULL;
        int64_t made_s;
        int r = cache_read(&cache, role->name, &cached, &made_s);

        if (r < 0)
                return r;
        return cJSON_GetObjectItemCaseSensitive(cached, "RoleDetailList")
                       ? bundle_take(s, cached, "the IAM API", made_s)
                       : iam_take_error(s, role, cached);
}

/* Of each role: is it to be asked for, or is its fault kept from an earlier look? */
enum plan { WISH_NONE, PLAN_REQUEST, PLAN_CACHED_ERROR };

static int iam_request_roles(const struct scan *x, const enum plan *plans)
{
        struct snapshot *s = x->s;
        CLEANUP(host_client_done) struct host_client hc = { 0 };
        const char *busy = NULL;
        int r = host_client_make(&hc, &x->at, &s->host);

        if (r == -EACCES) {
                s->host.policies_error = arena_printf(s->arena, "cannot query IAM: %s", host_client_error_text(s->arena, &hc));
                return s->host.policies_error ? 0 : -ENOMEM;
        }
        if (r < 0)
                return r;
        for (size_t i = 0; r == 0 && i < s->n_roles && i < ROLES_MAX; i++)
                if (plans[i] == PLAN_REQUEST)
                        r = iam_request_role(&hc, x, &s->roles[i], &busy);
        /* Their faults would run out one after the other, and each would wait as long again. */
        for (size_t i = 0; r == 0 && busy && i < s->n_roles && i < ROLES_MAX; i++)
                if (plans[i] == PLAN_CACHED_ERROR)
                        r = iam_request_role(&hc, x, &s->roles[i], &busy);
        return r;
}

int iam_roles(struct scan *x)
{
        struct snapshot *s = x->s;
        enum plan plans[ROLES_MAX] = { WISH_NONE };
        bool any = false;
        int r = 0;

        for (size_t i = 0; r == 0 && i < s->n_roles && i < ROLES_MAX; i++) {
                if (s->roles[i].state != ROLE_UNKNOWN)
                        continue;
                r = iam_cached_role(x, &s->roles[i]);
                if (r == -ENOENT)
                        plans[i] = PLAN_REQUEST;
                else if (s->roles[i].state == ROLE_UNKNOWN)
                        plans[i] = PLAN_CACHED_ERROR;
                any = any || r == -ENOENT;
                r = r == -ENOENT ? 0 : r;
        }
        return r == 0 && any ? iam_request_roles(x, plans) : r;
}
