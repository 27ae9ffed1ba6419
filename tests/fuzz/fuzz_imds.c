/* The host's metadata service: token, five answers side by side, keys. fuzz: dict=json max_len=16384 */
#include "fuzz.h"
#include "rolewatch/collect.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        const struct collect_settings cs = { .imds = "http://imds", .imds_v1 = size % 2 };
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(net_freep) struct net *n = NULL;
        int r = snapshot_new(&s);

        if (r == 0)
                r = net_new(&n);
        fake_net_answers(data, size);
        if (r == 0)
                r = collect_imds(&(struct scan){ .s = s, .at = { &cs, n, NULL } });
        FUZZ_ERROR(r);
        fuzz_result(r, NULL);
        if (r < 0)
                return 0;
        CLAIM(!s->host.instance_key_id || s->host.instance_expires_s || fuzz_tortured());
        claim_snapshot(s);
        return 0;
}
