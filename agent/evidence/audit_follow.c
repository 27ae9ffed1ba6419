/*
 * Follows the agent's audit log by inode. The file that is written to is the plain
 * name; agents up to 1.35 have none, and write to the newest NAME.YYYY-MM-DD-HH.
 * Rotation renames it to NAME.YYYY-MM-DD-HH or NAME.N and makes it anew with the next
 * line; what came between two looks is read by the files' times, oldest first.
 */
#include <dirent.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include "evidence_internal.h"
#include "rolewatch/audit.h"
#include "rolewatch/io.h"
#include "rolewatch/limits.h"

#define DIRECTORY_EVENTS (IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR)

struct audit_follow {
        struct wake_fd wake_fd;
        int inotify, directory_watch, file_watch;
        char directory[PATH_TEXT_MAX], name[NAME_MAX + 1];
        int fd;                        /* -1: there is no file yet */
        struct stat at;                /* of fd, when it was opened */
        off_t offset;
        bool begun;                    /* a file that appears later is read from its start */
        bool skipping;                 /* up to the next line end: the line was too long */
        size_t pending;
        char buf[AUDIT_LINE_MAX * 4];
        struct evidence_counts counts;
};

/* ---- a line ---- */

static bool starts_with(struct span x, const char *s)
{
        return x.len >= strlen(s) && memcmp(x.s, s, strlen(s)) == 0;
}

/* By its name and its place: a container may call itself what it likes, but not from there. */
static bool is_our_own(const struct audit_line *l)
{
        return starts_with(l->user_agent, "rolewatch/") && starts_with(l->source, "127.0.0.1:");
}

static struct span audit_address(struct span source)
{
        const char *colon = memrchr(source.s, ':', source.len);

        if (colon)
                source.len = (size_t)(colon - source.s);
        if (source.len > 1 && source.s[0] == '[' && source.s[source.len - 1] == ']')
                source = (struct span){ source.s + 1, source.len - 2 };
        return source;
}

static const char *audit_text(struct arena *a, struct span x)
{
        return arena_escape(a, x.s, x.len, FIELD_MAX);
}

int audit_call_parse(struct arena *a, const char *line, size_t len, struct audit_call *ret)
{
        struct audit_call c = { 0 };
        struct audit_line l;
        char when[40];
        int r = len <= AUDIT_LINE_MAX ? audit_parse_line(line, len, &l) : -EBADMSG;

        if (r < 0)
                return r;
        if (l.when.len >= sizeof when)
                return -EBADMSG;
        snprintf(when, sizeof when, "%.*s", (int)l.when.len, l.when.s);
        if (time_parse(when, &c.at_s) < 0)
                return -EBADMSG;
        if (is_our_own(&l))
                return 0;
        c.status = l.status;
        c.kind = l.kind;
        c.from = audit_text(a, audit_address(l.source));
        c.user_agent = audit_text(a, l.user_agent);
        c.task_arn = l.task_arn.len ? audit_text(a, l.task_arn) : NULL;
        if (!c.from || !c.user_agent || (l.task_arn.len && !c.task_arn))
                return -ENOMEM;
        *ret = c;
        return 1;
}

struct sink { audit_fn fn; void *userdata; };

static int audit_report_line(struct audit_follow *f, const char *line, size_t len, const struct sink *to)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        struct audit_call c;
        int r = arena_new(EVIDENCE_MEMORY, &a);

        f->counts.received++;
        if (r == 0)
                r = audit_call_parse(a, line, len, &c);
        if (r == -ENOMEM)
                return r;
        f->counts.dropped += r < 0;
        if (r > 0) {
                f->counts.reported++;
                to->fn(to->userdata, &c);
        }
        return 0;
}

/* Tells the whole lines of the buffer and keeps the rest, which has no end yet. */
static int audit_report_lines(struct audit_follow *f, const struct sink *to)
{
        char *start = f->buf, *end = f->buf + f->pending, *newline;
        int r = 0;

        while (r == 0 && (newline = memchr(start, '\n', (size_t)(end - start)))) {
                if (!f->skipping)
                        r = audit_report_line(f, start, (size_t)(newline - start), to);
                f->skipping = false;
                start = newline + 1;
        }
        f->pending = (size_t)(end - start);
        if (f->pending > AUDIT_LINE_MAX) {
                f->counts.dropped += !f->skipping;
                f->skipping = true;
                f->pending = 0;
        }
        memmove(f->buf, start, f->pending);
        /* Clients choose what they ask for, and how they call themselves: perhaps with a secret in it. */
        explicit_bzero(f->buf + f->pending, (size_t)(end - f->buf) - f->pending);
        return r;
}

