/* kernel_events -- executions and connections as the kernel reports them: which of them concern a container or an endpoint. */
#include <arpa/inet.h>
#include "daemon_internal.h"
#include "rolewatch/io.h"

#define READ_AT_ONCE 256
#define RETRY_US (60 * SECOND_US)

static const char host_v6[] = "fd00:ec2::254";         /* IMDS on instances that have IPv6 for it */

static bool event_address(const char *text, size_t len, int *ret_family, uint8_t *ret)
{
        char buf[INET6_ADDRSTRLEN];

        if (len >= sizeof buf)
                return false;
        memcpy(buf, text, len);
        buf[len] = '\0';
        *ret_family = memchr(buf, ':', len) ? AF_INET6 : AF_INET;
        return inet_pton(*ret_family, buf, ret) == 1;
}

/* "http://169.254.170.2", "http://[fd00:ec2::254]:80/": is it this event's address? */
static bool url_is(const char *url, const struct kernel_event *ev)
{
        const char *host = strstr(url, "://");
        uint8_t address[16];
        int family;
        size_t n;

        host = host ? host + 3 : url;
        n = *host == '[' ? strcspn(++host, "]") : strcspn(host, ":/");
        return event_address(host, n, &family, address) && family == ev->family &&
               memcmp(address, ev->address, family == AF_INET ? 4 : 16) == 0;
}

static unsigned met_by(const struct daemon *d, const struct kernel_event *ev)
{
        if (url_is(d->cs.container_endpoint, ev))
                return MET_CONTAINER;
        return url_is(d->cs.imds, ev) || url_is(host_v6, ev) ? MET_IMDS : 0;
}

static void on_event(void *userdata, const struct kernel_event *ev)
{
        struct daemon *d = userdata;
        unsigned met;

        if (ev->kind == BROKER_EVENT_EXEC) {
                on_exec(d, ev->pid, ev->at_ns);
                return;
        }
        met = met_by(d, ev);
        if (met)
                on_contact(d, ev->pid, met, ev->at_ns);
}

/* No more than can be identified: the rings hold the rest. */
static int rings_read(struct daemon *d)
{
        size_t most = identifier_free_slots(d->process_events.identifier);
        bool more = true;

        most = most < READ_AT_ONCE ? most : READ_AT_ONCE;
        if (!most || !d->kernel_events.events)
                return 0;
        events_read(d->kernel_events.events, most, &(struct event_sink){ on_event, d }, &more);
        if (d->scan.wanted)
                scan_within(d, (uint64_t)d->config->number[SETTING_SCAN_INTERVAL] * SECOND_US);
        return sd_event_source_set_enabled(d->kernel_events.unread, more ? SD_EVENT_ONESHOT : SD_EVENT_OFF);
}

static int on_unread(sd_event_source *source, void *userdata)
{
        (void)source;
        return rings_read(userdata);
}

static int on_ring(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
        (void)source;
        (void)fd;
        (void)revents;
        return rings_read(userdata);
}

static int events_sources_add(struct daemon *d)
{
        struct kernel_events *k = &d->kernel_events;
        size_t n = events_count(k->events);
        int r = sd_event_add_defer(d->event, &k->unread, on_unread, d);

        k->rings = r < 0 ? NULL : calloc(n, sizeof *k->rings);
        if (!k->rings)
                return r < 0 ? r : -ENOMEM;
        for (; r >= 0 && k->n_rings < n; k->n_rings++) {
                r = sd_event_add_io(d->event, &k->rings[k->n_rings], events_fd(k->events, k->n_rings), EPOLLIN, on_ring, d);
                if (r >= 0)
                        sd_event_source_set_description(k->rings[k->n_rings], "kernel events");
        }
        return r < 0 ? r : 0;
}

