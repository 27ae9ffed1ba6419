/*
 * model -- the facts about a host, as plain data.
 *
 * A snapshot owns one arena; every pointer in it points there and is valid as long as the snapshot. Secrets never enter:
 * secret keys, tokens and credential ids are reduced to their presence when they are read (env_redact, profile_parse).
 * model_to_json and model_from_json are exact inverses, so that facts judged on another machine give the identical result.
 */
#pragma once
#include <sys/types.h>
#include "rolewatch/base.h"
#include "rolewatch/spellings.h"

#define MODEL_REDACTED "***"          /* stands where a secret was set */
#define MODEL_REDACTED_LINES "***\\n" /* the same, for an authorization token with a line break */
#define MODEL_REDACTED_NO_SCHEME "***(no scheme)" /* the same, for what should be a URL and has no "://" */

/*
 * Environment variables that decide about credentials in any row of the chain table. The class says what is kept of a value:
 * PLAIN the value (bounded); SECRET its presence ("" and blank are kept); TOKEN the same, and whether it has a line break; PATH a leading slash, the rest redacted; URL scheme
 * and host, the rest redacted; JVM only the system properties below, their values by their own class; KEYID the value if it
 * has the form of an access key id. A blank value becomes one space in every class.
 */
enum env_class { ENV_PLAIN, ENV_SECRET, ENV_TOKEN, ENV_PATH, ENV_URL, ENV_JVM, ENV_KEYID };
/*
 * Has the text the shape of an access key id? The one rule for every key id that is read, and so for every one that
 * is shown: 16 to 128 characters (IAM API reference, AccessKey), capital letters and digits only. A secret key that
 * was put in its place by mistake has lower case or punctuation.
 */
