/* environ -- from the bytes of an environment or a command line to facts. Pure. */
#pragma once
#include "rolewatch/model.h"

/* Values that later readers need whole; borrowed from the block, erased with it. */
struct environ_raw { const char *rel, *full, *metadata_v4; };
/*
 * The first entry of a name counts, as in getenv(3). Values are reduced by
 * env_redact. 0; -ENOMEM when the arena is full. A NUL stands behind the block.
 */
int environ_parse(struct arena *a, struct span block, const char *ret_env[ENV_VAR_MAX], struct environ_raw *ret_raw);
/* -Dname=value of a Java command line (NUL-separated) into prop[]; the last one counts. */
int cmdline_props(struct arena *a, const char *buf, size_t len, const char *ret_prop[SYSPROP_MAX]);
/* The same of the options in an already reduced JAVA_TOOL_OPTIONS and its kin (blank-separated). */
int options_props(struct arena *a, const char *options, const char *ret_prop[SYSPROP_MAX]);
