/* Error texts: the grammar by its pieces, hostile input, and what a host adds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include "helper_judge.h"
#include "../../agent/iam/error_parts.h"

#define STS "arn:aws:sts::111122223333:assumed-role/"
#define TASK_ID "624dd649a11d44c09f90367ea64a7afa"
#define MENTIONS "User: " STS "webTaskRole/" TASK_ID " is not authorized to perform: "
#define TWO_WORDS "The provided execution role does not have permissions to call "

static const struct {
        const char *text;
        enum error_kind kind;
        enum error_actor actor;
        const char *role, *action, *resource, *layer;
        bool explicit_deny;
} texts[] = {
        { MENTIONS "sns:Publish on resource: arn:aws:sns:eu-west-1:111122223333:orders because no identity-based policy allows the sns:Publish action",
          ERROR_DENIED, ACTOR_TASK, "webTaskRole", "sns:Publish", "arn:aws:sns:eu-west-1:111122223333:orders", "identity", false },
        { MENTIONS "sqs:sendmessage", ERROR_DENIED, ACTOR_TASK, "webTaskRole", "sqs:sendmessage", NULL, NULL, false },
        { MENTIONS "s3:GetObject on resource: \\\"arn:aws:s3:::b/k e y\\\" because no session policy allows the s3:GetObject action",
          ERROR_DENIED, ACTOR_TASK, "webTaskRole", "s3:GetObject", "arn:aws:s3:::b/k e y", "session", false },
        { MENTIONS "iam:GetRole on resource: role web because no permissions boundary allows the iam:GetRole action", ERROR_DENIED, ACTOR_TASK,
          "webTaskRole", "iam:GetRole", "role web", "boundary", false },
        { MENTIONS "logs:PutLogEvents on resource: arn:aws:logs:eu-west-1:111122223333:log-group:/ecs/web:log-stream: because no VPC endpoint policy "
          "allows the logs:PutLogEvents action", ERROR_DENIED, ACTOR_TASK, "webTaskRole", "logs:PutLogEvents",
          "arn:aws:logs:eu-west-1:111122223333:log-group:/ecs/web:log-stream:", "endpoint", false },
        { MENTIONS "ecs:RunTask on resource: * with an explicit deny in a service control policy", ERROR_DENIED, ACTOR_TASK, "webTaskRole", "ecs:RunTask",
          "*", "scp", true },
        { MENTIONS "ecs:RunTask on resource: arn:aws:ecs:x with an explicit deny", ERROR_DENIED, ACTOR_TASK, "webTaskRole", "ecs:RunTask", "arn:aws:ecs:x",
          NULL, true },
        { MENTIONS "sns:Publish on resource: arn:aws:sns:x (Service: AmazonSNS; Status Code: 403; Error Code: AuthorizationError)", ERROR_DENIED, ACTOR_TASK,
          "webTaskRole", "sns:Publish", "arn:aws:sns:x", NULL, false },
        { MENTIONS "sns:Publish on resource: arn:aws:sns:x\n\tstatus code: 403, request id: 1", ERROR_DENIED, ACTOR_TASK, "webTaskRole", "sns:Publish",
          "arn:aws:sns:x", NULL, false },
        { "{\"log\":\"" MENTIONS "sns:Publish on resource: arn:aws:sns:x\\n\",\"stream\":\"stderr\"}", ERROR_DENIED, ACTOR_TASK, "webTaskRole", "sns:Publish",
          "arn:aws:sns:x", NULL, false },
        { "User: " STS "ecsInstanceRole/i-0123456789abcdef0 is not authorized to perform: SNS:Publish", ERROR_DENIED, ACTOR_INSTANCE, "ecsInstanceRole",
          "SNS:Publish", NULL, NULL, false },
        { "User: " STS "ecsInstanceRole/i-01234567 is not authorized to perform: a:b", ERROR_DENIED, ACTOR_INSTANCE, "ecsInstanceRole", "a:b", NULL, NULL, false },
        { "User: " STS "ecsInstanceRole/i-0123 is not authorized to perform: a:b", ERROR_DENIED, ACTOR_SESSION, "ecsInstanceRole", "a:b", NULL, NULL, false },
        { "User: " STS "r/624dd649-a11d-44c0-9f90-367ea64a7afa is not authorized to perform: a:b", ERROR_DENIED, ACTOR_TASK, "r", "a:b", NULL, NULL, false },
        { "User: " STS "r/botocore-session-1700000000 is not authorized to perform: a:b", ERROR_DENIED, ACTOR_SDK, "r", "a:b", NULL, NULL, false },
        { "User: " STS "AWSServiceRoleForECS/x is not authorized to perform: a:b", ERROR_DENIED, ACTOR_LINKED, "AWSServiceRoleForECS", "a:b", NULL, NULL, false },
        { "User: " STS "ecsInfrastructureRole/ECSTaskVolumesForEBS is not authorized to perform: a:b", ERROR_DENIED, ACTOR_INFRASTRUCTURE,
          "ecsInfrastructureRole", "a:b", NULL, NULL, false },
        { "User: " STS "ecsAnywhereRole/mi-0123456789abcdef0 is not authorized to perform: a:b", ERROR_DENIED, ACTOR_EXTERNAL, "ecsAnywhereRole", "a:b", NULL,
          NULL, false },
        { "User: arn:aws:iam::111122223333:user/team/alice is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/r "
          "because no role trust policy allows the sts:AssumeRole action", ERROR_DENIED, ACTOR_USER, NULL, "sts:AssumeRole",
          "arn:aws:iam::111122223333:role/r", "trust", false },
        { "User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:x", ERROR_DENIED, ACTOR_ANONYMOUS, NULL,
          "execute-api:Invoke", "arn:aws:execute-api:x", NULL, false },
        { "User: arn:aws:iam::111122223333:root is not authorized to perform: a:b", ERROR_DENIED, ACTOR_ROOT, NULL, "a:b", NULL, NULL, false },
        { "Unable to assume the service linked role. Please verify that the ECS service linked role exists.", ERROR_LINKED, ACTOR_UNKNOWN, NULL, NULL, NULL,
          NULL, false },
        { "Unable to assume role and validate the specified targetGroupArn. Please verify that the ECS service role being passed has the proper permissions.",
          ERROR_TRUST, ACTOR_UNKNOWN, NULL, NULL, NULL, NULL, false },
        { "The task can\xe2\x80\x99t pull the image. Check that the role has the permissions to pull images from the registry.", ERROR_PULL, ACTOR_UNKNOWN,
          NULL, NULL, NULL, NULL, false },
        { "User arn:aws:redshift:eu-west-1:111122223333:dbuser:web/alice is not authorized to assume IAM Role arn:aws:iam::111122223333:role/r", ERROR_DENIED,
          ACTOR_UNKNOWN, NULL, "sts:AssumeRole", "arn:aws:iam::111122223333:role/r", NULL, false },
        { "{\"Message\":\"User is not authorized to access this resource with an explicit deny in an identity-based policy\"}", ERROR_DENIED, ACTOR_UNKNOWN,
          NULL, NULL, NULL, "identity", true },
        { MENTIONS "kms:Decrypt on this resource because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based "
          "policy explicitly denies access", ERROR_DENIED, ACTOR_TASK, "webTaskRole", "kms:Decrypt", NULL, "resource", false },
        { "User: anonymous is not authorized to perform: vpc-lattice-svcs:Invoke on resource: arn:aws:vpc-lattice:x because no network-based policy allows the "
          "vpc-lattice-svcs:Invoke action", ERROR_DENIED, ACTOR_ANONYMOUS, NULL, "vpc-lattice-svcs:Invoke", "arn:aws:vpc-lattice:x", "network", false },
        { "pull access denied for 111122223333.dkr.ecr.eu-west-1.amazonaws.com/web: denied: requested access to the resource is denied", ERROR_PULL,
          ACTOR_UNKNOWN, NULL, NULL, NULL, NULL, false },
        { "User: " STS "ecsInfrastructureRole/ECSManagedInstances is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/r",
          ERROR_DENIED, ACTOR_INFRASTRUCTURE, "ecsInfrastructureRole", "iam:PassRole", "arn:aws:iam::111122223333:role/r", NULL, false },
        { "User: " STS "r/1700000000000000000 is not authorized to perform: a:b", ERROR_DENIED, ACTOR_SDK, "r", "a:b", NULL, NULL, false },
        { "User: " STS "r/aws-dotnet-sdk-session-638400000000000000 is not authorized to perform: a:b", ERROR_DENIED, ACTOR_SDK, "r", "a:b", NULL, NULL, false },
        { "CodeBuild is not authorized to perform: sts:AssumeRole on arn:aws:iam::111122223333:role/r", ERROR_DENIED, ACTOR_UNKNOWN, NULL, "sts:AssumeRole",
          "arn:aws:iam::111122223333:role/r", NULL, false },
        /* Whose sentence it is. */
        { "User is not authorized to perform: sns:Publish", ERROR_DENIED, ACTOR_UNKNOWN, NULL, "sns:Publish", NULL, NULL, false },
        { "The user is not authorized to perform: sns:Publish", ERROR_DENIED, ACTOR_UNKNOWN, NULL, "sns:Publish", NULL, NULL, false },
        { "User: anonymous is not authorized to perform: it, https://sqs.eu-west-1.amazonaws.com", ERROR_DENIED, ACTOR_ANONYMOUS, NULL, NULL, NULL, NULL,
          false },
        { "user bob is not authorized to assume role admin", ERROR_UNKNOWN, ACTOR_UNKNOWN, NULL, NULL, NULL, NULL, false },
        { "is not authorized to assume IAM Role arn:aws:iam::111122223333:role/r", ERROR_DENIED, ACTOR_UNKNOWN, NULL, "sts:AssumeRole",
          "arn:aws:iam::111122223333:role/r", NULL, false },
        { "alice is not authorized to assume IAM Role arn:aws:iam::111122223333:role/r", ERROR_DENIED, ACTOR_UNKNOWN, NULL, "sts:AssumeRole",
          "arn:aws:iam::111122223333:role/r", NULL, false },
        { "User: arn:aws:iam::111122223333:root is not authorized to perform: it. User: arn:aws:iam::111122223333:user/b is not authorized to perform: it.",
          ERROR_DENIED, ACTOR_ROOT, NULL, NULL, NULL, NULL, false },
        { "User: arn:aws:iam::111122223333:rooter is not authorized to perform: a:b", ERROR_DENIED, ACTOR_UNKNOWN, NULL, "a:b", NULL, NULL, false },
        { "User: " STS "r/624dd649-a11d44-c09f-90367ea64a7-afa is not authorized to perform: a:b", ERROR_DENIED, ACTOR_SESSION, "r", "a:b", NULL, NULL, false },
        { "User: " STS "r/624dd649aa11d44c09f90367ea64a7afx is not authorized to perform: a:b", ERROR_DENIED, ACTOR_SESSION, "r", "a:b", NULL, NULL, false },
        /* A resource is what stands before the reason. */
        { MENTIONS "sns:Publish on resource: arn:aws:sns:x with an explicit deny in a session policy because it says so", ERROR_DENIED, ACTOR_TASK, "webTaskRole",
          "sns:Publish", "arn:aws:sns:x", "session", true },
        { MENTIONS "sns:Publish on arn:aws:sns:x with an explicit deny", ERROR_DENIED, ACTOR_TASK, "webTaskRole", "sns:Publish", "arn:aws:sns:x", NULL, true },
        { MENTIONS "sns:Publish with an explicit deny on arn:aws:sns:x", ERROR_DENIED, ACTOR_TASK, "webTaskRole", "sns:Publish", NULL, NULL, true },
        { MENTIONS "sns:Publish on resource `arn:aws:sns:eu-west-1:111122223333:orders'", ERROR_DENIED, ACTOR_TASK, "webTaskRole", "sns:Publish",
          "arn:aws:sns:eu-west-1:111122223333:orders", NULL, false },
        { MENTIONS "iam:GetRole on resource: arn:aws:iam::111122223333:role/[[r]]", ERROR_DENIED, ACTOR_TASK, "webTaskRole", "iam:GetRole",
          "arn:aws:iam::111122223333:role/[[r]]", NULL, false },
        { MENTIONS "sns:Publish on resource: orders]", ERROR_DENIED, ACTOR_TASK, "webTaskRole", "sns:Publish", "orders", NULL, false },
        /* An action in two words. */
        { TWO_WORDS "SendMessage on SQS", ERROR_DENIED, ACTOR_UNKNOWN, NULL, "sqs:SendMessage", NULL, NULL, false },
        { TWO_WORDS "SendMessage in SQS", ERROR_DENIED, ACTOR_UNKNOWN, NULL, NULL, NULL, NULL, false },
        { TWO_WORDS "SendMessage on (SQS)", ERROR_DENIED, ACTOR_UNKNOWN, NULL, NULL, NULL, NULL, false },
        { TWO_WORDS "SendMessage on NoServiceOfThatName", ERROR_DENIED, ACTOR_UNKNOWN, NULL, NULL, NULL, NULL, false },
        { TWO_WORDS "SendMessage on nothing", ERROR_DENIED, ACTOR_UNKNOWN, NULL, NULL, NULL, NULL, false },
        { TWO_WORDS "SendMessageSendMessageSendMessageSendMessageSendMessageSendMessage on SQS", ERROR_DENIED, ACTOR_UNKNOWN, NULL, NULL, NULL, NULL, false },
        /* Lines of a box, of a numbered text, of the CRI format. */
        { "\xe2\x94\x82 " MENTIONS "sns:Publish on resource: arn:aws:sns:eu-west-    \xe2\x94\x82\n\xe2\x94\x82 1:111122223333:orders because no    \xe2\x94\x82\n"
          "\xe2\x94\x82 identity-based policy allows the sns:Publish action", ERROR_DENIED, ACTOR_TASK, "webTaskRole", "sns:Publish",
          "arn:aws:sns:eu-west-1:111122223333:orders", "identity", false },
        { "11: User: " STS "webTaskRole/" TASK_ID "\n12: is not authorized to perform:\n13: sns:Publish", ERROR_DENIED, ACTOR_TASK, "webTaskRole", "sns:Publish",
          NULL, NULL, false },
        { "2026-01-01T00:00:00.000000000Z stderr P User: " STS "webTaskRole/\n2026-01-01T00:00:00.000000001Z stderr F " TASK_ID " is not authorized to perform: "
          "sns:Publish", ERROR_DENIED, ACTOR_TASK, "webTaskRole", "sns:Publish", NULL, NULL, false },
        /* The same words without a mark of AWS. */
        { "Access Denied", ERROR_UNKNOWN, ACTOR_UNKNOWN, NULL, NULL, NULL, NULL, false },
        { "535 5.7.8 Missing credentials for \"PLAIN\"", ERROR_UNKNOWN, ACTOR_UNKNOWN, NULL, NULL, NULL, NULL, false },
        { "403 Forbidden", ERROR_UNKNOWN, ACTOR_UNKNOWN, NULL, NULL, NULL, NULL, false },
        { "Access denied for user 'web'@'web.abc.eu-west-1.rds.amazonaws.com'", ERROR_UNKNOWN, ACTOR_UNKNOWN, NULL, NULL, NULL, NULL, false },
        { "Access to the resource https://sqs.eu-west-1.amazonaws.com/111122223333/q is denied.", ERROR_DENIED, ACTOR_UNKNOWN, NULL, NULL,
          "https://sqs.eu-west-1.amazonaws.com/111122223333/q", NULL, false },
        { "all is well", ERROR_UNKNOWN, ACTOR_UNKNOWN, NULL, NULL, NULL, NULL, false },
        { "", ERROR_UNKNOWN, ACTOR_UNKNOWN, NULL, NULL, NULL, NULL, false },
        /* Odd ends: nothing is made up. */
        { " is not authorized to perform: ", ERROR_UNKNOWN, ACTOR_UNKNOWN, NULL, NULL, NULL, NULL, false },
        { "x is not authorized to perform", ERROR_UNKNOWN, ACTOR_UNKNOWN, NULL, NULL, NULL, NULL, false },
        { "User: bob is not authorized to perform: orders:write", ERROR_UNKNOWN, ACTOR_UNKNOWN, NULL, NULL, NULL, NULL, false },
        { "User: bob is not authorized to perform: sns:Publish", ERROR_DENIED, ACTOR_UNKNOWN, NULL, "sns:Publish", NULL, NULL, false },
        { "User: arn:aws:sts::1:assumed-role/ is not authorized to perform: a:", ERROR_DENIED, ACTOR_SESSION, "", NULL, NULL, NULL, false },
        { "User: arn:aws:sts::1:assumed-role/r is not authorized to perform: a:b on resource: ", ERROR_DENIED, ACTOR_SESSION, "r", "a:b", NULL, NULL, false },
        { "User: arn:aws:sts::1:assumed-role/r/ is not authorized to perform: a:b on resource: \"", ERROR_DENIED, ACTOR_SESSION, "r", "a:b", NULL, NULL, false },
};

