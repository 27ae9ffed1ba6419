/* What is sent to CloudWatch: gathered by interval, kept while it cannot be sent, and sent once it can. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>
#include "../../agent/daemon/cloudwatch.h"
#include "rolewatch/aws.h"
#include "rolewatch/config.h"
#include "mock_http.h"
#include "mock_journal.h"

#define T0 1790000000
static const struct outbox_times each_interval = { 300, 300 };

static const char *param(const struct aws_param *list, size_t n, const char *name)
{
        for (size_t i = 0; i < n; i++)
                if (streq(list[i].name, name))
                        return list[i].value;
        return "";
}

/* Sweeps of an interval are one statistic; what cannot be sent is kept, and at last dropped and counted. */
static void metrics_are_gathered(void **state)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        CLEANUP(freep) struct outbox *o = calloc(1, sizeof *o);
        struct metrics m = { .of = { [METRIC_HEARTBEAT] = 1 } };
        const struct metric_names names = { "Rolewatch", "prod" };
        struct metric_params params;
        int64_t now = T0;

        (void)state;
        assert_int_equal(arena_new((size_t)4 << 20, &a), 0);
        while (o->n == 0) {            /* the first interval is cut short by chance */
                outbox_note(o, &m, now, &each_interval);
                now += 15;
                assert_true(now <= T0 + 330);
        }
        o->n = 0;
        o->list[0] = (struct interval){ .at_s = 0 };
        o->next_s = now + 300;
        for (int i = 0; i < 21; i++) {
                m.of[METRIC_WRONG_ROLE] = i == 7 ? 5 : 2;
                outbox_note(o, &m, now + i * 15, &each_interval);
        }
        assert_int_equal(o->n, 1);
        assert_int_equal(outbox_params(o, &names, a, &params), 0);
        assert_string_equal(param(params.list, params.n, "Namespace"), "Rolewatch");
        assert_string_equal(param(params.list, params.n, "MetricData.member.1.MetricName"), "WrongRole");
        assert_string_equal(param(params.list, params.n, "MetricData.member.1.Dimensions.member.1.Value"), "prod");
        assert_string_equal(param(params.list, params.n, "MetricData.member.1.StatisticValues.SampleCount"), "20");
        assert_string_equal(param(params.list, params.n, "MetricData.member.1.StatisticValues.Sum"), "43");
        assert_string_equal(param(params.list, params.n, "MetricData.member.1.StatisticValues.Minimum"), "2");
        assert_string_equal(param(params.list, params.n, "MetricData.member.1.StatisticValues.Maximum"), "5");
        for (int i = 0; i < 200; i++)
                outbox_note(o, &m, now + 1000 + i * 300, &each_interval);
        assert_int_equal(o->n, OUTBOX_MAX);
        assert_in_range(o->dropped, 130, 145);
        assert_int_equal(outbox_params(o, &names, a, &params), 0);
        /* A clock that was set back ends the interval all the same. */
        outbox_note(o, &m, 1000, &each_interval);
        outbox_note(o, &m, 1301, &each_interval);
        assert_true(o->next_s <= 1601);
}

