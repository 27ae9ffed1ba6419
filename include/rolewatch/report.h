/*
 * report -- renderings of the same verdicts: table, explanation, JSON.
 * Every foreign text in the facts was escaped when it was read.
 */
#pragma once
#include <stdio.h>
#include "rolewatch/roles.h"

struct report_style { bool colour; unsigned columns; };    /* columns: 80 when not a terminal */
int report_table(const struct verdicts *v, struct report_style style, FILE *out);
int report_explain(const struct verdicts *v, size_t group, struct report_style style, FILE *out);
/* One HTML page with everything in it: no script, nothing to load. */
int report_html(const struct verdicts *v, FILE *out);
/* The contract of "rolewatch check --json", version 1; the caller deletes. */
int report_json(const struct verdicts *v, cJSON **ret);
/*
 * An error text, taken apart; `here` is what this host adds (all NULL: nothing).
 * report_decode_json: an object, what is not said is null; the caller deletes.
 */
int report_decode(const struct error_text *e, const struct error_here *here, struct report_style style, FILE *out);
int report_decode_json(const struct error_text *e, const struct error_here *here, cJSON **ret);
/* All forms of text that `decode` knows, each with an example: as a page, and as an array; the caller deletes. */
int report_error_forms(struct report_style style, FILE *out);
int report_error_forms_json(cJSON **ret);
/* The roles as they are here; and the catalogue, which needs no facts. The callers delete the JSON. */
int report_roles(const struct verdicts *v, const struct role_page *roles, struct report_style style, FILE *out);
int report_roles_json(const struct verdicts *v, const struct role_page *roles, cJSON **ret);
int report_role_kinds(struct report_style style, FILE *out);
int report_role_kinds_json(cJSON **ret);
/*
 * The chain table itself: all rows in a line or two each, or one row with every parameter.
 * report_chains_json: an array of rows; the caller deletes.
 */
int report_chains(struct report_style style, FILE *out);
int report_chain(const struct chain_row *row, struct report_style style, FILE *out);
int report_chains_json(cJSON **ret);
