/*
 * The table. Order within a family: oldest range first.
 *
 * Sources: each SDK's default provider chain as published (botocore 1.43,
 * aws-sdk-js 2.1692, aws-sdk-js-v3 2026-07, aws-sdk-java 1.12 and 2.x,
 * aws-sdk-go 1.55, aws-sdk-go-v2, aws-sdk-ruby 3.211 and 2.11, aws-sdk-php,
 * aws-sdk-net v3 and v4, aws-config for Rust, aws-sdk-cpp, aws-c-auth 0.10).
 */
#include "rows.h"

#define END ENV_VAR_MAX
/* OR_NEXT: after an error the SDK tries the next step. OR_END: an error ends the chain. */
#define OR_NEXT(kind) { S_##kind, NEXT_STEP }
#define OR_END(kind)  { S_##kind, END_CHAIN }
#define KEYS_PLAIN .key_ids = { ENV_VAR_KEY_ID, END, END }, .secrets = { ENV_VAR_SECRET, END, END }
#define PROFILE_PLAIN .profile_variables = { ENV_VAR_PROFILE, END }

/* Parameters that the version ranges of one SDK share. */
#define BOTOCORE \
        .sdk = "botocore", .title = "botocore (boto3, AWS CLI v1)", \
        .since = { .container = "1.4.37", .full = "1.5.27", .token_file = "1.32.0", .web_identity \
                   = "1.12.200", .imds_v2 = "1.13.21", .https = "1.42.5", .disabled = "1.9.12", \
                   .v1_disabled = "1.32.4" }, \
        .profile_variables = { ENV_VAR_DEFAULT_PROFILE, ENV_VAR_PROFILE }, BOTOCORE_RULES
#define BOTOCORE_RULES \
        KEYS_PLAIN, .keys_present = NONEMPTY, .key_id_alone_fails = true, .relative_present = EXISTS, \
        .full_present = EXISTS, .hosts = HOSTS_MODERN, \
        .hosts_before = HOST_LOCALHOST | HOST_127_1 | HOST_ECS | HOST_HTTPS, \
        .remote = REMOTE_EITHER, .metadata_disabled = DISABLED_BY_TRUE_IN_ANY_CASE, \
        .imds_v1_disabled_fails = true, .imds_proxy = true, \
        .missing_profile = MISSING_FATAL, \
        .malformed_fatal = true, .web_identity_profile = WEB_MIXED, .web_identity_needs_role = true, \
        .sso = true, .process = true
#define BOTOCORE_STEPS \
        .steps = { OR_END(ENV), OR_END(PROFILE_ROLE), OR_END(WEB_IDENTITY), OR_END(PROFILE_SSO), \
                   OR_END(PROFILE_CREDENTIALS), OR_END(PROFILE_LOGIN), OR_END(PROFILE_PROCESS), \
                   OR_END(PROFILE_CONFIG), OR_NEXT(LEGACY), OR_END(CONTAINER), OR_END(IMDS) }
#define JS2 \
        .sdk = "js2", .title = "AWS SDK for JavaScript v2", \
        .since = { .container = "2.4.7", .full = "2.63.0", .token_file = "2.1550.0", \
                   .web_identity = "2.518.0", .imds_v2 = "2.575.0", .disabled = "2.187.0", \
                   .v1_disabled = "2.1488.0", .load_config = "2.44.0", .config_alone = "2.775.0", \
                   .profile_identity = "2.517.0", .profiles_merged = "2.758.0" }, \
        KEYS_PLAIN, .keys_present = NONEMPTY, .hosts_before = HOST_LOCALHOST | HOST_127_1 | HOST_HTTPS, \
        .relative_present = NONEMPTY, .full_present = NONEMPTY, .token_first = true, \
        .hosts = HOST_LOCALHOST | HOST_127_1 | HOST_EKS4 | HOST_HTTPS, .metadata_disabled = DISABLED_BY_ANYTHING, \
        PROFILE_PLAIN, .config_file = CONFIG_IF_LOAD_CONFIG_NONEMPTY, .credentials_file_needs_load_config = true, \
        .load_config_needs_files = true, .token_file_ends_chain = true, \
        .web_identity_profile = WEB_WHOLE, .profiles_replace = true, \
        .credential_source = SOURCE_NONE
