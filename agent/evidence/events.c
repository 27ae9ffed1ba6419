/* events -- reads the kernel's ring of records (BPF_MAP_TYPE_RINGBUF, Documentation/bpf/ringbuf.rst of the kernel). */
#include <linux/bpf.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include "rolewatch/events.h"
#include "rolewatch/io.h"
#include "record.h"

#define HEAD_BYTES 8                   /* BPF_RINGBUF_HDR_SZ: the length of the record, and a page number */

/*
 * The reader's position on a page that it may write, and the kernel's on one that it may not; the data are behind that, and
 * behind them once more, so that a record that goes over the end is in one piece.
 */
struct events {
        int fds[BROKER_EVENTS_PART_MAX];
        size_t step;                   /* of opening: the answers of the broker that have come */
        size_t page_bytes;
        _Atomic unsigned long *read_position, *written_position;
        const unsigned char *data;
        struct event_control *control;
        uint64_t dropped_before;
};

static size_t ring_map_bytes(const struct events *e) { return e->page_bytes + 2 * (size_t)EVENT_RING_BYTES; }

int events_begin(struct events **ret)
{
        struct events *e = calloc(1, sizeof *e);

        if (!e)
                return -ENOMEM;
        for (size_t i = 0; i < ARRAY_SIZE(e->fds); i++)
                e->fds[i] = -1;
        e->page_bytes = (size_t)sysconf(_SC_PAGESIZE);
        *ret = e;
        return 0;
}

bool events_next(const struct events *e, struct broker_request *ret)
{
        if (e->step == ARRAY_SIZE(e->fds))
                return false;
        *ret = (struct broker_request){ .op = BROKER_KERNEL_EVENTS, .number = (int)e->step };
        return true;
}

/* NULL: errno says why. */
static void *part_map(const struct events *e, enum broker_events_part part, size_t at, size_t bytes)
{
        void *map = mmap(NULL, bytes, PROT_READ | (at ? 0 : PROT_WRITE), MAP_SHARED, e->fds[part], (off_t)at);

        return map == MAP_FAILED ? NULL : map;
}

/* All descriptors are there. What a former reader has left in the ring is read, too. */
static int events_start(struct events *e)
{
        e->read_position = part_map(e, BROKER_EVENTS_RING, 0, e->page_bytes);
        if (!e->read_position)
                return -errno;
        e->written_position = part_map(e, BROKER_EVENTS_RING, e->page_bytes, ring_map_bytes(e));
        if (!e->written_position)
                return -errno;
        e->data = (const unsigned char *)e->written_position + e->page_bytes;
        e->control = part_map(e, BROKER_EVENTS_CONTROL, 0, e->page_bytes);
        if (!e->control)
                return -errno;
        e->dropped_before = e->control->dropped;
        e->control->active = 1;
        return 0;
}

int events_take(struct events *e, int fd)
{
        if (fd < 0)
                return fd;
        e->fds[e->step++] = fd;
        return e->step == ARRAY_SIZE(e->fds) ? events_start(e) : 0;
}

int events_open(struct broker *b, struct events **ret)
{
        CLEANUP(events_freep) struct events *e = NULL;
        struct broker_request rq;
        int r = b ? events_begin(&e) : -EACCES;

        while (r == 0 && events_next(e, &rq))
                r = events_take(e, broker_run(b, &rq));
        if (r < 0)
                return r;
        *ret = TAKE(e);
        return 0;
}

void events_free(struct events *e)
{
        if (!e)
                return;
        if (e->control) {
                e->control->active = 0;
                munmap(e->control, e->page_bytes);
        }
        if (e->written_position)
                munmap((void *)e->written_position, ring_map_bytes(e));
        if (e->read_position)
                munmap((void *)e->read_position, e->page_bytes);
        for (size_t i = 0; i < ARRAY_SIZE(e->fds); i++)
                closep(&e->fds[i]);
        free(e);
}

int events_fd(const struct events *e) { return e->fds[BROKER_EVENTS_RING]; }

uint64_t events_lost(const struct events *e)
{
        const _Atomic uint64_t *dropped = (_Atomic uint64_t *)&e->control->dropped;

        return atomic_load_explicit(dropped, memory_order_relaxed) - e->dropped_before;
}

static void record_pass(const unsigned char *record, uint32_t len, const struct event_sink *to)
{
        struct kernel_event ev;

        if (!(len & BPF_RINGBUF_DISCARD_BIT) && event_record_parse(record, len, &ev) == 0)
                to->on(to->userdata, &ev);
}

size_t events_read(struct events *e, size_t max, const struct event_sink *to, bool *more)
{
        unsigned long at = atomic_load_explicit(e->read_position, memory_order_relaxed);
        unsigned long end = atomic_load_explicit(e->written_position, memory_order_acquire);
        size_t n = 0;

        while (at != end && n < max) {
                const unsigned char *head = e->data + (at & (EVENT_RING_BYTES - 1));
                uint32_t len = atomic_load_explicit((const _Atomic uint32_t *)head, memory_order_acquire);
                unsigned long whole = ((len & ~BPF_RINGBUF_DISCARD_BIT) + HEAD_BYTES + 7) & ~7ul;

                /* It is being written: it and what comes after it are read next time. */
                if (len & BPF_RINGBUF_BUSY_BIT)
                        break;
                /* The kernel writes no such record; what says so is no ring any more. */
                if (whole > end - at) {
                        atomic_store_explicit(e->read_position, end, memory_order_release);
                        break;
                }
                record_pass(head + HEAD_BYTES, len, to);
                at += whole;
                atomic_store_explicit(e->read_position, at, memory_order_release);
                n++;
        }
        *more = n == max;
        return n;
}
