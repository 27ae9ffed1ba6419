#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/mman.h>
#include <cmocka.h>
#include "../../agent/collect/audit.h"
#include "../../agent/collect/collect_internal.h"
#include "mock_http.h"

#define ARN "arn:aws:ecs:eu-west-1:111122223333:task/c/0ee1"
#define INSTANCE "arn:aws:ecs:eu-west-1:111122223333:container-instance/c/01"
#define EXECUTION "GetCredentialsExecutionRole"
#define FIRST(status) "2026-06-30T17:02:14Z " status " 172.17.0.2:52444 \"/v2/credentials\" "
#define TAIL(event, version) " " ARN " " event " " version " c " INSTANCE

static const struct {
        const char *why, *line;
        int r, status;
        const char *user_agent, *task_arn;
        enum cred_kind kind;
} rows[] = {
        { "a task role",
          FIRST("200") "\"Boto3/1.34 md/Botocore#1.34 ua/2.0\"" TAIL("GetCredentials", "2"),
          0, 200, "Boto3/1.34 md/Botocore#1.34 ua/2.0", ARN, CRED_TASK },
        { "an execution role", FIRST("200") "\"a b\"" TAIL(EXECUTION, "2"),
          0, 200, "a b", ARN, CRED_EXECUTION },
        { "before roles of execution", FIRST("200") "\"a\"" TAIL("GetCredentials", "1"),
          0, 200, "a", ARN, CRED_TASK },
        { "an error of version 2 ends in a blank", FIRST("400") "\"curl/8.5.0\" - ",
          0, 400, "curl/8.5.0", "", CRED_UNKNOWN },
        { "its blank trimmed", FIRST("429") "\"curl/8.5.0\" -",
          0, 429, "curl/8.5.0", "", CRED_UNKNOWN },
        { "an error of version 1", FIRST("400") "\"a\" - GetCredentials 1 c " INSTANCE,
          0, 400, "a", "", CRED_UNKNOWN },
        { "no user agent", FIRST("200") "\"\"" TAIL("GetCredentials", "2"),
          0, 200, "", ARN, CRED_TASK },
        { "quotes in the user agent", FIRST("200") "\"a \"b\" c\"" TAIL("GetCredentials", "2"),
          0, 200, "a \"b\" c", ARN, CRED_TASK },
        { "a user agent that plays the whole line",
          FIRST("400") "\"x\"" TAIL("GetCredentials", "2") "\" - ",
          0, 400, "x\"" TAIL("GetCredentials", "2"), "", CRED_UNKNOWN },
        { "a user agent that plays an error", FIRST("200") "\"x\" - \"" TAIL("GetCredentials", "2"),
          0, 200, "x\" - ", ARN, CRED_TASK },
        { "an event of tomorrow", FIRST("200") "\"a\"" TAIL("GetSomething", "2"),
          0, 200, "a", ARN, CRED_UNKNOWN },
        { "a version of tomorrow", FIRST("200") "\"a\"" TAIL("GetCredentials", "3"),
          -EBADMSG, 0, NULL, NULL, CRED_UNKNOWN },
        { "nothing", "", -EBADMSG, 0, NULL, NULL, CRED_UNKNOWN },
        { "a line cut at its front", "credentials\" \"a\"" TAIL("GetCredentials", "2"),
          -EBADMSG, 0, NULL, NULL, CRED_UNKNOWN },
        { "a line cut at its end", FIRST("200") "\"a\" " ARN,
          -EBADMSG, 0, NULL, NULL, CRED_UNKNOWN },
        { "no number", FIRST("2x0") "\"a\" - ", -EBADMSG, 0, NULL, NULL, CRED_UNKNOWN },
};

static void lines(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                const char *line = rows[i].line;
                struct audit_line l;

                print_message("%s\n", rows[i].why);
                assert_int_equal(audit_parse_line(line, strlen(line), &l), rows[i].r);
                if (rows[i].r < 0)
                        continue;
                assert_int_equal(l.status, rows[i].status);
                assert_int_equal(l.kind, rows[i].kind);
                assert_int_equal(l.user_agent.len, strlen(rows[i].user_agent));
                assert_memory_equal(l.user_agent.s, rows[i].user_agent, l.user_agent.len);
                assert_int_equal(l.task_arn.len, strlen(rows[i].task_arn));
        }
}

