#include "hunt.h"

/* By the program's name, or by the library of the language that it has loaded. */
static const struct language {
        const char *program, *soname;
        void (*hunt)(struct hunt *h);
} languages[] = {
        { "python", "/libpython3", hunt_python }, { "node", "/libnode.so", hunt_node },
        { "ruby", "/libruby", hunt_ruby },        { "java", "/libjvm.so", hunt_java },
        { "php", "/libphp", hunt_php },           { "dotnet", "/libcoreclr.so", hunt_dotnet },
};

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
        struct sdk *sdks = arena_alloc(h->q->view->a, SDKS_MAX * sizeof *sdks);

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
                if (f->version[0] && !(sdk->version = arena_dup(h->q->view->a, f->version)))
                        return -ENOMEM;
                p->n_sdks++;
        }
        return 0;
}

int sdk_recognise(const struct sdk_program *q, struct sdk_cache *cache, struct process *p)
{
        struct hunt h = { .q = q, .cache = cache, .p = p };
        const char *slash = p->exe ? strrchr(p->exe, '/') : NULL;
        const struct language *l;

        if (!slash || !q->view->b)
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
