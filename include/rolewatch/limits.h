/*
 * limits -- bounds on memory and work that containers, the agent and the metadata service can cause. Every reader takes its
 * bound from here.
 */
#pragma once

/* Answers of the metadata service, the ECS agent and its audit log. */
#define ANSWER_DETAIL_MAX 200          /* bytes of untrusted text in a detail */
#define IMDS_BODY_MAX ((size_t)32 << 10)        /* the identity document has some 500 */
#define IMDS_TOKEN_MAX 512             /* bytes; real tokens have 56 */
#define IMDS_TOKEN_TTL "300"           /* seconds; a scan needs two */
#define IMDS_ROLE_MAX 64               /* IAM's own limit for a role name */
#define INTROSPECTION_BODY_MAX ((size_t)8 << 20) /* some 400 a container; STOPPED tasks stay */
#define INTROSPECTION_TASKS_MAX 4096
#define INTROSPECTION_CONTAINERS_MAX 8192
#define FIELD_MAX 2048                 /* an ARN, an image, a name as the agent or IMDS prints it */
#define CREDENTIAL_REQUESTS_MAX 4096   /* distinct paths; the agent logs every request */
#define CRED_PATH_MAX 256              /* "/v2/credentials/" and an id */
#define CRED_BODY_MAX ((size_t)16 << 10)        /* tokens grow to some 2 KiB */
#define AGENT_PARALLEL 16              /* parallel requests to the agent's endpoints */
#define METADATA_REQUESTS_MAX 4096
#define META_URI_MAX 256
#define META_BODY_MAX ((size_t)512 << 10)       /* 64 labels of 4 KiB and the rest */
#define META_LABELS_MAX 64
#define META_LABEL_VALUE_MAX 4096
#define AUDIT_TAIL_MAX ((size_t)1 << 20)        /* some 2,500 lines, the newest */
#define AUDIT_LINE_MAX 8192

/* Needs and bundles: files of the host's own administrator. */
#define NEED_FILE_MAX ((size_t)1 << 20)
#define NEEDS_MAX 4096
#define BUNDLE_FILE_MAX ((size_t)64 << 20)      /* accounts with thousands of roles have tens of MB */
#define BUNDLE_FILES_MAX 64
#define DEFINITION_FILE_MAX ((size_t)1 << 20)   /* ECS takes 64 KiB */
#define DEFINITIONS_MAX 512            /* of the tasks of one host */
#define REQUIREMENTS_MAX 512           /* by one definition */
#define TASKS_AT_ONCE 100              /* ECS API reference, DescribeTasks */
#define ROLES_MAX 1024                 /* of one host */
#define ROLE_POLICIES_MAX 64           /* IAM attaches 20 at most, and some are inline */
#define ROLE_TAGS_MAX 50               /* IAM's own limit */

/* Images in archives, each. */
#define IMAGE_ENTRIES_MAX 1000000      /* of all layers; distributions with many packages have some 300,000 */
#define IMAGE_STEPS_MAX 64000000       /* parts of paths that are followed, links included: some 10 s */
#define IMAGE_NAMES_BYTES_MAX ((size_t)512 << 20)       /* of memory for the names of its files */
#define IMAGE_LAYERS_MAX 512           /* Docker makes 127 */
#define IMAGE_STORED_MAX ((uint64_t)1 << 30)      /* of compressed layers, in memory; files in further ones are not read */
#define IMAGE_UNPACKED_MAX ((uint64_t)32 << 30)
#define IMAGE_OPEN_MAX ((uint64_t)512 << 20)    /* one file; it is copied to memory while it is read */
#define IMAGE_JSON_MAX ((size_t)4 << 20)        /* OCI image specification: the least that registries take */
#define IMAGE_MANIFESTS_MAX 256        /* platforms, and attestations of each */

