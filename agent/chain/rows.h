/*
 * rows -- the chain table: its parameters, each in one place, and the shape of a row.
 *
 * A parameter is a row of CHAIN_PARAMETERS or CHAIN_SINCE. Its struct member, its name
 * in JSON, its text for people and its mutation tests are generated from it. The
 * parameters follow the SDKs' source code: where two SDKs differ in anything that
 * changes which credentials they take, there is a parameter. The value 0 is the default.
 */
#pragma once
#include <assert.h>
#include "rolewatch/chain.h"

/* ---- steps ---- */

/* id, word in `rolewatch chains`, provider, function, reason why an unconfigured step is off (NULL: the function gives it) */
#define STEP_KINDS(X) \
        X(OWN_CONFIG,   "own-config",   OWN_CONFIG,   step_own_config,   NULL) \
        X(SYSPROPS,     "sysprops",     SYSPROPS,     step_sysprops,     "no keys in Java system properties") \
        X(ENV,          "env",          ENV,          step_env,          "no static keys in the environment") \
        X(ENV_AMAZON,   "env-AMAZON",   ENV,          step_env,          "no AMAZON_ keys in the environment") \
        X(WEB_IDENTITY, "web-identity", WEB_IDENTITY, step_web_identity, "AWS_WEB_IDENTITY_TOKEN_FILE is not set") \
        X(PROFILE,      "profile",      PROFILE,      step_profile,      "no default profile") \
        X(PROFILE_ROLE, "profile-role", PROFILE,      step_profile,      "no profile with role_arn") \
        X(PROFILE_SSO,  "profile-sso",  SSO,          step_profile,      "no profile with SSO settings") \
        X(PROFILE_CREDENTIALS, "credentials-file", PROFILE, step_profile, "no keys in the credentials file") \
        X(PROFILE_PROCESS, "process",   PROCESS,      step_profile,      "no profile with credential_process") \
        X(PROFILE_CONFIG, "config-file", PROFILE,     step_profile,      "no keys in the config file") \
        X(PROFILE_LOGIN, "profile-login", PROFILE,    step_profile,      "no profile with login_session") \
        X(LEGACY,       "boto-file",    PROFILE,      step_legacy,       "no legacy boto configuration file is set") \
        X(CONTAINER,    "container",    CONTAINER,    step_container,    NULL) \
        X(IMDS,         "imds",         IMDS,         step_imds,         NULL)
enum step_kind {
        S_END,
#define X(id, word, provider, run, off) S_##id,
        STEP_KINDS(X)
#undef X
};
enum on_error { NEXT_STEP, END_CHAIN };
struct step { enum step_kind kind; enum on_error on_error; };

/* ---- the values of a parameter: id, text ---- */

#define PRESENTS(X) X(EXISTS, "it exists, even if empty") X(NONEMPTY, "it is not empty") X(NONBLANK, "it is not blank")
#define REMOTES(X) \
        X(REMOTE_EITHER, "either: a container variable excludes IMDS, even when the endpoint fails") \
        X(REMOTE_SEQUENCE, "in sequence: the SDK tries IMDS when the container endpoint fails")
#define UNUSABLES(X) X(UNUSABLE_FAILS, "an error") X(UNUSABLE_REQUESTS_NEITHER, "the SDK contacts neither the endpoint nor IMDS")
#define DISABLED_RULES(X) \
        X(DISABLED_BY_TRUE, "\"true\"") \
        X(DISABLED_BY_TRUE_IN_ANY_CASE, "\"true\" in any letter case") \
        X(DISABLED_BY_ANYTHING, "not empty, even if \"false\"") \
        X(DISABLED_UNLESS_FALSE, "not \"false\", even if empty") \
        X(DISABLED_UNLESS_FALSE_OR_EMPTY, "neither \"false\" nor empty")
#define V1_RULES(X) \
        X(V1_FALLBACK, "used when no token is available") \
        X(V1_NEVER, "never used") \
        X(V1_UNLESS_TIMEOUT, "used when the token request is refused, but not when it times out")
#define MISSINGS(X) \
        X(MISSING_SKIP, "ignored") \
        X(MISSING_FAILS, "an error of the profile step") \
        X(MISSING_FATAL, "an error before any step") \
        X(MISSING_FATAL_BY_FIRST, "an error before any step if the first variable names it, else ignored") \
        X(MISSING_FAILS_BESIDE_OTHERS, "an error of the profile step if the files have any profile, else ignored") \
        X(MISSING_FAILS_AS_WITHOUT_KEYS, "an error of the profile step, as is one without a key pair")
#define CONFIG_RULES(X) \
        X(CONFIG_ALWAYS, "read") \
        X(CONFIG_IF_LOAD_CONFIG_NONEMPTY, "read when AWS_SDK_LOAD_CONFIG is not empty") \
        X(CONFIG_IF_LOAD_CONFIG_TRUE, "read when AWS_SDK_LOAD_CONFIG is true (1, t, true)") \
        X(CONFIG_UNLESS_OPT_OUT, "read unless AWS_SDK_CONFIG_OPT_OUT is set") \
        X(CONFIG_NEVER, "not read") \
        X(CONFIG_WITHOUT_CREDENTIALS, "read when ~/.aws/credentials does not exist")
