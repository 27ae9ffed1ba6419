/* events -- one ring a processor, into which all kinds of kernel events go; perf_event_open(2). */
#include <assert.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include "rolewatch/io.h"
#include "trace.h"

#define FORMAT_MAX ((size_t)16 << 10)
#define CPUS_MAX 1024
#define RECORD_MAX 4096                /* a record is some 150 bytes; a longer one is passed over */
/*
 * A second of 100,000 events a minute takes some 150 KiB. All rings together stay
 * below RINGS_BYTES on hosts with many processors, each of which then has less to
 * do; and each well below kernel.perf_event_mlock_kb (516), which is a user's own.
 */
#define RINGS_BYTES ((size_t)1 << 20)
#define RING_MOST ((size_t)128 << 10)
#define RING_LEAST ((size_t)16 << 10)

struct ring {
        int cpu;
        int fds[BROKER_EVENT_MAX];
        struct perf_event_mmap_page *page;
};
struct events {
        struct trace_format formats[BROKER_EVENT_MAX];
        enum broker_scope scope;
        ino_t scope_inode;
        size_t data_bytes, page_bytes, n;
        size_t step;                   /* of opening: how many answers of the broker have come */
        size_t turn;                   /* the ring that is read first */
        uint64_t lost;
        struct ring rings[];
};

/* "0-3,8": the numbers in it. */
static size_t cpus_online(int ret[CPUS_MAX])
{
        const struct file_request q = { .dir = AT_FDCWD, .path = "/sys/devices/system/cpu/online", .max_bytes = 4096 };
        CLEANUP(closep) int fd = -1;
        CLEANUP(freep) char *text = NULL;
        size_t len, n = 0;

        if (open_file(&q, &fd, NULL) < 0 || read_fd(fd, q.max_bytes, &text, &len) < 0)
                return 0;
        for (char *save, *part = strtok_r(text, ",\n", &save); part; part = strtok_r(NULL, ",\n", &save)) {
                int from, to, k = sscanf(part, "%d-%d", &from, &to);

                for (int cpu = from; k > 0 && cpu <= (k == 2 ? to : from) && n < CPUS_MAX; cpu++)
                        ret[n++] = cpu;
        }
        return n;
}

static int format_read(int fd, enum broker_event kind, struct trace_format *ret)
{
        CLEANUP(freep) char *text = NULL;
        size_t len;
        int r;

        if (fd < 0)
                return fd;
        r = read_fd(fd, FORMAT_MAX, &text, &len);
        return r < 0 ? r : trace_format_parse(kind, text, len, ret);
}

/* Does a process live in the group, or below it? cgroup.events, cgroups(7). */
static bool populated(const char *group)
{
        char path[200];
        const struct file_request q = { .dir = AT_FDCWD, .path = path, .max_bytes = 4096 };
        CLEANUP(freep) char *text = NULL;
        size_t len;

        snprintf(path, sizeof path, "%s/cgroup.events", group);
        return read_file(&q, &text, &len) == 0 && strstr(text, "populated 1") != NULL;
}

/* The one group that holds tasks now, and which one of its name; else the whole host. */
static enum broker_scope scope_best(ino_t *ret)
{
        enum broker_scope best = BROKER_SCOPE_HOST;
        struct stat st;
        char path[160];

        *ret = 0;
        for (int i = BROKER_SCOPE_HOST + 1; i < BROKER_SCOPE_MAX; i++) {
                if (broker_scope_path((enum broker_scope)i, path, sizeof path) < 0 || !populated(path) ||
                    stat(path, &st) < 0)
                        continue;
                if (best != BROKER_SCOPE_HOST) {
                        *ret = 0;
                        return BROKER_SCOPE_HOST;
                }
                best = (enum broker_scope)i;
                *ret = st.st_ino;
        }
        return best;
}

bool events_stale(const struct events *e)
{
        ino_t inode;

        return scope_best(&inode) != e->scope || inode != e->scope_inode;
}

/* All descriptors of a processor are there: they share one ring, and begin to write into it. */
static int ring_start(const struct events *e, struct ring *ring)
{
        void *map = mmap(NULL, e->page_bytes + e->data_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, ring->fds[0], 0);

        if (map == MAP_FAILED)
                return -errno;
        ring->page = map;
        for (int i = 1; i < BROKER_EVENT_MAX; i++)
                if (ioctl(ring->fds[i], PERF_EVENT_IOC_SET_OUTPUT, ring->fds[0]) < 0)
                        return -errno;
        for (int i = 0; i < BROKER_EVENT_MAX; i++)
                if (ioctl(ring->fds[i], PERF_EVENT_IOC_ENABLE, 0) < 0)
                        return -errno;
        return 0;
}

static size_t ring_bytes(size_t cpus)
{
        size_t bytes = RING_MOST;

        while (bytes > RING_LEAST && bytes * cpus > RINGS_BYTES)
                bytes /= 2;
        return bytes;
}

int events_begin(struct events **ret)
{
        struct events *e;
        int cpus[CPUS_MAX];
        size_t n = cpus_online(cpus);

        if (!n)
                return -ENOSYS;
        e = calloc(1, sizeof *e + n * sizeof e->rings[0]);
        if (!e)
                return -ENOMEM;
        e->n = n;
        for (size_t i = 0; i < n; i++) {
                e->rings[i].cpu = cpus[i];
                for (int k = 0; k < BROKER_EVENT_MAX; k++)
                        e->rings[i].fds[k] = -1;
        }
        e->page_bytes = (size_t)sysconf(_SC_PAGESIZE);
        e->data_bytes = ring_bytes(n);
        e->scope = scope_best(&e->scope_inode);
        *ret = e;
        return 0;
}

