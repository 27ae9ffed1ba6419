/*
 * The peers may be hostile: whatever listens in a container's namespace answers
 * here. Hence no redirect, no proxy, no HTTP/0.9, no reuse, and a bound on
 * headers, body and time.
 */
#define CURL_DISABLE_DEPRECATION /* for PROTOCOLS, see below */
#include <strings.h>
#include "transfer.h"

#ifndef ROLEWATCH_VERSION
#define ROLEWATCH_VERSION "0.0.0"
#endif

#define CONNECT_MS 1000
#define TOTAL_MS 2000
#define BODY_MAX ((size_t)64 << 10)
#define HEADERS_MAX ((size_t)32 << 10) /* an agent sends some 300; curl 7.88 sets no bound */
#define DATE_MAX 64

static size_t on_body(char *data, size_t one, size_t len, void *userdata)
{
        struct transfer *t = userdata;
        size_t max = t->rq->max_bytes ? t->rq->max_bytes : BODY_MAX;

        (void)one;
        if (len > max - t->rs.len)
                return 0;
        if (t->rs.len + len + 1 > t->cap) {
                size_t cap = (t->rs.len + len + 1) * 2;
                char *bigger = erase_realloc(t->rs.body, cap);

                if (!bigger) {
                        t->no_memory = true;
                        return 0;
                }
                t->rs.body = bigger;
                t->cap = cap;
        }
        memcpy(t->rs.body + t->rs.len, data, len);
        t->rs.len += len;
        t->rs.body[t->rs.len] = '\0';
        return len;
}

/* The value of a header line when its name is this one, blanks trimmed. */
static bool header_is(struct span line, const char *name, struct span *ret)
{
        size_t n = strlen(name);

        if (line.len <= n || strncasecmp(line.s, name, n) != 0 || line.s[n] != ':')
                return false;
        for (line.s += n + 1, line.len -= n + 1; line.len && (*line.s == ' ' || *line.s == '\t'); line.s++)
                line.len--;
        while (line.len && strchr(" \t\r\n", line.s[line.len - 1]))
                line.len--;
        *ret = line;
        return true;
}

/* "HTTP/1.1 200 OK"; curl's own releases differ in what they make of "HTTP/21. 400". */
static bool status_line(const char *line, size_t len)
{
        static const char form[] = "HTTP/1.d ddd";

        if (len < sizeof form - 1 || line[9] == '0')
                return false;
        for (size_t i = 0; form[i]; i++)
                if (form[i] == 'd' ? line[i] < '0' || line[i] > '9' : line[i] != form[i])
                        return false;
        return len == sizeof form - 1 || strchr(" \r\n", line[sizeof form - 1]);
}

static size_t on_header(char *line, size_t one, size_t len, void *userdata)
{
        struct transfer *t = userdata;
        struct span value;

        (void)one;
        t->header_bytes += len;
        if (t->header_bytes > HEADERS_MAX)
                return 0;
        t->no_status = len >= 5 && memcmp(line, "HTTP/", 5) == 0 && !status_line(line, len);
        if (t->no_status)
                return 0;
        if (header_is((struct span){ line, len }, "X-Rate-Limit-Limit", &value))
                t->rs.agent_fingerprint = true;
        if (!t->rs.date && header_is((struct span){ line, len }, "Date", &value) && value.len <= DATE_MAX)
                t->rs.date = strndup(value.s, value.len);
        return len;
}

static curl_socket_t on_open_socket(void *userdata, curlsocktype purpose, struct curl_sockaddr *a)
{
        struct transfer *t = userdata;
        int fd = t->rq->open_socket(t->rq->userdata, a->family);

        (void)purpose;
        if (fd >= 0)
                return fd;
        t->socket_error = -fd;
        return CURL_SOCKET_BAD;
}

static int on_close_socket(void *userdata, curl_socket_t fd)
{
        (void)userdata;
        return close(fd);
}

static bool request_valid(const struct net_request *rq)
{
        if (!rq->url || (strncasecmp(rq->url, "http://", 7) != 0 &&
                         !(rq->tls && strncasecmp(rq->url, "https://", 8) == 0)))
                return false;
        if (rq->method && strpbrk(rq->method, " \r\n"))
                return false;
        if (rq->user_agent && strpbrk(rq->user_agent, "\r\n"))
                return false;
        for (size_t i = 0; rq->headers && rq->headers[i]; i++)
                if (strpbrk(rq->headers[i], "\r\n"))
                        return false;
        return true;
}

static int transfer_set_headers(struct transfer *t)
{
        for (size_t i = 0; t->rq->headers && t->rq->headers[i]; i++) {
                struct curl_slist *longer = curl_slist_append(t->headers, t->rq->headers[i]);

                if (!longer)
                        return -ENOMEM;
                t->headers = longer;
        }
        return curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers) ? -ENOMEM : 0;
}

/* Names an option and its value; stops at the first that fails. */
#define SET(option, value) (r = r ? r : curl_easy_setopt(t->easy, CURLOPT_##option, value))

