/* metrics -- published once per scan_interval, also between full scans: these may be an hour apart, and a missing heartbeat raises an alarm. */
#include "cloudwatch.h"
#include "rolewatch/io.h"

void open_now(const struct daemon *d, struct open_findings *ret)
{
        finding_state_count_kinds(d->findings, ret);
        ret->unknown_groups = d->scan.last.unknown;
}

struct metrics metrics_now(const struct daemon *d)
{
        struct open_findings open;
        struct metrics m;

        open_now(d, &open);
        metrics_of(&open, &m);
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
        if (r == -EINVAL)
                error_note(&d->errors, "CloudWatch agent", "emf_endpoint must be udp:ADDRESS:PORT, tcp:ADDRESS:PORT or stdout; no metrics are sent");
        else if (r < 0 && r != -ENOMEM)
                error_notef(&d->errors, "CloudWatch agent", "cannot send metrics to %s: %s", address, strerror(-r));
        else
                error_clear(&d->errors, "CloudWatch agent");
        return r == -ENOMEM ? r : 0;
}

static void prometheus_write(struct daemon *d, const struct open_findings *open)
{
        const struct metrics_page page = { open, d->scan.facts->host.cluster, d->scan.last.taken_s };
        CLEANUP(text_done) struct text t = { 0 };
        const char *path = d->config->text[SETTING_PROMETHEUS];

        if (!*path)
                return;
        metrics_prometheus(&page, &t);
        file_publish(&d->errors, "Prometheus file", &(struct file_target){ AT_FDCWD, path, 0644 }, t.failed ? NULL : t.s);
}

void metrics_publish(struct daemon *d)
{
        struct open_findings open;
        struct metrics m;
        int r;

        /* A daemon that cannot scan has no heartbeat. */
        if (!d->scan.facts || error_is_set(&d->errors, "scan"))
                return;
        open_now(d, &open);
        metrics_of(&open, &m);
        prometheus_write(d, &open);
        r = metrics_emit(d, &m);
        if (r == 0 && d->config->number[SETTING_CLOUDWATCH]) {
                outbox_note(&d->metrics.outbox, &m, clock_wall_s(),
                            &(struct outbox_times){ d->config->number[SETTING_INTERVAL], d->config->number[SETTING_HEARTBEAT_INTERVAL] });
                r = cloudwatch_send(d);
        }
        if (r < 0)
                error_notef(&d->errors, "metrics", "cannot be published: %s", strerror(-r));
        else
                error_clear(&d->errors, "metrics");
}
