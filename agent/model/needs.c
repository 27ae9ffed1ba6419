#include <stdio.h>
#include "rolewatch/limits.h"
#include "rolewatch/needs.h"

/* 1 and the need; 0: the list is full, as what one host declares is bounded; -ENOMEM. */
static int need_new(struct snapshot *s, const char *where, int container, struct need **ret)
{
        struct need *n;

        if (s->n_needs >= NEEDS_MAX)
                return 0;
        n = snapshot_add_need(s);
        if (!n)
                return -ENOMEM;
        n->where = arena_escape(s->arena, where, strlen(where), FIELD_MAX);
        n->container = container;
        n->role = "task";
        *ret = n;
        return n->where ? 1 : -ENOMEM;
}

static int need_error(struct snapshot *s, struct need *n, const char *what, const char *key)
{
        const char *shown = key ? arena_escape(s->arena, key, strlen(key), FIELD_MAX) : NULL;

        n->policy = NULL;
        n->error = !key ? what : shown ? arena_printf(s->arena, "%s: %s", shown, what) : NULL;
        return n->error ? 0 : -ENOMEM;
}

static const char *document_text(struct snapshot *s, const cJSON *policy)
{
        CLEANUP(freep) char *text = json_line(policy);

        return arena_dup(s->arena, text);
}

/* The globs of "match", and "role"; one place in the need for each. */
static const struct { const char *key; size_t at; } globs[] = {
        { "family", offsetof(struct need, family) }, { "service", offsetof(struct need, service) },
        { "container", offsetof(struct need, name) }, { "image", offsetof(struct need, image) },
};

static int read_glob(struct snapshot *s, const cJSON *v, struct need *n)
{
        for (size_t i = 0; i < ARRAY_SIZE(globs); i++) {
                const char *escaped;

                if (!streq(v->string, globs[i].key))
                        continue;
                if (!cJSON_IsString(v))
                        return need_error(s, n, "must be a string", v->string);
                escaped = arena_escape(s->arena, v->valuestring, strlen(v->valuestring), FIELD_MAX);
                memcpy((char *)n + globs[i].at, &escaped, sizeof escaped);
                return escaped ? 0 : -ENOMEM;
        }
        return need_error(s, n, "unknown key in \"match\"", v->string);
}

static int read_match(struct snapshot *s, const cJSON *match, struct need *n)
{
        const cJSON *v;
        int r = 0;

        if (!cJSON_IsObject(match))
                return need_error(s, n, "must be an object", "match");
        JSON_EACH(v, match)
                if (r == 0 && !n->error)
                        r = read_glob(s, v, n);
        return r;
}

static int need_read_role(struct snapshot *s, const cJSON *role, struct need *n)
{
        const char *v = cJSON_IsString(role) ? role->valuestring : NULL;

        if (!v || !(streq(v, "task") || streq(v, "instance") || strncmp(v, "arn:", 4) == 0))
                return need_error(s, n, "role: must be \"task\", \"instance\" or an ARN", NULL);
        n->role = arena_escape(s->arena, v, strlen(v), FIELD_MAX);
        return n->role ? 0 : -ENOMEM;
}

static int read_policy(struct snapshot *s, const cJSON *policy, struct need *n)
{
        if (!cJSON_IsObject(policy))
                return need_error(s, n, "must be a policy document", "policy");
        n->policy = document_text(s, policy);
        return n->policy ? 0 : -ENOMEM;
}

static const struct {
        const char *key;
        int (*take)(struct snapshot *s, const cJSON *v, struct need *n);
} keys[] = { { "match", read_match }, { "role", need_read_role }, { "policy", read_policy } };

static int need_read_key(struct snapshot *s, const cJSON *v, struct need *n)
{
        for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
                if (streq(v->string, keys[i].key))
                        return keys[i].take(s, v, n);
        return streq(v->string, "comment") ? 0 : need_error(s, n, "unknown key in a need", v->string);
}

