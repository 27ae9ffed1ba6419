/* Records of the files in which Docker keeps a container's log. fuzz: max_len=4096 keep=16 */
#include "../../agent/evidence/evidence_internal.h"
#include "rolewatch/limits.h"
#include "fuzz.h"

/* The text lies within the record; and what follows the record changes nothing. */
static void local_claim(const char *in, size_t size)
{
        struct log_record x = { .priority = 0 }, again;
        ssize_t n = log_local_parse(in, size, &x);

        fuzz_result((int)n, NULL);
        CLAIM(n == 0 || n == -EBADMSG || (n >= 8 && (size_t)n <= size && (uint64_t)n == log_local_length(in, size)));
        if (n <= 0)
                return;
        CLAIM(x.text.s >= in + 4 && x.text.s + x.text.len <= in + n - 4);
        CLAIM(x.priority == 3 || x.priority == 6 || x.priority == -1);
        CLAIM(log_local_parse(in, (size_t)n, &again) == n && again.text.s == x.text.s && again.text.len == x.text.len && again.continues == x.continues);
        CLAIM(log_local_parse(in, (size_t)n - 1, &again) == 0);
}

static void json_claim(const char *in, size_t size)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        struct log_record x;
        int r = arena_new(EVIDENCE_MEMORY, &a);

        if (r == 0)
                r = log_json_parse(a, in, size, &x);
        FUZZ_ERROR(r);
        fuzz_result(r, r == 0 ? x.text.s : NULL);
        CLAIM(r == 0 || r == -EBADMSG || r == -ENOMEM);
        if (r == 0)
                CLAIM(x.text.len <= size && strlen(x.text.s) == x.text.len && (!x.continues || x.text.len >= LOG_PART_MIN));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        CLEANUP(freep) char *in = fuzz_text(data, size);

        local_claim(in, size);
        json_claim(in, size);
        return 0;
}
