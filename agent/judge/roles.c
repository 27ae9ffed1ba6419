/* One line per role that the host, its task definitions and its services use or need. */
#include "judge_internal.h"
#include "rolewatch/roles.h"

struct page {
        struct judge_index ix;
        const struct verdicts *v;
        struct role_line *lines;
        size_t n, capacity;
};

static const struct { const char *word; enum severity severity; const char *title; } verdicts[] = {
#define X(id, word, severity, title) [ROLE_VERDICT_##id] = { word, SEVERITY_##severity, title },
        ROLE_VERDICTS(X)
#undef X
};
const char *role_verdict_to_string(enum role_verdict v) { return verdicts[v].word; }
const char *role_verdict_title(enum role_verdict v) { return verdicts[v].title; }
enum severity role_verdict_severity(enum role_verdict v) { return verdicts[v].severity; }

/* ---- one role ---- */

static void line_not_visible(struct role_line *line, const char *why, const char *visible_with)
{
        line->verdict = ROLE_VERDICT_NOT_VISIBLE;
        line->why = why;
        line->visible_with = visible_with;
}

/* The line of a role that lacks permissions; the remedy has the statement for the first call. */
static void line_missing_permission(struct page *p, struct role_line *line, const struct call *const *calls, size_t n)
{
        const char *actions = NULL, *managed = role_kind_get(line->kind)->policy;

        for (size_t i = 0; i < n; i++)
                actions = actions ? arena_printf(p->ix.a, "%s, %s", actions, calls[i]->action) : calls[i]->action;
        line->verdict = ROLE_VERDICT_MISSING_PERMISSION;
        line->why = arena_printf(p->ix.a, "%s%s %s denied: %s", actions, n == 1 ? phrase_on_resource(&p->ix, calls[0]) : "",
                                 n == 1 ? "is" : "are", calls[0]->why);
        line->remedy = arena_printf(p->ix.a, "%s%s%sdd to its policies: {\"Effect\":\"Allow\",\"Action\":\"%s\","
                                            "\"Resource\":\"%s\"}%s",
                                    managed ? "Attach " : "", managed ? managed : "", managed ? ", or a" : "A",
                                    calls[0]->action, policy_resource(&p->ix, calls[0]->resource),
                                    n == 1 ? "" : ", and a statement for each of the other actions");
}

#define CALLS_MAX 64
struct calls { const struct call *denied[CALLS_MAX]; size_t n_denied, n_unknown; const char *unknown; };

static void calls_note(struct calls *c, const struct call *call)
{
        if (call_lost_for_certain(call) && c->n_denied < CALLS_MAX)
                c->denied[c->n_denied++] = call;
        else if (call->winner != IAM_ALLOWED) {
                c->n_unknown++;
                c->unknown = c->unknown ? c->unknown : call->why;
        }
}

static bool may_change_itself(struct page *p, const struct caller *c)
{
        const struct permission permission = { "iam:AttachRolePolicy", c->role->arn };

        return c->role->arn && call_by(&p->ix, c, &permission).winner == IAM_ALLOWED;
}

#define READ_ROLE_ACTIONS "iam:GetRole, iam:ListRolePolicies, iam:GetRolePolicy, iam:ListAttachedRolePolicies, " \
        "iam:GetPolicy, iam:GetPolicyVersion; or a bundle"

/* Does the role exist, can the service assume it, and does it have the required permissions but not too many? */
static void role_check(struct page *p, struct role_line *line, const char *arn, const struct calls *calls)
{
        const char *service = role_kind_get(line->kind)->service;
        const struct caller *c = caller_of(&p->ix, arn);
        struct trust_check tc = { .ix = &p->ix, .role = c ? c->role : NULL, .service = service };
        struct explanation explanation = { NULL, NULL };
        enum iam_answer a;

        line->role = arn_name(arn);
        if (!c || c->role->state == ROLE_UNKNOWN) {
                line_not_visible(line, "its trust policy and permissions are not visible", READ_ROLE_ACTIONS);
                return;
        }
        if (c->role->state == ROLE_ABSENT) {
                line->verdict = ROLE_VERDICT_MISSING;
                line->remedy = arena_printf(p->ix.a, "Create the role %s again, or set another role", line->role);
                return;
        }
        a = trust_answer(&tc);
        if (call_denied(a)) {
                line->verdict = ROLE_VERDICT_TRUST;
                trust_explain(&tc, &explanation);
                line->why = explanation.why;
                line->remedy = explanation.remedy;
        } else if (calls->n_denied) {
                line_missing_permission(p, line, calls->denied, calls->n_denied);
        } else if (may_change_itself(p, c)) {
                line->verdict = ROLE_VERDICT_BROAD;
                line->why = "the role can change its own policies, and so grant itself any permission";
                line->remedy = arena_printf(p->ix.a, "Remove iam:AttachRolePolicy (often granted as iam:* or \"*\") from the policies of %s", line->role);
        } else if (a == IAM_UNKNOWN) {
                line_not_visible(line, "rolewatch cannot tell whether its trust policy allows the service", "iam:GetRole; or a bundle");
        } else if (calls->n_unknown) {
                line_not_visible(line, arena_printf(p->ix.a, "%zu required call%s could not be decided: %s", calls->n_unknown,
                                                    calls->n_unknown == 1 ? "" : "s",
                                                    calls->unknown ? calls->unknown : ""), NULL);
        }
}

