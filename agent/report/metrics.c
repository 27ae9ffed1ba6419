/* What a look comes to, as numbers; and as a Prometheus text file. */
#include "rolewatch/notice.h"

#ifndef ROLEWATCH_VERSION
#define ROLEWATCH_VERSION "0.0.0"
#endif

static const struct { const char *name, *prometheus, *meaning; } rows[] = {
#define X(id, name, prometheus, meaning) [METRIC_##id] = { name, prometheus, meaning },
        METRICS(X)
#undef X
};

const char *metric_name(enum metric m) { return rows[m].name; }

static bool denied(enum iam_answer a) { return a == IAM_IMPLICIT || a == IAM_EXPLICIT; }

static size_t calls_denied(const struct verdicts *v)
{
        size_t n = 0;

        for (size_t i = 0; i < v->n_groups; i++)
                for (size_t k = 0; k < v->groups[i].n_calls; k++)
                        n += denied(v->groups[i].calls[k].winner) && !v->groups[i].calls[k].resource_policy;
        for (size_t i = 0; i < v->n_derived; i++)
                n += denied(v->derived[i].call.winner) && !v->derived[i].call.resource_policy;
        return n;
}

void metrics_of(const struct verdicts *v, struct metrics *ret)
{
        *ret = (struct metrics){ .of = { [METRIC_HEARTBEAT] = 1, [METRIC_UNKNOWN] = (double)v->n_unknown,
                                         [METRIC_WOULD_FAIL] = (double)calls_denied(v) } };
        for (size_t i = 0; i < v->n_groups; i++) {
                ret->of[METRIC_WRONG_ROLE] += v->groups[i].verdict == VERDICT_WRONG;
                ret->of[METRIC_FAULTS] += v->groups[i].verdict == VERDICT_NONE;
        }
}

/* Label values: a backslash, a quote and a line end are escaped. */
static void add_label(struct text *t, const char *value)
{
        for (; value && *value; value++) {
                if (*value == '\\' || *value == '"' || *value == '\n')
                        text_add(t, "\\");
                text_addn(t, *value == '\n' ? "n" : value, 1);
        }
}

static void add_head(struct text *t, const char *name, const char *help)
{
        text_addf(t, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

void metrics_prometheus(const struct metrics *m, const char *cluster, const size_t findings[FINDING_KIND_MAX],
                        int64_t looked_s, struct text *to)
{
        for (int i = 0; i < METRIC_MAX; i++) {
                add_head(to, rows[i].prometheus, rows[i].meaning);
                text_addf(to, "%s{cluster=\"", rows[i].prometheus);
                add_label(to, cluster);
                text_addf(to, "\"} %.0f\n", m->of[i]);
        }
        add_head(to, "rolewatch_findings", "open findings by kind");
        for (int i = 0; i < FINDING_KIND_MAX; i++)
                text_addf(to, "rolewatch_findings{finding=\"%s\"} %zu\n", finding_slug((enum finding_kind)i), findings[i]);
        add_head(to, "rolewatch_last_look_timestamp_seconds", "when the last look was finished");
        text_addf(to, "rolewatch_last_look_timestamp_seconds %lld\n", (long long)looked_s);
        add_head(to, "rolewatch_build_info", "the version that runs");
        text_addf(to, "rolewatch_build_info{version=\"%s\"} 1\n", ROLEWATCH_VERSION);
}
