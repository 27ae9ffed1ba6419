/*
 * The table. Order within a family: oldest range first.
 *
 * Sources: each SDK's default provider chain as published (botocore 1.43,
 * aws-sdk-js 2.1692, aws-sdk-js-v3 2026-07, aws-sdk-java 1.12 and 2.x,
 * aws-sdk-go 1.55, aws-sdk-go-v2, aws-sdk-ruby 3.211 and 2.11, aws-sdk-php,
 * aws-sdk-net v3 and v4, aws-config for Rust, aws-sdk-cpp, aws-c-auth 0.10,
 * aws-sdk-kotlin 1.0 to 1.8).
 */
#include "families.h"
#include "rows.h"

static const struct chain_row chain_rows[] = {
        /* Empty key variables count until 1.11; before, requests took the environment's proxy, even to the container endpoint. */
        { .name = "botocore <1.1.8", .proven = "0.109.0", BOTOCORE, .before = "1.1.8", .keys_present = EXISTS, .credentials_file_needs_load_config = true,
          .settings_fatal_profile = BOTOCORE_NUMBERS,
          .steps = { OR_END(ENV), OR_END(PROFILE_CREDENTIALS), OR_END(PROFILE_CONFIG), OR_NEXT(LEGACY), OR_END(IMDS) } },
        { .name = "botocore 1.1.8-1.3.14", .proven = "1.2.0", BOTOCORE, .from = "1.1.8", .before = "1.3.15", .keys_present = EXISTS,
          BOTOCORE_SETTINGS_OLD,
          .steps = { OR_END(ENV), OR_END(PROFILE_CREDENTIALS), OR_END(PROFILE_CONFIG), OR_NEXT(LEGACY), OR_END(IMDS) } },
        { .name = "botocore 1.3.15-1.7", .proven = "1.4.36 1.4.37", BOTOCORE, .from = "1.3.15", .before = "1.8.0", .keys_present = EXISTS,
          BOTOCORE_SETTINGS_OLD,
          .credential_source = SOURCE_NONE, .container_proxy = true,
          .steps = { OR_END(ENV), OR_END(PROFILE_ROLE), OR_END(PROFILE_CREDENTIALS), OR_END(PROFILE_CONFIG),
                     OR_NEXT(LEGACY), OR_END(CONTAINER), OR_END(IMDS) } },
        { .name = "botocore 1.8-1.10", .proven = "1.9.12", BOTOCORE, .from = "1.8.0", .before = "1.11.0", .keys_present = EXISTS,
          BOTOCORE_SETTINGS_OLD,
          .container_proxy = true, .process = true,
          .steps = { OR_END(ENV), OR_END(PROFILE_ROLE), OR_END(PROFILE_CREDENTIALS), OR_END(PROFILE_PROCESS), OR_END(PROFILE_CONFIG),
                     OR_NEXT(LEGACY), OR_END(CONTAINER), OR_END(IMDS) } },
        { .name = "botocore 1.11-1.13.20", .proven = "1.12.199 1.12.200 1.13.20", BOTOCORE, BOTOCORE_MODERN, .from = "1.11.0", .before = "1.13.21",
          .sso_marks = SSO_BY_ANY },
        { .name = "botocore 1.13.21", .proven = "1.13.21", BOTOCORE, BOTOCORE_MODERN, .from = "1.13.21", .before = "1.13.22", .sso_marks = SSO_BY_ANY,
          .imds_v1 = V1_UNLESS_TIMEOUT },
        { .name = "botocore 1.13.22-1.29.9", .proven = "1.17.0 1.20.0 1.23.0 1.27.0", BOTOCORE, BOTOCORE_MODERN, .from = "1.13.22", .before = "1.29.10",
          .sso_marks = SSO_BY_ANY },
        { .name = "botocore", .proven = "1.29.27 1.44.8", BOTOCORE, BOTOCORE_MODERN, .from = "1.29.10", .sso_marks = SSO_BY_ROLE },
        /*
         * It bundles a botocore. Versions are those of the CLI. Not known exactly: the releases of EKS hosts and HTTPS, and of
         * endpoint_url, checksum (before 2.23.6) and account_mode (after that), which are those of the day when botocore got them.
         */
        { .name = "cli2", .proven = "2.9.19 2.38.1", .sdk = "cli2", .title = "AWS CLI v2", BOTOCORE_RULES,
          .retry_legacy_invalid = true, .keys_present = NONEMPTY, .sso = true, .process = true,
          .since = { .token_file = "2.14.0", .v1_disabled = "2.14.0", .https = "2.32.13", .login = "2.32.0", .endpoint_url = "2.13.0", .checksum = "2.23.0",
                     .account_mode = "2.24.11" }, .settings_fatal = CLI2_SETTINGS, .settings_fatal_profile = CLI2_SETTINGS, .sso_marks = SSO_BY_ROLE,
          .profile_variables = { ENV_VAR_PROFILE, ENV_VAR_DEFAULT_PROFILE }, BOTOCORE_STEPS },
        { .name = "js2 <2.4.7", .proven = "2.4.6", JS2, JS2_READING, .before = "2.4.7",
          .steps = { OR_NEXT(ENV), OR_NEXT(ENV_AMAZON), OR_NEXT(PROFILE), OR_NEXT(IMDS) } },
        { .name = "js2 2.4.7-2.428", .proven = "2.428.0", JS2, JS2_READING, .from = "2.4.7", .before = "2.429.0",
          .remote = REMOTE_EITHER,
          .steps = { OR_NEXT(ENV), OR_NEXT(ENV_AMAZON), OR_NEXT(PROFILE), OR_NEXT(CONTAINER), OR_NEXT(IMDS) } },
        { .name = "js2 2.429-2.516", .proven = "2.430.0 2.516.0", JS2, JS2_READING, .from = "2.429.0", .before = "2.517.0",
          .remote = REMOTE_SEQUENCE,
          .steps = { OR_NEXT(ENV), OR_NEXT(ENV_AMAZON), OR_NEXT(PROFILE), OR_NEXT(CONTAINER),
                     OR_NEXT(PROFILE_PROCESS), OR_NEXT(IMDS) } },
        { .name = "js2", .proven = "2.517.0 2.574.0 2.1693.0", JS2, JS2_READING, .from = "2.517.0",
          .remote = REMOTE_SEQUENCE, .sso = true,
          .steps = { OR_NEXT(ENV), OR_NEXT(ENV_AMAZON), OR_NEXT(PROFILE), OR_NEXT(CONTAINER),
                     OR_NEXT(PROFILE_PROCESS), OR_NEXT(WEB_IDENTITY), OR_NEXT(IMDS) } },
        /*
         * The numbers are those of @aws-sdk/credential-provider-node, which left the clients' own
         * at 3.972.0. The HTTP provider came with 3.504.0, "false" is understood since 3.738.0, and
         * 3.972.63 (clients from 3.1080.0) reversed both priorities.
         */
        { .name = "js3 <3.363", .proven = "3.345.0", JS3, JS3_READING_OLD, .before = "3.363.0", JS3_OLD, .tilde_literal = true,
          .since = { .token_file = "-", .v1_disabled = "-", .login = "-", .loop_passed = "-" }, JS3_STEPS_OLD },
        { .name = "js3 3.363-3.501", .proven = "3.450.0 3.451.0", JS3, JS3_READING_OLD, .from = "3.363.0", .before = "3.502.0", JS3_OLD,
          .tilde_literal = true, .spellings_unsure = SPELLING_QUOTED_BLANK | SPELLING_BLANK_NAME, .imds_v1_switch_unsure = true,
          .since = { .token_file = "-", .v1_disabled = "3.495.0", .login = "-", .loop_passed = "-" }, JS3_STEPS_OLD },
        { .name = "js3 3.502-3.503", JS3, JS3_READING, .from = "3.502.0", .before = "3.504.0", JS3_OLD, .tilde_literal = true,
          .since = { .token_file = "-", .login = "-", .loop_passed = "-" }, JS3_STEPS },
        { .name = "js3 3.504-3.572", .proven = "3.504.0", JS3, JS3_READING, .from = "3.504.0", .before = "3.573.0", JS3_HTTP_OLD, .tilde_literal = true,
          .since = { .login = "-", .loop_passed = "-" }, .metadata_disabled = DISABLED_BY_ANYTHING, JS3_STEPS },
        { .name = "js3 3.573-3.613", .proven = "3.577.0", JS3, JS3_READING, .from = "3.573.0", .before = "3.614.0", JS3_HTTP_OLD, .tilde_unsure = true,
          .since = { .login = "-", .loop_passed = "3.587.0" }, .metadata_disabled = DISABLED_BY_ANYTHING, JS3_STEPS },
        { .name = "js3 3.614-3.737", .proven = "3.637.0 3.734.0", JS3, JS3_READING, .from = "3.614.0", .before = "3.738.0", JS3_HTTP_OLD,
          .since = { .login = "-" }, .metadata_disabled = DISABLED_BY_ANYTHING, JS3_STEPS },
        { .name = "js3 3.738-3.972.62", .proven = "3.738.0 3.922.0 3.972.62", JS3, JS3_READING, .from = "3.738.0", .before = "3.972.63", JS3_HTTP_OLD,
          .since = { .login = "3.936.0" }, .metadata_disabled = DISABLED_UNLESS_FALSE_OR_EMPTY, JS3_STEPS },
        { .name = "js3", .proven = "3.972.66 3.972.97 3.972.99", JS3, JS3_READING, .from = "3.972.63",
          .metadata_disabled = DISABLED_UNLESS_FALSE_OR_EMPTY, JS3_STEPS },
        { .name = "java1 <1.11.489", .proven = "1.11.0 1.11.16 1.11.400", JAVA1, JAVA1_READING_OLD, .before = "1.11.489", JAVA_HOSTS_OLD, JAVA1_STEPS_OLD },
        { .name = "java1 1.11.489-1.11.719", .proven = "1.11.678", JAVA1, JAVA1_READING_OLD, .from = "1.11.489", .before = "1.11.720",
          .process = true, JAVA_HOSTS_OLD, JAVA1_STEPS_OLD },
        { .name = "java1 1.11.720-1.12.385", .proven = "1.11.900 1.12.300", JAVA1, JAVA1_READING_OLD, .from = "1.11.720", .before = "1.12.386",
          .process = true, JAVA_HOSTS_OLD, JAVA1_STEPS },
        { .name = "java1 1.12.386-1.12.501", JAVA1, JAVA1_READING_OLD, .from = "1.12.386", .before = "1.12.502", .process = true, JAVA_HOSTS_LOOPBACK,
          JAVA1_STEPS },
        { .name = "java1", .proven = "1.12.797", JAVA1, JAVA1_READING, .from = "1.12.502", .process = true, JAVA_HOSTS_LOOPBACK, JAVA1_STEPS },
        /* Until 2.5.4, whatever is wrong with the profile ends the chain, because the chain is made with its providers. */
        { .name = "java2 <2.5.5", .proven = "2.1.0", JAVA2, JAVA2_READING, .before = "2.5.5", JAVA_HOSTS_OLD, .disabled_checked = true,
          .profile_fatal = true, .key_id_alone_fails = true, .credential_source = SOURCE_NONE, JAVA2_STEPS_OLD },
        { .name = "java2 2.5.5-2.5.28", JAVA2, JAVA2_READING_OLD, .from = "2.5.5", .before = "2.5.29", JAVA_HOSTS_OLD, .disabled_checked = true,
          .credential_source = SOURCE_NONE, JAVA2_STEPS_OLD },
        { .name = "java2 2.5.29-2.7", .proven = "2.5.71", JAVA2, JAVA2_READING_OLD, .from = "2.5.29", .before = "2.8.0", JAVA_HOSTS_OLD,
          .disabled_checked = true, .process = true, .role_alone_static = true, JAVA2_STEPS_OLD },
        { .name = "java2 2.8-2.10", .proven = "2.10.15", JAVA2, JAVA2_READING_OLD, .from = "2.8.0", .before = "2.11.0", JAVA_HOSTS_OLD,
          .disabled_checked = true, .process = true, .role_alone_static = true, .profile_web_identity = true, JAVA2_STEPS_OLD },
        { .name = "java2 2.11-2.17", .proven = "2.11.14 2.15.35 2.17.100", JAVA2, JAVA2_READING, .from = "2.11.0", .before = "2.18.0", JAVA_HOSTS_OLD,
          .disabled_checked = true, .process = true, .role_alone_static = true, .profile_web_identity = true,
          JAVA2_STEPS },
        { .name = "java2 2.18-2.19.23", JAVA2, JAVA2_READING, .from = "2.18.0", .before = "2.19.24", JAVA_HOSTS_OLD,
          .process = true, .role_alone_static = true, .profile_web_identity = true, JAVA2_STEPS },
        { .name = "java2", .proven = "2.20.50 2.25.10 2.59.1", JAVA2, JAVA2_READING, .from = "2.19.24", JAVA_HOSTS_LOOPBACK,
          .process = true, .role_alone_static = true, .profile_web_identity = true, JAVA2_STEPS },
        /*
         * Until 1.1.21 a proxy variable that is no URL ends the chain. 1.4.0 brought keys of a profile before its role, and web identity
         * before the profile. Login sessions came with 1.5.87. 1.7.0 brought a smithy-kotlin that does not pass over a file that it
         * cannot read. Not known exactly: the release between 1.6.76 and 1.7.0 that brought smithy-kotlin 1.6.15, which refuses line
         * breaks in a token.
         */
        { .name = "kotlin <1.0.48", KOTLIN_OLD, .before = "1.0.48", .hosts = KOTLIN_HOSTS, .proxies_fatal = true, .no_proxy = KOTLIN_EXEMPT },
        { .name = "kotlin 1.0.48-1.1.21", .proven = "1.0.48", KOTLIN_OLD, KOTLIN_NAMES, .from = "1.0.48", .before = "1.1.22", .proxies_fatal = true,
          .no_proxy = KOTLIN_EXEMPT },
        { .name = "kotlin 1.1.22-1.2.14", .proven = "1.2.8", KOTLIN_OLD, KOTLIN_NAMES, .from = "1.1.22", .before = "1.2.15", .no_proxy = KOTLIN_EXEMPT },
        { .name = "kotlin 1.2.15-1.2.23", .proven = "1.2.16", KOTLIN_OLD, KOTLIN_NAMES, .from = "1.2.15", .before = "1.2.24",
          .no_proxy = KOTLIN_EXEMPT | EXEMPT_PREFIX },
        { .name = "kotlin 1.2.24-1.3.9", KOTLIN_OLD, KOTLIN_NAMES, .from = "1.2.24", .before = "1.3.10", .imds_two_slashes = true,
          .no_proxy = KOTLIN_EXEMPT | EXEMPT_PREFIX },
        { .name = "kotlin 1.3.10-1.3", .proven = "1.3.99", KOTLIN_OLD, KOTLIN_NAMES, .from = "1.3.10", .before = "1.4.0",
          .no_proxy = KOTLIN_EXEMPT | EXEMPT_PREFIX },
        { .name = "kotlin 1.4-1.6.75", .proven = "1.4.59 1.5.16 1.5.59 1.5.90 1.6.75", KOTLIN, KOTLIN_NEW, KOTLIN_READING,
          .from = "1.4.0", .before = "1.6.76", .token_trimmed = true, .token_file_trimmed = true },
        { .name = "kotlin 1.6.76-1.6", KOTLIN, KOTLIN_NEW, KOTLIN_READING_COMMON, .from = "1.6.76", .before = "1.7.0" },
        { .name = "kotlin", .proven = "1.8.9 1.8.12", KOTLIN, KOTLIN_NEW, KOTLIN_READING, .from = "1.7.0", .unread_fatal = true },
        /* 1.3.0 brought NewSession, 1.15.79 its parser as it is, 1.16.0 credential_process; in 1.21 alone, a named profile goes first. */
        { .name = "go1 <1.3", .proven = "1.2.5", GO1_SDK, GO1_ENVIRONMENT, GO_PROXY, .before = "1.3.0", PROFILE_PLAIN,
          .config_file = CONFIG_NEVER, .steps = { OR_NEXT(ENV), OR_NEXT(PROFILE_CREDENTIALS), OR_END(CONTAINER), OR_END(IMDS) } },
        { .name = "go1 1.3-1.15.78", .proven = "1.8.12 1.8.13 1.13.3 1.13.4", GO1_SDK, GO1_SESSION, GO1_LOADED, GO1_PARSER_OLD,
          .from = "1.3.0", .before = "1.15.79" },
        { .name = "go1 1.15.79-1.15", .proven = "1.15.90", GO1_SDK, GO1_SESSION, GO1_LOADED, GO1_READING_OLD, .from = "1.15.79", .before = "1.16.0" },
        { .name = "go1 1.16-1.20", .proven = "1.16.0 1.20.21", GO1_SDK, GO1_SESSION, GO1_LOADED, GO1_READING_OLD, .process = true,
          .from = "1.16.0", .before = "1.21.0" },
        { .name = "go1 1.21", .proven = "1.21.0", GO1_SDK, GO1_SESSION, GO1_LOADED, GO1_READING_OLD, .process = true, .named_profile_first = true,
          .from = "1.21.0", .before = "1.22.0" },
        { .name = "go1 1.22-1.25.3", .proven = "1.22.0", GO1_SDK, GO1_SESSION, GO1_LOADED, GO1_READING_OLD, .process = true,
          .from = "1.22.0", .before = "1.25.4" },
        { .name = "go1", .proven = "1.25.37 1.27.2 1.44.133 1.47.1 1.47.2 1.47.10 1.47.11 1.49.0 1.55.8", GO1_SDK, GO1, GO1_LOADED, GO1_READING,
          .from = "1.25.4" },
        /*
         * The numbers are those of the core module; the chain is in config, whose releases are 1.1.1, 1.18.45, 1.25.0 and
         * 1.27.34. Core 1.30.5 was published with both sides of a turn.
         */
        { .name = "go2 <1.2", .proven = "1.0.0", GO2, .before = "1.2.0", .full_first = true, .source_relative_only = true,
          .named_profile_first = true, GO2_READING_OLD },
        { .name = "go2 1.2-1.21.1", .proven = "1.16.16 1.17.1", GO2, .from = "1.2.0", .before = "1.21.2", .full_first = true,
          .source_relative_only = true, GO2_READING_OLD },
        { .name = "go2 1.21.2-1.22.0", GO2, .from = "1.21.2", .before = "1.22.1", .full_first = true,
          .source_relative_only = true, .missing_profile = MISSING_FATAL_BY_FIRST, GO2_READING_OLD },
        { .name = "go2 1.22.1", .proven = "1.22.1", GO2, .from = "1.22.1", .before = "1.22.2", .full_first = true,
          .source_relative_only = true, .missing_profile = MISSING_FATAL_BY_FIRST, GO2_READING_NESTED },
        /* config 1.22.3 to 1.25.0 were published with it, and three parsers: which of them reads the files is not known. */
        { .name = "go2 1.22.2", GO2, .from = "1.22.2", .before = "1.23.0", .full_first = true,
          .source_relative_only = true, .missing_profile = MISSING_FATAL_BY_FIRST, GO2_READING_COMMON },
        { .name = "go2 1.23-1.30.4", .proven = "1.23.0 1.24.1 1.30.4", GO2, .from = "1.23.0", .before = "1.30.5", .full_first = true,
          .source_relative_only = true, .missing_profile = MISSING_FATAL_BY_FIRST, GO2_READING },
        { .name = "go2", .proven = "1.30.5 1.41.7 1.48.0", GO2, .from = "1.30.5", .missing_profile = MISSING_FATAL_BY_FIRST, GO2_READING },
        { .name = "ruby2", .sdk = "ruby2", .title = "AWS SDK for Ruby v2",
          .since = { .container = "2.3.22", .full = "-", .token_file = "-", .web_identity = "-",
                     .imds_v2 = "2.11.0" }, .keys_present = NONEMPTY,
          .key_ids = { ENV_VAR_KEY_ID, ENV_VAR_AMAZON_KEY_ID, ENV_VAR_OLD_KEY_ID },
          .secrets = { ENV_VAR_SECRET, ENV_VAR_AMAZON_SECRET, ENV_VAR_OLD_SECRET },
          .first_existing = true, .relative_present = EXISTS, .full_present = NONEMPTY, .remote = REMOTE_EITHER,
          .container_error_is_none = true, .empty_relative_is_none = true, .metadata_disabled = DISABLED_BY_TRUE,
          PROFILE_PLAIN, .steps = { OR_NEXT(ENV), OR_END(PROFILE_ROLE), OR_NEXT(PROFILE_CREDENTIALS),
                                    OR_NEXT(CONTAINER), OR_NEXT(IMDS) } },
        /* Until 3.180.2, keys that are all indented are no keys. From 3.226.3 on, only the chain's own step heeds that IMDS is disabled. */
        { .name = "ruby3 <3.180.2", .proven = "3.168.1", RUBY3, .before = "3.180.2",
          .spellings_fatal = SPELLING_NOT_UTF8, .spellings_ignored = RUBY3_IGNORED | SPELLING_INDENTED },
        { .name = "ruby3 3.180.2-3.226.2", .proven = "3.212.0", RUBY3, .from = "3.180.2", .before = "3.226.3",
          .spellings_fatal = SPELLING_NOT_UTF8 | SPELLING_INDENTED, .spellings_ignored = RUBY3_IGNORED },
        { .name = "ruby3", .proven = "3.257.0", RUBY3, .from = "3.226.3", .source_ignores_disabled = true,
          .spellings_fatal = SPELLING_NOT_UTF8 | SPELLING_INDENTED, .spellings_ignored = RUBY3_IGNORED },
        { .name = "php <3.200", PHP, .before = "3.200.0", .remote = REMOTE_SEQUENCE,
          .steps = { OR_NEXT(ENV), OR_NEXT(WEB_IDENTITY), OR_NEXT(PROFILE_CREDENTIALS),
                     OR_NEXT(PROFILE_CONFIG), OR_NEXT(CONTAINER), OR_NEXT(PROFILE_PROCESS), OR_NEXT(IMDS) } },
        { .name = "php", .proven = "3.318.0 3.376.2", PHP, PHP_READING, .from = "3.200.0", .remote = REMOTE_EITHER, .sso = true, .process = true,
          .steps = { OR_NEXT(ENV), OR_NEXT(WEB_IDENTITY), OR_NEXT(PROFILE_SSO), OR_NEXT(PROFILE_PROCESS),
                     OR_NEXT(PROFILE_ROLE), OR_NEXT(PROFILE_CREDENTIALS), OR_NEXT(PROFILE_CONFIG), OR_NEXT(CONTAINER), OR_NEXT(IMDS) } },
        { .name = "dotnet3", .sdk = "dotnet3", .title = "AWS SDK for .NET v3", NET,
          .steps = { OR_NEXT(WEB_IDENTITY), OR_NEXT(PROFILE), OR_NEXT(ENV), OR_END(CONTAINER), OR_END(IMDS) } },
        { .name = "dotnet4", .sdk = "dotnet4", .title = "AWS SDK for .NET v4", NET,
          .missing_profile = MISSING_FAILS,
          .steps = { OR_NEXT(ENV), OR_NEXT(WEB_IDENTITY), OR_END(PROFILE), OR_END(CONTAINER), OR_END(IMDS) } },
        /*
         * Before 1.1.2, keys in capitals are none, and a process has to return a session token and an expiration. aws-config 1.8.6
         * is the first that asks for an HTTP client that takes proxies from the environment.
         */
        { .name = "rust <1.1.2", .proven = "1.0.0", RUST, RUST_READING, .before = "1.1.2", .web_identity_needs_role = true,
          .missing_profile = MISSING_FAILS_BESIDE_OTHERS, .spellings_ignored = RUST_IGNORED | SPELLING_UPPER },
        { .name = "rust 1.1.2-1.8.5", RUST, RUST_READING, .from = "1.1.2", .before = "1.8.6", .web_identity_needs_role = true,
          .missing_profile = MISSING_FAILS_BESIDE_OTHERS, .spellings_ignored = RUST_IGNORED },
        { .name = "rust 1.8.6-1.8", RUST, RUST_READING, .from = "1.8.6", .before = "1.9.0", .container_proxy = true, .imds_proxy = true,
          .web_identity_needs_role = true, .missing_profile = MISSING_FAILS_BESIDE_OTHERS, .spellings_ignored = RUST_IGNORED },
        { .name = "rust", .proven = "1.13.0", RUST, RUST_READING, .from = "1.9.0", .container_proxy = true, .imds_proxy = true,
          .missing_source_none = true, .spellings_ignored = RUST_IGNORED },
        /*
         * Each value of web identity is taken from the profile since a release between 1.11.591 and 1.11.724. The CRT reads the profile
         * since one between 1.11.724 and 1.11.800, whose change was merged in February 2026; it is made without what a request needs,
         * so that roles fail, and by one between 1.11.800 and 1.11.900 the program aborts at web identity.
         */
        { .name = "cpp <1.9", .proven = "1.8.133", CPP, CPP_OLD, .before = "1.9.0", .web_identity_profile = WEB_WHOLE, .credentials_prefixed = true },
        { .name = "cpp 1.9-1.11.591", .proven = "1.11.4 1.11.201 1.11.285 1.11.591", CPP, CPP_OLD, .from = "1.9.0", .before = "1.11.592",
          .web_identity_profile = WEB_WHOLE },
        { .name = "cpp 1.11.592-1.11.749", .proven = "1.11.724", CPP, CPP_OLD, .from = "1.11.592", .before = "1.11.750", .web_identity_profile = WEB_MIXED },
        { .name = "cpp 1.11.750-1.11.899", .proven = "1.11.800", CPP, CPP_READING, .from = "1.11.750", .before = "1.11.900" },
        { .name = "cpp", .proven = "1.11.900", CPP, CPP_READING, .from = "1.11.900", .web_profile_fatal = true },
        /* The numbers are those of aws-c-auth itself. */
        { .name = "crt <0.6.30", .proven = "0.6.21 0.6.24", CRT, .directory_fatal = true, .before = "0.6.30", CRT_OLD, CRT_NO_TOKEN_FILE, .imds_v1 = V1_UNLESS_TIMEOUT,
          .steps = CRT_STEPS },
        /* From 0.6.30 to 0.7.24 credential_process is a step of its own, of the config file; until 0.7.22 FULL_URI may have any host. */
        { .name = "crt 0.6.30-0.7.7", .proven = "0.7.1", CRT, .directory_fatal = true, .from = "0.6.30", .before = "0.7.8", CRT_OLD, CRT_NO_TOKEN_FILE,
          CRT_PROCESS_STEPS },
        { .name = "crt 0.7.8-0.7.18", .proven = "0.7.8", CRT, .from = "0.7.8", .before = "0.7.19", CRT_OLD,
          .since = { .token_file = "0.7.18", .v1_disabled = "-" }, CRT_PROCESS_STEPS },
        { .name = "crt 0.7.19-0.7.22", .proven = "0.7.22", CRT, .from = "0.7.19", .before = "0.7.23", .hosts = HOST_ANY,
          .since = { .v1_disabled = "-" }, CRT_PROCESS_STEPS },
        { .name = "crt 0.7.23-0.7.24", CRT, .from = "0.7.23", .before = "0.7.25", .hosts = HOSTS_MODERN,
          .since = { .v1_disabled = "-" }, CRT_PROCESS_STEPS },
        { .name = "crt 0.7.25-0.9.5", .proven = "0.7.31 0.8.5 0.9.0 0.9.2 0.9.4", CRT, .from = "0.7.25", .before = "0.9.6", .hosts = HOSTS_MODERN, .process = true,
          .process_first = true, .since = { .v1_disabled = "-" }, .steps = CRT_STEPS },
        { .name = "crt", .proven = "0.10.3 0.10.5", CRT, .from = "0.9.6", .hosts = HOSTS_MODERN, .process = true,
          .since = { .v1_disabled = "-" }, .steps = CRT_STEPS },

        /* ---- tools with a chain of their own ---- */

        /* docker/distribution makes a list of Go v1's providers. 3.0 uses the SDK's own chain, of Go v1 1.55. */
        { .name = "registry", .proven = "2.8.2 2.8.3", .sdk = "registry", .title = "Docker Registry (distribution) before 3.0", .kind = CHAIN_TOOL,
          .programs = "registry docker-registry", .built_with = "go1", .built_before = "1.50.0",
          .keys_present = NONEMPTY, .key_ids = { ENV_VAR_KEY_ID, ENV_VAR_OLD_KEY_ID, END }, .secrets = { ENV_VAR_SECRET, ENV_VAR_OLD_SECRET, END },
          PROFILE_PLAIN, .config_file = CONFIG_IF_LOAD_CONFIG_TRUE, .half_web_identity_fatal = true,
          .malformed_fatal = true, .keys_spare_files = true, .source_checked = true, .missing_source_fatal = true,
          .role_needs_load_config = true,
          .metadata_disabled = DISABLED_BY_TRUE_IN_ANY_CASE, .imds_proxy = true, .since = { .v1_disabled = "-" },
          .instead = "Update it to 3.0 or later, which uses the default chain of the AWS SDK",
          .steps = { OR_NEXT(OWN_CONFIG), OR_NEXT(ENV), OR_NEXT(PROFILE_CREDENTIALS), OR_NEXT(IMDS) } },
        /* The chain with repo-s3-key-type=auto; by default it uses keys of its own configuration. */
        { .name = "pgbackrest", .proven = "2.45 2.55.1", .sdk = "pgbackrest", .title = "pgBackRest", .kind = CHAIN_TOOL, .programs = "pgbackrest", KEYS_NONE,
          PROFILE_NONE, .config_file = CONFIG_NEVER,
          .imds_v1 = V1_UNLESS_TIMEOUT, .since = { .disabled = "-", .v1_disabled = "-" },
          .instead = "Start it with repo-s3-key-type=shared and the task role's keys as PGBACKREST_REPO1_S3_KEY, "
                     "PGBACKREST_REPO1_S3_KEY_SECRET and PGBACKREST_REPO1_S3_TOKEN (" EXPORT_KEYS ")",
          .steps = { OR_NEXT(OWN_CONFIG), OR_NEXT(IMDS) } },
        { .name = "s3fs", .proven = "1.90", .sdk = "s3fs", .title = "s3fs", .programs = "s3fs", S3FS, KEYS_PLAIN, .keys_present = NONEMPTY,
          .steps = { OR_NEXT(OWN_CONFIG), OR_NEXT(ENV) } },
        { .name = "s3fs-iam-role", .proven = "1.90", .sdk = "s3fs-iam-role", .title = "s3fs with -o iam_role", S3FS, KEYS_NONE,
          .instead = "Mount with -o ecs in place of -o iam_role",
          .since = { .disabled = "-", .v1_disabled = "-" }, .steps = { OR_NEXT(IMDS) } },
        { .name = "s3fs-ecs", .proven = "1.90", .sdk = "s3fs-ecs", .title = "s3fs with -o ecs", S3FS, KEYS_NONE,
          .since = { .full = "-", .token_file = "-" }, .steps = { OR_NEXT(CONTAINER) } },
        { .name = "s3cmd", .proven = "2.3.0 2.4.0", .sdk = "s3cmd", .title = "s3cmd", .kind = CHAIN_TOOL, .keys_present = NONEMPTY,
          .key_ids = { ENV_VAR_OLD_KEY_ID, ENV_VAR_KEY_ID, END }, .secrets = { ENV_VAR_OLD_SECRET, ENV_VAR_SECRET, END }, .key_id_alone_fails = true,
          .config_file = CONFIG_NEVER, PROFILE_PLAIN, .named_profile_only = true,
          .instead = "Start it with the task role's keys in its environment (" EXPORT_KEYS ")",
          .since = { .disabled = "-", .v1_disabled = "-" },
          .steps = { OR_NEXT(OWN_CONFIG), OR_NEXT(PROFILE_CREDENTIALS), OR_END(ENV), OR_END(WEB_IDENTITY), OR_NEXT(IMDS) } },
        { .name = "restic <0.16.2", .proven = "0.14.0", .before = "0.16.2", RESTIC, .imds_v1 = V1_UNLESS_TIMEOUT },
        { .name = "restic", .proven = "0.18.0 0.19.1", .from = "0.16.2", RESTIC },
        /* The program that it is part of gives it keys of a configuration, or this list of providers. */
        { .name = "minio-go <7.0.63", .before = "7.0.63", MINIO_GO, .imds_v1 = V1_UNLESS_TIMEOUT },
        { .name = "minio-go", .from = "7.0.63", MINIO_GO },
        /* The chain with env_auth; by default it uses keys of its own configuration, or none. It has the SDK read the config file. */
        { .name = "rclone <1.68", .proven = "1.60.1", .sdk = "rclone", .title = "rclone", .kind = CHAIN_TOOL, .programs = "rclone", .before = "1.68.0", GO1, GO1_PARSER_UNKNOWN,
          .config_file = CONFIG_ALWAYS, .own_keys_assume = true, .imds_v1 = V1_UNLESS_TIMEOUT,
          .since = { .token_file = "-", .v1_disabled = "-" },
          .steps = { OR_NEXT(OWN_CONFIG), OR_NEXT(ENV), OR_END(WEB_IDENTITY), OR_END(PROFILE), OR_END(CONTAINER), OR_END(IMDS) } },
        { .name = "rclone", .proven = "1.75.2", .sdk = "rclone", .title = "rclone", .kind = CHAIN_TOOL, .programs = "rclone", .from = "1.68.0", GO2_RULES, .missing_profile = MISSING_FATAL,
          .steps = { OR_NEXT(OWN_CONFIG), OR_NEXT(ENV), OR_END(WEB_IDENTITY), OR_END(PROFILE), OR_END(CONTAINER), OR_END(IMDS) } },
        /* Its common-config.toml may name a profile, its mode another chain; else the SDK's. */
        { .name = "cloudwatch-agent", .sdk = "cloudwatch-agent", .title = "Amazon CloudWatch agent", .kind = CHAIN_TOOL, .programs = "amazon-cloudwatch-agent", GO1, GO1_PARSER_UNKNOWN,
          .reads_instance_facts = true,
          .config_file = CONFIG_ALWAYS,
          .steps = { OR_NEXT(OWN_CONFIG), OR_NEXT(ENV), OR_END(WEB_IDENTITY), OR_END(PROFILE), OR_END(CONTAINER), OR_END(IMDS) } },
        /*
         * It takes the ID and the secret key each for itself, from the environment and else from the profile. How it reads files is not
         * known: that depends on the Python that runs it, 2 or 3.
         */
        { .name = "boto2", .proven = "2.49.0", .sdk = "boto2", .title = "boto 2", .kind = CHAIN_LIBRARY,
          .instead = "Move the program to boto3, or start it with the task role's keys in its environment (" EXPORT_KEYS ")",
          KEYS_PLAIN, .keys_present = EXISTS, .keys_replace = true, PROFILE_PLAIN, .missing_profile = MISSING_FAILS_AS_WITHOUT_KEYS,
          .empty_profile_named = true, .empty_keys_used = true, .config_file = CONFIG_NEVER, .credentials_file_needs_load_config = true,
          .malformed_fatal = true, .unreadable_fatal = true,
          .since = { .imds_v2 = "-", .disabled = "-", .v1_disabled = "-", .load_config = "-" },
          .steps = { OR_NEXT(ENV), OR_END(PROFILE_CREDENTIALS), OR_NEXT(OWN_CONFIG), OR_NEXT(IMDS) } },
        /* Its AWS outputs take no keys of their own; a refused host is no provider. It takes https for plain http. */
        { .name = "fluent-bit", .proven = "5.1.1", .sdk = "fluent-bit", .title = "Fluent Bit", .kind = CHAIN_TOOL, .programs = "fluent-bit",
          KEYS_PLAIN, .keys_present = NONEMPTY, .profile_variables = { ENV_VAR_PROFILE, ENV_VAR_DEFAULT_PROFILE },
          .relative_present = NONEMPTY, .full_present = NONEMPTY, .remote = REMOTE_SEQUENCE,
          .hosts = HOST_LOOP4 | HOST_ECS | HOST_EKS4 | HOST_EKS6, .container_proxy = true, .imds_proxy = true, .proxy_names = PROXY_UPPER,
          .imds_v1 = V1_UNLESS_TIMEOUT, .endpoint_waited_for = true, .process = true, .process_config_only = true,
          .since = { .full = "4.0.0", .disabled = "-", .v1_disabled = "-" },
          .steps = { OR_NEXT(ENV), OR_NEXT(PROFILE_PROCESS), OR_NEXT(PROFILE_CREDENTIALS),
                     OR_NEXT(WEB_IDENTITY), OR_NEXT(CONTAINER), OR_NEXT(IMDS) } },
        /* Until reqsign 0.14.8 the variables of profiles and files are read too late, and IMDS cannot be disabled. */
        { .name = "opendal <0.14.9", .proven = "0.14.1", .before = "0.14.9", OPENDAL_OLD, PROFILE_NONE, .credentials_file_needs_load_config = true,
          .since = { .disabled = "-", .v1_disabled = "-", .load_config = "-" },
          .steps = { OR_NEXT(OWN_CONFIG), OR_NEXT(ENV), OR_NEXT(PROFILE_CREDENTIALS), OR_NEXT(PROFILE_CONFIG), OR_NEXT(WEB_IDENTITY), OR_NEXT(IMDS) } },
        { .name = "opendal 0.14.9-0.16", .proven = "0.16.5", .from = "0.14.9", .before = "1.0.0", OPENDAL_OLD, PROFILE_PLAIN, .since = { .v1_disabled = "-" },
          .steps = { OR_NEXT(OWN_CONFIG), OR_NEXT(ENV), OR_NEXT(PROFILE_CREDENTIALS), OR_NEXT(PROFILE_CONFIG), OR_END(WEB_IDENTITY), OR_END(IMDS) } },
        /* ECS sets that variable in every container, so that these releases get no credentials from the container endpoint. */
        { .name = "opendal 1.0-3.1", .proven = "3.0.0 3.0.1 3.1.0", .from = "1.0.0", .before = "3.2.0", .base_v3 = true, OPENDAL_NEW },
        { .name = "opendal", .proven = "3.2.0", .from = "3.2.0", OPENDAL_NEW },
        { .name = "object-store <0.12.1", .proven = "0.12.0", .before = "0.12.1", OBJECT_STORE, .since = { .full = "-", .disabled = "-", .v1_disabled = "-" } },
        { .name = "object-store", .proven = "0.13.1 0.14.2", .from = "0.12.1", OBJECT_STORE, .since = { .disabled = "-", .v1_disabled = "-" } },
        { .name = "gdal <3.10", .proven = "3.7.2 3.8.5", .before = "3.10.0", GDAL },
        { .name = "gdal 3.10-3.11", .proven = "3.10.3", .from = "3.10.0", .before = "3.12.0", GDAL, .sso = true },
        { .name = "gdal", .proven = "3.12.4", .from = "3.12.0", GDAL, .sso = true, .process = true, .process_config_only = true },
        /* Until 1.27 an unreadable token file ends the chain. */
        { .name = "async-aws <1.20.1", .proven = "1.18.1", .before = "1.20.1", ASYNC_AWS, .keys_present = EXISTS,
          .since = { .container = "1.1.0", .full = "-", .token_file = "-", .imds_v2 = "1.19.0", .disabled = "-", .v1_disabled = "-" },
          .steps = ASYNC_AWS_STEPS_OLD },
        { .name = "async-aws 1.20.1-1.27", .proven = "1.25.0", .from = "1.20.1", .before = "1.28.0", ASYNC_AWS, .keys_present = NONEMPTY,
          .token_file_ends_chain = true, .since = { .full = "1.23.0", .token_file = "1.23.0", .disabled = "-", .v1_disabled = "-" },
          .steps = ASYNC_AWS_STEPS_OLD },
        { .name = "async-aws", .proven = "1.30.0", .from = "1.28.0", ASYNC_AWS, .keys_present = NONEMPTY,
          .since = { .disabled = "-", .v1_disabled = "-" },
          .steps = { OR_NEXT(OWN_CONFIG), OR_NEXT(ENV), OR_NEXT(WEB_IDENTITY), OR_NEXT(PROFILE), OR_NEXT(CONTAINER), OR_NEXT(IMDS) } },
        { .name = "s3a <3.4", .proven = "3.3.6", .before = "3.4.0", S3A, JAVA_HOSTS_OLD, .keys_present = NONBLANK, .first_existing = true,
          .key_ids = { ENV_VAR_KEY_ID, ENV_VAR_OLD_KEY_ID, END }, .secrets = { ENV_VAR_OLD_SECRET, ENV_VAR_SECRET, END },
          .token_first = true, .relative_present = EXISTS, .full_present = EXISTS, .hosts = HOSTS_MODERN, .token_file_full_only = true,
          .metadata_disabled = DISABLED_BY_TRUE_IN_ANY_CASE, .since = { .token_file = "-", .v1_disabled = "-" },
          .steps = { OR_NEXT(OWN_CONFIG), OR_NEXT(ENV), OR_NEXT(CONTAINER), OR_NEXT(IMDS) } },
        { .name = "s3a", .proven = "3.4.2", .from = "3.4.0", S3A, JAVA_HOSTS_LOOPBACK, .keys_present = NONBLANK, KEYS_PLAIN,
          .token_first = true, .relative_present = EXISTS, .full_present = EXISTS, .hosts = HOSTS_MODERN,
          .metadata_disabled = DISABLED_UNLESS_FALSE, .remote = REMOTE_SEQUENCE, .imds_spellings_fail = JAVA2_FATAL,
          .steps = { OR_NEXT(OWN_CONFIG), OR_NEXT(ENV), OR_NEXT(CONTAINER), OR_NEXT(IMDS) } },
};