/* How often a host calls in a day, what the values and the counts of scans then are, and how soon bad news is sent. */
static void a_quiet_host_costs_little(void **state)
{
        static const struct { const char *why; int64_t heartbeat_s; int bad_from, bad_to, least, most; } rows[] = {
                { "every interval", 300, 0, 0, 285, 289 },
                { "every second interval", 600, 0, 0, 142, 145 },
                { "every hour", 3600, 0, 0, 23, 26 },
                { "an hour of bad news", 3600, 2000, 2240, 33, 39 },
                { "a heartbeat shorter than the interval", 60, 0, 0, 285, 289 },
        };
        const int day = 86400 / 15;

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                CLEANUP(freep) struct outbox *o = calloc(1, sizeof *o);
                const struct outbox_times times = { 300, rows[i].heartbeat_s };
                double scans = 0, worst = 0;
                int calls_made = 0, bad_sent = -1;

                for (int k = 0; k < day; k++) {
                        bool bad = k >= rows[i].bad_from && k < rows[i].bad_to;
                        const struct metrics m = { .of = { [METRIC_HEARTBEAT] = 1, [METRIC_WRONG_ROLE] = bad } };

                        outbox_note(o, &m, T0 + k * 15, &times);
                        if (!o->n)
                                continue;
                        calls_made++;
                        scans += o->list[0].of[METRIC_HEARTBEAT].sum;
                        worst = o->list[0].of[METRIC_WRONG_ROLE].most;
                        if (worst > 0 && bad_sent < 0)
                                bad_sent = k;
                        outbox_sent(o, outbox_end(o));
                }
                if (calls_made < rows[i].least || calls_made > rows[i].most)
                        fail_msg("%s: %d calls", rows[i].why, calls_made);
                /* No scan is left out of the sums: what counts hosts by them stays right. */
                assert_true(scans > day - rows[i].heartbeat_s / 15 - 21);
                if (rows[i].bad_to)
                        assert_in_range(bad_sent - rows[i].bad_from, 0, 300 / 15 + 1);
        }
}

#define ROLES "/latest/meta-data/iam/security-credentials/"
#define KEYS "{\"Code\":\"Success\",\"AccessKeyId\":\"AKIAIOSFODNN7EXAMPLE\"," \
             "\"SecretAccessKey\":\"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\",\"Token\":\"t\",\"Expiration\":\"2099-01-01T00:00:00Z\"}"
#define DONE HTTP_200("<PutMetricDataResponse><ResponseMetadata/></PutMetricDataResponse>")
#define INTERVAL 300
#define SCAN_S 15

static int calls;
static void count_calls(void *userdata, const char *request)
{
        (void)userdata;
        calls += strstr(request, "Action=PutMetricData") != NULL;
}

static const char *error_of(const struct daemon *d, const char *what)
{
        for (size_t i = 0; i < d->errors.n && i < ERRORS_MAX; i++)
                if (streq(d->errors.list[i].what, what))
                        return d->errors.list[i].text;
        return "";
}

/* One call, as the daemon's child process makes it, and what the daemon makes of its result. */
static void send_metrics(struct daemon *d, struct net *n, int64_t now)
{
        CLEANUP(arena_freep) struct arena *out = NULL;
        struct cloudwatch_result x = { NULL };
        int r;

        if (!outbox_is_due(&d->metrics.outbox, now, INTERVAL))
                return;
        assert_int_equal(arena_new((size_t)1 << 20, &out), 0);
        d->metrics.sending_until = outbox_end(&d->metrics.outbox);
        r = cloudwatch_call(d, n, out, &x);
        assert_int_equal(r, 0);
        cloudwatch_apply(d, &x, r, now);
}

/* For so many seconds; when the first of them sent something, in seconds from here, or -1. */
static int64_t scans(struct daemon *d, struct net *n, int64_t *now, int64_t seconds)
{
        const struct metrics m = { .of = { [METRIC_HEARTBEAT] = 1 } };
        int64_t began = *now, sent_s = -1;
        uint64_t sent = d->metrics.outbox.sent;

        for (; *now < began + seconds; *now += SCAN_S) {
                outbox_note(&d->metrics.outbox, &m, *now, &each_interval);
                send_metrics(d, n, *now);
                if (sent_s < 0 && d->metrics.outbox.sent > sent)
                        sent_s = *now - began;
        }
        return sent_s;
}

/* Does status say that the right to send is missing? */
static bool right_is_missing(const struct daemon *d)
{
        CLEANUP(json_freep) cJSON *state = cJSON_CreateObject();
        CLEANUP(freep) char *text = NULL;

        assert_true(permissions_add(d, state));
        text = cJSON_PrintUnformatted(state);
        return strstr(text, "PutMetricData") != NULL;
}

