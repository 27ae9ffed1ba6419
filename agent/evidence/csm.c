/*
 * Client-side monitoring: SDKs that are told to (AWS_CSM_ENABLED) send a JSON
 * datagram for each request and each call. Names: botocore/monitoring.py,
 * aws-sdk-go/aws/csm/metric.go. A request's datagram carries the session token.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include "evidence_internal.h"
#include "rolewatch/io.h"
#include "rolewatch/limits.h"

struct csm {
        struct wake_fd wake_fd;
        int fds[CSM_SOCKETS_MAX];
        size_t n, next;                /* whose turn it is first */
        struct evidence_counts counts;
        char buf[CSM_DATAGRAM_MAX];
};

static const struct { const char *key, *final; size_t max; } texts[] = {
#define X(id, key, final, max) [CSM_##id] = { key, final, max },
        CSM_TEXTS(X)
#undef X
};

/* ---- redaction ---- */

static bool csm_is_wanted(const char *key, size_t len)
{
        for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
                if ((strlen(texts[i].key) == len && memcmp(texts[i].key, key, len) == 0) ||
                    (texts[i].final && strlen(texts[i].final) == len && memcmp(texts[i].final, key, len) == 0))
                        return true;
        return false;
}

/* Where the string ends that begins with the quote at i: its other quote, or len. */
static size_t string_end(const char *buf, size_t len, size_t i)
{
        for (i++; i < len && buf[i] != '"'; i++)
                if (buf[i] == '\\')
                        i++;
        return i < len ? i : len;
}

static bool csm_is_key(const char *buf, size_t len, size_t end)
{
        for (end++; end < len && strchr(" \t\r\n", buf[end]) && buf[end]; end++)
                ;
        return end < len && buf[end] == ':';
}

/* A list of what may stay: a token under a name of tomorrow, or deeper, goes as well. */
void csm_redact(char *buf, size_t len)
{
        bool wanted = false;
        int depth = 0;

        for (size_t i = 0; i < len; i++) {
                size_t end;

                if (buf[i] == '{' || buf[i] == '[')
                        depth++;
                if (buf[i] == '}' || buf[i] == ']')
                        depth--;
                if (buf[i] == ',' && depth == 1)
                        wanted = false;
                if (buf[i] != '"')
                        continue;
                end = string_end(buf, len, i);
                if (csm_is_key(buf, len, end))
                        wanted = depth == 1 && csm_is_wanted(buf + i + 1, end - i - 1);
                else if (!wanted || depth != 1)
                        memset(buf + i + 1, 'x', end - i - 1);
                i = end;
        }
}

/* ---- a datagram ---- */

static int read_texts(struct arena *a, const cJSON *j, struct csm_call *c)
{
        for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
                const char *key = !c->attempt && texts[i].final ? texts[i].final : texts[i].key, *s;

                if (json_get_str(j, key, CSM_DATAGRAM_MAX, &s) < 0)
                        continue;
                c->of[i] = arena_escape(a, s, strlen(s), texts[i].max);
                if (!c->of[i])
                        return -ENOMEM;
        }
        return 0;
}

/* As an SDK prints it, so that there is one decoder of such texts. */
static int csm_decode(struct arena *a, struct csm_call *c)
{
        const char *code = c->of[CSM_EXCEPTION], *message = c->of[CSM_MESSAGE], *text;
        struct error_text *e = arena_alloc(a, sizeof *e);
        int r;

        if (!code)
                return e ? 0 : -ENOMEM;
        text = arena_printf(a, "An error occurred (%s) when calling the %s operation: %s", code,
                            c->of[CSM_API] ? c->of[CSM_API] : "", message ? message : "");
        if (!e || !text)
                return -ENOMEM;
        r = error_text_decode(a, text, strlen(text), e);
        if (r == 0 && e->kind == ERROR_DENIED)
                c->what = e;
        return r;
}

static int csm_read_call(struct arena *a, const cJSON *j, struct csm_call *ret)
{
        struct csm_call c = { 0 };
        const char *type;
        int64_t version, n;
        int r;

        if (json_get_i64(j, "Version", &version) < 0 || version != 1 || json_get_str(j, "Type", 16, &type) < 0)
                return -EBADMSG;
        c.attempt = streq(type, "ApiCallAttempt");
        if (!c.attempt && !streq(type, "ApiCall"))
                return -EBADMSG;
        r = read_texts(a, j, &c);
        if (r < 0)
                return r;
        if (!c.of[CSM_SERVICE] || !c.of[CSM_API])
                return -EBADMSG;
        if (c.of[CSM_KEY] && !access_key_id_valid(c.of[CSM_KEY], strlen(c.of[CSM_KEY])))
                c.of[CSM_KEY] = NULL;
        if (json_get_i64(j, c.attempt ? "HttpStatusCode" : "FinalHttpStatusCode", &n) == 0 && n >= 100 && n <= 599)
                c.status = (int)n;
        if (json_get_i64(j, "Timestamp", &n) == 0 && n > 0)
                c.at_ms = n;
        r = csm_decode(a, &c);
        if (r == 0)
                *ret = c;
        return r;
}

int csm_parse(struct arena *a, char *buf, size_t len, struct csm_call *ret)
{
        CLEANUP(json_freep) cJSON *j = NULL;
        int r;

        csm_redact(buf, len);
        r = json_parse(buf, len, &j);
        if (r == 0 && !cJSON_IsObject(j))
                r = -EBADMSG;
        return r < 0 ? r : csm_read_call(a, j, ret);
}

