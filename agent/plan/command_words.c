/*
 * The words of commands: what wrappers such as env(1) and tini execute, and what the simple commands of a shell script say. Both may
 * change the environment that the container has. Pure.
 */
#include <fnmatch.h>
#include <stdio.h>
#include "image.h"

#define NAME_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
#define WORD_CHARS NAME_CHARS "./:=@%+,-"

static const char by_env[] = "env in the command removes variables, or has words that are not known";

static bool is_variable(const char *name, size_t len) { return env_find(name, len) >= 0; }

static bool one_of(const char *const *list, size_t n, const char *word)
{
        for (size_t i = 0; i < n; i++)
                if (fnmatch(list[i], word, 0) == 0)
                        return true;
        return false;
}

/* The length of the name of an assignment NAME=value or NAME+=value; 0: the word is none. */
static size_t assignment_name(const char *word)
{
        size_t n = strspn(word, NAME_CHARS);

        return word[n] == '=' || (word[n] == '+' && word[n + 1] == '=') ? n : 0;
}

static void words_add(struct command_words *w, const cJSON *list)
{
        const cJSON *v;

        if (is_template_function(list)) {
                w->words[w->n++] = WORD_UNKNOWN;
                return;
        }
        JSON_EACH(v, list)
                if (w->n < ARRAY_SIZE(w->words) - 1)
                        w->words[w->n++] = cJSON_IsString(v) ? v->valuestring : WORD_UNKNOWN;
}

bool entrypoint_is_reset(const cJSON *container)
{
        const cJSON *first = json_first(member(container, "entryPoint"));

        return first && cJSON_IsString(first) && !*first->valuestring && !first->next;
}

struct command_words command_words_of(const cJSON *container)
{
        struct command_words w = { .n = 0 };

        if (!entrypoint_is_reset(container))
                words_add(&w, member(container, "entryPoint"));
        words_add(&w, member(container, "command"));
        return w;
}

struct command_words words_after(const struct command_words *w, size_t skipped)
{
        struct command_words rest = { .n = 0 };

        for (size_t i = skipped; i < w->n; i++)
                rest.words[rest.n++] = w->words[i];
        return rest;
}

/* ---- the environment ---- */

const char environment_by_script[] = "a script sets or removes variables that decide about credentials";

void environment_unknown(struct environment_change *c, const char *why)
{
        c->unknown = c->unknown ? c->unknown : why;
}

void environment_assign(struct environment_change *c, const char *name, size_t len, const char *value)
{
        size_t n = len + strlen(value) + 2;

        if (!is_variable(name, len))
                return;
        if (n > sizeof c->assigned - c->assigned_len) {
                environment_unknown(c, "the command assigns longer values than are read");
                return;
        }
        memmove(c->assigned + n, c->assigned, c->assigned_len);
        snprintf(c->assigned, n, "%.*s=%s", (int)len, name, value);
        c->assigned_len += n;
}

bool text_names_variable(const char *text)
{
        for (size_t n; *text; text += n + (text[n] != '\0')) {
                n = strspn(text, NAME_CHARS);
                if (is_variable(text, n))
                        return true;
        }
        return false;
}

/* ---- wrappers ---- */

/* They execute their words after their options, and after that many operands of their own. */
enum wrapper_kind { WRAPPER_PLAIN, WRAPPER_USER, WRAPPER_ENV };
static const struct wrapper_row {
        const char *name;
        enum wrapper_kind kind;
        unsigned operands;
        const char *with_operand[4];   /* options whose operand is a word of its own (globs) */
} wrappers[] = {
        { "tini", WRAPPER_PLAIN, 0, { "-p", "-e" } }, { "tini-static", WRAPPER_PLAIN, 0, { "-p", "-e" } }, { "docker-init", WRAPPER_PLAIN, 0, { "-p", "-e" } },
        { "dumb-init", WRAPPER_PLAIN, 0, { "-r", "--rewrite" } }, { "catatonit", WRAPPER_PLAIN, 0, { NULL } },
        { "nice", WRAPPER_PLAIN, 0, { "-n", "--adjustment" } }, { "env", WRAPPER_ENV, 0, { "-u", "--unset", "-C", "--chdir" } },
        { "gosu", WRAPPER_USER, 1, { NULL } }, { "su-exec", WRAPPER_USER, 1, { NULL } },
        /* Each of its options is a variable of OpenTelemetry. */
        { "opentelemetry-instrument", WRAPPER_PLAIN, 0, { "--[!=]*" } }, { "ddtrace-run", WRAPPER_PLAIN, 0, { NULL } }, { "newrelic-admin", WRAPPER_PLAIN, 1, { NULL } },
};

