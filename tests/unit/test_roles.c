/* The page of roles: each kind right, with the wrong principal, missing, too broad, without a permission, not visible, not set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include "helper_judge.h"
#include "rolewatch/roles.h"

#define ACCOUNT "111122223333"
#define ARN(name) "arn:aws:iam::" ACCOUNT ":role/" name
#define LINKED_ARN(path) "arn:aws:iam::" ACCOUNT ":role/aws-service-role/" path
#define ECS_LINKED "AWSServiceRoleForECS"
#define SCALING_LINKED "AWSServiceRoleForApplicationAutoScaling_ECSService"
#define TRUST(service) "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"" service "\"},\"Action\":\"sts:AssumeRole\"}]}"
#define ALLOW(actions) "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":" actions ",\"Resource\":\"*\"}]}"
#define NOTHING ALLOW("\"sts:GetCallerIdentity\"")
#define EVERYTHING ALLOW("\"*\"")
#define TARGETS "arn:aws:elasticloadbalancing:eu-west-1:" ACCOUNT ":targetgroup/web/1"

/* Which role the row is about, and what each has when it is right. */
static const struct kind {
        enum role_kind_id kind;
        const char *arn, *service, *right;
} kinds[] = {
        { KIND_INSTANCE, ARN("ecsInstanceRole"), "ec2.amazonaws.com", ALLOW("[\"ecs:*\"]") },
        { KIND_TASK, ARN("webTaskRole"), "ecs-tasks.amazonaws.com", ALLOW("\"ssmmessages:*\"") },
        { KIND_EXECUTION, ARN("webExec"), "ecs-tasks.amazonaws.com", ALLOW("\"ssm:GetParameters\"") },
        { KIND_LINKED, LINKED_ARN("ecs.amazonaws.com/" ECS_LINKED), "ecs.amazonaws.com", NOTHING },
        { KIND_SCHEDULER, ARN("ecsServiceRole"), "ecs.amazonaws.com", ALLOW("[\"elasticloadbalancing:*\",\"ec2:Describe*\"]") },
        { KIND_SCALING_LINKED, LINKED_ARN("ecs.application-autoscaling.amazonaws.com/" SCALING_LINKED),
          "ecs.application-autoscaling.amazonaws.com", NOTHING },
        { KIND_SCALING, ARN("ecsAutoscaleRole"), "application-autoscaling.amazonaws.com",
          ALLOW("[\"ecs:DescribeServices\",\"ecs:UpdateService\",\"cloudwatch:*\"]") },
        { KIND_INFRASTRUCTURE, ARN("ecsInfrastructureRole"), "ecs.amazonaws.com", NOTHING },
};

enum variant { RIGHT, WRONG_PRINCIPAL, ABSENT, OVER_BROAD, MISSING_PERMISSION, NOT_VISIBLE, VARIANT_MAX };
static const struct { const char *name; enum role_verdict want; } variants[] = {
        [RIGHT] = { "right", ROLE_VERDICT_OK },           [WRONG_PRINCIPAL] = { "wrong principal", ROLE_VERDICT_TRUST },
        [ABSENT] = { "missing", ROLE_VERDICT_MISSING },   [OVER_BROAD] = { "over-broad", ROLE_VERDICT_BROAD },
        [MISSING_PERMISSION] = { "lacking", ROLE_VERDICT_MISSING_PERMISSION }, [NOT_VISIBLE] = { "unseen", ROLE_VERDICT_NOT_VISIBLE },
};

static bool requires_nothing(enum role_kind_id k)
{
        return k == KIND_LINKED || k == KIND_SCALING_LINKED || k == KIND_INFRASTRUCTURE;
}

static void role_add(struct snapshot *s, const struct kind *k, enum variant how)
{
        struct role *r = snapshot_add_role(s);
        struct policy_text *p = arena_alloc(s->arena, sizeof *p);
        const char *service = how == WRONG_PRINCIPAL ? "lambda.amazonaws.com" : k->service;

        *p = (struct policy_text){ "inline", how == MISSING_PERMISSION ? NOTHING : how == OVER_BROAD ? EVERYTHING : k->right };
        *r = (struct role){ .arn = k->arn, .name = arn_name(k->arn), .state = how == ABSENT ? ROLE_ABSENT : ROLE_KNOWN,
                            .policies = p, .n_policies = 1,
                            .trust = arena_printf(s->arena, TRUST("%s"), service) };
        if (how == NOT_VISIBLE)
                *r = (struct role){ .arn = k->arn, .name = r->name };
}

