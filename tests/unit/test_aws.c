/* Where AWS's services are, in every partition, and for which region requests are signed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include "../../agent/net/aws_endpoint.h"

/* The endpoint rule sets of the services; IAM is one for a partition. */
static const struct { const char *region, *partition, *iam, *iam_region, *ecs, *metrics; } regions[] = {
        { "eu-west-1", "aws", "https://iam.amazonaws.com", "us-east-1", "https://ecs.eu-west-1.amazonaws.com",
          "https://monitoring.eu-west-1.amazonaws.com" },
        { "cn-northwest-1", "aws-cn", "https://iam.cn-north-1.amazonaws.com.cn", "cn-north-1",
          "https://ecs.cn-northwest-1.amazonaws.com.cn", "https://monitoring.cn-northwest-1.amazonaws.com.cn" },
        { "us-gov-east-1", "aws-us-gov", "https://iam.us-gov.amazonaws.com", "us-gov-west-1",
          "https://ecs.us-gov-east-1.amazonaws.com", "https://monitoring.us-gov-east-1.amazonaws.com" },
        { "us-iso-east-1", "aws-iso", "https://iam.us-iso-east-1.c2s.ic.gov", "us-iso-east-1",
          "https://ecs.us-iso-east-1.c2s.ic.gov", "https://monitoring.us-iso-east-1.c2s.ic.gov" },
        { "us-isob-east-1", "aws-iso-b", "https://iam.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1",
          "https://ecs.us-isob-east-1.sc2s.sgov.gov", "https://monitoring.us-isob-east-1.sc2s.sgov.gov" },
        { "eu-isoe-west-1", "aws-iso-e", "https://iam.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1",
          "https://ecs.eu-isoe-west-1.cloud.adc-e.uk", "https://monitoring.eu-isoe-west-1.cloud.adc-e.uk" },
        { "us-isof-south-1", "aws-iso-f", "https://iam.us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1",
          "https://ecs.us-isof-south-1.csp.hci.ic.gov", "https://monitoring.us-isof-south-1.csp.hci.ic.gov" },
        { "eusc-de-east-1", "aws-eusc", "https://iam.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1",
          "https://ecs.eusc-de-east-1.amazonaws.eu", "https://monitoring.eusc-de-east-1.amazonaws.eu" },
};

static void endpoint_is(const struct aws_client *c, enum aws_service service, const char *url, const char *region)
{
        CLEANUP(aws_endpoint_done) struct aws_endpoint got = { 0 };

        assert_int_equal(aws_endpoint_resolve(c, service, &got), 0);
        assert_string_equal(got.url, url);
        assert_string_equal(got.region, region);
}

static void services_are_where_they_are(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(regions); i++) {
                struct aws_client c = { .partition = aws_partition_of(regions[i].region), .region = regions[i].region };

                assert_string_equal(c.partition, regions[i].partition);
                endpoint_is(&c, AWS_IAM, regions[i].iam, regions[i].iam_region);
                endpoint_is(&c, AWS_ECS, regions[i].ecs, regions[i].region);
                endpoint_is(&c, AWS_CLOUDWATCH, regions[i].metrics, regions[i].region);
        }
}

static void settings_override(void **state)
{
        struct aws_client c = { .partition = "aws", .region = "eu-west-1", .endpoints[AWS_ECS] = "http://localhost:4566" };
        struct aws_endpoint none = { 0 };

        (void)state;
        endpoint_is(&c, AWS_ECS, "http://localhost:4566", "eu-west-1");
        c.endpoints[AWS_ECS] = "localhost:4566";
        assert_int_equal(aws_endpoint_resolve(&c, AWS_ECS, &none), -EINVAL);
        c.endpoints[AWS_ECS] = "http://localhost/path";
        assert_int_equal(aws_endpoint_resolve(&c, AWS_ECS, &none), -EINVAL);
        c.region = NULL;
        assert_int_equal(aws_endpoint_resolve(&c, AWS_STS, &none), -EINVAL);
        c.region = "x.evil.example/";
        assert_int_equal(aws_endpoint_resolve(&c, AWS_STS, &none), -EINVAL);
        setenv("AWS_ENDPOINT_URL", "http://all", 1);
        setenv("AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2", "http://elb", 1);
        setenv("AWS_ENDPOINT_URL_APPLICATION_AUTO_SCALING", "", 1);
        assert_string_equal(aws_endpoint_setting(AWS_ELB), "http://elb");
        assert_string_equal(aws_endpoint_setting(AWS_SCALING), "http://all");
        unsetenv("AWS_ENDPOINT_URL");
        assert_null(aws_endpoint_setting(AWS_SCALING));
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(services_are_where_they_are), cmocka_unit_test(settings_override) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
