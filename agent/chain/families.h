/*
 * families -- the parameters that the releases of one SDK, or the tools that share its code, have in common: what the rows of
 * rows.c begin with.
 */
#pragma once
#include "readings.h"

#define END ENV_VAR_MAX
/* OR_NEXT: after an error the SDK tries the next step. OR_END: an error ends the chain. */
#define OR_NEXT(kind) { S_##kind, NEXT_STEP }
#define OR_END(kind)  { S_##kind, END_CHAIN }
#define KEYS_PLAIN .key_ids = { ENV_VAR_KEY_ID, END, END }, .secrets = { ENV_VAR_SECRET, END, END }
#define KEYS_NONE .key_ids = { END, END, END }, .secrets = { END, END, END }
#define PROFILE_NONE .profile_variables = { END, END }
#define PROFILE_PLAIN .profile_variables = { ENV_VAR_PROFILE, END }

/* Parameters that the version ranges of one SDK share. Of botocore, defaults_mode came after 1.23.18. */
#define BOTOCORE \
        .sdk = "botocore", .title = "botocore (boto3, AWS CLI v1)", \
        .since = { .container = "1.4.37", .full = "1.5.27", .token_file = "1.32.0", .web_identity \
                   = "1.12.200", .imds_v2 = "1.13.21", .https = "1.42.5", .disabled = "1.9.12", \
                   .v1_disabled = "1.32.4", .login = "1.41.0", .endpoint_url = "1.31.0", .checksum = "1.36.0", .account_mode = "1.37.0", \
                   .retry_modes = "1.15.0", .defaults_mode = "1.23.54", .sts_endpoints = "1.13.2", .sso = "1.17.0", \
                   .imds_mode = "1.21.0", .expiration = "1.5.47" }, \
        .profile_variables = { ENV_VAR_DEFAULT_PROFILE, ENV_VAR_PROFILE }, BOTOCORE_RULES
#define BOTOCORE_RULES \
        BOTOCORE_READING, \
        KEYS_PLAIN, .key_id_alone_fails = true, .relative_present = EXISTS, \
        .full_present = EXISTS, .hosts = HOSTS_MODERN, \
        .hosts_before = HOST_LOCALHOST | HOST_127_1 | HOST_ECS | HOST_HTTPS, \
        .remote = REMOTE_EITHER, .metadata_disabled = DISABLED_BY_TRUE_IN_ANY_CASE, \
        .imds_v1_disabled_fails = true, .imds_proxy = true, \
        .missing_profile = MISSING_FATAL, \
        .malformed_fatal = true, .web_identity_profile = WEB_MIXED, .web_identity_needs_role = true
#define BOTOCORE_MODERN \
        .settings_fatal = BOTOCORE_SETTINGS, .settings_fatal_profile = BOTOCORE_SETTINGS, .keys_present = NONEMPTY, .sso = true, .process = true, \
        BOTOCORE_STEPS
#define BOTOCORE_STEPS \
        .steps = { OR_END(ENV), OR_END(PROFILE_ROLE), OR_END(WEB_IDENTITY), OR_END(PROFILE_SSO), \
                   OR_END(PROFILE_CREDENTIALS), OR_END(PROFILE_LOGIN), OR_END(PROFILE_PROCESS), \
                   OR_END(PROFILE_CONFIG), OR_NEXT(LEGACY), OR_END(CONTAINER), OR_END(IMDS) }
