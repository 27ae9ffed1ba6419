/* rolewatch policy: the evaluator by itself, one decision a line; and what rolewatch's own calls need. */
#include <stdio.h>
#include "cli_internal.h"
#include "commands.h"
#include "rolewatch/aws_calls.h"
#include "rolewatch/iam.h"

#define LINE_MAX_BYTES ((size_t)512 << 10)        /* twice what IAM holds of all layers together */
#define ARENA_MAX ((size_t)64 << 20)

static cJSON *by_json(const struct iam_decision *d)
{
        CLEANUP(json_freep) cJSON *list = cJSON_CreateArray();

        for (size_t i = 0; list && i < d->n_by; i++) {
                cJSON *o = cJSON_CreateObject();

                if (!o || !cJSON_AddItemToArray(list, o))
                        return NULL;
                cJSON_AddStringToObject(o, "layer", iam_layer_word(d->by[i].layer));
                cJSON_AddStringToObject(o, "policy", d->by[i].policy);
                if (d->by[i].sid)
                        cJSON_AddStringToObject(o, "sid", d->by[i].sid);
                cJSON_AddNumberToObject(o, "statement", (double)d->by[i].statement);
        }
        return TAKE(list);
}

/* What comes from policies is foreign: escaped, and cut. */
static void put_foreign(cJSON *o, const char *key, const char *s, struct arena *a)
{
        const char *text = s ? arena_escape(a, s, strlen(s), 1024) : "";

        cJSON_AddStringToObject(o, key, text ? text : "");
}

static cJSON *why_json(const struct iam_decision *d, struct arena *a)
{
        CLEANUP(json_freep) cJSON *list = cJSON_CreateArray();

        for (size_t i = 0; list && i < d->n_why; i++) {
                cJSON *o = cJSON_CreateObject();

                if (!o || !cJSON_AddItemToArray(list, o))
                        return NULL;
                cJSON_AddStringToObject(o, "reason", iam_reason_word(d->why[i].reason));
                put_foreign(o, "subject", d->why[i].subject, a);
                if (!d->why[i].key)
                        continue;
                put_foreign(o, "key", d->why[i].key, a);
                cJSON_AddStringToObject(o, "of", d->why[i].of == IAM_OF_REQUEST ? "request" : "policy");
        }
        return TAKE(list);
}

/* One object for a line; NULL: no memory. */
static cJSON *answer(const struct text *line, struct arena *a)
{
        CLEANUP(json_freep) cJSON *in = NULL, *out = cJSON_CreateObject();
        struct iam_policies policies;
        struct iam_request rq;
        struct iam_decision d;
        const char *fault = "not JSON";
        int r = json_parse(line->len ? line->s : "", line->len, &in);

        if (r == 0)
                r = iam_case(in, a, &policies, &rq, &fault);
        if (!out || (r == -ENOMEM && !arena_failed(a)))
                return NULL;
        if (r == -ENOMEM) {
                cJSON_AddStringToObject(out, "error", "its policies are too large");
                return TAKE(out);
        }
        if (r < 0) {
                put_foreign(out, "error", fault, a);
                return TAKE(out);
        }
        iam_evaluate(&policies, &rq, &d);
        cJSON_AddStringToObject(out, "decision", iam_answer_word(d.answer));
        if (d.answer == IAM_IMPLICIT)
                cJSON_AddStringToObject(out, "missing", iam_layer_word(d.missing));
        cJSON_AddItemToObject(out, "by", by_json(&d));
        cJSON_AddItemToObject(out, "unknown", why_json(&d, a));
        return TAKE(out);
}

/* The next line, without its end; of one that is too long the beginning. False: there is none. */
static bool line_read(FILE *in, struct text *line, bool *ret_long)
{
        char chunk[65536];
        int c = EOF;
        size_t n = 0, all = 0;

        line->len = 0;
        while ((c = getc_unlocked(in)) != EOF && c != '\n') {
                chunk[n++] = (char)c;
                all++;
                if (n < sizeof chunk)
                        continue;
                if (all <= LINE_MAX_BYTES)
                        text_addn(line, chunk, n);
                n = 0;
        }
        if (all <= LINE_MAX_BYTES)
                text_addn(line, chunk, n);
        *ret_long = all > LINE_MAX_BYTES;
        return all > 0 || c == '\n';
}

