/*
 * html_picture -- the layout as inline SVG, drawn twice: wide, and narrow for
 * small screens; the style shows one of them. Lines are drawn only in the middle
 * column, which has no text.
 */
#include "html.h"

/* Pixels; char_ columns are those of the widest usual fixed-width font, 0.62 em. */
static const struct picture_plan {
        const char *name;
        int width, node, gutter, role; /* columns of the picture */
        int words;                     /* room in a node for the texts at its lines; 0: they are not drawn */
        double name_px, location_px;   /* of a character */
        int node_h, line_h, gap;
        double sign_at;                /* where on a line its sign is, 0 to 1: before lines meet */
} plans[] = {
        { "wide", 960, 430, 240, 290, 118, 8.1, 7.2, 46, 17, 8, 0.07 },
        { "narrow", 344, 178, 42, 124, 0, 6.9, 6.3, 42, 14, 7, 0.18 },
};
#define BAND 30
#define MARK 21                        /* before a name: the symbol of its state */
#define PAD 9
#define ROLE_LINES 2
#define NAME_BASE 18
#define ARROW 8

/* ---- text within a box ---- */

/* One line of text: its class, where its base begins, its room, and the width of a character. */
struct label_position { const char *class; int x, y, width; double px; };

/* The nested svg clips text that is wider than estimated: a character can have any width. */
static void put_label(struct text *t, struct label_position at, const char *s)
{
        text_addf(t, "<svg x=\"%d\" y=\"%d\" width=\"%d\" height=\"20\"><text class=\"%s\" x=\"0\" y=\"15\">", at.x, at.y - 15,
                  at.width, at.class);
        html_add_cut(t, s, (unsigned)(at.width / at.px));
        text_add(t, "</text></svg>");
}

static unsigned role_columns(const struct picture_plan *p)
{
        return (unsigned)((p->role - 2 * PAD) / p->name_px);
}

static int role_rows(const struct picture_plan *p, const struct pic_role *r)
{
        return html_width(r->name) > role_columns(p) ? ROLE_LINES : 1;
}

/* ---- boxes ---- */

static void put_finding_numbers(struct text *t, const struct pic_node *n)
{
        if (!n->finding)
                return;
        text_addf(t, "#%d", n->finding);
        if (n->n_findings > 1)
                text_addf(t, " +%zu", n->n_findings - 1);
        text_add(t, " \xc2\xb7 ");
}

struct extent { int y, h; };

static void put_node(struct text *t, const struct picture_plan *p, const struct pic_node *n, struct extent at)
{
        CLEANUP(text_done) struct text location = { 0 };
        int x = PAD + MARK, base = at.y + NAME_BASE, space = p->node - PAD - p->words - MARK;

        put_finding_numbers(&location, n);
        text_add(&location, n->location);
        if (n->id && p->words)
                text_addf(&location, " \xc2\xb7 %s", n->id);
        if (location.failed) {
                t->failed = true;
                return;
        }
        text_addf(t, "<g class=\"n n-%s\"><title>", pic_states[n->state].word);
        html_add_cut(t, n->name, 200);
        text_add(t, ", ");
        html_add_cut(t, location.s, 300);
        text_addf(t, "</title><rect x=\"1\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"4\"/>", at.y, p->node - 2, at.h);
        text_addf(t, "<text class=\"mark\" x=\"%d\" y=\"%d\">%s</text>", PAD, base, pic_states[n->state].symbol);
        put_label(t, (struct label_position){ "name", x, base, space, p->name_px }, n->name);
        put_label(t, (struct label_position){ "place", x, base + p->line_h, space, p->location_px }, location.s);
        text_add(t, "</g>\n");
}

static void picture_role_lines(struct text *t, const struct picture_plan *p, const struct pic_role *r)
{
        size_t right = r->n_lines[PIC_LINE_ACTS], wrong = r->n_lines[PIC_LINE_WRONG], meant = r->n_lines[PIC_LINE_MEANT];
        const char *before = " \xc2\xb7 ";

        text_add(t, r->what);
        if (p->words == 0)
                return;
        if (right) {
                text_addf(t, "%s%zu as expected", before, right);
                before = ", ";
        }
        if (wrong) {
                text_addf(t, "%s%zu by mistake", before, wrong);
                before = ", ";
        }
        if (meant)
                text_addf(t, "%s%zu missing", before, meant);
}

static void put_role(struct text *t, const struct picture_plan *p, const struct pic_role *r, struct extent at)
{
        CLEANUP(text_done) struct text what = { 0 };
        int x = p->node + p->gutter, rows = role_rows(p, r);
        struct label_position name = { "name", x + PAD, at.y + (at.h - (rows + 1) * p->line_h) / 2 + p->line_h - 4, p->role - 2 * PAD,
                                       p->name_px };
        size_t cut = rows == 1 ? strlen(r->name) : html_break(r->name, role_columns(p));
        CLEANUP(freep) char *head = strndup(r->name, cut);
        bool bad = r->n_lines[PIC_LINE_WRONG] > 0;

        picture_role_lines(&what, p, r);
        if (what.failed || !head) {
                t->failed = true;
                return;
        }
        text_addf(t, "<g class=\"r%s\"><title>", bad ? " r-wrong" : "");
        html_add_cut(t, r->name, 200);
        text_addf(t, ", %s</title><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"%d\"/>", what.s, x, at.y, p->role - 1, at.h,
                  at.h / 2 < 14 ? at.h / 2 : 14);
        put_label(t, name, head);
        name.y += p->line_h;
        if (rows > 1) {
                put_label(t, name, r->name + cut);
                name.y += p->line_h;
        }
        put_label(t, (struct label_position){ "place", name.x, name.y, name.width, p->location_px }, what.s);
        text_add(t, "</g>\n");
}

