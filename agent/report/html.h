/*
 * html -- private to the page: what is drawn (fold), where (layout), and how
 * foreign text gets into it (text). Nothing foreign becomes an id, a class, a
 * style or an address; of the page's own such words all are literals or numbers.
 */
#pragma once
#include "style.h"

/* ---- text ---- */

/* Foreign text, fit for content and for attributes in double quotes. NULL: nothing. */
void html_add(struct text *t, const char *s);
/* The same, cut as below; what stands between backticks, as commands do, becomes code. */
void html_add_prose(struct text *t, const char *s, unsigned columns);
/* html_add in at most `columns` columns, with an ellipsis in its middle. */
void html_add_cut(struct text *t, const char *s, unsigned columns);
/*
 * Columns of a fixed-width font that s takes at most: a character beyond Latin counts as two, because the
 * font that has it may be any.
 */
unsigned html_width(const char *s);
/* Bytes at the start of s that fit into that many columns. */
size_t html_bytes(const char *s, unsigned columns);
/* The same for the first of two lines: it ends behind a sign or before a capital, where there is one in its later half. */
size_t html_break(const char *s, unsigned columns);

/* ---- fold: groups to what is drawn ---- */

/* A line from a group to a role: as drawn, and what the legend says of it. */
#define PIC_LINES(X) \
        X(ACTS,  "acts",  "acts as, rightly") \
        X(WRONG, "wrong", "acts as, wrongly") \
        X(MEANT, "meant", "should act as") \
        X(MAYBE, "maybe", "may act as") \
        X(FREE,  "free",  "acts as; nothing is expected")
enum pic_line_kind {
#define X(id, word, meaning) PIC_LINE_##id,
        PIC_LINES(X)
#undef X
        PIC_LINE_MAX
};
/* In the order in which they are drawn: word, symbol, heading, the line to whom such a group acts as. */
#define PIC_STATES(X) \
        X(WRONG, "wrong", "\xe2\x9c\x95", "Not as it should be", WRONG) \
        X(WARN,  "warn",  "!",            "With a finding", ACTS) \
        X(DOUBT, "doubt", "?",            "Could not be judged", MAYBE) \
        X(FREE,  "free",  "\xe2\x97\x8b", "Nothing is expected", FREE) \
        X(RIGHT, "right", "\xe2\x9c\x93", "As it should be", ACTS)
enum pic_state {
#define X(id, word, symbol, title, line) PIC_##id,
        PIC_STATES(X)
#undef X
        PIC_STATE_MAX
};
struct pic_words { const char *word, *symbol, *title; enum pic_line_kind line; };
extern const struct pic_words pic_words[PIC_STATE_MAX];

struct pic_line_words { const char *word, *meaning; };
extern const struct pic_line_words pic_line_words[PIC_LINE_MAX];
struct pic_line { enum pic_line_kind kind; int role; const char *by; };

#define PIC_LINES_MAX 4                /* of one node */
#define PIC_BAD_MAX 64                 /* nodes that are wrong, warned of or in doubt */
#define PIC_GOOD_MAX 48                /* nodes of all others */

struct pic_node {
        enum pic_state state;
        const char *name, *place;      /* foreign */
        const char *id;                /* "pid 12", "3 groups"; NULL: none */
        size_t n_groups, n_processes;
        int finding;                   /* number of its first finding, from 1; 0 none */
        size_t n_findings;
        struct pic_line lines[PIC_LINES_MAX];
        size_t n_lines;
};
struct pic_role {
        const char *name;              /* foreign */
        const char *what;              /* "task role" */
        size_t n_lines[PIC_LINE_MAX];  /* groups, by kind of line */
};
struct picture {
        struct pic_node *nodes; size_t n_nodes;
        struct pic_role *roles; size_t n_roles;
        enum pic_state *states;        /* of each group */
        size_t n_groups[PIC_STATE_MAX];
        size_t n_folded;               /* groups that share a node with others */
        const struct finding **findings; size_t n_findings;    /* the worst first */
        int *first_finding;            /* of each group: number, from 1; 0 none */
};
/* Groups that are like each other are one node; how much alike depends on how many there are. -ENOMEM. */
int picture_make(const struct verdicts *v, struct arena *a, struct picture *ret);
/* "webTaskRole", "keys in the environment", "no credentials": whom a result acts as. */
const char *picture_role_name(const struct chain_result *r);

/* ---- layout: arithmetic only ---- */

struct lay_line { int node, role, from_y, to_y; };
struct lay {
        /* Given. Nodes of a lower rank stand above those of a higher one. */
        size_t n_nodes, n_roles, n_lines;
        const int *node_rank, *node_h;
        int *role_h;                   /* at least; grows with the lines that end there */
        struct lay_line *lines;        /* node and role given */
        int gap, band;                 /* between boxes; above the first of a rank */
        /* Found; as long as n_nodes and n_roles. */
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
