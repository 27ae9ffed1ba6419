/*
 * A task's start: its image, its secrets, its files, its logs. Network faults, wrong names
 * and limits come first: a policy does not mend them. Sources: ECS developer guide, "Stopped tasks error
 * messages", "CannotPullContainer task errors"; amazon-ecs-agent; docker and containerd.
 */
#include "error_parts.h"

#define NETWORK "i/o timeout|Client.Timeout exceeded|request canceled|connection refused|TLS handshake timeout|" \
        "network is unreachable|deadline exceeded|connection reset|no route to host|network configuration|" \
        "connection issue|Connect timeout|Connection timed out|timeout after|RequestCanceled|could not connect|" \
        "dial tcp"
#define MISSING "ResourceNotFound|does not exist|can't find the specified|invalid parameters|NoSuchKey|" \
        "NoSuchBucket|Invalid name.|invalid ARN format|marked for deletion|ParameterNotFound|cannot find the|can't " \
        "find the|unable to locate resource"
#define PULLS "CannotPull|dkr.ecr.|public.ecr.aws|cannot pull the image|cannot pull '|can't pull the image|failed " \
        "to pull image"
#define INITS "ResourceInitializationError|unable to pull secrets or registry auth|pull registry auth from|" \
        "fetching secret data from|asm fetching secret|fetching secret from the service|retrieve secret from asm|" \
        "retrieve secrets from ssm|retrieve secrets from asm|unable to download env file|download the environment " \
        "variable files|unable to download s3 config|firelens s3 config|unable to initialize s3 client|asm secret " \
        "resource|ssm secret resource|environment file resource"
#define LOGS "failed to create Cloudwatch log|validate logger args|CloudWatch log group defined|specified log " \
        "group does|awslogs"

#define PULL_NETWORK_ABOUT "an image could not be pulled because the registry did not answer; no permission is " \
        "missing"
#define PULL_NETWORK_REMEDY "Give the task or instance a route to the registry: a public IP or NAT gateway, or the " \
        "VPC endpoints ecr.api, ecr.dkr and S3; check security groups and DNS"
#define PULL_ABOUT "the execution role pulls images from ECR, or the instance role if the task definition names none"
#define PULL_REMEDY "Grant ecr:GetAuthorizationToken on \"*\" and ecr:BatchGetImage, ecr:GetDownloadUrlForLayer on " \
        "the repository to the execution role (to the instance role if there is none); another account's " \
        "repository needs a repository policy, too"
#define AUTH_ABOUT "the credentials of a private registry are a secret that the execution role reads"
#define AUTH_REMEDY "Grant secretsmanager:GetSecretValue on the secret of repositoryCredentials to the execution role"
#define INIT_NETWORK_ABOUT "a service that the task needs to start did not answer; no permission is missing"
#define INIT_NETWORK_REMEDY "Give the task a route to the service: a public IP or NAT gateway, or VPC endpoints " \
        "(secretsmanager, ssm, kms, ecr.api, logs, S3); check security groups and DNS"
#define INIT_ABOUT "secrets, parameters and files of a task are fetched with its execution role"
#define INIT_REMEDY "Check that the task reaches the service, and that the task definition's execution role is allowed " \
        "to read what the text names (secretsmanager:GetSecretValue, ssm:GetParameters, s3:GetObject, kms:Decrypt)"
#define NO_EXECUTION_ABOUT "the ECS agent has no credentials of the execution role: the task definition names none, or " \
        "ECS could not assume it"
#define NO_EXECUTION_REMEDY "Set executionRoleArn in the task definition; let ecs-tasks.amazonaws.com assume that role"
#define LOGS_ABOUT "Docker writes to CloudWatch Logs with the execution role, or with the instance role if there is none"
#define LOGS_REMEDY "Grant logs:CreateLogStream and logs:PutLogEvents on the group and its streams (\"...:*\"), " \
        "and logs:CreateLogGroup if awslogs-create-group is true, to that role"
#define ECR_HOST "111122223333.dkr.ecr.eu-west-1.amazonaws.com"

