/*
 * May a role make a call? As far as its policies were seen, under the condition
 * keys that a call with its session carries.
 */
#include "judge_internal.h"

/* Policies change; what was denied when the bundle was made may be allowed by now. */
#define STALE_S ((int64_t)7 * 86400)
static const char *aged(const struct judge_index *ix, const struct caller *c, const char *why)
{
        int64_t age = ix->s->host.taken_s - c->role->as_of_s;

        return !why || c->role->as_of_s == 0 || age < STALE_S
                       ? why
                       : arena_printf(ix->a, "%s, by a bundle of %lld days ago", why,
                                      (long long)(age / 86400));
}

/* One question on its way to an answer. */
struct check {
        const struct judge_index *ix;
        const struct caller *by;
        struct iam_policies policies;
        struct iam_request rq;
        void (*decide)(const struct iam_policies *p, const struct iam_request *rq, struct iam_decision *ret);
};

/*
 * An Allow under a condition on a key that direct calls never carry looks like a grant and is none.
 * The key, if it is that which keeps the call from being allowed; NULL: it is not.
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
                return arena_printf(a, "what would allow it hangs on the condition key %s, which its own calls never carry", unmet);
        return d->missing == IAM_BOUNDARY ? "its permissions boundary does not allow it" : "no policy of it allows it";
}

/* `liftable`: a policy of the resource that was not seen could lift a denial. */
static struct access concluded(const struct check *ck, const struct iam_decision *d, bool liftable)
{
        return (struct access){ d->answer, liftable && call_denied(d->answer),
                                d->answer == IAM_ALLOWED ? NULL : aged(ck->ix, ck->by, why_of(ck, d)) };
}

/* Does it stand for every resource that it matches? */
static bool is_pattern(const struct permission *p)
{
        return p->resource[strcspn(p->resource, "*?")] && !(streq(p->resource, "*") && without_resources(p->action));
}

/*
 * The resource's own policy is not seen. What is not known without it is answered as if it left the call
 * to the policies of the role; a denial then holds unless it names the role.
 */
struct access access_check(const struct judge_index *ix, const struct caller *by, const struct permission *p, uint64_t *steps)
{
        struct check ck = { .ix = ix, .by = by, .decide = is_pattern(p) ? iam_contain : iam_evaluate };
        struct iam_decision d;
        bool open;

        if (!by || by->role->state != ROLE_KNOWN)
                return (struct access){ IAM_UNKNOWN, false, "its policies were not seen" };
        ck.policies = by->policies;
        ck.policies.of[IAM_RESOURCE].unseen = true;
        ck.rq = (struct iam_request){ .principal = by->session, .role_arn = by->role->arn, .action = p->action, .resource = p->resource,
                                      .context = by->context, .n_context = by->n_context, .steps = steps };
        if (strncmp(p->resource, "arn:", 4) == 0 && strstr(p->resource, ":::"))
                ck.rq.resource_account = ix->s->host.account;  /* a bucket: taken for the account's own */
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
