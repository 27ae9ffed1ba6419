/* plan_internal -- from a file to the definition, and from the definition to the facts; shared by the files of this room. */
#pragma once
#include "rolewatch/plan.h"

/* ---- the definition, in the spelling of the ECS API ---- */

/* A reference of a template ({"Ref": ...}, {"Fn::Sub": ...}), whose value is not known. */
bool is_template_function(const cJSON *v);
/*
 * The definition in a parsed file, which is consumed: as it is, or unwrapped, or with its names as the ECS API spells them. resource: a
 * logical ID of a template, or NULL. -EBADMSG with the reason in *error; -ENOMEM.
 */
int form_read(cJSON *given, const char *resource, struct text *error, cJSON **ret, enum plan_form *ret_form);
/* The positions whose values are references, as far as they matter here. */
struct positions { char *list[16]; size_t n, total; };
void positions_done(struct positions *p);
/*
 * Has every member that is read the right type? CloudFormation takes a number or a truth value for a text, and a text for a truth
 * value: of a template they are converted. -EBADMSG with the position in *error; -ENOMEM.
 */
int shape_check(cJSON *definition, enum plan_form form, struct text *error, struct positions *ret_references);

/* ---- the plan under construction ---- */

/* Stands for an execution role that is not known. */
#define UNKNOWN_EXECUTION_ROLE "unknown-execution-role"

struct env_file { char *text; size_t len; const char *name; };  /* name: last part of its path; borrowed */
/* not_json.c. -EBADMSG, with the line in *error, and with what to do where that is known. */
int definition_not_json(const char *path, const struct env_file *f, struct text *error);
struct image;
struct sdk_cache;
struct planning {
        struct plan *p;
        const struct plan_request *q;
        struct snapshot *s;            /* p->s */
        bool host_given;               /* s began as the facts of a host */
        cJSON *definition;
        struct env_file *env_files; size_t n_env_files;
        struct image *images; size_t n_images;         /* image.h */
        struct sdk_cache *sdks;
        struct positions references;
        const char *task_role, *execution_role;        /* ARN or name, escaped; NULL: none, or not known */
        bool task_role_set, execution_role_set;        /* there is one, whether or not it is known which */
};
/* NULL: they are a reference. */
const cJSON *containers_of(const cJSON *definition);
/* A member of the definition as text; NULL: absent, empty, or a reference. Borrowed. */
const char *member_text(const cJSON *o, const char *key);
const cJSON *member(const cJSON *o, const char *key);
/* The text is made in the arena, and escaped. */
void premise_add(struct planning *x, const char *what, enum premise_source source, const char *format, ...) PRINTF(4, 5);
void warning_add(struct plan *p, const struct plan_warning *w);

/* placeholders.c. What a CI system fills in: not the value of anything. */
bool is_placeholder(const char *text);
bool is_account_number(struct span w);
bool is_region_name(struct span w);
/* "ecsTaskRole" of arn:aws:iam::ACCOUNT_ID:role/ecsTaskRole, borrowed; NULL: the name itself is a placeholder, or it is none of a role. */
const char *role_name_known(const char *role);
/* What of it is a placeholder, borrowed; NULL: nothing. A region that is one is left open; known: the value is none. */
const char *requirement_placeholder(struct requirement *x, bool *ret_known);

bool is_role(const char *role);        /* the name of one, or its ARN */
bool launch_type_has_imds(enum launch_type t);
/* planned_terms.c. Launch type, network mode and roles. -EBADMSG with the reason in *error; -ENOMEM. */
int planned_terms(struct planning *x, struct text *error);
/* What a command does to the environment of the container: entries NAME=value, each with its NUL, of which the first one counts. */
struct environment_change {
        char assigned[1024]; size_t assigned_len;
        const char *unknown;           /* why the environment is not known; static; NULL: it is */
};
/* planned_environment.c. Fills env and environ of the process of a container. 0 or -ENOMEM. */
int planned_environment(struct planning *x, const cJSON *container, const struct environment_change *change, struct process *p);
/* The value of a variable of the definition that it sets itself: in `environment`; position: its index. NULL: not set so. */
const char *environment_value(const cJSON *container, const char *name, size_t *ret_position);
/* Is a variable of the container set by a secret? */
bool environment_is_secret(const cJSON *container, const char *name, size_t *ret_position);
/* Is it one of these, or a reference, and not empty? */
bool environment_is_set(const cJSON *container, const char *name);
/* Are calls sent to an endpoint that need not be one of AWS? */
bool environment_has_endpoint(const cJSON *container);

/* planned_host.c. Host, network namespace and credentials; the index of the namespace. 0 or -ENOMEM. */
int planned_host(struct planning *x, int *ret_netns, int *ret_cred);
/* planned_program.c. A program of the last container: its words, as far as they are known, and its name where they are not. */
struct program { const cJSON *container, *words; const char *name; uint64_t start; int netns, cred; };
int program_add(struct planning *x, const struct program *of);
/* -D options of a JVM, from its command line (NUL-separated) and the variables that it reads. 0 or -ENOMEM. */
int program_properties(struct planning *x, struct span argv, struct process *p);
/* planned_task.c. The name, escaped, or "${ServiceName}" for a reference to it; number: its position. NULL: no memory. */
const char *container_name(struct planning *x, const cJSON *o, size_t number);
/* Task, definition, containers and their processes. 0 or -ENOMEM. */
int planned_task(struct planning *x, int netns, int cred);
/* Removes the requirements of the definition whose values are placeholders, so that no call for them is decided. 0 or -ENOMEM. */
int placeholders_remove(struct planning *x);
/* Replaces a role's name by its ARN, if a bundle has it. */
void planned_roles_name(struct planning *x);
/* warnings.c. What the definition and the declared needs show by themselves. */
void definition_warnings(struct planning *x);
