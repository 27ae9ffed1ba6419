#include <sys/socket.h>
#include <sys/un.h>
#include "rolewatch/broker_queue.h"
#include "wire.h"
#include "rolewatch/io.h"

/* The server's send buffer holds a few answers and no more: who sends many requests at once would be dropped. */
#define ON_THE_WAY_MAX 4

struct waiting {
        struct wire_request rq;
        broker_answer_fn fn;
        void *userdata;
        uint64_t sent_us;
};
struct broker_queue {
        struct sockaddr_un address;    /* sun_path "": this process's own table */
        int fd;
        bool greeted, lost;
        uint64_t connected_us;
        struct waiting list[BROKER_QUEUE_MAX];
        size_t first, n, sent;         /* of the n waiting ones, the first `sent` are on their way */
};

int broker_queue_new(const char *path, struct broker_queue **ret)
{
        struct broker_queue *q;

        if (path && strlen(path) >= sizeof q->address.sun_path)
                return -ENAMETOOLONG;
        q = calloc(1, sizeof *q);
        if (!q)
                return -ENOMEM;
        q->fd = -1;
        q->address.sun_family = AF_UNIX;
        if (path)
                strcpy(q->address.sun_path, path);
        *ret = q;
        return 0;
}

void broker_queue_free(struct broker_queue *q)
{
        if (q)
                closep(&q->fd);
        free(q);
}

static bool is_local(const struct broker_queue *q) { return q->address.sun_path[0] == '\0'; }

int broker_queue_fd(const struct broker_queue *q) { return q->fd; }

uint64_t broker_queue_waiting_since(const struct broker_queue *q)
{
        if (q->fd >= 0 && !q->greeted)
                return q->connected_us;
        return q->sent ? q->list[q->first].sent_us : 0;
}

int broker_queue_connect(struct broker_queue *q)
{
        if (q->fd >= 0 || is_local(q))
                return 0;
        CLEANUP(closep) int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd < 0)
                return -errno;
        /* EAGAIN: so many wait for a broker that hangs that it takes no more. */
        if (connect(fd, (const struct sockaddr *)&q->address, sizeof q->address) < 0)
                return errno == EAGAIN ? -ETIMEDOUT : -errno;
        q->fd = TAKE_FD(fd);
        q->greeted = q->lost = false;
        q->connected_us = clock_monotonic_us();
        return 0;
}

/* The callee may ask again: it finds the queue without this one. */
static void answer_first(struct broker_queue *q, int result)
{
        const struct waiting w = q->list[q->first];

        q->first = (q->first + 1) % BROKER_QUEUE_MAX;
        q->n--;
        q->sent -= q->sent > 0;
        w.fn(w.userdata, result);
}

void broker_queue_close(struct broker_queue *q)
{
        closep(&q->fd);
        q->fd = -1;
        q->lost = false;
        for (size_t n = q->n; n > 0; n--)
                answer_first(q, -EPIPE);
}

static int send_more(struct broker_queue *q)
{
        while (q->greeted && q->sent < q->n && q->sent < ON_THE_WAY_MAX) {
                struct waiting *w = &q->list[(q->first + q->sent) % BROKER_QUEUE_MAX];

                if (send(q->fd, &w->rq, sizeof w->rq, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
                        return errno == EAGAIN ? 0 : -errno;
                w->sent_us = clock_monotonic_us();
                q->sent++;
        }
        return 0;
}

int broker_queue_request(struct broker_queue *q, const struct broker_request *rq, broker_answer_fn fn, void *userdata)
{
        const struct wire_request w = wire_request_of(rq);
        int r;

        if (is_local(q)) {
                r = ops_check(&w);
                fn(userdata, r < 0 ? r : ops_run(&w));
                return 0;
        }
        if (q->lost)
                return -EPIPE;
        if (q->n == BROKER_QUEUE_MAX)
                return -EAGAIN;
        r = ops_check(&w);
        if (r == 0)
                r = broker_queue_connect(q);
        if (r < 0)
                return r;
        q->list[(q->first + q->n++) % BROKER_QUEUE_MAX] = (struct waiting){ w, fn, userdata, 0 };
        /* What the server has closed meanwhile is found at the next turn of the loop, with its end to be read. */
        (void)send_more(q);
        return 0;
}

/* One answer: 1; 0: none has come; -errno: the connection is of no use any more. */
static int receive_one(struct broker_queue *q)
{
        uint16_t op = q->greeted && q->sent ? q->list[q->first].rq.op : WIRE_HELLO;
        int result = 0, r = wire_reply_receive(q->fd, op, &result);

        if (r == -ETIMEDOUT)
                return 0;
        if (r == 0 && !q->greeted) {
                q->greeted = true;
                return result < 0 ? result : 1;
        }
        if (r == 0 && !q->sent)
                r = -EPIPE;
        if (r == 0)
                answer_first(q, result);
        return r < 0 ? r : 1;
}

int broker_queue_process(struct broker_queue *q)
{
        int r = q->lost ? -EPIPE : 1;

        while (r > 0 && q->fd >= 0) {
                r = receive_one(q);
                if (r >= 0)
                        r = send_more(q) < 0 ? -EPIPE : r;
        }
        q->lost = r < 0;
        return r < 0 ? r : 0;
}
