/*
 * What a definition shows by itself: lint warnings, a row each. What ECS refuses, or what holds whatever
 * the images contain, is a warning; what depends on them is a notice. Sources: ECS API reference (RegisterTaskDefinition), ECS
 * developer guide (Fargate task definitions, clusters for external instances, task execution role).
 */
#include "image.h"
#include "image_config.h"
#include "rolewatch/limits.h"

void warning_add(struct plan *p, const struct plan_warning *w)
{
        if (p->n_warnings < PLAN_WARNINGS_MAX) {
                p->warnings[p->n_warnings++] = *w;
                return;
        }
        p->n_more_warnings++;
        p->more_warnings_worst = w->severity > p->more_warnings_worst ? w->severity : p->more_warnings_worst;
}

/* ---- the whole definition ---- */

static bool is_ecr_image(const char *image) { return strstr(image, ".dkr.ecr") || strstr(image, ".dkr-ecr"); }
static const struct definition *planned_definition(const struct planning *x) { return &x->s->definitions[0]; }

static bool requires(const struct planning *x, enum requirement_kind kind)
{
        const struct definition *d = planned_definition(x);

        for (size_t i = 0; i < d->n_requirements; i++)
                if (d->requirements[i].kind == kind && (kind != REQUIREMENT_IMAGE || is_ecr_image(d->requirements[i].value)))
                        return true;
        return false;
}

/* Entries whose values are references count as well. */
static bool secrets_have_value(const cJSON *list)
{
        const cJSON *o;

        JSON_EACH(o, list)
                if (member(o, "valueFrom"))
                        return true;
        return false;
}

static bool container_has_secret(const cJSON *c)
{
        return secrets_have_value(member(c, "secrets")) || secrets_have_value(member(member(c, "logConfiguration"), "secretOptions"));
}

static bool container_needs_role(const cJSON *c)
{
        const cJSON *image = member(c, "image"), *text = is_template_function(image) ? image->child : NULL;

        return streq(member_text(member(c, "logConfiguration"), "logDriver"), "awslogs") || (text && cJSON_IsString(text) && is_ecr_image(text->valuestring));
}

static bool any_container(const struct planning *x, bool (*applies)(const cJSON *c))
{
        const cJSON *c;

        JSON_EACH(c, containers_of(x->definition))
                if (applies(c))
                        return true;
        return false;
}

static bool secrets_without_role(const struct planning *x)
{
        return !x->execution_role_set && (requires(x, REQUIREMENT_SECRET) || requires(x, REQUIREMENT_REGISTRY) || any_container(x, container_has_secret));
}

static bool fargate_without_role(const struct planning *x)
{
        return !x->execution_role_set && x->p->launch_type == LAUNCH_FARGATE && (requires(x, REQUIREMENT_IMAGE) || any_container(x, container_needs_role));
}

static bool is_mode(const struct planning *x, const char *mode) { return streq(x->p->network_mode, mode); }

static bool fargate_network(const struct planning *x)
{
        const cJSON *given = member(x->definition, "networkMode");
        bool known = x->p->network_mode || !given || cJSON_IsNull(given);      /* else a reference or a placeholder */

        return x->p->launch_type == LAUNCH_FARGATE && x->p->form != PLAN_FORM_CONTAINERS && known && !is_mode(x, "awsvpc");
}

static bool external_network(const struct planning *x) { return x->p->launch_type == LAUNCH_EXTERNAL && is_mode(x, "awsvpc"); }
static bool without_network(const struct planning *x) { return x->task_role_set && is_mode(x, "none"); }

static bool task_role_is_other(const struct planning *x) { return x->task_role && !is_role(x->task_role); }
static bool execution_role_is_other(const struct planning *x) { return x->execution_role && !is_role(x->execution_role); }

static bool uri_is_set(const struct planning *x, const cJSON *container, size_t *ret_position)
{
        (void)x;
        return environment_value(container, env_name(ENV_VAR_RELATIVE_URI), ret_position) != NULL;
}

