/* Task, containers and programs of a planned task. A program that does not run yet has no pid: 0. */
#include "plan_internal.h"
#include "rolewatch/account.h"
#include "rolewatch/environ.h"
#include "rolewatch/limits.h"
#include "rolewatch/needs.h"

#define REVISION "planned"
#define MAIN_PROGRAM "main program"

static const char *planned_text(struct planning *x, const char *s, size_t max)
{
        return s ? arena_escape(x->s->arena, s, strlen(s), max) : NULL;
}

/* ---- programs ---- */

/* The first of the words of a command; the others follow it. NULL: there is none, or it is a reference. */
static const cJSON *command_words(const cJSON *list)
{
        const cJSON *first = json_first(list);

        return cJSON_IsString(first) ? first : NULL;
}

/* -D options of a JVM, from its command line and the variables that it reads. */
static int properties_plan(struct planning *x, const cJSON *words, struct process *p)
{
        static const enum env_var variables[] = { ENV_VAR_JAVA_TOOL_OPTIONS, ENV_VAR_JVM_OPTIONS, ENV_VAR_JDK_OPTIONS };
        int r = 0;

        if (!streq(p->comm, "java"))
                return 0;
        for (size_t i = 0; r == 0 && i < ARRAY_SIZE(variables); i++)
                r = options_props(x->s->arena, p->env[variables[i]], p->prop);
        for (const cJSON *v = words; r == 0 && v; v = v->next)
                if (cJSON_IsString(v))
                        r = cmdline_props(x->s->arena, v->valuestring, strlen(v->valuestring) + 1, p->prop);
        return r;
}

/* A program of a container: its words, as far as they are known, and its name where they are not. */
struct program { const cJSON *container, *words; const char *name; uint64_t start; int netns, cred; };

static int program_add(struct planning *x, const struct program *of)
{
        struct process *p = snapshot_add_process(x->s);
        const char *word = of->words ? of->words->valuestring : NULL;
        int r;

        if (!p)
                return -ENOMEM;
        *p = (struct process){ .start_ticks = of->start, .container = (int)x->s->n_containers - 1, .netns = of->netns,
                               .cred_relative = -1, .cred_full = -1 };
        p->comm = planned_text(x, word ? arn_name(word) : of->name, 64);
        p->exe = planned_text(x, word, PATH_TEXT_MAX);
        r = p->comm ? planned_environment(x, of->container, p) : -ENOMEM;
        if (r == 0 && p->env[ENV_VAR_RELATIVE_URI] && of->cred >= 0)
                p->cred_relative = of->cred;
        if (r == 0 && p->environ.state == ANSWER_OK)
                r = properties_plan(x, of->words, p);
        return r;
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

static int container_add(struct planning *x, const cJSON *o, int netns, int cred)
{
        const char *name = member_text(o, "name");
        struct container *c = snapshot_add_container(x->s);
        struct program program = { .container = o, .words = command_words(member(o, "entryPoint")), .name = MAIN_PROGRAM, .netns = netns, .cred = cred };
        int r;

        if (!c)
                return -ENOMEM;
        *c = (struct container){ .name = planned_text(x, name ? name : "(unnamed)", FIELD_MAX), .image = planned_text(x, member_text(o, "image"), FIELD_MAX),
                                 .config_uri = cred >= 0 ? CONFIG_URI_SET : CONFIG_URI_ABSENT, .config_cred = cred };
        r = label_read(x, o);
        if (r == 0)
                r = program_add(x, &program);
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
        const cJSON *o;
        int r = t ? definition_plan(x) : -ENOMEM;

        if (r < 0)
                return r;
        *t = (struct task){ .family = x->p->family, .revision = REVISION, .fargate = x->p->launch_type == LAUNCH_FARGATE };
        if (cred >= 0)
                x->s->creds[cred].role_arn = x->task_role;
        JSON_EACH(o, member(x->definition, "containerDefinitions"))
                if (r == 0 && !is_template_function(o))
                        r = container_add(x, o, netns, cred);
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
