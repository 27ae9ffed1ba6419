/* The settings: what is read of files, what is an error, and the keys of former releases. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <cmocka.h>
#include "../../agent/daemon/daemon_internal.h"

static char dir[] = "/tmp/rolewatch-config-XXXXXX";

static const char *put(const char *name, const char *text)
{
        static char path[2][256];
        static int turn;
        FILE *f;

        turn = !turn;
        snprintf(path[turn], sizeof path[turn], "%s/%s", dir, name);
        f = fopen(path[turn], "w");
        assert_non_null(f);
        fputs(text, f);
        fclose(f);
        return path[turn];
}

static const struct { const char *text, *error; enum setting of; int64_t number; } files[] = {
        { "", NULL, SETTING_SCAN_INTERVAL, 15 },
        { "# x\n; y\n\n[watch]\n  scan_interval  =  90  \n", NULL, SETTING_SCAN_INTERVAL, 90 },
        { "[watch]\nscan_interval=2m\n", NULL, SETTING_SCAN_INTERVAL, 120 },
        { "[watch]\nscan_interval=1h\nscan_interval=\n", NULL, SETTING_SCAN_INTERVAL, 15 },
        { "[watch]\r\nclear_delay = 1d\r\n", NULL, SETTING_CLEAR_DELAY, 86400 },
        { "[journal]\npublish = off\n", NULL, SETTING_JOURNAL, OUTPUT_TEXT },
        { "[journal]\npublish = on\n", NULL, SETTING_JOURNAL, OUTPUT_JOURNAL },
        { "[journal]\npublish = stdout\n", NULL, SETTING_JOURNAL, OUTPUT_JSON },
        { "[watch]\nmax_events_per_hour = 7\n", NULL, SETTING_MAX_EVENTS_PER_HOUR, 7 },
        { "[watch]\nscan_interval = soon\n", ":2: scan_interval: expected a time such as 15s, 5m or 24h, not 'soon'", SETTING_SCAN_INTERVAL, 15 },
        { "[watch]\nscan_interval = 0\n", ":2: scan_interval: expected a time", SETTING_SCAN_INTERVAL, 15 },
        { "[watch]\nscan_interval = 99999999999999999999s\n", ":2: scan_interval: expected a time", SETTING_SCAN_INTERVAL, 15 },
        { "[watch]\nscan_interval = 15x\n", ":2: scan_interval: expected a time", SETTING_SCAN_INTERVAL, 15 },
        { "[watch]\nmax_events_per_hour = -1\n", ":2: max_events_per_hour: expected a number from 1 to 1000000, not '-1'", SETTING_MAX_EVENTS_PER_HOUR, 12 },
        { "[journal]\npublish = maybe\n", ":2: publish: expected yes, no or stdout, not 'maybe'", SETTING_JOURNAL, 1 },
        { "[watch]\nlog_level = loud\n", ":2: log_level: expected error, warning, info or debug, not 'loud'", SETTING_SCAN_INTERVAL, 15 },
        { "[watch]\nstate_file = here\n", ":2: state_file: expected an absolute path, not 'here'", SETTING_SCAN_INTERVAL, 15 },
        { "[watch]\nscan_intervall = 1s\n", ":2: unknown setting 'scan_intervall' in section [watch]", SETTING_SCAN_INTERVAL, 15 },
        { "scan_interval = 1s\n", ":1: setting 'scan_interval' stands before the first [section]", SETTING_SCAN_INTERVAL, 15 },
        { "\n\n[watches]\n", ":3: unknown section [watches]", SETTING_SCAN_INTERVAL, 15 },
        { "[watch]\nscan_interval\n", ":2: expected KEY = VALUE, not 'scan_interval'", SETTING_SCAN_INTERVAL, 15 },
        { "[journal]\nscan_interval = 1s\n", ":2: unknown setting 'scan_interval' in section [journal]", SETTING_SCAN_INTERVAL, 15 },
};

static void settings_are_read(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
                CLEANUP(conf_freep) struct config *c = NULL;

                assert_int_equal(conf_read(put("r.conf", files[i].text), &c), 0);
                if (files[i].error ? c->n_errors != 1 || !strstr(c->errors[0], files[i].error) : c->n_errors != 0)
                        fail_msg("%s: %zu faults, %s", files[i].text, c->n_errors, c->n_errors ? c->errors[0] : "");
                if (c->number[files[i].of] != files[i].number)
                        fail_msg("%s: %lld", files[i].text, (long long)c->number[files[i].of]);
        }
}

/* Of a section's name, too, nothing reaches a terminal as it is. */
static void errors_are_escaped(void **state)
{
        CLEANUP(conf_freep) struct config *c = NULL;

        (void)state;
        assert_int_equal(conf_read(put("r.conf", "[x\x1b[2J]\nk\x01 = v\n"), &c), 0);
        assert_int_equal(c->n_errors, 2);
        for (size_t i = 0; i < c->n_errors; i++)
                for (const char *p = c->errors[i]; *p; p++)
                        assert_true((unsigned char)*p >= 0x20);
        assert_non_null(strstr(c->errors[1], "unknown setting 'k\\x01' in section [x\\x1b[2J]"));
}

