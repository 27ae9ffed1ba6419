/* A snapshot from elsewhere; and to JSON and back it is the same. fuzz: dict=snapshot max_len=16384 */
#include "fuzz.h"
#include "snapshot_dictionary.h"

/* All of it but processes that are not the first of their container. */
static void claim_copied(const struct snapshot *s)
{
        CLEANUP(snapshot_freep) struct snapshot *copy = NULL;
        int r = snapshot_copy(s, &copy);

        FUZZ_ERROR(r);
        fuzz_result(r, NULL);
        CLAIM(r == 0 ? copy != NULL : r == -ENOMEM && !copy);
        if (r < 0)
                return;
        CLAIM(copy->n_processes <= s->n_processes && copy->n_processes <= s->n_containers);
        CLAIM(copy->n_tasks == s->n_tasks && copy->n_roles == s->n_roles && copy->n_needs == s->n_needs);
        claim_snapshot(copy);
}

/* Written down whole, or not at all. */
static void claim_written(const struct snapshot *s)
{
        CLEANUP(json_freep) cJSON *j = NULL;
        int r = model_to_json(s, &j);

        FUZZ_ERROR(r);
        fuzz_result(r, NULL);
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
        fuzz_result(r, NULL);
        CLAIM((r == 0) == (s != NULL));
        if (r < 0)
                return 0;
        claim_snapshot(s);
        claim_written(s);
        claim_copied(s);
        return 0;
}
