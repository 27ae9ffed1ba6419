/*
 * Denials without the sentence that names a principal. Bare words count only beside a mark
 * of AWS; AWS's own codes only in the exact form in which SDKs and services write them.
 */
#include "error_parts.h"

#define LAKE_REMEDY "Grant the principal the table or database in Lake Formation (aws lakeformation " \
        "grant-permissions); an IAM policy alone does not help"

static const struct error_row rows[] = {
        ROW("encoded-message", ERROR_DENIED, BY_ITSELF, "Encoded authorization failure message", NULL,
            "the encoded message says who was denied what",
            "Run aws sts decode-authorization-message with an identity that is allowed sts:DecodeAuthorizationMessage",
            "You are not authorized to perform this operation. Encoded authorization failure message: 4wOzDpGs"),
        ROW("api-gateway-deny", ERROR_DENIED, BY_ITSELF,
            "not authorized to access this resource with an explicit deny", NULL,
            "API Gateway refused the request: the API's authorizer or its resource policy answered with a Deny",
            "Change what the API's authorizer returns, or the API's resource policy: the caller's own policies are not "
            "evaluated", "{\"Message\":\"User is not authorized to access this resource with an explicit deny\"}"),
        ROW("explicit-deny", ERROR_DENIED, BY_ITSELF,
            "with an explicit deny in a|with an explicit deny in the|explicit deny in a service control policy", NULL,
            NULL, NULL, "AccessDenied ... s3:PutObject ... with an explicit deny in a service control policy"),
        ROW("no-allow", ERROR_DENIED, BY_ITSELF,
            "because no identity-based polic|because no resource-based polic|because no permissions boundar|because "
            "no session polic|because no VPC endpoint polic|because no service control polic|because no resource "
            "control polic|because no role trust polic", NULL, NULL, NULL,
            "AccessDenied ... because no session policy allows the s3:PutObject action"),
        ROW("api-gateway", ERROR_DENIED, WITH_MARK, "not authorized to access this resource", NULL,
            "API Gateway refused the request", "Check the API's authorizer and its resource policy",
            "x-amzn-ErrorType: AccessDeniedException: User is not authorized to access this resource"),
        ROW("cloudformation-handler", ERROR_DENIED, BY_ITSELF, "HandlerErrorCode: AccessDenied", NULL,
            "a call that CloudFormation made for a resource of the stack was denied",
            "Find the call in CloudTrail (errorCode AccessDenied, sourceIPAddress cloudformation.amazonaws.com): it has "
            "the role and the action. CloudFormation acts as the stack's role, or as the caller if the stack has none",
            "Access denied for operation 'AWS::ECS::Service'. (RequestToken: 1, HandlerErrorCode: AccessDenied)",
            .unless = "LakeFormation|Marketplace|execution role does not have"),
        ROW("api-gateway-forbidden", ERROR_DENIED, BY_ITSELF, "x-amzn-ErrorType: ForbiddenException", NULL,
            "API Gateway refused the request before any policy of the caller was evaluated, or does not know its host",
            "Check the API key (x-api-key), the host and stage of the URL, AWS WAF, and the API's resource policy",
            "HTTP/1.1 403 Forbidden x-amzn-ErrorType: ForbiddenException {\"message\":\"Forbidden\"}", .arns = ARNS_NONE),
        ROW("opensearch", ERROR_DENIED, WITH_MARK, "no permissions for [", "User [name=",
            "the OpenSearch domain knows the role and refuses it by its own rules",
            "Map the role to a role of the domain (role mapping, backend_roles): an IAM policy does not help",
            "no permissions for [indices:data/write/bulk] and User "
            "[name=arn:aws:iam::111122223333:role/webTaskRole, backend_roles=[], requestedTenant=null]",
            .arns = ARNS_ROLE_ACTS),
        ROW("lake-formation", ERROR_DENIED, BY_ITSELF,
            "Principal does not have any privilege|Insufficient Lake Formation permission|vending credential from "
            "Lakeformation", NULL,
            "Lake Formation refused the query", LAKE_REMEDY,
            "Insufficient Lake Formation permission(s): Required Select on orders", .arns = ARNS_NONE),
        ROW("lake-formation-code", ERROR_DENIED, BY_ITSELF, "services.lakeformation|LakeFormation",
            "Access is not allowed", "Lake Formation refused the call",
            "Grant lakeformation:GetDataAccess to the caller, and grant it the table or database in Lake Formation "
            "(aws lakeformation grant-permissions)",
            "software.amazon.awssdk.services.lakeformation.model.AccessDeniedException: Access is not allowed. "
            "(Service: LakeFormation, Status Code: 400)", .arns = ARNS_NONE),
        ROW("bedrock-model", ERROR_DENIED, WITH_MARK,
            "have access to the model with the specified model ID|Your account is not authorized to invoke this API",
            NULL, "the account has no access to the model in this region",
            "Request access to the model in Bedrock, in this account and region; check the model ID. If the account has "
            "it, grant bedrock:InvokeModel on the model to the caller",
            "An error occurred (AccessDeniedException) when calling the InvokeModel operation: You don't have access "
            "to the model with the specified model ID.", .arns = ARNS_NONE),
        ROW("role-no-permission", ERROR_DENIED, BY_ITSELF, "does not give you permission to perform operations", NULL,
            "the role that the text names lacks permissions for the service that it names",
            "Attach the policy that the service's guide names to that role (for CodeDeploy and ECS: "
            "AWSCodeDeployRoleForECS)",
            "The IAM role arn:aws:iam::111122223333:role/webDeployRole does not give you permission to perform "
            "operations in the following AWS service: AmazonEC2.", .arns = ARNS_ROLE_ACTS),
        ROW("role-no-call", ERROR_DENIED, BY_ITSELF, "role does not have permissions to call", NULL,
            "the role that a service was given is not allowed to make the call that the text names",
            "Grant that call to the execution role of the function; for network interfaces attach "
            "AWSLambdaVPCAccessExecutionRole",
            "The provided execution role does not have permissions to call ReceiveMessage on SQS"),
        ROW("role-managed-rule", ERROR_DENIED, BY_ITSELF, "is not authorized to create managed-rule", NULL,
            "the state machine's role is not allowed to create the rule that the step needs",
            "Grant events:PutRule, events:PutTargets and events:DescribeRule, on the rule that the step's guide names, to "
            "that role",
            "AccessDeniedException: 'arn:aws:iam::111122223333:role/webStatesRole' is not authorized to create "
            "managed-rule.", .arns = ARNS_ROLE_ACTS),
        ROW("role-insufficient", ERROR_DENIED, WITH_MARK,
            "does not have permission|do not have permission|does not have the required permission|does not have "
            "sufficient permission|insufficient permissions|Insufficient privileges|lacks permission|doesn't have "
            "permission|don't have permission|missing permission|don't have the required permission|does not have "
            "privileges|access has been denied by|not have the necessary permission|insufficient IAM|ensure the role "
            "can perform", NULL,
            "a service says that a role or caller lacks a permission",
            "Add the permission to the role or caller that the text names. If it names none, that is the service role "
            "of the resource, or the role that `rolewatch check` shows for the process",
            "An error occurred (InvalidRequest) when calling the StartTask operation: The role "
            "arn:aws:iam::111122223333:role/webRole does not have permission to read the bucket.",
            .unless = "MySQL|SQLSTATE|postgres"),
        ROW("assume-failed", ERROR_DENIED, BY_ITSELF, "credentials could not be used to assume", NULL,
            "the current credentials are not allowed to assume the role that the text names",
            "Grant sts:AssumeRole on that role to the caller, and name the caller in its trust policy (CDK: "
            "bootstrap the account with --trust)",
            "current credentials could not be used to assume 'arn:aws:iam::111122223333:role/cdk-web-deploy-role', "
            "but are for the right account. Proceeding anyway."),
        ROW("block-public-access", ERROR_DENIED, BY_ITSELF,
            "BlockPublicAcls setting|BlockPublicPolicy setting|public access is prevented by", NULL,
            "S3 Block Public Access forbids it",
            "Keep the ACL or policy private. If the data must be public, turn that setting off for the bucket and "
            "the account", "AccessDenied: because public access is prevented by the BlockPublicAcls setting in S3 Block "
            "Public Access"),
        ROW("s3-disabled", ERROR_DENIED, BY_ITSELF, "AllAccessDisabled|All access to this object has been disabled",
            NULL, "S3 has disabled all access to this name: usually it is a wrong or reserved bucket name",
            "Correct the bucket's "
            "name", "AllAccessDisabled: All access to this object has been disabled"),
        ROW("cannot-access-kms", ERROR_DENIED, BY_ITSELF,
            "Access to KMS is not allowed|customer master key that does not exist|KMSAccessDenied|KMS.AccessDenied|"
            "KMS key access denied", NULL, "a KMS key does not exist, is in another region, or is not allowed to the "
            "caller",
            "Grant kms:Decrypt (for writing: kms:GenerateDataKey) on the key, in its key policy, or in the role's "
            "policies if the key policy delegates to the account",
            "AccessDeniedException: The ciphertext refers to a customer master key that does not exist, does not "
            "exist in this region, or you are not allowed to access."),
        ROW("kms-for-service", ERROR_DENIED, WITH_MARK,
            "specified KMS key does not exist or is not allowed to be used", NULL,
            "the service is not allowed to use the KMS key that it was given",
            "In the key policy, allow the service (for log groups: logs.REGION.amazonaws.com) kms:Encrypt, Decrypt, "
            "ReEncrypt*, GenerateDataKey*, DescribeKey; check the key's region",
            "api error AccessDeniedException: The specified KMS key does not exist or is not allowed to be used "
            "with LogGroup"),
        ROW("marketplace", ERROR_DENIED, WITH_MARK, "required AWS Marketplace actions", NULL,
            "the model or product needs a subscription in AWS Marketplace",
            "Have someone with aws-marketplace:Subscribe and ViewSubscriptions subscribe the account; after that the "
            "role needs no Marketplace permission",
            "An error occurred (AccessDeniedException) when calling the InvokeModel operation: Model access is "
            "denied: not authorized to perform the required AWS Marketplace actions", .arns = ARNS_NONE),
        ROW("missing-permissions", ERROR_DENIED, WITH_MARK,
            "missing the following permissions:|API: |not has permission |have permission to call ",
            "User: arn|missing the following permissions:|not has permission|have permission to call", NULL,
            "Add what the text names to the policies of the caller",
            "The role is missing the following permissions: elasticloadbalancing:DescribeTargetHealth"),
        ROW("sqs-old", ERROR_DENIED, WITH_MARK, "Access to the resource http|Access to the resource arn:aws",
            "is denied", NULL,
            NULL,
            "Access to the resource https://sqs.eu-west-1.amazonaws.com/111122223333/orders is denied."),
        ROW("service-reads-s3", ERROR_DENIED, BY_ITSELF,
            "InvalidS3ObjectException|Unable to get object metadata from S3|Unable to verify/create output bucket|S3 URI "
            "that you provided can't be accessed|Could not access model data|Permission denied on S3 path", NULL,
            "the service could not read or write an S3 object that it accesses with the caller's permissions",
            "Check the name, the key and the region first; then allow the caller, or the role that the text names, "
            "s3:GetObject (for output s3:GetBucketLocation, s3:ListBucket and s3:PutObject), and kms:Decrypt where the "
            "object is encrypted",
            "An error occurred (InvalidS3ObjectException) when calling the DetectLabels operation: Unable to get object "
            "metadata from S3. Check object key, region and/or access permissions.", .arns = ARNS_NONE),
        ROW("load-balancer-logs", ERROR_DENIED, BY_ITSELF, "Access Denied for bucket:", NULL,
            "the load balancer is not allowed to write its logs to the bucket",
            "In the bucket's policy, grant s3:PutObject on the log prefix to Elastic Load Balancing (Principal: "
            "logdelivery.elasticloadbalancing.amazonaws.com, in older regions its account); the bucket must be in the "
            "load balancer's region and use SSE-S3", "Access Denied for bucket: web-logs. Please check S3bucket "
            "permission", .arns = ARNS_NONE),
        ROW("rds-iam-token", ERROR_DENIED, BY_ITSELF, "IAM authentication failed for the role", NULL,
            "the database proxy did not accept the IAM token of the connection",
            "Create the token for this host, port and user, at most 15 minutes before the connection; grant "
            "rds-db:connect on the database user to the role that creates it",
            "The IAM authentication failed for the role web. Check the IAM token for this role and try again.",
            .arns = ARNS_NONE),
        ROW("logs-invoke", ERROR_DENIED, BY_ITSELF,
            "given CloudWatch Logs permission to execute your function|Could not deliver test message to specified",
            NULL, "CloudWatch Logs is not allowed to deliver to the destination",
            "Allow logs.amazonaws.com to invoke the function (aws lambda add-permission), or give the subscription a role "
            "that is allowed to write to the stream",
            "Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute "
            "your function."),
        ROW("template-s3", ERROR_DENIED, WITH_MARK, "S3 error: Access Denied|S3 error: Forbidden", NULL,
            "CloudFormation could not read the template: it reads it from S3 with the caller's permissions",
            "Grant s3:GetObject on the template's object to the caller; check the bucket's name and region",
            "An error occurred (ValidationError) when calling the CreateStack operation: S3 error: Access Denied",
            .arns = ARNS_NONE),
        ROW("ec2-denied", ERROR_DENIED, BY_ITSELF, CODE_FORMS("UnauthorizedOperation") "|UnauthorizedOperation: You "
            "are not authorized|Client.UnauthorizedOperation|You are not authorized to use launch template", NULL, NULL,
            NULL,
            "UnauthorizedOperation: You are not authorized to perform this operation."),
        ROW("sns-denied", ERROR_DENIED, BY_ITSELF, CODE_FORMS("AuthorizationError") "|AuthorizationErrorException: "
            "User|AuthorizationError: User", NULL, NULL, NULL,
            "An error occurred (AuthorizationError) when calling the Publish operation"),
        ROW("code-denied", ERROR_DENIED, BY_ITSELF, CODE_FORMS("AccessDenied"), NULL, NULL, NULL,
            "An error occurred (AccessDenied) when calling the GetObject operation: Access Denied",
            .unless = "java.nio.file|springframework|Symfony|ServiceAccessDenied"),
        ROW("appsync", ERROR_DENIED, BY_ITSELF, "appsync.amazonaws.com|AppSync", "UnauthorizedException|Unauthorized",
            "an AppSync API refused the request by its own authorization",
            "Check the API's authorization mode and its @auth rules or resolvers; with IAM, grant appsync:GraphQL on the "
            "API's types to the caller", "AppSync: {\"errors\":[{\"errorType\":\"UnauthorizedException\"}]}",
            .arns = ARNS_NONE, .unless = "is not authorized to perform"),
        ROW("cloudtrail", ERROR_DENIED, BY_ITSELF,
            "\"errorCode\": \"AccessDenied|\"errorCode\":\"AccessDenied|\"errorCode\": "
            "\"Client.UnauthorizedOperation|\"errorCode\":\"Client.UnauthorizedOperation", "\"errorMessage", NULL,
            "See userIdentity in the event for the caller, and grant it the action that eventSource and eventName "
            "form", "{\"errorCode\": \"AccessDenied\", \"errorMessage\": \"Access Denied\"}"),
        ROW("code-denied-s3", ERROR_DENIED, BY_ITSELF,
            "AccessDenied: Access Denied|AccessDenied: AccessDenied|AccessDenied: Forbidden|AccessDenied: Access to "
            "the resource|AccessDenied (client)|AccessDeniedException (client)|Not authorized to set roleSessionName",
            NULL, NULL, NULL, "AccessDenied: Access Denied", .unless = "odoo|openerp"),
        ROW("redshift-copy", ERROR_DENIED, BY_ITSELF,
            "S3ServiceException:Access Denied|S3ServiceException: Access Denied", NULL,
            "the database's role is not allowed to read the bucket",
            "Grant s3:GetObject and s3:ListBucket on the bucket to the role that COPY or UNLOAD names",
            "S3ServiceException:Access Denied,Status 403,Error AccessDenied"),

        /* Words of everybody, beside a mark. */
        ROW("words-perform", ERROR_DENIED, WITH_MARK,
            "not authorized to perform|not authorized to make this call|isn't authorized to perform|not allowed to "
            "perform|not authorized to call|isn't authorized to call", NULL, NULL, NULL,
            "AssumeRole: not authorized to perform sts:AssumeRole"),
        ROW("words-code", ERROR_DENIED, WITH_MARK,
            "AccessDenied|NotAuthorizedException|ForbiddenException|UnauthorizedException|UnauthorizedOperation|"
            "AuthorizationError|ACCESS_DENIED|Errors::Forbidden|Exception: Forbidden|error Forbidden|Forbidden: Forbidden",
            NULL, NULL,
            NULL, "S3Exception: AccessDenied (s3:GetObjectAcl)",
            .unless = "springframework|Symfony|ServiceAccessDenied"),
        ROW("words-denied", ERROR_DENIED, WITH_MARK,
            "Access Denied|Access is denied|not authorized to|is not authorized|are not authorized", NULL, NULL, NULL,
            "AmazonS3Exception: Access Denied",
            .unless = "Access denied for user|using password|SQLSTATE|springframework|jdbc|SASL authentication"),
        ROW("words-403", ERROR_DENIED, WITH_MARK,
            "403 Forbidden|status code: 403|Status Code: 403|StatusCode: 403|returned error: 403|HTTP 403|Forbidden "
            "(Service|An error occurred (403)|:code=>403|HTTP status=403|status code 403|(HTTP 403)", NULL,
            "AWS answered with status 403 and said no more", NULL,
            "HTTP/1.1 403 Forbidden Server: AmazonS3"),
};
const struct error_rows error_rows_denied = { rows, ARRAY_SIZE(rows) };
