#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>
#include "helper_log_site.h"
#include "helper_tree.h"
#include "rolewatch/io.h"

void bytes_add(struct bytes *b, const void *s, size_t len)
{
        assert_true(b->len + len <= sizeof b->s);
        memcpy(b->s + b->len, s, len);
        b->len += len;
}

void bytes_add_varint(struct bytes *b, uint64_t v)
{
        for (; v > 127; v >>= 7)
                bytes_add(b, &(unsigned char){ (unsigned char)(v | 128) }, 1);
        bytes_add(b, &(unsigned char){ (unsigned char)v }, 1);
}

void bytes_add_field(struct bytes *b, unsigned number, const void *s, size_t len)
{
        bytes_add_varint(b, number << 3 | 2);
        bytes_add_varint(b, len);
        bytes_add(b, s, len);
}

void bytes_add_length(struct bytes *b, size_t n)
{
        bytes_add(b, (unsigned char[]){ (unsigned char)(n >> 24), (unsigned char)(n >> 16), (unsigned char)(n >> 8), (unsigned char)n }, 4);
}

void bytes_add_local(struct bytes *b, const struct entry *e)
{
        static struct bytes message;

        message.len = 0;
        bytes_add_field(&message, 1, e->stream, strlen(e->stream));
        bytes_add_varint(&message, 2 << 3);
        bytes_add_varint(&message, (uint64_t)e->at_s * 1000000000);
        bytes_add_field(&message, 3, e->text, e->len);
        if (e->part) {
                bytes_add_varint(&message, 4 << 3);
                bytes_add_varint(&message, 1);
                if (e->part == 2)
                        bytes_add_field(&message, 5, "\x08\x01\x12\x02xx\x18\x02", 8);
                else
                        bytes_add_field(&message, 5, "\x12\x02xx\x18\x01", 6);
        }
        /* Later releases have attributes. */
        bytes_add_field(&message, 6, "\x0a\x01k\x12\x01v", 6);
        bytes_add_length(b, message.len);
        bytes_add(b, message.s, message.len);
        bytes_add_length(b, message.len);
}

/* As Go writes JSON: angle brackets and ampersands are escaped, too. */
static void bytes_add_json(struct bytes *b, const struct entry *e)
{
        char when[32];
        struct tm tm;
        time_t at = (time_t)e->at_s;

        bytes_add(b, "{\"log\":\"", 8);
        for (size_t i = 0; i < e->len; i++) {
                char code[8];

                snprintf(code, sizeof code, "\\u%04x", (unsigned char)e->text[i]);
                if (strchr("<>&", e->text[i]))
                        bytes_add(b, code, 6);
                else if (strchr("\"\\", e->text[i]))
                        bytes_add(b, (char[]){ '\\', e->text[i] }, 2);
                else
                        bytes_add(b, &e->text[i], 1);
        }
        if (e->part != 1)
                bytes_add(b, "\\n", 2);
        gmtime_r(&at, &tm);
        strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%S", &tm);
        b->len += (size_t)snprintf(b->s + b->len, sizeof b->s - b->len, "\",\"stream\":\"%s\",\"time\":\"%s.123456789Z\"}\n", e->stream, when);
}

void bytes_add_entry(struct bytes *b, enum broker_container_log kind, const struct entry *e)
{
        (kind == BROKER_LOG_JSON_FILE ? bytes_add_json : bytes_add_local)(b, e);
}

const char *site_path(const struct site *h, const char *id, const char *suffix)
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

size_t open_descriptors(void)
{
        DIR *list = opendir("/proc/self/fd");
        size_t n = 0;

        assert_non_null(list);
        while (readdir(list))
                n++;
        closedir(list);
        return n;
}

void site_freep(struct site **h)
{
        log_files_close((*h)->l);
        tree_remove((*h)->directory);
        assert_int_equal(open_descriptors(), (*h)->descriptors);
        free(*h);
}

struct site *site_new(void **state)
{
        static const char *const ids[] = { ID, OTHER };
        struct site *h = calloc(1, sizeof *h);

