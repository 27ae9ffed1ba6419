/*
 * Whether the roles in use can be assumed by the service that assumes them, as
 * far as their trust policies were seen (ECS developer guide, task IAM role:
 * ecs-tasks.amazonaws.com, and the keys against the confused deputy).
 */
#include "causes.h"

#define TASKS_SERVICE "ecs-tasks.amazonaws.com"
#define INSTANCE_SERVICE "ec2.amazonaws.com"

/* Who else may stand there by mistake. */
static const char *const services[] = { INSTANCE_SERVICE, TASKS_SERVICE, "ecs.amazonaws.com",
                                        "application-autoscaling.amazonaws.com", "events.amazonaws.com",
                                        "codedeploy.amazonaws.com", "ssm.amazonaws.com",
                                        "lambda.amazonaws.com" };

static bool is(const char *arn, const struct role *role)
{
        return arn && (role->arn ? streq(arn, role->arn) : streq(arn_name(arn), role->name));
}

/* The service that assumes it, and what it is; NULL: it is in no use here. */
static const char *service_for(const struct snapshot *s, const struct role *role, const char **ret_use)
{
        if (streq(role->name, s->host.instance_role)) {
                *ret_use = "instance role";
                return INSTANCE_SERVICE;
        }
        for (size_t i = 0; i < s->n_tasks; i++) {
                const struct definition *d = snapshot_definition(s, &s->tasks[i]);
                const char *execution = s->tasks[i].execution_role;

                *ret_use = "task role";
                if (is(task_role_of(s, &s->tasks[i]), role))
                        return TASKS_SERVICE;
                *ret_use = "execution role";
                if (is(execution ? execution : d ? d->execution_role : NULL, role))
                        return TASKS_SERVICE;
        }
        for (size_t i = 0; i < s->n_creds; i++)
                if (is(s->creds[i].role_arn, role)) {
                        *ret_use = s->creds[i].kind == CRED_EXECUTION ? "execution role" : "task role";
                        return TASKS_SERVICE;
                }
        return NULL;
}

static enum iam_answer assume(const struct look *l, const struct role *role, const struct iam_policy *trust,
                              const char *service, const char *source_arn)
{
        const struct host *h = &l->s->host;
        const struct iam_key keys[] = {
                { "aws:PrincipalIsAWSService", IAM_KEY_KNOWN, (const char *[]){ "true" }, 1, false },
                { "aws:SecureTransport", IAM_KEY_KNOWN, (const char *[]){ "true" }, 1, false },
                { "aws:SourceAccount", source_arn ? IAM_KEY_KNOWN : IAM_KEY_UNKNOWN, &h->account, 1, false },
                { "aws:SourceArn", source_arn ? IAM_KEY_KNOWN : IAM_KEY_UNKNOWN, &source_arn, 1, false },
        };
        const struct iam_policies all = { .of[IAM_RESOURCE] = { .list = &trust, .n = 1 } };
        const struct iam_request rq = { .principal = service, .action = "sts:AssumeRole",
                                        .resource = role->arn, .context = keys,
                                        .n_context = ARRAY_SIZE(keys) };
        struct iam_decision d;

        iam_evaluate(&all, &rq, &d);
        return d.answer;
}

/* Which of a task's ARNs ECS names is not documented: an answer counts where it is the same for all. */
static enum iam_answer assume_any(const struct look *l, const struct role *role,
                                  const struct iam_policy *trust, const char *service)
{
        const struct host *h = &l->s->host;
        const char *base;
        enum iam_answer a, b;

        if (!streq(service, TASKS_SERVICE) || !h->region || !h->account)
                return assume(l, role, trust, service, NULL);
        base = arena_printf(l->a, "arn:%s:ecs:%s:%s:", h->partition ? h->partition : "aws", h->region,
                            h->account);
        if (!base)
                return IAM_UNKNOWN;
        a = assume(l, role, trust, service, arena_printf(l->a, "%stask/x/0", base));
        b = assume(l, role, trust, service, arena_printf(l->a, "%scluster/y", base));
        return a == b ? a : IAM_UNKNOWN;
}