static void texts_are_decoded(void **state)
{
        CLEANUP(arena_freep) struct arena *a = NULL;

        (void)state;
        assert_int_equal(arena_new((size_t)1 << 20, &a), 0);
        for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
                struct error_text e;

                assert_int_equal(error_text_decode(a, texts[i].text, strlen(texts[i].text), &e), 0);
                if (e.kind != texts[i].kind || e.actor != texts[i].actor || e.explicit_deny != texts[i].explicit_deny ||
                    !streq(e.role, texts[i].role) || !streq(e.action, texts[i].action) || !streq(e.resource, texts[i].resource) ||
                    !streq(e.layer, texts[i].layer))
                        fail_msg("%s: %s %s, %s %s on %s, %s%s", texts[i].text, error_kind_to_string(e.kind), error_actor_to_string(e.actor), e.role,
                                 e.action, e.resource, e.layer, e.explicit_deny ? ", denied" : "");
                if (e.kind != ERROR_UNKNOWN && e.action && !e.remedy)
                        fail_msg("%s: no remedy", texts[i].text);
        }
}

/* Megabytes, control characters, no end: bounded, and nothing raw comes out. */
static void hostile_texts_are_bounded(void **state)
{
        static const char head[] = "User: " STS "r\x1b[2J/s\x07 is not authorized to perform: sns:Publish on resource: ";
        CLEANUP(arena_freep) struct arena *a = NULL;
        size_t n = (size_t)8 << 20;
        CLEANUP(freep) char *text = malloc(n);
        struct error_text e;

        (void)state;
        assert_int_equal(arena_new((size_t)1 << 20, &a), 0);
        memset(text, 'A', n);
        memcpy(text, head, sizeof head - 1);
        assert_int_equal(error_text_decode(a, text, n, &e), 0);
        assert_true(e.cut);
        assert_true(strlen(e.resource) < 4096);
        assert_null(strchr(e.principal, 0x1b));
        assert_null(strchr(e.session ? e.session : "", 0x07));
        for (size_t i = 0; i + 1 < n; i += 2)
                memcpy(text + i, "\\\"", 2);
        assert_int_equal(error_text_decode(a, text, n, &e), 0);
        assert_int_equal(e.kind, ERROR_UNKNOWN);
        memset(text, 0, n);
        assert_int_equal(error_text_decode(a, text, n, &e), 0);
}

