#include <fcntl.h>
#include <stdio.h>
#include <sys/random.h>
#include "cache.h"
#include "rolewatch/io.h"

#define CACHE_FILE_MAX ((size_t)4 << 20)        /* a role with all its policies */

/* A folder of somebody else could tell anything of a role. */
static int cache_directory_open(const char *path)
{
        CLEANUP(closep) int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        struct stat st;

        if (fd < 0 || fstat(fd, &st) < 0)
                return -ENOENT;
        if (st.st_uid != geteuid() || (st.st_mode & 022))
                return -EPERM;
        return TAKE_FD(fd);
}

static bool file_name(const char *name, char *to, size_t size)
{
        return text_is(name, strlen(name), "+=,.@_-:") &&
               (size_t)snprintf(to, size, "%s.json", name) < size;
}

int cache_read(const struct cache *c, const char *name, cJSON **ret, int64_t *ret_made_s)
{
        CLEANUP(closep) int dir = cache_directory_open(c->directory), fd = -1;
        CLEANUP(json_freep) cJSON *j = NULL;
        CLEANUP(freep) char *text = NULL;
        char file[256];
        const struct file_request q = { dir, file, CACHE_FILE_MAX, OPEN_REGULAR_ONLY | OPEN_NO_SYMLINK };
        struct stat st;
        int64_t until, made;
        size_t len;

        if (dir < 0 || !file_name(name, file, sizeof file))
                return -ENOENT;
        if (open_file(&q, &fd, &st) < 0 || st.st_uid != geteuid() ||
            read_fd(fd, CACHE_FILE_MAX, &text, &len) < 0 || json_parse(text, len, &j) < 0 ||
            json_get_i64(j, "until", &until) < 0 || json_get_i64(j, "made", &made) < 0)
                return -ENOENT;
        /* A clock that went back makes nothing last for ever. */
        if (c->now_s >= until || c->now_s < made)
                return -ENOENT;
        *ret = cJSON_DetachItemFromObjectCaseSensitive(j, "body");
        *ret_made_s = made;
        return *ret ? 0 : -ENOENT;
}

static char *entry(int64_t now_s, int64_t ttl_s, const cJSON *body)
{
        CLEANUP(json_freep) cJSON *j = cJSON_CreateObject(), *copy = cJSON_Duplicate(body, true);
        uint32_t chance = 0;

        if (getrandom(&chance, sizeof chance, GRND_NONBLOCK) < 0)
                chance = (uint32_t)getpid();
        if (!j || !copy || !cJSON_AddNumberToObject(j, "made", (double)now_s) ||
            !cJSON_AddNumberToObject(j, "until", (double)(now_s + ttl_s + (int64_t)(chance % (uint64_t)(ttl_s / 2 + 1)))) ||
            !cJSON_AddItemToObject(j, "body", copy))
                return NULL;
        copy = NULL;
        return cJSON_PrintUnformatted(j);
}

void cache_write(const struct cache *c, const char *name, int64_t ttl_s, const cJSON *body)
{
        CLEANUP(closep) int dir = cache_directory_open(c->directory);
        CLEANUP(freep) char *text = entry(c->now_s, ttl_s, body);
        char file[256];

        if (dir >= 0 && text && file_name(name, file, sizeof file))
                (void)replace_file(&(struct file_target){ dir, file, 0600 }, text, strlen(text));
}
