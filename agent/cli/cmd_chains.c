/* rolewatch chains: the table of credential chains, row by row. */
#include "cli_internal.h"
#include "commands.h"
#include "rolewatch/report.h"

#define CHAINS_OPTIONS(X) \
        X(FLAG, json, "json", 'j', NULL, "print all chains as JSON", .no_operand = true)
OPTION_TABLE(CHAINS_OPTIONS)

static int chains_unknown(const struct arguments *a, const char *name)
{
        CLEANUP(text_done) struct text names = { 0 };
        char typed[32];
        struct suggestion s = { .word = typed };

        snprintf(typed, sizeof typed, "%.*s", (int)strcspn(name, "@"), name);
        for (size_t i = 0; i < chain_row_count(); i++) {
                const char *sdk = chain_row_sdk(chain_row_get(i));

                if (i > 0 && streq(sdk, chain_row_sdk(chain_row_get(i - 1))))
                        continue;
                suggestion_consider(&s, sdk);
                text_addf(&names, " %s", sdk);
        }
        if (s.name)
                return usage_error_near(a->command, s.name, "unknown SDK '%s'", name);
        return usage_error(a->command, "unknown SDK '%s'; known are%s", name, names.s ? names.s : "");
}

/* A family, a family and version, or the name of a row as the table prints it. */
static const struct chain_row *row_of(const char *name)
{
        const char *at = strchr(name, '@');
        char sdk[32] = "";
        size_t len = at ? (size_t)(at - name) : strlen(name);

        for (size_t i = 0; i < chain_row_count(); i++)
                if (streq(chain_row_name(chain_row_get(i)), name))
                        return chain_row_get(i);
        if (len >= sizeof sdk)
                return NULL;
        memcpy(sdk, name, len);
        return chain_row_for(sdk, at ? at + 1 : NULL);
}

static int run_chains(const struct arguments *a)
{
        const struct options *o = a->options;
        const char *name = a->n_operands ? a->operands[0] : NULL;
        const struct chain_row *row = name ? row_of(name) : NULL;
        cJSON *j = NULL;

        if (name && !row)
                return chains_unknown(a, name);
        if (o->json)
                return report_chains_json(&j) < 0 ? command_error(a, "out of memory") : json_print(a, j, NULL);
        if (!row)
                return report_chains(cli_style(), stdout) < 0 ? EXIT_UNKNOWN : 0;
        return report_chain(row, cli_style(), stdout) < 0 ? EXIT_UNKNOWN : 0;
}

const struct command command_chains = {
        .name = "chains", .operands = "[SDK[@VERSION]]", .help = "show each SDK's credential chain and the releases it was verified against",
        COMMAND_OPTIONS, .run = run_chains,
        .exits = { { 0, "the chains are shown" }, { 3, "the output could not be written" } },
        .examples = { "rolewatch chains botocore@1.34.0" },
};