static size_t phrases_in(const char *row, const char *s)
{
        size_t count = 0;

        for (size_t n; s && *s; s += n + (s[n] == '|'), count++) {
                n = strcspn(s, "|");
                if (n < ERROR_PHRASE_MIN)
                        fail_msg("%s: \"%.*s\" is too short to be looked for", row, (int)n, s);
        }
        return count;
}

/* Each phrase of each row and each mark is looked for: none is too short, and there is room for all. */
static void all_phrases_count(void **state)
{
        const struct error_rows *const tables[] = { &error_rows_ecs, &error_rows_start, &error_rows_keys, &error_rows_none, &error_rows_denied };
        size_t count = 0;

        (void)state;
        for (size_t t = 0; t < ARRAY_SIZE(tables); t++)
                for (size_t i = 0; i < tables[t]->n; i++) {
                        const struct error_row *row = &tables[t]->rows[i];

                        assert_true(row->name && row->text && row->example);
                        count += phrases_in(row->name, row->text) + phrases_in(row->name, row->also) + phrases_in(row->name, row->unless);
                }
        for (size_t i = 0; i < n_error_marks; i++)
                count += phrases_in("a mark", error_marks[i]);
        assert_in_range(count, 800, ERROR_PHRASES_MAX);
}

/* An example is a text of its own form. */
static void examples_are_of_their_form(void **state)
{
        struct error_form form;

        (void)state;
        for (size_t i = 0; error_form_get(i, &form); i++) {
                CLEANUP(arena_freep) struct arena *a = NULL;
                struct error_text e;

                assert_int_equal(arena_new((size_t)1 << 20, &a), 0);
                assert_int_equal(error_text_decode(a, form.example, strlen(form.example), &e), 0);
                if (!streq(e.form, form.name) || e.kind != form.kind || !e.remedy)
                        fail_msg("%s: %s", form.name, e.form ? e.form : "none");
        }
}

