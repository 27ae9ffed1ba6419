/*
 * Which rows are in question for a process, and whether they agree: the rows of
 * its recognized SDKs and tools, or every SDK's row where nothing is recognized.
 */
#include "judge_internal.h"

bool same_result(const struct chain_result *a, const struct chain_result *b)
{
        return a->provider == b->provider && a->via_expired == b->via_expired &&
               streq(a->role, b->role);
}

/* The evaluation of the rows in question for one process. */
struct evaluation {
        const struct judge_index *ix;
        const struct process *p;
        struct chain_input in;
        struct chain_result *results;  /* `room` of them */
        size_t n, capacity;
};

static int eval_row(struct evaluation *ev, const struct chain_row *row, const char *version)
{
        int r;

        assert(ev->n < ev->capacity);
        ev->in.version = version;
        r = chain_eval(row, &ev->in, ev->ix->a, &ev->results[ev->n]);
        ev->n += r == 0;
        return r;
}

/*
 * Every row of a family whose release is not known, or every row of an SDK (NULL)
 * for a program that is not recognized: a tool's chain is in no other program.
 * Rows of SDK releases older than the container provider (2016) count only where
 * such a release is recognized: otherwise no program without an SDK could ever be
 * certain.
 */
static int eval_rows(struct evaluation *ev, const char *sdk)
{
        int r = 0;

        for (size_t i = 0; r == 0 && i < chain_row_count(); i++) {
                const struct chain_row *row = chain_row_get(i);
                bool is_sdk = chain_row_kind(row) == CHAIN_SDK;

                if ((sdk ? streq(chain_row_sdk(row), sdk) : is_sdk) && (!is_sdk || chain_row_has_container(row)))
                        r = eval_row(ev, row, NULL);
        }
        return r;
}

static int eval_sdk(struct evaluation *ev, const struct sdk *sdk)
{
        const struct chain_row *row = chain_row_for(sdk->name, sdk->version);

        if (!row)
                return 0;
        return sdk->version ? eval_row(ev, row, sdk->version) : eval_rows(ev, sdk->name);
}

/* The tool that a process is by its name, if no file of the tool was recognized; NULL: none. */
static const char *tool_by_name(const struct process *p)
{
        const char *tool = chain_tool_named(p->exe, NULL, NULL);

        for (size_t i = 0; i < p->n_sdks; i++) {
                if (chain_sdk_kind(p->sdks[i].name) == CHAIN_TOOL)
                        return NULL;
                if (!tool)
                        tool = chain_tool_named(p->exe, p->sdks[i].name, p->sdks[i].version);
        }
        return tool;
}

/* The results of each recognized SDK; families that are not in the table are left out. */
static int eval_recognized(struct evaluation *ev, struct group *g)
{
        const char *tool = tool_by_name(ev->p);
        int r = 0;

        g->sdks_unknown = ev->p->sdks_unknown;
        if (tool) {
                g->sdk_name = tool;
                g->sdk_certainty = CERTAINTY_POSSIBLE;
                return eval_rows(ev, tool);
        }
        for (size_t i = 0; r == 0 && i < ev->p->n_sdks; i++) {
                bool none = ev->n == 0;

                r = eval_sdk(ev, &ev->p->sdks[i]);
                if (none && ev->n > 0) {
                        g->sdk_name = ev->p->sdks[i].name;
                        g->sdk_version = ev->p->sdks[i].version;
                        g->sdk_certainty = ev->p->sdks[i].certainty;
                }
        }
        return r;
}

/* Where all rows of a family agree, its newest represents them; rows of a family are adjacent. Returns the new length. */
static size_t collapse(struct chain_result *results, size_t n)
{
        size_t out = 0;

        for (size_t i = 0; i < n;) {
                const char *sdk = chain_row_sdk(results[i].row);
                size_t end = i;
                bool same = true;

                while (end < n && streq(chain_row_sdk(results[end].row), sdk))
                        same = same_result(&results[i], &results[end++]) && same;
                if (same)
                        i = end - 1;
                while (i < end)
                        results[out++] = results[i++];
        }
        return out;
}

/* The most frequent result; the first of equals. */
static const struct chain_result *most_common(const struct chain_result *results, size_t n)
{
        const struct chain_result *best = results;
        size_t most = 0;

        for (size_t i = 0; i < n; i++) {
                size_t votes = 0;

                for (size_t k = 0; k < n; k++)
                        votes += same_result(&results[i], &results[k]);
                if (votes > most) {
                        most = votes;
                        best = &results[i];
                }
        }
        return best;
}

enum certainty rows_certainty(const struct group *g)
{
        enum certainty least = CERTAINTY_CERTAIN;

        for (size_t i = 0; i < g->n_by_row; i++)
                if (g->by_row[i].certainty < least)
                        least = g->by_row[i].certainty;
        return least;
}

/* The chain of a program in which no SDK is recognized is not known, even where all known chains agree. */
static enum certainty certainty_of(const struct group *g)
{
        enum certainty least = rows_certainty(g);

        if (!g->agreed || (!g->sdk_name && least > CERTAINTY_POSSIBLE))
                return CERTAINTY_POSSIBLE;
        return g->sdk_name && g->sdk_certainty != CERTAINTY_UNKNOWN && g->sdk_certainty < least ? g->sdk_certainty : least;
}

int sdk_consensus(const struct judge_index *ix, struct group *g)
{
        const struct process *p = &ix->s->processes[g->process];
        size_t capacity = (p->n_sdks + 1) * chain_row_count();
        CLEANUP(freep) struct chain_result *results = calloc(capacity, sizeof *results);
        struct evaluation ev = { .ix = ix, .p = p, .results = results, .capacity = capacity };
        struct chain_result *copied;
        int r;

        if (!results)
                return -ENOMEM;
        chain_input_of(ix->s, p, &ev.in);
        r = eval_recognized(&ev, g);
        if (r == 0 && ev.n == 0)
                r = eval_rows(&ev, NULL);
        if (r < 0)
                return r;
        g->n_by_row = collapse(results, ev.n);
        copied = arena_alloc(ix->a, g->n_by_row * sizeof *copied);
        if (!copied)
                return -ENOMEM;
        memcpy(copied, results, g->n_by_row * sizeof *copied);
        g->by_row = copied;
        g->agreed = true;
        for (size_t i = 1; i < g->n_by_row; i++)
                g->agreed = g->agreed && same_result(&copied[0], &copied[i]);
        g->winner = *most_common(copied, g->n_by_row);
        g->winner.certainty = certainty_of(g);
        return 0;
}
