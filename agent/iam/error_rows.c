/*
 * Texts that name no principal, in the order in which they are looked for: what
 * failed first, then the credentials, then the bare denial.
 */
#include <string.h>
#include "error_parts.h"

#define LINKED_ABOUT "ECS found no service-linked role AWSServiceRoleForECS in the account, or could not assume it"
#define LINKED_REMEDY "aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com, by somebody with " \
        "iam:CreateServiceLinkedRole; after a first use trying again is enough"
#define SCHEDULER_ABOUT "ECS could not assume the service scheduler role (ecsServiceRole) that the service was " \
        "created with, or that role may not look at the load balancer"
#define SCHEDULER_REMEDY "Leave the role away, so that the service-linked role is used; or let ecs.amazonaws.com " \
        "(not ec2, not ecs-tasks) assume it and attach AmazonEC2ContainerServiceRole"
#define ASSUME_ABOUT "ECS could not assume the task role or the execution role that the text names"
#define ASSUME_REMEDY "Let ecs-tasks.amazonaws.com assume the role it names (trust policy; no condition on another " \
        "account or region), and see that the role is there"
#define INSTANCE_TRUST_ABOUT "EC2 could not assume the instance role"
#define INSTANCE_TRUST_REMEDY "Let ec2.amazonaws.com assume the instance role; it counts from its next refresh"
#define PULL_ABOUT "the execution role pulls images from ECR, or the instance role where the task definition names none"
#define PULL_REMEDY "Allow ecr:GetAuthorizationToken on \"*\" and ecr:BatchGetImage, ecr:GetDownloadUrlForLayer on " \
        "the repository to the execution role (to the instance role where there is none)"
#define AUTH_REMEDY "Allow secretsmanager:GetSecretValue on the secret of repositoryCredentials to the execution role"
#define INIT_ABOUT "secrets, parameters and files of a task are fetched with its execution role"
#define INIT_REMEDY "Give the task definition an execution role that may read what the text names " \
        "(secretsmanager:GetSecretValue, ssm:GetParameters, s3:GetObject, kms:Decrypt)"
#define LOGS_ABOUT "Docker writes to CloudWatch Logs with the execution role, or with the instance role where there is none"
#define LOGS_REMEDY "Allow logs:CreateLogStream and logs:PutLogEvents on the group and its streams (\"...:*\"), and " \
        "logs:CreateLogGroup where awslogs-create-group is true"
#define EXECUTION_REMEDY "Set executionRoleArn in the task definition"
#define EXEC_ABOUT "ECS Exec needs a task that was started with it, and an agent in the container that reaches SSM"
#define EXEC_REMEDY "Start the task with --enable-execute-command and allow ssmmessages:CreateControlChannel, " \
        "CreateDataChannel, OpenControlChannel, OpenDataChannel on \"*\" to the task role"
#define CLOCK_REMEDY "Set the clock: AWS refuses signatures that are more than five minutes off"

