/* log_files -- the log files of all containers: which to request from the broker, and a bounded part of each per second. */
#include <stdio.h>
#include <sys/timerfd.h>
#include "log_file.h"
#include "rolewatch/io.h"
#include "rolewatch/limits.h"

#define TICK_S 1
#define RETRY_TICKS 16
#define MISSING_MAX 1                  /* a container can be newer than the scan that does not list it */

struct log_files {
        struct wake_fd wake_fd;
        int timer;
        size_t n, left_out;            /* left_out: of the last call of log_files_set */
        size_t turn;                   /* the file that is read next, if it is due */
        size_t budget;                 /* bytes that may still be read before the next tick; a text that is decoded costs some, too */
        uint64_t tick;
        int64_t set_us, set_before_us; /* the last call of log_files_set and the one before, since the epoch; before: when l was opened */
        bool begun;                    /* containers that are new from now on are read from their start */
        bool awaiting;                 /* the answer to the request for this container */
        char requested[CONTAINER_ID_LEN + 1];
        struct log_file_counts counts;
        struct log_file list[LOG_FILES_MAX];
};

static struct log_file *file_find(struct log_files *l, const char *id)
{
        for (size_t i = 0; i < l->n; i++)
                if (memcmp(l->list[i].id, id, CONTAINER_ID_LEN) == 0)
                        return &l->list[i];
        return NULL;
}

/* ---- containers ---- */

/*
 * What is not known was in neither of the last two scans, and each begins after the one before was set: a container that begins to run
 * has written nothing before that, and one that is back from before that, only what was read then. Unless the clock was set back.
 */
static void file_from_start(struct log_files *l, struct log_file *f)
{
        f->from_start = true;
        f->since_us = l->set_before_us <= clock_wall_s() * 1000000 ? l->set_before_us : 0;
}

/* NULL: there are as many as can be followed. */
static struct log_file *file_add(struct log_files *l, const char *id)
{
        struct log_file *f = l->n < LOG_FILES_MAX ? &l->list[l->n++] : NULL;

        if (!f)
                return NULL;
        *f = (struct log_file){ .fd = -1, .next = -1, .wanted = true };
        memcpy(f->id, id, CONTAINER_ID_LEN);
        if (l->begun)
                file_from_start(l, f);
        return f;
}

/* Nothing of a container that was searched for in vain can have come but by a start of it. */
static void file_search_again(struct log_files *l, struct log_file *f, uint64_t tick)
{
        f->retry_tick = tick;
        if (!f->none || f->wanted)
                return;
        f->kind = 0;
        f->wanted = true;
        file_from_start(l, f);
}

/* One that was listed before it started has its file by now: it is searched for once per tick, however much it executes. */
bool log_files_add(struct log_files *l, const char *id)
{
        struct log_file *f;

        if (!l->begun || !is_container_id(id, strlen(id)))
                return false;
        f = file_find(l, id);
        if (f && f->none && !f->wanted)
                file_search_again(l, f, l->tick + 1);
        return !f && file_add(l, id);
}

bool log_files_follow(struct log_files *l, const char *id) { return is_container_id(id, strlen(id)) && file_find(l, id); }

/* False: there are too many. */
static bool file_list(struct log_files *l, const char *id)
{
        struct log_file *f = file_find(l, id);

        if (f)
                file_search_again(l, f, 0);
        else
                f = file_add(l, id);
        if (!f)
                return false;
        f->missing = 0;
        f->listed = true;
        return true;
}

static void missing_forget(struct log_files *l)
{
        size_t n = 0;

        for (size_t i = 0; i < l->n; i++) {
                if (l->list[i].missing > MISSING_MAX)
                        log_file_close(&l->list[i]);
                else
                        l->list[n++] = l->list[i];
        }
        l->n = n;
}

void log_files_set(struct log_files *l, const char *const *ids, size_t n)
{
        for (size_t i = 0; i < l->n; i++)
                l->list[i].missing++;
        l->left_out = 0;
        for (size_t i = 0; i < n; i++)
                if (is_container_id(ids[i], strlen(ids[i])))
                        l->left_out += !file_list(l, ids[i]);
        missing_forget(l);
        l->begun = true;
        l->set_before_us = l->set_us;
        l->set_us = clock_wall_s() * 1000000;
}

/* ---- requests ---- */

bool log_files_next(struct log_files *l, struct broker_request *ret)
{
        for (size_t i = 0; !l->awaiting && i < l->n; i++) {
                const struct log_file *f = &l->list[i];

                if (!f->wanted || f->retry_tick > l->tick)
                        continue;
                memcpy(l->requested, f->id, sizeof l->requested);
                *ret = (struct broker_request){ .op = BROKER_CONTAINER_LOG, .number = (int)f->kind, .container_id = l->requested };
                l->awaiting = true;
                return true;
        }
        return false;
}

static void file_set_due(struct log_files *l, struct log_file *f)
{
        f->due = true;
        wake_fd_more(&l->wake_fd, true);
}

