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
        const char *fault;
};

/* The result element of one call ("ACTIONResult"). *ret is the caller's; -ENOENT, -EACCES and -EBUSY (no answer, or not now) with the job's fault. */
static int ask(struct job *j, const struct aws_request *q, cJSON **ret)
{
        struct aws_answer answer;
        char result[64];
        int r = aws_send(j->c, q, &answer);

        if (r < 0)
                return r;
        if (answer.state != ANSWER_OK) {
                struct answer x = { answer.state, answer.status, NULL };

                j->fault = arena_printf(j->a, "iam:%s of %s: %s%s%s", q->action, q->n_params ? q->params[0].value : "",
                                        answer.code[0] ? answer.code : answer_text(j->a, &x),
                                        answer.message[0] ? ": " : "", answer.message);
                /* The names of policies are untrusted, too: they came with a response. */
                if (j->fault)
                        j->fault = arena_escape(j->a, j->fault, strlen(j->fault), 2 * FIELD_MAX);
                if (!j->fault)
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
        j->fault = arena_printf(j->a, "iam:%s: the response has no %s", q->action, result);
        return j->fault ? -EACCES : -ENOMEM;
}

static const char *str_of(const cJSON *o, const char *key)
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

                r = ask(j, &q, &page);
                if (r < 0)
                        return r;
                JSON_EACH(entry, cJSON_GetObjectItemCaseSensitive(page, l->list))
                        if (r == 0)
                                r = l->take(j, role, entry, to);
                if (!streq(str_of(page, "IsTruncated"), "true"))
                        break;
                snprintf(marker, sizeof marker, "%s", str_of(page, "Marker") ? str_of(page, "Marker") : "");
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
        j->fault = "a policy document is not valid JSON";
        return -EACCES;
}

static int take_inline(struct job *j, const char *role, const cJSON *entry, cJSON *to)
{
        const char *name = cJSON_GetStringValue(entry);
        const struct aws_param params[] = { { "RoleName", role }, { "PolicyName", name ? name : "" } };
        CLEANUP(json_freep) cJSON *got = NULL;
        cJSON *o;
        int r = ask(j, &(struct aws_request){ .service = AWS_IAM, .action = "GetRolePolicy", .params = params, .n_params = 2 }, &got);

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
                if (streq(str_of(p, "Arn"), arn))
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
        r = ask(j, &(struct aws_request){ .service = AWS_IAM, .action = "GetPolicy", .params = params, .n_params = 1 }, &got);
        if (r < 0)
                return r;
        policy = cJSON_GetObjectItemCaseSensitive(got, "Policy");
        params[1].value = str_of(policy, "DefaultVersionId");
        if (!params[1].value)
                return -EBADMSG;
        r = ask(j, &(struct aws_request){ .service = AWS_IAM, .action = "GetPolicyVersion", .params = params, .n_params = 2 }, &version);
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
        const char *arn = str_of(entry, "PolicyArn");
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
        int r = ask(j, &(struct aws_request){ .service = AWS_IAM, .action = "GetRole", .params = &param, .n_params = 1 }, &got);

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
        boundary = str_of(cJSON_GetObjectItemCaseSensitive(role, "PermissionsBoundary"),
                          "PermissionsBoundaryArn");
        return r == 0 && boundary ? take_managed(j, boundary) : r;
}

int account_bundle(const struct bundle_request *q, cJSON **ret, const char **ret_fault)
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
                *ret_fault = j.fault ? j.fault : strerror(-r);
                return r;
        }
        *ret = TAKE(bundle);
        return 0;
}

/* How long answers of IAM are good for, and how long a refusal or a fault is not asked about again. */
#define GOOD_S ((int64_t)3600)
#define FAULT_S ((int64_t)600)

static int take_fault(struct snapshot *s, struct role *role, const cJSON *kept)
{
        const char *fault = str_of(kept, "fault");

        if (json_get_bool(kept, "absent", false))
                role->state = ROLE_ABSENT;
        s->host.policies_fault = fault ? arena_escape(s->arena, fault, strlen(fault), FIELD_MAX) : NULL;
        return s->host.policies_fault || !fault ? 0 : -ENOMEM;
}

