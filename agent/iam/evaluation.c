/* One evaluation: its request taken apart, and the reasons for not knowing that it meets. */
#include <ctype.h>
#include "iam_internal.h"

/* ---- reasons ---- */

/* Texts of policies may be long, and many may begin alike: as much as is ever shown tells them apart. */
#define SUBJECT_COMPARED 256

static bool is_same(const struct iam_why *a, const struct iam_why *b)
{
        return a->reason == b->reason && a->of == b->of &&
               (a->subject == b->subject || strncmp(a->subject, b->subject, SUBJECT_COMPARED) == 0) &&
               (a->key == b->key || (a->key && b->key && strncmp(a->key, b->key, SUBJECT_COMPARED) == 0));
}

static enum iam_tri reason_note(struct eval *e, struct iam_why why)
{
        struct reasons *d = e->reasons;

        for (size_t i = 0; i < d->n; i++)
                if (d->row[i].of_deny == e->in_deny && is_same(&d->row[i].why, &why))
                        return IAM_MAYBE;
        if (d->n < REASONS_MAX)
                d->row[d->n++] = (struct reason_row){ why, e->in_deny };
        return IAM_MAYBE;
}

enum iam_tri maybe(struct eval *e, enum iam_reason reason, const char *subject)
{
        return reason_note(e, (struct iam_why){ .reason = reason, .subject = subject });
}

enum iam_tri maybe_value(struct eval *e, const char *key, const char *value, enum iam_side of)
{
        return reason_note(e, (struct iam_why){ IAM_WHY_VALUE, value, key, of });
}

enum iam_tri maybe_ruling(struct eval *e, enum iam_ruling ruling)
{
        return maybe(e, IAM_WHY_RULE, iam_ruling_get(ruling)->name);
}

enum iam_tri maybe_size(struct eval *e)
{
        return maybe(e, IAM_WHY_SIZE, e->rq->resource);
}

void reasons_drop(struct eval *e, size_t from, enum reasons_of of)
{
        struct reasons *d = e->reasons;
        size_t n = from;

        for (size_t i = from; i < d->n; i++)
                if (of != OF_ALL && d->row[i].of_deny != (of == OF_DENY))
                        d->row[n++] = d->row[i];
        d->n = n;
}

/* A layer that may be there, or not, decides only where everything else is known. */
static bool is_invisible_guard(const struct reason_row *d)
{
        return d->why.reason == IAM_WHY_LAYER && !streq(d->why.subject, iam_layer_to_string(IAM_IDENTITY)) &&
               !streq(d->why.subject, iam_layer_to_string(IAM_RESOURCE));
}

void reasons_copy(const struct eval *e, struct iam_decision *d)
{
        const struct reasons *from = e->reasons;

        d->n_why = 0;
        for (int guards = 0; guards < 2; guards++)
                for (size_t i = 0; i < from->n && d->n_why < IAM_WHY_MAX; i++) {
                        bool known = false;

                        for (size_t k = 0; k < d->n_why; k++)
                                known = known || is_same(&d->why[k], &from->row[i].why);
                        if (!known && is_invisible_guard(&from->row[i]) == (guards == 1))
                                d->why[d->n_why++] = from->row[i].why;
                }
}

/* ---- the request ---- */

#define LOG_GROUP "log-group:"

static enum caller_kind caller_kind_of(const struct span *arn)
{
        static const struct { const char *service, *prefix; enum caller_kind kind; } kinds[] = {
                { "sts", "assumed-role/", CALLER_SESSION },     { "iam", "role/", CALLER_ROLE },
                { "iam", "user/", CALLER_USER },                { "iam", "oidc-provider/", CALLER_FEDERATED },
                { "iam", "saml-provider/", CALLER_FEDERATED },
        };

        if (span_is(arn[2], "iam") && span_is(arn[5], "root"))
                return CALLER_ROOT;
        for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
                if (span_is(arn[2], kinds[i].service) && span_begins(arn[5], kinds[i].prefix))
                        return kinds[i].kind;
        return CALLER_OTHER;
}

static void caller_begin(struct eval *e)
{
        struct span principal = span_of(e->rq->principal);

        e->caller = CALLER_SERVICE;
        if (strncmp(principal.s, "arn:", 4) != 0)
                return;
        e->caller = CALLER_OTHER;
        if (arn_split(principal.s, principal.len, e->caller_arn) != ARN_PARTS) {
                memset(e->caller_arn, 0, sizeof e->caller_arn);
                return;
        }
        e->caller = caller_kind_of(e->caller_arn);
        e->account = e->caller_arn[4];
}

static bool action_begin(struct eval *e, char lower[ACTION_MAX])
{
        size_t n = strlen(e->rq->action);
        const char *colon;

        if (n >= ACTION_MAX)
                return false;
        for (size_t i = 0; i <= n; i++)
                lower[i] = (char)tolower((unsigned char)e->rq->action[i]);
        colon = strchr(lower, ':');
        e->action = (struct span){ lower, n };
        e->service = (struct span){ lower, colon ? (size_t)(colon - lower) : n };
        return colon != NULL;
}

/*
 * CloudWatch Logs API reference, LogGroup: policies name a log group with ":*" for most actions. KMS
 * developer guide, "Specifying KMS keys in IAM policy statements": an alias is a resource of its own actions only.
 */
static enum other_name other_name_of(const struct eval *e)
{
        static const char *const own_actions[] = {
                "logs:listtagsforresource", "logs:tagresource", "logs:untagresource",
                "kms:createalias", "kms:deletealias", "kms:updatealias",
        };
        enum other_name name = NAME_NONE;
        const struct span *rest = &e->arn[5];

        if (!e->n_arn)
                return NAME_NONE;
        if (span_is(e->service, "kms") && span_begins(*rest, "alias/"))
                name = NAME_KEY;
        else if (span_is(e->service, "logs") && span_begins(*rest, LOG_GROUP) &&
                 !memchr(rest->s + strlen(LOG_GROUP), ':', rest->len - strlen(LOG_GROUP)))
                name = NAME_LOG_STREAMS;
        for (size_t i = 0; name && i < ARRAY_SIZE(own_actions); i++)
                if (span_is(e->action, own_actions[i]))
                        name = NAME_NONE;
        return name;
}

bool eval_begin(struct eval *e, const struct iam_request *rq, struct eval_storage *storage)
{
        storage->reasons.n = 0;
        storage->steps = IAM_STEPS;
        e->rq = rq;
        e->reasons = &storage->reasons;
        e->steps = rq->steps ? rq->steps : &storage->steps;
        e->storage = storage;
        e->in_deny = false;
        memset(e->caller_arn, 0, sizeof e->caller_arn);
        e->account = (struct span){ "", 0 };
        e->n_arn = 0;
        if (strncmp(rq->resource, "arn:", 4) == 0 && arn_split(rq->resource, strlen(rq->resource), e->arn) == ARN_PARTS)
                e->n_arn = ARN_PARTS;
        caller_begin(e);
        if (!action_begin(e, storage->action))
                return false;
        e->other_name = other_name_of(e);
        e->by_text = e->n_arn && !e->other_name;
        return true;
}
