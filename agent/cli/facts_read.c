/* Facts that another process has collected: a saved snapshot, or what rolewatch-snapshot.socket sends. Untrusted input. */
#include <sys/socket.h>
#include "cli_internal.h"
#include "rolewatch/io.h"

/* Longer than RuntimeMaxSec= of rolewatch-snapshot@.service. */
#define RECEIVE_S 70

static int facts_parse(const char *buf, size_t len, struct snapshot **ret)
{
        CLEANUP(json_freep) cJSON *j = NULL;
        int r = json_parse(buf, len, &j);

        return r < 0 ? r : model_from_json(j, ret);
}

int facts_from_file(const char *path, struct snapshot **ret)
{
        CLEANUP(freep) char *buf = NULL;
        size_t len = 0;
        int r = read_file(&(struct file_request){ AT_FDCWD, path, SNAPSHOT_LIMIT_BYTES, OPEN_REGULAR_ONLY }, &buf, &len);

        return r < 0 ? r : facts_parse(buf, len, ret);
}

int facts_request(const char *path, int *ret) { return unix_connect(path, SOCK_STREAM, RECEIVE_S, ret); }

int facts_receive(int fd, struct snapshot **ret)
{
        CLEANUP(freep) char *buf = NULL;
        size_t len = 0;
        int r = read_fd(fd, SNAPSHOT_LIMIT_BYTES, &buf, &len);

        if (r < 0)
                return r == -EAGAIN ? -ETIMEDOUT : r;
        return len == 0 ? -ENODATA : facts_parse(buf, len, ret);
}
