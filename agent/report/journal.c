/* Journal entries: one per event, with fields to search by; and the same as lines of JSON. */
#include <inttypes.h>
#include <stdio.h>
#include <sys/uio.h>
#include <syslog.h>
#include "report_internal.h"
#include "rolewatch/log.h"

#define FIELDS_MAX (NOTICE_MAX + 8)    /* journal_fill adds five of its own */
struct entry { struct iovec of[FIELDS_MAX]; size_t n; bool failed; };

static void journal_entry_done(struct entry *e)
{
        for (size_t i = 0; i < e->n; i++)
                free(e->of[i].iov_base);
}

static void journal_add(struct entry *e, const char *field, const char *value)
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

/* A cleared finding has the priority notice, whatever its severity was. */
static int journal_priority(enum notice_event e, const char *severity)
{
        int s = severity_from_string(severity);

        if (e == EVENT_CLEARED)
                return LOG_NOTICE;
        return s < 0 ? LOG_INFO : severity_priority((enum severity)s);
}

static int journal_fill(struct entry *e, enum notice_event event, const struct notice *n)
{
        CLEANUP(text_done) struct text message = { 0 };
        char digits[8];
        int kind = finding_from_slug(n->of[NOTICE_FINDING]);

        text_addf(&message, "%s%s: %s", notice_event_before(event), n->of[NOTICE_FINDING],
                  n->of[NOTICE_MESSAGE] ? n->of[NOTICE_MESSAGE] : "");
        if (message.failed)
                return -ENOMEM;
        journal_add(e, "MESSAGE", message.s);
        journal_add(e, "MESSAGE_ID", kind >= 0 ? finding_message_id((enum finding_kind)kind) : NULL);
        snprintf(digits, sizeof digits, "%d", journal_priority(event, n->of[NOTICE_SEVERITY]));
        journal_add(e, "PRIORITY", digits);
        journal_add(e, "SYSLOG_IDENTIFIER", "rolewatch");
        journal_add(e, "ROLEWATCH_EVENT", notice_event_to_string(event));
        for (int i = 0; i < NOTICE_MAX; i++)
                if (notice_journal_field((enum notice_field)i))
                        journal_add(e, notice_journal_field((enum notice_field)i), n->of[i]);
        return e->failed ? -ENOMEM : 0;
}

int journal_publish(enum notice_event event, const struct notice *n)
{
        CLEANUP(journal_entry_done) struct entry e = { .n = 0 };
        int r = journal_fill(&e, event, n);

        return r < 0 ? r : journal_send(e.of, e.n);
}

/* The two that journald itself adds, and that queries need. */
static bool journal_add_origin(cJSON *j, const struct journal_origin *from)
{
        char us[24];

        snprintf(us, sizeof us, "%" PRIu64, from->now_us);
        return cJSON_AddStringToObject(j, "__REALTIME_TIMESTAMP", us) && cJSON_AddStringToObject(j, "_HOSTNAME", from->hostname);
}

int journal_line(enum notice_event event, const struct notice *n, const struct journal_origin *from, struct text *to)
{
        CLEANUP(journal_entry_done) struct entry e = { .n = 0 };
        CLEANUP(json_freep) cJSON *j = cJSON_CreateObject();
        CLEANUP(freep) char *line = NULL;
        int r = j && journal_add_origin(j, from) ? journal_fill(&e, event, n) : -ENOMEM;

        for (size_t i = 0; r == 0 && i < e.n; i++) {
                char *field = e.of[i].iov_base;
                size_t end = strcspn(field, "=");

                field[end] = '\0';
                r = cJSON_AddStringToObject(j, field, field + end + 1) ? 0 : -ENOMEM;
        }
        line = r == 0 ? json_line(j) : NULL;
        if (!line)
                return -ENOMEM;
        text_add(to, line);
        text_add(to, "\n");
        return to->failed ? -ENOMEM : 0;
}