bool access_key_id_valid(const char *s, size_t len);
#define ENV_VARS(X) \
        X(RELATIVE_URI,   "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", PATH) \
        X(FULL_URI,       "AWS_CONTAINER_CREDENTIALS_FULL_URI", URL) \
        X(TOKEN,          "AWS_CONTAINER_AUTHORIZATION_TOKEN", TOKEN) \
        X(TOKEN_FILE,     "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", PLAIN) \
        X(CONTAINER_ENDPOINT, "AWS_CONTAINER_SERVICE_ENDPOINT", URL) \
        X(KEY_ID,         "AWS_ACCESS_KEY_ID", KEYID) \
        X(OLD_KEY_ID,     "AWS_ACCESS_KEY", KEYID) \
        X(SECRET,         "AWS_SECRET_ACCESS_KEY", SECRET) \
        X(OLD_SECRET,     "AWS_SECRET_KEY", SECRET) \
        X(RUST_SECRET,    "SECRET_ACCESS_KEY", SECRET) \
        X(SESSION_TOKEN,  "AWS_SESSION_TOKEN", SECRET) \
        X(SECURITY_TOKEN, "AWS_SECURITY_TOKEN", SECRET) \
        X(AMAZON_KEY_ID,  "AMAZON_ACCESS_KEY_ID", KEYID) \
        X(AMAZON_SECRET,  "AMAZON_SECRET_ACCESS_KEY", SECRET) \
        X(PROFILE,        "AWS_PROFILE", PLAIN) \
        X(DEFAULT_PROFILE, "AWS_DEFAULT_PROFILE", PLAIN) \
        X(SHARED_CREDENTIALS_FILE, "AWS_SHARED_CREDENTIALS_FILE", PLAIN) \
        X(PROFILES_FILE,  "AWS_CREDENTIAL_PROFILES_FILE", PLAIN) \
        X(CONFIG_FILE,    "AWS_CONFIG_FILE", PLAIN) \
        X(CREDENTIAL_FILE, "AWS_CREDENTIAL_FILE", PLAIN) \
        X(BOTO_CONFIG,    "BOTO_CONFIG", PLAIN) \
        X(LOAD_CONFIG,    "AWS_SDK_LOAD_CONFIG", PLAIN) \
        X(CONFIG_OPT_OUT, "AWS_SDK_CONFIG_OPT_OUT", PLAIN) \
        X(WEB_IDENTITY_TOKEN, "AWS_WEB_IDENTITY_TOKEN_FILE", PLAIN) \
        X(ROLE_ARN,       "AWS_ROLE_ARN", PLAIN) \
        X(METADATA_DISABLED, "AWS_EC2_METADATA_DISABLED", PLAIN) \
        X(METADATA_V1_DISABLED, "AWS_EC2_METADATA_V1_DISABLED", PLAIN) \
        X(IMDS_ENDPOINT,  "AWS_EC2_METADATA_SERVICE_ENDPOINT", URL) \
        X(IMDS_MODE,      "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", PLAIN) \
        X(IMDS_IPV6,      "AWS_IMDS_USE_IPV6", PLAIN) \
        X(IMDS_ATTEMPTS,  "AWS_METADATA_SERVICE_NUM_ATTEMPTS", PLAIN) \
        X(IMDS_TIMEOUT,   "AWS_METADATA_SERVICE_TIMEOUT", PLAIN) \
        X(EXPIRATION,     "AWS_CREDENTIAL_EXPIRATION", PLAIN) \
        X(CA_BUNDLE,      "AWS_CA_BUNDLE", PLAIN) \
        /* Settings that some SDKs check before they look for credentials. */ \
        X(RETRY_MODE,     "AWS_RETRY_MODE", PLAIN) \
        X(MAX_ATTEMPTS,   "AWS_MAX_ATTEMPTS", PLAIN) \
        X(DEFAULTS_MODE,  "AWS_DEFAULTS_MODE", PLAIN) \
        X(STS_ENDPOINTS,  "AWS_STS_REGIONAL_ENDPOINTS", PLAIN) \
        X(FIPS,           "AWS_USE_FIPS_ENDPOINT", PLAIN) \
        X(DUALSTACK,      "AWS_USE_DUALSTACK_ENDPOINT", PLAIN) \
        X(ACCOUNT_MODE,   "AWS_ACCOUNT_ID_ENDPOINT_MODE", PLAIN) \
        X(CHECKSUM,       "AWS_REQUEST_CHECKSUM_CALCULATION", PLAIN) \
        X(COMPRESSION,    "AWS_DISABLE_REQUEST_COMPRESSION", PLAIN) \
        X(ENDPOINT_URL,   "AWS_ENDPOINT_URL", URL) \
        X(SIGV4A_REGIONS, "AWS_SIGV4A_SIGNING_REGION_SET", PLAIN) \
        X(HTTP_PROXY,     "HTTP_PROXY", URL) \
        X(HTTP_PROXY_LOWER, "http_proxy", URL) \
        X(ALL_PROXY,      "ALL_PROXY", URL) \
        X(ALL_PROXY_LOWER, "all_proxy", URL) \
        X(NO_PROXY,       "NO_PROXY", PLAIN) \
        X(NO_PROXY_LOWER, "no_proxy", PLAIN) \
        X(HOME,           "HOME", PLAIN) \
        X(JAVA_TOOL_OPTIONS, "JAVA_TOOL_OPTIONS", JVM) \
        X(JVM_OPTIONS,    "_JAVA_OPTIONS", JVM) \
        X(JDK_OPTIONS,    "JDK_JAVA_OPTIONS", JVM) \
        X(METADATA_V4,    "ECS_CONTAINER_METADATA_URI_V4", URL) \
        X(METADATA_V3,    "ECS_CONTAINER_METADATA_URI", URL) \
        X(EXECUTION_ENV,  "AWS_EXECUTION_ENV", PLAIN) \
        /* The ECS agent's own: which services it calls, and with which role. */ \
        X(AGENT_AWSLOGS,  "ECS_ENABLE_AWSLOGS_EXECUTIONROLE_OVERRIDE", PLAIN) \
        X(AGENT_SPOT,     "ECS_ENABLE_SPOT_INSTANCE_DRAINING", PLAIN) \
        X(AGENT_TAGS,     "ECS_CONTAINER_INSTANCE_TAGS", PLAIN) \
        X(AGENT_TAGS_FROM, "ECS_CONTAINER_INSTANCE_PROPAGATE_TAGS_FROM", PLAIN)
enum env_var {
#define X(id, name, class) ENV_VAR_##id,
        ENV_VARS(X)
#undef X
        ENV_VAR_MAX
};
const char *env_name(enum env_var v);
enum env_class env_class(enum env_var v);
int env_find(const char *name, size_t len);       /* enum env_var, or -ENOENT */
/* What is kept of a value, in the arena; NULL when full. len excludes the NUL. */
const char *env_redact(struct arena *a, enum env_class class, const char *value, size_t len);

