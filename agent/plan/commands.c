/*
 * The programs that a command starts, by the files of its image: what execve(2) resolves (PATH, links, #! lines), through wrappers
 * that only execute the rest of their words, and as far as a shell script is plain enough to be read.
 */
#include <stdio.h>
#include "image.h"
#include "rolewatch/broker_tree.h"

#define DEPTH_MAX 8
#define SHEBANG_MAX 256

/* One question under way. */
struct command_search { const struct command_request *q; struct command_programs *to; size_t lookups; };

/* What holds for the program that is looked for: by whom it is started, how deep, and with what. */
struct command_context {
        bool certain;
        unsigned depth;
        const char *path, *wrapper;    /* the variable PATH; the name of what executes it, NULL: no wrapper */
        struct environment_change change;
        struct proc_ids ids; bool ids_set;
};

static bool search_ended(const struct command_search *s) { return s->to->cut || s->to->no_memory; }

/* Each lookup of a path counts, so that neither a long PATH nor a long script makes the search endless; a file counts by what is read. */
static bool lookup_take(struct command_search *s, size_t bytes)
{
        s->lookups += 1 + bytes / 4096;
        s->to->cut = s->to->cut || s->lookups > COMMAND_LOOKUPS_MAX;
        return !s->to->cut;
}

static bool executable_find(struct command_search *s, const char *path, const char *word, char ret[PATH_TEXT_MAX])
{
        struct broker *b = s->q->image->broker;

        if (strchr(word, '/'))
                return lookup_take(s, 0) && broker_tree_find(b, word, ret, PATH_TEXT_MAX) == 0;
        for (size_t n; *word && *path && lookup_take(s, 0); path += n + (path[n] == ':')) {
                char full[PATH_TEXT_MAX];

                n = strcspn(path, ":");
                if (n && snprintf(full, sizeof full, "%.*s/%s", (int)n, path, word) < (int)sizeof full && broker_tree_find(b, full, ret, PATH_TEXT_MAX) == 0)
                        return true;
        }
        return false;
}

static void program_put(struct command_search *s, const char *exe, const struct command_words *w, const struct command_context *cx)
{
        struct command_program *p = &s->to->list[s->to->n];

        if (s->to->n == COMMAND_PROGRAMS_MAX) {
                s->to->cut = true;
                return;
        }
        *p = (struct command_program){ .certain = cx->certain, .change = cx->change, .ids = cx->ids, .ids_set = cx->ids_set };
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
        int r = lookup_take(s, max) ? image_read(s->q->image, path, max, ret) : -ENOENT;

        s->to->no_memory = s->to->no_memory || r == -ENOMEM;
        return r;
}

static void command_add(struct command_search *s, const struct command_words *w, struct command_context cx);

/* ---- scripts ---- */

static void script_add(struct command_search *s, char *text, struct command_context *cx);

/* `. FILE`: its commands change the environment of what follows. */
static void source_add(struct command_search *s, const char *path, struct command_context *cx)
{
        CLEANUP(freep) char *text = NULL;

        if (cx->depth >= DEPTH_MAX || !*path || command_read(s, path, IMAGE_FILE_MAX, &text) < 0) {
                environment_unknown(&cx->change, "a script reads commands from a file that is not known");
                return;
        }
        cx->depth++;
        script_add(s, text, cx);
        cx->depth--;
}

static void segment_add(struct command_search *s, char *segment, struct command_context *cx)
{
        struct command_context own = *cx;
        struct shell_command c;

        shell_command_read(segment, &c);
        if (c.source)
                source_add(s, c.source, cx);
        if (c.lasting)
                environment_unknown(&cx->change, environment_by_script);
        if (c.own)
                environment_unknown(&own.change, environment_by_script);
        if (c.words.n)
                command_add(s, &c.words, own);
}

static void script_add(struct command_search *s, char *text, struct command_context *cx)
{
        for (char *segment; !search_ended(s) && (segment = strsep(&text, "\n;&|"));)
                segment_add(s, segment, cx);
}

static void shell_add(struct command_search *s, const struct command_words *w, struct command_context cx)
{
        CLEANUP(freep) char *text = NULL;
        bool is_text;
        size_t i = shell_operand(w, &is_text);

        if (i >= w->n)
                return;
        if (is_text) {
                text = strdup(w->words[i]);
                if (text)
                        script_add(s, text, &cx);
                else
                        s->to->no_memory = true;
                return;
        }
        if (command_read(s, w->words[i], IMAGE_FILE_MAX, &text) < 0)
                return;
        script_add(s, text, &cx);
        /* What `exec "$@"` executes. */
        const struct command_words rest = words_after(w, i + 1);
        if (rest.n && rest.words[0][0] != '-')
                command_add(s, &rest, cx);
}

