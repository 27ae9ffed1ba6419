/*
 * Denied calls in the files in which Docker keeps the containers' logs: records of both formats, and files that are followed over rotation,
 * truncation, half-written records and floods. The test opens the files in place of the broker. With a real dockerd: tests/checks/drivers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <sys/stat.h>
#include <time.h>
#include <cmocka.h>
#include "../../agent/evidence/evidence_internal.h"
#include "rolewatch/broker.h"
#include "rolewatch/io.h"
#include "rolewatch/limits.h"

#define CALLER "arn:aws:sts::111122223333:assumed-role/ecsInstanceRole/i-1234567890abcdef0"
#define DENIED "User: " CALLER " is not authorized to perform: SNS:Publish on resource: arn:aws:sns:eu-west-1:111122223333:"
#define ID "f44e523862986069d83e6e17badcde5dbaa0733fb9dc259184d2caf152e19146"
#define OTHER "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* ---- records ---- */

struct bytes { char s[(size_t)1 << 21]; size_t len; };

static void add(struct bytes *b, const void *s, size_t len)
{
        assert_true(b->len + len <= sizeof b->s);
        memcpy(b->s + b->len, s, len);
        b->len += len;
}

static void add_varint(struct bytes *b, uint64_t v)
{
        for (; v > 127; v >>= 7)
                add(b, &(unsigned char){ (unsigned char)(v | 128) }, 1);
        add(b, &(unsigned char){ (unsigned char)v }, 1);
}

static void add_field(struct bytes *b, unsigned number, const void *s, size_t len)
{
        add_varint(b, number << 3 | 2);
        add_varint(b, len);
        add(b, s, len);
}

static void add_length(struct bytes *b, size_t n)
{
        add(b, (unsigned char[]){ (unsigned char)(n >> 24), (unsigned char)(n >> 16), (unsigned char)(n >> 8), (unsigned char)n }, 4);
}

struct entry { const char *text; size_t len; const char *stream; int64_t at_s; int part; };   /* part 1: it goes on; 2: the last */

static void add_local(struct bytes *b, const struct entry *e)
{
        static struct bytes message;

        message.len = 0;
        add_field(&message, 1, e->stream, strlen(e->stream));
        add_varint(&message, 2 << 3);
        add_varint(&message, (uint64_t)e->at_s * 1000000000);
        add_field(&message, 3, e->text, e->len);
        if (e->part) {
                add_varint(&message, 4 << 3);
                add_varint(&message, 1);
                if (e->part == 2)
                        add_field(&message, 5, "\x08\x01\x12\x02xx\x18\x02", 8);
                else
                        add_field(&message, 5, "\x12\x02xx\x18\x01", 6);
        }
        /* Later releases have attributes. */
        add_field(&message, 6, "\x0a\x01k\x12\x01v", 6);
        add_length(b, message.len);
        add(b, message.s, message.len);
        add_length(b, message.len);
}

/* As Go writes JSON: angle brackets and ampersands are escaped, too. */
static void add_json(struct bytes *b, const struct entry *e)
{
        char when[32];
        struct tm tm;
        time_t at = (time_t)e->at_s;

        add(b, "{\"log\":\"", 8);
        for (size_t i = 0; i < e->len; i++) {
                char code[8];

                snprintf(code, sizeof code, "\\u%04x", (unsigned char)e->text[i]);
                if (strchr("<>&", e->text[i]))
                        add(b, code, 6);
                else if (strchr("\"\\", e->text[i]))
                        add(b, (char[]){ '\\', e->text[i] }, 2);
                else
                        add(b, &e->text[i], 1);
        }
        if (e->part != 1)
                add(b, "\\n", 2);
        gmtime_r(&at, &tm);
        strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%S", &tm);
        b->len += (size_t)snprintf(b->s + b->len, sizeof b->s - b->len, "\",\"stream\":\"%s\",\"time\":\"%s.123456789Z\"}\n", e->stream, when);
}

static void add_entry(struct bytes *b, enum broker_container_log kind, const struct entry *e)
{
        (kind == BROKER_LOG_JSON_FILE ? add_json : add_local)(b, e);
}

static const struct json_row { const char *why, *line, *text; int r, priority; int64_t at_us; } json_rows[] = {
        { "whole", "{\"log\":\"a\\u003cb\\n\",\"stream\":\"stderr\",\"time\":\"2026-06-30T17:02:14.5Z\"}", "a<b\n", 0, 3, 1782838934000000 },
        { "with attributes", "{\"log\":\"a\",\"stream\":\"stdout\",\"attrs\":{\"k\":\"v\"},\"time\":\"x\"}", "a", 0, 6, 0 },
        { "nothing but a text", "{\"log\":\"\"}", "", 0, -1, 0 },
        { "a stream that is none", "{\"log\":\"a\",\"stream\":\"stdlog\"}", "a", 0, -1, 0 },
        { "no text", "{\"stream\":\"stdout\"}", NULL, -EBADMSG, 0, 0 },
        { "a text that is none", "{\"log\":7}", NULL, -EBADMSG, 0, 0 },
        { "cut", "{\"log\":\"a", NULL, -EBADMSG, 0, 0 },
        { "not JSON", "a", NULL, -EBADMSG, 0, 0 },
        { "empty", "", NULL, -EBADMSG, 0, 0 },
};

static void json_records(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(json_rows); i++) {
                const struct json_row *row = &json_rows[i];
                CLEANUP(arena_freep) struct arena *a = NULL;
                struct log_record x;

                print_message("%s\n", row->why);
                assert_int_equal(arena_new(EVIDENCE_MEMORY, &a), 0);
                assert_int_equal(log_json_parse(a, row->line, strlen(row->line), &x), row->r);
                if (row->r < 0)
                        continue;
                assert_int_equal(x.text.len, strlen(row->text));
                assert_memory_equal(x.text.s, row->text, x.text.len);
                assert_int_equal(x.priority, row->priority);
                assert_int_equal(x.at_us, row->at_us);
                assert_false(x.continues);
        }
}

