/*
 * Denied calls in the containers' journal entries.
 *
 * Fields: Docker manual, "Journald logging driver": CONTAINER_ID_FULL, CONTAINER_NAME,
 * MESSAGE; PRIORITY 3 for standard error, 6 for standard output. _PID and all that
 * journald adds is of dockerd, not of the container. The journal has an index by value
 * only, not by the presence of a field, so that dockerd's name is what is matched.
 */
#include <stdio.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <systemd/sd-id128.h>
#include <systemd/sd-journal.h>
#include "evidence_internal.h"
#include "rolewatch/cgroup.h"
#include "rolewatch/io.h"
#include "rolewatch/limits.h"

#define WRITER "_COMM=dockerd"

struct log_lines {
        sd_journal *journal;
        struct wake_fd wake_fd;
        char *cursor;                  /* the last entry before ours; NULL: there was none, or it is passed */
        struct evidence_counts counts;
};

/* ---- the text ---- */

/*
 * What only an AWS error has in it; programs have denials of their own. With
 * `sentence` the text must also name the action.
 */
static const struct { const char *mark; bool sentence; } marks[] = {
        { "is not authorized to perform", true },
        { "is not authorized to assume IAM Role", true },
        { "(AccessDenied", false },                    /* An error occurred (AccessDenied) when calling: botocore */
        { "api error AccessDenied", false },           /* SDK for Go v2 */
        { "Error Code: AccessDenied", false },         /* Java v1 */
        { "<Code>AccessDenied", false },               /* the XML body */
        { "#AccessDeniedException", false },           /* the JSON body's __type */
        { "UnauthorizedOperation", false },            /* EC2 */
        { "Encoded authorization failure message", false },
};

static bool log_has(const char *s, size_t len, const char *mark)
{
        return memmem(s, len, mark, strlen(mark)) != NULL;
}

/* Each of the marks has one of these in it. */
static const char *const hints[] = { "AccessDenied", "is not authorized to ", "UnauthorizedOperation", "Encoded authorization failure message" };

const char *log_line_hint(const char *message, size_t len)
{
        const char *first = NULL;

        for (size_t i = 0; i < ARRAY_SIZE(hints); i++) {
                const char *at = memmem(message, len, hints[i], strlen(hints[i]));

                if (at && (!first || at < first))
                        first = at;
        }
        return first;
}

int log_line_parse(struct arena *a, const char *message, size_t len, struct error_text *ret)
{
        struct error_text e;
        bool sentence = false, code = false;
        int r;

        for (size_t i = 0; i < ARRAY_SIZE(marks); i++)
                if (log_has(message, len, marks[i].mark))
                        *(marks[i].sentence ? &sentence : &code) = true;
        if (!sentence && !code)
                return 0;
        r = error_text_decode(a, message, len, &e);
        if (r < 0)
                return r;
        if (e.kind != ERROR_DENIED || (!code && !e.action))
                return 0;
        *ret = e;
        return 1;
}

/* ---- an entry ---- */

/*
 * An entry of half a kilobyte or more is packed; the library unpacks it into a
 * buffer that it keeps. What else a container has logged there is nobody's business
 * afterwards. Whether this is that buffer only the kernel knows: where it is the
 * journal's file itself, mapped for reading, this is -EFAULT.
 */
static void erase_field(const char *s, size_t len)
{
        for (size_t n, done = 0; done < len; done += n) {
                n = len - done < 256 ? len - done : 256;
                if (getrandom((void *)(uintptr_t)(s + done), n, GRND_NONBLOCK) < 0)
                        return;
        }
}

/* The value of a field of the current entry, borrowed until the next call. -ENOENT and the like. */
static int field(sd_journal *j, const char *name, const char **ret, size_t *ret_len)
{
        size_t skip = strlen(name) + 1, len;
        const void *data;
        int r = sd_journal_get_data(j, name, &data, &len);

        if (r < 0)
                return r;
        if (len < skip)
                return -EBADMSG;
        *ret = (const char *)data + skip;
        *ret_len = len - skip;
        return 0;
}

static int log_priority(sd_journal *j)
{
        const char *s;
        size_t len;

        if (field(j, "PRIORITY", &s, &len) < 0 || len != 1 || *s < '0' || *s > '7')
                return -1;
        return *s - '0';
}

struct sink { denial_fn fn; void *userdata; };

/* -ENOENT and the like: the entry lacks something, or cannot be read; it is passed over. */
static int log_report(struct log_lines *l, const struct error_text *e, struct arena *a, const struct sink *to)
{
        struct denial_line d = { .what = e, .priority = log_priority(l->journal) };
        const char *s;
        uint64_t at;
        size_t len;
        int r = field(l->journal, "CONTAINER_ID_FULL", &s, &len);

        if (r < 0)
                return r;
        if (!is_container_id(s, len))
                return -EBADMSG;
        d.container_id = arena_dupn(a, s, len);
        if (field(l->journal, "CONTAINER_NAME", &s, &len) == 0)
                d.container_name = arena_escape(a, s, len, EVIDENCE_NAME_MAX);
        if (!d.container_id)
                return -ENOMEM;
        if (sd_journal_get_realtime_usec(l->journal, &at) == 0)
                d.at_us = (int64_t)at;
        l->counts.reported++;
        to->fn(to->userdata, &d);
        return 0;
}

