#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include "log_file.h"
#include "rolewatch/limits.h"

/* Docker's own reader takes no longer message. */
#define LOCAL_RECORD_MAX ((uint64_t)1000000 + 8)

#define UNCHANGED_CHECKS 16

/* ---- a record ---- */

static int record_read(struct log_file *f, const struct log_record *x, struct log_reading *to)
{
        to->counts->records.received++;
        if (x->at_us && x->at_us < f->since_us)
                return 0;
        /* Those behind it came later, whatever the clock says by then. */
        if (x->at_us)
                f->since_us = 0;
        return log_texts_read(f->id, &f->part, x, to);
}

/* ---- records of each format: bytes of whole ones; -EBADMSG: here is none; -ENOMEM ---- */

/* Few lines are decoded: those that can have a denied call in them, and those that may be a part of a line. */
static int json_line_read(struct log_file *f, struct span line, struct log_reading *to)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        struct log_record x = { 0 };
        int r;

        if (!f->part.s && line.len < LOG_PART_MIN && !log_line_hint(line.s, line.len))
                return 0;
        r = arena_new(EVIDENCE_MEMORY, &a);
        if (r == 0)
                r = log_json_parse(a, line.s, line.len, &x);
        if (r == -EBADMSG) {
                to->counts->records.dropped++;
                return 0;
        }
        return r < 0 ? r : record_read(f, &x, to);
}

static ssize_t json_read(struct log_file *f, struct span in, struct log_reading *to)
{
        const char *at = in.s, *end = in.s + in.len, *newline;

        while (to->cost < LOG_BYTES_AT_ONCE && (newline = memchr(at, '\n', (size_t)(end - at)))) {
                int r = f->skipping ? 0 : json_line_read(f, (struct span){ at, (size_t)(newline - at) }, to);

                if (r < 0)
                        return r;
                f->skipping = false;
                at = newline + 1;
        }
        if (at == in.s && in.len == LOG_RECORD_MAX) {
                to->counts->records.dropped += !f->skipping;
                f->skipping = true;
                at = end;
        }
        return at - in.s;
}

static ssize_t local_read(struct log_file *f, struct span in, struct log_reading *to)
{
        const char *at = in.s, *end = in.s + in.len;

        while (at < end && to->cost < LOG_BYTES_AT_ONCE) {
                struct log_record x;
                ssize_t n = log_local_parse(at, (size_t)(end - at), &x);
                int r;

                if (n < 0 && at == in.s)
                        return n;
                if (n <= 0)
                        break;
                r = record_read(f, &x, to);
                if (r < 0)
                        return r;
                at += n;
        }
        return at - in.s;
}

/* ---- the file ---- */

static void log_file_continue_at(struct log_file *f, off_t offset)
{
        log_part_drop(&f->part);
        f->skipping = false;
        f->offset = offset;
}

static ssize_t log_file_pass_over(struct log_file *f, off_t size, struct log_reading *to)
{
        if (size > f->offset)
                to->counts->passed_over += (uint64_t)(size - f->offset);
        log_file_continue_at(f, size);
        return 1;
}

/*
 * In a file of local nothing but the lengths says where a record begins. One that is too long is passed over, if it is one by
 * its second length; else the file is continued at its end, which is the end of a record.
 */
static ssize_t local_pass_over(struct log_file *f, struct span in, off_t size, struct log_reading *to)
{
        uint64_t whole = log_local_length(in.s, in.len);
        char second[4];

        if (whole > LOG_RECORD_MAX && whole <= LOCAL_RECORD_MAX) {
                if ((uint64_t)(size - f->offset) < whole)
                        return 0;
                if (pread(f->fd, second, sizeof second, f->offset + (off_t)whole - 4) == sizeof second && memcmp(second, in.s, 4) == 0)
                        size = f->offset + (off_t)whole;
        }
        to->counts->records.dropped++;
        return log_file_pass_over(f, size, to);
}

/* At the end of the file. Once another one has its name, nothing is written to it any more. */
static ssize_t log_file_end(struct log_file *f, off_t size, struct log_reading *to)
{
        f->since_us = 0;
        if (f->next < 0)
                return 0;
        to->counts->records.dropped += size > f->offset;
        closep(&f->fd);
        f->fd = TAKE_FD(f->next);
        f->skipping = false;
        f->offset = f->size = 0;
        return 1;
}

/* One part of it, which ends with a whole record. */
static ssize_t part_read(struct log_file *f, off_t size, struct log_reading *to)
{
        ssize_t n = pread(f->fd, to->buf, LOG_RECORD_MAX, f->offset), done;
        struct span in = { to->buf, n > 0 ? (size_t)n : 0 };

        if (n < 0)
                return -errno;
        if (n == 0)
                return log_file_end(f, size, to);
        done = f->kind == BROKER_LOG_JSON_FILE ? json_read(f, in, to) : local_read(f, in, to);
        if (done > 0) {
                f->offset += done;
                to->counts->bytes += (uint64_t)done;
        } else if (done == -EBADMSG) {
                done = local_pass_over(f, in, size, to);
        }
        explicit_bzero(to->buf, in.len);
        return done ? done : log_file_end(f, size, to);
}