/* A host, a task definition and a service that name all of them. */
static struct snapshot *cluster(enum role_kind_id about, enum variant how)
{
        static const struct requirement requirements[] = { { REQUIREMENT_SECRET, "app", "/web/key", NULL, NULL } };
        struct snapshot *s = host_healthy();

        s->host.account = ACCOUNT;
        s->host.region = "eu-west-1";
        s->host.partition = "aws";
        s->host.cluster = "prod";
        s->host.container_instance = "arn:aws:ecs:eu-west-1:" ACCOUNT ":container-instance/prod/1";
        s->tasks[0].exec = true;
        *snapshot_add_definition(s) = (struct definition){ .family = "web", .revision = "1", .task_role = ARN("webTaskRole"),
                                                           .execution_role = ARN("webExec"), .requirements = requirements, .n_requirements = 1 };
        *snapshot_add_service(s) = (struct service){ .name = "web", .arn = "arn:aws:ecs:eu-west-1:" ACCOUNT ":service/prod/web",
                                                     .family = "web", .revision = "1", .role = ARN("ecsServiceRole"),
                                                     .target_group = TARGETS, .load_balanced = true, .scaling_known = true, .scalable = true,
                                                     .infrastructure_role = ARN("ecsInfrastructureRole"),
                                                     .scaling_role = about == KIND_SCALING ? ARN("ecsAutoscaleRole") : kinds[5].arn };
        for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
                role_add(s, &kinds[i], kinds[i].kind == about ? how : RIGHT);
        return s;
}

static const struct role_line *line_of(const struct role_page *p, enum role_kind_id k)
{
        for (size_t i = 0; i < p->n; i++)
                if (p->lines[i].kind == k)
                        return &p->lines[i];
        return NULL;
}

static void each_role_in_each_state(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
                for (int how = 0; how < VARIANT_MAX; how++) {
                        CLEANUP(snapshot_freep) struct snapshot *s = cluster(kinds[i].kind, (enum variant)how);
                        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
                        enum role_verdict want = variants[how].want;
                        struct role_page page;
                        const struct role_line *l;

                        if (how == MISSING_PERMISSION && requires_nothing(kinds[i].kind))
                                want = ROLE_VERDICT_OK;
                        /* A service-linked role is AWS's: whatever its policies allow, it cannot change itself. */
                        if (how == OVER_BROAD && (kinds[i].kind == KIND_LINKED || kinds[i].kind == KIND_SCALING_LINKED))
                                want = ROLE_VERDICT_OK;
                        v = host_judge(s);
                        assert_int_equal(roles_judge(v, v->arena, &page), 0);
                        l = line_of(&page, kinds[i].kind);
                        if (!l || l->verdict != want || !streq(l->role, arn_name(kinds[i].arn)))
                                fail_msg("%s, %s: %s (%s)", role_kind_to_string(kinds[i].kind), variants[how].name,
                                         l ? role_verdict_to_string(l->verdict) : "no line", l ? l->why : "");
                        if (want == ROLE_VERDICT_NOT_VISIBLE ? !l->visible_with : want != ROLE_VERDICT_OK && !l->remedy)
                                fail_msg("%s, %s: no remedy", role_kind_to_string(kinds[i].kind), variants[how].name);
                        for (size_t k = 0; k < page.n; k++)
                                if (page.lines[k].kind != kinds[i].kind && page.lines[k].verdict != ROLE_VERDICT_OK)
                                        fail_msg("%s, %s: %s is %s too (%s)", role_kind_to_string(kinds[i].kind), variants[how].name,
                                                 role_kind_to_string(page.lines[k].kind), role_verdict_to_string(page.lines[k].verdict), page.lines[k].why);
                        assert_int_equal(roles_exit_status(&page), want == ROLE_VERDICT_OK || want == ROLE_VERDICT_NOT_VISIBLE ? 0 : 1);
                }
}