#define LOCAL(message) message, sizeof message - 1
static const struct local_row { const char *why, *message; size_t len; const char *text; int priority; bool continues; } local_rows[] = {
        { "whole", LOCAL("\x0a\x06stderr\x10\x80\x80\x01\x1a\x03" "abc"), "abc", 3, false },
        { "empty", LOCAL(""), "", -1, false },
        { "the first part", LOCAL("\x1a\x01" "a\x20\x01\x2a\x05\x12\x01" "x\x18\x01"), "a", -1, true },
        { "a part of which nothing says that it is the last", LOCAL("\x1a\x01" "a\x20\x01"), "a", -1, true },
        { "the last part", LOCAL("\x1a\x01" "a\x20\x01\x2a\x02\x08\x01"), "a", -1, false },
        { "last, but no part", LOCAL("\x1a\x01" "a\x20\x00\x2a\x02\x08\x01"), "a", -1, false },
        { "fields of every type that it does not have", LOCAL("\x39" "12345678" "\x3d" "1234" "\x42\x02xy\x48\x07\x1a\x01" "a"), "a", -1, false },
        { "a text that is a number", LOCAL("\x18\x05"), "", -1, false },
        { "a text beyond the end", LOCAL("\x1a\x05" "a"), NULL, 0, false },
        { "a number without an end", LOCAL("\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), NULL, 0, false },
        { "a key without a value", LOCAL("\x10"), NULL, 0, false },
        { "a length without an end", LOCAL("\x1a\xff"), NULL, 0, false },
        { "eight bytes, of which there are two", LOCAL("\x39" "12"), NULL, 0, false },
        { "four bytes, of which there are two", LOCAL("\x3d" "12"), NULL, 0, false },
        { "a group", LOCAL("\x0b"), NULL, 0, false },
        { "a part that is a number", LOCAL("\x20\x01\x28\x05\x1a\x01" "a"), "a", -1, true },
        { "a part that is malformed", LOCAL("\x20\x01\x2a\x01\x08"), NULL, 0, false },
        { "a key without an end", LOCAL("\x80"), NULL, 0, false },
};

static void local_records(void **state)
{
        static struct bytes b;

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(local_rows); i++) {
                const struct local_row *row = &local_rows[i];
                struct log_record x;

                print_message("%s\n", row->why);
                b.len = 0;
                add_length(&b, row->len);
                add(&b, row->message, row->len);
                add_length(&b, row->len);
                /* As long as it is not whole: wait. */
                for (size_t n = 0; n < b.len; n++)
                        assert_int_equal(log_local_parse(b.s, n, &x), 0);
                assert_int_equal(log_local_parse(b.s, b.len, &x), row->text ? (ssize_t)b.len : -EBADMSG);
                if (row->text) {
                        assert_int_equal(x.text.len, strlen(row->text));
                        assert_memory_equal(x.text.s, row->text, x.text.len);
                        assert_int_equal(x.priority, row->priority);
                        assert_int_equal(x.continues, row->continues);
                }
                b.s[b.len - 1] ^= 1;
                assert_int_equal(log_local_parse(b.s, b.len, &x), -EBADMSG);
        }
        assert_int_equal(log_local_parse("\x7f\xff\xff\xff", 4, &(struct log_record){ .at_us = 0 }), -EBADMSG);
}

/* ---- files ---- */

struct site {
        char directory[64];
        enum broker_container_log kind;
        struct log_files *l;
        int reported;
        char resources[64], container[80]; /* of what was reported: the names of the topics, one letter each; the last one's container */
        int priority;
        int64_t at_us;
        int error;                     /* what the broker answers in place of a descriptor; 0: it opens */
        unsigned requests;
        size_t descriptors;            /* before */
};

static const char *path_of(const struct site *h, const char *id, const char *suffix)
{
        static const char *const names[] = {
#define X(id, name, driver) [BROKER_LOG_##id] = name,
                BROKER_CONTAINER_LOGS(X)
#undef X
        };
        static char path[256];
        const char *name = names[h->kind];

        snprintf(path, sizeof path, "%s/%s/%s%s%s", h->directory, id, *name == '%' ? id : "", *name == '%' ? name + 2 : name, suffix);
        return path;
}

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

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
        (void)st, (void)type, (void)at;
        return remove(path);
}

static void site_freep(struct site **h)
{
        log_files_close((*h)->l);
        nftw((*h)->directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
        assert_int_equal(descriptors(), (*h)->descriptors);
        free(*h);
}

static struct site *site_new(void **state)
{
        static const char *const ids[] = { ID, OTHER };
        struct site *h = calloc(1, sizeof *h);

        h->descriptors = descriptors();
        snprintf(h->directory, sizeof h->directory, "/tmp/rolewatch-unit-XXXXXX");
        (void)state;
        assert_non_null(mkdtemp(h->directory));
        for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
                char path[256];

                snprintf(path, sizeof path, "%s/%s", h->directory, ids[i]);
                mkdir(path, 0755);
                strcat(path, "/local-logs");
                mkdir(path, 0755);
        }
        return h;
}

static void write_bytes(const struct site *h, const char *id, const void *s, size_t len)
{
        int fd = open(path_of(h, id, ""), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);

        assert_int_equal(write(fd, s, len), len);
        close(fd);
}

static void write_entry(const struct site *h, const char *id, const struct entry *e)
{
        static struct bytes b;

        b.len = 0;
        add_entry(&b, h->kind, e);
        write_bytes(h, id, b.s, b.len);
}

static void write_text(const struct site *h, const char *text)
{
        write_entry(h, ID, &(struct entry){ text, strlen(text), "stderr", clock_wall_s(), 0 });
}

/* Publish on the topic of this name. */
static void write_denied(const struct site *h, const char *topic)
{
        char text[512];

        snprintf(text, sizeof text, DENIED "%s because no identity-based policy allows the SNS:Publish action", topic);
        write_text(h, text);
}

