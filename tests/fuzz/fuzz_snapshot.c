/* A snapshot from elsewhere; and to JSON and back it is the same. fuzz: dict=snapshot max_len=16384 */
#include "fuzz.h"
#include "snapshot_words.h"

/* All of it but processes that are not the first of their container. */
static void claim_kept(const struct snapshot *s)
{
        CLEANUP(snapshot_freep) struct snapshot *kept = NULL;
        int r = snapshot_keep(s, &kept);

        FUZZ_ERROR(r);
        fuzz_says(r, NULL);
        CLAIM(r == 0 ? kept != NULL : r == -ENOMEM && !kept);
        if (r < 0)
                return;
        CLAIM(kept->n_processes <= s->n_processes && kept->n_processes <= s->n_containers);
        CLAIM(kept->n_tasks == s->n_tasks && kept->n_roles == s->n_roles && kept->n_needs == s->n_needs);
        claim_snapshot(kept);
}

/* Written down whole, or not at all. */
static void claim_written(const struct snapshot *s)
{
        CLEANUP(json_freep) cJSON *j = NULL;
        int r = model_to_json(s, &j);

        FUZZ_ERROR(r);
        fuzz_says(r, NULL);
        CLAIM(r == 0 ? j != NULL : r == -ENOMEM && !j);
}

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
        claim_written(s);
        claim_kept(s);
        return 0;
}
