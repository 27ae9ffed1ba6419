/* view -- one profile as an SDK sees it. */
#pragma once
#include "steps.h"

/* A profile in both files; what the credentials file sets takes precedence. NULL: not there. */
struct view {
        const struct profile *cred, *config;
};
struct view view_of(const struct eval *e, const char *name);
const char *key_of(const struct view *v, enum profile_key k);
bool view_has(const struct view *v, enum profile_key k);       /* set and not empty */
bool half_of(const struct profile *p);                         /* only one of access key id and secret key, empty or not; NULL ok */

/* Is AWS_SDK_LOAD_CONFIG true as strconv.ParseBool of Go has it: 1, t, T, TRUE, true, True? */
bool load_config_is_true(const char *v);
bool config_read(const struct eval *e);                        /* Does this SDK read the config file? */
/* The files as this SDK finds and reads them; NULL: it does not. */
const struct profile_file *credentials_file(const struct eval *e), *config_file(const struct eval *e);
/* Does the SDK find any profile in its files? */
bool any_profile(const struct eval *e);
/* Is something written in a way of which it is not known how this SDK reads it? */
bool reading_unsure(const struct eval *e);
/* Why an SDK that needs both files reads neither; NULL: it reads them. */
const char *missing_file(const struct eval *e);
/* Is a file that this SDK reads not visible to rolewatch? */
bool not_visible(const struct eval *e);
/* The name of the selected profile; "default" where no variable names one. */
const char *profile_name(const struct eval *e);
bool profile_is_named(const struct eval *e);
/* Why the selected profile is not there, for people. */
const char *profile_missing(const struct eval *e, const char *name);
/* Why a setting ends the chain; NULL: none does. */
const char *setting_fatal(struct eval *e, const struct view *v);
/* Does the config file have [kind name]? */
bool has_section(const struct profile_file *f, const char *kind, const char *name);
/* Does this SDK read role_arn? */
bool roles_read(const struct eval *e);
/* What the lowest of some spellings means. */
const char *spelling_meaning(unsigned spellings);
/* Does AWS_SDK_CONFIG_OPT_OUT limit this SDK to the static keys of profiles? */
bool opted_out(const struct eval *e);