#define JS3 \
        .profile_web_identity = true, \
        .sdk = "js3", .title = "AWS SDK for JavaScript v3", KEYS_PLAIN, .keys_present = NONEMPTY, \
        .steps = { OR_NEXT(ENV), OR_NEXT(PROFILE), OR_NEXT(PROFILE_PROCESS), OR_END(WEB_IDENTITY), \
                   OR_END(CONTAINER), OR_END(IMDS) }, \
        .relative_present = NONEMPTY, .full_present = NONEMPTY, .hosts = HOSTS_MODERN, .remote = REMOTE_EITHER, \
        .hosts_before = HOST_LOCALHOST | HOST_127_1, PROFILE_PLAIN, .named_profile_beats_keys = true, \
        .source_ignores_disabled = true, .role_alone_static = true, \
        .sso = true, .process = true
#define GO2 \
        .profile_web_identity = true, \
        .sdk = "go2", .title = "AWS SDK for Go v2", .keys_present = NONEMPTY, \
        .steps = { OR_NEXT(ENV), OR_END(WEB_IDENTITY), OR_END(PROFILE), OR_END(CONTAINER), OR_END(IMDS) }, \
        .key_ids = { ENV_VAR_KEY_ID, ENV_VAR_OLD_KEY_ID, END }, .secrets = { ENV_VAR_SECRET, ENV_VAR_OLD_SECRET, END }, \
        .relative_present = NONEMPTY, .full_present = NONEMPTY, .hosts = HOSTS_MODERN, .remote = REMOTE_EITHER, \
        .since = { .token_file = "1.23.0" }, .container_proxy = true, .imds_proxy = true, \
        .malformed_fatal = true, .role_alone_remote = true, .own_keys_assume = true, \
        .missing_source_fatal = true, .source_relative_only = true, \
        .hosts_before = HOST_LOCALHOST | HOST_LOOP4 | HOST_LOOP6, .half_profile_fatal = true, \
        .metadata_disabled = DISABLED_BY_TRUE_IN_ANY_CASE, .profile_variables = { ENV_VAR_PROFILE, ENV_VAR_DEFAULT_PROFILE }, \
        .web_identity_needs_role = true, .sso = true, .process = true
#define PHP \
        .sdk = "php", .title = "AWS SDK for PHP v3", .since = { .container = "3.18.28" }, KEYS_PLAIN, \
        .keys_present = NONEMPTY, \
        .relative_present = NONEMPTY, .full_present = NONEMPTY, .hosts = HOSTS_MODERN, \
        .container_error_is_none = true, .metadata_disabled = DISABLED_BY_TRUE, PROFILE_PLAIN
#define JAVA \
        .profile_web_identity = true, \
        .keys_present = NONBLANK, .token_first = true, .relative_present = EXISTS, .full_present = EXISTS, \
        .hosts = HOSTS_MODERN, .metadata_disabled = DISABLED_BY_TRUE, PROFILE_PLAIN, .sticky = true
#define NET \
        .profile_web_identity = true, \
        .key_ids = { ENV_VAR_KEY_ID, END, END }, .secrets = { ENV_VAR_SECRET, ENV_VAR_OLD_SECRET, END }, \
        .keys_present = NONEMPTY, \
        .relative_present = NONEMPTY, .full_present = NONEMPTY, .hosts = HOSTS_MODERN, .remote = REMOTE_EITHER, \
        .metadata_disabled = DISABLED_BY_TRUE, PROFILE_PLAIN, .sso = true, .process = true
#define CRT \
        .web_identity_profile = WEB_MIXED, .source_ignores_disabled = true, \
        .sdk = "crt", .title = "AWS Common Runtime (aws-c-auth)", KEYS_PLAIN, \
        .keys_present = NONEMPTY, .relative_present = NONEMPTY, .full_present = NONEMPTY, \
        .hosts = HOSTS_MODERN, .remote = REMOTE_EITHER, .container_error_is_none = true, \
        .metadata_disabled = DISABLED_UNLESS_FALSE, PROFILE_PLAIN, .sso = true, \
        .steps = { OR_NEXT(ENV), OR_NEXT(PROFILE), OR_NEXT(WEB_IDENTITY), OR_NEXT(CONTAINER), OR_NEXT(IMDS) }

