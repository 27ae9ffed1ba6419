/* The daemon's loop: a look when one is due, signals, and what systemd is told. */
#include <signal.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <sys/random.h>
#include <syslog.h>
#include <systemd/sd-daemon.h>
#include <time.h>
#include "room.h"

#define SECOND_US ((uint64_t)1000000)
#define SETTLE_US (2 * SECOND_US)      /* files are often written one after the other */

static void daemon_done(struct daemon *d)
{
        for (size_t i = 0; i < FOLDERS_MAX; i++)
                sd_event_source_disable_unref(d->folders[i]);
        sd_event_source_unref(d->sweep);
        sd_event_unref(d->event);
        ledger_free(d->ledger);
        sdk_cache_free(d->sdks);
        conf_free(d->config);
}

/* Hosts that were started together do not look together. */
static uint64_t with_jitter(uint64_t us)
{
        uint32_t chance = 0;

        if (getrandom(&chance, sizeof chance, GRND_NONBLOCK) < 0)
                return us;
        return us - us / 10 + chance % (us / 5 + 1);
}

static int look_in(struct daemon *d, uint64_t us)
{
        uint64_t now;
        int r = sd_event_now(d->event, CLOCK_MONOTONIC, &now);

        if (r >= 0)
                r = sd_event_source_set_time(d->sweep, now + us);
        return r < 0 ? r : sd_event_source_set_enabled(d->sweep, SD_EVENT_ONESHOT);
}

static int on_sweep(sd_event_source *source, uint64_t us, void *userdata)
{
        struct daemon *d = userdata;
        int r = look_once(d);

        (void)source;
        (void)us;
        if (r < 0)
                fault_note(d, "look", strerror(-r));
        return look_in(d, with_jitter((uint64_t)d->config->number[SETTING_SWEEP] * SECOND_US));
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
        return look_in(userdata, SETTLE_US);
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
                conf_collect(d->config, &d->cs);
                conf_free(old);
                watch_files(d);
        } else {
                if (fresh)
                        say_faults(fresh);
                fault_note(d, "reload", "the settings have faults: the former stay in force");
        }
        sd_notify(0, "READY=1");
        return look_in(d, 0);
}

static int loop_make(struct daemon *d)
{
        static const int ends[] = { SIGTERM, SIGINT };
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
        if (r >= 0)
                r = sd_event_add_time(d->event, &d->sweep, CLOCK_MONOTONIC, 0, SECOND_US, on_sweep, d);
        if (r >= 0)
                r = look_in(d, 0);
        return r < 0 ? r : 0;
}

int daemon_run(const char *config_file, struct broker *b)
{
        CLEANUP(daemon_done) struct daemon d = { .config_file = config_file, .broker = b,
                                                 .started_s = (int64_t)time(NULL) };
        int r = conf_read(config_file, &d.config);

        if (r == 0)
                r = sdk_cache_new(&d.sdks);
        if (r == 0)
                r = ledger_new(&d.ledger);
        if (r < 0)
                return r;
        say_faults(d.config);
        conf_collect(d.config, &d.cs);
        r = state_read(&d);
        if (r == 0)
                r = loop_make(&d);
        if (r < 0)
                return r;
        watch_files(&d);
        sd_notify(0, "READY=1\nSTATUS=first look");
        sd_event_set_watchdog(d.event, true);
        r = sd_event_loop(d.event);
        return r < 0 ? r : 0;
}
