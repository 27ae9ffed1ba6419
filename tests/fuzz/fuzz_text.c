/* Escapes, numbers, times, versions. fuzz: max_len=512 */
#include "fuzz.h"
#include "rolewatch/chain.h"

static void claim_escape(const char *in, size_t size)
{
        CLEANUP(text_done) struct text once = { 0 }, twice = { 0 }, cut = { 0 };

        text_escape(&once, in, size);
        fuzz_result(once.failed ? -ENOMEM : 0, once.failed ? NULL : once.s);
        if (once.failed)
                return;
        CALM;
        claim_shown(once.s, "");
        CLAIM(strlen(once.s) == once.len);
        text_escape(&twice, once.s, once.len);
        CLAIM(streq(once.s, twice.s));
        text_escape_cut(&cut, in, size, size / 2);
        claim_shown(cut.s, "");
}

static void claim_time(const char *in)
{
        char buf[32], buf2[32];
        int64_t t, again;
        uint64_t n;

        if (time_parse(in, &t) == 0) {
                time_format(t, buf, sizeof buf);
                CLAIM(time_parse(buf, &again) == 0 && again == t);
                CLAIM(streq(time_format(again, buf2, sizeof buf2), buf));
        }
        if (u64_parse(in, &n) == 0) {
                snprintf(buf, sizeof buf, "%llu", (unsigned long long)n);
                CLAIM(strstr(in, buf));
        }
        arn_name(in);
        for (size_t i = 0; i < chain_row_count(); i++) {
                const struct chain_row *row = chain_row_get(i);

                CLAIM(chain_row_for(chain_row_sdk(row), in));
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        CLEANUP(freep) char *in = fuzz_text(data, size);

        claim_escape(in, size);
        claim_time(in);
        return 0;
}
