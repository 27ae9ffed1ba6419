/* The metrics of a scan in the formats that others read: Embedded Metric Format and the Prometheus text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>
#include "rolewatch/emf.h"

#define NOW_MS 1800000000123

static const struct metrics metrics = { .of = { [METRIC_WRONG_ROLE] = 2, [METRIC_HEARTBEAT] = 1 } };

static cJSON *document(const char *cluster)
{
        const struct emf_names names = { .namespace = "Rolewatch", .cluster = cluster, .log_group = "/rolewatch/metrics" };
        CLEANUP(text_done) struct text t = { 0 };
        cJSON *j = NULL;

        assert_int_equal(emf_line(&metrics, &names, NOW_MS, &t), 0);
        /* One event, one line; the agent takes 256 KB of it. */
        assert_ptr_equal(strchr(t.s, '\n'), t.s + t.len - 1);
        assert_true(t.len < 256 * 1000);
        assert_int_equal(json_parse(t.s, t.len, &j), 0);
        return j;
}

static const cJSON *at(const cJSON *o, const char *key)
{
        const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, key);

        if (!v)
                fail_msg("no %s", key);
        return v;
}

/* User guide, "Specification: Embedded metric format". */
static void emf_rules(void **state)
{
        CLEANUP(json_freep) cJSON *j = document("prod");
        const cJSON *aws = at(j, "_aws"), *directives = at(aws, "CloudWatchMetrics"), *d = cJSON_GetArrayItem(directives, 0), *m;
        const cJSON *dimensions = at(d, "Dimensions"), *set = cJSON_GetArrayItem(dimensions, 0);
        int64_t when;

        (void)state;
        assert_int_equal(json_get_i64(aws, "Timestamp", &when), 0);
        assert_true(when == NOW_MS);
        assert_string_equal(at(aws, "LogGroupName")->valuestring, "/rolewatch/metrics");
        assert_int_equal(cJSON_GetArraySize(directives), 1);
        assert_string_equal(at(d, "Namespace")->valuestring, "Rolewatch");
        assert_int_equal(cJSON_GetArraySize(dimensions), 1);
        assert_int_equal(cJSON_GetArraySize(set), 1);
        assert_string_equal(at(j, cJSON_GetArrayItem(set, 0)->valuestring)->valuestring, "prod");
        assert_int_equal(cJSON_GetArraySize(at(d, "Metrics")), METRIC_MAX);
        cJSON_ArrayForEach(m, at(d, "Metrics")) {
                assert_string_equal(at(m, "Unit")->valuestring, "Count");
                assert_true(cJSON_IsNumber(at(j, at(m, "Name")->valuestring)));
        }
        assert_int_equal(at(j, "WrongRole")->valueint, 2);
        /* Nothing else: what is not a target is stored and paid for. */
        assert_int_equal(cJSON_GetArraySize(j), 2 + METRIC_MAX);
}

static void emf_names_as_they_are(void **state)
{
        static const char *const names[] = { "a\nb", "a\"b\\", "\xc3\xa9", "{}" };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
                CLEANUP(json_freep) cJSON *j = document(names[i]);

                assert_string_equal(at(j, "ClusterName")->valuestring, names[i]);
        }
        {
                CLEANUP(json_freep) cJSON *j = document(NULL);

                assert_string_equal(at(j, "ClusterName")->valuestring, "unknown");
        }
}

static void emf_names_too_long(void **state)
{
        CLEANUP(text_done) struct text t = { 0 };
        char cluster[1026];
        struct emf_names n = { .namespace = "Rolewatch", .cluster = cluster, .log_group = "g" };

        (void)state;
        memset(cluster, 'c', sizeof cluster);
        cluster[1025] = '\0';
        assert_int_equal(emf_line(&metrics, &n, 1, &t), -EINVAL);
        cluster[1024] = '\0';
        assert_int_equal(emf_line(&metrics, &n, 1, &t), 0);
        n.log_group = NULL;
        assert_int_equal(emf_line(&metrics, &n, 1, &t), -EINVAL);
        n.log_group = "g";
        n.namespace = "";
        assert_int_equal(emf_line(&metrics, &n, 1, &t), -EINVAL);
}

static void emf_wants_a_line(void **state)
{
        CLEANUP(emf_closep) struct emf_sink *s = NULL;
        CLEANUP(text_done) struct text t = { 0 };

        (void)state;
        assert_int_equal(emf_open("tcp:127.0.0.1:1", &s), 0);
        assert_int_equal(emf_send(s, &t), -EINVAL);
        text_add(&t, "{}");
        assert_int_equal(emf_send(s, &t), -EINVAL);
}

/* Whoever reads standard output gets whole lines, and does not hold the daemon up. */
static void emf_on_standard_output(void **state)
{
        CLEANUP(emf_closep) struct emf_sink *s = NULL;
        CLEANUP(text_done) struct text line = { 0 };
        int pipe_fds[2], own = dup(STDOUT_FILENO), sent = 0, r = 0;
        char got[8] = "";

        (void)state;
        text_add(&line, "{}\n");
        assert_int_equal(emf_open("stdout", &s), 0);
        assert_int_equal(pipe(pipe_fds), 0);
        fflush(stdout);
        dup2(pipe_fds[1], STDOUT_FILENO);
        while (r == 0 && sent < 1 << 20) {
                r = emf_send(s, &line);
                sent += r == 0;
        }
        dup2(own, STDOUT_FILENO);
        assert_int_equal(r, -EAGAIN);
        assert_int_equal(read(pipe_fds[0], got, 6), 6);
        assert_string_equal(got, "{}\n{}\n");
        close(own);
        close(pipe_fds[0]);
        close(pipe_fds[1]);
}

