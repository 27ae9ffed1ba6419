/* Partitions, endpoints and the regions that requests are signed for (endpoint rule sets). */
#include <stdio.h>
#include "aws_endpoint.h"

/* IAM is one for a whole partition. */
static const struct partition { const char *name, *prefix, *suffix, *iam_host, *iam_region; } partitions[] = {
        { "aws", NULL, "amazonaws.com", "iam.amazonaws.com", "us-east-1" },
        { "aws-cn", "cn-", "amazonaws.com.cn", "iam.cn-north-1.amazonaws.com.cn", "cn-north-1" },
        { "aws-us-gov", "us-gov-", "amazonaws.com", "iam.us-gov.amazonaws.com", "us-gov-west-1" },
        { "aws-iso", "us-iso-", "c2s.ic.gov", "iam.us-iso-east-1.c2s.ic.gov", "us-iso-east-1" },
        { "aws-iso-b", "us-isob-", "sc2s.sgov.gov", "iam.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1" },
        { "aws-iso-e", "eu-isoe-", "cloud.adc-e.uk", "iam.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1" },
        { "aws-iso-f", "us-isof-", "csp.hci.ic.gov", "iam.us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1" },
        { "aws-eusc", "eusc-", "amazonaws.eu", "iam.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1" },
};

static const struct { const char *prefix, *variable; } services[] = {
#define X(id, prefix, variable, protocol, version) [AWS_##id] = { prefix, variable },
        AWS_SERVICES(X)
#undef X
};

const char *aws_partition_of(const char *region)
{
        for (size_t i = 1; region && i < ARRAY_SIZE(partitions); i++)
                if (strncmp(region, partitions[i].prefix, strlen(partitions[i].prefix)) == 0)
                        return partitions[i].name;
        return partitions[0].name;
}

static const char *endpoint_variable(const char *name)
{
        const char *v = getenv(name);

        return v && *v ? v : NULL;
}

const char *aws_endpoint_setting(enum aws_service service)
{
        char name[64];
        const char *v;

        snprintf(name, sizeof name, "AWS_ENDPOINT_URL_%s", services[service].variable);
        v = endpoint_variable(name);
        return v ? v : endpoint_variable("AWS_ENDPOINT_URL");
}

static const struct partition *partition_of(const char *name)
{
        for (size_t i = 0; i < ARRAY_SIZE(partitions); i++)
                if (streq(partitions[i].name, name))
                        return &partitions[i];
        return &partitions[0];
}

void aws_endpoint_done(struct aws_endpoint *e)
{
        free(e->url);
        *e = (struct aws_endpoint){ 0 };
}

int aws_endpoint_resolve(const struct aws_client *c, enum aws_service service, struct aws_endpoint *ret)
{
        const struct partition *p = partition_of(c->partition);
        const char *given = c->endpoints[service], *host = given ? strstr(given, "://") : NULL;
        bool global = service == AWS_IAM;
        char *url;
        int r;

        if (given && (!host || strchr(host + 3, '/')))
                return -EINVAL;
        if (!global && (!c->region || !text_is(c->region, strlen(c->region), "-")))
                return -EINVAL;
        if (given)
                r = asprintf(&url, "%s", given);
        else if (global)
                r = asprintf(&url, "https://%s", p->iam_host);
        else
                r = asprintf(&url, "https://%s.%s.%s", services[service].prefix, c->region, p->suffix);
        if (r < 0)
                return -ENOMEM;
        *ret = (struct aws_endpoint){ url, global ? p->iam_region : c->region };
        return 0;
}
