/*
 * Credentials that were found and refused: expired, not valid, for another region or clock;
 * and identity providers that STS does not accept. Sources: "Common errors" of the API references;
 * STS API reference, AssumeRoleWithWebIdentity, AssumeRoleWithSAML; IAM Identity Center; the SDKs.
 */
#include "error_parts.h"

#define CLOCK_ABOUT "the clock of the caller is wrong"
#define CLOCK_REMEDY "Set the clock: AWS refuses signatures that are more than five minutes off"
#define SSO_ABOUT "a session of IAM Identity Center has expired or was never started; in a task, a profile with SSO " \
        "settings took the place of the task role"
#define SSO_REMEDY "On a workstation run aws sso login. In a task, remove AWS_PROFILE and the profile's SSO " \
        "settings, so that the task role is used"
#define POD_ABOUT "EKS Pod Identity is not allowed to assume the role that is associated with the pod's service account"
#define POD_REMEDY "In the role's trust policy, grant sts:AssumeRole and sts:TagSession to the service " \
        "pods.eks.amazonaws.com; a pod on the host's network is not served"
#define SCOPE_ABOUT "the request was signed for another region or service than the one that it was sent to"
#define SCOPE_REMEDY "Set the region of the endpoint (AWS_REGION, or the client's region); no policy is involved"
#define PROVIDER_ABOUT "STS does not accept the identity provider, or its token"
#define WEB_DENIED_ABOUT "STS did not allow the web identity to assume the role"
#define WEB_DENIED_REMEDY "In the role's trust policy, grant sts:AssumeRoleWithWebIdentity to the provider " \
        "(Principal Federated), with conditions that match the token's audience and subject; in an ECS task, " \
        "remove AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN"

