/*
 * Services as ECS describes them, their scalable targets by Application Auto
 * Scaling, their target groups by Elastic Load Balancing (API references of the three).
 */
#include <stdio.h>
#include "ecs_api.h"
#include "rolewatch/limits.h"

#define SERVICES_AT_ONCE 10            /* ECS API reference, DescribeServices */

static const cJSON *service_get(const cJSON *o, const char *key)
{
        return cJSON_GetObjectItemCaseSensitive(o, key);
}

static int service_take(struct snapshot *s, const cJSON *o, const char *key, const char **ret)
{
        int r = *ret ? 0 : json_take_str(s->arena, o, key, FIELD_MAX, ret);

        return r == -ENOMEM ? r : 0;
}

/* Where an infrastructure role may stand: of a list's entries, or of an object, by the way to its roleArn. */
static int take_infrastructure(struct snapshot *s, const cJSON *o, struct service *to)
{
        static const struct { const char *list, *inner; } locations[] = {
                { "volumeConfigurations", "managedEBSVolume" }, { "loadBalancers", "advancedConfiguration" },
                { "vpcLatticeConfigurations", NULL },
        };
        const cJSON *entry;
        int r = 0;

        for (size_t i = 0; i < ARRAY_SIZE(locations); i++)
                JSON_EACH(entry, service_get(o, locations[i].list))
                        if (r == 0)
                                r = service_take(s, locations[i].inner ? service_get(entry, locations[i].inner) : entry, "roleArn",
                                                 &to->infrastructure_role);
        JSON_EACH(entry, service_get(service_get(o, "serviceConnectConfiguration"), "services"))
                if (r == 0)
                        r = service_take(s, service_get(entry, "tls"), "roleArn", &to->infrastructure_role);
        return r;
}

/* The newest deployment is the primary one: it has what the service itself does not repeat. */
static int take_deployment(struct snapshot *s, const cJSON *o, struct service *to)
{
        const cJSON *d;

        JSON_EACH(d, service_get(o, "deployments")) {
                const char *status;

                if (json_get_str(d, "status", FIELD_MAX, &status) == 0 && streq(status, "PRIMARY"))
                        return take_infrastructure(s, d, to);
        }
        return 0;
}

static int take_definition(struct snapshot *s, const cJSON *o, struct service *to)
{
        const char *arn, *colon;

        if (json_get_str(o, "taskDefinition", FIELD_MAX, &arn) < 0)
                return 0;
        arn = arn_name(arn);
        colon = strrchr(arn, ':');
        to->family = arena_escape(s->arena, arn, colon ? (size_t)(colon - arn) : strlen(arn), FIELD_MAX);
        to->revision = colon ? arena_escape(s->arena, colon + 1, strlen(colon + 1), FIELD_MAX) : NULL;
        return to->family && (to->revision || !colon) ? 0 : -ENOMEM;
}

static int take_service(struct snapshot *s, const cJSON *o)
{
        const cJSON *balancers = service_get(o, "loadBalancers");
        const char *controller;
        struct service *to = snapshot_add_service(s);
        int r;

        if (!to)
                return -ENOMEM;
        to->load_balanced = cJSON_GetArraySize(balancers) > 0;
        to->code_deploy = json_get_str(service_get(o, "deploymentController"), "type", 64, &controller) == 0 &&
                          streq(controller, "CODE_DEPLOY");
        r = service_take(s, o, "serviceName", &to->name);
        if (r == 0)
                r = service_take(s, o, "serviceArn", &to->arn);
        if (r == 0)
                r = service_take(s, o, "roleArn", &to->role);
        if (r == 0 && to->load_balanced)
                r = service_take(s, balancers->child, "targetGroupArn", &to->target_group);
        if (r == 0)
                r = take_definition(s, o, to);
        if (r == 0)
                r = take_infrastructure(s, o, to);
        return r == 0 ? take_deployment(s, o, to) : r;
}

