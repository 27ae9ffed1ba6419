/*
 * role_kinds -- the catalog of IAM roles on an ECS cluster: purpose, service that
 * assumes it, required permissions, and whether a container can get its credentials.
 *
 * Sources: ECS developer guide, "IAM roles for Amazon ECS"; the AWS managed
 * policies themselves. Pure.
 */
#pragma once
#include "rolewatch/base.h"

#define ROLE_KINDS(X) \
        X(INSTANCE, "instance") \
        X(TASK, "task") \
        X(EXECUTION, "execution") \
        X(LINKED, "service-linked") \
        X(SCHEDULER, "scheduler") \
        X(SCALING_LINKED, "scaling-linked") \
        X(SCALING, "scaling") \
        X(INFRASTRUCTURE, "infrastructure") \
        X(ANYWHERE, "anywhere") \
        X(EVENTS, "events") \
        X(CODEDEPLOY, "codedeploy")
enum role_kind_id {
#define X(id, word) KIND_##id,
        ROLE_KINDS(X)
#undef X
        ROLE_KIND_MAX
};

/* A required permission; `on`: "*", or the kind of resource, for people. */
struct role_action { const char *action, *on; };
#define ROLE_ACTIONS_MAX 16
struct role_kind {
        const char *title, *usual_name;/* usual_name NULL: none */
        const char *service;           /* the service principal that assumes it */
        const char *policy;            /* the AWS managed policy with its permissions; NULL: none */
        const char *purpose;           /* "used by ...": a phrase, as the next three */
        const char *when;              /* when it is needed */
        const char *set_in;            /* where it is configured */
        const char *in_container;      /* whether and when an SDK in a container uses it */
        struct role_action actions[ROLE_ACTIONS_MAX];  /* required permissions; ended by a NULL action */
};
const char *role_kind_to_string(enum role_kind_id k);          /* "instance": a value of JSON */
const struct role_kind *role_kind_get(enum role_kind_id k);
/* Two sentences: which roles an SDK in a container can use, in which order, and which never. */
const char *role_kinds_order(void);
