/* Answers of IAM that were kept in a file. fuzz: dict=json max_len=4096 */
#include <fcntl.h>
#include "../../agent/account/cache.h"
#include "fuzz.h"

static char directory[] = "/dev/shm/fuzz-cache-XXXXXX";
static void directory_removed(void)
{
        char path[sizeof directory + 16];

        snprintf(path, sizeof path, "%s/r.json", directory);
        unlink(path);
        rmdir(directory);
}

static void put(const uint8_t *data, size_t size)
{
        char path[sizeof directory + 16];
        static bool made;

        if (!made) {
                CLAIM(mkdtemp(directory));
                atexit(directory_removed);
                made = true;
        }
        snprintf(path, sizeof path, "%s/r.json", directory);
        CLEANUP(closep) int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        CLAIM(fd >= 0 && write(fd, data, size) == (ssize_t)size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        const struct cache at = { directory, 1000 }, later = { directory, 1059 };
        CLEANUP(json_freep) cJSON *j = NULL, *again = NULL;
        CLEANUP(freep) char *before = NULL, *after = NULL;
        int64_t made = 0;
        int r;

        put(data, size);
        r = cache_read(&at, "r", &j, &made);
        CLAIM(r == 0 || r == -ENOENT);
        if (r < 0)
                return 0;
        CLAIM(j && made <= 1000);
        CALM;
        cache_write(&at, "r", 60, j);
        CLAIM(cache_read(&later, "r", &again, &made) == 0 && made == 1000);
        /* As texts: cJSON compares members by name, of which there may be two. */
        before = cJSON_PrintUnformatted(j);
        after = cJSON_PrintUnformatted(again);
        CLAIM(before && after && streq(before, after));
        return 0;
}
