/*
 * role_kinds -- every IAM role that meets on an ECS cluster, in one table: what
 * it is for, who assumes it, what it needs, and whether a container ever sees it.
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

/* A required call; `on` names what it is on: "*" or a kind of thing, for people. */
struct role_action { const char *action, *on; };
#define ROLE_ACTIONS_MAX 16
struct role_kind {
        const char *title, *usual_name;/* usual_name NULL: none */
        const char *service;           /* that assumes it */
        const char *policy;            /* of AWS, that covers it; NULL: none */
        const char *purpose;           /* one sentence */
        const char *when;              /* when it is needed */
        const char *set_in;            /* where it is named */
        const char *in_container;      /* whether its keys can win in a container, and when */
        struct role_action actions[ROLE_ACTIONS_MAX];  /* what it must be allowed; NULL ends */
};
const char *role_kind_word(enum role_kind_id k);
const struct role_kind *role_kind_get(enum role_kind_id k);
/* Which of them can win in a container, in what order, and which never do. */
const char *role_kinds_order(void);