#define JS2 \
        .sdk = "js2", .title = "AWS SDK for JavaScript v2", \
        .since = { .container = "2.4.7", .full = "2.63.0", .token_file = "2.1550.0", \
                   .web_identity = "2.518.0", .imds_v2 = "2.575.0", .disabled = "2.187.0", \
                   .v1_disabled = "2.1488.0", .imds_mode = "2.1028.0", .load_config = "2.44.0", .config_alone = "2.775.0", \
                   .profile_identity = "2.517.0", .profiles_merged = "2.758.0" }, \
        KEYS_PLAIN, .keys_present = NONEMPTY, .hosts_before = HOST_LOCALHOST | HOST_127_1 | HOST_HTTPS, \
        .imds_mode_exact = true, .imds_v1_switch = V1_OFF_UNLESS_FALSE_EXACTLY, \
        .relative_present = NONEMPTY, .full_present = NONEMPTY, .token_first = true, \
        .hosts = HOST_LOCALHOST | HOST_127_1 | HOST_EKS4 | HOST_HTTPS, .metadata_disabled = DISABLED_BY_ANYTHING, \
        PROFILE_PLAIN, .config_file = CONFIG_IF_LOAD_CONFIG_NONEMPTY, .credentials_file_needs_load_config = true, \
        .load_config_needs_files = true, .token_file_ends_chain = true, \
        .web_identity_profile = WEB_WHOLE, .profiles_replace = true, .imds_endpoint_config = true, \
        .credential_source = SOURCE_NONE
#define JS3 \
        JS3_RULES, \
        .profile_web_identity = true, \
        .sdk = "js3", .title = "AWS SDK for JavaScript v3", KEYS_PLAIN, .keys_present = NONEMPTY, \
        .relative_present = NONEMPTY, .full_present = NONEMPTY, .hosts = HOSTS_MODERN, .remote = REMOTE_EITHER, \
        .hosts_before = HOST_LOCALHOST | HOST_127_1, PROFILE_PLAIN, .named_profile_beats_keys = true, \
        .source_ignores_disabled = true, .role_alone_static = true, \
        .sso = true, .process = true
#define JS3_STEPS .steps = { OR_NEXT(ENV), OR_NEXT(PROFILE), OR_NEXT(PROFILE_PROCESS), OR_END(WEB_IDENTITY), OR_END(CONTAINER), OR_END(IMDS) }
#define JS3_STEPS_OLD \
        .steps = { OR_NEXT(ENV), OR_NEXT(PROFILE_SSO), OR_NEXT(PROFILE), OR_NEXT(PROFILE_PROCESS), OR_END(WEB_IDENTITY), OR_END(CONTAINER), OR_END(IMDS) }
#define JS3_OLD .source_lone_ends = true, .token_first = true, .metadata_disabled = DISABLED_BY_ANYTHING
#define JS3_HTTP_OLD .full_first = true, .token_first = true
#define GO1_ENVIRONMENT \
        .keys_present = NONEMPTY, .hosts_before = HOST_LOCALHOST | HOST_LOOP4 | HOST_LOOP6, \
        .container_proxy = true, .imds_proxy = true, \
        .key_ids = { ENV_VAR_KEY_ID, ENV_VAR_OLD_KEY_ID, END }, .secrets = { ENV_VAR_SECRET, ENV_VAR_OLD_SECRET, END }, \
        .relative_present = NONEMPTY, .full_present = NONEMPTY, .full_first = true, .hosts = HOSTS_MODERN, \
        .remote = REMOTE_EITHER, .metadata_disabled = DISABLED_BY_TRUE_IN_ANY_CASE, .web_identity_needs_role = true
#define GO1_SESSION \
        GO1_ENVIRONMENT, .profile_web_identity = true, \
        .missing_source_fatal = true, .source_relative_only = true, .role_alone_remote = true, \
        .profile_variables = { ENV_VAR_PROFILE, ENV_VAR_DEFAULT_PROFILE }, .credential_source = SOURCE_REMOTE
#define GO1 GO1_SESSION, .sso = true, .process = true
#define GO1_PARSER_UNKNOWN .malformed_fatal = true
#define GO1_PARSER_OLD \
        .spellings_fatal = SPELLING_NO_EQUALS | SPELLING_OPEN_BRACKET, .credentials_prefixed = true, .full_by_name = true, GO_PROXY
