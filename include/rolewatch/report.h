/*
 * report -- renderings of the same verdicts: table, explanation, JSON, HTML.
 * Untrusted text in the facts was escaped when it was read.
 *
 * Functions that print return 0, -ENOMEM or -EIO; those that make JSON return 0 or
 * -ENOMEM, and the caller deletes *ret.
 */
#pragma once
#include <stdio.h>
#include "rolewatch/plan.h"
#include "rolewatch/roles.h"

/* columns: the width of the terminal; 0: the output is not a terminal, so nothing is cut or wrapped. */
struct report_style { bool color; unsigned columns; };
int report_table(const struct verdicts *v, struct report_style style, FILE *out);
/* group: index in v->groups; -EINVAL: there is no such group. */
int report_explain(const struct verdicts *v, size_t group, struct report_style style, FILE *out);
/* One self-contained HTML page: no script, nothing to load. */
int report_html(const struct verdicts *v, FILE *out);
/* The output of `rolewatch check --json`, contract version 1. */
int report_json(const struct verdicts *v, cJSON **ret);
/*
 * A decoded error text; `here` is what this host adds (all NULL: nothing). In JSON, what the text does not say is
 * null.
 */
int report_decode(const struct error_text *e, const struct error_here *here, struct report_style style, FILE *out);
int report_decode_json(const struct error_text *e, const struct error_here *here, cJSON **ret);
/* All forms of error text that `decode` knows, each with an example: a page, and an array. */
int report_error_forms(struct report_style style, FILE *out);
int report_error_forms_json(cJSON **ret);
/* The roles of this host; and the catalog of role kinds, which needs no facts. */
int report_roles(const struct verdicts *v, const struct role_page *roles, struct report_style style, FILE *out);
int report_roles_json(const struct verdicts *v, const struct role_page *roles, cJSON **ret);
int report_role_kinds(struct report_style style, FILE *out);
int report_role_kinds_json(cJSON **ret);
/*
 * The chain table: all rows with their steps, or one row with every parameter that is not the default. JSON: an array
 * of rows with all parameters.
 */
int report_chains(struct report_style style, FILE *out);
int report_chain(const struct chain_row *row, struct report_style style, FILE *out);
int report_chains_json(cJSON **ret);
/*
 * A planned task: its premises, then the table of `check`, then the lint warnings. JSON: the output of `check --json`, and "plan".
 * JUnit: a test case for each group, finding and lint warning; a warning or critical finding is a failure, what is unknown is skipped.
 */
int report_plan(const struct plan *p, const struct verdicts *v, struct report_style style, FILE *out);
int report_plan_json(const struct plan *p, const struct verdicts *v, cJSON **ret);
int report_plan_junit(const struct plan *p, const struct verdicts *v, FILE *out);
