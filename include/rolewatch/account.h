/*
 * account -- what AWS and the host's administrator know of the tasks of a host: declared needs, task
 * definitions, roles with their policies; and the scan of a host, which is the facts of collect with these.
 */
#pragma once
#include "rolewatch/collect.h"

/* One scan. broker NULL: without privilege, what then is missing stands in host.blind. 0, -ENOMEM, -EAGAIN (net.h). */
int scan_host(const struct collect_settings *cs, struct net *n, struct broker *b, struct snapshot **ret);
/* The same with connections of its own. */
int scan_host_once(const struct collect_settings *cs, struct broker *b, struct snapshot **ret);

/*
 * What is declared that tasks need: files of the folder, in the order of their names. (Those of
 * labels come with collect_metadata.) What cannot be used stays in the list with its fault.
 */
int account_needs(struct snapshot *s, const struct collect_settings *cs);
/*
 * All else that the account knows of what the snapshot speaks of so far.
 *
 * The definitions of the tasks: files of the folder, each what `aws ecs describe-task-definition`
 * prints; then, where the settings say so, by the ECS API with the keys of the instance role, and
 * with the tasks' overrides. Then the roles, as account_roles.
 */
int account_fill(struct snapshot *s, struct net *n, const struct collect_settings *cs);
int account_definitions(struct snapshot *s, struct net *n, const struct collect_settings *cs);
/*
 * The roles that the snapshot speaks of so far (instance role, roles of credentials, needs and definitions),
 * with their policies by the bundles: what `aws iam get-account-authorization-details` prints;
 * then, where the settings say so, by the IAM API with the keys of the instance role.
 */
int account_roles(struct snapshot *s, struct net *n, const struct collect_settings *cs);

/*
 * The facts about the roles of a cluster: the host's identity and tasks,
 * and what is asked for by name: services with their load balancers and scaling,
 * task definitions ("family", "family:7", or an ARN). Of processes nothing.
 * Calls of AWS are made with the keys of the environment, else with the instance
 * role's; which failed stands in the faults. `offline`: none are made. -ENOMEM.
 */
struct cluster_ask {
        const char *cluster;           /* NULL: the host's own */
        const char *const *services, *const *definitions;
        size_t n_services, n_definitions;
        bool offline;
};
int account_cluster(const struct collect_settings *cs, const struct cluster_ask *ask, struct snapshot **ret);
/*
 * A bundle of some roles, from the IAM API: with every policy of theirs, or
 * not at all. -EACCES, -ENOENT (no such role) or -EBUSY (no answer, or not now): *ret_fault, arena text, says which call failed and how.
 */
struct aws_client;
int account_bundle(struct aws_client *c, const char *const *roles, size_t n, struct arena *a,
                   cJSON **ret, const char **ret_fault);
