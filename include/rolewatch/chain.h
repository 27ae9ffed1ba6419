/*
 * chain -- which credentials an AWS SDK takes, as a function of facts. No I/O, no clock.
 *
 * The table has one row per SDK family and version range, and one per tool with a chain of its own (agent/chain/rows.c). One
 * evaluator walks any row over the facts of a process.
 */
#pragma once
#include "rolewatch/model.h"

/* id, word (a value of JSON and the journal), what its credentials are called where their role is not known */
#define PROVIDERS(X) \
        X(ENV,          "env",          "static keys in the environment") \
        X(SYSPROPS,     "sysprops",     "static keys in Java properties") \
        X(WEB_IDENTITY, "web-identity", "web identity, unknown role") \
        X(PROFILE,      "profile",      "credentials of a profile") \
        X(PROCESS,      "process",      "a credential_process") \
        X(SSO,          "sso",          "an SSO login") \
        X(OWN_CONFIG,   "own-config",   "keys of its own configuration") \
        X(CONTAINER,    "container",    "an unknown container role") \
        X(IMDS,         "imds",         "an unknown instance role") \
        X(NONE,         "none",         "no credentials") \
        X(ERROR,        "error",        "no credentials") \
        X(UNKNOWN,      "unknown",      "unknown credentials")
enum provider {
#define X(id, word, title) PROVIDER_##id,
        PROVIDERS(X)
#undef X
        PROVIDER_MAX
};
const char *provider_to_string(enum provider p);
const char *provider_title(enum provider p);       /* "static keys in the environment" */
bool provider_is_none(enum provider p);            /* NONE or ERROR: the chain gave no credentials */

#define STEP_STATES(X) \
        X(OFF,        "off",        "not configured") \
        X(WINS,       "wins",       "it supplies the credentials and ends the chain") \
        X(FAILED,     "failed",     "it failed, and the SDK tries the next step") \
        X(STOPPED,    "stopped",    "it failed, and the error ends the chain") \
        X(EXCLUDED,   "excluded",   "an earlier choice excludes it") \
        X(NOT_REACHED,"not-reached","an earlier step ended the chain") \
        X(UNKNOWN,    "unknown",    "rolewatch cannot see its input")
enum step_state {
#define X(id, word, meaning) STEP_##id,
        STEP_STATES(X)
#undef X
        STEP_STATE_MAX
};
const char *step_state_to_string(enum step_state s);

struct chain_row;                                  /* agent/chain/rows.h */
size_t chain_row_count(void);
const struct chain_row *chain_row_get(size_t i);
const char *chain_row_name(const struct chain_row *r);      /* "js3 >=3.1050" style, unique */
const char *chain_row_sdk(const struct chain_row *r);       /* "js3": the sdk.name of facts */
/* The releases of the row are the half-open range [from, before); NULL: no bound. */
const char *chain_row_from(const struct chain_row *r);
const char *chain_row_before(const struct chain_row *r);
const char *chain_row_title(const struct chain_row *r);     /* "AWS SDK for JavaScript v3" */
/*
 * The SDK releases that tests/oracle runs to verify this row, oldest first, separated
 * by blanks; NULL: none, the row was read from the SDK's source code.
 */
const char *chain_row_proven(const struct chain_row *r);
/*
 * id, word, meaning. Only rows of SDKs count for an unrecognized program. A tool's row is
 * the only one of its process; a library's is one of several.
 */
#define CHAIN_KINDS(X) \
        X(SDK,     "sdk",     "an AWS SDK") \
        X(LIBRARY, "library", "another client library") \
        X(TOOL,    "tool",    "a program with a chain of its own")
enum chain_kind {
#define X(id, word, meaning) CHAIN_##id,
        CHAIN_KINDS(X)
#undef X
};
enum chain_kind chain_row_kind(const struct chain_row *r);
const char *chain_kind_to_string(enum chain_kind kind);
/* The kind of a family; CHAIN_SDK for one that is not in the table. */
enum chain_kind chain_sdk_kind(const char *sdk);
/* Does it look for profile files below the home folder of the passwd file, whatever HOME says? */
bool chain_sdk_home_by_passwd(const char *sdk);
/*
 * The family of the tool that a program is, by its executable's name and an SDK in it (NULL: none); NULL: it is no
 * tool, or its name is not enough. For facts in which no file of the tool was recognized.
 */
