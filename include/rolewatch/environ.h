/* environ -- parses the bytes of an environment or of a command line. Pure. Of the room collect. */
#pragma once
#include "rolewatch/model.h"

/* Unredacted values for later requests; borrowed from the block, which is erased. */
struct environ_raw { const char *relative, *full, *metadata_v4; };
/*
 * block is followed by a NUL. The first entry of a name counts, as in getenv(3). Values are reduced by env_redact. 0; -ENOMEM
 * when the arena is full.
 */
int environ_parse(struct arena *a, struct span block, const char *ret_env[ENV_VAR_MAX], struct environ_raw *ret_raw);
/* False: something was written over it. block is followed by a NUL. */
bool environ_is_intact(struct span block);
/* Only a credentials path of the agent is requested; a FULL uri counts when it names the agent's address. NULL: none. Borrowed. */
struct credential_paths { const char *relative, *full; };
void environ_paths(const struct environ_raw *raw, struct credential_paths *ret);
/* -Dname=value of a Java command line (NUL-separated) into prop[]; the last one counts. */
int cmdline_props(struct arena *a, const char *buf, size_t len, const char *ret_prop[SYSPROP_MAX]);
/* The same for the blank-separated options in JAVA_TOOL_OPTIONS and similar variables, after env_redact. */
int options_props(struct arena *a, const char *options, const char *ret_prop[SYSPROP_MAX]);
