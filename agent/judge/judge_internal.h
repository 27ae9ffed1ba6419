/*
 * judge_internal -- shared by the files of this room: an index over the facts, and
 * the stages of a judgment in their order.
 *
 *   index (who is whose parent, first processes) -> expect, callers, needs
 *     -> groups -> SDK consensus -> evidence -> calls and causes -> findings
 *
 * Texts are made in the arena of the index. Functions that only make texts do not
 * check for a full arena: judge() and roles_judge() check once, at their end.
 */
#pragma once
#include <assert.h>
#include "rolewatch/judge.h"

/* Seconds after its start during which the agent may not know every credentials id yet. */
#define AGENT_GRACE_S 120
/* Limit of ancestors that are followed: a snapshot from elsewhere may contain a loop. */
#define LINEAGE_MAX 64

/* ---- the index ---- */

/* The role that processes of a task or container are expected to use. */
struct expect {
        const char *role;              /* name; NULL: none, or not known */
        const char *why;               /* a clause for people; NULL: no role */
        int cred;                      /* index of the task's own credential; -1: unknown */
        bool unnamed;                  /* there is a task role, but its name is not known */
        bool declared;                 /* set by a need, not by the task's role */
        bool unknown;                  /* rolewatch cannot see whether the task has a role */
};

/* A role of the snapshot with parsed policies, and the condition keys of its requests. */
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
        struct decided *decided;       /* its decided calls, one entry per pair of roles */
};

struct pid_slot;
struct judge_index {
        const struct snapshot *s;
        struct arena *a;
        struct pid_slot *by_pid;       /* sorted */
        int *init;                     /* container -> its first process; -1: none */
        struct expect *expect;         /* one per task */
        struct expect *own;            /* one per container; role NULL: that of its task applies */
        struct caller *callers;        /* one per role of the snapshot */
        struct declared *declared;     /* one per need */
};
int index_make(struct judge_index *ix);                        /* fills by_pid and init; -ENOMEM */
int expect_make(struct judge_index *ix);                       /* expect and own; -ENOMEM */
int callers_make(struct judge_index *ix);                      /* -ENOMEM */
int needs_make(struct judge_index *ix);                        /* declared; -ENOMEM */
/* The parent within the same container, or -ENOENT. */
int index_parent(const struct judge_index *ix, int process);

/* ---- predicates on facts ---- */

bool has_relative_uri(const struct process *p);                /* Is a credentials URI in its environment? */
bool env_known(const struct process *p);                       /* Is its environment visible? */
bool is_blank(const char *v);                                  /* NULL, empty or blanks */
/* Does the answer say that the endpoint does not work? */
bool answer_bad(const struct answer *x);
/* Has the agent been running for less than AGENT_GRACE_S? */
bool agent_starting(const struct host *h);
/* Does the agent's credentials port not answer on the host itself? */
bool agent_is_down(const struct host *h);
/* Is nothing reachable from the namespace? */
bool netns_cut_off(const struct netns *n);
/* The roles of a task, from its override or its definition, as ARNs; NULL: none, or not known. */
const char *task_role_of(const struct snapshot *s, const struct task *t);
const char *execution_role_of(const struct snapshot *s, const struct task *t);

/* How a process lost the variable. */
struct lineage {
        const char *mechanism;         /* "lost-cron", ...: a row of causes.c; NULL: not lost */
        int last_holder, first_without;        /* indices of processes; -1: none */
        bool started_by_another;                  /* the last holder is only the parent of the first without: another process started that */
};
/* Is it a program that only starts others (cron, sudo, s6-supervise) and calls nothing of AWS itself? */
bool is_launcher(const struct process *p);
void lineage_trace(const struct judge_index *ix, int process, struct lineage *ret);

/* ---- the expected role ---- */

/* NULL: the process is not in an ECS task, or in a container of the agent itself. */
const struct expect *expect_of(const struct judge_index *ix, const struct process *p);
enum verdict expect_verdict(const struct judge_index *ix, const struct process *p, const struct chain_result *r);
/* Why that is VERDICT_UNKNOWN, a clause for people; NULL: it is not. */
const char *expect_why_unknown(const struct judge_index *ix, const struct process *p, const struct chain_result *r);
void group_set_unknown(struct group *g, const char *why);

/* ---- groups and their credentials ---- */

/* Makes the groups with their members, in the order of the table, not judged yet; -ENOMEM. */
int groups_make(const struct judge_index *ix, struct group **ret, size_t *ret_n);
/* Fills sdk_*, winner, agreed and by_row of a group from the SDKs in question; -ENOMEM. */
int sdk_consensus(const struct judge_index *ix, struct group *g);
bool same_result(const struct chain_result *a, const struct chain_result *b);     /* provider, role and expiry */
/* It was seen to use the credentials of the instance, whatever was predicted. */
void group_acts_as_instance(struct group *g, const struct host *h);
/* Assigns observed denials to groups and corrects their verdicts. */
void evidence_weigh(const struct judge_index *ix, struct verdicts *v);
/*
 * Does it use a profile that assumes the task role with the task role's own credentials? That works only where the trust policy of
 * the role names the role itself (AWS Security Blog, "Announcing an update to IAM role trust policy behavior", 2022).
 */
