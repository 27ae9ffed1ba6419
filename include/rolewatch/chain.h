/*
 * chain -- which credentials win, as a function of facts. No I/O, no clock.
 *
 * One row a family and version range of SDKs (agent/chain/rows.c); one
 * evaluator walks any row over the facts of a process.
 */
#pragma once
#include "rolewatch/model.h"

/* id, word, what credentials of it are called whose role is not known: in a sentence, and as a name of their own */
#define PROVIDERS(X) \
        X(ENV,          "env",          "static keys",             "keys in the environment") \
        X(SYSPROPS,     "sysprops",     "static keys",             "keys in Java properties") \
        X(WEB_IDENTITY, "web-identity", "a web identity",          "web identity, role not known") \
        X(PROFILE,      "profile",      "a profile",               "keys in a profile file") \
        X(PROCESS,      "process",      "what a command prints",   "a credential process") \
        X(SSO,          "sso",          "a signed-in user",        "an SSO login") \
        X(CONTAINER,    "container",    "another endpoint's role", "container role, not known") \
        X(IMDS,         "imds",         "the instance role",       "instance role, not known") \
        X(NONE,         "none",         "nobody",                  "no credentials") \
        X(ERROR,        "error",        "nobody",                  "no credentials") \
        X(UNKNOWN,      "unknown",      "nobody",                  "not known")
enum provider {
#define X(id, word, phrase, title) PROVIDER_##id,
        PROVIDERS(X)
#undef X
        PROVIDER_MAX
};
const char *provider_word(enum provider p);
const char *provider_phrase(enum provider p);      /* "static keys" */
const char *provider_title(enum provider p);       /* "keys in the environment" */

#define STEP_STATES(X) \
        X(OFF,        "off",        "not configured") \
        X(WINS,       "wins",       "the chain ends here with credentials") \
        X(FAILED,     "failed",     "tried, failed, and the next step is asked") \
        X(STOPPED,    "stopped",    "tried, failed, and the error ends the chain") \
        X(EXCLUDED,   "excluded",   "never asked, because of an earlier choice") \
        X(NOT_REACHED,"not-reached","an earlier step had ended the chain") \
        X(UNKNOWN,    "unknown",    "could not be seen")
enum step_state {
#define X(id, word, meaning) STEP_##id,
        STEP_STATES(X)
#undef X
        STEP_STATE_MAX
};
const char *step_state_word(enum step_state s);

struct chain_row;                                  /* agent/chain/rows.h */
size_t chain_row_count(void);
const struct chain_row *chain_row_get(size_t i);
const char *chain_row_name(const struct chain_row *r);      /* "js3 >=3.1050" style, unique */
const char *chain_row_family(const struct chain_row *r);    /* "js3": the sdk.name of facts */
/* The range [from, before) of releases; NULL: open. */
const char *chain_row_from(const struct chain_row *r);
const char *chain_row_before(const struct chain_row *r);
const char *chain_row_title(const struct chain_row *r);     /* "AWS SDK for JavaScript v3" */
/*
 * The releases of the SDK itself that tests/oracle runs against this row, oldest
 * first, separated by blanks; NULL: none, the row is a reading of sources.
 */
const char *chain_row_proven(const struct chain_row *r);
/* False: releases that are older than their SDK's container provider. */
bool chain_row_has_container(const struct chain_row *r);
/* The first release with a container provider; NULL: all of the row have one. */
const char *chain_row_container_since(const struct chain_row *r);
/* The first release that asks IMDS with a token; NULL: all of the row do. */
const char *chain_row_imds_v2_since(const struct chain_row *r);
/* After a failed step it stays with what a later one gave until it is restarted. */
bool chain_row_sticky(const struct chain_row *r);
/* The row for a family and version; NULL: unknown family. A NULL version gives the newest row. */
const struct chain_row *chain_row_for(const char *family, const char *version);

#define CHAIN_STEPS_MAX 16
/* Why a step failed, where judgements go by it. */
enum step_reason {
        REASON_OTHER,
        REASON_PROXIED,                /* its request goes to the environment's HTTP proxy */
        REASON_V1_ONLY,                /* this SDK speaks IMDSv1 only, and that is refused */
};
struct walk_step {
        enum provider provider;
        enum step_state state;
        const char *detail;
        enum step_reason reason;
};
struct chain_result {
        const struct chain_row *row;
        const char *version;           /* of the SDK, as given; NULL: any of the row */
        enum provider provider;        /* NONE: the chain ends empty; ERROR: it ends in an error */
        const char *role;              /* role name or ARN; NULL: static keys, or not known */
        const char *key_id;            /* NULL: not known */
        const char *error;             /* for NONE and ERROR: why, for people */
        enum certainty certainty;
        bool via_expired;              /* the credentials that win have expired */
        struct walk_step walk[CHAIN_STEPS_MAX];
        size_t n_walk;
};

/*
 * What a process sees, gathered from a snapshot by chain_input_of or made by a
 * test. Borrowed pointers only.
 */
struct chain_input {
        const char *const *env, *const *prop;
        const struct profile_file *credentials, *config, *home_credentials;
        enum file_state token_file, wit_file;
        const struct credential *cred_rel, *cred_full;   /* NULL: not asked */
        const struct answer *net_container, *net_imds_token, *net_imds_v1; /* never NULL */
        const struct host *host;
        const char *version;           /* of the SDK; NULL: the newest of the row's range */
        bool env_known;
        int64_t now_s;
};
void chain_input_of(const struct snapshot *s, const struct process *p, struct chain_input *ret);
/* Texts are made in the arena. 0 or -ENOMEM when it is full. */
int chain_eval(const struct chain_row *row, const struct chain_input *in, struct arena *a,
               struct chain_result *ret);

/*
 * The table in words. Steps: "env! > profile > container! ^ imds": "!" its error ends the chain,
 * "^" either of the two by the environment alone. Arena text; NULL when it is full.
 */
const char *chain_row_steps(const struct chain_row *r, struct arena *a);
/*
 * The i-th parameter: a stable name for programs, what it says, its value in words. `usual`: it is
 * the plain case, not worth a line. value is NULL for a version that is not set, or when the arena
 * is full. False: there are no more.
 */
struct chain_trait { const char *name, *meaning, *value; bool usual; };
bool chain_row_trait(const struct chain_row *r, size_t i, struct arena *a, struct chain_trait *ret);

/* Profile files have one grammar; sections of the config file are "profile x". */
enum profile_file_kind { PROFILE_FILE_CREDENTIALS, PROFILE_FILE_CONFIG };
struct profile_text { const char *buf; size_t len; enum profile_file_kind kind; };
/* Bytes to rows. Always fills *ret (state OK or MALFORMED with the line); -ENOMEM when the arena is full. */
int profile_parse(struct arena *a, const struct profile_text *text, struct profile_file *ret);
