/* The daemon's side of the containers' log files: whose are requested, and what the broker's answers lead to. The broker's table is in this process. */
#include <setjmp.h>
#include <stdarg.h>
#include <signal.h>
#include <stdio.h>
#include <dirent.h>
#include <ftw.h>
#include <sys/stat.h>
#include <cmocka.h>
#include "../../agent/daemon/daemon_internal.h"
#include "helper_broker_double.h"
#include "rolewatch/io.h"

#define CACHED "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define JSON "123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0"
#define NONE "23456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef01"
#define OUTSIDE "3456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef012"
#define NEW "456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123"
#define DENIED "User: arn:aws:sts::111122223333:assumed-role/webTaskRole/web1 is not authorized to perform: SNS:Publish on resource: arn:aws:sns:eu-west-1:111122223333:orders"

static struct daemon d;
static char root[64];
static size_t descriptors_before;

static size_t descriptors(void)
{
        DIR *list = opendir("/proc/self/fd");
        size_t n = 0;

        assert_non_null(list);
        while (readdir(list))
                n++;
        closedir(list);
        return n;
}

static void log_puts(const char *id, const char *name, const char *topic)
{
        char path[256];
        FILE *f;

        snprintf(path, sizeof path, "%s/containers/%s", root, id);
        mkdir(path, 0700);
        snprintf(path, sizeof path, "%s/containers/%s/%s", root, id, name);
        f = fopen(path, "a");
        assert_non_null(f);
        fprintf(f, "{\"log\":\"%s%s\\n\",\"stream\":\"stderr\",\"time\":\"2099-01-01T00:00:00Z\"}\n", DENIED, topic);
        fclose(f);
}

static void log_put(const char *id, const char *name) { log_puts(id, name, ""); }

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
        (void)st, (void)type, (void)at;
        return remove(path);
}

static int setup(void **state)
{
        static const struct { const char *id; int task; } containers[] = { { CACHED, 0 }, { JSON, 0 }, { NONE, 0 }, { OUTSIDE, -1 } };
        char path[128];

        (void)state;
        descriptors_before = descriptors();
        strcpy(root, "/tmp/rolewatch-unit-XXXXXX");
        assert_non_null(mkdtemp(root));
        snprintf(path, sizeof path, "%s/containers", root);
        mkdir(path, 0700);
        setenv("ROLEWATCH_DOCKER_ROOT", root, 1);
        d = (struct daemon){ .cs = { .proc = "/proc" } };
        setenv("ROLEWATCH_CONF", "[evidence]\ncontainer_logs = yes\n", 1);
        assert_int_equal(conf_read("/dev/null", &d.config), 0);
        assert_int_equal(sd_event_new(&d.event), 0);
        assert_int_equal(broker_link_new(d.event, NULL, &d.broker), 0);
        assert_int_equal(snapshot_new(&d.scan.facts), 0);
        d.scan.facts->host.introspection.state = ANSWER_OK;
        for (size_t i = 0; i < ARRAY_SIZE(containers); i++) {
                struct container *c = snapshot_add_container(d.scan.facts);

                *c = (struct container){ .id = containers[i].id, .task = containers[i].task };
        }
        /* The first scan's timer, which a denied call brings nearer. */
        assert_true(sd_event_add_time(d.event, &d.scan.timer, CLOCK_MONOTONIC, UINT64_MAX / 2, 0, NULL, NULL) >= 0);
        log_put(CACHED, "container-cached.log");
        log_put(JSON, JSON "-json.log");
        log_put(OUTSIDE, OUTSIDE "-json.log");
        return 0;
}

static int teardown(void **state)
{
        (void)state;
        call_evidence_free(&d);
        broker_link_free(d.broker);
        sd_event_source_disable_unref(d.scan.timer);
        sd_event_unref(d.event);
        snapshot_free(d.scan.facts);
        conf_free(d.config);
        nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
        assert_int_equal(descriptors(), descriptors_before);
        return 0;
}

static struct log_file_counts counts(void) { return log_files_counts(d.call_evidence.files); }

/* Until nothing is ready any more. */
static void turn(void)
{
        while (sd_event_run(d.event, 0) > 0)
                ;
}

