/* rolewatch help and version; help as JSON has all that rolewatch(1), rolewatch.conf(5), rolewatch-broker(8) and the completions hold. */
#include "cli_internal.h"
#include "command.h"
#include "commands.h"
#include "rolewatch/broker.h"
#include "rolewatch/config.h"
#include "rolewatch/environment.h"

#define HELP_OPTIONS(X) \
        X(FLAG, json, "json", 'j', NULL, "print the tables of commands, options, environment variables and broker operations as JSON", \
          .no_operand = true)
OPTION_TABLE(HELP_OPTIONS)

/* An object of texts, added to the list; a NULL value is null. */
static cJSON *help_row_add(cJSON *list, size_t n, const char *const texts[][2])
{
        cJSON *o = cJSON_CreateObject();
        bool ok = cJSON_AddItemToArray(list, o);

        for (size_t i = 0; ok && i < n; i++)
                ok = texts[i][1] ? cJSON_AddStringToObject(o, texts[i][0], texts[i][1]) != NULL
                                 : cJSON_AddNullToObject(o, texts[i][0]) != NULL;
        return ok ? o : NULL;
}

#define ROW_ADD(list, ...) \
        help_row_add(list, sizeof((const char *[][2]){ __VA_ARGS__ }) / sizeof(const char *[2]), (const char *[][2]){ __VA_ARGS__ })

/* "name" and "meaning" are what the program-wide list had of each before the rest was added. */
static bool help_options_add(cJSON *to, const struct option_row *rows, size_t n)
{
        cJSON *list = cJSON_AddArrayToObject(to, "options");
        bool ok = list != NULL;

        for (const struct option_row *row = rows; ok && row < rows + n; row++) {
                char name[64], letter[3] = { '-', row->letter };
                cJSON *o;

                snprintf(name, sizeof name, "--%s", row->name);
                o = ROW_ADD(list, { "name", name }, { "short", row->letter ? letter : NULL }, { "value", row->value },
                            { "meaning", row->help }, { "only", row->only });
                ok = o && cJSON_AddBoolToObject(o, "required", row->required) && cJSON_AddBoolToObject(o, "repeats", row->kind == OPTION_LIST) &&
                     cJSON_AddNumberToObject(o, "group", row->group);
        }
        return ok;
}

static bool help_exits_add(cJSON *to, const struct command *c)
{
        cJSON *list = cJSON_AddArrayToObject(to, "exits");
        bool ok = list != NULL;

        for (size_t i = 0; ok && i < ARRAY_SIZE(c->exits) && c->exits[i].meaning; i++) {
                cJSON *o = ROW_ADD(list, { "meaning", c->exits[i].meaning });

                ok = o && cJSON_AddNumberToObject(o, "status", c->exits[i].status);
        }
        return ok;
}

static bool help_command_add(cJSON *list, const struct command *c)
{
        CLEANUP(text_done) struct text arguments = { 0 };
        cJSON *o, *examples;
        bool ok;

        command_synopsis(c, NULL, &arguments);
        o = ROW_ADD(list, { "name", c->name }, { "arguments", arguments.s ? arguments.s : "" }, { "operands", c->operands },
                    { "meaning", c->help });
        examples = o ? cJSON_AddArrayToObject(o, "examples") : NULL;
        ok = examples && !arguments.failed;
        for (size_t i = 0; ok && i < ARRAY_SIZE(c->examples) && c->examples[i]; i++)
                ok = cJSON_AddItemToArray(examples, cJSON_CreateString(c->examples[i]));
        return ok && help_options_add(o, c->options, c->n_options) && help_exits_add(o, c);
}

static bool help_commands_add(cJSON *j, const struct command_table *t)
{
        cJSON *list = cJSON_AddArrayToObject(j, "commands"), *program = cJSON_AddObjectToObject(j, "program");
        bool ok = list && program;

        for (size_t i = 0; ok && i < t->n; i++)
                ok = help_command_add(list, t->commands[i]);
        return ok && help_options_add(program, t->program->options, t->program->n_options) &&
               help_options_add(j, common_option_rows, n_common_options);
}

static bool help_environment_add(cJSON *j)
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

static bool help_broker_add(cJSON *j)
{
        cJSON *list = cJSON_AddArrayToObject(j, "broker");
        bool ok = list != NULL;

#define X(id, word, what) ok = ok && ROW_ADD(list, { "name", word }, { "meaning", what });
        BROKER_OPS(X)
#undef X
        return ok;
}

static bool help_settings_add(cJSON *j)
{
        cJSON *list = cJSON_AddArrayToObject(j, "settings");
        bool ok = list != NULL;

#define X(id, section, key, former, type, fallback, meaning) \
        ok = ok && ROW_ADD(list, { "section", section }, { "name", key }, { "former", former }, { "type", #type }, \
                           { "default", fallback }, { "meaning", meaning });
        SETTINGS(X)
#undef X
        return ok;
}

static int help_json(const struct arguments *a)
{
        CLEANUP(json_freep) cJSON *j = cJSON_CreateObject();
        bool ok = j && cJSON_AddNumberToObject(j, "usageStatus", EXIT_USAGE) && cJSON_AddStringToObject(j, "usageMeaning", EXIT_USAGE_MEANING) &&
                  help_commands_add(j, a->table) && help_environment_add(j) && help_broker_add(j) && help_settings_add(j);

        return ok ? json_print(a, TAKE(j), NULL) : command_error(a, "out of memory");
}

static int run_help(const struct arguments *a)
{
        const struct options *o = a->options;
        const char *name = a->n_operands ? a->operands[0] : NULL;
        const struct command *c = name ? command_find(a->table, name) : NULL;

        if (o->json)
                return help_json(a);
        if (name && !c)
                return command_unknown(a->table, a->command, name);
        if (c)
                help_print_command(c, stdout);
        else
                help_print(a->table, stdout);
        return 0;
}

const struct command command_help = {
        .name = "help", .operands = "[COMMAND]", .help = "list all commands, or describe one command and its options",
        COMMAND_OPTIONS, .run = run_help,
        .exits = { { 0, "the help is printed" } },
        .examples = { "rolewatch help check" },
};