/* ---- lines ---- */

/* One coordinate of a curve with two handles. */
struct curve { double from, handle1, handle2, to; };

static double point_of(struct curve c, double t)
{
        double u = 1 - t;

        return u * u * u * c.from + 3 * u * u * t * c.handle1 + 3 * u * t * t * c.handle2 + t * t * t * c.to;
}

static void put_sign(struct text *t, enum pic_line_kind kind, double x, double y)
{
        if (kind == PIC_LINE_WRONG)
                text_addf(t, "<circle class=\"hole\" cx=\"%.1f\" cy=\"%.1f\" r=\"6\"/><path class=\"x\" d=\"M%.1f %.1fl7 7m0-7l-7 7\"/>", x,
                          y, x - 3.5, y - 3.5);
        if (kind == PIC_LINE_MAYBE)
                text_addf(t, "<circle class=\"hole\" cx=\"%.1f\" cy=\"%.1f\" r=\"6.5\"/><text class=\"q\" x=\"%.1f\" y=\"%.1f\">?</text>", x, y,
                          x, y + 4);
}

static void picture_put_line(struct text *t, const struct picture_plan *p, const struct pic_line *line, const struct lay_line *at)
{
        int x1 = p->node - 1, x2 = p->node + p->gutter, end = x2 - ARROW, mid = (x1 + end) / 2;

        text_addf(t, "<g class=\"l l-%s\"><path d=\"M%d %dC%d %d %d %d %d %d\"/>", pic_line_kinds[line->kind].word, x1, at->from_y,
                  mid, at->from_y, mid, at->to_y, end, at->to_y);
        text_addf(t, "<path class=\"tip\" d=\"M%d %dl%d 4l-%d 4z\"/>", end, at->to_y - 4, ARROW - 1, ARROW - 1);
        put_sign(t, line->kind, point_of((struct curve){ x1, mid, mid, end }, p->sign_at),
                 point_of((struct curve){ at->from_y, at->from_y, at->to_y, at->to_y }, p->sign_at));
        text_add(t, "</g>\n");
}

static void put_by(struct text *t, const struct picture_plan *p, const struct pic_line *line, const struct lay_line *at)
{
        if (p->words)
                text_addf(t, "<text class=\"by by-%s\" x=\"%d\" y=\"%d\">%s</text>\n", pic_line_kinds[line->kind].word,
                          p->node - PAD, at->from_y + 4, line->by);
}

/* ---- the whole ---- */

static void put_desc(struct html_page *h, const struct picture_plan *p)
{
        struct text *t = &h->t;

        text_addf(t, "<title id=\"t-%s\">Credentials in use</title><desc id=\"d-%s\">Process groups on the left, credentials on the right. ",
                  p->name, p->name);
        for (size_t s = 0; s < PIC_STATE_MAX; s++)
                if (h->pic.n_groups[s])
                        text_addf(t, "%s: %zu group%s. ", pic_states[s].title, h->pic.n_groups[s],
                                  h->pic.n_groups[s] == 1 ? "" : "s");
        text_add(t, "The table of groups below shows the same in words.</desc>\n");
}

/* Makes the input of lay_out in the arena, and calls it. */
static int lay_make(struct html_page *h, const struct picture_plan *p, struct lay *ret)
{
        const struct picture *pic = &h->pic;
        size_t lines = 0;
        int *space, *rank, *node_h;

        for (size_t i = 0; i < pic->n_nodes; i++)
                lines += pic->nodes[i].n_lines;
        space = arena_alloc(h->a, (4 * pic->n_nodes + 3 * pic->n_roles + 1) * sizeof *space);
        *ret = (struct lay){ .n_nodes = pic->n_nodes, .n_roles = pic->n_roles, .gap = p->gap, .band = BAND,
                             .lines = arena_alloc(h->a, (lines + 1) * sizeof *ret->lines) };
        if (!space || !ret->lines)
                return -ENOMEM;
        rank = space;
        node_h = rank + pic->n_nodes;
        ret->node_order = node_h + pic->n_nodes;
        ret->node_y = ret->node_order + pic->n_nodes;
        ret->role_h = ret->node_y + pic->n_nodes;
        ret->role_order = ret->role_h + pic->n_roles;
        ret->role_y = ret->role_order + pic->n_roles;
        ret->node_rank = rank;
        ret->node_h = node_h;
        for (size_t i = 0; i < pic->n_nodes; i++) {
                const struct pic_node *n = &pic->nodes[i];
                int least = (int)n->n_lines * p->line_h + p->line_h / 2;

                rank[i] = (int)n->state;
                node_h[i] = p->node_h > least ? p->node_h : least;
                for (size_t k = 0; k < n->n_lines; k++)
                        ret->lines[ret->n_lines++] = (struct lay_line){ .node = (int)i, .role = n->lines[k].role };
        }
        for (size_t i = 0; i < pic->n_roles; i++)
                ret->role_h[i] = p->node_h + (role_rows(p, &pic->roles[i]) - 1) * p->line_h;
        return lay_out(ret);
}

