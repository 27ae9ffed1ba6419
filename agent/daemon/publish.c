/* publish -- events of findings to the journal or to standard output, as the settings say. */
#include <limits.h>
#include <stdio.h>
#include "daemon_internal.h"
#include "rolewatch/io.h"

#define STATE_DELAY_US (SECOND_US / 2) /* from an event to the state file that has it, and to the next try where the journal takes nothing */

static int publish_text(enum notice_event event, const struct notice *n)
{
        printf("%s %s: %s\n", notice_event_to_string(event), n->of[NOTICE_FINDING], n->of[NOTICE_MESSAGE] ? n->of[NOTICE_MESSAGE] : "");
        fflush(stdout);
        return 0;
}

static int publish_line(enum notice_event event, const struct notice *n)
{
        CLEANUP(text_done) struct text line = { 0 };
        char hostname[HOST_NAME_MAX + 1] = "";
        int r;

        gethostname(hostname, sizeof hostname - 1);
        r = journal_line(event, n, &(struct journal_origin){ hostname, (uint64_t)clock_wall_s() * SECOND_US }, &line);
        return r < 0 ? r : standard_output_write(line.s, line.len);
}

static int (*const outputs[])(enum notice_event, const struct notice *) = {
        [OUTPUT_TEXT] = publish_text, [OUTPUT_JOURNAL] = journal_publish, [OUTPUT_JSON] = publish_line,
};

static int publish(void *userdata, enum notice_event event, const struct notice *n)
{
        struct daemon *d = userdata;
        int r;

        sd_event_source_set_time_relative(d->flush, STATE_DELAY_US);
        sd_event_source_set_enabled(d->flush, SD_EVENT_ONESHOT);
        r = outputs[d->config->number[SETTING_JOURNAL]](event, n);
        /* In a burst journald takes nothing for a moment: that is an error only if the next try meets it again. */
        if (r < 0 && r != -EAGAIN)
                error_notef(&d->errors, "journal", "cannot publish findings: %s; retrying", strerror(-r));
        if (r == 0)
                error_clear(&d->errors, "journal");
        return r;
}

struct finding_context finding_context_of(struct daemon *d, int64_t now_s)
{
        const int64_t *number = d->config->number;

        return (struct finding_context){ .rules = { number[SETTING_CLEAR_DELAY], number[SETTING_REMINDER_INTERVAL],
                                                    (unsigned)number[SETTING_MAX_EVENTS_PER_HOUR] },
                                         .now_s = now_s, .publish = publish, .userdata = d };
}
