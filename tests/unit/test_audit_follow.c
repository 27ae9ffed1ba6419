/* The audit log followed: rotation as each era of agents does it, truncation, absence, lines in pieces and lines without an end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <cmocka.h>
#include "../../agent/evidence/evidence_internal.h"

#define ARN "arn:aws:ecs:eu-west-1:111122223333:task/c/0ee1"

struct site { char directory[64], path[128]; struct audit_follow *f; int first, reported, wrong; };

static void on_line(void *userdata, const struct audit_call *c)
{
        struct site *h = userdata;

        /* The lines are numbered by their status, from 200 on. */
        h->wrong += c->status != 200 + (h->first + h->reported) % 300;
        h->reported++;
}

static const char *in(const struct site *h, const char *name)
{
        static char path[2][256];
        static int turn;

        turn = !turn;
        snprintf(path[turn], sizeof path[turn], "%s/%s", h->directory, name);
        return path[turn];
}

/* The time of a file is what orders rotated ones: ticks of the kernel lie between two of them. */
static void tick(void) { usleep(12000); }

static void write_lines(const struct site *h, const char *name, int first, int n)
{
        FILE *out = fopen(in(h, name), "a");

        assert_non_null(out);
        for (int i = first; i < first + n; i++)
                fprintf(out, "2026-06-30T17:02:14Z %d 172.17.0.2:52444 \"/v2/credentials\" \"Boto3/1.34\" " ARN
                             " GetCredentials 2 c arn:aws:x:::y\n", 200 + i % 300);
        fclose(out);
        tick();
}

static void move(const struct site *h, const char *from, const char *to)
{
        assert_int_equal(rename(in(h, from), in(h, to)), 0);
        tick();
}

static bool wakes(const struct site *h)
{
        struct pollfd p = { .fd = audit_follow_fd(h->f), .events = POLLIN };

        return poll(&p, 1, 0) == 1;
}

/* By its events alone. */
static int follow(struct site *h)
{
        int before = h->reported;

        for (int i = 0; i < 1000 && wakes(h); i++)
                assert_in_range(audit_follow_process(h->f, on_line, h), 0, 1);
        assert_false(wakes(h));
        assert_int_equal(h->wrong, 0);
        return h->reported - before;
}

static int setup(void **state)
{
        struct site *h = calloc(1, sizeof *h);

        snprintf(h->directory, sizeof h->directory, "/tmp/rolewatch-unit-XXXXXX");
        if (!mkdtemp(h->directory))
                return -1;
        snprintf(h->path, sizeof h->path, "%s/audit.log", h->directory);
        *state = h;
        return 0;
}

static int teardown(void **state)
{
        struct site *h = *state;
        DIR *d = opendir(h->directory);
        struct dirent *e;

        audit_follow_close(h->f);
        while (d && (e = readdir(d)))
                unlinkat(dirfd(d), e->d_name, 0);
        if (d)
                closedir(d);
        rmdir(h->directory);
        free(h);
        return 0;
}

static void start(struct site *h) { assert_int_equal(audit_follow_open(h->path, &h->f), 0); }

static void from_now_on(void **state)
{
        struct site *h = *state;

        write_lines(h, "audit.log", 0, 10);
        start(h);
        h->first = 10;
        assert_int_equal(follow(h), 0);
        write_lines(h, "audit.log", 10, 5);
        assert_int_equal(follow(h), 5);
        write_lines(h, "ecs-agent.log", 99, 5);
        write_lines(h, "audit.logx", 99, 5);
        assert_int_equal(follow(h), 0);
}

/* Agents from 1.100 on: the highest number is the newest; 1.36 to 1.99: by the hour. */
static void rotated(void **state)
{
        static const char *const names[] = { "audit.log.1", "audit.log.2", "audit.log.2026-06-30-17", "audit.log.9", "audit.log.10" };
        struct site *h = *state;
        int n = 0;

        start(h);
        for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
                write_lines(h, "audit.log", n, 3);
                assert_int_equal(follow(h), 3);
                /* The last line of a file comes just before its successor. */
                write_lines(h, "audit.log", n + 3, 1);
                move(h, "audit.log", names[i]);
                write_lines(h, "audit.log", n + 4, 2);
                assert_int_equal(follow(h), 3);
                n += 6;
        }
        assert_int_equal(audit_follow_counts(h->f).dropped, 0);
}

static void rotated_more_than_once(void **state)
{
        struct site *h = *state;

        start(h);
        write_lines(h, "audit.log", 0, 1);
        assert_int_equal(follow(h), 1);
        write_lines(h, "audit.log", 1, 1);
        for (int i = 1; i <= 5; i++) {
                char name[32];

                snprintf(name, sizeof name, "audit.log.%d", i + 6);
                move(h, "audit.log", name);
                write_lines(h, "audit.log", 2 * i, 2);
        }
        assert_int_equal(follow(h), 11);
        /* The oldest are deleted. */
        assert_int_equal(unlink(in(h, "audit.log.7")), 0);
        assert_int_equal(follow(h), 0);
}

/* Agents up to 1.35 write to the name with the hour. */
static void no_plain_name(void **state)
{
        struct site *h = *state;

        write_lines(h, "audit.log.2026-06-30-16", 0, 2);
        start(h);
        h->first = 2;
        assert_int_equal(follow(h), 0);
        write_lines(h, "audit.log.2026-06-30-16", 2, 2);
        assert_int_equal(follow(h), 2);
        write_lines(h, "audit.log.2026-06-30-16", 4, 1);
        write_lines(h, "audit.log.2026-06-30-17", 5, 2);
        assert_int_equal(follow(h), 3);
}