static void on_denial(void *userdata, const struct denial_line *d)
{
        struct site *h = userdata;

        assert_string_equal(d->what->role, "ecsInstanceRole");
        assert_string_equal(d->what->action, "SNS:Publish");
        assert_true(h->reported < (int)sizeof h->resources - 1);
        h->resources[h->reported++] = strrchr(d->what->resource, ':')[1];
        h->resources[h->reported] = '\0';
        snprintf(h->container, sizeof h->container, "%s", d->container_id);
        h->priority = d->priority;
        h->at_us = d->at_us;
}

/* The broker's side. */
static void answer(struct site *h)
{
        struct broker_request rq;

        while (log_files_next(h->l, &rq)) {
                int fd;

                h->requests++;
                assert_int_equal(rq.op, BROKER_CONTAINER_LOG);
                assert_false(log_files_next(h->l, &(struct broker_request){ .number = 0 }));
                fd = h->error ? h->error : (int)h->kind != rq.number ? -ENOENT : open(path_of(h, rq.container_id, ""), O_RDONLY | O_CLOEXEC);
                log_files_take(h->l, fd < 0 && !h->error ? -ENOENT : fd);
        }
}

/* What is reported by now: the topics' names. */
static const char *follow(struct site *h)
{
        h->reported = 0;
        h->resources[0] = '\0';
        for (int i = 0, r = 1; i < 1000 && (r || i < 20); i++) {
                r = log_files_process(h->l, on_denial, h);
                assert_in_range(r, 0, 1);
                answer(h);
        }
        return h->resources;
}

static void containers(struct site *h, const char *a, const char *b)
{
        log_files_set(h->l, (const char *const[]){ a, b }, (size_t)!!a + !!b);
        answer(h);
}

static void start(struct site *h, enum broker_container_log kind)
{
        h->kind = kind;
        assert_int_equal(log_files_open(&h->l), 0);
        containers(h, ID, NULL);
        assert_string_equal(follow(h), "");
}

static void restart(struct site *h, enum broker_container_log kind)
{
        log_files_close(h->l);
        h->l = NULL;
        unlink(path_of(h, ID, ""));
        h->kind = kind;
        write_text(h, "it starts");
        start(h, kind);
}

#define EACH_KIND(kind) for (enum broker_container_log kind = 0; kind < BROKER_LOG_MAX; kind++)

/* From the end of what there is; each denied call once, with whose it is; other lines say nothing. */
static void from_now_on(void **state)
{
        CLEANUP(site_freep) struct site *h = site_new(state);

        EACH_KIND(kind) {
                restart(h, kind);
                write_denied(h, "a");
                log_files_close(TAKE(h->l));
                start(h, kind);
                write_text(h, "\"GET /orders HTTP/1.1\" 403 <Forbidden> AccessDenied");
                write_denied(h, "b");
                write_text(h, "java.nio.file.AccessDeniedException: /var/lib/x");
                assert_string_equal(follow(h), "b");
                assert_string_equal(h->container, ID);
                assert_int_equal(h->priority, 3);
                assert_in_range(h->at_us / 1000000, clock_wall_s() - 10, clock_wall_s());
                write_text(h, "<Error><Code>AccessDenied</Code><Message>" DENIED "c</Message></Error>");
                write_denied(h, "d");
                assert_string_equal(follow(h), "cd");
                assert_string_equal(follow(h), "");
                assert_int_equal(log_files_counts(h->l).records.reported, 3);
                assert_int_equal(log_files_counts(h->l).records.dropped, 0);
                assert_int_equal(log_files_counts(h->l).files, 1);
        }
}

/* One that is new is read from its start, but not what it wrote before the reader was there. */
static void new_containers(void **state)
{
        CLEANUP(site_freep) struct site *h = site_new(state);
        const char *old = DENIED "a";

        EACH_KIND(kind) {
                restart(h, kind);
                unlink(path_of(h, OTHER, ""));
                write_entry(h, OTHER, &(struct entry){ old, strlen(old), "stdout", clock_wall_s() - 100, 0 });
                write_entry(h, OTHER, &(struct entry){ DENIED "b", strlen(DENIED "b"), "stdout", clock_wall_s(), 0 });
                assert_true(log_files_add(h->l, OTHER));
                assert_false(log_files_add(h->l, OTHER));
                assert_false(log_files_add(h->l, "../" ID));
                answer(h);
                assert_string_equal(follow(h), "b");
                assert_string_equal(h->container, OTHER);
                assert_int_equal(h->priority, 6);
                assert_int_equal(log_files_counts(h->l).files, 2);
                /* A scan that began before it was there does not list it. */
                containers(h, ID, NULL);
                assert_int_equal(log_files_counts(h->l).files, 2);
                containers(h, ID, "../../etc");
                assert_int_equal(log_files_counts(h->l).files, 1);
                containers(h, NULL, NULL);
                containers(h, NULL, NULL);
                assert_int_equal(log_files_counts(h->l).files, 0);
        }
}

/* Whoever is back after two scans without it: what is new, and not the rest once more. */
static void back_again(void **state)
{
        CLEANUP(site_freep) struct site *h = site_new(state);
        struct entry e = { DENIED "a", strlen(DENIED "a"), "stdout", 0, 0 };

        restart(h, BROKER_LOG_JSON_FILE);
        e.at_s = clock_wall_s();
        write_entry(h, OTHER, &e);
        assert_true(log_files_add(h->l, OTHER));
        answer(h);
        assert_string_equal(follow(h), "a");
        usleep(2100000);
        for (int i = 0; i < 2; i++)
                containers(h, ID, NULL);
        assert_true(log_files_add(h->l, OTHER));
        answer(h);
        assert_string_equal(follow(h), "");
        assert_int_equal(log_files_counts(h->l).records.received, 1);
        for (int i = 0; i < 2; i++)
                containers(h, ID, NULL);
        e = (struct entry){ DENIED "b", strlen(DENIED "b"), "stdout", clock_wall_s(), 0 };
        write_entry(h, OTHER, &e);
        assert_true(log_files_add(h->l, OTHER));
        answer(h);
        assert_string_equal(follow(h), "b");
}

