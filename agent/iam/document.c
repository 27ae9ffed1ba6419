/* Policy documents: JSON to prepared statements. What is not the grammar's is a fault of the whole policy. */
#include <ctype.h>
#include <stdio.h>
#include "iam_internal.h"

struct reader {
        struct arena *a;
        struct iam_policy *p;
        bool variables;                /* Version 2012-10-17 */
};

/* What a reason says of a policy that has a fault. */
static const char *doubt_of(struct arena *a, const struct iam_policy *p)
{
        return p->name && p->fault ? arena_printf(a, "%s: %s", p->name, p->fault) : NULL;
}

/* -EBADMSG with the policy's fault; -ENOMEM when even that has no room. */
static int fault(struct reader *rd, size_t statement, const char *what, const char *subject)
{
        const char *name = subject ? arena_escape(rd->a, subject, strlen(subject), 200) : NULL;

        if (subject && !name)
                return -ENOMEM;
        rd->p->fault = statement ? arena_printf(rd->a, "statement %zu: %s%s%s", statement, what,
                                                name ? " " : "", name ? name : "")
                                 : arena_printf(rd->a, "%s%s%s", what, name ? " " : "",
                                                name ? name : "");
        rd->p->doubt = doubt_of(rd->a, rd->p);
        return rd->p->doubt ? -EBADMSG : -ENOMEM;
}

static const cJSON *get(const cJSON *o, const char *key)
{
        return cJSON_GetObjectItemCaseSensitive(o, key);
}