static void truncated(void **state)
{
        struct site *h = *state;

        write_lines(h, "audit.log", 0, 20);
        start(h);
        assert_int_equal(truncate(h->path, 0), 0);
        assert_int_equal(follow(h), 0);
        write_lines(h, "audit.log", 0, 3);
        assert_int_equal(follow(h), 3);
}

static void not_there_yet(void **state)
{
        struct site *h = *state;

        assert_int_equal(rmdir(h->directory), 0);
        start(h);
        assert_int_equal(follow(h), 0);
        assert_int_equal(mkdir(h->directory, 0700), 0);
        write_lines(h, "audit.log", 0, 4);
        assert_false(wakes(h));
        /* A folder is found by the sweep. */
        assert_int_equal(audit_follow_process(h->f, on_line, h), 0);
        assert_int_equal(h->reported, 4);
        write_lines(h, "audit.log", 4, 1);
        assert_int_equal(follow(h), 1);
        assert_int_equal(unlink(h->path), 0);
        assert_int_equal(follow(h), 0);
        write_lines(h, "audit.log", 5, 2);
        assert_int_equal(follow(h), 2);
        /* And one that was replaced. */
        assert_int_equal(unlink(h->path), 0);
        assert_int_equal(rmdir(h->directory), 0);
        assert_int_equal(follow(h), 0);
        assert_int_equal(mkdir(h->directory, 0700), 0);
        write_lines(h, "audit.log", 7, 2);
        assert_int_equal(audit_follow_process(h->f, on_line, h), 0);
        assert_int_equal(h->reported, 9);
}

static void add(const struct site *h, const char *s, size_t n)
{
        int fd = open(h->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);

        assert_int_equal(write(fd, s, n), n);
        close(fd);
}

static void in_pieces(void **state)
{
        static const char line[] = "2026-06-30T17:02:14Z 200 172.17.0.2:1 \"/v2/credentials\" \"a\" " ARN " GetCredentials 2 c i\n";
        struct site *h = *state;
        CLEANUP(freep) char *junk = malloc(100000);
        int got = 0;

        start(h);
        for (size_t i = 0; i + 1 < sizeof line; i++) {
                assert_int_equal(got, 0);
                add(h, line + i, 1);
                got = follow(h);
        }
        assert_int_equal(got, 1);
        /* A line without an end costs nothing but itself. */
        h->reported = 0;
        memset(junk, 'j', 100000);
        add(h, junk, 100000);
        assert_int_equal(follow(h), 0);
        add(h, "\n", 1);
        add(h, line, sizeof line - 1);
        assert_int_equal(follow(h), 1);
        assert_int_equal(audit_follow_counts(h->f).dropped, 1);
        add(h, "\n\0\n\xff\xff\n", 6);
        assert_int_equal(follow(h), 0);
        assert_int_equal(audit_follow_counts(h->f).dropped, 4);
}

static void more_than_a_wake(void **state)
{
        struct site *h = *state;

        start(h);
        write_lines(h, "audit.log", 0, 10000);
        assert_true(wakes(h));
        assert_int_equal(audit_follow_process(h->f, on_line, h), 1);
        assert_in_range(h->reported, 1000, 3000);
        assert_true(wakes(h));
        follow(h);
        assert_int_equal(h->reported, 10000);
}

#define FIRST(source, ua) "2026-06-30T17:02:14Z 200 " source " \"/v2/credentials\" \"" ua "\" "
#define REST ARN " GetCredentialsExecutionRole 2 c i"
static const struct { const char *line; int r; const char *from, *task; enum cred_kind kind; } rows[] = {
        { FIRST("172.17.0.2:52444", "Boto3/1.34") REST, 1, "172.17.0.2", ARN, CRED_EXECUTION },
        { FIRST("[fd00::2]:1", "Boto3/1.34") REST, 1, "fd00::2", ARN, CRED_EXECUTION },
        { FIRST("127.0.0.1:1", "rolewatch/0.1.0 probe/7-1") REST, 0, NULL, NULL, CRED_UNKNOWN },
        { FIRST("172.17.0.2:1", "rolewatch/0.1.0 probe/7-1") REST, 1, "172.17.0.2", ARN, CRED_EXECUTION },
        { "2026-06-30T17:02:17Z 429 172.17.0.9:40001 \"/v4/x/task\" \"x\" - ", 1, "172.17.0.9", NULL, CRED_UNKNOWN },
        { "yesterday 200 172.17.0.2:1 \"/v2/credentials\" \"x\" " REST, -EBADMSG, NULL, NULL, CRED_UNKNOWN },
        { "", -EBADMSG, NULL, NULL, CRED_UNKNOWN },
};

static void one_line(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                CLEANUP(arena_freep) struct arena *a = NULL;
                struct audit_call c;

                print_message("%s\n", rows[i].line);
                assert_int_equal(arena_new((size_t)1 << 20, &a), 0);
                assert_int_equal(audit_call_parse(a, rows[i].line, strlen(rows[i].line), &c), rows[i].r);
                if (rows[i].r <= 0)
                        continue;
                assert_string_equal(c.from, rows[i].from);
                assert_true(streq(c.task_arn, rows[i].task));
                assert_int_equal(c.kind, rows[i].kind);
                assert_in_range(c.at_s, 1782838934, 1782838937);
        }
}

int main(void)
{
#define WITH_HOST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
        const struct CMUnitTest tests[] = {
                WITH_HOST(from_now_on), WITH_HOST(rotated), WITH_HOST(rotated_more_than_once), WITH_HOST(no_plain_name),
                WITH_HOST(truncated), WITH_HOST(not_there_yet), WITH_HOST(in_pieces), WITH_HOST(more_than_a_wake),
                cmocka_unit_test(one_line),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
