/* view -- one profile as an SDK sees it. */
#pragma once
#include "rows.h"

/* The credentials file laid over the config file. */
struct view {
        const struct profile *cred, *config;
};

/* 1, t, true: what some SDKs take for true. */
bool loadcfg_bool(const char *v);
bool config_read(const struct eval *e);
const struct profile_file *credentials_file(const struct eval *e);
/* Why an SDK that wants both files reads neither; NULL: it reads. */
const char *lacking_file(const struct eval *e);
/* "default" where none is named. */
const char *profile_name(const struct eval *e, bool *ret_named);
struct view view_of(const struct eval *e, const char *name);
const char *key_of(const struct view *v, enum profile_key k);
bool has(const struct view *v, enum profile_key k);
/* A file that decides could not be seen. */
bool unseen(const struct eval *e);
bool half_of(const struct profile *p);
