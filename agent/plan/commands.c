/*
 * The programs that a command starts, by the files of its image: what execve(2) resolves (PATH, links, #! lines), through wrappers
 * that only execute the rest of their words, and as far as a shell script is plain enough to be read.
 */
#include <stdio.h>
#include "image.h"
#include "rolewatch/broker_tree.h"

#define DEFAULT_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"    /* Docker's */
#define DEPTH_MAX 8
#define SHEBANG_MAX 256

/* They execute their words after their options, and after that many operands of their own. */
static const struct { const char *name; unsigned operands; } wrappers[] = {
        { "tini", 0 }, { "tini-static", 0 }, { "dumb-init", 0 }, { "catatonit", 0 }, { "docker-init", 0 }, { "env", 0 }, { "nice", 0 },
        { "gosu", 1 }, { "su-exec", 1 }, { "opentelemetry-instrument", 0 }, { "ddtrace-run", 0 }, { "newrelic-admin", 1 },
};
static const char *const shells[] = { "sh", "bash", "dash", "ash", "zsh", "ksh" };

/* One question under way. */
struct command_search { const struct command_request *q; struct command_programs *to; };

static bool is_shell(const char *name)
{
        for (size_t i = 0; i < ARRAY_SIZE(shells); i++)
                if (streq(shells[i], name))
                        return true;
        return false;
}

static bool executable_find(const struct command_request *q, const char *word, char ret[PATH_TEXT_MAX])
{
        const char *path = q->path ? q->path : DEFAULT_PATH;

        if (strchr(word, '/'))
                return broker_tree_find(q->image->broker, word, ret, PATH_TEXT_MAX) == 0;
        for (size_t n; *word && *path; path += n + (path[n] == ':')) {
                char full[PATH_TEXT_MAX];

                n = strcspn(path, ":");
                if (n && snprintf(full, sizeof full, "%.*s/%s", (int)n, path, word) < (int)sizeof full &&
                    broker_tree_find(q->image->broker, full, ret, PATH_TEXT_MAX) == 0)
                        return true;
        }
        return false;
}

static void program_put(struct command_search *s, const char *exe, const struct command_words *w, bool certain)
{
        struct command_program *p = &s->to->list[s->to->n];

        if (s->to->n == COMMAND_PROGRAMS_MAX)
                return;
        *p = (struct command_program){ .certain = certain };
        snprintf(p->name, sizeof p->name, "%s", w->name ? w->name : arn_name(w->words[0]));
        snprintf(p->exe, sizeof p->exe, "%s", exe);
        for (size_t i = 0; i < w->n; i++) {
                size_t len = strlen(w->words[i]) + 1;

                if (p->argv_len + len >= sizeof p->argv)
                        break;
                memcpy(p->argv + p->argv_len, w->words[i], len);
                p->argv_len += len;
        }
        s->to->n++;
}

static int command_read(struct command_search *s, const char *path, size_t max, char **ret)
{
        int r = image_read(s->q->image, path, max, ret);

        s->to->no_memory = s->to->no_memory || r == -ENOMEM;
        return r;
}

static struct command_words words_after(const struct command_words *w, size_t skipped)
{
        struct command_words rest = { .n = 0 };

        for (size_t i = skipped; i < w->n; i++)
                rest.words[rest.n++] = w->words[i];
        return rest;
}

static void command_add(struct command_search *s, const struct command_words *w, bool certain, unsigned depth);

/* ---- scripts ---- */

#define WORD_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:=@%+,-"

/* Words of shell grammar that a command follows. */
static bool is_before_command(const char *word)
{
        static const char *const before[] = { "exec", "then", "do", "else", "if", "while", "!", "nohup", "time", "{", "(" };

        for (size_t i = 0; i < ARRAY_SIZE(before); i++)
                if (streq(before[i], word))
                        return true;
        return strchr(word, '=') && strcspn(word, "=") < strcspn(word, "/");
}

/* One simple command of a script: its plain words, up to the first that has quotes or expansions. The segment is cut into words. */
static void segment_add(struct command_search *s, char *segment, unsigned depth)
{
        struct command_words w = { .n = 0 };
        char *rest = segment;

        for (char *word; (word = strsep(&rest, " \t\r")) && w.n < ARRAY_SIZE(w.words);) {
                if (!*word || (w.n == 0 && is_before_command(word)))
                        continue;
                if (word[strspn(word, WORD_CHARS)] || (w.n == 0 && *word == '#'))
                        break;
                w.words[w.n++] = word;
        }
        if (w.n)
                command_add(s, &w, false, depth);
}

static void script_add(struct command_search *s, char *text, unsigned depth)
{
        for (char *segment; (segment = strsep(&text, "\n;&|"));)
                segment_add(s, segment, depth);
}

static void shell_add(struct command_search *s, const struct command_words *w, unsigned depth)
{
        CLEANUP(freep) char *text = NULL;
        size_t i = 1;

        while (i < w->n && w->words[i][0] == '-' && !strchr(w->words[i], 'c'))
                i++;
        if (i + 1 < w->n && w->words[i][0] == '-') {
                text = strdup(w->words[i + 1]);
                if (text)
                        script_add(s, text, depth);
                else
                        s->to->no_memory = true;
                return;
        }
        if (i >= w->n || command_read(s, w->words[i], IMAGE_FILE_MAX, &text) < 0)
                return;
        script_add(s, text, depth);
        /* What `exec "$@"` executes. */
        const struct command_words rest = words_after(w, i + 1);
        if (rest.n && rest.words[0][0] != '-')
                command_add(s, &rest, false, depth);
}

