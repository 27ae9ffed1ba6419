/* view -- one profile as an SDK sees it. */
#pragma once
#include "steps.h"

/* The credentials file laid over the config file. */
struct view {
        const struct profile *cred, *config;
};
struct view view_of(const struct eval *e, const char *name);
const char *key_of(const struct view *v, enum profile_key k);
bool has(const struct view *v, enum profile_key k);            /* not empty */
bool half_of(const struct profile *p);                         /* one of the two keys only */

/* 1, t, true: what some SDKs take for true. */
bool load_config_is_true(const char *v);
bool config_read(const struct eval *e);
const struct profile_file *credentials_file(const struct eval *e);
/* Why an SDK that wants both files reads neither; NULL: it reads. */
const char *missing_file(const struct eval *e);
/* A file that decides could not be seen. */
bool unseen(const struct eval *e);
/* The profile that is asked for; "default" where none is named. */
const char *profile_name(const struct eval *e);
bool profile_is_named(const struct eval *e);
/* AWS_SDK_CONFIG_OPT_OUT leaves this SDK nothing but the keys of profiles. */
bool opted_out(const struct eval *e);