#define GO1_SDK \
        .sdk = "go1", \
        .since = { .container = "1.2.5", .full = "1.8.13", .token_file = "1.47.11", .web_identity = "1.21.0", \
                   .imds_v2 = "1.25.38", .disabled = "1.13.4", .v1_disabled = "1.47.2", .sso = "1.37.0", .sts_endpoints = "1.25.18", \
                   .imds_mode = "1.40.0", .fips = "1.42.0", .passwd_home = "1.44.119" }, \
        .title = "AWS SDK for Go v1"
#define GO1_LOADED \
        .role_needs_load_config = true, .default_profile_needs_load_config = true, .keys_spare_files = true, \
        .config_file = CONFIG_IF_LOAD_CONFIG_TRUE, \
        .steps = { OR_NEXT(ENV), OR_END(WEB_IDENTITY), OR_END(PROFILE), OR_END(CONTAINER), OR_END(IMDS) }
/* config got compression after 1.25.3, account_mode after 1.26.6 and checksum with 1.29.0; these are the core modules of those days. */
#define GO2 \
        .sdk = "go2", .title = "AWS SDK for Go v2", \
        .since = { .token_file = "1.23.0", .v1_disabled = "1.22.0", .login = "1.40.0", .compression = "1.24.0", .account_mode = "1.27.0", \
                   .checksum = "1.33.0", .sso = "1.1.0", .name_case = "1.6.0", .imds_mode = "1.7.1", .fips = "1.11.0", .defaults_mode = "1.13.0", \
                   .retry_modes = "1.14.0", .passwd_home = "1.16.11" }, GO2_RULES, \
        .steps = { OR_NEXT(ENV), OR_END(WEB_IDENTITY), OR_END(PROFILE), OR_END(CONTAINER), OR_END(IMDS) }
#define GO2_RULES \
        .profile_web_identity = true, .keys_present = NONEMPTY, \
        .key_ids = { ENV_VAR_KEY_ID, ENV_VAR_OLD_KEY_ID, END }, .secrets = { ENV_VAR_SECRET, ENV_VAR_OLD_SECRET, END }, \
        .relative_present = NONEMPTY, .full_present = NONEMPTY, .hosts = HOSTS_MODERN, .remote = REMOTE_EITHER, \
        .container_proxy = true, .imds_proxy = true, \
        .role_alone_remote = true, .own_keys_assume = true, \
        .missing_source_fatal = true, \
        .hosts_before = HOST_LOCALHOST | HOST_LOOP4 | HOST_LOOP6, .half_profile_fatal = true, \
        .metadata_disabled = DISABLED_BY_TRUE_IN_ANY_CASE, .profile_variables = { ENV_VAR_PROFILE, ENV_VAR_DEFAULT_PROFILE }, \
        .web_identity_needs_role = true, .sso = true, .process = true
#define RUBY3 \
        .sdk = "ruby3", .title = "AWS SDK for Ruby v3", RUBY3_READING, \
        .since = { .full = "3.171.0", .token_file = "3.188.0", .web_identity = "3.58.0", .imds_v2 = "3.79.0", \
                   .disabled = "3.16.0", .v1_disabled = "3.186.0", .login = "3.239.0", .endpoint_url = "3.178.0", \
                   .checksum = "3.216.0", .compression = "3.177.0", .sigv4a_regions = "3.201.0" }, \
        .keys_present = NONEMPTY, .hosts_before = HOST_LOCALHOST | HOST_LOOP4 | HOST_LOOP6 | HOST_HTTPS, \
        .key_ids = { ENV_VAR_KEY_ID, ENV_VAR_AMAZON_KEY_ID, ENV_VAR_OLD_KEY_ID }, \
        .secrets = { ENV_VAR_SECRET, ENV_VAR_AMAZON_SECRET, ENV_VAR_OLD_SECRET }, \
        .first_existing = true, .relative_present = EXISTS, .full_present = EXISTS, .hosts = HOSTS_MODERN, \
        .remote = REMOTE_EITHER, .container_error_is_none = true, .empty_relative_is_none = true, \
        .metadata_disabled = DISABLED_BY_TRUE_IN_ANY_CASE, \
        .profile_variables = { ENV_VAR_PROFILE, ENV_VAR_DEFAULT_PROFILE }, .config_file = CONFIG_UNLESS_OPT_OUT, \
        .web_identity_profile = WEB_WHOLE_PLAIN, .opt_out_keys_only = true, \
        .imds_proxy = true, .sso = true, .process = true, \
        .steps = { OR_NEXT(ENV), OR_END(WEB_IDENTITY), OR_NEXT(PROFILE_SSO), OR_END(PROFILE_ROLE), \
        OR_NEXT(PROFILE_CREDENTIALS), OR_NEXT(PROFILE_CONFIG), OR_NEXT(PROFILE_PROCESS), \
        OR_NEXT(PROFILE_LOGIN), OR_NEXT(CONTAINER), OR_NEXT(IMDS) }
