/*
 * Which rows are in question for a process, and whether they agree: the
 * recognised SDKs, or every row of the table where none is recognised.
 */
#include "room.h"

static bool same_result(const struct chain_result *a, const struct chain_result *b)
{
        return a->provider == b->provider && a->via_expired == b->via_expired &&
               streq(a->role, b->role);
}

static int eval_into(const struct look *l, const struct chain_row *row, const char *version,
                     struct chain_input *in, struct chain_result *ret)
{
        in->version = version;
        return chain_eval(row, in, l->a, ret);
}

/*
 * Every row of a family whose release is not known, or of all (NULL) for a
 * program that is not recognised. Rows of releases before the container
 * provider (2016) count only where such a release is seen: else no program
 * without an SDK could ever be called certain.
 */
static int eval_rows(const struct look *l, const char *family, struct chain_input *in,
                     struct chain_result *results)
{
        int n = 0;

        for (size_t i = 0; i < chain_row_count(); i++) {
                const struct chain_row *row = chain_row_get(i);
                int r;

                if (!chain_row_has_container(row) ||
                    (family && !streq(chain_row_family(row), family)))
                        continue;
                r = eval_into(l, row, NULL, in, &results[n]);
                if (r < 0)
                        return r;
                n++;
        }
        return n;
}

static int eval_sdk(const struct look *l, const struct sdk *sdk, struct chain_input *in,
                    struct chain_result *results)
{
        const struct chain_row *row = chain_row_for(sdk->name, sdk->version);
        int r;

        if (!row || !sdk->version)
                return row ? eval_rows(l, sdk->name, in, results) : 0;
        r = eval_into(l, row, sdk->version, in, results);
        return r < 0 ? r : 1;
}

/* The results of each recognised SDK; families that the table does not know are left out. */
static int eval_recognised(const struct look *l, const struct process *p, struct chain_input *in,
                           struct chain_result *results, struct group *g)
{
        int n = 0;

        for (size_t i = 0; i < p->n_sdks; i++) {
                int more = eval_sdk(l, &p->sdks[i], in, results + n);

                if (more < 0)
                        return more;
                if (n == 0 && more > 0) {
                        g->sdk_name = p->sdks[i].name;
                        g->sdk_version = p->sdks[i].version;
                        g->sdk_certainty = p->sdks[i].certainty;
                }
                n += more;
        }
        return n;
}

/* Where all rows of a family agree its newest stands for it; rows of a family are neighbours. */
static size_t collapse(struct chain_result *results, size_t n)
{
        size_t out = 0;

        for (size_t i = 0; i < n;) {
                const char *family = chain_row_family(results[i].row);
                size_t end = i;
                bool same = true;

                while (end < n && streq(chain_row_family(results[end].row), family))
                        same = same_result(&results[i], &results[end++]) && same;
                if (same)
                        i = end - 1;
                while (i < end)
                        results[out++] = results[i++];
        }
        return out;
}

/* The result that most entries give; the first of equals. */
static const struct chain_result *majority(const struct chain_result *results, size_t n)
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

/* That every SDK there is would do the same is more than any recognition of one can give. */
static enum certainty certainty_of(const struct group *g)
{
        enum certainty least = CERTAINTY_CERTAIN;

        if (!g->agreed)
                return CERTAINTY_POSSIBLE;
        for (size_t i = 0; i < g->n_by_row; i++)
                if (g->by_row[i].certainty < least)
                        least = g->by_row[i].certainty;
        if (!g->sdk_name)
                return least == CERTAINTY_PREDICTED ? CERTAINTY_CERTAIN : least;
        return g->sdk_certainty != CERTAINTY_UNKNOWN && g->sdk_certainty < least ? g->sdk_certainty
                                                                                 : least;
}

int family_judge(const struct look *l, struct group *g)
{
        const struct process *p = &l->s->processes[g->process];
        size_t room = (p->n_sdks + 1) * chain_row_count();
        CLEANUP(freep) struct chain_result *results = calloc(room, sizeof *results);
        struct chain_result *kept;
        struct chain_input in;
        int n;

        if (!results)
                return -ENOMEM;
        chain_input_of(l->s, p, &in);
        n = eval_recognised(l, p, &in, results, g);
        if (n == 0)
                n = eval_rows(l, NULL, &in, results);
        if (n < 0)
                return n;
        g->n_by_row = collapse(results, (size_t)n);
        kept = arena_alloc(l->a, g->n_by_row * sizeof *kept);
        if (!kept)
                return -ENOMEM;
        memcpy(kept, results, g->n_by_row * sizeof *kept);
        g->by_row = kept;
        g->agreed = true;
        for (size_t i = 1; i < g->n_by_row; i++)
                g->agreed = g->agreed && same_result(&kept[0], &kept[i]);
        g->winner = *majority(kept, g->n_by_row);
        g->winner.certainty = certainty_of(g);
        return 0;
}