/* ---- supervisord ---- */

static bool name_is_conf(const char *path)
{
        size_t n = strlen(path);

        return n > 5 && streq(path + n - 5, ".conf");
}

struct supervisor { struct command_search *s; unsigned depth; };

/* The lines "command = ..." of its sections (supervisord's configuration, [program:x]). */
static void supervisor_read(void *userdata, const char *path, char *text)
{
        struct supervisor *sv = userdata;

        (void)path;
        for (char *line; (line = strsep(&text, "\n"));) {
                line += strspn(line, " \t");
                if (strncmp(line, "command", 7) != 0)
                        continue;
                line += 7 + strspn(line + 7, " \t");
                if (*line == '=')
                        segment_add(sv->s, line + 1, sv->depth);
        }
}

static void supervisor_add(struct command_search *s, const struct command_words *w, unsigned depth)
{
        static const char *const files[] = { "/etc/supervisord.conf", "/etc/supervisor/supervisord.conf" };
        static const char *const directories[] = { "/etc/supervisor/conf.d", "/etc/supervisor.d", "/etc/supervisord.d" };
        struct supervisor sv = { s, depth };

        for (size_t i = 0; i < ARRAY_SIZE(files) + w->n; i++) {
                CLEANUP(freep) char *text = NULL;
                const char *path = i < ARRAY_SIZE(files) ? files[i] : w->words[i - ARRAY_SIZE(files)];

                if ((i < ARRAY_SIZE(files) || name_is_conf(path)) && command_read(s, path, IMAGE_FILE_MAX, &text) > 0)
                        supervisor_read(&sv, path, text);
        }
        for (size_t i = 0; i < 2 * ARRAY_SIZE(directories); i++)
                if (image_read_directory(&(struct image_directory){ s->q->image, directories[i / 2], i & 1 ? ".conf" : ".ini", NULL, supervisor_read, &sv }) < 0)
                        s->to->no_memory = true;
}

/* ---- programs ---- */

/* "#!/usr/bin/env -S python3 -u": the words of the interpreter and then the script with its own. False: it is no script. */
static bool interpreter_words(struct command_search *s, const char *exe, const struct command_words *w, char **ret_text, struct command_words *ret)
{
        struct command_words found = { .n = 0 };
        char *rest;

        if (command_read(s, exe, SHEBANG_MAX, ret_text) < 2 || memcmp(*ret_text, "#!", 2) != 0)
                return false;
        rest = *ret_text + 2;
        rest[strcspn(rest, "\r\n")] = '\0';
        for (char *word; (word = strsep(&rest, " \t")) && found.n < 4;)
                if (*word && !streq(word, "-S"))
                        found.words[found.n++] = word;
        if (!found.n)
                return false;
        /* env(1) executes once more, under the name of the interpreter. */
        found.name = streq(arn_name(found.words[0]), "env") ? NULL : w->name ? w->name : arn_name(w->words[0]);
        found.words[found.n++] = exe;
        for (size_t i = 1; i < w->n && found.n < ARRAY_SIZE(found.words); i++)
                found.words[found.n++] = w->words[i];
        *ret = found;
        return true;
}

/* The number of words before what a wrapper executes; 0: it is none. */
static size_t wrapper_words(const char *name, const struct command_words *w)
{
        for (size_t i = 0; i < ARRAY_SIZE(wrappers); i++) {
                size_t k = 1;

                if (!streq(wrappers[i].name, name))
                        continue;
                while (k < w->n && (w->words[k][0] == '-' || strchr(w->words[k], '=')))
                        k++;
                k += wrappers[i].operands;
                return k < w->n ? k : 0;
        }
        return 0;
}

/* supervisord is a script of Python. */
static bool runs_supervisor(const struct command_words *w)
{
        for (size_t k = 0; k < w->n && k < 3; k++)
                if (streq(arn_name(w->words[k]), "supervisord"))
                        return true;
        return false;
}

static void command_add(struct command_search *s, const struct command_words *w, bool certain, unsigned depth)
{
        CLEANUP(freep) char *text = NULL;
        struct command_words inner;
        char exe[PATH_TEXT_MAX];
        size_t skipped;

        if (depth > DEPTH_MAX || s->to->n == COMMAND_PROGRAMS_MAX)
                return;
        if (!executable_find(s->q, w->words[0], exe)) {
                if (certain)
                        program_put(s, "", w, true);
                return;
        }
        skipped = wrapper_words(arn_name(w->words[0]), w);
        if (skipped) {
                inner = words_after(w, skipped);
                command_add(s, &inner, certain, depth + 1);
                return;
        }
        if (interpreter_words(s, exe, w, &text, &inner)) {
                command_add(s, &inner, certain, depth + 1);
                return;
        }
        program_put(s, exe, w, certain);
        if (is_shell(arn_name(w->words[0])))
                shell_add(s, w, depth + 1);
        else if (runs_supervisor(w))
                supervisor_add(s, w, depth + 1);
}

int command_find_programs(const struct command_request *q, struct command_programs *ret)
{
        struct command_search s = { q, ret };

        ret->n = 0;
        ret->no_memory = false;
        if (q->words->n)
                command_add(&s, q->words, true, 0);
        return ret->no_memory ? -ENOMEM : 0;
}
