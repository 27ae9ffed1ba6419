/* aws_endpoint -- URL and signing region of an AWS service. */
#pragma once
#include "rolewatch/aws.h"

struct aws_endpoint { char *url; const char *region; };        /* url: the caller's; region: to sign for */
void aws_endpoint_done(struct aws_endpoint *e);
int aws_endpoint_resolve(const struct aws_client *c, enum aws_service service, struct aws_endpoint *ret);      /* -EINVAL, -ENOMEM */
