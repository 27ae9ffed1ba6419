/*
 * call_evidence -- denied calls, from the containers' logs and from their SDKs, and refused requests for credentials, from
 * the agent's audit log. Each reader is off unless its setting is on. Denied calls are kept for a day; each new one brings
 * a scan.
 */
#include "daemon_internal.h"
#include "rolewatch/io.h"

#define RETAIN_S ((int64_t)86400)

static void denied_done(struct denied *x)
{
        free(x->container);
        for (size_t i = 0; i < DENIED_TEXTS; i++)
                free(x->of[i]);
        *x = (struct denied){ .at_s = 0 };
}

static struct denied *denied_find(struct daemon *d, const struct denied *like)
{
        for (size_t i = 0; i < DENIED_MAX; i++) {
                struct denied *x = &d->call_evidence.denied[i];
                bool same = x->at_s && streq(x->container, like->container);

                for (size_t k = 0; same && k < DENIED_TEXTS; k++)
                        same = streq(x->of[k], like->of[k]);
                if (same)
                        return x;
        }
        return NULL;
}

/* A free slot, or the oldest; of the container's own, where it has as many as one may have. */
static struct denied *denied_slot(struct daemon *d, const char *container)
{
        struct denied *oldest = d->call_evidence.denied, *own = NULL;
        size_t n = 0;

        for (size_t i = 0; i < DENIED_MAX; i++) {
                struct denied *x = &d->call_evidence.denied[i];

                if (x->at_s < oldest->at_s)
                        oldest = x;
                if (!x->at_s || !streq(x->container, container))
                        continue;
                if (!own || x->at_s < own->at_s)
                        own = x;
                n++;
        }
        return n < DENIED_OF_ONE ? oldest : own;
}

/* Soon; but a container can write others all the time: then once per scan_interval. */
static void denied_scan(struct daemon *d)
{
        struct call_evidence *c = &d->call_evidence;
        const uint64_t now = clock_monotonic_us(), soon = now + SECOND_US / 2;
        const uint64_t next = c->scan_us ? c->scan_us + (uint64_t)d->config->number[SETTING_SCAN_INTERVAL] * SECOND_US : 0;

        if (c->scan_us <= now)
                c->scan_us = soon > next ? soon : next;
        scan_within(d, c->scan_us - now);
}

struct denied_call { const char *container, *of[DENIED_TEXTS]; int64_t at_s; };       /* at_s 0: now */

static void denied_note(struct daemon *d, const struct denied_call *c)
{
        const int64_t now_s = clock_wall_s();
        struct denied fresh = { .container = strdup(c->container), .at_s = c->at_s && c->at_s < now_s ? c->at_s : now_s }, *known;
        bool good = fresh.container != NULL;

        for (size_t i = 0; good && i < DENIED_TEXTS; i++) {
                fresh.of[i] = c->of[i] ? strdup(c->of[i]) : NULL;
                good = !c->of[i] || fresh.of[i];
        }
        known = good ? denied_find(d, &fresh) : NULL;
        if (known && known->at_s < fresh.at_s)
                known->at_s = fresh.at_s;
        if (!good || known) {
                denied_done(&fresh);
                return;
        }
        d->call_evidence.n_denied++;
        known = denied_slot(d, fresh.container);
        denied_done(known);
        *known = fresh;
        denied_scan(d);
}

int call_evidence_fill(const struct daemon *d, struct snapshot *s)
{
        for (size_t i = 0; i < DENIED_MAX; i++) {
                const struct denied *x = &d->call_evidence.denied[i];
                struct denial *to;

                for (size_t c = 0; x->at_s && s->host.taken_s - x->at_s < RETAIN_S && c < s->n_containers; c++) {
                        if (!streq(s->containers[c].id, x->container))
                                continue;
                        to = snapshot_add_denial(s);
                        if (!to)
                                return -ENOMEM;
                        *to = (struct denial){ (int)c, arena_dup(s->arena, x->of[0]), arena_dup(s->arena, x->of[1]),
                                               arena_dup(s->arena, x->of[2]), arena_dup(s->arena, x->of[3]),
                                               arena_dup(s->arena, x->of[4]), x->at_s };
                }
        }
        return 0;
}

/* ---- the readers ---- */

void call_evidence_line(void *userdata, const struct denial_line *l)
{
        const struct error_text *what = l->what;

        if (container_logs_outside(userdata, l->container_id))
                return;
        denied_note(userdata, &(struct denied_call){ l->container_id, { what->role, what->session, what->action, what->resource, "the container's log" },
                                                     l->at_us / 1000000 });
}

/* The container whose own credentials have this key; NULL: none of a task. */
static const struct process *owner_of(const struct snapshot *base, const char *key)
{
        for (size_t i = 0; key && base && i < base->n_processes; i++) {
                int cred = base->processes[i].cred_relative;

                if (cred >= 0 && streq(base->creds[cred].key_id, key))
                        return &base->processes[i];
        }
        return NULL;
}

/* Anybody on the host can send a datagram: its key must be one that a task was given. */
static void on_call(void *userdata, const struct csm_call *c)
{
        struct daemon *d = userdata;
        const struct process *p = c->attempt && c->what ? owner_of(d->scan.facts, c->of[CSM_KEY]) : NULL;
        const struct container *in = p ? &d->scan.facts->containers[p->container] : NULL;

        if (!in || in->task < 0)
                return;
        denied_note(d, &(struct denied_call){ in->id, { arn_name(d->scan.facts->creds[p->cred_relative].role_arn), arn_name(d->scan.facts->tasks[in->task].arn),
                                                        c->what->action, c->what->resource, "the SDK's client-side monitoring" }, 0 });
}

