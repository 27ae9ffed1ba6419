/* causes -- the table of mechanisms: what its rows look at, and how their sentences are filled. */
#pragma once
#include "judge_internal.h"

struct cause_context {
        const struct judge_index *ix;
        const struct group *g;
        const struct process *p, *init;        /* init: the first of the container, or NULL */
        const struct expect *e;
        const struct credential *cred;         /* of the process's own URI; NULL none */
        const struct netns *net;               /* NULL unknown */
        const struct answer *answer;           /* of the container endpoint, met from here */
        const char *task_arn;
        struct lineage lineage;                /* mechanism NULL: the variable is there */
};
void context_make(const struct judge_index *ix, const struct group *g, struct cause_context *ret);
/* Did this step end the chain with an error? */
bool context_stopped_at(const struct cause_context *cx, enum provider p);
/* What the winner's walk says of this step; NULL: it has none. */
const struct walk_step *context_step(const struct cause_context *cx, enum provider p);
/* The profile the process asks for by name; NULL none. */
const char *context_profile(const struct cause_context *cx);

enum cause_when {
        ANY,
        AFTER_GRACE,                   /* normal for AGENT_GRACE_S after a start of the agent */
        ROLELESS,                      /* of tasks without a role, and only of these */
};
struct cause_row {
        const char *mechanism;
        int finding;                   /* enum finding_kind; -1: by the verdict */
        bool (*applies)(const struct cause_context *cx);       /* NULL: when its mechanism is that of the line of parents */
        const char *subject;           /* "cron job": what such a process is called; NULL none */
        const char *text, *remedy;     /* with {names}, see causes.c */
        enum cause_when when;
};
const struct cause_row *cause_row_of(const char *mechanism);   /* NULL: no such row */
size_t cause_row_count(void);
const struct cause_row *cause_row_get(size_t i);               /* NULL: no such row */
bool cause_applies(const struct cause_row *row, const struct cause_context *cx);
/* A sentence of a row, its {names} filled in; NULL: no memory. */
const char *cause_text(const struct cause_context *cx, const char *template);
