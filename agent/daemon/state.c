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

/* What it may and may not do, each with the one thing that would change it. */
static bool add_sources(const struct outcome *o, cJSON *j)
{
        const struct host *h = &o->v->snapshot->host;
        cJSON *list = cJSON_AddObjectToObject(j, "sources");

        return list && add_answer(list, "imds", &h->imds) && add_answer(list, "introspection", &h->introspection) &&
               add_answer(list, "credentials", &h->credentials) &&
               (!h->blind || cJSON_AddStringToObject(list, "notSeen", h->blind)) &&
               (!h->policies_fault || cJSON_AddStringToObject(list, "policies", h->policies_fault)) &&
               (!h->definitions_fault || cJSON_AddStringToObject(list, "definitions", h->definitions_fault)) &&
               cJSON_AddStringToObject(list, "events", "none: a look every sweep");
}

static bool add_errors(const struct daemon *d, cJSON *j)
{
        cJSON *list = cJSON_AddArrayToObject(j, "errors");

        for (size_t i = 0; list && i < d->n_errors && i < ERRORS_MAX; i++) {
                cJSON *e = cJSON_CreateObject();

                if (!e || !cJSON_AddItemToArray(list, e) ||
                    !cJSON_AddNumberToObject(e, "at", (double)d->errors[i].at_s) ||
                    !cJSON_AddStringToObject(e, "what", d->errors[i].what) ||
                    !cJSON_AddStringToObject(e, "error", d->errors[i].text))
                        return false;
        }
        return list != NULL;
}

static bool add_cost(const struct outcome *o, cJSON *j)
{
        cJSON *c = cJSON_AddObjectToObject(j, "cost");
        struct rusage u;

        getrusage(RUSAGE_SELF, &u);
        return c && cJSON_AddNumberToObject(c, "looks", (double)o->d->looks) &&
               cJSON_AddNumberToObject(c, "lastLookMs", o->ms) &&
               cJSON_AddNumberToObject(c, "cpuMs", (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000 +
                                                           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1000) &&
               cJSON_AddNumberToObject(c, "maxRssKiB", (double)u.ru_maxrss);
}

static cJSON *state_json(const struct outcome *o)
{
        CLEANUP(json_freep) cJSON *j = cJSON_CreateObject(), *open = NULL;
        cJSON *metrics = NULL;
        bool good = j && cJSON_AddNumberToObject(j, "rolewatch-state", STATE_VERSION) &&
                    cJSON_AddNumberToObject(j, "pid", getpid()) &&
                    cJSON_AddNumberToObject(j, "startedAt", (double)o->d->started_s) &&
                    cJSON_AddNumberToObject(j, "lookedAt", (double)o->now_s) &&
                    cJSON_AddNumberToObject(j, "sweep", (double)o->d->config->number[SETTING_SWEEP]) &&
                    cJSON_AddNumberToObject(j, "tasks", (double)o->v->snapshot->n_tasks) &&
                    cJSON_AddNumberToObject(j, "groups", (double)o->v->n_groups) &&
                    cJSON_AddNumberToObject(j, "undecidedCalls", (double)o->v->n_undecided) &&
                    (!o->v->undecided_why || cJSON_AddStringToObject(j, "undecidedWhy", o->v->undecided_why)) &&
                    cJSON_AddNumberToObject(j, "suppressed", (double)ledger_suppressed(o->d->ledger));

        metrics = good ? cJSON_AddObjectToObject(j, "metrics") : NULL;
        for (int i = 0; metrics && i < METRIC_MAX; i++)
                good = good && cJSON_AddNumberToObject(metrics, metric_name((enum metric)i), o->metrics.of[i]);
        good = good && cJSON_AddNumberToObject(j, "metricsSent", (double)o->d->outbox.sent) &&
               cJSON_AddNumberToObject(j, "metricsDropped", (double)o->d->outbox.dropped);
        good = good && metrics && add_sources(o, j) && add_errors(o->d, j) && add_cost(o, j) &&
               ledger_to_json(o->d->ledger, &open) == 0 && cJSON_AddItemToObject(j, "open", open);
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
}

void state_write(const struct outcome *o)
{
        CLEANUP(json_freep) cJSON *j = state_json(o);
        CLEANUP(freep) char *text = j ? cJSON_PrintUnformatted(j) : NULL;
        CLEANUP(text_done) struct text prometheus = { 0 };
        const char *const *path = o->d->config->text;

        if (*path[SETTING_STATE])
                write_or_note(o->d, "state file", path[SETTING_STATE], text, 0640);
        if (!*path[SETTING_PROMETHEUS])
                return;
        metrics_prometheus(&o->metrics, o->v, o->now_s, &prometheus);
        write_or_note(o->d, "Prometheus file", path[SETTING_PROMETHEUS], prometheus.failed ? NULL : prometheus.s, 0644);
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
        if (n <= 0 || json_parse(text, (size_t)n, &j) < 0)
                return 0;
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
