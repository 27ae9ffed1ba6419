/* rolewatch help: the command table; as JSON with all that rolewatch(1), rolewatch-broker(8) and the completions hold. */
#include "commands.h"
#include "rolewatch/broker.h"
#include "rolewatch/environment.h"

#define ARGS_COLUMNS 34                /* longer arguments stand on a line of their own */

int help_print(FILE *out)
{
        fprintf(out, "usage: rolewatch COMMAND [OPTION...]\n\n");
        for (size_t i = 0; i < n_commands; i++)
                if (strlen(commands[i].args) <= ARGS_COLUMNS)
                        fprintf(out, "  %-9s %-*s %s\n", commands[i].name, ARGS_COLUMNS, commands[i].args,
                                commands[i].help);
                else
                        fprintf(out, "  %-9s %s\n  %-9s %-*s %s\n", commands[i].name, commands[i].args, "",
                                ARGS_COLUMNS, "", commands[i].help);
        fprintf(out, "\nExit status of check: 0 nothing to do, 1 warning, 2 critical, 3 could not "
                     "be judged.\n"
                     "See rolewatch(1).\n");
        return 0;
}

/* An object of texts, added to the list; a NULL value is null. */
static bool row_add(cJSON *list, size_t n, const char *const texts[][2])
{
        cJSON *o = cJSON_CreateObject();
        bool ok = cJSON_AddItemToArray(list, o);

        for (size_t i = 0; ok && i < n; i++)
                ok = texts[i][1] ? cJSON_AddStringToObject(o, texts[i][0], texts[i][1]) != NULL
                                 : cJSON_AddNullToObject(o, texts[i][0]) != NULL;
        return ok;
}

#define ROW_ADD(list, ...) \
        row_add(list, sizeof((const char *[][2]){ __VA_ARGS__ }) / sizeof(const char *[2]), (const char *[][2]){ __VA_ARGS__ })

static bool commands_add(cJSON *j)
{
        cJSON *list = cJSON_AddArrayToObject(j, "commands"), *options = cJSON_AddArrayToObject(j, "options");
        bool ok = list && options;

        for (size_t i = 0; ok && i < n_commands; i++)
                ok = ROW_ADD(list, { "name", commands[i].name }, { "arguments", commands[i].args },
                             { "meaning", commands[i].help });
        for (size_t i = 0; ok && i < n_option_helps; i++)
                ok = ROW_ADD(options, { "name", option_helps[i].name }, { "meaning", option_helps[i].help });
        return ok;
}

static bool environment_add(cJSON *j)
{
        static const struct { const char *name, *fallback, *prefix, *meaning; } rows[] = {
#define X(field, name, fallback, meaning) { name, fallback, "", meaning },
                ENVIRONMENT_TEXTS(X)
#undef X
#define X(field, name, meaning) { name, NULL, "Not empty: ", meaning },
                ENVIRONMENT_SWITCHES(X)
#undef X
#define X(name, fallback, meaning) { name, fallback, "", meaning },
                ENVIRONMENT_OTHERS(X)
#undef X
        };
        cJSON *list = cJSON_AddArrayToObject(j, "environment");
        bool ok = list != NULL;

        for (size_t i = 0; ok && i < ARRAY_SIZE(rows); i++)
                ok = ROW_ADD(list, { "name", rows[i].name }, { "default", rows[i].fallback },
                             { "before", rows[i].prefix }, { "meaning", rows[i].meaning });
        return ok;
}

static bool broker_add(cJSON *j)
{
        cJSON *list = cJSON_AddArrayToObject(j, "broker");
        bool ok = list != NULL;

#define X(id, word, what) ok = ok && ROW_ADD(list, { "name", word }, { "meaning", what });
        BROKER_OPS(X)
#undef X
        return ok;
}

int cmd_help(int argc, char **argv)
{
        CLEANUP(json_freep) cJSON *j = NULL;

        if (argc == 1)
                return help_print(stdout);
        if (argc > 2 || !streq(argv[1], "--json")) {
                fprintf(stderr, "usage: rolewatch help [--json]\n");
                return EXIT_USAGE;
        }
        j = cJSON_CreateObject();
        return j && commands_add(j) && environment_add(j) && broker_add(j) ? json_print(TAKE(j), NULL) : EXIT_UNKNOWN;
}