static void put_boxes(struct html_page *h, const struct picture_plan *p, const struct lay *l)
{
        struct text *t = &h->t;
        int rank = -1;

        for (size_t i = 0; i < l->n_nodes; i++) {
                int n = l->node_order[i];

                if (l->node_rank[n] != rank)
                        text_addf(t, "<text class=\"band\" x=\"1\" y=\"%d\">%s (%zu)</text>\n", l->node_y[n] - 8,
                                  pic_states[l->node_rank[n]].title, h->pic.n_groups[l->node_rank[n]]);
                rank = l->node_rank[n];
                put_node(t, p, &h->pic.nodes[n], (struct extent){ l->node_y[n], l->node_h[n] });
        }
        text_addf(t, "<text class=\"band\" x=\"%d\" y=\"%d\">Roles (%zu)</text>\n", p->node + p->gutter,
                  l->role_y[l->role_order[0]] - 8, l->n_roles);
        for (size_t i = 0; i < l->n_roles; i++)
                put_role(t, p, &h->pic.roles[l->role_order[i]],
                         (struct extent){ l->role_y[l->role_order[i]], l->role_h[l->role_order[i]] });
}

static int put_plan(struct html_page *h, const struct picture_plan *p)
{
        struct text *t = &h->t;
        struct lay l;
        size_t at;
        int r = lay_make(h, p, &l);

        if (r < 0)
                return r;
        text_addf(t, "<svg class=\"pic %s\" viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"t-%s d-%s\">\n", p->name, p->width,
                  l.height, p->name, p->name);
        put_desc(h, p);
        /* Lines to wrong credentials are drawn last, on top. */
        for (int wrong = 0; wrong < 2; wrong++) {
                at = 0;
                for (size_t i = 0; i < h->pic.n_nodes; i++)
                        for (size_t k = 0; k < h->pic.nodes[i].n_lines; k++, at++)
                                if ((h->pic.nodes[i].lines[k].kind == PIC_LINE_WRONG) == wrong)
                                        picture_put_line(t, p, &h->pic.nodes[i].lines[k], &l.lines[at]);
        }
        put_boxes(h, p, &l);
        at = 0;
        for (size_t i = 0; i < h->pic.n_nodes; i++)
                for (size_t k = 0; k < h->pic.nodes[i].n_lines; k++)
                        put_by(t, p, &h->pic.nodes[i].lines[k], &l.lines[at++]);
        text_add(t, "</svg>\n");
        return 0;
}

/* The kinds of lines that occur, each with its meaning. */
static void put_legend(struct html_page *h)
{
        struct text *t = &h->t;

        text_add(t, "<ul class=\"legend\" aria-label=\"Legend of the lines\">\n");
        for (size_t k = 0; k < PIC_LINE_MAX; k++) {
                size_t n = 0;

                for (size_t i = 0; i < h->pic.n_roles; i++)
                        n += h->pic.roles[i].n_lines[k];
                if (!n)
                        continue;
                text_addf(t, "<li><svg class=\"key\" viewBox=\"0 0 56 16\" aria-hidden=\"true\"><g class=\"l l-%s\">"
                             "<path d=\"M1 8H47\"/><path class=\"tip\" d=\"M47 4l7 4l-7 4z\"/>",
                          pic_line_kinds[k].word);
                put_sign(t, (enum pic_line_kind)k, 18, 8);
                text_addf(t, "</g></svg>%s</li>\n", pic_line_kinds[k].meaning);
        }
        text_add(t, "</ul>\n");
}

int html_picture(struct html_page *h)
{
        bool numbers = false;

        if (h->pic.n_nodes == 0)
                return 0;
        text_add(&h->t, "<figure>\n");
        put_legend(h);
        for (size_t i = 0; i < ARRAY_SIZE(plans); i++) {
                int r = put_plan(h, &plans[i]);

                if (r < 0)
                        return r;
        }
        for (size_t i = 0; i < h->pic.n_nodes; i++)
                numbers = numbers || h->pic.nodes[i].finding;
        if (numbers || h->pic.n_folded)
                text_add(&h->t, "<figcaption>");
        if (numbers)
                text_add(&h->t, "A number such as #1 refers to the finding below. ");
        if (h->pic.n_folded)
                text_addf(&h->t, "%zu similar groups share boxes, which show their number; "
                                 "<a href=\"#groups\">the table</a> lists each of them.",
                          h->pic.n_folded);
        text_addf(&h->t, "%s</figure>\n", numbers || h->pic.n_folded ? "</figcaption>\n" : "");
        return 0;
}
