/* JSON itself: what json_parse lets through is bounded and stays the same. fuzz: dict=json max_len=4096 */
#include "fuzz.h"

static const char *const words[] = { "", "a", "\\u0000", "\xc3\xa9", "1e999", "Statement" };
FUZZ_MUTATOR(json, words)

static void claim_depth(const cJSON *j, unsigned depth)
{
        CLAIM(depth <= JSON_MAX_DEPTH + 1);
        for (; j; j = j->next)
                claim_depth(j->child, depth + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        CLEANUP(freep) char *in = fuzz_text(data, size), *first = NULL, *second = NULL;
        CLEANUP(json_freep) cJSON *j = NULL, *again = NULL;
        int r = json_parse(in, size, &j);
        const cJSON *v;
        const char *s;
        int64_t n;

        fuzz_result(r, NULL);
        if (r < 0)
                return 0;
        CALM;
        claim_depth(j, 0);
        cJSON_ArrayForEach(v, j) {
                if (!v->string)
                        continue;
                if (json_get_str(j, v->string, 16, &s) == 0)
                        CLAIM(strlen(s) <= 16);
                if (json_get_i64(j, v->string, &n) == 0)
                        CLAIM(n >= -((int64_t)1 << 53) && n <= (int64_t)1 << 53);
                json_get_bool(j, v->string, false);
        }
        first = cJSON_PrintUnformatted(j);
        CLAIM(first && json_parse(first, strlen(first), &again) == 0);
        second = cJSON_PrintUnformatted(again);
        CLAIM(second && streq(first, second));
        fuzz_result(0, first);
        return 0;
}
