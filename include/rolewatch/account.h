/*
 * account -- what AWS and the host's administrator know of the tasks of a host: declared needs, task
 * definitions, roles with their policies; and the scan of a host, which is the facts of collect with these.
 */
#pragma once
#include "rolewatch/collect.h"

/* One scan. Without a broker what then is missing stands in host.blind. 0 or -ENOMEM. */
int scan_host(const struct host_access *at, struct snapshot **ret);
/* The same with connections of its own. */
int scan_host_once(const struct collect_settings *cs, struct broker *b, struct snapshot **ret);

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
struct bundle_request {
        struct aws_client *client;
        struct arena *a;
        const char *const *roles;
        size_t n_roles;
};
int account_bundle(const struct bundle_request *q, cJSON **ret, const char **ret_fault);
