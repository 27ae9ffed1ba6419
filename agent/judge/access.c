/*
 * Is a role allowed to make a call? Decided by its visible policies, under the
 * condition keys of a request with its session.
 */
#include "judge_internal.h"

/* Policies change: a denial by an old bundle may be outdated. */
#define STALE_S ((int64_t)7 * 86400)
static const char *aged(const struct judge_index *ix, const struct caller *c, const char *why)
{
        int64_t age = ix->s->host.taken_s - c->role->as_of_s;

        return !why || c->role->as_of_s == 0 || age < STALE_S
                       ? why
                       : arena_printf(ix->a, "%s, according to a bundle that is %lld days old", why,
                                      (long long)(age / 86400));
}

/* One access check in progress. */
struct check {
        const struct judge_index *ix;
        const struct caller *by;
        struct iam_policies policies;
        struct iam_request rq;
        void (*decide)(const struct iam_policies *p, const struct iam_request *rq, struct iam_decision *ret);
};

/*
 * The condition key that makes the only matching Allow ineffective, because direct requests never have it; NULL:
 * there is none.
 */
static const char *unmet_condition_key(const struct check *ck)
{
        struct iam_key *keys = arena_alloc(ck->ix->a, ck->rq.n_context * sizeof *keys);
        struct iam_request rq = ck->rq;
        struct iam_decision d;

        if (!keys)
                return NULL;
        for (size_t i = 0; i < rq.n_context; i++) {
                keys[i] = rq.context[i];
                if (keys[i].presence == IAM_KEY_ABSENT && never_carried(keys[i].name))
                        keys[i].presence = IAM_KEY_HIDDEN;
        }
        rq.context = keys;
        ck->decide(&ck->policies, &rq, &d);
        for (size_t i = 0; d.visible == IAM_UNKNOWN && i < d.n_why; i++)
                if (d.why[i].reason == IAM_WHY_KEY && never_carried(d.why[i].subject))
                        return never_carried(d.why[i].subject);
        return NULL;
}

static const char *why_of(const struct check *ck, const struct iam_decision *d)
{
        struct arena *a = ck->ix->a;
        const char *unmet;

        if (d->answer == IAM_UNKNOWN && d->n_why)
                return arena_printf(a, "%s: %s", iam_reason_meaning(d->why[0].reason), untrusted_text(a, d->why[0].subject));
        if (d->n_by && !d->by[0].allow)
                return d->by[0].sid ? arena_printf(a, "statement %s of %s denies it", d->by[0].sid, d->by[0].policy)
                                    : arena_printf(a, "statement %zu of %s denies it", d->by[0].statement, d->by[0].policy);
        unmet = d->answer == IAM_IMPLICIT ? unmet_condition_key(ck) : NULL;
        if (unmet)
                return arena_printf(a, "the only matching Allow requires condition key %s, which is never present in requests that a role makes directly", unmet);
        return d->missing == IAM_BOUNDARY ? "its permissions boundary does not allow it" : "no policy of the role allows it";
}

/* `liftable`: a resource policy, which is not visible, could allow the call. */
static struct access concluded(const struct check *ck, const struct iam_decision *d, bool liftable)
{
        return (struct access){ d->answer, liftable && call_denied(d->answer),
                                d->answer == IAM_ALLOWED ? NULL : aged(ck->ix, ck->by, why_of(ck, d)) };
}

/* Is the resource a pattern, so that the call must be allowed on all that it matches? */
static bool is_pattern(const struct permission *p)
{
        return p->resource[strcspn(p->resource, "*?")] && !(streq(p->resource, "*") && without_resources(p->action));
}

/*
 * The resource's own policy is never visible. Where the answer depends on it, the call is decided as if that policy
 * left it to the policies of the role; such a denial holds unless the resource policy names the role.
 */
struct access access_check(const struct judge_index *ix, const struct caller *by, const struct permission *p, uint64_t *steps)
{
        struct check ck = { .ix = ix, .by = by, .decide = is_pattern(p) ? iam_resource_containment : iam_evaluate };
        struct iam_decision d;
        bool open;

        if (!by || by->role->state != ROLE_KNOWN)
                return (struct access){ IAM_UNKNOWN, false, "the policies of the role are not visible" };
        ck.policies = by->policies;
        ck.policies.of[IAM_RESOURCE].not_visible = true;
        ck.rq = (struct iam_request){ .principal = by->session, .role_arn = by->role->arn, .action = p->action, .resource = p->resource,
                                      .context = by->context, .n_context = by->n_context, .steps = steps };
        if (strncmp(p->resource, "arn:", 4) == 0 && strstr(p->resource, ":::"))
                ck.rq.resource_account = ix->s->host.account;  /* a bucket ARN has no account: taken for the host's own */
        ck.decide(&ck.policies, &ck.rq, &d);
        open = d.visible == IAM_UNKNOWN;
        d.answer = open ? d.delegated : d.visible;
        return concluded(&ck, &d, open);
}

bool call_denied(enum iam_answer a) { return a == IAM_IMPLICIT || a == IAM_EXPLICIT; }

bool call_lost_for_certain(const struct call *c)
{
        return call_denied(c->winner) && !c->resource_policy;
}

struct call call_by(const struct judge_index *ix, const struct caller *by, const struct permission *p)
{
        struct access x = access_check(ix, by, p, NULL);

        return (struct call){ .action = p->action, .resource = p->resource, .winner = x.answer, .expected = x.answer,
                              .resource_policy = x.resource_policy, .why = x.why };
}