/* *bytes: what was looked at. */
static int log_entry_read(struct log_lines *l, const struct sink *to, size_t *bytes)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        struct error_text e;
        const char *s;
        size_t len, all;
        int r = field(l->journal, "MESSAGE", &s, &all);

        if (r < 0)
                return r;
        len = all < LOG_MESSAGE_MAX ? all : LOG_MESSAGE_MAX;
        *bytes += len;
        r = arena_new(EVIDENCE_MEMORY, &a);
        if (r == 0)
                r = log_line_parse(a, s, len, &e);
        erase_field(s, all);
        return r > 0 ? log_report(l, &e, a, to) : r;
}

/* ---- the journal ---- */

/* Where the user may not read it libsystemd finds an empty journal. */
static int log_may_read(const char *directory)
{
        static const char *const directories[] = { "/run/log/journal", "/var/log/journal" };
        char path[PATH_TEXT_MAX], id[SD_ID128_STRING_MAX];
        sd_id128_t machine;

        if (directory)
                return access(directory, R_OK | X_OK) < 0 ? -errno : 0;
        if (sd_id128_get_machine(&machine) < 0)
                return 0;
        for (size_t i = 0; i < ARRAY_SIZE(directories); i++) {
                snprintf(path, sizeof path, "%s/%s/system.journal", directories[i], sd_id128_to_string(machine, id));
                if (access(path, R_OK) < 0 && errno == EACCES)
                        return -EACCES;
        }
        return 0;
}

/*
 * Behind the last entry of all. Not by sd_journal_seek_tail alone: without an entry
 * that matches it never leaves the tail again.
 */
static int go_to_end(struct log_lines *l)
{
        int r = sd_journal_seek_tail(l->journal);

        if (r >= 0)
                r = sd_journal_previous(l->journal);
        if (r > 0)
                r = sd_journal_get_cursor(l->journal, &l->cursor);
        if (r >= 0)
                r = sd_journal_add_match(l->journal, WRITER, 0);
        if (r >= 0)
                r = l->cursor ? sd_journal_seek_cursor(l->journal, l->cursor) : sd_journal_seek_head(l->journal);
        return r;
}

int log_lines_open(const char *directory, struct log_lines **ret)
{
        CLEANUP(log_lines_closep) struct log_lines *l = calloc(1, sizeof *l);
        int r = log_may_read(directory);

        if (!l)
                return -ENOMEM;
        l->wake_fd = (struct wake_fd)WAKE_FD_NONE;
        if (r < 0)
                return r;
        r = directory ? sd_journal_open_directory(&l->journal, directory, 0)
                      : sd_journal_open(&l->journal, SD_JOURNAL_LOCAL_ONLY | SD_JOURNAL_SYSTEM);
        if (r >= 0)
                r = sd_journal_set_data_threshold(l->journal, LOG_MESSAGE_MAX + sizeof "MESSAGE=");
        if (r >= 0)
                r = wake_fd_open(&l->wake_fd);
        if (r >= 0)
                r = sd_journal_get_fd(l->journal);
        if (r >= 0)
                r = wake_fd_add(&l->wake_fd, r);
        if (r >= 0)
                r = go_to_end(l);
        if (r < 0)
                return r;
        /* What came between the descriptor and the end has no event of its own. */
        wake_fd_more(&l->wake_fd, true);
        *ret = TAKE(l);
        return 0;
}

void log_lines_close(struct log_lines *l)
{
        if (!l)
                return;
        sd_journal_close(l->journal);
        wake_fd_close(&l->wake_fd);
        free(l->cursor);
        free(l);
}

int log_lines_fd(const struct log_lines *l) { return l->wake_fd.epoll; }
struct evidence_counts log_lines_counts(const struct log_lines *l) { return l->counts; }

/* The first entry at or behind the cursor can be the one it was taken from. */
static bool is_old(struct log_lines *l)
{
        bool old = l->cursor && sd_journal_test_cursor(l->journal, l->cursor) > 0;

        free(l->cursor);
        l->cursor = NULL;
        return old;
}

int log_lines_process(struct log_lines *l, denial_fn fn, void *userdata)
{
        size_t bytes = 0;
        int r = sd_journal_process(l->journal), entries = 0;

        wake_fd_more(&l->wake_fd, false);
        if (r < 0)
                return r;
        for (; entries < LOG_ENTRIES_AT_ONCE && bytes < LOG_BYTES_AT_ONCE; entries++) {
                r = sd_journal_next(l->journal);
                if (r <= 0)
                        return r;
                if (is_old(l))
                        continue;
                l->counts.received++;
                r = log_entry_read(l, &(struct sink){ fn, userdata }, &bytes);
                if (r == -ENOMEM)
                        return r;
                l->counts.dropped += r < 0 && r != -ENOENT;
        }
        wake_fd_more(&l->wake_fd, true);
        return 1;
}
