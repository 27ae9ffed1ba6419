/* aws -- signed calls of AWS's query services: endpoints, retries, answers as JSON. */
#pragma once
#include "rolewatch/net.h"

/* Borrowed; token NULL for long-term keys. */
struct aws_keys { const char *key_id, *secret, *token; };

struct aws_client {
        struct net *net;
        struct aws_keys keys;
        const char *partition;         /* "aws" */
        const char *endpoint;          /* "https://host[:port]"; NULL: the partition's own */
        const char *ca_file;           /* NULL: the system's */
        int64_t skew_s;                /* of this clock, as the service's answers showed */
};
struct aws_param { const char *name, *value; };
struct aws_answer {
        enum answer_state state;       /* OK: an answer with HTTP status 200 */
        int status;
        cJSON *body;                   /* the response element; NULL on failure */
        char code[64], message[512];   /* of a refusal, escaped; "" none */
};
/*
 * iam: one action with its parameters. Tries three times where the service is
 * busy or the clock is wrong. 0, also for a refusal; -ENOMEM, -EINVAL.
 */
int aws_iam(struct aws_client *c, const char *action, const struct aws_param *params, size_t n,
            struct aws_answer *ret);
/* "aws" for NULL and for regions of no other. */
const char *aws_partition_of(const char *region);
void aws_answer_done(struct aws_answer *a);
/* Was it for the time being (throttled, busy)? */
bool aws_passing(const struct aws_answer *a);
