/* rolewatch policy: the evaluator by itself, one decision per line; and what rolewatch's own calls need. */
#include "cli_internal.h"
#include "commands.h"
#include "rolewatch/aws_calls.h"
#include "rolewatch/iam.h"

#define LINE_MAX_BYTES ((size_t)512 << 10)        /* twice what IAM holds of all layers together */
#define ARENA_MAX ((size_t)64 << 20)

#define POLICY_OPTIONS(X) \
        X(FLAG, rulings,    "rulings",    0, NULL,        "list the cases in which AWS's sources conflict, and how each is decided", .only = "eval") \
        X(FLAG, iam,        "iam",        0, NULL,        "include what reading roles and policies from IAM needs", .only = "statement") \
        X(FLAG, ecs,        "ecs",        0, NULL,        "include what reading task definitions and tasks from ECS needs", .only = "statement") \
        X(FLAG, services,   "services",   0, NULL,        "include what reading services, scaling and load balancers needs", .only = "statement") \
        X(FLAG, cloudwatch, "cloudwatch", 0, NULL,        "include what sending metrics to CloudWatch needs", .only = "statement") \
        X(TEXT, cluster,    "cluster",    0, "CLUSTER",   "restrict the policy to CLUSTER", .only = "statement") \
        X(TEXT, region,     "region",     0, "REGION",    "restrict the policy to REGION", .only = "statement") \
        X(TEXT, account,    "account",    0, "ACCOUNT",   "restrict the policy to ACCOUNT", .only = "statement") \
        X(TEXT, partition,  "partition",  0, "PARTITION", "write ARNs of PARTITION: aws, aws-cn or aws-us-gov", .only = "statement") \
        X(TEXT, namespace,  "namespace",  0, "NAMESPACE", "restrict metrics to NAMESPACE of CloudWatch", .only = "statement")
OPTION_TABLE(POLICY_OPTIONS)

static cJSON *by_json(const struct iam_decision *d)
{
        CLEANUP(json_freep) cJSON *list = cJSON_CreateArray();

        for (size_t i = 0; list && i < d->n_by; i++) {
                cJSON *o = cJSON_CreateObject();

                if (!o || !cJSON_AddItemToArray(list, o))
                        return NULL;
                cJSON_AddStringToObject(o, "layer", iam_layer_to_string(d->by[i].layer));
                cJSON_AddStringToObject(o, "policy", d->by[i].policy);
                if (d->by[i].sid)
                        cJSON_AddStringToObject(o, "sid", d->by[i].sid);
                cJSON_AddNumberToObject(o, "statement", (double)d->by[i].statement);
        }
        return TAKE(list);
}

/* Text of policies is untrusted: escaped, and cut. */
static void put_untrusted(cJSON *o, const char *key, const char *s, struct arena *a)
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
                cJSON_AddStringToObject(o, "reason", iam_reason_to_string(d->why[i].reason));
                put_untrusted(o, "subject", d->why[i].subject, a);
                if (!d->why[i].key)
                        continue;
                put_untrusted(o, "key", d->why[i].key, a);
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
        const char *error = "not JSON";
        int r = json_parse(line->len ? line->s : "", line->len, &in);

        if (r == 0)
                r = iam_request_from_json(in, a, &policies, &rq, &error);
        if (!out || (r == -ENOMEM && !arena_failed(a)))
                return NULL;
        if (r == -ENOMEM) {
                cJSON_AddStringToObject(out, "error", "the policies are too large");
                return TAKE(out);
        }
        if (r < 0) {
                put_untrusted(out, "error", error, a);
                return TAKE(out);
        }
        iam_evaluate(&policies, &rq, &d);
        cJSON_AddStringToObject(out, "decision", iam_answer_to_string(d.answer));
        if (d.answer == IAM_IMPLICIT)
                cJSON_AddStringToObject(out, "missing", iam_layer_to_string(d.missing));
        cJSON_AddItemToObject(out, "by", by_json(&d));
        cJSON_AddItemToObject(out, "unknown", why_json(&d, a));
        return TAKE(out);
}

/* The next line, without its end; of one that is too long the beginning. False: there is none. */
static bool policy_line_read(FILE *in, struct text *line, bool *ret_long)
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

        return out && cJSON_AddStringToObject(out, "error", "the line is longer than 512 KiB") ? TAKE(out) : NULL;
}

static int eval_lines(const struct arguments *a, FILE *in)
{
        CLEANUP(text_done) struct text line = { 0 };
        bool is_long;
        int status = 0;

        for (uint64_t number = 1; policy_line_read(in, &line, &is_long); number++) {
                CLEANUP(arena_freep) struct arena *arena = NULL;
                cJSON *out = is_long                                 ? too_long()
                             : line.failed                           ? NULL
                             : arena_new(ARENA_MAX, &arena) == 0 ? answer(&line, arena)
                                                                     : NULL;

                if (!out)
                        return command_error(a, "out of memory");
                if (cJSON_GetObjectItemCaseSensitive(out, "error")) {
                        cJSON_AddNumberToObject(out, "line", (double)number);
                        status = EXIT_UNKNOWN;
                }
                if (json_print(a, out, NULL) != 0)
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

static unsigned statement_parts(const struct arguments *a)
{
        unsigned parts = 0;

        for (unsigned p = 0; p < AWS_PART_MAX; p++) {
                const struct option_row *row = option_find(a->command, aws_part_option((enum aws_part)p));

                parts |= row && option_is_set(a, row) ? 1u << p : 0;
        }
        return parts ? parts : AWS_ALL_PARTS;
}

/* Names of AWS have none of the characters that mean something in a policy. 0 or EXIT_USAGE. */
static int statement_scope(const struct arguments *a, struct aws_scope *ret)
{
        const struct options *o = a->options;
        const struct { const char *option, *value; const char **to; } values[] = {
                { "partition", o->partition, &ret->partition }, { "region", o->region, &ret->region },
                { "account", o->account, &ret->account },       { "cluster", o->cluster, &ret->cluster },
                { "namespace", o->namespace, &ret->namespace },
        };

        for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
                if (values[i].value && !text_is(values[i].value, strlen(values[i].value), "-_.#/: "))
                        return usage_error(a->command, "invalid value '%s' of option '--%s'", values[i].value, values[i].option);
                *values[i].to = values[i].value;
        }
        return 0;
}

static int statement_print(const struct arguments *a)
{
        CLEANUP(json_freep) cJSON *policy = NULL;
        CLEANUP(freep) char *text = NULL;
        struct aws_scope scope = { 0 };
        int r = statement_scope(a, &scope);

        if (r)
                return r;
        policy = aws_policy(statement_parts(a), &scope);
        text = policy ? cJSON_Print(policy) : NULL;
        if (!text)
                return command_error(a, "out of memory");
        return puts(text) >= 0 && fflush(stdout) == 0 ? 0 : output_error(a, NULL, -errno);
}

static int run_policy(const struct arguments *a)
{
        const struct options *o = a->options;

        if (streq(a->operands[0], "statement"))
                return statement_print(a);
        return o->rulings ? show_rulings() : eval_lines(a, stdin);
}

const struct command command_policy = {
        .name = "policy", .operands = "eval|statement", .help = "evaluate IAM policies, or print the policy that rolewatch's own calls need",
        COMMAND_OPTIONS, .run = run_policy,
        .exits = { { 0, "every request is evaluated, or the policy is printed" }, { 3, "a line is not a valid request" } },
        .examples = { "rolewatch policy eval < requests.jsonl", "rolewatch policy statement --iam --ecs --cluster prod" },
};
