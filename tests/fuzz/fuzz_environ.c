/* Environment blocks; Java's command lines and option variables. fuzz: dict=environ max_len=8192 */
#include "rolewatch/environ.h"
#include "fuzz.h"

static void claim_env(const char *const env[ENV_VAR_MAX], const char *const prop[SYSPROP_MAX])
{
        for (int i = 0; i < ENV_VAR_MAX; i++)
                claim_reduced(env_class((enum env_var)i), env[i]);
        for (int i = 0; i < SYSPROP_MAX; i++)
                claim_reduced(sysprop_class((enum sysprop)i), prop[i]);
}

/* The value of a variable that is a secret, as the process sees it. */
static void claim_secrets(const uint8_t *data, size_t size, const char *in, const char *const env[ENV_VAR_MAX])
{
        for (size_t at = 0; at < size; at += strlen(in + at) + 1) {
                const char *eq = strchr(in + at, '=');
                int v = eq ? env_find(in + at, (size_t)(eq - in) - at) : -1;

                if (v < 0 || env_class((enum env_var)v) != ENV_SECRET)
                        continue;
                for (int i = 0; i < ENV_VAR_MAX; i++)
                        claim_secret(data, size, eq + 1, env[i] ? env[i] : "");
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static const enum env_var options[] = { ENV_VAR_JAVA_TOOL_OPTIONS, ENV_VAR_JVM_OPTIONS, ENV_VAR_JDK_OPTIONS };
        const char *env[ENV_VAR_MAX] = { NULL }, *prop[SYSPROP_MAX] = { NULL }, *line[SYSPROP_MAX] = { NULL };
        CLEANUP(arena_freep) struct arena *a = NULL;
        CLEANUP(freep) char *in = fuzz_text(data, size);
        struct environ_raw raw = { NULL, NULL, NULL };
        int r = arena_new(1 << 20, &a);

        if (r == 0)
                r = environ_parse(a, (struct span){ in, size }, env, &raw);
        for (size_t i = 0; r == 0 && i < ARRAY_SIZE(options); i++)
                r = options_props(a, env[options[i]], prop);
        if (r == 0)
                r = cmdline_props(a, in, size, line);
        FUZZ_ERROR(r);
        fuzz_result(r, NULL);
        if (r < 0)
                return 0;
        for (int i = 0; i < ENV_VAR_MAX; i++)
                fuzz_result(i, env[i]);
        claim_env(env, prop);
        claim_env(env, line);
        claim_secrets(data, size, in, env);
        CLAIM(!raw.relative || (raw.relative > in && raw.relative <= in + size));
        return 0;
}
