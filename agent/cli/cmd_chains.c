/* rolewatch chains: the table of who wins, row by row. */
#include <stdio.h>
#include "cli_internal.h"
#include "commands.h"
#include "rolewatch/report.h"

static int families(const char *name)
{
        fprintf(stderr, "rolewatch chains: no SDK is called '%s'; there are:", name);
        for (size_t i = 0; i < chain_row_count(); i++) {
                const char *family = chain_row_family(chain_row_get(i));

                if (i == 0 || !streq(family, chain_row_family(chain_row_get(i - 1))))
                        fprintf(stderr, " %s", family);
        }
        fprintf(stderr, "\n");
        return EXIT_USAGE;
}

/* A family, a family and version, or the name of a row as the table prints it. */
static const struct chain_row *row_of(const char *name)
{
        const char *at = strchr(name, '@');
        char family[32] = "";
        size_t len = at ? (size_t)(at - name) : strlen(name);

        for (size_t i = 0; i < chain_row_count(); i++)
                if (streq(chain_row_name(chain_row_get(i)), name))
                        return chain_row_get(i);
        if (len >= sizeof family)
                return NULL;
        memcpy(family, name, len);
        return chain_row_for(family, at ? at + 1 : NULL);
}

int cmd_chains(int argc, char **argv)
{
        const struct chain_row *row;
        const char *name = NULL;
        bool json = false;
        cJSON *j = NULL;

        for (int i = 1; i < argc; i++) {
                if (streq(argv[i], "--json")) {
                        json = true;
                } else if (argv[i][0] != '-' && !name) {
                        name = argv[i];
                } else {
                        fprintf(stderr, "rolewatch chains: '%s' is not understood; see rolewatch help\n",
                                argv[i]);
                        return EXIT_USAGE;
                }
        }
        if (json && !name)
                return report_chains_json(&j) < 0 ? EXIT_UNKNOWN : json_print(j, NULL);
        if (json) {
                fprintf(stderr, "rolewatch chains: --json prints the whole table\n");
                return EXIT_USAGE;
        }
        if (!name)
                return report_chains(cli_style(), stdout) < 0 ? EXIT_UNKNOWN : 0;
        row = row_of(name);
        if (!row)
                return families(name);
        return report_chain(row, cli_style(), stdout) < 0 ? EXIT_UNKNOWN : 0;
}
