/* Lint warnings about declared needs and policies: what can never be granted, and what rolewatch ignores. */
#include <strings.h>
#include "judge_internal.h"

struct lint {
        const struct snapshot *s;
        struct arena *a;
        const char **texts;
        size_t n;
};

static void lint_add(struct lint *l, const char *text)
{
        if (text && l->n < NEED_LINTS_MAX)
                l->texts[l->n++] = text;
}

/* Actions without resource types that tasks use (service authorization reference). */
bool without_resources(const char *action)
{
        static const char *const actions[] = {
                "sns:ListTopics", "sqs:ListQueues", "s3:ListAllMyBuckets",
                "secretsmanager:ListSecrets", "secretsmanager:BatchGetSecretValue",
                "secretsmanager:GetRandomPassword", "ssm:DescribeParameters", "kms:ListKeys",
                "ecr:GetAuthorizationToken", "ssmmessages:CreateControlChannel",
                "ssmmessages:CreateDataChannel", "ssmmessages:OpenControlChannel",
                "ssmmessages:OpenDataChannel", "dynamodb:ListTables", "sts:GetCallerIdentity",
                "sts:GetAccessKeyInfo", "sts:DecodeAuthorizationMessage", "xray:PutTraceSegments",
                "xray:PutTelemetryRecords", "ecs:DiscoverPollEndpoint",
                "ecs:DescribeTaskDefinition", "cloudwatch:PutMetricData",
                "application-autoscaling:DescribeScalableTargets",
                "elasticloadbalancing:DescribeTargetGroups", "iam:GetAccountAuthorizationDetails",
                "ec2:DescribeTags",
        };

        for (size_t i = 0; i < ARRAY_SIZE(actions); i++)
                if (strcasecmp(actions[i], action) == 0)
                        return true;
        return false;
}

static void lint_action(struct lint *l, const char *action)
{
        if (!action)
                return;
        if (!iam_service_known(action))
                lint_add(l, arena_printf(l->a, "%s: unknown service prefix", action));
        if (action[strcspn(action, "*?")])
                lint_add(l, arena_printf(l->a, "%s: list the actions; the meaning of a wildcard changes as the "
                                               "service adds actions", action));
}

static void lint_resource(struct lint *l, const char *resource)
{
        const char *partition = l->s->host.partition, *end;

        if (!resource)
                return;
        if (strstr(resource, "${aws:username}"))
                lint_add(l, arena_printf(l->a, "%s: a role session has no aws:username", resource));
        if (streq(resource, "*"))
                return;
        if (strncmp(resource, "arn:", 4) != 0) {
                lint_add(l, arena_printf(l->a, "%s: not an ARN and not \"*\"", resource));
                return;
        }
        end = strchr(resource + 4, ':');
        if (partition && end &&
            (strlen(partition) != (size_t)(end - resource - 4) ||
             strncmp(partition, resource + 4, strlen(partition)) != 0))
                lint_add(l, arena_printf(l->a, "%s: wrong partition, this host is in %s", resource, partition));
}

/* Does an absent key make the operator false, as with "StringEquals" or "ForAnyValue:ArnLike"? */
static bool wants_the_key(const char *operator)
{
        return !strcasestr(operator, "IfExists") && !strcasestr(operator, "Not") &&
               strncasecmp(operator, "ForAllValues:", 13) != 0 && strcasecmp(operator, "Null") != 0;
}

static void lint_conditions(struct lint *l, const char *where, const cJSON *conditions)
{
        const cJSON *operator, *key;

        JSON_EACH(operator, conditions)
                JSON_EACH(key, operator)
                        if (operator->string && key->string && wants_the_key(operator->string) &&
                            never_carried(key->string))
                                lint_add(l, arena_printf(l->a, "%sa condition on %s never matches: requests of a "
                                                               "role do not have that key",
                                                         where, arena_escape(l->a, key->string,
                                                                             strlen(key->string), 256)));
}

static void lint_statement(struct lint *l, const cJSON *o)
{
        const cJSON *actions = cJSON_GetObjectItemCaseSensitive(o, "Action");
        const cJSON *resources = cJSON_GetObjectItemCaseSensitive(o, "Resource");
        const char *effect;

        if (json_get_str(o, "Effect", 16, &effect) == 0 && !streq(effect, "Allow"))
                lint_add(l, "ignored: a need lists what must be allowed, so Effect must be Allow");
        if (!actions || !resources)
                lint_add(l, "ignored: a need must have Action and Resource; NotAction and NotResource are not supported");
        if (cJSON_GetObjectItemCaseSensitive(o, "Condition"))
                lint_add(l, "the Condition of a need is ignored: rolewatch decides the call with the context keys of this host");
        lint_conditions(l, "", cJSON_GetObjectItemCaseSensitive(o, "Condition"));
        EACH_OF(r, resources)
                if (cJSON_IsString(r))
                        lint_resource(l, arena_escape(l->a, r->valuestring, strlen(r->valuestring), 1024));
        EACH_OF(a, actions) {
                if (!cJSON_IsString(a))
                        continue;
                lint_action(l, arena_escape(l->a, a->valuestring, strlen(a->valuestring), 1024));
                EACH_OF(r, resources)
                        if (cJSON_IsString(r) && !streq(r->valuestring, "*") &&
                            without_resources(a->valuestring))
                                lint_add(l, arena_printf(l->a, "%s: this action has no resource types, so Resource "
                                                               "must be \"*\"", a->valuestring));
        }
}

size_t need_lint(const struct snapshot *s, const struct need *n, struct arena *a,
                 const char *ret[NEED_LINTS_MAX])
{
        CLEANUP(json_freep) cJSON *doc = NULL;
        struct lint l = { .s = s, .a = a, .texts = ret };
        const struct iam_policy *p;
        const cJSON *list;

        if (n->error)
                lint_add(&l, n->error);
        if (!n->policy || json_parse(n->policy, strlen(n->policy), &doc) < 0)
                return l.n;
        if (iam_policy_make(a, doc, IAM_IDENTITY, n->where, &p) == 0 && iam_policy_error(p))
                lint_add(&l, iam_policy_error(p));
        list = cJSON_GetObjectItemCaseSensitive(doc, "Statement");
        EACH_OF(o, list)
                lint_statement(&l, o);
        return l.n;
}

static void lint_policy(struct lint *l, const struct policy_text *p)
{
        CLEANUP(json_freep) cJSON *doc = NULL;
        const struct iam_policy *made;
        const cJSON *list;
        unsigned at = 0;

        if (!p->document || !*p->document)
                return;
        if (json_parse(p->document, strlen(p->document), &doc) < 0 ||
            (iam_policy_make(l->a, doc, IAM_IDENTITY, p->name, &made) == 0 && iam_policy_error(made))) {
                lint_add(l, arena_printf(l->a, "%s: %s", p->name, doc ? iam_policy_error(made) : "invalid JSON"));
                return;
        }
        list = cJSON_GetObjectItemCaseSensitive(doc, "Statement");
        EACH_OF(o, list) {
                const char *effect, *where = arena_printf(l->a, "%s, statement %u: ", p->name, ++at);

                if (where && json_get_str(o, "Effect", 16, &effect) == 0 && streq(effect, "Allow"))
                        lint_conditions(l, where, cJSON_GetObjectItemCaseSensitive(o, "Condition"));
        }
}

size_t role_lint(const struct role *role, struct arena *a, const char *ret[NEED_LINTS_MAX])
{
        struct lint l = { .a = a, .texts = ret };

        for (size_t i = 0; i < role->n_policies; i++)
                lint_policy(&l, &role->policies[i]);
        return l.n;
}
