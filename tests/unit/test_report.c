/* The renderings: width, colour, hostile names, and the keys of the JSON contract. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>
#include "helper_judge.h"
#include "rolewatch/report.h"

/* A cron job that lost the variable, and a container with names as long as names get. */
static struct verdicts *story(struct snapshot **ret)
{
        struct snapshot *s = host_healthy();
        int c = host_task(s, "a-family-with-a-name-that-goes-on-and-on-for-ever-and-a-day",
                          "a-container-with-quite-a-name-as-well");

        host_process(s, 0, 11, 10, "cron");
        host_sdk(host_bare(s, 0, 12, 11, "python3"), "botocore", "1.29.27");
        host_process(s, c, 20, 1, "a-program-with-a-name-that-nobody-would-type-twice");
        *ret = s;
        return host_judge(s);
}

static char *render(int (*print)(const struct verdicts *, struct report_style, FILE *), const struct verdicts *v, bool colour,
                    unsigned columns)
{
        char *text = NULL;
        size_t len;
        FILE *out = open_memstream(&text, &len);

        assert_non_null(out);
        assert_int_equal(print(v, (struct report_style){ .colour = colour, .columns = columns }, out), 0);
        fclose(out);
        return text;
}

static int explain_lost(const struct verdicts *v, struct report_style style, FILE *out)
{
        return report_explain(v, (size_t)(group_by_pid(v, 12) - v->groups), style, out);
}

static void lines_fit(const char *text, unsigned columns)
{
        unsigned n = 0;

        for (; *text; text++) {
                if (*text == '\n')
                        n = 0;
                else if (((unsigned char)*text & 0xc0) != 0x80 && ++n > columns)
                        fail_msg("a line is wider than %u", columns);
        }
}

static void every_line_fits(void **state)
{
        static const unsigned widths[] = { 80, 100, 160 };
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(verdicts_freep) struct verdicts *v = story(&s);

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(widths); i++) {
                CLEANUP(freep) char *table = render(report_table, v, false, widths[i]);
                CLEANUP(freep) char *walk = render(explain_lost, v, false, widths[i]);

                lines_fit(table, widths[i]);
                lines_fit(walk, widths[i]);
        }
}

static void colour_only_where_asked(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(verdicts_freep) struct verdicts *v = story(&s);
        CLEANUP(freep) char *plain = render(report_table, v, false, 80), *coloured = render(report_table, v, true, 80);

        (void)state;
        assert_null(strchr(plain, '\033'));
        assert_non_null(strchr(coloured, '\033'));
}

static void the_table_tells_the_story(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(verdicts_freep) struct verdicts *v = story(&s);
        CLEANUP(freep) char *table = render(report_table, v, false, 200), *walk = render(explain_lost, v, false, 200);

        (void)state;
        assert_non_null(strstr(table, "wrong-role"));
        assert_non_null(strstr(table, "ecsInstanceRole"));
        assert_non_null(strstr(walk, "cron (pid 11)"));
        assert_non_null(strstr(walk, "webTaskRole"));
        assert_non_null(strstr(walk, "is not in the environment"));
}

static void json_keeps_its_contract(void **state)
{
        static const char *const process_keys[] = {
                "task", "family", "container", "containerId", "pid", "pids", "exe", "sdk", "winner", "bySdk",
                "expected", "walk", "needs",
        };
        static const char *const finding_keys[] = {
                "id", "severity", "certainty", "task", "container", "pid", "winner", "expected", "message", "remedy",
        };
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(verdicts_freep) struct verdicts *v = story(&s);
        CLEANUP(json_freep) cJSON *j = NULL;
        const cJSON *p, *f;

        (void)state;
        assert_int_equal(report_json(v, &j), 0);
        assert_int_equal(cJSON_GetObjectItem(j, "version")->valueint, 1);
        assert_true(cJSON_IsObject(cJSON_GetObjectItem(j, "host")));
        cJSON_ArrayForEach(p, cJSON_GetObjectItem(j, "processes"))
                for (size_t i = 0; i < ARRAY_SIZE(process_keys); i++)
                        if (!cJSON_HasObjectItem(p, process_keys[i]))
                                fail_msg("a process without %s", process_keys[i]);
        assert_true(cJSON_GetArraySize(cJSON_GetObjectItem(j, "findings")) > 0);
        cJSON_ArrayForEach(f, cJSON_GetObjectItem(j, "findings"))
                for (size_t i = 0; i < ARRAY_SIZE(finding_keys); i++)
                        if (!cJSON_HasObjectItem(f, finding_keys[i]))
                                fail_msg("a finding without %s", finding_keys[i]);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_line_fits), cmocka_unit_test(colour_only_where_asked),
                cmocka_unit_test(the_table_tells_the_story), cmocka_unit_test(json_keeps_its_contract),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
