/*
 * The layers of a decision. Kleene's three values all the way: an explicit
 * Deny that is certain decides alone, an Allow counts when every guard is
 * certain, and everything between is unknown.
 */
#include <ctype.h>
#include "room.h"

struct layer { enum iam_tri allow, deny; };
/* Of a resource policy: the Allow by whom it names. */
struct grants { enum iam_tri account, role, direct, deny; };

enum iam_tri maybe(struct eval *e, enum iam_reason reason, const char *subject)
{
        struct iam_decision *d = e->d;

        for (size_t i = 0; i < d->n_why; i++)
                if (d->why[i].reason == reason && streq(d->why[i].subject, subject))
                        return IAM_MAYBE;
        if (d->n_why < IAM_WHY_MAX)
                d->why[d->n_why++] = (struct iam_why){ reason, subject };
        return IAM_MAYBE;
}

static void note_by(struct eval *e, const struct iam_policy *p, const struct statement *s)
{
        struct iam_decision *d = e->d;

        if (d->n_by < IAM_BY_MAX)
                d->by[d->n_by++] = (struct iam_by){ p->layer, p->name, s->sid, s->index, s->allow };
}

static void add_grant(struct grants *g, const struct named *n, enum iam_tri r)
{
        g->account = tri_or(g->account, tri_and(n->account, r));
        g->role = tri_or(g->role, tri_and(n->role, r));
        g->direct = tri_or(g->direct, tri_and(n->direct, r));
}

static void add_statement(struct eval *e, const struct iam_policy *p, const struct statement *s,
                          bool bounded, struct grants *g)
{
        size_t doubts = e->d->n_why;
        enum iam_tri body = statement_match(e, p, s), r;
        struct named named;

        /* What does not match leaves none of its doubts behind. */
        e->d->n_why = body == IAM_NO ? doubts : e->d->n_why;
        if (body == IAM_NO)
                return;
        named = principal_match(e, p, s);
        r = tri_and(named_any(&named), body);
        /* IAM user guide, permissions boundaries: NotPrincipal with Deny spares no bounded role. */
        if (s->not_principal && !s->allow && bounded)
                r = body;
        if (r != IAM_MAYBE)
                e->d->n_why = doubts;
        if (r == IAM_YES)
                note_by(e, p, s);
        if (s->allow)
                add_grant(g, &named, r);
        else
                g->deny = tri_or(g->deny, r);
}

static void policy_eval(struct eval *e, const struct iam_policy *p, bool bounded, struct grants *g)
{
        if (p->fault) {
                enum iam_tri r = maybe(e, IAM_WHY_DOCUMENT, p->name);

                add_grant(g, &(struct named){ r, r, r }, r);
                g->deny = tri_or(g->deny, r);
                return;
        }
        for (size_t i = 0; i < p->n_statements; i++)
                add_statement(e, p, &p->statements[i], bounded, g);
}

static struct grants list_eval(struct eval *e, const struct iam_list *l, bool bounded)
{
        struct grants g = { IAM_NO, IAM_NO, IAM_NO, IAM_NO };

        for (size_t i = 0; i < l->n; i++)
                policy_eval(e, l->list[i], bounded, &g);
        return g;
}

static enum iam_tri any_grant(const struct grants *g)
{
        return tri_or(g->direct, tri_or(g->role, g->account));
}

/* A layer that narrows: without any, everything passes. */
static struct layer guard_eval(struct eval *e, const struct iam_list *l, enum iam_layer layer)
{
        struct grants g;

        if (l->unseen) {
                maybe(e, IAM_WHY_LAYER, iam_layer_word(layer));
                return (struct layer){ IAM_MAYBE, IAM_MAYBE };
        }
        if (l->n == 0)
                return (struct layer){ IAM_YES, IAM_NO };
        g = list_eval(e, l, false);
        return (struct layer){ any_grant(&g), g.deny };
}

static bool listed(const char *const *list, size_t n, struct words service)
{
        for (size_t i = 0; i < n; i++)
                if (strlen(list[i]) == service.len && memcmp(list[i], service.s, service.len) == 0)
                        return true;
        return false;
}

static bool rcp_reaches(const struct eval *e)
{
        static const char *const services[] = { "s3", "sts", "kms", "sqs", "secretsmanager", "ecr",
                                                "logs", "dynamodb" };

        return listed(services, ARRAY_SIZE(services), e->service);
}

