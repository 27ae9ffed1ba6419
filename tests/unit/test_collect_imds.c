#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>
#include "rolewatch/collect.h"
#include "rolewatch/host_client.h"
#include "mock_http.h"

#define TOKEN "AQAEAEXAMPLETOKEN=="
#define SECRET "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
#define NOW 1795500000                 /* 2026-11-24T06:00:00Z */
#define DATA "/latest/meta-data/"
#define ROLES DATA "iam/security-credentials/"
#define DOCUMENT "/latest/dynamic/instance-identity/document"
#define WITH .needs = "X-aws-ec2-metadata-token: " TOKEN "\r\n"
#define KEYS(code, id, secret, until) "{\"Code\":\"" code \
        "\",\"LastUpdated\":\"2026-11-24T00:00:00Z\"," \
        "\"Type\":\"AWS-HMAC\",\"AccessKeyId\":\"" id "\",\"SecretAccessKey\":\"" secret "\"," \
        "\"Token\":\"" TOKEN "\",\"Expiration\":\"" until "\"}"
#define GOOD_KEYS KEYS("Success", "AKIAIOSFODNN7EXAMPLE", SECRET, "2026-11-24T12:00:00Z")

/* An instance in order; a test's own rows stand before these. */
static const struct mock_route sound[] = {
        { .path = "/latest/api/token", .method = "PUT",
          .needs = "X-aws-ec2-metadata-token-ttl-seconds: 300\r\n", .bytes = HTTP_200(TOKEN) },
        { .path = DATA "instance-id", WITH, .bytes = HTTP_200("i-0123456789abcdef0") },
        { .path = DATA "placement/region", WITH, .bytes = HTTP_200("eu-west-1") },
        { .path = DOCUMENT, WITH, .bytes = HTTP_200("{\"accountId\":\"111122223333\","
          "\"region\":\"eu-west-1\",\"instanceId\":\"i-0123456789abcdef0\"}") },
        { .path = DATA "iam/info", WITH, .bytes = HTTP_200("{\"Code\":\"Success\","
          "\"InstanceProfileArn\":\"arn:aws:iam::111122223333:instance-profile/ecs\"}") },
        { .path = ROLES, WITH, .bytes = HTTP_200("ecsInstanceRole") },
        { .path = ROLES "ecsInstanceRole", WITH, .bytes = HTTP_200(GOOD_KEYS) },
};

/* A server of these rows before the sound ones; one at a time. */
static struct mock_http *served(const struct mock_route *own, size_t count)
{
        static struct mock_route routes[16];

        if (count)
                memcpy(routes, own, count * sizeof *own);
        memcpy(routes + count, sound, sizeof sound);
        return mock_http_start(routes, count + ARRAY_SIZE(sound));
}

static struct snapshot *run_scan(const struct mock_route *own, size_t count, bool v1)
{
        struct collect_settings cs = { .imds_v1 = v1 };
        struct snapshot *s;
        struct mock_http *m = served(own, count);
        struct net *n;

        cs.imds = mock_http_base(m);
        assert_int_equal(snapshot_new(&s), 0);
        s->host.taken_s = NOW;
        assert_int_equal(net_new(&n), 0);
        assert_int_equal(collect_imds(&(struct scan){ .s = s, .at = { &cs, n, NULL } }), 0);
        net_free(n);
        mock_http_stop(m);
        return s;
}

static void an_instance_in_order(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = run_scan(NULL, 0, false);
        const struct host *h = &s->host;

        (void)state;
        assert_int_equal(h->imds.state, ANSWER_OK);
        assert_int_equal(h->imds_v1.state, ANSWER_UNKNOWN);
        assert_int_equal(h->imds_role_answer.state, ANSWER_OK);
        assert_string_equal(h->instance_id, "i-0123456789abcdef0");
        assert_string_equal(h->region, "eu-west-1");
        assert_string_equal(h->partition, "aws");
        assert_string_equal(h->account, "111122223333");
        assert_string_equal(h->instance_profile_arn,
                            "arn:aws:iam::111122223333:instance-profile/ecs");
        assert_string_equal(h->instance_role, "ecsInstanceRole");
        assert_string_equal(h->instance_key_id, "AKIAIOSFODNN7EXAMPLE");
        assert_string_equal(h->imds_code, "Success");
        assert_int_equal(h->instance_expires_s, NOW + 6 * 3600);
}

