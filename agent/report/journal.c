/* Entries of the journal: one an event, with the fields that operators search by. */
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <syslog.h>
#include <systemd/sd-journal.h>
#include "report_internal.h"

#define SAY_MAX 8192                   /* a fault of the settings names a file */
#define WAIT_MS 250
#define FIELDS_MAX (NOTICE_MAX + 8)    /* journal_tell adds five of its own */
struct entry { struct iovec of[FIELDS_MAX]; size_t n; bool failed; };

static void entry_done(struct entry *e)
{
        for (size_t i = 0; i < e->n; i++)
                free(e->of[i].iov_base);
}

static void add(struct entry *e, const char *field, const char *value)
{
        char *line = NULL;
        int n;

        if (!value)
                return;
        assert(e->n < FIELDS_MAX);
        n = asprintf(&line, "%s=%s", field, value);
        if (n < 0) {
                e->failed = true;
                return;
        }
        e->of[e->n++] = (struct iovec){ line, (size_t)n };
}

/*
 * sd_journal_sendv waits for as long as journald takes nothing. In a burst it is waited for, too, but not for
 * long, and not again before it takes something. Without a descriptor for the question it is tried.
 */
static int journal_ready(void)
{
        static const struct sockaddr_un at = { .sun_family = AF_UNIX, .sun_path = "/run/systemd/journal/socket" };
        CLEANUP(closep) int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        static int wait_ms = WAIT_MS;
        struct pollfd p = { .fd = fd, .events = POLLOUT };
        bool ready;

        if (fd < 0)
                return 0;
        if (connect(fd, (const struct sockaddr *)&at, sizeof at) < 0)
                return -errno;
        ready = poll(&p, 1, wait_ms) == 1 && p.revents & POLLOUT;
        wait_ms = ready ? WAIT_MS : 0;
        return ready ? 0 : -EAGAIN;
}

static int journal_send(const struct iovec *of, size_t n)
{
        int r = journal_ready();

        return r < 0 ? r : sd_journal_sendv(of, (int)n);
}

/* That it is over is worth a notice, whatever it was. */
static int priority_of(enum notice_event e, const char *severity)
{
        int s = severity_from_word(severity);

        if (e == EVENT_CLEARED)
                return LOG_NOTICE;
        return s < 0 ? LOG_INFO : severity_priority((enum severity)s);
}

int journal_tell(enum notice_event event, const struct notice *n)
{
        CLEANUP(entry_done) struct entry e = { .n = 0 };
        CLEANUP(text_done) struct text message = { 0 };
        char digits[8];
        int kind = finding_from_slug(n->of[NOTICE_FINDING]);

        text_addf(&message, "%s%s: %s", notice_event_before(event), n->of[NOTICE_FINDING],
                  n->of[NOTICE_MESSAGE] ? n->of[NOTICE_MESSAGE] : "");
        if (message.failed)
                return -ENOMEM;
        add(&e, "MESSAGE", message.s);
        add(&e, "MESSAGE_ID", kind >= 0 ? finding_message_id((enum finding_kind)kind) : NULL);
        snprintf(digits, sizeof digits, "%d", priority_of(event, n->of[NOTICE_SEVERITY]));
        add(&e, "PRIORITY", digits);
        add(&e, "SYSLOG_IDENTIFIER", "rolewatch");
        add(&e, "ROLEWATCH_EVENT", notice_event_word(event));
        for (int i = 0; i < NOTICE_MAX; i++)
                if (notice_journal_field((enum notice_field)i))
                        add(&e, notice_journal_field((enum notice_field)i), n->of[i]);
        return e.failed ? -ENOMEM : journal_send(e.of, e.n);
}

/* On the stack: that there is no memory must be said, too. */
int journal_say(int priority, const char *text)
{
        char message[SAY_MAX], digits[16], identifier[] = "SYSLOG_IDENTIFIER=rolewatch";
        struct iovec of[] = { { message, 0 }, { digits, 0 }, { identifier, sizeof identifier - 1 } };

        snprintf(message, sizeof message, "MESSAGE=%s", text);
        snprintf(digits, sizeof digits, "PRIORITY=%d", priority);
        of[0].iov_len = strlen(message);
        of[1].iov_len = strlen(digits);
        return journal_send(of, ARRAY_SIZE(of));
}
