/*
 * rows -- the table of who wins: its parameters, each in one place, and the shape of a row.
 *
 * A parameter is a row of CHAIN_PARAMETERS or CHAIN_SINCE: struct member, name in
 * JSON, words for people, and the mutants that must be noticed are made from it. The
 * parameters follow the SDKs' own sources; where two SDKs differ in anything that
 * changes a winner, there is a parameter for it. The value 0 is the plain case.
 */
#pragma once
#include <assert.h>
#include "rolewatch/chain.h"

/* ---- steps ---- */

/* id, word of `rolewatch chains`, provider, function, what a step that is not configured lacks (NULL: the step says it) */
#define STEP_KINDS(X) \
        X(SYSPROPS,     "sysprops",     SYSPROPS,     step_sysprops,     "no keys among the Java system properties") \
        X(ENV,          "env",          ENV,          step_env,          "no static keys in the environment") \
        X(ENV_AMAZON,   "env-AMAZON",   ENV,          step_env,          "no AMAZON_ keys in the environment") \
        X(WEB_IDENTITY, "web-identity", WEB_IDENTITY, step_web_identity, "AWS_WEB_IDENTITY_TOKEN_FILE is not set") \
        X(PROFILE,      "profile",      PROFILE,      step_profile,      "no profile") \
        X(PROFILE_ROLE, "profile-role", PROFILE,      step_profile,      "no profile with role_arn") \
        X(PROFILE_SSO,  "profile-sso",  SSO,          step_profile,      "no profile with SSO") \
        X(PROFILE_CREDENTIALS, "credentials-file", PROFILE, step_profile, "no keys in the credentials file") \
        X(PROFILE_PROCESS, "process",   PROCESS,      step_profile,      "no profile with credential_process") \
        X(PROFILE_CONFIG, "config-file", PROFILE,     step_profile,      "no keys in the config file") \
        X(PROFILE_LOGIN, "profile-login", PROFILE,    step_profile,      "no profile with a login session") \
        X(LEGACY,       "boto-file",    PROFILE,      step_legacy,       "no old boto file is named") \
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

/* ---- what a parameter may be: id, words ---- */

#define PRESENTS(X) X(EXISTS, "it exists, even empty") X(NONEMPTY, "it is not empty") X(NONBLANK, "it is not blank")
#define REMOTES(X) \
        X(REMOTE_EITHER, "either: a container variable rules IMDS out, even when the endpoint fails") \
        X(REMOTE_SEQUENCE, "in sequence: IMDS is asked when the container endpoint fails")
#define UNUSABLES(X) X(UNUSABLE_FAILS, "an error") X(UNUSABLE_ASKS_NEITHER, "neither the endpoint nor IMDS is asked")
#define DISABLED_RULES(X) \
        X(DISABLED_BY_TRUE, "\"true\"") \
        X(DISABLED_BY_TRUE_IN_ANY_CASE, "\"true\" in any case") \
        X(DISABLED_BY_ANYTHING, "anything but empty, even \"false\"") \
        X(DISABLED_UNLESS_FALSE, "anything but \"false\", even empty") \
        X(DISABLED_UNLESS_FALSE_OR_EMPTY, "anything but \"false\" and empty")
#define V1_RULES(X) \
        X(V1_FALLBACK, "asked when no token can be had") \
        X(V1_NEVER, "never asked") \
        X(V1_UNLESS_TIMEOUT, "asked when the token is refused, but not when none comes")
#define MISSINGS(X) \
        X(MISSING_SKIP, "stepped over") \
        X(MISSING_FAILS, "an error of the profile step") \
        X(MISSING_FATAL, "an error before any step")
#define CONFIG_RULES(X) \
        X(CONFIG_ALWAYS, "read") \
        X(CONFIG_IF_LOAD_CONFIG_NONEMPTY, "read when AWS_SDK_LOAD_CONFIG is not empty") \
        X(CONFIG_IF_LOAD_CONFIG_TRUE, "read when AWS_SDK_LOAD_CONFIG is true (1, t, true)") \
        X(CONFIG_UNLESS_OPT_OUT, "read unless AWS_SDK_CONFIG_OPT_OUT is set") \
        X(CONFIG_NEVER, "not read")