static const struct {
        const char *why;
        struct mock_route own;
        enum answer_state imds, role;
        int role_status;
        const char *name, *key_id;
} rows[] = {
        { "no instance profile", { .path = ROLES, .bytes = HTTP("404 Not Found", "") },
          ANSWER_OK, ANSWER_STATUS, 404, NULL, NULL },
        { "the token is refused",
          { .path = "/latest/api/token", .bytes = HTTP("403 Forbidden", "") },
          ANSWER_STATUS, ANSWER_UNKNOWN, 0, NULL, NULL },
        { "a 404 for the token says nothing of a profile",
          { .path = "/latest/api/token", .bytes = HTTP("404 Not Found", "") },
          ANSWER_STATUS, ANSWER_UNKNOWN, 0, NULL, NULL },
        { "the token never comes", { .path = "/latest/api/token", .how = MOCK_SILENT },
          ANSWER_TIMEOUT, ANSWER_UNKNOWN, 0, NULL, NULL },
        { "broken off", { .path = "/latest/api/token", .how = MOCK_RESET },
          ANSWER_RESET, ANSWER_UNKNOWN, 0, NULL, NULL },
        { "a web page for a token", { .path = "/latest/api/token", .bytes = HTTP_200("<p>\n</p>") },
          ANSWER_GARBAGE, ANSWER_UNKNOWN, 0, NULL, NULL },
        { "an empty token", { .path = "/latest/api/token", .bytes = HTTP_200("") },
          ANSWER_GARBAGE, ANSWER_UNKNOWN, 0, NULL, NULL },
        { "no HTTP", { .path = "/latest/api/token", .bytes = "ssh\r\n" },
          ANSWER_GARBAGE, ANSWER_UNKNOWN, 0, NULL, NULL },
        { "the data fails", { .path = DATA "instance-id", .bytes = HTTP("500 Error", "") },
          ANSWER_STATUS, ANSWER_OK, 200, "ecsInstanceRole", "AKIAIOSFODNN7EXAMPLE" },
        { "the document is none", { .path = DOCUMENT, .bytes = HTTP_200("{\"accountId\":\"1\"}") },
          ANSWER_GARBAGE, ANSWER_OK, 200, "ecsInstanceRole", "AKIAIOSFODNN7EXAMPLE" },
        { "a region with a slash",
          { .path = DATA "placement/region", .bytes = HTTP_200("eu/../x") },
          ANSWER_GARBAGE, ANSWER_OK, 200, "ecsInstanceRole", "AKIAIOSFODNN7EXAMPLE" },
        { "only the first line is the role",
          { .path = ROLES, .bytes = HTTP_200("ecsInstanceRole\r\nother\r\n") },
          ANSWER_OK, ANSWER_OK, 200, "ecsInstanceRole", "AKIAIOSFODNN7EXAMPLE" },
        { "a name that would leave the path",
          { .path = ROLES, .bytes = HTTP_200("../../user-data") },
          ANSWER_OK, ANSWER_GARBAGE, 200, NULL, NULL },
        { "a name with a terminal's escape", { .path = ROLES, .bytes = HTTP_200("a\033[2J") },
          ANSWER_OK, ANSWER_GARBAGE, 200, NULL, NULL },
        { "an empty list", { .path = ROLES, .bytes = HTTP_200("") },
          ANSWER_OK, ANSWER_GARBAGE, 200, NULL, NULL },
        { "expired keys", { .path = ROLES "ecsInstanceRole", .bytes = HTTP_200(KEYS("Success",
          "AKIAIOSFODNN7EXAMPLE", SECRET, "2026-11-24T06:00:00Z")) },
          ANSWER_OK, ANSWER_EXPIRED, 200, "ecsInstanceRole", "AKIAIOSFODNN7EXAMPLE" },
        { "EC2 may not assume the role", { .path = ROLES "ecsInstanceRole",
          .bytes = HTTP_200("{\"Code\":\"AssumeRoleUnauthorizedAccess\"}") },
          ANSWER_OK, ANSWER_GARBAGE, 200, "ecsInstanceRole", NULL },
        { "no JSON", { .path = ROLES "ecsInstanceRole", .bytes = HTTP_200("Success") },
          ANSWER_OK, ANSWER_GARBAGE, 200, "ecsInstanceRole", NULL },
        { "a missing key", { .path = ROLES "ecsInstanceRole",
          .bytes = HTTP_200("{\"Code\":\"Success\",\"AccessKeyId\":\"AKIAIOSFODNN7EXAMPLE\"}") },
          ANSWER_OK, ANSWER_GARBAGE, 200, "ecsInstanceRole", NULL },
        { "an empty secret", { .path = ROLES "ecsInstanceRole", .bytes = HTTP_200(KEYS("Success",
          "AKIAIOSFODNN7EXAMPLE", "", "2026-11-24T12:00:00Z")) },
          ANSWER_OK, ANSWER_GARBAGE, 200, "ecsInstanceRole", NULL },
        { "a time that is none", { .path = ROLES "ecsInstanceRole",
          .bytes = HTTP_200(KEYS("Success", "AKIAIOSFODNN7EXAMPLE", SECRET, "tomorrow")) },
          ANSWER_OK, ANSWER_GARBAGE, 200, "ecsInstanceRole", NULL },
        { "a session that ended meanwhile",
          { .path = ROLES "ecsInstanceRole", .bytes = HTTP("401 Unauthorized", "") },
          ANSWER_OK, ANSWER_STATUS, 401, "ecsInstanceRole", NULL },
};

