/* What table and explanation share: columns, colour, wrapping. */
#pragma once
#include "rolewatch/report.h"

/* Code points up to `width`, the rest cut off with an ellipsis; padded with blanks. NULL is "-". */
void put_cell(FILE *out, const char *s, unsigned width);
/* Words wrapped at style.columns; every line but the first is indented. `at`: the column reached. */
void put_wrapped(FILE *out, struct report_style style, unsigned indent, unsigned at, const char *s);
/* The word, coloured by severity where colour is asked for. */
void put_severity(FILE *out, struct report_style style, enum severity s, const char *word);
void put_verdict(FILE *out, struct report_style style, enum verdict v);
/* "imds ecsInstanceRole", "env (static keys)", "none": in words. */
void winner_words(const struct chain_result *r, char *buf, size_t size);
const struct container *group_container(const struct verdicts *v, const struct group *g);
const struct task *group_task(const struct verdicts *v, const struct group *g);
/* Last segment of the executable's path, else the kernel's name of the process. */
const char *group_program(const struct verdicts *v, const struct group *g);