#define PHP \
        .sdk = "php", .title = "AWS SDK for PHP v3", .since = { .container = "3.18.28", .checksum = "3.337.0" }, KEYS_PLAIN, \
        .keys_present = NONEMPTY, \
        .relative_present = NONEMPTY, .full_present = NONEMPTY, .hosts = HOSTS_MODERN, \
        .container_error_is_none = true, .metadata_disabled = DISABLED_BY_TRUE_IN_ANY_CASE, PROFILE_PLAIN, .imds_proxy = true, \
        .keys_trimmed = true, .source_credentials_only = true, \
        .web_identity_profile = WEB_WHOLE_ANY
/*
 * v1 reads one file: ~/.aws/credentials, or ~/.aws/config if that does not exist. The home is that of the passwd file. Its first
 * key variable that exists counts, and the token file came with the EKS hosts.
 */
#define JAVA1 \
        .sdk = "java1", .title = "AWS SDK for Java v1", \
        .since = { .container = "1.11.16", .full = "1.11.199", .token_file = "1.12.746", .web_identity = "1.11.617", \
                   .imds_v2 = "1.11.678", .imds_timeout = "1.12.40", .disabled = "1.11.285", .v1_disabled = "1.12.635", .load_config = "-", \
                   .profile_prefix = "1.12.79" }, \
        JAVA, .properties = PROPERTIES_V1, .home_by_passwd = true, .first_existing = true, \
        .key_ids = { ENV_VAR_KEY_ID, ENV_VAR_OLD_KEY_ID, END }, .secrets = { ENV_VAR_OLD_SECRET, ENV_VAR_SECRET, END }, \
        .remote = REMOTE_EITHER, .token_file_full_only = true, .metadata_disabled = DISABLED_BY_TRUE_IN_ANY_CASE, \
        .config_file = CONFIG_WITHOUT_CREDENTIALS, .credentials_file_needs_load_config = true, .credential_source = SOURCE_NONE
#define JAVA1_STEPS \
        .steps = { OR_NEXT(ENV), OR_NEXT(SYSPROPS), OR_NEXT(WEB_IDENTITY), OR_NEXT(PROFILE), OR_NEXT(CONTAINER), OR_NEXT(IMDS) }
#define JAVA1_STEPS_OLD \
        .steps = { OR_NEXT(ENV), OR_NEXT(SYSPROPS), OR_NEXT(PROFILE), OR_NEXT(WEB_IDENTITY), OR_NEXT(CONTAINER), OR_NEXT(IMDS) }
#define JAVA2 \
        .sdk = "java2", .title = "AWS SDK for Java v2", \
        .since = { .retry_modes = "2.10.82", .imds_mode = "2.16.104", .fips = "2.17.79", .defaults_mode = "2.17.101", .compression = "2.20.141", .expired_used = "2.17.159", \
                   .token_file = "2.21.27", .web_identity = "2.10.11", .imds_v2 = "2.10.21", .v1_disabled = "2.24.5", .sso = "2.15.35", \
                   .login = "2.39.2", .endpoint_url = "2.28.1", .imds_timeout = "2.29.36" }, \
        JAVA, KEYS_PLAIN, .properties = PROPERTIES_V2, .base_variable = true, \
        .remote = REMOTE_SEQUENCE, .metadata_disabled = DISABLED_UNLESS_FALSE, .sso = true
