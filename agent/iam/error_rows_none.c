/*
 * No credentials were found: the words of the SDKs and of tools with a chain of their own.
 * Sources: the SDKs' own releases; amazon-ecs-agent (the answers of its credentials endpoint).
 */
#include "error_parts.h"

#define BARE_ABOUT "the SDK called the container endpoint without a credentials ID: this process has no " \
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
#define BARE_REMEDY "Let the process inherit AWS_CONTAINER_CREDENTIALS_RELATIVE_URI (php-fpm: clear_env = no, or " \
        "env[...]); if the task definition has no task role, set one"
#define ID_ABOUT "the ECS agent does not know the credentials ID that the process requested: the ID belongs to a " \
        "stopped task, was copied, or the agent has just started"
#define ID_REMEDY "Do not set AWS_CONTAINER_CREDENTIALS_RELATIVE_URI yourself: ECS sets it for each task; restart " \
        "the task after its role was set"
#define HOST_ABOUT "the SDK refuses the host in AWS_CONTAINER_CREDENTIALS_FULL_URI"
#define HOST_REMEDY "In an ECS task, remove AWS_CONTAINER_CREDENTIALS_FULL_URI (it belongs to EKS or to a sidecar). " \
        "Elsewhere, use an SDK release that accepts the host"
#define HALF_ABOUT "only one half of a key pair was found, which ends the search"
#define HALF_REMEDY "Remove the half pair from the environment or file that the text names, so that the task role " \
        "is used; or set both"
#define IMDS_ABOUT "the SDK reached the end of its credential chain, the instance metadata service, and got no " \
        "credentials there"
#define IMDS_REMEDY "Find out why the task role was not used (`rolewatch explain PID`): there is no task role, or " \
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI was lost. Outside ECS, attach an instance profile; for a container, " \
        "also raise the hop limit"
#define NO_IMDS_ABOUT "the instance metadata service is blocked for this task, and no earlier step of the SDK's " \
        "chain found credentials"
#define PROFILE_ABOUT "the profile that the process names does not exist or has no credentials"
#define PROFILE_REMEDY "Remove AWS_PROFILE, so that the task role is used; or add the profile to the files in the " \
        "container"
#define POD_ABOUT "the agent of EKS Pod Identity returned no credentials; ECS has no such agent"
#define POD_REMEDY "See the log of eks-pod-identity-agent on the node. In an ECS task, remove " \
        "AWS_CONTAINER_CREDENTIALS_FULL_URI, so that the task role is used"
#define TERRAFORM_REMEDY "See which credentials the process should use (`rolewatch explain PID`); where the " \
        "provider's block names a profile or a role, check that"