/* Before a scan there is nothing to follow; then the containers of ECS, and one that executes something. */
static void containers(void **state)
{
        (void)state;
        container_logs_add(&d, NEW);
        container_logs_set(&d);
        assert_false(container_logs_need_journal(&d));
        call_evidence_check(&d);
        assert_non_null(d.call_evidence.files);
        assert_int_equal(counts().files, 0);
        container_logs_set(&d);
        assert_int_equal(counts().files, 2);
        assert_int_equal(counts().without, 1);
        assert_true(container_logs_need_journal(&d));
        turn();
        assert_int_equal(d.call_evidence.n_denied, 0);
        log_put(NEW, NEW "-json.log");
        container_logs_add(&d, NEW);
        container_logs_add(&d, NEW);
        assert_int_equal(counts().files, 3);
        turn();
        assert_int_equal(d.call_evidence.n_denied, 1);
        assert_string_equal(d.call_evidence.denied[0].container, NEW);
        assert_string_equal(d.call_evidence.denied[0].of[0], "webTaskRole");
        assert_string_equal(d.call_evidence.denied[0].of[2], "SNS:Publish");
        /* A time that is to come is none. */
        assert_in_range(d.call_evidence.denied[0].at_s, clock_wall_s() - 10, clock_wall_s());
        /* The same once more, of a container that is known. */
        log_put(NEW, NEW "-json.log");
        log_put(JSON, JSON "-json.log");
        call_evidence_check(&d);
        assert_int_equal(d.call_evidence.n_denied, 2);
        assert_int_equal(counts().records.reported, 3);
}

/* One in no task is not followed, whatever it executes, nor is its part of the journal a fact; where the ECS agent does not answer, it may be in one. */
static void in_no_task(void **state)
{
        const struct error_text what = { .kind = ERROR_DENIED, .role = "webTaskRole", .action = "SNS:Publish" };

        (void)state;
        call_evidence_check(&d);
        container_logs_set(&d);
        container_logs_add(&d, OUTSIDE);
        turn();
        assert_int_equal(counts().files, 2);
        assert_true(container_logs_outside(&d, OUTSIDE));
        assert_false(container_logs_outside(&d, JSON));
        assert_false(container_logs_outside(&d, NEW));
        call_evidence_line(&d, &(struct denial_line){ .container_id = OUTSIDE, .what = &what });
        assert_int_equal(d.call_evidence.n_denied, 0);
        call_evidence_line(&d, &(struct denial_line){ .container_id = NEW, .what = &what });
        assert_int_equal(d.call_evidence.n_denied, 1);
        d.scan.facts->host.introspection.state = ANSWER_TIMEOUT;
        call_evidence_line(&d, &(struct denial_line){ .container_id = OUTSIDE, .what = &what });
        assert_int_equal(d.call_evidence.n_denied, 2);
        container_logs_add(&d, OUTSIDE);
        assert_int_equal(counts().files, 3);
        for (int i = 0; i < 3; i++)
                container_logs_set(&d);
        assert_int_equal(counts().files, 3);
        /* It is followed until two scans found it outside. */
        d.scan.facts->host.introspection.state = ANSWER_OK;
        container_logs_set(&d);
        assert_false(container_logs_outside(&d, OUTSIDE));
        container_logs_set(&d);
        assert_true(container_logs_outside(&d, OUTSIDE));
        assert_int_equal(counts().files, 2);
}

static size_t denied_of(const char *id)
{
        size_t n = 0;

        for (size_t i = 0; i < DENIED_MAX; i++)
                n += d.call_evidence.denied[i].at_s && streq(d.call_evidence.denied[i].container, id);
        return n;
}

/* The denied calls that one container makes up remove none of another. */
static void a_flood_of_denied_calls(void **state)
{
        (void)state;
        log_put(NONE, NONE "-json.log");
        call_evidence_check(&d);
        container_logs_set(&d);
        log_put(NONE, NONE "-json.log");
        call_evidence_check(&d);
        assert_int_equal(denied_of(NONE), 1);
        /* Older than what follows. */
        d.call_evidence.denied[0].at_s -= 10;
        for (int i = 0; i < 2 * DENIED_MAX; i++) {
                char topic[16];

                snprintf(topic, sizeof topic, "-%d", i);
                log_puts(JSON, JSON "-json.log", topic);
        }
        call_evidence_check(&d);
        turn();
        assert_int_equal(denied_of(NONE), 1);
        assert_int_equal(denied_of(JSON), DENIED_OF_ONE);
        assert_int_equal(d.call_evidence.n_denied, 1 + 2 * DENIED_MAX);
}

static uint64_t scan_due_us(void)
{
        uint64_t at = 0, now = clock_monotonic_us();

        assert_true(sd_event_source_get_time(d.scan.timer, &at) >= 0);
        return at > now ? at - now : 0;
}

