/* The command line: every row of every command's table, typed in every way that it can be typed rightly and wrongly. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>
#include "../../agent/cli/cli_internal.h"
#include "../../agent/cli/commands.h"
#include "rolewatch/aws_calls.h"

#define WORDS_MAX 300
#define TABLE_EACH(c) \
        for (size_t c##_ = 0; c##_ < command_table.n; c##_++) \
                for (const struct command *c = command_table.commands[c##_]; c; c = NULL)

struct typed { const char *words[WORDS_MAX + 1]; int n; };

static char *printed;                     /* on stderr, by the last parse */

static void typed_add(struct typed *t, const char *word)
{
        assert_true(t->n < WORDS_MAX);
        t->words[t->n++] = word;
}

static int parse(const struct command *c, const struct typed *t, struct arguments *ret)
{
        FILE *err = stderr;
        size_t size;
        int r;

        free(printed);
        printed = NULL;
        stderr = open_memstream(&printed, &size);
        assert_non_null(stderr);
        r = options_parse(c, t->n, (char **)t->words, ret);
        fclose(stderr);
        stderr = err;
        if ((r == 0) != (*printed == '\0'))
                fail_msg("rolewatch %s: status %d, and it says: %s", c->name, r, printed);
        return r;
}

/* The words after a command, separated by blanks; the buffer is the caller's. */
static int parse_line(const char *line, char *buf, size_t size, struct arguments *ret)
{
        struct typed t = { 0 };
        char *rest = buf;

        snprintf(buf, size, "%s", line);
        for (char *word; (word = strsep(&rest, " "));)
                typed_add(&t, word);
        return parse(command_find(&command_table, buf), &t, ret);
}

/* A line that is complete but for the row that is being tested. */
static struct typed others_of(const struct command *c, const struct option_row *row)
{
        struct typed t = { { c->name }, 1 };

        for (size_t i = 0; i < c->n_options; i++)
                if (c->options[i].required && &c->options[i] != row) {
                        static char name[64];

                        snprintf(name, sizeof name, "--%s", c->options[i].name);
                        typed_add(&t, name);
                        if (c->options[i].value)
                                typed_add(&t, "X");
                }
        if (row && row->only)
                typed_add(&t, row->only);
        else if (*c->operands && *c->operands != '[')
                typed_add(&t, "X");
        return t;
}

static const char *value_of(const struct arguments *a, const struct option_row *row)
{
        const char *at = (const char *)a->options + row->offset;
        const struct option_list *list = (const void *)at;

        if (row->kind == OPTION_TEXT)
                return *(const char *const *)at;
        return row->kind == OPTION_LIST ? list->values[list->n - 1] : NULL;
}

/* The same option in one or two words; sets it, and nothing else. */
static void takes(const struct command *c, const struct option_row *row, const char *first, const char *second)
{
        struct typed t = others_of(c, row);
        struct arguments a = { 0 };

        typed_add(&t, first);
        if (second)
                typed_add(&t, second);
        if (parse(c, &t, &a) != 0)
                fail_msg("rolewatch %s does not take %s: %s", c->name, first, printed);
        for (size_t i = 0; i < c->n_options; i++)
                assert_int_equal(option_is_set(&a, &c->options[i]), &c->options[i] == row || c->options[i].required);
        if (row->value)
                assert_string_equal(value_of(&a, row), "VALUE");
        arguments_done(&a);
}

static void refuses(const struct command *c, const struct option_row *row, const char *word, const char *message)
{
        struct typed t = others_of(c, row);
        struct arguments a = { 0 };
        char begin[64];

        typed_add(&t, word);
        snprintf(begin, sizeof begin, "rolewatch %s: ", c->name);
        assert_int_equal(parse(c, &t, &a), EXIT_USAGE);
        if (strncmp(printed, begin, strlen(begin)) != 0 || strncmp(printed + strlen(begin), message, strlen(message)) != 0)
                fail_msg("rolewatch %s %s: %s, not: %s", c->name, word, printed, message);
}

