/* What is kept on disk: the state, for a restart and for status; and the Prometheus file. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include "room.h"

#define STATE_VERSION 1
#define STATE_FILE_MAX ((size_t)64 << 20)

int file_replace(const char *path, const char *text, size_t len, unsigned mode)
{
        CLEANUP(closep) int fd = -1;
        char fresh[4096];
        int r = 0;

        /* The name must not end as the file does: node_exporter reads every *.prom. */
        if ((size_t)snprintf(fresh, sizeof fresh, "%s.new", path) >= sizeof fresh)
                return -ENAMETOOLONG;
        unlink(fresh);
        fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
        if (fd < 0)
                return -errno;
        while (r == 0 && len > 0) {
                ssize_t n = write(fd, text, len);

                if (n < 0 && errno != EINTR)
                        r = -errno;
                if (n > 0) {
                        text += n;
                        len -= (size_t)n;
                }
        }
        if (r == 0 && (fchmod(fd, mode) < 0 || rename(fresh, path) < 0))
                r = -errno;
        if (r < 0)
                unlink(fresh);
        return r;
}

static bool add_answer(cJSON *o, const char *key, const struct answer *x)
{
        return cJSON_AddStringToObject(o, key, answer_word(x->state)) != NULL;
}

/* What it can see and what it cannot, each with the one thing that would change it. */
static bool add_sources(const struct daemon *d, cJSON *j)
{
        const struct host *h = d->base ? &d->base->host : NULL;
        cJSON *list = cJSON_AddObjectToObject(j, "sources");
        const char *broker = !d->broker ? "not there" : broker_fault(d->broker) ? "does not answer" : "ok";
        char events[200];

        if (d->events)
                snprintf(events, sizeof events, "of %s", events_scope(d->events));
        else
                snprintf(events, sizeof events, "none, a look every sweep: %s", d->events_fault ? d->events_fault : "not yet");
        return list && cJSON_AddStringToObject(list, "broker", broker) && (!h || (add_answer(list, "imds", &h->imds) && add_answer(list, "introspection", &h->introspection) &&
               add_answer(list, "credentials", &h->credentials) &&
               (!h->blind || cJSON_AddStringToObject(list, "notSeen", h->blind)) &&
               (!h->policies_fault || cJSON_AddStringToObject(list, "policies", h->policies_fault)) &&
               (!h->definitions_fault || cJSON_AddStringToObject(list, "definitions", h->definitions_fault)))) &&
               cJSON_AddStringToObject(list, "events", events);
}

static bool add_counts(const struct daemon *d, cJSON *j)
{
        const struct counts *c = &d->counts;
        const struct { const char *key; uint64_t n; } rows[] = {
                { "execs", c->execs }, { "connects", c->connects }, { "contacts", c->contacts },
                { "lost", c->lost + (d->events ? events_lost(d->events) : 0) }, { "unattributed", c->unattributed },
                { "gone", c->gone }, { "denied", c->denied }, { "refused", c->refused }, { "judged", c->judged }, { "known", c->known }, { "putOff", c->put_off },
                { "slowestMs", c->slowest_us / 1000 },
        };
        cJSON *o = cJSON_AddObjectToObject(j, "kernelEvents");

        for (size_t i = 0; o && i < ARRAY_SIZE(rows); i++)
                if (!cJSON_AddNumberToObject(o, rows[i].key, (double)rows[i].n))
                        return false;
        return o != NULL;
}

static bool add_errors(const struct daemon *d, cJSON *j)
{
        cJSON *list = cJSON_AddArrayToObject(j, "errors");

        for (size_t i = 0; list && i < d->n_errors && i < ERRORS_MAX; i++) {
                cJSON *e;

                if (d->errors[i].text[0] == '\0')
                        continue;
                e = cJSON_CreateObject();
                if (!e || !cJSON_AddItemToArray(list, e) ||
                    !cJSON_AddNumberToObject(e, "at", (double)d->errors[i].at_s) ||
                    !cJSON_AddStringToObject(e, "what", d->errors[i].what) ||
                    !cJSON_AddStringToObject(e, "error", d->errors[i].text))
                        return false;
        }
        return list != NULL;
}

