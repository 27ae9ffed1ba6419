/* transfer -- one request on its way: what curl is told, and what its end means. */
#pragma once
#include <curl/curl.h>
#include "rolewatch/net.h"

struct transfer {
        CURL *easy;
        struct curl_slist *headers;
        const struct net_request *rq;
        struct net_response rs;
        size_t cap, header_bytes;
        int socket_error;              /* errno of open_socket, 0 none */
        bool no_memory, no_status;     /* no_status: what came for a status line is none */
};

/* Made of zeroes but for rq; -EINVAL for a request that is none, -ENOMEM. Whatever it returns: transfer_done. */
int transfer_start(struct transfer *t, CURLM *multi);
/* Once curl has finished with it: rs is what came. -ENOMEM, -EINVAL: no answer of the peer's. */
int transfer_finish(struct transfer *t, CURLcode code);
void transfer_done(struct transfer *t, CURLM *multi);
