/*
 * The parameters of a chain: what differs between SDKs, one row each.
 * The columns follow the SDKs' own sources; where two SDKs differ in anything
 * that changes a winner, there is a column for it.
 */
#pragma once
#include "rolewatch/chain.h"

enum step_kind {
        S_END, S_SYSPROPS, S_ENV, S_ENV_AMAZON, S_WEBID, S_PF, S_PF_ROLE, S_PF_SSO, S_PF_CRED, S_PF_PROC,
        S_PF_CFG, S_PF_LOGIN, S_LEGACY, S_CONTAINER, S_IMDS,
};
struct step { enum step_kind kind; bool hard; };   /* hard: its error ends the chain */

enum present { EXISTS, NONEMPTY, NONBLANK };
enum remote { XOR, SEQ };                          /* container or IMDS; container, then IMDS */
enum bad_container { BAD_FAILS, BAD_NEITHER };  /* a URI no request can be made of */
enum dis_rule { DIS_EQ_TRUE, DIS_EQ_TRUE_CI, DIS_NONEMPTY, DIS_NOT_FALSE, DIS_NOT_FALSE_OR_EMPTY };
enum v1_rule { V1_FALLBACK, V1_NEVER, V1_UNLESS_TIMEOUT };
enum missing { MISSING_SKIP, MISSING_FAILS, MISSING_FATAL };  /* step over; error of the step; before any step */
enum config_rule { CONFIG_ALWAYS, CONFIG_LOADCFG_NONEMPTY, CONFIG_LOADCFG_BOOL, CONFIG_UNLESS_OPT_OUT, CONFIG_NEVER };
enum jvm { JVM_NONE, JVM_V1, JVM_V2 };
/* Nothing; what the environment lacks; all of it, where the environment is not whole; the same, the
   profile named by the first variable only. */
enum web_profile { WEB_ENV_ONLY, WEB_MIXED, WEB_WHOLE, WEB_WHOLE_PLAIN };
enum source_rule { SOURCE_EXACT, SOURCE_REMOTE, SOURCE_NONE, SOURCE_NO_CONTAINER }; /* how credential_source is carried out */

/* Plain-http hosts a FULL uri may name. */
enum {
        HOST_LOCALHOST = 1, HOST_LOOP4 = 2, HOST_127_1 = 4, HOST_LOOP6 = 8, HOST_ECS = 16, HOST_EKS4 = 32,
        HOST_EKS6 = 64, HOST_HTTPS = 128, HOST_ANY = 256,
};
#define HOSTS_MODERN (HOST_LOCALHOST | HOST_LOOP4 | HOST_LOOP6 | HOST_ECS | HOST_EKS4 | HOST_EKS6 | HOST_HTTPS)

/*
 * The first version with a feature; NULL: every version of the row, "-": none.
 * token_file: it came together with the endpoint's EKS hosts. disabled and
 * v1_disabled, load_config: the release that first heeds AWS_EC2_METADATA_DISABLED,
 * ..._V1_DISABLED, AWS_SDK_LOAD_CONFIG. config_alone: see loadcfg_needs_files;
 * profile_identity: see web_profile; NULL: as web_identity.
 */
struct since {
        const char *container, *full, *token_file, *web_identity, *imds_v2, *https, *disabled,
                *v1_disabled, *load_config, *config_alone, *profile_identity,
                *profiles_merged;
};

