/*
 * sigv4 -- AWS Signature Version 4 for one request, on OpenSSL. Pure.
 *
 * libcurl's own is not used: releases that distributions still ship sign only
 * some headers, and its handling of odd paths and queries changed until 8.14.
 */
#pragma once
#include "rolewatch/aws.h"

struct sigv4_header { const char *name, *value; };
struct sigv4_request {
        const char *method, *host;     /* host: with its port where that is not the scheme's own */
        const char *path, *query;      /* as they are sent; query "" for none */
        const struct sigv4_header *headers;    /* further ones to be signed */
        size_t n_headers;
        const void *body;
        size_t len;
        const char *region, *service;
        int64_t time_s;
};
/*
 * The value of Authorization, the caller's to free, and that of X-Amz-Date
 * (SIGV4_DATE_SIZE bytes), which is to be sent, as is X-Amz-Security-Token with
 * the token. S3, which encodes a path once only, is not served. -ENOMEM.
 */
#define SIGV4_DATE_SIZE 17
#define SIGV4_HEADERS_MAX 32
int sigv4_sign(const struct aws_keys *keys, const struct sigv4_request *rq, char date[SIGV4_DATE_SIZE],
               char **ret_authorization);
