/* Policy documents: JSON to prepared statements. What is not the grammar's is a fault of the whole policy. */
#include <ctype.h>
#include <stdio.h>
#include "iam_internal.h"

struct reader {
        struct arena *a;
        struct iam_policy *p;
        bool variables;                /* Version 2012-10-17 */
        struct statement *s;           /* that is being read; NULL: none yet */
};

/* What a reason says of a policy that has a fault. */
static const char *reason_subject_of(struct arena *a, const struct iam_policy *p)
{
        return p->name && p->error ? arena_printf(a, "%s: %s", p->name, p->error) : p->error;
}

/* -EBADMSG with the policy's fault; -ENOMEM when even that has no room. */
static int document_error(struct reader *rd, const char *what, const char *subject)
{
        const char *name = subject ? arena_escape(rd->a, subject, strlen(subject), 200) : NULL;

        if (subject && !name)
                return -ENOMEM;
        rd->p->error = rd->s ? arena_printf(rd->a, "statement %zu: %s%s%s", rd->s->index, what,
                                            name ? " " : "", name ? name : "")
                             : arena_printf(rd->a, "%s%s%s", what, name ? " " : "", name ? name : "");
        rd->p->reason_subject = reason_subject_of(rd->a, rd->p);
        return rd->p->reason_subject ? -EBADMSG : -ENOMEM;
}

static const cJSON *document_get(const cJSON *o, const char *key)
{
        return cJSON_GetObjectItemCaseSensitive(o, key);
}

/* Keys that are not the grammar's, or stand twice. */
static const char *unknown_key(const cJSON *o, const char *const *known, size_t n)
{
        const cJSON *v;

        JSON_EACH(v, o) {
                bool found = false;

                for (size_t i = 0; i < n; i++)
                        found = found || streq(known[i], v->string);
                if (!found || document_get(o, v->string) != v)
                        return v->string;
        }
        return NULL;
}

/* Values may be texts, truths or numbers; all are texts to IAM. */
static const char *scalar(struct arena *a, const cJSON *v)
{
        if (cJSON_IsString(v))
                return v->valuestring;
        if (cJSON_IsBool(v))
                return cJSON_IsTrue(v) ? "true" : "false";
        return cJSON_IsNumber(v) ? number_text(a, v->valuedouble) : NULL;
}

static size_t count(const cJSON *v)
{
        return cJSON_IsArray(v) ? (size_t)cJSON_GetArraySize(v) : 1;
}

static const cJSON *first(const cJSON *v) { return cJSON_IsArray(v) ? v->child : v; }
static const cJSON *next(const cJSON *list, const cJSON *v)
{
        return cJSON_IsArray(list) ? v->next : NULL;
}

struct patterns { const struct pattern *rows; size_t n; };

static int read_patterns(struct reader *rd, const cJSON *list, unsigned how, struct patterns *ret)
{
        struct pattern *rows = arena_alloc(rd->a, (count(list) + 1) * sizeof *rows);
        size_t n = 0;

        if (!rows)
                return -ENOMEM;
        for (const cJSON *v = first(list); v; v = next(list, v)) {
                const char *text = scalar(rd->a, v);
                int r;

                if (!text)
                        return document_error(rd, "value is not a string, number or Boolean:", list->string);
                r = pattern_make(rd->a, text, how, &rows[n]);
                if (r < 0)
                        return r;
                rows[n++].inexact = cJSON_IsNumber(v) && !number_is_exact(v->valuedouble);
        }
        *ret = (struct patterns){ rows, n };
        return 0;
}

/* Two keys of which there is at most one. */
struct pair { const char *key, *not_key; };
static const struct pair actions = { "Action", "NotAction" }, resources = { "Resource", "NotResource" },
                         principals = { "Principal", "NotPrincipal" };

/* *ret NULL: neither is there. */
static int either(struct reader *rd, const cJSON *o, const struct pair *keys, const cJSON **ret)
{
        const cJSON *a = document_get(o, keys->key), *b = document_get(o, keys->not_key);

        if (a && b)
                return document_error(rd, "both the element and its Not form are present:", keys->key);
        *ret = a ? a : b;
        return *ret && count(*ret) == 0 ? document_error(rd, "element has no values:", keys->key) : 0;
}

static int read_actions(struct reader *rd, const cJSON *o)
{
        struct patterns got;
        const cJSON *list;
        int r = either(rd, o, &actions, &list);

        if (r == 0 && !list)
                r = document_error(rd, "Action or NotAction is missing", NULL);
        if (r == 0)
                r = read_patterns(rd, list, WITH_WILDCARDS | IN_LOWER_CASE, &got);
        if (r < 0)
                return r;
        rd->s->not_action = document_get(o, actions.not_key) != NULL;
        rd->s->actions = got.rows;
        rd->s->n_actions = got.n;
        return 0;
}

