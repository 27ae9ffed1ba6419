/* Datagrams of SDKs: what is overwritten, what is read, what is refused. With botocore as the sender: tests/checks/evidence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <cmocka.h>
#include "../../agent/evidence/evidence_internal.h"

#define KEY_ID "ASIAIOSFODNN7EXAMPLE"

static const struct { const char *why, *before, *after; } redactions[] = {
        { "the token goes, the key stays", "{\"AccessKey\":\"" KEY_ID "\",\"SessionToken\":\"IQoJ//\"}",
          "{\"AccessKey\":\"" KEY_ID "\",\"SessionToken\":\"xxxxxx\"}" },
        { "the token first, blanks", "{ \"SessionToken\" : \"IQoJ\" , \"Api\" : \"Publish\" }",
          "{ \"SessionToken\" : \"xxxx\" , \"Api\" : \"Publish\" }" },
        { "its name escaped", "{\"Session\\u0054oken\":\"IQoJ\"}", "{\"Session\\u0054oken\":\"xxxx\"}" },
        { "quotes in it", "{\"SessionToken\":\"a\\\"b\\\\\",\"Api\":\"A\"}", "{\"SessionToken\":\"xxxxxx\",\"Api\":\"A\"}" },
        { "a name of tomorrow", "{\"Token2\":\"IQoJ\"}", "{\"Token2\":\"xxxx\"}" },
        { "deeper", "{\"Api\":{\"Api\":\"IQoJ\"}}", "{\"Api\":{\"Api\":\"xxxx\"}}" },
        { "in a list", "{\"Api\":[\"IQoJ\"]}", "{\"Api\":[\"xxxx\"]}" },
        { "not an object", "[\"IQoJ\"]", "[\"xxxx\"]" },
        { "after a key that may stay", "{\"Api\":\"A\",\"SessionToken\":\"IQoJ\"}", "{\"Api\":\"A\",\"SessionToken\":\"xxxx\"}" },
        { "a value without a key", "{\"Api\":\"A\",\"IQoJ\"}", "{\"Api\":\"A\",\"xxxx\"}" },
        { "no end", "{\"SessionToken\":\"IQoJ", "{\"SessionToken\":\"xxxx" },
        { "ends in a backslash", "{\"SessionToken\":\"IQo\\", "{\"SessionToken\":\"xxxx" },
        { "nothing", "", "" },
};

static void redacted(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(redactions); i++) {
                char buf[256];
                size_t n = strlen(redactions[i].before);

                print_message("%s\n", redactions[i].why);
                memcpy(buf, redactions[i].before, n + 1);
                csm_redact(buf, n);
                assert_string_equal(buf, redactions[i].after);
        }
}

#define HEAD "{\"Version\":1,\"Type\":\"ApiCallAttempt\",\"Service\":\"SNS\",\"Api\":\"Publish\""
static const struct { const char *why, *text; int r, status; const char *key, *exception; bool attempt, denied; } rows[] = {
        { "an attempt", HEAD ",\"AccessKey\":\"" KEY_ID "\",\"HttpStatusCode\":200}", 0, 200, KEY_ID, NULL, true, false },
        { "a denied one", HEAD ",\"HttpStatusCode\":403,\"AwsException\":\"AuthorizationError\",\"AwsExceptionMessage\":"
          "\"User: arn:aws:iam::111122223333:user/x is not authorized to perform: SNS:Publish on resource: y\"}",
          0, 403, NULL, "AuthorizationError", true, true },
        { "a call", "{\"Version\":1,\"Type\":\"ApiCall\",\"Service\":\"SNS\",\"Api\":\"Publish\",\"FinalHttpStatusCode\":400,"
          "\"FinalAwsException\":\"Throttling\",\"AwsException\":\"AccessDenied\"}", 0, 400, NULL, "Throttling", false, false },
        { "no answer", HEAD ",\"SdkException\":\"EndpointConnectionError\"}", 0, 0, NULL, NULL, true, false },
        { "a key that is none", HEAD ",\"AccessKey\":\"../../etc/passwd\"}", 0, 0, NULL, NULL, true, false },
        { "a status that is none", HEAD ",\"HttpStatusCode\":1e300}", 0, 0, NULL, NULL, true, false },
        { "another version", "{\"Version\":2,\"Type\":\"ApiCall\",\"Service\":\"SNS\",\"Api\":\"P\"}", -EBADMSG, 0, NULL, NULL, false, false },
        { "another type", "{\"Version\":1,\"Type\":\"x\",\"Service\":\"SNS\",\"Api\":\"P\"}", -EBADMSG, 0, NULL, NULL, false, false },
        { "no service", "{\"Version\":1,\"Type\":\"ApiCall\",\"Api\":\"P\"}", -EBADMSG, 0, NULL, NULL, false, false },
        { "a list", "[1]", -EBADMSG, 0, NULL, NULL, false, false },
        { "not JSON", "Version=1", -EBADMSG, 0, NULL, NULL, false, false },
        { "nothing", "", -EBADMSG, 0, NULL, NULL, false, false },
};

static void equal(const char *got, const char *want)
{
        if (want)
                assert_string_equal(got, want);
        else
                assert_null(got);
}

static void parsed(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                CLEANUP(arena_freep) struct arena *a = NULL;
                CLEANUP(freep) char *buf = strdup(rows[i].text);
                struct csm_call c;

                print_message("%s\n", rows[i].why);
                assert_int_equal(arena_new((size_t)1 << 20, &a), 0);
                assert_int_equal(csm_parse(a, buf, strlen(buf), &c), rows[i].r);
                if (rows[i].r < 0)
                        continue;
                assert_int_equal(c.status, rows[i].status);
                assert_int_equal(c.attempt, rows[i].attempt);
                assert_int_equal(c.what != NULL, rows[i].denied);
                equal(c.of[CSM_KEY], rows[i].key);
                equal(c.of[CSM_EXCEPTION], rows[i].exception);
        }
}

/* Nothing but the redaction sees the token: not the parser, not the heap. */
static void parsed_without_the_token(void **state)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        char buf[] = HEAD ",\"SessionToken\":\"IQoJTOKEN\"}";
        struct csm_call c;

        (void)state;
        assert_int_equal(arena_new((size_t)1 << 20, &a), 0);
        assert_int_equal(csm_parse(a, buf, strlen(buf), &c), 0);
        assert_null(strstr(buf, "IQoJ"));
}

