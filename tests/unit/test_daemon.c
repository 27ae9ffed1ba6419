/* The finding state: what is published when; and the state file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include "../../agent/daemon/daemon_internal.h"
#include "rolewatch/digest.h"

/* ---- the finding state ---- */

static struct text published;
static bool visible = true, deaf;

static bool known(void *userdata, const char *container_id, enum finding_kind kind)
{
        (void)userdata;
        (void)kind;
        (void)container_id;
        return visible;
}

static int on_notice(void *userdata, enum notice_event e, const struct notice *n)
{
        (void)userdata;
        if (deaf)
                return -EAGAIN;
        text_addf(&published, "%s %s %s;", notice_event_to_string(e), n->object, n->of[NOTICE_FINDING]);
        return 0;
}

static uint64_t digest(const char *object) { return digest_of(object, strlen(object)); }

static struct notice notice(const char *object, const char *finding, const char *certainty, const char *message)
{
        return (struct notice){ .object = object,
                                .of = { [NOTICE_FINDING] = finding, [NOTICE_CERTAINTY] = certainty, [NOTICE_MESSAGE] = message } };
}

static struct finding_context at(int64_t now_s)
{
        return (struct finding_context){ .rules = { .clear_delay_s = 300, .reminder_s = 86400, .max_per_hour = 3 }, .now_s = now_s, .publish = on_notice };
}

/* One scan; what was published. */
static const char *run_scan(struct finding_state *l, int64_t now_s, const struct notice *list, size_t n)
{
        text_done(&published);
        published = (struct text){ 0 };
        finding_state_scan_begins(l);
        assert_int_equal(finding_state_scan(l, (struct finding_context[]){ at(now_s) }, &(struct scan_findings){ list, n, known, NULL }), 0);
        return published.s ? published.s : "";
}

#define PUBLISHED(call, words) \
        do { \
                text_done(&published); \
                published = (struct text){ 0 }; \
                call; \
                assert_string_equal(published.s ? published.s : "", words); \
        } while (0)

#define T0 1790000000
static void findings_are_published_once(void **state)
{
        struct notice a = notice("a", "wrong-role", "certain", "pid 1"), b = notice("b", "no-credentials", "certain", "x");
        struct notice both[] = { a, b };
        CLEANUP(finding_state_freep) struct finding_state *l = NULL;

        (void)state;
        assert_int_equal(finding_state_new(&l), 0);
        assert_string_equal(run_scan(l, T0, NULL, 0), "");
        assert_string_equal(run_scan(l, T0, &a, 1), "appeared a wrong-role;");
        a.of[NOTICE_MESSAGE] = "pid 2";        /* another pid is nothing new */
        assert_string_equal(run_scan(l, T0 + 15, &a, 1), "");
        assert_string_equal(run_scan(l, T0 + 30, both, 2), "appeared b no-credentials;");
        a.of[NOTICE_FINDING] = "wrong-role-denied";
        both[0] = a;
        assert_string_equal(run_scan(l, T0 + 45, both, 2), "changed a wrong-role-denied;");
        assert_string_equal(run_scan(l, T0 + 60, &b, 1), "");  /* gone, and held */
        assert_string_equal(run_scan(l, T0 + 200, both, 2), ""); /* and back: a cron job */
        assert_string_equal(run_scan(l, T0 + 400, &b, 1), "");
        assert_string_equal(run_scan(l, T0 + 501, &b, 1), "cleared a wrong-role-denied;");
        assert_int_equal(finding_state_count(l), 1);
        assert_string_equal(run_scan(l, T0 + 516, both, 2), "appeared a wrong-role-denied;");
}

static void reminders_come_once_a_day(void **state)
{
        struct notice a = notice("a", "wrong-role", "certain", "x");
        CLEANUP(finding_state_freep) struct finding_state *l = NULL;

        (void)state;
        assert_int_equal(finding_state_new(&l), 0);
        run_scan(l, T0, &a, 1);
        assert_string_equal(run_scan(l, T0 + 86399, &a, 1), "");
        assert_string_equal(run_scan(l, T0 + 86400, &a, 1), "reminder a wrong-role;");
        assert_string_equal(run_scan(l, T0 + 86500, &a, 1), "");
        assert_string_equal(run_scan(l, T0 + 80000, &a, 1), ""); /* the clock went back a little */
        assert_string_equal(run_scan(l, T0 + 80000, &a, 1), "");
}

