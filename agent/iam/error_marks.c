/*
 * Marks of AWS: what only a text of AWS, of ECS or of an SDK contains. Bare words such as
 * "Access Denied" count only beside one of them: mail servers, databases, Git and web
 * applications say the same words every day.
 */
#include <ctype.h>
#include "error_parts.h"

const char *const error_marks[] = {
        /* Names of things. */
        "arn:aws", "amazonaws.com", ".api.aws", "public.ecr.aws", "s3://", "s3a://", "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_CONTAINER_", "AWS_WEB_IDENTITY", "AWS_PROFILE",
        ".aws/credentials", ".aws/config", "AWS credential", "AWS account", "AWS provider", "AWS error", "AWS IAM",
        "IAM role", "IAM user", "IAM polic", "IAM security credential", "IAM credential", "AssumeRole",
        "GetSessionToken", "GetCallerIdentity", "GetFederationToken", "Lambda function", "MSK cluster",
        "AWS EventBridge", "AWS Lambda", "AWS Batch", "AWS Glue", "AWS Backup", "AWS Step Functions", "AWS KMS",
        "AWS Secrets Manager", "AWS Systems Manager", "AWS CodeBuild", "AWS Fargate", "AWS Data Exchange",
        "AWS Organizations", "AWS Marketplace", "Amazon DynamoDB", "Amazon Kinesis", "Amazon Athena", "Amazon Redshift",
        "Amazon SageMaker", "Amazon CloudWatch", "Amazon SQS", "Amazon SNS", "Amazon SES", "Amazon EventBridge",
        "Amazon Bedrock", "Amazon OpenSearch", "Amazon RDS", "Amazon EKS", "Amazon EC2", "Amazon EFS", "Amazon MSK",
        /* Endpoints. */
        "169.254.169.254", "169.254.170.2", "fd00:ec2::", "EC2Metadata", "EC2 metadata", "EC2 instance metadata",
        "EC2RoleProvider", "instance metadata service", "instance profile", "container metadata service",
        /* SDKs, by the words around their errors. */
        "when calling the", "operation error", "https response error", "api error AccessDenied", "(Service: ",
        "; Error Code: ", "status code: 400, request id", "status code: 401, request id",
        "status code: 403, request id", "botocore", "boto3", "awscli", "software.amazon.awssdk", "com.amazonaws",
        "com.amazon.coral", "aws-sdk", "aws_sdk", "aws_config", "aws_credential", "aws_client", "smithy",
        "Amazon.Runtime", "Aws::", "Aws\\", "ExAws", "aws-actions", "Amazon S3", "AmazonS3", "AmazonSQS", "AmazonSNS",
        "AmazonEC2", "AmazonECS", "AmazonECR", "AmazonDynamoDB", "AmazonKinesis", "AmazonService", "AmazonClient",
        "AWSSecurityToken", "AWSSecrets", "AWSClient", "AWSLogs", "AWSKMS", "S3Exception", "s3aws",
        "S3ServiceException", "S3Error", "SqsException", "SnsException", "StsException", "DynamoDbException",
        "KmsException", "SdkClientException", "x-amz-", "x-amzn-", "X-Amz-", "<HostId>", "extendedRequestId",
        "\"cfId\"", "$fault", "$metadata", "awslogs", "terraform-provider-aws", "aws_s3_", "aws_iam_", "aws_ecs_",
        "aws_lambda_", "aws_instance", "Fn::", "AWS::", "RequestToken:", "eventSource", "EFS utils", "EFS volume",
        /* ECS. */
        "CannotPull", "CannotStartContainerError", "ResourceInitializationError", "ECS was unable", "Amazon ECS",
        "amazon-ecs", "ecs-agent", "Amazon ECR", "TaskChange", "Unexpected EC2 error",
        "output:cloudwatch", "output:s3", "output:kinesis",
        "output:firehose", "amazon-ssm-agent", "SSM Agent",
};
const size_t n_error_marks = ARRAY_SIZE(error_marks);

/* Hosts that run a program of a user or a database: who is refused there is refused by that program. */
static const char *const others[] = {
        ".rds.", ".cache.", ".elb.", ".compute.", ".compute-1.", ".kafka.", ".mq.", ".redshift.", ".docdb.",
        ".neptune.",
};
#define HOST_BYTES 256

static bool of_host(char c)
{
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

bool error_mark_counts(const char *text, const char *mark, size_t len)
{
        const char *s = mark;

        if (len < 13 || strncasecmp(mark, "amazonaws.com", 13) != 0)
                return true;
        while (s > text && mark - s < HOST_BYTES && of_host(s[-1]))
                s--;
        for (size_t i = 0; i < ARRAY_SIZE(others); i++)
                if (memmem(s, (size_t)(mark - s), others[i], strlen(others[i])))
                        return false;
        return true;
}

#define SERVICE_BYTES 48

bool error_is_action_at(const char *text, const char *colon)
{
        size_t n = 0, capitals = 0;
        const char *s = colon;

        while (s > text && n < SERVICE_BYTES && (isalnum((unsigned char)s[-1]) || s[-1] == '-'))
                s--, n++;
        if (!n || n == SERVICE_BYTES || !isupper((unsigned char)colon[1]))
                return false;
        for (const char *c = colon + 1; isalnum((unsigned char)*c) && c - colon < SERVICE_BYTES; c++)
                capitals += isupper((unsigned char)*c) != 0;
        if (capitals < 2 || !islower((unsigned char)colon[2]))
                return false;
        return iam_service_known(s);
}