/* ---- supervisord ---- */

static bool name_is_conf(const char *path)
{
        size_t n = strlen(path);

        return n > 5 && streq(path + n - 5, ".conf");
}

struct supervisor { struct command_search *s; const struct command_context *cx; };

/* The lines "command = ..." of its sections (supervisord's configuration, [program:x]); "environment = NAME=value, ..." may stand in any. */
static void supervisor_read(void *userdata, const char *path, char *text)
{
        struct supervisor *sv = userdata;
        struct command_context cx = *sv->cx;

        (void)path;
        if (strstr(text, "\nenvironment") && text_names_variable(text))
                environment_unknown(&cx.change, "the configuration of supervisord sets variables that decide about credentials");
        for (char *line; (line = strsep(&text, "\n"));) {
                line += strspn(line, " \t");
                if (strncmp(line, "command", 7) != 0)
                        continue;
                line += 7 + strspn(line + 7, " \t");
                if (*line == '=')
                        segment_add(sv->s, line + 1, &cx);
        }
}

static void supervisor_add(struct command_search *s, const struct command_words *w, const struct command_context *cx)
{
        static const char *const files[] = { "/etc/supervisord.conf", "/etc/supervisor/supervisord.conf" };
        static const char *const directories[] = { "/etc/supervisor/conf.d", "/etc/supervisor.d", "/etc/supervisord.d" };
        struct supervisor sv = { s, cx };

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

/* supervisord is a script of Python. */
static bool runs_supervisor(const struct command_words *w)
{
        for (size_t k = 0; k < w->n && k < 3; k++)
                if (streq(arn_name(w->words[k]), "supervisord"))
                        return true;
        return false;
}

/* gosu and su-exec set HOME, whatever it was. */
static void user_change(struct command_search *s, const char *user, struct command_context *cx)
{
        char home[512];
        int r = lookup_take(s, PASSWD_FILE_MAX) ? image_user(s->q->image, user, &cx->ids, home, sizeof home) : 0;

        cx->ids_set = cx->ids_set || r > 0;
        s->to->no_memory = s->to->no_memory || r < 0;
        if (r > 0)
                environment_assign(&cx->change, "HOME", 4, home);
        else
                environment_unknown(&cx->change, "the command changes to a user that the passwd file of the image does not have");
}

static void wrapped_add(struct command_search *s, const struct command_words *w, const struct wrapper *found, struct command_context cx)
{
        const struct command_words inner = words_after(w, found->skipped);

        cx.change = found->change;
        cx.path = found->path ? found->path : cx.path;
        cx.depth++;
        cx.wrapper = found->name;
        if (found->user)
                user_change(s, found->user, &cx);
        command_add(s, &inner, cx);
}

/* No such executable is known: after a wrapper's options the word need not be the program. */
static void unresolved_add(struct command_search *s, const struct command_words *w, const struct command_context *cx)
{
        struct command_words named = *w;

        if (!cx->certain)
                return;
        s->to->unresolved = cx->wrapper;
        if (cx->wrapper || streq(w->words[0], WORD_UNKNOWN))
                named.name = MAIN_PROGRAM;
        program_put(s, "", &named, cx);
}

static void command_add(struct command_search *s, const struct command_words *w, struct command_context cx)
{
        CLEANUP(freep) char *text = NULL;
        struct wrapper found = { .change = cx.change };
        struct command_words inner;
        char exe[PATH_TEXT_MAX];

        if (cx.depth > DEPTH_MAX || search_ended(s))
                return;
        if (!executable_find(s, cx.path, w->words[0], exe)) {
                unresolved_add(s, w, &cx);
                return;
        }
        if (wrapper_find(w, &found)) {
                wrapped_add(s, w, &found, cx);
                return;
        }
        cx.depth++;
        if (interpreter_words(s, exe, w, &text, &inner)) {
                command_add(s, &inner, cx);
                return;
        }
        program_put(s, exe, w, &cx);
        cx.certain = false;
        if (is_shell(arn_name(w->words[0])))
                shell_add(s, w, cx);
        else if (runs_supervisor(w))
                supervisor_add(s, w, &cx);
}

int command_find_programs(const struct command_request *q, struct command_programs *ret)
{
        struct command_search s = { .q = q, .to = ret };

        ret->n = 0;
        ret->unresolved = NULL;
        ret->cut = ret->no_memory = false;
        if (q->words->n)
                command_add(&s, q->words, (struct command_context){ .certain = true, .path = q->path ? q->path : IMAGE_PATH_DEFAULT });
        return ret->no_memory ? -ENOMEM : 0;
}
