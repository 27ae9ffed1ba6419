/*
 * Does the trust policy of each role in use allow the service that must assume
 * it? As far as trust policies are visible (ECS developer guide, task IAM role:
 * ecs-tasks.amazonaws.com, and the condition keys against the confused deputy).
 */
#include "judge_internal.h"

#define TASKS_SERVICE "ecs-tasks.amazonaws.com"
#define INSTANCE_SERVICE "ec2.amazonaws.com"

/* Services that trust policies name by mistake, too. */
static const char *const services[] = { INSTANCE_SERVICE, TASKS_SERVICE, "ecs.amazonaws.com",
                                        "application-autoscaling.amazonaws.com", "events.amazonaws.com",
                                        "codedeploy.amazonaws.com", "ssm.amazonaws.com",
                                        "lambda.amazonaws.com" };

static bool is(const char *arn, const struct role *role)
{
        return arn && (role->arn ? streq(arn, role->arn) : streq(arn_name(arn), role->name));
}

/* The service that must assume the role, and what the role is used as; NULL: it is not used here. */
static const char *service_for(const struct snapshot *s, const struct role *role, const char **ret_use)
{
        if (streq(role->name, s->host.instance_role)) {
                *ret_use = "instance role";
                return INSTANCE_SERVICE;
        }
        for (size_t i = 0; i < s->n_tasks; i++) {
                *ret_use = "task role";
                if (is(task_role_of(s, &s->tasks[i]), role))
                        return TASKS_SERVICE;
                *ret_use = "execution role";
                if (is(execution_role_of(s, &s->tasks[i]), role))
                        return TASKS_SERVICE;
        }
        for (size_t i = 0; i < s->n_creds; i++)
                if (is(s->creds[i].role_arn, role)) {
                        *ret_use = s->creds[i].kind == CRED_EXECUTION ? "execution role" : "task role";
                        return TASKS_SERVICE;
                }
        return NULL;
}

/* `source_arn`: the aws:SourceArn that ECS sends; NULL: not known, as for other services. */
static enum iam_answer trust_assume(const struct trust_check *tc, const char *service, const char *source_arn)
{
        const struct host *h = &tc->ix->s->host;
        const struct iam_key keys[] = {
                { "aws:PrincipalIsAWSService", IAM_KEY_KNOWN, (const char *[]){ "true" }, 1, false },
                { "aws:SecureTransport", IAM_KEY_KNOWN, (const char *[]){ "true" }, 1, false },
                { "aws:SourceAccount", source_arn ? IAM_KEY_KNOWN : IAM_KEY_UNKNOWN, &h->account, 1, false },
                { "aws:SourceArn", source_arn ? IAM_KEY_KNOWN : IAM_KEY_UNKNOWN, &source_arn, 1, false },
        };
        const struct iam_policies all = { .of[IAM_RESOURCE] = { .list = &tc->policy, .n = 1 } };
        const struct iam_request rq = { .principal = service, .action = "sts:AssumeRole",
                                        .resource = tc->role->arn, .context = keys,
                                        .n_context = ARRAY_SIZE(keys) };
        struct iam_decision d;

        iam_evaluate(&all, &rq, &d);
        return d.answer;
}

/* AWS does not document which ARN ECS sends as aws:SourceArn: an answer counts where it is the same for both. */
static enum iam_answer assume_any(const struct trust_check *tc, const char *service)
{
        const struct host *h = &tc->ix->s->host;
        const char *base;
        enum iam_answer a, b;

        if (!streq(service, TASKS_SERVICE) || !h->region || !h->account)
                return trust_assume(tc, service, NULL);
        base = arena_printf(tc->ix->a, "arn:%s:ecs:%s:%s:", h->partition ? h->partition : "aws", h->region, h->account);
        if (!base)
                return IAM_UNKNOWN;
        a = trust_assume(tc, service, arena_printf(tc->ix->a, "%stask/x/0", base));
        b = trust_assume(tc, service, arena_printf(tc->ix->a, "%scluster/y", base));
        return a == b ? a : IAM_UNKNOWN;
}