/* Later files win key by key; what --print prints says the same when it is read. */
static void files_of_the_directory_come_later(void **state)
{
        CLEANUP(conf_freep) struct config *c = NULL, *again = NULL;
        char directory[64], path[64];
        FILE *f;

        (void)state;
        snprintf(directory, sizeof directory, "%s/m.conf.d", dir);
        mkdir(directory, 0700);
        put("m.conf.d/20.conf", "[watch]\nscan_interval = 3s\n");
        put("m.conf.d/10.conf", "[watch]\nscan_interval = 2s\nclear_delay = 9s\n[prometheus]\nfile = /a/b.prom\n");
        put("m.conf.d/x.txt", "nonsense");
        assert_int_equal(conf_read(put("m.conf", "[watch]\nscan_interval = 1s\nreminder_interval = 2h\n"), &c), 0);
        assert_int_equal(c->n_errors, 0);
        assert_int_equal(c->number[SETTING_SCAN_INTERVAL], 3);
        assert_int_equal(c->number[SETTING_CLEAR_DELAY], 9);
        assert_int_equal(c->number[SETTING_REMINDER_INTERVAL], 7200);
        assert_non_null(strstr(c->origin[SETTING_SCAN_INTERVAL], "20.conf:2"));
        assert_null(c->origin[SETTING_MAX_EVENTS_PER_HOUR]);
        snprintf(path, sizeof path, "%s/p.conf", dir);
        f = fopen(path, "w");
        assert_int_equal(conf_print(c, f), 0);
        fclose(f);
        assert_int_equal(conf_read(path, &again), 0);
        assert_int_equal(again->n_errors, 0);
        for (int i = 0; i < SETTING_MAX; i++)
                assert_string_equal(again->text[i], c->text[i]);
}

/* The variable comes after the files, and its errors have its name. */
static void variable_comes_last(void **state)
{
        CLEANUP(conf_freep) struct config *c = NULL;

        (void)state;
        setenv("ROLEWATCH_CONF", "[watch]\nscan_interval = 3s\n[journal]\npublish = maybe\n", 1);
        assert_int_equal(conf_read(put("v.conf", "[watch]\nscan_interval = 1s\nclear_delay = 2s\n"), &c), 0);
        unsetenv("ROLEWATCH_CONF");
        assert_int_equal(c->number[SETTING_SCAN_INTERVAL], 3);
        assert_string_equal(c->origin[SETTING_SCAN_INTERVAL], "ROLEWATCH_CONF:2");
        assert_int_equal(c->number[SETTING_CLEAR_DELAY], 2);
        assert_int_equal(c->n_errors, 1);
        assert_string_equal(c->errors[0], "ROLEWATCH_CONF:4: publish: expected yes, no or stdout, not 'maybe'");
}

/* ---- former keys ---- */