/* ---- files ---- */

static void file_close(struct audit_follow *f)
{
        if (f->file_watch >= 0)
                inotify_rm_watch(f->inotify, f->file_watch);
        f->file_watch = -1;
        closep(&f->fd);
        f->fd = -1;
        /* Nobody will finish that line. */
        f->counts.dropped += f->pending > 0;
        explicit_bzero(f->buf, f->pending);
        f->pending = 0;
        f->skipping = false;
        f->offset = 0;
}

static int path_join(char *buf, size_t size, const char *directory, const char *name)
{
        int n = snprintf(buf, size, "%s/%s", directory, name);

        return n < 0 || (size_t)n >= size ? -ENAMETOOLONG : 0;
}

/* Only if it is still the file that was found under that name. */
static bool file_open(struct audit_follow *f, const char *name, const struct stat *found)
{
        char path[PATH_TEXT_MAX + NAME_MAX + 2], self[40];
        CLEANUP(closep) int fd = -1;
        struct stat st;

        if (path_join(path, sizeof path, f->directory, name) < 0)
                return false;
        fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
        if (fd < 0 || fstat(fd, &st) < 0 || st.st_dev != found->st_dev || st.st_ino != found->st_ino)
                return false;
        file_close(f);
        f->fd = TAKE_FD(fd);
        f->at = st;
        f->offset = f->begun ? 0 : st.st_size;
        snprintf(self, sizeof self, "/proc/self/fd/%d", f->fd);
        f->file_watch = inotify_add_watch(f->inotify, self, IN_MODIFY);
        return true;
}

static bool is_later(struct timespec a, struct timespec b)
{
        return a.tv_sec != b.tv_sec ? a.tv_sec > b.tv_sec : a.tv_nsec > b.tv_nsec;
}

static bool is_ours(const struct audit_follow *f, const struct stat *st)
{
        return f->fd >= 0 && st->st_dev == f->at.st_dev && st->st_ino == f->at.st_ino;
}

struct choice { char name[NAME_MAX + 1]; struct stat st; bool found; };

static void audit_choose(struct choice *c, const char *name, const struct stat *st)
{
        snprintf(c->name, sizeof c->name, "%s", name);
        c->st = *st;
        c->found = true;
}

/* Of the rotated files the newest, or with `after` the oldest that was written to after that. */
static struct choice rotated_choose(const struct audit_follow *f, const struct timespec *after)
{
        struct choice c = { .found = false };
        size_t n = strlen(f->name), files = 0;
        DIR *d = opendir(f->directory);
        struct dirent *e;

        while (d && files < AUDIT_FILES_MAX && (e = readdir(d))) {
                struct stat st;

                if (strncmp(e->d_name, f->name, n) != 0 || e->d_name[n] != '.')
                        continue;
                files++;
                if (fstatat(dirfd(d), e->d_name, &st, 0) < 0 || !S_ISREG(st.st_mode))
                        continue;
                if (after && (is_ours(f, &st) || !is_later(st.st_mtim, *after)))
                        continue;
                if (!c.found || is_later(st.st_mtim, c.st.st_mtim) != (after != NULL))
                        audit_choose(&c, e->d_name, &st);
        }
        if (d)
                closedir(d);
        return c;
}

/* The file that is written to now. */
static struct choice current_choose(const struct audit_follow *f)
{
        char path[PATH_TEXT_MAX + NAME_MAX + 2];
        struct choice c = { .found = false };
        struct stat st;

        if (path_join(path, sizeof path, f->directory, f->name) < 0 || stat(path, &st) < 0)
                return rotated_choose(f, NULL);
        if (S_ISREG(st.st_mode))
                audit_choose(&c, f->name, &st);
        return c;
}

