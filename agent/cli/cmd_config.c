/* rolewatch config: the settings of the daemon. */
#include <stdio.h>
#include "cli_internal.h"
#include "commands.h"
#include "rolewatch/config.h"

#define CONFIG_OPTIONS(X) \
        X(FLAG, check,  "check",  0,   NULL,   "check the settings and print nothing else; this is the default") \
        X(FLAG, print,  "print",  0,   NULL,   "print all settings in force, and where each was set") \
        X(TEXT, config, "config", 'c', "FILE", "read the settings from FILE instead of " CONFIG_FILE)
OPTION_TABLE(CONFIG_OPTIONS)

static int run_config(const struct arguments *a)
{
        CLEANUP(conf_freep) struct config *c = NULL;
        const struct options *o = a->options;
        int r = settings_get(a, o->config ? o->config : CONFIG_FILE, &c), printed;

        for (size_t i = 0; c && i < c->n_warnings; i++)
                fprintf(stderr, "%s\n", c->warnings[i]);
        printed = c && o->print ? conf_print(c, stdout) : 0;
        return printed < 0 ? output_error(a, NULL, printed) : r;
}

const struct command command_config = {
        .name = "config", .operands = "", .help = "check the daemon's settings, or print all settings in force",
        COMMAND_OPTIONS, .run = run_config,
        .exits = { { 0, "the settings have no errors" }, { 1, "the file could not be read" }, { 3, "the settings could not be printed" },
                   { 78, "the settings have errors, each named with its file and line, or the file does not exist" } },
        .examples = { "rolewatch config --print" },
};
