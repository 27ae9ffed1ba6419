#include "search.h"
#include "rolewatch/chain.h"

/* By the program's name, or by the library of the language that it has loaded. */
static const struct language {
        const char *program, *soname;
        void (*search)(struct sdk_search *h);
} languages[] = {
        { "python", "/libpython3", search_python }, { "node", "/libnode.so", search_node },
        { "ruby", "/libruby", search_ruby },      { "java", "/libjvm.so", search_java },
        { "php", "/libphp", search_php },         { "dotnet", "/libcoreclr.so", search_dotnet },
};

/* What s3fs is told by "-o ecs", "-oiam_role=auto", "-o url=...,ecs". */
static bool option_given(const struct sdk_search *h, const char *option)
{
        const char *arg;

        for (size_t i = 1; (arg = search_arg(h, i)) && i < SDK_ARGS_MAX; i++)
                for (const char *at = strncmp(arg, "-o", 2) == 0 ? arg + 2 : arg; *at; at += strcspn(at, ",") + (strchr(at, ',') != NULL)) {
                        size_t n = strcspn(at, ",=");

                        if (n == strlen(option) && memcmp(at, option, n) == 0)
                                return true;
                }
        return false;
}

#define S3FS "s3fs"
static void s3fs_options(struct sdk_search *h)
{
        static const struct { const char *option, *sdk; } rows[] = { { "ecs", "s3fs-ecs" }, { "iam_role", "s3fs-iam-role" } };

        for (size_t i = 0; i < h->set.n; i++)
                for (size_t k = 0; k < ARRAY_SIZE(rows) && streq(h->set.found[i].sdk, S3FS); k++)
                        if (option_given(h, rows[k].option))
                                h->set.found[i].sdk = rows[k].sdk;
}

static void search_native(struct sdk_search *h)
{
        sdk_scan(SDK_CLI_PATH, h->p->exe, strlen(h->p->exe), &h->set);
        if (!h->set.n)
                search_executable(h);
}

static const struct language *language_of(struct sdk_search *h)
{
        const struct language *l;

        for (l = languages; l < languages + ARRAY_SIZE(languages); l++)
                if (strncmp(h->program, l->program, strlen(l->program)) == 0)
                        return l;
        return NULL;
}

/* By what it has loaded: an SDK, or a language that is built in, as in mod_php, uwsgi, or a program of .NET with a start of its own. */
static void search_libraries(struct sdk_search *h)
{
        const char *maps = search_maps(h);

        sdk_scan(SDK_MAPS, maps, h->maps_len, &h->set);
        if (h->set.n)
                return;
        for (size_t i = 0; i < ARRAY_SIZE(languages); i++)
                if (strstr(maps, languages[i].soname))
                        languages[i].search(h);
}

/*
 * The C++ SDK and others stand on the Common Runtime; its own chain counts where it stands alone. What a tool is built
 * of does not count beside the tool.
 */
static bool sdk_counts(const struct sdk_set *set, const char *sdk)
{
        bool tool = false;

        for (size_t i = 0; i < set->n; i++)
                tool = tool || chain_sdk_kind(set->found[i].sdk) == CHAIN_TOOL;
        if (tool)
                return chain_sdk_kind(sdk) == CHAIN_TOOL;
        return set->n == 1 || !streq(sdk, "crt");
}

static int sdks_store(const struct sdk_search *h, struct process *p)
{
        struct sdk *sdks;

        if (h->no_memory || !h->set.n)
                return h->no_memory ? -ENOMEM : 0;
        sdks = arena_alloc(h->q->view->a, SDKS_MAX * sizeof *sdks);
        if (!sdks)
                return -ENOMEM;
        p->n_sdks = 0;
        p->sdks = sdks;
        for (size_t i = 0; i < h->set.n; i++) {
                const struct sdk_found *f = &h->set.found[i];
                struct sdk *sdk = &sdks[p->n_sdks];

                if (!sdk_counts(&h->set, f->sdk))
                        continue;
                *sdk = (struct sdk){ .name = f->sdk, .certainty = CERTAINTY_PREDICTED };
                if (f->version[0] && !(sdk->version = arena_dup(h->q->view->a, f->version)))
                        return -ENOMEM;
                p->n_sdks++;
        }
        return 0;
}

int sdk_recognize(const struct sdk_program *q, struct sdk_cache *cache, struct process *p)
{
        struct sdk_search h = { .q = q, .cache = cache, .p = p };
        const char *slash = p->exe ? strrchr(p->exe, '/') : NULL;
        const struct language *l;

        if (!slash || !q->view->b)
                return 0;
        h.program = slash + 1;
        l = language_of(&h);
        if (l)
                l->search(&h);
        else
                search_native(&h);
        s3fs_options(&h);
        if (!l && !h.set.n)
                search_libraries(&h);
        free(h.maps);
        return sdks_store(&h, p);
}

static bool has_options(const struct sdk_set *set)
{
        for (size_t i = 0; i < set->n; i++)
                if (streq(set->found[i].sdk, S3FS))
                        return true;
        return false;
}

int sdk_recognize_executable(const struct sdk_program *q, struct sdk_cache *cache, struct process *p)
{
        struct sdk_search h = { .q = q, .cache = cache, .p = p };
        const char *slash = p->exe ? strrchr(p->exe, '/') : NULL;

        if (!slash)
                return 0;
        h.program = slash + 1;
        if (language_of(&h))
                return 0;
        search_native(&h);
        return has_options(&h.set) ? 0 : sdks_store(&h, p);
}
