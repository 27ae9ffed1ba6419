/* rolewatch report: the verdicts as a page for people; HTML is the only form. */
#include "cli_internal.h"
#include "commands.h"
#include "rolewatch/report.h"

#define REPORT_OPTIONS(X) \
        X(FLAG, html,   "html",   0,   NULL,   "write one self-contained HTML page without scripts", .required = true) \
        X(TEXT, output, "output", 'o', "FILE", "write to FILE, which only its owner can read, instead of standard output") \
        X(TEXT, from,   "from",   0,   "FILE", "judge the snapshot FILE instead of this host")
OPTION_TABLE(REPORT_OPTIONS)

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

static int run_report(const struct arguments *a)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        const struct options *o = a->options;
        int r;

        if (verdicts_get(a, o->from, &s, &v) < 0)
                return EXIT_UNKNOWN;
        r = report_to(v, o->output);
        return r < 0 ? output_error(a, o->output, r) : 0;
}

const struct command command_report = {
        .name = "report", .operands = "", .help = "write a page that shows which role each process uses and which it should use",
        COMMAND_OPTIONS, .run = run_report,
        .exits = { { 0, "the page is written" }, { 3, "the facts could not be read, or the page could not be written" } },
        .examples = { "rolewatch report --html --output host.html" },
};