static struct role_line *role_line_add(struct page *p, enum role_kind_id kind, const char *of, const char *here)
{
        struct role_line *line = &p->lines[p->n++];

        assert(p->n <= p->capacity);
        *line = (struct role_line){ .kind = kind, .of = of, .here = here };
        return line;
}

/* Adds a required call of the role; nothing where the role or the resource (NULL) is not known. */
static void require(struct page *p, const char *arn, const struct permission *permission, struct calls *to)
{
        const struct caller *c = caller_of(&p->ix, arn);
        struct call *call = c && permission->resource ? arena_alloc(p->ix.a, sizeof *call) : NULL;

        if (!call)
                return;
        *call = call_by(&p->ix, c, permission);
        calls_note(to, call);
}

/* ---- the host ---- */

static void required_calls_note(const struct page *p, enum required_role by, const struct definition *d,
                                struct calls *to)
{
        for (size_t i = 0; i < p->v->n_required_calls; i++)
                if (p->v->required_calls[i].by == by && (by == REQUIRED_OF_INSTANCE || p->v->required_calls[i].definition == d))
                        calls_note(to, &p->v->required_calls[i].call);
}

static void instance_line(struct page *p)
{
        const struct host *h = &p->ix.s->host;
        struct role_line *line = role_line_add(p, KIND_INSTANCE, NULL, "yes: the ECS agent on this instance uses it");
        struct calls calls = { .n_denied = 0 };

        required_calls_note(p, REQUIRED_OF_INSTANCE, NULL, &calls);
        if (h->instance_role) {
                role_check(p, line, h->instance_role, &calls);
        } else if (h->imds_role_answer.state == ANSWER_STATUS && h->imds_role_answer.status == 404) {
                line->verdict = ROLE_VERDICT_NOT_SET;
                line->remedy = "Attach an instance profile whose role has the policy AmazonEC2ContainerServiceforEC2Role";
        } else {
                line_not_visible(line, "the instance metadata service did not return it", "access to the instance metadata service from this host");
        }
}

/* ---- task definitions ---- */

static const struct definition *definition_of(const struct snapshot *s, const struct service *of)
{
        return snapshot_definition(s, &(struct task){ .family = of->family, .revision = of->revision });
}

static bool has_requirement(const struct definition *d, enum requirement_by by)
{
        for (size_t i = 0; i < d->n_requirements; i++)
                if (requirement_by(d->requirements[i].kind) == by)
                        return true;
        return false;
}

/* Does a need match a container of the definition, by the names and images in it? */
static bool need_of_definition(const struct snapshot *s, const struct need *n, const struct definition *d)
{
        bool service = !n->service, container = !n->name && !n->image;

        if (n->container >= 0 || n->error || !streq(n->role, "task") || !glob_matches(n->family, d->family))
                return false;
        for (size_t i = 0; i < s->n_services; i++)
                service = service || (definition_of(s, &s->services[i]) == d &&
                                      glob_matches(n->service, s->services[i].name));
        for (size_t i = 0; i < d->n_requirements; i++)
                container = container || (d->requirements[i].kind == REQUIREMENT_IMAGE &&
                                          glob_matches(n->name, d->requirements[i].container) &&
                                          glob_matches(n->image, d->requirements[i].value));
        return service && container;
}

static void declared_calls(struct page *p, const struct definition *d, struct calls *to)
{
        for (size_t i = 0; i < p->ix.s->n_needs; i++) {
                const struct declared *declared = &p->ix.declared[i];

                if (!need_of_definition(p->ix.s, declared->need, d))
                        continue;
                for (size_t k = 0; k < declared->n_permissions; k++)
                        require(p, d->task_role, &declared->permissions[k], to);
        }
}

