/* scan -- full scans beside the event loop, and what the daemon takes over from each. */
#include <malloc.h>
#include <stdio.h>
#include <systemd/sd-daemon.h>
#include "scan.h"
#include "rolewatch/log.h"

#define LIMIT_S 300                    /* a scan that takes longer is stuck */

bool scan_covers(const struct scan_coverage *c, const char *container_id, enum finding_kind kind)
{
        if (!c->agent || !c->broker || (finding_sources(kind) & SOURCE_IMDS && !c->imds) ||
            (finding_sources(kind) & SOURCE_POLICIES && !c->policies))
                return false;
        for (size_t i = 0; container_id && i < c->n_unjudged; i++)
                if (streq(c->unjudged[i], container_id))
                        return false;
        return true;
}

static bool is_visible(void *userdata, const char *container_id, enum finding_kind kind)
{
        return scan_covers(userdata, container_id, kind);
}

/* systemctl status shows it: "12 tasks; 31 process groups: 29 use the expected role, 2 another role, ..." */
static void status_publish(struct daemon *d)
{
        const struct scan_summary *l = &d->scan.last;
        const struct host *h = &d->scan.facts->host;
        char status[sizeof d->status];

        snprintf(status, sizeof status, "STATUS=%zu tasks; %zu process groups: %zu use the expected role, %zu another role, %zu have no "
                 "credentials, %zu unknown; agent %s; IMDS %s; %zu findings open%s",
                 l->tasks, l->groups, l->good, l->wrong, l->none, l->unknown,
                 answer_state_to_string(h->introspection.state), answer_state_to_string(h->imds.state), finding_state_count(d->findings),
                 d->kernel_events.events ? "" : "; no kernel events");
        if (streq(status, d->status))
                return;
        memcpy(d->status, status, sizeof status);
        sd_notify(0, status);
}

static int findings_apply(struct daemon *d, const struct scan_result *x)
{
        const struct finding_context c = finding_context_of(d, x->summary.taken_s);
        struct scan_coverage coverage = x->coverage;
        struct scan_findings found = { .n = x->n_findings, .visible = is_visible, .userdata = &coverage };
        CLEANUP(freep) struct notice *list = calloc(x->n_findings + 1, sizeof *list);

        if (!list)
                return -ENOMEM;
        process_cache_clear_verdicts(d->processes);
        for (size_t i = 0; i < x->n_findings; i++) {
                const struct scanned_finding *f = &x->findings[i];

                list[i] = f->notice;
                if (f->processes.n)
                        process_events_note(d, f->notice.object, &f->processes);
        }
        found.list = list;
        d->scan.host_findings = x->host_findings;
        return finding_state_scan(d->findings, &c, &found);
}

static int result_apply(struct daemon *d, const struct scan_result *x)
{
        struct snapshot *facts;
        int r = findings_apply(d, x);

        if (r == 0)
                r = environment_cache_import(d->environments, &x->environments);
        if (r == 0)
                r = snapshot_copy(x->facts, &facts);
        if (r < 0)
                return r;
        snapshot_free(d->scan.facts);
        d->scan.facts = facts;
        d->scan.last = x->summary;
        d->scan.count++;
        d->scan.evicted = process_cache_evicted(d->processes);
        sdk_cache_import(d->sdks, &x->sdks);
        broker_link_report(d->broker, x->broker_error);
        d->scan.failures = 0;
        error_clear(&d->errors, "scan");
        error_clear(&d->errors, "process events");
        state_write(d);
        status_publish(d);
        return 0;
}

static void scan_failed(struct daemon *d, const char *why)
{
        d->scan.failures++;
        error_note(&d->errors, "scan", why);
}

static void on_scanned(void *userdata, int error, const void *result)
{
        struct daemon *d = userdata;
        bool again = d->scan.again;

        if (error == 0)
                error = result_apply(d, result);
        if (error < 0)
                scan_failed(d, worker_error_to_string(error));
        worker_free(TAKE(d->scan.worker));
        malloc_trim(0);
        d->scan.again = false;
        scan_within(d, again ? 0 : with_jitter(scan_interval_us(d)));
}

static int scan_in_child(void *userdata, struct arena *out, void **ret)
{
        struct scan_result *x = NULL;
        int r = scan_run(userdata, out, &x);

        *ret = x;
        return r;
}

void scan_start(struct daemon *d)
{
        const struct worker_task task = { .name = "scan", .limit_s = LIMIT_S, .run = scan_in_child, .done = on_scanned, .userdata = d };
        int r;

        if (d->scan.worker) {
                log_debug("scan: deferred until the running scan ends");
                d->scan.again = true;
                return;
        }
        d->scan.wanted = false;
        d->scan.began_ns = clock_monotonic_us() * 1000;
        finding_state_scan_begins(d->findings);
        r = worker_start(d->event, &task, &d->scan.worker);
        if (r < 0) {
                scan_failed(d, strerror(-r));
                scan_within(d, with_jitter(scan_interval_us(d)));
        }
}

void scan_stop(struct daemon *d)
{
        worker_free(TAKE(d->scan.worker));
        d->scan.timer = sd_event_source_disable_unref(d->scan.timer);
}