#define JAVA2_STEPS \
        .steps = { OR_NEXT(SYSPROPS), OR_NEXT(ENV), OR_NEXT(WEB_IDENTITY), OR_NEXT(PROFILE), OR_NEXT(CONTAINER), OR_NEXT(IMDS) }
#define JAVA2_STEPS_OLD \
        .steps = { OR_NEXT(SYSPROPS), OR_NEXT(ENV), OR_NEXT(PROFILE), OR_NEXT(WEB_IDENTITY), OR_NEXT(CONTAINER), OR_NEXT(IMDS) }
#define JAVA \
        .keys_present = NONBLANK, .token_first = true, .relative_present = EXISTS, .full_present = EXISTS, \
        .hosts = HOSTS_MODERN, PROFILE_PLAIN, .sticky = true
#define JAVA_HOSTS_OLD .hosts_before = HOST_LOCALHOST | HOST_127_1
#define JAVA_HOSTS_LOOPBACK .hosts_before = HOST_LOCALHOST | HOST_LOOP4 | HOST_LOOP6 | HOST_HTTPS
/* One HTTP client serves all steps, with the proxies of the environment; the SDK's own client for IMDS, which takes none, is not in the chain. */
#define KOTLIN \
        .sdk = "kotlin", .title = "AWS SDK for Kotlin", .since = { .v1_disabled = "-", .login = "1.5.87", .empty_proxy = "1.2.28" }, \
        KEYS_PLAIN, .keys_present = NONBLANK, .properties = PROPERTIES_V2, PROFILE_PLAIN, \
        .remote = REMOTE_SEQUENCE, .relative_present = NONBLANK, .full_present = NONBLANK, .token_file_always = true, \
        .container_proxy = true, .full_proxy = true, .imds_proxy = true, .proxy_names = PROXY_LOWER_FILLED, \
        .metadata_disabled = DISABLED_BY_TRUE_IN_ANY_CASE, .imds_v1 = V1_NEVER, \
        .profile_web_identity = true, .sso = true, .process = true
#define KOTLIN_OLD KOTLIN, KOTLIN_READING, .keys_last = true, .token_trimmed = true, .token_file_trimmed = true, JAVA2_STEPS_OLD
#define KOTLIN_HOSTS (HOST_127_1 | HOST_LOOP6 | HOST_ECS | HOST_EKS4 | HOST_EKS6 | HOST_HTTPS)
#define KOTLIN_NAMES .hosts = KOTLIN_HOSTS | HOST_LOCALHOST, .full_by_name = true
#define KOTLIN_NEW \
        KOTLIN_NAMES, .keys_first = true, .source_before_token = true, .no_proxy = KOTLIN_EXEMPT | EXEMPT_PREFIX, JAVA2_STEPS
#define NET \
        .profile_web_identity = true, \
        .key_ids = { ENV_VAR_KEY_ID, END, END }, .secrets = { ENV_VAR_SECRET, ENV_VAR_OLD_SECRET, END }, \
        .keys_present = NONEMPTY, \
        .relative_present = NONEMPTY, .full_present = NONEMPTY, .hosts = HOSTS_MODERN, .remote = REMOTE_EITHER, \
        .metadata_disabled = DISABLED_BY_TRUE, PROFILE_PLAIN, .sso = true, .process = true
#define RUST \
        .sdk = "rust", .profile_web_identity = true, .title = "AWS SDK for Rust", .keys_present = NONBLANK, \
        .key_ids = { ENV_VAR_KEY_ID, END, END }, .secrets = { ENV_VAR_SECRET, ENV_VAR_RUST_SECRET, END }, \
        .relative_present = EXISTS, .full_present = EXISTS, .token_file_always = true, \
        .hosts = HOSTS_MODERN, .remote = REMOTE_EITHER, .metadata_disabled = DISABLED_BY_TRUE_IN_ANY_CASE, \
        .imds_v1 = V1_NEVER, PROFILE_PLAIN, .keys_spare_files = true, .key_id_alone_fails = true, \
        .since = { .token_file = "1.1.8", .login = "1.8.11" }, .hosts_before = HOST_LOCALHOST | HOST_LOOP4 | HOST_LOOP6 | HOST_HTTPS, \
        .sso = true, .process = true, \
        .steps = { OR_NEXT(ENV), OR_END(PROFILE), OR_END(WEB_IDENTITY), OR_END(CONTAINER), OR_NEXT(IMDS) }
