/*
 * table -- what `rolewatch check` prints for people: the host, one row a group,
 * the findings, and a last line that sums up.
 */
#include "style.h"

#define GAP 2
#define ARENA_LIMIT_BYTES ((size_t)64 << 20)
#define FOLDS 4

/* Text of a cell; `keep` trailing code points stay when it is cut. */
struct cell { const char *s; unsigned keep; };
struct table {
        const struct verdicts *v;
        struct arena *a;
        bool brief; /* room is short: shorter titles, SDKs without their versions */
};

static struct cell cell_task(const struct table *tb, const struct group *g, const struct process *p)
{
        (void)g;
        return (struct cell){ style_task_name(tb->v->snapshot, p), 0 };
}

static struct cell cell_container(const struct table *tb, const struct group *g,
                                  const struct process *p)
{
        (void)g;
        return (struct cell){ style_container(tb->a, tb->v->snapshot, p), 0 };
}

/* The pid stays whole: it is what people hand to `rolewatch explain`. */
static struct cell cell_process(const struct table *tb, const struct group *g,
                                const struct process *p)
{
        const char *id = g->n_members > 1
                                 ? arena_printf(tb->a, " %d \xc3\x97%zu", (int)p->pid, g->n_members)
                                 : arena_printf(tb->a, " %d", (int)p->pid);

        if (!id)
                return (struct cell){ NULL, 0 };
        return (struct cell){ arena_printf(tb->a, "%s%s", style_process(p), id), style_width(id) };
}

static struct cell cell_sdk(const struct table *tb, const struct group *g, const struct process *p)
{
        (void)p;
        if (!g->sdk_name)
                return (struct cell){ "-", 0 };
        if (!g->sdk_version || tb->brief)
                return (struct cell){ g->sdk_name, 0 };
        return (struct cell){ arena_printf(tb->a, "%s %s", g->sdk_name, g->sdk_version), 0 };
}

static struct cell cell_acts(const struct table *tb, const struct group *g, const struct process *p)
{
        if (p->environ.state != ANSWER_OK)
                return (struct cell){ "not seen", 0 };
        if (!g->agreed)
                return (struct cell){ "differs by SDK", 0 };
        return (struct cell){ style_acts(tb->a, &g->winner), 0 };
}

static struct cell cell_expected(const struct table *tb, const struct group *g,
                                 const struct process *p)
{
        (void)tb;
        (void)p;
        return (struct cell){ g->expected_role ? arn_name(g->expected_role) : "-", 0 };
}

static struct cell cell_verdict(const struct table *tb, const struct group *g,
                                const struct process *p)
{
        (void)tb;
        (void)p;
        return (struct cell){ verdict_word(g->verdict), 0 };
}

/*
 * Where room is short the columns give way in folds, each down to its floor:
 * first what is least missed, at last all of them.
 */
#define FIRM 0xffffU
static const struct column {
        const char *title, *brief;
        struct cell (*cell)(const struct table *tb, const struct group *g, const struct process *p);
        unsigned floors[FOLDS];
} columns[] = {
        { "TASK",        "TASK",        cell_task,      { 6, 6, 6, 4 } },
        { "CONTAINER",   "CONT",        cell_container, { 6, 6, 6, 4 } },
        { "PROCESS",     "PROCESS",     cell_process,   { FIRM, 11, 11, 4 } },
        { "SDK",         "SDK",         cell_sdk,       { 8, 8, 8, 3 } },
        { "CREDENTIALS", "CREDENTIALS", cell_acts,      { FIRM, FIRM, 14, 4 } },
        { "EXPECTED",    "EXPECTED",    cell_expected,  { FIRM, FIRM, 9, 4 } },
        { "VERDICT",     "VERDICT",     cell_verdict,   { FIRM, FIRM, FIRM, 4 } },
};
#define N_COLUMNS ARRAY_SIZE(columns)

static unsigned total(const unsigned *widths)
{
        unsigned sum = GAP * (N_COLUMNS - 1);

        for (size_t c = 0; c < N_COLUMNS; c++)
                sum += widths[c];
        return sum;
}

/* Takes from the column that is the furthest above its floor. */
static void shrink(unsigned *widths, unsigned room)
{
        for (size_t fold = 0; fold < FOLDS; fold++)
                while (total(widths) > room) {
                        unsigned most = 0;
                        size_t at = 0;

                        for (size_t c = 0; c < N_COLUMNS; c++) {
                                unsigned least = columns[c].floors[fold];

                                if (widths[c] > least && widths[c] - least > most) {
                                        most = widths[c] - least;
                                        at = c;
                                }
                        }
                        if (most == 0)
                                break;
                        widths[at]--;
                }
}

static const struct process *process_of(const struct verdicts *v, const struct group *g)
{
        return &v->snapshot->processes[g->process];
}

