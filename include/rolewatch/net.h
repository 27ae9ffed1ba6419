/*
 * net -- HTTP requests with small bodies, by libcurl, which is loaded at the first request of a process.
 *
 * Redirects are not followed, both timeouts are set, bodies are bounded. Proxies and https are used only for requests to AWS
 * services (`tls`). A request may have a function that opens its socket, so that a probe goes through the network namespace
 * of a process.
 */
#pragma once
#include "rolewatch/model.h"

struct net;
int net_new(struct net **ret);
void net_free(struct net *n);                      /* NULL ok */
DEFINE_CLEANUP(struct net *, net_free)

struct net_request {
        const char *url;
        const char *method;            /* NULL: GET */
        const char *const *headers;    /* NULL-terminated list, or NULL */
        const char *user_agent;        /* NULL: "rolewatch/VERSION" */
        unsigned connect_ms, total_ms; /* milliseconds; 0: 1000, 2000 */
        size_t max_bytes;              /* 0: 64 KiB */
        const void *body;              /* sent with POST; NULL: none. Borrowed. */
        size_t body_len;
        bool tls;                      /* an AWS service: https, and the proxies of the environment */
        const char *ca_file;           /* CA certificates for tls; NULL: the system's */
        /* Returns a TCP socket of that family, which curl then owns, or -errno. NULL: socket(2). */
        int (*open_socket)(void *userdata, int family);
        void *userdata;
};
/*
 * state OK: a complete HTTP response, whatever its status. Otherwise REFUSED, TIMEOUT, UNREACHABLE (also EINVAL of a
 * blackhole route), RESET, DENIED (the socket could not be opened) or GARBAGE (not HTTP, or longer than max_bytes).
 * net_response_done erases the body, which may hold secrets.
 */
struct net_response {
        enum answer_state state;
        int status;                    /* HTTP status, 0 none */
        char *body;                    /* NUL-terminated, never NULL after a call */
        size_t len;
        char *date;                    /* Date header or NULL */
        bool agent_fingerprint;        /* has X-Rate-Limit-Limit, as the ECS agent's server sends it */
        int os_error;                  /* errno of a failed connect, 0 none */
};
int net_fetch(struct net *n, const struct net_request *rq, struct net_response *ret);  /* -ENOMEM, -EINVAL, -ELIBACC: no libcurl */
const char *net_error_to_string(int error);   /* of these errors, and of any other -errno; static, or strerror's */
void net_response_done(struct net_response *r);
/* Several in parallel; rs[i] is the response to rqs[i]. Errors are those of net_fetch. */
int net_fetch_all(struct net *n, const struct net_request *rqs, struct net_response *rs, size_t count);

/* The response as a fact: OK for HTTP 200, STATUS for any other status, else the state of the response. No detail. */
struct answer answer_of(const struct net_response *r);
struct answer answer_garbage(int status, const char *detail);
/* base without its trailing slash, followed by path; the caller frees. NULL: no memory. */
char *url_join(const char *base, const char *path);
