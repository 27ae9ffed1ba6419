/* rolewatch snapshot: all facts, no secret among them, as JSON. */
#include "cli_internal.h"
#include "commands.h"

#define SNAPSHOT_OPTIONS(X) \
        X(TEXT, output, "output", 'o', "FILE", "write to FILE, which only its owner can read, instead of standard output")
OPTION_TABLE(SNAPSHOT_OPTIONS)

static int run_snapshot(const struct arguments *a)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        const struct options *o = a->options;
        cJSON *j = NULL;

        if (facts_get(a, NULL, &s) < 0)
                return EXIT_UNKNOWN;
        if (model_to_json(s, &j) < 0)
                return command_error(a, "cannot build the snapshot: out of memory");
        return json_print(a, j, o->output);
}

const struct command command_snapshot = {
        .name = "snapshot", .operands = "", .help = "save all facts about this host as JSON, to be judged elsewhere",
        COMMAND_OPTIONS, .run = run_snapshot,
        .exits = { { 0, "the snapshot is saved" }, { 3, "this host could not be scanned, or the snapshot could not be written" } },
        .examples = { "rolewatch snapshot --output host.json" },
};