/* Java system properties (-Dname=value), from the command line or the JVM option variables. */
#define SYSPROPS(X) \
        X(KEY_ID,  "aws.accessKeyId", KEYID)         X(SECRET, "aws.secretAccessKey", SECRET) \
        X(V1_SECRET, "aws.secretKey", SECRET)        X(SESSION_TOKEN, "aws.sessionToken", SECRET) \
        X(WEB_IDENTITY_TOKEN, "aws.webIdentityTokenFile", PLAIN) X(ROLE, "aws.roleArn", PLAIN) \
        X(METADATA_DISABLED, "aws.disableEc2Metadata", PLAIN) X(METADATA_V1_DISABLED, "aws.disableEc2MetadataV1", PLAIN) \
        X(CONTAINER_ENDPOINT, "aws.containerServiceEndpoint", URL) X(RELATIVE_URI, "aws.containerCredentialsPath", PATH) \
        X(FULL_URI, "aws.containerCredentialsFullUri", URL) \
        X(TOKEN,   "aws.containerAuthorizationToken", SECRET) \
        X(PROFILE, "aws.profile", PLAIN)             X(SHARED_CREDENTIALS_FILE, "aws.sharedCredentialsFile", PLAIN) \
        X(CONFIG,  "aws.configFile", PLAIN)          X(USER_HOME, "user.home", PLAIN)
enum sysprop {
#define X(id, name, class) SYSPROP_##id,
        SYSPROPS(X)
#undef X
        SYSPROP_MAX
};
enum env_class sysprop_class(enum sysprop p);
int sysprop_find(const char *name, size_t len);

/*
 * The outcome of a request on the network. status: HTTP status, 0 if there was none; detail: escaped text for people, or
 * NULL. id, word in JSON, meaning.
 */
#define ANSWER_STATES(X) \
        X(UNKNOWN,     "unknown",     "not requested") \
        X(OK,          "ok",          "ok") \
        X(STATUS,      "status",      "unexpected HTTP status") \
        X(GARBAGE,     "garbage",     "unexpected response") \
        X(EXPIRED,     "expired",     "expired credentials") \
        X(REFUSED,     "refused",     "connection refused") \
        X(TIMEOUT,     "timeout",     "timed out") \
        X(UNREACHABLE, "unreachable", "no route") \
        X(RESET,       "reset",       "connection reset") \
        X(DENIED,      "denied",      "not permitted for rolewatch")
enum answer_state {
#define X(id, word, meaning) ANSWER_##id,
        ANSWER_STATES(X)
#undef X
        ANSWER_STATE_MAX
};
struct answer { enum answer_state state; int status; const char *detail; };
const char *answer_state_to_string(enum answer_state s);
/* No response: connection refused, no route, or timeout. Any status or document is a response. */
bool answer_silent(const struct answer *x);
/* The service fails, and says nothing of what is so: it is silent, resets, throttles (429), returns 5xx or no document of its own. */
bool answer_outage(const struct answer *x);
/* "HTTP 503", "timed out", "connection refused": for people; arena text or static. */
const char *answer_text(struct arena *a, const struct answer *x);

struct host {
        const char *instance_id, *region, *account, *partition;
        struct answer imds;            /* from the host: token, then data */
        struct answer imds_v1;         /* a GET without token; UNKNOWN unless allow_imds_v1 */
        struct answer imds_role_answer;/* OK; STATUS 404: no instance profile */
        const char *instance_role, *instance_key_id, *instance_profile_arn, *imds_code;
        int64_t instance_expires_s;    /* 0 unknown */
        const char *cluster, *container_instance, *agent_version;
        struct answer introspection, credentials;   /* 51678, 51679 from the host */
        int64_t taken_s;               /* when the facts were collected, seconds since the epoch */
        int64_t agent_started_s;       /* 0 unknown; it needs some time after a restart */
        bool root;                     /* collected with a broker */
        const char *policies_error;    /* a bundle or a call of IAM that failed, and why; NULL: none */
        const char *definitions_error; /* a task definition file or a call of ECS that failed, and why; NULL: none */
        const char *not_visible;       /* what is not visible, for people; NULL: nothing */
};

