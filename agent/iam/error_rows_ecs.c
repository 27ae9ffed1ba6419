/*
 * Texts of ECS about roles, and about tasks that did not start for another reason.
 * Sources: ECS developer guide, "Stopped tasks error messages", "Service event messages",
 * "API failure reasons"; amazon-ecs-agent.
 */
#include "error_parts.h"

#define LINKED_ABOUT "ECS found no service-linked role AWSServiceRoleForECS in the account, or could not assume it"
#define LINKED_REMEDY "Run aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com with an identity " \
        "that is allowed iam:CreateServiceLinkedRole. After the first use of ECS in the account, try again: the role " \
        "may just have been created"
#define SCHEDULER_ABOUT "ECS could not assume the service scheduler role (ecsServiceRole) that the service was " \
        "created with, or that role is not allowed to describe the load balancer"
#define SCHEDULER_REMEDY "Omit the role, so that ECS uses its service-linked role; or let ecs.amazonaws.com (not " \
        "ec2, not ecs-tasks) assume it and attach AmazonEC2ContainerServiceRole. Check that the target group exists"
#define ASSUME_ABOUT "ECS could not assume the task role or the execution role that the text names"
#define ASSUME_REMEDY "Check that the role exists, and let ecs-tasks.amazonaws.com assume it in its trust policy, " \
        "without a condition on another account, region or cluster"
#define INFRASTRUCTURE_REMEDY "Check that the infrastructure role exists, and let ecs.amazonaws.com assume it in " \
        "its trust policy"
#define EXECUTION_REMEDY "Set executionRoleArn in the task definition"
#define EXEC_ABOUT "ECS Exec needs a task that was started with it, and an agent in the container that reaches SSM"
#define EXEC_REMEDY "Start the task with --enable-execute-command, and grant ssmmessages:CreateControlChannel, " \
        "CreateDataChannel, OpenControlChannel, OpenDataChannel on \"*\" to the task role"

/* Errors of ECS in which no role or credential takes part: of kind unknown, with an explanation and a remedy. */
#define NO_ROLE(about) "an ECS message that is not about permissions: " about
#define SERVICE "(service web) "

