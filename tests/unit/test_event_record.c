/* Records of kernel events as bytes: what is one, what is none, and what is whole. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "../../agent/evidence/record.h"
#include "rolewatch/events.h"

#define ID "39c3bad8e7edf1eaf2fcd1093924558d88ea8509fe5bb2e6fedd5fc0ff3049ba"

static size_t record_make(char *to, struct event_record r, const char *auxv, const char *arguments, struct span environment)
{
        r.auxv_len = (uint32_t)strlen(auxv);
        r.arguments_len = (uint32_t)strlen(arguments);
        r.environment_len = (uint32_t)environment.len;
        memcpy(to, &r, sizeof r);
        memcpy(to + sizeof r, auxv, r.auxv_len);
        memcpy(to + sizeof r + r.auxv_len, arguments, r.arguments_len);
        memcpy(to + sizeof r + r.auxv_len + r.arguments_len, environment.s, environment.len);
        return sizeof r + r.auxv_len + r.arguments_len + environment.len;
}

static struct event_record exec_record(void)
{
        return (struct event_record){ .kind = EVENT_EXEC, .pid = 4711, .ppid = 1, .at_ns = 99, .start_ns = 12345678901, .parent_start_ns = 10000000,
                                      .exe_inode = 7, .arguments_whole = 3, .uid = 1000, .gid = 50, .netns_inode = 4026531840, .comm = "fifteen letters",
                                      .group = "docker-" ID ".scope", .path = "/usr/bin/job" };
}

static void executions_as_bytes(void **state)
{
        const struct span environment = { "HOME=/root\0AWS_PROFILE=a", 25 };
        char bytes[1024];
        struct kernel_event e;
        size_t n = record_make(bytes, exec_record(), "aux", "a b", environment);

        (void)state;
        assert_int_equal(event_record_parse(bytes, n, &e), 0);
        assert_int_equal(e.kind, EVENT_EXEC);
        assert_int_equal(e.pid, 4711);
        assert_int_equal(e.at_ns, 99);
        assert_int_equal(e.start_ticks, 1234);
        assert_int_equal(e.parent_start_ticks, 1);
        assert_string_equal(e.container, ID);
        assert_string_equal(e.comm, "fifteen letters");
        assert_int_equal(e.executable.inode, 7);
        assert_true(e.uid == 1000 && e.gid == 50 && e.netns_inode == 4026531840);
        assert_true(e.path.len == 12 && memcmp(e.path.s, "/usr/bin/job", 12) == 0);
        assert_true(e.auxv.len == 3 && memcmp(e.auxv.s, "aux", 3) == 0);
        assert_true(e.arguments.len == 3 && memcmp(e.arguments.s, "a b", 3) == 0);
        assert_true(e.environment.len == 25 && memcmp(e.environment.s, environment.s, 25) == 0);
        assert_true(e.arguments_whole && e.environment_whole && !e.forked);
        for (size_t cut = 0; cut < n; cut++)
                assert_int_equal(event_record_parse(bytes, cut, &e), -EBADMSG);
        /* No NUL at its end. */
        n = record_make(bytes, exec_record(), "", "", (struct span){ "HOME=/root", 10 });
        assert_int_equal(event_record_parse(bytes, n, &e), -EBADMSG);
}

static void what_is_no_record(void **state)
{
        static const struct { uint32_t kind, endpoint; int32_t pid, ppid; int r; } rows[] = {
                { EVENT_EXEC, 0, 1, 0, 0 },     { EVENT_CONNECT, EVENT_IMDS, 1, 1, 0 }, { 0, 0, 1, 1, -EBADMSG },
                { 3, EVENT_IMDS, 1, 1, -EBADMSG }, { EVENT_CONNECT, 0, 1, 1, -EBADMSG }, { EVENT_CONNECT, 3, 1, 1, -EBADMSG },
                { EVENT_EXEC, 0, 0, 1, -EBADMSG }, { EVENT_EXEC, 0, -1, 1, -EBADMSG },  { EVENT_EXEC, 0, 1, -1, -EBADMSG },
        };
        struct kernel_event e;

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                struct event_record r = { .kind = rows[i].kind, .endpoint = rows[i].endpoint, .pid = rows[i].pid, .ppid = rows[i].ppid };

                assert_int_equal(event_record_parse(&r, sizeof r, &e), rows[i].r);
        }
}

/* What may be cut is not whole: but of a secret its presence is all that counts. */
static void entries_that_are_cut(void **state)
{
        static const struct { const char *name; size_t len; uint32_t flags; bool whole; } rows[] = {
                { "AWS_PROFILE", 510, 0, true },           { "AWS_PROFILE", 511, 0, false },      { "AWS_SECRET_ACCESS_KEY", 511, 0, true },
                { "AWS_SESSION_TOKEN", 511, 0, true },     { "JAVA_TOOL_OPTIONS", 511, 0, false }, { "HOME", 5, EVENT_FLAG_CUT, false },
        };
        char bytes[2048], entry[EVENT_ENTRY_MAX];
        struct kernel_event e;

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                struct event_record r = exec_record();
                size_t n;

                r.flags = rows[i].flags;
                memset(entry, 'x', sizeof entry);
                memcpy(entry, rows[i].name, strlen(rows[i].name));
                entry[strlen(rows[i].name)] = '=';
                entry[rows[i].len] = '\0';
                n = record_make(bytes, r, "", "", (struct span){ entry, rows[i].len + 1 });
                assert_int_equal(event_record_parse(bytes, n, &e), 0);
                assert_int_equal(e.environment_whole, rows[i].whole);
        }
}

/* One that fills its field may be cut: then it is not known. */
static void paths_that_are_cut(void **state)
{
        for (size_t len = EVENT_PATH_MAX - 3; len <= EVENT_PATH_MAX; len++) {
                struct event_record r = exec_record();
                struct kernel_event e;

                (void)state;
                memset(r.path, 0, sizeof r.path);
                memset(r.path, 'x', len);
                assert_int_equal(event_record_parse(&r, sizeof r, &e), 0);
                assert_int_equal(e.path.len, len < EVENT_PATH_MAX - 1 ? len : 0);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(executions_as_bytes), cmocka_unit_test(what_is_no_record), cmocka_unit_test(entries_that_are_cut),
                cmocka_unit_test(paths_that_are_cut),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
