/* rolewatch roles: every role of ECS in one place, as they are here; or the catalogue of them. */
#include <stdio.h>
#include "cli_internal.h"
#include "commands.h"
#include "rolewatch/account.h"
#include "rolewatch/report.h"

#define NAMES_MAX 256
#define ARENA_MAX ((size_t)16 << 20)

struct options {
        const char *cluster, *from, *services[NAMES_MAX], *definitions[NAMES_MAX];
        size_t n_services, n_definitions;
        bool json, list, offline;
};

static int options_read(int argc, char **argv, struct options *o)
{
        for (int i = 1; i < argc; i++) {
                bool more = i + 1 < argc;

                if (streq(argv[i], "--json"))
                        o->json = true;
                else if (streq(argv[i], "--list"))
                        o->list = true;
                else if (streq(argv[i], "--offline"))
                        o->offline = true;
                else if (streq(argv[i], "--cluster") && more)
                        o->cluster = argv[++i];
                else if (streq(argv[i], "--from") && more)
                        o->from = argv[++i];
                else if (streq(argv[i], "--service") && more && o->n_services < NAMES_MAX)
                        o->services[o->n_services++] = argv[++i];
                else if (argv[i][0] != '-' && o->n_definitions < NAMES_MAX)
                        o->definitions[o->n_definitions++] = argv[i];
                else
                        return -EINVAL;
        }
        return 0;
}

static int print_list(const struct options *o)
{
        cJSON *j;

        if (!o->json)
                return report_role_kinds(cli_style(), stdout) < 0 ? EXIT_UNKNOWN : 0;
        return report_role_kinds_json(&j) < 0 ? EXIT_UNKNOWN : json_print(j, NULL);
}

static int facts(const struct options *o, struct snapshot **ret)
{
        const struct cluster_ask ask = { .cluster = o->cluster, .services = o->services, .offline = o->offline,
                                         .n_services = o->n_services, .definitions = o->definitions,
                                         .n_definitions = o->n_definitions };
        struct collect_settings cs;

        if (o->from)
                return facts_get(o->from, ret);
        collect_settings_default(&cs);
        return account_cluster(&cs, &ask, ret);
}

static int print_page(const struct options *o, const struct verdicts *v, const struct role_page *page)
{
        cJSON *j;

        if (!o->json)
                return report_roles(v, page, cli_style(), stdout);
        if (report_roles_json(v, page, &j) < 0)
                return -ENOMEM;
        return json_print(j, NULL) == 0 ? 0 : -EIO;
}

int cmd_roles(int argc, char **argv)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        CLEANUP(arena_freep) struct arena *a = NULL;
        struct options o = { 0 };
        struct role_page page;

        if (options_read(argc, argv, &o) < 0) {
                fprintf(stderr, "usage: rolewatch roles [--json] [--list] [--offline | --from FILE] [--cluster C] "
                                "[--service S]... [TASKDEF...]\n");
                return EXIT_USAGE;
        }
        if (o.list)
                return print_list(&o);
        if (facts(&o, &s) < 0 || judge(s, &v) < 0 || arena_new(ARENA_MAX, &a) < 0 || roles_judge(v, a, &page) < 0 ||
            print_page(&o, v, &page) < 0)
                return EXIT_UNKNOWN;
        return roles_exit_status(&page);
}
