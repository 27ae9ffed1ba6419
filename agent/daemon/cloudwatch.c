/* See cloudwatch.h. */
#include "cloudwatch.h"
#include "rolewatch/host_client.h"
#include "rolewatch/io.h"

#define LIMIT_S 30

int cloudwatch_call(const struct daemon *d, struct net *n, struct arena *out, struct cloudwatch_result *ret)
{
        const struct host *h = &d->scan.facts->host;
        CLEANUP(host_client_done) struct host_client hc = { 0 };
        struct aws_answer answer = { 0 };
        const struct metric_names names = { d->config->text[SETTING_NAMESPACE], h->cluster ? h->cluster : "unknown" };
        struct metric_params params;
        int r = outbox_params(&d->metrics.outbox, &names, out, &params);

        if (r == 0)
                r = host_client_make(&hc, &(struct host_access){ &d->cs, n, NULL }, h);
        if (r == -EACCES) {
                ret->error = arena_dup(out, host_client_error_text(out, &hc));
                return ret->error ? 0 : -ENOMEM;
        }
        hc.c.hurried = true;
        if (r == 0)
                r = aws_send(&hc.c, &(struct aws_request){ .service = AWS_CLOUDWATCH, .action = "PutMetricData", .params = params.list, .n_params = params.n },
                             &answer);
        if (r == 0 && answer.state != ANSWER_OK) {
                ret->error = aws_error_text(out, "cloudwatch:PutMetricData", &answer);
                r = ret->error ? 0 : -ENOMEM;
        }
        aws_answer_done(&answer);
        return r;
}

void cloudwatch_apply(struct daemon *d, const struct cloudwatch_result *x, int error, int64_t now_s)
{
        const char *text = error < 0 ? worker_error_to_string(error) : x->error;

        if (text) {
                error_note(&d->errors, "CloudWatch", text);
                outbox_failed(&d->metrics.outbox, now_s, d->config->number[SETTING_INTERVAL]);
        } else {
                error_clear(&d->errors, "CloudWatch");
                outbox_sent(&d->metrics.outbox, d->metrics.sending_until);
        }
}

static int call_in_child(void *userdata, struct arena *out, void **ret)
{
        CLEANUP(net_freep) struct net *n = NULL;
        struct cloudwatch_result *x = arena_alloc(out, sizeof *x);
        int r = x ? net_new(&n) : -ENOMEM;

        *ret = x;
        return r < 0 ? r : cloudwatch_call(userdata, n, out, x);
}

static void on_called(void *userdata, int error, const void *result)
{
        struct daemon *d = userdata;

        cloudwatch_apply(d, result, error, clock_wall_s());
        worker_free(TAKE(d->metrics.sending));
}

int cloudwatch_send(struct daemon *d)
{
        const struct worker_task task = { .name = "CloudWatch", .limit_s = LIMIT_S, .run = call_in_child, .done = on_called, .userdata = d };

        if (d->metrics.sending || !outbox_is_due(&d->metrics.outbox, clock_wall_s(), d->config->number[SETTING_INTERVAL]))
                return 0;
        d->metrics.sending_until = outbox_end(&d->metrics.outbox);
        return worker_start(d->event, &task, &d->metrics.sending);
}
