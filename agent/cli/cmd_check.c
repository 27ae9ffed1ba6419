/* rolewatch check: one scan of the host, or a snapshot, judged. */
#include "cli_internal.h"
#include "commands.h"
#include "rolewatch/report.h"

#define CHECK_OPTIONS(X) \
        X(FLAG, json, "json", 'j', NULL,   "print the report as JSON") \
        X(TEXT, from, "from", 0,   "FILE", "judge the snapshot FILE instead of this host")
OPTION_TABLE(CHECK_OPTIONS)

static int run_check(const struct arguments *a)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        const struct options *o = a->options;
        cJSON *j = NULL;

        if (verdicts_get(a, o->from, &s, &v) < 0)
                return EXIT_UNKNOWN;
        if (o->json ? report_json(v, &j) < 0 || json_print(a, j, NULL) != 0 : report_table(v, cli_style(), stdout) < 0)
                return EXIT_UNKNOWN;
        return verdicts_exit_status(v);
}

const struct command command_check = {
        .name = "check", .operands = "", .help = "scan this host and report which credentials each process uses",
        COMMAND_OPTIONS, .run = run_check,
        .exits = { { 0, "there is no warning and no critical finding" }, { 1, "there is a warning, and no critical "
                "finding" }, { 2, "there is a critical finding" },
                   { 3, "the host or snapshot could not be judged" } },
        .examples = { "rolewatch check", "rolewatch check --json --from host.json | jq '.findings[].message'" },
};