static ssize_t log_file_step(struct log_file *f, struct log_reading *to)
{
        struct stat st;

        if (fstat(f->fd, &st) < 0)
                return -errno;
        /* Truncated: what is known to have been there is lost. There can have been more. */
        if (st.st_size < f->offset) {
                log_file_pass_over(f, f->size, to);
                log_file_continue_at(f, 0);
        }
        f->size = st.st_size;
        if (st.st_size - f->offset > LOG_BACKLOG_MAX)
                return log_file_pass_over(f, st.st_size, to);
        if (st.st_size == f->offset)
                return log_file_end(f, st.st_size, to);
        if (!to->buf)
                to->buf = malloc(LOG_RECORD_MAX);
        return to->buf ? part_read(f, st.st_size, to) : -ENOMEM;
}

/* What cannot be read any more does not keep the file behind it from being read. */
ssize_t log_file_read(struct log_file *f, struct log_reading *to)
{
        ssize_t n = log_file_step(f, to);

        if (n >= 0 || n == -ENOMEM || f->next < 0)
                return n;
        log_file_pass_over(f, f->size, to);
        return log_file_end(f, f->offset, to);
}

static int newest_fd(const struct log_file *f) { return f->next >= 0 ? f->next : f->fd; }

/*
 * A file that is renamed or deleted has another change time, as coarse as the kernel's clock is: where nothing changed, one in
 * sixteen is checked.
 */
static bool log_file_may_be_renamed(struct log_file *f)
{
        struct stat st;
        bool same;

        if (fstat(newest_fd(f), &st) < 0)
                return false;
        same = st.st_size == f->end && st.st_ctim.tv_sec == f->changed.tv_sec && st.st_ctim.tv_nsec == f->changed.tv_nsec;
        f->end = st.st_size;
        f->changed = st.st_ctim;
        f->unchanged = same ? f->unchanged + 1 : 0;
        return f->unchanged % UNCHANGED_CHECKS == 0;
}

/* By the link in /proc, which follows a file that is renamed or deleted, also below directories that only root may search. */
bool log_file_is_renamed(struct log_file *f)
{
        static const char *const names[BROKER_LOG_MAX] = {
#define X(id, name, driver) [BROKER_LOG_##id] = name,
                BROKER_CONTAINER_LOGS(X)
#undef X
        };
        const char *name = names[f->kind] + (names[f->kind][0] == '%' ? strlen("%s") : 0);
        char link[40], path[PATH_TEXT_MAX];
        ssize_t n, len = (ssize_t)strlen(name);

        if (!log_file_may_be_renamed(f))
                return false;
        snprintf(link, sizeof link, "/proc/self/fd/%d", newest_fd(f));
        n = readlink(link, path, sizeof path);
        return n >= len && n < (ssize_t)sizeof path && memcmp(path + n - len, name, (size_t)len) != 0;
}

/* From the start; but what nobody has written to since is passed over as a whole. The time of a file is as coarse as the kernel's clock is. */
static off_t first_offset(const struct log_file *f, const struct stat *st)
{
        return f->from_start && ((int64_t)st->st_mtim.tv_sec + 1) * 1000000 >= f->since_us ? 0 : st->st_size;
}

bool log_file_is_deleted(const struct log_file *f)
{
        struct stat st;

        return f->unchanged >= UNCHANGED_CHECKS / 2 && fstat(newest_fd(f), &st) == 0 && st.st_nlink == 0;
}

/* Docker writes to the newest. The one before it, if it is not the one that is being read, has come and gone since. */
static void next_take(struct log_file *f, int fd, struct log_file_counts *counts)
{
        struct stat between;

        if (f->next >= 0 && fstat(f->next, &between) == 0)
                counts->passed_over += (uint64_t)between.st_size;
        closep(&f->next);
        f->next = fd;
}

static bool is_same_file(int a, int b)
{
        struct stat x, y;

        return fstat(a, &x) == 0 && fstat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

void log_file_take(struct log_file *f, int fd, struct log_file_counts *counts)
{
        struct stat st;

        if (f->fd < 0) {
                f->fd = fd;
                f->offset = f->size = fstat(fd, &st) == 0 ? first_offset(f, &st) : 0;
        } else if (is_same_file(fd, f->fd) || is_same_file(fd, f->next)) {
                close(fd);
        } else {
                next_take(f, fd, counts);
        }
}

void log_file_close(struct log_file *f)
{
        closep(&f->fd);
        closep(&f->next);
        f->fd = f->next = -1;
        log_part_drop(&f->part);
}
