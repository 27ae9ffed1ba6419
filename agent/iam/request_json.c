/* A line of `rolewatch policy eval`: policies and a request as JSON. */
#include <stdio.h>
#include "iam_internal.h"

struct line {
        const cJSON *o;
        struct arena *a;
        const char *error;
};

/* The key may be anybody's. */
static int request_error(struct line *l, const char *key, const char *what)
{
        const char *shown = arena_escape(l->a, key, strlen(key), 128);

        l->error = shown ? arena_printf(l->a, "%s: %s", shown, what) : NULL;
        return l->error ? -EBADMSG : -ENOMEM;
}

static bool hidden(const cJSON *v)
{
        return cJSON_IsString(v) && streq(v->valuestring, "unknown");
}

/* Where a list of policies stands, and of what layer they are. */
struct field { const char *key; enum iam_layer layer; };

static const cJSON *request_get(const struct line *l, const char *key)
{
        return cJSON_GetObjectItemCaseSensitive(l->o, key);
}

static int read_list(struct line *l, const struct field *f, const cJSON *v, struct iam_list *ret)
{
        const struct iam_policy **rows;
        const cJSON *doc;
        char name[64];

        *ret = (struct iam_list){ .absent = !v || cJSON_IsNull(v), .not_visible = hidden(v) };
        if (ret->absent || ret->not_visible)
                return 0;
        if (!cJSON_IsArray(v))
                return request_error(l, f->key, "must be an array of policy documents");
        rows = arena_alloc(l->a, ((size_t)cJSON_GetArraySize(v) + 1) * sizeof *rows);
        if (!rows)
                return -ENOMEM;
        JSON_EACH(doc, v) {
                int r;

                snprintf(name, sizeof name, "%s[%zu]", f->key, ret->n);
                r = iam_policy_make(l->a, hidden(doc) ? NULL : doc, f->layer, name, &rows[ret->n++]);
                if (r < 0)
                        return r;
        }
        ret->list = rows;
        return 0;
}

struct levels { struct iam_list *list, *of; size_t *n; };

static int read_levels(struct line *l, const struct field *f, const struct levels *ret)
{
        const cJSON *v = request_get(l, f->key), *level;
        int r = 0;

        *ret->of = (struct iam_list){ .absent = !v || cJSON_IsNull(v), .not_visible = hidden(v) };
        if (ret->of->absent || ret->of->not_visible)
                return 0;
        if (!cJSON_IsArray(v) || cJSON_GetArraySize(v) > IAM_LEVELS_MAX)
                return request_error(l, f->key, "must be an array of at most 8 levels");
        JSON_EACH(level, v)
                if (r == 0)
                        r = read_list(l, f, level, &ret->list[(*ret->n)++]);
        return r;
}

static int read_resource_policy(struct line *l, struct iam_list *ret)
{
        const cJSON *v = request_get(l, "resourcePolicy");
        const struct iam_policy **row = arena_alloc(l->a, sizeof *row);

        *ret = (struct iam_list){ .absent = !v || cJSON_IsNull(v), .not_visible = hidden(v) };
        if (!row)
                return -ENOMEM;
        if (ret->absent || ret->not_visible)
                return 0;
        ret->list = row;
        ret->n = 1;
        return iam_policy_make(l->a, v, IAM_RESOURCE, "resourcePolicy", row);
}

static const char *value_text(struct line *l, const cJSON *v)
{
        if (cJSON_IsString(v))
                return v->valuestring;
        if (cJSON_IsBool(v))
                return cJSON_IsTrue(v) ? "true" : "false";
        return cJSON_IsNumber(v) ? number_text(l->a, v->valuedouble) : NULL;
}

static int request_read_key(struct line *l, const cJSON *v, struct iam_key *ret)
{
        const cJSON *one = cJSON_IsArray(v) ? v->child : v;
        size_t n = cJSON_IsArray(v) ? (size_t)cJSON_GetArraySize(v) : 1;
        const char **values = arena_alloc(l->a, (n + 1) * sizeof *values);

        *ret = (struct iam_key){ .name = v->string, .values = values, .multi = cJSON_IsArray(v) };
        if (!values)
                return -ENOMEM;
        if (cJSON_IsNull(v)) {
                ret->presence = IAM_KEY_UNKNOWN;
                return 0;
        }
        for (; one; one = cJSON_IsArray(v) ? one->next : NULL) {
                values[ret->n] = value_text(l, one);
                if (!values[ret->n++])
                        return request_error(l, v->string, "context value must be a string, a number, a Boolean or an array of them");
                /* It is there, but which number it was is not known any more. */
                if (cJSON_IsNumber(one) && !number_is_exact(one->valuedouble))
                        ret->presence = IAM_KEY_HIDDEN;
        }
        return 0;
}