struct chain_row {
        const char *name, *family, *title;
        const char *from, *before;                 /* version range [from, before); NULL open */
        const char *proven;                        /* releases run by tests/oracle; NULL: none */
        struct since since;
        struct step steps[CHAIN_STEPS_MAX];
        enum env_var ak[3], sk[3];                 /* in order; ENV_VAR_MAX ends */
        enum present env_present;
        bool first_existing;                       /* the first name that exists counts, even when empty */
        bool ak_alone_fails;
        enum present rel_present, full_present;
        bool full_first, tok_first, token_file_always;
        bool token_file_throws;                    /* an unreadable one ends even a sequence */
        unsigned hosts, hosts_before;              /* the latter before since.token_file */
        enum remote remote;
        bool container_error_is_none;              /* the chain ends empty, the endpoint's error is lost */
        bool empty_rel_is_none;
        enum jvm jvm;                              /* which system properties are settings */
        bool token_file_full_only;                 /* the token file counts for FULL_URI only */
        bool sticky;                               /* what once worked is asked for ever */
        enum bad_container bad;
        enum dis_rule dis;
        enum v1_rule v1;
        bool v1dis_fails;
        bool imds_proxy, container_proxy;          /* goes through the environment's http proxy */
        enum env_var profile_vars[2];
        bool default_profile_var_needs_loadcfg;
        bool named_profile_beats_env;
        enum missing missing;
        bool malformed_fatal;                      /* an error before any step, as are the next */
        bool half_profile_fatal;                   /* half a key pair in the profile */
        bool missing_source_fatal;                 /* a source_profile that is not there */
        bool env_keys_spare_files;                 /* malformed files, where keys of the environment are
                                                      whole and nothing names a profile */
        bool profile_role_needs_loadcfg;           /* role_arn counts only with AWS_SDK_LOAD_CONFIG */
        enum config_rule config;
        bool scf_needs_loadcfg;
        bool loadcfg_needs_files;                  /* with it an absent config file is an error of the
                                                      step; before since.config_alone either file */
        enum web_profile web_profile;              /* what the web-identity step reads of the profile */
        bool web_identity_needs_role;              /* a token file without role is an error */
        bool role_alone_remote;                    /* role_arn without a source: container or IMDS */
        enum source_rule source;
        bool source_relative_only;                 /* EcsContainer asks RELATIVE_URI, or fails */
        bool source_lone_ends;                     /* EcsContainer without any URI ends the chain */
        bool source_ignores_disabled;              /* ..._METADATA_DISABLED does not bind a profile */
        bool own_keys_assume;                      /* a profile's own keys go before its other sources */
        bool role_alone_static;                    /* role_arn without a source is not looked at */
        bool profiles_replace;                     /* the credentials file's profile replaces the config
                                                      file's, before since.profiles_merged */
        bool opt_out_keys_only;                    /* with the config file opted out only keys are read */
        bool sso, process, profile_web_identity;   /* the profile step knows these */
};
extern const struct chain_row chain_rows[];

/* Dotted numbers, missing parts are 0, what follows a '-' or '+' is ignored: <0, 0, >0. */
int version_compare(const char *a, const char *b);
/* Has this version (NULL: newest) a feature that came with `since`? */
bool version_has(const char *version, const char *since);

/* What a step came to. */
struct outcome {
        enum step_state state;                     /* OFF, WINS, FAILED (or STOPPED), UNKNOWN */
        enum provider provider;
        const char *role, *key_id, *detail;
        enum step_reason reason;
        bool expired, uncertain;
        bool none;                                 /* a failure that leaves no error behind */
        bool ends;                                 /* a failure that ends the chain whatever the step */
};
struct eval {
        const struct chain_row *row;
        const struct chain_input *in;
        struct arena *a;
        bool container_chosen;                     /* a container URI was set: XOR rows drop IMDS */
};
/* "env", "container": a step in the words of `rolewatch chains`. */
const char *chain_step_word(unsigned kind);
bool value_present(enum present rule, const char *v);
bool container_configured(const struct eval *e);
struct outcome step_sysprops(struct eval *e);
struct outcome step_env(struct eval *e, bool amazon);
struct outcome step_web_identity(struct eval *e);
struct outcome step_profile(struct eval *e, enum step_kind kind);
/* `role`: of the environment, which goes before the profile's where they mix; NULL: none. */
struct outcome profile_web_identity(struct eval *e, const char *role);
/* The role_arn of the profile that the web-identity step reads; NULL: none. */
const char *profile_role_arn(const struct eval *e);
struct outcome step_legacy(struct eval *e);
struct outcome step_container(struct eval *e);
struct outcome step_imds(struct eval *e);
/* Errors of files and profiles that end the chain before its first step; NULL: none. */
const char *profile_fatal(struct eval *e);
bool profile_is_named(const struct eval *e);
/* AWS_SDK_CONFIG_OPT_OUT leaves this SDK nothing but the keys of profiles. */
bool opted_out(const struct eval *e);