/* So much of the name that no other row begins so; 0: another name begins with all of it. */
static size_t unique_length(const struct command *c, const struct option_row *row)
{
        size_t n = 1;

        for (size_t i = 0; i < c->n_options + n_common_options; i++) {
                const struct option_row *o = i < c->n_options ? &c->options[i] : &common_option_rows[i - c->n_options];
                size_t same = 0;

                while (o != row && o->name[same] && o->name[same] == row->name[same])
                        same++;
                n = same + 1 > n ? same + 1 : n;
        }
        return n <= strlen(row->name) ? n : 0;
}

static void row_is_taken(const struct command *c, const struct option_row *row)
{
        char name[64], joined[80], shorter[64], letter[3] = { '-', row->letter }, glued[16], message[128];
        int unique = (int)unique_length(c, row);

        snprintf(name, sizeof name, "--%s", row->name);
        snprintf(joined, sizeof joined, "%s=VALUE", name);
        snprintf(shorter, sizeof shorter, "--%.*s", unique, row->name);
        snprintf(glued, sizeof glued, "%sVALUE", letter);
        takes(c, row, name, row->value ? "VALUE" : NULL);
        if (unique)
                takes(c, row, shorter, row->value ? "VALUE" : NULL);
        if (row->letter)
                takes(c, row, letter, row->value ? "VALUE" : NULL);
        if (row->value)
                takes(c, row, joined, NULL);
        if (row->value && row->letter)
                takes(c, row, glued, NULL);
        snprintf(message, sizeof message, "option '%s' %s;", name, row->value ? "requires an argument" : "doesn't allow an argument");
        refuses(c, row, row->value ? name : joined, message);
        snprintf(message, sizeof message, "option '%s' requires an argument;", letter);
        if (row->value && row->letter)
                refuses(c, row, letter, message);
}

static void every_row_is_taken(void **state)
{
        size_t rows = 0;

        (void)state;
        TABLE_EACH(c)
                for (size_t i = 0; i < c->n_options; i++, rows++)
                        row_is_taken(c, &c->options[i]);
        assert_true(rows > 30);
}

static void every_command_refuses(void **state)
{
        (void)state;
        TABLE_EACH(c) {
                refuses(c, NULL, "--no-such-option", "unrecognized option '--no-such-option'; try 'rolewatch ");
                refuses(c, NULL, "--no-such-option=value", "unrecognized option '--no-such-option'; try 'rolewatch ");
                refuses(c, NULL, "--hepl", "unrecognized option '--hepl'; did you mean '--help'?\n");
                refuses(c, NULL, "--vrebose=x", "unrecognized option '--vrebose'; did you mean '--verbose'?\n");
                refuses(c, NULL, "-Z", "unrecognized option '-Z'; try 'rolewatch ");
                refuses(c, NULL, "-vZ", "unrecognized option '-Z' in '-vZ'; try 'rolewatch ");
        }
}

/* Of each option's name with a letter left out, the option is what was meant. */
static void a_near_miss_is_named(void **state)
{
        (void)state;
        TABLE_EACH(c)
                for (size_t i = 0; i < c->n_options; i++) {
                        const char *name = c->options[i].name;
                        char word[64], message[160];

                        if (strlen(name) < 4)
                                continue;
                        snprintf(word, sizeof word, "--%c%s", name[0], name + 2);
                        snprintf(message, sizeof message, "unrecognized option '%s'; did you mean '--%s'?\n", word, name);
                        refuses(c, NULL, word, message);
                }
}

