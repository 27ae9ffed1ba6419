/* The permissions of rolewatch's own calls, from the table. */
#include "rolewatch/aws_calls.h"

#define NAMESPACE "Rolewatch"          /* what SETTINGS has as its default; tests/checks/cloudwatch compares */

static const struct { const char *option, *sid, *when, *operator, *key, *value; } parts[] = {
#define X(id, option, sid, when, operator, key, value) [AWS_PART_##id] = { option, sid, when, operator, key, value },
        AWS_PARTS(X)
#undef X
};
static const struct {
        enum aws_service service;
        const char *prefix, *action;
        enum aws_part part;
        const char *resource;
} calls[] = {
#define X(id, service, prefix, action, part, resource) \
        [AWS_CALL_##id] = { AWS_##service, prefix, action, AWS_PART_##part, resource },
        AWS_CALLS(X)
#undef X
};

const char *aws_call_action(enum aws_call c) { return calls[c].action; }
enum aws_part aws_call_part(enum aws_call c) { return calls[c].part; }
const char *aws_part_option(enum aws_part p) { return parts[p].option; }
const char *aws_part_when(enum aws_part p) { return parts[p].when; }

int aws_call_find(enum aws_service service, const char *action)
{
        for (int i = 0; i < AWS_CALL_MAX; i++)
                if (calls[i].service == service && streq(calls[i].action, action))
                        return i;
        return -ENOENT;
}

int aws_call_named(const char *text)
{
        for (int i = 0; text && i < AWS_CALL_MAX; i++) {
                size_t prefix = strlen(calls[i].prefix), action = strlen(calls[i].action);

                if (strncmp(text, calls[i].prefix, prefix) == 0 && text[prefix] == ':' &&
                    strncmp(text + prefix + 1, calls[i].action, action) == 0 &&
                    (!text[prefix + 1 + action] || strchr(": ", text[prefix + 1 + action])))
                        return i;
        }
        return -ENOENT;
}

/* The value of {name}; NULL: unknown name. */
static const char *value_of(const char *name, size_t len, const struct aws_scope *s)
{
        const struct { const char *name, *value, *any; } known[] = {
                { "partition", s->partition, aws_partition_of(s->region) }, { "region", s->region, "*" }, { "account", s->account, "*" },
                { "cluster", s->cluster, "*" },       { "namespace", s->namespace, NAMESPACE },
        };

        for (size_t i = 0; i < ARRAY_SIZE(known); i++)
                if (strlen(known[i].name) == len && strncmp(known[i].name, name, len) == 0)
                        return known[i].value ? known[i].value : known[i].any;
        return NULL;
}

static void aws_scope_fill(struct text *t, const char *pattern, const struct aws_scope *s)
{
        while (*pattern) {
                size_t n = strcspn(pattern, "{");
                const char *end = pattern[n] ? strchr(pattern + n, '}') : NULL;

                text_addn(t, pattern, n);
                pattern += n;
                if (!end)
                        break;
                text_add(t, value_of(pattern + 1, (size_t)(end - pattern) - 1, s));
                pattern = end + 1;
        }
}

static bool policy_put(cJSON *o, const char *key, const char *pattern, const struct aws_scope *s)
{
        CLEANUP(text_done) struct text t = { 0 };

        aws_scope_fill(&t, pattern, s);
        return !t.failed && t.s && cJSON_AddStringToObject(o, key, t.s);
}

/* The calls of a part share one resource: what the first of them has counts. */
static bool put_calls(cJSON *o, enum aws_part p, const struct aws_scope *s)
{
        cJSON *list = cJSON_AddArrayToObject(o, "Action");
        const char *resource = "*";
        bool good = list != NULL;

        for (int i = AWS_CALL_MAX - 1; i >= 0; i--)
                if (calls[i].part == p)
                        resource = calls[i].resource;
        for (int i = 0; good && i < AWS_CALL_MAX; i++) {
                CLEANUP(text_done) struct text t = { 0 };
                cJSON *word;

                if (calls[i].part != p)
                        continue;
                text_addf(&t, "%s:%s", calls[i].prefix, calls[i].action);
                word = t.failed ? NULL : cJSON_CreateString(t.s);
                good = word && cJSON_AddItemToArray(list, word);
        }
        return good && policy_put(o, "Resource", resource, s);
}

cJSON *aws_statement(enum aws_part p, const struct aws_scope *scope)
{
        CLEANUP(json_freep) cJSON *o = cJSON_CreateObject();
        cJSON *condition, *inner;

        if (!o || !cJSON_AddStringToObject(o, "Sid", parts[p].sid) || !cJSON_AddStringToObject(o, "Effect", "Allow") ||
            !put_calls(o, p, scope))
                return NULL;
        if (!parts[p].operator)
                return TAKE(o);
        condition = cJSON_AddObjectToObject(o, "Condition");
        inner = condition ? cJSON_AddObjectToObject(condition, parts[p].operator) : NULL;
        return inner && policy_put(inner, parts[p].key, parts[p].value, scope) ? TAKE(o) : NULL;
}

cJSON *aws_policy(unsigned wanted, const struct aws_scope *scope)
{
        CLEANUP(json_freep) cJSON *o = cJSON_CreateObject();
        cJSON *list;

        if (!o || !cJSON_AddStringToObject(o, "Version", "2012-10-17"))
                return NULL;
        list = cJSON_AddArrayToObject(o, "Statement");
        for (unsigned p = 0; list && p < AWS_PART_MAX; p++) {
                cJSON *statement = wanted & 1u << p ? aws_statement((enum aws_part)p, scope) : NULL;

                if (wanted & 1u << p && (!statement || !cJSON_AddItemToArray(list, statement)))
                        return NULL;
        }
        return list ? TAKE(o) : NULL;
}