void log_files_take(struct log_files *l, int result)
{
        struct log_file *f = l->awaiting ? file_find(l, l->requested) : NULL;

        l->awaiting = false;
        if (!f) {
                closep(&result);
                return;
        }
        if (result != -EPIPE)
                f->open_error = result < 0 && result != -ENOENT ? result : 0;
        if (result >= 0) {
                log_file_take(f, result, &l->counts);
                f->wanted = f->none = false;
                file_set_due(l, f);
        } else if (result == -ENOENT && f->fd < 0) {
                f->kind++;
                f->wanted = f->kind < BROKER_LOG_MAX;
                f->none = f->none || !f->wanted;
        } else if (result == -ENOENT && log_file_is_deleted(f)) {
                f->wanted = false;
                f->deleted = true;
                file_set_due(l, f);
        } else {
                f->retry_tick = l->tick + RETRY_TICKS;
        }
}

/* ---- reading ---- */

/* Names are checked of those that are not read to their end, too: Docker goes on to the next file all the same. */
static void all_due(struct log_files *l)
{
        for (size_t i = 0; i < l->n; i++) {
                struct log_file *f = &l->list[i];

                f->due = f->fd >= 0;
                if (f->due && log_file_is_renamed(f))
                        f->wanted = !f->deleted;
        }
}

static void tick_read(struct log_files *l)
{
        uint64_t n;

        if (read(l->timer, &n, sizeof n) != sizeof n)
                return;
        l->tick += n;
        l->budget = LOG_BYTES_PER_TICK;
        all_due(l);
}

static struct log_file *due_next(struct log_files *l)
{
        for (size_t i = 0; i < l->n; i++) {
                struct log_file *f = &l->list[(l->turn + i) % l->n];

                if (f->due)
                        return f;
        }
        return NULL;
}

static void file_request_later(struct log_files *l, struct log_file *f)
{
        f->wanted = true;
        f->retry_tick = l->tick + RETRY_TICKS;
}

/* Its space on the disk is free again. What has its name later is another file, and all of it is new. */
static void file_close_deleted(struct log_files *l, struct log_file *f)
{
        log_file_close(f);
        f->deleted = false;
        f->read_error = 0;
        f->kind = 0;
        f->from_start = true;
        f->since_us = 0;
        file_request_later(l, f);
}

/* Bytes; -ENOMEM. */
static ssize_t file_read(struct log_files *l, struct log_file *f, struct log_reading *to)
{
        const size_t before = to->cost;
        ssize_t n = log_file_read(f, to);
        size_t charge = (n > 0 ? (size_t)n : 0) + to->cost - before;

        l->turn = (size_t)(f - l->list) + 1;
        l->budget -= charge < l->budget ? charge : l->budget;
        f->due = n > 0;
        if (n == -ENOMEM)
                return n;
        f->read_error = n < 0 ? (int)n : 0;
        if (n < 0 && !f->wanted)
                file_request_later(l, f);
        if (n <= 0 && f->deleted)
                file_close_deleted(l, f);
        return n < 0 ? 0 : n;
}

int log_files_process(struct log_files *l, denial_fn fn, void *userdata)
{
        struct log_reading to = { .counts = &l->counts, .fn = fn, .userdata = userdata };
        struct log_file *f = NULL;
        size_t bytes = 0;
        ssize_t n = 0;

        wake_fd_more(&l->wake_fd, false);
        tick_read(l);
        if (!due_next(l))
                all_due(l);
        while (n >= 0 && l->budget && bytes + to.cost < LOG_BYTES_AT_ONCE && (f = due_next(l))) {
                n = file_read(l, f, &to);
                bytes += n > 0 ? (size_t)n : 0;
        }
        free(to.buf);
        if (n < 0)
                return (int)n;
        if (!f || !l->budget)
                return 0;
        wake_fd_more(&l->wake_fd, true);
        return 1;
}

/* ---- all of it ---- */

int log_files_open(struct log_files **ret)
{
        CLEANUP(log_files_closep) struct log_files *l = calloc(1, sizeof *l);
        const struct itimerspec every = { { TICK_S, 0 }, { TICK_S, 0 } };
        int r;

        if (!l)
                return -ENOMEM;
        l->wake_fd = (struct wake_fd)WAKE_FD_NONE;
        l->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
        if (l->timer < 0 || timerfd_settime(l->timer, 0, &every, NULL) < 0)
                return -errno;
        r = wake_fd_open(&l->wake_fd);
        if (r == 0)
                r = wake_fd_add(&l->wake_fd, l->timer);
        if (r < 0)
                return r;
        l->set_us = l->set_before_us = clock_wall_s() * 1000000;
        l->budget = LOG_BYTES_PER_TICK;
        *ret = TAKE(l);
        return 0;
}

void log_files_close(struct log_files *l)
{
        if (!l)
                return;
        for (size_t i = 0; i < l->n; i++)
                log_file_close(&l->list[i]);
        closep(&l->timer);
        wake_fd_close(&l->wake_fd);
        free(l);
}

int log_files_fd(const struct log_files *l) { return l->wake_fd.epoll; }

struct log_file_counts log_files_counts(const struct log_files *l)
{
        struct log_file_counts c = l->counts;

        c.left_out = l->left_out;
        for (size_t i = 0; i < l->n; i++) {
                const struct log_file *f = &l->list[i];

                c.files += f->fd >= 0;
                c.without += f->none && f->listed;
                c.wanted += f->wanted;
                if (!f->open_error && !f->read_error)
                        continue;
                if (c.failed++ == 0) {
                        c.failed_id = f->id;
                        c.failed_error = f->open_error ? f->open_error : f->read_error;
                }
        }
        return c;
}
