/*
 * client -- asks rolewatch-broker over its socket; and the calls of broker.h,
 * which build one request for either kind of broker.
 *
 * The server closes connections that were idle and may be restarted: what it
 * has certainly not read is sent once more over a new connection. A request
 * that it did read and did not answer is not repeated, as it may be the cause.
 */
#include <stdio.h>
#include <sys/socket.h>
#include "rolewatch/io.h"
#include "wire.h"

/* Longer than the server's own deadline for one request. All of the daemon waits for it. */
#define ANSWER_S 4
#define AWAY_S 10                      /* after a timeout no request is sent for this long */

static int client_open(const char *path, int *ret)
{
        CLEANUP(closep) int fd = -1;
        int result = 0, r = unix_connect(path, SOCK_SEQPACKET, ANSWER_S, &fd);

        if (r < 0)
                return r;
        r = wire_reply_receive(fd, WIRE_HELLO, &result);
        if (r < 0)
                return r == -ETIMEDOUT ? r : -EPIPE;
        if (result < 0)
                return result;
        *ret = TAKE_FD(fd);
        return 0;
}

/* -ECONNRESET: the server has not read the request. */
static int exchange(int sock, const struct wire_request *q, int *ret_result)
{
        ssize_t n = send(sock, q, sizeof *q, MSG_NOSIGNAL);

        if (n < 0)
                return errno == EPIPE || errno == ECONNRESET ? -ECONNRESET : errno == EAGAIN ? -ETIMEDOUT : -EPIPE;
        return wire_reply_receive(sock, q->op, ret_result);
}

static int broker_exchange(struct broker *b, const struct wire_request *q, int *ret_result)
{
        int r = 0;

        for (int i = 0; i < 2; i++) {
                if (b->fd < 0)
                        r = client_open(b->path, &b->fd);
                if (b->fd < 0)
                        return r;
                r = exchange(b->fd, q, ret_result);
                if (r == 0)
                        return 0;
                /* A late answer must not be taken for the next one. */
                close(TAKE_FD(b->fd));
                if (r != -ECONNRESET)
                        break;
        }
        return r;
}

static int client_run(struct broker *b, const struct wire_request *q)
{
        int result = 0, r = ops_check(q);

        if (r < 0)
                return r;
        if (clock_monotonic_s() < b->away_s)
                return -EPIPE;
        b->error = broker_exchange(b, q, &result);
        b->away_s = b->error == -ETIMEDOUT ? clock_monotonic_s() + AWAY_S : 0;
        return b->error < 0 ? -EPIPE : result;
}

int broker_last_error(const struct broker *b) { return b->error; }

int broker_new(const char *path, int (*run)(struct broker *, const struct wire_request *),
               struct broker **ret)
{
        struct broker *b = malloc(sizeof *b + strlen(path) + 1);

        if (!b)
                return -ENOMEM;
        b->run = run;
        b->fd = -1;
        b->error = 0;
        b->away_s = 0;
        b->files = NULL;
        strcpy(b->path, path);
        *ret = b;
        return 0;
}

int broker_connect(const char *path, struct broker **ret)
{
        CLEANUP(broker_freep) struct broker *b = NULL;
        int r = broker_new(path, client_run, &b);

        if (r < 0)
                return r;
        r = client_open(path, &b->fd);
        if (r < 0)
                return r;
        *ret = TAKE(b);
        return 0;
}

void broker_free(struct broker *b)
{
        if (b)
                closep(&b->fd);
        free(b);
}

int broker_run(struct broker *b, const struct broker_request *rq)
{
        const struct wire_request q = wire_request_of(rq);

        return b->run(b, &q);
}

int broker_environ(struct broker *b, struct broker_target t)
{
        return broker_run(b, &(struct broker_request){ .op = BROKER_ENVIRON, .target = t });
}

int broker_exe(struct broker *b, struct broker_target t)
{
        return broker_run(b, &(struct broker_request){ .op = BROKER_EXE, .target = t });
}

int broker_maps(struct broker *b, struct broker_target t)
{
        return broker_run(b, &(struct broker_request){ .op = BROKER_MAPS, .target = t });
}

int broker_auxv(struct broker *b, struct broker_target t)
{
        return broker_run(b, &(struct broker_request){ .op = BROKER_AUXV, .target = t });
}

int broker_container_config(struct broker *b, struct broker_target t)
{
        return broker_run(b, &(struct broker_request){ .op = BROKER_CONTAINER_CONFIG, .target = t });
}

static int path_run(struct broker *b, const struct broker_request *rq, const char *path)
{
        struct wire_request q = wire_request_of(rq);

        if (!path || strlen(path) >= sizeof q.path)
                return -EINVAL;
        memcpy(q.path, path, strlen(path));
        return b->run(b, &q);
}

int broker_file(struct broker *b, struct broker_target t, const char *path)
{
        return path_run(b, &(struct broker_request){ .op = BROKER_FILE, .target = t }, path);
}

int broker_directory(struct broker *b, struct broker_target t, const char *path)
{
        return path_run(b, &(struct broker_request){ .op = BROKER_DIRECTORY, .target = t }, path);
}

int broker_netns(struct broker *b, struct broker_target t)
{
        return broker_run(b, &(struct broker_request){ .op = BROKER_NETNS, .target = t });
}

int broker_socket(struct broker *b, struct broker_target t, int family)
{
        return broker_run(b, &(struct broker_request){ .op = BROKER_SOCKET, .target = t, .number = family });
}

int broker_kernel_events(struct broker *b, enum broker_events_part part)
{
        return broker_run(b, &(struct broker_request){ .op = BROKER_KERNEL_EVENTS, .number = (int)part });
}
