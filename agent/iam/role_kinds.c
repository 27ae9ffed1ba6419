/* The catalog of the IAM roles of ECS: one row each. */
#include "rolewatch/role_kinds.h"

#define NEVER "never: no endpoint gives its credentials to a container"

static const struct role_kind rows[] = {
        [KIND_INSTANCE] = {
                .title = "container instance role",
                .usual_name = "ecsInstanceRole",
                .service = "ec2.amazonaws.com",
                .policy = "AmazonEC2ContainerServiceforEC2Role",
                .purpose = "used by the ECS agent, Docker and everything else on the instance",
                .when = "on every EC2 container instance",
                .set_in = "the instance profile of the instance",
                .in_container = "last: through the instance metadata service, if no earlier step gave credentials and the "
                                "container can reach that service",
                .actions = { { "ecs:DiscoverPollEndpoint", "*" }, { "ecs:RegisterContainerInstance", "the cluster" },
                             { "ecs:Poll", "the container instance" },
                             { "ecs:StartTelemetrySession", "the container instance" },
                             { "ecs:SubmitTaskStateChange", "the cluster" },
                             { "ecs:SubmitAttachmentStateChanges", "the cluster" },
                             { "ecs:UpdateContainerInstancesState", "the container instance, with Spot draining" },
                             { "ec2:DescribeTags", "*, to propagate tags" },
                             { "ecr:GetAuthorizationToken", "*, for tasks without an execution role" },
                             { "ecr:BatchGetImage", "the repository, for tasks without an execution role" },
                             { "ecr:GetDownloadUrlForLayer", "the repository, for tasks without an execution role" },
                             { "logs:CreateLogStream", "the log group, for tasks without an execution role" },
                             { "logs:PutLogEvents", "the log group, for tasks without an execution role" } },
        },
        [KIND_TASK] = {
                .title = "task role",
                .service = "ecs-tasks.amazonaws.com",
                .purpose = "used by the application in the containers of a task",
                .when = "when the application calls AWS, for ECS Exec, and for EFS with IAM authorization",
                .set_in = "taskRoleArn of the task definition, or RunTask's overrides",
                .in_container = "first of the roles: through the container endpoint 169.254.170.2, unless the SDK finds "
                                "credentials in the environment or a profile first",
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
                .purpose = "used by ECS and the agent to start a task: image pulls, logs, secrets, files",
                .when = "for secrets, environment files and private registries; for ECR and awslogs it replaces the "
                        "instance role",
                .set_in = "executionRoleArn of the task definition, or RunTask's overrides",
                .in_container = "never: only the agent has its credentials",
                .actions = { { "ecr:GetAuthorizationToken", "*" }, { "ecr:BatchGetImage", "the repository" },
                             { "ecr:GetDownloadUrlForLayer", "the repository" },
                             { "logs:CreateLogStream", "the log group" }, { "logs:PutLogEvents", "the log group" },
                             { "logs:CreateLogGroup", "the log group, with awslogs-create-group" },
                             { "secretsmanager:GetSecretValue", "each secret" },
                             { "ssm:GetParameters", "each parameter" }, { "kms:Decrypt", "customer managed keys of secrets and parameters" },
                             { "s3:GetObject", "each environment file" }, { "s3:GetBucketLocation", "buckets of these files" } },
        },
        [KIND_LINKED] = {
                .title = "ECS service-linked role",
                .usual_name = "AWSServiceRoleForECS",
                .service = "ecs.amazonaws.com",
                .policy = "AmazonECSServiceRolePolicy",
                .purpose = "used by ECS itself for network interfaces, load balancers, service discovery and alarms",
                .when = "in every account with a cluster; created with the first cluster or service",
                .set_in = "nowhere: ECS uses it automatically",
                .in_container = NEVER,
        },
        [KIND_SCHEDULER] = {
                .title = "service scheduler role (legacy)",
                .usual_name = "ecsServiceRole",
                .service = "ecs.amazonaws.com",
                .policy = "AmazonEC2ContainerServiceRole",
                .purpose = "used by ECS to register instances of a service with a load balancer, before the "
                           "service-linked role existed",
                .when = "no longer; it has an effect only if a service with a load balancer and without awsvpc sets it",
                .set_in = "role of CreateService",
                .in_container = "never: its permissions do not affect containers",
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
                .purpose = "used by Application Auto Scaling to change the desired count of a service",
                .when = "when a service is a scalable target; created with the first one",
                .set_in = "nowhere: Application Auto Scaling uses it automatically",
                .in_container = NEVER,
        },
        [KIND_SCALING] = {
                .title = "auto scaling role (legacy)",
                .usual_name = "ecsAutoscaleRole",
                .service = "application-autoscaling.amazonaws.com",
                .policy = "AmazonEC2ContainerServiceAutoscaleRole",
                .purpose = "used by Application Auto Scaling before the service-linked role existed",
                .when = "no longer; it has an effect only if a scalable target sets it",
                .set_in = "RoleARN of RegisterScalableTarget",
                .in_container = NEVER,
                .actions = { { "ecs:DescribeServices", "the service" }, { "ecs:UpdateService", "the service" },
                             { "cloudwatch:DescribeAlarms", "*" }, { "cloudwatch:PutMetricAlarm", "the alarms of the service" } },
        },
        [KIND_INFRASTRUCTURE] = {
                .title = "infrastructure role",
                .usual_name = "ecsInfrastructureRole",
                .service = "ecs.amazonaws.com",
                .policy = "AmazonECSInfrastructureRolePolicyForVolumes, or the one for the feature",
                .purpose = "used by ECS for EBS volumes, Service Connect TLS, VPC Lattice, managed instances and "
                           "blue/green load balancers",
                .when = "when a service or task uses one of these features",
                .set_in = "volumeConfigurations, serviceConnectConfiguration, vpcLatticeConfigurations, "
                          "loadBalancers.advancedConfiguration",
                .in_container = NEVER,
        },
        [KIND_ANYWHERE] = {
                .title = "ECS Anywhere role",
                .usual_name = "ecsAnywhereRole",
                .service = "ssm.amazonaws.com",
                .policy = "AmazonSSMManagedInstanceCore, AmazonEC2ContainerServiceforEC2Role",
                .purpose = "used by an external instance instead of a container instance role",
                .when = "on external instances only",
                .set_in = "the SSM activation of the instance",
                .in_container = "last, like the instance role: through its files or metadata, if a container can reach them",
        },
        [KIND_EVENTS] = {
                .title = "EventBridge role",
                .usual_name = "ecsEventsRole",
                .service = "events.amazonaws.com",
                .policy = "AmazonEC2ContainerServiceEventsRole",
                .purpose = "used by EventBridge to start tasks on a rule or schedule",
                .when = "when a rule has an ECS target",
                .set_in = "RoleArn of the target of the rule",
                .in_container = NEVER,
                .actions = { { "ecs:RunTask", "the task definition" },
                             { "iam:PassRole", "the task role and the execution role, to ecs-tasks.amazonaws.com" } },
        },
        [KIND_CODEDEPLOY] = {
                .title = "CodeDeploy role",
                .usual_name = "ecsCodeDeployRole",
                .service = "codedeploy.amazonaws.com",
                .policy = "AWSCodeDeployRoleForECS",
                .purpose = "used by CodeDeploy to shift a service from one task set to the next",
                .when = "when the service's deployment controller is CODE_DEPLOY",
                .set_in = "serviceRoleArn of the deployment group",
                .in_container = NEVER,
                .actions = { { "ecs:CreateTaskSet", "the service" }, { "ecs:UpdateServicePrimaryTaskSet", "the service" },
                             { "ecs:DeleteTaskSet", "the service" }, { "ecs:DescribeServices", "*" },
                             { "elasticloadbalancing:ModifyListener", "the listeners" },
                             { "elasticloadbalancing:ModifyRule", "the rules of the listeners" },
                             { "iam:PassRole", "the task role and the execution role" } },
        },
};

static const char *const strings[] = {
#define X(id, word) [KIND_##id] = word,
        ROLE_KINDS(X)
#undef X
};

const char *role_kind_to_string(enum role_kind_id k)
{
        return strings[k];
}

const struct role_kind *role_kind_get(enum role_kind_id k)
{
        return &rows[k];
}

const char *role_kinds_order(void)
{
        return "In a container, an SDK uses the first of these that it finds: static keys, a profile or web identity; the task "
               "role; the instance role. It never uses the execution role, the service-linked roles, or the scheduler, "
               "auto scaling, infrastructure, EventBridge and CodeDeploy roles.";
}
