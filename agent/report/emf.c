/*
 * CloudWatch Embedded Metric Format (user guide, "Specification: Embedded metric
 * format"). The CloudWatch agent also reads the log group from _aws.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include "report_internal.h"
#include "rolewatch/io.h"

#define DIMENSION_MAX 1024             /* of a value; the user guide's limit */
#define NAME_BYTES_MAX 512             /* of a namespace and of a log group: 255 and 512 */

struct emf_sink {
        int fd;
        bool stream, standard_output;
        union { struct sockaddr any; struct sockaddr_in v4; struct sockaddr_in6 v6; } to;
        struct text pending;
        size_t sent;                   /* bytes of the first kept line that were sent */
        uint64_t dropped;
};

/* ---- the line ---- */

static bool add_metric(cJSON *list, cJSON *root, const char *name, double value)
{
        cJSON *m = cJSON_CreateObject();

        if (!m || !cJSON_AddItemToArray(list, m)) {
                cJSON_Delete(m);
                return false;
        }
        return cJSON_AddStringToObject(m, "Name", name) && cJSON_AddStringToObject(m, "Unit", "Count") &&
               cJSON_AddNumberToObject(root, name, value);
}

/* [["ClusterName"]] */
static bool add_dimensions(cJSON *directive)
{
        cJSON *sets = cJSON_AddArrayToObject(directive, "Dimensions"), *set = cJSON_CreateArray();
        cJSON *name = cJSON_CreateString("ClusterName");

        if (!sets || !set || !name || !cJSON_AddItemToArray(set, name)) {
                cJSON_Delete(set);
                cJSON_Delete(name);
                return false;
        }
        if (!cJSON_AddItemToArray(sets, set)) {
                cJSON_Delete(set);
                return false;
        }
        return true;
}

static bool emf_fill(cJSON *root, const struct metrics *m, const struct emf_names *names, int64_t now_ms)
{
        cJSON *aws = cJSON_AddObjectToObject(root, "_aws");
        cJSON *directives = aws ? cJSON_AddArrayToObject(aws, "CloudWatchMetrics") : NULL;
        cJSON *directive = cJSON_CreateObject(), *list;
        bool good;

        if (!directives || !cJSON_AddItemToArray(directives, directive)) {
                cJSON_Delete(directive);
                return false;
        }
        good = cJSON_AddNumberToObject(aws, "Timestamp", (double)now_ms) &&
               cJSON_AddStringToObject(aws, "LogGroupName", names->log_group) &&
               cJSON_AddStringToObject(directive, "Namespace", names->namespace) && add_dimensions(directive) &&
               cJSON_AddStringToObject(root, "ClusterName", names->cluster ? names->cluster : "unknown");
        list = good ? cJSON_AddArrayToObject(directive, "Metrics") : NULL;
        good = list != NULL;
        for (int i = 0; good && i < METRIC_MAX; i++)
                good = add_metric(list, root, metric_name((enum metric)i), m->of[i]);
        return good;
}

static bool is_name(const char *s, size_t max)
{
        return s && *s && strlen(s) <= max;
}

int emf_line(const struct metrics *m, const struct emf_names *names, int64_t now_ms, struct text *to)
{
        CLEANUP(json_freep) cJSON *root = NULL;
        CLEANUP(freep) char *line = NULL;

        if (!is_name(names->namespace, NAME_BYTES_MAX) || !is_name(names->log_group, NAME_BYTES_MAX) ||
            (names->cluster && !is_name(names->cluster, DIMENSION_MAX)))
                return -EINVAL;
        root = cJSON_CreateObject();
        if (!root || !emf_fill(root, m, names, now_ms))
                return -ENOMEM;
        line = cJSON_PrintUnformatted(root);
        if (!line)
                return -ENOMEM;
        text_add(to, line);
        text_add(to, "\n");
        return to->failed ? -ENOMEM : 0;
}

/* ---- the socket ---- */

static int emf_address_parse(const char *address, struct emf_sink *s)
{
        CLEANUP(freep) char *copy = NULL;
        const char *host = address + 4;
        char *colon, *end;
        uint64_t port;
        bool v6;

        s->standard_output = streq(address, "stdout");
        if (s->standard_output)
                return 0;
        if (strncmp(address, "udp:", 4) != 0 && strncmp(address, "tcp:", 4) != 0)
                return -EINVAL;
        s->stream = *address == 't';
        copy = strdup(host);
        if (!copy)
                return -ENOMEM;
        colon = strrchr(copy, ':');
        if (!colon || u64_parse(colon + 1, &port) < 0 || port < 1 || port > 65535)
                return -EINVAL;
        *colon = '\0';
        v6 = *copy == '[';
        end = strchr(copy, ']');
        if (v6 != (end && !end[1]))
                return -EINVAL;
        s->to.any.sa_family = v6 ? AF_INET6 : AF_INET;
        *(v6 ? &s->to.v6.sin6_port : &s->to.v4.sin_port) = htons((uint16_t)port);
        if (v6)
                *end = '\0';
        return inet_pton(s->to.any.sa_family, v6 ? copy + 1 : copy,
                         v6 ? (void *)&s->to.v6.sin6_addr : (void *)&s->to.v4.sin_addr) == 1 ? 0 : -EINVAL;
}