static const struct error_row rows[] = {
        /* EC2 calls it AuthFailure, but the keys are good. */
        ROW("ami-not-shared", ERROR_DENIED, BY_ITSELF, "Not authorized for images", NULL,
            "the AMI belongs to the Marketplace or to another account",
            "Subscribe to the AMI, have its owner share it with the account, or name another one",
            "api error AuthFailure: Not authorized for images: [ami-0123456789abcdef0]"),

        /* Clock, region. */
        ROW("clock-behind", ERROR_BAD, WITH_MARK, "Signature expired", NULL, CLOCK_ABOUT, CLOCK_REMEDY,
            "An error occurred (SignatureDoesNotMatch) when calling the Publish operation: Signature expired: "
            "20260101T000000Z is now earlier than 20260101T001000Z"),
        ROW("clock-behind-exact", ERROR_BAD, BY_ITSELF,
            "Signature expired: 2|Signature not yet current: 2|InvalidSignatureException: Signature expired", NULL,
            CLOCK_ABOUT, CLOCK_REMEDY,
            "Signature not yet current: 20260101T001000Z is still later than 20260101T000000Z"),
        ROW("clock-skew", ERROR_BAD, BY_ITSELF,
            "RequestTimeTooSkewed|difference between the request time and the current time is too large|"
            "RequestInTheFuture", NULL, CLOCK_ABOUT, CLOCK_REMEDY, "<Code>RequestTimeTooSkewed</Code>"),
        ROW("scope-region", ERROR_BAD, BY_ITSELF,
            "Credential should be scoped to|AuthorizationHeaderMalformed|authorization header is malformed; the "
            "region", NULL, SCOPE_ABOUT, SCOPE_REMEDY, "Credential should be scoped to a valid region."),

        /* Identity providers; before what SDKs say around it. */
        ROW("web-no-provider", ERROR_TRUST, BY_ITSELF, "No OpenIDConnect provider found", NULL,
            "the account has no identity provider with this URL",
            "Create the OIDC provider in IAM for exactly this URL (aws iam create-open-id-connect-provider), in the "
            "account of the role",
            "An error occurred (InvalidIdentityToken) when calling the AssumeRoleWithWebIdentity operation: No "
            "OpenIDConnect provider found in your account for https://oidc.example.com", .arns = ARNS_NONE),
        ROW("web-audience", ERROR_TRUST, BY_ITSELF,
            "InvalidIdentityToken: Incorrect token audience|AssumeRoleWithWebIdentity operation: Incorrect token "
            "audience", NULL, "the token is for another audience than the identity provider lists",
            "Add the token's audience (usually sts.amazonaws.com) to the identity provider's client IDs, or request a "
            "token with a listed audience", "InvalidIdentityToken: Incorrect token audience", .arns = ARNS_NONE),
        ROW("web-keys", ERROR_TRUST, BY_ITSELF,
            "retrieve verification key from your identity provider|IDPCommunicationError", NULL,
            "STS could not fetch the keys of the identity provider",
            "Make the provider's issuer URL and its keys reachable from the internet with a valid certificate; then "
            "try again", "InvalidIdentityToken: Couldn't retrieve verification key from your identity "
            "provider, please reference AssumeRoleWithWebIdentity documentation for requirements", .arns = ARNS_NONE),
        ROW("web-expired", ERROR_EXPIRED, WITH_MARK,
            "Token expired: current date/time|web identity token has expired|Token must be valid", NULL,
            "the web identity token has expired",
            "Make the program reread the token file, and check that whatever writes the file renews it",
            "An error occurred (ExpiredTokenException) when calling the AssumeRoleWithWebIdentity operation: Token "
            "expired: current date/time 1700000100 must be before the expiration date/time 1700000000",
            .arns = ARNS_NONE),
        ROW("web-invalid", ERROR_TRUST, BY_ITSELF,
            "InvalidIdentityToken|IDPRejectedClaim|web identity token that was passed could not be validated|web "
            "identity token that was passed is expired", NULL, PROVIDER_ABOUT,
            "Check the issuer, audience and age of the token against the identity provider in IAM; in an ECS task, "
            "remove AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN",
            "An error occurred (InvalidIdentityToken) when calling the AssumeRoleWithWebIdentity operation: The ID "
            "Token provided is not a valid JWT.", .arns = ARNS_NONE),
        ROW("pod-identity-trust", ERROR_TRUST, BY_ITSELF, "EKS does not have permissions to assume the associated role",
            NULL, POD_ABOUT, POD_REMEDY, "failed to load credentials, Unauthorized Exception! EKS does not have "
            "permissions to assume the associated role.", .arns = ARNS_NONE),
        ROW("web-denied", ERROR_DENIED, BY_ITSELF, "Not authorized to perform sts:AssumeRoleWithWebIdentity", NULL,
            WEB_DENIED_ABOUT, WEB_DENIED_REMEDY,
            "An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized "
            "to perform sts:AssumeRoleWithWebIdentity"),
        ROW("saml-denied", ERROR_DENIED, BY_ITSELF, "Not authorized to perform sts:AssumeRoleWithSAML", NULL,
            "STS did not allow the SAML identity to assume the role",
            "In the role's trust policy, grant sts:AssumeRoleWithSAML to the SAML provider, and check the Role "
            "attribute and audience of the assertion",
            "AccessDenied: Not authorized to perform sts:AssumeRoleWithSAML"),
        ROW("mfa", ERROR_DENIED, BY_ITSELF, "MultiFactorAuthentication failed", NULL,
            "STS rejected the MFA code or the MFA device; no policy is missing",
            "Enter a fresh code, and check that the serial number is the ARN of this user's own MFA device",
            "An error occurred (AccessDenied) when calling the GetSessionToken operation: MultiFactorAuthentication "
            "failed with invalid MFA one time pass code.", .arns = ARNS_NONE),
        ROW("cognito-guest", ERROR_DENIED, BY_ITSELF, "Unauthenticated access is not supported for this identity pool",
            NULL, "the Cognito identity pool gives no credentials to guests; no policy is missing",
            "Have the user sign in before credentials are fetched, and pass the login to the pool; or let the pool serve "
            "guests, with a role for guests",
            "NotAuthorizedException: Unauthenticated access is not supported for this identity pool.",
            .arns = ARNS_NONE),
        ROW("session-cannot", ERROR_DENIED, BY_ITSELF,
            "Cannot call GetFederationToken with session credentials|Cannot call GetSessionToken with session "
            "credentials|Roles may not be assumed by root accounts", NULL,
            "STS does not offer this call to such credentials; no policy helps",
            "Make the call with the long-term keys of an IAM user, or use sts:AssumeRole with a role's session "
            "(never the root user)",
            "An error occurred (AccessDenied) when calling the GetSessionToken operation: Cannot call "
            "GetSessionToken with session credentials", .arns = ARNS_NONE),

        /* IAM Identity Center. */
        ROW("sso-expired", ERROR_EXPIRED, BY_ITSELF,
            "SSO session associated with this profile has expired|UnauthorizedSSOToken|Token has expired and "
            "refresh failed|SSOProviderInvalidToken|refresh this SSO session|cached SSO token is expired|refresh "
            "cached SSO token|pending authorization to retrieve an SSO token has expired|Login required. Use "
            "`aws-sso-util", NULL, SSO_ABOUT, SSO_REMEDY, "Error when retrieving token from sso: Token has expired and "
            "refresh failed", .arns = ARNS_NONE),
        ROW("sso-none", ERROR_NONE, BY_ITSELF, "Error loading SSO Token|SSOTokenLoadError|read cached SSO token",
            NULL, SSO_ABOUT, SSO_REMEDY, "Error loading SSO Token: Token for web does not exist", .arns = ARNS_NONE),

        ROW("sso-session", ERROR_EXPIRED, WITH_MARK, "Session token not found or invalid", NULL, SSO_ABOUT, SSO_REMEDY,
            "{\"message\":\"Session token not found or invalid\",\"__type\":"
            "\"com.amazonaws.switchboard.portal#UnauthorizedException\"}", .arns = ARNS_NONE),
        ROW("sso-token", ERROR_NONE, WITH_MARK, "Unable to load SSO token", NULL, SSO_ABOUT, SSO_REMEDY,
            "software.amazon.awssdk.core.exception.SdkClientException: Unable to load SSO token", .arns = ARNS_NONE),

        /* Expired. */
        ROW("presigned-expired", ERROR_EXPIRED, BY_ITSELF,
            "AccessDenied: Request has expired|<Message>Request has expired</Message>", NULL,
            "a presigned URL or a signed request has expired",
            "Create a new URL with a longer lifetime; a URL that was signed with session credentials expires with the "
            "session. Check the signer's clock", "<Error><Code>AccessDenied</Code><Message>Request has "
            "expired</Message></Error>", .arns = ARNS_NONE),
        ROW("expired-token", ERROR_EXPIRED, BY_ITSELF, CODE_FORMS("ExpiredToken") "|ExpiredToken: |"
            "ExpiredTokenException: The security token|token included in the request is expired|RequestExpired: |"
            "(RequestExpired)|RequestExpired</|TokenRefreshRequired|refreshed credentials are still expired", NULL,
            NULL, NULL, "An error occurred (ExpiredToken) when calling the ListBuckets operation: The provided "
            "token has expired."),
        ROW("expired-words", ERROR_EXPIRED, WITH_MARK,
            "ExpiredToken|token has expired|token is expired|SSO session has expired|credentials have expired|"
            "credentials expired|expired credentials|RequestExpired|Request has expired|credentials are expired",
            NULL, NULL, NULL, "AmazonS3Exception: The provided token has expired.",
            .unless = "jwt |jwt:|JsonWebToken|Bearer|csrf"),
        ROW("expired-credentials", ERROR_EXPIRED, WITH_MARK, "credentials",
            "have expired|has expired|are expired|already expired", NULL, NULL,
            "com.amazonaws: the session credentials of this request have expired"),

        /* Not valid. */
        ROW("token-invalid", ERROR_BAD, BY_ITSELF,
            "token included in the request is invalid|InvalidClientTokenId|UnrecognizedClientException|provided "
            "token is malformed or otherwise invalid", NULL, NULL, NULL,
            "An error occurred (UnrecognizedClientException) when calling the Publish operation: The security "
            "token included in the request is invalid."),
        ROW("signature-wrong", ERROR_BAD, BY_ITSELF,
            "SignatureDoesNotMatch|InvalidSignatureException|request signature we calculated|IncompleteSignature",
            NULL, NULL, NULL, "<Code>SignatureDoesNotMatch</Code>"),
        ROW("auth-failure", ERROR_BAD, BY_ITSELF,
            "validate the provided access credentials|(AuthFailure) when calling|api error AuthFailure|Error Code: "
            "AuthFailure|<Code>AuthFailure", NULL, NULL, NULL,
            "An error occurred (AuthFailure) when calling the DescribeInstances operation: AWS was not able to "
            "validate the provided access credentials"),
        ROW("key-unknown", ERROR_BAD, BY_ITSELF,
            "InvalidAccessKeyId|Access Key Id you provided does not exist|AWS Access Key Id needs a subscription",
            NULL, "AWS does not know the key: it was deleted, belongs to another partition, or is a session key "
            "(ASIA...) without its session token", NULL, "<Code>InvalidAccessKeyId</Code>", .arns = ARNS_NONE),
        ROW("token-malformed", ERROR_BAD, WITH_MARK,
            "provided token is malformed|UnrecognizedClient|InvalidSignature|AuthFailure|InvalidToken", NULL, NULL,
            NULL, "An error occurred (InvalidToken) when calling the ListBuckets operation: The provided token is "
            "malformed."),
        ROW("not-signed", ERROR_BAD, BY_ITSELF,
            "\"message\":\"Missing Authentication Token|\"message\": \"Missing Authentication Token|"
            "MissingAuthenticationToken|Request is missing Authentication Token", NULL,
            "the request was not signed, or went to a path that the API does not have", NULL,
            "{\"message\":\"Missing Authentication Token\"}", .arns = ARNS_NONE),
};
const struct error_rows error_rows_keys = { rows, ARRAY_SIZE(rows) };
