/* command -- a row of the command line: a command, its options, and what was typed. */
#pragma once
#include <stdio.h>
#include "rolewatch/base.h"

/*
 * An option is one row of its command's table, an X-macro over
 *      X(kind, member, "long-name", 'letter' or 0, "VALUE" or NULL, "what it does, an imperative", more...)
 * From it come the member of `struct options`, parsing, help, rolewatch(1) and the completions. `more` sets members from
 * `required` on, by name. Of a FLAG or TEXT the last one counts; a LIST may be repeated.
 */
enum option_kind { OPTION_FLAG, OPTION_TEXT, OPTION_LIST };
struct option_list { const char **values; size_t n; };
#define OPTION_TYPE_FLAG bool
#define OPTION_TYPE_TEXT const char *
#define OPTION_TYPE_LIST struct option_list
struct option_row {
        enum option_kind kind;
        size_t offset;                 /* of what it sets, in the command's struct options */
        const char *name;
        char letter;
        const char *value, *help;
        bool required;
        bool no_operand;               /* with it there are no operands */
        unsigned group;                /* not 0: at most one row of the group is given; they stand side by side */
        const char *only;              /* valid with this first operand only */
};
#define OPTION_MEMBER(kind, member, ...) OPTION_TYPE_##kind member;
#define OPTION_ROW(kind_, member, name_, letter_, value_, help_, ...) \
        { .kind = OPTION_##kind_, .offset = offsetof(struct options, member), .name = name_, .letter = letter_, .value = value_, \
          .help = help_, __VA_ARGS__ },
/* The struct options of a file, and the rows that fill it. */
#define OPTION_TABLE(TABLE) \
        struct options { TABLE(OPTION_MEMBER) }; \
        static const struct option_row option_rows[] = { TABLE(OPTION_ROW) };
#define COMMAND_OPTIONS .options = option_rows, .n_options = ARRAY_SIZE(option_rows), .options_size = sizeof(struct options)

struct arguments;
struct command {
        const char *name;              /* "" for the program itself, which takes what stands before the command */
        /*
         * [] may be left out, ... may be repeated, | separates alternatives. A word in capitals stands for a value;
         * words in small letters are typed as they stand, and nothing else is taken.
         */
        const char *operands;
        const char *help;              /* one imperative sentence, without capital and period */
        const struct option_row *options;
        size_t n_options, options_size;
        struct { int status; const char *meaning; } exits[5];  /* beside EXIT_USAGE, which every command has */
        const char *examples[4];
        bool text_operand;             /* a word that begins with a dash and has a blank in it is an operand */
        int (*run)(const struct arguments *a);                 /* an exit status */
};
struct command_table {
        const struct command *program;         /* its options stand before the command */
        const struct command *const *commands;
        size_t n;
};
/* Options that every command takes. */
extern const struct option_row common_option_rows[];
extern const size_t n_common_options;
#define EXIT_USAGE_MEANING "the command line is invalid"

struct arguments {
        const struct command *command;
        const struct command_table *table;
        void *options;                 /* struct options of the command; NULL: it has none */
        const char **operands;
        size_t n_operands;
        bool help, verbose;
        struct arena *arena;           /* of all above */
};
void arguments_done(struct arguments *a);

/*
 * Takes the words after argv[0] apart; values and operands are borrowed from them. 0, EXIT_USAGE with a message on
 * stderr, or EXIT_UNKNOWN without memory. With --help nothing after it is looked at. Uses getopt(3): not reentrant.
 */
int options_parse(const struct command *c, int argc, char **argv, struct arguments *ret);
const struct option_row *option_find(const struct command *c, const char *name);        /* of the command's own; or NULL */
bool option_is_set(const struct arguments *a, const struct option_row *row);

/* "rolewatch COMMAND: MESSAGE; try 'rolewatch COMMAND --help'" on stderr; EXIT_USAGE. */
int usage_error(const struct command *c, const char *format, ...) PRINTF(2, 3);
/* The same with "did you mean 'NEAR'?" in place of the advice; NULL or "": nothing is near. */
int usage_error_near(const struct command *c, const char *near, const char *format, ...) PRINTF(3, 4);

/* The nearest name to a word that is none; all zero but the word to begin with. */
struct suggestion { const char *word; const char *name; size_t distance; };
void suggestion_consider(struct suggestion *s, const char *name);

/* A whole command line, with the command in it; an exit status. */
int command_line_run(const struct command_table *t, int argc, char **argv);
const struct command *command_find(const struct command_table *t, const char *name);
/* unknown command 'chek'; did you mean 'check'? EXIT_USAGE. */
int command_unknown(const struct command_table *t, const struct command *c, const char *name);

/* The arguments as a synopsis has them: "[--from FILE] PID|CONTAINER|TASK". choice: of this first operand; NULL: all. */
void command_synopsis(const struct command *c, const char *choice, struct text *t);
/* "--from FILE" */
void option_synopsis(const struct option_row *o, struct text *t);
/* The n-th word of "eval|statement" into buf; false: no such, or not words to be typed as they stand. */
bool command_choice(const struct command *c, size_t n, char *buf, size_t size);
void help_print(const struct command_table *t, FILE *out);
void help_print_command(const struct command *c, FILE *out);
