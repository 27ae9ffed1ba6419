#include "commands.h"

static const struct command *const commands[] = {
#define X(name) &command_##name,
        COMMANDS(X)
#undef X
};

const struct command_table command_table = { &command_program, commands, ARRAY_SIZE(commands) };