/* What journalctl -o json would print, so that queries and alarms of the journal find it. */
static void journal_as_json(void **state)
{
        const struct notice n = { .of = { [NOTICE_FINDING] = "wrong-role", [NOTICE_SEVERITY] = "warning", [NOTICE_MESSAGE] = "a=b \"c\"\n", [NOTICE_CLUSTER] = "prod" } };
        CLEANUP(text_done) struct text t = { 0 };
        CLEANUP(json_freep) cJSON *j = NULL;
        static const char *const want[][2] = {
                { "__REALTIME_TIMESTAMP", "1700000000000000" }, { "_HOSTNAME", "ip-10-0-0-1" }, { "SYSLOG_IDENTIFIER", "rolewatch" },
                { "MESSAGE", "cleared: wrong-role: a=b \"c\"\n" }, { "PRIORITY", "5" }, { "ROLEWATCH_EVENT", "cleared" },
                { "ROLEWATCH_FINDING", "wrong-role" }, { "ROLEWATCH_SEVERITY", "warning" }, { "ECS_CLUSTER", "prod" },
        };

        (void)state;
        assert_int_equal(journal_line(EVENT_CLEARED, &n, &(struct journal_origin){ "ip-10-0-0-1", 1700000000000000 }, &t), 0);
        assert_ptr_equal(strchr(t.s, '\n'), t.s + t.len - 1);
        assert_int_equal(json_parse(t.s, t.len, &j), 0);
        for (size_t i = 0; i < ARRAY_SIZE(want); i++)
                assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(j, want[i][0])), want[i][1]);
        assert_int_equal(strlen(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(j, "MESSAGE_ID"))), 32);
        assert_null(cJSON_GetObjectItemCaseSensitive(j, "ECS_TASK_ARN"));
}

static void prometheus_labels(void **state)
{
        const struct open_findings open = { .all = { [FINDING_WRONG_ROLE] = 3 }, .counted = { [FINDING_WRONG_ROLE] = 2 } };
        const struct metrics_page page = { &open, "a\nb\"c\\d", 1800000000 };
        CLEANUP(text_done) struct text t = { 0 };

        (void)state;
        metrics_prometheus(&page, &t);
        assert_non_null(strstr(t.s, "\nrolewatch_findings{finding=\"wrong-role\"} 3\n"));
        assert_non_null(strstr(t.s, "\nrolewatch_wrong_role_groups{cluster=\"a\\nb\\\"c\\\\d\"} 2\n"));
}

/* Contracts with users: the alarms of packaging/cloudwatch go by these. */
static const struct { enum finding_kind kind; const char *metrics; } counted[] = {
        { FINDING_WRONG_ROLE, "WrongRole" },
        { FINDING_WRONG_ROLE_DENIED, "WrongRole CallsThatWouldFail" },
        { FINDING_WRONG_ROLE_ALLOWED, "WrongRole" },
        { FINDING_RIGHT_ROLE_DENIED, "CallsThatWouldFail" },
        { FINDING_INSTANCE_ROLE_DENIED, "CallsThatWouldFail" },
        { FINDING_EXECUTION_ROLE_DENIED, "CallsThatWouldFail" },
        { FINDING_TRUST_MISMATCH, "" },
        { FINDING_ROLE_MISSING, "" },
        { FINDING_NO_CREDENTIALS, "CredentialFaults" },
        { FINDING_CREDENTIALS_EXPIRED, "CredentialFaults" },
        { FINDING_ENDPOINT_UNREACHABLE, "CredentialFaults" },
        { FINDING_ENDPOINT_FLAPPING, "CredentialFaults" },
        { FINDING_SDK_TOO_OLD, "WrongRole" },
        { FINDING_SDK_STICKY, "WrongRole" },
        { FINDING_IMDS_OPEN, "" },
};

/* Each finding is one in each of its metrics, and of less than its default severity in none. */
static void findings_count_once(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(counted); i++) {
                CLEANUP(text_done) struct text names = { 0 };
                enum finding_kind k = counted[i].kind;
                struct open_findings open = { .unknown_groups = 4 };
                struct metrics m;

                for (int s = 0; s < SEVERITY_MAX; s++) {
                        struct open_findings one = { .unknown_groups = 0 };

                        open_findings_add(&one, k, (enum severity)s);
                        assert_int_equal(one.all[k], 1);
                        assert_int_equal(one.counted[k], s >= (int)finding_severity(k));
                }
                open_findings_add(&open, k, finding_severity(k));
                metrics_of(&open, &m);
                for (int id = 0; id < METRIC_MAX; id++)
                        if (id != METRIC_UNKNOWN && id != METRIC_HEARTBEAT && m.of[id] > 0) {
                                assert_true(m.of[id] == 1);
                                text_addf(&names, "%s%s", names.len ? " " : "", metric_name((enum metric)id));
                        }
                assert_string_equal(names.s ? names.s : "", counted[i].metrics);
                assert_true(m.of[METRIC_UNKNOWN] == 4 && m.of[METRIC_HEARTBEAT] == 1);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(emf_rules), cmocka_unit_test(emf_names_as_they_are), cmocka_unit_test(emf_names_too_long),
                cmocka_unit_test(emf_wants_a_line), cmocka_unit_test(emf_on_standard_output), cmocka_unit_test(journal_as_json), cmocka_unit_test(prometheus_labels), cmocka_unit_test(findings_count_once),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
