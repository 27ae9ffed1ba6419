/* Whom a resource policy's statement names: the caller, its role, its account, or somebody else. */
#include <strings.h>
#include "iam_internal.h"

static const struct named nobody = { IAM_NO, IAM_NO, IAM_NO };

/* "assumed-role/NAME/SESSION" -> NAME; "role/path/NAME" -> NAME. */
static struct span role_name(struct span rest, bool session)
{
        const char *end = rest.s + rest.len, *slash;

        if (session) {
                rest.s += strlen("assumed-role/");
                slash = memchr(rest.s, '/', (size_t)(end - rest.s));
                return (struct span){ rest.s, (size_t)((slash ? slash : end) - rest.s) };
        }
        slash = memrchr(rest.s, '/', rest.len);
        return (struct span){ slash + 1, (size_t)(end - slash - 1) };
}

/* A role names each of its sessions; a session's ARN has no path, a role's may have. */
static bool role_names_session(const struct eval *e, const char *entry, const struct span *role)
{
        struct span a, b;

        if (e->rq->role_arn)
                return streq(entry, e->rq->role_arn);
        a = role_name(role[5], false);
        b = role_name(e->caller_arn[5], true);
        return span_equal(role[1], e->caller_arn[1]) && span_equal(role[4], e->account) && a.len == b.len &&
               strncasecmp(a.s, b.s, a.len) == 0;
}

/* ---- unique ids: "AROA...", "AIDA..." ---- */

static bool is_unique_id(const char *entry)
{
        size_t n = strlen(entry);

        return n > 4 && entry[0] == 'A' && strspn(entry, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == n;
}

/* IAM user guide, IAM identifiers: AROA is a role, AIDA a user. The caller's stands in aws:userid, of a session before a colon. */
static struct named id_entry(struct eval *e, const char *entry)
{
        bool role = strncmp(entry, "AROA", 4) == 0, user = strncmp(entry, "AIDA", 4) == 0;
        bool by_role = e->caller == CALLER_SESSION || e->caller == CALLER_ROLE;
        struct iam_key k;
        enum iam_tri r;

        if ((role && !by_role && e->caller != CALLER_OTHER) || (user && e->caller != CALLER_USER && e->caller != CALLER_OTHER))
                return nobody;
        k = context_get(e, "aws:userid");
        if ((role || user) && k.presence == IAM_KEY_KNOWN && k.n == 1)
                r = tri(strlen(entry) == strcspn(k.values[0], ":") && strncmp(entry, k.values[0], strlen(entry)) == 0);
        else
                r = maybe(e, IAM_WHY_PRINCIPAL, entry);
        if (role)
                return (struct named){ IAM_NO, r, IAM_NO };
        return user ? (struct named){ IAM_NO, IAM_NO, r } : (struct named){ r, r, r };
}

/* ---- entries ---- */

static struct named arn_entry(struct eval *e, const char *entry, const struct span *p)
{
        if (span_is(p[5], "root"))
                return (struct named){ tri(span_equal(p[4], e->account)), IAM_NO, IAM_NO };
        if (e->caller == CALLER_ROLE)
                return (struct named){ IAM_NO, tri(streq(entry, e->rq->principal)), IAM_NO };
        if (streq(entry, e->rq->principal))
                return (struct named){ IAM_NO, IAM_NO, IAM_YES };
        if (e->caller == CALLER_SESSION && span_begins(p[5], "role/") && span_is(p[2], "iam"))
                return (struct named){ IAM_NO, tri(role_names_session(e, entry, p)), IAM_NO };
        return nobody;
}

static struct named aws_entry(struct eval *e, const char *entry)
{
        struct span p[ARN_PARTS], text = span_of(entry);

        /* "*" is everybody, services among them. */
        if (streq(entry, "*"))
                return (struct named){ IAM_NO, IAM_NO, IAM_YES };
        if (e->caller == CALLER_SERVICE || e->caller == CALLER_FEDERATED)
                return nobody;
        if (is_account(text))
                return (struct named){ tri(span_equal(e->account, text)), IAM_NO, IAM_NO };
        if (is_unique_id(entry))
                return id_entry(e, entry);
        if (arn_split(entry, text.len, p) == ARN_PARTS && span_is(p[0], "arn"))
                return arn_entry(e, entry, p);
        maybe(e, IAM_WHY_PRINCIPAL, entry);
        return (struct named){ IAM_MAYBE, IAM_MAYBE, IAM_MAYBE };
}

static struct named entry_match(struct eval *e, const struct principal *p)
{
        const struct named itself = { IAM_NO, IAM_NO, IAM_YES };

        switch (p->kind) {
        case PRINCIPAL_AWS:
                return aws_entry(e, p->name);
        case PRINCIPAL_SERVICE:
                return e->caller == CALLER_SERVICE && streq(p->name, e->rq->principal) ? itself : nobody;
        case PRINCIPAL_FEDERATED:
                return streq(p->name, e->rq->principal) ? itself : nobody;
        case PRINCIPAL_CANONICAL:
                break;
        }
        /* S3 user guide: another name of an account; which, only the account knows. */
        if (!e->account.len)
                return nobody;
        return (struct named){ maybe(e, IAM_WHY_PRINCIPAL, p->name), IAM_NO, IAM_NO };
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

        if (r == IAM_NO && listed->direct != IAM_YES && !(e->caller == CALLER_ROLE && listed->role == IAM_YES))
                r = maybe_ruling(e, IAM_RULING_NOT_PRINCIPAL);
        return (struct named){ IAM_NO, IAM_NO, r };
}

struct named principal_match(struct eval *e, const struct iam_policy *p, const struct statement *s)
{
        struct named all = nobody;

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
