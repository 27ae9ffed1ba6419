/* Work in a child process: its result, its errors, its crash, its time limit; and waiting for answers of the broker. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <cmocka.h>
#include "../../agent/daemon/worker.h"
#include "helper_broker_double.h"
#include "rolewatch/broker_queue.h"

static const char constant[] = "a constant";
struct found { const char *text, *same; pid_t pid; };
struct waiting { enum { FINDS, FAILS, CRASHES, EXITS, HANGS, TOO_LARGE } what; struct worker *w; int error; char text[32]; int calls; };

static int run(void *userdata, struct arena *out, void **ret)
{
        const struct waiting *x = userdata;
        struct found *f = arena_alloc(out, sizeof *f);

        assert_non_null(f);
        *f = (struct found){ arena_printf(out, "found %d", 7), constant, getpid() };
        *ret = f;
        if (x->what == CRASHES) {
                signal(SIGABRT, SIG_DFL);
                abort();
        }
        if (x->what == EXITS)
                exit(3);
        while (x->what == HANGS)
                pause();
        while (x->what == TOO_LARGE)
                if (!arena_alloc(out, 1 << 20))
                        return -ENOMEM;
        return x->what == FAILS ? -ENOENT : 0;
}

static void done(void *userdata, int error, const void *result)
{
        struct waiting *x = userdata;
        const struct found *f = result;

        x->calls++;
        x->error = error;
        if (f) {
                assert_ptr_equal(f->same, constant);
                assert_int_not_equal(f->pid, getpid());
                snprintf(x->text, sizeof x->text, "%s", f->text);
        }
        worker_free(TAKE(x->w));
}

static sd_event *event_made(void)
{
        sd_event *e = NULL;

        assert_true(sd_event_new(&e) >= 0);
        assert_int_equal(workers_prepare(e), 0);
        return e;
}

/* A child ends in one of these ways, and the daemon hears of it once. */
static void each_end(void **state)
{
        static const struct { int what, error; const char *text; } rows[] = {
                { FINDS, 0, "found 7" }, { FAILS, -ENOENT, "" }, { CRASHES, -EIO, "" }, { EXITS, -EIO, "" }, { HANGS, -ETIMEDOUT, "" },
                { TOO_LARGE, -ENOMEM, "" }, { FINDS, 0, "found 7" },
        };
        sd_event *e = event_made();

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                struct waiting x = { .what = rows[i].what };
                const struct worker_task task = { .name = "test", .limit_s = rows[i].what == HANGS ? 1 : 60, .run = run, .done = done, .userdata = &x };

                assert_int_equal(worker_start(e, &task, &x.w), 0);
                for (int turn = 0; turn < 200 && !x.calls; turn++)
                        sd_event_run(e, 100000);
                assert_int_equal(x.calls, 1);
                assert_int_equal(x.error, rows[i].error);
                assert_string_equal(x.text, rows[i].text);
                assert_null(x.w);
        }
        sd_event_unref(e);
}

/* Given up: at once, with the child gone, and without a word. */
static void given_up(void **state)
{
        struct waiting x = { .what = HANGS };
        const struct worker_task task = { .name = "test", .limit_s = 60, .run = run, .done = done, .userdata = &x };
        sd_event *e = event_made();

        (void)state;
        assert_int_equal(worker_start(e, &task, &x.w), 0);
        sd_event_run(e, 0);
        worker_free(TAKE(x.w));
        assert_int_equal(x.calls, 0);
        assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
        sd_event_unref(e);
}

/* ---- the broker's answers ---- */

static int pid_back(const struct wire_request *q)
{
        int fd = memfd_create("pid", MFD_CLOEXEC);

        if (q->pid == 13)
                return -ESRCH;
        return pwrite(fd, &q->pid, sizeof q->pid, 0) == sizeof q->pid ? fd : -EIO;
}

struct answers { int pid[BROKER_QUEUE_MAX + 1]; int error[BROKER_QUEUE_MAX + 1]; size_t n; };

static void on_answer(void *userdata, int result)
{
        struct answers *a = userdata;
        CLEANUP(closep) int fd = result;

        a->error[a->n] = result < 0 ? result : 0;
        if (result >= 0)
                assert_int_equal(pread(fd, &a->pid[a->n], sizeof a->pid[0], 0), sizeof a->pid[0]);
        a->n++;
}