static void clocks_that_jump_clear_nothing_at_once(void **state)
{
        struct notice a = notice("a", "wrong-role", "certain", "x");
        CLEANUP(finding_state_freep) struct finding_state *l = NULL;

        (void)state;
        assert_int_equal(finding_state_new(&l), 0);
        run_scan(l, T0, &a, 1);
        assert_string_equal(run_scan(l, T0 - 100, NULL, 0), "");
        assert_string_equal(run_scan(l, T0 - 50, &a, 1), "");
        assert_int_equal(finding_state_count(l), 1);
}

static void ignorance_clears_nothing(void **state)
{
        struct notice a = notice("a", "wrong-role", "certain", "x");
        CLEANUP(finding_state_freep) struct finding_state *l = NULL;

        (void)state;
        assert_int_equal(finding_state_new(&l), 0);
        run_scan(l, T0, &a, 1);
        visible = false;
        for (int i = 1; i < 100; i++)
                assert_string_equal(run_scan(l, T0 + i * 60, NULL, 0), "");
        visible = true;
        assert_string_equal(run_scan(l, T0 + 6000, NULL, 0), "");
        assert_string_equal(run_scan(l, T0 + 6300, NULL, 0), "cleared a wrong-role;");
}

/* What a look no longer finds ends after the hold, however long its processes live; what it could not know stays with them. */
static void cured_while_it_lives(void **state)
{
        struct notice a = notice("a", "endpoint-flapping", "certain", "x"), host = notice("host", "endpoint-unreachable", "certain", "y");
        CLEANUP(finding_state_freep) struct finding_state *l = NULL;

        (void)state;
        a.of[NOTICE_CONTAINER_ID] = "c";
        a.of[NOTICE_PID] = "1";
        assert_int_equal(finding_state_new(&l), 0);
        run_scan(l, T0, &a, 1);
        visible = false;
        assert_string_equal(run_scan(l, T0 + 10, NULL, 0), "");
        finding_state_alive(l, digest("a"), T0 + 305);
        PUBLISHED(finding_state_expire(l, (struct finding_context[]){ at(T0 + 315) }), "");
        visible = true;
        assert_string_equal(run_scan(l, T0 + 320, NULL, 0), "");
        finding_state_alive(l, digest("a"), T0 + 330);
        PUBLISHED(finding_state_expire(l, (struct finding_context[]){ at(T0 + 330) }), "");
        finding_state_alive(l, digest("a"), T0 + 604);
        PUBLISHED(finding_state_expire(l, (struct finding_context[]){ at(T0 + 604) }), "");
        PUBLISHED(finding_state_expire(l, (struct finding_context[]){ at(T0 + 605) }), "cleared a endpoint-flapping;");
        /* So does what is of no process, without another look. */
        assert_string_equal(run_scan(l, T0 + 700, &host, 1), "appeared host endpoint-unreachable;");
        PUBLISHED(finding_state_expire(l, (struct finding_context[]){ at(T0 + 2000) }), "");
        assert_string_equal(run_scan(l, T0 + 2001, &host, 1), "");
        assert_string_equal(run_scan(l, T0 + 2002, NULL, 0), "");
        PUBLISHED(finding_state_expire(l, (struct finding_context[]){ at(T0 + 2300) }), "");
        PUBLISHED(finding_state_expire(l, (struct finding_context[]){ at(T0 + 2301) }), "cleared host endpoint-unreachable;");
        /* Found once more, it lives again. */
        run_scan(l, T0 + 3000, &a, 1);
        assert_string_equal(run_scan(l, T0 + 3010, NULL, 0), "");
        PUBLISHED(finding_state_note(l, (struct finding_context[]){ at(T0 + 3020) }, &a), "");
        finding_state_alive(l, digest("a"), T0 + 3300);
        PUBLISHED(finding_state_expire(l, (struct finding_context[]){ at(T0 + 3400) }), "");
}

