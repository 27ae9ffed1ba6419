/*
 * room -- what the files of this room share: one look at a snapshot, and the
 * stages of a judgement in their order.
 *
 *   look (who is whose parent, first processes) -> expect -> group -> family -> causes -> findings
 */
#pragma once
#include "rolewatch/judge.h"

/* Inside the text of a cause or remedy: the variable that everything turns on. */
#define REL_NAME "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
/* An id is unknown or pending for about this long after the agent has started. */
#define AGENT_GRACE_S 120
/* Longer lines of parents are not followed: facts from elsewhere may hold a circle. */
#define LINEAGE_MAX 64

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
struct pair { const char *action, *resource; };
struct decided;
struct declared {
        const struct need *need;
        const struct pair *pairs;
        size_t n_pairs;
        struct decided *decided;       /* for pairs of roles, as they come */
};

struct pid_slot { pid_t pid; int process; };
/* Who only makes texts does not ask whether there was room: judge() and roles_judge() do, once, at the end. */
struct look {
        const struct snapshot *s;
        struct arena *a;
        struct pid_slot *by_pid;       /* sorted */
        int *init;                     /* container -> its first process, -1 none */
        struct expect *expect;         /* one a task */
        struct expect *own;            /* one a container; role NULL: as its task */
        struct caller *callers;        /* one a role of the snapshot */
        struct declared *declared;     /* one a need */
};
int look_make(struct look *l);                                 /* fills by_pid and init; -ENOMEM */
int look_find(const struct look *l, pid_t pid); /* index of the process, or -ENOENT */
/* The parent within the same container, or -ENOENT. */
int look_parent(const struct look *l, int process);
bool has_rel(const struct process *p);
bool env_known(const struct process *p);
bool is_blank(const char *v);                                  /* NULL, empty or blanks */
/* Is this an answer that says the thing asked does not work? */
bool answer_bad(const struct answer *x);
/* Has the agent been started so lately that it may not know every id yet? */
bool agent_starting(const struct host *h);

/* How a process came to be without the variable. */
struct lineage {
        const char *mechanism; /* "lost-cron", ...: a row of causes.c; NULL: it is not lost */
        int keeper, loser;             /* processes, -1 none */
};
/* A program that only starts others (cron, sudo, s6-supervise) and calls nothing of AWS itself. */
bool is_launcher(const struct process *p);
void lineage_trace(const struct look *l, int process, struct lineage *ret);

int expect_make(struct look *l);                               /* -ENOMEM */
/* NULL: not of an ECS task, or of a container that belongs to the agent itself. */
const struct expect *expect_of(const struct look *l, const struct process *p);
enum verdict expect_verdict(const struct look *l, const struct process *p,
                            const struct chain_result *r);

/* Groups with their members, in the order of the table; nothing is judged yet. */
int groups_make(const struct look *l, struct group **ret, size_t *ret_n);
/* Winner, agreement, by_row; -ENOMEM. */
int family_judge(const struct look *l, struct group *g);

/* A row of the table of mechanisms. */
enum cause_when {
        ANY,
        AFTER_GRACE,                   /* normal for AGENT_GRACE_S after a start of the agent */
        ROLELESS,                      /* of tasks without a role, and only of these */
};
struct scene;
struct cause_row {
        const char *mechanism;
        int finding;                   /* enum finding_kind; -1: by the verdict */
        bool (*applies)(const struct scene *sc); /* NULL: when its mechanism is that of the line of parents */
        const char *subject;           /* "cron job": what such a process is called; NULL none */
        const char *text, *remedy;     /* with {names}, see causes.c */
        enum cause_when when;
};
const struct cause_row *cause_row_of(const char *mechanism);   /* NULL: no such row */
size_t cause_row_count(void);
const struct cause_row *cause_row_get(size_t i);
bool cause_applies(const struct cause_row *row, const struct scene *sc);
/*
 * Fills cause and alt of a group that has other credentials than expected, or none. Of a task
 * without a role it may find no cause. -ENOMEM.
 */
int cause_find(const struct look *l, struct group *g);

/* What was seen to be denied: whose call it was, and what that says of the groups. */
void evidence_weigh(const struct look *l, struct verdicts *v);

/* Policies and needs made ready; -ENOMEM. */
int calls_make(struct look *l);
/* Fills the calls of a group whose credentials are known; -ENOMEM. */
int calls_judge(const struct look *l, struct group *g);

/* Its policies and keys made ready; -ENOMEM. */
int caller_make(const struct look *l, const struct role *role, struct caller *c);
/* By ARN or name; NULL: no role of the snapshot. */
const struct caller *caller_of(const struct look *l, const char *role);
bool call_denied(enum iam_answer a);
bool glob_takes(const char *glob, const char *value);   /* NULL glob: any; NULL value: only by that */
/* A condition key that a role's own calls do not have, as AWS writes it; NULL: it is none. */
const char *never_carried(const char *key_name);
/* Does the action have no resource types, so that its resource is "*" and means just that? */
bool without_resources(const char *action);
struct call call_make(const struct look *l, const struct caller *winner, const struct caller *meant,
                      const struct need *n, const struct pair *p);
/* Is the call denied whatever a resource's own policy says? */
bool call_lost_for_certain(const struct call *c);
/* What the agent calls and what task definitions imply; -ENOMEM. */
int derived_make(const struct look *l, struct verdicts *v);
/* The role of a task by its override or definition, ARN; NULL: none, or not known. */
const char *task_role_of(const struct snapshot *s, const struct task *t);

/* With its default severity, certain. There is room for what findings_make counts. */
struct finding *finding_add(struct verdicts *v, enum finding_kind kind, int group);
int findings_make(const struct look *l, struct verdicts *v);   /* -ENOMEM */
/* The container endpoint as the whole host sees it: 1 when the host has the finding, 0, -ENOMEM. */
bool group_fails(const struct group *g);       /* it gets other credentials, or none */
/* The kind of the finding that it made; left alone where there is none. -ENOMEM. */
int host_endpoint(const struct look *l, struct verdicts *v, enum finding_kind *ret);
int host_imds(const struct look *l, struct verdicts *v);       /* -ENOMEM */
/* What roles in use lack of the derived calls, and whether they can be had at all. */
void lacking_find(const struct look *l, struct verdicts *v);
void trust_find(const struct look *l, struct verdicts *v);
/* May the service assume the role? UNKNOWN where its trust policy was not seen. The policy borrows from the arena. */
enum iam_answer trust_of(const struct look *l, const struct role *role, const char *service,
                         const struct iam_policy **ret);
struct fault_words { const char *why, *remedy; };
void trust_words(const struct look *l, const struct role *role, const struct iam_policy *trust,
                 const char *service, struct fault_words *ret);
/* " on RESOURCE", or "" for "*". */
const char *words_on(const struct look *l, const struct call *c);
/* The resource to name in a policy: a role serves more than one task, of a log group all streams. */
const char *words_for_policy(const struct look *l, const char *resource);

/* "cron (pid 12)"; "web" for container and task names that are known, short ids else. */
const char *words_process(const struct look *l, int process);
const char *words_place(const struct look *l, const struct process *p);
/* "ecsInstanceRole (imds)", "static keys (env)" */
const char *words_acts_as(const struct look *l, const struct chain_result *r);
/* "imds ecsInstanceRole" */
const char *words_winner(const struct look *l, const struct chain_result *r);
