/* transfer -- one HTTP request as a curl handle: its options, and the response or error at its end. */
#pragma once
#include "curl_library.h"
#include "rolewatch/net.h"

struct transfer {
        CURL *easy;
        struct curl_slist *headers;
        const struct net_request *rq;
        struct net_response rs;
        size_t cap, header_bytes;
        int socket_error;              /* errno of open_socket, 0 none */
        bool no_memory, no_status;     /* no_status: the response has no valid status line */
};

/* The caller sets rq, all else is zero. -EINVAL: invalid request; -ENOMEM. transfer_done is called in any case. */
int transfer_start(struct transfer *t, CURLM *multi);
/* To be called when curl has finished: fills rs. -ENOMEM, -EINVAL: an error of this side, not a response. */
int transfer_finish(struct transfer *t, CURLcode code);
void transfer_done(struct transfer *t, CURLM *multi);