/* Work is bounded by the length, whatever stands in the text: counted in steps, not in time. */
static void work_is_linear(void **state)
{
        static const char *const pieces[] = { "arn:aws", "arn:aws:::::::", "Unable to ", "Could not load credentials from ", "a", ":", "\\\"", "amazonaws.com",
                                              "User: arn:", "is not authorized to perform: a:b on resource: ", "because no with an explicit deny ", "s3:GetObject",
                                              "| 1: ", "\n# ", "{\"log\":\"" };
        size_t n = ERROR_TEXT_MAX;
        CLEANUP(freep) char *text = malloc(n + 64);

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(pieces); i++) {
                CLEANUP(arena_freep) struct arena *a = NULL;
                struct error_text e;

                for (size_t at = 0; at < n; at += strlen(pieces[i]))
                        memcpy(text + at, pieces[i], strlen(pieces[i]));
                assert_int_equal(arena_new((size_t)1 << 20, &a), 0);
                assert_int_equal(error_text_decode(a, text, n, &e), 0);
                if (e.steps > 64 * n)
                        fail_msg("%s: %zu steps for %zu bytes", pieces[i], e.steps, n);
        }
}

/* Lines of a stream, and the messages that they make: '~' ends a line, '/' a message. */
static const struct { const char *why, *lines, *messages; } streams[] = {
        { "one each", "all is well~User: x is not authorized", "all is well/User: x is not authorized" },
        { "a blank line", "a~~b", "a/b" },
        { "indented", "Error: AccessDenied~  status code: 403", "Error: AccessDenied\n  status code: 403" },
        { "an open end", "An error occurred (AccessDenied) when calling the Publish operation:~User: arn:aws:x",
          "An error occurred (AccessDenied) when calling the Publish operation:\nUser: arn:aws:x" },
        { "wrapped", "User: arn:aws:x is not authorized~to perform: sns:Publish~ERROR next", "User: arn:aws:x is not authorized\nto perform: sns:Publish/ERROR next" },
        { "lower case alone goes on with nothing", "starting up~listening", "starting up/listening" },
        { "JSON over lines", "{~\"a\": {~},~\"b\": 1~}~next", "{\n\"a\": {\n},\n\"b\": 1\n}/next" },
        { "Docker's json-file", "{\"log\":\"User: arn:aws:x is not\\n\",\"stream\":\"stderr\"}~{\"log\":\"authorized\\n\",\"stream\":\"stderr\"}",
          "User: arn:aws:x is not\nauthorized" },
        { "CRI, a cut line", "2026-01-01T00:00:00.000000000Z stderr P User: arn:~2026-01-01T00:00:00.000000000Z stderr F aws:x", "User: arn:aws:x" },
        { "docker compose", "web-1  | User: arn:aws:x is not~web-1  | authorized", "User: arn:aws:x is not\nauthorized" },
        { "a system log", "Jan  1 00:00:00 host web[7]: AccessDenied:~Jan  1 00:00:00 host web[7]: User: arn:aws:x", "AccessDenied:\nUser: arn:aws:x" },
        { "nothing", "", "" },
};

