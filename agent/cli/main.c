/* rolewatch: which credentials really win, in every process of every container. */
#include <stdio.h>
#include <sys/prctl.h>
#include "cli_internal.h"
#include "commands.h"

#ifndef ROLEWATCH_VERSION
#define ROLEWATCH_VERSION "0.0.0"
#endif

int main(int argc, char **argv)
{
        const char *name = argc > 1 ? argv[1] : "";

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
