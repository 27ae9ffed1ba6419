/* Task metadata v4 of two containers: labels, needs among them, and services. fuzz: dict=json max_len=16384 */
#include "../../agent/collect/collect_internal.h"
#include "fuzz.h"

#define APP "6a1f3e1a0b8e7b5b9f0c3f8f8a3a5d6e7c8b9a0f1e2d3c4b5a69788796a5b4c3"

static int prepare(struct scan *x)
{
        struct snapshot *s = x->s;
        int r = 0;

        for (int i = 0; i < 2; i++) {
                struct container *c = snapshot_add_container(s);

                if (!c)
                        return -ENOMEM;
                *c = (struct container){ .id = APP, .task = -1, .config_cred = -1 };
                if (r == 0)
                        r = metadata_requests_add(&x->metadata, i, i ? "http://169.254.170.2/v4/b" : "http://169.254.170.2/v4/a", 25);
        }
        if (r == 0) {
                struct need *n = snapshot_add_need(s);

                if (!n)
                        return -ENOMEM;
                *n = (struct need){ .where = "x", .container = -1, .service = "*", .role = "task", .error = "none" };
        }
        return r;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        const struct collect_settings cs = { .credentials = "http://agent" };
        CLEANUP(scan_done) struct scan x = { .at.cs = &cs };
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(net_freep) struct net *n = NULL;
        int r = snapshot_new(&s);

        if (r == 0)
                r = net_new(&n);
        x.s = s;
        x.at.net = n;
        if (r == 0)
                r = prepare(&x);
        fake_net_answers(data, size);
        if (r == 0)
                r = collect_metadata(&x);
        FUZZ_ERROR(r);
        fuzz_result(r, NULL);
        if (r < 0)
                return 0;
        claim_snapshot(s);
        return 0;
}