/* The first one brings a scan soon; others, until scan_interval has passed since then, one at that time. */
static void denied_calls_bring_scans(void **state)
{
        const uint64_t interval = (uint64_t)d.config->number[SETTING_SCAN_INTERVAL] * SECOND_US;
        struct error_text what = { .kind = ERROR_DENIED, .action = "SNS:Publish" };

        (void)state;
        call_evidence_line(&d, &(struct denial_line){ .container_id = JSON, .what = &what });
        assert_in_range(scan_due_us(), 0, SECOND_US / 2);
        /* Another one before that scan changes nothing. */
        what.action = "SNS:Subscribe";
        call_evidence_line(&d, &(struct denial_line){ .container_id = JSON, .what = &what });
        assert_in_range(scan_due_us(), 0, SECOND_US / 2);
        usleep(SECOND_US / 2 + 10000);
        assert_true(sd_event_source_set_time(d.scan.timer, UINT64_MAX / 2) >= 0);
        what.action = "SNS:ListTopics";
        call_evidence_line(&d, &(struct denial_line){ .container_id = CACHED, .what = &what });
        assert_in_range(scan_due_us(), interval / 2, interval);
        /* The same one again brings none. */
        assert_true(sd_event_source_set_time(d.scan.timer, UINT64_MAX / 2) >= 0);
        call_evidence_line(&d, &(struct denial_line){ .container_id = CACHED, .what = &what });
        assert_true(scan_due_us() > 2 * interval);
        d.call_evidence.scan_us = clock_monotonic_us() - 2 * interval;
        what.action = "SNS:GetTopicAttributes";
        call_evidence_line(&d, &(struct denial_line){ .container_id = CACHED, .what = &what });
        assert_in_range(scan_due_us(), 0, SECOND_US / 2);
}

/* What status says about the containers' logs; NULL: no error. */
static const char *error_text(const char *what)
{
        for (size_t i = 0; i < d.errors.n && i < ERRORS_MAX; i++)
                if (streq(d.errors.list[i].what, what) && d.errors.list[i].text[0])
                        return d.errors.list[i].text;
        return NULL;
}

/* It stands while the file of one of them fails, whatever becomes of the others, and names that one. */
static void errors(void **state)
{
        char path[256];

        (void)state;
        snprintf(path, sizeof path, "%s/containers/%s", root, NONE);
        mkdir(path, 0700);
        snprintf(path, sizeof path, "%s/containers/%s/%s-json.log", root, NONE, NONE);
        assert_int_equal(symlink("/etc/shadow", path), 0);
        call_evidence_check(&d);
        container_logs_set(&d);
        assert_int_equal(counts().files, 2);
        log_put(NEW, NEW "-json.log");
        container_logs_add(&d, NEW);
        assert_int_equal(counts().files, 3);
        assert_non_null(strstr(error_text("container logs"), "container 23456789abcd cannot be read: Too many levels of symbolic links"));
        assert_int_equal(unlink(path), 0);
        log_put(NONE, NONE "-json.log");
        container_logs_set(&d);
        assert_null(error_text("container logs"));
        assert_int_equal(counts().files, 4);
}

static void journal_close(void)
{
        for (size_t i = 0; i < EVIDENCE_READERS; i++) {
                const char *what = NULL;

                sd_event_source_get_description(d.call_evidence.sources[i], &what);
                if (streq(what, "container journal entries"))
                        d.call_evidence.sources[i] = sd_event_source_disable_unref(d.call_evidence.sources[i]);
        }
        log_lines_close(TAKE(d.call_evidence.lines));
}

/* Neither files nor the journal: perhaps Docker keeps its data elsewhere. With the journal, all of them can have the driver journald. */
static void no_log_at_all(void **state)
{
        CLEANUP(json_freep) cJSON *status = cJSON_CreateObject();
        CLEANUP(freep) char *text = NULL;

        (void)state;
        setenv("ROLEWATCH_DOCKER_ROOT", "/nonexistent", 1);
        call_evidence_check(&d);
        container_logs_set(&d);
        assert_int_equal(counts().without, 3);
        assert_int_equal(error_text("container logs") != NULL, d.call_evidence.lines == NULL);
        journal_close();
        container_logs_request(&d);
        assert_non_null(strstr(error_text("container logs"), "ROLEWATCH_DOCKER_ROOT"));
        /* The journal is missing only on a condition. */
        assert_true(permissions_add(&d, status));
        text = cJSON_PrintUnformatted(status);
        assert_non_null(strstr(text, "if a container without a log file has Docker's log driver journald"));
        setenv("ROLEWATCH_DOCKER_ROOT", root, 1);
        container_logs_set(&d);
        assert_null(error_text("container logs"));
}