static const struct error_row rows[] = {
        ROW("ecs-linked-role", ERROR_LINKED, BY_ITSELF, "Unable to assume the service linked role", NULL,
            LINKED_ABOUT, LINKED_REMEDY,
            "Unable to assume the service linked role. Please verify that the ECS service linked role exists."),
        ROW("service-linked-role-missing", ERROR_LINKED, BY_ITSELF,
            "service linked role|service-linked role|ServiceLinkedRole",
            "verify that|does not exist|is missing|missing service|doesn't exist|not found",
            "a service-linked role does not exist in the account",
            "Create the service-linked role of the service that the text names: aws iam create-service-linked-role "
            "--aws-service-name SERVICE.amazonaws.com", "The ECS service linked role does not exist in this account.",
            .unless = "is not authorized to perform"),
        ROW("ecs-service-role", ERROR_TRUST, BY_ITSELF, "Unable to assume role and validate", NULL, SCHEDULER_ABOUT,
            SCHEDULER_REMEDY, "Unable to assume role and validate the specified targetGroupArn. Please verify that "
            "the ECS service role being passed has the proper permissions.", .arns = ARNS_BY_FORM),
        ROW("ecs-infrastructure-role", ERROR_TRUST, BY_ITSELF,
            "unable to assume the configured ECS Infrastructure Role|unable to assume the infrastructure role", NULL,
            "ECS could not assume the infrastructure role", INFRASTRUCTURE_REMEDY,
            "ECS was unable to assume the configured ECS Infrastructure Role "
            "'arn:aws:iam::111122223333:role/ecsInfrastructureRole'."),
        ROW("ecs-task-role-null", ERROR_TRUST, BY_ITSELF, "unable to assume the role", ":role/null|:role/undefined|"
            ":role/None", "the task definition names a role that was built from an empty value",
            "Correct taskRoleArn or executionRoleArn in the task definition: a variable was empty in the tool that wrote "
            "the definition", "ECS was unable to assume the role 'arn:aws:iam::111122223333:role/null' that was "
            "provided for this task."),
        ROW("ecs-task-role-linked", ERROR_TRUST, BY_ITSELF, "unable to assume the role", ":role/aws-service-role/",
            "the task definition names a service-linked role, which tasks cannot use",
            "Set taskRoleArn and executionRoleArn to roles of your own that ecs-tasks.amazonaws.com may assume",
            "ECS was unable to assume the role "
            "'arn:aws:iam::111122223333:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS' that was provided for "
            "this task."),
        ROW("ecs-task-role", ERROR_TRUST, BY_ITSELF,
            "ECS was unable to assume the role|ECS is unable to assume the role", NULL, ASSUME_ABOUT, ASSUME_REMEDY,
            SERVICE "failed to launch a task with (error ECS was unable to assume the role "
            "'arn:aws:iam::111122223333:role/webTaskRole' that was provided for this task. Please verify that the "
            "role being passed has the proper trust relationship and permissions and that your IAM user has "
            "permissions to pass this role.)."),
        ROW("ecs-task-configuration", ERROR_TRUST, BY_ITSELF, "SERVICE_TASK_CONFIGURATION_FAILURE", NULL,
            ASSUME_ABOUT, ASSUME_REMEDY, "eventName: SERVICE_TASK_CONFIGURATION_FAILURE"),
        ROW("instance-role-trust", ERROR_TRUST, BY_ITSELF, "AssumeRoleUnauthorizedAccess", NULL,
            "EC2 could not assume the instance role",
            "Let ec2.amazonaws.com assume the instance role; the change takes effect at the next refresh of its "
            "credentials",
            "{\"Code\":\"AssumeRoleUnauthorizedAccess\",\"Message\":\"EC2 cannot assume the role "
            "webInstanceRole.\"}"),
        ROW("role-must-allow", ERROR_TRUST, BY_ITSELF, "execution role you provide must allow|role must allow|role you "
            "provided must allow", "assume", "the service is not allowed to assume the role that it was given",
            "Name the service as Principal in the role's trust policy (EventBridge Scheduler: scheduler.amazonaws.com)",
            "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."),
        ROW("states-trust", ERROR_TRUST, BY_ITSELF, "Neither the global service principal", "authorized to assume "
            "the provided role", "the service is not allowed to assume the role that it was given",
            "Name the service as Principal in the role's trust policy",
            "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to "
            "assume the provided role."),
        ROW("service-cannot-assume", ERROR_TRUST, BY_ITSELF,
            "cannot be assumed by|can not be assumed by|could not be assumed|unable to assume the role provided|"
            "Unable to assume the "
            "role, or the role|invalid or cannot be assumed|does not have a trust relationship allowing",
            "amazonaws.com|by Lambda|principal|An error occurred|Role arn|arn:aws|relationship allowing|role "
            "provided|Unable to assume", "the service is not allowed to assume the role that the text names",
            "Check that the role exists, and name that service as Principal in its trust policy; a role that was just "
            "created is usable after some seconds",
            "Provided role 'arn:aws:iam::111122223333:role/webEventsRole' cannot be assumed by principal "
            "'events.amazonaws.com'."),
        ROW("service-must-assume", ERROR_TRUST, WITH_MARK,
            "to assume the role|to assume this role|assume provided role|assume the provided role|assume the "
            "execution role|unable to assume role|could not assume role|cannot assume role|can't assume role|failed "
            "to assume role|unable to assume the role|unable to assume your role|able to be assumed|could not "
            "assume the role", "must allow|unable to assume|please check the role|allows principal|ensure that the "
            "role|trust polic|could not assume|cannot assume|can't assume|able to be assumed|verify that|failed to "
            "assume", "the service could not assume the role that it was given",
            "Check that the role exists, and name the service as Principal in its trust policy",
            "Firehose is unable to assume role arn:aws:iam::111122223333:role/webFirehoseRole. Please check the "
            "role provided.",
            .unless = "is not authorized to perform|operation error STS|calling the AssumeRole|SQLSTATE|Not authorized "
                      "to perform sts:|AWS credentials are required"),
        ROW("trust-relationship", ERROR_TRUST, WITH_MARK, "trust relationship|trust policy", "assume|not allow",
            "a role could not be assumed: its trust policy does not allow the caller",
            "Name the caller as Principal in the trust policy of the role that the text names",
            "The trust policy of arn:aws:iam::111122223333:role/webTaskRole does not allow ecs-tasks.amazonaws.com "
            "to assume it", .unless = "is not authorized to perform|Could not access model data"),
        ROW("role-not-valid", ERROR_OTHER, BY_ITSELF,
            "ClientException: Role is not valid|RegisterTaskDefinition operation: Role is not valid", NULL,
            "the ARN of the task role or execution role is malformed or empty",
            "Correct taskRoleArn or executionRoleArn in the task definition",
            "An error occurred (ClientException) when calling the RegisterTaskDefinition operation: Role is not "
            "valid"),
        ROW("execution-role-for-secrets", ERROR_OTHER, BY_ITSELF,
            "must also specify a value for 'executionRoleArn'|requires task definition to have execution role|"
            "executionRoleArn is required|must specify an execution role", NULL,
            "the task definition needs an execution role for its secrets, its image or its logs", EXECUTION_REMEDY,
            "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'."),
        ROW("exec-not-enabled", ERROR_OTHER, BY_ITSELF,
            "execute command was not enabled|execute command failed because execute command was not|execute command "
            "agent isn", NULL, EXEC_ABOUT, EXEC_REMEDY,
            "An error occurred (InvalidParameterException) when calling the ExecuteCommand operation: The execute "
            "command failed because execute command was not enabled when the task was run or the execute command "
            "agent isn't running."),
        ROW("exec-not-connected", ERROR_OTHER, BY_ITSELF, "TargetNotConnected", NULL, EXEC_ABOUT, EXEC_REMEDY,
            "An error occurred (TargetNotConnectedException) when calling the ExecuteCommand operation: The "
            "execute command failed due to an internal error."),
        ROW("instance-profile-deleted", ERROR_OTHER, BY_ITSELF, "InstanceProfileNotFound", NULL,
            "the instance profile was deleted, or created again under its old name", "Attach an instance profile "
            "that exists", "{\"Code\":\"InstanceProfileNotFound\",\"Message\":\"Instance Profile cannot be found "
            "for this instance.\"}"),
        ROW("instance-profile-empty", ERROR_OTHER, BY_ITSELF, "Instance Profile does not contain a role", NULL,
            "the role was removed from the instance profile",
            "Add the role again: aws iam add-role-to-instance-profile",
            "{\"Code\":\"Success\",\"Message\":\"Instance Profile does not contain a role.\"}"),
        ROW("account-not-subscribed", ERROR_OTHER, BY_ITSELF,
            CODE_FORMS("OptInRequired") "|" CODE_FORMS("SubscriptionRequired") "|You are not subscribed to this service",
            NULL, "the account has not enabled the service, the region or the support plan; no policy helps",
            "Have the account's administrator enable the service, the region or the support plan, or finish the "
            "account's registration", "An error occurred (OptInRequired) when calling the DescribeInstances operation: "
            "You are not subscribed to this service.", .arns = ARNS_NONE),
        ROW("instance-profile-missing", ERROR_OTHER, BY_ITSELF,
            "instance profile|InstanceProfile",
            "does not exist|must have instance profile|must have an instance profile|cannot be found|could not be "
            "found|Invalid IAM Instance Profile", "the instance profile does not exist, or none is given",
            "Create the instance profile with its role (aws iam create-instance-profile, add-role-to-instance-profile), "
            "or name one that exists", "The instance profile webInstanceProfile associated with the environment does not "
            "exist.", .unless = "credentials|is not authorized"),
        ROW("ssm-default-role", ERROR_NONE, BY_ITSELF, "instance management role is not configured", NULL,
            "the SSM agent found no instance role, and the account has no default role for managed instances",
            "Attach an instance profile with AmazonSSMManagedInstanceCore, or configure Default Host Management; "
            "tasks are not affected",
            "error calling RequestManagedInstanceRoleToken: AccessDeniedException: Systems Manager's instance "
            "management role is not configured for account: 111122223333"),
        ROW("role-max-session", ERROR_OTHER, BY_ITSELF,
            "exceeds the MaxSessionDuration set for this role|session limit for roles assumed by role chaining", NULL,
            "the requested session is longer than the role allows",
            "Request a shorter session, or raise the role's maximum session duration; a role that was assumed by "
            "another role's session is limited to one hour",
            "An error occurred (ValidationError) when calling the AssumeRole operation: The requested "
            "DurationSeconds exceeds the MaxSessionDuration set for this role."),

        /* Not about roles. */
        ROW("place-attribute", ERROR_UNKNOWN, BY_ITSELF,
            "missing an attribute required by your task|TaskFailedToStart: MissingAttribute|TaskFailedToStart: "
            "ATTRIBUTE|TaskFailedToStart: MemberOf", NULL, NO_ROLE(
            "no container instance has an attribute that the task needs"),
            "Compare requiresAttributes of the task definition with the attributes of the instances: usually an old "
            "agent, a log driver that is not enabled, or a placement constraint", SERVICE "was unable to place a "
            "task because no container instance met all of its requirements. The closest matching "
            "(container-instance 0a1b2c3d) is missing an attribute required by your task.", .arns = ARNS_NONE),
        ROW("place-port", ERROR_UNKNOWN, BY_ITSELF, "already using a port required by your task", NULL, NO_ROLE(
            "the host port is taken on every instance"),
            "Use a dynamic host port or network mode awsvpc, or add an instance", SERVICE "was unable to place a "
            "task because no container instance met all of its requirements. The closest matching "
            "(container-instance 0a1b2c3d) is already using a port required by your task.", .arns = ARNS_NONE),
        ROW("place-resources", ERROR_UNKNOWN, BY_ITSELF,
            "has insufficient CPU units available|has insufficient memory available|RESOURCE:MEMORY|RESOURCE:CPU|"
            "RESOURCE:ENI|RESOURCE:PORTS|RESOURCE:GPU", NULL, NO_ROLE("no container instance has enough capacity"),
            "Add instances, or lower the task's CPU, memory or port needs", SERVICE "was unable to place a task "
            "because no container instance met all of its requirements. The closest matching (container-instance "
            "0a1b2c3d) has insufficient memory available.", .arns = ARNS_NONE),
        ROW("place-agent", ERROR_UNKNOWN, BY_ITSELF,
            "encountered error \"AGENT\"|encountered error 'AGENT'|TaskFailedToStart: "
            "AGENT|Timed out waiting for Amazon ECS Agent to start", NULL,
            NO_ROLE("the agent of the container instance is not connected"),
            "Check the ECS agent on that instance: systemctl status ecs, and its log", SERVICE "was unable to place "
            "a task because no container instance met all of its requirements. The closest matching "
            "(container-instance 0a1b2c3d) encountered error \"AGENT\".", .arns = ARNS_NONE),
        ROW("place-limit", ERROR_UNKNOWN, BY_ITSELF,
            "reached the limit on the number of tasks|reached the limit on the number of vCPUs|configuration is "
            "above your limit|Capacity is unavailable at this time", NULL, NO_ROLE("a quota or the capacity of AWS "
            "is used up"), "Request a higher quota in Service Quotas, or use another Availability Zone or size",
            SERVICE "was unable to place a task. Reason: You've reached the limit on the number of tasks you can "
            "run concurrently.", .arns = ARNS_NONE),
        ROW("place-none", ERROR_UNKNOWN, BY_ITSELF,
            "No Container Instances were found in your c|unable to place a task|EMPTY CAPACITY PROVIDER", NULL, NO_ROLE(
            "a task could not be placed"),
            "See the rest of the event: a cluster without instances, or a requirement that no instance meets", SERVICE
            "was unable to place a task because no container instance met all of its requirements. Reason: No "
            "Container Instances were found in your cluster.", .arns = ARNS_NONE),
        ROW("health-load-balancer", ERROR_UNKNOWN, BY_ITSELF,
            "failed ELB health checks|is not healthy in (target-group|is not healthy in target-group|"
            "is unhealthy in (target-group|is unhealthy in (elb|is unhealthy in "
            "target-group|Health checks failed with these codes", NULL, NO_ROLE("the load balancer's health check "
            "failed"), "Check the path, the port, the security groups and the grace period of the health check",
            "Task failed ELB health checks in (target-group "
            "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/0123456789abcdef)",
            .arns = ARNS_NONE),
        ROW("target-group-unused", ERROR_UNKNOWN, BY_ITSELF, "does not have an associated load balancer", NULL, NO_ROLE(
            "no listener of a load balancer forwards to the target group"),
            "Add a listener or rule that forwards to the target group before the service is created",
            "The target group with targetGroupArn "
            "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/0123456789abcdef does not have an "
            "associated load balancer.", .arns = ARNS_NONE),
        ROW("health-container", ERROR_UNKNOWN, BY_ITSELF, "Task failed container health checks", NULL, NO_ROLE(
            "the container's health check failed"),
            "Run the health check's command in the container; see the container's log", "Task failed container "
            "health checks", .arns = ARNS_NONE),
        ROW("service-deployment", ERROR_UNKNOWN, BY_ITSELF,
            "is unable to consistently start tasks|was unable to stop or start tasks during a deployment|operations "
            "are being throttled. Will try again later|ECS deployment circuit breaker|tasks failed to start|"
            "unable to reach steady state", NULL, NO_ROLE(
            "the service's tasks keep failing"), "See stoppedReason of its stopped tasks: aws ecs describe-tasks",
            SERVICE "is unable to consistently start tasks successfully. For more information, see the "
            "Troubleshooting section.", .arns = ARNS_NONE),
        ROW("service-launch", ERROR_UNKNOWN, BY_ITSELF, "failed to launch a task with (error", NULL, NO_ROLE(
            "a task of the service did not start; the parentheses say why"),
            "See what the parentheses say, and stoppedReason of the task: aws ecs describe-tasks", SERVICE "failed to "
            "launch a task with (error EssentialContainerExited).", .arns = ARNS_NONE,
            .unless = "CannotPull|ResourceInit|AccessDenied|is not authorized|assume"),
        ROW("task-memory", ERROR_UNKNOWN, BY_ITSELF, "OutOfMemoryError: Container killed", NULL, NO_ROLE(
            "a container used more memory than its limit"),
            "Raise the memory limit of the container, or see why it needs more",
            "OutOfMemoryError: Container killed due to memory usage", .arns = ARNS_NONE),
        ROW("task-essential", ERROR_UNKNOWN, BY_ITSELF, "Essential container in task exited", NULL, NO_ROLE(
            "an essential container ended"), "See its exit code and its log", "Essential container in task exited",
            .arns = ARNS_NONE),
        ROW("task-stopped", ERROR_UNKNOWN, BY_ITSELF,
            "Scaling activity initiated by (deployment|Scaling activity initiated by deployment|Your Spot Task was "
            "interrupted|Container instance deregistration forced|Host EC2 (instance|EC2 AutoScaling termination|Task "
            "stopped by (deployment", NULL, NO_ROLE(
            "the task was stopped on purpose, or with its host"), "No role needs a change",
            "Your Spot Task was interrupted.", .arns = ARNS_NONE),
        ROW("task-timeout", ERROR_UNKNOWN, BY_ITSELF,
            "DockerTimeoutError|ContainerRuntimeTimeoutError|Could not transition to created|Could not transition "
            "to running|Could not transition to start|Could not transition to stopped", NULL, NO_ROLE(
            "Docker did not start or stop the container in time"), "See Docker's log and the disk of the instance",
            "DockerTimeoutError: Could not transition to created; timed out after waiting 4m0s", .arns = ARNS_NONE,
            .unless = "is not authorized"),
        ROW("task-network", ERROR_UNKNOWN, BY_ITSELF,
            "Unexpected EC2 error while attempting to|CannotCreateVolumeError|CannotInspectContainerError|"
            "CannotStopContainerError|CannotCreateContainerError|Network interface detached|Timeout waiting for network "
            "interface provisioning|Timeout waiting for EphemeralStorage provisioning|Timeout waiting for EBS volume",
            NULL, NO_ROLE("EC2 or Docker failed on a network interface, a volume or "
            "a container"), "See the rest of the text for what EC2 or Docker says",
            "Unexpected EC2 error while attempting to attach network interface to instance", .arns = ARNS_NONE,
            .unless = "is not authorized|UnauthorizedOperation|AccessDenied"),
};
const struct error_rows error_rows_ecs = { rows, ARRAY_SIZE(rows) };
