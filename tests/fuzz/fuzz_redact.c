/* What may be kept of a value, by its class: the first byte. fuzz: dict=environ max_len=2048 */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        CLEANUP(freep) char *in = NULL;
        enum env_class class = size ? (enum env_class)(data[0] % (ENV_KEYID + 1)) : ENV_PLAIN;
        const char *once, *twice;

        if (arena_new(1 << 20, &a) < 0) {
                fuzz_result(-ENOMEM, NULL);
                return 0;
        }
        in = fuzz_text(data + (size > 0), size - (size > 0));
        once = env_redact(a, class, in, size - (size > 0));
        fuzz_result(once ? 0 : -ENOMEM, once);
        if (!once)
                return 0;
        CALM;
        claim_reduced(class, once);
        /* A path without an id, a host without a password and a key id are none. */
        if (class == ENV_SECRET || !streq(in, once))
                claim_secret(data, size, in, class == ENV_PLAIN || class == ENV_JVM ? "" : once);
        twice = env_redact(a, class, once, strlen(once));
        /* What is reduced stays as it is, where it is not cut for a second time. */
        if (strlen(once) < 1024)
                CLAIM(streq(once, twice));
        return 0;
}
