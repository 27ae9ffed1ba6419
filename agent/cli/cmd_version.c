/* rolewatch version. */
#include "cli_internal.h"
#include "command.h"
#include "commands.h"

#ifndef ROLEWATCH_VERSION
#define ROLEWATCH_VERSION "0.0.0"
#endif

static int run_version(const struct arguments *a)
{
        (void)a;
        printf("rolewatch %s\n", ROLEWATCH_VERSION);
        return 0;
}

const struct command command_version = {
        .name = "version", .operands = "", .help = "print the version of rolewatch", .run = run_version,
        .exits = { { 0, "the version is printed" } },
};