static const struct { const char *name, *bytes; enum mock_how how; const char *file_contents; bool refused; } outages[] = {
        { "busy", HTTP("503 Service Unavailable", ""), MOCK_ANSWER, "cloudwatch:PutMetricData: HTTP 503", false },
        { "throttled", HTTP("400 Bad Request", "<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>"), MOCK_ANSWER, "Throttling", false },
        { "resets connections", "HTTP/1.1 200", MOCK_RESET, "cloudwatch:PutMetricData: connection reset", false },
        { "refuses", HTTP("403 Forbidden", "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>"), MOCK_ANSWER, "AccessDenied", true },
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
                struct snapshot facts = { .host = { .instance_role = "ecsInstanceRole", .region = "eu-west-1", .cluster = "prod" } };
                struct net *n = NULL;
                sd_event *event = NULL;
                struct daemon *d = calloc(1, sizeof *d);
                struct mock_http *m;
                int64_t now = T0, back;

                print_message("%s\n", outages[i].name);
                assert_non_null(d);
                d->config = calloc(1, sizeof *d->config);
                assert_non_null(d->config);
                d->config->number[SETTING_INTERVAL] = INTERVAL;
                d->config->text[SETTING_NAMESPACE] = "Rolewatch";
                assert_int_equal(net_new(&n), 0);
                d->scan.facts = &facts;
                assert_true(sd_event_new(&event) >= 0);
                assert_int_equal(broker_link_new(event, NULL, &d->broker), 0);
                m = mock_http_start(routes, ARRAY_SIZE(routes));
                mock_http_watch(m, count_calls, NULL);
                d->cs.imds = mock_http_base(m);
                setenv("AWS_ENDPOINT_URL_CLOUDWATCH", mock_http_base(m), 1);
                assert_in_range(scans(d, n, &now, 2 * INTERVAL), 0, INTERVAL + SCAN_S);
                routes[2].bytes = outages[i].bytes;
                routes[2].how = outages[i].how;
                calls = 0;
                assert_int_equal(scans(d, n, &now, 3600), -1);
                assert_in_range(calls, 3600 / INTERVAL - 1, 3600 / (INTERVAL / 2) + 3);
                assert_non_null(strstr(error_of(d, "CloudWatch"), outages[i].file_contents));
                assert_int_equal(right_is_missing(d), outages[i].refused);
                routes[2].bytes = DONE;
                routes[2].how = MOCK_ANSWER;
                back = scans(d, n, &now, INTERVAL + SCAN_S);
                assert_in_range(back, 0, INTERVAL);
                assert_int_equal(d->metrics.outbox.dropped, 0);
                assert_in_range(d->metrics.outbox.sent, 3600 / INTERVAL + 1, 3600 / INTERVAL + 4);
                assert_string_equal(error_of(d, "CloudWatch"), "");
                mock_http_stop(m);
                net_free(n);
                broker_link_free(d->broker);
                sd_event_unref(event);
                free(d->config);
                free(d);
        }
        unsetenv("AWS_ENDPOINT_URL_CLOUDWATCH");
}

/* ---- between scans ---- */

static bool all_known(void *userdata, const char *container_id, enum finding_kind kind)
{
        (void)userdata;
        (void)kind;
        (void)container_id;
        return true;
}

static int on_notice(void *userdata, enum notice_event e, const struct notice *n)
{
        (void)userdata;
        (void)e;
        (void)n;
        return 0;
}

static struct finding_context at(int64_t now_s)
{
        return (struct finding_context){ .rules = { .clear_delay_s = 300, .reminder_s = 86400, .max_per_hour = 10 }, .now_s = now_s, .publish = on_notice };
}

static char prom[] = "/tmp/rolewatch-prom-XXXXXX";

/* What the file says now; it is read once. */
static bool file_contains(const char *line)
{
        char text[8192];
        FILE *f = fopen(prom, "r");
        size_t n;

        if (!f)
                return false;
        n = fread(text, 1, sizeof text - 1, f);
        text[n] = '\0';
        fclose(f);
        assert_int_equal(unlink(prom), 0);
        return strstr(text, line) != NULL;
}

