/* rolewatch.conf: what is printed of it says the same again. fuzz: dict=settings max_len=4096 */
#include "fuzz.h"
#include "rolewatch/config.h"

static const char *const words[] = {
#define X(id, section, key, former, type, fallback, meaning) "[" section "]", key " = " fallback, key "=", key " = /x", key " = 7", key " = yes",
        SETTINGS(X)
#undef X
#define X(id, section, key, former, type, fallback, meaning) former ? former : key,
        SETTINGS(X)
#undef X
        "15s", "999999999999999999h", "-1", "no", "true", "#", ";", "[", "]", "\r", "\t",
};
FUZZ_MUTATOR(lines, words)

static int read_again(int fd, struct config **ret)
{
        char path[32];

        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        return conf_read(path, ret);
}

static void claim_same(const struct config *c)
{
        CALM;
        CLEANUP(conf_freep) struct config *again = NULL;
        CLEANUP(freep) char *page = NULL;
        CLEANUP(closep) int fd = -1;
        struct collect_settings cs;
        size_t size = 0;
        FILE *f = open_memstream(&page, &size);

        CLAIM(f && conf_print(c, f) == 0);
        fclose(f);
        fd = fuzz_file(page, size);
        CLAIM(read_again(fd, &again) == 0);
        CLAIM(again->n_errors == 0 && again->n_warnings == 0);
        for (int i = 0; i < SETTING_MAX; i++) {
                CLAIM(streq(c->text[i], again->text[i]) && c->number[i] == again->number[i]);
                fuzz_result((int)c->number[i], c->text[i]);
        }
        conf_collect(c, &cs);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        CLEANUP(closep) int fd = fuzz_file(data, size);
        CLEANUP(conf_freep) struct config *c = NULL;
        int r = read_again(fd, &c);

        FUZZ_ERROR(r);
        fuzz_result(r, NULL);
        if (r < 0)
                return 0;
        CLAIM(c->n_errors <= CONFIG_ERRORS_MAX);
        for (size_t i = 0; i < c->n_errors; i++)
                claim_shown(c->errors[i], "");
        CLAIM(c->n_warnings <= CONFIG_ERRORS_MAX);
        for (size_t i = 0; i < c->n_warnings; i++)
                claim_shown(c->warnings[i], "");
        claim_same(c);
        return 0;
}
