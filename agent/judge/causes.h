/* causes -- the table of mechanisms: the facts that its rows test, and the templates of their sentences. */
#pragma once
#include "judge_internal.h"

struct cause_context {
        const struct judge_index *ix;
        const struct group *g;
        const struct process *p, *init;        /* init: the first of the container, or NULL */
        const struct expect *e;
        const struct credential *cred;         /* of the process's own URI; NULL: none */
        const struct netns *net;               /* NULL: unknown */
        const struct answer *answer;           /* of the container endpoint, as the process reaches it; never NULL */
        const char *task_arn;
        struct lineage lineage;                /* mechanism NULL: the variable is there */
};
void context_make(const struct judge_index *ix, const struct group *g, struct cause_context *ret);
/* Did a step of this provider end the chain with an error? */
bool context_stopped_at(const struct cause_context *cx, enum provider p);
/* The first step of this provider in the winner's walk; NULL: none. */
const struct walk_step *context_step(const struct cause_context *cx, enum provider p);
/* The profile that a variable or property of the process names; NULL: none. */
const char *context_profile(const struct cause_context *cx);
/* A key of that profile, or of those that it names as its source, and the file that has it; NULL: none has it. */
const char *context_key(const struct cause_context *cx, enum profile_key key, const struct profile_file **ret);
/* The path of the profile file that the winner, or the error, comes from. */
const char *context_file(const struct cause_context *cx);
/* Is there such a name, and no profile of it in files that could be read? */
bool context_profile_missing(const struct cause_context *cx);

enum cause_when {
        ANY,
        AFTER_GRACE,                   /* no cause within AGENT_GRACE_S after the agent's start, when it is normal */
        ROLELESS,                      /* only for tasks without a role */
};
/*
 * When a cause is a fact about the container, and one finding stands for all of its process groups: never; always, for
 * those that have these {names} in common; or where the first process of the container has the variable with the same
 * value.
 */
#define OF_PROCESS       NULL, false, 0
#define OF(names)        names, false, 0
#define OF_CONTAINER     OF("")
#define OF_VARIABLE(id)  "", true, ENV_VAR_##id
struct cause_row {
        const char *mechanism;
        int finding;                   /* enum finding_kind; -1: by the verdict */
        bool (*applies)(const struct cause_context *cx);       /* NULL: applies when lineage_trace gives this mechanism */
        const char *subject;           /* stands before the process in messages: "cron job"; NULL: nothing */
        const char *text, *remedy;     /* a clause and an imperative, with {names}: see causes.c */
        enum cause_when when;
        /* By one of the macros above: */
        const char *names;             /* NULL: it is never shared */
        bool by_variable;
        enum env_var variable;
};
const struct cause_row *cause_row_of(const char *mechanism);   /* NULL: no such row */
size_t cause_row_count(void);
const struct cause_row *cause_row_get(size_t i);               /* NULL: no such row */
/* Of a row that applies: the {names} that groups of the container with one finding have in common; NULL: each has its own. */
const char *cause_shared_names(const struct cause_row *row, const struct cause_context *cx);
bool cause_applies(const struct cause_row *row, const struct cause_context *cx);
/* A text of a row with its {names} filled in; arena text; NULL: no memory. */
const char *cause_text(const struct cause_context *cx, const char *template);
