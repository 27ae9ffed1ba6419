/*
 * error_text -- what an error text of AWS, ECS or an SDK says about permissions
 * and credentials: who acted, what was asked, why it was denied. Pure.
 *
 * Grammar: IAM user guide, "Troubleshoot access denied error messages"; ECS
 * developer guide, "Troubleshooting"; the texts of amazon-ecs-agent.
 */
#pragma once
#include "rolewatch/iam.h"

/* UNKNOWN with a form: an error of ECS in which no permission or credential takes part. */
#define ERROR_KINDS(X) \
        X(UNKNOWN, "unknown",             "no known AWS or ECS error in this text") \
        X(DENIED,  "denied",              "a call was not authorized") \
        X(BAD,     "bad-credentials",     "the credentials that were used are not valid") \
        X(EXPIRED, "expired-credentials", "the credentials that were used have expired") \
        X(NONE,    "no-credentials",      "no credentials were found") \
        X(TRUST,   "trust",               "a role could not be assumed by a service") \
        X(LINKED,  "service-linked-role", "the service-linked role is missing") \
        X(PULL,    "pull",                "an image could not be pulled") \
        X(INIT,    "init",                "something that a task needs to start could not be fetched") \
        X(OTHER,   "other",               "another problem with a role")
enum error_kind {
#define X(id, word, meaning) ERROR_##id,
        ERROR_KINDS(X)
#undef X
};
const char *error_kind_to_string(enum error_kind k);
const char *error_kind_meaning(enum error_kind k);

/* Who a principal is, by the form of its ARN and session. */
#define ERROR_ACTORS(X) \
        X(UNKNOWN,   "unknown",                "the text does not say") \
        X(INSTANCE,  "instance-role",          "the instance role, through the instance metadata service") \
        X(TASK,      "task-or-execution-role", "the task role or the execution role of a task: the session name is the task ID") \
        X(LINKED,    "service-linked-role",    "an AWS service itself, with its service-linked role") \
        X(INFRASTRUCTURE, "infrastructure-role", "the ECS infrastructure role") \
        X(EXTERNAL,  "external-instance",      "an external instance (ECS Anywhere), through the SSM agent") \
        X(SDK,       "assumed-by-sdk",         "a role that an SDK assumed in its process, by a profile or web identity") \
        X(SESSION,   "assumed-role",           "a role that someone assumed under a session name that they chose") \
        X(USER,      "user",                   "an IAM user, with long-term keys") \
        X(FEDERATED, "federated-user",         "a federated user") \
        X(ROOT,      "root",                   "the account's root user, or the account as a whole") \
        X(ANONYMOUS, "anonymous",              "nobody: the request was not signed")
enum error_actor {
#define X(id, word, meaning) ACTOR_##id,
        ERROR_ACTORS(X)
#undef X
};
const char *error_actor_to_string(enum error_actor a);
const char *error_actor_meaning(enum error_actor a);

/* All texts are escaped, in the arena or static; NULL: the text does not say it. */
struct error_text {
        enum error_kind kind;
        enum error_actor actor;
        const char *principal, *account, *role, *session, *user;
        const char *action, *resource;
        const char *layer;             /* "identity", ...: iam_layer_to_string, "trust", or VPC Lattice's "service", "network" */
        const char *policy;            /* ARN of the policy that decided */
        bool explicit_deny;
        bool encoded;                  /* an encoded authorization failure message is in it */
        bool cut;                      /* it was longer than what is looked at */
        bool platform_call;            /* the ECS agent, Docker or the SSM agent made it, not the application */
        const char *form;              /* the row that matched: error_form_get; NULL: none */
        const char *about, *remedy;    /* one sentence each; about NULL: the kind says it */
        size_t steps;                  /* bytes that the search for known words compared */
};
#define ERROR_TEXT_MAX ((size_t)64 << 10)
/* Looks at the first ERROR_TEXT_MAX bytes. -ENOMEM. */
int error_text_decode(struct arena *a, const char *text, size_t len, struct error_text *ret);

/*
 * Puts the lines of a stream together to messages: wrapped, boxed, numbered and indented lines, JSON and XML
 * over many lines, lines that a carrier of logs cut or prefixed. A message has ERROR_TEXT_MAX bytes and
 * ERROR_LINES_MAX lines at most; what is longer is cut, with more lines the next message begins.
 */
#define ERROR_LINES_MAX 64
struct error_split;
int error_split_new(struct error_split **ret);                 /* -ENOMEM */
void error_split_free(struct error_split *s);
DEFINE_CLEANUP(struct error_split *, error_split_free)
/* Takes a line without its end. true: *ret is the message before it, borrowed until the next call. */
bool error_split_line(struct error_split *s, const char *line, size_t len, const char **ret, size_t *ret_len);
/* The last message; false: there is none. */
bool error_split_end(struct error_split *s, const char **ret, size_t *ret_len);

/* A form of text that is known, with an example of it. */
struct error_form { const char *name; enum error_kind kind; const char *example; };
/* The i-th; false: there are fewer. */
bool error_form_get(size_t i, struct error_form *ret);
