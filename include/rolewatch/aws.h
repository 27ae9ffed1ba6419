/*
 * aws -- signed calls of AWS services: endpoints, retries, responses as JSON.
 *
 * Protocols, endpoints and signing regions: the services' own models (smithy
 * and endpoint rule sets), as botocore carries them.
 */
#pragma once
#include "rolewatch/net.h"

/* id, prefix of the endpoint and name to sign for, part of AWS_ENDPOINT_URL_*, protocol, version or target */
#define AWS_SERVICES(X) \
        X(IAM, "iam", "IAM", QUERY, "2010-05-08") \
        X(STS, "sts", "STS", QUERY, "2011-06-15") \
        X(ECS, "ecs", "ECS", JSON,  "AmazonEC2ContainerServiceV20141113") \
        X(SCALING, "application-autoscaling", "APPLICATION_AUTO_SCALING", JSON, "AnyScaleFrontendService") \
        X(ELB, "elasticloadbalancing", "ELASTIC_LOAD_BALANCING_V2", QUERY, "2015-12-01") \
        X(CLOUDWATCH, "monitoring", "CLOUDWATCH", QUERY, "2010-08-01")
enum aws_service {
#define X(id, prefix, variable, protocol, version) AWS_##id,
        AWS_SERVICES(X)
#undef X
        AWS_SERVICE_MAX
};

/* Borrowed; token NULL for long-term keys. */
struct aws_keys { const char *key_id, *secret, *token; };

struct aws_client {
        struct net *net;
        struct aws_keys keys;
        const char *partition;         /* "aws" */
        const char *region;            /* for regional services */
        const char *endpoints[AWS_SERVICE_MAX];        /* "https://host[:port]"; NULL: AWS's own */
        const char *ca_file;           /* NULL: the system's */
        int64_t skew_s;                /* of this clock, as the service's answers showed */
        bool hurried;                  /* 5 s at most, and no retry of a busy service: the caller repeats the call later */
};
struct aws_param { const char *name, *value; };
struct aws_answer {
        enum answer_state state;       /* OK: an answer with HTTP status 200 */
        int status;
        cJSON *body;                   /* the response element, or the whole JSON; NULL on failure */
        char code[64], message[512];   /* of a refusal, escaped; "" none */
};
/* One action of a service: with parameters (protocol QUERY), or a body (JSON). Borrowed. */
struct aws_request {
        enum aws_service service;
        const char *action;
        const struct aws_param *params;
        size_t n_params;
        const cJSON *body;
};
/*
 * Up to three attempts while the service is busy or the clock is wrong. 0, also if the service refuses the call; -ENOMEM;
 * -EINVAL: no usable endpoint, no region, or an action that aws_calls.h does not list.
 */
int aws_send(struct aws_client *c, const struct aws_request *q, struct aws_answer *ret);
void aws_answer_done(struct aws_answer *a);
/* Is it a temporary refusal (throttled, busy)? */
bool aws_passing(const struct aws_answer *a);

/* The partition of a region; "aws" for NULL and for unknown regions. */
const char *aws_partition_of(const char *region);
/* AWS_ENDPOINT_URL_SERVICE, else AWS_ENDPOINT_URL, of the environment; NULL: neither. */
const char *aws_endpoint_setting(enum aws_service service);
