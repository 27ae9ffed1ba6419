/*
 * The statement that allows a denied call. A policy takes ARNs only, so that a resource that the text
 * names otherwise is put into the form of its service, or no statement is made.
 * Source: service authorization reference, "Resource types".
 */
#include "error_parts.h"
#include "iam_internal.h"

/* How a resource that is no ARN is written as one: "arn:PARTITION:SERVICE:ACCOUNT:TYPE NAME END". */
static const struct { const char *action, *begins, *service, *type, *end; } names[] = {
        { "iam:", "role ",  "iam:", "role/", "" },
        { "iam:", "user ",  "iam:", "user/", "" },
        { "iam:", "group ", "iam:", "group/", "" },
        { "iam:", "policy ", "iam:", "policy/", "" },
        { "iam:", "instance profile ", "iam:", "instance-profile/", "" },
        { "secretsmanager:", "", "secretsmanager:*", "secret:", "-*" },
};

static const struct { const char *action, *begins; } any[] = {
        { "sns:Publish", "+" },        /* a phone number has no ARN */
};

/* Neither a policy nor JSON takes a value that holds one of these as it is. */
static bool is_plain(const char *s)
{
        return *s && !strpbrk(s, "\"\\<>{}$ ");
}

static bool statement_begins(const char *s, const char *with)
{
        return strncasecmp(s, with, strlen(with)) == 0;
}

/* The ARN pattern of the resource; NULL: it is not known. */
static const char *pattern_of(struct arena *a, const struct error_text *e)
{
        struct span p[ARN_PARTS];
        const char *partition;

        if (!e->resource || streq(e->resource, "*"))
                return "*";
        if (error_is_arn(e->resource)) {
                arn_split(e->resource, strlen(e->resource), p);
                return p[4].len || e->account || (p[2].len == 2 && memcmp(p[2].s, "s3", 2) == 0) ? e->resource : NULL;
        }
        for (size_t i = 0; i < ARRAY_SIZE(any); i++)
                if (strcasecmp(e->action, any[i].action) == 0 && statement_begins(e->resource, any[i].begins))
                        return "*";
        if (!e->account || !error_is_arn(e->principal) || arn_split(e->principal, strlen(e->principal), p) != ARN_PARTS)
                return NULL;
        partition = arena_dupn(a, p[1].s, p[1].len);
        for (size_t i = 0; partition && i < ARRAY_SIZE(names); i++) {
                const char *name = e->resource + strlen(names[i].begins);

                if (statement_begins(e->action, names[i].action) && statement_begins(e->resource, names[i].begins) &&
                    is_plain(name) && !strchr(name, ':'))
                        return arena_printf(a, "arn:%s:%s:%s:%s%s%s", partition, names[i].service, e->account,
                                            names[i].type, name, names[i].end);
        }
        return NULL;
}

const char *error_statement(struct arena *a, const struct error_text *e)
{
        const char *pattern = e->action && is_plain(e->action) ? pattern_of(a, e) : NULL;

        if (!pattern || !is_plain(pattern))
                return NULL;
        return arena_printf(a, "{\"Effect\":\"Allow\",\"Action\":\"%s\",\"Resource\":\"%s\"}", e->action, pattern);
}