/* The clock of the host is set back: what is written then is new all the same. */
static void a_clock_set_back(void **state)
{
        CLEANUP(site_freep) struct site *h = site_new(state);
        struct entry e = { DENIED "a", strlen(DENIED "a"), "stdout", clock_wall_s() - 3600, 0 };

        EACH_KIND(kind) {
                restart(h, kind);
                write_entry(h, ID, &e);
                assert_string_equal(follow(h), "a");
                unlink(path_of(h, OTHER, ""));
                write_entry(h, OTHER, &(struct entry){ DENIED "b", strlen(DENIED "b"), "stdout", clock_wall_s(), 0 });
                write_entry(h, OTHER, &e);
                assert_true(log_files_add(h->l, OTHER));
                answer(h);
                assert_string_equal(follow(h), "ba");
                write_entry(h, OTHER, &e);
                assert_string_equal(follow(h), "a");
                /* It had no denied call when it was set back. */
                restart(h, kind);
                assert_int_equal(truncate(path_of(h, OTHER, ""), 0), 0);
                assert_true(log_files_add(h->l, OTHER));
                answer(h);
                assert_string_equal(follow(h), "");
                write_entry(h, OTHER, &e);
                assert_string_equal(follow(h), "a");
        }
}

static void before_the_first_scan(void **state)
{
        CLEANUP(site_freep) struct site *h = site_new(state);

        assert_int_equal(log_files_open(&h->l), 0);
        assert_false(log_files_add(h->l, ID));
        answer(h);
        assert_int_equal(h->requests, 0);
        assert_string_equal(follow(h), "");
}

/* As Docker rotates; and what is written last to the old file is read, however it goes on with that. */
static void rotated(void **state)
{
        static const char *const ways[] = { "renamed", "renamed and compressed", "deleted", "truncated" };
        CLEANUP(site_freep) struct site *h = site_new(state);

        EACH_KIND(kind)
                for (size_t way = 0; way < ARRAY_SIZE(ways); way++) {
                        char to[300];

                        print_message("%s\n", ways[way]);
                        restart(h, kind);
                        write_denied(h, "a");
                        assert_string_equal(follow(h), "a");
                        if (way < 3)
                                write_denied(h, "b");
                        snprintf(to, sizeof to, "%s", path_of(h, ID, ".1"));
                        if (way < 2)
                                assert_int_equal(rename(path_of(h, ID, ""), to), 0);
                        if (way == 1)
                                assert_int_equal(unlink(to), 0);
                        if (way == 2)
                                assert_int_equal(unlink(path_of(h, ID, "")), 0);
                        if (way == 3)
                                assert_int_equal(truncate(path_of(h, ID, ""), 0), 0);
                        write_denied(h, "c");
                        assert_string_equal(follow(h), way < 3 ? "bc" : "c");
                        write_denied(h, "d");
                        assert_string_equal(follow(h), "d");
                        assert_int_equal(log_files_counts(h->l).records.dropped, 0);
                }
}

static uint64_t bytes_of(const struct site *h) { return log_files_counts(h->l).bytes; }
static uint64_t passed_over(const struct site *h) { return log_files_counts(h->l).passed_over; }

static bool wakes(const struct site *h, int ms)
{
        struct pollfd p = { .fd = log_files_fd(h->l), .events = POLLIN };

        return poll(&p, 1, ms) == 1;
}

/* Lines without a denied call, some MiB of them. Their bytes. */
static size_t write_much(const struct site *h, size_t mib)
{
        static struct bytes b;
        const struct entry e = { "nothing that is denied, but a line of some length, as programs write them", 72, "stdout", clock_wall_s(), 0 };

        for (b.len = 0; b.len < (1 << 20);)
                add_entry(&b, h->kind, &e);
        for (size_t i = 0; i < mib; i++)
                write_bytes(h, ID, b.s, b.len);
        return mib * b.len;
}

static size_t size_of(const struct site *h)
{
        struct stat st;

        assert_int_equal(stat(path_of(h, ID, ""), &st), 0);
        return (size_t)st.st_size;
}

static void rename_to(const struct site *h, const char *suffix)
{
        char to[300];

        snprintf(to, sizeof to, "%s", path_of(h, ID, suffix));
        assert_int_equal(rename(path_of(h, ID, ""), to), 0);
}

/* A part of what there is, and the answers to the requests that follow from it. */
static void follow_once(struct site *h)
{
        assert_int_equal(log_files_process(h->l, on_denial, h), 1);
        answer(h);
}

/*
 * Docker fills files faster than they are read. The one that is being read is read to its end; then the newest follows. What was in
 * one between them is counted.
 */
static void rotated_while_behind(void **state)
{
        CLEANUP(site_freep) struct site *h = site_new(state);

        EACH_KIND(kind) {
                size_t between;

                restart(h, kind);
                h->reported = 0;
                write_much(h, 2);
                write_denied(h, "a");
                rename_to(h, ".1");
                write_much(h, 1);
                follow_once(h);
                write_denied(h, "b");
                between = size_of(h);
                rename_to(h, ".2");
                write_denied(h, "c");
                usleep(1100000);
                follow_once(h);
                assert_int_equal(h->reported, 0);
                assert_int_equal(passed_over(h), between);
                assert_string_equal(follow(h), "ac");
                write_denied(h, "d");
                assert_string_equal(follow(h), "d");
                assert_int_equal(passed_over(h), between);
                assert_int_equal(log_files_counts(h->l).records.dropped, 0);
                /* Truncated, as Docker does if it may have one file only: what was seen of it is counted. */
                write_much(h, 2);
                follow_once(h);
                between += size_of(h);
                assert_int_equal(truncate(path_of(h, ID, ""), 0), 0);
                write_denied(h, "e");
                assert_string_equal(follow(h), "e");
                assert_in_range(passed_over(h), between - LOG_BYTES_AT_ONCE - LOG_RECORD_MAX, between - 1);
                /* The reader ends with both open. */
                write_much(h, 2);
                rename_to(h, ".1");
                write_denied(h, "f");
                follow_once(h);
                unlink(path_of(h, ID, ".1"));
                unlink(path_of(h, ID, ".2"));
        }
}