#define SOURCE_RULES(X) \
        X(SOURCE_EXACT, "followed as written") \
        X(SOURCE_REMOTE, "the container endpoint if its variables are set, else IMDS, whichever of the two it names") \
        X(SOURCE_NONE, "not supported") \
        X(SOURCE_NO_CONTAINER, "Ec2InstanceMetadata and Environment only; EcsContainer is not supported")
#define WEB_PROFILES(X) \
        X(WEB_ENV_ONLY, "nothing") \
        X(WEB_MIXED, "each value that is missing in the environment") \
        X(WEB_WHOLE, "both values, unless the environment has both") \
        X(WEB_WHOLE_ANY, "both values, unless the environment has both; the section needs no \"profile\" before the name") \
        X(WEB_WHOLE_PLAIN, "both values, unless the environment has both, from the profile that the first profile variable names")
#define PROXY_RULES(X) X(PROXY_EITHER, "http_proxy, then HTTP_PROXY") X(PROXY_LOWER, "http_proxy") X(PROXY_UPPER, "HTTP_PROXY") \
        X(PROXY_UPPER_FILLED, "HTTP_PROXY if it is not empty, else http_proxy") \
        X(PROXY_LOWER_FILLED, "http_proxy if it is not empty, else HTTP_PROXY")
#define FILE_VARIABLES(X) \
        X(FILE_VARIABLE_UNSET, "as if it were not set") \
        X(FILE_VARIABLE_NO_FILE, "no file") \
        X(FILE_VARIABLE_FATAL, "an error before any step")
#define V1_SWITCHES(X) \
        X(V1_OFF_UNLESS_FALSE, "neither empty nor \"false\" in any letter case") \
        X(V1_OFF_BY_TRUE, "\"true\" in any letter case") \
        X(V1_OFF_BY_TRUE_EXACTLY, "\"true\" in lower case") \
        X(V1_OFF_BY_TRUE_OR_1, "1, or \"true\" in any letter case") \
        X(V1_OFF_UNLESS_FALSE_EXACTLY, "neither empty nor \"false\" in lower case") \
        X(V1_OFF_UNLESS_FALSE_EVEN_EMPTY, "not \"false\" in any letter case, even if empty")
#define EXEMPTION_NAMES(X) \
        X(NO_PROXY_LOWER_FIRST, "no_proxy, else NO_PROXY") \
        X(NO_PROXY_LOWER_FILLED, "no_proxy if it is not empty, else NO_PROXY") \
        X(NO_PROXY_UPPER_FILLED, "NO_PROXY if it is not empty, else no_proxy") \
        X(NO_PROXY_UPPER_FIRST, "NO_PROXY, else no_proxy") \
        X(NO_PROXY_BOTH, "no_proxy and NO_PROXY together")
#define TIMEOUTS(X) \
        X(TIMEOUT_UNCHECKED, "ignored") \
        X(TIMEOUT_IMDS, "an error of the IMDS step") \
        X(TIMEOUT_REMOTE, "an error of the container and IMDS steps, which ends the chain")
#define SSO_MARKS(X) \
        X(SSO_BY_URL, "sso_start_url or sso_session") \
        X(SSO_BY_ROLE, "sso_account_id or sso_role_name") \
        X(SSO_BY_ANY, "any of its settings")
#define SECOND_FACTORS(X) \
        X(SECOND_FACTOR_FAILS, "an error of the profile step") \
        X(SECOND_FACTOR_ENDS, "an error that ends the chain") \
        X(SECOND_FACTOR_IGNORED, "ignored")
#define REFUSALS(X) \
        X(REFUSAL_UNKNOWN, "not known") \
        X(REFUSAL_NEXT, "the SDK tries the next step") \
        X(REFUSAL_ENDS, "an error that ends the chain")
/* What an entry of NO_PROXY may be beside an address. */
#define EXEMPTIONS(X) \
        X(ALL, "* alone") X(STAR, "* in a list") X(PORT, "an address with a port") X(SUFFIX, "the end of an address") \
        X(RANGE, "a range of addresses") X(PREFIX, "the beginning of an address, with * behind it")
/*
 * Settings that SDKs check before they look for credentials: id of the variable and of the key in the profile, name of the
 * variable, values that every SDK accepts ("": a number, ":": a URL with a scheme, "+": not empty), more that some accept (beside
 * other letter case, blanks around, a sign, and 0), member of struct since (EVER: every release has it).
 */