static void on_request(void *userdata, const struct audit_call *c)
{
        struct daemon *d = userdata;

        if (c->status < 400)
                return;
        d->call_evidence.n_refused++;
        scan_within(d, (uint64_t)d->config->number[SETTING_SCAN_INTERVAL] * SECOND_US);
}

static int lines_open(struct daemon *d) { return log_lines_open(NULL, &d->call_evidence.lines); }
static int files_open(struct daemon *d) { return log_files_open(&d->call_evidence.files); }
static int csm_start(struct daemon *d) { return csm_open(d->config->text[SETTING_CSM], &d->call_evidence.csm); }
static int audit_start(struct daemon *d) { return audit_follow_open(d->cs.audit_log, &d->call_evidence.audit); }
static int lines_fd(struct daemon *d) { return log_lines_fd(d->call_evidence.lines); }
static int files_fd(struct daemon *d) { return log_files_fd(d->call_evidence.files); }
static int datagrams_fd(struct daemon *d) { return csm_fd(d->call_evidence.csm); }
static int audit_fd(struct daemon *d) { return audit_follow_fd(d->call_evidence.audit); }
static int lines_work(struct daemon *d) { return log_lines_process(d->call_evidence.lines, call_evidence_line, d); }
static int files_work(struct daemon *d)
{
        int r = log_files_process(d->call_evidence.files, call_evidence_line, d);

        container_logs_request(d);
        return r;
}
static int csm_work(struct daemon *d) { return csm_process(d->call_evidence.csm, on_call, d); }
static int audit_work(struct daemon *d) { return audit_follow_process(d->call_evidence.audit, on_request, d); }
static void lines_close(struct daemon *d) { log_lines_close(TAKE(d->call_evidence.lines)); }
static void files_close(struct daemon *d) { log_files_close(TAKE(d->call_evidence.files)); }
static void csm_stop(struct daemon *d) { csm_close(TAKE(d->call_evidence.csm)); }
static void audit_stop(struct daemon *d) { audit_follow_close(TAKE(d->call_evidence.audit)); }
static bool lines_on(const struct daemon *d) { return d->config->number[SETTING_CONTAINER_LOGS]; }
static bool csm_on(const struct daemon *d) { return *d->config->text[SETTING_CSM]; }
static bool audit_on(const struct daemon *d) { return d->config->number[SETTING_AUDIT]; }

static const struct {
        const char *what;
        bool (*on)(const struct daemon *d);
        int (*open)(struct daemon *d), (*fd)(struct daemon *d), (*work)(struct daemon *d);
        void (*close)(struct daemon *d);
} readers[EVIDENCE_READERS] = {
        { "container log files", lines_on, files_open, files_fd, files_work, files_close },
        { "container journal entries", lines_on, lines_open, lines_fd, lines_work, lines_close },
        { "client-side monitoring", csm_on, csm_start, datagrams_fd, csm_work, csm_stop },
        { "ECS agent audit log", audit_on, audit_start, audit_fd, audit_work, audit_stop },
};

static void reader_stop(struct daemon *d, size_t i)
{
        d->call_evidence.sources[i] = sd_event_source_disable_unref(d->call_evidence.sources[i]);
        readers[i].close(d);
}

/* The next scan tries again. */
static void reader_failed(struct daemon *d, size_t i, const char *verb, int error)
{
        if (error == -EACCES && readers[i].open == lines_open && !container_logs_need_journal(d))
                error_clear(&d->errors, readers[i].what);
        else if (error == -EACCES && readers[i].open == lines_open)
                error_notef(&d->errors, readers[i].what, "cannot be %s: %s; if a container without a log file has Docker's log driver journald, its denied "
                            "calls are not reported", verb, strerror(-error));
        else if ((error == -EINVAL || error == -E2BIG) && readers[i].open == csm_start)
                error_notef(&d->errors, readers[i].what, "csm_listen must be a list of at most %d ADDRESS[:PORT], with IPv6 addresses in "
                            "brackets; no datagrams are received", CSM_SOCKETS_MAX);
        else
                error_notef(&d->errors, readers[i].what, "cannot be %s: %s; retrying at the next scan", verb, strerror(-error));
        reader_stop(d, i);
}

static int on_evidence(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
        struct daemon *d = userdata;

        (void)fd;
        (void)revents;
        for (size_t i = 0; i < EVIDENCE_READERS; i++) {
                int r = d->call_evidence.sources[i] == source ? readers[i].work(d) : 0;

                if (r < 0) {
                        reader_failed(d, i, "read", r);
                        return 0;
                }
        }
        return 0;
}

void call_evidence_check(struct daemon *d)
{
        for (size_t i = 0; i < EVIDENCE_READERS; i++) {
                int r;

                if (d->call_evidence.sources[i])
                        r = readers[i].work(d);        /* what its descriptor does not tell */
                else if (!readers[i].on(d))
                        continue;
                else
                        r = readers[i].open(d);
                if (r >= 0 && !d->call_evidence.sources[i])
                        r = sd_event_add_io(d->event, &d->call_evidence.sources[i], readers[i].fd(d), EPOLLIN, on_evidence, d);
                if (r >= 0) {
                        sd_event_source_set_description(d->call_evidence.sources[i], readers[i].what);
                        error_clear(&d->errors, readers[i].what);
                        continue;
                }
                reader_failed(d, i, d->call_evidence.sources[i] ? "read" : "opened", r);
        }
}

void call_evidence_stop(struct daemon *d)
{
        for (size_t i = 0; i < EVIDENCE_READERS; i++)
                reader_stop(d, i);
}

void call_evidence_free(struct daemon *d)
{
        call_evidence_stop(d);
        for (size_t i = 0; i < DENIED_MAX; i++)
                denied_done(&d->call_evidence.denied[i]);
}