/* Each level must allow. */
static struct layer levels_eval(struct eval *e, const struct iam_list *levels, size_t n,
                                bool unseen, enum iam_layer layer)
{
        struct layer all = { IAM_YES, IAM_NO };

        if (unseen) {
                maybe(e, IAM_WHY_LAYER, iam_layer_word(layer));
                return (struct layer){ IAM_MAYBE, IAM_MAYBE };
        }
        for (size_t i = 0; i < n; i++) {
                struct grants g = list_eval(e, &levels[i], false);

                /* Which services RCPs reach grows with time, and sources conflict. */
                if (layer == IAM_RCP && g.deny == IAM_YES && !rcp_reaches(e))
                        g.deny = maybe(e, IAM_WHY_RULE, iam_layer_word(layer));
                /* RCPFullAWSAccess is attached at every level and cannot be taken off. */
                if (layer != IAM_RCP)
                        all.allow = tri_and(all.allow, any_grant(&g));
                all.deny = tri_or(all.deny, g.deny);
        }
        return all;
}

/* ---- which resource policies and RCPs there can be (service authorization reference) ---- */

static bool no_resource_policy(const struct eval *e)
{
        static const char *const services[] = { "ecs", "ec2", "cloudwatch", "xray", "ssmmessages",
                                                "autoscaling", "application-autoscaling",
                                                "elasticloadbalancing", "logs" };

        return e->n_arn == 0 || listed(services, ARRAY_SIZE(services), e->service);
}

static struct grants resource_eval(struct eval *e, const struct iam_policies *p)
{
        const struct iam_list *l = &p->of[IAM_RESOURCE];
        bool bounded = p->of[IAM_BOUNDARY].n > 0;

        if (l->unseen && !no_resource_policy(e)) {
                maybe(e, IAM_WHY_LAYER, iam_layer_word(IAM_RESOURCE));
                return (struct grants){ IAM_MAYBE, IAM_MAYBE, IAM_MAYBE, IAM_MAYBE };
        }
        return list_eval(e, l, bounded);
}

/* ---- the decision ---- */

struct facts {
        struct layer identity, boundary, session, scp, rcp, endpoint;
        struct grants resource;
        bool key_rules;                /* a KMS key or a role's trust: the resource policy is needed */
        enum iam_tri cross;            /* the resource is another account's */
};

/* What identity policies and what may stand above them let pass. */
static enum iam_tri grant_of(const struct facts *f, bool cross)
{
        const struct grants *r = &f->resource;
        enum iam_tri held = tri_and(f->boundary.allow, f->session.allow);
        enum iam_tri own = tri_and(f->identity.allow, held);
        enum iam_tri direct = tri_and(r->direct, f->session.allow == IAM_YES ? IAM_YES : IAM_MAYBE);
        enum iam_tri role = tri_and(r->role, held);

        if (cross)
                return tri_and(own, any_grant(r));
        if (f->key_rules)
                return tri_or(tri_or(role, direct), tri_and(r->account, own));
        return tri_or(own, tri_or(role, direct));
}

static enum iam_tri deny_of(const struct facts *f)
{
        enum iam_tri own = tri_or(tri_or(f->identity.deny, f->boundary.deny),
                                  tri_or(f->session.deny, f->resource.deny));

        return tri_or(own, tri_or(f->scp.deny, tri_or(f->rcp.deny, f->endpoint.deny)));
}

static enum iam_answer answer_of(const struct facts *f)
{
        enum iam_tri deny = deny_of(f);
        enum iam_tri guard = tri_and(f->scp.allow, tri_and(f->rcp.allow, f->endpoint.allow));
        enum iam_tri grant = grant_of(f, f->cross == IAM_YES);

        if (deny == IAM_YES)
                return IAM_EXPLICIT;
        if (f->cross == IAM_MAYBE && grant != grant_of(f, true))
                grant = IAM_MAYBE;
        grant = tri_and(grant, guard);
        if (grant == IAM_NO)
                return IAM_IMPLICIT;
        return grant == IAM_YES && deny == IAM_NO ? IAM_ALLOWED : IAM_UNKNOWN;
}

static enum iam_layer missing_of(const struct facts *f)
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

/* Guards that were not seen are taken as open. */
static enum iam_answer visible_of(struct facts f, const struct iam_policies *p)
{
        static const struct layer open = { IAM_YES, IAM_NO };

        if (p->of[IAM_SCP].unseen)
                f.scp = open;
        if (p->of[IAM_RCP].unseen)
                f.rcp = open;
        if (p->of[IAM_ENDPOINT].unseen)
                f.endpoint = open;
        if (p->of[IAM_SESSION].unseen)
                f.session = open;
        if (p->of[IAM_RESOURCE].unseen)
                f.resource.deny = IAM_NO;
        return answer_of(&f);
}

static bool digits(struct words w)
{
        return w.len == 12 && strspn(w.s, "0123456789") >= 12;
}