/* Between looks: a single finding, seen again, seen to happen, gone. */
static void single_findings(void **state)
{
        struct notice a = notice("a", "wrong-role-denied", "predicted", "x"), b = notice("b", "wrong-role", "certain", "y");
        CLEANUP(finding_state_freep) struct finding_state *l = NULL;
        struct open_findings open;

        (void)state;
        a.of[NOTICE_CONTAINER_ID] = b.of[NOTICE_CONTAINER_ID] = "c";
        a.of[NOTICE_PID] = b.of[NOTICE_PID] = "1";
        a.of[NOTICE_SEVERITY] = "warning";
        assert_int_equal(finding_state_new(&l), 0);
        assert_string_equal(run_scan(l, T0, &b, 1), "appeared b wrong-role;");
        PUBLISHED(finding_state_note(l, (struct finding_context[]){ at(T0 + 1) }, &a), "appeared a wrong-role-denied;");
        PUBLISHED(finding_state_note(l, (struct finding_context[]){ at(T0 + 2) }, &a), "");
        PUBLISHED(finding_state_observe(l, (struct finding_context[]){ at(T0 + 3) }, digest("a")), "changed a wrong-role-denied;");
        PUBLISHED(finding_state_observe(l, (struct finding_context[]){ at(T0 + 3) }, digest("a")), "");
        PUBLISHED(finding_state_observe(l, (struct finding_context[]){ at(T0 + 3) }, digest("nobody")), "");
        /* The one that was seen has gone; the next one like it is no news. */
        PUBLISHED(finding_state_note(l, (struct finding_context[]){ at(T0 + 4) }, &a), "");
        assert_true(finding_state_has(l, "a") && !finding_state_has(l, "nobody"));
        assert_string_equal(run_scan(l, T0 + 10, &b, 1), "");
        finding_state_count_kinds(l, &open);
        assert_true(open.all[FINDING_WRONG_ROLE_DENIED] == 1 && open.all[FINDING_WRONG_ROLE] == 1);
        PUBLISHED(finding_state_note(l, (struct finding_context[]){ at(T0 + 11) }, &a), "");
        finding_state_alive(l, digest("b"), T0 + 200);
        PUBLISHED(finding_state_expire(l, (struct finding_context[]){ at(T0 + 311) }), "cleared a wrong-role-denied;");
        PUBLISHED(finding_state_expire(l, (struct finding_context[]){ at(T0 + 510) }), "cleared b wrong-role;");
        assert_int_equal(finding_state_count(l), 0);
        finding_state_count_kinds(l, &open);
        assert_true(open.all[FINDING_WRONG_ROLE_DENIED] == 0 && open.all[FINDING_WRONG_ROLE] == 0);
}

/* What an event notes while a scan is running is not missing from that scan, whose facts are older; from the next one it is. */
static void noted_during_a_scan(void **state)
{
        struct notice a = notice("a", "wrong-role", "predicted", "x");
        CLEANUP(finding_state_freep) struct finding_state *l = NULL;
        const struct scan_findings none = { NULL, 0, known, NULL };

        (void)state;
        a.of[NOTICE_CONTAINER_ID] = "c";
        a.of[NOTICE_PID] = "1";
        assert_int_equal(finding_state_new(&l), 0);
        finding_state_scan_begins(l);
        PUBLISHED(finding_state_note(l, (struct finding_context[]){ at(T0) }, &a), "appeared a wrong-role;");
        PUBLISHED(finding_state_scan(l, (struct finding_context[]){ at(T0 + 30) }, &none), "");
        /* Its process lives: it stays for as long as that. */
        finding_state_alive(l, digest("a"), T0 + 600);
        PUBLISHED(finding_state_expire(l, (struct finding_context[]){ at(T0 + 610) }), "");
        assert_string_equal(run_scan(l, T0 + 620, NULL, 0), "");
        finding_state_alive(l, digest("a"), T0 + 900);
        PUBLISHED(finding_state_expire(l, (struct finding_context[]){ at(T0 + 920) }), "cleared a wrong-role;");
}

static double metric_of(const struct finding_state *l, enum metric m)
{
        struct open_findings open;
        struct metrics values;

        finding_state_count_kinds(l, &open);
        metrics_of(&open, &values);
        return values.of[m];
}

/* An open finding counts, once, from when it appears until it is cleared: whether a scan or an event found it. */
static void what_is_open_is_counted(void **state)
{
        struct notice a = notice("a", "wrong-role-denied", "predicted", "x"), b = notice("b", "wrong-role", "possible", "y");
        struct notice c = notice("c", "execution-role-denied", "certain", "z"), found[] = { a, c };
        CLEANUP(finding_state_freep) struct finding_state *l = NULL;

        (void)state;
        found[0].of[NOTICE_SEVERITY] = a.of[NOTICE_SEVERITY] = "warning";
        found[1].of[NOTICE_SEVERITY] = c.of[NOTICE_SEVERITY] = "notice";
        b.of[NOTICE_SEVERITY] = "info";
        assert_int_equal(finding_state_new(&l), 0);
        run_scan(l, T0, found, 2);
        assert_true(metric_of(l, METRIC_WRONG_ROLE) == 1 && metric_of(l, METRIC_CREDENTIAL_ERRORS) == 0);
        /* A policy that was not seen may lift what is a notice only. */
        assert_true(metric_of(l, METRIC_WOULD_FAIL) == 1);
        c.of[NOTICE_SEVERITY] = "warning";
        PUBLISHED(finding_state_note(l, (struct finding_context[]){ at(T0 + 1) }, &c), "changed c execution-role-denied;");
        assert_true(metric_of(l, METRIC_WOULD_FAIL) == 2);
        /* What is only possible alarms nobody. */
        PUBLISHED(finding_state_note(l, (struct finding_context[]){ at(T0 + 1) }, &b), "appeared b wrong-role;");
        assert_true(metric_of(l, METRIC_WRONG_ROLE) == 1);
        run_scan(l, T0 + 10, NULL, 0);
        assert_true(metric_of(l, METRIC_WRONG_ROLE) == 1 && metric_of(l, METRIC_WOULD_FAIL) == 2);
        run_scan(l, T0 + 1000, NULL, 0);
        assert_true(metric_of(l, METRIC_WRONG_ROLE) == 0 && metric_of(l, METRIC_WOULD_FAIL) == 0);
}