/* Processes, their environments and files. */
#define PROCESSES_MAX 65536            /* read in one scan */
#define PROC_TEXT_MAX ((size_t)64 << 10)        /* cgroup, stat, status, cmdline */
#define ENVIRON_MAX ((size_t)2 << 20)  /* the kernel's own default limit for arguments and environment */
#define AUXV_MAX 4096                  /* of one process; the kernel keeps some 400 bytes */
#define ENVIRONMENTS_MAX 8192          /* cached, of processes; some 60 bytes each */
#define ENVIRONMENT_TEXTS_MAX 2048     /* distinct ones among them */
#define ENVIRONMENT_TEXT_MAX ((size_t)16 << 10)
#define ENVIRONMENT_BYTES_MAX ((size_t)1 << 20) /* of all of them */
#define RECOVERED_MAX ((size_t)128 << 20)       /* of one scan, in place of environments that programs overwrote: 0.3 s */
#define TOKEN_FILE_MAX ((size_t)64 << 10)       /* an authorization token is a JWT of a few KiB */
#define PHP_FPM_FILE_MAX ((size_t)256 << 10)
#define PHP_FPM_FILES_MAX 64           /* of one master */
#define PHP_FPM_NAMES_MAX 1024         /* in a directory that it includes files of */
#define UWSGI_FILE_MAX ((size_t)256 << 10)
#define UWSGI_FILES_MAX 4              /* of one process */
#define CONTAINER_CONFIG_MAX ((size_t)4 << 20)  /* the environment, and a seccomp profile of some 70 KiB */
#define PROFILE_FILE_MAX ((size_t)1 << 20)
#define PASSWD_FILE_MAX ((size_t)256 << 10)
#define SDK_OPENS_MAX 96               /* files of one process in which an SDK is looked for */
#define SDK_MAPS_MAX ((size_t)1 << 20)          /* of its mapped files; a JVM has some 300 KiB */
#define SDK_ARGS_MAX 64                /* words of its command line */
#define SDK_NAMES_MAX 4096             /* in a directory of jars that its class path names by a wildcard */
#define SDK_LEVELS_MAX 6               /* directories upward from a script or the current directory */
#define SDK_ROOTS_MAX 4                /* directories of mapped Python modules */
#define PATH_TEXT_MAX 1024
#define GROUPS_MAX 64                  /* supplementary groups of a process that count */
#define PROBE_PARALLEL 128             /* network namespaces tested in parallel */
#define PROBE_TOTAL_MS 1500
#define PROBE_AGAIN_MS 4000            /* of the second try, where there was no answer within the first limit */

/* Evidence, per wake-up; the rest is read at the next one. */
#define EVIDENCE_MEMORY ((size_t)1 << 20)       /* of one text that is decoded */
#define EVIDENCE_NAME_MAX 256
#define LOG_MESSAGE_MAX ((size_t)16 << 10)      /* Docker cuts lines there */
#define LOG_ENTRIES_AT_ONCE 512
#define LOG_BYTES_AT_ONCE ((size_t)512 << 10)
#define LOG_FILES_MAX 1024             /* containers whose log files are followed */
#define LOG_RECORD_MAX ((size_t)320 << 10)      /* awslogs cuts lines at 256 KiB, and Docker's cache has what it gets */
#define LOG_PART_MIN ((size_t)16 << 10) /* Docker cuts lines there; a shorter record without a line end is the last one of a program */
#define LOG_SEAM ((size_t)4 << 10)     /* on each side of a cut, and of the words by which it is found: more than any text of a denied call */
#define LOG_TEXTS_OF_RECORD 5          /* that are decoded */
#define LOG_BYTES_PER_TICK ((size_t)4 << 20)    /* of all files in one second; the rest is read later, or passed over */
#define LOG_TEXT_COST ((size_t)4 << 10) /* a text that is decoded takes the time of reading this much, or this many times its length */
#define LOG_TEXT_COST_FACTOR 8
#define LOG_BACKLOG_MAX ((off_t)16 << 20)       /* not read yet, of one file: behind this much, it is continued at its end */
#define CSM_DATAGRAM_MAX ((size_t)8 << 10)      /* the SDKs' own limit */
#define CSM_AT_ONCE 128                /* datagrams; a socket holds some 250 of them */
#define AUDIT_AT_ONCE ((size_t)256 << 10)       /* some 600 lines */
#define AUDIT_FILES_MAX 64             /* rotated ones; the agent keeps 24 */