static bool takes_operand(const struct wrapper_row *row, const char *option)
{
        size_t n = 0;

        while (n < ARRAY_SIZE(row->with_operand) && row->with_operand[n])
                n++;
        return !strchr(option, '=') && one_of(row->with_operand, n, option);
}

/* An option of env(1), and the word after it. */
static void env_option(struct environment_change *c, const char *option, const char *next)
{
        static const char *const harmless[] = { "--", "-C*", "--chdir*", "-0", "--null", "-v", "--debug", "--list-signal-handling", "--*-signal", "--*-signal=*" };
        const char *unset = streq(option, "-u") || streq(option, "--unset") ? next : strncmp(option, "--unset=", 8) == 0 ? option + 8 :
                            strncmp(option, "-u", 2) == 0 ? option + 2 : NULL;

        if (unset ? is_variable(unset, strlen(unset)) : !one_of(harmless, ARRAY_SIZE(harmless), option))
                environment_unknown(c, by_env);
}

static void wrapper_read(const struct wrapper_row *row, const struct command_words *w, struct wrapper *ret)
{
        size_t k = 1;
        bool options = true;

        for (; k < w->n; k++) {
                const char *word = w->words[k];
                size_t name = row->kind == WRAPPER_ENV ? assignment_name(word) : 0;

                if (name && word[name] == '=') {
                        environment_assign(&ret->change, word, name, word + name + 1);
                        ret->path = name == 4 && memcmp(word, "PATH", 4) == 0 ? word + 5 : ret->path;
                        options = false;
                } else if (!options || word[0] != '-') {
                        if (row->kind == WRAPPER_ENV && streq(word, WORD_UNKNOWN))
                                environment_unknown(&ret->change, by_env);
                        break;
                } else {
                        if (row->kind == WRAPPER_ENV)
                                env_option(&ret->change, word, k + 1 < w->n ? w->words[k + 1] : "");
                        options = !streq(word, "--");
                        k += takes_operand(row, word);
                }
        }
        ret->name = row->name;
        ret->user = row->kind == WRAPPER_USER && k < w->n ? w->words[k] : NULL;
        ret->skipped = k + row->operands < w->n ? k + row->operands : 0;
}

bool wrapper_find(const struct command_words *w, struct wrapper *ret)
{
        ret->skipped = 0;
        for (size_t i = 0; i < ARRAY_SIZE(wrappers); i++)
                if (streq(wrappers[i].name, arn_name(w->words[0])))
                        wrapper_read(&wrappers[i], w, ret);
        return ret->skipped;
}

/* ---- shells ---- */

bool is_shell(const char *name)
{
        static const char *const shells[] = { "sh", "bash", "dash", "ash", "zsh", "ksh" };

        return one_of(shells, ARRAY_SIZE(shells), name);
}

size_t shell_operand(const struct command_words *w, bool *ret_text)
{
        static const char *const with_operand[] = { "--rcfile", "--init-file" };
        size_t i = 1;

        *ret_text = false;
        for (; i < w->n && strchr("-+", w->words[i][0]) && w->words[i][0]; i++) {
                const char *word = w->words[i];

                if (streq(word, "-") || streq(word, "--"))
                        return i + 1;
                if (strncmp(word, "--", 2) == 0) {
                        i += one_of(with_operand, ARRAY_SIZE(with_operand), word);
                        continue;
                }
                *ret_text = *ret_text || (word[0] == '-' && strchr(word, 'c'));
                /* -o NAME and bash's -O NAME, also at the end of a cluster. */
                i += strpbrk(word, "oO") != NULL;
        }
        return i;
}

