/*
 * judge_internal -- what the files of this room share: an index over the facts,
 * and the stages of a judgement in their order.
 *
 *   index (who is whose parent, first processes) -> expect, callers, needs
 *     -> groups -> SDK consensus -> evidence -> calls and causes -> findings
 *
 * Texts are made in the arena of the index. Who only makes texts does not ask
 * whether there was room: judge() and roles_judge() do, once, at the end.
 */
#pragma once
#include <assert.h>
#include "rolewatch/judge.h"

/* Inside the text of a cause or remedy: the variable that everything turns on. */
#define REL_NAME "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
/* An id is unknown or pending for about this long after the agent has started. */
#define AGENT_GRACE_S 120
/* Longer lines of parents are not followed: facts from elsewhere may hold a circle. */
#define LINEAGE_MAX 64

/* ---- the index ---- */

/* What a task's processes are expected to act as. */
struct expect {
        const char *role;              /* NULL: nothing is expected */
        const char *why;
        int cred;                      /* index of the task's own credential, -1 unknown */
        bool unnamed;                  /* there is a task role, its name is not known */
        bool declared;                 /* by a need, not by the task's own role */
        bool unknown;                  /* it could not be seen whether there is one */
};

/* A role of the snapshot with its policies made ready, and what a call by it carries. */
struct caller {
        const struct role *role;
        struct iam_policies policies;
        const char *session;           /* ARN */
        const struct iam_key *context;
        size_t n_context;
};
struct permission { const char *action, *resource; };
struct decided;                        /* calls.c */
struct declared {
        const struct need *need;
        const struct permission *permissions;
        size_t n_permissions;
        struct decided *decided;       /* its calls by a pair of roles, for each pair that was asked for */
};

struct pid_slot;
struct judge_index {
        const struct snapshot *s;
        struct arena *a;
        struct pid_slot *by_pid;       /* sorted */
        int *init;                     /* container -> its first process, -1 none */
        struct expect *expect;         /* one a task */
        struct expect *own;            /* one a container; role NULL: as its task */
        struct caller *callers;        /* one a role of the snapshot */
        struct declared *declared;     /* one a need */
};
int index_make(struct judge_index *ix);                        /* fills by_pid and init; -ENOMEM */
int expect_make(struct judge_index *ix);                       /* expect and own; -ENOMEM */
int callers_make(struct judge_index *ix);                      /* -ENOMEM */
int needs_make(struct judge_index *ix);                        /* declared; -ENOMEM */
/* The parent within the same container, or -ENOENT. */
int index_parent(const struct judge_index *ix, int process);

/* ---- small questions about facts ---- */

bool has_rel(const struct process *p);
bool env_known(const struct process *p);
bool is_blank(const char *v);                                  /* NULL, empty or blanks */
/* Is this an answer that says the thing asked does not work? */
bool answer_bad(const struct answer *x);
/* Has the agent been started so lately that it may not know every id yet? */
bool agent_starting(const struct host *h);
/* The agent's credentials port does not take connections on the host itself. */
bool agent_is_down(const struct host *h);
/* Nothing at all can be reached from there. */
bool netns_cut_off(const struct netns *n);
/* The roles of a task by its override or definition, ARNs; NULL: none, or not known. */
const char *task_role_of(const struct snapshot *s, const struct task *t);
const char *execution_role_of(const struct snapshot *s, const struct task *t);

/* How a process came to be without the variable. */
struct lineage {
        const char *mechanism;         /* "lost-cron", ...: a row of causes.c; NULL: it is not lost */
        int last_holder, first_without;        /* processes, -1 none */
};
/* A program that only starts others (cron, sudo, s6-supervise) and calls nothing of AWS itself. */
bool is_launcher(const struct process *p);
void lineage_trace(const struct judge_index *ix, int process, struct lineage *ret);

/* ---- what is expected ---- */

/* NULL: not of an ECS task, or of a container that belongs to the agent itself. */
const struct expect *expect_of(const struct judge_index *ix, const struct process *p);
enum verdict expect_verdict(const struct judge_index *ix, const struct process *p, const struct chain_result *r);

/* ---- groups and who wins ---- */

/* Groups with their members, in the order of the table; nothing is judged yet. */
int groups_make(const struct judge_index *ix, struct group **ret, size_t *ret_n);
/* Winner, agreement, by_row: what the SDKs in question say; -ENOMEM. */
int sdk_consensus(const struct judge_index *ix, struct group *g);
/* What was seen to be denied: whose call it was, and what that says of the groups. */
void evidence_weigh(const struct judge_index *ix, struct verdicts *v);
/* The evidence class of a group, and its verdict as far as that class allows one; after evidence_weigh. */
void evidence_apply(const struct judge_index *ix, struct group *g);
/* The least certainty of the rows in question: of the facts, not of which SDK it is. */
enum certainty rows_certainty(const struct group *g);
/*
 * Fills cause and alt of a group that has other credentials than expected, or none. Of a task
 * without a role it may find no cause. -ENOMEM.
 */