static const struct definition_row {
        bool (*applies)(const struct planning *x);
        struct plan_warning w;
} definition_rows[] = {
        { secrets_without_role, { SEVERITY_WARNING, "executionRoleArn", "ECS refuses the definition: it has secrets and no execution role, which reads them",
                                  "Set executionRoleArn to a role that may read the secrets" } },
        { fargate_without_role, { SEVERITY_WARNING, "executionRoleArn",
                                  "ECS refuses the definition: on FARGATE the execution role pulls images of ECR and writes logs, and there is none",
                                  "Set executionRoleArn to a role with AmazonECSTaskExecutionRolePolicy" } },
        { fargate_network, { SEVERITY_WARNING, "networkMode", "ECS refuses the definition: tasks on FARGATE need network mode awsvpc", "Set networkMode to awsvpc" } },
        { external_network, { SEVERITY_WARNING, "networkMode", "ECS does not place the task: external instances have no network mode awsvpc",
                              "Set networkMode to bridge or host" } },
        { without_network, { SEVERITY_NOTICE, "networkMode", "with network mode none no container reaches the container endpoint, so that none gets the task role's credentials",
                        "Set networkMode to bridge, awsvpc or host" } },
        { task_role_is_other, { SEVERITY_WARNING, "taskRoleArn", "it is not the ARN of an IAM role", "Set it to the ARN of a role, as arn:aws:iam::111122223333:role/web" } },
        { execution_role_is_other, { SEVERITY_WARNING, "executionRoleArn", "it is not the ARN of an IAM role",
                                "Set it to the ARN of a role, as arn:aws:iam::111122223333:role/web" } },
};

/* ---- a container ---- */

/* Without the other one neither counts. */
static const struct { enum env_var id, secret; } key_pairs[] = {
        { ENV_VAR_KEY_ID, ENV_VAR_SECRET }, { ENV_VAR_OLD_KEY_ID, ENV_VAR_OLD_SECRET }, { ENV_VAR_AMAZON_KEY_ID, ENV_VAR_AMAZON_SECRET },
};

/* The secret key of a pair in `environment`, which everybody reads who may describe task definitions. */
static bool key_in_plain_text(const cJSON *container, size_t *ret_position)
{
        for (size_t i = 0; i < ARRAY_SIZE(key_pairs); i++)
                if (environment_is_set(container, env_name(key_pairs[i].id)) && environment_value(container, env_name(key_pairs[i].secret), ret_position))
                        return true;
        return false;
}

static bool key_before_role(const struct planning *x, const cJSON *container, size_t *ret_position)
{
        return x->task_role_set && !environment_has_endpoint(container) && key_in_plain_text(container, ret_position);
}

static bool key_without_role(const struct planning *x, const cJSON *container, size_t *ret_position)
{
        return !x->task_role_set && !environment_has_endpoint(container) && key_in_plain_text(container, ret_position);
}

static bool key_of_endpoint(const struct planning *x, const cJSON *container, size_t *ret_position)
{
        (void)x;
        return environment_has_endpoint(container) && key_in_plain_text(container, ret_position);
}

static bool key_of_secret(const struct planning *x, const cJSON *container, size_t *ret_position)
{
        for (size_t i = 0; x->task_role_set && i < ARRAY_SIZE(key_pairs); i++)
                if (environment_is_set(container, env_name(key_pairs[i].id)) && environment_is_secret(container, env_name(key_pairs[i].secret), ret_position))
                        return true;
        return false;
}

static bool uri_of_secret(const struct planning *x, const cJSON *container, size_t *ret_position)
{
        (void)x;
        return environment_is_secret(container, env_name(ENV_VAR_RELATIVE_URI), ret_position);
}

/* The configuration of an image is read by everybody who can pull it. */
static bool key_of_image(const struct planning *x, const cJSON *container, size_t *ret_position)
{
        const struct image *image = image_of(x, member_text(container, "name"));

        *ret_position = SIZE_MAX;
        for (size_t i = 0; image && !environment_has_endpoint(container) && i < ARRAY_SIZE(key_pairs); i++)
                if (image_config_variable(image->config, env_name(key_pairs[i].id)) && image_config_variable(image->config, env_name(key_pairs[i].secret)))
                        return true;
        return false;
}

