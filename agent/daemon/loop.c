/* loop -- the daemon's event loop: timers, signals, reload, sd_notify(3). */
#include <fcntl.h>
#include <inttypes.h>
#include <malloc.h>
#include <signal.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <systemd/sd-daemon.h>
#include "daemon_internal.h"
#include "rolewatch/daemon.h"
#include "rolewatch/io.h"
#include "rolewatch/log.h"

#define FIRST_SCAN_S 10                /* at most, until kernel events are open, or it is known that there are none */
#define SETTLE_US (2 * SECOND_US)      /* files are often written one after the other */
#define SLOW_TURN_US (50 * (uint64_t)1000)
#define CHECKS_PER_HOST_CHECK 4        /* timer checks from one host check to the next */

static void daemon_free(struct daemon *d)
{
        scan_stop(d);
        worker_free(d->host_check);
        worker_free(d->metrics.sending);
        for (size_t i = 0; i < DIRECTORIES_MAX; i++)
                sd_event_source_disable_unref(d->directories[i]);
        kernel_events_stop(d, NULL);
        broker_link_free(d->broker);
        process_events_free(d);
        call_evidence_free(d);
        emf_close(d->metrics.emf);
        sd_event_source_disable_unref(d->check);
        sd_event_source_disable_unref(d->flush);
        sd_event_source_disable_unref(d->watchdog.timer);
        sd_event_unref(d->event);
        finding_state_free(d->findings);
        process_cache_free(d->processes);
        environment_cache_free(d->environments);
        snapshot_free(d->scan.facts);
        sdk_cache_free(d->sdks);
        conf_free(d->config);
        closep(&d->watchdog.spare);
        free(d);
}
DEFINE_CLEANUP(struct daemon *, daemon_free)

static void broker_check(struct daemon *d)
{
        if (broker_link_check(d->broker) < 0)
                broker_error_note(d);
        else
                error_clear(&d->errors, "broker");
}

/* The scan itself says when the next one is. */
static int on_scan(sd_event_source *source, uint64_t us, void *userdata)
{
        struct daemon *d = userdata;

        (void)source;
        (void)us;
        broker_check(d);
        kernel_events_check(d);
        call_evidence_check(d);
        scan_start(d);
        return 0;
}

