/* The daemon's loop: a look when one is due, signals, and what systemd is told. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <syslog.h>
#include <systemd/sd-daemon.h>
#include <time.h>
#include "room.h"

#define SETTLE_US (2 * SECOND_US)      /* files are often written one after the other */
#define LOOK_SHARE 5000                /* of so many parts of the processor's time, looks take one; the broker about as much */
#define LOOK_SELDOM (3600 * SECOND_US) /* and yet one comes in this time */
#define HOST_PULSES 4                  /* pulses from one look at the host by itself to the next */

static void daemon_free(struct daemon *d)
{
        sd_event_source *const own[] = { d->sweep, d->judging, d->stay, d->pulse, d->flush, d->alive };

        for (size_t i = 0; i < FOLDERS_MAX; i++)
                sd_event_source_disable_unref(d->folders[i]);
        wake_stop(d);
        evidence_done(d);
        emf_close(d->emf);
        for (size_t i = 0; i < ARRAY_SIZE(own); i++)
                sd_event_source_disable_unref(own[i]);
        sd_event_unref(d->event);
        ledger_free(d->ledger);
        seen_free(d->seen);
        snapshot_free(d->base);
        sdk_cache_free(d->sdks);
        net_free(d->net);
        net_free(d->quick);
        broker_free(d->broker);
        conf_free(d->config);
        closep(&d->spare);
        free(d);
}
DEFINE_CLEANUP(struct daemon *, daemon_free)

/* Hosts that were started together do not look together. */
static uint64_t with_jitter(uint64_t us)
{
        uint32_t chance = 0;

        if (getrandom(&chance, sizeof chance, GRND_NONBLOCK) < 0)
                return us;
        return us - us / 10 + chance % (us / 5 + 1);
}

/* The later of what is asked for and what is planned stays away. */
int look_within(struct daemon *d, uint64_t us)
{
        uint64_t planned, at = now_us() + us;
        int on = SD_EVENT_OFF, r = sd_event_source_get_enabled(d->sweep, &on);

        if (r >= 0)
                r = sd_event_source_get_time(d->sweep, &planned);
        if (r >= 0 && (on == SD_EVENT_OFF || planned > at))
                r = sd_event_source_set_time(d->sweep, at);
        return r < 0 ? r : sd_event_source_set_enabled(d->sweep, SD_EVENT_ONESHOT);
}

/*
 * Without kernel events a look every sweep. With them, looks only reconcile; while
 * a finding is open they come sooner, but never for more than a fraction of the
 * processor's time, so that on a big host they are rare.
 */
static uint64_t until_next(const struct daemon *d)
{
        uint64_t sweep = (uint64_t)d->config->number[SETTING_SWEEP] * SECOND_US;
        uint64_t most = (uint64_t)d->config->number[SETTING_RECONCILE] * SECOND_US;
        uint64_t fair = d->last.cpu_us * LOOK_SHARE, least;

        if (!d->events)
                return sweep;
        least = ledger_count(d->ledger) || d->look_soon || d->last.unknown || most < sweep ? sweep : most;
        fair = fair < LOOK_SELDOM ? fair : LOOK_SELDOM;
        return fair > least ? fair : least;
}

