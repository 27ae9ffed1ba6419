/* wake -- kernel events in the loop: which of them concern a container or an endpoint. */
#include <arpa/inet.h>
#include <stdio.h>
#include <time.h>
#include "room.h"

#define READ_AT_ONCE 256
#define RETRY_US (60 * SECOND_US)

static const char host_v6[] = "fd00:ec2::254";         /* IMDS on instances that have IPv6 for it */

static bool address_of(const char *text, size_t len, int *ret_family, uint8_t *ret)
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
        return address_of(host, n, &family, address) && family == ev->family &&
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

        if (ev->pid == getpid())
                return;
        if (ev->kind == BROKER_EVENT_EXEC) {
                glance_exec(d, ev->pid, ev->at_ns);
                return;
        }
        met = met_by(d, ev);
        if (met)
                glance_contact(d, ev->pid, met, ev->at_ns);
}

void wake_read(void *userdata)
{
        struct daemon *d = userdata;
        bool more = true;

        /* What takes long is bounded, and others are judged meanwhile: it does not hang. */
        say_alive(d);
        if (asked_to_end(d))
                return;
        if (d->events)
                events_read(d->events, READ_AT_ONCE, &(struct event_sink){ on_event, d }, &more);
        if (d->now.n && d->judging)
                sd_event_source_set_enabled(d->judging, SD_EVENT_ONESHOT);
}

void wake_between(void *userdata)
{
        struct daemon *d = userdata;

        wake_read(d);
        if (!d->ending)
                glance_between(d);
}

/* What one wake-up left goes on at the next turn of the loop, after all that is due. */
static int on_ring(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
        struct daemon *d = userdata;
        bool more = true;
        size_t n = events_read(d->events, READ_AT_ONCE, &(struct event_sink){ on_event, d }, &more);

        (void)source;
        (void)fd;
        (void)revents;
        (void)n;
        if (d->now.n || more)
                sd_event_source_set_enabled(d->judging, SD_EVENT_ONESHOT);
        return 0;
}

static int on_stay(sd_event_source *source, uint64_t us, void *userdata)
{
        struct daemon *d = userdata;
        uint64_t next;

        (void)us;
        glance_stayed(d, &next);
        if (!next)
                return 0;
        sd_event_source_set_time(source, next);
        return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

static int on_judging(sd_event_source *source, void *userdata)
{
        struct daemon *d = userdata;
        bool more = glance_work(d), unread = false;

        if (d->events)
                events_read(d->events, READ_AT_ONCE, &(struct event_sink){ on_event, d }, &unread);
        if (d->staying.n) {
                sd_event_source_set_time(d->stay, d->staying.list[d->staying.first].due_us);
                sd_event_source_set_enabled(d->stay, SD_EVENT_ONESHOT);
        }
        if (d->look_soon)
                look_within(d, (uint64_t)d->config->number[SETTING_SWEEP] * SECOND_US);
        return sd_event_source_set_enabled(source, more || unread || d->now.n ? SD_EVENT_ONESHOT : SD_EVENT_OFF);
}

static int add_sources(struct daemon *d)
{
        size_t n = events_count(d->events);
        int r = 0;

        d->rings = calloc(n, sizeof *d->rings);
        if (!d->rings)
                return -ENOMEM;
        for (; r >= 0 && d->n_rings < n; d->n_rings++) {
                r = sd_event_add_io(d->event, &d->rings[d->n_rings], events_fd(d->events, d->n_rings),
                                    EPOLLIN, on_ring, d);
                if (r >= 0)
                        sd_event_source_set_description(d->rings[d->n_rings], "kernel events");
        }
        if (r >= 0 && !d->judging)
                r = sd_event_add_defer(d->event, &d->judging, on_judging, d);
        if (r >= 0)
                r = sd_event_source_set_enabled(d->judging, SD_EVENT_OFF);
        if (r >= 0 && !d->stay)
                r = sd_event_add_time(d->event, &d->stay, CLOCK_MONOTONIC, 0, SECOND_US / 10, on_stay, d);
        if (r >= 0)
                r = sd_event_source_set_enabled(d->stay, SD_EVENT_OFF);
        return r < 0 ? r : 0;
}

void wake_stop(struct daemon *d)
{
        for (size_t i = 0; i < d->n_rings; i++)
                sd_event_source_disable_unref(d->rings[i]);
        free(d->rings);
        d->rings = NULL;
        d->n_rings = 0;
        if (d->events)
                d->counts.lost += events_lost(d->events);
        events_free(d->events);
        d->events = NULL;
}

static const struct { int error; const char *why; } reasons[] = {
        { -ENOENT, "no tracefs: mount it at /sys/kernel/tracing" },
        { -EACCES, "the broker lacks CAP_PERFMON, or there is no broker" },
        { -EPERM,  "the broker lacks CAP_PERFMON, or no more memory may be locked (kernel.perf_event_mlock_kb)" },
        { -ENOSYS, "this kernel has no perf events" },
        { -EBADMSG, "this kernel's tracepoints are of another form" },
        { -EPIPE,  "the broker does not answer" },
};

static const char *reason_of(int error)
{
        for (size_t i = 0; i < ARRAY_SIZE(reasons); i++)
                if (reasons[i].error == error)
                        return reasons[i].why;
        return strerror(-error);
}

void wake_start(struct daemon *d)
{
        int r;

        if (!d->config->number[SETTING_EVENTS]) {
                wake_stop(d);
                d->events_fault = "switched off by the settings";
                return;
        }
        if (d->events)
                return;
        r = events_open(d->broker, &d->events);
        if (r == 0)
                r = add_sources(d);
        if (r < 0) {
                wake_stop(d);
                d->events_fault = reason_of(r);
                fault_note(d, "kernel events", d->events_fault);
                d->events_retry_us = now_us() + RETRY_US;
                return;
        }
        d->events_fault = NULL;
        fault_gone(d, "kernel events");
        /* What was executed until now is found by a look. */
        look_within(d, 0);
}

void wake_check(struct daemon *d)
{
        if (d->events && !events_stale(d->events))
                return;
        if (d->events)
                wake_stop(d);
        else if (now_us() < d->events_retry_us || !d->config->number[SETTING_EVENTS])
                return;
        wake_start(d);
}