static int transfer_set_bounds(struct transfer *t)
{
        const struct net_request *rq = t->rq;
        CURLcode r = CURLE_OK;

        SET(NOSIGNAL, 1L);
        /* Not PROTOCOLS_STR: Ubuntu 22.04's libcurl 7.81 refuses it, and one package is for all. Every libcurl.so.4 knows PROTOCOLS. */
        SET(PROTOCOLS, rq->tls ? (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS) : (long)CURLPROTO_HTTP);
        if (!rq->tls) {
                SET(PROXY, "");
                SET(NOPROXY, "*");
        }
        if (rq->ca_file)
                SET(CAINFO, rq->ca_file);
        SET(FOLLOWLOCATION, 0L);
        SET(PATH_AS_IS, 1L);
        SET(HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
        SET(HTTP09_ALLOWED, 0L);
        SET(FRESH_CONNECT, 1L);
        SET(FORBID_REUSE, 1L);
        SET(NETRC, (long)CURL_NETRC_IGNORED);
        SET(CONNECTTIMEOUT_MS, (long)(rq->connect_ms ? rq->connect_ms : CONNECT_MS));
        SET(TIMEOUT_MS, (long)(rq->total_ms ? rq->total_ms : TOTAL_MS));
        return r ? -ENOMEM : 0;
}

static int transfer_set_request(struct transfer *t)
{
        const struct net_request *rq = t->rq;
        CURLcode r = CURLE_OK;

        SET(URL, rq->url);
        SET(USERAGENT, rq->user_agent ? rq->user_agent : "rolewatch/" ROLEWATCH_VERSION);
        SET(PRIVATE, t);
        SET(WRITEFUNCTION, on_body);
        SET(WRITEDATA, t);
        SET(HEADERFUNCTION, on_header);
        SET(HEADERDATA, t);
        if (streq(rq->method, "HEAD"))
                SET(NOBODY, 1L);
        else if (rq->method)
                SET(CUSTOMREQUEST, rq->method);
        if (rq->body) {
                SET(POSTFIELDSIZE_LARGE, (curl_off_t)rq->body_len);
                SET(POSTFIELDS, rq->body);
        }
        if (rq->open_socket) {
                SET(OPENSOCKETFUNCTION, on_open_socket);
                SET(OPENSOCKETDATA, t);
                SET(CLOSESOCKETFUNCTION, on_close_socket);
        }
        return r ? -ENOMEM : transfer_set_headers(t);
}

static const struct { int error; enum answer_state state; } connect_errors[] = {
        { ECONNREFUSED, ANSWER_REFUSED },
        { ETIMEDOUT,    ANSWER_TIMEOUT },
        { ECONNRESET,   ANSWER_RESET },
        { EMFILE,       ANSWER_DENIED },
        { ENFILE,       ANSWER_DENIED },
};

/*
 * A route of type blackhole answers connect with EINVAL, prohibit with EACCES,
 * unreachable with EHOSTUNREACH, none at all with ENETUNREACH: for the one who
 * asks, all are the same, and so is what stands in no row.
 */
static enum answer_state connect_state(const struct transfer *t)
{
        if (t->socket_error)
                return t->socket_error == EAFNOSUPPORT ? ANSWER_UNREACHABLE : ANSWER_DENIED;
        for (size_t i = 0; i < ARRAY_SIZE(connect_errors); i++)
                if (connect_errors[i].error == t->rs.os_error)
                        return connect_errors[i].state;
        return ANSWER_UNREACHABLE;
}

static const struct { CURLcode code; enum answer_state state; } code_states[] = {
        { CURLE_OK,                    ANSWER_OK },
        { CURLE_OPERATION_TIMEDOUT,    ANSWER_TIMEOUT },
        { CURLE_COULDNT_RESOLVE_HOST,  ANSWER_UNREACHABLE },
        { CURLE_SEND_ERROR,            ANSWER_RESET },
        { CURLE_RECV_ERROR,            ANSWER_RESET },
        { CURLE_GOT_NOTHING,           ANSWER_RESET },
        { CURLE_PARTIAL_FILE,          ANSWER_RESET },
};

/* Everything else that curl can say of an answer is that it is no HTTP, or more than was wanted. */
static enum answer_state code_state(CURLcode code)
{
        for (size_t i = 0; i < ARRAY_SIZE(code_states); i++)
                if (code_states[i].code == code)
                        return code_states[i].state;
        return ANSWER_GARBAGE;
}

int transfer_finish(struct transfer *t, CURLcode code)
{
        long status = 0, os_error = 0;

        if (t->no_memory || code == CURLE_OUT_OF_MEMORY)
                return -ENOMEM;
        if (code == CURLE_URL_MALFORMAT)
                return -EINVAL;
        (void)curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
        if (code == CURLE_COULDNT_CONNECT) {
                (void)curl_easy_getinfo(t->easy, CURLINFO_OS_ERRNO, &os_error);
                t->rs.os_error = t->socket_error ? t->socket_error : (int)os_error;
                t->rs.state = connect_state(t);
        } else
                t->rs.state = code_state(code);
        t->rs.status = t->no_status ? 0 : (int)status;
        if (t->rs.state != ANSWER_OK) {
                explicit_bzero(t->rs.body, t->rs.len);
                t->rs.len = 0;
        }
        return 0;
}

int transfer_start(struct transfer *t, CURLM *multi)
{
        int r;

        if (!request_valid(t->rq))
                return -EINVAL;
        t->cap = 1;
        t->rs.body = calloc(1, 1);
        t->easy = curl_easy_init();
        if (!t->rs.body || !t->easy)
                return -ENOMEM;
        r = transfer_set_bounds(t);
        if (r == 0)
                r = transfer_set_request(t);
        if (r < 0)
                return r;
        return curl_multi_add_handle(multi, t->easy) ? -ENOMEM : 0;
}

void transfer_done(struct transfer *t, CURLM *multi)
{
        if (t->easy)
                (void)curl_multi_remove_handle(multi, t->easy);
        curl_easy_cleanup(t->easy);
        curl_slist_free_all(t->headers);
        net_response_done(&t->rs);
}