#define CPP \
        .full_by_name = true, .imds_v1_switch = V1_OFF_BY_TRUE_EXACTLY, \
        .sdk = "cpp", .title = "AWS SDK for C++", KEYS_PLAIN, .keys_present = NONEMPTY, .since = { .token_file = "1.11.263" }, \
        .relative_present = NONEMPTY, .full_present = NONEMPTY, .hosts = HOSTS_MODERN, .hosts_before = HOST_ANY | HOST_HTTPS, \
        .remote = REMOTE_EITHER, .container_error_is_none = true, .sticky = true, .unusable_uri = UNUSABLE_REQUESTS_NEITHER, \
        .metadata_disabled = DISABLED_BY_TRUE_IN_ANY_CASE, .sso = true, .process = true, .credential_source = SOURCE_NONE
#define CPP_OLD \
        .profile_variables = { ENV_VAR_DEFAULT_PROFILE, ENV_VAR_PROFILE }, .process_config_only = true, \
        .steps = { OR_NEXT(ENV), OR_NEXT(PROFILE_CREDENTIALS), OR_NEXT(PROFILE_PROCESS), OR_NEXT(WEB_IDENTITY), \
                   OR_NEXT(PROFILE_SSO), OR_NEXT(CONTAINER), OR_NEXT(IMDS) }
#define CRT \
        CRT_READING, \
        .web_identity_profile = WEB_MIXED, .source_ignores_disabled = true, \
        .sdk = "crt", .title = "AWS Common Runtime (aws-c-auth)", KEYS_PLAIN, \
        .keys_present = NONEMPTY, .relative_present = NONEMPTY, .full_present = NONEMPTY, \
        .remote = REMOTE_EITHER, .container_error_is_none = true, \
        .metadata_disabled = DISABLED_UNLESS_FALSE, PROFILE_PLAIN, .sso = true
#define CRT_OLD \
        .hosts = HOST_ANY, .hosts_before = HOST_ANY, .credential_source = SOURCE_NO_CONTAINER
#define CRT_NO_TOKEN_FILE .since = { .token_file = "-", .v1_disabled = "-" }
#define CRT_STEPS { OR_NEXT(ENV), OR_NEXT(PROFILE), OR_NEXT(WEB_IDENTITY), OR_NEXT(CONTAINER), OR_NEXT(IMDS) }
#define CRT_PROCESS_STEPS \
        .process_config_only = true, .steps = { OR_NEXT(ENV), OR_NEXT(PROFILE), OR_NEXT(WEB_IDENTITY), OR_NEXT(PROFILE_PROCESS), OR_NEXT(CONTAINER), OR_NEXT(IMDS) }

/* The credentials of minio-go: its last provider takes web identity, the container endpoint or IMDS, by the environment alone. */
#define MINIO \
        .keys_present = NONEMPTY, .key_ids = { ENV_VAR_KEY_ID, ENV_VAR_OLD_KEY_ID, END }, .secrets = { ENV_VAR_SECRET, ENV_VAR_OLD_SECRET, END }, \
        .relative_present = NONEMPTY, .full_present = NONEMPTY, .remote = REMOTE_EITHER, \
        .hosts = HOST_LOCALHOST | HOST_LOOP4 | HOST_LOOP6, .hosts_before = HOST_LOCALHOST | HOST_LOOP4 | HOST_LOOP6, \
        .container_error_is_none = true, .container_proxy = true, .imds_proxy = true, \
        .config_file = CONFIG_NEVER, PROFILE_PLAIN, .web_identity_needs_role = true
