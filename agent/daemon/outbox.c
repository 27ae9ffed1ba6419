#include <assert.h>
#include <sys/random.h>
#include "outbox.h"

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

/* All but Heartbeat have been zero. */
static bool interval_is_quiet(const struct interval *t)
{
        for (int i = 0; i < METRIC_MAX; i++)
                if (i != METRIC_HEARTBEAT && t->of[i].most != 0)
                        return false;
        return true;
}

static int64_t chance(int64_t below)
{
        uint64_t r = 0;

        if (below < 1 || getrandom(&r, sizeof r, GRND_NONBLOCK) < 0)
                return 0;
        return (int64_t)(r % (uint64_t)below);
}

/* No wait is longer than the interval between calls when all is well. */
static int64_t longest_wait(int64_t interval_s) { return interval_s > RETRY_S ? interval_s : RETRY_S; }

/* Twice as long after each failure, and part of it by chance. */
void outbox_failed(struct outbox *o, int64_t now_s, int64_t interval_s)
{
        int64_t most = longest_wait(interval_s), s = RETRY_S << (o->failures < 7 ? o->failures : 7);

        s = s < most ? s : most;
        o->retry_s = now_s + s / 2 + chance(s / 2);
        o->failures++;
}

bool outbox_is_due(const struct outbox *o, int64_t now_s, int64_t interval_s)
{
        /* A clock that was set back does not make it wait forever. */
        return o->n && (now_s >= o->retry_s || o->retry_s - now_s > longest_wait(interval_s));
}

uint64_t outbox_end(const struct outbox *o) { return o->sent + o->dropped + o->n; }

void outbox_sent(struct outbox *o, uint64_t end)
{
        uint64_t first = o->sent + o->dropped;
        size_t n = end > first ? (size_t)(end - first) : 0;

        assert(n <= o->n);
        memmove(o->list, o->list + n, (o->n + 1 - n) * sizeof *o->list);
        o->n -= n;
        o->sent += n;
        o->failures = 0;
}

/* Half an interval of tolerance: a scan is not to the second. A clock that was set back does not make it wait. */
static bool waits_for_heartbeat(const struct outbox *o, int64_t now_s, const struct outbox_times *times)
{
        return o->begun_s && interval_is_quiet(&o->list[o->n]) && now_s >= o->begun_s &&
               now_s - o->begun_s < times->heartbeat_s - times->interval_s / 2;
}

void outbox_note(struct outbox *o, const struct metrics *m, int64_t now_s, const struct outbox_times *times)
{
        int64_t interval_s = times->interval_s;
        struct interval *at;

        /* Hosts that were started together do not send together. */
        if (!o->next_s)
                o->next_s = now_s + 1 + chance(interval_s);
        /* A clock that was set back would never end the interval. */
        if (o->next_s - now_s > interval_s)
                o->next_s = now_s + interval_s;
        if (now_s >= o->next_s) {
                if (o->list[o->n].at_s && !waits_for_heartbeat(o, now_s, times)) {
                        interval_finish(o);
                        o->begun_s = now_s;
                }
                o->next_s = now_s + interval_s;
        }
        at = &o->list[o->n];
        at->at_s = now_s;
        for (int i = 0; i < METRIC_MAX; i++)
                statistic_add(&at->of[i], m->of[i]);
}

/* ---- the call ---- */

struct form { struct arena *a; const char *cluster; struct aws_param *list; size_t n, capacity; bool full; };

static void outbox_put(struct form *f, const char *name, const char *value)
{
        if (!name || !value || f->n == f->capacity)
                f->full = true;
        else
                f->list[f->n++] = (struct aws_param){ name, value };
}

static void put_datum(struct form *f, size_t at, const char *key, const char *value)
{
        outbox_put(f, arena_printf(f->a, "MetricData.member.%zu.%s", at, key), value);
}

static void put_number(struct form *f, size_t at, const char *key, double v)
{
        put_datum(f, at, key, arena_printf(f->a, "%.0f", v));
}

static void put_metric(struct form *f, size_t at, const struct interval *t, enum metric m)
{
        char when[32];

        put_datum(f, at, "MetricName", metric_name(m));
        put_datum(f, at, "Dimensions.member.1.Name", "ClusterName");
        put_datum(f, at, "Dimensions.member.1.Value", f->cluster);
        put_datum(f, at, "Timestamp", arena_dup(f->a, time_format(t->at_s, when, sizeof when)));
        put_number(f, at, "StatisticValues.SampleCount", t->of[m].n);
        put_number(f, at, "StatisticValues.Sum", t->of[m].sum);
        put_number(f, at, "StatisticValues.Minimum", t->of[m].least);
        put_number(f, at, "StatisticValues.Maximum", t->of[m].most);
        put_datum(f, at, "Unit", "Count");
}

#define PARAMS_A_DATUM 9
int outbox_params(const struct outbox *o, const struct metric_names *names, struct arena *a, struct metric_params *ret)
{
        struct form f = { .a = a, .cluster = names->cluster, .capacity = 1 + o->n * METRIC_MAX * PARAMS_A_DATUM };
        size_t at = 0;

        f.list = arena_alloc(a, f.capacity * sizeof *f.list);
        if (!f.list)
                return -ENOMEM;
        outbox_put(&f, "Namespace", names->namespace);
        for (size_t i = 0; i < o->n; i++)
                for (int m = 0; m < METRIC_MAX; m++)
                        put_metric(&f, ++at, &o->list[i], (enum metric)m);
        *ret = (struct metric_params){ f.list, f.n };
        return f.full ? -ENOMEM : 0;
}
