/*
 * aws_calls -- every call of AWS that rolewatch makes, and the permission that it needs. aws_send refuses actions that are not
 * in this table. Pure; of the room net.
 */
#pragma once
#include "rolewatch/aws.h"

/*
 * Parts of the policy: id, option of `rolewatch policy statement`, statement id, what it is for and what turns it on,
 * condition operator, key and value (NULL: none). In values and resources {partition}, {region}, {account}, {cluster} and
 * {namespace} are replaced by the members of struct aws_scope.
 */
#define AWS_PARTS(X) \
        X(ROLES, "iam", "RolewatchReadsRoles", "reading roles and their policies (query_iam = yes, rolewatch roles, rolewatch bundle)", NULL, NULL, NULL) \
        X(MANAGED, "iam", "RolewatchReadsManagedPolicies", \
          "reading managed policies (query_iam = yes, rolewatch roles, rolewatch bundle)", NULL, NULL, NULL) \
        X(DEFINITIONS, "ecs", "RolewatchReadsTaskDefinitions", "reading task definitions (query_ecs = yes, rolewatch roles)", NULL, NULL, NULL) \
        X(TASKS, "ecs", "RolewatchReadsTasks", "reading the overrides of tasks (query_ecs = yes, rolewatch roles)", "ArnLike", "ecs:cluster", \
          "arn:{partition}:ecs:{region}:{account}:cluster/{cluster}") \
        X(SERVICES, "services", "RolewatchReadsServices", "reading services (rolewatch roles --service)", "ArnLike", "ecs:cluster", \
          "arn:{partition}:ecs:{region}:{account}:cluster/{cluster}") \
        X(SCALING, "services", "RolewatchReadsScaling", "reading scalable targets and target groups (rolewatch roles --service)", NULL, NULL, NULL) \
        X(METRICS, "cloudwatch", "RolewatchSendsMetrics", "publishing metrics (put_metric_data = yes)", "StringEquals", "cloudwatch:namespace", "{namespace}")
enum aws_part {
#define X(id, option, sid, when, operator, key, value) AWS_PART_##id,
        AWS_PARTS(X)
#undef X
        AWS_PART_MAX
};

/*
 * id, service, prefix of the IAM action, action, part, resource. Source of the resource types: Service Authorization
 * Reference.
 */
#define AWS_CALLS(X) \
        X(GET_ROLE, IAM, "iam", "GetRole", ROLES, "arn:{partition}:iam::{account}:role/*") \
        X(LIST_ROLE_POLICIES, IAM, "iam", "ListRolePolicies", ROLES, "arn:{partition}:iam::{account}:role/*") \
        X(GET_ROLE_POLICY, IAM, "iam", "GetRolePolicy", ROLES, "arn:{partition}:iam::{account}:role/*") \
        X(LIST_ATTACHED_ROLE_POLICIES, IAM, "iam", "ListAttachedRolePolicies", ROLES, "arn:{partition}:iam::{account}:role/*") \
        /* Policies of AWS itself have the account "aws". */ \
        X(GET_POLICY, IAM, "iam", "GetPolicy", MANAGED, "arn:{partition}:iam::*:policy/*") \
        X(GET_POLICY_VERSION, IAM, "iam", "GetPolicyVersion", MANAGED, "arn:{partition}:iam::*:policy/*") \
        X(DESCRIBE_TASK_DEFINITION, ECS, "ecs", "DescribeTaskDefinition", DEFINITIONS, "*") \
        X(DESCRIBE_TASKS, ECS, "ecs", "DescribeTasks", TASKS, "arn:{partition}:ecs:{region}:{account}:task/*") \
        X(DESCRIBE_SERVICES, ECS, "ecs", "DescribeServices", SERVICES, "arn:{partition}:ecs:{region}:{account}:service/*") \
        X(DESCRIBE_SCALABLE_TARGETS, SCALING, "application-autoscaling", "DescribeScalableTargets", SCALING, "*") \
        X(DESCRIBE_TARGET_GROUPS, ELB, "elasticloadbalancing", "DescribeTargetGroups", SCALING, "*") \
        X(PUT_METRIC_DATA, CLOUDWATCH, "cloudwatch", "PutMetricData", METRICS, "*")
enum aws_call {
#define X(id, service, prefix, action, part, resource) AWS_CALL_##id,
        AWS_CALLS(X)
#undef X
        AWS_CALL_MAX
};

int aws_call_find(enum aws_service service, const char *action);       /* enum aws_call, or -ENOENT */
/*
 * The call at the beginning of an error text, as account and daemon write them: "cloudwatch:PutMetricData: AccessDenied: ..."
 * or "iam:GetRole of web: ...". enum aws_call, or -ENOENT.
 */
int aws_call_named(const char *text);
const char *aws_call_action(enum aws_call c);          /* "GetRole" */
enum aws_part aws_call_part(enum aws_call c);
const char *aws_part_option(enum aws_part p);
const char *aws_part_when(enum aws_part p);

/* NULL: any; partition NULL: that of the region; namespace NULL: the default namespace. */
struct aws_scope { const char *partition, *region, *account, *cluster, *namespace; };
#define AWS_ALL_PARTS ((1u << AWS_PART_MAX) - 1)
/* The statement that allows a part, {"Sid": ..., "Effect": "Allow", ...}; the caller's. NULL: no memory. */
cJSON *aws_statement(enum aws_part p, const struct aws_scope *scope);
/* A policy with the parts in wanted (bits 1 << AWS_PART_...); the caller's. NULL: no memory. */
cJSON *aws_policy(unsigned wanted, const struct aws_scope *scope);
