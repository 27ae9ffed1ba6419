/* help -- what a table of commands is, and how it is shown. */
#pragma once
#include <stddef.h>
#include <stdio.h>

struct command {
        const char *name, *args, *help;
        int (*run)(int argc, char **argv);     /* argv[0] is the command's name; an exit status. NULL: main answers */
};
/* What an option means, wherever the arguments of a command have it. */
struct option_help { const char *name, *help; };
struct command_table {
        const struct command *commands;
        size_t n_commands;
        const struct option_help *options;
        size_t n_options;
};

int help_print(const struct command_table *t, FILE *out);      /* 0 */
int cmd_help(const struct command_table *t, int argc, char **argv);