static cJSON *too_long(void)
{
        CLEANUP(json_freep) cJSON *out = cJSON_CreateObject();

        return out && cJSON_AddStringToObject(out, "error", "the line is longer than 1 MiB") ? TAKE(out) : NULL;
}

static int eval_lines(FILE *in)
{
        CLEANUP(text_done) struct text line = { 0 };
        bool is_long;
        int status = 0;

        for (uint64_t number = 1; line_read(in, &line, &is_long); number++) {
                CLEANUP(arena_freep) struct arena *a = NULL;
                cJSON *out = is_long                             ? too_long()
                             : line.failed                       ? NULL
                             : arena_new(ARENA_MAX, &a) == 0 ? answer(&line, a)
                                                                 : NULL;

                if (!out)
                        return EXIT_UNKNOWN;
                if (cJSON_GetObjectItemCaseSensitive(out, "error")) {
                        cJSON_AddNumberToObject(out, "line", (double)number);
                        status = EXIT_UNKNOWN;
                }
                if (json_print(out, NULL) != 0)
                        return EXIT_UNKNOWN;
        }
        return status;
}

static int show_rulings(void)
{
        for (int i = 0; i < IAM_RULING_MAX; i++) {
                const struct iam_ruling_row *r = iam_ruling_get((enum iam_ruling)i);

                printf("%s%s: %s\n  %s\n  %s\n  rolewatch: %s\n", i ? "\n" : "", r->name, r->question, r->one,
                       r->other, r->answer);
        }
        return fflush(stdout) == 0 ? 0 : EXIT_UNKNOWN;
}

/* ---- policy statement ---- */

static unsigned parts_of(const char *option)
{
        unsigned parts = 0;

        for (unsigned p = 0; strncmp(option, "--", 2) == 0 && p < AWS_PART_MAX; p++)
                if (streq(aws_part_option((enum aws_part)p), option + 2))
                        parts |= 1u << p;
        return parts;
}

/* Names of AWS have none of the characters that mean something in a policy. */
static bool scope_set(struct aws_scope *s, const char *option, const char *value)
{
        const struct { const char *option; const char **to; } known[] = {
                { "--partition", &s->partition }, { "--region", &s->region },       { "--account", &s->account },
                { "--cluster", &s->cluster },     { "--namespace", &s->namespace },
        };

        for (size_t i = 0; value && i < ARRAY_SIZE(known); i++)
                if (streq(known[i].option, option) && text_is(value, strlen(value), "-_.#/: ")) {
                        *known[i].to = value;
                        return true;
                }
        return false;
}

static int statement(int argc, char **argv)
{
        CLEANUP(json_freep) cJSON *policy = NULL;
        CLEANUP(freep) char *text = NULL;
        struct aws_scope scope = { 0 };
        unsigned parts = 0;

        for (int i = 2; i < argc; i++) {
                unsigned more = parts_of(argv[i]);

                if (!more && !scope_set(&scope, argv[i], i + 1 < argc ? argv[i + 1] : NULL)) {
                        fprintf(stderr, "rolewatch policy statement: '%s' is not understood; see rolewatch(1)\n", argv[i]);
                        return EXIT_USAGE;
                }
                i += !more;
                parts |= more;
        }
        policy = aws_policy(parts ? parts : AWS_ALL_PARTS, &scope);
        text = policy ? cJSON_Print(policy) : NULL;
        return text && puts(text) >= 0 && fflush(stdout) == 0 ? 0 : EXIT_UNKNOWN;
}

int cmd_policy(int argc, char **argv)
{
        if (argc == 2 && streq(argv[1], "eval"))
                return eval_lines(stdin);
        if (argc == 3 && streq(argv[1], "eval") && streq(argv[2], "--rulings"))
                return show_rulings();
        if (argc >= 2 && streq(argv[1], "statement"))
                return statement(argc, argv);
        fprintf(stderr, "usage: rolewatch policy eval < REQUESTS.jsonl\n"
                        "       rolewatch policy eval --rulings\n"
                        "       rolewatch policy statement [--iam] [--ecs] [--services] [--cloudwatch] [--cluster NAME]...\n");
        return EXIT_USAGE;
}
