/* Metrics for CloudWatch: gathered sweep by sweep, sent once an interval (PutMetricData, API version 2010-08-01). */
#include <stdio.h>
#include <sys/random.h>
#include "room.h"
#include "rolewatch/host_client.h"

#define RETRY_S ((int64_t)30)

static void statistic_add(struct statistic *s, double v)
{
        s->least = s->n && s->least < v ? s->least : v;
        s->most = s->n && s->most > v ? s->most : v;
        s->sum += v;
        s->n++;
}

static void interval_finish(struct outbox *o)
{
        if (o->n == OUTBOX_MAX) {
                memmove(o->list, o->list + 1, OUTBOX_MAX * sizeof *o->list);
                o->dropped++;
        } else {
                o->n++;
        }
        o->list[o->n] = (struct interval){ .at_s = 0 };
}

static int64_t chance(int64_t below)
{
        uint64_t r = 0;

        if (below < 1 || getrandom(&r, sizeof r, GRND_NONBLOCK) < 0)
                return 0;
        return (int64_t)(r % (uint64_t)below);
}

/* So often it calls when all is well, too, and is soon back. */
static int64_t longest(int64_t interval_s) { return interval_s > RETRY_S ? interval_s : RETRY_S; }

/* Twice as long after each fault, and a part of it by chance. */
static void wait_longer(struct outbox *o, int64_t now_s, int64_t interval_s)
{
        int64_t most = longest(interval_s), s = RETRY_S << (o->faults < 7 ? o->faults : 7);

        s = s < most ? s : most;
        o->retry_s = now_s + s / 2 + chance(s / 2);
        o->faults++;
}

void outbox_note(struct outbox *o, const struct metrics *m, int64_t now_s, int64_t interval_s)
{
        struct interval *at;

        /* Hosts that were started together do not send together. */
        if (!o->next_s)
                o->next_s = now_s + 1 + chance(interval_s);
        /* A clock that was set back would never end the interval. */
        if (o->next_s - now_s > interval_s)
                o->next_s = now_s + interval_s;
        if (now_s >= o->next_s) {
                if (o->list[o->n].at_s)
                        interval_finish(o);
                o->next_s = now_s + interval_s;
        }
        at = &o->list[o->n];
        at->at_s = now_s;
        for (int i = 0; i < METRIC_MAX; i++)
                statistic_add(&at->of[i], m->of[i]);
}

/* ---- the call ---- */

struct form { struct arena *a; struct aws_param *list; size_t n, room; bool full; };

static void put(struct form *f, const char *name, const char *value)
{
        if (!name || !value || f->n == f->room)
                f->full = true;
        else
                f->list[f->n++] = (struct aws_param){ name, value };
}

static void put_datum(struct form *f, size_t at, const char *key, const char *value)
{
        put(f, arena_printf(f->a, "MetricData.member.%zu.%s", at, key), value);
}

static void put_number(struct form *f, size_t at, const char *key, double v)
{
        put_datum(f, at, key, arena_printf(f->a, "%.0f", v));
}

static void put_metric(struct form *f, size_t at, const struct interval *t, enum metric m, const char *cluster)
{
        char when[32];

        put_datum(f, at, "MetricName", metric_name(m));
        put_datum(f, at, "Dimensions.member.1.Name", "ClusterName");
        put_datum(f, at, "Dimensions.member.1.Value", cluster);
        put_datum(f, at, "Timestamp", arena_dup(f->a, time_format(t->at_s, when, sizeof when)));
        put_number(f, at, "StatisticValues.SampleCount", t->of[m].n);
        put_number(f, at, "StatisticValues.Sum", t->of[m].sum);
        put_number(f, at, "StatisticValues.Minimum", t->of[m].least);
        put_number(f, at, "StatisticValues.Maximum", t->of[m].most);
        put_datum(f, at, "Unit", "Count");
}

#define PARAMS_A_DATUM 9
int outbox_params(const struct outbox *o, const char *namespace, const char *cluster, struct arena *a,
                  struct aws_param **ret, size_t *ret_n)
{
        struct form f = { .a = a, .room = 1 + o->n * METRIC_MAX * PARAMS_A_DATUM };
        size_t at = 0;