#define SOURCE_RULES(X) \
        X(SOURCE_EXACT, "as it says") \
        X(SOURCE_REMOTE, "by the container variables, whichever of the two it names") \
        X(SOURCE_NONE, "not known") \
        X(SOURCE_NO_CONTAINER, "Ec2InstanceMetadata and Environment; EcsContainer is not known")
#define WEB_PROFILES(X) \
        X(WEB_ENV_ONLY, "nothing") \
        X(WEB_MIXED, "each value that the environment lacks") \
        X(WEB_WHOLE, "all, where the environment is not whole") \
        X(WEB_WHOLE_PLAIN, "all, where the environment is not whole, of the profile that the first variable names")
#define PROPERTIES(X) \
        X(PROPERTIES_NONE, "none") X(PROPERTIES_V1, "keys only") X(PROPERTIES_V2, "keys, URIs, profile and switches")
/* Plain-http hosts that a FULL uri may name, as bits. */
#define URI_HOSTS(X) \
        X(LOCALHOST, "localhost") X(LOOP4, "127.0.0.0/8") X(127_1, "127.0.0.1") X(LOOP6, "[::1]") \
        X(ECS, "169.254.170.2") X(EKS4, "169.254.170.23") X(EKS6, "[fd00:ec2::23]") X(HTTPS, "any by https") X(ANY, "any")

#define WORD_TYPES(T) \
        T(present, PRESENTS) T(remote, REMOTES) T(unusable, UNUSABLES) T(disabled_rule, DISABLED_RULES) T(v1_rule, V1_RULES) \
        T(missing, MISSINGS) T(config_rule, CONFIG_RULES) T(source_rule, SOURCE_RULES) T(web_profile, WEB_PROFILES) \
        T(properties, PROPERTIES)
#define X(id, words) id,
#define T(tag, LIST) enum tag { LIST(X) };
WORD_TYPES(T)
#undef T
#undef X
enum {
#define X(id, words) HOST_BIT_##id,
        URI_HOSTS(X)
#undef X
        URI_HOST_MAX
};
enum {
#define X(id, words) HOST_##id = 1 << HOST_BIT_##id,
        URI_HOSTS(X)
#undef X
};
#define HOSTS_MODERN (HOST_LOCALHOST | HOST_LOOP4 | HOST_LOOP6 | HOST_ECS | HOST_EKS4 | HOST_EKS6 | HOST_HTTPS)

/* ---- the parameters, in the order in which they are shown ---- */

/*
 * kind, member, what it is made of, name in JSON, meaning. The kinds: WORD one of an enum; FLAG yes or
 * no; FIRST a flag of which of two comes first; HOSTS bits; LIST variables in order, ENV_VAR_MAX ends.
 */
