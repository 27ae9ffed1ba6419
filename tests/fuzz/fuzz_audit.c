/* The agent's audit log: lines that any client has a say in. fuzz: dict=audit max_len=4096 */
#include "../../agent/collect/audit.h"
#include "fuzz.h"

static void claim_span(const char *in, size_t size, struct span x)
{
        CLAIM(x.len == 0 || (x.s >= in && x.s + x.len <= in + size));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(freep) char *in = NULL;
        struct audit_line l;
        size_t found = 0;
        char marker[32];
        int r = snapshot_new(&s);

        for (int i = 0; r == 0 && i < 2; i++)
                r = snapshot_add_cred(s) ? 0 : -ENOMEM;
        if (r < 0) {
                fuzz_result(r, NULL);
                return 0;
        }
        in = fuzz_text(data, size);
        if (audit_parse_line(in, size, &l) == 0) {
                CLAIM(l.status >= 0 && l.status <= 999);
                claim_span(in, size, l.user_agent);
                claim_span(in, size, l.task_arn);
                CLAIM(l.kind == CRED_UNKNOWN || (l.status == 200 && l.task_arn.len));
        }
        /* Without our own process id no line can be ours. */
        r = audit_match(s, (struct audit_probe){ 7, 2 }, (struct span){ in, size }, &found);
        FUZZ_ERROR(r);
        fuzz_result(r, NULL);
        if (r < 0)
                return 0;
        snprintf(marker, sizeof marker, "-%d\"", (int)getpid());
        CLAIM(found == 0 || strstr(in, marker));
        claim_snapshot(s);
        return 0;
}