static void long_texts_are_cut(void **state)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        CLEANUP(text_done) struct text t = { 0 };
        struct csm_call c;

        (void)state;
        text_add(&t, HEAD ",\"UserAgent\":\"");
        for (int i = 0; i < 5000; i++)
                text_add(&t, "u");
        text_add(&t, "\"}");
        assert_int_equal(arena_new((size_t)1 << 20, &a), 0);
        assert_int_equal(csm_parse(a, t.s, t.len, &c), 0);
        assert_int_equal(strlen(c.of[CSM_USER_AGENT]), 256 + strlen("..."));
}

static void count(void *userdata, const struct csm_call *c)
{
        assert_string_equal(c->from, "127.0.0.1");
        ++*(int *)userdata;
}

static void more_than_a_wake(void **state)
{
        static const char good[] = HEAD "}";
        struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(0), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
        int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), reported = 0, wakes = 0;
        socklen_t len = sizeof to;
        struct csm *c, *other;
        char address[64];
        struct pollfd p;

        (void)state;
        /* A port that was free a moment ago. */
        assert_int_equal(bind(fd, (struct sockaddr *)&to, sizeof to), 0);
        assert_int_equal(getsockname(fd, (struct sockaddr *)&to, &len), 0);
        close(fd);
        snprintf(address, sizeof address, "127.0.0.1:%d", ntohs(to.sin_port));
        assert_int_equal(csm_open(address, &c), 0);
        assert_int_equal(csm_open(address, &other), -EADDRINUSE);
        p = (struct pollfd){ .fd = csm_fd(c), .events = POLLIN };
        assert_int_equal(poll(&p, 1, 0), 0);
        assert_int_equal(csm_process(c, count, &reported), 0);
        fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        for (int round = 0; round < 2; round++)
                for (int i = 0; i < 100; i++)
                        assert_int_equal(sendto(fd, good, strlen(good), 0, (struct sockaddr *)&to, sizeof to), strlen(good));
        assert_int_equal(poll(&p, 1, 1000), 1);
        assert_int_equal(csm_process(c, count, &reported), 1);
        assert_int_equal(reported, 128);
        for (; poll(&p, 1, 0) == 1 && wakes < 10; wakes++)
                assert_int_equal(csm_process(c, count, &reported), 0);
        assert_int_equal(reported, 200);
        assert_int_equal(wakes, 1);
        assert_int_equal(csm_counts(c).reported, 200);
        close(fd);
        csm_close(c);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(redacted), cmocka_unit_test(parsed), cmocka_unit_test(parsed_without_the_token),
                cmocka_unit_test(long_texts_are_cut), cmocka_unit_test(more_than_a_wake),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
