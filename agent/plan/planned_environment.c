/*
 * The environment that the ECS agent and Docker give a container (amazon-ecs-agent, agent/api/task and agent/api/container). What
 * counts first stands first: what the command assigns, secrets, what the agent sets, `environment`, environment files, of which the first one counts,
 * and what the image sets.
 */
#include <stdio.h>
#include "image.h"
#include "image_config.h"
#include "rolewatch/environ.h"
#include "rolewatch/limits.h"

#define RELATIVE_URI "/v2/credentials/planned"

/* The entries NAME=value, each with its NUL; why a variable that decides is not known, or NULL. */
struct block { struct planning *x; struct text t; const char *unknown; };

/* May its value be left open? Of keys and tokens only their presence counts. */
static bool presence_counts(int variable)
{
        enum env_class class = env_class((enum env_var)variable);

        return class == ENV_SECRET || class == ENV_TOKEN || class == ENV_KEYID;
}

/* value NULL: it is set, to what is not known. Variables that no chain reads are left out. */
static void block_add(struct block *b, const char *name, size_t len, const char *value)
{
        int variable = env_find(name, len);

        if (variable < 0)
                return;
        if (!value && !presence_counts(variable)) {
                b->unknown = b->unknown ? b->unknown : arena_printf(b->x->s->arena, "the value of %s is not known", env_name((enum env_var)variable));
                return;
        }
        text_addn(&b->t, name, len);
        text_addf(&b->t, "=%s", value ? value : MODEL_REDACTED);
        text_addn(&b->t, "", 1);
}

/* An entry that a template chooses or computes: it does not count if all of its names are known, and no chain reads them. */
static void add_reference(struct block *b, const cJSON *o)
{
        CLEANUP(erase_freep) char *line = json_line(o);

        if (!line)
                b->t.failed = true;
        else if (text_names_variable(line) || !strstr(line, "\"Name\":\"") || strstr(line, "\"Name\":{"))
                b->unknown = b->unknown ? b->unknown : "an entry of it is a reference of the template";
}

static void add_secrets(struct block *b, const cJSON *container)
{
        const cJSON *list = member(container, "secrets"), *o;

        if (is_template_function(list))
                b->unknown = "the secrets are a reference of the template";
        JSON_EACH(o, list) {
                const char *name = member_text(o, "name");

                if (is_template_function(o))
                        add_reference(b, o);
                else if (name)
                        block_add(b, name, strlen(name), NULL);
        }
}

static void add_environment(struct block *b, const cJSON *container)
{
        const cJSON *list = member(container, "environment"), *o;

        if (is_template_function(list))
                b->unknown = "it is a reference of the template";
        JSON_EACH(o, list) {
                const cJSON *value = member(o, "value");
                const char *name = member_text(o, "name");

                if (is_template_function(o))
                        add_reference(b, o);
                else if (name)  /* without a value it is empty */
                        block_add(b, name, strlen(name), cJSON_IsString(value) ? value->valuestring : value && !cJSON_IsNull(value) ? NULL : "");
        }
}

/* Lines NAME=value; quotes are part of the value. That of a comment begins with #, as no variable does (ECS developer guide, environment files). */
static void add_lines(struct block *b, const struct env_file *f)
{
        const char *end = f->text + f->len, *line = f->text;

        while (line < end) {
                const char *stop = memchr(line, '\n', (size_t)(end - line)), *equals;
                size_t n = stop ? (size_t)(stop - line) : (size_t)(end - line);

                if (n && line[n - 1] == '\r')
                        n--;
                equals = memchr(line, '=', n);
                if (equals) {
                        CLEANUP(erase_freep) char *value = strndup(equals + 1, n - (size_t)(equals + 1 - line));

                        if (value)
                                block_add(b, line, (size_t)(equals - line), value);
                        else
                                b->t.failed = true;
                }
                line = stop ? stop + 1 : end;
        }
}

static const struct env_file *env_file_find(const struct planning *x, const char *arn)
{
        for (size_t i = 0; i < x->n_env_files; i++)
                if (streq(x->env_files[i].name, arn_name(arn)))
                        return &x->env_files[i];
        return NULL;
}

