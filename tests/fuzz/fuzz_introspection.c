/* The agent's introspection: metadata and tasks. fuzz: dict=json max_len=16384 */
#include "fuzz.h"
#include "rolewatch/collect.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        const struct collect_settings cs = { .introspection = "http://agent" };
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(net_freep) struct net *n = NULL;
        int r = snapshot_new(&s);

        if (r == 0)
                r = net_new(&n);
        fake_net_answers(data, size);
        if (r == 0)
                r = collect_agent(&(struct scan){ .s = s, .at = { &cs, n, NULL } });
        FUZZ_ERROR(r);
        fuzz_result(r, NULL);
        if (r < 0)
                return 0;
        for (size_t i = 0; i < s->n_containers; i++)
                CLAIM(s->containers[i].task >= -1 && s->containers[i].task < (int)s->n_tasks);
        claim_snapshot(s);
        return 0;
}
