/* Package manifests and lock files, by the first byte; jars, too. fuzz: max_len=8192 dict=sdk */
#include "../../agent/sdk/found.h"
#include "fuzz.h"
#include "rolewatch/chain.h"

static void claim_set(const struct sdk_set *set)
{
        CLAIM(set->n <= SDKS_MAX);
        for (size_t i = 0; i < set->n; i++) {
                const struct sdk_found *f = &set->found[i];

                CLAIM(f->version[0] == '\0' || text_is(f->version, strlen(f->version), "."));
                CLAIM(chain_row_for(f->sdk, f->version[0] ? f->version : NULL));
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        enum sdk_format format = size ? (enum sdk_format)(data[0] % SDK_FORMAT_MAX) : SDK_JAR;
        CLEANUP(closep) int fd = -1;
        CLEANUP(freep) char *in = NULL;
        struct sdk_set whole = { 0 }, file = { 0 };

        if (size == 0)
                return 0;
        data++;
        size--;
        in = fuzz_text(data, size);
        sdk_scan(format, in, size, &whole);
        claim_set(&whole);
        fd = fuzz_file(data, size);
        fuzz_result(format == SDK_JAR ? sdk_scan_jar(fd, size, &file) : sdk_scan_file(format, &(struct file_part){ fd, 0, size }, &file), NULL);
        claim_set(&file);
        /* A file of one piece tells what its bytes tell. */
        if (format != SDK_JAR && format != SDK_EXECUTABLE && !fuzz_tortured())
                CLAIM(memcmp(&whole, &file, sizeof file) == 0);
        return 0;
}
