/*
 * The decision. Kleene's three values all the way: an explicit Deny that is
 * certain decides alone, an Allow counts when every guard is certain, and
 * everything between is unknown.
 */
#include "iam_internal.h"

/*
 * What identity policies and what may stand above them let pass. A resource
 * policy that names the session, or everybody, is limited by neither boundary
 * nor session policy; one that names the role is limited by both.
 */
static enum iam_tri grant_of(const struct facts *f, bool cross_account)
{
        const struct grants *r = &f->resource;
        enum iam_tri limits = tri_and(f->boundary.allow, f->session.allow);
        enum iam_tri own = tri_and(f->identity.allow, limits);
        enum iam_tri role = tri_and(r->role, limits);

        if (cross_account)
                return tri_and(own, grants_any(r));
        if (f->must_agree)
                return tri_or(tri_or(role, r->direct), tri_and(r->account, own));
        return tri_or(own, tri_or(role, r->direct));
}

static enum iam_tri deny_of(const struct facts *f)
{
        enum iam_tri own = tri_or(tri_or(f->identity.deny, f->boundary.deny),
                                  tri_or(f->session.deny, f->resource.deny));

        return tri_or(own, tri_or(f->scp.deny, tri_or(f->rcp.deny, f->endpoint.deny)));
}

static enum iam_answer evaluate_answer(const struct facts *f)
{
        enum iam_tri deny = deny_of(f);
        enum iam_tri guard = tri_and(f->scp.allow, tri_and(f->rcp.allow, f->endpoint.allow));
        enum iam_tri grant = grant_of(f, f->cross_account == IAM_YES);

        if (deny == IAM_YES)
                return IAM_EXPLICIT;
        if (f->cross_account == IAM_MAYBE && grant != grant_of(f, true))
                grant = IAM_MAYBE;
        grant = tri_and(grant, guard);
        if (f->fixed)
                grant = tri_and(grant, IAM_MAYBE);
        if (grant == IAM_NO)
                return IAM_IMPLICIT;
        return grant == IAM_YES && deny == IAM_NO ? IAM_ALLOWED : IAM_UNKNOWN;
}

static enum iam_layer missing_layer(const struct facts *f)
{
        const struct { enum iam_tri allow; enum iam_layer layer; } order[] = {
                { f->scp.allow, IAM_SCP },           { f->rcp.allow, IAM_RCP },
                { f->endpoint.allow, IAM_ENDPOINT }, { f->identity.allow, IAM_IDENTITY },
                { f->boundary.allow, IAM_BOUNDARY }, { f->session.allow, IAM_SESSION },
        };

        for (size_t i = 0; i < ARRAY_SIZE(order); i++)
                if (order[i].allow == IAM_NO)
                        return order[i].layer;
        return IAM_RESOURCE;
}

/* ---- with what was not seen taken for something ---- */

static struct facts visible_facts(const struct facts *f, const struct iam_policies *p)
{
        static const struct layer open = { IAM_YES, IAM_NO };
        struct facts v = *f;

        if (p->of[IAM_SCP].not_visible)
                v.scp = open;
        if (p->of[IAM_RCP].not_visible)
                v.rcp = open;
        if (p->of[IAM_ENDPOINT].not_visible)
                v.endpoint = open;
        if (p->of[IAM_SESSION].not_visible)
                v.session = open;
        if (!p->of[IAM_RESOURCE].not_visible)
                return v;
        v.resource.deny = IAM_NO;
        /* Where both sides are wanted, what the caller's own side lets pass is allowed as far as it is seen. */
        if (v.must_agree || v.cross_account == IAM_YES)
                v.resource.account = IAM_YES;
        return v;
}

static struct facts delegated_facts(const struct facts *visible, const struct iam_policies *p)
{
        struct facts v = *visible;

        if (p->of[IAM_RESOURCE].not_visible)
                v.resource = (struct grants){ .account = IAM_YES };
        return v;
}

/*
 * Denying statements where there is a denial, else the allowing ones. Reasons stay with an unknown,
 * and with an implicit denial that may be an explicit one.
 */
static void copy_by(const struct eval *e, struct iam_decision *d, bool maybe_explicit)
{
        size_t n = 0;

        for (size_t i = 0; i < d->n_by; i++)
                if (d->by[i].allow == (d->answer != IAM_EXPLICIT))
                        d->by[n++] = d->by[i];
        d->n_by = d->answer == IAM_IMPLICIT ? 0 : n;
        if (d->answer == IAM_UNKNOWN || (d->answer == IAM_IMPLICIT && maybe_explicit))
                reasons_copy(e, d);
}

/* STS API reference, GetCallerIdentity, and IAM user guide, permissions for GetSessionToken: no policy can deny them. */
static bool needs_no_permission(const struct eval *e)
{
        return span_is(e->action, "sts:getcalleridentity") ||
               (span_is(e->action, "sts:getsessiontoken") && (e->caller == CALLER_USER || e->caller == CALLER_ROOT));
}

void iam_evaluate(const struct iam_policies *p, const struct iam_request *rq, struct iam_decision *ret)
{
        struct eval_storage storage;
        struct facts f, visible, delegated;
        struct eval e;

        *ret = (struct iam_decision){ .answer = IAM_UNKNOWN, .visible = IAM_UNKNOWN, .delegated = IAM_UNKNOWN };
        if (!eval_begin(&e, rq, &storage)) {
                ret->why[ret->n_why++] = (struct iam_why){ .reason = IAM_WHY_ACTION, .subject = rq->action };
                return;
        }
        if (needs_no_permission(&e)) {
                ret->answer = ret->visible = ret->delegated = IAM_ALLOWED;
                return;
        }
        facts_find(&e, p, ret, &f);
        visible = visible_facts(&f, p);
        delegated = delegated_facts(&visible, p);
        ret->answer = evaluate_answer(&f);
        ret->visible = evaluate_answer(&visible);
        ret->delegated = evaluate_answer(&delegated);
        ret->missing = missing_layer(&f);
        copy_by(&e, ret, deny_of(&f) == IAM_MAYBE);
}