static const struct error_row rows[] = {
        /* ECS, about roles. */
        { ERROR_LINKED, "Unable to assume the service linked role", NULL, LINKED_ABOUT, LINKED_REMEDY },
        { ERROR_LINKED, "service linked role", "verify that", LINKED_ABOUT, LINKED_REMEDY },
        { ERROR_LINKED, "service linked role", "does not exist", LINKED_ABOUT, LINKED_REMEDY },
        { ERROR_LINKED, "service-linked role", "does not exist", LINKED_ABOUT, LINKED_REMEDY },
        { ERROR_LINKED, "service linked role", "missing", LINKED_ABOUT, LINKED_REMEDY },
        { ERROR_TRUST, "Unable to assume role and validate", NULL, SCHEDULER_ABOUT, SCHEDULER_REMEDY },
        { ERROR_TRUST, "unable to assume the role", NULL, ASSUME_ABOUT, ASSUME_REMEDY },
        { ERROR_TRUST, "SERVICE_TASK_CONFIGURATION_FAILURE", NULL, ASSUME_ABOUT, ASSUME_REMEDY },
        { ERROR_TRUST, "AssumeRoleUnauthorizedAccess", NULL, INSTANCE_TRUST_ABOUT, INSTANCE_TRUST_REMEDY },
        { ERROR_TRUST, "cannot be assumed by", NULL, "a service may not assume the role that the text names",
          "Name that service as Principal in the role's trust policy" },
        { ERROR_TRUST, "trust relationship", "assume", ASSUME_ABOUT, ASSUME_REMEDY },
        { ERROR_OTHER, "Role is not valid", NULL, "the ARN of the task role or execution role is malformed or empty",
          "Correct taskRoleArn or executionRoleArn in the task definition" },
        { ERROR_OTHER, "must also specify a value for 'executionRoleArn'", NULL, "a task definition with secrets "
          "needs an execution role", EXECUTION_REMEDY },
        { ERROR_OTHER, "requires task definition to have execution role", NULL, "the task definition has no "
          "execution role", EXECUTION_REMEDY },
        { ERROR_OTHER, "execute command was not enabled", NULL, EXEC_ABOUT, EXEC_REMEDY },
        { ERROR_OTHER, "TargetNotConnected", NULL, EXEC_ABOUT, EXEC_REMEDY },
        { ERROR_OTHER, "InstanceProfileNotFound", NULL, "the instance profile was deleted, or made anew under its old name",
          "Attach an instance profile that is there" },
        { ERROR_OTHER, "Instance Profile does not contain a role", NULL, "the role was taken out of the instance profile",
          "Put the role back: aws iam add-role-to-instance-profile" },

        /* A task's start: secrets, files, logs. */
        { ERROR_INIT, "execution role credentials", NULL, "the ECS agent has no keys of the execution role: the task "
          "definition names none, or ECS could not assume it",
          "Set executionRoleArn in the task definition; let ecs-tasks.amazonaws.com assume that role" },
        { ERROR_INIT, "ResourceInitializationError", NULL, INIT_ABOUT, INIT_REMEDY },
        { ERROR_INIT, "unable to pull secrets or registry auth", NULL, INIT_ABOUT, INIT_REMEDY },
        { ERROR_INIT, "fetching secret", NULL, INIT_ABOUT, INIT_REMEDY },
        { ERROR_INIT, "unable to retrieve secret", NULL, INIT_ABOUT, INIT_REMEDY },
        { ERROR_INIT, "unable to download env file", NULL, INIT_ABOUT, INIT_REMEDY },
        { ERROR_INIT, "unable to download s3 config", NULL, INIT_ABOUT, INIT_REMEDY },
        { ERROR_INIT, "firelens s3 config", NULL, INIT_ABOUT, INIT_REMEDY },
        { ERROR_INIT, "unable to initialize s3 client", NULL, INIT_ABOUT, INIT_REMEDY },
        { ERROR_INIT, "initialize logging driver", NULL, LOGS_ABOUT, LOGS_REMEDY },
        { ERROR_INIT, "failed to create Cloudwatch log", NULL, LOGS_ABOUT, LOGS_REMEDY },

        /* Images. */
        { ERROR_PULL, "CannotPullContainerAuthError", NULL, "the credentials of a private registry are a secret that the "
          "execution role reads", AUTH_REMEDY },
        { ERROR_PULL, "private registry credentials: not found", NULL, "the credentials of a private registry are a "
          "secret that the execution role reads", AUTH_REMEDY },
        { ERROR_PULL, "CannotPull", NULL, PULL_ABOUT, PULL_REMEDY },
        { ERROR_PULL, "ecr credentials: not found", NULL, PULL_ABOUT, PULL_REMEDY },
        { ERROR_PULL, "no basic auth credentials", NULL, "Docker asked the registry without logging in", PULL_REMEDY },
        { ERROR_PULL, "pull access denied", NULL, PULL_ABOUT, PULL_REMEDY },
        { ERROR_PULL, "pull the image", "role has the permissions", PULL_ABOUT, PULL_REMEDY },
        { ERROR_PULL, "Your authorization token has expired", NULL, "Docker's login at ECR has expired",
          "Log in again; the ECS agent does so by itself where it pulls with a role" },

        /* EC2 calls it AuthFailure, but the keys are good. */
        { ERROR_DENIED, "Not authorized for images", NULL, "the AMI is of the Marketplace or of another account",
          "Subscribe to the AMI, have its owner share it with the account, or name another one" },

        /* Credentials. */
        { ERROR_BAD, "Signature expired", NULL, "the clock of the caller is wrong", CLOCK_REMEDY },
        { ERROR_BAD, "Signature not yet current", NULL, "the clock of the caller is wrong", CLOCK_REMEDY },
        { ERROR_BAD, "RequestTimeTooSkewed", NULL, "the clock of the caller is wrong", CLOCK_REMEDY },
        { ERROR_EXPIRED, "ExpiredToken", NULL, NULL, NULL },
        { ERROR_EXPIRED, "token included in the request is expired", NULL, NULL, NULL },
        { ERROR_EXPIRED, "token has expired", NULL, NULL, NULL },
        { ERROR_EXPIRED, "credentials have expired", NULL, NULL, NULL },
        { ERROR_EXPIRED, "credentials", "expired", NULL, NULL },
        { ERROR_EXPIRED, "RequestExpired", NULL, NULL, NULL },
        { ERROR_BAD, "token included in the request is invalid", NULL, NULL, NULL },
        { ERROR_BAD, "InvalidClientTokenId", NULL, NULL, NULL },
        { ERROR_BAD, "UnrecognizedClient", NULL, NULL, NULL },
        { ERROR_BAD, "SignatureDoesNotMatch", NULL, NULL, NULL },
        { ERROR_BAD, "InvalidSignature", NULL, NULL, NULL },
        { ERROR_BAD, "signature we calculated", NULL, NULL, NULL },
        { ERROR_BAD, "IncompleteSignature", NULL, NULL, NULL },
        { ERROR_BAD, "AuthFailure", NULL, NULL, NULL },
        { ERROR_BAD, "validate the provided access credentials", NULL, NULL, NULL },
        { ERROR_BAD, "InvalidAccessKeyId", NULL, NULL, NULL },
        { ERROR_BAD, "Access Key Id you provided does not exist", NULL, NULL, NULL },
        { ERROR_BAD, "provided token is malformed", NULL, NULL, NULL },
        { ERROR_BAD, "Missing Authentication Token", NULL, "the request was not signed", NULL },
        { ERROR_BAD, "MissingAuthenticationToken", NULL, "the request was not signed", NULL },
        { ERROR_NONE, "Unable to locate credentials", NULL, NULL, NULL },
        { ERROR_NONE, "NoCredential", NULL, NULL, NULL },
        { ERROR_NONE, "no valid providers in chain", NULL, NULL, NULL },
        { ERROR_NONE, "no EC2 IMDS role found", NULL, NULL, NULL },
        { ERROR_NONE, "EC2MetadataError", NULL, NULL, NULL },
        { ERROR_NONE, "CredentialsProviderError", NULL, NULL, NULL },
        { ERROR_NONE, "Could not load credentials", NULL, NULL, NULL },
        { ERROR_NONE, "Missing credentials", NULL, NULL, NULL },
        { ERROR_NONE, "MissingCredentials", NULL, NULL, NULL },
        { ERROR_NONE, "Couldn't find AWS credentials", NULL, NULL, NULL },
        { ERROR_NONE, "without credentials", NULL, NULL, NULL },
        { ERROR_NONE, "CredentialsNotLoaded", NULL, NULL, NULL },
        { ERROR_NONE, "No valid credential source", NULL, NULL, NULL },
        { ERROR_NONE, "no providers in chain provided credentials", NULL, NULL, NULL },
        { ERROR_NONE, "Unable to load", "credentials", NULL, NULL },
        { ERROR_NONE, "Unable to get IAM security credentials", NULL, NULL, NULL },
        { ERROR_NONE, "Error retrieving credentials", NULL, NULL, NULL },
        { ERROR_NONE, "refresh cached credentials", NULL, NULL, NULL },
        { ERROR_NONE, "no credentials", NULL, NULL, NULL },
        { ERROR_NONE, "credentials", "could not be found", NULL, NULL },
        { ERROR_NONE, "fail", "retrieve credentials", NULL, NULL },
        { ERROR_NONE, "fail", "get credentials", NULL, NULL },

        /* A denial that names nobody. */
        { ERROR_DENIED, "Encoded authorization failure message", NULL, "who and what is in the encoded message",
          "aws sts decode-authorization-message, by somebody with sts:DecodeAuthorizationMessage" },
        { ERROR_DENIED, "not authorized to perform", NULL, NULL, NULL },
        { ERROR_DENIED, "missing the following permissions:", NULL, NULL, "Add what it names to the policies of the caller" },
        { ERROR_DENIED, "not has permission ", NULL, NULL, NULL },
        { ERROR_DENIED, "have permission to call ", NULL, NULL, NULL },
        { ERROR_DENIED, "Access to the resource", "is denied", NULL, NULL },
        { ERROR_DENIED, "customer master key that does not exist", NULL, "a KMS key is not there, in another region, or "
          "may not be used", "Allow kms:Decrypt on the key in the key policy, or in the role's where the key policy leaves "
          "it to the account" },
        { ERROR_DENIED, "Access to KMS is not allowed", NULL, "a secret's KMS key may not be used",
          "Allow kms:Decrypt on the secret's key" },
        { ERROR_DENIED, "UnauthorizedOperation", NULL, NULL, NULL },
        { ERROR_DENIED, "AuthorizationError", NULL, NULL, NULL },
        { ERROR_DENIED, "AccessDenied", NULL, NULL, NULL },
        { ERROR_DENIED, "Access Denied", NULL, NULL, NULL },
        { ERROR_DENIED, "not authorized", NULL, NULL, NULL },
        { ERROR_DENIED, "403 Forbidden", NULL, NULL, NULL },
        { ERROR_DENIED, "status code: 403", NULL, NULL, NULL },
};

const struct error_row *error_row_of(const char *text)
{
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
                if (strcasestr(text, rows[i].text) && (!rows[i].also || strcasestr(text, rows[i].also)))
                        return &rows[i];
        return NULL;
}
