/*
 * The readers and writers by themselves, for tests/checks:
 *
 *   tool logs DIRECTORY|-      one JSON line for each denial
 *   tool csm ADDRESSES         for each datagram
 *   tool audit PATH            for each line
 *   tool emf ADDRESS CLUSTER   sends the metrics of a look, a line of standard input each; prints what became of it
 *   tool prometheus CLUSTER    prints the Prometheus file
 *
 * A reader ends with standard input, and then says its counts. Wired into sd-event as a daemon does it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <systemd/sd-event.h>
#include "../../agent/report/report_internal.h"
#include "rolewatch/evidence.h"

static void put(cJSON *o, const char *key, const char *value)
{
        if (value)
                cJSON_AddStringToObject(o, key, value);
}

static void print_json(cJSON *o)
{
        CLEANUP(freep) char *text = cJSON_PrintUnformatted(o);

        puts(text);
        fflush(stdout);
        cJSON_Delete(o);
}

static void put_what(cJSON *o, const struct error_text *e)
{
        if (!e)
                return;
        put(o, "role", e->role);
        put(o, "session", e->session);
        put(o, "action", e->action);
        put(o, "resource", e->resource);
        put(o, "actor", error_actor_to_string(e->actor));
        put(o, "denied", error_kind_to_string(e->kind));
}

static void on_denial(void *userdata, const struct denial_line *d)
{
        cJSON *o = cJSON_CreateObject();

        (void)userdata;
        put(o, "container", d->container_id);
        put(o, "name", d->container_name);
        cJSON_AddNumberToObject(o, "priority", d->priority);
        cJSON_AddNumberToObject(o, "at", (double)d->at_us);
        put_what(o, d->what);
        print_json(o);
}

static void on_call(void *userdata, const struct csm_call *c)
{
        static const char *const keys[] = {
#define X(id, key, final, max) key,
                CSM_TEXTS(X)
#undef X
        };
        cJSON *o = cJSON_CreateObject();

        (void)userdata;
        for (size_t i = 0; i < CSM_TEXT_MAX; i++)
                put(o, keys[i], c->of[i]);
        cJSON_AddBoolToObject(o, "attempt", c->attempt);
        cJSON_AddNumberToObject(o, "status", c->status);
        cJSON_AddNumberToObject(o, "at", (double)c->at_ms);
        put(o, "from", c->from);
        put_what(o, c->what);
        print_json(o);
}

static void on_line(void *userdata, const struct audit_call *c)
{
        cJSON *o = cJSON_CreateObject();

        (void)userdata;
        cJSON_AddNumberToObject(o, "at", (double)c->at_s);
        cJSON_AddNumberToObject(o, "status", c->status);
        cJSON_AddNumberToObject(o, "kind", c->kind);
        put(o, "task", c->task_arn);
        put(o, "from", c->from);
        put(o, "userAgent", c->user_agent);
        print_json(o);
}

static struct { struct log_lines *logs; struct csm *csm; struct audit_follow *audit; } reader;

static int process(void)
{
        return reader.logs  ? log_lines_process(reader.logs, on_denial, NULL) :
               reader.csm   ? csm_process(reader.csm, on_call, NULL) :
                              audit_follow_process(reader.audit, on_line, NULL);
}

static int on_ready(sd_event_source *source, int fd, uint32_t events, void *userdata)
{
        int r = process();

        (void)source;
        (void)fd;
        (void)events;
        (void)userdata;
        return r < 0 ? r : 0;
}

/* The sweep, as far as a test needs one. */
static int on_interval(sd_event_source *source, uint64_t now, void *userdata)
{
        int r = reader.audit ? process() : 0;

        (void)userdata;
        sd_event_source_set_time(source, now + 200000);
        sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
        return r < 0 ? r : 0;
}

static int on_end(sd_event_source *source, int fd, uint32_t events, void *userdata)
{
        char buf[64];

        (void)events;
        (void)userdata;
        return read(fd, buf, sizeof buf) > 0 ? 0 : sd_event_exit(sd_event_source_get_event(source), 0);
}

static void print_counts(void)
{
        struct evidence_counts c = reader.logs ? log_lines_counts(reader.logs) :
                                   reader.csm  ? csm_counts(reader.csm) : audit_follow_counts(reader.audit);

        printf("{\"seen\":%" PRIu64 ",\"told\":%" PRIu64 ",\"dropped\":%" PRIu64 "}\n", c.received, c.reported, c.dropped);
}

static int follow(const char *kind, const char *where)
{
        sd_event *event = NULL;
        int r, fd;

        if (streq(kind, "logs"))
                r = log_lines_open(streq(where, "-") ? NULL : where, &reader.logs);
        else if (streq(kind, "csm"))
                r = csm_open(where, &reader.csm);
        else
                r = audit_follow_open(where, &reader.audit);
        if (r < 0)
                return r;
        fd = reader.logs ? log_lines_fd(reader.logs) : reader.csm ? csm_fd(reader.csm) : audit_follow_fd(reader.audit);
        r = sd_event_default(&event);
        if (r >= 0)
                r = sd_event_add_io(event, NULL, fd, EPOLLIN, on_ready, NULL);
        if (r >= 0)
                r = sd_event_add_io(event, NULL, STDIN_FILENO, EPOLLIN, on_end, NULL);
        if (r >= 0)
                r = sd_event_add_time_relative(event, NULL, CLOCK_MONOTONIC, 200000, 0, on_interval, NULL);
        if (r < 0)
                return r;
        puts("{\"ready\":true}");
        fflush(stdout);
        r = sd_event_loop(event);
        sd_event_unref(event);
        print_counts();
        return r;
}

static int emf(const char *address, const char *cluster)
{
        CLEANUP(emf_closep) struct emf_sink *s = NULL;
        const struct emf_names names = { .namespace = "Rolewatch", .cluster = cluster, .log_group = "/rolewatch/metrics" };
        struct metrics m = { .of = { [METRIC_WRONG_ROLE] = 2, [METRIC_HEARTBEAT] = 1 } };
        int64_t now_ms = 1800000000000;
        char buf[64];
        int r = emf_open(address, &s);

        while (r >= 0 && fgets(buf, sizeof buf, stdin)) {
                CLEANUP(text_done) struct text t = { 0 };

                r = emf_line(&m, &names, now_ms++, &t);
                if (r < 0)
                        break;
                r = emf_send(s, &t);
                printf("%d %" PRIu64 "\n", r, emf_dropped(s));
                fflush(stdout);
                r = 0;
        }
        return r;
}

static int prometheus(const char *cluster)
{
        CLEANUP(text_done) struct text t = { 0 };
        const struct open_findings open = { .unknown_groups = 0 };
        const struct metrics_page page = { &open, cluster, 1800000000 };

        metrics_prometheus(&page, &t);
        fputs(t.s, stdout);
        return t.failed ? -ENOMEM : 0;
}

int main(int argc, char **argv)
{
        int r = -EINVAL;

        if (argc == 4 && streq(argv[1], "emf"))
                r = emf(argv[2], argv[3]);
        else if (argc == 3 && streq(argv[1], "prometheus"))
                r = prometheus(argv[2]);
        else if (argc == 3)
                r = follow(argv[1], argv[2]);
        log_lines_close(reader.logs);
        csm_close(reader.csm);
        audit_follow_close(reader.audit);
        if (r < 0)
                fprintf(stderr, "tool: %s\n", strerror(-r));
        return r < 0;
}