static const struct { const char *line, *message; } wrong[] = {
        { "policy statement --c x", "policy: option '--c' is ambiguous; possibilities: '--cloudwatch' '--cluster'; try 'rolewatch policy --help'\n" },
        { "policy statement --=x", "policy: option '--' is ambiguous; possibilities: '--rulings' " },
        { "status -json", "status: unrecognized option '-s' in '-json'; did you mean '--json'?\n" },
        { "status -vc", "status: option '-c' requires an argument; try 'rolewatch status --help'\n" },
        { "check web", "check: unexpected operand 'web'; try 'rolewatch check --help'\n" },
        { "check -- --json", "check: unexpected operand '--json';" },
        { "explain", "explain: missing operand PID, CONTAINER or TASK; try 'rolewatch explain --help'\n" },
        { "explain ", "explain: missing operand PID, CONTAINER or TASK;" },
        { "explain a b", "explain: unexpected operand 'b';" },
        { "report", "report: option '--html' is required; try 'rolewatch report --help'\n" },
        { "bundle -o x", "bundle: option '--role NAME' is required;" },
        { "roles --offline --from x", "roles: options '--offline' and '--from' exclude each other; try 'rolewatch roles --help'\n" },
        { "decode --forms --here", "decode: options '--here' and '--forms' exclude each other;" },
        { "decode --forms text", "decode: unexpected operand 'text' with option '--forms';" },
        { "chains --json botocore", "chains: unexpected operand 'botocore' with option '--json';" },
        { "policy", "policy: missing operand eval or statement;" },
        { "policy evl", "policy: unexpected operand 'evl', expected eval or statement; did you mean 'eval'?\n" },
        { "policy other", "policy: unexpected operand 'other', expected eval or statement; try 'rolewatch policy --help'\n" },
        { "policy eval eval", "policy: unexpected operand 'eval';" },
        { "policy eval --iam", "policy: option '--iam' is valid only for 'rolewatch policy statement';" },
        { "policy --rulings statement", "policy: option '--rulings' is valid only for 'rolewatch policy eval';" },
        { "version x", "version: unexpected operand 'x';" },
        { "help --json check", "help: unexpected operand 'check' with option '--json';" },
};

static void what_does_not_go_together(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
                struct arguments a = { 0 };
                char buf[128];

                if (parse_line(wrong[i].line, buf, sizeof buf, &a) != EXIT_USAGE || strncmp(printed, "rolewatch ", 10) != 0 ||
                    strncmp(printed + 10, wrong[i].message, strlen(wrong[i].message)) != 0)
                        fail_msg("%s: %s", wrong[i].line, printed);
        }
}

/* line; operands as they are left, each with a blank behind; --help, --verbose */
static const struct { const char *line, *operands; bool help, verbose; } right[] = {
        { "check", "", false, false },
        { "check -v", "", false, true },
        { "check --verb --from x", "", false, true },
        { "check -h --no-such", "", true, false },
        { "check -vh", "", true, true },
        { "explain --help", "", true, false },
        { "explain 12 --from x", "12 ", false, false },
        { "explain --from x 12 -v", "12 ", false, true },
        { "explain -- -12", "-12 ", false, false },
        { "explain --from --json 12", "12 ", false, false },
        { "report --html -vo x", "", false, true },
        { "roles a --json b --service=s c -- --d", "a b c --d ", false, false },
        { "decode -", "- ", false, false },
        { "decode --forms --forms -j", "", false, false },
        { "policy --region x statement", "statement ", false, false },
        { "findings --names wrong-role", "wrong-role ", false, false },
};

static void what_goes_together(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(right); i++) {
                struct arguments a = { 0 };
                char buf[128], operands[128] = "";

                if (parse_line(right[i].line, buf, sizeof buf, &a) != 0)
                        fail_msg("%s: %s", right[i].line, printed);
                for (size_t k = 0; k < a.n_operands; k++)
                        snprintf(operands + strlen(operands), sizeof operands - strlen(operands), "%s ", a.operands[k]);
                if (!streq(operands, right[i].operands) || a.help != right[i].help || a.verbose != right[i].verbose)
                        fail_msg("%s: operands '%s', help %d, verbose %d", right[i].line, operands, a.help, a.verbose);
                arguments_done(&a);
        }
}

