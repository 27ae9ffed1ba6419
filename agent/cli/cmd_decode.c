/* rolewatch decode: error messages, from the command line or standard input; the known forms. */
#include "cli_internal.h"
#include "commands.h"
#include "rolewatch/report.h"

#define ARENA_MAX ((size_t)1 << 20)

#define DECODE_OPTIONS(X) \
        X(FLAG, json,  "json",  'j', NULL,   "print the answer as JSON, one object for each message") \
        X(FLAG, here,  "here",  0,   NULL,   "add what this host knows about the role and the call", .group = 1) \
        X(TEXT, from,  "from",  0,   "FILE", "add what the snapshot FILE knows about them", .group = 1) \
        X(FLAG, forms, "forms", 0,   NULL,   "list all known error messages, each with an example", .group = 1, .no_operand = true)
OPTION_TABLE(DECODE_OPTIONS)

struct run { const struct arguments *arguments; const struct verdicts *v; bool json; size_t known, messages; };

/* 0 or -errno. In a stream, messages that are not recognized are only counted. */
static int decode_one(struct run *run, const char *text, size_t len, bool stream)
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
                return r == 0 && json_print(run->arguments, j, NULL) != 0 ? -EIO : r;
        }
        if (stream && run->known > 1)
                putchar('\n');
        return report_decode(&e, &here, cli_style(), stdout);
}

/* Of a longer line the first ERROR_TEXT_MAX bytes. */
static bool decode_line_read(FILE *in, char *line, size_t *ret_len)
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

        while (r == 0 && decode_line_read(in, line, &len))
                if (error_split_line(split, line, len, &message, &len))
                        r = decode_one(run, message, len, true);
        if (r == 0 && error_split_end(split, &message, &len))
                r = decode_one(run, message, len, true);
        if (r == 0 && !run->json && run->messages > run->known)
                printf("%s%zu of %zu messages are not recognized\n", run->known ? "\n" : "",
                       run->messages - run->known, run->messages);
        return r;
}

static int decode_forms(const struct arguments *a, bool json)
{
        cJSON *j;

        if (!json)
                return report_error_forms(cli_style(), stdout) < 0 ? EXIT_UNKNOWN : 0;
        return report_error_forms_json(&j) < 0 ? command_error(a, "out of memory") : json_print(a, j, NULL);
}

static int run_decode(const struct arguments *a)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        const struct options *o = a->options;
        const char *text = a->n_operands && !streq(a->operands[0], "-") ? a->operands[0] : NULL;
        struct run run = { .arguments = a, .json = o->json };
        int r;

        if (o->forms)
                return decode_forms(a, o->json);
        if ((o->here || o->from) && verdicts_get(a, o->from, &s, &v) < 0)
                return EXIT_UNKNOWN;
        run.v = v;
        r = text ? decode_one(&run, text, strlen(text), false) : decode_stream(&run, stdin);
        if (r < 0)
                return command_error(a, "cannot decode the text: %s", strerror(-r));
        return run.known ? 0 : EXIT_UNKNOWN;
}

const struct command command_decode = {
        .name = "decode", .operands = "[TEXT|-]", .help = "explain an AWS error message: who was denied what, and what to change",
        COMMAND_OPTIONS, .run = run_decode, .text_operand = true,
        .exits = { { 0, "at least one message is recognized" }, { 3, "no message is recognized, or the facts could not be read" } },
        .examples = { "rolewatch decode 'User: arn:aws:sts::111122223333:assumed-role/ecsInstanceRole/i-0 is not authorized to perform: "
                      "sns:Publish'",
                      "journalctl -u web | rolewatch decode --here" },
};
