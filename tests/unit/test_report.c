/* The renderings: width, color, hostile names, and the keys of the JSON contract. */
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

static char *render(int (*print)(const struct verdicts *, struct report_style, FILE *), const struct verdicts *v, bool color,
                    unsigned columns)
{
        char *text = NULL;
        size_t len;
        FILE *out = open_memstream(&text, &len);

        assert_non_null(out);
        assert_int_equal(print(v, (struct report_style){ .color = color, .columns = columns }, out), 0);
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
        static const unsigned widths[] = { 60, 80, 100, 160, 200 };
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

/* The first line that contains `part`; NULL: none. */
static char *line_of(const char *text, const char *part)
{
        const char *at = strstr(text, part), *start = at;

        while (start && start > text && start[-1] != '\n')
                start--;
        return at ? strndup(start, strcspn(start, "\n")) : NULL;
}

/* A host with names as they are in the field. */
static struct verdicts *usual(struct snapshot **ret)
{
        struct snapshot *s = host_healthy();
        int c = host_task(s, "payments-api", "reverse-proxy");

        host_sdk(host_bare(s, 0, 16742, 10, "python3"), "botocore", "1.29.27");
        host_process(s, c, 20, 1, "nginx");
        *ret = s;
        return host_judge(s);
}

/*
 * The headings and the row of a process on terminals of some widths. Names of tasks and containers, the pid and the verdict
 * stay whole; what gives way is first the SDK, then the other details. 0: a pipe, where nothing is cut.
 */
#define DOTS "\xe2\x80\xa6"
static const struct { unsigned columns; const char *head, *row; } tables[] = {
        { 0,   "TASK          CONTAINER      PROCESS        SDK               CREDENTIALS            EXPECTED     VERDICT",
               "web           app            python3 16742  botocore 1.29.27  imds ecsInstanceRole   webTaskRole  wrong-role" },
        { 200, "TASK          CONTAINER      PROCESS        SDK               CREDENTIALS            EXPECTED     VERDICT",
               "web           app            python3 16742  botocore 1.29.27  imds ecsInstanceRole   webTaskRole  wrong-role" },
        { 100, "TASK          CONTAINER      PROCESS        SDK       CREDENTIALS      EXPECTED     VERDICT",
               "web           app            python3 16742  botocore  ecsInstanceRole  webTaskRole  wrong-role" },
        { 90,  "TASK          CONTAINER      PROCESS        CREDENTIALS      EXPECTED     VERDICT",
               "web           app            python3 16742  ecsInstanceRole  webTaskRole  wrong-role" },
        { 80,  "TASK          CONTAINER      PROCESS        CREDENTIALS   EXPECTED    VERDICT",
               "web           app            python3 16742  ecsIns" DOTS "eRole  webTa" DOTS "Role  wrong-role" },
        { 60,  "TASK       CONTAINER     PROCESS     CREDENTIALS  VERDICT",
               "web        app           pyt" DOTS " 16742  ecsIn" DOTS "eRole  wrong-role" },
};

static void the_table_fits_its_terminal(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(verdicts_freep) struct verdicts *v = usual(&s);

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
                CLEANUP(freep) char *text = render(report_table, v, false, tables[i].columns);
                CLEANUP(freep) char *head = line_of(text, "TASK"), *row = line_of(text, " 16742 ");

                if (!streq(head, tables[i].head) || !streq(row, tables[i].row))
                        fail_msg("%u columns:\n%s\n%s", tables[i].columns, head ? head : "none", row ? row : "none");
        }
}

/* In a pipe each sentence is one line, and no word is broken. */
static void nothing_is_wrapped_in_a_pipe(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(verdicts_freep) struct verdicts *v = story(&s);
        CLEANUP(freep) char *table = render(report_table, v, false, 0), *walk = render(explain_lost, v, false, 0);
        CLEANUP(freep) char *message = NULL, *row = line_of(table, "a-family-with-a-name-that-goes-on-and-on-for-ever-and-a-day ");

        (void)state;
        assert_true(asprintf(&message, "%s\n", v->findings[0].message) > 0);
        assert_non_null(strstr(table, message));
        assert_non_null(strstr(table, v->findings[0].remedy));
        assert_non_null(row);
        assert_non_null(strstr(row, "a-container-with-quite-a-name-as-well  a-program-with-a-name-that-nobody-would-type-twice 20"));
        assert_non_null(strstr(walk, group_by_pid(v, 12)->cause.remedy));
}