bool assumes_itself(const struct judge_index *ix, const struct group *g);
/* The evidence class of a group, and its verdict as far as that class allows one; after evidence_weigh. */
void evidence_apply(const struct judge_index *ix, struct group *g);
/* The least certainty of the rows in question: of the facts, not of which SDK it is. */
enum certainty rows_certainty(const struct group *g);
/*
 * Fills cause and alt of a group that has other credentials than expected, or none. cause stays empty where a task
 * without a role has nothing to explain. -ENOMEM.
 */
int cause_find(const struct judge_index *ix, struct group *g);

/* ---- calls ---- */

bool glob_matches(const char *glob, const char *value);        /* a NULL glob matches all, a NULL value only that */
/* Iterates over a JSON value that is one item or an array of items. */
const cJSON *one_or_more_first(const cJSON *v);
const cJSON *one_or_more_next(const cJSON *list, const cJSON *v);
#define EACH_OF(x, list) for (const cJSON *x = one_or_more_first(list); x; x = one_or_more_next(list, x))

/* The caller with this ARN or name; NULL: no role of the snapshot, or role is NULL. */
const struct caller *caller_of(const struct judge_index *ix, const char *role);
/* The key in AWS's spelling if requests that a role makes directly never have it; else NULL. */
const char *never_carried(const char *key_name);
/* Does the action have no resource types, so that its Resource must be "*"? */
bool without_resources(const char *action);

/* resource_policy: a denial that a resource policy, which is not visible, could lift. why: a clause; NULL when allowed. */
struct access { enum iam_answer answer; bool resource_policy; const char *why; };
/* steps: a budget that several calls share (iam.h); NULL: the call has its own. */
struct access access_check(const struct judge_index *ix, const struct caller *by, const struct permission *p, uint64_t *steps);
/* The same as a struct call of the role that makes it; winner and expected are equal. */
struct call call_by(const struct judge_index *ix, const struct caller *by, const struct permission *p);
bool call_denied(enum iam_answer a);
/* Is the call denied whatever a resource policy says? */
bool call_lost_for_certain(const struct call *c);
/* Fills the calls of a group whose credentials are known; -ENOMEM. */
int calls_judge(const struct judge_index *ix, struct group *g);
/* Fills v->derived: calls of the agent and calls that task definitions require; -ENOMEM. */
int required_calls_make(const struct judge_index *ix, struct verdicts *v);

struct explanation { const char *why, *remedy; };      /* a clause, an imperative sentence */
/* A question to the trust policy of a role; trust_answer fills `policy`, in the arena. */
struct trust_check {
        const struct judge_index *ix;
        const struct role *role;
        const char *service;           /* that must assume it */
        const struct iam_policy *policy;       /* NULL: not parsed yet, or not visible */
};
/* May the service assume the role? UNKNOWN where its trust policy is not visible. */
enum iam_answer trust_answer(struct trust_check *tc);
/* Why it may not, and what to change. Call it after trust_answer gave a denial. */
void trust_explain(const struct trust_check *tc, struct explanation *ret);

/* ---- findings ---- */

/* The list of findings under construction. */
/* of_groups: what findings of groups that are reported would be, without their texts; the others are zero. */
struct finding_list { const struct judge_index *ix; struct verdicts *v; size_t capacity; const struct finding *of_groups; };
/* Adds one with its default severity, CERTAIN; group -1: about the host. findings_make allocates the room. */
struct finding *finding_add(struct finding_list *to, enum finding_kind kind, int group);
bool group_fails(const struct group *g);                       /* Has it other credentials than expected, or none? */
int findings_make(const struct judge_index *ix, struct verdicts *v);   /* -ENOMEM */
/* Adds a finding if the container endpoint fails on the whole host; *ret is its kind, and untouched without one. -ENOMEM. */
int host_endpoint(struct finding_list *to, enum finding_kind *ret);
int host_imds(struct finding_list *to);                        /* adds IMDS_OPEN; -ENOMEM */
/* Add findings about permissions that roles lack for derived calls, and about roles that cannot be assumed. */
void missing_permissions_find(struct finding_list *to);
void trust_find(struct finding_list *to);

/* ---- phrases ---- */

/* Text from a document, escaped (JSON may encode any character with \u); "" for NULL. */
const char *untrusted_text(struct arena *a, const char *s);
/* " on RESOURCE", or "" for "*". */
const char *phrase_on_resource(const struct judge_index *ix, const struct call *c);
/* The resource for a policy statement: the stream of one task is widened to all streams of its log group. */
const char *policy_resource(const struct judge_index *ix, const char *resource);
/* "cron (pid 12)": process_name with the pid, if it runs; "its parent" for -1. */
const char *phrase_process(const struct judge_index *ix, int process);
/* "container app of task web"; short ids where names are not known. */
const char *phrase_location(const struct judge_index *ix, const struct process *p);
/* "ecsInstanceRole (imds)", "static keys in the environment (env)" */
const char *phrase_acts_as(const struct judge_index *ix, const struct chain_result *r);
