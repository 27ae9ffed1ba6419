/* state -- the state file, for a restart and for `rolewatch status`. */
#include <stdio.h>
#include <sys/resource.h>
#include "daemon_internal.h"
#include "rolewatch/io.h"

#define STATE_VERSION 1
#define STATE_FILE_MAX ((size_t)64 << 20)
#define BOOT_ID_MAX 63                 /* a UUID and a line feed */

static bool add_answer(cJSON *o, const char *key, const struct answer *x)
{
        return cJSON_AddStringToObject(o, key, answer_state_to_string(x->state)) != NULL;
}

/* Each source of facts, with its state or the reason why it is not available. */
static bool add_sources(const struct daemon *d, cJSON *j)
{
        const struct host *h = d->scan.facts ? &d->scan.facts->host : NULL;
        cJSON *list = cJSON_AddObjectToObject(j, "sources");
        int error = broker_link_error(d->broker);
        const char *broker = !error ? "ok" : broker_link_was_there(d->broker) ? "does not answer" : "not available";
        char events[200];

        if (d->kernel_events.events)
                snprintf(events, sizeof events, "available for all containers%s",
                         error ? "; full scan every scan_interval until the broker answers" : "");
        else
                snprintf(events, sizeof events, "none; full scan every scan_interval: %s", d->kernel_events.error ? d->kernel_events.error : "not opened yet");
        return list && cJSON_AddStringToObject(list, "broker", broker) && (!h || (add_answer(list, "imds", &h->imds) && add_answer(list, "introspection", &h->introspection) &&
               add_answer(list, "credentials", &h->credentials) &&
               (!h->not_visible || cJSON_AddStringToObject(list, "notSeen", h->not_visible)) &&
               (!h->policies_error || cJSON_AddStringToObject(list, "policies", h->policies_error)) &&
               (!h->definitions_error || cJSON_AddStringToObject(list, "definitions", h->definitions_error)))) &&
               cJSON_AddStringToObject(list, "events", events);
}

static bool add_counts(const struct daemon *d, cJSON *j)
{
        const struct process_events *c = &d->process_events;
        const struct kernel_events *k = &d->kernel_events;
        const struct { const char *key; uint64_t n; } rows[] = {
                { "execs", c->execs }, { "connects", c->connects }, { "contacts", c->contacts },
                { "lost", k->lost + (k->events ? events_lost(k->events) : 0) }, { "unattributed", c->unattributed },
                { "gone", c->ended }, { "denied", d->call_evidence.n_denied }, { "refused", d->call_evidence.n_refused },
                { "judged", c->judged }, { "known", c->known }, { "putOff", c->put_off },
                { "slowestMs", c->slowest_us / 1000 },
        };
        cJSON *o = cJSON_AddObjectToObject(j, "kernelEvents");

        for (size_t i = 0; o && i < ARRAY_SIZE(rows); i++)
                if (!cJSON_AddNumberToObject(o, rows[i].key, (double)rows[i].n))
                        return false;
        return o != NULL;
}

/* While the setting is on: what was read of the containers' log files, and what was not. */
static bool add_logs(const struct daemon *d, cJSON *j)
{
        struct log_file_counts c;
        cJSON *o;

        if (!d->call_evidence.files)
                return true;
        c = log_files_counts(d->call_evidence.files);
        o = cJSON_AddObjectToObject(j, "containerLogs");
        return o && cJSON_AddNumberToObject(o, "files", (double)c.files) && cJSON_AddNumberToObject(o, "withoutFile", (double)c.without) &&
               cJSON_AddNumberToObject(o, "failed", (double)c.failed) && cJSON_AddNumberToObject(o, "notFollowed", (double)c.left_out) &&
               cJSON_AddNumberToObject(o, "denied", (double)c.records.reported) && cJSON_AddNumberToObject(o, "malformed", (double)c.records.dropped) &&
               cJSON_AddNumberToObject(o, "bytes", (double)c.bytes) && cJSON_AddNumberToObject(o, "bytesNotRead", (double)c.passed_over);
}