/* Trust policies, and only they, have no Resource. */
static int read_resources(struct reader *rd, const cJSON *o)
{
        struct statement *s = rd->s;
        struct patterns got;
        const cJSON *list;
        int r = either(rd, o, &resources, &list);

        if (r < 0)
                return r;
        s->any_resource = !list;
        if (!list)
                return rd->p->layer == IAM_RESOURCE ? 0 : document_error(rd, "Resource or NotResource is missing", NULL);
        r = read_patterns(rd, list, WITH_WILDCARDS | (rd->variables ? WITH_VARIABLES : 0), &got);
        if (r < 0)
                return r;
        s->not_resource = document_get(o, resources.not_key) != NULL;
        s->resources = got.rows;
        s->n_resources = got.n;
        if (got.n == 1 && !s->not_resource) {
                s->tail = got.rows[0].tail;
                s->literal = got.rows[0].literal;
        }
        return 0;
}

static const struct { const char *key; enum principal_kind kind; } principal_kinds[] = {
        { "AWS", PRINCIPAL_AWS }, { "Service", PRINCIPAL_SERVICE },
        { "Federated", PRINCIPAL_FEDERATED }, { "CanonicalUser", PRINCIPAL_CANONICAL },
};

static int add_principals(struct reader *rd, struct principal *rows, const cJSON *list)
{
        struct statement *s = rd->s;
        size_t kind = 0;

        while (kind < ARRAY_SIZE(principal_kinds) &&
               !streq(principal_kinds[kind].key, list->string))
                kind++;
        if (kind == ARRAY_SIZE(principal_kinds))
                return document_error(rd, "unknown principal type:", list->string);
        for (const cJSON *v = first(list); v; v = next(list, v)) {
                if (!cJSON_IsString(v))
                        return document_error(rd, "principal is not a string", NULL);
                rows[s->n_principals++] = (struct principal){ principal_kinds[kind].kind,
                                                              arena_dup(rd->a, v->valuestring) };
                if (!rows[s->n_principals - 1].name)
                        return -ENOMEM;
        }
        return 0;
}

static int read_principals(struct reader *rd, const cJSON *o)
{
        struct statement *s = rd->s;
        struct principal *rows;
        const cJSON *list, *v;
        size_t n = 1;
        int r = either(rd, o, &principals, &list);

        if (r < 0 || !list)
                return r;
        if (rd->p->layer != IAM_RESOURCE && rd->p->layer != IAM_ENDPOINT && rd->p->layer != IAM_RCP)
                return document_error(rd, "Principal is not allowed in this type of policy", NULL);
        s->not_principal = document_get(o, principals.not_key) != NULL;
        if (cJSON_IsObject(list))
                JSON_EACH(v, list)
                        n += count(v);
        s->principals = rows = arena_alloc(rd->a, n * sizeof *rows);
        if (!rows)
                return -ENOMEM;
        /* What stands there without a kind is an account, a role or a user. */
        if (cJSON_IsString(list)) {
                rows[s->n_principals++] = (struct principal){ PRINCIPAL_AWS, arena_dup(rd->a, list->valuestring) };
                return rows[0].name ? 0 : -ENOMEM;
        }
        if (!cJSON_IsObject(list))
                return document_error(rd, "Principal is neither a string nor an object", NULL);
        JSON_EACH(v, list)
                if (r == 0)
                        r = add_principals(rd, rows, v);
        /* IAM Access Analyzer, policy checks: without a principal the statement has no effect. */
        return r == 0 && s->not_principal && s->n_principals == 0 ? document_error(rd, "element has no values:", principals.not_key) : r;
}

static int read_condition(struct reader *rd, const char *operator, const cJSON *values, struct condition *c)
{
        struct patterns got;
        int r;
        char *key = arena_dup(rd->a, values->string), *name = arena_dup(rd->a, operator);
        unsigned how;

        if (!key || !name)
                return -ENOMEM;
        *c = (struct condition){ .key = key, .multivalued = key_is_multivalued(key) };
        operator_parse(name, c);
        for (char *k = key; *k; k++)
                *k = (char)tolower((unsigned char)*k);
        how = operator_patterns(c);
        r = read_patterns(rd, values, rd->variables ? how : how & ~(unsigned)WITH_VARIABLES, &got);
        if (r < 0)
                return r;
        c->values = got.rows;
        c->n_values = got.n;
        return 0;
}

