/* Log lines about rolewatch itself: which are written, where to, and that no text of a container reaches a terminal unescaped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <cmocka.h>
#include "mock_journal.h"
#include "rolewatch/log.h"

static char written[16384];

/* What the call writes to standard error. */
#define WRITTEN(call) ({ \
        int err_ = dup(STDERR_FILENO), into_ = memfd_create("stderr", MFD_CLOEXEC); \
        ssize_t n_; \
        assert_true(err_ >= 0 && into_ >= 0 && dup2(into_, STDERR_FILENO) >= 0); \
        call; \
        fflush(stderr); \
        assert_true(dup2(err_, STDERR_FILENO) >= 0); \
        n_ = pread(into_, written, sizeof written - 1, 0); \
        assert_true(n_ >= 0); \
        written[n_] = '\0'; \
        close(err_); \
        close(into_); \
        written; })

static void levels_have_names(void **state)
{
        (void)state;
        for (int i = 0; i < LOG_LEVEL_MAX; i++)
                assert_int_equal(log_level_from_string(log_level_to_string((enum log_level)i)), i);
        assert_int_equal(log_level_from_string("loud"), -EINVAL);
        assert_int_equal(log_level_from_string(""), -EINVAL);
}

static void above_the_level_nothing(void **state)
{
        (void)state;
        log_set_level(LOG_LEVEL_WARNING);
        assert_false(log_enabled(LOG_LEVEL_INFO));
        assert_string_equal(WRITTEN(log_info("x")), "");
        assert_string_equal(WRITTEN(log_debug("x %d", 1)), "");
        assert_string_equal(WRITTEN(log_warning("x %d", 1)), "rolewatch: x 1\n");
        assert_string_equal(WRITTEN(log_error("y")), "rolewatch: y\n");
        log_set_level(LOG_LEVEL_DEBUG);
        assert_string_equal(WRITTEN(log_debug("x %d", 1)), "rolewatch: x 1\n");
}

static void errors_are_named(void **state)
{
        int r = 0;

        (void)state;
        log_set_level(LOG_LEVEL_INFO);
        assert_string_equal(WRITTEN(r = log_warning_errno(-ENOENT, "file %s", "a")), "rolewatch: file a: No such file or directory\n");
        assert_int_equal(r, -ENOENT);
        assert_string_equal(WRITTEN(r = log_error_errno(ENOMEM, "b")), "rolewatch: b: Cannot allocate memory\n");
        assert_int_equal(r, ENOMEM);
        assert_string_equal(WRITTEN(r = log_debug_errno(-EIO, "c")), "");
        assert_int_equal(r, -EIO);
}

static void untrusted_text_is_escaped(void **state)
{
        char longer[10000];

        (void)state;
        assert_string_equal(WRITTEN(log_info("%s", "a\x1b[2Jb\nc\xff")), "rolewatch: a\\x1b[2Jb\\x0ac\\xff\n");
        assert_string_equal(WRITTEN(log_info("%s", "")), "rolewatch: \n");
        memset(longer, 'x', sizeof longer - 1);
        longer[sizeof longer - 1] = '\0';
        assert_in_range(strlen(WRITTEN(log_info("%s", longer))), 4096, sizeof longer);
}

/* In the journal where there is one, else on standard error: once. */
static void the_daemon_logs_to_the_journal(void **state)
{
        (void)state;
        mock_journal_entries = 0;
        log_to_journal();
        WRITTEN(log_warning("once"));
        assert_int_equal(mock_journal_entries + (strstr(written, "once") != NULL), 1);
}

/* What the command line says holds, whatever the settings say later. */
static void forced_is_forced(void **state)
{
        (void)state;
        log_force_level(LOG_LEVEL_ERROR);
        log_set_level(LOG_LEVEL_DEBUG);
        assert_false(log_enabled(LOG_LEVEL_WARNING));
        assert_true(log_enabled(LOG_LEVEL_ERROR));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(levels_have_names), cmocka_unit_test(above_the_level_nothing), cmocka_unit_test(errors_are_named),
                cmocka_unit_test(untrusted_text_is_escaped), cmocka_unit_test(the_daemon_logs_to_the_journal), cmocka_unit_test(forced_is_forced),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
