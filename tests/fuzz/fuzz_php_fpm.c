/* Two configuration files of php-fpm, in either order: pool www, and a title. fuzz: max_len=8192 */
#include "../../agent/collect/php_fpm.h"
#include "fuzz.h"

static const char *const words[] = {
        "[global]", "[www]", "[api]", "[", "]", "clear_env = no", "clear_env=yes", "clear_env = ${X}", "include=etc/php-fpm.d/*.conf", "env[AWS_PROFILE] = 'web'",
        "env[AWS_CONTAINER_CREDENTIALS_RELATIVE_URI] = $AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "env[AWS_SECRET_ACCESS_KEY] = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "env[", "\"", ";", "=", "\x1e", "php-fpm: pool www", "php-fpm: master process (/etc/php-fpm.conf)",
};
FUZZ_MUTATOR(lines, words)

static int files_parse(struct arena *a, const char *const text[2], const size_t len[2], struct php_fpm_pool *x)
{
        int r = php_fpm_parse(a, (struct span){ text[0], len[0] }, "www", x);

        return r < 0 ? r : php_fpm_parse(a, (struct span){ text[1], len[1] }, "www", x);
}

/* The order of the files makes no difference. */
static void claim_other_order(struct arena *a, const char *const text[2], const size_t len[2], const struct php_fpm_pool *x, int r)
{
        CALM;
        struct php_fpm_pool y = { .n_includes = 0 };
        int other = files_parse(a, (const char *const[]){ text[1], text[0] }, (const size_t[]){ len[1], len[0] }, &y);

        /* What an order has too many includes for is the other's, too; -ENOMEM is neither's. */
        CLAIM((r < 0) == (other < 0));
        for (int i = 0; i < ENV_VAR_MAX && r == 0; i++) {
                CLAIM(x->pass[i] == y.pass[i] && streq(x->value[i], y.value[i]) && (x->pass[i] == PHP_FPM_SET) == (x->value[i] != NULL));
                claim_reduced(env_class((enum env_var)i), x->value[i]);
        }
        CLAIM(r < 0 || (x->keeps == y.keeps && x->n_includes == y.n_includes && x->n_includes <= PHP_FPM_INCLUDES_MAX));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        CLEANUP(freep) char *first = NULL, *second = NULL;
        struct php_fpm_pool x = { .n_includes = 0 };
        const uint8_t *part = (const uint8_t *)"";
        size_t len = 0;
        char pool[64] = "", path[256] = "";
        int r = arena_new(4 << 20, &a);

        fuzz_part(&data, &size, &part, &len);
        first = fuzz_text(part, len);
        second = fuzz_text(data, size);
        if (r == 0)
                r = files_parse(a, (const char *const[]){ first, second }, (const size_t[]){ len, size }, &x);
        FUZZ_ERROR(r);
        fuzz_result(r, NULL);
        if (php_fpm_title_pool(first, pool))
                CLAIM(text_is(pool, strlen(pool), "-_."));
        if (php_fpm_title_config(first, path))
                CLAIM(path[0] == '/');
        if (a && !fuzz_tortured())
                claim_other_order(a, (const char *const[]){ first, second }, (const size_t[]){ len, size }, &x, r);
        return 0;
}
