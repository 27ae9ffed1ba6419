/* A line of `rolewatch policy eval`: policies and a request as JSON. */
#include <stdio.h>
#include "rolewatch/iam.h"

struct line {
        const cJSON *o;
        struct arena *a;
        const char *fault;
};

/* The key may be anybody's. */
static int fault(struct line *l, const char *key, const char *what)
{
        const char *shown = arena_escape(l->a, key, strlen(key), 128);

        l->fault = shown ? arena_printf(l->a, "%s: %s", shown, what) : NULL;
        return l->fault ? -EBADMSG : -ENOMEM;
}

static bool hidden(const cJSON *v)
{
        return cJSON_IsString(v) && streq(v->valuestring, "unknown");
}

static int read_list(struct line *l, const char *key, const cJSON *v, enum iam_layer layer,
                     struct iam_list *ret)
{
        const struct iam_policy **rows;
        const cJSON *doc;
        char name[64];

        *ret = (struct iam_list){ .absent = !v || cJSON_IsNull(v), .unseen = hidden(v) };
        if (ret->absent || ret->unseen)
                return 0;
        if (!cJSON_IsArray(v))
                return fault(l, key, "not a list of policies");
        rows = arena_alloc(l->a, ((size_t)cJSON_GetArraySize(v) + 1) * sizeof *rows);
        if (!rows)
                return -ENOMEM;
        JSON_EACH(doc, v) {
                int r;

                snprintf(name, sizeof name, "%s[%zu]", key, ret->n);
                r = iam_policy_make(l->a, hidden(doc) ? NULL : doc, layer, name, &rows[ret->n++]);
                if (r < 0)
                        return r;
        }
        ret->list = rows;
        return 0;
}

static int read_levels(struct line *l, const char *key, enum iam_layer layer, struct iam_list *levels,
                       size_t *ret_n, struct iam_list *ret)
{
        const cJSON *v = cJSON_GetObjectItemCaseSensitive(l->o, key), *level;
        int r = 0;

        *ret = (struct iam_list){ .absent = !v || cJSON_IsNull(v), .unseen = hidden(v) };
        if (ret->absent || ret->unseen)
                return 0;
        if (!cJSON_IsArray(v) || cJSON_GetArraySize(v) > IAM_LEVELS_MAX)
                return fault(l, key, "not a list of at most eight levels");
        JSON_EACH(level, v)
                if (r == 0)
                        r = read_list(l, key, level, layer, &levels[(*ret_n)++]);
        return r;
}

static int read_resource_policy(struct line *l, struct iam_list *ret)
{
        const cJSON *v = cJSON_GetObjectItemCaseSensitive(l->o, "resourcePolicy");
        const struct iam_policy **row = arena_alloc(l->a, sizeof *row);

        *ret = (struct iam_list){ .absent = !v || cJSON_IsNull(v), .unseen = hidden(v) };
        if (!row)
                return -ENOMEM;
        if (ret->absent || ret->unseen)
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
        return cJSON_IsNumber(v) ? arena_printf(l->a, "%.17g", v->valuedouble) : NULL;
}

static int read_key(struct line *l, const cJSON *v, struct iam_key *ret)
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
                        return fault(l, v->string, "a context value is neither text nor number");
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
                return fault(l, "context", "not an object");
        rq->context = rows = arena_alloc(l->a, ((size_t)cJSON_GetArraySize(o) + 1) * sizeof *rows);
        if (!rows)
                return -ENOMEM;
        JSON_EACH(v, o)
                if (r == 0)
                        r = read_key(l, v, &rows[rq->n_context++]);
        return r;
}

static int read_request(struct line *l, struct iam_request *rq)
{
        const struct { const char *key, **at; bool must; } texts[] = {
                { "principal", &rq->principal, true }, { "action", &rq->action, true },
                { "resource", &rq->resource, true }, { "resourceAccount", &rq->resource_account, false },
        };

        for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
                int r = json_get_str(l->o, texts[i].key, 4096, texts[i].at);

                if (r < 0 && (texts[i].must || r != -ENOENT))
                        return fault(l, texts[i].key, "not a text");
        }
        return read_context(l, rq);
}

int iam_case(const cJSON *line, struct arena *a, struct iam_policies *ret_policies,
             struct iam_request *ret_request, const char **ret_fault)
{
        static const struct { const char *key; enum iam_layer layer; } lists[] = {
                { "identityPolicies", IAM_IDENTITY }, { "permissionBoundaries", IAM_BOUNDARY },
                { "sessionPolicies", IAM_SESSION }, { "endpointPolicies", IAM_ENDPOINT },
        };
        struct line l = { .o = line, .a = a };
        struct iam_policies p = { 0 };
        struct iam_request rq = { 0 };
        int r = read_request(&l, &rq);

        for (size_t i = 0; i < ARRAY_SIZE(lists) && r == 0; i++)
                r = read_list(&l, lists[i].key, cJSON_GetObjectItemCaseSensitive(line, lists[i].key),
                              lists[i].layer, &p.of[lists[i].layer]);
        if (r == 0)
                r = read_levels(&l, "serviceControlPolicies", IAM_SCP, p.scp, &p.n_scp, &p.of[IAM_SCP]);
        if (r == 0)
                r = read_levels(&l, "resourceControlPolicies", IAM_RCP, p.rcp, &p.n_rcp, &p.of[IAM_RCP]);
        if (r == 0)
                r = read_resource_policy(&l, &p.of[IAM_RESOURCE]);
        if (arena_failed(a))
                return -ENOMEM;
        if (r < 0) {
                *ret_fault = l.fault;
                return r;
        }
        *ret_policies = p;
        *ret_request = rq;
        return 0;
}