#define TRUTHS       "true false True False TRUE FALSE"
#define OTHER_TRUTHS "1 0 on off yes no"
#define SDK_SETTINGS(X) \
        X(IMDS_MODE,             "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",   "ipv4 ipv6 IPv4 IPv6",                                 "",            SINCE(imds_mode)) \
        X(METADATA_V1_DISABLED,  "AWS_EC2_METADATA_V1_DISABLED",             TRUTHS,                                                "",            SINCE(v1_disabled)) \
        X(IMDS_ATTEMPTS,         "AWS_METADATA_SERVICE_NUM_ATTEMPTS",        "",                                                    "",            EVER) \
        X(IMDS_TIMEOUT,          "AWS_METADATA_SERVICE_TIMEOUT",             "",                                                    "",            SINCE(imds_timeout)) \
        X(RETRY_MODE,            "AWS_RETRY_MODE",                           "legacy standard adaptive",                            "",            SINCE(retry_modes)) \
        X(MAX_ATTEMPTS,          "AWS_MAX_ATTEMPTS",                         "",                                                    "",            SINCE(retry_modes)) \
        X(DEFAULTS_MODE,         "AWS_DEFAULTS_MODE",                        "legacy standard in-region cross-region mobile auto",  "",            SINCE(defaults_mode)) \
        X(STS_ENDPOINTS,         "AWS_STS_REGIONAL_ENDPOINTS",               "legacy regional",                                     "",            SINCE(sts_endpoints)) \
        X(FIPS,                  "AWS_USE_FIPS_ENDPOINT",                    TRUTHS,                                                OTHER_TRUTHS,  SINCE(fips)) \
        X(DUALSTACK,             "AWS_USE_DUALSTACK_ENDPOINT",               TRUTHS,                                                OTHER_TRUTHS,  SINCE(fips)) \
        X(ACCOUNT_MODE,          "AWS_ACCOUNT_ID_ENDPOINT_MODE",             "preferred required disabled",                         "",            SINCE(account_mode)) \
        X(CHECKSUM,              "AWS_REQUEST_CHECKSUM_CALCULATION",         "when_supported when_required",                        "",            SINCE(checksum)) \
        X(COMPRESSION,           "AWS_DISABLE_REQUEST_COMPRESSION",          "true false",                                          OTHER_TRUTHS,  SINCE(compression)) \
        X(ENDPOINT_URL,          "AWS_ENDPOINT_URL",                         ":",                                                   "",            SINCE(endpoint_url)) \
        X(SIGV4A_REGIONS,        "AWS_SIGV4A_SIGNING_REGION_SET",            "+",                                                   "",            SINCE(sigv4a_regions))
#define PROPERTIES(X) \
        X(PROPERTIES_NONE, "not read") X(PROPERTIES_V1, "keys, and the profile if no variable names one") X(PROPERTIES_V2, "keys, URIs, profile and switches")
/* The hosts that an SDK allows in FULL_URI over plain HTTP, as bits; HTTPS and ANY are rules of their own. */
#define URI_HOSTS(X) \
        X(LOCALHOST, "localhost") X(LOOP4, "127.0.0.0/8") X(127_1, "127.0.0.1") X(LOOP6, "[::1]") \
        X(ECS, "169.254.170.2") X(EKS4, "169.254.170.23") X(EKS6, "[fd00:ec2::23]") X(HTTPS, "any host over HTTPS") X(ANY, "any host")

#define ENUM_TYPES(T) \
        T(present, PRESENTS) T(remote, REMOTES) T(unusable, UNUSABLES) T(disabled_rule, DISABLED_RULES) T(v1_rule, V1_RULES) \
        T(missing, MISSINGS) T(config_rule, CONFIG_RULES) T(source_rule, SOURCE_RULES) T(web_profile, WEB_PROFILES) \
        T(properties, PROPERTIES) T(proxy_rule, PROXY_RULES) T(file_variable, FILE_VARIABLES) T(v1_switch, V1_SWITCHES) \
        T(exemption_names, EXEMPTION_NAMES) T(refusal, REFUSALS) T(second_factor, SECOND_FACTORS) T(sso_marks, SSO_MARKS) \
        T(timeout_rule, TIMEOUTS)
#define X(id, strings) id,
#define T(tag, LIST) enum tag { LIST(X) };
ENUM_TYPES(T)
#undef T
#undef X
enum {
#define X(id, strings) HOST_BIT_##id,
        URI_HOSTS(X)
#undef X
        URI_HOST_MAX
};
enum {
#define X(id, strings) HOST_##id = 1 << HOST_BIT_##id,
        URI_HOSTS(X)
#undef X
};
enum {
#define X(id, meaning) EXEMPT_BIT_##id,
        EXEMPTIONS(X)
#undef X
};
enum {
#define X(id, meaning) EXEMPT_##id = 1 << EXEMPT_BIT_##id,
        EXEMPTIONS(X)
#undef X
};
enum setting {
#define X(id, name, values, doubtful, since) SETTING_BIT_##id,
        SDK_SETTINGS(X)
#undef X
        SETTING_MAX
};
enum {
#define X(id, name, values, doubtful, since) SETTING_##id = 1 << SETTING_BIT_##id,
        SDK_SETTINGS(X)
#undef X
};
#define HOSTS_MODERN (HOST_LOCALHOST | HOST_LOOP4 | HOST_LOOP6 | HOST_ECS | HOST_EKS4 | HOST_EKS6 | HOST_HTTPS)