/* ---- sockets ---- */

union address { struct sockaddr any; struct sockaddr_in v4; struct sockaddr_in6 v6; };

static int port_parse(const char *s, in_port_t *ret)
{
        uint64_t n = CSM_PORT;

        if (*s && (*s != ':' || u64_parse(s + 1, &n) < 0 || n > 65535))
                return -EINVAL;
        *ret = htons((uint16_t)n);
        return 0;
}

/* "127.0.0.1", "127.0.0.1:31000", "[::1]:31000" */
static int csm_address_parse(char *s, union address *ret, socklen_t *ret_len)
{
        char *end = *s == '[' ? strchr(s, ']') : s + strcspn(s, ":");
        union address u = { .any.sa_family = *s == '[' ? AF_INET6 : AF_INET };
        in_port_t port;

        if (!end || port_parse(*end == ']' ? end + 1 : end, &port) < 0)
                return -EINVAL;
        *end = '\0';
        *(u.any.sa_family == AF_INET ? &u.v4.sin_port : &u.v6.sin6_port) = port;
        *ret_len = u.any.sa_family == AF_INET ? sizeof u.v4 : sizeof u.v6;
        if (inet_pton(u.any.sa_family, u.any.sa_family == AF_INET ? s : s + 1,
                      u.any.sa_family == AF_INET ? (void *)&u.v4.sin_addr : (void *)&u.v6.sin6_addr) != 1)
                return -EINVAL;
        *ret = u;
        return 0;
}

static int socket_add(struct csm *c, char *address)
{
        CLEANUP(closep) int fd = -1;
        union address u;
        socklen_t len;
        int r = c->n == CSM_SOCKETS_MAX ? -E2BIG : csm_address_parse(address, &u, &len);

        if (r < 0)
                return r;
        fd = socket(u.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd < 0 || bind(fd, &u.any, len) < 0)
                return -errno;
        r = wake_fd_add(&c->wake_fd, fd);
        if (r == 0)
                c->fds[c->n++] = TAKE_FD(fd);
        return r;
}

int csm_open(const char *addresses, struct csm **ret)
{
        CLEANUP(csm_closep) struct csm *c = calloc(1, sizeof *c);
        CLEANUP(freep) char *copy = strdup(addresses);
        char *rest, *word;
        int r;

        if (!c)
                return -ENOMEM;
        c->wake_fd = (struct wake_fd)WAKE_FD_NONE;
        r = copy ? wake_fd_open(&c->wake_fd) : -ENOMEM;
        if (r < 0)
                return r;
        for (word = strtok_r(copy, " \t", &rest); word && r == 0; word = strtok_r(NULL, " \t", &rest))
                r = socket_add(c, word);
        if (r == 0 && c->n == 0)
                r = -EINVAL;
        if (r == 0)
                *ret = TAKE(c);
        return r;
}

void csm_close(struct csm *c)
{
        if (!c)
                return;
        for (size_t i = 0; i < c->n; i++)
                close(c->fds[i]);
        wake_fd_close(&c->wake_fd);
        free(c);
}

int csm_fd(const struct csm *c) { return c->wake_fd.epoll; }
struct evidence_counts csm_counts(const struct csm *c) { return c->counts; }

struct sink { csm_fn fn; void *userdata; };

static int csm_report(struct csm *c, size_t len, const union address *from, const struct sink *to)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        char text[INET6_ADDRSTRLEN];
        struct csm_call call;
        int r = arena_new(EVIDENCE_MEMORY, &a);

        if (r == 0)
                r = csm_parse(a, c->buf, len, &call);
        if (r < 0)
                return r;
        call.from = inet_ntop(from->any.sa_family, from->any.sa_family == AF_INET ? (const void *)&from->v4.sin_addr :
                              (const void *)&from->v6.sin6_addr, text, sizeof text);
        c->counts.reported++;
        to->fn(to->userdata, &call);
        return 0;
}

/* 1: there was one; 0: none. */
static int datagram_read(struct csm *c, int fd, const struct sink *to)
{
        union address from = { .any.sa_family = AF_INET };
        socklen_t from_len = sizeof from;
        ssize_t n = recvfrom(fd, c->buf, sizeof c->buf, MSG_TRUNC, &from.any, &from_len);
        size_t filled = n < 0 ? 0 : (size_t)n < sizeof c->buf ? (size_t)n : sizeof c->buf;
        int r;

        if (n < 0)
                return errno == EAGAIN || errno == EINTR ? 0 : -errno;
        c->counts.received++;
        r = (size_t)n > filled ? -EMSGSIZE : csm_report(c, filled, &from, to);
        explicit_bzero(c->buf, filled);
        if (r == -ENOMEM)
                return r;
        c->counts.dropped += r < 0;
        return 1;
}

int csm_process(struct csm *c, csm_fn fn, void *userdata)
{
        size_t idle = 0;

        for (int i = 0; i < CSM_AT_ONCE && idle < c->n; i++) {
                int r = datagram_read(c, c->fds[c->next], &(struct sink){ fn, userdata });

                if (r < 0)
                        return r;
                idle = r > 0 ? 0 : idle + 1;
                c->next = (c->next + 1) % c->n;
        }
        return idle < c->n;
}
