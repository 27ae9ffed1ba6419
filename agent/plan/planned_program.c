/* A program that a container would start, without its image. */
#include "image.h"
#include "rolewatch/environ.h"
#include "rolewatch/limits.h"

int program_properties(struct planning *x, struct span argv, struct process *p)
{
        static const enum env_var variables[] = { ENV_VAR_JAVA_TOOL_OPTIONS, ENV_VAR_JVM_OPTIONS, ENV_VAR_JDK_OPTIONS };
        int r = 0;

        if (!streq(p->comm, "java"))
                return 0;
        for (size_t i = 0; r == 0 && i < ARRAY_SIZE(variables); i++)
                r = options_props(x->s->arena, p->env[variables[i]], p->prop);
        return r < 0 ? r : cmdline_props(x->s->arena, argv.s, argv.len, p->prop);
}

/* The words of a list, each with its NUL. */
static void words_join(const cJSON *first, struct text *t)
{
        for (const cJSON *v = first; v; v = v->next)
                if (cJSON_IsString(v))
                        text_addn(t, v->valuestring, strlen(v->valuestring) + 1);
}

int program_add(struct planning *x, const struct program *of)
{
        struct environment_change change = { .unknown = NULL };
        CLEANUP(text_done) struct text argv = { 0 };
        struct arena *a = x->s->arena;
        struct process *p = snapshot_add_process(x->s);
        const char *word = of->words ? of->words->valuestring : NULL, *name = word ? arn_name(word) : of->name;
        int r;

        if (!p)
                return -ENOMEM;
        *p = (struct process){ .start_ticks = of->start, .container = (int)x->s->n_containers - 1, .netns = of->netns,
                               .cred_relative = -1, .cred_full = -1, .sdks_unknown = true, .comm = arena_escape(a, name, strlen(name), 64),
                               .exe = word ? arena_escape(a, word, strlen(word), PATH_TEXT_MAX) : NULL };
        if (of->start == 0)
                command_changes(of->container, &change);
        r = p->comm ? planned_environment(x, of->container, &change, p) : -ENOMEM;
        if (r < 0 || p->environ.state != ANSWER_OK)
                return r;
        if (!p->env[ENV_VAR_HOME])
                p->env[ENV_VAR_HOME] = "/root";
        if (p->env[ENV_VAR_RELATIVE_URI])
                p->cred_relative = of->cred;
        words_join(of->words, &argv);
        if (argv.failed)
                return -ENOMEM;
        return argv.s ? program_properties(x, (struct span){ argv.s, argv.len }, p) : 0;
}