/* ---- the parameters, in the order in which they are shown ---- */

/*
 * kind, member, type, name in JSON, meaning. Kinds: WORD is a value of an enum; FLAG is yes or no; FIRST is a flag
 * that chooses between two; SET is a bit set; LIST is a list of variables in order, ended by ENV_VAR_MAX.
 */
#define CHAIN_PARAMETERS(X) \
        X(ENUM,  remote, remote, "remote", "container endpoint and IMDS") \
        X(ENUM,  relative_present, present, "relativeSet", "RELATIVE_URI counts as set when") \
        X(ENUM,  full_present, present, "fullSet", "FULL_URI counts as set when") \
        X(FIRST, full_first, PAIR("RELATIVE_URI", "FULL_URI"), "uriFirst", "when both URIs are set, the SDK uses") \
        X(FLAG,  empty_relative_is_none, _, "emptyRelativeIsNone", "an empty RELATIVE_URI is not an error") \
        X(SET,   hosts, hosts, "hosts", "hosts allowed in FULL_URI") \
        /* used for releases before since.token_file */ \
        X(SET,   hosts_before, hosts, "hostsBefore", "hosts allowed in FULL_URI by earlier releases") \
        X(ENUM,  unusable_uri, unusable, "badUri", "a URI that cannot be requested") \
        /* the chain then ends without credentials and without an error */ \
        X(FLAG,  container_error_is_none, _, "endpointErrorIsLost", "an endpoint error is discarded") \
        X(FLAG,  container_proxy, _, "endpointByProxy", "requests to the container endpoint go through http_proxy") \
        X(FLAG,  full_proxy, _, "fullByProxy", "requests to other servers, which FULL_URI names, go through http_proxy") \
        X(FIRST, token_first, PAIR("the token file", "the token"), "tokenFirst", "when both a token and a token file are set, the SDK uses") \
        X(FLAG,  full_needs_token_file, _, "fullNeedsTokenFile", "FULL_URI is used only together with a token file") \
        X(FLAG,  base_variable, _, "baseVariable", "AWS_CONTAINER_SERVICE_ENDPOINT names another server for RELATIVE_URI") \
        X(FLAG,  base_v3, _, "baseV3", "RELATIVE_URI is requested below ECS_CONTAINER_METADATA_URI, where no credentials are") \
        X(FLAG,  token_file_always, _, "tokenFileAlways", "an unreadable token file is an error even without a URI") \
        X(FLAG,  token_file_full_only, _, "tokenFileFullOnly", "the token file applies to FULL_URI only") \
        X(FLAG,  token_file_any_host, _, "tokenFileAnyHost", "with a token file, FULL_URI may have any host") \
        X(FLAG,  endpoint_waited_for, _, "endpointWaitedFor", "a timeout of the container endpoint is not an error: the SDK tries again without end") \
        /* even with REMOTE_SEQUENCE */ \
        X(FLAG,  token_file_ends_chain, _, "tokenFileThrows", "an unreadable token file ends the chain") \
        X(ENUM,  metadata_disabled, disabled_rule, "disabledBy", "AWS_EC2_METADATA_DISABLED disables IMDS when it is") \
        X(FLAG,  disabled_checked, _, "disabledChecked", "AWS_EC2_METADATA_DISABLED must be \"true\" or \"false\" in any letter case; otherwise it is an error before any step") \
        X(ENUM,  imds_v1, v1_rule, "imdsV1", "IMDSv1") \
        X(FLAG,  imds_v1_disabled_fails, _, "v1DisabledFails", "a missing IMDSv2 token is an error when AWS_EC2_METADATA_V1_DISABLED is set") \
        X(SET,   imds_spellings_fail, spellings, "imdsSpellingsFail", "in profile files, an error of the IMDS step") \
        X(FLAG,  imds_two_slashes, _, "imdsTwoSlashes", "credentials are requested from IMDS by a path with two slashes, and whether IMDS takes it is not known") \
        X(FLAG,  imds_proxy, _, "imdsByProxy", "requests to IMDS go through http_proxy") \
        X(ENUM,  proxy_names, proxy_rule, "proxyNames", "proxy variables") \
        X(FLAG,  all_proxy, _, "allProxy", "where these are not set, ALL_PROXY is used") \
        X(FLAG,  no_proxy_ports_read, _, "noProxyPortsRead", "an entry of NO_PROXY with a colon that is not before a port, as in an IPv6 address, fails every request") \
        X(FLAG,  proxies_fatal, _, "proxiesFail", "what is wrong with proxy variables is an error before any step") \
        X(LIST,  key_ids, 3, "keyIdVariables", "access key ID variables") \
        X(LIST,  secrets, 3, "secretVariables", "secret key variables") \
        X(ENUM,  keys_present, present, "keysSet", "a key variable counts as set when") \
        X(FLAG,  keys_trimmed, _, "keysTrimmed", "blanks around keys are removed: blank keys are used, and empty") \
        X(FLAG,  keys_replace, _, "keysReplace", "a key variable replaces the key of the profile: a pair may be half of each") \
        X(FLAG,  keys_assume, _, "keysAssume", "keys in the environment assume the role in AWS_ROLE_ARN") \
        X(FLAG,  first_existing, _, "firstExisting", "the first key variable that exists is used, even if empty") \
        X(FLAG,  key_id_alone_fails, _, "keyIdAloneFails", "an access key ID without a secret key is an error") \
        X(FLAG,  secret_alone_fails, _, "secretAloneFails", "a secret key without an access key ID is an error") \
        X(LIST,  profile_variables, 2, "profileVariables", "profile name variables") \
        X(FLAG,  default_profile_needs_load_config, _, "defaultProfileNeedsLoadConfig", "AWS_DEFAULT_PROFILE requires AWS_SDK_LOAD_CONFIG") \
        X(FLAG,  named_profile_only, _, "namedProfileOnly", "a profile is read only if one is named") \
        X(FLAG,  named_profile_beats_keys, _, "namedProfileBeatsKeys", "a named profile takes precedence over keys in the environment") \
        X(FLAG,  named_profile_first, _, "namedProfileFirst", "a named profile takes precedence over keys and web identity in the environment") \
        X(ENUM,  missing_profile, missing, "missingProfile", "a named profile that does not exist is") \
        X(FLAG,  malformed_fatal, _, "malformedFails", "a malformed profile file is an error before any step") \
        X(FLAG,  unreadable_fatal, _, "unreadableFails", "an unreadable profile file is an error before any step") \
        X(FLAG,  unread_fatal, _, "unreadFails", "a profile file that cannot be read, or is a directory, is an error before any step") \
        X(FLAG,  keys_spare_files, _, "keysSpareFiles", "a malformed profile file is ignored while the environment has a key pair, no profile is named, and AWS_SDK_LOAD_CONFIG is not true") \
        X(FLAG,  half_profile_fatal, _, "halfProfileFails", "half a key pair in the profile is an error before any step") \
        X(FLAG,  profile_fatal, _, "profileFails", "an error of the profile is an error before any step") \
        X(FLAG,  missing_source_fatal, _, "missingSourceFails", "a missing source_profile is an error before any step") \
        X(FLAG,  missing_source_none, _, "missingSourceIsNone", "a profile whose source_profile does not exist has no credentials") \
        X(ENUM,  config_file, config_rule, "configFile", "~/.aws/config is") \
        X(FLAG,  credentials_file_needs_load_config, _, "credentialsFileVariableNeedsLoadConfig", \
          "AWS_SHARED_CREDENTIALS_FILE requires AWS_SDK_LOAD_CONFIG") \
        /* before since.config_alone, a missing credentials file is such an error, too */ \
        X(FLAG,  load_config_needs_files, _, "loadConfigNeedsFiles", "AWS_SDK_LOAD_CONFIG without a config file is an error of the profile step") \
        X(FLAG,  role_needs_load_config, _, "roleNeedsLoadConfig", "role_arn requires AWS_SDK_LOAD_CONFIG") \
        X(FLAG,  role_config_only, _, "roleConfigOnly", "role_arn is read from the config file only") \
        X(FLAG,  role_alone_remote, _, "roleAloneIsRemote", "role_arn without a source uses container or IMDS credentials") \
        X(ENUM,  credential_source, source_rule, "credentialSource", "credential_source") \
        X(FLAG,  source_relative_only, _, "containerSourceRelativeOnly", "credential_source EcsContainer supports RELATIVE_URI only") \
        X(FLAG,  source_lone_ends, _, "containerSourceEnds", "credential_source EcsContainer without a URI ends the chain") \
        X(FLAG,  source_ignores_disabled, _, "sourceIgnoresDisabled", "credential_source ignores AWS_EC2_METADATA_DISABLED") \
        X(FLAG,  own_keys_assume, _, "ownKeysAssume", "keys in the profile itself take precedence over its other sources") \
        X(FLAG,  role_alone_static, _, "roleAloneIsNoRole", "role_arn without a source is ignored") \
        /* used for releases before since.profiles_merged */ \
        X(FLAG,  profiles_replace, _, "profilesReplace", "a profile in the credentials file replaces the one in the config file") \
        X(FLAG,  opt_out_keys_only, _, "optOutLeavesKeys", "with AWS_SDK_CONFIG_OPT_OUT, only keys are read from profiles") \
        X(ENUM,  web_identity_profile, web_profile, "webIdentityProfile", "the web identity step reads from the profile") \
        X(FLAG,  web_identity_needs_role, _, "webIdentityNeedsRole", "a web identity token file without a role is an error") \
        X(FLAG,  source_checked, _, "sourceChecked", \
          "a credential_source that has no credentials is an error before any step, unless the environment has keys") \
        X(FLAG,  half_web_identity_fatal, _, "halfWebIdentityFails", \
          "a token file without a role is an error before any step, unless the environment has keys") \
        X(FLAG,  profile_web_identity, _, "profileWebIdentity", "the profile step supports web identity") \
        X(FLAG,  sso, _, "sso", "the profile step supports SSO") \
        X(FLAG,  process, _, "process", "the profile step supports credential_process") \
        X(FLAG,  process_config_only, _, "processConfigOnly", "credential_process is read from the config file only") \
        X(ENUM,  properties, properties, "systemProperties", "Java system properties") \
        X(FLAG,  home_by_passwd, _, "homeByPasswd", "profile files are below the home folder of the passwd file, or of the property user.home, whatever HOME says") \
        X(FLAG,  sticky, _, "sticky", "the SDK keeps the provider that worked until the process restarts") \
        /* false: where a rule below would decide, the result is only possible */ \
        X(FLAG,  rules_known, _, "rulesKnown", "the rules below are known") \
        X(SET,   profile_spellings_fail, spellings, "profileSpellingsFail", "in profile files, an error of the profile step") \
        X(SET,   spellings_fatal, spellings, "spellingsFail", "in profile files, an error before any step") \
        X(SET,   spellings_ignored, spellings, "spellingsIgnored", "in profile files, ignored") \
        X(SET,   spellings_unsure, spellings, "spellingsUnsure", "in profile files, read or ignored by the parts that the release takes") \
        X(SET,   spellings_end_file, spellings, "spellingsEndFile", "a profile file is not read if it has") \
        X(FLAG,  sections_unprefixed, _, "sectionsUnprefixed", "sections of the config file need no \"profile\" before the name") \
        X(FLAG,  credentials_prefixed, _, "credentialsPrefixed", "sections of the credentials file may have \"profile\" before the name") \
        X(FLAG,  default_prefixed, _, "defaultPrefixed", "[profile default] takes precedence over [default]; otherwise the later one") \
        X(FLAG,  default_plain, _, "defaultPlain", "[default] takes precedence over [profile default], wherever it is") \
        X(FLAG,  default_needs_prefix, _, "defaultNeedsPrefix", "[default] of the config file is not read") \
        X(ENUM,  empty_file_variable, file_variable, "emptyFileVariable", "an empty file variable means") \
        X(FLAG,  tilde_literal, _, "tildeLiteral", "~ in a file variable is not HOME") \
        X(FLAG,  tilde_unsure, _, "tildeUnsure", "whether ~ in a file variable is HOME depends on the parts that the release takes") \
        X(FLAG,  empty_home_none, _, "emptyHomeNone", "with an empty HOME, no profile file is found") \
        /* for a web identity token file, an error that ends the chain */ \
        X(FLAG,  directory_fatal, _, "directoryFails", "a directory in place of a profile file is an error before any step") \
        X(FLAG,  empty_profile_named, _, "emptyProfileNamed", "an empty profile variable names a profile") \
        X(FLAG,  profile_name_trimmed, _, "profileNameTrimmed", "blanks around the name in a profile variable are removed") \
        X(FLAG,  config_variable_ignored, _, "configVariableIgnored", "AWS_CONFIG_FILE is ignored") \
        X(FLAG,  keys_last, _, "keysLast", "keys of a profile are used only if it has no other source") \
        X(FLAG,  role_fails, _, "roleFails", "role_arn is an error of the profile step") \
        X(FLAG,  web_profile_fatal, _, "webProfileFails", "web identity in the profile is an error before any step, unless the environment has keys") \
        X(FLAG,  keys_first, _, "keysFirst", "keys of a profile are used whatever else it has, a role_arn included") \
        X(FLAG,  keys_joined, _, "keysJoined", "the key pair of a profile may be spread over both files") \
        X(FLAG,  empty_keys_used, _, "emptyKeysUsed", "empty keys of a profile are used") \
        X(FLAG,  source_process, _, "sourceProcess", "source_profile may have a credential_process") \
        X(FLAG,  source_web_identity, _, "sourceWebIdentity", "source_profile may have web identity") \
        X(FLAG,  source_credentials_only, _, "sourceCredentialsOnly", "source_profile is found in the credentials file only, for a role in that file") \
        X(FLAG,  source_keys_only, _, "sourceKeysOnly", "source_profile may not have a credential_source") \
        X(FLAG,  source_any_case, _, "sourceAnyCase", "credential_source may have any letter case") \
        X(FLAG,  source_before_token, _, "sourceBeforeToken", "a source of role_arn takes precedence over web identity in the profile") \
        X(FLAG,  source_profile_first, _, "sourceProfileFirst", "source_profile takes precedence over credential_source") \
        X(FLAG,  source_alone, _, "sourceAlone", "credential_source without role_arn supplies the credentials of the profile") \
        X(FLAG,  own_source_none, _, "ownSourceIsNone", "a profile that is its own source, and has nothing else, has no credentials") \
        X(FLAG,  sources_exclusive, _, "sourcesExclusive", "several sources for one role_arn are an error before any step") \
        X(ENUM,  second_factor, second_factor, "secondFactor", "mfa_serial of a role is") \
        X(ENUM,  source_without_role, missing, "sourceWithoutRole", "credential_source without role_arn is") \
        X(ENUM,  sso_marks, sso_marks, "ssoMarks", "a profile uses SSO if it has") \
        X(ENUM,  sso_half, refusal, "ssoRefused", "SSO with settings or a token missing") \
        X(ENUM,  login, refusal, "loginRefused", "a login session without a token") \
        X(FLAG,  process_first, _, "processFirst", "credential_process takes precedence over keys and SSO") \
        X(FLAG,  process_before_sso, _, "processBeforeSso", "credential_process takes precedence over SSO") \
        X(SET,   settings_fatal, settings, "settingsFail", "an invalid value is an error before any step, in the variables") \
        X(SET,   settings_fatal_profile, settings, "profileSettingsFail", "an invalid value is an error before any step, in the keys of the profile that stand for the variables") \
        X(FLAG,  keys_spare_settings, _, "keysSpareSettings", "an invalid value is ignored while the environment has a key pair") \
        X(FLAG,  retry_legacy_invalid, _, "retryLegacyInvalid", "legacy is no value of AWS_RETRY_MODE") \
        X(FLAG,  ca_bundle_fatal, _, "caBundleFails", "an AWS_CA_BUNDLE that cannot be read is an error before any step") \
        X(FLAG,  role_variable_ends, _, "roleVariableEnds", "AWS_ROLE_ARN without AWS_WEB_IDENTITY_TOKEN_FILE is an error that ends the chain") \
        X(FLAG,  web_identity_exists, _, "webIdentityExists", "web identity variables that are empty are an error") \
        X(FLAG,  imds_profile, _, "imdsProfile", "settings of IMDS are read from the profile, too") \
        X(FLAG,  imds_endpoint_config, _, "imdsEndpointConfig", "the endpoint of IMDS and its mode are read from the config file, even where profiles are not") \
        X(ENUM,  metadata_timeout, timeout_rule, "metadataTimeout", "an AWS_METADATA_SERVICE_TIMEOUT that is no number is") \
        X(FLAG,  imds_mode_ignored, _, "imdsModeIgnored", "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE is ignored") \
        X(FLAG,  imds_mode_exact, _, "imdsModeExact", "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE must be written as IPv4 or IPv6") \
        X(ENUM,  imds_v1_switch, v1_switch, "imdsV1Switch", "AWS_EC2_METADATA_V1_DISABLED disables IMDSv1 when it is") \
        X(FLAG,  imds_v1_switch_unsure, _, "imdsV1SwitchUnsure", "whether AWS_EC2_METADATA_V1_DISABLED counts depends on the parts that the release takes") \
        X(ENUM,  no_proxy_names, exemption_names, "noProxyNames", "addresses without a proxy are in") \
        X(SET,   no_proxy, exemptions, "noProxy", "entries of NO_PROXY, beside addresses") \
        X(FLAG,  full_any_scheme, _, "fullAnyScheme", "FULL_URI may have any scheme, and is requested over HTTP") \
        X(FLAG,  full_by_name, _, "fullByName", "FULL_URI may have any name of a loopback address") \
        X(FLAG,  empty_token_file_set, _, "emptyTokenFileSet", "an empty AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE is an unreadable token file") \
        X(FLAG,  token_trimmed, _, "tokenTrimmed", "line breaks in the authorization token are removed") \
        X(FLAG,  token_file_trimmed, _, "tokenFileTrimmed", "line breaks in the authorization token file are removed") \
        X(FLAG,  expiration_read, _, "expirationRead", "keys in the environment after AWS_CREDENTIAL_EXPIRATION are an error")

