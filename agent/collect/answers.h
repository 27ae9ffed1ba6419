/* answers -- from an HTTP answer to facts: what the readers of IMDS and the agent share. */
#pragma once
#include "rolewatch/collect.h"

#ifndef ROLEWATCH_VERSION
#define ROLEWATCH_VERSION "0.0.0"
#endif

/* OK for HTTP 200, STATUS for any other; the rest as net has it. No detail. */
struct answer answer_of(const struct net_response *r);
struct answer answer_garbage(int status, const char *detail);

/* The base without a slash at its end, then the path; the caller frees. NULL: no memory. */
char *url_join(const char *base, const char *path);

/*
 * A text of a JSON object, escaped, in the arena. 0; -ENOENT absent, null or empty;
 * -EBADMSG no text or longer than max; -ENOMEM.
 */
int json_take_str(struct arena *a, const cJSON *o, const char *key, size_t max, const char **ret);

bool key_id_valid(const char *s);      /* an access key id: 16 to 128 of [A-Za-z0-9_] */
