/* metrics -- published once per scan_interval: full scans may be an hour apart, and whoever waits for a heartbeat does not know that. */
#include "cloudwatch.h"
#include "rolewatch/io.h"

/* What was found between two scans counts until it is cleared; what was cleared since the last scan counts no longer. */
static const struct { enum finding_kind kind; enum metric metric; } counts_as[] = {
        { FINDING_WRONG_ROLE, METRIC_WRONG_ROLE },         { FINDING_WRONG_ROLE_ALLOWED, METRIC_WRONG_ROLE },
        { FINDING_WRONG_ROLE_DENIED, METRIC_WRONG_ROLE },  { FINDING_WRONG_ROLE_DENIED, METRIC_WOULD_FAIL },
        { FINDING_RIGHT_ROLE_DENIED, METRIC_WOULD_FAIL },  { FINDING_NO_CREDENTIALS, METRIC_FAULTS },
        { FINDING_CREDENTIALS_EXPIRED, METRIC_FAULTS },    { FINDING_ENDPOINT_UNREACHABLE, METRIC_FAULTS },
        { FINDING_ENDPOINT_FLAPPING, METRIC_FAULTS },
};

struct metrics metrics_now(const struct daemon *d)
{
        struct metrics m = d->scan.last.metrics;
        struct finding_count of[FINDING_KIND_MAX];

        finding_state_count_kinds(d->findings, of);
        for (size_t i = 0; i < ARRAY_SIZE(counts_as); i++) {
                double *at = &m.of[counts_as[i].metric];

                *at += (double)of[counts_as[i].kind].since_scan;
                *at = *at > 0 ? *at : 0;
        }
        return m;
}

/* ---- the CloudWatch agent, and Prometheus ---- */

/* Once per interval. -ENOMEM; other errors are noted. */
static int metrics_emit(struct daemon *d, const struct metrics *m)
{
        const char *address = d->config->text[SETTING_EMF];
        const struct emf_names names = { d->config->text[SETTING_NAMESPACE], d->scan.facts->host.cluster, d->config->text[SETTING_EMF_GROUP] };
        CLEANUP(text_done) struct text line = { 0 };
        int64_t since = clock_wall_s() - d->metrics.outbox.emitted_s;
        int r = 0;

        if (!*address || (since >= 0 && since < d->config->number[SETTING_INTERVAL]))
                return 0;
        if (!d->metrics.emf)
                r = emf_open(address, &d->metrics.emf);
        if (r == 0)
                r = emf_line(m, &names, clock_wall_s() * 1000, &line);
        if (r == 0)
                r = emf_send(d->metrics.emf, &line);
        d->metrics.outbox.emitted_s = clock_wall_s();
        if (r < 0 && r != -ENOMEM)
                error_note(&d->errors, "CloudWatch agent", r == -EINVAL ? "emf is not udp:ADDRESS:PORT or tcp:ADDRESS:PORT" : strerror(-r));
        else
                error_clear(&d->errors, "CloudWatch agent");
        return r == -ENOMEM ? r : 0;
}

static void prometheus_write(struct daemon *d, const struct metrics *m)
{
        CLEANUP(text_done) struct text t = { 0 };
        const char *path = d->config->text[SETTING_PROMETHEUS];
        struct finding_count of[FINDING_KIND_MAX];
        size_t open[FINDING_KIND_MAX];

        if (!*path)
                return;
        finding_state_count_kinds(d->findings, of);
        for (int i = 0; i < FINDING_KIND_MAX; i++)
                open[i] = of[i].open;
        metrics_prometheus(m, d->scan.facts->host.cluster, open, d->scan.last.taken_s, &t);
        file_publish(&d->errors, "Prometheus file", &(struct file_target){ AT_FDCWD, path, 0644 }, t.failed ? NULL : t.s);
}

void metrics_publish(struct daemon *d)
{
        struct metrics m;
        int r;

        /* A daemon that cannot scan has no heartbeat. */
        if (!d->scan.facts || error_is_set(&d->errors, "scan"))
                return;
        m = metrics_now(d);
        prometheus_write(d, &m);
        r = metrics_emit(d, &m);
        if (r == 0 && d->config->number[SETTING_CLOUDWATCH]) {
                outbox_note(&d->metrics.outbox, &m, clock_wall_s(), d->config->number[SETTING_INTERVAL]);
                r = cloudwatch_send(d);
        }
        if (r < 0)
                error_note(&d->errors, "metrics", strerror(-r));
        else
                error_clear(&d->errors, "metrics");
}
