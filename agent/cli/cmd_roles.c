/* rolewatch roles: every role of ECS, as it is here; or the catalog of them. */
#include "cli_internal.h"
#include "commands.h"
#include "rolewatch/account.h"
#include "rolewatch/net.h"
#include "rolewatch/report.h"

#define ARENA_MAX ((size_t)16 << 20)

#define ROLES_OPTIONS(X) \
        X(FLAG, json,    "json",    'j', NULL,      "print the roles as JSON") \
        X(FLAG, list,    "list",    0,   NULL,      "print the catalog of all ECS roles; needs no facts") \
        X(FLAG, offline, "offline", 0,   NULL,      "call no AWS service; use only bundles and task definition files", .group = 1) \
        X(TEXT, from,    "from",    0,   "FILE",    "judge the snapshot FILE instead of this host", .group = 1) \
        X(TEXT, cluster, "cluster", 0,   "CLUSTER", "use CLUSTER instead of the cluster of this host") \
        X(LIST, service, "service", 0,   "SERVICE", "include the service SERVICE and its roles")
OPTION_TABLE(ROLES_OPTIONS)

static int roles_print_list(const struct arguments *a, const struct options *o)
{
        cJSON *j;

        if (!o->json)
                return report_role_kinds(cli_style(), stdout) < 0 ? EXIT_UNKNOWN : 0;
        return report_role_kinds_json(&j) < 0 ? command_error(a, "out of memory") : json_print(a, j, NULL);
}

static int roles_facts(const struct arguments *a, const struct options *o, struct snapshot **ret)
{
        const struct cluster_request request = { .cluster = o->cluster, .services = o->service.values, .offline = o->offline,
                                                 .n_services = o->service.n, .definitions = a->operands, .n_definitions = a->n_operands };
        struct collect_settings cs;
        int r;

        if (o->from)
                return facts_get(a, o->from, ret);
        collect_settings_default(&cs);
        r = account_cluster(&cs, &request, ret);
        if (r < 0)
                command_error(a, "cannot collect the facts about the cluster: %s", net_error_to_string(r));
        return r;
}

static int roles_print(const struct arguments *a, const struct verdicts *v, const struct role_page *page)
{
        cJSON *j;

        if (!((const struct options *)a->options)->json)
                return report_roles(v, page, cli_style(), stdout) < 0 ? EXIT_UNKNOWN : 0;
        return report_roles_json(v, page, &j) < 0 ? command_error(a, "out of memory") : json_print(a, j, NULL);
}

static int run_roles(const struct arguments *a)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        CLEANUP(arena_freep) struct arena *arena = NULL;
        const struct options *o = a->options;
        struct role_page page;

        if (o->list)
                return roles_print_list(a, o);
        if (roles_facts(a, o, &s) < 0)
                return EXIT_UNKNOWN;
        if (judge(s, &v) < 0 || arena_new(ARENA_MAX, &arena) < 0 || roles_judge(v, arena, &page) < 0)
                return command_error(a, "cannot judge the roles: out of memory");
        return roles_print(a, v, &page) ? EXIT_UNKNOWN : roles_exit_status(&page);
}

const struct command command_roles = {
        .name = "roles", .operands = "[TASKDEF...]",
        .help = "show each ECS role of this cluster: purpose, trust policy, permissions, verdict",
        COMMAND_OPTIONS, .run = run_roles,
        .exits = { { 0, "no role has a problem" }, { 1, "at least one role has a problem" }, { 3, "no role could be judged" } },
        .examples = { "rolewatch roles", "rolewatch roles --service web web-task:7", "rolewatch roles --list" },
};