/* Words of shell grammar that a command follows. */
static bool is_before_command(const char *word)
{
        static const char *const before[] = { "exec", "then", "do", "else", "if", "while", "!", "nohup", "time", "{", "(" };

        for (size_t i = 0; i < ARRAY_SIZE(before); i++)
                if (streq(before[i], word))
                        return true;
        return false;
}

/* A word after `export`, `unset` and the like, without its quotes at the start: a variable that counts, or one whose name is not read. */
static bool changes_variable(const char *word)
{
        size_t n;

        word += strspn(word, "\"'");
        n = strcspn(word, "=+\"'");
        return *word == '$' || *word == '`' || is_variable(word, n);
}

static void builtin_read(char *rest, struct shell_command *ret)
{
        bool quoted = false;

        for (char *word; (word = strsep(&rest, " \t\r"));) {
                ret->lasting = ret->lasting || (!quoted && *word && changes_variable(word));
                for (const char *c = word; *c; c++)
                        quoted = quoted != (*c == '"' || *c == '\'');
        }
}

/* The first word of a command, and what follows it: true if that is no program but a builtin that changes the environment. */
static bool builtin_find(const char *first, char *rest, struct shell_command *ret)
{
        static const char *const changers[] = { "export", "unset", "declare", "typeset", "readonly", "read", "local" };

        if (streq(first, ".") || streq(first, "source")) {
                ret->source = strsep(&rest, " \t\r");
                if (!ret->source || ret->source[strspn(ret->source, WORD_CHARS)])
                        ret->source = "";
                return true;
        }
        ret->lasting = ret->lasting || streq(first, "eval");
        if (!one_of(changers, ARRAY_SIZE(changers), first))
                return false;
        builtin_read(rest, ret);
        return true;
}

void shell_command_read(char *segment, struct shell_command *ret)
{
        struct command_words *w = &ret->words;
        char *rest = segment;
        bool assigns = false;

        *ret = (struct shell_command){ .source = NULL };
        for (char *word; (word = strsep(&rest, " \t\r")) && w->n < ARRAY_SIZE(w->words);) {
                word += w->n ? 0 : strspn(word, "(");
                size_t name = w->n ? 0 : assignment_name(word);

                if (!*word || (w->n == 0 && is_before_command(word)))
                        continue;
                if (name) {
                        assigns = assigns || is_variable(word, name);
                        continue;
                }
                if (word[strspn(word, WORD_CHARS)] || (w->n == 0 && (*word == '#' || builtin_find(word, rest, ret))))
                        break;
                w->words[w->n++] = word;
        }
        ret->own = assigns;
        ret->lasting = ret->lasting || (assigns && !w->n);
}

/* ---- without an image ---- */

static void text_changes(const char *text, struct environment_change *c)
{
        CLEANUP(freep) char *copied = strdup(text);
        char *rest = copied;
        struct shell_command read;

        if (!copied)
                environment_unknown(c, "there is no memory to read the command");
        for (char *segment; (segment = strsep(&rest, "\n;&|"));) {
                shell_command_read(segment, &read);
                if (read.own || read.lasting || read.source)
                        environment_unknown(c, environment_by_script);
        }
}

void command_changes(const cJSON *container, struct environment_change *ret)
{
        struct command_words w = command_words_of(container);
        struct wrapper found = { .change = { .unknown = NULL } };
        bool is_text;
        size_t i;

        while (w.n && wrapper_find(&w, &found))
                w = words_after(&w, found.skipped);
        i = w.n && is_shell(arn_name(w.words[0])) ? shell_operand(&w, &is_text) : w.n;
        if (i < w.n && is_text)
                text_changes(w.words[i], &found.change);
        *ret = found.change;
}
