/* rolewatch policy: the evaluator by itself, one decision a line; and what rolewatch's own calls need. */
#include <stdio.h>
#include "cli_internal.h"
#include "commands.h"
#include "rolewatch/aws_calls.h"
#include "rolewatch/iam.h"

#define LINE_MAX_BYTES ((size_t)4 << 20)
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
        }
        return TAKE(list);
}

/* One object for a line; NULL: no memory. */
static cJSON *answer(const char *line, size_t len, struct arena *a)
{
        CLEANUP(json_freep) cJSON *in = NULL, *out = cJSON_CreateObject();
        struct iam_policies policies;
        struct iam_request rq;
        struct iam_decision d;
        const char *fault = "not JSON";
        int r = json_parse(line, len, &in);

        if (r == 0)
                r = iam_case(in, a, &policies, &rq, &fault);
        if (!out || r == -ENOMEM)
                return NULL;
        if (r < 0) {
                put_foreign(out, "error", fault ? fault : strerror(-r), a);
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

static int eval_lines(FILE *in)
{
        CLEANUP(freep) char *line = NULL;
        int status = 0;
        size_t size = 0;
        ssize_t n;

        while ((n = getline(&line, &size, in)) > 0) {
                CLEANUP(arena_freep) struct arena *a = NULL;
                cJSON *out;

                if ((size_t)n > LINE_MAX_BYTES) {
                        fprintf(stderr, "rolewatch policy eval: a line is longer than 4 MiB\n");
                        return EXIT_UNKNOWN;
                }
                out = arena_new(ARENA_MAX, &a) == 0 ? answer(line, (size_t)n, a) : NULL;
                if (!out)
                        return EXIT_UNKNOWN;
                if (cJSON_GetObjectItemCaseSensitive(out, "error"))
                        status = EXIT_UNKNOWN;
                if (json_print(out, NULL) != 0)
                        return EXIT_UNKNOWN;
        }
        return status;
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
        if (argc >= 2 && streq(argv[1], "statement"))
                return statement(argc, argv);
        fprintf(stderr, "usage: rolewatch policy eval < REQUESTS.jsonl\n"
                        "       rolewatch policy statement [--iam] [--ecs] [--services] [--cloudwatch] [--cluster NAME]...\n");
        return EXIT_USAGE;
}
