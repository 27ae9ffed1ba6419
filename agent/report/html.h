/*
 * html -- shared by the files of the page: what is drawn (fold), where (layout),
 * and how untrusted text is escaped (text). Untrusted text never becomes an id, a
 * class, a style or a link: those are literals or numbers.
 */
#pragma once
#include "style.h"

/* ---- text ---- */

/* Adds untrusted text, escaped for content and for attributes in double quotes. NULL: nothing. */
void html_add(struct text *t, const char *s);
/* The same, cut as below; text between backticks becomes <code>. */
void html_add_prose(struct text *t, const char *s, unsigned columns);
/* html_add of at most `columns` columns; a longer s has an ellipsis in it. */
void html_add_cut(struct text *t, const char *s, unsigned columns);
/*
 * Upper bound of the columns of s in a fixed-width font. A character beyond Latin counts as two, because it may come
 * from another font.
 */
unsigned html_width(const char *s);
/* The number of bytes at the start of s that fit into that many columns. */
size_t html_bytes(const char *s, unsigned columns);
/* The same for the first of two lines: it ends after punctuation or before a capital in its second half, if there is one. */
size_t html_break(const char *s, unsigned columns);
static inline const char *plural(size_t n) { return n == 1 ? "" : "s"; }

/* ---- fold: groups to what is drawn ---- */

/* A line from a group to a role: id, CSS class, text in the legend. */
#define PIC_LINES(X) \
        X(ACTS,  "acts",  "uses, as expected") \
        X(WRONG, "wrong", "uses, but should not") \
        X(MEANT, "meant", "expected role") \
        X(MAYBE, "maybe", "may use") \
        X(FREE,  "free",  "uses, not judged")
enum pic_line_kind {
#define X(id, word, meaning) PIC_LINE_##id,
        PIC_LINES(X)
#undef X
        PIC_LINE_MAX
};
/* The states of a group in drawing order: id, CSS class, symbol, heading, kind of line to the credentials in use. */
#define PIC_STATES(X) \
        X(WRONG, "wrong", "\xe2\x9c\x95", "Wrong or no credentials", WRONG) \
        X(WARN,  "warn",  "!",            "With a finding", ACTS) \
        X(DOUBT, "doubt", "?",            "Could not be judged", MAYBE) \
        X(FREE,  "free",  "\xe2\x97\x8b", "Not judged", FREE) \
        X(RIGHT, "right", "\xe2\x9c\x93", "As expected", ACTS)
enum pic_state {
#define X(id, word, symbol, title, line) PIC_##id,
        PIC_STATES(X)
#undef X
        PIC_STATE_MAX
};
struct pic_states { const char *word, *symbol, *title; enum pic_line_kind line; };
extern const struct pic_states pic_states[PIC_STATE_MAX];

struct pic_line_kinds { const char *word, *meaning; };
extern const struct pic_line_kinds pic_line_kinds[PIC_LINE_MAX];
/* role: index in struct picture; by: text at the line ("via imds"). */
struct pic_line { enum pic_line_kind kind; int role; const char *by; };

#define PIC_LINES_MAX 4                /* lines of one node */
#define PIC_BAD_MAX 64                 /* nodes of the states WRONG, WARN and DOUBT */
#define PIC_GOOD_MAX 48                /* nodes of the other states */

struct pic_node {
        enum pic_state state;
        const char *name, *location;   /* untrusted */
        const char *id;                /* "pid 12", "3 groups"; NULL: none */
        size_t n_groups, n_processes;
        int finding;                   /* number of its first finding, from 1; 0: none */
        size_t n_findings;
        struct pic_line lines[PIC_LINES_MAX];
        size_t n_lines;
};
struct pic_role {
        const char *name;              /* untrusted */
        const char *what;              /* "task role" */
        size_t n_lines[PIC_LINE_MAX];  /* number of groups, by kind of line */
};
struct picture {
        struct pic_node *nodes; size_t n_nodes;
        struct pic_role *roles; size_t n_roles;
        enum pic_state *states;        /* one per group */
        size_t n_groups[PIC_STATE_MAX];
        size_t n_folded;               /* groups that share a node with others */
        const struct finding **findings; size_t n_findings;    /* highest severity first */
        int *first_finding;            /* one per group: number of its first finding, from 1; 0: none */
};
/* Makes the picture; similar groups share a node, and the more groups there are, the more are similar. 0 or -ENOMEM. */
int picture_make(const struct verdicts *v, struct arena *a, struct picture *ret);

/* ---- layout: arithmetic only ---- */

struct lay_line { int node, role, from_y, to_y; };
struct lay {
        /* Input. Nodes of a lower rank are above those of a higher one; sizes are in pixels. */
        size_t n_nodes, n_roles, n_lines;
        const int *node_rank, *node_h;
        int *role_h;                   /* the least height; grows with the lines that end there */
        struct lay_line *lines;        /* node and role are input, the rest output */
        int gap, band;                 /* space between boxes; space above the first of a rank */
        /* Output; arrays of n_nodes and n_roles, which the caller allocates. */
        int *node_order, *node_y, *role_order, *role_y;
        int height;
        size_t crossings;
};
int lay_out(struct lay *l);            /* -ENOMEM */

/* ---- the parts of the page ---- */

struct html_page { const struct verdicts *v; struct arena *a; struct picture pic; struct text t; };
void html_style(struct text *t);
int html_picture(struct html_page *h); /* -ENOMEM */
void html_tables(struct html_page *h);
void html_findings(struct html_page *h);
