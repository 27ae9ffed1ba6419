/* rolewatch help: the command table; as JSON with all that rolewatch(1), rolewatch.conf(5), rolewatch-broker(8) and the completions hold. */
#include "cli_internal.h"
#include "help.h"
#include "rolewatch/broker.h"
#include "rolewatch/config.h"
#include "rolewatch/environment.h"

#define ARGS_COLUMNS 34                /* longer arguments stand on a line of their own */

int help_print(const struct command_table *t, FILE *out)
{
        fprintf(out, "usage: rolewatch COMMAND [OPTION...]\n\n");
        for (const struct command *c = t->commands; c < t->commands + t->n_commands; c++)
                if (strlen(c->args) <= ARGS_COLUMNS)
                        fprintf(out, "  %-9s %-*s %s\n", c->name, ARGS_COLUMNS, c->args, c->help);
                else
                        fprintf(out, "  %-9s %s\n  %-9s %-*s %s\n", c->name, c->args, "", ARGS_COLUMNS, "", c->help);
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

static bool commands_add(const struct command_table *t, cJSON *j)
{
        cJSON *list = cJSON_AddArrayToObject(j, "commands"), *options = cJSON_AddArrayToObject(j, "options");
        bool ok = list && options;

        for (const struct command *c = t->commands; ok && c < t->commands + t->n_commands; c++)
                ok = ROW_ADD(list, { "name", c->name }, { "arguments", c->args }, { "meaning", c->help });
        for (const struct option_help *o = t->options; ok && o < t->options + t->n_options; o++)
                ok = ROW_ADD(options, { "name", o->name }, { "meaning", o->help });
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

static bool settings_add(cJSON *j)
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

int cmd_help(const struct command_table *t, int argc, char **argv)
{
        CLEANUP(json_freep) cJSON *j = NULL;

        if (argc == 1)
                return help_print(t, stdout);
        if (argc > 2 || !streq(argv[1], "--json")) {
                fprintf(stderr, "usage: rolewatch help [--json]\n");
                return EXIT_USAGE;
        }
        j = cJSON_CreateObject();
        return j && commands_add(t, j) && environment_add(j) && broker_add(j) && settings_add(j) ? json_print(TAKE(j), NULL) : EXIT_UNKNOWN;
}