/* One request; the others once the files are checked again. */
static void no_broker(void **state)
{
        (void)state;
        broker_link_free(d.broker);
        assert_int_equal(broker_link_new(d.event, "/nonexistent/broker.sock", &d.broker), 0);
        call_evidence_check(&d);
        container_logs_set(&d);
        turn();
        assert_int_equal(counts().files, 0);
        assert_int_equal(counts().without, 0);
        assert_false(error_is_set(&d.errors, "container logs"));
        broker_link_free(d.broker);
        assert_int_equal(broker_link_new(d.event, NULL, &d.broker), 0);
        container_logs_set(&d);
        assert_int_equal(counts().files, 2);
}

/* Until the broker in another process has answered, or is away. */
static void turns_until(bool (*done)(void))
{
        for (int i = 0; i < 500 && !done(); i++)
                assert_true(sd_event_run(d.event, 10000) >= 0);
        assert_true(done());
}

static bool is_answered(void) { return !d.call_evidence.file_requested; }
static bool is_there(void) { return broker_link_was_there(d.broker); }

static int null_device(const struct wire_request *q)
{
        (void)q;
        return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static struct broker_double broker_elsewhere(void)
{
        struct broker_double b = broker_double_start(null_device);

        broker_link_free(d.broker);
        assert_int_equal(broker_link_new(d.event, b.path, &d.broker), 0);
        return b;
}

/* The setting is turned off while an answer is awaited: its descriptor is closed, as the teardown sees. */
static void a_late_answer(void **state)
{
        struct broker_double b = broker_elsewhere();

        (void)state;
        call_evidence_check(&d);
        container_logs_set(&d);
        assert_true(d.call_evidence.file_requested);
        call_evidence_stop(&d);
        turns_until(is_answered);
        assert_true(is_there());
        broker_double_stop(&b);
}

/* The broker ends before it answers: the next file is not requested before the files are checked again. */
static void a_broker_that_ends(void **state)
{
        struct broker_double b = broker_elsewhere();

        (void)state;
        call_evidence_check(&d);
        turns_until(is_answered);
        kill(b.pid, SIGSTOP);
        container_logs_set(&d);
        assert_true(d.call_evidence.file_requested);
        broker_double_stop(&b);
        turns_until(is_answered);
        assert_int_equal(counts().files, 0);
        broker_link_free(d.broker);
        assert_int_equal(broker_link_new(d.event, NULL, &d.broker), 0);
        container_logs_request(&d);
        assert_int_equal(counts().files, 1);
        assert_int_equal(counts().without, 1);
        assert_null(error_text("container logs"));
}

/* Of the last time that it was denied: the record's, and a later record of the same call. */
static void when_it_was(void **state)
{
        const struct error_text what = { .kind = ERROR_DENIED, .action = "SNS:Publish" };
        const struct denied *first = d.call_evidence.denied;
        const int64_t now_s = clock_wall_s();

        (void)state;
        for (int64_t ago_s = 300; ago_s > 0; ago_s -= 100) {
                call_evidence_line(&d, &(struct denial_line){ .container_id = JSON, .at_us = (now_s - ago_s) * 1000000, .what = &what });
                assert_int_equal(first->at_s, now_s - ago_s);
        }
        call_evidence_line(&d, &(struct denial_line){ .container_id = JSON, .at_us = (now_s - 200) * 1000000, .what = &what });
        assert_int_equal(first->at_s, now_s - 100);
        assert_int_equal(d.call_evidence.n_denied, 1);
}

/* Off: whatever is answered later is closed. */
static void switched_off(void **state)
{
        (void)state;
        call_evidence_check(&d);
        call_evidence_stop(&d);
        assert_null(d.call_evidence.files);
        container_logs_request(&d);
        container_logs_set(&d);
        container_logs_add(&d, NEW);
        assert_false(container_logs_need_journal(&d));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
        const struct CMUnitTest tests[] = { TEST(containers), TEST(in_no_task), TEST(a_flood_of_denied_calls), TEST(denied_calls_bring_scans), TEST(errors), TEST(no_log_at_all), TEST(no_broker), TEST(a_late_answer), TEST(a_broker_that_ends), TEST(when_it_was), TEST(switched_off) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