#define RESTIC \
        .sdk = "restic", .title = "restic", .kind = CHAIN_TOOL, .programs = "restic", MINIO, .key_id_alone_fails = true, .secret_alone_fails = true, \
        .token_file_any_host = true, .token_file_full_only = true, \
        .since = { .full = "0.10.0", .token_file = "0.18.0", .imds_v2 = "0.13.0", .disabled = "-", .v1_disabled = "-" }, \
        .steps = { OR_END(ENV), OR_NEXT(OWN_CONFIG), OR_END(PROFILE_CREDENTIALS), OR_END(WEB_IDENTITY), \
                   OR_END(CONTAINER), OR_NEXT(IMDS) }
#define MINIO_GO \
        .sdk = "minio-go", .title = "MinIO Go client", .kind = CHAIN_LIBRARY, MINIO, .key_id_alone_fails = true, \
        .token_file_any_host = true, .token_file_full_only = true, \
        .since = { .container = "6.0.8", .full = "6.0.44", .token_file = "7.0.69", .web_identity = "6.0.45", \
                   .imds_v2 = "7.0.11", .disabled = "-", .v1_disabled = "-" }, \
        .steps = { OR_NEXT(OWN_CONFIG), OR_NEXT(ENV), OR_END(PROFILE_CREDENTIALS), OR_END(WEB_IDENTITY), \
                   OR_END(CONTAINER), OR_NEXT(IMDS) }
/* The keys expire: a remedy for programs that end within hours. */
#define EXPORT_KEYS "`aws configure export-credentials` prints them; they expire within 6 hours"
#define S3FS \
        .kind = CHAIN_TOOL, PROFILE_NONE, .config_file = CONFIG_NEVER, .relative_present = NONEMPTY, .remote = REMOTE_EITHER, \
        .container_proxy = true, .imds_proxy = true, .proxy_names = PROXY_LOWER, .imds_v1 = V1_UNLESS_TIMEOUT
/* The credentials of OpenDAL. The numbers are those of reqsign, and from 1.0 on of its parts reqsign-aws-v4 and reqsign-aws-core. */
#define OPENDAL \
        .sdk = "opendal", .title = "OpenDAL (reqsign)", .kind = CHAIN_LIBRARY, KEYS_PLAIN, .keys_present = EXISTS, \
        .credential_source = SOURCE_NONE, .imds_v1 = V1_NEVER, .metadata_disabled = DISABLED_BY_TRUE, .imds_proxy = true, \
        .proxy_names = PROXY_LOWER_FILLED, .all_proxy = true, .no_proxy_names = NO_PROXY_LOWER_FILLED, .no_proxy = EXEMPT_RANGE
#define OPENDAL_OLD \
        OPENDAL, .web_identity_profile = WEB_MIXED, .keys_joined = true, .keys_replace = true, \
        .instead = "Update it to a release with reqsign-aws-core 3.2 or later, which uses the container endpoint"
/* It waits for the container endpoint without end. */
#define OPENDAL_NEW \
        OPENDAL, PROFILE_PLAIN, .remote = REMOTE_SEQUENCE, .full_first = true, .relative_present = EXISTS, .full_present = EXISTS, \
        .token_first = true, .token_file_trimmed = true, .hosts = HOST_ANY | HOST_HTTPS, .container_proxy = true, .full_proxy = true, .endpoint_waited_for = true, \
        .since = { .v1_disabled = "-" }, .sso = true, \
        .steps = { OR_NEXT(OWN_CONFIG), OR_NEXT(ENV), OR_NEXT(PROFILE_CREDENTIALS), OR_NEXT(PROFILE_CONFIG), OR_NEXT(PROFILE_SSO), \
                   OR_NEXT(WEB_IDENTITY), OR_NEXT(CONTAINER), OR_NEXT(IMDS) }
