/*
 * net -- HTTP for small bodies from near endpoints, on libcurl.
 *
 * Never a redirect, both timeouts set, bodies bounded; never a proxy and http
 * only, unless a request is one for AWS itself (`tls`). A request may bring a function that makes its socket: a probe then
 * goes exactly where the process would go.
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
        unsigned connect_ms, total_ms; /* 0: 1000, 2000 */
        size_t max_bytes;              /* 0: 64 KiB */
        const void *body;              /* sent with POST; NULL: none. Borrowed. */
        size_t body_len;
        bool tls;                      /* https counts, and the environment's proxies do */
        const char *ca_file;           /* for tls; NULL: the system's */
        /* Returns a TCP socket of that family (handed over), or -errno. NULL: an ordinary one. */
        int (*open_socket)(void *userdata, int family);
        void *userdata;
};
/*
 * state OK: an HTTP answer arrived whole, whatever its status. Else REFUSED,
 * TIMEOUT, UNREACHABLE (also EINVAL of a blackhole route), RESET, DENIED (the
 * socket could not be made) or GARBAGE (not HTTP, or longer than max_bytes).
 * The body is erased by net_response_done: it may hold secrets.
 */
struct net_response {
        enum answer_state state;
        int status;                    /* HTTP status, 0 none */
        char *body;                    /* NUL-terminated, never NULL after a call */
        size_t len;
        char *date;                    /* Date header or NULL */
        bool agent_fingerprint;        /* carried X-Rate-Limit-Limit: an ECS agent's TMDS */
        int os_error;                  /* errno of a failed connect, 0 none */
};
int net_fetch(struct net *n, const struct net_request *rq, struct net_response *ret);  /* -ENOMEM, -EINVAL */
void net_response_done(struct net_response *r);
/* Several at once, on one curl multi: rs[i] answers rqs[i]. */
int net_fetch_all(struct net *n, const struct net_request *rqs, struct net_response *rs, size_t count);

/* An answer as a fact: OK for HTTP 200, STATUS for any other status; the rest as the response has it. No detail. */
struct answer answer_of(const struct net_response *r);
struct answer answer_garbage(int status, const char *detail);
/* The base without a slash at its end, then the path; the caller frees. NULL: no memory. */
char *url_join(const char *base, const char *path);
