/* kernel_events -- executions and connections as the kernel reports them: which of them concern a container. */
#include <inttypes.h>
#include "daemon_internal.h"
#include "rolewatch/io.h"
#include "rolewatch/log.h"

#define RETRY_US (60 * SECOND_US)

static void on_event(void *userdata, const struct kernel_event *ev)
{
        struct daemon *d = userdata;

        /* What rolewatch itself requests is no use of its role. */
        if (!ev->container[0] || streq(ev->container, d->cs.own_container))
                return;
        if (ev->kind == EVENT_EXEC)
                on_exec(d, ev);
        else
                on_contact(d, ev);
}

/* What was executed or contacted by records that the ring did not take, only a scan finds. */
static void lost_check(struct daemon *d)
{
        struct kernel_events *k = &d->kernel_events;
        uint64_t lost = events_lost(k->events);

        if (lost == k->lost_noticed)
                return;
        log_debug("kernel events: %" PRIu64 " records lost: the ring was full", lost - k->lost_noticed);
        k->lost_noticed = lost;
        d->scan.wanted = true;
}

/* No more than can be identified: the ring holds the rest. */
static int on_ring(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
        struct daemon *d = userdata;
        size_t most = identifier_free_slots(d->process_events.identifier);
        bool more;

        (void)fd;
        (void)revents;
        if (!most)
                return sd_event_source_set_enabled(source, SD_EVENT_OFF);
        events_read(d->kernel_events.events, most, &(struct event_sink){ on_event, d }, &more);
        lost_check(d);
        if (d->scan.wanted)
                scan_within(d, (uint64_t)d->config->number[SETTING_SCAN_INTERVAL] * SECOND_US);
        return 0;
}

static int events_source_add(struct daemon *d)
{
        struct kernel_events *k = &d->kernel_events;
        int r = sd_event_add_io(d->event, &k->ring, events_fd(k->events), EPOLLIN, on_ring, d);

        if (r >= 0)
                r = sd_event_source_set_description(k->ring, "kernel events");
        return r < 0 ? r : 0;
}

/* Without kernel events the next scan comes after scan_interval. */
void kernel_events_stop(struct daemon *d, const char *why)
{
        struct kernel_events *k = &d->kernel_events;
        bool was_open = k->events != NULL;

        k->ring = sd_event_source_disable_unref(k->ring);
        if (was_open)
                k->lost += events_lost(k->events);
        events_free(TAKE(k->events));
        events_free(TAKE(k->opening));
        k->error = why;
        if (was_open && d->scan.timer)
                scan_within(d, (uint64_t)d->config->number[SETTING_SCAN_INTERVAL] * SECOND_US);
}

static const struct { int error; const char *why; } reasons[] = {
        { -ENOSYS, "this kernel has no BPF, or no description of its types (/sys/kernel/btf/vmlinux)" },
        { -EPERM,  "rolewatch-broker lacks CAP_BPF or CAP_PERFMON, or the kernel is in lockdown mode" },
        { -EOPNOTSUPP, "this build of rolewatch-broker has none, because clang or libbpf was missing" },
        { -ENXIO,  "they need rolewatch-broker; set ROLEWATCH_BROKER to its socket" },
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
        /* The first scan has waited for them. */
        scan_within(d, d->scan.began_ns ? (uint64_t)d->config->number[SETTING_SCAN_INTERVAL] * SECOND_US : 0);
}

static void opened(struct daemon *d)
{
        struct kernel_events *k = &d->kernel_events;
        int r;

        k->events = TAKE(k->opening);
        k->lost_noticed = 0;
        r = events_source_add(d);
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
        if (!k->opening && !k->requested && !k->events && clock_monotonic_us() >= k->retry_us)
                kernel_events_open(d);
}