static void known_states(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = run_scan(&rows[i].own, 1, false);
                CLEANUP(json_freep) cJSON *j = NULL;
                CLEANUP(freep) char *text = NULL;
                const struct host *h = &s->host;

                print_message("%s\n", rows[i].why);
                assert_string_equal(answer_state_to_string(h->imds.state), answer_state_to_string(rows[i].imds));
                assert_string_equal(answer_state_to_string(h->imds_role_answer.state),
                                    answer_state_to_string(rows[i].role));
                assert_int_equal(h->imds_role_answer.status, rows[i].role_status);
                assert_true(streq(h->instance_role, rows[i].name));
                assert_true(streq(h->instance_key_id, rows[i].key_id));
                assert_int_equal(model_to_json(s, &j), 0);
                text = cJSON_PrintUnformatted(j);
                assert_null(strstr(text, SECRET));
                assert_null(strstr(text, TOKEN));
        }
}

static void version_1(void **state)
{
        static const struct {
                const char *why, *token, *without;
                bool allowed;
                enum answer_state v1, role;
        } cases[] = {
                { "not asked where it is not allowed", HTTP("403 No", ""), "metadata-token:", false,
                  ANSWER_UNKNOWN, ANSWER_UNKNOWN },
                { "open, and the only way", HTTP("403 No", ""), "metadata-token:", true,
                  ANSWER_OK, ANSWER_OK },
                { "closed", HTTP("403 No", ""), "HTTP/1.1", true, ANSWER_STATUS, ANSWER_UNKNOWN },
                { "open beside a token", HTTP_200(TOKEN), NULL, true, ANSWER_OK, ANSWER_OK },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
                const struct mock_route own[] = {
                        { .path = "/latest/api/token", .bytes = cases[i].token },
                        { .path = DATA "instance-id", .bytes = HTTP_200("i-1"),
                          .without = cases[i].without },
                        { .path = ROLES, .bytes = HTTP_200("r") },
                        { .path = ROLES "r", .bytes = HTTP_200(GOOD_KEYS) },
                };
                CLEANUP(snapshot_freep) struct snapshot *s = run_scan(own, 4, cases[i].allowed);

                print_message("%s\n", cases[i].why);
                assert_int_equal(s->host.imds_v1.state, cases[i].v1);
                assert_int_equal(s->host.imds_role_answer.state, cases[i].role);
        }
}