static void lines_become_messages(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(streams); i++) {
                CLEANUP(error_split_freep) struct error_split *split = NULL;
                CLEANUP(text_done) struct text got = { 0 };
                const char *message;
                size_t len;

                assert_int_equal(error_split_new(&split), 0);
                for (const char *s = streams[i].lines; *s; s += strcspn(s, "~"), s += *s == '~')
                        if (error_split_line(split, s, strcspn(s, "~"), &message, &len)) {
                                text_addn(&got, message, len);
                                text_add(&got, "/");
                        }
                if (error_split_end(split, &message, &len))
                        text_addn(&got, message, len);
                if (!streq(got.s ? got.s : "", streams[i].messages))
                        fail_msg("%s: %s, not %s", streams[i].why, got.s, streams[i].messages);
        }
}

/* A message has ERROR_LINES_MAX lines and ERROR_TEXT_MAX bytes at most. */
static void messages_are_bounded(void **state)
{
        CLEANUP(error_split_freep) struct error_split *split = NULL;
        CLEANUP(freep) char *line = malloc(ERROR_TEXT_MAX);
        const char *message;
        size_t len, longest = 0, messages = 0;

        (void)state;
        memset(line, ' ', ERROR_TEXT_MAX);
        line[ERROR_TEXT_MAX - 1] = 'x';
        assert_int_equal(error_split_new(&split), 0);
        for (int i = 0; i < 3 * ERROR_LINES_MAX; i++)
                if (error_split_line(split, i % 2 ? line : "  x", i % 2 ? ERROR_TEXT_MAX : 3, &message, &len)) {
                        messages++;
                        longest = len > longest ? len : longest;
                }
        assert_int_equal(messages, 2);
        assert_int_equal(longest, ERROR_TEXT_MAX);
}

