/* metrics -- published once per scan_interval: full scans may be an hour apart, and whoever waits for a heartbeat does not know that. */
#include "daemon_internal.h"
#include "rolewatch/host_client.h"
#include "rolewatch/io.h"

#define SENDING_LIMIT_S 30

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

/* ---- CloudWatch, as the instance role: in a child process ---- */

struct sent { const char *error; };    /* NULL: taken */

static int call(const struct daemon *d, const struct worker_tools *t, struct arena *out, struct sent *ret)
{
        const struct host *h = &d->scan.facts->host;
        CLEANUP(host_client_done) struct host_client hc = { 0 };
        struct aws_answer answer = { 0 };
        struct aws_param *params;
        size_t count;
        int r = outbox_params(&d->metrics.outbox, d->config->text[SETTING_NAMESPACE], h->cluster ? h->cluster : "unknown", out,
                              &params, &count);

        if (r == 0)
                r = host_client_make(&hc, t->net, &d->cs, h);
        if (r == -EACCES) {
                ret->error = arena_dup(out, host_client_fault(out, &hc));
                return ret->error ? 0 : -ENOMEM;
        }
        hc.c.hurried = true;
        if (r == 0)
                r = aws_query(&hc.c, AWS_CLOUDWATCH, "PutMetricData", params, count, &answer);
        if (r == 0 && answer.state != ANSWER_OK) {
                ret->error = aws_fault(out, "cloudwatch:PutMetricData", &answer);
                r = ret->error ? 0 : -ENOMEM;
        }
        aws_answer_done(&answer);
        return r;
}

static int send_in_child(void *userdata, struct arena *out, void **ret)
{
        CLEANUP(worker_tools_done) struct worker_tools t = { 0 };
        struct sent *s = arena_alloc(out, sizeof *s);
        int r = s ? net_new(&t.net) : -ENOMEM;

        *ret = s;
        return r < 0 ? r : call(userdata, &t, out, s);
}

static void on_sent(void *userdata, int error, const void *result)
{
        struct daemon *d = userdata;
        const struct sent *s = result;
        const char *text = error < 0 ? strerror(-error) : s->error;

        if (text) {
                error_note(&d->errors, "CloudWatch", text);
                outbox_failed(&d->metrics.outbox, clock_wall_s(), d->config->number[SETTING_INTERVAL]);
        } else {
                error_clear(&d->errors, "CloudWatch");
                outbox_sent(&d->metrics.outbox, d->metrics.sending_until);
        }
        worker_free(TAKE(d->metrics.sending));
}

static int metrics_send(struct daemon *d)
{
        const struct worker_task task = { .name = "CloudWatch", .limit_s = SENDING_LIMIT_S, .run = send_in_child, .done = on_sent, .userdata = d };

        if (d->metrics.sending || !outbox_is_due(&d->metrics.outbox, clock_wall_s(), d->config->number[SETTING_INTERVAL]))
                return 0;
        d->metrics.sending_until = outbox_end(&d->metrics.outbox);
        return worker_start(d->event, &task, &d->metrics.sending);
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
                r = metrics_send(d);
        }
        if (r < 0)
                error_note(&d->errors, "metrics", strerror(-r));
        else
                error_clear(&d->errors, "metrics");
}
