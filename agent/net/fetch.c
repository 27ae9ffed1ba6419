/* fetch -- small bodies over HTTP, several side by side on one curl multi. */
#include "transfer.h"

struct net { CURLM *multi; };          /* NULL: nothing was asked for yet */

int net_new(struct net **ret)
{
        struct net *n = calloc(1, sizeof *n);

        if (!n)
                return -ENOMEM;
        *ret = n;
        return 0;
}

/*
 * Only now, since most processes are judged without asking anybody, and libcurl's start costs more than their
 * verdict. curl's receive buffers hold the credentials too: whatever it gives back is erased.
 */
static int multi_make(struct net *n)
{
        int r = n->multi ? 0 : curl_library_load();

        if (r < 0 || n->multi)
                return r;
        if (curl_global_init_mem(CURL_GLOBAL_DEFAULT, malloc, erase_free, erase_realloc, strdup, calloc))
                return -ENOMEM;
        n->multi = curl_multi_init();
        if (n->multi)
                return 0;
        curl_global_cleanup();
        return -ENOMEM;
}

void net_free(struct net *n)
{
        if (n && n->multi) {
                curl_multi_cleanup(n->multi);
                curl_global_cleanup();
        }
        free(n);
}

/* Those that curl has finished with; the first fault among them. */
static int collect_finished(CURLM *multi)
{
        int left, failed = 0;
        CURLMsg *m;

        while ((m = curl_multi_info_read(multi, &left))) {
                struct transfer *t = NULL;
                int r;

                if (m->msg != CURLMSG_DONE)
                        continue;
                (void)curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&t);
                r = transfer_finish(t, m->data.result);
                failed = failed ? failed : r;
        }
        return failed;
}

static int multi_run(struct net *n)
{
        int running = 0, failed = 0;
        CURLMcode code;

        do {
                int r;

                code = curl_multi_perform(n->multi, &running);
                if (code)
                        return code == CURLM_OUT_OF_MEMORY ? -ENOMEM : -EIO;
                r = collect_finished(n->multi);
                failed = failed ? failed : r;
                if (running && curl_multi_poll(n->multi, NULL, 0, 1000, NULL))
                        return -EIO;
        } while (running);
        return failed;
}

int net_fetch_all(struct net *n, const struct net_request *rqs, struct net_response *rs,
                  size_t count)
{
        CLEANUP(freep) struct transfer *ts = NULL;
        int r = 0;

        if (!count)
                return 0;
        r = multi_make(n);
        if (r < 0)
                return r;
        ts = calloc(count, sizeof *ts);
        if (!ts)
                return -ENOMEM;
        for (size_t i = 0; r == 0 && i < count; i++) {
                ts[i].rq = &rqs[i];
                r = transfer_start(&ts[i], n->multi);
        }
        if (r == 0)
                r = multi_run(n);
        for (size_t i = 0; r == 0 && i < count; i++) {
                rs[i] = ts[i].rs;
                ts[i].rs = (struct net_response){ 0 };
        }
        for (size_t i = 0; i < count; i++)
                transfer_done(&ts[i], n->multi);
        return r;
}

int net_fetch(struct net *n, const struct net_request *rq, struct net_response *ret)
{
        return net_fetch_all(n, rq, ret, 1);
}

const char *net_error_to_string(int error)
{
        return error == -ELIBACC ? CURL_LIBRARY " cannot be loaded" : strerror(-error);
}
