/* Task, containers and programs of a planned task. A program that does not run yet has no pid: 0. */
#include "image.h"
#include "rolewatch/account.h"
#include "rolewatch/limits.h"
#include "rolewatch/needs.h"

#define REVISION "planned"

static const char *planned_text(struct planning *x, const char *s, size_t max)
{
        return s ? arena_escape(x->s->arena, s, strlen(s), max) : NULL;
}

/* The first of the words of a command; the others follow it. NULL: there is none, or it is a reference. */
static const cJSON *command_words(const cJSON *list)
{
        const cJSON *first = cJSON_IsArray(list) ? json_first(list) : NULL;

        return cJSON_IsString(first) ? first : NULL;
}

/* "CMD" and its words, or "CMD-SHELL" and a line for the shell (ECS API reference, HealthCheck). */
static int health_add(struct planning *x, struct program of)
{
        const cJSON *kind = command_words(member(member(of.container, "healthCheck"), "command"));

        if (!kind || streq(kind->valuestring, "NONE"))
                return 0;
        of.words = streq(kind->valuestring, "CMD") && cJSON_IsString(kind->next) ? kind->next : NULL;
        of.name = "health check";
        of.start = 1;
        return program_add(x, &of);
}

/* ---- containers ---- */

static int label_read(struct planning *x, const cJSON *container)
{
        const char *value = member_text(member(container, "dockerLabels"), NEEDS_LABEL);

        return value ? needs_from_label(x->s, value, (int)x->s->n_containers - 1) : 0;
}

const char *container_name(struct planning *x, const cJSON *o, size_t number)
{
        const cJSON *v = member(o, "name"), *reference = is_template_function(v) ? v->child : NULL;
        const char *given = member_text(o, "name");

        if (!given && reference && cJSON_IsString(reference))
                given = streq(reference->string, "Ref") ? arena_printf(x->s->arena, "${%s}", reference->valuestring) : reference->valuestring;
        return given ? planned_text(x, given, FIELD_MAX) : arena_printf(x->s->arena, "container %zu", number);
}

static int container_add(struct planning *x, const cJSON *o, size_t number, struct program program)
{
        const char *name = member_text(o, "name");
        struct container *c = snapshot_add_container(x->s);
        const struct image *image;
        int r;

        if (!c)
                return -ENOMEM;
        *c = (struct container){ .name = container_name(x, o, number), .image = planned_text(x, member_text(o, "image"), FIELD_MAX),
                                 .config_uri = program.cred >= 0 ? CONFIG_URI_SET : CONFIG_URI_ABSENT, .config_cred = program.cred };
        program.container = o;
        program.words = command_words(member(o, entrypoint_is_reset(o) ? "command" : "entryPoint"));
        program.name = MAIN_PROGRAM;
        image = image_of(x, name);
        r = label_read(x, o);
        if (r == 0)
                r = image ? image_processes(x, &(struct image_container){ .image = image, .o = o, .number = number, .netns = program.netns, .cred = program.cred }) : program_add(x, &program);
        return r == 0 ? health_add(x, program) : r;
}

/* ---- the task ---- */

static int definition_plan(struct planning *x)
{
        struct definition *d;
        int r = account_definition(x->s, x->definition, &(struct definition_name){ x->p->family, REVISION, x->p->source });

        if (r < 0)
                return r;
        d = &x->s->definitions[0];
        d->network_mode = x->p->network_mode;
        d->task_role = x->task_role;
        /* Without one the instance role would stand in. */
        d->execution_role = x->execution_role ? x->execution_role : x->execution_role_set ? UNKNOWN_EXECUTION_ROLE : NULL;
        return 0;
}

int planned_task(struct planning *x, int netns, int cred)
{
        struct task *t = snapshot_add_task(x->s);
        size_t number = 0;
        const cJSON *o;
        int r = t ? definition_plan(x) : -ENOMEM;

        if (r < 0)
                return r;
        *t = (struct task){ .family = x->p->family, .revision = REVISION, .fargate = x->p->launch_type == LAUNCH_FARGATE };
        if (cred >= 0)
                x->s->creds[cred].role_arn = x->task_role;
        if (!json_first(containers_of(x->definition)))
                premise_add(x, "containers", PREMISE_UNKNOWN, "%s", containers_of(x->definition) ? "the definition has none" : "they are a reference of the template");
        JSON_EACH(o, containers_of(x->definition)) {
                if (r == 0 && !is_template_function(o))
                        r = container_add(x, o, number, (struct program){ .netns = netns, .cred = cred });
                number++;
        }
        return r;
}

static void role_rename(const struct snapshot *s, const char **role)
{
        for (size_t i = 0; *role && i < s->n_roles; i++)
                if (s->roles[i].arn && streq(s->roles[i].name, *role))
                        *role = s->roles[i].arn;
}

void planned_roles_name(struct planning *x)
{
        struct definition *d = &x->s->definitions[0];

        role_rename(x->s, &d->task_role);
        role_rename(x->s, &d->execution_role);
        if (x->s->n_creds)
                x->s->creds[0].role_arn = d->task_role;
}

int placeholders_remove(struct planning *x)
{
        CLEANUP(text_done) struct text names = { 0 };
        struct definition *d = &x->s->definitions[0];
        struct requirement *known = arena_alloc(x->s->arena, (d->n_requirements + 1) * sizeof *known);
        size_t n = 0;

        if (!known)
                return -ENOMEM;
        for (size_t i = 0; i < d->n_requirements; i++) {
                struct requirement r = d->requirements[i];
                bool is_known;
                const char *name = requirement_placeholder(&r, &is_known);

                if (is_known)
                        known[n++] = r;
                if (name && names.len < FIELD_MAX && !(names.s && strstr(names.s, name)))
                        text_addf(&names, "%s%s", names.len ? ", " : "", name);
        }
        d->requirements = known;
        d->n_requirements = n;
        if (names.s && !names.failed)
                premise_add(x, "placeholders", PREMISE_UNKNOWN, "%s", names.s);
        return names.failed ? -ENOMEM : 0;
}
