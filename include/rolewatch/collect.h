/*
 * collect -- reads facts of the host into a snapshot, without judging them.
 *
 * All untrusted input is bounded (limits.h), and reading it never blocks. What could not be read is a state in the facts.
 */
#pragma once
#include "rolewatch/broker.h"
#include "rolewatch/environment_cache.h"
#include "rolewatch/kernel_event.h"
#include "rolewatch/model.h"
#include "rolewatch/net.h"
#include "rolewatch/sdk.h"

/* Paths, endpoints and options. collect_settings_default sets the defaults, and then what the environment says (environment.h). */
struct collect_settings {
        const char *imds;              /* "http://169.254.169.254"; AWS_EC2_METADATA_SERVICE_ENDPOINT */
        const char *introspection;     /* "http://127.0.0.1:51678"; ROLEWATCH_INTROSPECTION_ENDPOINT */
        const char *credentials;       /* "http://127.0.0.1:51679"; ROLEWATCH_CREDENTIALS_ENDPOINT */
        const char *container_endpoint;/* "http://169.254.170.2": the credentials endpoint of containers */
        const char *proc;              /* "/proc" */
        char own_container[65];        /* ID of the container that rolewatch itself runs in, whose processes are not collected; "": none, or not known */
        const char *audit_log;         /* "/var/log/ecs/audit.log"; ROLEWATCH_AUDIT_LOG */
        struct sdk_cache *sdks;        /* the caller's, kept from scan to scan; NULL: one for this scan */
        struct environment_cache *environments; /* the same, of what programs were executed with; NULL: none */
        const char *needs;             /* directory of *.json, or a file; "/etc/rolewatch/needs.d"; ROLEWATCH_NEEDS */
        const char *bundles;           /* directory of *.json, or a file; "/etc/rolewatch/bundles.d"; ROLEWATCH_BUNDLES */
        const char *cache;             /* directory for responses of IAM and ECS; "/var/cache/rolewatch"; ROLEWATCH_CACHE */
        const char *ca_file;           /* CA certificates for AWS services; NULL: the system's; AWS_CA_BUNDLE */
        const char *definitions;       /* directory of *.json, or a file; "/etc/rolewatch/definitions.d";
                                        * ROLEWATCH_DEFINITIONS */
        bool env_keys;                 /* sign with the credentials of the environment, if it has some */
        bool ecs;                      /* query ECS for task definitions that no file contains; ROLEWATCH_ECS */
        bool iam;                      /* query IAM for policies that no bundle contains; ROLEWATCH_IAM */
        bool imds_v1;                  /* use IMDSv1 where IMDSv2 gives no token; ROLEWATCH_IMDS_V1 */
        bool probe;                    /* test the endpoints from inside the network namespaces */
        unsigned probe_ms;             /* time limit of these tests, in milliseconds, within which silence says nothing; 0: 1500 */
        const struct snapshot *known;  /* the last scan, for facts that are not available now; NULL: none */
        bool fresh;                    /* collect_process: query endpoints again, even if base has their answers */
};
void collect_settings_default(struct collect_settings *ret);

/* The means to read a host; all borrowed. */
struct host_access {
        const struct collect_settings *cs;
        struct net *net;
        struct broker *broker;         /* NULL: processes are not visible */
};

/*
 * Paths of the credentials endpoint, each to be queried once through 127.0.0.1. Raw paths are secrets: they live only in
 * this list, which scan_done erases; the snapshot gets the answers.
 */
struct credential_requests { char **paths; size_t n; };        /* paths[i] belongs to creds[i] of the snapshot */
/* Task metadata endpoints from environments, with the index of their container. Raw URIs are secrets, too. */
struct metadata_requests { char **paths; int *containers; size_t n; };

/* One scan under way, of the host or of one process. */
struct scan {
        struct snapshot *s;            /* where the facts go; not owned */
        struct host_access at;
        struct credential_requests credentials;
        struct metadata_requests metadata;
};
void scan_done(struct scan *x);        /* erases and frees the requests */

/* The parts of a scan, in this order, each adding to the snapshot. 0 or -ENOMEM. */
int collect_imds(struct scan *x);
int collect_agent(struct scan *x);
/* Processes, containers outside ECS, namespaces; fills the requests. */
int collect_processes(struct scan *x);
/* Whether containers were started with a credentials URI, by their configurations, where no first process of the task has one. */
int collect_container_configs(struct scan *x);
int collect_credentials(struct scan *x);
int collect_metadata(struct scan *x);
/* Both endpoints, from inside each network namespace of a process, in parallel. */
int collect_probes(struct scan *x);

