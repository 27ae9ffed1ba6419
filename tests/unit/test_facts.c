/* Facts that another process has collected: whole they are facts, cut off they are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <cmocka.h>
#include "../../agent/cli/cli_internal.h"
#include "rolewatch/io.h"

static char *snapshot_json(void)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(json_freep) cJSON *j = NULL;

        assert_int_equal(snapshot_new(&s), 0);
        s->host.taken_s = 1700000000;
        s->host.root = true;
        assert_int_equal(model_to_json(s, &j), 0);
        return cJSON_PrintUnformatted(j);
}

/* What facts_receive makes of these bytes and the end of the connection. */
static int received(const char *bytes, size_t len, struct snapshot **ret)
{
        int pair[2], status;

        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
        pid_t pid = fork();
        if (pid == 0)
                _exit(write_all(pair[1], bytes, len) < 0);
        close(pair[1]);
        int r = facts_receive(pair[0], ret);
        close(pair[0]);
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_int_equal(status, 0);
        return r;
}

static void whole_or_nothing(void **state)
{
        CLEANUP(freep) char *json = snapshot_json();
        CLEANUP(snapshot_freep) struct snapshot *s = NULL, *none = NULL;
        size_t len = strlen(json);

        (void)state;
        assert_int_equal(received(json, len, &s), 0);
        assert_int_equal(s->host.taken_s, 1700000000);
        assert_true(s->host.root);
        assert_int_equal(received("", 0, &none), -ENODATA);
        assert_int_equal(received("[]", 2, &none), -EBADMSG);
        for (size_t n = 1; n < len; n += 7)
                if (received(json, n, &none) != -EBADMSG)
                        fail_msg("%zu of %zu bytes are a snapshot", n, len);
        assert_null(none);
}

static void a_service_that_is_stuck(void **state)
{
        struct timeval soon = { .tv_usec = 50000 };
        struct snapshot *none = NULL;
        int pair[2];

        (void)state;
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
        assert_int_equal(setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof soon), 0);
        assert_int_equal(facts_receive(pair[0], &none), -ETIMEDOUT);
        assert_null(none);
        close(pair[0]);
        close(pair[1]);
}

static void its_socket(void **state)
{
        struct sockaddr_un sa = { .sun_family = AF_UNIX };
        char dir[] = "/tmp/rolewatch-facts-XXXXXX", longer[200];
        int fd = -1, listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

        (void)state;
        assert_non_null(mkdtemp(dir));
        snprintf(sa.sun_path, sizeof sa.sun_path, "%s/s", dir);
        assert_int_equal(facts_request(sa.sun_path, &fd), -ENOENT);
        assert_int_equal(bind(listening, (struct sockaddr *)&sa, sizeof sa), 0);
        assert_int_equal(facts_request(sa.sun_path, &fd), -ECONNREFUSED);
        assert_int_equal(listen(listening, 1), 0);
        assert_int_equal(facts_request(sa.sun_path, &fd), 0);
        close(fd);
        memset(longer, 'x', sizeof longer - 1);
        longer[sizeof longer - 1] = '\0';
        assert_int_equal(facts_request(longer, &fd), -ENAMETOOLONG);
        close(listening);
        unlink(sa.sun_path);
        rmdir(dir);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(whole_or_nothing),
                cmocka_unit_test(a_service_that_is_stuck),
                cmocka_unit_test(its_socket),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