/* Whose credentials an endpoint serves, by the agent's audit log. */
#define CRED_KINDS(X) X(UNKNOWN, "unknown") X(TASK, "task") X(EXECUTION, "execution")
enum cred_kind {
#define X(id, word) CRED_##id,
        CRED_KINDS(X)
#undef X
};
/* One distinct credentials URI of the environments, with the answer that the host got for it. */
struct credential {
        struct answer answer;
        const char *role_arn, *key_id;
        int64_t expires_s;             /* 0 unknown */
        enum cred_kind kind;
        const char *task_arn;          /* its task, by the audit log; NULL unknown */
        uint64_t mark;                 /* digest of its URI, to recognize it; never saved */
};

struct task {
        const char *arn, *family, *revision, *known, *desired; /* arn NULL: a planned task */
        const char *service;           /* queried only if a need names a service; NULL unknown */
        /* ARNs of RunTask's overrides, by the ECS API; NULL: none, or not queried. */
        const char *task_role, *execution_role;
        const char *started_by;        /* "ecs-svc/...", "events-rule/..."; by the ECS API */
        bool exec, fargate;            /* started with ECS Exec, by the ECS API; planned on no instance of the account */
};

/* A service, by the ECS, Elastic Load Balancing and Application Auto Scaling APIs; only for `rolewatch roles --service`. */
struct service {
        const char *name, *arn, *family, *revision;
        const char *role;              /* the one it was created with, or the service-linked role; NULL: none */
        const char *target_group;      /* ARN of the first; NULL none */
        const char *target_group_error;/* why it could not be read, or "it does not exist"; NULL: it exists */
        const char *infrastructure_role;
        bool load_balanced, code_deploy;
        bool scaling_known, scalable;
        const char *scaling_role;
};

/*
 * Task definition requirements: id, word in JSON, meaning, role that needs the permission: the task role, the execution
 * role, or the execution role and else the instance role.
 */
#define REQUIREMENT_KINDS(X) \
        X(IMAGE,      "image",                "image",                   EXECUTION_OR_INSTANCE) \
        X(REGISTRY,   "registry-credentials", "registry credentials",    EXECUTION) \
        X(LOGS,       "awslogs",              "log group",               EXECUTION_OR_INSTANCE) \
        X(LOGS_CREATE, "awslogs-create-group", "log group to create",    EXECUTION_OR_INSTANCE) \
        X(SECRET,     "secret",               "secret",                  EXECUTION) \
        X(S3_FILE,    "s3-file",              "file",                    EXECUTION) \
        X(EFS,        "efs",                  "file system",             TASK) \
        X(EFS_WRITE,  "efs-write",            "writable file system",   TASK)
enum requirement_by { BY_TASK, BY_EXECUTION, BY_EXECUTION_OR_INSTANCE };
enum requirement_kind {
#define X(id, word, meaning, by) REQUIREMENT_##id,
        REQUIREMENT_KINDS(X)
#undef X
        REQUIREMENT_KIND_MAX
};
enum requirement_by requirement_by(enum requirement_kind k);
const char *requirement_meaning(enum requirement_kind k);
struct requirement {
        enum requirement_kind kind;
        const char *container;         /* name of the container that requires it; NULL: the task */
        const char *value;             /* image, log group, file system id; ARN or name of a parameter */
        const char *region, *prefix;   /* of LOGS; NULL: the host's region, no prefix */
};
/*
 * A task definition, reduced to what it requires of roles (ECS API reference, ContainerDefinition, Volume). Values of
 * environment variables are not kept.
 */
struct definition {
        const char *family, *revision, *source;
        const char *network_mode;      /* "awsvpc", "bridge", ...; NULL: not given */
        bool requested;                /* requested by name; no task of the host need use it */
        const char *task_role, *execution_role;        /* ARNs; NULL: none */
        const struct requirement *requirements;
        size_t n_requirements;
};
struct label { const char *name, *value; };
/* Is the credentials URI in the environment that a container was started with, by its configuration? id, word in JSON. */
#define CONFIG_URIS(X) X(UNKNOWN, "unknown") X(ABSENT, "absent") X(SET, "set")
enum config_uri {
#define X(id, word) CONFIG_URI_##id,
        CONFIG_URIS(X)
#undef X
};
struct container {
        const char *id;                /* 64 hex digits, from the path of its control group; NULL: of a planned task */
        const char *name, *image;      /* NULL: the agent does not know it */
        int task;                      /* index, -1: outside ECS */
        const struct label *labels;
        size_t n_labels;
        enum config_uri config_uri;    /* read only where no first process of its task has the variable; UNKNOWN: not read */
        int config_cred;               /* of a URI that is SET: index into creds, -1: not queried */
};