static int on_sweep(sd_event_source *source, uint64_t us, void *userdata)
{
        struct daemon *d = userdata;
        int r = look_once(d);

        (void)us;
        if (r < 0)
                fault_note(d, "look", strerror(-r));
        r = sd_event_source_set_time(source, now_us() + with_jitter(until_next(d)));
        return r < 0 ? r : sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

/* sd_notify wants a descriptor: that there are no more is no reason to be taken for dead. */
void say_alive(struct daemon *d)
{
        uint64_t now = now_us();

        if (!d->watchdog_us || now < d->alive_us + d->watchdog_us / 4)
                return;
        d->alive_us = now;
        if (sd_notify(0, "WATCHDOG=1") >= 0)
                return;
        closep(&d->spare);
        sd_notify(0, "WATCHDOG=1");
        d->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static const int ends[] = { SIGTERM, SIGINT };

bool asked_to_end(struct daemon *d)
{
        sigset_t waiting;

        if (d->ending || sigpending(&waiting) < 0)
                return d->ending;
        for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
                d->ending = d->ending || sigismember(&waiting, ends[i]) == 1;
        if (d->ending)
                net_hold(d->net, true);
        return d->ending;
}

static int on_alive(sd_event_source *source, uint64_t us, void *userdata)
{
        struct daemon *d = userdata;
        int r;

        (void)us;
        say_alive(d);
        r = sd_event_source_set_time(source, now_us() + d->watchdog_us / 3);
        return r < 0 ? r : sd_event_source_set_enabled(source, d->watchdog_us ? SD_EVENT_ONESHOT : SD_EVENT_OFF);
}

static void look_at_host(struct daemon *d)
{
        bool changed = false;
        int r = host_changed(d, &changed);

        if (r < 0)
                fault_note(d, "host", strerror(-r));
        else
                fault_gone(d, "host");
        if (changed)
                look_within(d, 0);
        broker_check(d);
        memory_give_back();
}

/* Between the looks: is what was told of still there, and is the host as it was? */
static int on_pulse(sd_event_source *source, uint64_t us, void *userdata)
{
        struct daemon *d = userdata;
        int r;

        (void)us;
        wake_check(d);
        if (d->events) {
                glance_lapse(d);
                if (++d->pulses % HOST_PULSES == 0)
                        look_at_host(d);
                if (ledger_count(d->ledger) || d->look_soon)
                        look_within(d, until_next(d));
        }
        metrics_tell(d);
        if (d->base)
                state_write(d);
        r = sd_event_source_set_time(source, now_us() + with_jitter((uint64_t)d->config->number[SETTING_SWEEP] * SECOND_US));
        return r < 0 ? r : sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

static int on_flush(sd_event_source *source, uint64_t us, void *userdata)
{
        (void)source;
        (void)us;
        state_write(userdata);
        return 0;
}

static int on_end(sd_event_source *source, const struct signalfd_siginfo *info, void *userdata)
{
        struct daemon *d = userdata;

        (void)source;
        (void)info;
        sd_notify(0, "STOPPING=1\nSTATUS=ending");
        return sd_event_exit(d->event, 0);
}

static int on_change(sd_event_source *source, const struct inotify_event *event, void *userdata)
{
        (void)source;
        (void)event;
        return look_within(userdata, SETTLE_US);
}

/* Anew after each reload. Folders that are not there yet are found by the sweep. */
static void watch_files(struct daemon *d)
{
        const char *const at[FOLDERS_MAX] = { d->cs.needs, d->cs.bundles, d->cs.definitions };

        for (size_t i = 0; i < FOLDERS_MAX; i++) {
                d->folders[i] = sd_event_source_disable_unref(d->folders[i]);
                if (at[i])
                        sd_event_add_inotify(d->event, &d->folders[i], at[i],
                                             IN_CLOSE_WRITE | IN_MOVED_TO | IN_DELETE, on_change, d);
        }
}

static void say_faults(const struct config *c)
{
        for (size_t i = 0; i < c->n_faults; i++) {
                if (journal_say(LOG_WARNING, c->faults[i]) < 0)
                        fprintf(stderr, "rolewatch: %s\n", c->faults[i]);
        }
}

/* Whole at once: a process may be judged before the next look. */
void settings_apply(struct daemon *d)
{
        conf_collect(d->config, &d->cs);
        d->cs.sdks = d->sdks;
}

static int on_reload(sd_event_source *source, const struct signalfd_siginfo *info, void *userdata)
{
        CLEANUP(conf_freep) struct config *fresh = NULL;
        struct daemon *d = userdata;
        struct config *old = d->config;
        int r;

        (void)source;
        (void)info;
        sd_notify(0, "RELOADING=1");
        r = conf_read(d->config_file, &fresh);
        if (r == 0 && fresh->n_faults == 0) {
                d->config = TAKE(fresh);
                settings_apply(d);
                conf_free(old);
                watch_files(d);
                /* The rings hold what happens meanwhile: they stay, unless nobody wants them any more. */
                if (!d->config->number[SETTING_EVENTS])
                        wake_stop(d);
                evidence_stop(d);
                emf_close(TAKE(d->emf));
                faults_forget(d);
                d->events_retry_us = 0;
        } else {
                if (fresh)
                        say_faults(fresh);
                fault_note(d, "reload", r < 0 ? strerror(-r) : "the settings have faults: the former stay in force");
        }
        sd_notify(0, "READY=1");
        return look_within(d, 0);
}

static const struct { size_t at; sd_event_time_handler_t on; unsigned first_s; const char *what; } timers[] = {
        { offsetof(struct daemon, sweep), on_sweep, 0, "look" },
        { offsetof(struct daemon, pulse), on_pulse, 5, "pulse" },
        { offsetof(struct daemon, flush), on_flush, 0, "state" },
        { offsetof(struct daemon, alive), on_alive, 0, "watchdog" },
};

static int loop_make(struct daemon *d)
{
        sigset_t set;
        int r;

        sigemptyset(&set);
        for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
                sigaddset(&set, ends[i]);
        sigaddset(&set, SIGHUP);
        sigprocmask(SIG_BLOCK, &set, NULL);
        signal(SIGPIPE, SIG_IGN);
        r = sd_event_default(&d->event);
        for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(ends); i++)
                r = sd_event_add_signal(d->event, NULL, ends[i], on_end, d);
        if (r >= 0)
                r = sd_event_add_signal(d->event, NULL, SIGHUP, on_reload, d);
        for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(timers); i++) {
                sd_event_source **at = (sd_event_source **)((char *)d + timers[i].at);

                r = sd_event_add_time(d->event, at, CLOCK_MONOTONIC, now_us() + (uint64_t)timers[i].first_s * SECOND_US,
                                      SECOND_US / 10, timers[i].on, d);
                if (r >= 0)
                        r = sd_event_source_set_description(*at, timers[i].what);
                if (r >= 0)
                        r = sd_event_source_set_exit_on_failure(*at, true);
        }
        if (r >= 0)
                r = sd_event_source_set_enabled(d->flush, SD_EVENT_OFF);
        if (r >= 0)
                r = look_within(d, 0);
        return r < 0 ? r : 0;
}

static int parts_make(struct daemon *d)
{
        int r = sdk_cache_new(&d->sdks);

        if (r == 0)
                r = ledger_new(&d->ledger);
        if (r == 0)
                r = seen_new(&d->seen);
        if (r == 0)
                r = net_new(&d->net);
        if (r == 0)
                r = net_new(&d->quick);
        if (r < 0)
                return r;
        net_between(d->net, wake_between, d);
        net_between(d->quick, wake_read, d);
        return 0;
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
        d->started_s = (int64_t)time(NULL);
        d->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
        sd_watchdog_enabled(0, &d->watchdog_us);
        /* It holds other programs' environments for a moment: no core, no ptrace, no /proc of others. */
        prctl(PR_SET_DUMPABLE, 0);
        r = parts_make(d);
        if (r < 0)
                return r;
        settings_apply(d);
        r = state_read(d);
        if (r == 0)
                r = loop_make(d);
        if (r < 0)
                return r;
        watch_files(d);
        sd_notify(0, "READY=1\nSTATUS=first look");
        r = sd_event_loop(d->event);
        /* What was told last may not have been written yet. */
        if (d->looks)
                state_write(d);
        return r < 0 ? r : 0;
}