static bool add_cost(const struct daemon *d, cJSON *j)
{
        cJSON *c = cJSON_AddObjectToObject(j, "cost");
        struct rusage u;

        getrusage(RUSAGE_SELF, &u);
        return c && cJSON_AddNumberToObject(c, "looks", (double)d->looks) &&
               cJSON_AddNumberToObject(c, "lastLookMs", d->last.ms) &&
               cJSON_AddNumberToObject(c, "cpuMs", (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000 +
                                                           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1000) &&
               cJSON_AddNumberToObject(c, "maxRssKiB", (double)u.ru_maxrss);
}

static cJSON *state_json(const struct daemon *d)
{
        CLEANUP(json_freep) cJSON *j = cJSON_CreateObject(), *open = NULL;
        const struct summary *l = &d->last;
        struct metrics now = metrics_now(d);
        cJSON *metrics = NULL;
        bool good = j && cJSON_AddNumberToObject(j, "rolewatch-state", STATE_VERSION) &&
                    cJSON_AddNumberToObject(j, "pid", getpid()) &&
                    cJSON_AddNumberToObject(j, "startedAt", (double)d->started_s) &&
                    cJSON_AddNumberToObject(j, "lookedAt", (double)l->looked_s) &&
                    cJSON_AddNumberToObject(j, "writtenAt", (double)time(NULL)) &&
                    cJSON_AddNumberToObject(j, "sweep", (double)d->config->number[SETTING_SWEEP]) &&
                    cJSON_AddNumberToObject(j, "reconcile", (double)d->config->number[SETTING_RECONCILE]) &&
                    cJSON_AddNumberToObject(j, "tasks", (double)l->tasks) &&
                    cJSON_AddNumberToObject(j, "groups", (double)l->groups) &&
                    cJSON_AddNumberToObject(j, "undecidedCalls", (double)l->undecided) &&
                    (!l->undecided_why[0] || cJSON_AddStringToObject(j, "undecidedWhy", l->undecided_why)) &&
                    cJSON_AddNumberToObject(j, "suppressed", (double)ledger_suppressed(d->ledger));

        metrics = good ? cJSON_AddObjectToObject(j, "metrics") : NULL;
        for (int i = 0; metrics && i < METRIC_MAX; i++)
                good = good && cJSON_AddNumberToObject(metrics, metric_name((enum metric)i), now.of[i]);
        good = good && cJSON_AddNumberToObject(j, "metricsSent", (double)d->outbox.sent) &&
               cJSON_AddNumberToObject(j, "metricsDropped", (double)d->outbox.dropped);
        good = good && metrics && add_sources(d, j) && add_counts(d, j) && rights_add(d, j) && add_errors(d, j) && add_cost(d, j) &&
               ledger_to_json(d->ledger, &open) == 0 && cJSON_AddItemToObject(j, "open", open);
        if (!good)
                return NULL;
        open = NULL;
        return TAKE(j);
}

static void write_or_note(struct daemon *d, const char *what, const char *path, const char *text, unsigned mode)
{
        int r = text ? file_replace(path, text, strlen(text), mode) : -ENOMEM;

        if (r < 0)
                fault_note(d, what, strerror(-r));
        else
                fault_gone(d, what);
}

void state_write(struct daemon *d)
{
        CLEANUP(json_freep) cJSON *j = state_json(d);
        CLEANUP(freep) char *text = j ? cJSON_PrintUnformatted(j) : NULL;

        if (*d->config->text[SETTING_STATE])
                write_or_note(d, "state file", d->config->text[SETTING_STATE], text, 0640);
}

void prometheus_write(struct daemon *d, const struct open_findings *open)
{
        const struct metrics_page page = { open, d->base->host.cluster, d->last.looked_s };
        CLEANUP(text_done) struct text t = { 0 };
        const char *path = d->config->text[SETTING_PROMETHEUS];

        if (!*path)
                return;
        metrics_prometheus(&page, &t);
        write_or_note(d, "Prometheus file", path, t.failed ? NULL : t.s, 0644);
}

int state_read(struct daemon *d)
{
        CLEANUP(closep) int fd = open(d->config->text[SETTING_STATE], O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
        CLEANUP(json_freep) cJSON *j = NULL;
        CLEANUP(freep) char *text = NULL;
        struct ledger *l = NULL;
        struct stat st;
        ssize_t n;
        int r;

        if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || (size_t)st.st_size > STATE_FILE_MAX)
                return 0;
        text = malloc((size_t)st.st_size + 1);
        if (!text)
                return -ENOMEM;
        n = read(fd, text, (size_t)st.st_size);
        r = json_parse(text, n > 0 ? (size_t)n : 0, &j);
        if (r == 0)
                r = ledger_from_json(cJSON_GetObjectItemCaseSensitive(j, "open"), &l);
        if (r == -ENOMEM)
                return r;
        if (r < 0) {
                fault_note(d, "state file", "not one of rolewatch: what was told before is forgotten");
                return 0;
        }
        ledger_free(d->ledger);
        d->ledger = l;
        return 0;
}