int cause_find(const struct judge_index *ix, struct group *g);

/* ---- calls ---- */

bool glob_matches(const char *glob, const char *value);        /* NULL glob: any; NULL value: only by that */
/* A JSON value that stands alone or in an array. */
const cJSON *one_or_more_first(const cJSON *v);
const cJSON *one_or_more_next(const cJSON *list, const cJSON *v);
#define EACH_OF(x, list) for (const cJSON *x = one_or_more_first(list); x; x = one_or_more_next(list, x))

/* By ARN or name; NULL: no role of the snapshot. */
const struct caller *caller_of(const struct judge_index *ix, const char *role);
/* A condition key that a role's own calls do not have, as AWS writes it; NULL: it is none. */
const char *never_carried(const char *key_name);
/* Does the action have no resource types, so that its resource is "*" and means just that? */
bool without_resources(const char *action);

/* resource_policy: of a denial, that a policy of the resource which was not seen could lift it. why: NULL when allowed. */
struct access { enum iam_answer answer; bool resource_policy; const char *why; };
/* steps: the budget of all calls that share it (iam.h); NULL: its own. */
struct access access_check(const struct judge_index *ix, const struct caller *by, const struct permission *p, uint64_t *steps);
/* The same as a call of the role that makes it: winner and expected are one. */
struct call call_by(const struct judge_index *ix, const struct caller *by, const struct permission *p);
bool call_denied(enum iam_answer a);
/* Is the call denied whatever a resource's own policy says? */
bool call_lost_for_certain(const struct call *c);
/* Fills the calls of a group whose credentials are known; -ENOMEM. */
int calls_judge(const struct judge_index *ix, struct group *g);
/* What the agent calls and what task definitions imply; -ENOMEM. */
int derived_make(const struct judge_index *ix, struct verdicts *v);

struct explanation { const char *why, *remedy; };
/* Who may assume a role, by its trust policy; the policy borrows from the arena. */
struct trust_check {
        const struct judge_index *ix;
        const struct role *role;
        const char *service;           /* that is to assume it */
        const struct iam_policy *policy;       /* NULL: not read yet, or not seen */
};
/* May the service assume it? UNKNOWN where its trust policy was not seen. Fills the policy. */
enum iam_answer trust_answer(struct trust_check *tc);
/* Why it may not, and what to change. */
void trust_explain(const struct trust_check *tc, struct explanation *ret);

/* ---- findings ---- */

/* The list while it is made. */
struct finding_list { const struct judge_index *ix; struct verdicts *v; size_t room; };
/* With its default severity, certain; group -1: of the host. There is room for what findings_make counts. */
struct finding *finding_add(struct finding_list *to, enum finding_kind kind, int group);
int severity_exit_status(enum severity s);                     /* of check */
bool group_fails(const struct group *g);                       /* it gets other credentials than expected, or none */
int findings_make(const struct judge_index *ix, struct verdicts *v);   /* -ENOMEM */
/* The container endpoint as the whole host sees it: the kind of the finding that it made; left alone where there is none. -ENOMEM. */
int host_endpoint(struct finding_list *to, enum finding_kind *ret);
int host_imds(struct finding_list *to);                        /* -ENOMEM */
/* Permissions that roles in use miss for the derived calls, and whether the roles can be had at all. */
void missing_permissions_find(struct finding_list *to);
void trust_find(struct finding_list *to);

/* ---- phrases ---- */

/* A document may hold any character behind a \u: escaped, "" for NULL. */
const char *untrusted_text(struct arena *a, const char *s);
/* " on RESOURCE", or "" for "*". */
const char *words_on(const struct judge_index *ix, const struct call *c);
/* The resource to name in a policy: a role serves more than one task, of a log group all streams. */
const char *words_for_policy(const struct judge_index *ix, const char *resource);
/* "cron (pid 12)"; "web" for container and task names that are known, short ids else. */
const char *words_process(const struct judge_index *ix, int process);
const char *words_place(const struct judge_index *ix, const struct process *p);
/* "ecsInstanceRole (imds)", "static keys (env)" */
const char *words_acts_as(const struct judge_index *ix, const struct chain_result *r);
/* "imds ecsInstanceRole" */
const char *words_winner(const struct judge_index *ix, const struct chain_result *r);
