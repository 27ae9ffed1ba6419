/*
 * Bundles: what `aws iam get-account-authorization-details` prints, read for
 * the roles that matter on this host. Documents may be objects, or texts,
 * percent-encoded as the API gives them (IAM API reference, RoleDetail).
 */
#include <ctype.h>
#include "bundle.h"
#include "rolewatch/limits.h"
#include "rolewatch/account.h"

struct bundle {
        struct snapshot *s;
        const cJSON *managed;          /* "Policies" */
        const char *source;
        int64_t as_of_s;
};

static const char *bundle_str(const cJSON *o, const char *key)
{
        const char *v;

        return json_get_str(o, key, FIELD_MAX, &v) == 0 ? v : NULL;
}

static const cJSON *list_of(const cJSON *o, const char *key)
{
        return cJSON_GetObjectItemCaseSensitive(o, key);
}

static int hex(char c)
{
        return isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

/* "%7B%22..." -> "{\"..."; a plus sign is itself. */
static void percent_decode(char *text)
{
        char *to = text;

        for (const char *s = text; *s; s++) {
                if (*s == '%' && isxdigit((unsigned char)s[1]) && isxdigit((unsigned char)s[2])) {
                        *to++ = (char)(hex(s[1]) << 4 | hex(s[2]));
                        s += 2;
                } else {
                        *to++ = *s;
                }
        }
        *to = '\0';
}

int bundle_document(const cJSON *doc, cJSON **ret)
{
        CLEANUP(json_freep) cJSON *parsed = NULL;
        CLEANUP(freep) char *text = NULL;
        int r;

        if (cJSON_IsObject(doc)) {
                *ret = cJSON_Duplicate(doc, true);
                return *ret ? 0 : -ENOMEM;
        }
        if (!cJSON_IsString(doc))
                return -EBADMSG;
        text = strdup(doc->valuestring);
        if (!text)
                return -ENOMEM;
        percent_decode(text);
        r = json_parse(text, strlen(text), &parsed);
        if (r < 0)
                return r;
        if (!cJSON_IsObject(parsed))
                return -EBADMSG;
        *ret = TAKE(parsed);
        return 0;
}

/* "" for a document that is not there or no JSON: it exists, and is not known. NULL: no memory. */
static const char *document(struct snapshot *s, const cJSON *doc)
{
        CLEANUP(json_freep) cJSON *parsed = NULL;
        CLEANUP(freep) char *line = NULL;
        int r = bundle_document(doc, &parsed);

        if (r < 0)
                return r == -ENOMEM ? NULL : "";
        line = json_line(parsed);
        return arena_dup(s->arena, line);
}

static const char *managed_document(const struct bundle *b, const char *arn)
{
        const cJSON *policy, *version;

        JSON_EACH(policy, b->managed) {
                if (!streq(bundle_str(policy, "Arn"), arn))
                        continue;
                JSON_EACH(version, list_of(policy, "PolicyVersionList"))
                        if (json_get_bool(version, "IsDefaultVersion", false))
                                return document(b->s, list_of(version, "Document"));
        }
        return "";
}

struct policies { struct policy_text rows[ROLE_POLICIES_MAX]; size_t n; };

static int policy_add(const struct bundle *b, struct policies *to, const char *name, const char *doc)
{
        struct policy_text *row = &to->rows[to->n];

        if (to->n == ROLE_POLICIES_MAX || !doc)
                return -ENOMEM;
        to->n++;
        row->name = arena_escape(b->s->arena, name, strlen(name), FIELD_MAX);
        row->document = doc;
        return row->name ? 0 : -ENOMEM;
}

static int bundle_read_policies(const struct bundle *b, const cJSON *o, struct role *role)
{
        struct policies found = { .n = 0 };
        struct policy_text *copied;
        const cJSON *p;
        int r = 0;

        JSON_EACH(p, list_of(o, "RolePolicyList")) {
                const char *name = bundle_str(p, "PolicyName");

                if (r == 0 && name)
                        r = policy_add(b, &found, name, document(b->s, list_of(p, "PolicyDocument")));
        }
        JSON_EACH(p, list_of(o, "AttachedManagedPolicies")) {
                const char *arn = bundle_str(p, "PolicyArn");

                if (r == 0 && arn)
                        r = policy_add(b, &found, arn, managed_document(b, arn));
        }
        copied = r == 0 ? arena_alloc(b->s->arena, (found.n + 1) * sizeof *copied) : NULL;
        if (!copied)
                return -ENOMEM;
        memcpy(copied, found.rows, found.n * sizeof *copied);
        role->policies = copied;
        role->n_policies = found.n;
        return 0;
}

static int read_tags(const struct bundle *b, const cJSON *tags, struct role *role)
{
        struct label *copied = arena_alloc(b->s->arena, ROLE_TAGS_MAX * sizeof *copied);
        const cJSON *t;
        size_t n = 0;

        if (!copied)
                return -ENOMEM;
        JSON_EACH(t, tags) {
                const char *key = bundle_str(t, "Key"), *value = bundle_str(t, "Value");

                if (!key || !value || n == ROLE_TAGS_MAX)
                        continue;
                copied[n].name = arena_escape(b->s->arena, key, strlen(key), FIELD_MAX);
                copied[n].value = arena_escape(b->s->arena, value, strlen(value), FIELD_MAX);
                if (!copied[n].name || !copied[n].value)
                        return -ENOMEM;
                n++;
        }
        role->tags = copied;
        role->n_tags = n;
        return 0;
}

static int bundle_read_role(const struct bundle *b, const cJSON *o, struct role *role)
{
        const char *boundary = bundle_str(list_of(o, "PermissionsBoundary"), "PermissionsBoundaryArn");
        const char *id = bundle_str(o, "RoleId"), *arn = bundle_str(o, "Arn"); /* is_role has seen that there is one */
        int r = bundle_read_policies(b, o, role);

        if (r == 0)
                r = read_tags(b, list_of(o, "Tags"), role);
        if (r < 0)
                return r;
        role->arn = arena_escape(b->s->arena, arn, strlen(arn), FIELD_MAX);
        role->id = id ? arena_escape(b->s->arena, id, strlen(id), FIELD_MAX) : NULL;
        role->trust = document(b->s, list_of(o, "AssumeRolePolicyDocument"));
        role->boundary = boundary ? managed_document(b, boundary) : NULL;
        role->source = arena_dup(b->s->arena, b->source);
        role->as_of_s = b->as_of_s;
        role->state = ROLE_KNOWN;
        return role->arn && role->trust && role->source && (!boundary || role->boundary) ? 0 : -ENOMEM;
}

/* By ARN; the instance role by its name, as the metadata service tells no more. */
static bool is_role(const struct snapshot *s, const struct role *role, const cJSON *o)
{
        const char *arn = bundle_str(o, "Arn");

        if (!arn)
                return false;
        if (role->arn)
                return streq(role->arn, arn);
        return streq(role->name, bundle_str(o, "RoleName")) &&
               (!s->host.account || strstr(arn, s->host.account));
}

int bundle_take(struct snapshot *s, const cJSON *j, const char *source, int64_t as_of_s)
{
        struct bundle b = { .s = s, .source = source, .as_of_s = as_of_s };
        const cJSON *o;
        int r = 0;

        b.managed = list_of(j, "Policies");
        JSON_EACH(o, list_of(j, "RoleDetailList"))
                for (size_t i = 0; r == 0 && i < s->n_roles; i++)
                        if (is_role(s, &s->roles[i], o) && s->roles[i].as_of_s <= as_of_s)
                                r = bundle_read_role(&b, o, &s->roles[i]);
        return r;
}