/* A journal that takes nothing: what it was not told it is told later, each once, and an end never before its beginning. */
static void what_could_not_be_published_is_owed(void **state)
{
        struct notice a = notice("a", "wrong-role", "certain", "x");
        CLEANUP(finding_state_freep) struct finding_state *l = NULL, *again = NULL, *later = NULL;
        CLEANUP(json_freep) cJSON *j = NULL, *changed = NULL;

        (void)state;
        a.of[NOTICE_CONTAINER_ID] = "c";
        a.of[NOTICE_PID] = "1";
        assert_int_equal(finding_state_new(&l), 0);
        deaf = true;
        for (int i = 0; i < 5; i++)    /* more than may be told in an hour: attempts are no events */
                assert_string_equal(run_scan(l, T0 + i, &a, 1), "");
        assert_int_equal(finding_state_count(l), 1);
        assert_int_equal(finding_state_suppressed(l), 0);
        assert_int_equal(finding_state_to_json(l, &j), 0);
        deaf = false;
        PUBLISHED(finding_state_expire(l, (struct finding_context[]){ at(T0 + 6) }), "appeared a wrong-role;");
        assert_string_equal(run_scan(l, T0 + 7, &a, 1), "");

        /* A change, and then the end. */
        deaf = true;
        a.of[NOTICE_FINDING] = "wrong-role-denied";
        assert_string_equal(run_scan(l, T0 + 8, &a, 1), "");
        assert_int_equal(finding_state_to_json(l, &changed), 0);
        deaf = false;
        assert_string_equal(run_scan(l, T0 + 9, &a, 1), "changed a wrong-role-denied;");
        assert_int_equal(finding_state_from_json(changed, &later), 0);
        assert_string_equal(run_scan(later, T0 + 10, &a, 1), "changed a wrong-role-denied;");
        assert_string_equal(run_scan(later, T0 + 11, &a, 1), "");
        deaf = true;
        assert_string_equal(run_scan(l, T0 + 86500, &a, 1), "");
        deaf = false;
        assert_string_equal(run_scan(l, T0 + 86501, &a, 1), "reminder a wrong-role-denied;");
        deaf = true;
        assert_string_equal(run_scan(l, T0 + 86900, NULL, 0), "");
        assert_int_equal(finding_state_count(l), 1);
        deaf = false;
        PUBLISHED(finding_state_expire(l, (struct finding_context[]){ at(T0 + 86901) }), "cleared a wrong-role-denied;");
        assert_int_equal(finding_state_count(l), 0);

        /* A restart in between; and an end that comes before anyone was told. */
        assert_int_equal(finding_state_from_json(j, &again), 0);
        PUBLISHED(finding_state_expire(again, (struct finding_context[]){ at(T0 + 3600) }), "");
        assert_string_equal(run_scan(again, T0 + 3601, NULL, 0), "");
        assert_string_equal(run_scan(again, T0 + 4000, NULL, 0), "appeared a wrong-role;cleared a wrong-role;");
}

static void one_object_cannot_flood(void **state)
{
        CLEANUP(finding_state_freep) struct finding_state *l = NULL;
        size_t events = 0;

        (void)state;
        assert_int_equal(finding_state_new(&l), 0);
        for (int i = 0; i < 100; i++) {
                struct notice a = notice("a", i % 2 ? "wrong-role" : "no-credentials", "certain", "x");

                events += *run_scan(l, T0 - T0 % 3600 + i, &a, 1) != '\0';
        }
        assert_int_equal(events, 3);
        assert_int_equal(finding_state_suppressed(l), 97);
}

