/* The commands, each a row that its own file has; `rolewatch help`, rolewatch(1) and the completions have them in this order. */
#pragma once
#include "command.h"

#define COMMANDS(X) \
        X(check) X(explain) X(report) X(snapshot) X(watch) X(status) X(config) X(findings) X(chains) X(needs) \
        X(bundle) X(roles) X(plan) X(decode) X(policy) X(help) X(version)
#define X(name) extern const struct command command_##name;
COMMANDS(X)
#undef X
extern const struct command command_program;
extern const struct command_table command_table;
