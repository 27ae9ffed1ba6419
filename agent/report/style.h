/*
 * style -- a page of text for people: columns are counted in code points, lines
 * are wrapped to the page, and colour only repeats what a word says already.
 */
#pragma once
#include "rolewatch/report.h"

#define PAGE_COLUMNS_MIN 40            /* narrower terminals wrap by themselves */

struct page { struct text t; unsigned columns; bool colour; };
void page_start(struct page *p, struct report_style style);
void page_done(struct page *p);
int page_print(struct page *p, FILE *out);                     /* -ENOMEM, -EIO */
void page_pad(struct page *p, unsigned n);
/* s in the colour of a severity. */
void page_paint(struct page *p, enum severity s, const char *text);
/*
 * Wraps s, which begins in column `at`; later lines begin at `indent`. Ends
 * the line. A NULL text, of an arena that is full, makes page_print fail.
 */
void page_wrap(struct page *p, unsigned at, unsigned indent, const char *s);
/* "  label   value", the value wrapped; nothing for a NULL value. */
void page_field(struct page *p, const char *label, const char *value);

unsigned style_width(const char *s);
/* s in at most `width` columns, with an ellipsis before its last `keep` ones; 0: in its middle. */
void style_fit(struct text *t, const char *s, unsigned width, unsigned keep);

/* What the renderings call things. Texts are static or in the arena; NULL: it is full. */
const char *style_process(const struct process *p); /* base name of the executable, or comm */
const char *style_container(struct arena *a, const struct snapshot *s, const struct process *p);
const struct task *style_task(const struct snapshot *s, const struct process *p); /* NULL: none */
const char *style_task_name(const struct snapshot *s,
                            const struct process *p);                  /* family, id or "-" */
const char *style_acts(struct arena *a, const struct chain_result *r); /* "imds ecsInstanceRole" */
const char *style_answer(struct arena *a, const struct answer *x);     /* a phrase */
const char *style_by_sdk(struct arena *a, const struct group *g);