static const struct chain_row chain_rows[] = {
        { .name = "botocore <1.4.37", BOTOCORE, .before = "1.4.37",
          .steps = { OR_END(ENV), OR_END(PROFILE_ROLE), OR_END(PROFILE_CREDENTIALS), OR_END(PROFILE_CONFIG),
                     OR_NEXT(LEGACY), OR_END(IMDS) } },
        { .name = "botocore", .proven = "1.29.27", BOTOCORE, .from = "1.4.37",
          BOTOCORE_STEPS },
        /* It bundles a botocore. Versions are those of the CLI; the release of EKS hosts and HTTPS is not known exactly. */
        { .name = "cli2", .proven = "2.9.19", .sdk = "cli2", .title = "AWS CLI v2", BOTOCORE_RULES,
          .since = { .token_file = "2.14.0", .v1_disabled = "2.14.0", .https = "2.32.13" },
          .profile_variables = { ENV_VAR_PROFILE, ENV_VAR_DEFAULT_PROFILE }, BOTOCORE_STEPS },
        { .name = "js2 <2.4.7", .proven = "2.4.6", JS2, .before = "2.4.7",
          .steps = { OR_NEXT(ENV), OR_NEXT(ENV_AMAZON), OR_NEXT(PROFILE), OR_NEXT(IMDS) } },
        { .name = "js2 2.4.7-2.428", .proven = "2.428.0", JS2, .from = "2.4.7", .before = "2.429.0",
          .remote = REMOTE_EITHER,
          .steps = { OR_NEXT(ENV), OR_NEXT(ENV_AMAZON), OR_NEXT(PROFILE), OR_NEXT(CONTAINER), OR_NEXT(IMDS) } },
        { .name = "js2 2.429-2.516", .proven = "2.430.0 2.516.0", JS2, .from = "2.429.0", .before = "2.517.0",
          .remote = REMOTE_SEQUENCE,
          .steps = { OR_NEXT(ENV), OR_NEXT(ENV_AMAZON), OR_NEXT(PROFILE), OR_NEXT(CONTAINER),
                     OR_NEXT(PROFILE_PROCESS), OR_NEXT(IMDS) } },
        { .name = "js2", .proven = "2.517.0 2.574.0 2.1693.0", JS2, .from = "2.517.0",
          .remote = REMOTE_SEQUENCE, .sso = true,
          .steps = { OR_NEXT(ENV), OR_NEXT(ENV_AMAZON), OR_NEXT(PROFILE), OR_NEXT(CONTAINER),
                     OR_NEXT(PROFILE_PROCESS), OR_NEXT(WEB_IDENTITY), OR_NEXT(IMDS) } },
        /*
         * The numbers are those of @aws-sdk/credential-provider-node, which left the clients' own
         * at 3.972.0. The HTTP provider came with 3.504.0, "false" is understood since 3.738.0, and
         * 3.972.63 (clients from 3.1080.0) reversed both priorities.
         */
        { .name = "js3 <3.504", .proven = "3.345.0", JS3, .before = "3.504.0", .source_lone_ends = true,
          .since = { .token_file = "-", .v1_disabled = "3.451.0" },
          .token_first = true, .metadata_disabled = DISABLED_BY_ANYTHING },
        { .name = "js3 3.504-3.737", JS3, .from = "3.504.0", .before = "3.738.0", .full_first = true,
          .token_first = true, .metadata_disabled = DISABLED_BY_ANYTHING },
        { .name = "js3 3.738-3.972.62", .proven = "3.972.62", JS3, .from = "3.738.0", .before = "3.972.63",
          .full_first = true, .token_first = true, .metadata_disabled = DISABLED_UNLESS_FALSE_OR_EMPTY },
        { .name = "js3", .proven = "3.972.66 3.972.97", JS3, .from = "3.972.63",
          .metadata_disabled = DISABLED_UNLESS_FALSE_OR_EMPTY },
        { .name = "java1", .sdk = "java1", .title = "AWS SDK for Java v1", JAVA, .properties = PROPERTIES_V1,
          .since = { .container = "1.11.16", .imds_v2 = "1.11.678" },
          .key_ids = { ENV_VAR_KEY_ID, ENV_VAR_OLD_KEY_ID, END }, .secrets = { ENV_VAR_OLD_SECRET, ENV_VAR_SECRET, END },
          .remote = REMOTE_EITHER, .credential_source = SOURCE_NONE, .process = true,
          .steps = { OR_NEXT(ENV), OR_NEXT(SYSPROPS), OR_NEXT(WEB_IDENTITY), OR_NEXT(PROFILE),
                     OR_NEXT(CONTAINER), OR_NEXT(IMDS) } },
        { .name = "java2", .sdk = "java2", .title = "AWS SDK for Java v2", JAVA, KEYS_PLAIN,
          .properties = PROPERTIES_V2,
          .since = { .imds_v2 = "2.10.21" },
          .remote = REMOTE_SEQUENCE, .sso = true, .process = true,
          .steps = { OR_NEXT(SYSPROPS), OR_NEXT(ENV), OR_NEXT(WEB_IDENTITY), OR_NEXT(PROFILE),
                     OR_NEXT(CONTAINER), OR_NEXT(IMDS) } },
        { .name = "go1", .proven = "1.44.133", .sdk = "go1", .profile_web_identity = true,
          .title = "AWS SDK for Go v1",
          .since = { .container = "1.2.5", .full = "1.8.13", .token_file = "1.47.11", .web_identity
                     = "1.21.0", .imds_v2 = "1.25.38", .disabled = "1.13.4", .v1_disabled =
                     "1.47.2" },
          .keys_present = NONEMPTY, .hosts_before = HOST_LOCALHOST | HOST_LOOP4 | HOST_LOOP6,
          .container_proxy = true, .imds_proxy = true, .malformed_fatal = true,
          .keys_spare_files = true, .missing_source_fatal = true,
          .source_relative_only = true,
          .role_needs_load_config = true, .role_alone_remote = true,
          .token_file_full_only = true,
          .key_ids = { ENV_VAR_KEY_ID, ENV_VAR_OLD_KEY_ID, END }, .secrets = { ENV_VAR_SECRET, ENV_VAR_OLD_SECRET, END },
          .steps = { OR_NEXT(ENV), OR_END(WEB_IDENTITY), OR_END(PROFILE), OR_END(CONTAINER), OR_END(IMDS) },
          .relative_present = NONEMPTY, .full_present = NONEMPTY, .full_first = true, .hosts = HOSTS_MODERN,
          .remote = REMOTE_EITHER, .metadata_disabled = DISABLED_BY_TRUE_IN_ANY_CASE,
          .profile_variables = { ENV_VAR_PROFILE, ENV_VAR_DEFAULT_PROFILE },
          .default_profile_needs_load_config = true, .config_file = CONFIG_IF_LOAD_CONFIG_TRUE,
          .web_identity_needs_role = true, .credential_source = SOURCE_REMOTE, .sso = true, .process = true },
        /* Newer releases test RELATIVE_URI first; the exact release of that change is not known. */
        { .name = "go2 <1.30", .proven = "1.17.1", GO2, .before = "1.30.0", .full_first = true },
        { .name = "go2", GO2, .from = "1.30.0" },
        { .name = "ruby2", .sdk = "ruby2", .title = "AWS SDK for Ruby v2",
          .since = { .container = "2.3.22", .full = "-", .token_file = "-", .web_identity = "-",
                     .imds_v2 = "2.11.0" }, .keys_present = NONEMPTY,
          .key_ids = { ENV_VAR_KEY_ID, ENV_VAR_AMAZON_KEY_ID, ENV_VAR_OLD_KEY_ID },
          .secrets = { ENV_VAR_SECRET, ENV_VAR_AMAZON_SECRET, ENV_VAR_OLD_SECRET },
          .first_existing = true, .relative_present = EXISTS, .full_present = NONEMPTY, .remote = REMOTE_EITHER,
          .container_error_is_none = true, .empty_relative_is_none = true, .metadata_disabled = DISABLED_BY_TRUE,
          PROFILE_PLAIN, .steps = { OR_NEXT(ENV), OR_END(PROFILE_ROLE), OR_NEXT(PROFILE_CREDENTIALS),
                                    OR_NEXT(CONTAINER), OR_NEXT(IMDS) } },
        { .name = "ruby3", .proven = "3.168.1", .sdk = "ruby3", .title = "AWS SDK for Ruby v3",
          .since = { .full = "3.171.0", .token_file = "3.188.0", .web_identity = "3.58.0", .imds_v2
                     = "3.79.0", .disabled = "3.16.0", .v1_disabled = "3.186.0" },
          .keys_present = NONEMPTY, .hosts_before = HOST_LOCALHOST | HOST_LOOP4 | HOST_LOOP6 | HOST_HTTPS,
          .key_ids = { ENV_VAR_KEY_ID, ENV_VAR_AMAZON_KEY_ID, ENV_VAR_OLD_KEY_ID },
          .secrets = { ENV_VAR_SECRET, ENV_VAR_AMAZON_SECRET, ENV_VAR_OLD_SECRET },
          .first_existing = true, .relative_present = EXISTS, .full_present = EXISTS, .hosts = HOSTS_MODERN,
          .remote = REMOTE_EITHER, .container_error_is_none = true, .empty_relative_is_none = true,
          .metadata_disabled = DISABLED_BY_TRUE_IN_ANY_CASE,
          .profile_variables = { ENV_VAR_PROFILE, ENV_VAR_DEFAULT_PROFILE }, .config_file = CONFIG_UNLESS_OPT_OUT,
          .web_identity_profile = WEB_WHOLE_PLAIN, .opt_out_keys_only = true,
          .imds_proxy = true, .sso = true, .process = true,
          .steps = { OR_NEXT(ENV), OR_END(WEB_IDENTITY), OR_NEXT(PROFILE_SSO), OR_END(PROFILE_ROLE),
                     OR_NEXT(PROFILE_CREDENTIALS), OR_NEXT(PROFILE_CONFIG), OR_NEXT(PROFILE_PROCESS),
                     OR_NEXT(CONTAINER), OR_NEXT(IMDS) } },
        { .name = "php <3.200", PHP, .before = "3.200.0", .remote = REMOTE_SEQUENCE,
          .steps = { OR_NEXT(ENV), OR_NEXT(WEB_IDENTITY), OR_NEXT(PROFILE_CREDENTIALS),
                     OR_NEXT(PROFILE_CONFIG), OR_NEXT(CONTAINER), OR_NEXT(PROFILE_PROCESS), OR_NEXT(IMDS) } },
        { .name = "php", PHP, .from = "3.200.0", .remote = REMOTE_EITHER, .sso = true, .process = true,
          .steps = { OR_NEXT(ENV), OR_NEXT(WEB_IDENTITY), OR_NEXT(PROFILE_SSO), OR_NEXT(PROFILE_PROCESS),
                     OR_NEXT(PROFILE_CREDENTIALS), OR_NEXT(PROFILE_CONFIG), OR_NEXT(CONTAINER), OR_NEXT(IMDS) } },
        { .name = "dotnet3", .sdk = "dotnet3", .title = "AWS SDK for .NET v3", NET,
          .steps = { OR_NEXT(WEB_IDENTITY), OR_NEXT(PROFILE), OR_NEXT(ENV), OR_END(CONTAINER), OR_END(IMDS) } },
        { .name = "dotnet4", .sdk = "dotnet4", .title = "AWS SDK for .NET v4", NET,
          .missing_profile = MISSING_FAILS,
          .steps = { OR_NEXT(ENV), OR_NEXT(WEB_IDENTITY), OR_END(PROFILE), OR_END(CONTAINER), OR_END(IMDS) } },
        { .name = "rust", .sdk = "rust", .profile_web_identity = true, .title = "AWS SDK for Rust",
          .keys_present = NONBLANK,
          .key_ids = { ENV_VAR_KEY_ID, END, END }, .secrets = { ENV_VAR_SECRET, ENV_VAR_RUST_SECRET, END },
          .relative_present = EXISTS, .full_present = EXISTS, .token_file_always = true,
          .hosts = HOSTS_MODERN, .remote = REMOTE_EITHER, .metadata_disabled = DISABLED_BY_TRUE_IN_ANY_CASE,
          .imds_v1 = V1_NEVER, PROFILE_PLAIN,
          .malformed_fatal = false, .web_identity_needs_role = true, .sso = true, .process = true,
          .steps = { OR_NEXT(ENV), OR_END(PROFILE), OR_END(WEB_IDENTITY), OR_END(CONTAINER), OR_NEXT(IMDS) } },
        { .name = "cpp", .sdk = "cpp", .title = "AWS SDK for C++", KEYS_PLAIN, .keys_present = NONEMPTY,
          .relative_present = NONEMPTY, .full_present = NONEMPTY, .hosts = HOSTS_MODERN, .remote = REMOTE_EITHER,
          .container_error_is_none = true, .sticky = true, .unusable_uri = UNUSABLE_REQUESTS_NEITHER,
          .metadata_disabled = DISABLED_BY_TRUE,
          .profile_variables = { ENV_VAR_DEFAULT_PROFILE, ENV_VAR_PROFILE }, .sso = true, .process = true,
          .credential_source = SOURCE_NONE,
          .steps = { OR_NEXT(ENV), OR_NEXT(PROFILE_CREDENTIALS), OR_NEXT(PROFILE_CONFIG),
                     OR_NEXT(PROFILE_PROCESS), OR_NEXT(WEB_IDENTITY), OR_NEXT(PROFILE_SSO), OR_NEXT(CONTAINER),
                     OR_NEXT(IMDS) } },
        /* The numbers are those of aws-c-auth itself. */
        { .name = "crt <0.7.8", .proven = "0.6.24", CRT, .before = "0.7.8", .hosts_before = HOST_ANY,
          .since = { .token_file = "-", .v1_disabled = "-" }, .credential_source = SOURCE_NO_CONTAINER,
          .imds_v1 = V1_UNLESS_TIMEOUT },
        { .name = "crt", .proven = "0.10.5", CRT, .from = "0.7.8", .process = true,
          .since = { .v1_disabled = "-" } },
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
