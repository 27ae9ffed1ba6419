#include "rolewatch/cgroup.h"

static bool is_hex(char c)
{
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/* 64 hex digits, alone in the segment or between '-' and '.'. */
static bool segment_id(const char *s, size_t len, char *ret)
{
        for (size_t i = 0; i + CONTAINER_ID_LEN <= len; i++) {
                size_t n = 0;

                while (i + n < len && is_hex(s[i + n]))
                        n++;
                if (n == CONTAINER_ID_LEN && (i == 0 || s[i - 1] == '-') &&
                    (i + n == len || s[i + n] == '.')) {
                        memcpy(ret, s + i, n);
                        ret[n] = '\0';
                        return true;
                }
                i += n;
        }
        return false;
}

/* "N:controllers:/path": the first segment with an id wins, since it is the outermost. */
static bool line_id(const char *s, size_t len, char *ret)
{
        const char *path = memchr(s, ':', len);
        size_t at;

        path = path ? memchr(path + 1, ':', len - (size_t)(path + 1 - s)) : NULL;
        if (!path)
                return false;
        for (at = (size_t)(path + 1 - s); at < len;) {
                const char *slash = memchr(s + at, '/', len - at);
                size_t n = slash ? (size_t)(slash - (s + at)) : len - at;

                if (segment_id(s + at, n, ret))
                        return true;
                at += n + 1;
        }
        return false;
}

bool cgroup_parse(const char *text, size_t len, struct cgroup_location *ret)
{
        for (size_t at = 0; at < len;) {
                const char *nl = memchr(text + at, '\n', len - at);
                size_t n = nl ? (size_t)(nl - (text + at)) : len - at;

                if (line_id(text + at, n, ret->container))
                        return true;
                at += n + 1;
        }
        return false;
}

bool is_container_id(const char *s, size_t len)
{
        for (size_t i = 0; i < len; i++)
                if (!is_hex(s[i]))
                        return false;
        return len == CONTAINER_ID_LEN;
}
