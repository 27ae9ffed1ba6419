/* mock_http -- see mock_http.h. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "mock_http.h"

#define SILENT_MAX 64
#define MUST(what) do { if (!(what)) { perror(#what); abort(); } } while (0)

struct mock_http {
        const struct mock_route *routes;
        size_t n_routes;
        char base[32];
        int fd, stop[2];
        int silent[SILENT_MAX];
        size_t n_silent;
        atomic_size_t n_requests;
        pthread_t thread;
        pthread_mutex_t lock;
        mock_watch *watch;
        void *userdata;
};

static int listen_local(struct sockaddr_in *at)
{
        socklen_t n = sizeof *at;
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

        *at = (struct sockaddr_in){ .sin_family = AF_INET,
                                    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
        MUST(fd >= 0);
        MUST(bind(fd, (struct sockaddr *)at, n) == 0);
        MUST(getsockname(fd, (struct sockaddr *)at, &n) == 0);
        return fd;
}

static void send_all(int fd, const char *s)
{
        size_t left = strlen(s);

        while (left) {
                ssize_t k = send(fd, s, left, MSG_NOSIGNAL);

                if (k <= 0)
                        return;
                s += k;
                left -= (size_t)k;
        }
}

/* The head, and of the body what finds room; all of it is read, or the kernel would break the connection off. */
static void read_request(int fd, char *buf, size_t size)
{
        size_t n = 0, left = 0;
        const char *end = NULL, *length;
        char rest[4096];

        buf[0] = '\0';
        while (n < size - 1 && !end) {
                ssize_t k = recv(fd, buf + n, size - 1 - n, 0);

                if (k <= 0)
                        return;
                n += (size_t)k;
                buf[n] = '\0';
                end = strstr(buf, "\r\n\r\n");
        }
        length = strcasestr(buf, "\r\nContent-Length:");
        if (end && length && length < end)
                left = strtoul(length + strlen("\r\nContent-Length:"), NULL, 10);
        for (size_t have = end ? n - (size_t)(end + 4 - buf) : 0; have < left;) {
                ssize_t k = recv(fd, rest, sizeof rest, 0);

                if (k <= 0)
                        return;
                have += (size_t)k;
        }
}

static int route_fits(const struct mock_route *r, const char *request)
{
        char method[16], target[1024];

        if (sscanf(request, "%15s %1023s", method, target) != 2)
                return 0;
        return (!r->path || strcmp(r->path, target) == 0) &&
               (!r->method || strcmp(r->method, method) == 0);
}

static void serve(struct mock_http *m, int fd)
{
        static const struct mock_route none = { .bytes = HTTP("404 Not Found", "nothing here\n") };
        static const struct mock_route closed = { .bytes = HTTP("401 Unauthorized", "") };
        static const struct mock_route wrong = { .bytes = HTTP("400 Bad Request", "") };
        const struct mock_route *r = &none;
        char request[8192];

        read_request(fd, request, sizeof request);
        m->n_requests++;
        pthread_mutex_lock(&m->lock);
        if (m->watch)
                m->watch(m->userdata, request);
        pthread_mutex_unlock(&m->lock);
        for (size_t i = 0; r == &none && i < m->n_routes; i++)
                if (route_fits(&m->routes[i], request))
                        r = &m->routes[i];
        if (r->needs && !strcasestr(request, r->needs))
                r = &closed;
        if (r->without && strcasestr(request, r->without))
                r = &wrong;
        if (r->how == MOCK_SILENT && m->n_silent < SILENT_MAX) {
                m->silent[m->n_silent++] = fd;
                return;
        }
        if (r->bytes)
                send_all(fd, r->bytes);
        if (r->how == MOCK_RESET)
                setsockopt(fd, SOL_SOCKET, SO_LINGER, &(struct linger){ .l_onoff = 1 },
                           sizeof(struct linger));
        close(fd);
}

static void *run(void *arg)
{
        struct mock_http *m = arg;
        struct pollfd p[2] = { { .fd = m->fd, .events = POLLIN },
                               { .fd = m->stop[0], .events = POLLIN } };

        while (poll(p, 2, -1) > 0 && !p[1].revents) {
                int fd = accept(m->fd, NULL, NULL);

                if (fd >= 0)
                        serve(m, fd);
        }
        return NULL;
}

struct mock_http *mock_http_start(const struct mock_route *routes, size_t count)
{
        struct mock_http *m = calloc(1, sizeof *m);
        struct sockaddr_in at;

        MUST(m);
        m->routes = routes;
        m->n_routes = count;
        m->fd = listen_local(&at);
        MUST(listen(m->fd, 64) == 0);
        MUST(pipe(m->stop) == 0);
        snprintf(m->base, sizeof m->base, "http://127.0.0.1:%d", ntohs(at.sin_port));
        MUST(pthread_mutex_init(&m->lock, NULL) == 0);
        MUST(pthread_create(&m->thread, NULL, run, m) == 0);
        return m;
}

void mock_http_watch(struct mock_http *m, mock_watch *watch, void *userdata)
{
        pthread_mutex_lock(&m->lock);
        m->watch = watch;
        m->userdata = userdata;
        pthread_mutex_unlock(&m->lock);
}

void mock_http_stop(struct mock_http *m)
{
        MUST(write(m->stop[1], "", 1) == 1);
        pthread_join(m->thread, NULL);
        for (size_t i = 0; i < m->n_silent; i++)
                close(m->silent[i]);
        close(m->fd);
        close(m->stop[0]);
        close(m->stop[1]);
        pthread_mutex_destroy(&m->lock);
        free(m);
}

const char *mock_http_base(const struct mock_http *m)
{
        return m->base;
}

size_t mock_http_requests(struct mock_http *m)
{
        return m->n_requests;
}

/* Bound for a moment and given back: nobody else gets the port so soon. */
const char *mock_http_refused(char *buf, size_t size)
{
        struct sockaddr_in at;

        close(listen_local(&at));
        snprintf(buf, size, "http://127.0.0.1:%d", ntohs(at.sin_port));
        return buf;
}

char *mock_file(const char *name)
{
        char path[1024], *buf = calloc(1, 1 << 20);
        FILE *f;
        size_t n;

        snprintf(path, sizeof path, "%s/%s", TESTS_DIR, name);
        f = fopen(path, "r");
        MUST(f && buf);
        n = fread(buf, 1, (1 << 20) - 1, f);
        buf[n] = '\0';
        fclose(f);
        return buf;
}
