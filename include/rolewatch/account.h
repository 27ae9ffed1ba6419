/*
 * account -- facts from AWS and from the host's administrator: declared needs, task definitions, roles with their
 * policies. A scan of the host is the facts of collect together with these.
 */
#pragma once
#include "rolewatch/collect.h"

/* One scan of the host; *ret is the caller's. Without a broker host.blind says what is not visible. 0 or -ENOMEM. */
int scan_host(const struct host_access *at, struct snapshot **ret);
/* The same, with network connections of its own. b NULL: no broker. */
int scan_host_once(const struct collect_settings *cs, struct broker *b, struct snapshot **ret);

/*
 * The facts for `rolewatch roles`: the host's identity and tasks, the services named in ask with their load balancers and
 * scaling, and the task definitions named in ask ("family", "family:7" or an ARN). No processes. AWS is called with the
 * credentials of the environment, or else of the instance role; a call that failed is in host.policies_fault or
 * host.definitions_fault. 0 or -ENOMEM.
 */
struct cluster_request {
        const char *cluster;           /* NULL: the host's own */
        const char *const *services, *const *definitions;
        size_t n_services, n_definitions;
        bool offline;                  /* call no AWS service */
};
int account_cluster(const struct collect_settings *cs, const struct cluster_request *request, struct snapshot **ret);
/* Adds a task definition in the form of the ECS API under this name, which a task of the snapshot may have. 0 or -ENOMEM. */
struct definition_name { const char *family, *revision, *source; };
int account_definition(struct snapshot *s, const cJSON *o, const struct definition_name *name);
/*
 * Declared needs of a directory or file (NULL: none), and the policies of the roles that the snapshot refers to, by these
 * bundles. A need that cannot be used is listed with its error; a bundle that cannot be read is in host.policies_error. 0 or -ENOMEM.
 */
struct account_files { const char *needs; const char *const *bundles; size_t n_bundles; };
int account_files_read(struct snapshot *s, const struct account_files *files);
/*
 * A bundle with these roles and all of their policies, from the IAM API; the caller's. If one call fails there is no bundle,
 * and *ret_error (arena text) says which call failed and why: -EACCES refused, -ENOENT no such role, -EBUSY no response or
 * throttled. -ENOMEM.
 */
struct aws_client;
struct bundle_request {
        struct aws_client *client;
        struct arena *a;
        const char *const *roles;
        size_t n_roles;
};
int account_bundle(const struct bundle_request *q, cJSON **ret, const char **ret_error);