/* The crate of Apache Arrow: it takes no profile, and each of its providers is the last. */
#define OBJECT_STORE \
        .sdk = "object-store", .title = "object_store for Rust", .kind = CHAIN_LIBRARY, KEYS_PLAIN, .keys_present = EXISTS, \
        .key_id_alone_fails = true, .secret_alone_fails = true, PROFILE_NONE, .config_file = CONFIG_NEVER, \
        .relative_present = EXISTS, .full_present = EXISTS, .full_needs_token_file = true, .token_file_full_only = true, .hosts = HOST_ANY | HOST_HTTPS, \
        .container_proxy = true, .full_proxy = true, .imds_proxy = true, .imds_v1 = V1_NEVER, .proxy_names = PROXY_LOWER_FILLED, .all_proxy = true, \
        .no_proxy_names = NO_PROXY_LOWER_FILLED, .no_proxy = EXEMPT_RANGE, \
        .steps = { OR_NEXT(OWN_CONFIG), OR_END(ENV), OR_END(WEB_IDENTITY), OR_END(CONTAINER), OR_END(IMDS) }
/* For /vsis3/. CPL_AWS_CREDENTIALS_FILE, AWS_NO_SIGN_REQUEST and the options of a path are its own configuration. */
#define GDAL \
        .sdk = "gdal", .title = "GDAL (/vsis3/)", .kind = CHAIN_LIBRARY, KEYS_PLAIN, .keys_present = NONEMPTY, .secret_alone_fails = true, \
        .profile_variables = { ENV_VAR_DEFAULT_PROFILE, ENV_VAR_PROFILE }, .credentials_file_needs_load_config = true, \
        .keys_joined = true, .sections_unprefixed = true, .own_keys_assume = true, .role_alone_static = true, .role_config_only = true, \
        .credential_source = SOURCE_NONE, .relative_present = NONEMPTY, .full_present = NONEMPTY, .full_first = true, .hosts = HOST_ANY | HOST_HTTPS, \
        .hosts_before = HOST_ANY | HOST_HTTPS, .container_proxy = true, .full_proxy = true, .imds_proxy = true, .proxy_names = PROXY_LOWER, \
        .since = { .full = "3.8.0", .token_file = "-", .disabled = "-", .v1_disabled = "-", .load_config = "-" }, \
        .steps = { OR_NEXT(OWN_CONFIG), OR_END(ENV), OR_END(PROFILE), OR_NEXT(WEB_IDENTITY), OR_END(CONTAINER), OR_END(IMDS) }
#define ASYNC_AWS \
        .sdk = "async-aws", .title = "AsyncAws", .kind = CHAIN_LIBRARY, \
        .key_ids = { ENV_VAR_KEY_ID, ENV_VAR_OLD_KEY_ID, END }, .secrets = { ENV_VAR_SECRET, ENV_VAR_OLD_SECRET, END }, \
        .profile_variables = { ENV_VAR_PROFILE, ENV_VAR_DEFAULT_PROFILE }, .web_identity_profile = WEB_WHOLE, .sections_unprefixed = true, \
        .credentials_prefixed = true, .own_keys_assume = true, .role_alone_static = true, .credential_source = SOURCE_NONE, \
        .remote = REMOTE_SEQUENCE, .relative_present = NONEMPTY, .full_present = NONEMPTY, \
        .hosts = HOST_LOOP4 | HOST_LOOP6 | HOST_ECS | HOST_EKS4 | HOST_EKS6 | HOST_HTTPS, .container_proxy = true, .full_proxy = true, .imds_proxy = true, .keys_assume = true
#define ASYNC_AWS_STEPS_OLD \
        { OR_NEXT(OWN_CONFIG), OR_NEXT(ENV), OR_END(WEB_IDENTITY), OR_NEXT(PROFILE), OR_NEXT(CONTAINER), OR_NEXT(IMDS) }
/* Hadoop's S3A, with the list of providers that it has unless core-site.xml names others: keys of its own configuration, then these. */
#define S3A \
        .sdk = "s3a", .title = "Hadoop S3A", .kind = CHAIN_LIBRARY, PROFILE_NONE, .config_file = CONFIG_NEVER
