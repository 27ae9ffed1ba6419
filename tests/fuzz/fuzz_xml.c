/* Answers of AWS's query services. fuzz: dict=xml max_len=8192 */
#include "fuzz.h"

static size_t depth_of(const cJSON *j)
{
        size_t most = 0;

        for (; j; j = j->next) {
                size_t d = depth_of(j->child) + 1;

                most = d > most ? d : most;
        }
        return most;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        CLEANUP(json_freep) cJSON *j = NULL;
        CLEANUP(freep) char *in = fuzz_text(data, size), *text = NULL;
        int r = xml_parse(in, size, &j);

        FUZZ_ERROR(r);
        fuzz_result(r, NULL);
        CLAIM((r == 0) == (j != NULL));
        if (r < 0)
                return 0;
        CALM;
        CLAIM(depth_of(j) <= JSON_MAX_DEPTH);
        text = cJSON_PrintUnformatted(j);
        CLAIM(text);
        fuzz_result(0, text);
        return 0;
}
