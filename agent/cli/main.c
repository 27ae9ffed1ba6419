/* rolewatch: which credentials really win, in every process of every container. */
#include <stdio.h>
#include "commands.h"

#ifndef ROLEWATCH_VERSION
#define ROLEWATCH_VERSION "0.0.0"
#endif

static int help(FILE *out)
{
        fprintf(out, "usage: rolewatch COMMAND [OPTION...]\n\n");
        for (size_t i = 0; i < n_commands; i++)
                fprintf(out, "  %-9s %-34s %s\n", commands[i].name, commands[i].args,
                        commands[i].help);
        fprintf(out, "\nExit status of check: 0 nothing to do, 1 warning, 2 critical, 3 could not "
                     "be judged.\n"
                     "See rolewatch(1).\n");
        return 0;
}

int main(int argc, char **argv)
{
        const char *name = argc > 1 ? argv[1] : "";

        if (streq(name, "help") || streq(name, "--help") || streq(name, "-h"))
                return help(stdout);
        if (streq(name, "version") || streq(name, "--version")) {
                printf("rolewatch %s\n", ROLEWATCH_VERSION);
                return 0;
        }
        for (size_t i = 0; i < n_commands; i++)
                if (commands[i].run && streq(commands[i].name, name))
                        return commands[i].run(argc - 1, argv + 1);
        if (*name)
                fprintf(stderr, "rolewatch: no command '%s'\n", name);
        help(stderr);
        return EXIT_USAGE;
}
