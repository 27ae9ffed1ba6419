#include "broker_link.h"
#include "rolewatch/io.h"

#define ANSWER_US ((uint64_t)4000000)  /* longer than the broker's own deadline for one request */
#define AWAY_US ((uint64_t)10000000)   /* nothing is asked for this long after it did not answer */

struct broker_link {
        sd_event *event;
        struct broker_queue *queue;
        sd_event_source *io, *deadline;
        int error;
        bool was_there;
        uint64_t away_us;              /* CLOCK_MONOTONIC */
};

static uint64_t now_us(const struct broker_link *l)
{
        uint64_t now = 0;

        sd_event_now(l->event, CLOCK_MONOTONIC, &now);
        return now;
}

static int broker_on_answer(sd_event_source *source, int fd, uint32_t revents, void *userdata);

/* After each call of the queue: its descriptor, and what it waits for, may be others. */
static int sources_update(struct broker_link *l)
{
        int fd = broker_queue_fd(l->queue), r = 0;
        uint64_t since = broker_queue_waiting_since(l->queue);

        if (fd >= 0 && !l->io)
                r = sd_event_add_io(l->event, &l->io, fd, EPOLLIN, broker_on_answer, l);
        if (!since)
                return r < 0 ? r : sd_event_source_set_enabled(l->deadline, SD_EVENT_OFF);
        if (r >= 0)
                r = sd_event_source_set_time(l->deadline, since + ANSWER_US);
        return r < 0 ? r : sd_event_source_set_enabled(l->deadline, SD_EVENT_ONESHOT);
}

/*
 * The source goes before the descriptor: child processes hold copies of it, so that epoll would go on reporting a
 * descriptor that was closed here.
 */
static void connection_close(struct broker_link *l)
{
        l->io = sd_event_source_disable_unref(l->io);
        broker_queue_close(l->queue);
}

static int broker_on_answer(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
        struct broker_link *l = userdata;
        bool waiting = broker_queue_waiting_since(l->queue) != 0;
        int r = broker_queue_process(l->queue);

        (void)source;
        (void)fd;
        (void)revents;
        /* A connection that ended while nothing was asked is one that the broker closed as idle. */
        if (r == 0) {
                l->error = 0;
                l->was_there = true;
        } else {
                l->error = waiting ? r : l->error;
                connection_close(l);
        }
        return sources_update(l);
}

static int broker_on_deadline(sd_event_source *source, uint64_t us, void *userdata)
{
        struct broker_link *l = userdata;

        (void)source;
        (void)us;
        l->error = -ETIMEDOUT;
        l->away_us = now_us(l) + AWAY_US;
        /* A late answer must not be taken for the next one. */
        connection_close(l);
        return sources_update(l);
}

int broker_link_new(sd_event *event, const char *path, struct broker_link **ret)
{
        CLEANUP(broker_link_freep) struct broker_link *l = calloc(1, sizeof *l);
        int r;

        if (!l)
                return -ENOMEM;
        l->event = sd_event_ref(event);
        r = broker_queue_new(path, &l->queue);
        if (r == 0)
                r = sd_event_add_time(event, &l->deadline, CLOCK_MONOTONIC, 0, 100000, broker_on_deadline, l);
        if (r >= 0)
                r = sd_event_source_set_enabled(l->deadline, SD_EVENT_OFF);
        if (r < 0)
                return r;
        *ret = TAKE(l);
        return 0;
}

void broker_link_free(struct broker_link *l)
{
        if (!l)
                return;
        sd_event_source_disable_unref(l->io);
        sd_event_source_disable_unref(l->deadline);
        broker_queue_free(l->queue);
        sd_event_unref(l->event);
        free(l);
}

int broker_link_request(struct broker_link *l, const struct broker_request *rq, broker_answer_fn fn, void *userdata)
{
        int r = now_us(l) < l->away_us ? -EPIPE : broker_queue_request(l->queue, rq, fn, userdata);

        if (r < 0 && r != -EAGAIN && r != -EPIPE)
                l->error = r;
        (void)sources_update(l);
        return r;
}

int broker_link_check(struct broker_link *l)
{
        int r;

        if (l->error == 0 || now_us(l) < l->away_us)
                return l->error;
        r = broker_queue_connect(l->queue);
        /* Connected, it must still greet: until then the error stays. */
        if (r < 0)
                l->error = r;
        (void)sources_update(l);
        return l->error;
}

int broker_link_error(const struct broker_link *l) { return l ? l->error : -ENOENT; }
bool broker_link_was_there(const struct broker_link *l) { return l && l->was_there; }

void broker_link_report(struct broker_link *l, int error)
{
        /* A shortage of the child's own says nothing about the broker. */
        if (error_is_shortage(error))
                return;
        l->error = error;
        l->was_there = l->was_there || error == 0;
        if (error == 0)
                l->away_us = 0;
}