        h->descriptors = open_descriptors();
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

void site_write_bytes(const struct site *h, const char *id, const void *s, size_t len)
{
        int fd = open(site_path(h, id, ""), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);

        assert_int_equal(write(fd, s, len), len);
        close(fd);
}

void site_write_entry(const struct site *h, const char *id, const struct entry *e)
{
        static struct bytes b;

        b.len = 0;
        bytes_add_entry(&b, h->kind, e);
        site_write_bytes(h, id, b.s, b.len);
}

void site_write_text(const struct site *h, const char *text)
{
        site_write_entry(h, ID, &(struct entry){ text, strlen(text), "stderr", clock_wall_s(), 0 });
}

void site_write_denied(const struct site *h, const char *topic)
{
        char text[512];

        snprintf(text, sizeof text, DENIED "%s because no identity-based policy allows the SNS:Publish action", topic);
        site_write_text(h, text);
}

void site_on_denial(void *userdata, const struct denial_line *d)
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

void site_answer(struct site *h)
{
        struct broker_request rq;

        while (log_files_next(h->l, &rq)) {
                int fd;

                h->requests++;
                assert_int_equal(rq.op, BROKER_CONTAINER_LOG);
                assert_false(log_files_next(h->l, &(struct broker_request){ .number = 0 }));
                fd = h->error ? h->error : (int)h->kind != rq.number ? -ENOENT : open(site_path(h, rq.container_id, ""), O_RDONLY | O_CLOEXEC);
                log_files_take(h->l, fd < 0 && !h->error ? -ENOENT : fd);
        }
}

const char *site_follow(struct site *h)
{
        h->reported = 0;
        h->resources[0] = '\0';
        for (int i = 0, r = 1; i < 1000 && (r || i < 20); i++) {
                r = log_files_process(h->l, site_on_denial, h);
                assert_in_range(r, 0, 1);
                site_answer(h);
        }
        return h->resources;
}

void site_containers(struct site *h, const char *a, const char *b)
{
        log_files_set(h->l, (const char *const[]){ a, b }, (size_t)!!a + !!b);
        site_answer(h);
}

void site_start(struct site *h, enum broker_container_log kind)
{
        h->kind = kind;
        assert_int_equal(log_files_open(&h->l), 0);
        site_containers(h, ID, NULL);
        assert_string_equal(site_follow(h), "");
}

void site_restart(struct site *h, enum broker_container_log kind)
{
        log_files_close(h->l);
        h->l = NULL;
        unlink(site_path(h, ID, ""));
        h->kind = kind;
        site_write_text(h, "it starts");
        site_start(h, kind);
}

uint64_t site_bytes_read(const struct site *h) { return log_files_counts(h->l).bytes; }
uint64_t site_passed_over(const struct site *h) { return log_files_counts(h->l).passed_over; }

bool site_wakes(const struct site *h, int ms)
{
        struct pollfd p = { .fd = log_files_fd(h->l), .events = POLLIN };

        return poll(&p, 1, ms) == 1;
}

size_t site_write_much(const struct site *h, size_t mib)
{
        static struct bytes b;
        const struct entry e = { "nothing that is denied, but a line of some length, as programs write them", 72, "stdout", clock_wall_s(), 0 };

        for (b.len = 0; b.len < (1 << 20);)
                bytes_add_entry(&b, h->kind, &e);
        for (size_t i = 0; i < mib; i++)
                site_write_bytes(h, ID, b.s, b.len);
        return mib * b.len;
}

size_t site_size(const struct site *h)
{
        struct stat st;

        assert_int_equal(stat(site_path(h, ID, ""), &st), 0);
        return (size_t)st.st_size;
}

void site_rename(const struct site *h, const char *suffix)
{
        char to[300];

        snprintf(to, sizeof to, "%s", site_path(h, ID, suffix));
        assert_int_equal(rename(site_path(h, ID, ""), to), 0);
}

void site_follow_once(struct site *h)
{
        assert_int_equal(log_files_process(h->l, site_on_denial, h), 1);
        site_answer(h);
}
