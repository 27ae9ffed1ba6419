/* Denied calls in log lines: what is one, and what only looks like it. With a real journal: tests/checks/evidence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <glob.h>
#include <cmocka.h>
#include "../../agent/evidence/evidence_internal.h"

#define CALLER "arn:aws:sts::111122223333:assumed-role/webTaskRole/0123456789abcdef0123456789abcdef"
#define TOPIC "arn:aws:sns:eu-west-1:111122223333:orders"
#define REPORTED "User: " CALLER " is not authorized to perform: SNS:Publish on resource: " TOPIC

static const struct { const char *why, *text; int r; const char *role, *action, *resource; } rows[] = {
        { "botocore", "botocore.exceptions.ClientError: An error occurred (AuthorizationError) when calling the Publish operation: " REPORTED
          " because no identity-based policy allows the SNS:Publish action", 1, "webTaskRole", "SNS:Publish", TOPIC },
        { "in JSON", "{\"level\":\"error\",\"msg\":\"" REPORTED "\"}", 1, "webTaskRole", "SNS:Publish", TOPIC },
        { "S3 of old, that names nobody", "An error occurred (AccessDenied) when calling the GetObject operation: Access Denied",
          1, NULL, NULL, NULL },
        { "Go", "operation error S3: GetObject, https response error StatusCode: 403, RequestID: X, api error AccessDenied: Access Denied",
          1, NULL, NULL, NULL },
        { "Java", "com.amazonaws.services.s3.model.AmazonS3Exception: Access Denied (Service: Amazon S3; Status Code: 403; "
          "Error Code: AccessDenied; Request ID: X)", 1, NULL, NULL, NULL },
        { "EC2", "An error occurred (UnauthorizedOperation) when calling the DescribeInstances operation: You are not authorized "
          "to perform this operation. Encoded authorization failure message: abc", 1, NULL, NULL, NULL },
        { "EC2, without what is encoded", "An error occurred (UnauthorizedOperation) when calling the DescribeInstances operation: You are not authorized to "
          "perform this operation.", 1, NULL, NULL, NULL },
        { "Redshift", "User arn:aws:redshift:eu-west-1:111122223333:dbuser:web/alice is not authorized to assume IAM Role arn:aws:iam::111122223333:role/r",
          1, NULL, "sts:AssumeRole", "arn:aws:iam::111122223333:role/r" },
        { "an application's own actions", "User: alice is not authorized to perform: orders:refund on resource: order/7", 0, NULL, NULL, NULL },
        { "an application's own rights", "user bob is not authorized to perform this action", 0, NULL, NULL, NULL },
        { "a web server", "\"GET /orders HTTP/1.1\" 403 Forbidden", 0, NULL, NULL, NULL },
        { "a file", "java.nio.file.AccessDeniedException: /var/lib/x", 0, NULL, NULL, NULL },
        { "another fault of AWS", "An error occurred (ThrottlingException) when calling the Publish operation: Rate exceeded",
          0, NULL, NULL, NULL },
        { "nothing", "", 0, NULL, NULL, NULL },
};

static void equal(const char *got, const char *want)
{
        if (want)
                assert_string_equal(got, want);
        else
                assert_null(got);
}

static void texts(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                CLEANUP(arena_freep) struct arena *a = NULL;
                struct error_text e;

                print_message("%s\n", rows[i].why);
                assert_int_equal(arena_new((size_t)1 << 20, &a), 0);
                assert_int_equal(log_line_parse(a, rows[i].text, strlen(rows[i].text), &e), rows[i].r);
                /* What is not decoded without a hint would not be a denied call. */
                assert_true(!rows[i].r || log_line_hint(rows[i].text, strlen(rows[i].text)));
                if (!rows[i].r)
                        continue;
                assert_int_equal(e.kind, ERROR_DENIED);
                equal(e.role, rows[i].role);
                equal(e.action, rows[i].action);
                equal(e.resource, rows[i].resource);
        }
}

/* The lines of a file of tests/vectors/errors, of which none may be claimed. Their number. */
static size_t file_claims_nothing(const char *path)
{
        CLEANUP(freep) char *line = NULL;
        FILE *f = fopen(path, "re");
        size_t cap = 0, n = 0;
        ssize_t len;

        assert_non_null(f);
        for (; (len = getline(&line, &cap, f)) > 0; n++) {
                CLEANUP(arena_freep) struct arena *a = NULL;
                struct error_text e;

                assert_int_equal(arena_new((size_t)1 << 20, &a), 0);
                if (log_line_parse(a, line, (size_t)len, &e) != 0)
                        fail_msg("%s: %s", path, line);
        }
        fclose(f);
        return n;
}

/*
 * foreign.log: a day of stock programs with the words of AWS's errors, some with hosts of AWS. stock-*.txt: what such
 * programs really logged while their clients were refused.
 */
static void logs_of_other_programs(void **state)
{
        size_t n = 0;
        glob_t found;

        (void)state;
        assert_true(file_claims_nothing(TESTS_DIR "/vectors/errors/foreign.log") >= 500);
        assert_int_equal(glob(TESTS_DIR "/vectors/errors/stock-*.txt", 0, NULL, &found), 0);
        for (size_t i = 0; i < found.gl_pathc; i++)
                n += file_claims_nothing(found.gl_pathv[i]);
        globfree(&found);
        assert_true(n >= 400);
}

/* Cut anywhere, and with any byte in any place: it may be missed, and no more. */
static void broken_texts(void **state)
{
        static const char text[] = "An error occurred (AccessDenied) when calling: " REPORTED;

        (void)state;
        for (size_t i = 0; i < sizeof text; i++) {
                CLEANUP(arena_freep) struct arena *a = NULL;
                CLEANUP(freep) char *cut = malloc(i ? i : 1);
                char bent[sizeof text];
                struct error_text e;

                assert_int_equal(arena_new((size_t)1 << 20, &a), 0);
                memcpy(cut, text, i);
                assert_in_range(log_line_parse(a, cut, i, &e), 0, 1);
                memcpy(bent, text, sizeof bent);
                bent[i] = (char)(i * 7);
                assert_in_range(log_line_parse(a, bent, sizeof bent, &e), 0, 1);
        }
}

static void never(void *userdata, const struct denial_line *d)
{
        (void)userdata;
        (void)d;
        fail();
}

static void a_journal_that_is_not_there(void **state)
{
        char directory[] = "/tmp/rolewatch-unit-XXXXXX";
        struct log_lines *l;

        (void)state;
        assert_non_null(mkdtemp(directory));
        assert_int_equal(log_lines_open(directory, &l), 0);
        for (int i = 0; i < 3; i++)
                assert_int_equal(log_lines_process(l, never, NULL), 0);
        assert_true(log_lines_fd(l) >= 0);
        assert_int_equal(log_lines_counts(l).received, 0);
        log_lines_close(l);
        assert_int_equal(rmdir(directory), 0);
        assert_int_equal(log_lines_open(directory, &l), -ENOENT);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(texts), cmocka_unit_test(logs_of_other_programs), cmocka_unit_test(broken_texts), cmocka_unit_test(a_journal_that_is_not_there),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