static void task_line(struct page *p, const struct definition *d, const char *of)
{
        bool volumes = has_requirement(d, BY_TASK);
        struct role_line *line = role_line_add(p, KIND_TASK, of,
                                               volumes ? "yes: a file system is mounted with IAM"
                                                  : "if the application calls AWS");
        struct calls calls = { .n_denied = 0 };

        required_calls_note(p, REQUIRED_OF_TASK, d, &calls);
        if (d->task_role) {
                declared_calls(p, d, &calls);
                role_check(p, line, d->task_role, &calls);
                return;
        }
        line->verdict = volumes ? ROLE_VERDICT_NOT_SET : ROLE_VERDICT_NOT_NEEDED;
        line->why = "without a task role, the application uses the instance role if it can reach IMDS";
        line->remedy = volumes ? "Set taskRoleArn in the task definition" : NULL;
}

static void execution_line(struct page *p, const struct definition *d, const char *of)
{
        bool needed = has_requirement(d, BY_EXECUTION), used = has_requirement(d, BY_EXECUTION_OR_INSTANCE);
        struct role_line *line = role_line_add(p, KIND_EXECUTION, of,
                                               needed ? "yes: for secrets, environment files or a private registry"
                                               : used ? "optional: for ECR images and logs; without it the instance role is used"
                                                 : "no");
        struct calls calls = { .n_denied = 0 };

        required_calls_note(p, REQUIRED_OF_EXECUTION, d, &calls);
        if (d->execution_role) {
                role_check(p, line, d->execution_role, &calls);
                return;
        }
        line->verdict = needed ? ROLE_VERDICT_NOT_SET : ROLE_VERDICT_NOT_NEEDED;
        line->remedy = needed ? "Set executionRoleArn in the task definition" : NULL;
}

/* ---- the account and its services ---- */

static const char *linked_arn(const struct page *p, const char *name)
{
        for (size_t i = 0; i < p->ix.s->n_roles; i++)
                if (streq(p->ix.s->roles[i].name, name))
                        return p->ix.s->roles[i].arn;
        return NULL;
}

static void linked_line(struct page *p, enum role_kind_id kind, const char *of, const char *here)
{
        struct role_line *line = role_line_add(p, kind, of, here);
        const char *name = role_kind_get(kind)->usual_name, *arn = linked_arn(p, name);
        struct calls none = { .n_denied = 0 };

        if (!arn) {
                line_not_visible(line, p->ix.s->host.account ? "rolewatch did not query IAM for it" : "the account is not known",
                                 p->ix.s->host.account ? "`rolewatch roles` on the instance, without --offline"
                                            : "access to the instance metadata service from this host");
                return;
        }
        role_check(p, line, arn, &none);
        if (line->verdict == ROLE_VERDICT_MISSING)
                line->remedy = arena_printf(p->ix.a, "Run `aws iam create-service-linked-role --aws-service-name %s`",
                                            role_kind_get(kind)->service);
}

static bool is_linked(const char *arn)
{
        return arn && strstr(arn, ":role/aws-service-role/");
}

static void scheduler_line(struct page *p, const struct service *of, const char *name)
{
        const struct definition *d = definition_of(p->ix.s, of);
        bool awsvpc = d && streq(d->network_mode, "awsvpc"), own = of->role && !is_linked(of->role);
        struct role_line *line = role_line_add(p, KIND_SCHEDULER, name,
                                               !of->load_balanced ? "no: the service has no load balancer"
                                               : awsvpc           ? "no: with awsvpc, ECS uses the service-linked role"
                                               : own ? "no: the service sets it, but the service-linked role suffices"
                                                : "no: the service-linked role registers the targets");
        struct calls calls = { .n_denied = 0 };

        if (!own) {
                line->verdict = ROLE_VERDICT_NOT_NEEDED;
        } else {
                require(p, of->role, &(struct permission){ "elasticloadbalancing:RegisterTargets", of->target_group }, &calls);
                require(p, of->role, &(struct permission){ "elasticloadbalancing:DeregisterTargets", of->target_group }, &calls);
                require(p, of->role, &(struct permission){ "elasticloadbalancing:DescribeTargetHealth", "*" }, &calls);
                require(p, of->role, &(struct permission){ "ec2:DescribeInstances", "*" }, &calls);
                role_check(p, line, of->role, &calls);
        }
        if (of->target_group_error && !line->why)
                line->why = arena_printf(p->ix.a, "target group %s: %s", arn_name(of->target_group),
                                         of->target_group_error);
}

/* The alarm of target tracking, as Application Auto Scaling names it. */
static const char *scaling_alarm(const struct page *p, const struct service *of)
{
        const struct host *h = &p->ix.s->host;

        return arena_printf(p->ix.a, "arn:%s:cloudwatch:%s:%s:alarm:TargetTracking-service/%s/%s-AlarmHigh",
                            h->partition ? h->partition : "aws", h->region, h->account,
                            h->cluster ? h->cluster : "default", of->name);
}

