/*
 * collect -- reads the host into a snapshot. Knows no verdict.
 *
 * All foreign input is bounded and never blocks: the limits stand in
 * limits.h. What could not be read is a state in the facts.
 */
#pragma once
#include "rolewatch/broker.h"
#include "rolewatch/model.h"
#include "rolewatch/net.h"
#include "rolewatch/sdk.h"

/* Where things are; collect_settings_default fills AWS's and the agent's own, then the environment's. */
struct collect_settings {
        const char *imds;              /* "http://169.254.169.254"; AWS_EC2_METADATA_SERVICE_ENDPOINT */
        const char *introspection;     /* "http://127.0.0.1:51678"; ROLEWATCH_INTROSPECTION_ENDPOINT */
        const char *credentials;       /* "http://127.0.0.1:51679"; ROLEWATCH_CREDENTIALS_ENDPOINT */
        const char *container_endpoint;/* "http://169.254.170.2": what containers ask */
        const char *proc;              /* "/proc" */
        const char *audit_log;         /* "/var/log/ecs/audit.log"; ROLEWATCH_AUDIT_LOG */
        struct sdk_cache *sdks;        /* kept from pass to pass by its owner; NULL: one for this pass */
        const char *needs;             /* folder of *.json; "/etc/rolewatch/needs.d"; ROLEWATCH_NEEDS */
        const char *bundles;           /* the same of bundles; "/etc/rolewatch/bundles.d"; ROLEWATCH_BUNDLES */
        const char *cache;             /* folder for IAM's answers; "/var/cache/rolewatch"; ROLEWATCH_CACHE */
        const char *ca_file;           /* of AWS's services; NULL: the system's; AWS_CA_BUNDLE */
        const char *definitions;       /* the same of task definitions; "/etc/rolewatch/definitions.d";
                                        * ROLEWATCH_DEFINITIONS */
        bool env_keys;                 /* sign with the keys of the environment where it has some */
        bool ecs;                      /* ask ECS for task definitions that no file has; ROLEWATCH_ECS */
        bool iam;                      /* ask IAM for policies that no bundle has; ROLEWATCH_IAM */
        bool imds_v1;                  /* ask v1 too when the token cannot be had */
        bool probe;                    /* look from inside the namespaces */
        unsigned probe_ms;             /* how long that may take; 0: 1500 */
        const struct snapshot *known;  /* an earlier look, for what cannot be asked for now; NULL: none */
        bool fresh;                    /* of a single process: ask its endpoints anew, whatever the base knows of them */
};
void collect_settings_default(struct collect_settings *ret);

/* By what a host is read. */
struct host_access {
        const struct collect_settings *cs;
        struct net *net;
        struct broker *broker;         /* NULL: without privilege */
};

/*
 * The credentials endpoint is asked through 127.0.0.1 once per distinct path.
 * Raw paths live only in this list, erased on done; the snapshot gets the answers.
 */
struct credential_requests { char **paths; size_t n; };        /* index = index into snapshot creds */
/* Task metadata endpoints seen in environments, of which container; raw URIs are bearer ids. */
struct metadata_requests { char **paths; int *containers; size_t n; };

/* One scan under way, of the host or of one process. */
struct scan {
        struct snapshot *s;            /* where the facts go; not owned */
        struct host_access at;
        struct credential_requests credentials;
        struct metadata_requests metadata;
};
void scan_done(struct scan *x);        /* the requests */

/* The parts of a scan, in this order, each adding to the snapshot. 0 or -ENOMEM. */
int collect_imds(struct scan *x);
int collect_agent(struct scan *x);
/* Processes, containers outside ECS, namespaces; fills the requests. */
int collect_processes(struct scan *x);
int collect_credentials(struct scan *x);
int collect_metadata(struct scan *x);
/* Both endpoints from inside each namespace of a judged process, side by side. */
int collect_probes(struct scan *x);

/* The host's part alone: instance, agent, credentials endpoint. */
int collect_host(const struct host_access *at, struct snapshot *s);
/*
 * One process and its ancestors within its container, now. All else comes from
 * base, an earlier scan, whose texts are borrowed: it must outlive *ret. Asked
 * for is only what base does not know: a container's task and labels, the answer
 * to a credentials URI, a namespace. The process is the first of the list.
 * -ESRCH: it has gone, or is in no container; -ENOMEM.
 */
int collect_process(const struct host_access *at, const struct snapshot *base, pid_t pid, struct snapshot **ret);
/*
 * Enough of a process to know whether one like it was judged already: its
 * container and a digest of what decides (container, executable, words of the
 * command line, the variables of the chain table). In two steps, as the descriptors
 * of its environment and executable are the broker's, whose answers the caller awaits.
 */
struct identity {
        pid_t pid, ppid;
        uint64_t start_ticks, digest;
        char container[65], comm[17];  /* comm as it is: untrusted bytes */
};
/* All but the digest. -ENOENT: in no container; -ESRCH: it has ended; -ENODATA: it was in one, and has ended. */
int identity_begin(const struct collect_settings *cs, pid_t pid, struct identity *ret);
/*
 * The digest. Descriptors are the caller's; or -errno of why there is none: without the executable its name
 * stands for it. -ENODATA: the environment cannot be read (any more); -ENOMEM.
 */
int identity_finish(const struct collect_settings *cs, struct identity *id, int environ_fd, int exe_fd);
/* Start time of a process and its parent, without privilege; -ESRCH. */
int collect_start(const struct collect_settings *cs, pid_t pid, uint64_t *ret_start_ticks, pid_t *ret_ppid);
/* Copies what such a scan has found out into base. -ENOMEM. */
int collect_learn(struct snapshot *base, const struct snapshot *s);
/*
 * Of base, what s could not ask for: the tasks of its containers while the agent does not answer, and what IMDS
 * says of the instance while it is silent. Answers stay as they are. -ENOMEM.
 */
int collect_remember(struct snapshot *s, const struct snapshot *base);
/*
 * The role of a credentials URI that the endpoint does not answer for now, as it named it in the earlier scan: an
 * outage of the agent changes no finding's roles. After collect_credentials. -ENOMEM.
 */
int collect_remember_roles(struct snapshot *s, const struct snapshot *base);