size_t chain_row_count(void) { return ARRAY_SIZE(chain_rows); }

const struct chain_row *chain_row_get(size_t i)
{
        assert(i < ARRAY_SIZE(chain_rows));
        return &chain_rows[i];
}

const char *chain_row_name(const struct chain_row *r) { return r->name; }
const char *chain_row_sdk(const struct chain_row *r) { return r->sdk; }
const char *chain_row_title(const struct chain_row *r) { return r->title; }
const char *chain_row_from(const struct chain_row *r) { return r->from; }
const char *chain_row_before(const struct chain_row *r) { return r->before; }
const char *chain_row_proven(const struct chain_row *r) { return r->proven; }

const char *chain_row_instead(const struct chain_row *r) { return r->instead; }
enum chain_kind chain_row_kind(const struct chain_row *r) { return r->kind; }

static bool is_named(const char *names, const char *name)
{
        size_t n;

        for (; names && *names; names += n + strspn(names + n, " ")) {
                n = strcspn(names, " ");
                if (n == strlen(name) && memcmp(names, name, n) == 0)
                        return true;
        }
        return false;
}

const char *chain_tool_named(const char *exe, const char *sdk, const char *version)
{
        const char *slash = exe ? strrchr(exe, '/') : NULL;

        for (size_t i = 0; slash && i < ARRAY_SIZE(chain_rows); i++) {
                const struct chain_row *r = &chain_rows[i];

                if (is_named(r->programs, slash + 1) && (!r->built_with || streq(sdk, r->built_with)) &&
                    (!r->built_before || !version || version_compare(version, r->built_before) < 0))
                        return r->sdk;
        }
        return NULL;
}