static int read_context(struct line *l, struct iam_request *rq)
{
        const cJSON *o = cJSON_GetObjectItemCaseSensitive(l->o, "context"), *v;
        struct iam_key *rows;
        int r = 0;

        rq->closed = true;
        if (!o)
                return 0;
        if (!cJSON_IsObject(o))
                return request_error(l, "context", "must be an object");
        rq->context = rows = arena_alloc(l->a, ((size_t)cJSON_GetArraySize(o) + 1) * sizeof *rows);
        if (!rows)
                return -ENOMEM;
        JSON_EACH(v, o)
                if (r == 0)
                        r = request_read_key(l, v, &rows[rq->n_context++]);
        return r;
}

static const char *const keys[] = {
        "principal", "roleArn", "action", "resource", "resourceAccount", "context", "identityPolicies",
        "permissionBoundaries", "sessionPolicies", "serviceControlPolicies", "resourceControlPolicies",
        "endpointPolicies", "resourcePolicy",
};

/* A misspelled key would otherwise count as absent, and an absent policy decides. */
static int check_keys(struct line *l)
{
        const cJSON *v;

        if (!cJSON_IsObject(l->o)) {
                l->error = "request is not a JSON object";
                return -EBADMSG;
        }
        JSON_EACH(v, l->o) {
                size_t i = 0;

                while (i < ARRAY_SIZE(keys) && !streq(keys[i], v->string))
                        i++;
                if (i == ARRAY_SIZE(keys))
                        return request_error(l, v->string, "unknown key");
                if (request_get(l, v->string) != v)
                        return request_error(l, v->string, "duplicate key");
        }
        return 0;
}

/*
 * Of an action there is one. A resource may be named with "*" in it: so AWS itself names what a call
 * makes, as in arn:aws:ec2:...:instance/ and "*"; and so may a key of S3.
 */
static int check_request(struct line *l, const struct iam_request *rq)
{
        size_t service = strcspn(rq->action, ":");

        if (rq->action[strcspn(rq->action, "*?")])
                return request_error(l, "action", "must be one action without wildcards");
        if (!service || !rq->action[service] || !rq->action[service + 1])
                return request_error(l, "action", "must have the form service:Action");
        if (!streq(rq->resource, "*") && strncmp(rq->resource, "arn:", 4) != 0)
                return request_error(l, "resource", "must be an ARN or \"*\"");
        if (rq->resource_account && !streq(rq->resource_account, "aws") && !is_account(span_of(rq->resource_account)))
                return request_error(l, "resourceAccount", "must be a 12-digit account ID or \"aws\"");
        return 0;
}

static int read_request(struct line *l, struct iam_request *rq)
{
        const struct { const char *key, **at; bool must; } texts[] = {
                { "principal", &rq->principal, true }, { "roleArn", &rq->role_arn, false },
                { "action", &rq->action, true },       { "resource", &rq->resource, true },
                { "resourceAccount", &rq->resource_account, false },
        };
        int r = check_keys(l);

        for (size_t i = 0; r == 0 && i < ARRAY_SIZE(texts); i++) {
                r = json_get_str(l->o, texts[i].key, 4096, texts[i].at);
                if (r == -ENOENT && !texts[i].must)
                        r = 0;
                else if (r < 0)
                        r = request_error(l, texts[i].key, r == -ENOENT ? "required key is missing" : "must be a non-empty string of at most 4096 bytes");
        }
        if (r == 0)
                r = check_request(l, rq);
        return r == 0 ? read_context(l, rq) : r;
}

static int request_read_policies(struct line *l, struct iam_policies *p)
{
        static const struct field lists[] = {
                { "identityPolicies", IAM_IDENTITY }, { "permissionBoundaries", IAM_BOUNDARY },
                { "sessionPolicies", IAM_SESSION }, { "endpointPolicies", IAM_ENDPOINT },
        };
        static const struct field scp = { "serviceControlPolicies", IAM_SCP }, rcp = { "resourceControlPolicies", IAM_RCP };
        int r = 0;

        for (size_t i = 0; i < ARRAY_SIZE(lists) && r == 0; i++)
                r = read_list(l, &lists[i], request_get(l, lists[i].key), &p->of[lists[i].layer]);
        if (r == 0)
                r = read_levels(l, &scp, &(struct levels){ p->scp, &p->of[IAM_SCP], &p->n_scp });
        if (r == 0)
                r = read_levels(l, &rcp, &(struct levels){ p->rcp, &p->of[IAM_RCP], &p->n_rcp });
        return r == 0 ? read_resource_policy(l, &p->of[IAM_RESOURCE]) : r;
}

int iam_request_from_json(const cJSON *line, struct arena *a, struct iam_policies *ret_policies,
                          struct iam_request *ret_request, const char **ret_error)
{
        struct line l = { .o = line, .a = a };
        struct iam_policies p = { 0 };
        struct iam_request rq = { 0 };
        int r = read_request(&l, &rq);

        if (r == 0)
                r = request_read_policies(&l, &p);
        if (arena_failed(a))
                return -ENOMEM;
        if (r < 0) {
                *ret_error = l.error;
                return r;
        }
        *ret_policies = p;
        *ret_request = rq;
        return 0;
}
