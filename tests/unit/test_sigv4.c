/* Signatures: two requests as botocore signs them; tests/checks/sigv4 compares a thousand more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "../../agent/net/sigv4.h"

static const struct aws_keys keys = { "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "IQoJTOKEN//+==" };
static const struct sigv4_header form[] = { { "Content-Type", "application/x-www-form-urlencoded; charset=utf-8" } };
static const struct sigv4_header json[] = { { "X-Amz-Target", "AmazonEC2ContainerServiceV20141113.DescribeTasks" },
                                            { "Content-Type", "application/x-amz-json-1.1" } };
static const struct {
        const char *service, *host, *body, *signature;
        const struct sigv4_header *headers;
        size_t n;
} rows[] = {
        { "sts", "sts.us-west-2.amazonaws.com", "Action=GetCallerIdentity&Version=2011-06-15",
          "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, "
          "Signature=f2589bb5026617738eb21315198a1bc56acc6e564ba1ac3edb62c21777857a20", form, 1 },
        { "ecs", "ecs.us-west-2.amazonaws.com", "{\"cluster\":\"default\",\"tasks\":[\"624dd649a11d44c09f90367ea64a7afa\"]}",
          "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, "
          "Signature=f7fa8eaa0c426997ca9dfee201d903a6b8162331c08e9dff15577d5b4f990e8e", json, 2 },
};

static void requests_are_signed(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
                CLEANUP(freep) char *value = NULL;
                char date[SIGV4_DATE_SIZE];
                struct sigv4_request rq = { .method = "POST", .host = rows[i].host, .path = "/", .query = "",
                                            .headers = rows[i].headers, .n_headers = rows[i].n,
                                            .body = rows[i].body, .len = strlen(rows[i].body),
                                            .region = "us-west-2", .service = rows[i].service,
                                            .time_s = 1795437296 };

                assert_int_equal(sigv4_sign(&keys, &rq, date, &value), 0);
                assert_string_equal(date, "20261123T123456Z");
                assert_non_null(strstr(value, rows[i].signature));
        }
}

static void too_many_headers_are_refused(void **state)
{
        struct sigv4_header many[SIGV4_HEADERS_MAX] = { { "a", "b" } };
        struct sigv4_request rq = { .method = "GET", .host = "h", .path = "/", .query = "", .headers = many,
                                    .n_headers = SIGV4_HEADERS_MAX, .region = "r", .service = "s" };
        char date[SIGV4_DATE_SIZE], *value = NULL;

        (void)state;
        assert_int_equal(sigv4_sign(&keys, &rq, date, &value), -EINVAL);
        assert_null(value);
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(requests_are_signed),
                                            cmocka_unit_test(too_many_headers_are_refused) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
