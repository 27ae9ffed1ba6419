/* steps -- what the steps of a chain share: one walk, and what each step comes to. */
#pragma once
#include "rows.h"

/* What a step came to. */
struct outcome {
        enum step_state state;         /* OFF, WINS, FAILED (or STOPPED), UNKNOWN */
        enum provider provider;
        const char *role, *key_id, *detail;
        enum step_reason reason;
        bool expired, uncertain;
        bool none;                     /* a failure that leaves no error behind */
        bool ends;                     /* a failure that ends the chain whatever the step */
};
struct outcome outcome_off(const char *detail);                /* not configured; detail NULL: nothing to add */
struct outcome outcome_failed(enum provider p, const char *detail);
/* Wins, as far as can be seen without doing what the step does. */
struct outcome outcome_unverified(enum provider p, const char *role, const char *detail);

struct eval {
        const struct chain_row *row;
        const struct chain_input *in;
        struct arena *a;
        bool container_chosen;         /* a container URI was set: REMOTE_EITHER drops IMDS */
};
/* A step of any kind; what serves more than one looks at `kind`. */
typedef struct outcome step_fn(struct eval *e, enum step_kind kind);
step_fn step_sysprops, step_env, step_web_identity, step_profile, step_legacy, step_container, step_imds;
/* Is either container URI set? */
bool container_configured(const struct eval *e);
/* Errors of files and profiles that end the chain before its first step; NULL: none. */
const char *profile_fatal(struct eval *e);