static bool add_errors(const struct daemon *d, cJSON *j)
{
        cJSON *list = cJSON_AddArrayToObject(j, "errors");

        for (size_t i = 0; list && i < d->errors.n && i < ERRORS_MAX; i++) {
                cJSON *e;

                if (d->errors.list[i].text[0] == '\0')
                        continue;
                e = cJSON_CreateObject();
                if (!e || !cJSON_AddItemToArray(list, e) ||
                    !cJSON_AddNumberToObject(e, "at", (double)d->errors.list[i].at_s) ||
                    !cJSON_AddStringToObject(e, "what", d->errors.list[i].what) ||
                    !cJSON_AddStringToObject(e, "error", d->errors.list[i].text))
                        return false;
        }
        return list != NULL;
}

static double cpu_ms(const struct rusage *u)
{
        return (double)(u->ru_utime.tv_sec + u->ru_stime.tv_sec) * 1000 + (double)(u->ru_utime.tv_usec + u->ru_stime.tv_usec) / 1000;
}

/* Of the daemon and of the child processes that it has waited for. */
static bool add_cost(const struct daemon *d, cJSON *j)
{
        cJSON *c = cJSON_AddObjectToObject(j, "cost");
        struct rusage own, children;

        getrusage(RUSAGE_SELF, &own);
        getrusage(RUSAGE_CHILDREN, &children);
        return c && cJSON_AddNumberToObject(c, "looks", (double)d->scan.count) &&
               cJSON_AddNumberToObject(c, "lastLookMs", d->scan.last.ms) &&
               cJSON_AddNumberToObject(c, "lastScanCpuMs", (double)d->scan.last.cpu_us / 1000) &&
               cJSON_AddNumberToObject(c, "cpuMs", cpu_ms(&own) + cpu_ms(&children)) &&
               cJSON_AddNumberToObject(c, "longestTurnMs", (double)d->longest_turn_us / 1000) &&
               cJSON_AddNumberToObject(c, "maxRssKiB", (double)own.ru_maxrss) &&
               cJSON_AddNumberToObject(c, "scanMaxRssKiB", (double)children.ru_maxrss);
}

/* It is another after each start of the host, and with it every pid. "": not known. */
static void boot_id_get(const struct daemon *d, char ret[BOOT_ID_MAX + 1])
{
        CLEANUP(freep) char *text = NULL;
        char path[PATH_TEXT_MAX];
        size_t len;

        ret[0] = '\0';
        snprintf(path, sizeof path, "%s/sys/kernel/random/boot_id", d->cs.proc);
        if (read_file(&(struct file_request){ .dir = AT_FDCWD, .path = path, .max_bytes = BOOT_ID_MAX }, &text, &len) == 0)
                text_fit(ret, BOOT_ID_MAX + 1, text);
}

static bool add_environments(const struct daemon *d, cJSON *j)
{
        char boot[BOOT_ID_MAX + 1];
        cJSON *o = NULL;

        boot_id_get(d, boot);
        if (!boot[0])
                return true;
        if (environment_cache_to_json(d->environments, &o) < 0)
                return false;
        if (cJSON_AddStringToObject(o, "boot", boot) && cJSON_AddItemToObject(j, "environments", o))
                return true;
        cJSON_Delete(o);
        return false;
}