#define CHAIN_PARAMETERS(X) \
        X(WORD,  remote, remote, "remote", "container endpoint and IMDS") \
        X(WORD,  relative_present, present, "relativeSet", "RELATIVE_URI counts when") \
        X(WORD,  full_present, present, "fullSet", "FULL_URI counts when") \
        X(FIRST, full_first, PAIR("RELATIVE_URI", "FULL_URI"), "uriFirst", "where both URIs are set, first") \
        X(FLAG,  empty_relative_is_none, _, "emptyRelativeIsNone", "an empty RELATIVE_URI leaves no error") \
        X(HOSTS, hosts, _, "hosts", "FULL_URI may name") \
        /* before since.token_file */ \
        X(HOSTS, hosts_before, _, "hostsBefore", "FULL_URI might name, before") \
        /* a URI that no request can be made of */ \
        X(WORD,  unusable_uri, unusable, "badUri", "a URI no request can be made of") \
        /* the chain ends empty then */ \
        X(FLAG,  container_error_is_none, _, "endpointErrorIsLost", "the endpoint's error is lost") \
        X(FLAG,  container_proxy, _, "endpointByProxy", "http_proxy serves the container endpoint, too") \
        X(FIRST, token_first, PAIR("the file", "the text"), "tokenFirst", "of token and token file, first") \
        X(FLAG,  token_file_always, _, "tokenFileAlways", "an unreadable token file fails without any URI") \
        X(FLAG,  token_file_full_only, _, "tokenFileFullOnly", "the token file counts for FULL_URI only") \
        /* ... even a sequence */ \
        X(FLAG,  token_file_ends_chain, _, "tokenFileThrows", "an unreadable token file ends the chain") \
        X(WORD,  metadata_disabled, disabled_rule, "disabledBy", "AWS_EC2_METADATA_DISABLED works by") \
        X(WORD,  imds_v1, v1_rule, "imdsV1", "IMDSv1") \
        X(FLAG,  imds_v1_disabled_fails, _, "v1DisabledFails", "no token and V1_DISABLED is an error of the chain") \
        X(FLAG,  imds_proxy, _, "imdsByProxy", "http_proxy serves IMDS, too") \
        X(LIST,  key_ids, 3, "keyIdVariables", "key id from") \
        X(LIST,  secrets, 3, "secretVariables", "secret from") \
        X(WORD,  keys_present, present, "keysSet", "a key variable counts when") \
        X(FLAG,  first_existing, _, "firstExisting", "the first variable that exists counts, even empty") \
        X(FLAG,  key_id_alone_fails, _, "keyIdAloneFails", "a key id without its secret is an error") \
        X(LIST,  profile_variables, 2, "profileVariables", "profile named by") \
        X(FLAG,  default_profile_needs_load_config, _, "defaultProfileNeedsLoadConfig", "AWS_DEFAULT_PROFILE needs AWS_SDK_LOAD_CONFIG") \
        X(FLAG,  named_profile_beats_keys, _, "namedProfileBeatsKeys", "a named profile goes before keys of the environment") \
        X(WORD,  missing_profile, missing, "missingProfile", "a named profile that is missing is") \
        X(FLAG,  malformed_fatal, _, "malformedFails", "a malformed profile file is an error before any step") \
        X(FLAG,  keys_spare_files, _, "keysSpareFiles", "... not where keys of the environment are whole and no profile is named") \
        X(FLAG,  half_profile_fatal, _, "halfProfileFails", "half a key pair in the profile is one, too") \
        X(FLAG,  missing_source_fatal, _, "missingSourceFails", "a source_profile that is not there is one, too") \
        X(WORD,  config_file, config_rule, "configFile", "~/.aws/config is") \
        X(FLAG,  credentials_file_needs_load_config, _, "credentialsFileVariableNeedsLoadConfig", \
          "AWS_SHARED_CREDENTIALS_FILE needs AWS_SDK_LOAD_CONFIG") \
        /* with it an absent config file is an error of the step; before since.config_alone either file */ \
        X(FLAG,  load_config_needs_files, _, "loadConfigNeedsFiles", "AWS_SDK_LOAD_CONFIG without a config file fails the profile step") \
        X(FLAG,  role_needs_load_config, _, "roleNeedsLoadConfig", "role_arn needs AWS_SDK_LOAD_CONFIG") \
        X(FLAG,  role_alone_remote, _, "roleAloneIsRemote", "role_arn without a source takes container or IMDS credentials") \
        X(WORD,  credential_source, source_rule, "credentialSource", "credential_source is carried out") \
        X(FLAG,  source_relative_only, _, "containerSourceRelativeOnly", "credential_source EcsContainer knows RELATIVE_URI only") \
        X(FLAG,  source_lone_ends, _, "containerSourceEnds", "credential_source EcsContainer without any URI ends the chain") \
        X(FLAG,  source_ignores_disabled, _, "sourceIgnoresDisabled", "AWS_EC2_METADATA_DISABLED does not bind credential_source") \
        X(FLAG,  own_keys_assume, _, "ownKeysAssume", "keys of the profile itself go before its other sources") \
        X(FLAG,  role_alone_static, _, "roleAloneIsNoRole", "role_arn without a source is not looked at") \
        /* before since.profiles_merged */ \
        X(FLAG,  profiles_replace, _, "profilesReplace", "a profile of the credentials file replaces the config file's") \
        X(FLAG,  opt_out_keys_only, _, "optOutLeavesKeys", "AWS_SDK_CONFIG_OPT_OUT leaves only keys of profiles") \
        X(WORD,  web_identity_profile, web_profile, "webIdentityProfile", "the web-identity step reads of the profile") \
        X(FLAG,  web_identity_needs_role, _, "webIdentityNeedsRole", "a token file without role is an error") \
        X(FLAG,  profile_web_identity, _, "profileWebIdentity", "the profile step knows web identity") \
        X(FLAG,  sso, _, "sso", "the profile step knows SSO") \
        X(FLAG,  process, _, "process", "the profile step knows credential_process") \
        X(WORD,  properties, properties, "systemProperties", "Java system properties") \
        X(FLAG,  sticky, _, "sticky", "what once worked is asked until restart")