/* First the format of each event, then of each processor each event. */
bool events_next(const struct events *e, struct broker_request *ret)
{
        size_t of_ring = e->step - BROKER_EVENT_MAX;

        if (e->step < BROKER_EVENT_MAX)
                *ret = (struct broker_request){ .op = BROKER_FORMAT, .number = (int)e->step };
        else if (of_ring < e->n * BROKER_EVENT_MAX)
                *ret = (struct broker_request){ .op = BROKER_EVENTS, .number = (int)(of_ring % BROKER_EVENT_MAX),
                                                .scope = (int)e->scope, .cpu = e->rings[of_ring / BROKER_EVENT_MAX].cpu };
        else
                return false;
        return true;
}

int events_take(struct events *e, int fd)
{
        CLEANUP(closep) int own = fd;
        size_t at = e->step++, of_ring = at - BROKER_EVENT_MAX;
        struct ring *ring;

        if (fd < 0)
                return fd;
        if (at < BROKER_EVENT_MAX)
                return format_read(fd, (enum broker_event)at, &e->formats[at]);
        assert(of_ring < e->n * BROKER_EVENT_MAX);
        ring = &e->rings[of_ring / BROKER_EVENT_MAX];
        ring->fds[of_ring % BROKER_EVENT_MAX] = TAKE_FD(own);
        return of_ring % BROKER_EVENT_MAX == BROKER_EVENT_MAX - 1 ? ring_start(e, ring) : 0;
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
        for (size_t i = 0; e && i < e->n; i++) {
                struct ring *ring = &e->rings[i];

                if (ring->page)
                        munmap(ring->page, e->page_bytes + e->data_bytes);
                for (int k = 0; k < BROKER_EVENT_MAX; k++)
                        closep(&ring->fds[k]);
        }
        free(e);
}

size_t events_count(const struct events *e) { return e->n; }
int events_fd(const struct events *e, size_t i) { return e->rings[i].fds[0]; }
uint64_t events_lost(const struct events *e) { return e->lost; }

const char *events_scope(const struct events *e)
{
        static const char *const words[] = {
#define X(id, group) [BROKER_SCOPE_##id] = group[0] ? "control group " group : "the whole host",
                BROKER_SCOPES(X)
#undef X
        };
        return words[e->scope];
}

/* What of a ring is mapped behind its first page; it wraps at any byte. */
struct ring_data { const unsigned char *bytes; size_t size; };

static void ring_copy(const struct ring_data *ring, uint64_t at, void *to, size_t n)
{
        size_t from = (size_t)(at & (ring->size - 1)), first = ring->size - from;

        first = first < n ? first : n;
        memcpy(to, ring->bytes + from, first);
        memcpy((unsigned char *)to + first, ring->bytes, n - first);
}

static void record_take(struct events *e, const unsigned char *record, size_t size, const struct event_sink *to)
{
        struct perf_event_header head;
        struct kernel_event ev;
        uint64_t lost;

        memcpy(&head, record, sizeof head);
        /* header, id, lost */
        if (head.type == PERF_RECORD_LOST && size >= sizeof head + 16) {
                memcpy(&lost, record + sizeof head + 8, sizeof lost);
                e->lost += lost;
        }
        if (head.type == PERF_RECORD_SAMPLE && trace_sample_parse(record, size, e->formats, &ev) == 0)
                to->on(to->userdata, &ev);
}

static size_t ring_read(struct events *e, struct ring *ring, size_t max, const struct event_sink *to)
{
        const struct ring_data data = { (const unsigned char *)ring->page + e->page_bytes, e->data_bytes };
        uint64_t head = atomic_load_explicit((_Atomic uint64_t *)&ring->page->data_head, memory_order_acquire);
        uint64_t tail = ring->page->data_tail;
        unsigned char record[RECORD_MAX];
        struct perf_event_header h;
        size_t n = 0;

        while (tail != head && n < max) {
                ring_copy(&data, tail, &h, sizeof h);
                /* The kernel writes no such record; a page that says so is no ring any more. */
                if (h.size < sizeof h || h.size > head - tail) {
                        tail = head;
                        break;
                }
                if (h.size <= sizeof record) {
                        ring_copy(&data, tail, record, h.size);
                        record_take(e, record, h.size, to);
                }
                tail += h.size;
                n++;
                atomic_store_explicit((_Atomic uint64_t *)&ring->page->data_tail, tail, memory_order_release);
        }
        atomic_store_explicit((_Atomic uint64_t *)&ring->page->data_tail, tail, memory_order_release);
        return n;
}

/* The rings take turns, so that a busy one does not keep the others waiting where max is small. */
size_t events_read(struct events *e, size_t max, const struct event_sink *to, bool *more)
{
        size_t n = 0;

        for (size_t i = 0; n < max && i < e->n; i++, e->turn = (e->turn + 1) % e->n)
                n += ring_read(e, &e->rings[e->turn], max - n, to);
        *more = n == max;
        return n;
}