        f.list = arena_alloc(a, f.room * sizeof *f.list);
        if (!f.list)
                return -ENOMEM;
        put(&f, "Namespace", namespace);
        for (size_t i = 0; i < o->n; i++)
                for (int m = 0; m < METRIC_MAX; m++)
                        put_metric(&f, ++at, &o->list[i], (enum metric)m, cluster);
        *ret = f.list;
        *ret_n = f.n;
        return f.full ? -ENOMEM : 0;
}

static int call(struct daemon *d, const struct host *h, struct arena *a, int64_t now_s)
{
        CLEANUP(host_client_done) struct host_client hc = { 0 };
        struct aws_answer answer = { 0 };
        struct aws_param *params;
        int64_t interval_s = d->config->number[SETTING_INTERVAL];
        const char *text;
        size_t count;
        int r = outbox_params(&d->outbox, d->config->text[SETTING_NAMESPACE], h->cluster ? h->cluster : "unknown", a,
                              &params, &count);

        if (r == 0)
                r = host_client_make(&hc, &(struct host_access){ &d->cs, d->net, NULL }, h);
        hc.c.hurried = true;
        if (r == 0)
                r = aws_send(&hc.c, &(struct aws_request){ .service = AWS_CLOUDWATCH, .action = "PutMetricData", .params = params, .n_params = count }, &answer);
        if (r < 0) {
                fault_note(d, "CloudWatch", r == -EACCES ? host_client_fault(a, &hc) : strerror(-r));
                wait_longer(&d->outbox, now_s, interval_s);
                return r == -ENOMEM ? r : 0;
        }
        if (answer.state == ANSWER_OK) {
                d->outbox.sent += d->outbox.n;
                d->outbox.list[0] = d->outbox.list[d->outbox.n];
                d->outbox.n = 0;
                d->outbox.faults = 0;
                fault_gone(d, "CloudWatch");
        } else {
                wait_longer(&d->outbox, now_s, interval_s);
                text = aws_fault(a, "cloudwatch:PutMetricData", &answer);
                fault_note(d, "CloudWatch", text ? text : "cloudwatch:PutMetricData");
        }
        aws_answer_done(&answer);
        return 0;
}

#define CALL_MEMORY ((size_t)1 << 20)
int metrics_send(struct daemon *d, const struct host *h, int64_t now_s)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        int r;

        /* A clock that was set back does not make it wait for ever. */
        if (!d->outbox.n || (now_s < d->outbox.retry_s && d->outbox.retry_s - now_s <= longest(d->config->number[SETTING_INTERVAL])))
                return 0;
        r = arena_new(CALL_MEMORY, &a);
        if (r == 0)
                r = call(d, h, a, now_s);
        /* Once an interval; what TLS takes would else stay. */
        memory_give_back();
        return r;
}

/* ---- by the CloudWatch agent ---- */

int metrics_emit(struct daemon *d, const struct metrics *m, const struct host *h, int64_t now_s)
{
        const char *address = d->config->text[SETTING_EMF];
        const struct emf_names names = { d->config->text[SETTING_NAMESPACE], h->cluster, d->config->text[SETTING_EMF_GROUP] };
        CLEANUP(text_done) struct text line = { 0 };
        int64_t since = now_s - d->outbox.emitted_s;
        int r = 0;

        if (!*address || (since >= 0 && since < d->config->number[SETTING_INTERVAL]))
                return 0;
        if (!d->emf)
                r = emf_open(address, &d->emf);
        if (r == 0)
                r = emf_line(m, &names, now_s * 1000, &line);
        if (r == 0)
                r = emf_send(d->emf, &line);
        d->outbox.emitted_s = now_s;
        if (r < 0 && r != -ENOMEM)
                fault_note(d, "CloudWatch agent", r == -EINVAL ? "emf is not udp:ADDRESS:PORT or tcp:ADDRESS:PORT" : strerror(-r));
        else
                fault_gone(d, "CloudWatch agent");
        return r == -ENOMEM ? r : 0;
}