/* The first release with a feature; NULL: every release of the row, "-": none. Member, name in JSON, meaning. */
#define CHAIN_SINCE(X) \
        X(container, "sinceContainer", "RELATIVE_URI since") \
        X(full, "sinceFull", "FULL_URI since") \
        /* came together with the endpoint's EKS hosts */ \
        X(token_file, "sinceTokenFile", "token file and EKS hosts since") \
        X(https, "sinceHttps", "https hosts since") \
        X(web_identity, "sinceWebIdentity", "web identity since") \
        X(imds_v2, "sinceImdsV2", "IMDSv2 since") \
        X(disabled, "sinceDisabled", "AWS_EC2_METADATA_DISABLED since") \
        X(v1_disabled, "sinceV1Disabled", "AWS_EC2_METADATA_V1_DISABLED since") \
        X(load_config, "sinceLoadConfig", "AWS_SDK_LOAD_CONFIG since") \
        /* see load_config_needs_files */ \
        X(config_alone, "sinceConfigAlone", "a config file alone is enough since") \
        X(profiles_merged, "sinceProfilesMerged", "the two files are merged since") \
        /* see web_identity_profile; NULL: as web_identity */ \
        X(profile_identity, "sinceProfileIdentity", "web identity of the profile since")

#define MEMBER_WORD(member, of)  enum of member;
#define MEMBER_FLAG(member, of)  bool member;
#define MEMBER_FIRST(member, of) bool member;
#define MEMBER_HOSTS(member, of) unsigned member;
#define MEMBER_LIST(member, of)  enum env_var member[of];
struct since {
#define X(member, name, meaning) const char *member;
        CHAIN_SINCE(X)
#undef X
};
struct chain_row {
        const char *name, *family, *title;
        const char *from, *before;                 /* version range [from, before); NULL open */
        const char *proven;                        /* releases run by tests/oracle; NULL: none */
        struct step steps[CHAIN_STEPS_MAX];        /* S_END ends */
        struct since since;
#define X(kind, member, of, name, meaning) MEMBER_##kind(member, of)
        CHAIN_PARAMETERS(X)
#undef X
};

/* The parameters as data, CHAIN_SINCE last: for what shows a row, and for what turns one wrong. */
enum parameter_kind { PARAMETER_WORD, PARAMETER_FLAG, PARAMETER_FIRST, PARAMETER_HOSTS, PARAMETER_LIST, PARAMETER_SINCE };
struct chain_parameter {
        const char *member, *name, *meaning;       /* member: "since.full" style */
        enum parameter_kind kind;
        size_t at;                                 /* offset in struct chain_row */
        const char *const *words;                  /* one a value; NULL: of LIST and SINCE */
        size_t n;                                  /* words, or variables of a LIST */
};
size_t chain_parameter_count(void);
const struct chain_parameter *chain_parameter_get(size_t i);
/* "env", "container": a step in the words of `rolewatch chains`. */
const char *chain_step_word(enum step_kind kind);

/* ---- values and releases ---- */

bool value_present(enum present rule, const char *v);
/* Dotted numbers, missing parts are 0, what follows a '-' or '+' is ignored: <0, 0, >0. */
int version_compare(const char *a, const char *b);
/* Has this version (NULL: newest) a feature that came with `since`? */
bool version_has(const char *version, const char *since);
