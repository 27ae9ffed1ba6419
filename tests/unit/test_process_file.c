/* Files of a process: only what it could read itself, and why another cannot be had. No privilege, no container. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <sys/mman.h>
#include "../../agent/broker/wire.h"
#include "rolewatch/process_file.h"

static int handed;     /* a descriptor, or an error */

static int hand_over(struct broker *b, const struct wire_request *q)
{
        (void)b;
        assert_int_equal(q->op, BROKER_FILE);
        assert_string_equal(q->path, "/x");
        return handed < 0 ? handed : fcntl(handed, F_DUPFD_CLOEXEC, 0);
}

static enum file_state state_of(const struct proc_ids *ids)
{
        CLEANUP(broker_freep) struct broker *b = NULL;
        CLEANUP(closep) int fd = -1;
        struct file_view v = { .t = { 7, 1 }, .ids = *ids };
        enum file_state state;

        assert_int_equal(broker_new("", hand_over, &b), 0);
        v.b = b;
        state = process_file_open(&v, "/x", &fd);
        assert_int_equal(state == FILE_OK, fd >= 0);
        return state;
}

static void permissions_are_the_process_s_own(void **state)
{
        enum who { OWNER, GROUP, SUPPLEMENTARY, OTHER, ROOT };
        static const struct { const char *why; mode_t mode; enum who who; enum file_state want; } T[] = {
                { "its own", 0400, OWNER, FILE_OK },
                { "its own, that it may not read, though others may", 0044, OWNER, FILE_UNREADABLE },
                { "its group's", 0040, GROUP, FILE_OK },
                { "its group's, that others only may read", 0404, GROUP, FILE_UNREADABLE },
                { "of another of its groups", 0040, SUPPLEMENTARY, FILE_OK },
                { "of another of its groups, that others only may read", 0404, SUPPLEMENTARY, FILE_UNREADABLE },
                { "everybody's", 0004, OTHER, FILE_OK },
                { "nobody else's", 0440, OTHER, FILE_UNREADABLE },
                { "nobody's", 0000, ROOT, FILE_OK },
        };
        struct stat st;

        (void)state;
        handed = memfd_create("x", MFD_CLOEXEC);
        assert_true(handed >= 0 && fstat(handed, &st) == 0);
        for (size_t i = 0; i < ARRAY_SIZE(T); i++) {
                struct proc_ids ids = { .uid = 4711, .gid = 4711, .groups = { 4712, 4713 }, .n_groups = 2 };

                if (T[i].who == OWNER)
                        ids.uid = 1;
                if (T[i].who == GROUP)
                        ids.gid = st.st_gid;
                if (T[i].who == SUPPLEMENTARY)
                        ids.groups[1] = st.st_gid;
                if (T[i].who == ROOT)
                        ids.uid = 0;
                /* A file of root is root's: its owner is asked about as another user where the test may give it away. */
                if (T[i].who == OWNER && fchown(handed, 1, (gid_t)-1) < 0)
                        ids.uid = st.st_uid;
                assert_int_equal(fchmod(handed, T[i].mode), 0);
                if (state_of(&ids) != T[i].want)
                        fail_msg("%s: %s", T[i].why, file_state_to_string(state_of(&ids)));
        }
        close(handed);
}

static void errors_are_states(void **state)
{
        static const struct { int error; enum file_state want; } T[] = {
                { -ENOENT, FILE_ABSENT },      { -ENOTDIR, FILE_ABSENT }, { -EINVAL, FILE_NOT_REGULAR }, { -EISDIR, FILE_NOT_REGULAR },
                { -ELOOP, FILE_OUTSIDE },      { -EXDEV, FILE_OUTSIDE },  { -EPERM, FILE_UNKNOWN },      { -ESRCH, FILE_UNKNOWN },
                { -EPIPE, FILE_UNKNOWN },
        };
        const struct file_view nobody = { .t = { 7, 1 } };
        int fd = -1;

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(T); i++) {
                handed = T[i].error;
                assert_int_equal(state_of(&(struct proc_ids){ .uid = 0 }), T[i].want);
        }
        assert_int_equal(process_file_open(&nobody, "/x", &fd), FILE_UNKNOWN);
        assert_int_equal(fd, -1);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(permissions_are_the_process_s_own), cmocka_unit_test(errors_are_states),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