/* A declared call counts for the task role of the definitions that it names. */
static void declared_calls_count(void **state)
{
        static const struct { const char *family, *service, *name, *role; bool counts; } rows[] = {
                { NULL, NULL, NULL, "task", true },  { "we*", "w*", "app", "task", true }, { "api", NULL, NULL, "task", false },
                { NULL, "api", NULL, "task", false }, { NULL, NULL, "other", "task", false }, { NULL, NULL, NULL, "instance", false },
        };
        static const struct requirement requirements[] = { { REQUIREMENT_IMAGE, "app", "nginx", NULL, NULL } };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = cluster(ROLE_KIND_MAX, RIGHT);
                CLEANUP(verdicts_freep) struct verdicts *v = NULL;
                struct role_page page;

                s->definitions[0].requirements = requirements;
                *snapshot_add_need(s) = (struct need){ .where = "n", .container = -1, .family = rows[i].family, .service = rows[i].service,
                                                       .name = rows[i].name, .role = rows[i].role,
                                                       .policy = ALLOW("\"ecs:ListClusters\"") };
                v = host_judge(s);
                assert_int_equal(roles_judge(v, v->arena, &page), 0);
                if ((line_of(&page, KIND_TASK)->verdict == ROLE_VERDICT_MISSING_PERMISSION) != rows[i].counts)
                        fail_msg("row %zu: %s", i, role_verdict_to_string(line_of(&page, KIND_TASK)->verdict));
        }
}

/* What is not set: needed or not, and never called fine where it was not seen. */
static void roles_that_are_not_set(void **state)
{
        static const struct requirement efs[] = { { REQUIREMENT_EFS, NULL, "fs-1", NULL, NULL } };
        CLEANUP(snapshot_freep) struct snapshot *s = cluster(ROLE_KIND_MAX, RIGHT);
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        struct service *of = &s->services[0];
        struct definition *d = &s->definitions[0];
        struct role_page page;

        (void)state;
        d->task_role = d->execution_role = NULL;
        of->role = kinds[3].arn;       /* as ECS shows services that use the service-linked role */
        of->scalable = false;
        of->infrastructure_role = NULL;
        of->code_deploy = true;
        s->tasks[0].started_by = "events-rule/nightly";
        s->tasks[0].exec = false;
        s->host.instance_role = NULL;
        s->host.imds_role_answer = (struct answer){ ANSWER_STATUS, 404, NULL };
        v = host_judge(s);
        assert_int_equal(roles_judge(v, v->arena, &page), 0);
        assert_int_equal(line_of(&page, KIND_INSTANCE)->verdict, ROLE_VERDICT_NOT_SET);
        assert_int_equal(line_of(&page, KIND_TASK)->verdict, ROLE_VERDICT_NOT_NEEDED);
        assert_int_equal(line_of(&page, KIND_EXECUTION)->verdict, ROLE_VERDICT_NOT_SET);       /* it has a secret */
        assert_int_equal(line_of(&page, KIND_SCHEDULER)->verdict, ROLE_VERDICT_NOT_NEEDED);
        assert_int_equal(line_of(&page, KIND_SCALING_LINKED)->verdict, ROLE_VERDICT_NOT_NEEDED);
        assert_int_equal(line_of(&page, KIND_CODEDEPLOY)->verdict, ROLE_VERDICT_NOT_VISIBLE);
        assert_int_equal(line_of(&page, KIND_EVENTS)->verdict, ROLE_VERDICT_NOT_VISIBLE);
        assert_null(line_of(&page, KIND_INFRASTRUCTURE));
        assert_int_equal(roles_exit_status(&page), 1);
        verdicts_freep(&v);

        d->requirements = efs;         /* ... and now a file system with IAM, and nothing else */
        of->scaling_known = false;
        of->target_group_error = "it is not there";
        s->host.imds_role_answer.state = ANSWER_TIMEOUT;
        v = host_judge(s);
        assert_int_equal(roles_judge(v, v->arena, &page), 0);
        assert_int_equal(line_of(&page, KIND_INSTANCE)->verdict, ROLE_VERDICT_NOT_VISIBLE);
        assert_int_equal(line_of(&page, KIND_TASK)->verdict, ROLE_VERDICT_NOT_SET);
        assert_int_equal(line_of(&page, KIND_EXECUTION)->verdict, ROLE_VERDICT_NOT_NEEDED);
        assert_int_equal(line_of(&page, KIND_SCALING_LINKED)->verdict, ROLE_VERDICT_NOT_VISIBLE);
        assert_non_null(strstr(line_of(&page, KIND_SCHEDULER)->why, "target group 1: it is not there"));
}

