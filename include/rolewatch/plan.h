/*
 * plan -- the facts of a task that does not run yet: from its task definition, in any form in which people have it. The same
 * judge decides over them. What the definition does not say is assumed, and listed.
 */
#pragma once
#include "rolewatch/judge.h"

/* The forms of a task definition: id, what it is called. */
#define PLAN_FORMS(X) \
        X(API,        "task definition as the ECS API has it") \
        X(TEMPLATE,   "CloudFormation") \
        X(CONTAINERS, "list of container definitions")
enum plan_form {
#define X(id, title) PLAN_FORM_##id,
        PLAN_FORMS(X)
#undef X
        PLAN_FORM_MAX
};

/*
 * Where a task can run: id, word of ECS, its network mode where the definition gives none (NULL: it has to), whether its containers may
 * reach an instance metadata service.
 */
#define LAUNCH_TYPES(X) \
        X(EC2,      "EC2",      "bridge", true) \
        X(FARGATE,  "FARGATE",  NULL,     false) \
        X(EXTERNAL, "EXTERNAL", "bridge", false) \
        X(MANAGED,  "MANAGED_INSTANCES", NULL, true)
enum launch_type {
#define X(id, word, network, imds) LAUNCH_##id,
        LAUNCH_TYPES(X)
#undef X
        LAUNCH_TYPE_MAX
};
const char *launch_type_to_string(enum launch_type t);
int launch_type_from_string(const char *word);         /* enum launch_type, or -ENOENT */

/* Where a premise of the plan comes from: id, word in JSON, how it is said. */
#define PREMISE_SOURCES(X) \
        X(DEFINITION, "definition", "by the task definition") \
        X(OPTION,     "option",     "by an option") \
        X(HOST,       "host",       "by the facts of the host") \
        X(IMAGE,      "image",      "by the image") \
        X(ASSUMED,    "assumed",    "assumed") \
        X(UNKNOWN,    "unknown",    "not known")
enum premise_source {
#define X(id, word, meaning) PREMISE_##id,
        PREMISE_SOURCES(X)
#undef X
        PREMISE_SOURCE_MAX
};
const char *premise_source_to_string(enum premise_source s);
const char *premise_source_meaning(enum premise_source s);
struct premise { const char *what, *value; enum premise_source source; };

/* A lint warning about the definition itself. A notice is only possible; a warning is certain. */
struct plan_warning {
        enum severity severity;
        const char *where;             /* "containerDefinitions[0].environment[2]", escaped */
        const char *message, *remedy;  /* a clause without a period; an imperative without one */
};

/* Further ones are counted only. */
#define PREMISES_MAX 64
#define PLAN_WARNINGS_MAX 256
struct plan {
        struct snapshot *s;
        const char *source;            /* path of the definition, escaped */
        const char *family;
        enum plan_form form;
        enum launch_type launch_type;
        const char *network_mode;      /* NULL: not known */
        const char *task_role, *execution_role;        /* names; NULL: none, or not known */
        struct premise premises[PREMISES_MAX]; size_t n_premises;
        size_t n_more_premises;
        struct plan_warning warnings[PLAN_WARNINGS_MAX]; size_t n_warnings;
        size_t n_more_warnings;
        enum severity more_warnings_worst;     /* of those */
};

struct plan_request {
        const char *path;              /* of the definition */
        const char *resource;          /* logical ID within a template; NULL: its only task definition */
        const char *task_role, *execution_role;        /* ARN or name, in place of the definition's; NULL: the definition's */
        const char *launch_type;       /* NULL: the definition's */
        const char *region;            /* NULL: as the definition's own ARNs say */
        const char *const *env_files;  size_t n_env_files;     /* copies of environment files, recognized by their names */
        const char *const *images;     size_t n_images;        /* "NAME=PATH": the image of a container: an archive, an OCI layout, an unpacked tree */
        const char *needs;             /* file or directory; NULL: none */
        const char *const *bundles;    size_t n_bundles;
        struct snapshot *host;         /* facts of a host, which the plan takes over; NULL: assumptions */
        const char *host_source;       /* their path */
        int64_t now_s;                 /* seconds since the epoch; used without host */
};
/*
 * Makes the facts of a planned task. On failure, *error has a message that names the file and the position in it: -EBADMSG for
 * what is wrong in a file, other -errno for what cannot be read. q->host is consumed in any case.
 */
int plan_make(struct plan_request *q, struct plan **ret, struct text *error);
/* 0 ok, 1 warning, 2 critical, 3 nothing could be judged: of findings and warnings. */
int plan_exit_status(const struct plan *p, const struct verdicts *v);
void plan_free(struct plan *p);                        /* NULL ok */
DEFINE_CLEANUP(struct plan *, plan_free)