static int request_services(struct host_client *hc, struct snapshot *s, const struct cluster_request *request, size_t from)
{
        CLEANUP(json_freep) cJSON *body = cJSON_CreateObject(), *got = NULL;
        cJSON *list = body ? cJSON_AddArrayToObject(body, "services") : NULL;
        const cJSON *o;
        int r;

        if (!list || !cJSON_AddStringToObject(body, "cluster", s->host.cluster ? s->host.cluster : "default"))
                return -ENOMEM;
        for (size_t i = from; i < request->n_services && i < from + SERVICES_AT_ONCE; i++) {
                cJSON *name = cJSON_CreateString(request->services[i]);

                if (!name || !cJSON_AddItemToArray(list, name))
                        return -ENOMEM;
        }
        r = json_request(hc, s, &(struct json_call){ AWS_ECS, "ecs:DescribeServices", body }, &got);
        JSON_EACH(o, service_get(got, "services"))
                if (r == 0)
                        r = take_service(s, o);
        JSON_EACH(o, service_get(got, "failures"))
                s->host.definitions_error = "ecs:DescribeServices: service not found in the cluster";
        return r;
}

/* "service/CLUSTER/NAME"; what is refused is not known. */
static int request_scaling(struct host_client *hc, struct snapshot *s, struct service *of)
{
        CLEANUP(json_freep) cJSON *body = cJSON_CreateObject(), *got = NULL;
        cJSON *ids = body ? cJSON_AddArrayToObject(body, "ResourceIds") : NULL, *id;
        const char *name = arena_printf(s->arena, "service/%s/%s", s->host.cluster ? s->host.cluster : "default",
                                        of->name);
        const cJSON *target;
        int r;

        if (!ids || !name || !cJSON_AddStringToObject(body, "ServiceNamespace", "ecs"))
                return -ENOMEM;
        id = cJSON_CreateString(name);
        if (!id || !cJSON_AddItemToArray(ids, id))
                return -ENOMEM;
        r = json_request(hc, s, &(struct json_call){ AWS_SCALING, "application-autoscaling:DescribeScalableTargets", body }, &got);
        if (r < 0 || !got)
                return r;
        target = service_get(got, "ScalableTargets");
        of->scaling_known = cJSON_IsArray(target);
        target = target ? target->child : NULL;
        of->scalable = target != NULL;
        return target ? service_take(s, target, "RoleARN", &of->scaling_role) : 0;
}

static int request_target_group(struct host_client *hc, struct snapshot *s, struct service *of)
{
        const struct aws_param param = { "TargetGroupArns.member.1", of->target_group };
        const struct aws_request q = { .service = AWS_ELB, .action = "DescribeTargetGroups", .params = &param, .n_params = 1 };
        struct aws_answer answer;
        int r = aws_send(&hc->c, &q, &answer);

        if (r < 0)
                return r == -ENOMEM ? r : 0;
        if (answer.state != ANSWER_OK) {
                of->target_group_error = streq(answer.code, "TargetGroupNotFound")
                                                 ? "it does not exist"
                                                 : aws_error_text(s->arena, "elasticloadbalancing:DescribeTargetGroups",
                                                                  &answer);
                r = of->target_group_error ? 0 : -ENOMEM;
        }
        aws_answer_done(&answer);
        return r;
}

int ecs_services(struct host_client *hc, struct snapshot *s, const struct cluster_request *request)
{
        int r = 0;

        for (size_t i = 0; r == 0 && i < request->n_services; i += SERVICES_AT_ONCE)
                r = request_services(hc, s, request, i);
        for (size_t i = 0; r == 0 && i < s->n_services; i++) {
                struct service *of = &s->services[i];

                if (of->name)
                        r = request_scaling(hc, s, of);
                if (r == 0 && of->target_group)
                        r = request_target_group(hc, s, of);
        }
        return r;
}
