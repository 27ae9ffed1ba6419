/* The command line of one command, by its table of options and getopt_long(3). */
#include <assert.h>
#include <getopt.h>
#include <stdarg.h>
#include "cli_internal.h"
#include "command.h"

#define ROWS_MAX 32                    /* of a command, with the common ones */
#define REPEAT_MAX 256                 /* values of one option, and operands */
#define LONG_CODE 256                  /* getopt's code of the row n is LONG_CODE + n; below are letters */
#define ARENA_MAX ((size_t)1 << 20)

#define COMMON_OPTIONS(X) \
        X(FLAG, help,    "help",    'h', NULL, "print this help and exit") \
        X(FLAG, verbose, "verbose", 'v', NULL, "log why a process is skipped, deferred or not judged, and how long each step takes")
struct options { COMMON_OPTIONS(OPTION_MEMBER) };
const struct option_row common_option_rows[] = { COMMON_OPTIONS(OPTION_ROW) };
const size_t n_common_options = ARRAY_SIZE(common_option_rows);

struct parse {
        const struct command *command;
        struct arguments *a;
        struct options common;
        struct { const struct option_row *row; char *base; bool given; } rows[ROWS_MAX + 1];      /* the last is none */
        size_t n;
        struct option longs[ROWS_MAX + 1];
        char letters[3 + 2 * ROWS_MAX];
        char **argv;
        int argc;
};

void arguments_done(struct arguments *a)
{
        arena_free(a->arena);
        *a = (struct arguments){ 0 };
}

static __attribute__((format(printf, 3, 0)))
void usage_vprint(const struct command *c, const char *near, const char *format, va_list args)
{
        const char *blank = *c->name ? " " : "";

        fprintf(stderr, "rolewatch%s%s: ", blank, c->name);
        vfprintf(stderr, format, args);
        if (near && *near)
                fprintf(stderr, "; did you mean '%s'?\n", near);
        else
                fprintf(stderr, "; try 'rolewatch%s%s --help'\n", blank, c->name);
}

int usage_error(const struct command *c, const char *format, ...)
{
        va_list args;

        va_start(args, format);
        usage_vprint(c, NULL, format, args);
        va_end(args);
        return EXIT_USAGE;
}

int usage_error_near(const struct command *c, const char *near, const char *format, ...)
{
        va_list args;

        va_start(args, format);
        usage_vprint(c, near, format, args);
        va_end(args);
        return EXIT_USAGE;
}

const struct option_row *option_find(const struct command *c, const char *name)
{
        for (size_t i = 0; i < c->n_options; i++)
                if (streq(c->options[i].name, name))
                        return &c->options[i];
        return NULL;
}

bool option_is_set(const struct arguments *a, const struct option_row *row)
{
        const char *at = (const char *)a->options + row->offset;

        return row->kind == OPTION_FLAG   ? *(const bool *)at
               : row->kind == OPTION_TEXT ? *(const char *const *)at != NULL
                                          : ((const struct option_list *)at)->n > 0;
}

/* ---- from the table to getopt ---- */

static void parse_row_add(struct parse *p, const struct option_row *row, void *base)
{
        size_t n = strlen(p->letters);

        if (p->n == ROWS_MAX)
                abort();               /* our own table */
        p->rows[p->n].row = row;
        p->rows[p->n].base = base;
        p->longs[p->n] = (struct option){ row->name, row->value ? required_argument : no_argument, NULL, LONG_CODE + (int)p->n };
        p->n++;
        if (row->letter)
                snprintf(p->letters + n, sizeof p->letters - n, "%c%s", row->letter, row->value ? ":" : "");
}

/* Of the program itself options stand before the command; else operands and options in any order, one by one. */
static int parse_begin(struct parse *p)
{
        const struct command *c = p->command;

        if (arena_new(ARENA_MAX, &p->a->arena) < 0)
                return EXIT_UNKNOWN;
        p->a->command = c;
        p->a->operands = arena_alloc(p->a->arena, ((size_t)p->argc + 1) * sizeof *p->a->operands);
        p->a->options = c->n_options ? arena_alloc(p->a->arena, c->options_size) : NULL;
        if (!p->a->operands || (c->n_options && !p->a->options))
                return EXIT_UNKNOWN;
        snprintf(p->letters, sizeof p->letters, "%s", *c->name ? "-:" : "+:");
        for (size_t i = 0; i < c->n_options; i++)
                parse_row_add(p, &c->options[i], p->a->options);
        for (size_t i = 0; i < n_common_options; i++)
                parse_row_add(p, &common_option_rows[i], &p->common);
        return 0;
}