static int read_conditions(struct reader *rd, const cJSON *o)
{
        struct statement *s = rd->s;
        const cJSON *block = document_get(o, "Condition"), *op, *v;
        struct condition *rows;
        size_t n = 0;
        int r = 0;

        if (!block)
                return 0;
        if (!cJSON_IsObject(block))
                return document_error(rd, "Condition is not an object", NULL);
        JSON_EACH(op, block) {
                if (!cJSON_IsObject(op))
                        return document_error(rd, "condition operator is not an object:", op->string);
                n += (size_t)cJSON_GetArraySize(op);
        }
        s->conditions = rows = arena_alloc(rd->a, (n + 1) * sizeof *rows);
        if (!rows)
                return -ENOMEM;
        JSON_EACH(op, block)
                JSON_EACH(v, op)
                        if (r == 0)
                                r = read_condition(rd, op->string, v, &rows[s->n_conditions++]);
        return r;
}

static int read_statement(struct reader *rd, const cJSON *o)
{
        static const char *const known[] = { "Sid", "Effect", "Action", "NotAction", "Resource",
                                             "NotResource", "Principal", "NotPrincipal", "Condition" };
        struct statement *s = rd->s;
        const char *effect, *sid, *unknown;
        int r;

        if (!cJSON_IsObject(o))
                return document_error(rd, "not a JSON object", NULL);
        unknown = unknown_key(o, known, ARRAY_SIZE(known));
        if (unknown)
                return document_error(rd, "unknown or duplicate key:", unknown);
        if (json_get_str(o, "Effect", 16, &effect) < 0 ||
            !(streq(effect, "Allow") || streq(effect, "Deny")))
                return document_error(rd, "Effect must be Allow or Deny", NULL);
        s->allow = streq(effect, "Allow");
        if (json_get_str(o, "Sid", 1024, &sid) == 0) {
                s->sid = arena_escape(rd->a, sid, strlen(sid), 1024);
                if (!s->sid)
                        return -ENOMEM;
        }
        r = read_actions(rd, o);
        if (r == 0)
                r = read_resources(rd, o);
        if (r == 0)
                r = read_principals(rd, o);
        return r == 0 ? read_conditions(rd, o) : r;
}

static int document_read(struct reader *rd, const cJSON *doc)
{
        static const char *const known[] = { "Version", "Id", "Statement" };
        const cJSON *version = document_get(doc, "Version"), *list = document_get(doc, "Statement");
        const char *unknown = unknown_key(doc, known, ARRAY_SIZE(known));
        struct statement *rows;
        int r = 0;

        if (!cJSON_IsObject(doc))
                return document_error(rd, "policy document is not a JSON object", NULL);
        if (unknown)
                return document_error(rd, "unknown or duplicate key:", unknown);
        rd->variables = version && streq(cJSON_GetStringValue(version), "2012-10-17");
        if (version && !rd->variables && !streq(cJSON_GetStringValue(version), "2008-10-17"))
                return document_error(rd, "unsupported Version", NULL);
        if (!list)
                return document_error(rd, "Statement is missing", NULL);
        rows = arena_alloc(rd->a, (count(list) + 1) * sizeof *rows);
        if (!rows)
                return -ENOMEM;
        rd->p->statements = rows;
        for (const cJSON *o = first(list); o && r == 0; o = next(list, o)) {
                rd->s = &rows[rd->p->n_statements++];
                rd->s->index = rd->p->n_statements;
                r = read_statement(rd, o);
        }
        return r;
}

int iam_policy_make(struct arena *a, const cJSON *doc, enum iam_layer layer, const char *name,
                    const struct iam_policy **ret)
{
        struct iam_policy *p = arena_alloc(a, sizeof *p);
        struct reader rd = { .a = a, .p = p };
        int r;

        if (!p)
                return -ENOMEM;
        *p = (struct iam_policy){ .name = arena_dup(a, name), .layer = layer };
        /* -EBADMSG: the policy has a fault. */
        r = doc ? document_read(&rd, doc) : document_error(&rd, "not visible", NULL);
        if (r == -ENOMEM || arena_failed(a))
                return -ENOMEM;
        *ret = p;
        return 0;
}

int iam_policy_parse(struct arena *a, const char *text, size_t len, enum iam_layer layer,
                     const char *name, const struct iam_policy **ret)
{
        CLEANUP(json_freep) cJSON *doc = NULL;
        struct iam_policy *p;
        int r;

        if (len == 0)
                return iam_policy_make(a, NULL, layer, name, ret);
        r = json_parse(text, len, &doc);
        if (r != -EBADMSG)
                return r < 0 ? r : iam_policy_make(a, doc, layer, name, ret);
        p = arena_alloc(a, sizeof *p);
        if (!p)
                return -ENOMEM;
        *p = (struct iam_policy){ .name = arena_dup(a, name), .layer = layer, .error = "not valid JSON" };
        p->reason_subject = reason_subject_of(a, p);
        if (arena_failed(a))
                return -ENOMEM;
        *ret = p;
        return 0;
}

const char *iam_policy_error(const struct iam_policy *p) { return p->error; }
