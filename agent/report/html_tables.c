/* html_tables -- findings with their remedies, and all groups as tables: the picture in words. */
#include "html.h"

#define FINDINGS_OPEN 12               /* the rest is in a <details> */
#define ROWS_GOOD_MAX 1000             /* of groups in the states RIGHT and FREE; all others are listed */
#define MESSAGE_COLUMNS 4000
#define CELL_COLUMNS 300

/* ---- findings ---- */

static void html_put_finding(struct html_page *h, size_t i)
{
        const struct finding *f = h->pic.findings[i];
        struct text *t = &h->t;
        const char *severity = severity_to_string(f->severity);

        text_addf(t, "<li class=\"s-%s\" id=\"f%zu\"><h3><span class=\"sev\">%s %s</span><span class=\"no\">#%zu</span>%s", severity,
                  i + 1, severity_sign(f->severity), severity, i + 1, finding_slug(f->kind));
        if (f->certainty == CERTAINTY_POSSIBLE || f->certainty == CERTAINTY_OBSERVED)
                text_addf(t, " <span class=\"doubt\">(%s)</span>", certainty_to_string(f->certainty));
        text_add(t, "</h3><p>");
        html_add_prose(t, f->message ? f->message : finding_meaning(f->kind), MESSAGE_COLUMNS);
        text_add(t, "</p>");
        if (f->action) {
                text_add(t, "<p>Denied call: <span class=\"f\">");
                html_add_cut(t, f->action, CELL_COLUMNS);
                text_add(t, "</span> on <span class=\"f\">");
                html_add_cut(t, f->resource ? f->resource : "*", CELL_COLUMNS);
                text_add(t, "</span></p>");
        }
        text_add(t, "<p class=\"fix\"><b>Remedy:</b>");
        html_add_prose(t, f->remedy ? f->remedy : finding_advice(f->kind), MESSAGE_COLUMNS);
        text_add(t, "</p></li>\n");
}

void html_findings(struct html_page *h)
{
        size_t n = h->pic.n_findings, open = n > FINDINGS_OPEN + 2 ? FINDINGS_OPEN : n;
        struct text *t = &h->t;

        text_add(t, "<section aria-labelledby=\"findings\"><h2 id=\"findings\">Findings and remedies</h2>\n");
        if (n == 0)
                text_add(t, "<p>None.</p>\n");
        else
                text_add(t, "<ol class=\"findings\">\n");
        for (size_t i = 0; i < open; i++)
                html_put_finding(h, i);
        if (n)
                text_add(t, "</ol>\n");
        if (open < n)
                text_addf(t, "<details><summary>%zu more finding%s, highest severity: %s</summary>\n<ol class=\"findings\" start=\"%zu\">\n",
                          n - open, plural(n - open), severity_to_string(h->pic.findings[open]->severity), open + 1);
        for (size_t i = open; i < n; i++)
                html_put_finding(h, i);
        if (open < n)
                text_add(t, "</ol>\n</details>\n");
        text_add(t, "</section>\n");
}

/* ---- groups ---- */

static const struct process *html_process_of(const struct html_page *h, const struct group *g)
{
        return &h->v->snapshot->processes[g->process];
}

/* Adds a text of style_*, which is NULL when the arena is full. */
static void put_cut(struct html_page *h, const char *s)
{
        if (!s)
                h->t.failed = true;
        html_add_cut(&h->t, s, CELL_COLUMNS);
}

static void html_cell_task(struct html_page *h, const struct group *g)
{
        const struct process *p = html_process_of(h, g);

        text_add(&h->t, "<span class=\"f\">");
        put_cut(h, style_task_name(h->v->snapshot, p));
        text_add(&h->t, " / ");
        put_cut(h, style_container(h->a, h->v->snapshot, p));
        text_add(&h->t, "</span>");
}

static void html_cell_process(struct html_page *h, const struct group *g)
{
        const struct process *p = html_process_of(h, g);

        text_add(&h->t, "<span class=\"f\">");
        put_cut(h, process_name(p));
        text_addf(&h->t, " %d", (int)p->pid);
        if (g->n_members > 1)
                text_addf(&h->t, " and %zu more", g->n_members - 1);
        text_add(&h->t, "</span>");
}

static void html_cell_sdk(struct html_page *h, const struct group *g)
{
        text_add(&h->t, "<span class=\"f\">");
        put_cut(h, g->sdk_name ? g->sdk_name : "-");
        if (g->sdk_name && g->sdk_version) {
                text_add(&h->t, " ");
                put_cut(h, g->sdk_version);
        }
        text_add(&h->t, "</span>");
}