/* Keys that are not the grammar's, or stand twice. */
static const char *odd_key(const cJSON *o, const char *const *known, size_t n)
{
        const cJSON *v;

        JSON_EACH(v, o) {
                bool found = false;

                for (size_t i = 0; i < n; i++)
                        found = found || streq(known[i], v->string);
                if (!found || get(o, v->string) != v)
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

static int read_patterns(struct reader *rd, size_t statement, const cJSON *list, unsigned how,
                         const struct pattern **ret, size_t *ret_n)
{
        struct pattern *rows = arena_alloc(rd->a, (count(list) + 1) * sizeof *rows);
        size_t n = 0;

        if (!rows)
                return -ENOMEM;
        for (const cJSON *v = first(list); v; v = next(list, v)) {
                const char *text = scalar(rd->a, v);
                int r;

                if (!text)
                        return fault(rd, statement, "a value is neither text nor number in",
                                     list->string);
                r = pattern_make(rd->a, text, how, &rows[n]);
                if (r < 0)
                        return r;
                rows[n++].inexact = cJSON_IsNumber(v) && !number_is_exact(v->valuedouble);
        }
        *ret = rows;
        *ret_n = n;
        return 0;
}

/* Exactly one of two keys; *ret NULL: neither. */
static int either(struct reader *rd, const struct statement *s, const cJSON *o, const char *key,
                  const char *not_key, const cJSON **ret, bool *ret_not)
{
        const cJSON *a = get(o, key), *b = get(o, not_key);

        if (a && b)
                return fault(rd, s->index, "has both sides of", key);
        *ret = a ? a : b;
        *ret_not = b != NULL;
        if (*ret && count(*ret) == 0)
                return fault(rd, s->index, "is empty:", key);
        return 0;
}

static int read_actions(struct reader *rd, const cJSON *o, struct statement *s)
{
        const cJSON *list;
        int r = either(rd, s, o, "Action", "NotAction", &list, &s->not_action);

        if (r < 0)
                return r;
        if (!list)
                return fault(rd, s->index, "has no Action", NULL);
        return read_patterns(rd, s->index, list, WITH_WILDCARDS | IN_LOWER_CASE, &s->actions,
                             &s->n_actions);
}

/* Trust policies, and only they, have no Resource. */
static int read_resources(struct reader *rd, const cJSON *o, struct statement *s)
{
        const cJSON *list;
        int r = either(rd, s, o, "Resource", "NotResource", &list, &s->not_resource);

        if (r < 0)
                return r;
        s->any_resource = !list;
        if (!list)
                return rd->p->layer == IAM_RESOURCE ? 0 : fault(rd, s->index, "has no Resource", NULL);
        r = read_patterns(rd, s->index, list,
                          WITH_WILDCARDS | (rd->variables ? WITH_VARIABLES : 0), &s->resources,
                          &s->n_resources);
        if (r == 0 && s->n_resources == 1 && !s->not_resource) {
                s->tail = s->resources[0].tail;
                s->literal = s->resources[0].literal;
        }
        return r;
}

static const struct { const char *key; enum principal_kind kind; } principal_kinds[] = {
        { "AWS", PRINCIPAL_AWS }, { "Service", PRINCIPAL_SERVICE },
        { "Federated", PRINCIPAL_FEDERATED }, { "CanonicalUser", PRINCIPAL_CANONICAL },
};

static int add_principals(struct reader *rd, struct statement *s, struct principal *rows,
                          const cJSON *list)
{
        size_t kind = 0;

        while (kind < ARRAY_SIZE(principal_kinds) &&
               !streq(principal_kinds[kind].key, list->string))
                kind++;
        if (kind == ARRAY_SIZE(principal_kinds))
                return fault(rd, s->index, "has an unknown kind of principal:", list->string);
        for (const cJSON *v = first(list); v; v = next(list, v)) {
                if (!cJSON_IsString(v))
                        return fault(rd, s->index, "has a principal that is no text", NULL);
                rows[s->n_principals++] = (struct principal){ principal_kinds[kind].kind,
                                                              arena_dup(rd->a, v->valuestring) };
                if (!rows[s->n_principals - 1].name)
                        return -ENOMEM;
        }
        return 0;
}

static int read_principals(struct reader *rd, const cJSON *o, struct statement *s)
{
        struct principal *rows;
        const cJSON *list, *v;
        size_t n = 1;
        int r = either(rd, s, o, "Principal", "NotPrincipal", &list, &s->not_principal);

        if (r < 0 || !list)
                return r;
        if (rd->p->layer != IAM_RESOURCE && rd->p->layer != IAM_ENDPOINT && rd->p->layer != IAM_RCP)
                return fault(rd, s->index, "has a Principal, which this kind of policy has not",
                             NULL);
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
                return fault(rd, s->index, "has a Principal that is neither a text nor an object", NULL);
        JSON_EACH(v, list)
                if (r == 0)
                        r = add_principals(rd, s, rows, v);
        return r;
}

static int read_condition(struct reader *rd, const struct statement *s, const char *operator,
                          const cJSON *values, struct condition *c)
{
        char *key = arena_dup(rd->a, values->string), *name = arena_dup(rd->a, operator);
        unsigned how;

        if (!key || !name)
                return -ENOMEM;
        *c = (struct condition){ .key = key };
        operator_parse(name, c);
        for (char *k = key; *k; k++)
                *k = (char)tolower((unsigned char)*k);
        how = operator_patterns(c);
        return read_patterns(rd, s->index, values, rd->variables ? how : how & ~(unsigned)WITH_VARIABLES,
                             &c->values, &c->n_values);
}

static int read_conditions(struct reader *rd, const cJSON *o, struct statement *s)
{
        const cJSON *block = get(o, "Condition"), *op, *v;
        struct condition *rows;
        size_t n = 0;
        int r = 0;

        if (!block)
                return 0;
        if (!cJSON_IsObject(block))
                return fault(rd, s->index, "has a Condition that is no object", NULL);
        JSON_EACH(op, block) {
                if (!cJSON_IsObject(op))
                        return fault(rd, s->index, "has an operator without keys:", op->string);
                n += (size_t)cJSON_GetArraySize(op);
        }
        s->conditions = rows = arena_alloc(rd->a, (n + 1) * sizeof *rows);
        if (!rows)
                return -ENOMEM;
        JSON_EACH(op, block)
                JSON_EACH(v, op)
                        if (r == 0)
                                r = read_condition(rd, s, op->string, v, &rows[s->n_conditions++]);
        return r;
}

static int read_statement(struct reader *rd, const cJSON *o, struct statement *s)
{
        static const char *const known[] = { "Sid", "Effect", "Action", "NotAction", "Resource",
                                             "NotResource", "Principal", "NotPrincipal", "Condition" };
        const char *effect, *sid, *odd;
        int r;

        if (!cJSON_IsObject(o))
                return fault(rd, s->index, "is no object", NULL);
        odd = odd_key(o, known, ARRAY_SIZE(known));
        if (odd)
                return fault(rd, s->index, "has an unknown or repeated key:", odd);
        if (json_get_str(o, "Effect", 16, &effect) < 0 ||
            !(streq(effect, "Allow") || streq(effect, "Deny")))
                return fault(rd, s->index, "has an Effect other than Allow or Deny", NULL);
        s->allow = streq(effect, "Allow");
        if (json_get_str(o, "Sid", 1024, &sid) == 0) {
                s->sid = arena_escape(rd->a, sid, strlen(sid), 1024);
                if (!s->sid)
                        return -ENOMEM;
        }
        r = read_actions(rd, o, s);
        if (r == 0)
                r = read_resources(rd, o, s);
        if (r == 0)
                r = read_principals(rd, o, s);
        return r == 0 ? read_conditions(rd, o, s) : r;
}

static int read_document(struct reader *rd, const cJSON *doc)
{
        static const char *const known[] = { "Version", "Id", "Statement" };
        const cJSON *version = get(doc, "Version"), *list = get(doc, "Statement");
        const char *odd = odd_key(doc, known, ARRAY_SIZE(known));
        struct statement *rows;
        int r = 0;

        if (!cJSON_IsObject(doc))
                return fault(rd, 0, "not a policy document", NULL);
        if (odd)
                return fault(rd, 0, "unknown or repeated key:", odd);
        rd->variables = version && streq(cJSON_GetStringValue(version), "2012-10-17");
        if (version && !rd->variables && !streq(cJSON_GetStringValue(version), "2008-10-17"))
                return fault(rd, 0, "unknown Version", NULL);
        if (!list)
                return fault(rd, 0, "no Statement", NULL);
        rows = arena_alloc(rd->a, (count(list) + 1) * sizeof *rows);
        if (!rows)
                return -ENOMEM;
        rd->p->statements = rows;
        for (const cJSON *o = first(list); o && r == 0; o = next(list, o)) {
                struct statement *s = &rows[rd->p->n_statements++];

                s->index = rd->p->n_statements;
                r = read_statement(rd, o, s);
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
        r = doc ? read_document(&rd, doc) : fault(&rd, 0, "not seen", NULL);
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
        *p = (struct iam_policy){ .name = arena_dup(a, name), .layer = layer, .fault = "not JSON" };
        p->doubt = doubt_of(a, p);
        if (arena_failed(a))
                return -ENOMEM;
        *ret = p;
        return 0;
}

const char *iam_policy_fault(const struct iam_policy *p) { return p->fault; }