static void scaling_line(struct page *p, const struct service *of, const char *name)
{
        const struct host *h = &p->ix.s->host;
        struct calls calls = { .n_denied = 0 };
        struct role_line *line;

        if (of->scaling_known && of->scalable && is_linked(of->scaling_role)) {
                linked_line(p, KIND_SCALING_LINKED, name, "yes: the service is a scalable target");
                return;
        }
        if (of->scaling_known && of->scalable && of->scaling_role) {
                line = role_line_add(p, KIND_SCALING, name, "no: the scalable target sets it, but the service-linked role suffices");
                require(p, of->scaling_role, &(struct permission){ "ecs:DescribeServices", of->arn }, &calls);
                require(p, of->scaling_role, &(struct permission){ "ecs:UpdateService", of->arn }, &calls);
                require(p, of->scaling_role, &(struct permission){ "cloudwatch:DescribeAlarms", "*" }, &calls);
                if (h->region && h->account)
                        require(p, of->scaling_role, &(struct permission){ "cloudwatch:PutMetricAlarm", scaling_alarm(p, of) }, &calls);
                role_check(p, line, of->scaling_role, &calls);
                return;
        }
        line = role_line_add(p, KIND_SCALING_LINKED, name,
                             of->scaling_known ? "no: the service is not a scalable target" : "if the service is a scalable target");
        if (of->scaling_known)
                line->verdict = ROLE_VERDICT_NOT_NEEDED;
        else
                line_not_visible(line, "the scalable target of the service is not visible", "application-autoscaling:DescribeScalableTargets");
}

static void service_lines(struct page *p, const struct service *of)
{
        const char *name = arena_printf(p->ix.a, "service %s", of->name ? of->name : "?");
        struct calls none = { .n_denied = 0 };

        scheduler_line(p, of, name);
        scaling_line(p, of, name);
        if (of->infrastructure_role)
                role_check(p, role_line_add(p, KIND_INFRASTRUCTURE, name, "yes: the service sets it"),
                           of->infrastructure_role, &none);
        if (of->code_deploy)
                line_not_visible(role_line_add(p, KIND_CODEDEPLOY, name, "yes: the service is deployed by CodeDeploy"),
                                 "only CodeDeploy knows its name, and rolewatch does not query "
                                 "CodeDeploy", "codedeploy:GetDeploymentGroup");
}

static bool by_rule(const struct snapshot *s)
{
        for (size_t i = 0; i < s->n_tasks; i++)
                if (s->tasks[i].started_by && strncmp(s->tasks[i].started_by, "events-rule/", 12) == 0)
                        return true;
        return false;
}

int roles_judge(const struct verdicts *v, struct arena *a, struct role_page *ret)
{
        const struct snapshot *s = v->snapshot;
        struct page p = { .ix = { .s = s, .a = a }, .v = v };
        int r = index_make(&p.ix);

        if (r == 0)
                r = callers_make(&p.ix);
        if (r == 0)
                r = needs_make(&p.ix);
        if (r < 0)
                return r;
        p.capacity = 3 + 2 * s->n_definitions + 4 * s->n_services;
        p.lines = arena_alloc(a, p.capacity * sizeof *p.lines);
        if (!p.lines)
                return -ENOMEM;
        instance_line(&p);
        for (size_t i = 0; i < s->n_definitions; i++) {
                const struct definition *d = &s->definitions[i];
                const char *of = arena_printf(a, "task definition %s:%s", d->family, d->revision);

                task_line(&p, d, of);
                execution_line(&p, d, of);
        }
        linked_line(&p, KIND_LINKED, NULL, "yes: ECS uses it in this account");
        for (size_t i = 0; i < s->n_services; i++)
                service_lines(&p, &s->services[i]);
        if (by_rule(s))
                line_not_visible(role_line_add(&p, KIND_EVENTS, NULL, "yes: an EventBridge rule started tasks"),
                                 "only EventBridge knows its name, and rolewatch does not query EventBridge", "events:ListTargetsByRule");
        if (arena_failed(a))
                return -ENOMEM;
        *ret = (struct role_page){ p.lines, p.n };
        return 0;
}

int roles_exit_status(const struct role_page *p)
{
        bool visible = false, wrong = false;

        for (size_t i = 0; i < p->n; i++) {
                visible = visible || p->lines[i].verdict != ROLE_VERDICT_NOT_VISIBLE;
                wrong = wrong || role_verdict_severity(p->lines[i].verdict) >= SEVERITY_WARNING;
        }
        return wrong ? 1 : visible ? 0 : 3;
}