static void awsvpc(struct snapshot *s) { s->definitions[0].network_mode = "awsvpc"; }
static void bridge(struct snapshot *s) { s->definitions[0].network_mode = "bridge"; }
static void no_definition(struct snapshot *s) { s->services[0].revision = "9"; }
static void no_balancer(struct snapshot *s) { s->services[0].load_balanced = false; }
static void no_role(struct snapshot *s) { s->services[0].role = NULL; }
static void linked(struct snapshot *s) { s->services[0].role = kinds[3].arn; }
static void no_group(struct snapshot *s) { s->services[0].target_group = NULL; }
static void lost_group(struct snapshot *s) { s->services[0].target_group_error = "not there"; }
static void no_scaling_role(struct snapshot *s) { s->services[0].scaling_role = NULL; }
static void no_partition(struct snapshot *s) { s->host.partition = s->host.cluster = NULL; }
static void no_region(struct snapshot *s) { s->host.region = NULL; }
static void no_account(struct snapshot *s) { s->host.account = NULL; }
static void no_linked(struct snapshot *s) { s->roles[3].name = "another"; }
static void no_linked_account(struct snapshot *s) { no_linked(s); no_account(s); }
static void by_hand(struct snapshot *s) { s->tasks[0].started_by = "ecs-svc/1"; }
static void nameless(struct snapshot *s) { s->services[0].name = NULL; }
static void imds_500(struct snapshot *s) { s->host.instance_role = NULL; s->host.imds_role_answer = (struct answer){ ANSWER_STATUS, 500, NULL }; }
static void policy(struct snapshot *s, size_t role, const char *document)
{
        struct policy_text *p = arena_alloc(s->arena, sizeof *p);

        *p = (struct policy_text){ "inline", document };
        s->roles[role].policies = p;
}
static void undecided(struct snapshot *s) { policy(s, 2, "{\"Statement\":"); }
static void no_trust(struct snapshot *s) { s->roles[1].trust = NULL; }
static void two_miss(struct snapshot *s) { policy(s, 4, ALLOW("\"ec2:Describe*\"")); }
static void alarms(struct snapshot *s)
{
        s->services[0].scaling_role = kinds[6].arn;
        policy(s, 6, ALLOW("[\"ecs:DescribeServices\",\"ecs:UpdateService\",\"cloudwatch:DescribeAlarms\"]"));
}
static void alarms_unnamed(struct snapshot *s) { alarms(s); no_partition(s); }
static void alarms_nowhere(struct snapshot *s) { alarms(s); no_region(s); }
static void alarms_of_nobody(struct snapshot *s) { alarms(s); no_account(s); }

/* One thing is other than in the whole cluster: what the line of a kind says then, in `here`, `why` or `remedy`. */
static const struct { const char *name; void (*make)(struct snapshot *); enum role_kind_id kind; enum role_verdict want; const char *text; } changes[] = {
        { "awsvpc", awsvpc, KIND_SCHEDULER, ROLE_VERDICT_OK, "no: with awsvpc, ECS uses the service-linked role" },
        { "bridge", bridge, KIND_SCHEDULER, ROLE_VERDICT_OK, "no: the service sets it, but the service-linked role suffices" },
        { "its definition not seen", no_definition, KIND_SCHEDULER, ROLE_VERDICT_OK, "no: the service sets it, but the service-linked role suffices" },
        { "no load balancer", no_balancer, KIND_SCHEDULER, ROLE_VERDICT_OK, "no: the service has no load balancer" },
        { "no role", no_role, KIND_SCHEDULER, ROLE_VERDICT_NOT_NEEDED, "no: the service-linked role registers the targets" },
        { "the service-linked role", linked, KIND_SCHEDULER, ROLE_VERDICT_NOT_NEEDED, "no: the service-linked role registers the targets" },
        { "no target group", no_group, KIND_SCHEDULER, ROLE_VERDICT_OK, "no: the service sets it, but the service-linked role suffices" },
        { "a target group that is lost", lost_group, KIND_SCHEDULER, ROLE_VERDICT_OK, "target group 1: not there" },
        { "two calls are denied", two_miss, KIND_SCHEDULER, ROLE_VERDICT_MISSING_PERMISSION,
          "elasticloadbalancing:RegisterTargets, elasticloadbalancing:DeregisterTargets, elasticloadbalancing:DescribeTargetHealth are denied: no policy" },
        { "no scaling role", no_scaling_role, KIND_SCALING_LINKED, ROLE_VERDICT_NOT_NEEDED, "no: the service is not a scalable target" },
        { "no linked role", no_linked, KIND_LINKED, ROLE_VERDICT_NOT_VISIBLE, "rolewatch did not query IAM for it" },
        { "no linked role, nor account", no_linked_account, KIND_LINKED, ROLE_VERDICT_NOT_VISIBLE, "the account is not known" },
        { "alarms", alarms, KIND_SCALING, ROLE_VERDICT_MISSING_PERMISSION,
          "cloudwatch:PutMetricAlarm on arn:aws:cloudwatch:eu-west-1:" ACCOUNT ":alarm:TargetTracking-service/prod/web-AlarmHigh" },
        { "alarms of a cluster that is not known", alarms_unnamed, KIND_SCALING, ROLE_VERDICT_MISSING_PERMISSION, ":alarm:TargetTracking-service/default/web-AlarmHigh" },
        { "alarms of no region", alarms_nowhere, KIND_SCALING, ROLE_VERDICT_OK, "no: the scalable target sets it" },
        { "alarms of no account", alarms_of_nobody, KIND_SCALING, ROLE_VERDICT_OK, "no: the scalable target sets it" },
        { "a policy that cannot be read", undecided, KIND_EXECUTION, ROLE_VERDICT_NOT_VISIBLE, "1 required call could not be decided: invalid policy document" },
        { "its trust not seen", no_trust, KIND_TASK, ROLE_VERDICT_NOT_VISIBLE, "rolewatch cannot tell whether its trust policy allows the service" },
        { "a service without a name", nameless, KIND_SCHEDULER, ROLE_VERDICT_OK, "no: the service sets it, but the service-linked role suffices" },
        { "IMDS fails", imds_500, KIND_INSTANCE, ROLE_VERDICT_NOT_VISIBLE, "the instance metadata service did not return it" },
};