/* A network namespace, with the answers that a socket created in it got. */
struct netns {
        uint64_t inode;
        struct answer container;       /* of 169.254.170.2:80; OK: it is an ECS agent */
        struct answer imds_token;      /* PUT of a token */
        struct answer imds_v1;         /* GET without token */
        bool host;                     /* it is rolewatch's own, the host's */
};

/* Keys of profile files that chains read, each with the class that says what is kept of its value. */
#define PROFILE_KEYS(X) \
        X(KEY_ID, "aws_access_key_id", KEYID)  X(SECRET, "aws_secret_access_key", SECRET) \
        X(SESSION_TOKEN, "aws_session_token", SECRET) X(ROLE_ARN, "role_arn", PLAIN) \
        X(SOURCE_PROFILE, "source_profile", PLAIN) X(CREDENTIAL_SOURCE, "credential_source", PLAIN) \
        X(WEB_IDENTITY_TOKEN, "web_identity_token_file", PLAIN) X(PROCESS, "credential_process", SECRET) \
        X(SSO_URL, "sso_start_url", PLAIN)     X(SSO_SESSION, "sso_session", PLAIN) \
        X(SSO_ACCOUNT, "sso_account_id", PLAIN) X(SSO_ROLE, "sso_role_name", PLAIN) \
        X(LOGIN, "login_session", PLAIN)       X(METADATA_V1_DISABLED, "ec2_metadata_v1_disabled", PLAIN) \
        X(MFA, "mfa_serial", PLAIN)             X(SSO_REGION, "sso_region", PLAIN) \
        X(IMDS_ENDPOINT, "ec2_metadata_service_endpoint", URL) X(IMDS_MODE, "ec2_metadata_service_endpoint_mode", PLAIN) \
        X(IMDS_ATTEMPTS, "metadata_service_num_attempts", PLAIN) X(IMDS_TIMEOUT, "metadata_service_timeout", PLAIN) \
        X(RETRY_MODE, "retry_mode", PLAIN)     X(MAX_ATTEMPTS, "max_attempts", PLAIN) \
        X(DEFAULTS_MODE, "defaults_mode", PLAIN) X(STS_ENDPOINTS, "sts_regional_endpoints", PLAIN) \
        X(FIPS, "use_fips_endpoint", PLAIN)    X(DUALSTACK, "use_dualstack_endpoint", PLAIN) \
        X(ACCOUNT_MODE, "account_id_endpoint_mode", PLAIN) X(CHECKSUM, "request_checksum_calculation", PLAIN) \
        X(COMPRESSION, "disable_request_compression", PLAIN) X(ENDPOINT_URL, "endpoint_url", URL) \
        X(SIGV4A_REGIONS, "sigv4a_signing_region_set", PLAIN)
enum profile_key {
#define X(id, name, class) PROFILE_KEY_##id,
        PROFILE_KEYS(X)
#undef X
        PROFILE_KEY_MAX
};
/* A section, or those of its keys that are written in one way: a section that mixes them is several profiles of one name. */
struct profile { const char *name; bool prefixed; const char *key[PROFILE_KEY_MAX]; unsigned spelling; };

#define FILE_STATES(X) \
        X(ABSENT, "absent") X(OK, "ok") X(UNREADABLE, "unreadable") X(MALFORMED, "malformed") \
        X(NOT_REGULAR, "not-regular") X(TOO_BIG, "too-big") X(OUTSIDE, "outside-root") X(UNKNOWN, "unknown")
enum file_state {
#define X(id, word) FILE_##id,
        FILE_STATES(X)
#undef X
        FILE_STATE_MAX
};
const char *file_state_to_string(enum file_state s);
struct profile_file {
        const char *path;              /* as the process names it; NULL: not looked for */
        enum file_state state;
        unsigned bad_line;             /* of a malformed file, from 1 */
        const struct profile *profiles;
        size_t n_profiles;
        unsigned spelling;             /* all that occur in the file */
};

/* In ascending order. */
#define CERTAINTIES(X) \
        X(UNKNOWN, "unknown") X(POSSIBLE, "possible") X(PREDICTED, "predicted") X(CERTAIN, "certain") X(OBSERVED, "observed")