/* Else it would occupy the disk. It is read to its end and while Docker goes on with it; another one of its name is read from its start. */
static void deleted(void **state)
{
        static struct bytes b;
        CLEANUP(site_freep) struct site *h = site_new(state);

        EACH_KIND(kind) {
                size_t before;
                int fd;

                restart(h, kind);
                before = descriptors();
                write_much(h, 2);
                write_denied(h, "a");
                fd = open(path_of(h, ID, ""), O_WRONLY | O_APPEND | O_CLOEXEC);
                assert_int_equal(unlink(path_of(h, ID, "")), 0);
                follow_once(h);
                assert_string_equal(follow(h), "a");
                assert_int_equal(log_files_counts(h->l).files, 1);
                b.len = 0;
                add_entry(&b, kind, &(struct entry){ DENIED "c", strlen(DENIED "c"), "stderr", clock_wall_s(), 0 });
                assert_int_equal(write(fd, b.s, b.len), b.len);
                close(fd);
                assert_int_equal(log_files_process(h->l, on_denial, h), 0);
                containers(h, ID, NULL);
                assert_string_equal(h->resources, "ac");
                assert_int_equal(log_files_counts(h->l).files, 1);
                assert_string_equal(follow(h), "");
                containers(h, ID, NULL);
                assert_string_equal(follow(h), "");
                assert_int_equal(log_files_counts(h->l).files, 0);
                assert_int_equal(log_files_counts(h->l).without, 0);
                assert_int_equal(descriptors(), before - 1);
                write_denied(h, "b");
                containers(h, ID, NULL);
                assert_string_equal(follow(h), "b");
                assert_int_equal(log_files_counts(h->l).files, 1);
                assert_int_equal(passed_over(h), 0);
        }
}