static const struct { const char *section, *key, *former, *value; } settings[] = {
#define TIME "7m"
#define COUNT "7"
#define BOOL "on"
#define OUTPUT "stdout"
#define LEVEL "debug"
#define PATH "/x/y"
#define TEXT "x"
#define X(id, section, key, former, type, fallback, meaning) { section, key, former, type },
        SETTINGS(X)
#undef X
#undef TIME
#undef COUNT
#undef BOOL
#undef OUTPUT
#undef LEVEL
#undef PATH
#undef TEXT
};

/* Every setting with a value that is not its default, by its former key where it had one. */
static void settings_write(FILE *f, bool former)
{
        for (size_t i = 0; i < ARRAY_SIZE(settings); i++)
                fprintf(f, "[%s]\n%s = %s\n", settings[i].section, former && settings[i].former ? settings[i].former : settings[i].key,
                        settings[i].value);
}

static struct config *settings_read_back(const char *name, bool former)
{
        CLEANUP(freep) char *text = NULL;
        struct config *c = NULL;
        size_t size;
        FILE *f = open_memstream(&text, &size);

        settings_write(f, former);
        fclose(f);
        assert_int_equal(conf_read(put(name, text), &c), 0);
        return c;
}

/* A file with all former keys is the file with all current ones, and each of its former keys has a warning. */
static void former_keys_set_the_same(void **state)
{
        CLEANUP(conf_freep) struct config *old = settings_read_back("old.conf", true), *now = settings_read_back("now.conf", false);
        size_t n = 0;

        (void)state;
        assert_int_equal(old->n_errors + now->n_errors + now->n_warnings, 0);
        for (size_t i = 0; i < SETTING_MAX; i++) {
                char want[256];

                assert_string_equal(old->text[i], now->text[i]);
                assert_string_equal(old->text[i], settings[i].value);
                assert_int_equal(old->number[i], now->number[i]);
                if (!settings[i].former)
                        continue;
                snprintf(want, sizeof want, "old.conf:%zu: setting '%s' is now '%s'; the old name will be removed in the next release",
                         2 * i + 2, settings[i].former, settings[i].key);
                assert_true(n < old->n_warnings);
                if (!strstr(old->warnings[n], want))
                        fail_msg("%s, not %s", old->warnings[n], want);
                n++;
        }
        assert_int_equal(old->n_warnings, n);
        assert_true(n > 8);
}

/* What --print prints of a file with former keys has the current ones, and no warning when it is read. */
static void former_keys_are_not_printed(void **state)
{
        CLEANUP(conf_freep) struct config *old = settings_read_back("old.conf", true), *again = NULL;
        CLEANUP(freep) char *text = NULL;
        size_t size;
        FILE *f = open_memstream(&text, &size);

        (void)state;
        assert_int_equal(conf_print(old, f), 0);
        fclose(f);
        assert_int_equal(conf_read(put("again.conf", text), &again), 0);
        assert_int_equal(again->n_errors + again->n_warnings, 0);
        for (size_t i = 0; i < SETTING_MAX; i++)
                assert_string_equal(again->text[i], old->text[i]);
}

/* A key of a section means one setting, whether it is current or former. */
static void keys_are_unique(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(settings); i++)
                for (size_t k = 0; k < ARRAY_SIZE(settings); k++) {
                        bool same = streq(settings[i].section, settings[k].section);

                        assert_false(same && i != k && streq(settings[i].key, settings[k].key));
                        assert_false(same && settings[i].former && streq(settings[i].former, settings[k].key));
                        assert_false(same && i != k && settings[i].former && streq(settings[i].former, settings[k].former));
                }
}

/* Current and former key are one setting: the last line wins. A faulty value has the current key in its error. */
static const struct { const char *text; int64_t interval; size_t warnings; const char *error; } mixed[] = {
        { "[watch]\nsweep = 1s\n", 1, 1, NULL },
        { "[watch]\nsweep = 1s\nscan_interval = 2s\n", 2, 1, NULL },
        { "[watch]\nscan_interval = 2s\nsweep = 1s\n", 1, 1, NULL },
        { "[watch]\nscan_interval = 2s\nsweep =\n", 15, 1, NULL },
        { "[watch]\nsweep = 1s\nsweep = 3s\n", 3, 2, NULL },
        { "[watch]\nsweep = soon\n", 15, 1, ":2: scan_interval: expected a time" },
        { "[journal]\nsweep = 1s\n", 15, 0, ":2: unknown setting 'sweep' in section [journal]" },
};

