/* Error texts of AWS, ECS and SDKs: all that is said of one is escaped. fuzz: dict=error max_len=8192 */
#include "fuzz.h"
#include "rolewatch/report.h"

static void claim_report(const struct error_text *e)
{
        static const struct error_here here = { NULL, NULL, NULL };
        CALM;
        CLEANUP(freep) char *page = NULL, *text = NULL;
        CLEANUP(json_freep) cJSON *j = NULL;
        size_t size = 0;
        FILE *f = open_memstream(&page, &size);

        CLAIM(f && report_decode(e, &here, (struct report_style){ false, 80 }, f) == 0);
        fclose(f);
        claim_shown(page, "\n");
        CLAIM(report_decode_json(e, &here, &j) == 0);
        text = cJSON_PrintUnformatted(j);
        CLAIM(text);
        claim_shown(text, "");
        fuzz_result(0, text);
}

/* The same bytes as lines of a stream: all in messages, none longer than what is decoded. */
static void claim_split(const char *in, size_t size)
{
        CALM;
        CLEANUP(error_split_freep) struct error_split *split = NULL;
        const char *message;
        size_t len, lines = 0, messages = 0;

        CLAIM(error_split_new(&split) == 0);
        for (size_t at = 0, n; at < size; at += n + 1, lines++) {
                const char *end = memchr(in + at, '\n', size - at);

                n = end ? (size_t)(end - in) - at : size - at;
                if (error_split_line(split, in + at, n, &message, &len)) {
                        CLAIM(len <= ERROR_TEXT_MAX);
                        messages++;
                }
        }
        messages += error_split_end(split, &message, &len);
        CLAIM(len <= ERROR_TEXT_MAX && messages <= lines);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        CLEANUP(freep) char *in = fuzz_text(data, size);
        struct error_text e;
        int r = arena_new(4 << 20, &a);

        if (r == 0)
                r = error_text_decode(a, in, size, &e);
        FUZZ_ERROR(r);
        fuzz_result(r, NULL);
        if (r < 0)
                return 0;
        claim_report(&e);
        claim_split(in, size);
        CLAIM(e.steps <= 64 * (size + 1));
        return 0;
}
