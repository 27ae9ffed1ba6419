/* A configuration of uWSGI, and an argument. fuzz: max_len=4096 */
#include "../../agent/collect/uwsgi.h"
#include "fuzz.h"

static const char *const words[] = { "[uwsgi]", "env = ", "unenv = ", "AWS_PROFILE", "HOME", "_X", "<env>", "--ini=", "web.ini", ":production", ".yml", "\x1e" };
FUZZ_MUTATOR(lines, words)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        CLEANUP(freep) char *text = NULL, *arg = NULL;
        const uint8_t *part = (const uint8_t *)"";
        size_t len = 0, at;
        char path[256] = "";

        fuzz_part(&data, &size, &part, &len);
        text = fuzz_text(part, len);
        arg = fuzz_text(data, size);
        /* Between words the text can be cut. */
        at = strcspn(text, " =<>\n");
        if (at < len && text[at])
                CLAIM(uwsgi_names_variable((struct span){ text, len }) ==
                      (uwsgi_names_variable((struct span){ text, at }) || uwsgi_names_variable((struct span){ text + at + 1, len - at - 1 })));
        if (uwsgi_config_of(arg, path))
                CLAIM(strlen(path) < sizeof path && strstr(arg, path) && strrchr(path, '.'));
        fuzz_result(0, NULL);
        return 0;
}
