/* schedule -- when the next full scan is. */
#include <sys/random.h>
#include "daemon_internal.h"
#include "rolewatch/io.h"

#define SCAN_SHARE 5000                /* scans take at most this part of the processor's time; the broker takes about as much */
#define SCAN_SELDOM (3600 * SECOND_US) /* and yet one comes at least this often */

uint64_t with_jitter(uint64_t us)
{
        uint32_t chance = 0;

        if (getrandom(&chance, sizeof chance, GRND_NONBLOCK) < 0)
                return us;
        return us - us / 10 + chance % (us / 5 + 1);
}

int scan_within(struct daemon *d, uint64_t us)
{
        uint64_t planned, at = clock_monotonic_us() + us;
        int on = SD_EVENT_OFF, r = sd_event_source_get_enabled(d->scan.timer, &on);

        if (r >= 0)
                r = sd_event_source_get_time(d->scan.timer, &planned);
        if (r >= 0 && (on == SD_EVENT_OFF || planned > at))
                r = sd_event_source_set_time(d->scan.timer, at);
        return r < 0 ? r : sd_event_source_set_enabled(d->scan.timer, SD_EVENT_ONESHOT);
}

/* Without the broker no event can be attributed to a process. */
bool events_are_useful(const struct daemon *d)
{
        return d->kernel_events.events && broker_link_error(d->broker) == 0;
}

/* A scan that failed is repeated after scan_interval, then after twice as long, and so on: what it costs to fail is not known. */
static uint64_t sooner(unsigned failures, uint64_t interval, uint64_t usual)
{
        uint64_t wait = interval << (failures < 16 ? failures - 1 : 15);

        return wait < usual ? wait : usual;
}

/*
 * Without kernel events a scan every scan_interval. With them scans are seldom; while a
 * finding is open they come sooner, but never for more than a fraction of the processor's
 * time, so that on a big host they are rare.
 */
uint64_t scan_interval_us(const struct daemon *d)
{
        uint64_t interval = (uint64_t)d->config->number[SETTING_SCAN_INTERVAL] * SECOND_US;
        uint64_t idle = (uint64_t)d->config->number[SETTING_IDLE_SCAN_INTERVAL] * SECOND_US;
        uint64_t fair = d->scan.last.cpu_us * SCAN_SHARE, least, usual;

        if (!events_are_useful(d))
                return interval;
        least = finding_state_count(d->findings) || d->scan.wanted || d->scan.last.unknown || idle < interval ? interval : idle;
        fair = fair < SCAN_SELDOM ? fair : SCAN_SELDOM;
        usual = fair > least ? fair : least;
        return d->scan.failures ? sooner(d->scan.failures, interval, usual) : usual;
}
