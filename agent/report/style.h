/*
 * style -- a page of text for people. Columns are counted in code points, lines are
 * wrapped at the width of the terminal, and color only repeats what a word says.
 */
#pragma once
#include "rolewatch/report.h"

#define PAGE_COLUMNS_MIN 40            /* a narrower terminal wraps the page by itself */

/* columns: UINT_MAX where nothing is wrapped or cut. */
struct page { struct text t; unsigned columns; bool color; };
void page_start(struct page *p, struct report_style style);
void page_done(struct page *p);
int page_print(struct page *p, FILE *out);                     /* -ENOMEM, -EIO */
void page_pad(struct page *p, unsigned n);
/* Adds text in the color of a severity. */
void page_paint(struct page *p, enum severity s, const char *text);
/*
 * Adds s, which starts in column `at`, wrapped: later lines start at `indent`. Ends
 * the line. A NULL text, from an arena that is full, makes page_print fail.
 */
void page_wrap(struct page *p, unsigned at, unsigned indent, const char *s);
/* Adds "  label   value" with the value wrapped; nothing for a NULL value. */
void page_field(struct page *p, const char *label, const char *value);

unsigned style_width(const char *s);                           /* code points */
/* Adds s in at most `width` columns (>= 2); a cut s has an ellipsis before its last `keep` code points, 0: in its middle. */
void style_fit(struct text *t, const char *s, unsigned width, unsigned tail);

/* The names of things in all renderings. Texts are static, borrowed or in the arena; NULL: the arena is full. */
const char *style_instance_role(const struct host *h);         /* its name, "none" or "unknown" */
const char *style_container(struct arena *a, const struct snapshot *s, const struct process *p);
const struct task *style_task(const struct snapshot *s, const struct process *p); /* NULL: none */
const char *style_task_name(const struct snapshot *s,
                            const struct process *p);                  /* family, id or "-" */
const char *style_acts(struct arena *a, const struct chain_result *r); /* "imds ecsInstanceRole", "env (expired)" */
const char *style_answer(struct arena *a, const struct answer *x);     /* "timed out (detail)" */
const char *style_by_sdk(struct arena *a, const struct group *g);      /* "imds ROLE with java1; container ROLE with js3" */

/* Of the table: the rows of all groups and the findings; the line that sums them up. -ENOMEM. */
int table_put_body(const struct verdicts *v, struct arena *a, struct page *page);
int table_put_sum(const struct verdicts *v, struct page *page);
