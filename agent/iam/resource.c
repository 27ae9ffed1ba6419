/*
 * What the evaluation asks of services, resources and callers (service
 * authorization reference; IAM, KMS and Organizations user guides).
 */
#include <strings.h>
#include "iam_internal.h"

static bool is_listed(const char *const *list, size_t n, struct span w)
{
        for (size_t i = 0; i < n; i++)
                if (span_is(w, list[i]))
                        return true;
        return false;
}

/* IAM user guide, "Pass session tags in STS" and "Monitor with source identity": the trust policy must allow these, too. */
static bool is_of_trust(struct span action)
{
        static const char *const actions[] = { "sts:assumerole", "sts:assumerolewithsaml", "sts:assumerolewithwebidentity",
                                               "sts:tagsession", "sts:setsourceidentity", "sts:setcontext" };

        return is_listed(actions, ARRAY_SIZE(actions), action);
}

bool resource_must_agree(const struct eval *e)
{
        if (!e->n_arn)
                return false;
        return (span_is(e->service, "kms") && (span_begins(e->arn[5], "key/") || e->other_name == NAME_KEY)) ||
               (is_of_trust(e->action) && span_begins(e->arn[5], "role/"));
}

bool resource_has_no_policy(const struct eval *e)
{
        static const char *const services[] = { "ecs", "ec2", "cloudwatch", "xray", "ssmmessages",
                                                "autoscaling", "application-autoscaling",
                                                "elasticloadbalancing", "logs" };

        return e->n_arn == 0 || is_listed(services, ARRAY_SIZE(services), e->service);
}

/* The first part of their names is the customer's: an API, a topic before its subscription, a queue, a repository. */
bool resource_is_typed(const struct eval *e)
{
        static const char *const untyped[] = { "execute-api", "sns", "sqs", "codecommit" };

        return !e->n_arn || !is_listed(untyped, ARRAY_SIZE(untyped), e->arn[2]);
}

/* ---- whose it is ---- */

static bool is_other_account(const struct eval *e, struct span owner)
{
        return is_account(owner) && is_account(e->account) && !span_equal(owner, e->account);
}

/* ARNs without an account: those of buckets may be anybody's; what else has none is AWS's, or the caller's. */
static enum iam_tri accountless_is_cross_account(struct eval *e, struct span owner)
{
        /* EC2 user guide: other accounts may use an image or a snapshot by its own permission. */
        if (span_begins(e->arn[5], "image/") || span_begins(e->arn[5], "snapshot/"))
                return IAM_NO;
        return owner.len && is_other_account(e, owner) ? maybe_ruling(e, IAM_RULING_SHARED) : IAM_NO;
}

enum iam_tri resource_is_cross_account(struct eval *e)
{
        const char *named = e->rq->resource_account;
        struct span owner = { named, named ? strlen(named) : 0 };

        if (e->caller == CALLER_SERVICE || e->caller == CALLER_FEDERATED || e->n_arn == 0)
                return IAM_NO;
        if (span_is(e->arn[4], "aws"))
                return IAM_NO;         /* AWS's own, for all accounts */
        if (!e->arn[4].len && !span_is(e->arn[2], "s3"))
                return accountless_is_cross_account(e, owner);
        if (!named)
                owner = e->arn[4];
        if (!is_account(owner) || !is_account(e->account))
                return maybe(e, IAM_WHY_ACCOUNT, e->rq->resource);
        return tri(is_other_account(e, owner));
}

bool resource_is_shared_otherwise(const struct eval *e)
{
        static const char *const services[] = { "ec2", "rds", "ssm" };

        return resource_has_no_policy(e) || is_listed(services, ARRAY_SIZE(services), e->service);
}

/* ---- what no Allow is enough for ---- */

/* IAM user guide, "Service-linked roles" and "AWS managed policies"; KMS developer guide, "AWS managed keys". */
static const struct { const char *service, *account, *rest; } fixed[] = {
        { "iam", "aws", "policy/" }, { "iam", NULL, "role/aws-service-role/" }, { "iam", NULL, "role/aws-reserved/" },
        { "kms", NULL, "alias/aws/" },
};
static const char *const changes[] = {
        "iam:attachrolepolicy", "iam:createpolicyversion", "iam:deletepolicy", "iam:deletepolicyversion",
        "iam:deleterole", "iam:deleterolepermissionsboundary", "iam:deleterolepolicy", "iam:detachrolepolicy",
        "iam:putrolepermissionsboundary", "iam:putrolepolicy", "iam:setdefaultpolicyversion",
        "iam:updateassumerolepolicy", "kms:createalias", "kms:deletealias", "kms:updatealias",
};

bool resource_is_fixed(const struct eval *e)
{
        if (!e->n_arn || !is_listed(changes, ARRAY_SIZE(changes), e->action))
                return false;
        for (size_t i = 0; i < ARRAY_SIZE(fixed); i++)
                if (span_is(e->arn[2], fixed[i].service) && span_begins(e->arn[5], fixed[i].rest) &&
                    (!fixed[i].account || span_is(e->arn[4], fixed[i].account)))
                        return true;
        return false;
}

/* ---- organizations ---- */

/*
 * Of a session without its role's ARN the name decides: AWS makes these roles, and names them so. The ARN is asked of
 * the request itself: were steps to end here, a limit that does not apply would deny.
 */
bool caller_is_linked_role(const struct eval *e)
{
        const struct iam_key *k = context_listed(e->rq, "aws:PrincipalArn");
        const char *arn = e->rq->role_arn;

        if (e->caller == CALLER_ROLE)
                arn = e->rq->principal;
        if (arn)
                return strstr(arn, ":role/aws-service-role/") != NULL;
        if (e->caller != CALLER_SESSION)
                return false;
        if (k && k->presence == IAM_KEY_KNOWN && k->n == 1 && strstr(k->values[0], ":role/aws-service-role/"))
                return true;
        return span_begins(e->caller_arn[5], "assumed-role/AWSServiceRoleFor");
}

bool rcp_reaches(const struct eval *e)
{
        static const char *const services[] = { "s3", "sts", "kms", "sqs", "secretsmanager", "ecr",
                                                "logs", "dynamodb" };

        /* Organizations user guide: they do not apply to AWS managed keys, which these aliases are of. */
        if (span_is(e->service, "kms") && e->n_arn && span_begins(e->arn[5], "alias/aws/"))
                return false;
        return is_listed(services, ARRAY_SIZE(services), e->service);
}
