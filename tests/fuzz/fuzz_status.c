/* `rolewatch status` of a state file that may be anybody's: what is shown is escaped. fuzz: dict=json max_len=8192 */
#include <fcntl.h>
#include <stdlib.h>
#include "../../agent/cli/cli_internal.h"
#include "../../agent/cli/commands.h"
#include "fuzz.h"

static const char *const words[] = { "open", "since", "id", "severity", "message", "remedy", "errors", "at", "what", "error", "permissions",
                                     "statement", "name", "for", "add", "held", "sources", "events", "kernelEvents", "lost", "cost", "undecidedWhy",
                                     "undecidedCalls", "suppressed", "lookedAt", "startedAt", "reconcile", "\x1b[2J", "\xe2\x80\xae" };
FUZZ_MUTATOR(json, words)

static char directory[] = "/dev/shm/fuzz-status-XXXXXX", state[sizeof directory + 8], config[sizeof directory + 8];

static void file_put(const char *path, const void *data, size_t size)
{
        CLEANUP(closep) int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

        CLAIM(fd >= 0 && write(fd, data, size) == (ssize_t)size);
}

static void directory_removed(void)
{
        unlink(state);
        unlink(config);
        rmdir(directory);
}

static void begin(void)
{
        static bool begun;
        char text[128];

        if (begun)
                return;
        begun = true;
        CLAIM(mkdtemp(directory) && atexit(directory_removed) == 0);
        snprintf(state, sizeof state, "%s/state", directory);
        snprintf(config, sizeof config, "%s/conf", directory);
        snprintf(text, sizeof text, "[watch]\nstate_file = %s\n", state);
        file_put(config, text, strlen(text));
}

/* What the command prints; the caller frees. */
static char *shown(char **argv, int argc, int *ret)
{
        char *page = NULL;
        size_t size = 0;
        FILE *out = stdout, *err = stderr, *f;

        {
                CALM;
                f = open_memstream(&page, &size);
                CLAIM(f);
        }
        stdout = stderr = f;
        *ret = command_line_run(&command_table, argc, argv);
        stdout = out;
        stderr = err;
        CALM;
        CLAIM(fclose(f) == 0);
        return page;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        char *text[] = { (char *)"rolewatch", (char *)"status", (char *)"--config", config, NULL },
             *json[] = { (char *)"rolewatch", (char *)"status", (char *)"--config", config, (char *)"--json", NULL };
        CLEANUP(freep) char *page = NULL, *line = NULL;
        int r, k;

        begin();
        file_put(state, data, size);
        page = shown(text, 4, &r);
        line = shown(json, 5, &k);
        if (fuzz_tortured())
                return 0;
        CLAIM(r == k && (r == 0 || r == EXIT_UNKNOWN));
        claim_shown(page, "\n");
        claim_shown(line, "\n");
        return 0;
}