static int request(struct broker_queue *q, int pid, struct answers *a)
{
        return broker_queue_request(q, &(struct broker_request){ .op = BROKER_ENVIRON, .target = { pid, 1 } }, on_answer, a);
}

static void answers_wait(struct broker_queue *q, const struct answers *a, size_t n)
{
        for (int i = 0; i < 5000 && a->n < n; i++) {
                assert_int_equal(broker_queue_process(q), 0);
                usleep(1000);
        }
        assert_int_equal(a->n, n);
}

/* More than are sent at a time, in their order; nothing waits, and one too many is refused. */
static void in_their_order(void **state)
{
        CLEANUP(broker_queue_freep) struct broker_queue *q = NULL;
        struct broker_double d = broker_double_start(pid_back);
        struct answers a = { .n = 0 };

        (void)state;
        assert_int_equal(broker_queue_new(d.path, &q), 0);
        assert_int_equal(broker_queue_fd(q), -1);
        kill(d.pid, SIGSTOP);
        for (int i = 0; i < BROKER_QUEUE_MAX; i++)
                assert_int_equal(request(q, i + 1, &a), 0);
        assert_int_equal(request(q, 999, &a), -EAGAIN);
        assert_int_equal(broker_queue_process(q), 0);
        assert_int_equal(a.n, 0);
        assert_true(broker_queue_waiting_since(q) > 0);
        kill(d.pid, SIGCONT);
        answers_wait(q, &a, BROKER_QUEUE_MAX);
        for (int i = 0; i < BROKER_QUEUE_MAX; i++) {
                assert_int_equal(a.error[i], i + 1 == 13 ? -ESRCH : 0);
                assert_int_equal(a.pid[i], i + 1 == 13 ? 0 : i + 1);
        }
        assert_int_equal(broker_queue_waiting_since(q), 0);
        assert_int_equal(request(q, -5, &a), -EINVAL);
        broker_double_stop(&d);
}

/* A lost connection answers all that waits, and the next request makes a new one. */
static void a_connection_that_is_lost(void **state)
{
        CLEANUP(broker_queue_freep) struct broker_queue *q = NULL;
        struct broker_double d = broker_double_start(pid_back);
        struct answers a = { .n = 0 };
        int r = 0;

        (void)state;
        assert_int_equal(broker_queue_new(d.path, &q), 0);
        assert_int_equal(request(q, 1, &a), 0);
        answers_wait(q, &a, 1);
        kill(d.pid, SIGSTOP);
        for (int i = 0; i < 10; i++)
                assert_int_equal(request(q, 2, &a), 0);
        broker_double_stop(&d);
        for (int i = 0; i < 5000 && r == 0; i++) {
                r = broker_queue_process(q);
                usleep(1000);
        }
        assert_true(r < 0);
        /* The descriptor is still open: whoever polls it stops before it is closed. */
        assert_true(broker_queue_fd(q) >= 0);
        assert_int_equal(request(q, 2, &a), -EPIPE);
        assert_true(broker_queue_process(q) < 0);
        assert_int_equal(a.n, 1);
        broker_queue_close(q);
        assert_int_equal(broker_queue_fd(q), -1);
        assert_int_equal(a.n, 11);
        for (size_t i = 1; i < a.n; i++)
                assert_int_equal(a.error[i], -EPIPE);
        assert_int_equal(request(q, 3, &a), -ENOENT);
        d = broker_double_start(pid_back);
        broker_queue_freep(&q);
        q = NULL;
        assert_int_equal(broker_queue_new(d.path, &q), 0);
        a.n = 0;
        assert_int_equal(request(q, 4, &a), 0);
        answers_wait(q, &a, 1);
        assert_int_equal(a.pid[0], 4);
        broker_double_stop(&d);
}

/* How the child ended, and not how the system call was called that noticed it. */
static void errors_have_texts(void **state)
{
        (void)state;
        assert_string_equal(worker_error_to_string(-EIO), "the child process ended unexpectedly");
        assert_string_equal(worker_error_to_string(-ETIMEDOUT), "timed out");
        assert_string_equal(worker_error_to_string(-ELIBACC), "libcurl.so.4 cannot be loaded");
        assert_string_equal(worker_error_to_string(-ENOMEM), "Cannot allocate memory");
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(each_end), cmocka_unit_test(given_up), cmocka_unit_test(in_their_order),
                                            cmocka_unit_test(a_connection_that_is_lost), cmocka_unit_test(errors_have_texts) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
