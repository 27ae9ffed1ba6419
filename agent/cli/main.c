/* rolewatch: which credentials really win, in every process of every container. */
#include <stdio.h>
#include <sys/prctl.h>
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
                return help_print(stdout);
        if (streq(name, "version") || streq(name, "--version")) {
                printf("rolewatch %s\n", ROLEWATCH_VERSION);
                return 0;
        }
        for (size_t i = 0; i < n_commands; i++)
                if (commands[i].run && streq(commands[i].name, name))
                        return commands[i].run(argc - 1, argv + 1);
        if (*name)
                fprintf(stderr, "rolewatch: no command '%s'\n", name);
        help_print(stderr);
        return EXIT_USAGE;
}