/* The open file was read to its end: true if there is more, in it or in the next one. */
static bool file_next(struct audit_follow *f)
{
        struct choice c = current_choose(f), between;
        struct stat current;

        if (!c.found || is_ours(f, &c.st))
                return false;
        if (f->fd < 0 || fstat(f->fd, &current) < 0)
                return file_open(f, c.name, &c.st);
        /* Its last lines can have come after its end was read; none comes after its successor. */
        if (current.st_size > f->offset)
                return true;
        between = rotated_choose(f, &current.st_mtim);
        return between.found ? file_open(f, between.name, &between.st) : file_open(f, c.name, &c.st);
}

/* ---- reading ---- */

/* Bytes read; 0: the end. */
static ssize_t audit_part_read(struct audit_follow *f)
{
        struct stat st;
        ssize_t n;

        if (f->fd < 0)
                return 0;
        if (fstat(f->fd, &st) == 0 && st.st_size < f->offset) {
                f->offset = 0;
                f->pending = 0;
                f->skipping = false;
        }
        n = pread(f->fd, f->buf + f->pending, sizeof f->buf - f->pending, f->offset);
        if (n <= 0)
                return 0;
        f->pending += (size_t)n;
        f->offset += n;
        return n;
}

static void audit_watch_directory(struct audit_follow *f)
{
        if (f->directory_watch < 0)
                f->directory_watch = inotify_add_watch(f->inotify, f->directory, DIRECTORY_EVENTS);
}

/* The event itself is ignored: the files are read again. */
static void events_drain(struct audit_follow *f)
{
        char buf[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
        ssize_t n;

        while ((n = read(f->inotify, buf, sizeof buf)) > 0)
                for (const char *p = buf; p < buf + n;) {
                        const struct inotify_event *e = (const void *)p;

                        if (e->wd == f->directory_watch && e->mask & (IN_IGNORED | IN_MOVE_SELF)) {
                                if (e->mask & IN_MOVE_SELF)
                                        inotify_rm_watch(f->inotify, f->directory_watch);
                                f->directory_watch = -1;
                        }
                        p += sizeof *e + e->len;
                }
}

int audit_follow_process(struct audit_follow *f, audit_fn fn, void *userdata)
{
        size_t bytes = 0, files = 0;

        wake_fd_more(&f->wake_fd, false);
        events_drain(f);
        audit_watch_directory(f);
        while (bytes < AUDIT_AT_ONCE && files < AUDIT_FILES_MAX) {
                ssize_t n = audit_part_read(f);
                int r;

                if (n == 0) {
                        if (!file_next(f))
                                return 0;
                        files++;
                        continue;
                }
                bytes += (size_t)n;
                r = audit_report_lines(f, &(struct sink){ fn, userdata });
                if (r < 0)
                        return r;
        }
        wake_fd_more(&f->wake_fd, true);
        return 1;
}

static int path_split(struct audit_follow *f, const char *path)
{
        CLEANUP(freep) char *one = strdup(path);
        CLEANUP(freep) char *other = strdup(path);
        const char *directory, *name;

        if (!one || !other)
                return -ENOMEM;
        directory = dirname(one);
        name = basename(other);
        if (strlen(directory) >= sizeof f->directory || strlen(name) >= sizeof f->name)
                return -ENAMETOOLONG;
        strcpy(f->directory, directory);
        strcpy(f->name, name);
        return 0;
}

int audit_follow_open(const char *path, struct audit_follow **ret)
{
        CLEANUP(audit_follow_closep) struct audit_follow *f = calloc(1, sizeof *f);
        int r;

        if (!f)
                return -ENOMEM;
        f->wake_fd = (struct wake_fd)WAKE_FD_NONE;
        f->inotify = f->directory_watch = f->file_watch = f->fd = -1;
        r = path_split(f, path);
        if (r == 0)
                r = wake_fd_open(&f->wake_fd);
        if (r < 0)
                return r;
        f->inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
        if (f->inotify < 0)
                return -errno;
        r = wake_fd_add(&f->wake_fd, f->inotify);
        if (r < 0)
                return r;
        audit_watch_directory(f);
        file_next(f);
        f->begun = true;
        *ret = TAKE(f);
        return 0;
}

void audit_follow_close(struct audit_follow *f)
{
        if (!f)
                return;
        file_close(f);
        closep(&f->inotify);
        wake_fd_close(&f->wake_fd);
        free(f);
}

int audit_follow_fd(const struct audit_follow *f) { return f->wake_fd.epoll; }
struct evidence_counts audit_follow_counts(const struct audit_follow *f) { return f->counts; }
