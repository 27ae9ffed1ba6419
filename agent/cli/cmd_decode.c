/* rolewatch decode: error texts, from the command line or standard input; the forms that are known. */
#include <stdio.h>
#include "cli_internal.h"
#include "commands.h"
#include "rolewatch/report.h"

#define ARENA_MAX ((size_t)1 << 20)

struct options { const char *text, *from; bool json, here, forms; };
struct run { const struct verdicts *v; bool json; size_t known, messages; };

/* 0, or -errno. In a stream, messages that say nothing are counted only. */
static int decode(struct run *run, const char *text, size_t len, bool stream)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        struct error_text e;
        struct error_here here = { 0 };
        cJSON *j;
        int r = arena_new(ARENA_MAX, &a);

        if (r == 0)
                r = error_text_decode(a, text, len, &e);
        if (r == 0 && run->v)
                r = error_here(run->v, &e, a, &here);
        if (r < 0)
                return r;
        run->messages++;
        run->known += e.form != NULL;
        if (stream && !e.form)
                return 0;
        if (run->json) {
                r = report_decode_json(&e, &here, &j);
                return r == 0 && json_print(j, NULL) != 0 ? -EIO : r;
        }
        if (stream && run->known > 1)
                putchar('\n');
        return report_decode(&e, &here, cli_style(), stdout);
}

/* A line longer than what is looked at is taken by its beginning; its rest is passed over. */
static bool line_read(FILE *in, char *line, size_t *ret_len)
{
        size_t n = 0;
        int c;

        while ((c = getc_unlocked(in)) != EOF && c != '\n')
                if (n < ERROR_TEXT_MAX)
                        line[n++] = (char)c;
        *ret_len = n;
        return c != EOF || n;
}

static int decode_stream(struct run *run, FILE *in)
{
        CLEANUP(error_split_freep) struct error_split *split = NULL;
        CLEANUP(freep) char *line = malloc(ERROR_TEXT_MAX);
        const char *message;
        size_t len;
        int r = line ? error_split_new(&split) : -ENOMEM;

        while (r == 0 && line_read(in, line, &len))
                if (error_split_line(split, line, len, &message, &len))
                        r = decode(run, message, len, true);
        if (r == 0 && error_split_end(split, &message, &len))
                r = decode(run, message, len, true);
        if (r == 0 && !run->json && run->messages > run->known)
                printf("%s%zu of %zu messages say nothing that is known here\n", run->known ? "\n" : "",
                       run->messages - run->known, run->messages);
        return r;
}

/* A text may begin with a dash: what has a blank in it is none of the options, nor is what follows "--". */
static bool is_text(const char *word, bool ended)
{
        return ended || word[0] != '-' || streq(word, "-") || strpbrk(word, " \t\n");
}

static int options_read(int argc, char **argv, struct options *o)
{
        bool ended = false;

        for (int i = 1; i < argc; i++) {
                if (!ended && streq(argv[i], "--"))
                        ended = true;
                else if (!o->text && is_text(argv[i], ended))
                        o->text = argv[i];
                else if (ended)
                        return -EINVAL;
                else if (streq(argv[i], "--json"))
                        o->json = true;
                else if (streq(argv[i], "--forms"))
                        o->forms = true;
                else if (streq(argv[i], "--here"))
                        o->here = true;
                else if (streq(argv[i], "--from") && i + 1 < argc)
                        o->from = argv[++i];
                else
                        return -EINVAL;
        }
        return o->forms && (o->text || o->here || o->from) ? -EINVAL : 0;
}

static int forms(bool json)
{
        cJSON *j;

        if (!json)
                return report_error_forms(cli_style(), stdout) < 0 ? EXIT_UNKNOWN : 0;
        return report_error_forms_json(&j) < 0 ? EXIT_UNKNOWN : json_print(j, NULL);
}

int cmd_decode(int argc, char **argv)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        struct options o = { 0 };
        struct run run = { 0 };
        int r;

        if (options_read(argc, argv, &o) < 0) {
                fprintf(stderr, "usage: rolewatch decode [--json] [--here | --from FILE] ['TEXT' | -]\n       "
                                "rolewatch decode [--json] --forms\n");
                return EXIT_USAGE;
        }
        if (o.forms)
                return forms(o.json);
        if ((o.here || o.from) && (facts_get(o.from, &s) < 0 || judge(s, &v) < 0))
                return EXIT_UNKNOWN;
        run.v = v;
        run.json = o.json;
        r = o.text && !streq(o.text, "-") ? decode(&run, o.text, strlen(o.text), false)
                                          : decode_stream(&run, stdin);
        if (r < 0) {
                fprintf(stderr, "rolewatch decode: %s\n", strerror(-r));
                return EXIT_UNKNOWN;
        }
        return run.known ? 0 : EXIT_UNKNOWN;
}