static void one_thing_is_other(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = cluster(ROLE_KIND_MAX, RIGHT);
                CLEANUP(verdicts_freep) struct verdicts *v = NULL;
                const struct role_line *l;
                struct role_page page;

                changes[i].make(s);
                v = host_judge(s);
                assert_int_equal(roles_judge(v, v->arena, &page), 0);
                l = line_of(&page, changes[i].kind);
                if (!l || l->verdict != changes[i].want || !(strstr(l->here, changes[i].text) || strstr(l->why ? l->why : "", changes[i].text) ||
                                                             strstr(l->remedy ? l->remedy : "", changes[i].text)))
                        fail_msg("%s: %s / %s / %s / %s", changes[i].name, l ? role_verdict_to_string(l->verdict) : "no line", l ? l->here : "",
                                 l && l->why ? l->why : "", l && l->remedy ? l->remedy : "");
        }
}

/* A rule of EventBridge is told by what started the tasks. Nothing at all that was seen is a status of its own. */
static void rules_and_nothing(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = cluster(ROLE_KIND_MAX, RIGHT), *empty = NULL;
        CLEANUP(verdicts_freep) struct verdicts *v = NULL, *none = NULL;
        struct role_page page;

        (void)state;
        by_hand(s);
        v = host_judge(s);
        assert_int_equal(roles_judge(v, v->arena, &page), 0);
        assert_null(line_of(&page, KIND_EVENTS));
        assert_int_equal(snapshot_new(&empty), 0);
        none = host_judge(empty);
        assert_int_equal(roles_judge(none, none->arena, &page), 0);
        assert_int_equal(roles_exit_status(&page), 3);
        arena_fail(none->arena);
        assert_int_equal(roles_judge(none, none->arena, &page), -ENOMEM);
}

static void the_catalog_is_whole(void **state)
{
        (void)state;
        for (int i = 0; i < ROLE_KIND_MAX; i++) {
                const struct role_kind *k = role_kind_get((enum role_kind_id)i);

                if (!k->title || !k->service || !strstr(k->service, ".amazonaws.com") || !k->purpose || !k->when || !k->set_in ||
                    !k->in_container)
                        fail_msg("%s is not whole", role_kind_to_string((enum role_kind_id)i));
                for (size_t n = 0; n < ROLE_ACTIONS_MAX && k->actions[n].action; n++)
                        if (!iam_service_known(k->actions[n].action) || !k->actions[n].on)
                                fail_msg("%s: %s", role_kind_to_string((enum role_kind_id)i), k->actions[n].action);
        }
        assert_non_null(strstr(role_kinds_order(), "It never uses"));
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(each_role_in_each_state), cmocka_unit_test(roles_that_are_not_set), cmocka_unit_test(declared_calls_count),
                                            cmocka_unit_test(one_thing_is_other), cmocka_unit_test(rules_and_nothing),
                                            cmocka_unit_test(the_catalog_is_whole) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
