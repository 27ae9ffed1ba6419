/* A snapshot from elsewhere; and to JSON and back it is the same. fuzz: dict=snapshot max_len=16384 */
#include "fuzz.h"
#include "snapshot_words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(json_freep) cJSON *j = NULL;
        CLEANUP(freep) char *in = fuzz_text(data, size);
        int r = json_parse(in, size, &j);

        if (r == 0)
                r = model_from_json(j, &s);
        FUZZ_ERROR(r);
        fuzz_says(r, NULL);
        CLAIM((r == 0) == (s != NULL));
        if (r < 0)
                return 0;
        claim_snapshot(s);
        return 0;
}