static const struct error_row rows[] = {
        /* Images. */
        ROW("pull-no-space", ERROR_PULL, WITH_MARK, PULLS, "no space left on device",
            "the disk of the instance is full; no permission is missing", "Remove unused images or enlarge the disk",
            "CannotPullContainerError: write /var/lib/docker/tmp/GetImageBlob: no space left on device",
            .arns = ARNS_NONE),
        ROW("pull-rate-limit", ERROR_PULL, WITH_MARK, PULLS "|registry",
            "toomanyrequests|pull rate limit|Rate exceeded",
            "the registry limits the number of pulls; no permission is missing",
            "Log in to the registry (repositoryCredentials), or pull through an ECR cache",
            "CannotPullContainerError: toomanyrequests: You have reached your pull rate limit.", .arns = ARNS_NONE,
            .unless = "is not authorized"),
        ROW("pull-platform", ERROR_PULL, WITH_MARK, PULLS,
            "descriptor matching platform|no matching manifest|exec format error",
            "the image has no variant for this processor; no permission is missing",
            "Build the image for the platform of the instance",
            "CannotPullContainerError: image Manifest does not contain descriptor matching platform 'linux/amd64'",
            .arns = ARNS_NONE),
        ROW("pull-no-image", ERROR_PULL, WITH_MARK, PULLS,
            "manifest unknown|not found: does not exist|repository with name|Requested image not found|whether the "
            "image exists|manifest for|invalid reference format|no such host|: not found|image not found",
            "the image, its tag or its registry does not exist under this name; no permission is missing",
            "Correct the image in the task definition: account, region, repository and tag",
            "CannotPullContainerError: Error response from daemon: manifest for " ECR_HOST "/web:v9 not found: "
            "manifest unknown: Requested image not found", .arns = ARNS_NONE,
            .unless = "is not authorized|credentials: not found|secret"),
        ROW("pull-network", ERROR_PULL, WITH_MARK, PULLS, NETWORK, PULL_NETWORK_ABOUT, PULL_NETWORK_REMEDY,
            "CannotPullContainerError: failed to do request: Head https://" ECR_HOST "/v2/web/manifests/latest: "
            "dial tcp 192.0.2.1:443: i/o timeout", .arns = ARNS_NONE,
            .unless = "is not authorized|registry auth|secret"),
        ROW("pull-registry-secret", ERROR_PULL, BY_ITSELF,
            "CannotPullContainerAuthError|private registry credentials: not found", NULL, AUTH_ABOUT, AUTH_REMEDY,
            "CannotPullContainerAuthError: engine docker private registry credentials: not found", .arns = ARNS_NONE),
        ROW("pull-no-execution-role", ERROR_PULL, BY_ITSELF, "ecr credentials: not found", NULL, NO_EXECUTION_ABOUT,
            NO_EXECUTION_REMEDY, "CannotPullECRContainerError: engine ecr credentials: not found", .arns = ARNS_NONE),
        ROW("pull-token-expired", ERROR_PULL, BY_ITSELF,
            "Your authorization token has expired. Reauthenticate|denied: Your authorization token has expired", NULL,
            "Docker's login to ECR has expired",
            "Log in again: aws ecr get-login-password; the ECS agent does so by itself when it pulls with a role",
            "denied: Your authorization token has expired. Reauthenticate and try again.", .arns = ARNS_NONE),
        ROW("pull-no-login", ERROR_PULL, WITH_MARK, "no basic auth credentials", NULL,
            "Docker contacted the registry without a login", PULL_REMEDY, "Get https://" ECR_HOST
            "/v2/web/manifests/latest: no basic auth credentials", .arns = ARNS_NONE),
        ROW("push-denied", ERROR_DENIED, WITH_MARK, "push permission|Failed to push|failed to push|blobs/uploads",
            "status code 401|401 Unauthorized|403 Forbidden|Not Authorized|no basic auth|access to the resource is denied",
            "the registry refused the push of an image",
            "Log in as the role that builds (aws ecr get-login-password, or the ecr-login credential helper), and allow that "
            "role ecr:GetAuthorizationToken on \"*\", and ecr:InitiateLayerUpload, ecr:UploadLayerPart, "
            "ecr:CompleteLayerUpload, ecr:PutImage and ecr:BatchCheckLayerAvailability on the repository",
            "error checking push permissions: POST https://" ECR_HOST "/v2/web/blobs/uploads/: unexpected status code 401 "
            "Unauthorized: Not Authorized", .arns = ARNS_NONE, .unless = "is not authorized to perform|git-codecommit"),
        ROW("pull-denied", ERROR_PULL, WITH_MARK,
            "CannotPull|pull access denied|pull the image|Check that the role has the permissions to pull|failed to "
            "authorize|dkr.ecr.",
            "pull access denied|access to the resource is denied|role has the permissions|403 Forbidden|401 "
            "Unauthorized|no basic auth|failed to authorize|unauthorized: authentication required|AccessDenied|status code "
            "401",
            PULL_ABOUT, PULL_REMEDY, "CannotPullContainerError: Error response from daemon: pull access denied for "
            ECR_HOST "/web, repository does not exist or may require 'docker login': denied: requested access to "
            "the resource is denied", .arns = ARNS_NONE),
        ROW("pull-role", ERROR_PULL, BY_ITSELF,
            "can't pull the image. Check that the role has the permissions|cannot pull the image. Check that the "
            "role", NULL, PULL_ABOUT, PULL_REMEDY,
            "The task can't pull the image. Check that the role has the permissions to pull images from the "
            "registry.", .arns = ARNS_NONE),
        ROW("pull-other", ERROR_PULL, BY_ITSELF, "CannotPull", NULL,
            "an image could not be pulled; the text does not say whether a permission is missing",
            "Check that the image exists and that the registry can be reached. If ECR refuses it, grant "
            "ecr:GetAuthorizationToken on \"*\", and ecr:BatchGetImage, ecr:GetDownloadUrlForLayer on the repository, to "
            "the execution role (to the instance role if there is none)",
            "CannotPullContainerError: API error (500): Get https://" ECR_HOST "/v2/: unexpected EOF",
            .arns = ARNS_NONE),

        /* Logs. */
        ROW("logs-no-group", ERROR_INIT, BY_ITSELF, LOGS, MISSING,
            "the log group does not exist; no permission is missing",
            "Create the log group, or set awslogs-create-group to true and grant logs:CreateLogGroup",
            "failed to initialize logging driver: failed to create Cloudwatch log stream: "
            "ResourceNotFoundException: The specified log group does not exist.", .arns = ARNS_NONE),
        ROW("logs-no-credentials", ERROR_INIT, BY_ITSELF, LOGS "|initialize logging driver",
            "NoCredentialProviders|no valid providers|no EC2 IMDS role found|EC2MetadataError|EC2RoleRequestError",
            "Docker found no credentials for CloudWatch Logs: neither an execution role nor an instance profile",
            "Set executionRoleArn in the task definition, or attach an instance profile with a role that is allowed to "
            "write logs", "failed to initialize logging driver: failed to create Cloudwatch log stream: "
            "NoCredentialProviders: no valid providers in chain", .arns = ARNS_NONE),
        ROW("logs-network", ERROR_INIT, BY_ITSELF, LOGS, NETWORK "|no such host|RequestError",
            "CloudWatch Logs was not reached; no permission is missing", INIT_NETWORK_REMEDY,
            "failed to initialize logging driver: failed to create Cloudwatch log stream: RequestError: send "
            "request failed caused by: Post https://logs.eu-west-1.amazonaws.com/: dial tcp: i/o timeout",
            .arns = ARNS_NONE),
        ROW("logs-options", ERROR_INIT, BY_ITSELF, "awslogs",
            "missing required|missing: |unknown log opt|must specify|invalid log",
            "an option of the log driver is missing or wrong; no permission is missing",
            "Correct logConfiguration in the task definition",
            "failed to initialize logging driver: unknown log opt 'awslogs-grup' for awslogs log driver",
            .arns = ARNS_NONE, .unless = "is not authorized|AccessDenied"),
        ROW("logs-denied", ERROR_INIT, BY_ITSELF,
            "failed to create Cloudwatch log|validate logger args|initialize logging driver", "AccessDenied|"
            "Cloudwatch|awslogs", LOGS_ABOUT, LOGS_REMEDY,
            "failed to initialize logging driver: failed to create Cloudwatch log stream: AccessDeniedException",
            .arns = ARNS_NONE),
        ROW("logs-other", ERROR_INIT, WITH_MARK, "failed to initialize logging driver", NULL,
            "the log driver of a container did not start",
            "See what the text says about the driver; awslogs acts with the execution role, or with the instance role if "
            "there is none",
            "CannotStartContainerError: failed to initialize logging driver: dial unix /run/fluent.sock",
            .arns = ARNS_NONE),

        /* Files and volumes. */
        ROW("efs-denied", ERROR_DENIED, WITH_MARK,
            "mount.nfs4: access denied by server|mount.nfs: access denied by server", NULL, "EFS refused the mount",
            "Grant elasticfilesystem:ClientMount (and ClientWrite, ClientRootAccess) on the file system to the task "
            "role, and check the file system policy, the access point and its transit encryption",
            "EFS utils: mount.nfs4: access denied by server while mounting 127.0.0.1:/", .arns = ARNS_NONE),
        ROW("efs-mount", ERROR_INIT, WITH_MARK,
            "failed to invoke EFS utils|EFS utils commands|mount.nfs4:|set up EFS volumes", NULL,
            "an EFS volume could not be mounted",
            "Check that a mount target exists in the task's zone, that its security group lets NFS (2049) in, and "
            "DNS; if the volume uses IAM, grant elasticfilesystem:ClientMount to the task role",
            "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: "
            "mount.nfs4: Connection reset by peer", .arns = ARNS_NONE),
        ROW("managed-instances", ERROR_INIT, BY_ITSELF, "Unable to launch instance(s) for capacity provider", NULL,
            "ECS could not launch an instance for a capacity provider",
            "See the rest of the text; ECS acts with the infrastructure role, which also needs iam:PassRole on the "
            "instance role", "ResourceInitializationError: Unable to launch instance(s) for capacity provider web."),
        ROW("bad-mount", ERROR_INIT, BY_ITSELF, "CannotStartContainerError|ContainerRuntimeError",
            "not a directory|executable file not found|no such file or directory|mounts denied|is not shared|bind "
            "source path", "the container itself failed to start; no permission is missing",
            "Correct command, entry point or mount points in the task definition",
            "CannotStartContainerError: OCI runtime create failed: exec: \"web\": executable file not found in $PATH",
            .arns = ARNS_NONE),

        /* Secrets, parameters, registry logins, environment files. */
        ROW("init-no-execution-role", ERROR_INIT, BY_ITSELF,
            "execution role credentials|No execution credentials set|execution credentials not found", NULL,
            NO_EXECUTION_ABOUT, NO_EXECUTION_REMEDY, "ssm secret resource: unable to find execution role credentials",
            .arns = ARNS_NONE),
        ROW("init-kms", ERROR_INIT, BY_ITSELF, INITS, "Access to KMS is not allowed|kms:Decrypt",
            "the execution role is not allowed to use the secret's KMS key",
            "Grant kms:Decrypt on the secret's key to the execution role, in the key policy, or in the role's policies if "
            "the key policy delegates to the account",
            "unable to retrieve secret from asm: AccessDeniedException: Access to KMS is not allowed"),
        ROW("init-missing", ERROR_INIT, BY_ITSELF, INITS, MISSING,
            "something that the task needs to start does not exist under this name; no permission is missing",
            "Correct the name, ARN, key or region in the task definition, or create it",
            "Fetching secret data from SSM Parameter Store in eu-west-1: invalid parameters: /web/password",
            .arns = ARNS_NONE, .unless = "AccessDenied|is not authorized"),
        ROW("init-json-key", ERROR_INIT, BY_ITSELF, INITS,
            "did not contain json key|invalid character|does not contain",
            "the secret has no such key; no permission is missing",
            "Correct the JSON key behind the secret's ARN in valueFrom",
            "ResourceInitializationError: unable to pull secrets or registry auth: retrieved secret from Secrets "
            "Manager did not contain json key password", .arns = ARNS_NONE),
        ROW("init-network", ERROR_INIT, BY_ITSELF, INITS, NETWORK "|RequestError: send request failed|no such host",
            INIT_NETWORK_ABOUT, INIT_NETWORK_REMEDY,
            "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval "
            "failed: unable to retrieve secrets from ssm: context deadline exceeded", .arns = ARNS_NONE,
            .unless = "AccessDenied|is not authorized"),
        ROW("init-registry-auth", ERROR_INIT, BY_ITSELF,
            "registry auth from asm|retrieve registry auth|ecr registry auth", NULL,
            "the execution role fetches the registry's login",
            "Check that the task reaches ECR or Secrets Manager, and grant ecr:GetAuthorizationToken on \"*\" (for "
            "repositoryCredentials: secretsmanager:GetSecretValue on the secret) to the execution role",
            "unable to retrieve ecr registry auth: service call has been retried 3 time(s)", .arns = ARNS_NONE),
        ROW("init-secrets", ERROR_INIT, BY_ITSELF, INITS, NULL, INIT_ABOUT, INIT_REMEDY,
            "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval "
            "failed: unable to retrieve secret from asm: service call has been retried 1 time(s)"),
};
const struct error_rows error_rows_start = { rows, ARRAY_SIZE(rows) };