static const struct container_row {
        bool (*applies)(const struct planning *x, const cJSON *container, size_t *ret_position);
        const char *list;
        struct plan_warning w;
} container_rows[] = {
        { key_before_role, "environment", { SEVERITY_WARNING, NULL, "a secret key of AWS stands in plain text in the definition; AWS SDKs take it before the task role",
                                            "Remove the keys, and give the task role the permissions" } },
        { key_without_role, "environment", { SEVERITY_WARNING, NULL, "a secret key of AWS stands in plain text in the definition",
                                             "Remove the keys, and give the task a task role with the permissions" } },
        { key_of_endpoint, "environment", { SEVERITY_NOTICE, NULL, "a secret key stands in plain text in the definition; calls that are not sent to the endpoint in its environment use it, too",
                                            "Move the key to `secrets`, and give it only to the program that calls this endpoint" } },
        { key_of_secret, "secrets", { SEVERITY_NOTICE, NULL, "static keys of a secret; AWS SDKs take them before the task role",
                                      "Remove the keys, and give the task role the permissions" } },
        { key_of_image, "image", { SEVERITY_WARNING, NULL, "a secret key of AWS stands in plain text in the environment that the image sets; AWS SDKs take it before the task role",
                                   "Build the image without the keys, and give the task role the permissions" } },
        { uri_is_set, "environment", { SEVERITY_NOTICE, NULL, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is set, which only the ECS agent knows; it replaces the value if the task has a role",
                                       "Remove the variable" } },
        { uri_of_secret, "secrets", { SEVERITY_WARNING, NULL, "a secret replaces the value of AWS_CONTAINER_CREDENTIALS_RELATIVE_URI that the ECS agent sets",
                                      "Remove the variable from the secrets" } },
};

static void container_warnings(struct planning *x, const cJSON *container, size_t number)
{
        for (size_t i = 0; i < ARRAY_SIZE(container_rows); i++) {
                const struct container_row *row = &container_rows[i];
                struct plan_warning w = row->w;
                size_t position;

                if (!row->applies(x, container, &position))
                        continue;
                w.where = position == SIZE_MAX ? arena_printf(x->s->arena, "containerDefinitions[%zu].%s", number, row->list)
                                               : arena_printf(x->s->arena, "containerDefinitions[%zu].%s[%zu]", number, row->list, position);
                warning_add(x->p, &w);
        }
}

/* ---- declared needs ---- */

/* Calls that need the task role, of a task that has none. */
static void needs_warnings(struct plan *p)
{
        const struct snapshot *s = p->s;

        for (size_t i = 0; i < s->n_needs; i++) {
                const struct need *n = &s->needs[i];

                if (n->error) {
                        warning_add(p, &(struct plan_warning){ SEVERITY_WARNING, n->where, arena_printf(s->arena, "the declared need cannot be used: %s", n->error),
                                                               "Correct the need" });
                        continue;
                }
                for (size_t c = 0; s->n_creds == 0 && streq(n->role, "task") && c < s->n_containers; c++)
                        if (need_applies(s, n, (int)c))
                                warning_add(p, &(struct plan_warning){ SEVERITY_WARNING, n->where,
                                                                       arena_printf(s->arena, "calls are declared for container %s, and the task has no task role",
                                                                                    s->containers[c].name ? s->containers[c].name : "?"),
                                                                       "Set taskRoleArn to a role that is allowed the calls" });
        }
}

void definition_warnings(struct planning *x)
{
        const cJSON *container;
        size_t number = 0;

        for (size_t i = 0; i < ARRAY_SIZE(definition_rows); i++)
                if (definition_rows[i].applies(x))
                        warning_add(x->p, &definition_rows[i].w);
        JSON_EACH(container, containers_of(x->definition))
                container_warnings(x, container, number++);
        needs_warnings(x->p);
}

int plan_exit_status(const struct plan *p, const struct verdicts *v)
{
        enum severity worst = p->more_warnings_worst;
        int status = verdicts_exit_status(v), own;

        for (size_t i = 0; i < p->n_warnings; i++)
                worst = p->warnings[i].severity > worst ? p->warnings[i].severity : worst;
        own = severity_exit_status(worst);
        status = status == 0 && p->s->n_containers == 0 ? 3 : status;
        /* 3 says that nothing could be judged; a warning is more. */
        return own && (status == 0 || status == 3) ? own : status;
}
