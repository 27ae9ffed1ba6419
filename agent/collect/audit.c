/*
 * audit -- see audit.h. The form is that of the agent's
 * ecs-agent/logger/audit/audit_log.go:
 *
 *   TIME STATUS IP:PORT "PATH" "USER AGENT" TASK_ARN EVENT VERSION CLUSTER INSTANCE_ARN
 *   TIME STATUS IP:PORT "PATH" "USER AGENT" - <blank>      an error, in version 2
 *
 * Nothing is escaped and the user agent is any client's choice, so that a
 * line is taken apart from both ends.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include "audit.h"
#include "rolewatch/limits.h"

#ifndef ROLEWATCH_VERSION
#define ROLEWATCH_VERSION "0.0.0"
#endif

/* The agent writes its log in another thread: a line may come after the answer. */
#define AUDIT_TRIES 4
#define AUDIT_WAIT_NS (20 * 1000 * 1000)

static const struct { const char *event; enum cred_kind kind; } events[] = {
        { "GetCredentials",              CRED_TASK },
        { "GetCredentialsExecutionRole", CRED_EXECUTION },
};

static bool span_is(struct span x, const char *s)
{
        return x.len == strlen(s) && memcmp(x.s, s, x.len) == 0;
}

/* Cuts the first word off; exactly one blank lies between words. */
static bool word_first(struct span *rest, struct span *ret)
{
        const char *blank = memchr(rest->s, ' ', rest->len);

        if (!blank || blank == rest->s)
                return false;
        *ret = (struct span){ rest->s, (size_t)(blank - rest->s) };
        rest->len -= ret->len + 1;
        rest->s = blank + 1;
        return true;
}

static bool word_last(struct span *rest, struct span *ret)
{
        const char *blank = memrchr(rest->s, ' ', rest->len);

        if (!blank)
                return false;
        *ret = (struct span){ blank + 1, rest->len - (size_t)(blank + 1 - rest->s) };
        rest->len = (size_t)(blank - rest->s);
        return ret->len > 0;
}

static bool quoted(struct span *x)
{
        if (x->len < 2 || x->s[0] != '"' || x->s[x->len - 1] != '"')
                return false;
        *x = (struct span){ x->s + 1, x->len - 2 };
        return true;
}

static bool audit_ends_with(struct span x, const char *end)
{
        size_t n = strlen(end);

        return x.len >= n && memcmp(x.s + x.len - n, end, n) == 0;
}

static int status_of(struct span x)
{
        int status = 0;

        if (x.len != 3)
                return -EBADMSG;
        for (size_t i = 0; i < 3; i++) {
                if (x.s[i] < '0' || x.s[i] > '9')
                        return -EBADMSG;
                status = status * 10 + (x.s[i] - '0');
        }
        return status;
}

/* The five fields that the agent puts behind the user agent; leaves what is before them in rest. */
static int second_half(struct span *rest, struct audit_line *l)
{
        struct span instance, cluster, version, event, task;

        if (!word_last(rest, &instance) || !word_last(rest, &cluster) ||
            !word_last(rest, &version) || !word_last(rest, &event) || !word_last(rest, &task))
                return -EBADMSG;
        if (!span_is(version, "1") && !span_is(version, "2"))
                return -EBADMSG;
        if (l->status != 200 || span_is(task, "-"))
                return 0;
        l->task_arn = task;
        for (size_t i = 0; i < ARRAY_SIZE(events); i++)
                if (span_is(event, events[i].event))
                        l->kind = events[i].kind;
        return 0;
}

int audit_parse_line(const char *line, size_t len, struct audit_line *ret)
{
        struct span rest = { line, len }, when, status, source, path;
        struct audit_line l = { .kind = CRED_UNKNOWN };
        int r = 0;

        if (!word_first(&rest, &when) || !word_first(&rest, &status) ||
            !word_first(&rest, &source) || !word_first(&rest, &path) || !quoted(&path))
                return -EBADMSG;
        l.status = status_of(status);
        if (l.status < 0)
                return -EBADMSG;
        if (audit_ends_with(rest, "\" - "))
                rest.len -= 3;
        else if (audit_ends_with(rest, "\" -"))
                rest.len -= 2;
        else
                r = second_half(&rest, &l);
        if (r < 0)
                return r;
        if (!quoted(&rest))
                return -EBADMSG;
        l.user_agent = rest;
        l.when = when;
        l.source = source;
        *ret = l;
        return 0;
}

