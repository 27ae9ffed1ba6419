/* What the policies of each layer say of a request: Allow, Deny, or not known. */
#include "iam_internal.h"

/* One list of policies that is being evaluated. */
struct pass {
        struct eval *e;
        struct iam_decision *d;        /* statements that match are noted here */
        bool bounded;                  /* the caller has a permissions boundary */
        struct grants grants;
};

static const struct grants not_known = { IAM_MAYBE, IAM_MAYBE, IAM_MAYBE, IAM_MAYBE };
static const struct layer open = { IAM_YES, IAM_NO }, not_visible = { IAM_MAYBE, IAM_MAYBE };

static void note_by(struct iam_decision *d, const struct iam_policy *p, const struct statement *s)
{
        if (d->n_by < IAM_BY_MAX)
                d->by[d->n_by++] = (struct iam_by){ p->layer, p->name, s->sid, s->index, s->allow };
}

static void add_grant(struct grants *g, const struct named *n, enum iam_tri r)
{
        g->account = tri_or(g->account, tri_and(n->account, r));
        g->role = tri_or(g->role, tri_and(n->role, r));
        g->direct = tri_or(g->direct, tri_and(n->direct, r));
}

static void add_statement(struct pass *x, const struct iam_policy *p, const struct statement *s)
{
        size_t before = x->e->reasons->n;
        enum iam_tri body = statement_match(x->e, p, s), r;
        struct named named;

        /* What does not match leaves none of its reasons behind. */
        if (body == IAM_NO) {
                if (x->e->reasons->n != before)
                        reasons_drop(x->e, before, OF_ALL);
                return;
        }
        named = principal_match(x->e, p, s);
        r = tri_and(named_any(&named), body);
        /* IAM user guide, permissions boundaries: NotPrincipal with Deny spares no bounded role. */
        if (s->not_principal && !s->allow && x->bounded)
                r = body;
        if (r != IAM_MAYBE)
                reasons_drop(x->e, before, OF_ALL);
        if (r == IAM_YES)
                note_by(x->d, p, s);
        if (s->allow)
                add_grant(&x->grants, &named, r);
        else
                x->grants.deny = tri_or(x->grants.deny, r);
}

static void add_policy(struct pass *x, const struct iam_policy *p)
{
        if (p->error) {
                const struct named anybody = { IAM_MAYBE, IAM_MAYBE, IAM_MAYBE };

                x->e->in_deny = true;
                maybe(x->e, IAM_WHY_DOCUMENT, p->reason_subject);
                add_grant(&x->grants, &anybody, IAM_MAYBE);
                x->grants.deny = tri_or(x->grants.deny, IAM_MAYBE);
                return;
        }
        for (size_t i = 0; i < p->n_statements; i++)
                add_statement(x, p, &p->statements[i]);
}

/* Reasons about an Allow count for nothing beside one that is certain. */
static struct grants list_eval(struct pass *x, const struct iam_list *l)
{
        size_t before = x->e->reasons->n;

        x->grants = (struct grants){ IAM_NO, IAM_NO, IAM_NO, IAM_NO };
        for (size_t i = 0; i < l->n; i++)
                add_policy(x, l->list[i]);
        if (x->grants.direct == IAM_YES)
                reasons_drop(x->e, before, OF_ALLOW);
        x->e->in_deny = false;
        return x->grants;
}

static struct layer layer_not_visible(struct pass *x, enum iam_layer layer)
{
        maybe(x->e, IAM_WHY_LAYER, iam_layer_to_string(layer));
        return not_visible;
}

/* A layer that narrows: without any, everything passes. */
static struct layer guard_eval(struct pass *x, const struct iam_list *l, enum iam_layer layer)
{
        struct grants g;

        if (l->not_visible)
                return layer_not_visible(x, layer);
        if (l->n == 0)
                return open;
        g = list_eval(x, l);
        return (struct layer){ grants_any(&g), g.deny };
}

/* Each level must allow. */
static struct layer levels_eval(struct pass *x, const struct iam_list *levels, size_t n, enum iam_layer layer)
{
        struct layer all = open;

        for (size_t i = 0; i < n; i++) {
                struct grants g = list_eval(x, &levels[i]);

                if (layer == IAM_RCP && g.deny == IAM_YES && !rcp_reaches(x->e))
                        g.deny = maybe_ruling(x->e, IAM_RULING_RCP_SERVICES);
                /* RCPFullAWSAccess is attached at every level and cannot be taken off. */
                if (layer != IAM_RCP)
                        all.allow = tri_and(all.allow, grants_any(&g));
                all.deny = tri_or(all.deny, g.deny);
        }
        return all;
}

/* Organizations user guide: neither SCPs nor RCPs restrict service-linked roles; SCPs only roles and users. */
static void levels_find(struct pass *x, const struct iam_policies *p, struct facts *ret)
{
        bool account = x->e->caller != CALLER_SERVICE && x->e->caller != CALLER_FEDERATED;

        ret->scp = ret->rcp = open;
        if ((p->n_scp || p->n_rcp || p->of[IAM_SCP].not_visible || p->of[IAM_RCP].not_visible) && caller_is_linked_role(x->e))
                return;
        if (account)
                ret->scp = p->of[IAM_SCP].not_visible ? layer_not_visible(x, IAM_SCP) : levels_eval(x, p->scp, p->n_scp, IAM_SCP);
        ret->rcp = p->of[IAM_RCP].not_visible ? layer_not_visible(x, IAM_RCP) : levels_eval(x, p->rcp, p->n_rcp, IAM_RCP);
}

static struct grants resource_eval(struct pass *x, const struct iam_policies *p, const struct facts *f)
{
        const struct iam_list *l = &p->of[IAM_RESOURCE];
        struct grants g;

        if (l->not_visible && !f->no_policy) {
                layer_not_visible(x, IAM_RESOURCE);
                return not_known;
        }
        g = list_eval(x, l);
        if (f->cross_account == IAM_YES && l->n == 0 && resource_is_shared_otherwise(x->e))
                g.account = maybe_ruling(x->e, IAM_RULING_SHARED);
        return g;
}

static struct layer identity_eval(struct pass *x, const struct iam_list *l)
{
        struct grants g;

        /* IAM user guide: the root user of an account needs no policy. */
        if (x->e->caller == CALLER_ROOT)
                return open;
        if (l->not_visible)
                return layer_not_visible(x, IAM_IDENTITY);
        g = list_eval(x, l);
        return (struct layer){ grants_any(&g), g.deny };
}

void facts_find(struct eval *e, const struct iam_policies *p, struct iam_decision *d, struct facts *ret)
{
        struct pass x = { .e = e, .d = d };

        ret->identity = identity_eval(&x, &p->of[IAM_IDENTITY]);
        ret->boundary = guard_eval(&x, &p->of[IAM_BOUNDARY], IAM_BOUNDARY);
        ret->session = guard_eval(&x, &p->of[IAM_SESSION], IAM_SESSION);
        ret->must_agree = resource_must_agree(e);
        ret->no_policy = resource_has_no_policy(e);
        ret->cross_account = resource_is_cross_account(e);
        x.bounded = p->of[IAM_BOUNDARY].n > 0;
        ret->resource = resource_eval(&x, p, ret);
        x.bounded = false;
        ret->endpoint = guard_eval(&x, &p->of[IAM_ENDPOINT], IAM_ENDPOINT);
        levels_find(&x, p, ret);
        ret->fixed = resource_is_fixed(e);
        if (ret->fixed)
                maybe_ruling(e, IAM_RULING_FIXED);
}