int emf_open(const char *address, struct emf_sink **ret)
{
        CLEANUP(emf_closep) struct emf_sink *s = calloc(1, sizeof *s);
        int r;

        if (!s)
                return -ENOMEM;
        s->fd = -1;
        r = emf_address_parse(address, s);
        if (r == 0)
                *ret = TAKE(s);
        return r;
}

void emf_close(struct emf_sink *s)
{
        if (!s)
                return;
        closep(&s->fd);
        text_done(&s->pending);
        free(s);
}

uint64_t emf_dropped(const struct emf_sink *s) { return s->dropped; }

static void lines_drop(struct emf_sink *s, size_t bytes)
{
        memmove(s->pending.s, s->pending.s + bytes, s->pending.len - bytes + 1);
        s->pending.len -= bytes;
}

/* A line that was sent in part is sent again in full on the next connection. */
static void disconnect(struct emf_sink *s)
{
        closep(&s->fd);
        s->fd = -1;
        s->sent = 0;
}

/* Has the peer closed the connection, as after a restart of the agent? A line sent now would be lost. */
static bool is_closed(int fd)
{
        char c;
        ssize_t n = recv(fd, &c, 1, MSG_PEEK | MSG_DONTWAIT);

        return n == 0 || (n < 0 && errno != EAGAIN);
}

static bool is_writable(int fd)
{
        struct pollfd p = { .fd = fd, .events = POLLOUT };

        return poll(&p, 1, 0) == 1;
}

/* 0; -EAGAIN: not yet. */
static int ready(struct emf_sink *s)
{
        int error = 0;
        socklen_t len = sizeof error;

        if (s->fd >= 0 && s->stream && is_writable(s->fd) && is_closed(s->fd))
                disconnect(s);
        if (s->fd < 0) {
                s->fd = socket(s->to.any.sa_family, (s->stream ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
                if (s->fd < 0)
                        return -errno;
                if (connect(s->fd, &s->to.any, s->to.any.sa_family == AF_INET ? sizeof s->to.v4 : sizeof s->to.v6) < 0 &&
                    errno != EINPROGRESS)
                        return -errno;
        }
        if (!is_writable(s->fd))
                return -EAGAIN;
        if (!s->stream)
                return 0;
        return getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0 ? -errno : -error;
}

static int flush_stream(struct emf_sink *s)
{
        int r = ready(s);

        while (r == 0 && s->pending.len > 0) {
                size_t line = (size_t)((char *)memchr(s->pending.s, '\n', s->pending.len) - s->pending.s) + 1;
                ssize_t n = send(s->fd, s->pending.s + s->sent, line - s->sent, MSG_NOSIGNAL);

                if (n < 0) {
                        r = -errno;
                        break;
                }
                s->sent += (size_t)n;
                if (s->sent == line) {
                        lines_drop(s, line);
                        s->sent = 0;
                }
        }
        if (r == -EAGAIN)
                return 1;
        if (r < 0)
                disconnect(s);
        return r;
}

static int emf_retain(struct emf_sink *s, const struct text *line)
{
        if (line->len == 0 || line->len > EMF_PENDING_MAX || line->s[line->len - 1] != '\n')
                return -EINVAL;
        while (s->pending.len + line->len > EMF_PENDING_MAX) {
                /* The first line was sent in part: the peer would read the next one as its rest. */
                if (s->sent)
                        disconnect(s);
                lines_drop(s, (size_t)((char *)memchr(s->pending.s, '\n', s->pending.len) - s->pending.s) + 1);
                s->dropped++;
        }
        text_addn(&s->pending, line->s, line->len);
        return s->pending.failed ? -ENOMEM : 0;
}

/* ECONNREFUSED is about the previous datagram; this one must then be sent again. */
static int datagram_send(struct emf_sink *s, const struct text *line)
{
        int r = 0;

        for (int i = 0; i < 2; i++) {
                if (send(s->fd, line->s, line->len, MSG_NOSIGNAL) >= 0)
                        return r;
                r = -errno;
                if (r != -ECONNREFUSED)
                        break;
        }
        return r;
}

int emf_send(struct emf_sink *s, const struct text *line)
{
        int r;

        if (s->standard_output)
                return standard_output_write(line->s, line->len);
        if (s->stream) {
                r = emf_retain(s, line);
                return r < 0 ? r : flush_stream(s);
        }
        r = ready(s);
        if (r == 0)
                r = datagram_send(s, line);
        if (r < 0)
                s->dropped++;
        return r;
}