static void the_last_value_counts_and_a_list_keeps_all(void **state)
{
        const struct command *c = command_find(&command_table, "roles");
        const struct option_row *cluster = option_find(c, "cluster"), *service = option_find(c, "service");
        struct arguments a = { 0 };
        const struct option_list *list;
        char buf[128];

        (void)state;
        assert_int_equal(parse_line("roles --cluster=a --service x --cluster b --service= --service=z", buf, sizeof buf, &a), 0);
        assert_string_equal(value_of(&a, cluster), "b");
        list = (const void *)((const char *)a.options + service->offset);
        assert_int_equal(list->n, 3);
        assert_string_equal(list->values[0], "x");
        assert_string_equal(list->values[1], "");
        assert_string_equal(list->values[2], "z");
        assert_null(option_find(c, "help"));
        arguments_done(&a);
}

static void an_error_text_may_begin_with_a_dash(void **state)
{
        static const char *const texts[] = { "-An error occurred", "- a", "--json and more", "--because=x of it", "-v\tx", "-\n" };
        const struct command *c = command_find(&command_table, "decode");
        struct arguments a = { 0 };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
                struct typed t = { { "decode", "-j", texts[i], "-v" }, 4 };

                if (parse(c, &t, &a) != 0 || a.n_operands != 1 || !streq(a.operands[0], texts[i]) || !a.verbose)
                        fail_msg("%s: %s", texts[i], printed);
                arguments_done(&a);
        }
        assert_int_equal(parse(c, &(struct typed){ { "decode", "--from=my file", "text" }, 3 }, &a), 0);
        assert_string_equal(value_of(&a, option_find(c, "from")), "my file");
        assert_string_equal(a.operands[0], "text");
        arguments_done(&a);
        assert_int_equal(parse(c, &(struct typed){ { "decode", "--from", "-my file", "text" }, 4 }, &a), 0);
        assert_string_equal(value_of(&a, option_find(c, "from")), "-my file");
        arguments_done(&a);
        /* Of other commands it is an option. */
        assert_int_equal(parse(command_find(&command_table, "check"), &(struct typed){ { "check", "-x y" }, 2 }, &a), EXIT_USAGE);
}

static void lists_have_an_end(void **state)
{
        const struct command *c = command_find(&command_table, "roles");
        struct typed names = { { "roles" }, 1 }, services = { { "roles" }, 1 };
        struct arguments a = { 0 };

        (void)state;
        for (int i = 0; i < 256; i++) {
                typed_add(&names, "x");
                typed_add(&services, "--service=x");
        }
        assert_int_equal(parse(c, &names, &a), 0);
        assert_int_equal(a.n_operands, 256);
        arguments_done(&a);
        assert_int_equal(parse(c, &services, &a), 0);
        arguments_done(&a);
        typed_add(&names, "x");
        typed_add(&services, "--service=x");
        assert_int_equal(parse(c, &names, &a), EXIT_USAGE);
        assert_non_null(strstr(printed, "more than 256 operands"));
        assert_int_equal(parse(c, &services, &a), EXIT_USAGE);
        assert_non_null(strstr(printed, "option '--service' is given more than 256 times"));
}

static void options_before_the_command(void **state)
{
        struct arguments a = { 0 };

        (void)state;
        assert_int_equal(parse(command_table.program, &(struct typed){ { "rolewatch", "-v", "check", "-x", "--version" }, 5 }, &a), 0);
        assert_int_equal(a.n_operands, 3);
        assert_true(a.verbose);
        assert_false(option_is_set(&a, &command_table.program->options[0]));
        arguments_done(&a);
        assert_int_equal(parse(command_table.program, &(struct typed){ { "rolewatch", "--vers" }, 2 }, &a), 0);
        assert_true(option_is_set(&a, &command_table.program->options[0]));
        arguments_done(&a);
        assert_int_equal(parse(command_table.program, &(struct typed){ { "rolewatch", "--ver" }, 2 }, &a), EXIT_USAGE);
        assert_string_equal(printed, "rolewatch: option '--ver' is ambiguous; possibilities: '--version' '--verbose'; try 'rolewatch --help'\n");
}

