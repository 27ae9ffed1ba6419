/* rolewatch findings: the tables of findings and of the names that they are published by, from which pages, dashboards and alarms are made. */
#include "cli_internal.h"
#include "commands.h"
#include "rolewatch/notice.h"

#define FINDINGS_OPTIONS(X) \
        X(FLAG, json,  "json",  'j', NULL, "print the findings as JSON") \
        X(FLAG, names, "names", 0,   NULL, "print the names of all metrics, journal fields, events and severities as JSON")
OPTION_TABLE(FINDINGS_OPTIONS)

static bool chosen(enum finding_kind k, const char *const *slugs, size_t n)
{
        for (size_t i = 0; i < n; i++)
                if (streq(slugs[i], finding_slug(k)))
                        return true;
        return n == 0;
}

static bool findings_known(const char *slug)
{
        for (int i = 0; i < FINDING_KIND_MAX; i++)
                if (streq(slug, finding_slug((enum finding_kind)i)))
                        return true;
        return false;
}

/* The names of the metrics that it counts in. */
static bool put_metrics(cJSON *o, enum finding_kind k)
{
        cJSON *list = cJSON_AddArrayToObject(o, "metrics");

        for (int i = 0; list && i < METRIC_MAX; i++) {
                cJSON *name = finding_counts_in(k, (enum metric)i) ? cJSON_CreateString(metric_name((enum metric)i)) : NULL;

                if (finding_counts_in(k, (enum metric)i) && (!name || !cJSON_AddItemToArray(list, name)))
                        return false;
        }
        return list != NULL;
}

static cJSON *findings_json(const char *const *slugs, size_t n)
{
        CLEANUP(json_freep) cJSON *list = cJSON_CreateArray();

        for (int i = 0; list && i < FINDING_KIND_MAX; i++) {
                enum finding_kind k = (enum finding_kind)i;
                cJSON *o;

                if (!chosen(k, slugs, n))
                        continue;
                o = cJSON_CreateObject();
                if (!o || !cJSON_AddItemToArray(list, o) || !cJSON_AddStringToObject(o, "id", finding_slug(k)) ||
                    !cJSON_AddStringToObject(o, "severity", severity_to_string(finding_severity(k))) ||
                    !cJSON_AddStringToObject(o, "messageId", finding_message_id(k)) ||
                    !cJSON_AddStringToObject(o, "meaning", finding_meaning(k)) ||
                    !cJSON_AddStringToObject(o, "advice", finding_advice(k)) || !put_metrics(o, k))
                        return NULL;
        }
        return TAKE(list);
}

/* Rows of texts, NULL where a row has none. */
static bool findings_put_row(cJSON *list, const char *const keys[], const char *const values[], size_t n)
{
        cJSON *o = cJSON_CreateObject();
        bool good = o && cJSON_AddItemToArray(list, o);

        for (size_t i = 0; good && i < n; i++)
                good = values[i] ? cJSON_AddStringToObject(o, keys[i], values[i]) != NULL
                                 : cJSON_AddNullToObject(o, keys[i]) != NULL;
        return good;
}

/* The names by which metrics and journal entries can be queried. */
static cJSON *names_json(void)
{
        CLEANUP(json_freep) cJSON *o = cJSON_CreateObject();
        cJSON *metrics = o ? cJSON_AddArrayToObject(o, "metrics") : NULL;
        cJSON *fields = o ? cJSON_AddArrayToObject(o, "fields") : NULL;
        cJSON *events = o ? cJSON_AddArrayToObject(o, "events") : NULL;
        cJSON *severities = o ? cJSON_AddArrayToObject(o, "severities") : NULL;
        bool good = metrics && fields && events && severities;

        for (int i = 0; good && i < METRIC_MAX; i++) {
                enum metric m = (enum metric)i;

                good = findings_put_row(metrics, (const char *const[]){ "name", "prometheus", "meaning" },
                                        (const char *const[]){ metric_name(m), metric_prometheus(m), metric_meaning(m) }, 3);
        }
        for (int i = 0; good && i < NOTICE_MAX; i++)
                good = findings_put_row(fields, (const char *const[]){ "key", "journal" },
                                        (const char *const[]){ notice_key((enum notice_field)i), notice_journal_field((enum notice_field)i) }, 2);
        for (int i = 0; good && i < EVENT_MAX; i++)
                good = findings_put_row(events, (const char *const[]){ "event" },
                                        (const char *const[]){ notice_event_to_string((enum notice_event)i) }, 1);
        for (int i = 0; good && i < SEVERITY_MAX; i++)
                good = findings_put_row(severities, (const char *const[]){ "severity" },
                                        (const char *const[]){ severity_to_string((enum severity)i) }, 1);
        return good ? TAKE(o) : NULL;
}

static void findings_print(const char *const *slugs, size_t n)
{
        for (int i = 0; i < FINDING_KIND_MAX; i++) {
                enum finding_kind k = (enum finding_kind)i;

                if (!chosen(k, slugs, n))
                        continue;
                printf("%s (%s)\n  %s\n  journalctl MESSAGE_ID=%s\n", finding_slug(k), severity_to_string(finding_severity(k)),
                       finding_meaning(k), finding_message_id(k));
                if (n)
                        printf("  %s\n", finding_advice(k));
        }
}

static int findings_unknown(const struct arguments *a, const char *slug)
{
        struct suggestion s = { .word = slug };

        for (int i = 0; i < FINDING_KIND_MAX; i++)
                suggestion_consider(&s, finding_slug((enum finding_kind)i));
        return usage_error_near(a->command, s.name, "unknown finding '%s'", slug);
}

static int run_findings(const struct arguments *a)
{
        const struct options *o = a->options;
        cJSON *j;

        for (size_t i = 0; i < a->n_operands; i++)
                if (!findings_known(a->operands[i]))
                        return findings_unknown(a, a->operands[i]);
        if (!o->json && !o->names) {
                findings_print(a->operands, a->n_operands);
                return 0;
        }
        j = o->names ? names_json() : findings_json(a->operands, a->n_operands);
        return j ? json_print(a, j, NULL) : command_error(a, "out of memory");
}

const struct command command_findings = {
        .name = "findings", .operands = "[FINDING...]", .help = "list the kinds of findings and the MESSAGE_IDs of their journal entries",
        COMMAND_OPTIONS, .run = run_findings,
        .exits = { { 0, "the findings are listed" }, { 3, "the output could not be written" } },
        .examples = { "rolewatch findings wrong-role" },
};