#define AT(role, session) "User: " STS role "/" session " is not authorized to perform: sns:Publish"
static const struct { const char *text; bool lost; const char *caller, *meant, *remedy; } heres[] = {
        { AT("ecsInstanceRole", "i-1234567890abcdef0"), true, "this instance", "webTaskRole, if the call came from job (pid 30) in container app of task web", "crontab" },
        { AT("ecsInstanceRole", "i-1234567890abcdef0"), false, "this instance", NULL, NULL },
        { AT("ecsInstanceRole", "i-00000000000000000"), true, "another instance; this one is i-1234567890abcdef0", NULL, NULL },
        { AT("webTaskRole", TASK_ID), false, "task web:1 on this host, with its task role", NULL, NULL },
        { AT("webExec", TASK_ID), false, "task web:1 on this host, with its execution role", NULL, NULL },
        { AT("odd", TASK_ID), false, "task web:1 on this host, with its task role or its execution role", NULL, NULL },
        { AT("webTaskRole", "00000000000000000000000000000000"), false, NULL, NULL, NULL },
        { "User: arn:aws:iam::111122223333:user/alice is not authorized to perform: sns:Publish", false, NULL, NULL, NULL },
};

static void a_host_names_the_caller(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(heres); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
                CLEANUP(verdicts_freep) struct verdicts *v = NULL;
                struct error_here here;
                struct error_text e;

                s->tasks[0].arn = "arn:aws:ecs:eu-west-1:111122223333:task/prod/" TASK_ID;
                *snapshot_add_definition(s) = (struct definition){ .family = "web", .revision = "1",
                                                                   .execution_role = "arn:aws:iam::111122223333:role/webExec" };
                host_process(s, 0, 20, 10, "crond");
                if (heres[i].lost)
                        host_bare(s, 0, 30, 20, "job");
                host_sdks(s);
                v = host_judge(s);
                assert_int_equal(error_text_decode(v->arena, heres[i].text, strlen(heres[i].text), &e), 0);
                assert_int_equal(error_here(v, &e, v->arena, &here), 0);
                if ((heres[i].caller ? !here.caller || strncmp(here.caller, heres[i].caller, strlen(heres[i].caller)) != 0 : here.caller != NULL) ||
                    !streq(here.meant, heres[i].meant) ||
                    (heres[i].remedy ? !here.remedy || !strstr(here.remedy, heres[i].remedy) : here.remedy != NULL))
                        fail_msg("%s: %s / %s / %s", heres[i].text, here.caller, here.meant, here.remedy);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(texts_are_decoded),
                cmocka_unit_test(hostile_texts_are_bounded),
                cmocka_unit_test(all_phrases_count),
                cmocka_unit_test(examples_are_of_their_form),
                cmocka_unit_test(work_is_linear),
                cmocka_unit_test(lines_become_messages),
                cmocka_unit_test(messages_are_bounded),
                cmocka_unit_test(a_host_names_the_caller),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
