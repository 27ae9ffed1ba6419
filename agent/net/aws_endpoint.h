/* aws_endpoint -- where a service of AWS is. */
#pragma once
#include "rolewatch/aws.h"

struct aws_endpoint { char *url; const char *region; };        /* region: to sign for */
void aws_endpoint_done(struct aws_endpoint *e);
int aws_endpoint_resolve(const struct aws_client *c, enum aws_service service, struct aws_endpoint *ret);      /* -EINVAL, -ENOMEM */
