#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include "fdread.h"
#include "limits.h"
#include "sdk_hunt.h"

/* By the program's name, or by the library of the language that it has loaded. */
static const struct language {
        const char *program, *soname;
        void (*hunt)(struct hunt *h);
} languages[] = {
        { "python", "/libpython3", hunt_python }, { "node", "/libnode.so", hunt_node },
        { "ruby", "/libruby", hunt_ruby },        { "java", "/libjvm.so", hunt_java },
        { "php", "/libphp", hunt_php },           { "dotnet", "/libcoreclr.so", hunt_dotnet },
};

const char *hunt_arg(const struct hunt *h, size_t i)
{
        size_t at = 0;

        for (; i > 0 && at < h->argv_len; i--)
                at += strlen(h->argv + at) + 1;
        return at < h->argv_len ? h->argv + at : NULL;
}

const char *hunt_maps(struct hunt *h)
{
        CLEANUP(closep) int fd = -1;
        ssize_t n = 0;

        if (h->maps)
                return h->maps;
        h->maps = malloc(SDK_MAPS_MAX + 1);    /* most of it is never touched */
        if (!h->maps) {
                h->no_memory = true;
                return "";
        }
        fd = broker_maps(h->v->b, h->v->t);
        while (fd >= 0 && h->maps_len < SDK_MAPS_MAX &&
               (n = read(fd, h->maps + h->maps_len, SDK_MAPS_MAX - h->maps_len)) > 0)
                h->maps_len += (size_t)n;
        h->maps[h->maps_len] = '\0';
        return h->maps;
}

static int read_file(enum sdk_format format, int fd, uint64_t size, struct sdk_set *set)
{
        switch ((unsigned)format) {
        case SDK_EXECUTABLE:
                return sdk_scan_executable(fd, size, set);
        case SDK_JAR:
                return sdk_scan_jar(fd, size, set);
        default:
                return sdk_scan_file(format, fd, 0, size, set);
        }
}

/* What could not be read whole is not remembered. */
static bool hunt_fd(struct hunt *h, enum sdk_format format, int fd)
{
        const struct sdk_set *known;
        struct sdk_set found = { 0 };
        struct stat st;
        int r;

        if (fstat(fd, &st) < 0 || st.st_size <= 0)
                return false;
        known = sdk_cache_get(h->cache, format, &st);
        if (!known) {
                r = read_file(format, fd, (uint64_t)st.st_size, &found);
                h->no_memory = h->no_memory || r == -ENOMEM;
                if (r == 0)
                        sdk_cache_put(h->cache, format, &st, &found);
                known = &found;
        }
        sdk_set_merge(&h->set, known);
        return known->n > 0;
}

bool hunt_file(struct hunt *h, enum sdk_format format, const char *fmt, ...)
{
        CLEANUP(closep) int fd = -1;
        char path[PATH_TEXT_MAX];
        va_list ap;
        enum file_state state;
        int n;

        if (h->opens >= SDK_OPENS_MAX)
                return false;
        va_start(ap, fmt);
        n = vsnprintf(path, sizeof path, fmt, ap);
        va_end(ap);
        if (n < 0 || (size_t)n >= sizeof path)
                return false;
        h->opens++;
        state = file_open(h->v, path, &fd);
        h->outside = state == FILE_OUTSIDE;
        return state == FILE_OK && hunt_fd(h, format, fd);
}

void hunt_executable(struct hunt *h)
{
        if (h->exe >= 0)
                hunt_fd(h, SDK_EXECUTABLE, h->exe);
}

static void hunt_native(struct hunt *h)
{
        sdk_scan(SDK_CLI_PATH, h->p->exe, strlen(h->p->exe), &h->set);
        if (h->set.n)
                return;
        hunt_executable(h);
        if (!h->set.n)
                sdk_scan(SDK_MAPS, hunt_maps(h), h->maps_len, &h->set);
}

static const struct language *language_of(struct hunt *h)
{
        const struct language *l;

        for (l = languages; l < languages + ARRAY_SIZE(languages); l++)
                if (strncmp(h->program, l->program, strlen(l->program)) == 0)
                        return l;
        return NULL;
}

/* A server that has a language built in: mod_php, uwsgi, a program of .NET with a start of its own. */
static void hunt_embedded(struct hunt *h)
{
        const char *maps = hunt_maps(h);

        for (size_t i = 0; i < ARRAY_SIZE(languages); i++)
                if (strstr(maps, languages[i].soname))
                        languages[i].hunt(h);
}

/* The C++ SDK and others stand on the Common Runtime; its own chain counts where it stands alone. */
static size_t kept(const struct sdk_set *set, const char *family)
{
        return set->n == 1 || !streq(family, "crt");
}

static int keep(const struct hunt *h, struct process *p)
{
        struct sdk *sdks = arena_alloc(h->v->a, SDKS_MAX * sizeof *sdks);

        if (!sdks)
                return -ENOMEM;
        p->n_sdks = 0;
        p->sdks = sdks;
        for (size_t i = 0; i < h->set.n; i++) {
                const struct sdk_found *f = &h->set.found[i];
                struct sdk *sdk = &sdks[p->n_sdks];

                if (!kept(&h->set, f->family))
                        continue;
                *sdk = (struct sdk){ .name = f->family, .certainty = CERTAINTY_PREDICTED };
                if (f->version[0] && !(sdk->version = arena_dup(h->v->a, f->version)))
                        return -ENOMEM;
                p->n_sdks++;
        }
        return 0;
}

int sdk_recognise(const struct file_view *v, int exe, struct sdk_cache *cache, const char *argv,
                  size_t argv_len, struct process *p)
{
        struct hunt h = { .v = v, .exe = exe, .cache = cache, .p = p, .argv = argv, .argv_len = argv_len };
        const char *slash = p->exe ? strrchr(p->exe, '/') : NULL;
        const struct language *l;

        if (!slash || !v->b)
                return 0;
        h.program = slash + 1;
        l = language_of(&h);
        if (l)
                l->hunt(&h);
        else
                hunt_native(&h);
        if (!l && !h.set.n)
                hunt_embedded(&h);
        free(h.maps);
        if (h.no_memory)
                return -ENOMEM;
        return h.set.n ? keep(&h, p) : 0;
}