static void a_real_log(void **state)
{
        CLEANUP(freep) char *log = mock_file("vectors/captures/audit.log");
        size_t n = 0, tasks = 0, executions = 0;

        (void)state;
        for (char *line = strtok(log, "\n"); line; line = strtok(NULL, "\n"), n++) {
                struct audit_line l;

                assert_int_equal(audit_parse_line(line, strlen(line), &l), 0);
                tasks += l.kind == CRED_TASK;
                executions += l.kind == CRED_EXECUTION;
        }
        assert_int_equal(n, 10);
        assert_int_equal(tasks, 2);
        assert_int_equal(executions, 1);
}

static void only_our_own(void **state)
{
        struct audit_probe probe = { .first = 100, .n = 3 };
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(text_done) struct text t = { 0 };
        char ua[AUDIT_USER_AGENT_MAX];
        size_t found;

        (void)state;
        assert_int_equal(snapshot_new(&s), 0);
        for (int i = 0; i < 3; i++)
                assert_non_null(snapshot_add_cred(s));
        for (uint64_t number = 99; number <= 104; number++) {
                const char *event = number == 101 ? EXECUTION : "GetCredentials";

                if (number == 102)
                        text_addf(&t, FIRST("400") "\"%s\" - \n",
                                  audit_user_agent(number, ua, sizeof ua));
                else
                        text_addf(&t, FIRST("200") "\"%s\" " ARN " %s 2 c " INSTANCE "\n",
                                  audit_user_agent(number, ua, sizeof ua), event);
        }
        text_addf(&t, FIRST("200") "\"rolewatch/0 probe/102-1\"" TAIL("GetCredentials", "2") "\n");
        text_addf(&t, FIRST("200") "\"%s0\"" TAIL("GetCredentials", "2") "\n",
                  audit_user_agent(102, ua, sizeof ua));
        text_addf(&t, FIRST("200") "\"%s\"" TAIL("GetCredentials", "2"),
                  audit_user_agent(102, ua, sizeof ua));
        assert_int_equal(audit_match(s, probe, (struct span){ t.s, t.len }, &found), 0);
        assert_int_equal(found, 2);
        assert_int_equal(s->creds[0].kind, CRED_TASK);
        assert_string_equal(s->creds[0].task_arn, ARN);
        assert_int_equal(s->creds[1].kind, CRED_EXECUTION);
        assert_int_equal(s->creds[2].kind, CRED_UNKNOWN);
        assert_null(s->creds[2].task_arn);
}

/* What the agent does: a line for each request on the credentials path. */
static void write_line(void *userdata, const char *request)
{
        const char *ua = strstr(request, "User-Agent: ");
        bool execution = strncmp(request, "GET /v2/credentials/exec", 24) == 0;

        if (strncmp(request, "GET /v2/credentials/", 20) != 0)
                return;
        ua += strlen("User-Agent: ");
        fprintf(userdata, FIRST("200") "\"%.*s\" " ARN " %s 2 c " INSTANCE "\n",
                (int)strcspn(ua, "\r"), ua, execution ? EXECUTION : "GetCredentials");
        fflush(userdata);
}

static void requested_and_found(void **state)
{
        CLEANUP(freep) char *file = mock_file("vectors/captures/credentials-task-role.http");
        const struct mock_route route = { .bytes = file };
        struct mock_http *m = mock_http_start(&route, 1);
        struct collect_settings cs = { .credentials = mock_http_base(m) };
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(scan_done) struct scan x = { .at.cs = &cs };
        FILE *log;
        int fd = memfd_create("audit.log", MFD_CLOEXEC);
        char path[64];
        struct net *n;

        (void)state;
        cs.audit_log = path;
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        log = fdopen(fd, "a");
        assert_non_null(log);
        mock_http_watch(m, write_line, log);
        assert_int_equal(snapshot_new(&s), 0);
        x.s = s;
        assert_int_equal(credential_requests_add(&x, "/v2/credentials/task", 20), 0);
        assert_int_equal(credential_requests_add(&x, "/v2/credentials/exec", 20), 1);
        assert_int_equal(net_new(&n), 0);
        x.at.net = n;
        assert_int_equal(collect_credentials(&x), 0);
        net_free(n);
        mock_http_stop(m);
        fclose(log);
        assert_int_equal(s->creds[0].kind, CRED_TASK);
        assert_int_equal(s->creds[1].kind, CRED_EXECUTION);
        assert_string_equal(s->creds[1].task_arn, ARN);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(lines),
                cmocka_unit_test(a_real_log),
                cmocka_unit_test(only_our_own),
                cmocka_unit_test(requested_and_found),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