/* Scans may be an hour apart; the metrics are of now, and a daemon that cannot scan has no heartbeat. */
static void metrics_between_scans(void **state)
{
        struct notice a = { .object = "a", .of = { [NOTICE_FINDING] = "wrong-role", [NOTICE_CONTAINER_ID] = "c", [NOTICE_PID] = "1" } };
        struct notice b = { .object = "b", .of = { [NOTICE_FINDING] = "no-credentials", [NOTICE_CONTAINER_ID] = "c", [NOTICE_PID] = "2" } };
        struct daemon *d = calloc(1, sizeof *d);

        (void)state;
        assert_non_null(d);
        assert_true(mkstemp(prom) >= 0);
        d->config = calloc(1, sizeof *d->config);
        assert_non_null(d->config);
        d->config->text[SETTING_PROMETHEUS] = prom;
        d->config->text[SETTING_EMF] = "";
        assert_int_equal(finding_state_new(&d->findings), 0);
        metrics_publish(d);
        assert_false(file_contains("rolewatch_up"));
        assert_int_equal(snapshot_new(&d->scan.facts), 0);
        d->scan.facts->host.cluster = "prod";
        assert_int_equal(finding_state_scan(d->findings, (struct finding_context[]){ at(T0) }, &(struct scan_findings){ &a, 1, all_known, NULL }), 0);
        assert_int_equal(finding_state_note(d->findings, (struct finding_context[]){ at(T0 + 20) }, &b), 0);
        metrics_publish(d);
        assert_true(file_contains("rolewatch_wrong_role_groups{cluster=\"prod\"} 1\n"));
        metrics_publish(d);
        assert_true(file_contains("rolewatch_credential_fault_groups{cluster=\"prod\"} 1\n"));
        finding_state_expire(d->findings, (struct finding_context[]){ at(T0 + 300) });
        metrics_publish(d);
        assert_true(file_contains("rolewatch_wrong_role_groups{cluster=\"prod\"} 0\n"));
        metrics_publish(d);
        assert_true(file_contains("rolewatch_findings{finding=\"no-credentials\"} 1\n"));
        error_note(&d->errors, "scan", "no memory");
        metrics_publish(d);
        assert_false(file_contains(""));
        error_clear(&d->errors, "scan");
        metrics_publish(d);
        assert_true(file_contains("rolewatch_up{cluster=\"prod\"} 1\n"));
        d->config->text[SETTING_PROMETHEUS] = "/nonexistent/x.prom";
        d->config->text[SETTING_EMF] = "nowhere";
        metrics_publish(d);
        assert_string_equal(error_of(d, "Prometheus file"), "cannot write /nonexistent/x.prom: No such file or directory");
        assert_string_equal(error_of(d, "CloudWatch agent"), "emf_endpoint must be udp:ADDRESS:PORT, tcp:ADDRESS:PORT or stdout; no metrics are sent");
        finding_state_free(d->findings);
        snapshot_free(d->scan.facts);
        free(d->config);
        free(d);
}

/* The same fault is told once, however long its text: to journald, and where there is none to standard error. */
static void long_errors_are_published_once(void **state)
{
        int err = dup(STDERR_FILENO), into = memfd_create("stderr", MFD_CLOEXEC);
        struct daemon *d = calloc(1, sizeof *d);
        char text[700], written[4096] = "";
        size_t lines = 0;

        (void)state;
        mock_journal_entries = 0;
        assert_true(d && err >= 0 && into >= 0);
        memset(text, 'x', sizeof text - 1);
        text[sizeof text - 1] = '\0';
        assert_true(dup2(into, STDERR_FILENO) >= 0);
        for (int i = 0; i < 3; i++)
                error_note(&d->errors, "CloudWatch", text);
        fflush(stderr);
        assert_true(dup2(err, STDERR_FILENO) >= 0);
        assert_true(pread(into, written, sizeof written - 1, 0) >= 0);
        for (const char *s = written; (s = strchr(s, '\n')); s++)
                lines++;
        assert_int_equal(lines + mock_journal_entries, 1);
        assert_true(error_is_set(&d->errors, "CloudWatch"));
        close(err);
        close(into);
        free(d);
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(metrics_are_gathered), cmocka_unit_test(a_quiet_host_costs_little), cmocka_unit_test(an_hour_without), cmocka_unit_test(metrics_between_scans),
                                            cmocka_unit_test(long_errors_are_published_once) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