const char *audit_user_agent(uint64_t number, char *buf, size_t size)
{
        snprintf(buf, size, "rolewatch/" ROLEWATCH_VERSION " probe/%llu-%d",
                 (unsigned long long)number, (int)getpid());
        return buf;
}

/* Index of the credential whose request this user agent marks, or -ENOENT. */
static int probe_index(struct audit_probe probe, struct span user_agent)
{
        const char *head = "rolewatch/" ROLEWATCH_VERSION " probe/";
        char buf[AUDIT_USER_AGENT_MAX];
        uint64_t number = 0;
        size_t n = strlen(head);

        if (user_agent.len <= n || user_agent.len >= sizeof buf ||
            memcmp(user_agent.s, head, n) != 0)
                return -ENOENT;
        for (; n < user_agent.len && user_agent.s[n] >= '0' && user_agent.s[n] <= '9'; n++)
                number = number * 10 + (uint64_t)(user_agent.s[n] - '0');
        if (number < probe.first || number - probe.first >= probe.n ||
            !span_is(user_agent, audit_user_agent(number, buf, sizeof buf)))
                return -ENOENT;
        return (int)(number - probe.first);
}

int audit_match(struct snapshot *s, struct audit_probe probe, struct span text, size_t *ret)
{
        const char *at = text.s, *end = text.s + text.len;
        size_t found = 0;

        while (at < end) {
                const char *newline = memchr(at, '\n', (size_t)(end - at));
                size_t n = (size_t)((newline ? newline : end) - at);
                struct audit_line l;
                struct credential *c;
                int i = -ENOENT;

                /* What has no newline yet is being written. */
                if (newline && n <= AUDIT_LINE_MAX && audit_parse_line(at, n, &l) == 0)
                        i = probe_index(probe, l.user_agent);
                at += n + 1;
                if (i < 0 || (size_t)i >= s->n_creds || l.kind == CRED_UNKNOWN)
                        continue;
                c = &s->creds[i];
                c->kind = l.kind;
                c->task_arn = arena_escape(s->arena, l.task_arn.s, l.task_arn.len, FIELD_MAX);
                if (!c->task_arn)
                        return -ENOMEM;
                found++;
        }
        *ret = found;
        return 0;
}

/* Up to max of the last bytes. -EINVAL: no regular file. */
static int tail_read(const char *path, size_t max, char **ret, size_t *ret_len)
{
        CLEANUP(closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
        CLEANUP(freep) char *buf = NULL;
        struct stat st;
        size_t n = 0, want;

        if (fd < 0)
                return -errno;
        if (fstat(fd, &st) < 0)
                return -errno;
        if (!S_ISREG(st.st_mode))
                return -EINVAL;
        want = (size_t)st.st_size < max ? (size_t)st.st_size : max;
        buf = malloc(want + 1);
        if (!buf)
                return -ENOMEM;
        while (n < want) {
                ssize_t k = pread(fd, buf + n, want - n, st.st_size - (off_t)(want - n));

                if (k < 0 && errno != EINTR)
                        return -errno;
                if (k == 0)
                        break;
                n += k > 0 ? (size_t)k : 0;
        }
        *ret = TAKE(buf);
        *ret_len = n;
        return 0;
}

static size_t credentials_served(const struct snapshot *s, struct audit_probe probe)
{
        size_t served = 0;

        for (size_t i = 0; i < s->n_creds && i < probe.n; i++) {
                enum answer_state state = s->creds[i].answer.state;

                served += state == ANSWER_OK || state == ANSWER_EXPIRED;
        }
        return served;
}

int audit_read(struct snapshot *s, struct audit_probe probe, const char *path)
{
        size_t served = credentials_served(s, probe), found = 0;

        for (int try = 0; found < served && try < AUDIT_TRIES; try++) {
                CLEANUP(erase_freep) char *buf = NULL;
                size_t len = 0;
                int r;

                if (try > 0)
                        nanosleep(&(struct timespec){ .tv_nsec = AUDIT_WAIT_NS }, NULL);
                r = tail_read(path, AUDIT_TAIL_MAX, &buf, &len);
                if (r < 0)
                        return r == -ENOMEM ? r : 0;
                r = audit_match(s, probe, (struct span){ buf, len }, &found);
                if (r < 0)
                        return r;
        }
        return 0;
}