static void partitions(void **state)
{
        static const struct { const char *answer, *partition; } regions[] = {
                { HTTP_200("cn-north-1"),       "aws-cn" },
                { HTTP_200("us-gov-west-1"),    "aws-us-gov" },
                { HTTP_200("us-iso-east-1"),    "aws-iso" },
                { HTTP_200("us-isob-east-1"),   "aws-iso-b" },
                { HTTP_200("eusc-de-east-1"),   "aws-eusc" },
                { HTTP_200("ap-southeast-7"),   "aws" },
                { HTTP("404 Not Found", ""),    "aws" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(regions); i++) {
                const struct mock_route own = { .path = DATA "placement/region",
                                                .bytes = regions[i].answer };
                CLEANUP(snapshot_freep) struct snapshot *s = run_scan(&own, 1, false);

                assert_int_equal(s->host.imds.state, ANSWER_OK);
                assert_string_equal(s->host.partition, regions[i].partition);
        }
}

/* Of a call that cannot be signed, the reason. */
static void no_keys(void **state)
{
        static const struct { struct mock_route own; const char *error; } T[] = {
                { { .path = "/latest/api/token", .bytes = HTTP("503 Unavailable", "") }, "no credentials of the instance role (HTTP 503)" },
                { { .path = "/latest/api/token", .bytes = HTTP("403 Forbidden", "") }, "no credentials of the instance role (HTTP 403)" },
                { { .path = ROLES "ecsInstanceRole", .bytes = HTTP("404 Not Found", "") }, "no credentials of the instance role (HTTP 404)" },
                { { .path = ROLES "ecsInstanceRole", .bytes = HTTP_200("<html>") }, "no credentials of the instance role (unexpected response)" },
                { { .path = ROLES "ecsInstanceRole", .bytes = HTTP_200("{\"Code\":\"AssumeRoleUnauthorizedAccess\"}") },
                  "no credentials of the instance role (unexpected response)" },
                { { .path = ROLES "ecsInstanceRole", .bytes = HTTP_200("{\"AccessKeyId\":\"AKIAIOSFODNN7EXAMPLE\"}") },
                  "no credentials of the instance role (unexpected response)" },
        };
        struct host h = { .instance_role = "ecsInstanceRole" };

        (void)state;
        for (size_t i = 0; i <= ARRAY_SIZE(T); i++) {
                CLEANUP(host_client_done) struct host_client hc = { 0 };
                CLEANUP(arena_freep) struct arena *a = NULL;
                CLEANUP(net_freep) struct net *n = NULL;
                struct mock_http *m = served(&T[i % ARRAY_SIZE(T)].own, i < ARRAY_SIZE(T));
                struct collect_settings cs = { .imds = mock_http_base(m) };

                assert_int_equal(arena_new(4096 << 4, &a), 0);
                assert_int_equal(net_new(&n), 0);
                assert_int_equal(host_client_make(&hc, &(struct host_access){ &cs, n, NULL }, &h), i < ARRAY_SIZE(T) ? -EACCES : 0);
                if (i < ARRAY_SIZE(T))
                        assert_string_equal(host_client_error_text(a, &hc), T[i].error);
                mock_http_stop(m);
        }
}

#define URI "/v2/credentials/39c3bad8-e7ed-4f3f-9869-e35a0d820ac4"

/* In a task with a task role, its credentials and no others: neither is IMDS queried nor does its role stand in. */
static void task_role(void **state)
{
        static const struct { const char *bytes, *error; } T[] = {
                { HTTP_200("{\"AccessKeyId\":\"ASIAIOSFODNN7EXAMPLE\",\"SecretAccessKey\":\"s\",\"Token\":\"t\"}"), NULL },
                { HTTP("503 Unavailable", ""), "no credentials of the task role (HTTP 503)" },
                { HTTP_200("{}"), "no credentials of the task role (unexpected response)" },
        };
        const struct host h = { .instance_role = "ecsInstanceRole" };

        (void)state;
        setenv("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", URI, 1);
        for (size_t i = 0; i < ARRAY_SIZE(T); i++) {
                CLEANUP(host_client_done) struct host_client hc = { 0 };
                CLEANUP(arena_freep) struct arena *a = NULL;
                CLEANUP(net_freep) struct net *n = NULL;
                struct mock_http *m = mock_http_start(&(struct mock_route){ .path = URI, .bytes = T[i].bytes }, 1);
                struct collect_settings cs = { .container_endpoint = mock_http_base(m), .imds = mock_http_base(m) };

                assert_int_equal(arena_new(4096 << 4, &a), 0);
                assert_int_equal(net_new(&n), 0);
                assert_int_equal(host_client_make(&hc, &(struct host_access){ &cs, n, NULL }, &h), T[i].error ? -EACCES : 0);
                assert_int_equal(mock_http_requests(m), 1);
                if (T[i].error)
                        assert_string_equal(host_client_error_text(a, &hc), T[i].error);
                else
                        assert_string_equal(hc.c.keys.key_id, "ASIAIOSFODNN7EXAMPLE");
                mock_http_stop(m);
        }
        unsetenv("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
}

/* Nothing is asked of a host without a role. */
static void no_role(void **state)
{
        CLEANUP(host_client_done) struct host_client hc = { 0 };
        const struct collect_settings cs = { .imds = "http://127.0.0.1:1" };
        const struct host h = { 0 };

        (void)state;
        assert_int_equal(host_client_make(&hc, &(struct host_access){ &cs, NULL, NULL }, &h), -EACCES);
        assert_string_equal(host_client_error_text(NULL, &hc), "no credentials of the instance role");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(an_instance_in_order),
                cmocka_unit_test(known_states),
                cmocka_unit_test(version_1),
                cmocka_unit_test(partitions),
                cmocka_unit_test(no_keys),
                cmocka_unit_test(no_role),
                cmocka_unit_test(task_role),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