static const char *title_of(const struct table *tb, size_t column)
{
        return tb->brief ? columns[column].brief : columns[column].title;
}

static int cells_make(const struct table *tb, struct cell *cells, unsigned *widths)
{
        for (size_t c = 0; c < N_COLUMNS; c++)
                widths[c] = style_width(title_of(tb, c));
        for (size_t i = 0; i < tb->v->n_groups; i++)
                for (size_t c = 0; c < N_COLUMNS; c++) {
                        const struct group *g = &tb->v->groups[i];
                        struct cell cell = columns[c].cell(tb, g, process_of(tb->v, g));

                        if (!cell.s)
                                return -ENOMEM;
                        if (style_width(cell.s) > widths[c])
                                widths[c] = style_width(cell.s);
                        cells[i * N_COLUMNS + c] = cell;
                }
        return 0;
}

#define PLAIN (-1)
/* Where a cell stands: the width of its column, whether its line ends with it, its severity or PLAIN. */
struct slot { unsigned width; bool last; int paint; };

/* One cell, padded unless it is the last of its line. */
static void put_cell(struct page *page, const struct cell *cell, struct slot at)
{
        CLEANUP(text_done) struct text t = { 0 };
        unsigned used;

        style_fit(&t, cell->s, at.width, cell->keep);
        if (t.failed || !t.s)
                return;
        used = style_width(t.s);
        if (at.paint != PLAIN)
                page_paint(page, (enum severity)at.paint, t.s);
        else
                text_add(&page->t, t.s);
        if (at.last)
                text_add(&page->t, "\n");
        else
                page_pad(page, at.width - used + GAP);
}

static int put_rows(struct table *tb, struct page *page)
{
        CLEANUP(freep) struct cell *cells = calloc(tb->v->n_groups * N_COLUMNS, sizeof *cells);
        unsigned widths[N_COLUMNS];
        int r;

        if (!cells)
                return -ENOMEM;
        r = cells_make(tb, cells, widths);
        if (r == 0 && total(widths) > page->columns) {
                tb->brief = true;
                r = cells_make(tb, cells, widths);
        }
        if (r < 0)
                return r;
        shrink(widths, page->columns);
        for (size_t c = 0; c < N_COLUMNS; c++) {
                struct cell title = { title_of(tb, c), 1 };

                put_cell(page, &title, (struct slot){ widths[c], c == N_COLUMNS - 1, PLAIN });
        }
        for (size_t i = 0; i < tb->v->n_groups; i++)
                for (size_t c = 0; c < N_COLUMNS; c++) {
                        enum verdict verdict = tb->v->groups[i].verdict;
                        bool last = c == N_COLUMNS - 1;
                        int paint = last && verdict != VERDICT_UNJUDGED ? (int)verdict_severity(verdict) : PLAIN;

                        put_cell(page, &cells[i * N_COLUMNS + c], (struct slot){ widths[c], last, paint });
                }
        return 0;
}

/* ---- the host ---- */

static const char *role_words(struct arena *a, const struct host *h)
{
        if (h->instance_role)
                return arena_printf(a, "instance role %s", h->instance_role);
        if (h->imds_role_answer.state == ANSWER_STATUS && h->imds_role_answer.status == 404)
                return "no instance role";
        return "instance role unknown";
}

static void put_host(const struct table *tb, struct page *page)
{
        const struct host *h = &tb->v->snapshot->host;
        const struct { const char *what; const struct answer *answer; } endpoints[] = {
                { "instance metadata", &h->imds },
                { "ECS agent", &h->introspection },
                { "credentials endpoint", &h->credentials },
        };
        const char *head = arena_printf(tb->a, "%s%s%s, %s, %s%s, agent %s",
                                        h->instance_id ? h->instance_id : "instance unknown",
                                        h->region ? " in " : "", h->region ? h->region : "",
                                        role_words(tb->a, h), h->cluster ? "cluster " : "no cluster",
                                        h->cluster ? arn_name(h->cluster) : "",
                                        h->agent_version ? h->agent_version : "unknown");

        page_wrap(page, 0, 2, head);
        for (size_t i = 0; i < ARRAY_SIZE(endpoints); i++) {
                const char *words = style_answer(tb->a, endpoints[i].answer);

                if (endpoints[i].answer->state == ANSWER_OK || !words)
                        continue;
                text_addf(&page->t, "%s: ", endpoints[i].what);
                page_wrap(page, style_width(endpoints[i].what) + 2, 2, words);
        }
        if (h->blind) {
                text_add(&page->t, "not seen: ");
                page_wrap(page, 10, 2, h->blind);
        }
        text_add(&page->t, "\n");
}

/* ---- below the rows ---- */