/* The host alone: instance, agent and credentials endpoint. 0 or -ENOMEM. */
int collect_host(const struct host_access *at, struct snapshot *s);
/*
 * One process and its ancestors within its container, as they are now; it is the first process of *ret. All other facts
 * come from base, an earlier scan, whose texts are borrowed: base must outlive *ret. Only what base does not know is read: the
 * task and labels of a container, the answer to a credentials URI, a network namespace.
 * -ESRCH: the process has ended, or is in no container; -ENOMEM.
 */
int collect_process(const struct host_access *at, const struct snapshot *base, pid_t pid, struct snapshot **ret);
/*
 * Enough of a process to tell whether the same program was judged already: its container, and a digest of container,
 * executable, command line and the variables of the chain table. In two steps, since the caller gets the descriptors of the
 * environment and the executable from the broker in between, asynchronously.
 */
struct identity {
        pid_t pid, ppid;
        uint64_t start_ticks, digest;
        uint64_t execution;            /* of identity_of_execution: that of the cached environment; 0: there is none */
        char container[65], comm[17];  /* comm: untrusted, not escaped */
};
/* All but the digest. -ENOENT: in no container; -ESRCH: ended; -ENODATA: it was in a container, and has ended. */
int identity_begin(const struct collect_settings *cs, pid_t pid, struct identity *ret);
/* Each may be -errno. auxv was opened before environ: what is read of environ then is of that execution, or of a later one. */
struct identity_files { int auxv, environ, exe; };
/*
 * The digest; an intact environment is cached. The descriptors stay the caller's; without the executable, its name is used.
 * -ENODATA: the environment cannot be read (any more); -ENOMEM.
 */
int identity_finish(const struct collect_settings *cs, struct identity *id, const struct identity_files *files);
/*
 * The same by what the kernel recorded of an execution, without reading anything; its environment is cached.
 * -ENODATA: the record does not have all that counts; -ENOMEM.
 */
int identity_of_execution(const struct collect_settings *cs, const struct kernel_event *ev, struct identity *ret);
/* What a record says of an execution, for a verdict on its program when the process has ended. */
struct executed {
        struct broker_target process, parent;
        uint64_t execution, netns_inode;
        struct event_executable executable;
        uid_t uid;                     /* effective */
        gid_t gid;
        char container[CONTAINER_ID_LEN + 1], comm[EVENT_COMM_MAX + 1];
        char path[EVENT_PATH_MAX];     /* of the executable, untrusted; "": not known */
};
struct executed executed_of(const struct kernel_event *ev, const struct identity *id);
/*
 * As collect_process, of a process that has ended and ran this program: itself, or a fork. Its environment is the cached one, its
 * files and the SDK in its executable are found through a living process of the container that has the same files, and its
 * ancestors are those that live. What these do not tell is unknown: SDKs of interpreters, and what a command line says.
 * -ESRCH: that is too little to judge it; -ENOMEM.
 */
int collect_executed(const struct host_access *at, const struct snapshot *base, const struct executed *e, struct broker_target of, struct snapshot **ret);
/* Start time (clock ticks since boot) and parent of a process, without privilege. -ESRCH. */
int collect_start(const struct collect_settings *cs, pid_t pid, uint64_t *ret_start_ticks, pid_t *ret_ppid);
/* Merges what collect_process found out (s) into base. -ENOMEM. */
int collect_merge(struct snapshot *base, const struct snapshot *s);
/*
 * Carries over from base what s could not get: the tasks of containers while the agent does not answer, and the instance's
 * identity while IMDS fails. The states of their answers in s do not change. -ENOMEM.
 */
int collect_carry_over(struct snapshot *s, const struct snapshot *base);
/*
 * The role of a credentials URI that the endpoint does not answer for now, as it named it in the earlier scan: an
 * outage of the agent changes no finding's roles. After collect_credentials. -ENOMEM.
 */
int collect_carry_over_roles(struct snapshot *s, const struct snapshot *base);
/*
 * What IMDS answered containers in the earlier scan, while it fails for the host, too, and the credentials that it gave are
 * valid: programs still have theirs. After collect_probes.
 */
void collect_carry_over_probes(struct snapshot *s, const struct snapshot *base);