enum certainty {
#define X(id, word) CERTAINTY_##id,
        CERTAINTIES(X)
#undef X
        CERTAINTY_MAX
};
const char *certainty_to_string(enum certainty c);

/*
 * Where a process's environment was taken from: id, name, meaning. /proc/PID/environ is memory of the program, which
 * it may overwrite (setproctitle); the others stand in where it did.
 */
#define ENVIRONMENT_SOURCES(X) \
        X(UNKNOWN,   "unknown",   "not known") \
        X(MEMORY,    "memory",    "the process's memory, as the kernel laid it out when the program was executed") \
        X(CONTAINER, "container", "the configuration that the container was started with") \
        X(PARENT,    "parent",    "the parent that forked it without executing another program") \
        X(EXEC,      "exec",      "what the daemon read before, after the program was executed") \
        X(CONFIGURATION, "configuration", "what php-fpm gives the workers of the pool, by its configuration and its own environment")
enum environment_source {
#define X(id, name, meaning) ENVIRONMENT_##id,
        ENVIRONMENT_SOURCES(X)
#undef X
        ENVIRONMENT_SOURCE_MAX
};
const char *environment_source_to_string(enum environment_source s);
const char *environment_source_meaning(enum environment_source s);

struct sdk { const char *name, *version; enum certainty certainty; };   /* name: a chain family */

/* The home folder by the container's passwd file, which some SDKs take whatever HOME says. id, word in JSON. */
#define PASSWD_HOMES(X) \
        X(SAME,  "same")  /* it is HOME, or HOME is not set, or no SDK of the process takes it */ \
        X(NONE,  "none")  /* the passwd file has none */ \
        X(EMPTY, "empty") /* another one than HOME, without profile files */ \
        X(OTHER, "other") /* another one than HOME, with profile files, or not visible */
enum passwd_home {
#define X(id, word) PASSWD_HOME_##id,
        PASSWD_HOMES(X)
#undef X
        PASSWD_HOME_MAX
};

struct process {
        pid_t pid, ppid;               /* pid 0: a planned program, which does not run */
        uint64_t start_ticks;
        uid_t uid;
        int container;                 /* index into containers */
        int netns;                     /* index, -1 unknown */
        const char *comm, *exe;        /* escaped */
        struct answer environ;         /* OK; DENIED: cannot be read; GARBAGE: too large, or overwritten by the program; the detail says which */
        enum environment_source environment_source;    /* of an OK one; UNKNOWN in snapshots of releases before 0.2 */
        const char *env[ENV_VAR_MAX];  /* NULL absent */
        const char *prop[SYSPROP_MAX]; /* NULL absent */
        int cred_relative, cred_full;  /* indices into creds, -1: not queried */
        struct profile_file credentials, config;
        /* The credentials file at its default path, if AWS_SHARED_CREDENTIALS_FILE names another one. */
        struct profile_file home_credentials;
        enum file_state token_file, web_identity_file; /* token_file MALFORMED: it has a line break */
        enum file_state ca_bundle;     /* of AWS_CA_BUNDLE */
        enum passwd_home passwd_home;
        bool signed_out;               /* HOME has no cached tokens of SSO or login sessions */
        bool boto_file;                /* there is a file of boto 2: /etc/boto.cfg or ~/.boto */
        const struct sdk *sdks; size_t n_sdks;
        bool sdks_unknown;             /* planned, and its files are not known */
        bool met_container, met_imds;  /* observed contacting the container endpoint, IMDS */
        /* Overwritten, and shorter when the program was executed than the credentials URI of its container alone. */
        bool without_uri;
};

/*
 * A role with its policies, by a bundle or the IAM API. Documents are unchanged JSON texts, "" for one that exists but could
 * not be read. id, word in JSON, meaning.
 */
#define ROLE_STATES(X) \
        X(UNKNOWN, "unknown", "its policies are not known") \
        X(KNOWN,   "known",   "all of its policies are known") \
        X(ABSENT,  "absent",  "the role does not exist")
enum role_state {
#define X(id, word, meaning) ROLE_##id,
        ROLE_STATES(X)
#undef X
        ROLE_STATE_MAX
};
struct policy_text { const char *name, *document; };
struct role {
        const char *arn, *name, *id;   /* id: "AROA..." */
        enum role_state state;
        const char *source;            /* "bundle /etc/rolewatch/bundles/a.json" */
        int64_t as_of_s;               /* of the source; 0 unknown */
        const char *trust;
        const char *boundary;          /* NULL: it has none */
        const struct policy_text *policies;
        size_t n_policies;
        const struct label *tags;
        size_t n_tags;
};