static cJSON *state_json(const struct daemon *d)
{
        CLEANUP(json_freep) cJSON *j = cJSON_CreateObject(), *open = NULL;
        const struct scan_summary *l = &d->scan.last;
        struct metrics now = metrics_now(d);
        cJSON *metrics = NULL;
        bool good = j && cJSON_AddNumberToObject(j, "rolewatch-state", STATE_VERSION) &&
                    cJSON_AddNumberToObject(j, "pid", getpid()) &&
                    cJSON_AddNumberToObject(j, "startedAt", (double)d->started_s) &&
                    cJSON_AddNumberToObject(j, "lookedAt", (double)l->taken_s) &&
                    cJSON_AddNumberToObject(j, "writtenAt", (double)clock_wall_s()) &&
                    cJSON_AddNumberToObject(j, "sweep", (double)d->config->number[SETTING_SCAN_INTERVAL]) &&
                    cJSON_AddNumberToObject(j, "reconcile", (double)d->config->number[SETTING_IDLE_SCAN_INTERVAL]) &&
                    cJSON_AddNumberToObject(j, "scanInterval", (double)d->config->number[SETTING_SCAN_INTERVAL]) &&
                    cJSON_AddNumberToObject(j, "idleScanInterval", (double)d->config->number[SETTING_IDLE_SCAN_INTERVAL]) &&
                    cJSON_AddNumberToObject(j, "tasks", (double)l->tasks) &&
                    cJSON_AddNumberToObject(j, "groups", (double)l->groups) &&
                    cJSON_AddNumberToObject(j, "undecidedCalls", (double)l->undecided) &&
                    (!l->undecided_why[0] || cJSON_AddStringToObject(j, "undecidedWhy", l->undecided_why)) &&
                    cJSON_AddNumberToObject(j, "suppressed", (double)finding_state_suppressed(d->findings));

        metrics = good ? cJSON_AddObjectToObject(j, "metrics") : NULL;
        for (int i = 0; metrics && i < METRIC_MAX; i++)
                good = good && cJSON_AddNumberToObject(metrics, metric_name((enum metric)i), now.of[i]);
        good = good && cJSON_AddNumberToObject(j, "metricsSent", (double)d->metrics.outbox.sent) &&
               cJSON_AddNumberToObject(j, "metricsDropped", (double)d->metrics.outbox.dropped);
        good = good && metrics && add_sources(d, j) && add_counts(d, j) && add_logs(d, j) && permissions_add(d, j) && add_errors(d, j) && add_cost(d, j) && add_environments(d, j) &&
               finding_state_to_json(d->findings, &open) == 0 && cJSON_AddItemToObject(j, "open", open);
        if (!good)
                return NULL;
        open = NULL;
        return TAKE(j);
}

/* Those of processes that have ended are never found; the next scan drops them. */
static int environments_read(struct daemon *d, const cJSON *o)
{
        char boot[BOOT_ID_MAX + 1];
        const char *saved;
        int r;

        boot_id_get(d, boot);
        if (!boot[0] || json_get_str(o, "boot", BOOT_ID_MAX, &saved) < 0 || !streq(saved, boot))
                return 0;
        r = environment_cache_from_json(d->environments, o);
        return r == -ENOMEM ? r : 0;
}

void state_write(struct daemon *d)
{
        CLEANUP(json_freep) cJSON *j = state_json(d);
        CLEANUP(freep) char *text = j ? cJSON_PrintUnformatted(j) : NULL;

        if (*d->config->text[SETTING_STATE])
                file_publish(&d->errors, "state file", &(struct file_target){ AT_FDCWD, d->config->text[SETTING_STATE], 0640 }, text);
}

int state_read(struct daemon *d)
{
        const struct file_request q = { AT_FDCWD, d->config->text[SETTING_STATE], STATE_FILE_MAX, OPEN_REGULAR_ONLY | OPEN_NO_SYMLINK };
        CLEANUP(json_freep) cJSON *j = NULL;
        CLEANUP(freep) char *text = NULL;
        struct finding_state *f = NULL;
        size_t len;
        int r = read_file(&q, &text, &len);

        if (r < 0)
                return r == -ENOMEM ? r : 0;
        r = json_parse(text, len, &j);
        if (r == 0)
                r = finding_state_from_json(cJSON_GetObjectItemCaseSensitive(j, "open"), &f);
        if (r == -ENOMEM)
                return r;
        if (r < 0) {
                error_note(&d->errors, "state file", "invalid state file; starting with an empty history");
                return 0;
        }
        finding_state_free(d->findings);
        d->findings = f;
        return environments_read(d, cJSON_GetObjectItemCaseSensitive(j, "environments"));
}
