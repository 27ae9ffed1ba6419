/* rolewatch: which credentials really win, in every process of every container. */
#include <stdio.h>
#include <sys/prctl.h>
#include "cli_internal.h"
#include "commands.h"
#include "rolewatch/log.h"

#ifndef ROLEWATCH_VERSION
#define ROLEWATCH_VERSION "0.0.0"
#endif

/* ROLEWATCH_LOG_LEVEL; and --verbose, which any command takes anywhere before "--": it is removed. */
static int log_level_take(int argc, char **argv)
{
        const char *name = getenv("ROLEWATCH_LOG_LEVEL");
        int level = name && *name ? log_level_from_string(name) : -ENOENT, n = 1;
        bool options = true;

        if (level == -EINVAL)
                log_warning("ROLEWATCH_LOG_LEVEL: '%s' is not error, warning, info or debug", name);
        for (int i = 1; i < argc; i++) {
                options = options && !streq(argv[i], "--");
                if (options && streq(argv[i], "--verbose"))
                        level = LOG_LEVEL_DEBUG;
                else
                        argv[n++] = argv[i];
        }
        if (level >= 0)
                log_force_level((enum log_level)level);
        argv[n] = NULL;
        return n;
}

int main(int argc, char **argv)
{
        const char *name;

        argc = log_level_take(argc, argv);
        name = argc > 1 ? argv[1] : "";
        /* Most commands hold other programs' environments for a moment: no core, no ptrace by others. */
        prctl(PR_SET_DUMPABLE, 0);
        if (streq(name, "--help") || streq(name, "-h"))
                return help_print(&command_table, stdout);
        if (streq(name, "version") || streq(name, "--version")) {
                printf("rolewatch %s\n", ROLEWATCH_VERSION);
                return 0;
        }
        if (streq(name, "help"))
                return cmd_help(&command_table, argc - 1, argv + 1);
        for (const struct command *c = command_table.commands; c < command_table.commands + command_table.n_commands; c++)
                if (c->run && streq(c->name, name))
                        return c->run(argc - 1, argv + 1);
        if (*name)
                fprintf(stderr, "rolewatch: no command '%s'\n", name);
        help_print(&command_table, stderr);
        return EXIT_USAGE;
}
