/* A whole command line: options of the program, the command, and what belongs to it. */
#include <assert.h>
#include "cli_internal.h"
#include "commands.h"
#include "rolewatch/log.h"

#define PROGRAM_OPTIONS(X) \
        X(FLAG, version, "version", 'V', NULL, "print the version and exit")
OPTION_TABLE(PROGRAM_OPTIONS)

const struct command command_program = { .name = "", .operands = "COMMAND", .help = "", COMMAND_OPTIONS };

const struct command *command_find(const struct command_table *t, const char *name)
{
        for (size_t i = 0; i < t->n; i++)
                if (streq(t->commands[i]->name, name))
                        return t->commands[i];
        return NULL;
}

int command_unknown(const struct command_table *t, const struct command *c, const char *name)
{
        struct suggestion s = { .word = name };

        for (size_t i = 0; i < t->n; i++)
                suggestion_consider(&s, t->commands[i]->name);
        return usage_error_near(c, s.name, "unknown command '%s'", name);
}

/* Of ROLEWATCH_LOG_LEVEL, or of --verbose, which comes before it. */
static void log_level_set(bool verbose)
{
        const char *name = getenv("ROLEWATCH_LOG_LEVEL");
        int level = name && *name ? log_level_from_string(name) : -ENOENT;

        if (level == -EINVAL)
                log_warning("invalid ROLEWATCH_LOG_LEVEL '%s': use error, warning, info or debug; ignoring it", name);
        if (verbose)
                level = LOG_LEVEL_DEBUG;
        if (level >= 0)
                log_force_level((enum log_level)level);
}

static int command_run(const struct command *c, const struct arguments *program)
{
        CLEANUP(arguments_done) struct arguments a = { 0 };
        int r = options_parse(c, (int)program->n_operands, (char **)program->operands, &a);

        if (r)
                return r;
        if (a.help) {
                help_print_command(c, stdout);
                return 0;
        }
        log_level_set(program->verbose || a.verbose);
        a.table = program->table;
        return c->run(&a);
}

int command_line_run(const struct command_table *t, int argc, char **argv)
{
        CLEANUP(arguments_done) struct arguments a = { 0 };
        const struct command *c;
        int r = options_parse(t->program, argc, argv, &a);

        if (r)
                return r;
        a.table = t;
        if (a.help) {
                help_print(t, stdout);
                return 0;
        }
        if (((const struct options *)a.options)->version) {
                c = command_find(t, "version");
                assert(c);
                return command_run(c, &(struct arguments){ .operands = (const char *[]){ "version" }, .n_operands = 1 });
        }
        if (a.n_operands == 0 || !*a.operands[0]) {
                help_print(t, stderr);
                return EXIT_USAGE;
        }
        c = command_find(t, a.operands[0]);
        return c ? command_run(c, &a) : command_unknown(t, a.command, a.operands[0]);
}
