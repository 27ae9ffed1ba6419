/*
 * Placeholders: what a CI system fills in before the definition is registered, as <IMAGE1_NAME>, ${TAG}, {{role}}, %ACCOUNT% or an ARN of
 * the account ACCOUNT_ID. Names of AWS have none of these characters, accounts 12 digits, and regions lower-case letters.
 */
#include "plan_internal.h"

static bool span_of_only(struct span w, const char *set)
{
        for (size_t i = 0; i < w.len; i++)
                if (!w.s[i] || !strchr(set, w.s[i]))
                        return false;
        return w.len > 0;
}

bool is_account_number(struct span w) { return w.len == 12 && span_of_only(w, "0123456789"); }
bool is_region_name(struct span w) { return span_of_only(w, "abcdefghijklmnopqrstuvwxyz0123456789-"); }

static bool has_marks(struct span w)
{
        for (size_t i = 0; i < w.len; i++)
                if (strchr("<>{}$%`", w.s[i]))
                        return true;
        return false;
}

static bool arn_has_placeholder(const char *arn)
{
        struct span p[ARN_PARTS];

        if (strncmp(arn, "arn:", 4) != 0 || arn_split(arn, strlen(arn), p) != ARN_PARTS)
                return false;
        return (p[ARN_ACCOUNT].len && !is_account_number(p[ARN_ACCOUNT])) || (p[ARN_REGION].len && !is_region_name(p[ARN_REGION]));
}

bool is_placeholder(const char *text)
{
        return has_marks((struct span){ text, strlen(text) }) || arn_has_placeholder(text);
}

/* Without its tag or digest, which decides nothing. */
static bool image_is_placeholder(const char *image)
{
        const char *slash = strrchr(image, '/'), *name = slash ? slash + 1 : image;

        return has_marks((struct span){ image, (size_t)(name - image) + strcspn(name, ":@") });
}

const char *role_name_known(const char *role)
{
        const char *resource = strncmp(role, "arn:", 4) == 0 ? strstr(role, ":role/") : NULL, *name = resource ? arn_name(resource) : NULL;

        return name && *name && !has_marks((struct span){ name, strlen(name) }) ? name : NULL;
}

const char *requirement_placeholder(struct requirement *x, bool *ret_known)
{
        const char *region = x->region;

        *ret_known = !(x->kind == REQUIREMENT_IMAGE ? image_is_placeholder(x->value) : is_placeholder(x->value));
        if (!*ret_known)
                return x->value;
        if (!region || is_region_name((struct span){ region, strlen(region) }))
                return NULL;
        x->region = NULL;
        return region;
}
