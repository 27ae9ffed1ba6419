/* The catalogue of ECS's roles: one row each. */
#include "rolewatch/role_kinds.h"

#define NEVER "never: no endpoint hands its keys to a container"

static const struct role_kind rows[] = {
        [KIND_INSTANCE] = {
                .title = "container instance role",
                .usual_name = "ecsInstanceRole",
                .service = "ec2.amazonaws.com",
                .policy = "AmazonEC2ContainerServiceforEC2Role",
                .purpose = "what the ECS agent, Docker and all else on the instance act as",
                .when = "on every EC2 container instance",
                .set_in = "the instance profile of the instance",
                .in_container = "last: through the instance metadata service, where nothing before it gave keys and the "
                                "container can reach that service",
                .actions = { { "ecs:DiscoverPollEndpoint", "*" }, { "ecs:RegisterContainerInstance", "the cluster" },
                             { "ecs:Poll", "the container instance" },
                             { "ecs:StartTelemetrySession", "the container instance" },
                             { "ecs:SubmitTaskStateChange", "the cluster" },
                             { "ecs:SubmitAttachmentStateChanges", "the cluster" },
                             { "ecs:UpdateContainerInstancesState", "the container instance, with Spot draining" },
                             { "ec2:DescribeTags", "*, where tags are propagated" },
                             { "ecr:GetAuthorizationToken", "*, for tasks without an execution role" },
                             { "ecr:BatchGetImage", "the repository, for tasks without an execution role" },
                             { "ecr:GetDownloadUrlForLayer", "the repository, for tasks without an execution role" },
                             { "logs:CreateLogStream", "the log group, for tasks without an execution role" },
                             { "logs:PutLogEvents", "the log group, for tasks without an execution role" } },
        },
        [KIND_TASK] = {
                .title = "task role",
                .service = "ecs-tasks.amazonaws.com",
                .purpose = "what the application in the containers of a task acts as",
                .when = "when the application calls AWS, for ECS Exec, and for EFS with IAM",
                .set_in = "taskRoleArn of the task definition, or RunTask's overrides",
                .in_container = "first among roles: through the container endpoint 169.254.170.2, where the SDK's chain "
                                "finds no keys in the environment or a profile before it",
                .actions = { { "ssmmessages:CreateControlChannel", "*, for ECS Exec" },
                             { "ssmmessages:CreateDataChannel", "*, for ECS Exec" },
                             { "ssmmessages:OpenControlChannel", "*, for ECS Exec" },
                             { "ssmmessages:OpenDataChannel", "*, for ECS Exec" },
                             { "elasticfilesystem:ClientMount", "the file system, with IAM" },
                             { "elasticfilesystem:ClientWrite", "the file system, with IAM" } },
        },
        [KIND_EXECUTION] = {
                .title = "task execution role",
                .usual_name = "ecsTaskExecutionRole",
                .service = "ecs-tasks.amazonaws.com",
                .policy = "AmazonECSTaskExecutionRolePolicy",
                .purpose = "what ECS and the agent act as to start a task: pulls, logs, secrets, files",
                .when = "for secrets, environment files and private registries; for ECR and awslogs it stands in for the "
                        "instance role",
                .set_in = "executionRoleArn of the task definition, or RunTask's overrides",
                .in_container = "never: the agent has its keys, the containers have not",
                .actions = { { "ecr:GetAuthorizationToken", "*" }, { "ecr:BatchGetImage", "the repository" },
                             { "ecr:GetDownloadUrlForLayer", "the repository" },
                             { "logs:CreateLogStream", "the log group" }, { "logs:PutLogEvents", "the log group" },
                             { "logs:CreateLogGroup", "the log group, with awslogs-create-group" },
                             { "secretsmanager:GetSecretValue", "each secret" },
                             { "ssm:GetParameters", "each parameter" }, { "kms:Decrypt", "their own keys" },
                             { "s3:GetObject", "each file" }, { "s3:GetBucketLocation", "their buckets" } },
        },
        [KIND_LINKED] = {
                .title = "ECS service-linked role",
                .usual_name = "AWSServiceRoleForECS",
                .service = "ecs.amazonaws.com",
                .policy = "AmazonECSServiceRolePolicy",
                .purpose = "what ECS itself acts as: network interfaces, load balancers, service discovery, alarms",
                .when = "in every account with a cluster; the first cluster or service makes it",
                .set_in = "nowhere: ECS takes it by itself",
                .in_container = NEVER,
        },
        [KIND_SCHEDULER] = {
                .title = "service scheduler role (legacy)",
                .usual_name = "ecsServiceRole",
                .service = "ecs.amazonaws.com",
                .policy = "AmazonEC2ContainerServiceRole",
                .purpose = "what ECS acts as to register a service's instances with a load balancer, before there was a "
                           "service-linked role",
                .when = "never today; it counts where a service with a load balancer and without awsvpc names it",
                .set_in = "role of CreateService",
                .in_container = "never: what it may do has no effect on any container",
                .actions = { { "elasticloadbalancing:RegisterTargets", "the target group" },
                             { "elasticloadbalancing:DeregisterTargets", "the target group" },
                             { "elasticloadbalancing:DescribeTargetHealth", "*" },
                             { "elasticloadbalancing:RegisterInstancesWithLoadBalancer", "the classic load balancer" },
                             { "elasticloadbalancing:DeregisterInstancesFromLoadBalancer", "the classic load balancer" },
                             { "ec2:DescribeInstances", "*" } },
        },
        [KIND_SCALING_LINKED] = {
                .title = "auto scaling service-linked role",
                .usual_name = "AWSServiceRoleForApplicationAutoScaling_ECSService",
                .service = "ecs.application-autoscaling.amazonaws.com",
                .policy = "AWSApplicationAutoscalingECSServicePolicy",
                .purpose = "what Application Auto Scaling acts as to change a service's desired count",
                .when = "when a service is a scalable target; registering the first one makes it",
                .set_in = "nowhere: Application Auto Scaling takes it by itself",
                .in_container = NEVER,
        },
        [KIND_SCALING] = {
                .title = "auto scaling role (legacy)",
                .usual_name = "ecsAutoscaleRole",
                .service = "application-autoscaling.amazonaws.com",
                .policy = "AmazonEC2ContainerServiceAutoscaleRole",
                .purpose = "the same, before there was a service-linked role",
                .when = "never today; it counts where a scalable target names it",
                .set_in = "RoleARN of RegisterScalableTarget",
                .in_container = NEVER,
                .actions = { { "ecs:DescribeServices", "the service" }, { "ecs:UpdateService", "the service" },
                             { "cloudwatch:DescribeAlarms", "*" }, { "cloudwatch:PutMetricAlarm", "its alarms" } },
        },
        [KIND_INFRASTRUCTURE] = {
                .title = "infrastructure role",
                .usual_name = "ecsInfrastructureRole",
                .service = "ecs.amazonaws.com",
                .policy = "AmazonECSInfrastructureRolePolicyForVolumes and its like",
                .purpose = "what ECS acts as for EBS volumes, Service Connect TLS, VPC Lattice, managed instances and "
                           "blue/green load balancers",
                .when = "when a service or task uses one of these",
                .set_in = "volumeConfigurations, serviceConnectConfiguration, vpcLatticeConfigurations, "
                          "loadBalancers.advancedConfiguration",
                .in_container = NEVER,
        },
        [KIND_ANYWHERE] = {
                .title = "ECS Anywhere role",
                .usual_name = "ecsAnywhereRole",
                .service = "ssm.amazonaws.com",
                .policy = "AmazonSSMManagedInstanceCore, AmazonEC2ContainerServiceforEC2Role",
                .purpose = "what an external instance acts as, in place of a container instance role",
                .when = "on external instances only",
                .set_in = "the SSM activation of the instance",
                .in_container = "last, as the instance role: through its files or metadata where a container reaches them",
        },
        [KIND_EVENTS] = {
                .title = "EventBridge role",
                .usual_name = "ecsEventsRole",
                .service = "events.amazonaws.com",
                .policy = "AmazonEC2ContainerServiceEventsRole",
                .purpose = "what EventBridge acts as to start tasks by a rule or schedule",
                .when = "when a rule has an ECS target",
                .set_in = "RoleArn of the rule's target",
                .in_container = NEVER,
                .actions = { { "ecs:RunTask", "the task definition" },
                             { "iam:PassRole", "the task role and the execution role, to ecs-tasks.amazonaws.com" } },
        },
        [KIND_CODEDEPLOY] = {
                .title = "CodeDeploy role",
                .usual_name = "ecsCodeDeployRole",
                .service = "codedeploy.amazonaws.com",
                .policy = "AWSCodeDeployRoleForECS",
                .purpose = "what CodeDeploy acts as to shift a service from one task set to the next",
                .when = "when the service's deployment controller is CODE_DEPLOY",
                .set_in = "serviceRoleArn of the deployment group",
                .in_container = NEVER,
                .actions = { { "ecs:CreateTaskSet", "the service" }, { "ecs:UpdateServicePrimaryTaskSet", "the service" },
                             { "ecs:DeleteTaskSet", "the service" }, { "ecs:DescribeServices", "*" },
                             { "elasticloadbalancing:ModifyListener", "the listeners" },
                             { "elasticloadbalancing:ModifyRule", "their rules" },
                             { "iam:PassRole", "the task role and the execution role" } },
        },
};

static const char *const words[] = {
#define X(id, word) [KIND_##id] = word,
        ROLE_KINDS(X)
#undef X
};

const char *role_kind_word(enum role_kind_id k)
{
        return words[k];
}

const struct role_kind *role_kind_get(enum role_kind_id k)
{
        return &rows[k];
}

const char *role_kinds_order(void)
{
        return "Inside a container win, in this order: keys in the environment, a profile or web identity; the task role; "
               "the instance role. The execution role, the service-linked roles, the scheduler, auto scaling, "
               "infrastructure, EventBridge and CodeDeploy roles never do.";
}
