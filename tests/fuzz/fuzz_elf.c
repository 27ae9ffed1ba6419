/* Executables: Go's build information, else the strings of the whole file. fuzz: max_len=16384 dict=sdk */
#include "../../agent/sdk/found.h"
#include "fuzz.h"

static bool has_sdk(const struct sdk_set *set, const char *sdk)
{
        for (size_t i = 0; i < set->n; i++)
                if (streq(set->found[i].sdk, sdk))
                        return true;
        return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        CLEANUP(closep) int fd = fuzz_file(data, size);
        CLEANUP(freep) char *in = fuzz_text(data, size);
        struct sdk_set set = { 0 }, merged = { 0 };
        int r = sdk_scan_executable(fd, size, &set);

        fuzz_result(r, NULL);
        sdk_go_modules(in, size, &merged);
        sdk_set_merge(&merged, &set);
        CLAIM(set.n <= SDKS_MAX && merged.n <= SDKS_MAX);
        for (size_t i = 0; i < set.n; i++) {
                claim_shown(set.found[i].version, "");
                CLAIM(has_sdk(&merged, set.found[i].sdk) || merged.n == SDKS_MAX);
                fuzz_result(0, set.found[i].version);
        }
        return 0;
}