/* Member, name in JSON, meaning. Each is the first release with a feature; NULL: every release of the row has it, "-": none. */
#define CHAIN_SINCE(X) \
        X(container, "sinceContainer", "RELATIVE_URI supported since") \
        X(full, "sinceFull", "FULL_URI supported since") \
        /* the EKS hosts of the endpoint came in the same release */ \
        X(token_file, "sinceTokenFile", "token file and EKS hosts supported since") \
        X(expired_used, "sinceExpiredUsed", "expired credentials of the container endpoint used since") \
        X(https, "sinceHttps", "HTTPS hosts supported since") \
        X(web_identity, "sinceWebIdentity", "web identity supported since") \
        X(imds_v2, "sinceImdsV2", "IMDSv2 supported since") \
        X(disabled, "sinceDisabled", "AWS_EC2_METADATA_DISABLED supported since") \
        X(login, "sinceLogin", "login_session supported since") \
        X(v1_disabled, "sinceV1Disabled", "AWS_EC2_METADATA_V1_DISABLED supported since") \
        X(load_config, "sinceLoadConfig", "AWS_SDK_LOAD_CONFIG supported since") \
        /* see load_config_needs_files */ \
        X(config_alone, "sinceConfigAlone", "a config file alone suffices since") \
        X(profiles_merged, "sinceProfilesMerged", "the two profile files are merged since") \
        /* see web_identity_profile; NULL: the same as web_identity */ \
        X(sso, "sinceSso", "SSO supported since") \
        X(loop_passed, "sinceLoopPassed", "a loop of source_profile settings passed over since; before, an error that ends the chain") \
        X(profile_prefix, "sinceProfilePrefix", "[profile NAME] supported since") \
        X(profile_identity, "sinceProfileIdentity", "web identity in the profile supported since") \
        X(retry_modes, "sinceRetryModes", "AWS_RETRY_MODE and AWS_MAX_ATTEMPTS supported since") \
        X(defaults_mode, "sinceDefaultsMode", "AWS_DEFAULTS_MODE supported since") \
        X(sts_endpoints, "sinceStsEndpoints", "AWS_STS_REGIONAL_ENDPOINTS supported since") \
        X(account_mode, "sinceAccountMode", "AWS_ACCOUNT_ID_ENDPOINT_MODE supported since") \
        X(checksum, "sinceChecksum", "AWS_REQUEST_CHECKSUM_CALCULATION supported since") \
        X(compression, "sinceCompression", "AWS_DISABLE_REQUEST_COMPRESSION supported since") \
        X(endpoint_url, "sinceEndpointUrl", "AWS_ENDPOINT_URL supported since") \
        X(sigv4a_regions, "sinceSigv4aRegions", "AWS_SIGV4A_SIGNING_REGION_SET supported since") \
        X(imds_mode, "sinceImdsMode", "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE supported since") \
        X(imds_timeout, "sinceImdsTimeout", "AWS_METADATA_SERVICE_TIMEOUT supported since") \
        X(expiration, "sinceExpiration", "AWS_CREDENTIAL_EXPIRATION supported since") \
        X(fips, "sinceFips", "AWS_USE_FIPS_ENDPOINT and AWS_USE_DUALSTACK_ENDPOINT supported since") \
        X(empty_proxy, "sinceEmptyProxy", "an empty proxy variable ignored since; before, it fails every request") \
        /* before it, files are looked for in the working directory */ \
        X(passwd_home, "sincePasswdHome", "without HOME, profile files are found by the passwd file since") \
        X(name_case, "sinceNameCase", "names of profiles differ by letter case since")

