/* What the broker receives from systemd and notifies it of, with sockets as systemd passes them. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include "helper_broker.h"
#include "../../agent/broker/service.h"

static struct sockaddr_un somewhere(socklen_t *len)
{
        struct sockaddr_un sa = { .sun_family = AF_UNIX };
        int n = snprintf(sa.sun_path + 1, sizeof sa.sun_path - 1, "rolewatch-test-%d", (int)getpid());

        *len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)n);
        return sa;
}

/* In a child, which has descriptor 3 and the variables as they are given; the result, or 100. */
static int started(int type, bool listens, long pid_off, const char *fds)
{
        pid_t child = fork();
        int status;

        if (child == 0) {
                socklen_t len;
                struct sockaddr_un sa = somewhere(&len);
                int fd = socket(AF_UNIX, type, 0), got = -1;
                char pid[24];

                if (bind(fd, (struct sockaddr *)&sa, len) < 0 || (listens && listen(fd, 1) < 0))
                        _exit(100);
                if (fd != 3)
                        dup2(fd, 3);
                snprintf(pid, sizeof pid, "%ld", (long)getpid() + pid_off);
                setenv("LISTEN_PID", pid, 1);
                setenv("LISTEN_FDS", fds, 1);
                int r = service_socket(&got);
                if (getenv("LISTEN_PID") || getenv("LISTEN_FDS"))
                        _exit(101);
                if (r == 0 && (got != 3 || !(fcntl(3, F_GETFD) & FD_CLOEXEC)))
                        _exit(102);
                _exit(r == 0 ? 0 : -r);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        return WEXITSTATUS(status);
}

static void takes_its_socket(void **state)
{
        (void)state;
        assert_int_equal(started(SOCK_SEQPACKET, true, 0, "1"), 0);
}

static void takes_no_other(void **state)
{
        (void)state;
        assert_int_equal(started(SOCK_STREAM, true, 0, "1"), ENOTSOCK);
        assert_int_equal(started(SOCK_SEQPACKET, false, 0, "1"), ENOTSOCK);
        assert_int_equal(started(SOCK_SEQPACKET, true, 1, "1"), ENOTSOCK);
        assert_int_equal(started(SOCK_SEQPACKET, true, 0, "2"), ENOTSOCK);
        assert_int_equal(started(SOCK_SEQPACKET, true, 0, "x"), ENOTSOCK);
}

static void notifies(void **state)
{
        socklen_t len;
        struct sockaddr_un sa = somewhere(&len);
        int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
        char name[128], got[64] = "";

        (void)state;
        assert_int_equal(bind(fd, (struct sockaddr *)&sa, len), 0);
        snprintf(name, sizeof name, "@%s", sa.sun_path + 1);
        setenv("NOTIFY_SOCKET", name, 1);
        assert_int_equal(service_notify("READY=1"), 1);
        assert_int_equal(recv(fd, got, sizeof got - 1, MSG_DONTWAIT), 7);
        assert_string_equal(got, "READY=1");
        close(fd);
        assert_int_equal(service_notify("READY=1"), -ECONNREFUSED);
}

static void notifies_nobody(void **state)
{
        char name[200];

        (void)state;
        memset(name, 'a', sizeof name - 1);
        name[0] = '/';
        name[sizeof name - 1] = '\0';
        setenv("NOTIFY_SOCKET", name, 1);
        assert_int_equal(service_notify("READY=1"), -EINVAL);
        setenv("NOTIFY_SOCKET", "relative", 1);
        assert_int_equal(service_notify("READY=1"), -EINVAL);
        unsetenv("NOTIFY_SOCKET");
        assert_int_equal(service_notify("READY=1"), 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(takes_its_socket), cmocka_unit_test(takes_no_other),
                cmocka_unit_test(notifies), cmocka_unit_test(notifies_nobody),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
