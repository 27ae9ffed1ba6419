/* Metrics, once a sweep: looks at everything may be an hour apart, and whoever waits for a heartbeat does not know that. */
#include <time.h>
#include "room.h"

void open_now(const struct daemon *d, struct open_findings *ret)
{
        ledger_tally(d->ledger, ret);
        ret->unknown_groups = d->last.unknown;
}

struct metrics metrics_now(const struct daemon *d)
{
        struct open_findings open;
        struct metrics m;

        open_now(d, &open);
        metrics_of(&open, &m);
        return m;
}

void metrics_tell(struct daemon *d)
{
        struct open_findings open;
        struct metrics m;
        int64_t now_s = (int64_t)time(NULL);
        int r;

        /* One that cannot look has no heartbeat. */
        if (!d->base || fault_is(d, "look"))
                return;
        open_now(d, &open);
        metrics_of(&open, &m);
        prometheus_write(d, &open);
        r = metrics_emit(d, &m, &d->base->host, now_s);
        if (r == 0 && d->config->number[SETTING_CLOUDWATCH]) {
                outbox_note(&d->outbox, &m, now_s, d->config->number[SETTING_INTERVAL]);
                r = metrics_send(d, &d->base->host, now_s);
        }
        if (r < 0)
                fault_note(d, "metrics", strerror(-r));
        else
                fault_gone(d, "metrics");
}