/* The first service that may; NULL: none of those looked for. */
static const char *who_may(const struct look *l, const struct role *role, const struct iam_policy *trust)
{
        for (size_t i = 0; i < ARRAY_SIZE(services); i++)
                if (assume_any(l, role, trust, services[i]) == IAM_ALLOWED)
                        return services[i];
        return NULL;
}

static const char *or_any(const char *s)
{
        return s ? s : "*";
}

void trust_words(const struct look *l, const struct role *role, const struct iam_policy *trust,
                 const char *service, struct fault_words *ret)
{
        const char *other = who_may(l, role, trust);
        bool named = strstr(role->trust, service) != NULL;
        const struct host *h = &l->s->host;

        ret->why = arena_printf(l->a, "its trust policy %s%s",
                                named   ? "names it, under conditions that do not hold here"
                                : other ? "lets in "
                                        : "does not let it in",
                                named || !other ? "" : other);
        ret->remedy = named ? arena_printf(l->a, "Correct the conditions in the trust policy of %s: of its "
                                                 "tasks, aws:SourceAccount is %s and aws:SourceArn is like "
                                                 "arn:%s:ecs:%s:%s:*",
                                           role->name, or_any(h->account), h->partition ? h->partition : "aws",
                                           or_any(h->region), or_any(h->account))
                            : arena_printf(l->a, "Add to the trust policy of %s: {\"Effect\":\"Allow\","
                                                 "\"Principal\":{\"Service\":\"%s\"},"
                                                 "\"Action\":\"sts:AssumeRole\"}", role->name, service);
}

static void trust_tell(const struct look *l, struct verdicts *v, const struct role *role,
                       const struct iam_policy *trust, const char *service, const char *use)
{
        struct finding *f = finding_add(v, FINDING_TRUST_MISMATCH, -1);
        struct fault_words words;

        trust_words(l, role, trust, service, &words);
        f->expected = role->name;
        f->message = arena_printf(l->a, "the %s %s cannot be assumed by %s: %s", use, role->name, service, words.why);
        f->remedy = words.remedy;
}

static void missing_tell(const struct look *l, struct verdicts *v, const struct role *role, const char *use)
{
        struct finding *f = finding_add(v, FINDING_ROLE_MISSING, -1);

        f->expected = role->name;
        f->message = arena_printf(l->a, "the %s %s is not there: IAM knows no such role", use, role->name);
        f->remedy = arena_printf(l->a, "Make the role %s again, or name another one", role->name);
}

enum iam_answer trust_of(const struct look *l, const struct role *role, const char *service,
                         const struct iam_policy **ret)
{
        enum iam_answer a;

        *ret = NULL;
        if (role->state != ROLE_KNOWN || !role->arn || !role->trust || !*role->trust)
                return IAM_UNKNOWN;
        if (iam_policy_parse(l->a, role->trust, strlen(role->trust), IAM_RESOURCE, "trust policy", ret) < 0)
                return IAM_UNKNOWN;
        a = assume_any(l, role, *ret, service);
        /* In China both names of EC2 are accepted. */
        return call_denied(a) && streq(service, INSTANCE_SERVICE) ? assume_any(l, role, *ret, INSTANCE_SERVICE ".cn")
                                                                  : a;
}

static void role_look(const struct look *l, struct verdicts *v, const struct role *role)
{
        const char *use = NULL, *service = service_for(l->s, role, &use);
        const struct iam_policy *trust;

        if (!service)
                return;
        if (role->state == ROLE_ABSENT)
                missing_tell(l, v, role, use);
        else if (call_denied(trust_of(l, role, service, &trust)))
                trust_tell(l, v, role, trust, service, use);
}

void trust_find(const struct look *l, struct verdicts *v)
{
        for (size_t i = 0; i < l->s->n_roles; i++)
                role_look(l, v, &l->s->roles[i]);
}