static enum iam_tri cross_of(struct eval *e)
{
        const char *named = e->rq->resource_account;
        struct words owner = { named, named ? strlen(named) : 0 };

        if (e->service_principal || e->n_arn == 0)
                return IAM_NO;
        if (!named)
                owner = e->arn[4];
        if (!digits(owner) || !digits(e->account))
                return maybe(e, IAM_WHY_ACCOUNT, e->rq->resource);
        return tri(owner.len != e->account.len || memcmp(owner.s, e->account.s, owner.len) != 0);
}

static bool has_key_rules(const struct eval *e)
{
        struct words rest = e->n_arn ? e->arn[5] : (struct words){ "", 0 };

        if (e->service.len == 3 && memcmp(e->service.s, "kms", 3) == 0)
                return rest.len > 4 && memcmp(rest.s, "key/", 4) == 0;
        return e->action.len >= 14 && memcmp(e->action.s, "sts:assumerole", 14) == 0;
}

bool eval_begin(struct eval *e, char action[ACTION_MAX])
{
        struct words caller[ARN_PARTS];
        size_t n = strlen(e->rq->action);
        const char *colon;

        if (n >= ACTION_MAX)
                return false;
        for (size_t i = 0; i <= n; i++)
                action[i] = (char)tolower((unsigned char)e->rq->action[i]);
        colon = strchr(action, ':');
        e->action = (struct words){ action, n };
        e->service = (struct words){ action, colon ? (size_t)(colon - action) : n };
        if (strncmp(e->rq->resource, "arn:", 4) == 0 &&
            arn_split(e->rq->resource, strlen(e->rq->resource), e->arn) == ARN_PARTS)
                e->n_arn = ARN_PARTS;
        e->service_principal = strncmp(e->rq->principal, "arn:", 4) != 0;
        if (!e->service_principal &&
            arn_split(e->rq->principal, strlen(e->rq->principal), caller) == ARN_PARTS)
                e->account = caller[4];
        return colon != NULL;
}

/*
 * Denying statements where there is a denial, else the allowing ones. Doubts stay with an unknown,
 * and with an implicit denial that may be an explicit one.
 */
static void keep_by(struct iam_decision *d, bool maybe_explicit)
{
        size_t n = 0;

        for (size_t i = 0; i < d->n_by; i++)
                if (d->by[i].allow == (d->answer != IAM_EXPLICIT))
                        d->by[n++] = d->by[i];
        d->n_by = d->answer == IAM_IMPLICIT ? 0 : n;
        if (d->answer != IAM_UNKNOWN && !(d->answer == IAM_IMPLICIT && maybe_explicit))
                d->n_why = 0;
}

void iam_evaluate(const struct iam_policies *p, const struct iam_request *rq, struct iam_decision *ret)
{
        struct eval e = { .rq = rq, .d = ret };
        char action[ACTION_MAX];
        struct facts f;
        struct grants own;

        *ret = (struct iam_decision){ .answer = IAM_UNKNOWN, .visible = IAM_UNKNOWN };
        if (!eval_begin(&e, action)) {
                maybe(&e, IAM_WHY_ACTION, rq->action);
                return;
        }
        if (streq(action, "sts:getcalleridentity")) {
                ret->answer = ret->visible = IAM_ALLOWED;  /* nobody can be denied it */
                return;
        }
        own = list_eval(&e, &p->of[IAM_IDENTITY], false);
        if (p->of[IAM_IDENTITY].unseen) {
                maybe(&e, IAM_WHY_LAYER, iam_layer_word(IAM_IDENTITY));
                own = (struct grants){ IAM_MAYBE, IAM_MAYBE, IAM_MAYBE, IAM_MAYBE };
        }
        f = (struct facts){
                .identity = { any_grant(&own), own.deny },
                .boundary = guard_eval(&e, &p->of[IAM_BOUNDARY], IAM_BOUNDARY),
                .session = guard_eval(&e, &p->of[IAM_SESSION], IAM_SESSION),
                .endpoint = guard_eval(&e, &p->of[IAM_ENDPOINT], IAM_ENDPOINT),
                .scp = e.service_principal ? (struct layer){ IAM_YES, IAM_NO }
                                           : levels_eval(&e, p->scp, p->n_scp, p->of[IAM_SCP].unseen, IAM_SCP),
                .rcp = levels_eval(&e, p->rcp, p->n_rcp, p->of[IAM_RCP].unseen, IAM_RCP),
                .resource = resource_eval(&e, p),
                .key_rules = has_key_rules(&e),
                .cross = cross_of(&e),
        };
        ret->answer = answer_of(&f);
        ret->visible = visible_of(f, p);
        ret->missing = missing_of(&f);
        keep_by(ret, deny_of(&f) == IAM_MAYBE);
}