/* Without kernel events the next scan comes after scan_interval. */
void kernel_events_stop(struct daemon *d, const char *why)
{
        struct kernel_events *k = &d->kernel_events;
        bool was_open = k->events != NULL;

        for (size_t i = 0; k->rings && i < k->n_rings; i++)
                sd_event_source_disable_unref(k->rings[i]);
        free(TAKE(k->rings));
        k->n_rings = 0;
        k->unread = sd_event_source_disable_unref(k->unread);
        if (was_open)
                k->lost += events_lost(k->events);
        events_free(TAKE(k->events));
        events_free(TAKE(k->opening));
        k->error = why;
        if (was_open && d->scan.timer)
                scan_within(d, (uint64_t)d->config->number[SETTING_SCAN_INTERVAL] * SECOND_US);
}

static const struct { int error; const char *why; } reasons[] = {
        { -ENOENT, "tracefs is not mounted; mount it at /sys/kernel/tracing" },
        { -EACCES, "rolewatch-broker lacks CAP_PERFMON" },
        { -EPERM,  "rolewatch-broker lacks CAP_PERFMON, or the limit kernel.perf_event_mlock_kb is reached" },
        { -ENOSYS, "this kernel does not support perf events" },
        { -EBADMSG, "this kernel's tracepoint format is not supported" },
        { -EPIPE,  "rolewatch-broker is not running or does not answer" },
};

static const char *reason_of(int error)
{
        for (size_t i = 0; i < ARRAY_SIZE(reasons); i++)
                if (reasons[i].error == error)
                        return reasons[i].why;
        return strerror(-error);
}

void broker_error_note(struct daemon *d)
{
        int r = broker_link_error(d->broker);

        error_notef(&d->errors, "broker", r == -ETIMEDOUT ? "does not answer (%s)" : "no connection: %s", strerror(-r));
}

static void open_failed(struct daemon *d, int error)
{
        kernel_events_stop(d, reason_of(error));
        /* One error, one warning: a broker that does not answer is reported as such. */
        if (broker_link_error(d->broker) < 0)
                broker_error_note(d);
        else
                error_note(&d->errors, "kernel events", d->kernel_events.error);
        d->kernel_events.retry_us = clock_monotonic_us() + RETRY_US;
        scan_within(d, (uint64_t)d->config->number[SETTING_SCAN_INTERVAL] * SECOND_US);
}

static void opened(struct daemon *d)
{
        struct kernel_events *k = &d->kernel_events;
        int r;

        k->events = TAKE(k->opening);
        r = events_sources_add(d);
        if (r < 0) {
                open_failed(d, r);
                return;
        }
        k->error = NULL;
        error_clear(&d->errors, "kernel events");
        /* What was executed before is found by a scan. */
        scan_within(d, 0);
}

static void request_next(struct daemon *d);

/* An answer that comes when nothing is being opened any more belongs to a former attempt. */
static void events_on_answer(void *userdata, int result)
{
        struct daemon *d = userdata;
        int r;

        d->kernel_events.requested = false;
        if (!d->kernel_events.opening) {
                closep(&result);
                return;
        }
        r = events_take(d->kernel_events.opening, result);
        if (r < 0)
                open_failed(d, r);
        else
                request_next(d);
}

static void request_next(struct daemon *d)
{
        struct broker_request rq;
        int r;

        if (!events_next(d->kernel_events.opening, &rq)) {
                opened(d);
                return;
        }
        d->kernel_events.requested = true;
        r = broker_link_request(d->broker, &rq, events_on_answer, d);
        if (r < 0) {
                d->kernel_events.requested = false;
                open_failed(d, -EPIPE);
        }
}

static void kernel_events_open(struct daemon *d)
{
        int r = events_begin(&d->kernel_events.opening);

        if (r < 0)
                open_failed(d, r);
        else
                request_next(d);
}

void kernel_events_check(struct daemon *d)
{
        struct kernel_events *k = &d->kernel_events;

        if (!d->config->number[SETTING_EVENTS]) {
                kernel_events_stop(d, "disabled by kernel_events = no");
                return;
        }
        if (k->opening || k->requested || (k->events && !events_stale(k->events)))
                return;
        if (k->events)
                kernel_events_stop(d, "the control group of the tasks changed; reopening");
        else if (clock_monotonic_us() < k->retry_us)
                return;
        kernel_events_open(d);
}
