/* steps -- what the steps of a chain share: the state of one walk, and the outcome of a step. */
#pragma once
#include "rows.h"

/* The outcome of a step. */
struct outcome {
        enum step_state state;         /* OFF, WINS, FAILED or UNKNOWN; the evaluator turns FAILED into STOPPED */
        enum provider provider;
        const char *role, *key_id, *detail;
        enum step_reason reason;
        bool expired;                  /* the credentials have expired */
        bool uncertain;                /* it depends on something that was not visible */
        bool none;                     /* a failure that leaves no error: the chain may end as PROVIDER_NONE */
        bool ends;                     /* a failure that ends the chain, whatever on_error of the step says */
};
struct outcome outcome_off(const char *detail);                /* not configured; detail NULL: the text of STEP_KINDS */
struct outcome outcome_failed(enum provider p, const char *detail);
/* Wins, but rolewatch cannot verify it without doing what the step does. */
struct outcome outcome_unverified(enum provider p, const char *role, const char *detail);

struct eval {
        const struct chain_row *row;
        const struct chain_input *in;
        struct arena *a;
        bool container_chosen;         /* a container URI was set, so REMOTE_EITHER excludes IMDS */
        bool settings_only;            /* what is looked for in profiles is a setting, not a credential */
};
/* Evaluates one step. A function that serves several kinds looks at `kind`. */
typedef struct outcome step_fn(struct eval *e, enum step_kind kind);
step_fn step_own_config, step_sysprops, step_env, step_web_identity, step_profile, step_legacy, step_container, step_imds;
/* Is either container URI set? */
bool container_configured(const struct eval *e);
/* The environment's keys, even where a named profile takes precedence over them. */
step_fn env_keys;
/* A variable, or for Java v2 the system property that takes precedence over it. */
const char *remote_setting(const struct eval *e, enum env_var var, enum sysprop prop);
/* Does a request to this address go to the HTTP proxy set in the environment? */
bool proxied(const struct eval *e, const char *address);
/* Why every request of the SDK fails, by how the proxy variables are written; NULL: it does not. */
const char *proxy_refused(const struct eval *e);
/* An error of profile files or settings that ends the chain before its first step; NULL: none. */
const char *chain_fatal(struct eval *e);
/* Is AWS_METADATA_SERVICE_TIMEOUT set to what is no number? An empty one is not set. */
bool timeout_invalid(const struct eval *e);
/* Is AWS_EC2_METADATA_V1_DISABLED set, or its key in the profile? */
bool v1_switch_is_set(const struct eval *e);
/* Has a setting a value of which it is not known whether this SDK accepts it? */
bool settings_unsure(const struct eval *e);