static const struct { const char *word, *name; } meant[] = {
        { "chek", "check" },   { "chekc", "check" },   { "hceck", "check" },     { "chack", "check" },       { "checks", "check" },
        { "stats", "status" }, { "decod", "decode" },  { "roels", "roles" },     { "snaphsot", "snapshot" }, { "finding", "findings" },
        { "explian", "explain" }, { "x", NULL },       { "", NULL },             { "deploy", NULL },
        { "a-word-that-is-longer-than-any-name-of-a-command", NULL },
};

static void what_was_meant(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(meant); i++) {
                struct suggestion s = { .word = meant[i].word };

                TABLE_EACH(c)
                        suggestion_consider(&s, c->name);
                if (!streq(s.name, meant[i].name))
                        fail_msg("%s: %s", meant[i].word, s.name ? s.name : "nothing");
        }
}

/* A sentence in the imperative, which help begins with a capital and ends with a period. */
static void is_help(const char *s)
{
        assert_true(s[0] >= 'a' && s[0] <= 'z');
        assert_true(s[strlen(s) - 1] != '.' && !strchr(s, '\n'));
}

static void rows_are_sound(void **state)
{
        const struct command *policy = command_find(&command_table, "policy");

        (void)state;
        TABLE_EACH(c) {
                is_help(c->help);
                assert_true(c->run && c->exits[0].meaning && c->exits[0].status == 0);
                assert_ptr_equal(command_find(&command_table, c->name), c);
                for (size_t i = 0; i < c->n_options; i++) {
                        const struct option_row *o = &c->options[i];

                        is_help(o->help);
                        assert_int_equal(o->kind == OPTION_FLAG, o->value == NULL);
                        for (size_t k = 0; k < c->n_options + n_common_options; k++) {
                                const struct option_row *other = k < c->n_options ? &c->options[k] : &common_option_rows[k - c->n_options];

                                assert_true(other == o || (!streq(other->name, o->name) && (!o->letter || other->letter != o->letter)));
                                assert_true(k >= i || !o->group || other->group != o->group || c->options[i - 1].group == o->group);
                        }
                }
        }
        for (int p = 0; p < AWS_PART_MAX; p++)
                assert_non_null(option_find(policy, aws_part_option((enum aws_part)p)));
}

static void help_names_every_option_and_fits(void **state)
{
        (void)state;
        TABLE_EACH(c) {
                char *text = NULL, name[64];
                size_t size, lines = 0;
                FILE *out = open_memstream(&text, &size);

                assert_non_null(out);
                help_print_command(c, out);
                fclose(out);
                for (size_t i = 0; i < c->n_options + n_common_options; i++) {
                        snprintf(name, sizeof name, "--%s", i < c->n_options ? c->options[i].name : common_option_rows[i - c->n_options].name);
                        assert_non_null(strstr(text, name));
                }
                /* Examples are printed as they are typed. */
                for (char *line = text, *next; (next = strchr(line, '\n')) && strncmp(line, "Examples:", 9) != 0; line = next + 1, lines++)
                        if (next - line > 80 || (next > line && next[-1] == ' '))
                                fail_msg("rolewatch %s --help: %.*s", c->name, (int)(next - line), line);
                assert_true(lines > 5);
                free(text);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_row_is_taken),
                cmocka_unit_test(every_command_refuses),
                cmocka_unit_test(a_near_miss_is_named),
                cmocka_unit_test(what_does_not_go_together),
                cmocka_unit_test(what_goes_together),
                cmocka_unit_test(the_last_value_counts_and_a_list_keeps_all),
                cmocka_unit_test(an_error_text_may_begin_with_a_dash),
                cmocka_unit_test(lists_have_an_end),
                cmocka_unit_test(options_before_the_command),
                cmocka_unit_test(what_was_meant),
                cmocka_unit_test(rows_are_sound),
                cmocka_unit_test(help_names_every_option_and_fits),
        };
        int failed = cmocka_run_group_tests(tests, NULL, NULL);

        free(printed);
        return failed;
}
