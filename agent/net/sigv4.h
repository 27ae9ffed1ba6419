/*
 * sigv4 -- AWS Signature Version 4 for one request, on OpenSSL. Pure.
 *
 * libcurl's implementation is not used: releases that distributions still ship sign only some headers, and its handling of
 * unusual paths and queries changed until 8.14.
 */
#pragma once
#include "rolewatch/aws.h"

struct sigv4_header { const char *name, *value; };
struct sigv4_request {
        const char *method, *host;     /* host: with its port, if it is not the default port */
        const char *path, *query;      /* as they are sent; query "": none */
        const struct sigv4_header *headers;    /* additional headers to sign */
        size_t n_headers;
        const void *body;
        size_t len;
        const char *region, *service;
        int64_t time_s;
};
/*
 * *ret_authorization: the value of Authorization, the caller's; date: the value of X-Amz-Date (SIGV4_DATE_SIZE bytes). The
 * caller sends both, and keys->token as X-Amz-Security-Token. Not for S3, which encodes paths only once. -ENOMEM.
 */
#define SIGV4_DATE_SIZE 17
#define SIGV4_HEADERS_MAX 32
int sigv4_sign(const struct aws_keys *keys, const struct sigv4_request *rq, char date[SIGV4_DATE_SIZE],
               char **ret_authorization);
