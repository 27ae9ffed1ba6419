/* The numbers of a look as others read them: Embedded Metric Format and the Prometheus text. */
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

static void prometheus_labels(void **state)
{
        const size_t findings[FINDING_KIND_MAX] = { [FINDING_WRONG_ROLE] = 3 };
        CLEANUP(text_done) struct text t = { 0 };

        (void)state;
        metrics_prometheus(&metrics, "a\nb\"c\\d", findings, 1800000000, &t);
        assert_non_null(strstr(t.s, "\nrolewatch_findings{finding=\"wrong-role\"} 3\n"));
        assert_non_null(strstr(t.s, "\nrolewatch_wrong_role_groups{cluster=\"a\\nb\\\"c\\\\d\"} 2\n"));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(emf_rules), cmocka_unit_test(emf_names_as_they_are), cmocka_unit_test(emf_names_too_long),
                cmocka_unit_test(emf_wants_a_line), cmocka_unit_test(prometheus_labels),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