static const struct error_row rows[] = {
        /* What the container endpoint answered, or was asked. */
        ROW("endpoint-bare", ERROR_NONE, BY_ITSELF,
            "GET http://169.254.170.2`|GET http://169.254.170.2/`|http://169.254.170.2 resulted|"
            "http://169.254.170.2/ resulted", NULL, BARE_ABOUT, BARE_REMEDY,
            "Error retrieving credential from ECS (Client error: `GET http://169.254.170.2` resulted in a `404 Not "
            "Found` response: 404 page not found )", .arns = ARNS_NONE),
        ROW("endpoint-id", ERROR_NONE, BY_ITSELF,
            "InvalidIdInRequest|CredentialsV2Request:|CredentialsV1Request:|NoIdInRequest", NULL, ID_ABOUT, ID_REMEDY,
            "{\"code\":\"InvalidIdInRequest\",\"message\":\"CredentialsV2Request: ID not "
            "found\",\"HTTPErrorCode\":400}", .arns = ARNS_NONE),
        ROW("endpoint-host", ERROR_NONE, BY_ITSELF,
            "only loopback hosts are allowed|has an invalid host. Host can only be|only loopback/ecs/eks hosts are "
            "allowed|not a valid container metadata service hostname|Can only retrieve metadata from|invalid full "
            "URI for ECS provider", NULL, HOST_ABOUT, HOST_REMEDY,
            "invalid endpoint host, \"169.254.170.23\", only loopback hosts are allowed", .arns = ARNS_NONE),
        ROW("endpoint-unset", ERROR_NONE, BY_ITSELF,
            "neither AWS_CONTAINER_CREDENTIALS_FULL_URI|container metadata service cannot be used unless|ECS "
            "provider not configured", NULL, "neither variable of the container endpoint is set in this process",
            BARE_REMEDY, "The container metadata service cannot be used unless the "
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or AWS_CONTAINER_CREDENTIALS_FULL_URI environment variable is "
            "set", .arns = ARNS_NONE),
        ROW("pod-identity", ERROR_NONE, BY_ITSELF,
            "169.254.170.23/v1/credentials|[fd00:ec2::23]/v1/credentials|to pod identity agent failed|fetch "
            "credentials from EKS Auth", "fail|deadline exceeded|refused|timeout|timed out|unable to|cancel|error",
            POD_ABOUT, POD_REMEDY, "HTTP request to pod identity agent failed: Get "
            "\"http://169.254.170.23/v1/credentials\": context deadline exceeded", .arns = ARNS_NONE,
            .unless = "AccessDenied|is not authorized|only loopback"),
        ROW("imds-blocked", ERROR_NONE, BY_ITSELF,
            "EINVAL 169.254.169.254|connect(2) for 169.254.169.254|connect EINVAL", NULL, NO_IMDS_ABOUT, IMDS_REMEDY,
            "Invalid argument - connect(2) for 169.254.169.254:80 (Errno::EINVAL)", .arns = ARNS_NONE),

        /* botocore. */
        ROW("boto3-half-pair", ERROR_NONE, BY_ITSELF, "Partial credentials found in|PartialCredentialsError", NULL,
            HALF_ABOUT, HALF_REMEDY,
            "botocore.exceptions.PartialCredentialsError: Partial credentials found in env, missing: "
            "AWS_SECRET_ACCESS_KEY", .arns = ARNS_NONE),
        ROW("boto3-none", ERROR_NONE, BY_ITSELF, "Unable to locate credentials|NoCredentialsError|NoCredentialError",
            NULL, NULL, NULL, "botocore.exceptions.NoCredentialsError: Unable to locate credentials",
            .arns = ARNS_NONE),
        ROW("boto3-metadata", ERROR_NONE, BY_ITSELF,
            "MetadataRetrievalError|Error retrieving metadata: Received|Error when retrieving credentials from|"
            "CredentialRetrievalError", NULL, "an endpoint or a process that supplies credentials failed", NULL,
            "botocore.exceptions.MetadataRetrievalError: Error retrieving metadata: Received non 200 response (500) "
            "from container metadata", .arns = ARNS_NONE),
        ROW("boto3-profile", ERROR_NONE, BY_ITSELF, "The config profile (|botocore.exceptions.ProfileNotFound", NULL,
            PROFILE_ABOUT, PROFILE_REMEDY,
            "botocore.exceptions.ProfileNotFound: The config profile (web) could not be found", .arns = ARNS_NONE),
        ROW("boto3-loop", ERROR_NONE, BY_ITSELF, "Infinite loop in credential configuration", NULL,
            "profiles refer to each other in a loop", "Correct source_profile in the configuration file",
            "Infinite loop in credential configuration detected. Attempting to load from profile web which has "
            "already been visited.", .arns = ARNS_NONE),
        ROW("boto2-none", ERROR_NONE, BY_ITSELF, "No handler was ready to authenticate|NoAuthHandlerFound", NULL,
            "boto 2 has no provider for the container endpoint", "Replace boto with boto3",
            "boto.exception.NoAuthHandlerFound: No handler was ready to authenticate.", .arns = ARNS_NONE),

        /* JavaScript. */
        ROW("js2-none", ERROR_NONE, BY_ITSELF,
            "Missing credentials in config|ECSCredentialsProviderFailure|EC2 Metadata roleName request|EC2 Metadata "
            "token request", NULL, NULL, NULL,
            "CredentialsError: Missing credentials in config, if using AWS_CONFIG_FILE, set AWS_SDK_LOAD_CONFIG=1",
            .arns = ARNS_NONE),
        ROW("js3-none", ERROR_NONE, BY_ITSELF,
            "CredentialsProviderError|Could not load credentials from any providers|Could not load credentials from "
            "Chain|Could not load credentials from Token|Could not load credentials from Shared|Could not resolve "
            "credentials using profile|Resolved credential object is not valid|Error response received from instance "
            "metadata|Error response received from container metadata", NULL, NULL, NULL,
            "CredentialsProviderError: Could not load credentials from any providers", .arns = ARNS_NONE),
        ROW("js3-credential", ERROR_NONE, WITH_MARK, "Credential is missing|CredentialsError", NULL, NULL, NULL,
            "Error: Credential is missing at SignatureV4.credentialProvider "
            "(/app/node_modules/@aws-sdk/middleware-signing)", .arns = ARNS_NONE),

        /* Go. */
        ROW("go1-none", ERROR_NONE, BY_ITSELF, "NoCredentialProviders|no valid providers in chain", NULL, NULL, NULL,
            "NoCredentialProviders: no valid providers in chain. Deprecated.", .arns = ARNS_NONE),
        ROW("sts-network", ERROR_NONE, WITH_MARK, "WebIdentityErr:|AssumeRoleWithWebIdentity",
            "dial tcp|i/o timeout|no such host|context deadline exceeded|connection refused|Connect timeout",
            "STS was not reached, so no session could begin; no permission is missing",
            "Give the process a route to STS: NAT, or a VPC endpoint for sts and its regional endpoint; check security "
            "groups and DNS",
            "WebIdentityErr: failed to retrieve credentials caused by: RequestError: send request failed caused by: "
            "Post \"https://sts.eu-west-1.amazonaws.com/\": dial tcp: i/o timeout", .arns = ARNS_NONE,
            .unless = "AccessDenied|is not authorized|Not authorized"),
        ROW("go1-endpoint", ERROR_NONE, BY_ITSELF,
            "CredentialsEndpointError|EC2RoleRequestError|EC2MetadataError|WebIdentityErr:|SharedCredsLoad|"
            "EnvAccessKeyNotFound|AssumeRoleTokenProviderNotSetError", NULL, "a step of the SDK's chain failed", NULL,
            "CredentialsEndpointError: failed to load credentials", .arns = ARNS_NONE),
        ROW("credential-process", ERROR_NONE, BY_ITSELF,
            "process provider error|ProcessProviderExecutionError|Error when retrieving credentials from "
            "custom-process", NULL, "the program that credential_process of a profile names failed",
            "Run that program by hand in the container; or remove the profile, so that the task role is used",
            "failed to refresh cached credentials, process provider error: exit status 1", .arns = ARNS_NONE),
        ROW("go2-none", ERROR_NONE, BY_ITSELF,
            "no EC2 IMDS role found|failed to refresh cached credentials|static credentials are empty|failed to "
            "sign request: failed to retrieve credentials|get identity: get credentials|failed to get shared config "
            "profile", NULL, IMDS_ABOUT, IMDS_REMEDY,
            "operation error SQS: SendMessage, get identity: get credentials: failed to refresh cached credentials, "
            "no EC2 IMDS role found", .arns = ARNS_NONE, .unless = "AccessDenied|is not authorized"),
        ROW("go2-denied", ERROR_DENIED, BY_ITSELF,
            "failed to refresh cached credentials|get identity: get credentials", "AccessDenied",
            "there are no credentials for the call: STS refused to assume a role",
            "Check the trust policy of the role that the process assumes, and that the caller is allowed "
            "sts:AssumeRole on it",
            "failed to refresh cached credentials, operation error STS: AssumeRole, https response error "
            "StatusCode: 403, api error AccessDenied: Access denied"),

        /* Java, Hadoop, .NET. */
        ROW("java-none", ERROR_NONE, BY_ITSELF,
            "Unable to load AWS credentials|Unable to load credentials from service endpoint|Unable to load "
            "credentials from any of|Failed to load credentials from IMDS|Cannot fetch credentials from container|"
            "Profile file contained no credentials|No AWS profile named|No credentials could be loaded from the "
            "chain|Unable to fetch metadata token", NULL, NULL, NULL,
            "SdkClientException: Unable to load credentials from any of the providers in the chain",
            .arns = ARNS_NONE),
        ROW("java-metadata", ERROR_NONE, WITH_MARK,
            "requested metadata is not found at|Failed to connect to service endpoint|Access key cannot be null|"
            "Access key ID cannot be blank", NULL, IMDS_ABOUT, IMDS_REMEDY,
            "com.amazonaws.AmazonClientException: The requested metadata is not found at "
            "http://169.254.169.254/latest/meta-data/iam/security-credentials/", .arns = ARNS_NONE),
        ROW("java-no-sts", ERROR_NONE, BY_ITSELF, "'sts' service module must be on the class path", NULL,
            "a profile or a web identity needs the STS module of the SDK, which the program does not have",
            "Add software.amazon.awssdk:sts to the program. In an ECS task, remove AWS_ROLE_ARN, "
            "AWS_WEB_IDENTITY_TOKEN_FILE or the profile instead, so that the task role is used",
            "To use web identity tokens, the 'sts' service module must be on the class path.", .arns = ARNS_NONE),
        ROW("hadoop-none", ERROR_NONE, BY_ITSELF, "No AWS Credentials provided by|NoAuthWithAWSException|"
            "NoAwsCredentialsException|No AWS credentials in the Hadoop configuration", NULL,
            "none of the providers that Hadoop was given has credentials; a provider list without the container provider "
            "never finds the task role",
            "Add the container provider to fs.s3a.aws.credentials.provider; see `rolewatch explain PID`",
            "NoAuthWithAWSException: No AWS Credentials provided by InstanceProfileCredentialsProvider",
            .arns = ARNS_NONE),
        ROW("hadoop-old", ERROR_NONE, BY_ITSELF,
            "AWS Access Key ID and Secret Access Key must be specified", NULL,
            "the file systems s3:// and s3n:// of old Hadoop releases accept static keys only, not a role",
            "Use s3a:// with a provider list that has the container provider, so that the task role is used",
            "AWS Access Key ID and Secret Access Key must be specified as the username or password (respectively) of "
            "a s3 URL", .arns = ARNS_NONE),
        ROW("dotnet-none", ERROR_NONE, BY_ITSELF,
            "get IAM security credentials|retrieve credentials from EC2 Instance Metadata|Failed to resolve AWS "
            "credentials|obtained from persisted/shell defaults|Unable to reach credentials server", NULL, NULL, NULL,
            "Amazon.Runtime.AmazonServiceException: Unable to get IAM security credentials from EC2 Instance "
            "Metadata Service.", .arns = ARNS_NONE),

        /* PHP, Ruby, Rust, C, R, Elixir, Haskell. */
        ROW("php-none", ERROR_NONE, BY_ITSELF,
            "Error retrieving credentials from the instance profile|Error retrieving credentials from container "
            "metadata|Error retrieving credential from ECS|Could not find environment variable credentials|"
            "Exception\\CredentialsException", NULL, NULL, NULL,
            "Aws\\Exception\\CredentialsException: Error retrieving credentials from the instance profile metadata "
            "service.", .arns = ARNS_NONE),
        ROW("ruby-none", ERROR_NONE, BY_ITSELF,
            "without credentials set|Errors::MissingCredentialsError|missing credentials, provide credentials|Error "
            "retrieving ECS Credentials|Error retrieving instance profile credentials|NoSuchProfileError|Missing "
            "required arguments: aws_access_key_id", NULL, NULL, NULL,
            "unable to sign request without credentials set (Aws::Errors::MissingCredentialsError)",
            .arns = ARNS_NONE),
        ROW("rust-none", ERROR_NONE, BY_ITSELF,
            "CredentialsNotLoaded|no providers in chain provided credentials|No credentials in the property bag|"
            "credential provider was not enabled|load IMDS session token|SigningStageError { kind: "
            "MissingCredentials", NULL, NULL, NULL,
            "failed to construct request: No credentials in the property bag", .arns = ARNS_NONE,
            .unless = "provider in chain did not provide credentials"),
        ROW("rust-profile", ERROR_NONE, BY_ITSELF, "ProfileFile provider could not be built", NULL, PROFILE_ABOUT,
            PROFILE_REMEDY, "CredentialsLoadingError(InvalidConfiguration { cause: \"ProfileFile provider could not be "
            "built: profile `web` was not defined\" })", .arns = ARNS_NONE),
        ROW("cpp-none", ERROR_NONE, BY_ITSELF, "EC2MetadataClient|ECSCredentialsClient",
            "Can not retrieve|Http request to|fail|error", IMDS_ABOUT, IMDS_REMEDY,
            "[ERROR] EC2MetadataClient [140] Can not retrieve resource from "
            "http://169.254.169.254/latest/meta-data/placement/availability-zone", .arns = ARNS_NONE),
        ROW("imds-unreached", ERROR_NONE, BY_ITSELF, "169.254.169.254/latest/api/token|169.254.169.254/latest/meta-data",
            "error sending request|timed out|i/o timeout|connection refused|no route to host|host is unreachable|"
            "network is unreachable", "the instance metadata service did not answer, and no earlier step of the "
            "program's chain found credentials", IMDS_REMEDY,
            "error sending request for url (http://169.254.169.254/latest/api/token)",
            .arns = ARNS_NONE, .unless = "AccessDenied|is not authorized"),
        ROW("crt-none", ERROR_NONE, BY_ITSELF,
            "Valid credentials could not be sourced|sign an HTTP request without credentials|"
            "AWS_AUTH_SIGNING_NO_CREDENTIALS|AWS_AUTH_CREDENTIALS_PROVIDER", NULL, NULL, NULL,
            "AWS_AUTH_CREDENTIALS_PROVIDER_IMDS_SOURCE_FAILURE: Valid credentials could not be sourced by the IMDS "
            "provider", .arns = ARNS_NONE),
        ROW("fluent-bit-none", ERROR_NONE, BY_ITSELF,
            "[signv4] Provider returned no credentials|[aws_client] could not sign request|[aws_credentials] Failed|"
            "[aws_credentials] No cached credentials|[aws_credentials] Could not", NULL, NULL, NULL,
            "[2026/01/01 00:00:00] [error] [signv4] Provider returned no credentials, service=logs",
            .arns = ARNS_NONE),
        ROW("elixir-none", ERROR_NONE, BY_ITSELF,
            "Instance Meta Error|GenServer ExAws.Config.AuthCache terminating|GenServer.call(ExAws.Config.AuthCache|"
            "tried to access the AWS EC2 instance meta|:access_key_id is nil in config", NULL,
            IMDS_ABOUT, IMDS_REMEDY, "** (RuntimeError) Instance Meta Error: HTTP response status code 404",
            .arns = ARNS_NONE),
        ROW("haskell-none", ERROR_NONE, BY_ITSELF,
            "CredentialChainExhausted|MissingFileError \"/|InvalidIAMError|MissingEnvError \"AWS", NULL, NULL, NULL,
            "AuthError CredentialChainExhausted", .arns = ARNS_NONE),
        ROW("r-none", ERROR_NONE, WITH_MARK,
            "No credentials provided|No compatible credentials|an error occurred while loading credentials|"
            "Insufficient credentials to authenticate", NULL, NULL, NULL,
            "paws aws-sdk: No compatible credentials provided.", .arns = ARNS_NONE),
        ROW("r-paws-none", ERROR_NONE, BY_ITSELF,
            "in f() : No credentials provided|in f(): No credentials provided|No compatible credentials provided",
            NULL, NULL, NULL, "Error in f() : No credentials provided", .arns = ARNS_NONE),
        ROW("s3fs-none", ERROR_NONE, BY_ITSELF,
            "could not load IAM role name|could not get IAM role|could not establish security credentials", NULL,
            IMDS_ABOUT, IMDS_REMEDY, "could not load IAM role name from meta data.", .arns = ARNS_NONE),

        /* Tools. */
        ROW("terraform-none", ERROR_NONE, BY_ITSELF,
            "No valid credential source|validating provider credentials|unable to validate AWS credentials|AWS "
            "provider credentials not found|Need to perform AWS calls for account|Unable to resolve AWS account to "
            "use|Couldn't find AWS credentials", NULL, NULL, TERRAFORM_REMEDY, "Error: No valid credential sources "
            "found", .arns = ARNS_NONE),
        ROW("login-none", ERROR_NONE, BY_ITSELF,
            "could not be found. You can configure credentials by running|Credentials could not be loaded, please "
            "check your action inputs|credentials by running \"aws configure\"|Unable to locate AWS credentials|"
            "could not find AWS credentials|No AWS credentials|AWS credentials not found|missing AWS credentials|no "
            "AWS credentials found|unable to load AWS credentials|No valid AWS credentials|AWS credentials are "
            "required|specified the aws route53 api key", NULL, NULL, NULL, "Unable to locate AWS credentials",
            .arns = ARNS_NONE),

        /* Words of everybody, beside a mark. */
        ROW("words-unable", ERROR_NONE, WITH_MARK, "Unable to|fail|could not|couldn't|cannot|can't|Error ",
            "load credentials|read credentials|retrieve credentials|get credentials|find credentials|fetch "
            "credentials|obtain credentials|locate credentials|acquire credentials|resolve credentials|valid "
            "credentials could|retrieving credentials|fetching credentials", NULL, NULL, "Amazon S3: unable to "
            "fetch credentials", .arns = ARNS_NONE,
            .unless = "provider in chain did not provide credentials|Credential access denied|AccessDenied: |api error "
                      "AccessDenied"),
        ROW("words-missing", ERROR_NONE, WITH_MARK,
            "Missing credentials|MissingCredentials|no credentials|without credentials|credentials not found|"
            "credentials missing|no valid credentials", NULL, NULL, NULL, "AmazonS3: missing credentials",
            .arns = ARNS_NONE),
        ROW("words-not-found", ERROR_NONE, WITH_MARK, "credentials",
            "could not be found|were not found|not be loaded|not be retrieved", NULL, NULL,
            "AWS account: credentials could not be found", .arns = ARNS_NONE),
};
const struct error_rows error_rows_none = { rows, ARRAY_SIZE(rows) };
