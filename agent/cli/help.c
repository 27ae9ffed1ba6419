/* The text of --help and `rolewatch help`, from the tables. */
#include <ctype.h>
#include "cli_internal.h"
#include "command.h"
#include "rolewatch/report.h"

#define OPTION_COLUMN_MAX 26           /* help of a longer option stands below it */
#define PIPE_COLUMNS 80                /* where standard output is not a terminal */

/* The words of a text, from a column on, on as many lines as they need; what is in brackets stays together. */
static void help_wrap(FILE *out, unsigned column, unsigned indent, const char *s)
{
        unsigned terminal = cli_style().columns, columns = terminal ? terminal : PIPE_COLUMNS;
        bool first = true;

        while (*s) {
                size_t n = 0;

                for (int depth = 0; s[n] && (s[n] != ' ' || depth); n++)
                        depth += (s[n] == '[') - (s[n] == ']');
                if (!first && column + 1 + n > columns) {
                        fprintf(out, "\n%*s", (int)indent, "");
                        column = indent;
                } else if (!first) {
                        fputc(' ', out);
                        column++;
                }
                fwrite(s, 1, n, out);
                column += (unsigned)n;
                first = false;
                s += n + (s[n] == ' ');
        }
        fputc('\n', out);
}

static void help_print_row(FILE *out, unsigned indent, const char *what, const char *help)
{
        int n = fprintf(out, "  %s", what);

        if ((unsigned)n + 2 > indent)
                fprintf(out, "\n%*s", (int)indent, "");
        else
                fprintf(out, "%*s", (int)indent - n, "");
        help_wrap(out, indent, indent, help);
}

static void help_option_form(const struct option_row *o, struct text *t)
{
        text_addf(t, o->letter ? "-%c, " : "    ", o->letter);
        option_synopsis(o, t);
}

static unsigned help_option_column(const struct option_row *rows, size_t n)
{
        unsigned column = 0;

        for (size_t i = 0; i < n; i++) {
                CLEANUP(text_done) struct text t = { 0 };

                help_option_form(&rows[i], &t);
                if (t.len > column && t.len + 4 <= OPTION_COLUMN_MAX)
                        column = (unsigned)t.len;
        }
        return column + 4;
}

static void help_print_options(FILE *out, const struct option_row *rows, size_t n, unsigned column)
{
        const char *only = NULL;

        for (size_t i = 0; i < n; i++) {
                const struct option_row *o = &rows[i];
                CLEANUP(text_done) struct text form = { 0 }, help = { 0 };

                if (o->only && !streq(o->only, only))
                        fprintf(out, "%sOptions of %s:\n", i ? "\n" : "", o->only);
                only = o->only;
                help_option_form(o, &form);
                text_addf(&help, "%s%s", o->help, o->kind == OPTION_LIST ? " (may be repeated)" : "");
                if (form.s && help.s)
                        help_print_row(out, column, form.s, help.s);
        }
}

static void help_print_usage(const struct command *c, FILE *out)
{
        char choice[32];
        bool chosen = command_choice(c, 0, choice, sizeof choice);

        for (size_t i = 0; i == 0 || (chosen && command_choice(c, i, choice, sizeof choice)); i++) {
                CLEANUP(text_done) struct text t = { 0 };
                unsigned column = (unsigned)fprintf(out, "%s rolewatch %s", i ? "      " : "usage:", c->name);

                command_synopsis(c, chosen ? choice : NULL, &t);
                fputs(t.s ? " " : "", out);
                help_wrap(out, column + 1, column + 1, t.s ? t.s : "");
        }
}

static void help_print_exit(FILE *out, int status, const char *meaning)
{
        char text[16];

        snprintf(text, sizeof text, "%2d", status);
        help_print_row(out, 6, text, meaning);
}

void help_print_command(const struct command *c, FILE *out)
{
        unsigned own = help_option_column(c->options, c->n_options), common = help_option_column(common_option_rows, n_common_options);
        unsigned column = own > common ? own : common;

        help_print_usage(c, out);
        fprintf(out, "\n%c%s.\n\n%s", toupper((unsigned char)*c->help), c->help + 1, c->n_options && !c->options->only ? "Options:\n" : "");
        help_print_options(out, c->options, c->n_options, column);
        fprintf(out, "%sOptions of all commands:\n", c->n_options ? "\n" : "");
        help_print_options(out, common_option_rows, n_common_options, column);
        fprintf(out, "\nExit status:\n");
        for (size_t i = 0; i < ARRAY_SIZE(c->exits) && c->exits[i].meaning; i++)
                help_print_exit(out, c->exits[i].status, c->exits[i].meaning);
        help_print_exit(out, EXIT_USAGE, EXIT_USAGE_MEANING);
        for (size_t i = 0; i < ARRAY_SIZE(c->examples) && c->examples[i]; i++)
                fprintf(out, "%s  %s\n", i ? "" : "\nExamples:\n", c->examples[i]);
        fprintf(out, "\nSee rolewatch(1).\n");
}

void help_print(const struct command_table *t, FILE *out)
{
        fprintf(out, "usage: rolewatch [OPTION...] COMMAND [ARGUMENT...]\n\nCommands:\n");
        for (size_t i = 0; i < t->n; i++)
                help_print_row(out, 13, t->commands[i]->name, t->commands[i]->help);
        fprintf(out, "\nOptions:\n");
        help_print_options(out, t->program->options, t->program->n_options, 17);
        help_print_options(out, common_option_rows, n_common_options, 17);
        fprintf(out, "\n'rolewatch COMMAND --help' describes a command and its options. See rolewatch(1).\n");
}