/* The first known service that the trust policy allows; NULL: none. */
static const char *trusted_service(const struct trust_check *tc)
{
        for (size_t i = 0; i < ARRAY_SIZE(services); i++)
                if (assume_any(tc, services[i]) == IAM_ALLOWED)
                        return services[i];
        return NULL;
}

static const char *or_any(const char *s)
{
        return s ? s : "*";
}

void trust_explain(const struct trust_check *tc, struct explanation *ret)
{
        const char *other = trusted_service(tc);
        const struct role *role = tc->role;
        bool named = strstr(role->trust, tc->service) != NULL;
        const struct host *h = &tc->ix->s->host;

        ret->why = named   ? "the conditions in its trust policy do not match here"
                   : other ? arena_printf(tc->ix->a, "its trust policy allows %s instead", other)
                           : "its trust policy does not allow that service";
        ret->remedy = named ? arena_printf(tc->ix->a, "Correct the conditions in the trust policy of %s: for tasks "
                                                      "here, aws:SourceAccount is %s and aws:SourceArn matches "
                                                      "arn:%s:ecs:%s:%s:*",
                                           role->name, or_any(h->account), h->partition ? h->partition : "aws",
                                           or_any(h->region), or_any(h->account))
                            : arena_printf(tc->ix->a, "Add to the trust policy of %s: {\"Effect\":\"Allow\","
                                                      "\"Principal\":{\"Service\":\"%s\"},"
                                                      "\"Action\":\"sts:AssumeRole\"}", role->name, tc->service);
}

enum iam_answer trust_answer(struct trust_check *tc)
{
        const struct role *role = tc->role;
        enum iam_answer a;

        tc->policy = NULL;
        if (role->state != ROLE_KNOWN || !role->arn || !role->trust || !*role->trust)
                return IAM_UNKNOWN;
        if (iam_policy_parse(tc->ix->a, role->trust, strlen(role->trust), IAM_RESOURCE, "trust policy", &tc->policy) < 0)
                return IAM_UNKNOWN;
        a = assume_any(tc, tc->service);
        /* In China both names of EC2 are accepted. */
        return call_denied(a) && streq(tc->service, INSTANCE_SERVICE) ? assume_any(tc, INSTANCE_SERVICE ".cn") : a;
}

static void trust_finding(struct finding_list *to, const struct trust_check *tc, const char *use)
{
        struct finding *f = finding_add(to, FINDING_TRUST_MISMATCH, -1);
        struct explanation explanation;

        trust_explain(tc, &explanation);
        f->expected = tc->role->name;
        f->message = arena_printf(to->ix->a, "%s cannot assume the %s %s: %s", tc->service, use, tc->role->name,
                                  explanation.why);
        f->remedy = explanation.remedy;
}

static void absent_finding(struct finding_list *to, const struct role *role, const char *use)
{
        struct finding *f = finding_add(to, FINDING_ROLE_MISSING, -1);

        f->expected = role->name;
        f->message = arena_printf(to->ix->a, "the %s %s does not exist in IAM", use, role->name);
        f->remedy = arena_printf(to->ix->a, "Create the role %s again, or set another role in the task definition or instance profile", role->name);
}

static void role_findings(struct finding_list *to, const struct role *role)
{
        const char *use = NULL;
        struct trust_check tc = { .ix = to->ix, .role = role, .service = service_for(to->ix->s, role, &use) };

        if (!tc.service)
                return;
        if (role->state == ROLE_ABSENT)
                absent_finding(to, role, use);
        else if (call_denied(trust_answer(&tc)))
                trust_finding(to, &tc, use);
}

void trust_find(struct finding_list *to)
{
        for (size_t i = 0; i < to->ix->s->n_roles; i++)
                role_findings(to, &to->ix->s->roles[i]);
}
