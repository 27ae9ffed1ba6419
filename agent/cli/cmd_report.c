/* rolewatch report: the verdicts as a page for people; HTML is the one form there is. */
#include <stdio.h>
#include "cli_internal.h"
#include "commands.h"
#include "rolewatch/report.h"

static int report_to(const struct verdicts *v, const char *path)
{
        FILE *out;
        int r;

        if (!path)
                return report_html(v, stdout);
        r = private_open(path, &out);
        if (r < 0)
                return r;
        r = report_html(v, out);
        return fclose(out) == 0 || r < 0 ? r : -errno;
}

int cmd_report(int argc, char **argv)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        const char *from = NULL, *path = NULL;
        bool html = false, understood = true;
        int r;

        for (int i = 1; i < argc && understood; i++) {
                if (streq(argv[i], "--html"))
                        html = true;
                else if (streq(argv[i], "--from") && i + 1 < argc)
                        from = argv[++i];
                else if (streq(argv[i], "-o") && i + 1 < argc)
                        path = argv[++i];
                else
                        understood = false;
        }
        if (!html || !understood) {
                fprintf(stderr, "usage: rolewatch report --html [-o FILE] [--from FILE]\n");
                return EXIT_USAGE;
        }
        if (facts_get(from, &s) < 0 || judge(s, &v) < 0)
                return EXIT_UNKNOWN;
        r = report_to(v, path);
        if (r < 0)
                fprintf(stderr, "rolewatch: %s: %s\n", path ? path : "the output could not be written", strerror(-r));
        return r < 0 ? EXIT_UNKNOWN : 0;
}