static void the_last_key_wins(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(mixed); i++) {
                CLEANUP(conf_freep) struct config *c = NULL;

                assert_int_equal(conf_read(put("r.conf", mixed[i].text), &c), 0);
                if (c->number[SETTING_SCAN_INTERVAL] != mixed[i].interval || c->n_warnings != mixed[i].warnings)
                        fail_msg("%s: %lld, %zu warnings", mixed[i].text, (long long)c->number[SETTING_SCAN_INTERVAL], c->n_warnings);
                if (mixed[i].error ? c->n_errors != 1 || !strstr(c->errors[0], mixed[i].error) : c->n_errors != 0)
                        fail_msg("%s: %zu faults, %s", mixed[i].text, c->n_errors, c->n_errors ? c->errors[0] : "");
        }
}

/* More than are kept: the settings count, and the rest of the warnings is dropped. */
static void warnings_are_bounded(void **state)
{
        CLEANUP(conf_freep) struct config *c = NULL;
        char text[2048] = "[watch]\n";

        (void)state;
        for (size_t i = 0; i < CONFIG_ERRORS_MAX + 3; i++)
                strcat(text, "sweep = 1s\n");
        strcat(text, "hold = 9s\n");
        assert_int_equal(conf_read(put("r.conf", text), &c), 0);
        assert_int_equal(c->n_warnings, CONFIG_ERRORS_MAX);
        assert_int_equal(c->number[SETTING_CLEAR_DELAY], 9);
}

static void unreadable_files_are_errors(void **state)
{
        CLEANUP(conf_freep) struct config *c = NULL;
        char path[64];

        (void)state;
        assert_int_equal(conf_read("/nonexistent/r.conf", &c), -ENOENT);
        assert_int_equal(conf_read(dir, &c), 0);
        assert_int_equal(c->n_errors, 1);
        conf_freep(&c);
        c = NULL;
        snprintf(path, sizeof path, "%s/fifo", dir);
        mkfifo(path, 0600);
        assert_int_equal(conf_read(path, &c), 0);
        assert_int_equal(c->n_errors, 1);
}

/* A process may be judged between a reload and the look that follows. */
static void settings_are_applied_whole(void **state)
{
        struct daemon *d = calloc(1, sizeof *d);

        (void)state;
        assert_non_null(d);
        assert_int_equal(sdk_cache_new(&d->sdks), 0);
        for (int i = 0; i < 2; i++) {
                assert_int_equal(conf_read(put("r.conf", "[watch]\nscan_interval = 1s\n"), &d->config), 0);
                settings_apply(d);
                assert_ptr_equal(d->cs.sdks, d->sdks);
                assert_non_null(d->cs.needs);
                conf_free(d->config);
        }
        sdk_cache_free(d->sdks);
        free(d);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(settings_are_read),           cmocka_unit_test(settings_are_applied_whole),
                cmocka_unit_test(errors_are_escaped),          cmocka_unit_test(files_of_the_directory_come_later),
                cmocka_unit_test(variable_comes_last),
                cmocka_unit_test(former_keys_set_the_same),    cmocka_unit_test(former_keys_are_not_printed),
                cmocka_unit_test(keys_are_unique),             cmocka_unit_test(the_last_key_wins),
                cmocka_unit_test(warnings_are_bounded),        cmocka_unit_test(unreadable_files_are_errors),
        };
        char command[128];
        int r;

        if (!mkdtemp(dir))
                return 1;
        r = cmocka_run_group_tests(tests, NULL, NULL);
        snprintf(command, sizeof command, "rm -rf %s", dir);
        return system(command) ? 1 : r;
}