static void html_cell_acts(struct html_page *h, const struct group *g)
{
        bool visible = html_process_of(h, g)->environ.state == ANSWER_OK;

        if (!visible) {
                text_add(&h->t, "<span>not visible</span>");
                return;
        }
        text_add(&h->t, "<span class=\"f\">");
        put_cut(h, g->agreed ? chain_result_name(&g->winner) : style_by_sdk(h->a, g));
        text_add(&h->t, "</span>");
}

static void cell_by(struct html_page *h, const struct group *g)
{
        bool visible = html_process_of(h, g)->environ.state == ANSWER_OK && g->agreed;

        text_addf(&h->t, "<span>%s%s</span>", visible ? provider_to_string(g->winner.provider) : "-",
                  visible && g->winner.via_expired ? ", expired" : "");
}

static void html_cell_expected(struct html_page *h, const struct group *g)
{
        text_add(&h->t, "<span class=\"f\">");
        put_cut(h, g->expected_role ? arn_name(g->expected_role) : "-");
        text_add(&h->t, "</span>");
}

static void html_cell_verdict(struct html_page *h, const struct group *g)
{
        size_t i = (size_t)(g - h->v->groups);
        const struct pic_states *w = &pic_states[h->pic.states[i]];

        text_addf(&h->t, "<span class=\"v-%s\">%s %s", w->word, w->symbol,
                  g->verdict == VERDICT_UNJUDGED ? "not judged" : verdict_to_string(g->verdict));
        text_add(&h->t, "</span>");
        if (h->pic.first_finding[i])
                text_addf(&h->t, " <a href=\"#f%d\">#%d</a>", h->pic.first_finding[i], h->pic.first_finding[i]);
}

static const struct column { const char *title; void (*put)(struct html_page *h, const struct group *g); } columns[] = {
        { "Process", html_cell_process }, { "Task / container", html_cell_task }, { "SDK", html_cell_sdk }, { "Uses", html_cell_acts },
        { "Provider", cell_by }, { "Expected", html_cell_expected }, { "Verdict", html_cell_verdict },
};

/* The explicit ARIA roles keep the table a table where the narrow style lays rows out as blocks. */
static void html_put_row(struct html_page *h, const struct group *g)
{
        text_add(&h->t, "<tr role=\"row\">");
        for (size_t c = 0; c < ARRAY_SIZE(columns); c++) {
                text_addf(&h->t, c ? "<td role=\"cell\" data-label=\"%s\">" : "<th role=\"rowheader\" scope=\"row\" data-label=\"%s\">",
                          columns[c].title);
                text_add(&h->t, "<span>");
                columns[c].put(h, g);
                text_add(&h->t, c ? "</span></td>" : "</span></th>");
        }
        text_add(&h->t, "</tr>\n");
}

static void put_table(struct html_page *h, enum pic_state state, size_t most)
{
        struct text *t = &h->t;
        size_t n = 0, all = h->pic.n_groups[state];

        text_addf(t, "<table role=\"table\"><caption>%s %s</caption>\n<thead role=\"rowgroup\"><tr role=\"row\">", pic_states[state].symbol,
                  pic_states[state].title);
        for (size_t c = 0; c < ARRAY_SIZE(columns); c++)
                text_addf(t, "<th role=\"columnheader\" scope=\"col\">%s</th>", columns[c].title);
        text_add(t, "</tr></thead>\n<tbody role=\"rowgroup\">\n");
        for (size_t i = 0; i < h->v->n_groups && n < most; i++)
                if (h->pic.states[i] == state) {
                        html_put_row(h, &h->v->groups[i]);
                        n++;
                }
        text_add(t, "</tbody></table>\n");
        if (n < all)
                text_addf(t, "<p>%zu more are not listed; <code>rolewatch check</code> lists all.</p>\n", all - n);
}

void html_tables(struct html_page *h)
{
        struct text *t = &h->t;

        text_add(t, "<section aria-labelledby=\"groups\"><h2 id=\"groups\">All process groups</h2>\n");
        if (h->v->n_groups == 0)
                text_add(t, "<p>No container process was found.</p>\n");
        for (int s = 0; s < PIC_STATE_MAX; s++) {
                bool folded = s == PIC_RIGHT || s == PIC_FREE;
                size_t n = h->pic.n_groups[s];

                if (!n)
                        continue;
                if (folded)
                        text_addf(t, "<details><summary>%s: %zu group%s</summary>\n", pic_states[s].title, n, plural(n));
                put_table(h, (enum pic_state)s, folded ? ROWS_GOOD_MAX : SIZE_MAX);
                if (folded)
                        text_add(t, "</details>\n");
        }
        text_add(t, "</section>\n");
}
