/*
 * kills -- which mutants of the chain table each case notices: cases as for
 * predict on stdin; a line of mutant numbers each on stdout. With --releases: every
 * family and version whose behavior the table tells apart; with --names: all mutants, in order.
 */
#include <stdio.h>
#include "facts.h"
#include "mutants.h"

/* What a row predicts for the releases that are asked about. */
#define RELEASES_MAX 200
struct predictions { const char *version[RELEASES_MAX]; char text[RELEASES_MAX][FACTS_PREDICTION_MAX]; size_t n; };

static void row_predictions(struct facts *f, const struct chain_row *row, const cJSON *sdks, struct predictions *to)
{
        const cJSON *sdk;

        to->n = 0;
        cJSON_ArrayForEach(sdk, sdks) {
                const char *version = cJSON_GetStringValue(cJSON_GetArrayItem(sdk, 1));

                if (to->n == RELEASES_MAX || chain_row_for(cJSON_GetStringValue(cJSON_GetArrayItem(sdk, 0)), version) != row)
                        continue;
                to->version[to->n] = version;
                facts_prediction(f, row, version, to->text[to->n++]);
        }
}

static bool noticed(struct facts *f, const struct mutant *m, const struct predictions *of)
{
        for (size_t i = 0; i < of->n; i++) {
                char now[FACTS_PREDICTION_MAX];

                facts_prediction(f, &m->row, of->version[i], now);
                if (!streq(now, of->text[i]))
                        return true;
        }
        return false;
}

static int one_case(const char *line)
{
        CLEANUP(json_freep) cJSON *j = cJSON_Parse(line);
        const cJSON *sdks = cJSON_GetObjectItemCaseSensitive(j, "sdks");
        size_t number = 0;
        struct mutant m;
        struct facts f;
        int r = facts_from_json(j, &f);

        if (r < 0)
                return r;
        for (size_t i = 0; i < chain_row_count(); i++) {
                static struct predictions before;

                row_predictions(&f, chain_row_get(i), sdks, &before);
                for (m = (struct mutant){ .cell = 0 }; mutant_next(chain_row_get(i), &m); number++) {
                        /* A range picks the row: no case can notice it. */
                        if (m.version[0] || !before.n)
                                continue;
                        if (noticed(&f, &m, &before))
                                printf("%zu ", number);
                }
        }
        putchar('\n');
        facts_done(&f);
        return 0;
}

/* "1.32.0" -> "1.31.999": the release before, whatever its number. */
static void before(const char *version, char *buf, size_t size)
{
        unsigned part[3] = { 0, 0, 0 };

        sscanf(version, "%u.%u.%u", &part[0], &part[1], &part[2]);
        if (part[2] > 0)
                snprintf(buf, size, "%u.%u.%u", part[0], part[1], part[2] - 1);
        else
                snprintf(buf, size, "%u.%u.999", part[0], part[1] - 1);
}

/* The release with which something turns, and the one before. */
static void turn(const struct chain_row *row, const char *version)
{
        char buf[32];

        before(version, buf, sizeof buf);
        printf("%s %s\n%s %s\n", row->sdk, version, row->sdk, buf);
}

static void releases(void)
{
        for (size_t i = 0; i < chain_row_count(); i++) {
                const struct chain_row *row = chain_row_get(i);
                char buf[32];

                if (!row->before)
                        printf("%s\n", row->sdk);
                else {
                        before(row->before, buf, sizeof buf);
                        printf("%s %s\n", row->sdk, buf);
                }
                if (row->from)
                        turn(row, row->from);
                for (size_t k = 0; k < chain_parameter_count(); k++) {
                        const struct chain_parameter *p = chain_parameter_get(k);
                        const char *since = p->kind == PARAMETER_SINCE ? *(const char *const *)(const void *)((const char *)row + p->at) : NULL;

                        if (since && !streq(since, "-"))
                                turn(row, since);
                }
        }
}

static void names(void)
{
        struct mutant m;

        for (size_t i = 0; i < chain_row_count(); i++)
                for (m = (struct mutant){ .cell = 0 }; mutant_next(chain_row_get(i), &m);)
                        printf("%s%s\n", m.version[0] ? "-" : "", m.what);
}

int main(int argc, char **argv)
{
        CLEANUP(freep) char *line = NULL;
        size_t size = 0;

        if (argc > 1 && streq(argv[1], "--releases")) {
                releases();
                return 0;
        }
        if (argc > 1 && streq(argv[1], "--names")) {
                names();
                return 0;
        }
        while (getline(&line, &size, stdin) > 0)
                if (one_case(line) < 0)
                        return 1;
        return 0;
}
