/* mock_http -- canned answers from a thread on 127.0.0.1, at a port of the kernel's choice. */
#pragma once
#include <stddef.h>

#define HTTP(status, body) "HTTP/1.1 " status "\r\nConnection: close\r\n\r\n" body
#define HTTP_200(body) HTTP("200 OK", body)

enum mock_how {
        MOCK_ANSWER,           /* sends the bytes and closes */
        MOCK_SILENT,           /* accepts, reads, never answers */
        MOCK_RESET,            /* sends the bytes and breaks the connection off */
};
struct mock_route {
        const char *path;      /* request target, whole; NULL: any */
        const char *method;    /* NULL: any */
        const char *needs;     /* must stand in the request, else HTTP 401; NULL: nothing */
        const char *bytes;     /* the answer with its head */
        enum mock_how how;
        const char *without;   /* must not stand in it, else HTTP 400; NULL: nothing */
};

struct mock_http;
/* Called in the server's thread with each request, before it is answered. */
typedef void mock_watch(void *userdata, const char *request);

/* The first route that fits answers; HTTP 404 where none does. Aborts when it cannot start. */
struct mock_http *mock_http_start(const struct mock_route *routes, size_t count);
void mock_http_watch(struct mock_http *m, mock_watch *watch, void *userdata);
void mock_http_stop(struct mock_http *m);
const char *mock_http_base(const struct mock_http *m);         /* "http://127.0.0.1:PORT" */
size_t mock_http_requests(struct mock_http *m);                /* how many came */

/* A base at which nobody listens. */
const char *mock_http_refused(char *buf, size_t size);
/* A file below tests/, NUL-terminated; the caller frees. */
char *mock_file(const char *name);