#define MEMBER_ENUM(member, of)  enum of member;
#define MEMBER_FLAG(member, of)  bool member;
#define MEMBER_FIRST(member, of) bool member;
#define MEMBER_SET(member, of)   unsigned member;
#define MEMBER_LIST(member, of)  enum env_var member[of];
struct since {
#define X(member, name, meaning) const char *member;
        CHAIN_SINCE(X)
#undef X
};
struct chain_row {
        const char *name, *sdk, *title;
        const char *from, *before;                 /* version range [from, before); NULL: no bound */
        const char *proven;                        /* releases that tests/oracle runs, separated by blanks; NULL: none */
        enum chain_kind kind;
        /*
         * The names of its executable, separated by blanks, by which it is known where none of its files is. Where a name is
         * a common word, this SDK must be in the program, of a release before that. NULL: none, no condition.
         */
        const char *programs, *built_with, *built_before;
        const char *instead;                       /* how to make a tool without a container step use the task role */
        bool reads_instance_facts;                 /* it contacts IMDS in any case, whatever credentials it uses */
        struct step steps[CHAIN_STEPS_MAX];        /* ended by S_END */
        struct since since;
#define X(kind, member, of, name, meaning) MEMBER_##kind(member, of)
        CHAIN_PARAMETERS(X)
#undef X
};

/* The parameters as data, CHAIN_SINCE last: for pages that show a row, and for mutation tests that change one. */
enum parameter_kind { PARAMETER_ENUM, PARAMETER_FLAG, PARAMETER_FIRST, PARAMETER_SET, PARAMETER_LIST, PARAMETER_SINCE };
struct chain_parameter {
        const char *member, *name, *meaning;       /* member: "since.full" style */
        enum parameter_kind kind;
        size_t at;                                 /* offset in struct chain_row */
        const char *const *strings;                /* one per value; NULL for LIST and SINCE */
        size_t n;                                  /* number of words, or of variables in a LIST */
};
size_t chain_parameter_count(void);
const struct chain_parameter *chain_parameter_get(size_t i);
/* The name of a step in `rolewatch chains`: "env", "container". NULL for S_END. */
const char *chain_step_to_string(enum step_kind kind);

/* ---- values and releases ---- */

bool value_present(enum present rule, const char *v);
/* Compares dotted numbers: <0, 0, >0. Missing parts are 0; what follows '-' or '+' is ignored. */
int version_compare(const char *a, const char *b);
/* Does this version (NULL: the newest) have a feature that came with `since` (NULL: always, "-": never)? */
bool version_has(const char *version, const char *since);
