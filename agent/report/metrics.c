/* Open findings as metrics, and as a Prometheus text file. */
#include "report_internal.h"

#ifndef ROLEWATCH_VERSION
#define ROLEWATCH_VERSION "0.0.0"
#endif

void open_findings_add(struct open_findings *o, enum finding_kind k, enum severity s)
{
        assert((size_t)k < FINDING_KIND_MAX);
        o->all[k]++;
        o->counted[k] += s >= finding_severity(k);
}

void metrics_of(const struct open_findings *o, struct metrics *ret)
{
        *ret = (struct metrics){ .of = { [METRIC_UNKNOWN] = (double)o->unknown_groups, [METRIC_HEARTBEAT] = 1 } };
        for (int k = 0; k < FINDING_KIND_MAX; k++)
                for (int m = 0; m < METRIC_MAX; m++)
                        if (finding_counts_in((enum finding_kind)k, (enum metric)m))
                                ret->of[m] += (double)o->counted[k];
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

void metrics_prometheus(const struct metrics_page *page, struct text *to)
{
        struct metrics values;

        metrics_of(page->open, &values);
        for (int i = 0; i < METRIC_MAX; i++) {
                const char *name = metric_prometheus((enum metric)i);

                add_head(to, name, metric_meaning((enum metric)i));
                text_addf(to, "%s{cluster=\"", name);
                add_label(to, page->cluster);
                text_addf(to, "\"} %.0f\n", values.of[i]);
        }
        add_head(to, "rolewatch_findings", "open findings by kind");
        for (int i = 0; i < FINDING_KIND_MAX; i++)
                text_addf(to, "rolewatch_findings{finding=\"%s\"} %zu\n", finding_slug((enum finding_kind)i), page->open->all[i]);
        add_head(to, "rolewatch_last_look_timestamp_seconds", "Unix time of the end of the last full scan");
        text_addf(to, "rolewatch_last_look_timestamp_seconds %lld\n", (long long)page->scanned_s);
        add_head(to, "rolewatch_build_info", "version of the running daemon");
        text_addf(to, "rolewatch_build_info{version=\"%s\"} 1\n", ROLEWATCH_VERSION);
}