/* The number of a row, by getopt's code. */
static size_t parse_row_of(const struct parse *p, int code)
{
        size_t i = 0;

        if (code >= LONG_CODE)
                return (size_t)(code - LONG_CODE);
        while (i < p->n && p->rows[i].row->letter != code)
                i++;
        return i;
}

/* How many long options the word may be short for: "--from=x" and "--fr" are --from, and a whole name is only itself. */
static size_t parse_candidates(const struct parse *p, const char *word, struct text *ret_names)
{
        size_t length = strcspn(word + 2, "="), found = 0;

        for (size_t i = 0; i < p->n; i++) {
                const char *name = p->rows[i].row->name;

                if (strncmp(name, word + 2, length) != 0)
                        continue;
                if (strlen(name) == length)
                        return 1;
                found++;
                if (ret_names)
                        text_addf(ret_names, " '--%s'", name);
        }
        return found;
}

/* ---- errors, as GNU's programs name them ---- */

static int parse_unknown_long(const struct parse *p, const char *word)
{
        CLEANUP(text_done) struct text names = { 0 };
        char typed[64], near[64] = "";
        struct suggestion s = { .word = typed };
        int length = (int)strcspn(word, "=");

        if (parse_candidates(p, word, &names) > 1)
                return usage_error(p->command, "option '%.*s' is ambiguous; possibilities:%s", length, word, names.s ? names.s : "");
        snprintf(typed, sizeof typed, "%.*s", length - 2, word + 2);
        for (size_t i = 0; i < p->n; i++)
                suggestion_consider(&s, p->rows[i].row->name);
        if (s.name)
                snprintf(near, sizeof near, "--%s", s.name);
        return usage_error_near(p->command, near, "unrecognized option '%.*s'", length, word);
}

/* "-json" is read as letters; what it was meant to be is said. */
static int parse_unknown_letter(const struct parse *p, const char *word, char letter)
{
        char near[64] = "";

        for (size_t i = 0; i < p->n; i++)
                if (strlen(word) > 2 && strncmp(word + 1, p->rows[i].row->name, strcspn(word + 1, "=")) == 0)
                        snprintf(near, sizeof near, "--%s", p->rows[i].row->name);
        if (word[2])
                return usage_error_near(p->command, near, "unrecognized option '-%c' in '%s'", letter, word);
        return usage_error(p->command, "unrecognized option '%s'", word);
}

static int parse_error(const struct parse *p, int code, const char *word)
{
        const struct option_row *row = optopt ? p->rows[parse_row_of(p, optopt)].row : NULL;
        bool is_long = strncmp(word, "--", 2) == 0;

        assert(code != ':' || row);
        if (code == ':')
                return is_long ? usage_error(p->command, "option '--%s' requires an argument", row->name)
                               : usage_error(p->command, "option '-%c' requires an argument", optopt);
        if (!is_long)
                return parse_unknown_letter(p, word, (char)optopt);
        return optopt ? usage_error(p->command, "option '--%s' doesn't allow an argument", row->name)
                      : parse_unknown_long(p, word);
}

/* ---- what is typed ---- */

static int parse_operand(struct parse *p, const char *word)
{
        if (p->a->n_operands == REPEAT_MAX && *p->command->name)
                return usage_error(p->command, "more than %d operands", REPEAT_MAX);
        p->a->operands[p->a->n_operands++] = word;
        return 0;
}

static int parse_option(struct parse *p, int code)
{
        size_t i = parse_row_of(p, code);
        const struct option_row *row = p->rows[i].row;
        void *at = p->rows[i].base + row->offset;
        struct option_list *list = at;

        p->rows[i].given = true;
        switch (row->kind) {
        case OPTION_FLAG: *(bool *)at = true; break;
        case OPTION_TEXT: *(const char **)at = optarg; break;
        case OPTION_LIST:
                if (!list->values)
                        list->values = arena_alloc(p->a->arena, REPEAT_MAX * sizeof *list->values);
                if (!list->values)
                        return EXIT_UNKNOWN;
                if (list->n == REPEAT_MAX)
                        return usage_error(p->command, "option '--%s' is given more than %d times", row->name, REPEAT_MAX);
                list->values[list->n++] = optarg;
        }
        return 0;
}

static bool parse_is_text(const struct parse *p, const char *word)
{
        if (!p->command->text_operand || word[0] != '-' || !strpbrk(word, " \t\n"))
                return false;
        return word[1] != '-' || !strchr(word, '=') || parse_candidates(p, word, NULL) == 0;
}

