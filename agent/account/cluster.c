/* The facts about the roles of a cluster: no processes, but the account's roles as they are named. */
#include <stdio.h>
#include "account_internal.h"
#include "definitions.h"
#include "ecs_api.h"
#include "rolewatch/io.h"
#include "rolewatch/limits.h"

/* Names that are asked for, and those of the services that were found. */
struct names { const char *list[DEFINITIONS_MAX]; size_t n; };

static int names_of(struct snapshot *s, const struct cluster_request *request, struct names *to)
{
        for (size_t i = 0; i < request->n_definitions && to->n < DEFINITIONS_MAX; i++)
                to->list[to->n++] = request->definitions[i];
        for (size_t i = 0; i < s->n_services && to->n < DEFINITIONS_MAX; i++) {
                const struct service *of = &s->services[i];

                if (!of->family || !of->revision)
                        continue;
                to->list[to->n] = arena_printf(s->arena, "%s:%s", of->family, of->revision);
                if (!to->list[to->n++])
                        return -ENOMEM;
        }
        return 0;
}

static bool have(const struct snapshot *s, const char *name)
{
        const char *text = arn_name(name);
        size_t n = strcspn(text, ":");

        for (size_t i = 0; i < s->n_definitions; i++)
                if (strlen(s->definitions[i].family) == n && strncmp(s->definitions[i].family, text, n) == 0 &&
                    (!text[n] || streq(text + n + 1, s->definitions[i].revision)))
                        return true;
        return false;
}

/* hc NULL: no service is asked. */
static int request_definitions(struct host_client *hc, const struct scan *x, const struct cluster_request *request,
                               const struct names *names)
{
        struct snapshot *s = x->s;
        const struct cluster_request named = { .definitions = names->list, .n_definitions = names->n };
        int r = definitions_read(s, x->at.cs, &named);

        for (size_t i = 0; r == 0 && hc && i < names->n; i++)
                if (!have(s, names->list[i]))
                        r = ecs_definition(hc, s, names->list[i], &named);
        for (size_t i = 0; i < names->n; i++)
                if (r == 0 && !have(s, names->list[i]) && !s->host.definitions_error) {
                        s->host.definitions_error = arena_printf(s->arena, "task definition %s was not found",
                                                                 names->list[i]);
                        r = s->host.definitions_error ? 0 : -ENOMEM;
                }
        return r == 0 && hc && !request->n_definitions && !request->n_services ? ecs_tasks(hc, s) : r;
}

/* The two that exist once in an account. */
static int add_linked(struct snapshot *s)
{
        static const char *const names[] = {
                "ecs.amazonaws.com/AWSServiceRoleForECS",
                "ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService",
        };
        const struct host *h = &s->host;

        for (size_t i = 0; h->account && i < ARRAY_SIZE(names); i++) {
                struct role *role = snapshot_add_role(s);

                if (!role)
                        return -ENOMEM;
                role->arn = arena_printf(s->arena, "arn:%s:iam::%s:role/aws-service-role/%s",
                                         h->partition ? h->partition : "aws", h->account, names[i]);
                role->name = role->arn ? arn_name(role->arn) : NULL;
                if (!role->name)
                        return -ENOMEM;
        }
        return 0;
}

static int gather(struct scan *x, const struct cluster_request *request)
{
        struct snapshot *s = x->s;
        CLEANUP(host_client_done) struct host_client hc = { 0 };
        struct names names = { .n = 0 };
        bool online = !request->offline;
        int r = collect_imds(x);

        if (r == 0)
                r = collect_agent(x);
        if (r == 0 && request->cluster) {
                s->host.cluster = arena_escape(s->arena, request->cluster, strlen(request->cluster), FIELD_MAX);
                r = s->host.cluster ? 0 : -ENOMEM;
        }
        if (r == 0 && online)
                r = host_client_make(&hc, &x->at, &s->host);
        if (r == -EACCES) {
                s->host.definitions_error = arena_printf(s->arena, "cannot query ECS: no credentials in the environment, and %s",
                                                         host_client_error_text(s->arena, &hc));
                online = false;
                r = s->host.definitions_error ? 0 : -ENOMEM;
        }
        if (r == 0 && online)
                r = ecs_services(&hc, s, request);
        if (r == 0)
                r = names_of(s, request, &names);
        if (r == 0)
                r = request_definitions(online ? &hc : NULL, x, request, &names);
        if (r == 0)
                r = account_needs(x);
        if (r == 0)
                r = add_linked(s);
        return r == 0 ? account_roles(x) : r;
}

int account_cluster(const struct collect_settings *cs, const struct cluster_request *request, struct snapshot **ret)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(net_freep) struct net *n = NULL;
        struct collect_settings own = *cs;
        struct scan x = { .at.cs = &own };
        int r = snapshot_new(&s);

        if (r == 0)
                r = net_new(&n);
        if (r < 0)
                return r;
        own.env_keys = true;
        own.iam = !request->offline;
        s->host.taken_s = clock_wall_s();
        x.s = s;
        x.at.net = n;
        r = gather(&x, request);
        if (r < 0)
                return r;
        *ret = TAKE(s);
        return 0;
}
