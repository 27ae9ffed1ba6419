#include <stdio.h>
#include "fdread.h"
#include "sdk.h"

/* Where each interpreter's SDK says its version. %s is the interpreter's minor version or the cwd. */
struct place {
        const char *program, *family, *path, *key;
};
static const struct place places[] = {
        { "python3", "botocore", "/usr/local/lib/%s/site-packages/botocore/__init__.py",
          "__version__ = " },
        { "python3", "botocore", "/usr/local/lib/%s/dist-packages/botocore/__init__.py",
          "__version__ = " },
        { "python3", "botocore", "/usr/lib/%s/site-packages/botocore/__init__.py",
          "__version__ = " },
        { "python3", "botocore", "/usr/lib/python3/dist-packages/botocore/__init__.py",
          "__version__ = " },
        { "node", "js3", "%s/node_modules/@aws-sdk/credential-provider-node/package.json",
          "\"version\": " },
        { "node", "js2", "%s/node_modules/aws-sdk/package.json", "\"version\": " },
        { "node", "js3",
          "/usr/local/lib/node_modules/@aws-sdk/credential-provider-node/package.json",
          "\"version\": " },
        { "node", "js2", "/usr/local/lib/node_modules/aws-sdk/package.json", "\"version\": " },
};
#define SDKS_MAX 4

bool sdk_version_of(const char *text, const char *key, char *buf, size_t size)
{
        const char *at = strstr(text, key);
        size_t n;

        if (!at)
                return false;
        at += strlen(key);
        if (*at != '\'' && *at != '"')
                return false;
        at++;
        n = strspn(at, "0123456789.abcdefghijklmnopqrstuvwxyz-+");
        if (!n || n >= size)
                return false;
        memcpy(buf, at, n);
        buf[n] = '\0';
        return true;
}

static bool version_at(const struct file_view *v, const char *path, const char *key, char *buf,
                       size_t size)
{
        CLEANUP(closep) int fd = -1;
        CLEANUP(freep) char *text = NULL;
        size_t len;

        return file_open(v, path, &fd) == FILE_OK && fd_slurp(fd, SDK_FILE_MAX, &text, &len) == 0 &&
               sdk_version_of(text, key, buf, size);
}

static const char *base_name(const char *path)
{
        const char *slash = path ? strrchr(path, '/') : NULL;

        return slash ? slash + 1 : path;
}

static bool known(const struct sdk *sdks, size_t n, const char *family)
{
        for (size_t i = 0; i < n; i++)
                if (streq(sdks[i].name, family))
                        return true;
        return false;
}

int sdk_recognise(const struct file_view *v, const char *cwd, struct process *p)
{
        const char *program = base_name(p->exe);
        struct sdk *sdks;

        if (!program || !v->b)
                return 0;
        sdks = arena_alloc(v->a, SDKS_MAX * sizeof *sdks);
        if (!sdks)
                return -ENOMEM;
        for (size_t i = 0; i < ARRAY_SIZE(places) && p->n_sdks < SDKS_MAX; i++) {
                const char *middle = streq(places[i].program, "python3") ? program : cwd;
                const char *percent = strstr(places[i].path, "%s");
                char path[PATH_TEXT_MAX], version[64];

                if (strncmp(program, places[i].program, strlen(places[i].program)) != 0 ||
                    known(sdks, p->n_sdks, places[i].family) || (percent && !middle))
                        continue;
                if (percent)
                        snprintf(path, sizeof path, "%.*s%s%s", (int)(percent - places[i].path),
                                 places[i].path, streq(middle, "/") ? "" : middle, percent + 2);
                else
                        snprintf(path, sizeof path, "%s", places[i].path);
                if (!version_at(v, path, places[i].key, version, sizeof version))
                        continue;
                sdks[p->n_sdks].name = places[i].family;
                sdks[p->n_sdks].version = arena_dup(v->a, version);
                sdks[p->n_sdks].certainty = CERTAINTY_PREDICTED;
                p->n_sdks++;
        }
        p->sdks = sdks;
        return 0;
}
