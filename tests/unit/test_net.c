#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/socket.h>
#include <cmocka.h>
#include "rolewatch/net.h"
#include "mock_http.h"
#include "../../agent/net/curl_library.h"

#define TEN "0123456789"
#define SIXTY TEN TEN TEN TEN TEN TEN

static const struct {
        const char *why;
        struct mock_route route;
        enum answer_state state;
        int status;
        const char *body;
} rows[] = {
        { "a whole answer", { .bytes = HTTP_200("hello") }, ANSWER_OK, 200, "hello" },
        { "a status is an answer, too", { .bytes = HTTP("503 Service Unavailable", "no") },
          ANSWER_OK, 503, "no" },
        { "a body of no bytes", { .bytes = HTTP_200("") }, ANSWER_OK, 200, "" },
        { "chunked", { .bytes = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n" }, ANSWER_OK, 200, "hello" },
        { "no carriage returns", { .bytes = "HTTP/1.1 200 OK\nContent-Length: 2\n\nhi" },
          ANSWER_OK, 200, "hi" },
        { "a redirect is not followed",
          { .bytes = "HTTP/1.1 301 Moved\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n" },
          ANSWER_OK, 301, "" },
        { "HTTP/0.9 or no HTTP at all", { .bytes = "SSH-2.0-OpenSSH_9.2\r\n" },
          ANSWER_GARBAGE, 0, "" },
        { "a status that is none", { .bytes = "HTTP/21. 400 Bad Request\r\n\r\nhello" },
          ANSWER_GARBAGE, 0, "" },
        { "a version that is none", { .bytes = "HTTP/1.x 200 OK\r\n\r\nhello" }, ANSWER_GARBAGE, 0, "" },
        { "a status of four digits", { .bytes = "HTTP/1.1 2000 OK\r\n\r\nhello" }, ANSWER_GARBAGE, 0, "" },
        { "one byte more than allowed, announced",
          { .bytes = "HTTP/1.1 200 OK\r\nContent-Length: 65\r\n\r\n" SIXTY "54321" },
          ANSWER_GARBAGE, 200, "" },
        { "more than allowed, not announced", { .bytes = HTTP_200(SIXTY TEN) },
          ANSWER_GARBAGE, 200, "" },
        { "as much as allowed", { .bytes = HTTP_200(SIXTY "1234") }, ANSWER_OK, 200, SIXTY "1234" },
        { "a broken chunk, which curl tells as a receive error",
          { .bytes = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" },
          ANSWER_RESET, 200, "" },
        { "closed before a word", { .bytes = "" }, ANSWER_RESET, 0, "" },
        { "broken off before a word", { .how = MOCK_RESET }, ANSWER_RESET, 0, "" },
        { "cut in the middle of the body",
          { .bytes = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhel" },
          ANSWER_RESET, 200, "" },
        { "silence", { .how = MOCK_SILENT }, ANSWER_TIMEOUT, 0, "" },
};

static void answers(void **state)
{
        struct net *n;

        (void)state;
        assert_int_equal(net_new(&n), 0);
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                struct mock_http *m = mock_http_start(&rows[i].route, 1);
                struct net_request rq = { .url = mock_http_base(m), .total_ms = 300,
                                          .max_bytes = 64 };
                struct net_response rs;

                print_message("%s\n", rows[i].why);
                assert_int_equal(net_fetch(n, &rq, &rs), 0);
                assert_string_equal(answer_state_to_string(rs.state), answer_state_to_string(rows[i].state));
                assert_int_equal(rs.status, rows[i].status);
                assert_string_equal(rs.body, rows[i].body);
                assert_int_equal(rs.len, strlen(rows[i].body));
                assert_int_equal(mock_http_requests(m), 1);
                net_response_done(&rs);
                mock_http_stop(m);
        }
        net_free(n);
}

static void headers_without_end(void **state)
{
        char line[1024 + 1], *bytes = calloc(1, 64 << 10);
        struct mock_route route = { .bytes = bytes };
        struct net_response rs;
        struct mock_http *m;
        struct net *n;

        (void)state;
        memset(line, 'a', sizeof line - 1);
        line[sizeof line - 1] = '\0';
        line[4] = ':';
        strcpy(bytes, "HTTP/1.1 200 OK\r\n");
        for (int i = 0; i < 40; i++)
                strcat(strcat(bytes, line), "\r\n");
        strcat(bytes, "\r\nhello");
        m = mock_http_start(&route, 1);
        assert_int_equal(net_new(&n), 0);
        assert_int_equal(net_fetch(n, &(struct net_request){ .url = mock_http_base(m) }, &rs), 0);
        assert_int_equal(rs.state, ANSWER_GARBAGE);
        net_response_done(&rs);
        net_free(n);
        mock_http_stop(m);
        free(bytes);
}

static void request_and_fingerprint(void **state)
{
        static const struct mock_route route = {
                .path = "/a/../b", .method = "PUT", .needs = "X-One: 1\r\nX-Two: 2\r\n",
                .bytes = "HTTP/1.1 200 OK\nX-Rate-Limit-Limit: 40.00\n"
                         "Date: Mon, 23 Nov 2026 20:18:46 GMT\nContent-Length: 2\n\nhi",
        };
        const char *const headers[] = { "X-One: 1", "X-Two: 2", NULL };
        struct mock_http *m = mock_http_start(&route, 1);
        struct net_response rs;
        char url[128];
        struct net *n;

        (void)state;
        snprintf(url, sizeof url, "%s/a/../b", mock_http_base(m));
        setenv("http_proxy", "http://127.0.0.1:9", 1);
        assert_int_equal(net_new(&n), 0);
        assert_int_equal(net_fetch(n, &(struct net_request){ .url = url, .method = "PUT",
                                                             .headers = headers }, &rs), 0);
        unsetenv("http_proxy");
        assert_int_equal(rs.state, ANSWER_OK);
        assert_int_equal(rs.status, 200);
        assert_true(rs.agent_fingerprint);
        assert_string_equal(rs.date, "Mon, 23 Nov 2026 20:18:46 GMT");
        net_response_done(&rs);
        net_free(n);
        mock_http_stop(m);
}

static int wanted_error;

static int no_socket(void *userdata, int family)
{
        (void)userdata;
        (void)family;
        return -wanted_error;
}

static int own_socket(void *userdata, int family)
{
        ++*(int *)userdata;
        return socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static void sockets(void **state)
{
        static const struct { int error; enum answer_state state; const char *why; } errors[] = {
                { EACCES,       ANSWER_DENIED,      "no capability" },
                { EPERM,        ANSWER_DENIED,      "refused by a filter" },
                { ESRCH,        ANSWER_DENIED,      "the process has gone" },
                { EAFNOSUPPORT, ANSWER_UNREACHABLE, "a namespace without IPv6" },
        };
        static const struct mock_route route = { .bytes = HTTP_200("hi") };
        struct mock_http *m = mock_http_start(&route, 1);
        struct net_request rq = { .url = mock_http_base(m), .open_socket = no_socket };
        struct net_response rs;
        struct net *n;
        int opened = 0;

        (void)state;
        assert_int_equal(net_new(&n), 0);
        for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
                print_message("%s\n", errors[i].why);
                wanted_error = errors[i].error;
                assert_int_equal(net_fetch(n, &rq, &rs), 0);
                assert_int_equal(rs.state, errors[i].state);
                assert_int_equal(rs.os_error, errors[i].error);
                net_response_done(&rs);
        }
        rq.open_socket = own_socket;
        rq.userdata = &opened;
        assert_int_equal(net_fetch(n, &rq, &rs), 0);
        assert_int_equal(rs.state, ANSWER_OK);
        assert_int_equal(opened, 1);
        net_response_done(&rs);
        net_free(n);
        mock_http_stop(m);
}

/* One faulty peer changes nothing for the others. */
static void side_by_side(void **state)
{
        static const struct mock_route routes[] = {
                { .path = "/a", .bytes = HTTP_200("A") },
                { .path = "/b", .bytes = "nonsense\n" },
                { .path = "/c", .how = MOCK_SILENT },
        };
        struct mock_http *m = mock_http_start(routes, ARRAY_SIZE(routes));
        struct net_response rs[5];
        struct net_request rqs[5];
        char url[5][64], refused[64];
        struct net *n;

        (void)state;
        for (int i = 0; i < 3; i++)
                snprintf(url[i], sizeof url[i], "%s/%c", mock_http_base(m), 'a' + i);
        strcpy(url[3], mock_http_refused(refused, sizeof refused));
        /* No route to broadcast for TCP: the kernel says so without a packet. */
        strcpy(url[4], "http://255.255.255.255/");
        for (int i = 0; i < 5; i++)
                rqs[i] = (struct net_request){ .url = url[i], .total_ms = 300 };
        assert_int_equal(net_new(&n), 0);
        assert_int_equal(net_fetch_all(n, rqs, rs, 5), 0);
        assert_string_equal(rs[0].body, "A");
        assert_int_equal(rs[1].state, ANSWER_GARBAGE);
        assert_int_equal(rs[2].state, ANSWER_TIMEOUT);
        assert_int_equal(rs[3].state, ANSWER_REFUSED);
        assert_int_equal(rs[3].os_error, ECONNREFUSED);
        assert_int_equal(rs[4].state, ANSWER_UNREACHABLE);
        for (int i = 0; i < 5; i++) {
                net_response_done(&rs[i]);
                assert_null(rs[i].body);
        }
        assert_int_equal(net_fetch_all(n, rqs, rs, 0), 0);
        net_free(n);
        mock_http_stop(m);
}

static void requests_refused(void **state)
{
        static const char *const broken[] = { "X: 1\r\nY: 2", NULL };
        static const struct { const char *why; struct net_request rq; } bad[] = {
                { "another scheme",     { .url = "https://127.0.0.1/" } },
                { "a file",             { .url = "file:///etc/passwd" } },
                { "no address",         { .url = "http://" } },
                { "a blank in it",      { .url = "http://127.0.0.1:1/a b" } },
                { "two headers in one", { .url = "http://127.0.0.1:1/", .headers = broken } },
                { "a forged request",   { .url = "http://127.0.0.1:1/", .method = "GET /\r\n" } },
                { "a forged agent",     { .url = "http://127.0.0.1:1/", .user_agent = "a\nX: 1" } },
        };
        struct net *n;

        (void)state;
        assert_int_equal(net_new(&n), 0);
        for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
                struct net_response rs = { 0 };

                print_message("%s\n", bad[i].why);
                assert_int_equal(net_fetch(n, &bad[i].rq, &rs), -EINVAL);
                assert_null(rs.body);
        }
        net_free(n);
}

static bool is_mapped(const char *library)
{
        char line[512];
        bool found = false;
        FILE *f = fopen("/proc/self/maps", "re");

        assert_non_null(f);
        while (fgets(line, sizeof line, f))
                found |= strstr(line, library) != NULL;
        fclose(f);
        return found;
}

/* libcurl is loaded and started by the first request, and only then; nothing requested is nothing done. */
static void started_when_needed(void **state)
{
        static const struct mock_route route = { .bytes = HTTP_200("hello") };
        struct mock_http *m = mock_http_start(&route, 1);
        struct net *n = NULL;
        char url[64];

        (void)state;
        net_free(NULL);
        assert_int_equal(net_new(&n), 0);
        net_free(n);
        assert_int_equal(net_new(&n), 0);
        assert_int_equal(net_fetch_all(n, NULL, NULL, 0), 0);
        assert_int_equal(mock_http_requests(m), 0);
        assert_false(is_mapped("/libcurl.so"));
        snprintf(url, sizeof url, "%s/", mock_http_base(m));
        for (int i = 1; i <= 2; i++) {
                struct net_response rs = { 0 };

                assert_int_equal(net_fetch(n, &(struct net_request){ .url = url }, &rs), 0);
                assert_int_equal(rs.state, ANSWER_OK);
                assert_string_equal(rs.body, "hello");
                assert_int_equal(mock_http_requests(m), i);
                assert_true(is_mapped("/libcurl.so"));
                net_response_done(&rs);
        }
        net_free(n);
        mock_http_stop(m);
}

/* Neither a library that is not there nor one without its functions is used; the next request tries again. */
static void library_missing(void **state)
{
        static const struct mock_route route = { .bytes = HTTP_200("hello") };
        struct mock_http *m = mock_http_start(&route, 1);
        struct net_request rq = { .url = mock_http_base(m) };
        struct net_response rs = { 0 };
        struct net *n;

        (void)state;
        assert_int_equal(curl_library_load_from("libno-such-library.so.4"), -ELIBACC);
        assert_int_equal(curl_library_load_from("libc.so.6"), -ELIBACC);
        assert_int_equal(net_new(&n), 0);
        assert_int_equal(net_fetch(n, &rq, &rs), 0);
        assert_int_equal(rs.state, ANSWER_OK);
        net_response_done(&rs);
        assert_int_equal(curl_library_load(), 0);
        net_free(n);
        mock_http_stop(m);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                /* First: what is loaded once stays. */
                cmocka_unit_test(started_when_needed), cmocka_unit_test(library_missing),
                cmocka_unit_test(answers),
                cmocka_unit_test(headers_without_end),
                cmocka_unit_test(request_and_fingerprint),
                cmocka_unit_test(sockets),
                cmocka_unit_test(side_by_side),
                cmocka_unit_test(requests_refused),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
