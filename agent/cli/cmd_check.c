/* rolewatch check: one look at the host, or at a snapshot. */
#include <stdio.h>
#include "cli_internal.h"
#include "commands.h"
#include "rolewatch/report.h"

int cmd_check(int argc, char **argv)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        const char *from = NULL;
        bool json = false;
        int r;

        for (int i = 1; i < argc; i++) {
                if (streq(argv[i], "--json")) {
                        json = true;
                } else if (streq(argv[i], "--from") && i + 1 < argc) {
                        from = argv[++i];
                } else {
                        fprintf(stderr,
                                "rolewatch check: '%s' is not understood; see rolewatch help\n",
                                argv[i]);
                        return EXIT_USAGE;
                }
        }
        if (facts_get(from, &s) < 0 || judge(s, &v) < 0)
                return EXIT_UNKNOWN;
        if (json) {
                cJSON *j = NULL;

                if (report_json(v, &j) < 0 || json_print(j, NULL) != 0)
                        return EXIT_UNKNOWN;
        } else {
                r = report_table(v, cli_style(), stdout);
                if (r < 0)
                        return EXIT_UNKNOWN;
        }
        return verdicts_exit_status(v);
}