/* sd_notify needs a descriptor: that there are no more is no reason to be taken for dead. */
static void watchdog_notify(struct watchdog *w)
{
        if (sd_notify(0, "WATCHDOG=1") >= 0)
                return;
        closep(&w->spare);
        sd_notify(0, "WATCHDOG=1");
        w->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static int on_watchdog(sd_event_source *source, uint64_t us, void *userdata)
{
        struct daemon *d = userdata;
        int r;

        (void)us;
        if (!d->watchdog.interval_us)
                return sd_event_source_set_enabled(source, SD_EVENT_OFF);
        watchdog_notify(&d->watchdog);
        r = sd_event_source_set_time(source, clock_monotonic_us() + d->watchdog.interval_us / 3);
        return r < 0 ? r : sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

/* Once per scan_interval: are the findings' processes alive, and is the host as it was? */
static int on_check(sd_event_source *source, uint64_t us, void *userdata)
{
        struct daemon *d = userdata;
        bool was_away = error_is_set(&d->errors, "broker");
        int r;

        (void)us;
        broker_check(d);
        /* What could not be read meanwhile is found by a scan. */
        if (was_away && !error_is_set(&d->errors, "broker"))
                scan_within(d, 0);
        kernel_events_check(d);
        if (d->kernel_events.events) {
                process_events_expire(d);
                if (++d->checks % CHECKS_PER_HOST_CHECK == 0)
                        host_check_start(d);
                if ((finding_state_count(d->findings) || d->scan.wanted || !events_are_useful(d)) && !d->scan.worker)
                        scan_within(d, scan_interval_us(d));
        }
        metrics_publish(d);
        if (d->scan.facts)
                state_write(d);
        malloc_trim(0);
        r = sd_event_source_set_time(source, clock_monotonic_us() + with_jitter((uint64_t)d->config->number[SETTING_SCAN_INTERVAL] * SECOND_US));
        return r < 0 ? r : sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

/* Some time after an event was published, or could not be: then this comes again until it can. */
static int on_flush(sd_event_source *source, uint64_t us, void *userdata)
{
        struct daemon *d = userdata;
        const struct finding_context c = finding_context_of(d, clock_wall_s());

        (void)source;
        (void)us;
        if (!finding_state_publish_pending(d->findings, &c))
                error_note(&d->errors, "journal", "some findings could not be published; retrying");
        state_write(d);
        return 0;
}

static int on_end(sd_event_source *source, const struct signalfd_siginfo *info, void *userdata)
{
        struct daemon *d = userdata;

        (void)source;
        (void)info;
        sd_notify(0, "STOPPING=1\nSTATUS=Stopping");
        return sd_event_exit(d->event, 0);
}

static int on_change(sd_event_source *source, const struct inotify_event *event, void *userdata)
{
        (void)source;
        (void)event;
        return scan_within(userdata, SETTLE_US);
}

/* Again after each reload. Directories that do not exist yet are found by a scan. */
static void directories_watch(struct daemon *d)
{
        const char *const at[DIRECTORIES_MAX] = { d->cs.needs, d->cs.bundles, d->cs.definitions };

        for (size_t i = 0; i < DIRECTORIES_MAX; i++) {
                d->directories[i] = sd_event_source_disable_unref(d->directories[i]);
                if (at[i])
                        sd_event_add_inotify(d->event, &d->directories[i], at[i],
                                             IN_CLOSE_WRITE | IN_MOVED_TO | IN_DELETE, on_change, d);
        }
}

static void config_messages_log(const struct config *c)
{
        for (size_t i = 0; i < c->n_errors; i++)
                log_warning("%s", c->errors[i]);
        for (size_t i = 0; i < c->n_warnings; i++)
                log_warning("%s", c->warnings[i]);
}

/* Whole at once: a process may be judged before the next scan. */
void settings_apply(struct daemon *d)
{
        conf_collect(d->config, &d->cs);
        d->cs.sdks = d->sdks;
        d->cs.environments = d->environments;
        log_set_level((enum log_level)d->config->number[SETTING_LOG_LEVEL]);
}

static void config_replace(struct daemon *d, struct config *fresh)
{
        struct config *old = d->config;

        d->config = fresh;
        settings_apply(d);
        conf_free(old);
        directories_watch(d);
        call_evidence_stop(d);
        emf_close(TAKE(d->metrics.emf));
        error_clear_all(&d->errors);
        /* The rings hold what happens meanwhile: they stay, unless the settings switch them off. */
        d->kernel_events.retry_us = 0;
        kernel_events_check(d);
}

static int on_reload(sd_event_source *source, const struct signalfd_siginfo *info, void *userdata)
{
        CLEANUP(conf_freep) struct config *fresh = NULL;
        struct daemon *d = userdata;
        int r;

        (void)source;
        (void)info;
        sd_notify(0, "RELOADING=1");
        r = conf_read(d->config_file, &fresh);
        if (r == 0)
                config_messages_log(fresh);
        if (r == 0 && fresh->n_errors == 0) {
                config_replace(d, TAKE(fresh));
        } else {
                error_notef(&d->errors, "reload", "%s; previous settings stay in force", r < 0 ? strerror(-r) : "configuration errors");
        }
        sd_notify(0, "READY=1");
        return scan_within(d, 0);
}

static const struct { size_t at; sd_event_time_handler_t on; unsigned first_s; const char *what; } timers[] = {
        { offsetof(struct daemon, scan.timer), on_scan, FIRST_SCAN_S, "scan" },
        { offsetof(struct daemon, check), on_check, 5, "check" },
        { offsetof(struct daemon, flush), on_flush, 0, "state" },
        { offsetof(struct daemon, watchdog.timer), on_watchdog, 0, "watchdog" },
};
static const int ends[] = { SIGTERM, SIGINT };

static void signals_block(void)
{
        sigset_t set;

        sigemptyset(&set);
        for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
                sigaddset(&set, ends[i]);
        sigaddset(&set, SIGHUP);
        sigprocmask(SIG_BLOCK, &set, NULL);
        signal(SIGPIPE, SIG_IGN);
}

static int loop_make(struct daemon *d)
{
        int r;

        signals_block();
        r = sd_event_default(&d->event);
        if (r >= 0)
                r = workers_prepare(d->event);
        for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(ends); i++)
                r = sd_event_add_signal(d->event, NULL, ends[i], on_end, d);
        if (r >= 0)
                r = sd_event_add_signal(d->event, NULL, SIGHUP, on_reload, d);
        for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(timers); i++) {
                sd_event_source **at = (sd_event_source **)((char *)d + timers[i].at);

                r = sd_event_add_time(d->event, at, CLOCK_MONOTONIC, clock_monotonic_us() + (uint64_t)timers[i].first_s * SECOND_US,
                                      SECOND_US / 10, timers[i].on, d);
                if (r >= 0)
                        r = sd_event_source_set_description(*at, timers[i].what);
                if (r >= 0)
                        r = sd_event_source_set_exit_on_failure(*at, true);
        }
        if (r >= 0)
                r = sd_event_source_set_enabled(d->flush, SD_EVENT_OFF);
        return r < 0 ? r : 0;
}

static int parts_make(struct daemon *d)
{
        int r = sdk_cache_new(&d->sdks);

        if (r == 0)
                r = finding_state_new(&d->findings);
        if (r == 0)
                r = process_cache_new(&d->processes);
        if (r == 0)
                r = environment_cache_new(&d->environments);
        if (r == 0)
                r = loop_make(d);
        if (r == 0)
                r = broker_link_new(d->event, d->broker_path, &d->broker);
        return r < 0 ? r : process_events_new(d);
}

static int daemon_begin(struct daemon *d)
{
        int r;

        log_to_journal();
        d->started_s = clock_wall_s();
        d->watchdog.spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
        sd_watchdog_enabled(0, &d->watchdog.interval_us);
        /* It holds other programs' environments for a moment: no core, no ptrace, no /proc of others. */
        prctl(PR_SET_DUMPABLE, 0);
        r = parts_make(d);
        if (r < 0)
                return r;
        settings_apply(d);
        config_messages_log(d->config);
        r = state_read(d);
        if (r < 0)
                return r;
        directories_watch(d);
        /* What is executed during the first scan is recorded, if the kernel's records are there first. */
        kernel_events_check(d);
        return d->kernel_events.opening ? 0 : scan_within(d, 0);
}

/* As sd_event_loop; and how long the longest turn took, in which nothing may wait. */
static int loop_run(struct daemon *d)
{
        int r = 0;

        while (r >= 0 && sd_event_get_state(d->event) != SD_EVENT_FINISHED) {
                uint64_t began_us;

                r = sd_event_prepare(d->event);
                if (r == 0)
                        r = sd_event_wait(d->event, UINT64_MAX);
                began_us = clock_monotonic_us();
                if (r > 0)
                        r = sd_event_dispatch(d->event);
                began_us = clock_monotonic_us() - began_us;
                d->longest_turn_us = began_us > d->longest_turn_us ? began_us : d->longest_turn_us;
                if (began_us > SLOW_TURN_US)
                        log_debug("event loop: one turn took %" PRIu64 " ms", began_us / 1000);
        }
        return r;
}

int daemon_run(const char *config_file, struct config *config, const char *broker_path)
{
        CLEANUP(daemon_freep) struct daemon *d = calloc(1, sizeof *d);
        int r;

        if (!d) {
                conf_free(config);
                return -ENOMEM;
        }
        d->config_file = config_file;
        d->config = config;
        d->broker_path = broker_path;
        r = daemon_begin(d);
        if (r < 0)
                return r;
        sd_notify(0, "READY=1\nSTATUS=Running the first scan");
        r = loop_run(d);
        /* The last published findings may not have been written yet. */
        if (d->scan.count)
                state_write(d);
        return r < 0 ? r : 0;
}