static void put_differing(const struct table *tb, struct page *page)
{
        for (size_t i = 0; i < tb->v->n_groups; i++) {
                const struct group *g = &tb->v->groups[i];
                const struct process *p = process_of(tb->v, g);
                const char *by_sdk =
                        g->agreed || p->environ.state != ANSWER_OK ? NULL : style_by_sdk(tb->a, g);
                const char *line = by_sdk ? arena_printf(tb->a, "%s %d, by SDK: %s",
                                                         style_process(p), (int)p->pid, by_sdk)
                                          : NULL;

                if (!line)
                        continue;
                text_add(&page->t, "\n");
                page_wrap(page, 0, 2, line);
        }
}

static void put_finding(struct page *page, const struct finding *f)
{
        const char *severity = severity_word(f->severity), *slug = finding_slug(f->kind);
        const char *doubt = f->certainty == CERTAINTY_POSSIBLE ? " (possible)" :
                            f->certainty == CERTAINTY_OBSERVED ? " (observed)" : "";

        text_add(&page->t, "\n");
        page_paint(page, f->severity, severity);
        text_addf(&page->t, " %s%s: ", slug, doubt);
        page_wrap(page, style_width(severity) + style_width(slug) + style_width(doubt) + 3, 2,
                  f->message ? f->message : finding_meaning(f->kind));
        if (f->remedy) {
                text_add(&page->t, "  \xe2\x86\x92 ");
                page_wrap(page, 4, 4, f->remedy);
        }
}

static void put_findings(const struct verdicts *v, struct page *page)
{
        for (int s = SEVERITY_MAX - 1; s >= 0; s--)
                for (size_t i = 0; i < v->n_findings; i++)
                        if ((int)v->findings[i].severity == s)
                                put_finding(page, &v->findings[i]);
}

static bool judged(enum verdict v)
{
        return v != VERDICT_UNKNOWN && v != VERDICT_UNJUDGED;
}

static int count_judged(const struct verdicts *v, size_t *ret_groups, size_t *ret_containers)
{
        CLEANUP(freep) bool *seen = calloc(v->snapshot->n_containers + 1, sizeof *seen);
        size_t groups = 0, containers = 0;

        if (!seen)
                return -ENOMEM;
        for (size_t i = 0; i < v->n_groups; i++) {
                int c = process_of(v, &v->groups[i])->container;

                if (!judged(v->groups[i].verdict))
                        continue;
                groups++;
                if (c < 0 || (size_t)c >= v->snapshot->n_containers || seen[c])
                        continue;
                seen[c] = true;
                containers++;
        }
        *ret_groups = groups;
        *ret_containers = containers;
        return 0;
}

static int put_sum(const struct table *tb, struct page *page)
{
        const struct verdicts *v = tb->v;
        CLEANUP(text_done) struct text t = { 0 };
        enum severity worst = SEVERITY_OK;
        size_t groups, containers, idle;
        int r = count_judged(v, &groups, &containers);

        if (r < 0)
                return r;
        idle = v->n_groups - groups - v->n_unknown;
        for (size_t i = 0; i < v->n_findings; i++)
                if (v->findings[i].severity > worst)
                        worst = v->findings[i].severity;
        text_addf(&t, "%zu group%s of processes in %zu container%s judged", groups,
                  groups == 1 ? "" : "s", containers, containers == 1 ? "" : "s");
        if (v->n_unknown)
                text_addf(&t, ", %zu not", v->n_unknown);
        if (idle)
                text_addf(&t, "; nothing is expected of %zu", idle);
        if (v->n_undecided)
                text_addf(&t, "; %zu call%s not decided (%s)", v->n_undecided, v->n_undecided == 1 ? "" : "s",
                          v->undecided_why ? v->undecided_why : "see rolewatch needs");
        text_addf(&t, "; %s%s", v->n_findings ? "worst: " : "no findings",
                  v->n_findings ? severity_word(worst) : "");
        if (t.failed)
                return -ENOMEM;
        if (v->n_groups || v->n_findings)
                text_add(&page->t, "\n");
        page_wrap(page, 0, 2, t.s);
        return 0;
}

int report_table(const struct verdicts *v, struct report_style style, FILE *out)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        CLEANUP(page_done) struct page page;
        struct table tb = { .v = v };
        int r;

        page_start(&page, style);
        r = arena_new(ARENA_LIMIT_BYTES, &a);
        if (r < 0)
                return r;
        tb.a = a;
        put_host(&tb, &page);
        if (v->n_groups) {
                r = put_rows(&tb, &page);
                if (r < 0)
                        return r;
        }
        put_differing(&tb, &page);
        put_findings(v, &page);
        r = put_sum(&tb, &page);
        return r < 0 ? r : page_print(&page, out);
}
