/* rolewatch snapshot: all facts, no secret among them, as JSON. */
#include <stdio.h>
#include "cli_internal.h"
#include "commands.h"

int cmd_snapshot(int argc, char **argv)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        const char *path = NULL;
        cJSON *j = NULL;

        if (argc == 3 && streq(argv[1], "-o"))
                path = argv[2];
        else if (argc != 1) {
                fprintf(stderr, "rolewatch snapshot: -o FILE is all it takes\n");
                return EXIT_USAGE;
        }
        if (facts_get(NULL, &s) < 0 || model_to_json(s, &j) < 0)
                return EXIT_UNKNOWN;
        return json_print(j, path);
}
