/*
 * HTTP as it comes over a real connection, through libcurl: bounded, and a state
 * for all of it. The answers of the other targets do not pass here.
 * fuzz: dict=http max_len=4096 torture=no
 */
#include "../../agent/net/fetch.c"
#include "../unit/mock_http.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static char answer[4097];
        static const struct mock_route route = { .bytes = answer };
        static struct mock_http *server;
        static struct net *n;
        CLEANUP(net_response_done) struct net_response rs = { 0 };

        memcpy(answer, data, size < 4096 ? size : 4096);
        answer[size < 4096 ? size : 4096] = '\0';
        if (!server) {
                server = mock_http_start(&route, 1);
                CLAIM(net_new(&n) == 0);
        }
        CLAIM(net_fetch(n, &(struct net_request){ .url = mock_http_base(server), .max_bytes = 512, .total_ms = 1000 }, &rs) == 0);
        CLAIM(rs.body && rs.len <= 512 && strlen(rs.body) <= rs.len);
        CLAIM(rs.state != ANSWER_UNKNOWN && (rs.state != ANSWER_OK || (rs.status >= 100 && rs.status <= 999)));
        return 0;
}
