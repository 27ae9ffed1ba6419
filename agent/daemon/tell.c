/* Metrics, once a sweep: looks at everything may be an hour apart, and whoever waits for a heartbeat does not know that. */
#include <time.h>
#include "room.h"

/* What came between two looks counts until it is cleared; what has ended since the last one counts no longer. */
static const struct { enum finding_kind kind; enum metric metric; } counts_as[] = {
        { FINDING_WRONG_ROLE, METRIC_WRONG_ROLE },         { FINDING_WRONG_ROLE_ALLOWED, METRIC_WRONG_ROLE },
        { FINDING_WRONG_ROLE_DENIED, METRIC_WRONG_ROLE },  { FINDING_WRONG_ROLE_DENIED, METRIC_WOULD_FAIL },
        { FINDING_RIGHT_ROLE_DENIED, METRIC_WOULD_FAIL },  { FINDING_NO_CREDENTIALS, METRIC_FAULTS },
        { FINDING_CREDENTIALS_EXPIRED, METRIC_FAULTS },    { FINDING_ENDPOINT_UNREACHABLE, METRIC_FAULTS },
        { FINDING_ENDPOINT_FLAPPING, METRIC_FAULTS },
};

struct metrics metrics_now(const struct daemon *d)
{
        struct metrics m = d->last.metrics;
        struct tally of[FINDING_KIND_MAX];

        ledger_tally(d->ledger, of);
        for (size_t i = 0; i < ARRAY_SIZE(counts_as); i++) {
                double *at = &m.of[counts_as[i].metric];

                *at += (double)of[counts_as[i].kind].since_look;
                *at = *at > 0 ? *at : 0;
        }
        return m;
}

void metrics_tell(struct daemon *d)
{
        struct metrics m;
        int64_t now_s = (int64_t)time(NULL);
        int r;

        /* One that cannot look has no heartbeat. */
        if (!d->base || fault_is(d, "look"))
                return;
        m = metrics_now(d);
        prometheus_write(d, &m);
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
