/* What is sent to CloudWatch: gathered by interval, kept while it cannot be sent, and sent once it can. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include "../../agent/daemon/room.h"
#include "rolewatch/aws.h"
#include "rolewatch/config.h"
#include "mock_http.h"

#define T0 1790000000

static const char *param(const struct aws_param *list, size_t n, const char *name)
{
        for (size_t i = 0; i < n; i++)
                if (streq(list[i].name, name))
                        return list[i].value;
        return "";
}

/* Looks of an interval are one statistic; what cannot be sent is kept, and at last dropped and counted. */
static void metrics_are_gathered(void **state)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        CLEANUP(freep) struct outbox *o = calloc(1, sizeof *o);
        struct metrics m = { .of = { [METRIC_HEARTBEAT] = 1 } };
        struct aws_param *list;
        size_t n;
        int64_t now = T0;

        (void)state;
        assert_int_equal(arena_new((size_t)4 << 20, &a), 0);
        while (o->n == 0) {            /* the first interval is cut short by chance */
                outbox_note(o, &m, now, 300);
                now += 15;
                assert_true(now <= T0 + 330);
        }
        o->n = 0;
        o->list[0] = (struct interval){ .at_s = 0 };
        o->next_s = now + 300;
        for (int i = 0; i < 21; i++) {
                m.of[METRIC_WRONG_ROLE] = i == 7 ? 5 : 2;
                outbox_note(o, &m, now + i * 15, 300);
        }
        assert_int_equal(o->n, 1);
        assert_int_equal(outbox_params(o, "Rolewatch", "prod", a, &list, &n), 0);
        assert_string_equal(param(list, n, "Namespace"), "Rolewatch");
        assert_string_equal(param(list, n, "MetricData.member.1.MetricName"), "WrongRole");
        assert_string_equal(param(list, n, "MetricData.member.1.Dimensions.member.1.Value"), "prod");
        assert_string_equal(param(list, n, "MetricData.member.1.StatisticValues.SampleCount"), "20");
        assert_string_equal(param(list, n, "MetricData.member.1.StatisticValues.Sum"), "43");
        assert_string_equal(param(list, n, "MetricData.member.1.StatisticValues.Minimum"), "2");
        assert_string_equal(param(list, n, "MetricData.member.1.StatisticValues.Maximum"), "5");
        for (int i = 0; i < 200; i++)
                outbox_note(o, &m, now + 1000 + i * 300, 300);
        assert_int_equal(o->n, OUTBOX_MAX);
        assert_in_range(o->dropped, 130, 145);
        assert_int_equal(outbox_params(o, "Rolewatch", "prod", a, &list, &n), 0);
        /* A clock that was set back ends the interval all the same. */
        outbox_note(o, &m, 1000, 300);
        outbox_note(o, &m, 1301, 300);
        assert_true(o->next_s <= 1601);
}

#define ROLES "/latest/meta-data/iam/security-credentials/"
#define KEYS "{\"Code\":\"Success\",\"AccessKeyId\":\"AKIAIOSFODNN7EXAMPLE\"," \
             "\"SecretAccessKey\":\"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\",\"Token\":\"t\",\"Expiration\":\"2099-01-01T00:00:00Z\"}"
#define DONE HTTP_200("<PutMetricDataResponse><ResponseMetadata/></PutMetricDataResponse>")
#define INTERVAL 300
#define LOOK 15

static int calls;
static void count_calls(void *userdata, const char *request)
{
        (void)userdata;
        calls += strstr(request, "Action=PutMetricData") != NULL;
}

static const char *fault_of(const struct daemon *d, const char *what)
{
        for (size_t i = 0; i < d->n_errors && i < ERRORS_MAX; i++)
                if (streq(d->errors[i].what, what))
                        return d->errors[i].text;
        return "";
}

/* Looks for so many seconds; when the first of them sent something, in seconds from here, or -1. */
static int64_t looks(struct daemon *d, struct host *h, int64_t seconds)
{
        const struct metrics m = { .of = { [METRIC_HEARTBEAT] = 1 } };
        int64_t began = h->taken_s, sent_s = -1;
        uint64_t sent = d->outbox.sent;

        for (; h->taken_s < began + seconds; h->taken_s += LOOK) {
                outbox_note(&d->outbox, &m, h->taken_s, INTERVAL);
                assert_int_equal(metrics_send(d, h), 0);
                if (sent_s < 0 && d->outbox.sent > sent)
                        sent_s = h->taken_s - began;
        }
        return sent_s;
}

static const struct { const char *name, *bytes; enum mock_how how; const char *says; } outages[] = {
        { "busy", HTTP("503 Service Unavailable", ""), MOCK_ANSWER, "cloudwatch:PutMetricData: " },
        { "throttled", HTTP("400 Bad Request", "<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>"), MOCK_ANSWER, "Throttling" },
        { "resets connections", "HTTP/1.1 200", MOCK_RESET, "cloudwatch:PutMetricData: " },
};

/* An hour without CloudWatch: it is asked no oftener than ever, nothing is lost, it is back within an interval, and the fault is gone. */
static void an_hour_without(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(outages); i++) {
                struct mock_route routes[] = {
                        { .path = "/latest/api/token", .method = "PUT", .bytes = HTTP_200("token") },
                        { .path = ROLES "ecsInstanceRole", .bytes = HTTP_200(KEYS) },
                        { .path = "/", .method = "POST", .bytes = DONE },
                };
                struct host h = { .instance_role = "ecsInstanceRole", .region = "eu-west-1", .cluster = "prod", .taken_s = T0 };
                struct daemon *d = calloc(1, sizeof *d);
                struct mock_http *m;
                int64_t back;

                print_message("%s\n", outages[i].name);
                assert_non_null(d);
                d->config = calloc(1, sizeof *d->config);
                assert_non_null(d->config);
                d->config->number[SETTING_INTERVAL] = INTERVAL;
                d->config->text[SETTING_NAMESPACE] = "Rolewatch";
                assert_int_equal(net_new(&d->net), 0);
                m = mock_http_start(routes, ARRAY_SIZE(routes));
                mock_http_watch(m, count_calls, NULL);
                d->cs.imds = mock_http_base(m);
                setenv("AWS_ENDPOINT_URL_CLOUDWATCH", mock_http_base(m), 1);
                assert_in_range(looks(d, &h, 2 * INTERVAL), 0, INTERVAL + LOOK);
                routes[2].bytes = outages[i].bytes;
                routes[2].how = outages[i].how;
                calls = 0;
                assert_int_equal(looks(d, &h, 3600), -1);
                assert_in_range(calls, 3600 / INTERVAL - 1, 3600 / (INTERVAL / 2) + 3);
                assert_non_null(strstr(fault_of(d, "CloudWatch"), outages[i].says));
                routes[2].bytes = DONE;
                routes[2].how = MOCK_ANSWER;
                back = looks(d, &h, INTERVAL + LOOK);
                assert_in_range(back, 0, INTERVAL);
                assert_int_equal(d->outbox.dropped, 0);
                assert_in_range(d->outbox.sent, 3600 / INTERVAL + 1, 3600 / INTERVAL + 4);
                assert_string_equal(fault_of(d, "CloudWatch"), "");
                mock_http_stop(m);
                net_free(d->net);
                free(d->config);
                free(d);
        }
        unsetenv("AWS_ENDPOINT_URL_CLOUDWATCH");
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(metrics_are_gathered), cmocka_unit_test(an_hour_without) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