/* Where the file cannot be read this is no end: it is an error, until it can be, or until there is another one. */
static void read_errors(void **state)
{
        CLEANUP(site_freep) struct site *h = site_new(state);
        struct broker_request rq;
        struct log_file_counts c;

        h->kind = BROKER_LOG_JSON_FILE;
        assert_int_equal(log_files_open(&h->l), 0);
        log_files_set(h->l, NULL, 0);
        assert_true(log_files_add(h->l, ID));
        assert_true(log_files_next(h->l, &rq));
        log_files_take(h->l, open(h->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        assert_string_equal(follow(h), "");
        c = log_files_counts(h->l);
        assert_int_equal(c.failed, 1);
        assert_string_equal(c.failed_id, ID);
        assert_int_equal(c.failed_error, -EISDIR);
        write_denied(h, "a");
        /* The next scan's. */
        containers(h, ID, NULL);
        assert_string_equal(follow(h), "a");
        assert_int_equal(log_files_counts(h->l).failed, 0);
        assert_true(passed_over(h) > 0);
}

/* A file that cannot be opened, until it can be. */
static void open_errors(void **state)
{
        CLEANUP(site_freep) struct site *h = site_new(state);
        struct log_file_counts c;

        h->kind = BROKER_LOG_LOCAL;
        write_text(h, "it starts");
        assert_int_equal(log_files_open(&h->l), 0);
        h->error = -ELOOP;
        containers(h, ID, NULL);
        c = log_files_counts(h->l);
        assert_int_equal(c.failed, 1);
        assert_string_equal(c.failed_id, ID);
        assert_int_equal(c.failed_error, -ELOOP);
        /* The broker is away, which says nothing of the file. */
        h->error = -EPIPE;
        containers(h, ID, NULL);
        assert_int_equal(log_files_counts(h->l).failed, 1);
        h->error = 0;
        containers(h, ID, NULL);
        assert_int_equal(log_files_counts(h->l).failed, 0);
        assert_int_equal(log_files_counts(h->l).files, 1);
}

/* Nothing shows at the file itself that it is renamed: its change time is as coarse as the kernel's clock. It is checked from time to time. */
static void renamed_without_a_trace(void **state)
{
        CLEANUP(site_freep) struct site *h = site_new(state);
        char directory[256], to[300];

        restart(h, BROKER_LOG_LOCAL);
        follow(h);
        snprintf(directory, sizeof directory, "%s/%s/local-logs", h->directory, ID);
        snprintf(to, sizeof to, "%s-1", directory);
        assert_int_equal(rename(directory, to), 0);
        assert_int_equal(mkdir(directory, 0755), 0);
        write_denied(h, "a");
        assert_string_equal(follow(h), "a");
}

/* Renamed by somebody else, and Docker goes on in that file; a hard link; the file comes back later. */
static void renamed_but_written_to(void **state)
{
        CLEANUP(site_freep) struct site *h = site_new(state);
        char to[300];
        struct bytes *b = calloc(1, sizeof *b);
        int fd;

        restart(h, BROKER_LOG_LOCAL);
        snprintf(to, sizeof to, "%s", path_of(h, ID, ".old"));
        fd = open(path_of(h, ID, ""), O_WRONLY | O_APPEND | O_CLOEXEC);
        assert_int_equal(rename(path_of(h, ID, ""), to), 0);
        assert_string_equal(follow(h), "");
        add_local(b, &(struct entry){ DENIED "a", strlen(DENIED "a"), "stderr", clock_wall_s(), 0 });
        assert_int_equal(write(fd, b->s, b->len), b->len);
        assert_string_equal(follow(h), "a");
        /* Not again before the next scan, or some seconds. */
        h->requests = 0;
        follow(h);
        assert_int_equal(h->requests, 0);
        assert_int_equal(link(to, path_of(h, ID, "")), 0);
        containers(h, ID, NULL);
        assert_int_equal(h->requests, 1);
        assert_int_equal(write(fd, b->s, b->len), b->len);
        assert_string_equal(follow(h), "a");
        assert_int_equal(unlink(path_of(h, ID, "")), 0);
        write_denied(h, "b");
        containers(h, ID, NULL);
        assert_string_equal(follow(h), "b");
        close(fd);
        free(b);
}

static void half_written(void **state)
{
        static struct bytes b;
        CLEANUP(site_freep) struct site *h = site_new(state);

        EACH_KIND(kind) {
                restart(h, kind);
                b.len = 0;
                add_entry(&b, kind, &(struct entry){ DENIED "a", strlen(DENIED "a"), "stderr", clock_wall_s(), 0 });
                for (size_t at = 0; at < b.len; at++) {
                        if (at % 50 == 0)
                                assert_string_equal(follow(h), "");
                        write_bytes(h, ID, b.s + at, 1);
                }
                assert_string_equal(follow(h), "a");
                /* dockerd was killed while it wrote. */
                write_bytes(h, ID, b.s, b.len / 2);
                assert_string_equal(follow(h), "");
                assert_int_equal(truncate(path_of(h, ID, ""), 0), 0);
                assert_string_equal(follow(h), "");
                write_denied(h, "b");
                assert_string_equal(follow(h), "b");
                write_bytes(h, ID, b.s, b.len / 2);
                assert_int_equal(unlink(path_of(h, ID, "")), 0);
                write_denied(h, "c");
                assert_string_equal(follow(h), "c");
                assert_int_equal(log_files_counts(h->l).records.dropped, 1);
        }
}

/* A line of three parts, of which each cut goes through a denied call. */
static void lines_in_parts(void **state)
{
        static char line[3 * LOG_PART_MIN];
        CLEANUP(site_freep) struct site *h = site_new(state);
        size_t cut = LOG_PART_MIN;

        EACH_KIND(kind) {
                restart(h, kind);
                memset(line, 'x', sizeof line);
                memcpy(line + 100, DENIED "a ", strlen(DENIED "a "));
                memcpy(line + cut - 90, DENIED "b ", strlen(DENIED "b "));
                memcpy(line + 2 * cut - 30, DENIED "c ", strlen(DENIED "c "));
                write_entry(h, ID, &(struct entry){ line, cut, "stdout", clock_wall_s(), 1 });
                assert_string_equal(follow(h), "a");
                write_text(h, "in between, on the other stream");
                write_entry(h, ID, &(struct entry){ line + cut, cut, "stdout", clock_wall_s(), 1 });
                assert_string_equal(follow(h), "b");
                write_entry(h, ID, &(struct entry){ line + 2 * cut, 500, "stdout", clock_wall_s(), 2 });
                assert_string_equal(follow(h), "c");
                /* The line has ended: what comes is another one. */
                write_entry(h, ID, &(struct entry){ line + cut, 200, "stdout", clock_wall_s(), 0 });
                assert_string_equal(follow(h), "");
                /* A part that nothing follows. */
                write_entry(h, ID, &(struct entry){ line, cut, "stdout", clock_wall_s(), 1 });
                assert_string_equal(follow(h), "a");
        }
}

/* A cut repeats nothing and hides nothing: what is near it on either side, and what it goes through anywhere. */
static void near_a_cut(void **state)
{
        static char line[3 * LOG_PART_MIN];
        CLEANUP(site_freep) struct site *h = site_new(state);
        const size_t cut = LOG_PART_MIN;

        EACH_KIND(kind) {
                for (size_t before = 0; before < 300; before += 11) {
                        restart(h, kind);
                        memset(line, ' ', sizeof line);
                        memcpy(line + cut - before, DENIED "a ", strlen(DENIED "a "));
                        memcpy(line + cut + 6000, DENIED "b ", strlen(DENIED "b "));
                        write_entry(h, ID, &(struct entry){ line, cut, "stdout", clock_wall_s(), 1 });
                        write_entry(h, ID, &(struct entry){ line + cut, cut, "stdout", clock_wall_s(), 2 });
                        assert_string_equal(follow(h), "ab");
                }
                /* Nothing in the second part looks like a denied call. */
                restart(h, kind);
                memset(line, ' ', sizeof line);
                memcpy(line + cut - strlen(DENIED) + 10, DENIED "a", strlen(DENIED "a"));
                write_entry(h, ID, &(struct entry){ line, cut, "stdout", clock_wall_s(), 1 });
                assert_string_equal(follow(h), "");
                write_entry(h, ID, &(struct entry){ line + cut, 20, "stdout", clock_wall_s(), 2 });
                assert_string_equal(follow(h), "a");
                /* What was found in the first part is found once; and after truncation nothing goes on. */
                restart(h, kind);
                memset(line, ' ', sizeof line);
                memcpy(line + cut - 5000, DENIED "a ", strlen(DENIED "a "));
                write_entry(h, ID, &(struct entry){ line, cut, "stdout", clock_wall_s(), 1 });
                write_entry(h, ID, &(struct entry){ line + cut, 20, "stdout", clock_wall_s(), 2 });
                assert_string_equal(follow(h), "a");
                memset(line, ' ', sizeof line);
                memcpy(line + cut - strlen(DENIED), DENIED "b", strlen(DENIED "b"));
                write_entry(h, ID, &(struct entry){ line, cut, "stdout", clock_wall_s(), 1 });
                assert_string_equal(follow(h), "");
                assert_int_equal(truncate(path_of(h, ID, ""), 0), 0);
                write_entry(h, ID, &(struct entry){ line + cut, 20, "stdout", clock_wall_s(), 0 });
                assert_string_equal(follow(h), "");
                /* The lines of both streams have parts: what is known of the one by then is not lost. */
                restart(h, kind);
                memset(line, ' ', sizeof line);
                write_entry(h, ID, &(struct entry){ line, cut, "stdout", clock_wall_s(), 1 });
                memcpy(line + cut - 1000, DENIED "c ", strlen(DENIED "c "));
                write_entry(h, ID, &(struct entry){ line, cut, "stderr", clock_wall_s(), 1 });
                assert_string_equal(follow(h), "");
                memset(line + cut - 1000, ' ', 1000);
                write_entry(h, ID, &(struct entry){ line, cut, "stdout", clock_wall_s(), 1 });
                assert_string_equal(follow(h), "c");
                assert_int_equal(h->priority, 3);
        }
}

/* Other words like those of a denied call come first. */
static void other_words_before_it(void **state)
{
        static const char other[] = "java.nio.file.AccessDeniedException: /var/lib/x ";
        static char line[200000];
        CLEANUP(site_freep) struct site *h = site_new(state);

        memset(line, ' ', sizeof line);
        for (int i = 0; i < LOG_TEXTS_OF_RECORD - 2; i++)
                memcpy(line + 100 + (size_t)i * 30000, other, strlen(other));
        memcpy(line + 150000, DENIED "a ", strlen(DENIED "a "));
        memcpy(line + 156000, DENIED "b ", strlen(DENIED "b "));
        memcpy(line + 190000, DENIED "c ", strlen(DENIED "c "));
        EACH_KIND(kind) {
                restart(h, kind);
                write_entry(h, ID, &(struct entry){ line, sizeof line, "stdout", clock_wall_s(), 0 });
                assert_string_equal(follow(h), "ab");
        }
}

/* Lines longer than a record may be; a denied call in the midst of one that is not. */
static void long_lines(void **state)
{
        static char line[(size_t)900 << 10];
        CLEANUP(site_freep) struct site *h = site_new(state);

        memset(line, 'x', sizeof line);
        memcpy(line + 150000, DENIED "a ", strlen(DENIED "a "));
        EACH_KIND(kind) {
                restart(h, kind);
                write_entry(h, ID, &(struct entry){ line, 200000, "stdout", clock_wall_s(), 0 });
                assert_string_equal(follow(h), "a");
                write_entry(h, ID, &(struct entry){ line, sizeof line, "stdout", clock_wall_s(), 0 });
                write_denied(h, "b");
                assert_string_equal(follow(h), "b");
                assert_int_equal(log_files_counts(h->l).records.dropped, 1);
        }
}

/* What is no record: of a line one is passed over, and of lengths all that there is by now. */
static void malformed(void **state)
{
        static char filler[(size_t)400 << 10];
        CLEANUP(site_freep) struct site *h = site_new(state);

        EACH_KIND(kind) {
                restart(h, kind);
                write_bytes(h, ID, "AccessDenied\n\n\0\0\0\n", 18);
                write_denied(h, "a");
                assert_string_equal(follow(h), kind == BROKER_LOG_JSON_FILE ? "a" : "");
                assert_int_equal(log_files_counts(h->l).records.dropped, 1);
                assert_int_equal(log_files_counts(h->l).passed_over > 0, kind != BROKER_LOG_JSON_FILE);
                write_denied(h, "b");
                assert_string_equal(follow(h), "b");
        }
        /* Lengths of a record that is too long, and the second one is another; or it has not come yet. */
        memcpy(filler, "\x00\x06\x00\x00", 4);
        write_bytes(h, ID, filler, sizeof filler);
        write_denied(h, "c");
        assert_string_equal(follow(h), "");
        assert_int_equal(log_files_counts(h->l).records.dropped, 2);
        memcpy(filler, "\x00\x07\x00\x00", 4);
        write_bytes(h, ID, filler, sizeof filler);
        assert_string_equal(follow(h), "");
        assert_int_equal(log_files_counts(h->l).records.dropped, 2);
        memset(filler, 0, 4);
        write_bytes(h, ID, filler, sizeof filler);
        assert_string_equal(follow(h), "");
        assert_int_equal(log_files_counts(h->l).records.dropped, 3);
}

/* Some MiB in a second, of all files together, and no more at once than a part of it; of a flood only the end. */
static void floods(void **state)
{
        static struct bytes b;
        CLEANUP(site_freep) struct site *h = site_new(state);
        uint64_t first, before;

        for (size_t i = 0; i < 1000; i++)
                add_local(&b, &(struct entry){ "nothing that is denied, but a line of some length, as programs write them", 72, "stdout", clock_wall_s(), 0 });
        restart(h, BROKER_LOG_LOCAL);
        write_entry(h, OTHER, &(struct entry){ "x", 1, "stdout", clock_wall_s(), 0 });
        assert_true(log_files_add(h->l, OTHER));
        answer(h);
        follow(h);
        first = bytes_of(h);
        for (size_t i = 0; i < 70; i++)
                write_bytes(h, ID, b.s, b.len);
        write_denied(h, "a");
        write_entry(h, OTHER, &(struct entry){ DENIED "b", strlen(DENIED "b"), "stdout", clock_wall_s(), 0 });
        while (wakes(h, 0))
                assert_in_range(log_files_process(h->l, on_denial, h), 0, 1);
        assert_true(wakes(h, 1500));
        before = bytes_of(h);
        /* A part at once. */
        assert_int_equal(log_files_process(h->l, on_denial, h), 1);
        assert_in_range(bytes_of(h) - before, 1, LOG_BYTES_AT_ONCE + LOG_RECORD_MAX);
        assert_true(wakes(h, 0));
        assert_string_equal(follow(h), "");
        assert_in_range(bytes_of(h) - before, LOG_BYTES_PER_TICK - LOG_RECORD_MAX, LOG_BYTES_PER_TICK + LOG_RECORD_MAX);
        assert_false(wakes(h, 0));
        for (int i = 0; i < 4 && h->reported == 0; i++) {
                assert_true(wakes(h, 1500));
                follow(h);
        }
        assert_string_equal(h->resources, "a");
        assert_int_equal(log_files_counts(h->l).passed_over, 0);
        assert_in_range(bytes_of(h) - first, 70 * b.len, 71 * b.len);
        for (size_t i = 0; i < 200; i++)
                write_bytes(h, ID, b.s, b.len);
        assert_string_equal(follow(h), "");
        assert_in_range(log_files_counts(h->l).passed_over, 200 * b.len, 201 * b.len);
        write_denied(h, "c");
        assert_string_equal(follow(h), "c");
}

/* What must be decoded takes longer than what is only read: it is as bounded. */
static void floods_of_denied_calls(void **state)
{
        static struct bytes b;
        const uint64_t at_once = LOG_BYTES_AT_ONCE / LOG_TEXT_COST, per_tick = LOG_BYTES_PER_TICK / LOG_TEXT_COST;
        CLEANUP(site_freep) struct site *h = site_new(state);

        EACH_KIND(kind) {
                uint64_t before;
                size_t passes = 0;

                restart(h, kind);
                for (b.len = 0; b.len < (1 << 20);)
                        add_entry(&b, kind, &(struct entry){ "(AccessDenied", 13, "stdout", clock_wall_s(), 0 });
                write_bytes(h, ID, b.s, b.len / 4);
                usleep(1100000);
                before = log_files_counts(h->l).records.received;
                for (; log_files_process(h->l, on_denial, h) > 0; passes++)
                        assert_int_equal(log_files_counts(h->l).records.received - before, at_once * (passes + 1));
                assert_in_range(log_files_counts(h->l).records.received - before, per_tick, 2 * per_tick);
                assert_in_range(passes, per_tick / at_once - 1, 2 * per_tick / at_once);
        }
}

/* Which files are requested, and when again. */
static void requests(void **state)
{
        CLEANUP(site_freep) struct site *h = site_new(state);

        h->kind = BROKER_LOG_MAX;
        assert_int_equal(log_files_open(&h->l), 0);
        containers(h, ID, NULL);
        assert_int_equal(h->requests, BROKER_LOG_MAX);
        assert_int_equal(log_files_counts(h->l).without, 1);
        follow(h);
        assert_int_equal(h->requests, BROKER_LOG_MAX);
        h->error = -EPIPE;
        containers(h, ID, NULL);
        assert_int_equal(log_files_counts(h->l).without, 1);
        h->error = 0;
        h->requests = BROKER_LOG_MAX;
        /* It has one by the next scan: all of it is new. */
        h->kind = BROKER_LOG_CACHED;
        write_denied(h, "a");
        containers(h, ID, NULL);
        assert_int_equal(h->requests, 2 * BROKER_LOG_MAX);
        assert_int_equal(log_files_counts(h->l).without, 0);
        assert_string_equal(follow(h), "a");
        log_files_close(TAKE(h->l));
        /* It is listed before it starts; and one that is in no list counts nowhere. */
        unlink(path_of(h, ID, ""));
        assert_int_equal(log_files_open(&h->l), 0);
        containers(h, ID, NULL);
        assert_true(log_files_add(h->l, OTHER));
        answer(h);
        assert_int_equal(log_files_counts(h->l).without, 1);
        write_denied(h, "b");
        h->requests = 0;
        for (int i = 0; i < 10; i++) {
                assert_false(log_files_add(h->l, ID));
                answer(h);
        }
        assert_int_equal(h->requests, 0);
        assert_true(wakes(h, 1500));
        assert_string_equal(follow(h), "b");
        assert_int_equal(h->requests, BROKER_LOG_MAX);
        assert_int_equal(log_files_counts(h->l).without, 0);
        log_files_close(TAKE(h->l));
        /* The broker is away: once, and again with the next scan. */
        h->error = -EPIPE;
        h->requests = 0;
        assert_int_equal(log_files_open(&h->l), 0);
        containers(h, ID, NULL);
        follow(h);
        assert_int_equal(h->requests, 1);
        assert_int_equal(log_files_counts(h->l).without, 0);
        h->error = 0;
        containers(h, ID, NULL);
        assert_int_equal(log_files_counts(h->l).files, 1);
        /* An answer that nobody waits for, or of a container that is forgotten. */
        log_files_take(h->l, open("/dev/null", O_RDONLY | O_CLOEXEC));
        log_files_take(h->l, -ENOENT);
        assert_int_equal(log_files_counts(h->l).files, 1);
}

static void many_containers(void **state)
{
        char ids[LOG_FILES_MAX + 10][65];
        const char *list[LOG_FILES_MAX + 10];
        CLEANUP(site_freep) struct site *h = site_new(state);

        for (size_t i = 0; i < LOG_FILES_MAX + 10; i++) {
                snprintf(ids[i], sizeof ids[i], "%064zx", i);
                list[i] = ids[i];
        }
        h->kind = BROKER_LOG_MAX;
        assert_int_equal(log_files_open(&h->l), 0);
        log_files_set(h->l, list, ARRAY_SIZE(list));
        answer(h);
        assert_int_equal(log_files_counts(h->l).without, LOG_FILES_MAX);
        assert_int_equal(log_files_counts(h->l).left_out, 10);
        assert_int_equal(h->requests, LOG_FILES_MAX * BROKER_LOG_MAX);
        log_files_set(h->l, list, LOG_FILES_MAX);
        assert_int_equal(log_files_counts(h->l).left_out, 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(json_records), cmocka_unit_test(local_records),
                cmocka_unit_test(from_now_on), cmocka_unit_test(new_containers), cmocka_unit_test(before_the_first_scan),
                cmocka_unit_test(back_again), cmocka_unit_test(a_clock_set_back),
                cmocka_unit_test(rotated), cmocka_unit_test(rotated_while_behind), cmocka_unit_test(deleted), cmocka_unit_test(read_errors), cmocka_unit_test(renamed_without_a_trace), cmocka_unit_test(open_errors),
                cmocka_unit_test(renamed_but_written_to), cmocka_unit_test(half_written),
                cmocka_unit_test(lines_in_parts), cmocka_unit_test(near_a_cut), cmocka_unit_test(other_words_before_it), cmocka_unit_test(long_lines), cmocka_unit_test(malformed),
                cmocka_unit_test(floods), cmocka_unit_test(floods_of_denied_calls), cmocka_unit_test(requests), cmocka_unit_test(many_containers),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