static void add_files(struct block *b, const cJSON *container)
{
        const cJSON *list = member(container, "environmentFiles"), *o;

        if (is_template_function(list))
                b->unknown = "the environment files are a reference of the template";
        JSON_EACH(o, list) {
                const char *arn = member_text(o, "value");
                const struct env_file *f = arn ? env_file_find(b->x, arn) : NULL;

                if (f)
                        add_lines(b, f);
                else if (!b->unknown)
                        b->unknown = arn ? arena_printf(b->x->s->arena, "the environment file %s is not given by --env-file", arena_escape(b->x->s->arena, arn_name(arn), strlen(arn_name(arn)), 128))
                                         : "an environment file is a reference of the template";
        }
}

/* What the image sets, and nothing else does. */
static void add_image(struct block *b, const cJSON *container)
{
        const struct image *image = image_of(b->x, member_text(container, "name"));
        const cJSON *v;

        JSON_EACH(v, member(image ? image->config : NULL, "Env")) {
                size_t n = strcspn(v->valuestring, "=");

                if (v->valuestring[n])
                        block_add(b, v->valuestring, n, v->valuestring + n + 1);
        }
}

static void add_agents(struct block *b)
{
        if (b->x->task_role_set)
                block_add(b, env_name(ENV_VAR_RELATIVE_URI), strlen(env_name(ENV_VAR_RELATIVE_URI)), RELATIVE_URI);
}

static void add_change(struct block *b, const struct environment_change *c)
{
        for (size_t at = 0; at < c->assigned_len; at += strlen(c->assigned + at) + 1)
                block_add(b, c->assigned + at, strcspn(c->assigned + at, "="), strchr(c->assigned + at, '=') + 1);
        b->unknown = c->unknown;
}

int planned_environment(struct planning *x, const cJSON *container, const struct environment_change *change, struct process *p)
{
        CLEANUP(text_done) struct text text = { 0 };
        struct block b = { .x = x };
        struct environ_raw raw = { 0 };

        add_change(&b, change);
        add_secrets(&b, container);
        add_agents(&b);
        add_environment(&b, container);
        add_files(&b, container);
        add_image(&b, container);
        text = b.t;
        if (b.t.failed)
                return -ENOMEM;
        p->environment_source = ENVIRONMENT_CONTAINER;
        if (b.unknown) {
                if (p->start_ticks == 0 || change->unknown)
                        premise_add(x, "environment", PREMISE_UNKNOWN, "of container %s: %s", x->s->containers[p->container].name, b.unknown);
                p->environment_source = ENVIRONMENT_UNKNOWN;
                p->environ = (struct answer){ ANSWER_GARBAGE, 0, b.unknown };
                return 0;
        }
        p->environ = (struct answer){ .state = ANSWER_OK };
        return text.len ? environ_parse(x->s->arena, (struct span){ text.s, text.len }, p->env, &raw) : 0;
}

static const cJSON *variable_find(const cJSON *list, const char *name, size_t *ret_position)
{
        const cJSON *o;
        size_t i = 0;

        JSON_EACH(o, list) {
                if (streq(member_text(o, "name"), name)) {
                        *ret_position = i;
                        return o;
                }
                i++;
        }
        return NULL;
}

const char *environment_value(const cJSON *container, const char *name, size_t *ret_position)
{
        const cJSON *o = variable_find(member(container, "environment"), name, ret_position);

        return o ? member_text(o, "value") : NULL;
}

bool environment_is_secret(const cJSON *container, const char *name, size_t *ret_position)
{
        return variable_find(member(container, "secrets"), name, ret_position) != NULL;
}

bool environment_is_set(const cJSON *container, const char *name)
{
        size_t position;
        const cJSON *value = member(variable_find(member(container, "environment"), name, &position), "value");

        return is_template_function(value) || (cJSON_IsString(value) && *value->valuestring) || environment_is_secret(container, name, &position);
}

/* Of all services, or of one: AWS_ENDPOINT_URL_S3 (AWS SDKs and tools reference guide, service-specific endpoints). */
bool environment_has_endpoint(const cJSON *container)
{
        static const char *const lists[] = { "environment", "secrets" };
        const char *all = env_name(ENV_VAR_ENDPOINT_URL);
        const cJSON *o;

        for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
                JSON_EACH(o, member(container, lists[i])) {
                        const char *name = member_text(o, "name"), *value = member_text(o, "value");

                        if (name && strncmp(name, all, strlen(all)) == 0 && environment_is_set(container, name) && !(value && strstr(value, ".amazonaws.com")))
                                return true;
                }
        return false;
}

const char *image_variable(const struct image *im, const cJSON *container, const char *name)
{
        size_t position;
        const char *own = environment_value(container, name, &position);

        return own || environment_is_secret(container, name, &position) ? own : image_config_variable(im->config, name);
}
