/* Whom a resource policy's statement names: the caller, its role, its account, or somebody else. */
#include <ctype.h>
#include <strings.h>
#include "room.h"

static bool is(struct words w, const char *s)
{
        return w.len == strlen(s) && memcmp(w.s, s, w.len) == 0;
}

static bool same(struct words a, struct words b)
{
        return a.len == b.len && memcmp(a.s, b.s, a.len) == 0;
}

static bool twelve_digits(const char *s)
{
        return strlen(s) == 12 && strspn(s, "0123456789") == 12;
}

/* "assumed-role/NAME/SESSION" -> NAME; "role/path/NAME" -> NAME. */
static struct words role_name(struct words rest, bool session)
{
        const char *end = rest.s + rest.len, *slash;

        if (session) {
                rest.s += strlen("assumed-role/");
                slash = memchr(rest.s, '/', (size_t)(end - rest.s));
                return (struct words){ rest.s, (size_t)((slash ? slash : end) - rest.s) };
        }
        slash = memrchr(rest.s, '/', rest.len);
        return (struct words){ slash + 1, (size_t)(end - slash - 1) };
}

static bool starts(struct words w, const char *s)
{
        return w.len > strlen(s) && memcmp(w.s, s, strlen(s)) == 0;
}

/* A role names each of its sessions; a session's ARN has no path, a role's may have. */
static bool role_names_session(struct eval *e, const char *entry, const struct words *role,
                               const struct words *caller)
{
        struct words a, b;

        if (e->rq->role_arn)
                return streq(entry, e->rq->role_arn);
        a = role_name(role[5], false);
        b = role_name(caller[5], true);
        return same(role[1], caller[1]) && same(role[4], caller[4]) && a.len == b.len &&
               strncasecmp(a.s, b.s, a.len) == 0;
}

static struct named aws_entry(struct eval *e, const char *entry)
{
        struct words p[ARN_PARTS], caller[ARN_PARTS];
        struct named none = { IAM_NO, IAM_NO, IAM_NO };

        if (e->service_principal)
                return none;
        if (streq(entry, "*") || strcmp(entry, e->rq->principal) == 0)
                return (struct named){ IAM_NO, IAM_NO, IAM_YES };
        if (twelve_digits(entry))
                return (struct named){ tri(is(e->account, entry)), IAM_NO, IAM_NO };
        if (arn_split(entry, strlen(entry), p) != ARN_PARTS || !is(p[0], "arn")) {
                /* "AROA...": an id, of whom is not known here. */
                maybe(e, IAM_WHY_PRINCIPAL, entry);
                return (struct named){ IAM_MAYBE, IAM_MAYBE, IAM_MAYBE };
        }
        if (is(p[5], "root"))
                return (struct named){ tri(same(p[4], e->account)), IAM_NO, IAM_NO };
        if (arn_split(e->rq->principal, strlen(e->rq->principal), caller) == ARN_PARTS &&
            starts(caller[5], "assumed-role/") && starts(p[5], "role/") && is(p[2], "iam"))
                return (struct named){ IAM_NO, tri(role_names_session(e, entry, p, caller)), IAM_NO };
        return none;
}

static struct named entry_match(struct eval *e, const struct principal *p)
{
        switch (p->kind) {
        case PRINCIPAL_AWS:
                /* "*" is everybody, services among them. */
                if (streq(p->name, "*"))
                        return (struct named){ IAM_NO, IAM_NO, IAM_YES };
                return aws_entry(e, p->name);
        case PRINCIPAL_SERVICE:
                return (struct named){ IAM_NO, IAM_NO,
                                       tri(e->service_principal && streq(p->name, e->rq->principal)) };
        case PRINCIPAL_OTHER:
                break;
        }
        return (struct named){ IAM_NO, IAM_NO, IAM_NO };
}

enum iam_tri named_any(const struct named *n)
{
        return tri_or(n->account, tri_or(n->role, n->direct));
}

/*
 * NotPrincipal names everybody else. To spare a session, both it and its role
 * are to be listed, as AWS says; sources conflict on one alone. A caller with a
 * boundary is never spared a Deny: that is evaluate.c's to say.
 */
static struct named everybody_else(struct eval *e, const struct named *listed)
{
        enum iam_tri r = tri_not(named_any(listed));

        if (r == IAM_NO && listed->direct != IAM_YES)
                r = maybe(e, IAM_WHY_PRINCIPAL, "NotPrincipal");
        return (struct named){ IAM_NO, IAM_NO, r };
}

struct named principal_match(struct eval *e, const struct iam_policy *p, const struct statement *s)
{
        struct named all = { IAM_NO, IAM_NO, IAM_NO };

        if (!s->principals && p->layer != IAM_RESOURCE)
                return (struct named){ IAM_NO, IAM_NO, IAM_YES };
        for (size_t i = 0; i < s->n_principals; i++) {
                struct named one = entry_match(e, &s->principals[i]);

                all.account = tri_or(all.account, one.account);
                all.role = tri_or(all.role, one.role);
                all.direct = tri_or(all.direct, one.direct);
        }
        return s->not_principal ? everybody_else(e, &all) : all;
}