enum chain_kind chain_sdk_kind(const char *sdk)
{
        const struct chain_row *r = chain_row_for(sdk, NULL);

        return r ? r->kind : CHAIN_SDK;
}

bool chain_sdk_home_by_passwd(const char *sdk)
{
        const struct chain_row *r = chain_row_for(sdk, NULL);

        return r && r->home_by_passwd;
}

bool chain_row_has_container(const struct chain_row *r)
{
        for (const struct step *s = r->steps; s->kind != S_END; s++)
                if (s->kind == S_CONTAINER)
                        return true;
        return false;
}

const char *chain_row_container_since(const struct chain_row *r)
{
        return chain_row_has_container(r) ? r->since.container : r->before;
}

const char *chain_row_imds_v2_since(const struct chain_row *r) { return r->since.imds_v2; }
bool chain_row_sticky(const struct chain_row *r) { return r->sticky; }

const struct chain_row *chain_row_for(const char *sdk, const char *version)
{
        const struct chain_row *found = NULL;

        for (size_t i = 0; i < ARRAY_SIZE(chain_rows); i++) {
                const struct chain_row *r = &chain_rows[i];

                if (!streq(r->sdk, sdk))
                        continue;
                if (!version) {
                        found = r;      /* the last of a family is its newest */
                        continue;
                }
                if ((!r->from || version_compare(version, r->from) >= 0) &&
                    (!r->before || version_compare(version, r->before) < 0))
                        return r;
        }
        return found;
}