/* A declared need: what containers must be able to do, as a policy document, and which containers it applies to. */
struct need {
        const char *where;             /* file and position, or the label of a container */
        int container;                 /* index, if it is from a label; else -1 */
        const char *family, *service, *name, *image;   /* globs (* and ?); NULL: any */
        const char *role;              /* "task", "instance", or a role's ARN */
        const char *policy;            /* JSON; NULL with fault */
        const char *error;             /* why it cannot be used; NULL: it can be used */
};

/* A denied call, as the log of a container or the monitoring of its SDK reports it: a claim. */
struct denial {
        int container;
        const char *role, *session;    /* the caller, by the text of the error */
        const char *action, *resource; /* NULL: not given */
        const char *source;            /* "its log", for people */
        int64_t at_s;
};

struct snapshot {
        struct arena *arena;
        struct host host;
        struct task *tasks;             size_t n_tasks;
        struct definition *definitions; size_t n_definitions;
        struct service *services;       size_t n_services;
        struct container *containers;   size_t n_containers;
        struct netns *netns;            size_t n_netns;
        struct credential *creds;       size_t n_creds;
        struct process *processes;      size_t n_processes;
        struct role *roles;             size_t n_roles;
        struct need *needs;             size_t n_needs;
        struct denial *denials;         size_t n_denials;
};
int snapshot_new(struct snapshot **ret);           /* -ENOMEM; the arena's limit is SNAPSHOT_LIMIT_BYTES */
void snapshot_free(struct snapshot *s);            /* NULL ok */
DEFINE_CLEANUP(struct snapshot *, snapshot_free)
#define SNAPSHOT_LIMIT_BYTES ((size_t)64 << 20)

/* Appends a zeroed element to one of the lists; NULL when the arena is full. Earlier pointers may move. */
struct task *snapshot_add_task(struct snapshot *s);
struct definition *snapshot_add_definition(struct snapshot *s);
struct service *snapshot_add_service(struct snapshot *s);
struct container *snapshot_add_container(struct snapshot *s);
struct netns *snapshot_add_netns(struct snapshot *s);
struct credential *snapshot_add_cred(struct snapshot *s);
struct process *snapshot_add_process(struct snapshot *s);
struct role *snapshot_add_role(struct snapshot *s);
struct need *snapshot_add_need(struct snapshot *s);
struct denial *snapshot_add_denial(struct snapshot *s);
int snapshot_find_process(const struct snapshot *s, pid_t pid);   /* index or -ENOENT */
bool snapshot_has_container(const struct snapshot *s, const char *id);
const struct definition *snapshot_definition(const struct snapshot *s, const struct task *t);   /* by family and revision; NULL: not known */

/*
 * A copy of the facts that outlive a scan: all but the processes, of which only the first of each container is copied (its
 * environment is the container's own). The caller's. -ENOMEM.
 */
int snapshot_copy(const struct snapshot *s, struct snapshot **ret);
/*
 * The same, with the struct and its lists in an arena (arena_within: memory that two processes share at the same address).
 * Nothing can be added to it, and it is not passed to snapshot_free: copy it by snapshot_copy. -ENOMEM.
 */
int snapshot_copy_within(const struct snapshot *s, struct arena *a, struct snapshot **ret);
/* Deep copies into the arena of another snapshot; indices are not changed. -ENOMEM. */
int snapshot_copy_task(struct snapshot *to, const struct task *from, struct task *ret);
int snapshot_copy_container(struct snapshot *to, const struct container *from, struct container *ret);
int snapshot_copy_cred(struct snapshot *to, const struct credential *from, struct credential *ret);
int snapshot_copy_need(struct snapshot *to, const struct need *from, struct need *ret);
int snapshot_copy_process(struct snapshot *to, const struct process *from, struct process *ret);
int snapshot_copy_netns(struct snapshot *to, const struct netns *from, struct netns *ret);

/* {"rolewatch-snapshot":1, ...}; the caller's. -ENOMEM. */
int model_to_json(const struct snapshot *s, cJSON **ret);
/* Unknown keys are ignored. -EBADMSG: not a snapshot, or an index is out of range; -ENOMEM. */
int model_from_json(const cJSON *j, struct snapshot **ret);