/* A process has one name in the table, in the finding and in the explanation. */
static const struct { const char *why, *comm, *exe, *name; } names[] = {
        { "a script", "worker", "/usr/bin/python3.11", "worker" },
        { "an applet", "sleep", "/bin/busybox", "sleep" },
        { "cut by the kernel", "celery-beat-sch", "/usr/bin/celery-beat-scheduler", "celery-beat-scheduler" },
        { "as long, and another", "a-title-it-gave", "/usr/bin/ruby", "a-title-it-gave" },
        { "without comm", NULL, "/usr/bin/ruby3.1", "ruby3.1" },
        { "without executable", "kworker", NULL, "kworker" },
        { "without any", NULL, NULL, "process" },
};

static void a_process_has_one_name(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
                CLEANUP(verdicts_freep) struct verdicts *v = NULL;
                CLEANUP(freep) char *table = NULL, *walk = NULL, *cell = NULL, *who = NULL;
                struct process *p = host_bare(s, 0, 12, 10, "x");

                p->comm = names[i].comm;
                p->exe = names[i].exe;
                host_sdk(p, "botocore", "1.34.0");
                v = host_judge(s);
                table = render(report_table, v, false, 0);
                walk = render(explain_lost, v, false, 0);
                assert_true(asprintf(&cell, " %s 12 ", names[i].name) > 0 && asprintf(&who, "%s (pid 12) in container app", names[i].name) > 0);
                if (!strstr(table, cell) || !strstr(table, who) || !strstr(walk, who))
                        fail_msg("%s:\n%s\n%s", names[i].why, table, walk);
        }
}

static void what_is_not_judged_is_counted(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        CLEANUP(freep) char *table = NULL, *sum = NULL;
        int c = host_task(s, "other", "app");

        (void)state;
        host_bare(s, 0, 20, 10, "sudo")->met_imds = true;
        host_bare(s, c, 30, 1, "job");
        host_sdk(host_process(s, 0, 50, 10, "app"), "botocore", "1.34.0");
        s->tasks[1].arn = "arn:aws:ecs:eu-west-1:111122223333:task/prod/other1";
        host_process(s, 0, 40, 10, "dark")->environ.state = ANSWER_DENIED;
        host_sdk(host_by_pid(s, 40), "botocore", "1.34.0");
        v = host_judge(s);
        table = render(report_table, v, false, 0);
        sum = line_of(table, "1 process group judged in 1 container; ");
        assert_non_null(sum);
        assert_non_null(strstr(sum, "; 1 group could not be judged; "));
        assert_non_null(strstr(sum, "; 1 group has no task role (not judged); "));
        assert_non_null(strstr(sum, "; 1 group only starts other programs (not judged); "));
        assert_non_null(strstr(sum, "; 1 group shows no use of AWS (not judged); "));
}

static void color_only_where_requested(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(verdicts_freep) struct verdicts *v = story(&s);
        CLEANUP(freep) char *plain = render(report_table, v, false, 80), *colored = render(report_table, v, true, 80);

        (void)state;
        assert_null(strchr(plain, '\033'));
        assert_non_null(strchr(colored, '\033'));
}

static void the_table_shows_the_story(void **state)
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
                cmocka_unit_test(every_line_fits), cmocka_unit_test(the_table_fits_its_terminal),
                cmocka_unit_test(nothing_is_wrapped_in_a_pipe), cmocka_unit_test(a_process_has_one_name),
                cmocka_unit_test(what_is_not_judged_is_counted), cmocka_unit_test(color_only_where_requested),
                cmocka_unit_test(the_table_shows_the_story), cmocka_unit_test(json_keeps_its_contract),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