const char *chain_tool_named(const char *exe, const char *sdk, const char *version);
/* How to make a tool without a container step use the task role; NULL for all other rows. */
const char *chain_row_instead(const struct chain_row *r);
/* Does the row have a container step? False: its releases are older than their SDK's container provider. */
bool chain_row_has_container(const struct chain_row *r);
/* The first release with a container provider; NULL: every release of the row has one. */
const char *chain_row_container_since(const struct chain_row *r);
/* The first release that uses IMDSv2; NULL: every release of the row does. */
const char *chain_row_imds_v2_since(const struct chain_row *r);
/* Does the SDK keep the provider that worked until the process restarts, even after an earlier step would work again? */
bool chain_row_sticky(const struct chain_row *r);
/* The row for a family and version; a NULL version gives the newest row. NULL: no such family, or no row for it. */
const struct chain_row *chain_row_for(const char *sdk, const char *version);

#define CHAIN_STEPS_MAX 16
/* Why a step failed, as far as the judge room tells failures apart. */
enum step_reason {
        REASON_OTHER,
        REASON_PROXIED,                /* its request goes to the HTTP proxy set in the environment */
        REASON_V1_ONLY,                /* the SDK supports IMDSv1 only, which IMDS refuses */
};
struct walk_step {
        enum provider provider;
        enum step_state state;
        const char *detail;            /* a clause for people; NULL: none */
        enum step_reason reason;
};
struct chain_result {
        const struct chain_row *row;
        const char *version;           /* of the SDK, as given in the input; NULL: any release of the row */
        enum provider provider;        /* NONE: no step found credentials; ERROR: an error ended the chain */
        const char *role;              /* role name or ARN; NULL: static keys, or not known */
        const char *key_id;            /* NULL: not known */
        const char *error;             /* why there are none, a clause for people; set where provider_is_none() */
        enum certainty certainty;
        bool own_config;               /* true only if the tool's own configuration, which is not read, has no keys */
        bool via_expired;              /* the credentials in use have expired */
        struct walk_step walk[CHAIN_STEPS_MAX];
        size_t n_walk;
};

/*
 * What the two functions below call credentials. By role where it is known, else by the provider's title:
 * chain_result_name: "webTaskRole", "static keys in the environment", "no credentials"; borrowed or static.
 * chain_result_text: "imds ecsInstanceRole", "env"; the form of ROLEWATCH_WINNER. Arena text; NULL when it is full.
 */
const char *chain_result_name(const struct chain_result *r);
const char *chain_result_text(struct arena *a, const struct chain_result *r);

/*
 * What a process sees. chain_input_of fills it from a snapshot, which must outlive it; every pointer is borrowed.
 */
struct chain_input {
        const char *const *env, *const *prop;
        const struct profile_file *credentials, *config, *home_credentials;
        enum file_state token_file, web_identity_file;
        const struct credential *cred_relative, *cred_full; /* NULL: not requested */
        const struct answer *net_container, *net_imds_token, *net_imds_v1; /* never NULL */
        const struct host *host;
        const char *version;           /* of the SDK; NULL: the newest of the row's range */
        enum file_state ca_bundle;
        enum passwd_home passwd_home;
        bool boto_file;                /* /etc/boto.cfg or ~/.boto is there */
        bool signed_out;               /* no directory has cached tokens of SSO or login sessions */
        bool env_known;                /* false: the environment is not visible */
        bool met_container, met_imds;  /* it was seen to contact the container endpoint, IMDS */
        int64_t now_s;                 /* seconds since the epoch */
};
void chain_input_of(const struct snapshot *s, const struct process *p, struct chain_input *ret);
/* Walks a row. Texts of *ret are borrowed from the input or made in the arena. 0, or -ENOMEM when the arena is full. */
int chain_eval(const struct chain_row *row, const struct chain_input *in, struct arena *a,
               struct chain_result *ret);

/*
 * The steps of a row: "env! > profile > container! ^ imds". "!": an error of the step ends the chain. "^": the
 * environment alone decides which of the two is tried. Arena text; NULL when it is full.
 */
const char *chain_row_steps(const struct chain_row *r, struct arena *a);
/*
 * The i-th parameter of a row: its JSON name, its meaning, its value in words. `usual`: it has its default, which
 * pages leave out. value: NULL for a version that is not set, or when the arena is full. Returns false after the last.
 */
struct chain_trait { const char *name, *meaning, *value; bool usual; };
bool chain_row_trait(const struct chain_row *r, size_t i, struct arena *a, struct chain_trait *ret);

/* Both profile files have one grammar; only sections of the config file are named "profile x". */
enum profile_file_kind { PROFILE_FILE_CREDENTIALS, PROFILE_FILE_CONFIG };
struct profile_text { const char *buf; size_t len; enum profile_file_kind kind; };
/* Parses a profile file into *ret: state OK, or MALFORMED with the first bad line. 0, or -ENOMEM when the arena is full. */
int profile_parse(struct arena *a, const struct profile_text *text, struct profile_file *ret);