static int read_need(struct snapshot *s, const cJSON *o, const char *where)
{
        struct need *n;
        const cJSON *v;
        int r = need_new(s, where, -1, &n);

        if (r <= 0)
                return r;
        if (!cJSON_IsObject(o))
                return need_error(s, n, "must be an object", NULL);
        r = 0;
        JSON_EACH(v, o)
                if (r == 0 && !n->error)
                        r = need_read_key(s, v, n);
        if (r == 0 && !n->error && !n->policy)
                r = need_error(s, n, "\"policy\" is missing", NULL);
        return r;
}

static unsigned needs_line_of(const char *text, size_t len, const char *at)
{
        unsigned line = 1;

        for (const char *p = text; p < text + len && p < at; p++)
                line += *p == '\n';
        return line;
}

static int not_json(struct snapshot *s, const char *text, size_t len, const char *where)
{
        const char *end = text;
        struct need *n;
        int r = need_new(s, where, -1, &n);

        if (r <= 0)
                return r;
        cJSON_Delete(cJSON_ParseWithLengthOpts(text, len, &end, false));
        n->error = arena_printf(s->arena, "line %u: not valid JSON", needs_line_of(text, len, end));
        return n->error ? 0 : -ENOMEM;
}

int needs_from_text(struct snapshot *s, const char *text, size_t len, const char *where)
{
        CLEANUP(json_freep) cJSON *j = NULL;
        const cJSON *o;
        size_t i = 0;
        int r = 0;

        r = json_parse(text, len, &j);
        if (r < 0)
                return r == -ENOMEM ? r : not_json(s, text, len, where);
        if (!cJSON_IsArray(j))
                return read_need(s, j, where);
        JSON_EACH(o, j) {
                char location[PATH_TEXT_MAX + 32];

                snprintf(location, sizeof location, "%s, need %zu", where, ++i);
                if (r == 0)
                        r = read_need(s, o, location);
        }
        return r;
}

/* "sns:Publish arn:aws:sns:...", one a line; a semicolon ends a line, too; no resource is "*". */
static cJSON *policy_of_lines(const char *value)
{
        CLEANUP(json_freep) cJSON *policy = cJSON_CreateObject();
        cJSON *list = policy ? cJSON_AddArrayToObject(policy, "Statement") : NULL;

        if (!list || !cJSON_AddStringToObject(policy, "Version", "2012-10-17"))
                return NULL;
        for (const char *at = value; *at; at += strspn(at, ";\r\n")) {
                char action[256] = "", resource[FIELD_MAX] = "*", line[FIELD_MAX];
                size_t n = strcspn(at, ";\r\n");
                cJSON *o;

                snprintf(line, sizeof line, "%.*s", (int)n, at);
                at += n;
                if (sscanf(line, "%255s %2047s", action, resource) < 1)
                        continue;
                o = cJSON_CreateObject();
                if (!o || !cJSON_AddItemToArray(list, o))
                        return NULL;
                if (!cJSON_AddStringToObject(o, "Effect", "Allow") ||
                    !cJSON_AddStringToObject(o, "Action", action) ||
                    !cJSON_AddStringToObject(o, "Resource", resource))
                        return NULL;
        }
        return TAKE(policy);
}

int needs_from_label(struct snapshot *s, const char *value, int container)
{
        CLEANUP(json_freep) cJSON *policy = NULL;
        const char *name = s->containers[container].name;
        char where[FIELD_MAX];
        struct need *n;
        int r;

        snprintf(where, sizeof where, "label " NEEDS_LABEL " of container %s",
                 name ? name : s->containers[container].id);
        r = need_new(s, where, container, &n);
        if (r <= 0)
                return r;
        if (value[strspn(value, " \t\r\n")] != '{')
                policy = policy_of_lines(value);
        else if (json_parse(value, strlen(value), &policy) == -EBADMSG)
                return need_error(s, n, "not valid JSON", NULL);
        return policy ? read_policy(s, policy, n) : -ENOMEM;
}

int needs_add_error(struct snapshot *s, const char *where, const char *why)
{
        struct need *n;
        int r = need_new(s, where, -1, &n);

        return r <= 0 ? r : need_error(s, n, why, NULL);
}
