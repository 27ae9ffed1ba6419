/*
 * table -- what `rolewatch check` prints for people: the host, one row per group,
 * the findings, and a summary line.
 */
#include "style.h"

#define GAP 2
#define ARENA_LIMIT_BYTES ((size_t)64 << 20)

/* Text of a cell; when it is cut, its last `keep` code points stay. */
struct cell { const char *s; unsigned tail; };
struct table {
        const struct verdicts *v;
        struct arena *a;
        bool brief;                    /* the terminal is narrow: SDKs without versions, roles without providers */
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

/* " 12 ×3": pid and number of processes; "" for one that is only planned. */
static const char *process_suffix(const struct table *tb, const struct group *g, const struct process *p)
{
        if (g->n_members > 1)
                return p->pid ? arena_printf(tb->a, " %d \xc3\x97%zu", (int)p->pid, g->n_members) : arena_printf(tb->a, " \xc3\x97%zu", g->n_members);
        return p->pid ? arena_printf(tb->a, " %d", (int)p->pid) : "";
}

/* The pid stays whole: people pass it to `rolewatch explain`. */
static struct cell cell_process(const struct table *tb, const struct group *g,
                                const struct process *p)
{
        const char *id = process_suffix(tb, g, p);

        if (!id)
                return (struct cell){ NULL, 0 };
        return (struct cell){ arena_printf(tb->a, "%s%s", process_name(p), id), style_width(id) };
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
                return (struct cell){ "not visible", 0 };
        if (!g->agreed)
                return (struct cell){ tb->brief ? "differs" : "differs by SDK", 0 };
        if (tb->brief && g->winner.role && !g->winner.via_expired)
                return (struct cell){ chain_result_name(&g->winner), 0 };
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
        return (struct cell){ verdict_to_string(g->verdict), 0 };
}

enum column_id { TASK, CONTAINER, PROCESS, SDK, CREDENTIALS, EXPECTED, VERDICT, N_COLUMNS };
static const struct column {
        const char *title;
        struct cell (*cell)(const struct table *tb, const struct group *g, const struct process *p);
} columns[N_COLUMNS] = {
        [TASK]        = { "TASK",        cell_task },
        [CONTAINER]   = { "CONTAINER",   cell_container },
        [PROCESS]     = { "PROCESS",     cell_process },
        [SDK]         = { "SDK",         cell_sdk },
        [CREDENTIALS] = { "CREDENTIALS", cell_acts },
        [EXPECTED]    = { "EXPECTED",    cell_expected },
        [VERDICT]     = { "VERDICT",     cell_verdict },
};
#define CUT_LEAST 7                    /* a shorter piece of a name tells nothing */
#define LEAST_WIDTH 4                   /* the same before a pid, with the ellipsis */

/*
 * How the table gives way to a terminal that is too narrow, step by step until it fits. A cut column keeps its heading,
 * and a process its pid. A verdict is never cut: a table that is wider after all steps is wrapped by the terminal.
 */
#define BIT(column) (1U << (column))
static const struct step { enum { CUT, LEAVE_OUT } act; unsigned of; } steps[] = {
        { CUT, BIT(SDK) },
        { LEAVE_OUT, BIT(SDK) },
        { CUT, BIT(CREDENTIALS) | BIT(EXPECTED) },
        { CUT, BIT(PROCESS) },
        { LEAVE_OUT, BIT(EXPECTED) },
        { CUT, BIT(TASK) | BIT(CONTAINER) },
};

/* The width of each column, 0 where it is left out, and the least that it can be cut to. */
struct widths { unsigned is[N_COLUMNS], least[N_COLUMNS]; };

static unsigned total(const struct widths *w)
{
        unsigned sum = 0;

        for (size_t c = 0; c < N_COLUMNS; c++)
                sum += w->is[c] ? w->is[c] + GAP : 0;
        return sum - GAP;
}

/* Cuts the columns `of`, one code point at a time, always the one that is farthest above its least width. */
static void table_cut(struct widths *w, unsigned of, unsigned space)
{
        while (total(w) > space) {
                unsigned most = 0;
                size_t at = 0;

                for (size_t c = 0; c < N_COLUMNS; c++)
                        if ((of & BIT(c)) && w->is[c] > w->least[c] && w->is[c] - w->least[c] > most) {
                                most = w->is[c] - w->least[c];
                                at = c;
                        }
                if (most == 0)
                        return;
                w->is[at]--;
        }
}

/* Columns that are left out give their room back to those that were cut before. */
static void fit(struct widths *w, unsigned space)
{
        const struct widths full = *w;
        unsigned left_out = 0;

        for (size_t i = 0; i < ARRAY_SIZE(steps) && total(w) > space; i++) {
                left_out |= steps[i].act == LEAVE_OUT ? steps[i].of : 0;
                for (size_t c = 0; c < N_COLUMNS; c++)
                        w->is[c] = left_out & BIT(c) ? 0 : full.is[c];
                for (size_t k = 0; k <= i; k++)
                        if (steps[k].act == CUT)
                                table_cut(w, steps[k].of & ~left_out, space);
        }
}

static const struct process *table_process_of(const struct verdicts *v, const struct group *g)
{
        return &v->snapshot->processes[g->process];
}

static unsigned larger(unsigned a, unsigned b)
{
        return a > b ? a : b;
}

static void widths_start(struct widths *w)
{
        for (size_t c = 0; c < N_COLUMNS; c++) {
                w->is[c] = style_width(columns[c].title);
                w->least[c] = larger(w->is[c], CUT_LEAST);
        }
}

static int cells_make(const struct table *tb, struct cell *cells, struct widths *w)
{
        widths_start(w);
        for (size_t i = 0; i < tb->v->n_groups; i++)
                for (size_t c = 0; c < N_COLUMNS; c++) {
                        const struct group *g = &tb->v->groups[i];
                        struct cell cell = columns[c].cell(tb, g, table_process_of(tb->v, g));

                        if (!cell.s)
                                return -ENOMEM;
                        w->is[c] = larger(w->is[c], style_width(cell.s));
                        if (cell.tail)
                                w->least[c] = larger(w->least[c], cell.tail + LEAST_WIDTH);
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

        if (at.width == 0)
                return;
        style_fit(&t, cell->s, at.width, cell->tail);
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
        struct widths w;
        int r;

        if (!cells)
                return -ENOMEM;
        r = cells_make(tb, cells, &w);
        if (r == 0 && total(&w) > page->columns) {
                tb->brief = true;
                r = cells_make(tb, cells, &w);
        }
        if (r < 0)
                return r;
        fit(&w, page->columns);
        for (size_t c = 0; c < N_COLUMNS; c++) {
                struct cell title = { columns[c].title, 0 };

                put_cell(page, &title, (struct slot){ w.is[c], c == VERDICT, PLAIN });
        }
        for (size_t i = 0; i < tb->v->n_groups; i++)
                for (size_t c = 0; c < N_COLUMNS; c++) {
                        enum verdict verdict = tb->v->groups[i].verdict;
                        bool last = c == VERDICT;
                        int paint = last && verdict != VERDICT_UNJUDGED ? (int)verdict_severity(verdict) : PLAIN;

                        put_cell(page, &cells[i * N_COLUMNS + c], (struct slot){ w.is[c], last, paint });
                }
        return 0;
}

/* ---- the host ---- */

static void table_put_host(const struct table *tb, struct page *page)
{
        const struct host *h = &tb->v->snapshot->host;
        const struct { const char *what; const struct answer *answer; } endpoints[] = {
                { "instance metadata service", &h->imds },
                { "ECS agent", &h->introspection },
                { "credentials endpoint of the ECS agent", &h->credentials },
        };
        const char *head = arena_printf(tb->a, "%s%s%s, instance role %s, cluster %s, ECS agent %s",
                                        h->instance_id ? h->instance_id : "instance unknown",
                                        h->region ? " in " : "", h->region ? h->region : "",
                                        style_instance_role(h), h->cluster ? arn_name(h->cluster) : "unknown",
                                        h->agent_version ? h->agent_version : "unknown");

        page_wrap(page, 0, 2, head);
        for (size_t i = 0; i < ARRAY_SIZE(endpoints); i++) {
                const char *words = style_answer(tb->a, endpoints[i].answer);

                if (endpoints[i].answer->state == ANSWER_OK || !words)
                        continue;
                text_addf(&page->t, "%s: ", endpoints[i].what);
                page_wrap(page, style_width(endpoints[i].what) + 2, 2, words);
        }
        if (h->not_visible) {
                text_add(&page->t, "not visible: ");
                page_wrap(page, 13, 2, h->not_visible);
        }
        text_add(&page->t, "\n");
}

/* ---- below the rows ---- */

static void put_differing(const struct table *tb, struct page *page)
{
        for (size_t i = 0; i < tb->v->n_groups; i++) {
                const struct group *g = &tb->v->groups[i];
                const struct process *p = table_process_of(tb->v, g);
                const char *by_sdk =
                        g->agreed || p->environ.state != ANSWER_OK ? NULL : style_by_sdk(tb->a, g);
                const char *pid = p->pid ? arena_printf(tb->a, " (pid %d)", (int)p->pid) : "";
                const char *line = by_sdk ? arena_printf(tb->a, "%s%s differs by SDK: %s", process_name(p), pid ? pid : "", by_sdk) : NULL;

                if (!line)
                        continue;
                text_add(&page->t, "\n");
                page_wrap(page, 0, 2, line);
        }
}

static void table_put_finding(struct page *page, const struct finding *f)
{
        const char *severity = severity_to_string(f->severity), *slug = finding_slug(f->kind);
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
                                table_put_finding(page, &v->findings[i]);
}

static bool judged(enum verdict v)
{
        return v != VERDICT_UNKNOWN && v != VERDICT_UNJUDGED;
}

/* Groups that are judged, and their containers; groups that are not, by reason. */
struct counts { size_t judged, containers, unjudged[UNJUDGED_REASON_MAX]; };

static int count_groups(const struct verdicts *v, struct counts *ret)
{
        CLEANUP(freep) bool *visited = calloc(v->snapshot->n_containers + 1, sizeof *visited);
        struct counts n = { 0 };

        if (!visited)
                return -ENOMEM;
        for (size_t i = 0; i < v->n_groups; i++) {
                const struct group *g = &v->groups[i];
                int c = table_process_of(v, g)->container;

                n.unjudged[unjudged_reason(g)] += g->verdict == VERDICT_UNJUDGED;
                if (!judged(g->verdict))
                        continue;
                n.judged++;
                if (c < 0 || (size_t)c >= v->snapshot->n_containers || visited[c])
                        continue;
                visited[c] = true;
                n.containers++;
        }
        *ret = n;
        return 0;
}

/* "; 3 groups have no task role (not judged)", or nothing for none. */
static void add_not_judged(struct text *t, size_t n, const struct unjudged_text *why)
{
        if (n)
                text_addf(t, "; %zu group%s %s (not judged)", n, n == 1 ? "" : "s", n == 1 ? why->one : why->many);
}

int table_put_sum(const struct verdicts *v, struct page *page)
{
        CLEANUP(text_done) struct text t = { 0 };
        enum severity worst = SEVERITY_OK;
        struct counts n;
        int r = count_groups(v, &n);

        if (r < 0)
                return r;
        for (size_t i = 0; i < v->n_findings; i++)
                if (v->findings[i].severity > worst)
                        worst = v->findings[i].severity;
        text_addf(&t, "%zu process group%s judged in %zu container%s", n.judged, n.judged == 1 ? "" : "s", n.containers,
                  n.containers == 1 ? "" : "s");
        if (v->n_unknown)
                text_addf(&t, "; %zu group%s could not be judged", v->n_unknown, v->n_unknown == 1 ? "" : "s");
        for (unsigned i = 0; i < UNJUDGED_REASON_MAX; i++)
                add_not_judged(&t, n.unjudged[i], unjudged_text(i));
        if (v->n_undecided)
                text_addf(&t, "; %zu call%s could not be decided (%s)", v->n_undecided, v->n_undecided == 1 ? "" : "s",
                          v->undecided_why ? v->undecided_why : "see `rolewatch needs`");
        text_addf(&t, "; %s%s", v->n_findings ? "highest severity: " : "no findings",
                  v->n_findings ? severity_to_string(worst) : "");
        if (t.failed)
                return -ENOMEM;
        if (v->n_groups || v->n_findings)
                text_add(&page->t, "\n");
        page_wrap(page, 0, 2, t.s);
        return 0;
}

int table_put_body(const struct verdicts *v, struct arena *a, struct page *page)
{
        struct table tb = { .v = v, .a = a };
        int r = v->n_groups ? put_rows(&tb, page) : 0;

        if (r < 0)
                return r;
        put_differing(&tb, page);
        put_findings(v, page);
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
        table_put_host(&tb, &page);
        r = table_put_body(v, a, &page);
        if (r == 0)
                r = table_put_sum(v, &page);
        return r < 0 ? r : page_print(&page, out);
}