/*
 * One role a bundle: what is refused for one may be allowed for the next. But
 * where IAM does not answer (no way out of the subnet, throttled), the next one
 * would only wait as long: *busy, the fault, is that of all that follow.
 */
static int ask_role(struct host_client *hc, const struct scan *x, struct role *role, const char **busy)
{
        const struct cache cache = { x->at.cs->cache, x->s->host.taken_s };
        const struct bundle_request q = { &hc->c, x->s->arena, &role->name, 1 };
        struct snapshot *s = x->s;
        CLEANUP(json_freep) cJSON *bundle = NULL, *no = cJSON_CreateObject();
        const char *fault = *busy;
        int r = fault ? -EBUSY : account_bundle(&q, &bundle, &fault);

        if (r == -EBUSY)
                *busy = fault;
        if (r == 0) {
                cache_write(&cache, role->name, GOOD_S, bundle);
                return bundle_take(s, bundle, "the IAM API", s->host.taken_s);
        }
        if (r == -ENOMEM || !no || !cJSON_AddStringToObject(no, "fault", fault) ||
            !cJSON_AddBoolToObject(no, "absent", r == -ENOENT))
                return -ENOMEM;
        cache_write(&cache, role->name, FAULT_S, no);
        return take_fault(s, role, no);
}

/* 0: it was kept. */
static int kept_role(const struct scan *x, struct role *role)
{
        const struct cache cache = { x->at.cs->cache, x->s->host.taken_s };
        struct snapshot *s = x->s;
        CLEANUP(json_freep) cJSON *kept = NULL;
        int64_t made_s;
        int r = cache_read(&cache, role->name, &kept, &made_s);

        if (r < 0)
                return r;
        return cJSON_GetObjectItemCaseSensitive(kept, "RoleDetailList")
                       ? bundle_take(s, kept, "the IAM API", made_s)
                       : take_fault(s, role, kept);
}

/* Of each role: is it to be asked for, or is its fault kept from an earlier look? */
enum wish { WISH_NONE, WISH_ASK, WISH_KEPT_FAULT };

static int ask_roles(const struct scan *x, const enum wish *wishes)
{
        struct snapshot *s = x->s;
        CLEANUP(host_client_done) struct host_client hc = { 0 };
        const char *busy = NULL;
        int r = host_client_make(&hc, &x->at, &s->host);

        if (r == -EACCES) {
                s->host.policies_fault = arena_printf(s->arena, "cannot query IAM: %s", host_client_fault(s->arena, &hc));
                return s->host.policies_fault ? 0 : -ENOMEM;
        }
        if (r < 0)
                return r;
        for (size_t i = 0; r == 0 && i < s->n_roles && i < ROLES_MAX; i++)
                if (wishes[i] == WISH_ASK)
                        r = ask_role(&hc, x, &s->roles[i], &busy);
        /* Their faults would run out one after the other, and each would wait as long again. */
        for (size_t i = 0; r == 0 && busy && i < s->n_roles && i < ROLES_MAX; i++)
                if (wishes[i] == WISH_KEPT_FAULT)
                        r = ask_role(&hc, x, &s->roles[i], &busy);
        return r;
}

int iam_roles(struct scan *x)
{
        struct snapshot *s = x->s;
        enum wish wishes[ROLES_MAX] = { WISH_NONE };
        bool any = false;
        int r = 0;

        for (size_t i = 0; r == 0 && i < s->n_roles && i < ROLES_MAX; i++) {
                if (s->roles[i].state != ROLE_UNKNOWN)
                        continue;
                r = kept_role(x, &s->roles[i]);
                if (r == -ENOENT)
                        wishes[i] = WISH_ASK;
                else if (s->roles[i].state == ROLE_UNKNOWN)
                        wishes[i] = WISH_KEPT_FAULT;
                any = any || r == -ENOENT;
                r = r == -ENOENT ? 0 : r;
        }
        return r == 0 && any ? ask_roles(x, wishes) : r;
}