/* A restart: nothing twice, nothing forgotten, and nothing cleared before it is looked for. */
static void a_restart_changes_nothing(void **state)
{
        struct notice list[] = { notice("a", "wrong-role", "certain", "x"), notice("b", "no-credentials", "possible", NULL) };
        CLEANUP(finding_state_freep) struct finding_state *l = NULL, *again = NULL;
        CLEANUP(json_freep) cJSON *j = NULL;

        (void)state;
        assert_int_equal(finding_state_new(&l), 0);
        run_scan(l, T0, list, 2);
        assert_int_equal(finding_state_to_json(l, &j), 0);
        assert_int_equal(finding_state_from_json(j, &again), 0);
        assert_string_equal(run_scan(again, T0 + 7200, list, 1), "");
        assert_string_equal(run_scan(again, T0 + 7499, list, 1), "");
        assert_string_equal(run_scan(again, T0 + 7500, list, 1), "cleared b no-credentials;");
}

static void malformed_states_are_refused(void **state)
{
        static const char *const malformed[] = { "{}", "null", "[1]", "[{}]", "[{\"object\":\"a\",\"since\":1,\"told\":1}]",
                                                 "[{\"object\":\"a\",\"since\":1,\"told\":1,\"id\":\"nonsense\"}]",
                                                 "[{\"object\":\"a\",\"since\":\"x\",\"told\":1,\"id\":\"wrong-role\"}]" };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(malformed); i++) {
                CLEANUP(json_freep) cJSON *j = cJSON_Parse(malformed[i]);
                CLEANUP(finding_state_freep) struct finding_state *l = NULL;

                if (finding_state_from_json(j, &l) != -EBADMSG)
                        fail_msg("%s was taken", malformed[i]);
        }
}

#define OPEN_ONE "{\"object\":\"a\",\"since\":1,\"told\":1,\"id\":\"wrong-role\"}"
/* What was told before, as the next daemon finds it; what is no state is said to be none, and nothing is lost by it. */
static void state_files_are_read(void **state)
{
        static const struct { const char *text; size_t open; bool reported; } files[] = {
                { "{\"open\":[" OPEN_ONE "]}", 1, false }, { "{\"open\":[]}", 0, false }, { "{}", 0, true }, { "{\"open\":7}", 0, true },
                { "{\"open\":[" OPEN_ONE ",{}]}", 0, true }, { "{\"open\":[" OPEN_ONE "]", 0, true }, { "", 0, true }, { "not JSON", 0, true },
        };
        char path[] = "/tmp/rolewatch-unit-XXXXXX";
        static struct config c;
        int fd = mkstemp(path);

        (void)state;
        assert_true(fd >= 0);
        close(fd);
        c.text[SETTING_STATE] = path;
        for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
                CLEANUP(freep) struct daemon *d = calloc(1, sizeof *d);

                /* As if it had been told already, so that this needs no journal: only its time moves. */
                *d = (struct daemon){ .config = &c, .errors = { .n = 1, .list = { { .what = "state file" } } } };
                snprintf(d->errors.list[0].text, sizeof d->errors.list[0].text, "invalid state file; starting with an empty history");
                assert_int_equal(replace_file(&(struct file_target){ AT_FDCWD, path, 0600 }, files[i].text, strlen(files[i].text)), 0);
                assert_int_equal(finding_state_new(&d->findings), 0);
                assert_int_equal(state_read(d), 0);
                assert_int_equal(finding_state_count(d->findings), files[i].open);
                assert_int_equal(d->errors.list[0].at_s > 0, files[i].reported);
                finding_state_free(d->findings);
        }
        assert_int_equal(unlink(path), 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(findings_are_published_once),   cmocka_unit_test(reminders_come_once_a_day),
                cmocka_unit_test(clocks_that_jump_clear_nothing_at_once), cmocka_unit_test(ignorance_clears_nothing),
                cmocka_unit_test(single_findings), cmocka_unit_test(noted_during_a_scan), cmocka_unit_test(what_is_open_is_counted), cmocka_unit_test(cured_while_it_lives), cmocka_unit_test(what_could_not_be_published_is_owed), cmocka_unit_test(one_object_cannot_flood),  cmocka_unit_test(a_restart_changes_nothing),
                cmocka_unit_test(malformed_states_are_refused), cmocka_unit_test(state_files_are_read),
        };
        int r = cmocka_run_group_tests(tests, NULL, NULL);
        text_done(&published);
        return r;
}