static int parse_words(struct parse *p)
{
        char *none[] = { p->argv[0], NULL };
        int r = 0;

        opterr = 0;
        optind = 0;                    /* glibc: begin anew, with the order that the letters begin with */
        (void)getopt_long(1, none, p->letters, p->longs, NULL);
        while (r == 0 && !p->common.help) {
                int at = optind, code;

                if (at < p->argc && parse_is_text(p, p->argv[at])) {
                        r = parse_operand(p, p->argv[optind++]);
                        continue;
                }
                code = getopt_long(p->argc, p->argv, p->letters, p->longs, NULL);
                if (code == -1)
                        break;
                r = code == 1                    ? parse_operand(p, optarg)
                    : code == '?' || code == ':' ? parse_error(p, code, p->argv[at])
                                                 : parse_option(p, code);
        }
        while (r == 0 && !p->common.help && optind < p->argc)
                r = parse_operand(p, p->argv[optind++]);
        return r;
}

/* ---- what goes together ---- */

/* "PID|CONTAINER|TASK" as a sentence has it. */
static void operand_words(const struct command *c, struct text *t)
{
        for (const char *s = c->operands; *s; s++)
                if (*s == '|')
                        text_add(t, strchr(s + 1, '|') ? ", " : " or ");
                else
                        text_addn(t, s, 1);
}

static int check_choice(const struct parse *p)
{
        const char *word = p->a->n_operands ? p->a->operands[0] : NULL;
        char choice[32], near[32] = "";
        struct suggestion s = { .word = word };
        CLEANUP(text_done) struct text words = { 0 };

        if (!word || !command_choice(p->command, 0, choice, sizeof choice))
                return 0;
        for (size_t i = 0; command_choice(p->command, i, choice, sizeof choice); i++) {
                if (streq(choice, word))
                        return 0;
                s.name = NULL;
                suggestion_consider(&s, choice);
                if (s.name)
                        snprintf(near, sizeof near, "%s", choice);
        }
        operand_words(p->command, &words);
        return usage_error_near(p->command, near, "unexpected operand '%s', expected %s", word, words.s ? words.s : "");
}

static int check_operands(const struct parse *p)
{
        const char *form = p->command->operands;
        CLEANUP(text_done) struct text words = { 0 };
        size_t n = p->a->n_operands, most = !*form ? 0 : strstr(form, "...") ? SIZE_MAX : 1;

        if (n > most)
                return usage_error(p->command, "unexpected operand '%s'", p->a->operands[most]);
        if (!*form || *form == '[' || (n && *p->a->operands[0]))
                return check_choice(p);
        operand_words(p->command, &words);
        return usage_error(p->command, "missing operand %s", words.s ? words.s : "");
}

static int check_row(const struct parse *p, size_t i)
{
        const struct option_row *row = p->rows[i].row;
        const struct arguments *a = p->a;

        if (row->required && !p->rows[i].given)
                return usage_error(p->command, "option '--%s%s%s' is required", row->name, row->value ? " " : "", row->value ? row->value : "");
        if (!p->rows[i].given)
                return 0;
        if (row->no_operand && a->n_operands)
                return usage_error(p->command, "unexpected operand '%s' with option '--%s'", a->operands[0], row->name);
        if (row->only && a->n_operands && !streq(row->only, a->operands[0]))
                return usage_error(p->command, "option '--%s' is valid only for 'rolewatch %s %s'", row->name, p->command->name, row->only);
        for (size_t k = 0; row->group && k < i; k++)
                if (p->rows[k].given && p->rows[k].row->group == row->group)
                        return usage_error(p->command, "options '--%s' and '--%s' exclude each other", p->rows[k].row->name, row->name);
        return 0;
}

int options_parse(const struct command *c, int argc, char **argv, struct arguments *ret)
{
        CLEANUP(arguments_done) struct arguments a = { 0 };
        struct parse p = { .command = c, .a = &a, .argv = argv, .argc = argc };
        int r = parse_begin(&p);

        if (r == 0)
                r = parse_words(&p);
        if (r == EXIT_UNKNOWN)
                fprintf(stderr, "rolewatch %s: out of memory\n", c->name);
        if (r == 0 && !p.common.help && *c->name)
                r = check_operands(&p);
        for (size_t i = 0; r == 0 && !p.common.help && i < p.n; i++)
                r = check_row(&p, i);
        if (r)
                return r;
        a.help = p.common.help;
        a.verbose = p.common.verbose;
        *ret = a;
        a.arena = NULL;
        return 0;
}
