/* What is read of a process's files. No privilege, no container. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <sys/mman.h>
#include "../../agent/broker/wire.h"
#include "rolewatch/files.h"

static const char *passwd, *beside; /* the passwd file, NULL: none; a path that is there, too */

static int hand_over(struct broker *b, const struct wire_request *q)
{
        const char *text = streq(q->path, "/etc/passwd") ? passwd : streq(q->path, beside) ? "[default]\n" : NULL;
        int fd = text ? memfd_create("x", MFD_CLOEXEC) : -1;

        (void)b;
        if (!text)
                return -ENOENT;
        assert_true(fd >= 0 && fchmod(fd, 0444) == 0);
        assert_int_equal(pwrite(fd, text, strlen(text), 0), (ssize_t)strlen(text));
        return fd;
}

static enum passwd_home home_of(const char *home, const char *sdk)
{
        CLEANUP(broker_freep) struct broker *b = NULL;
        CLEANUP(arena_freep) struct arena *a = NULL;
        const struct sdk sdks[] = { { sdk, NULL, CERTAINTY_CERTAIN } };
        struct process p = { .sdks = sdks, .n_sdks = 1 };
        struct file_view v = { .t = { 7, 1 }, .ids = { .uid = 100, .gid = 100 } };

        assert_int_equal(arena_new(1 << 16, &a), 0);
        assert_int_equal(broker_new("", hand_over, &b), 0);
        v.a = a;
        v.b = b;
        p.env[ENV_VAR_HOME] = home;
        assert_int_equal(files_passwd_home(&v, &p), 0);
        return p.passwd_home;
}

#define ROOT "root:x:0:0:root:/root:/bin/sh\n"
#define APP  ROOT "app:x:100:100::/srv/app:/bin/sh\n"

static void home_by_the_passwd_file(void **state)
{
        static const struct { const char *why, *home, *sdk, *passwd, *beside; enum passwd_home want; } T[] = {
                { "the same", "/srv/app", "java1", APP, NULL, PASSWD_HOME_SAME },
                { "another one", "/app", "java1", APP, NULL, PASSWD_HOME_EMPTY },
                { "another one with keys", "/app", "java1", APP, "/srv/app/.aws/credentials", PASSWD_HOME_OTHER },
                { "another one with settings", "/app", "java1", APP, "/srv/app/.aws/config", PASSWD_HOME_OTHER },
                { "no entry", "/", "java1", ROOT, NULL, PASSWD_HOME_NONE },
                { "no passwd file", "/", "java1", NULL, NULL, PASSWD_HOME_NONE },
                { "HOME is not set", NULL, "java1", APP, NULL, PASSWD_HOME_SAME },
                { "an SDK that takes HOME", "/app", "java2", APP, NULL, PASSWD_HOME_SAME },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(T); i++) {
                passwd = T[i].passwd;
                beside = T[i].beside;
                if (home_of(T[i].home, T[i].sdk) != T[i].want)
                        fail_msg("%s", T[i].why);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(home_by_the_passwd_file) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
