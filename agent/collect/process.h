/* process -- reads one process, for full scans and for collect_process. */
#pragma once
#include "collect_internal.h"
#include <sys/stat.h>
#include "rolewatch/files.h"

struct reader {
        struct scan *x;
        const struct snapshot *base;   /* an earlier scan; NULL: none */
        struct sdk_cache *sdks;
        int proc;                      /* the directory of /proc */
        uint64_t own_netns;
        double uptime_s;               /* 0 unknown */
        bool fresh;                    /* answers of endpoints are not taken from base */
        bool brief;                    /* of ancestors: environment and name, no files */
        /* environment.c: */
        bool path_not_read;            /* the process's environment is cached, and its credentials path not read from any process yet */
        bool postpones;                /* such processes are read after all others: */
        struct postponed { pid_t pid; struct postponed *next; } *postponed;
        size_t recovered;              /* bytes read to replace environments that programs overwrote */
        struct broker_target parent;   /* the last process whose execution was compared as a parent: its other children come next */
        uint64_t parent_execution;
        struct container_environment { bool known; int container, error; char *block; size_t len; } given; /* of the last container */
};
void reader_make(struct reader *rd, int proc);        /* fills proc, own_netns and uptime_s */
void reader_done(struct reader *rd);
/*
 * Adds the process to the snapshot, unless it is in no container or has ended. 0; -ENOMEM.
 */
int process_read(struct reader *rd, int proc, pid_t pid);
/* ID (65 bytes) of the container of a /proc/PID directory. 0; -ENOENT: none, or rolewatch's own; other -errno: the process has ended. */
int process_container(const struct collect_settings *cs, int dir, char *ret_id);

/* The path behind a descriptor, as the process sees it; NULL: it is negative, or the path cannot be read. */
const char *process_exe(struct reader *rd, int fd);
/* Of a status file below dir. -EBADMSG, -errno. */
int process_ids(int dir, const char *path, struct proc_ids *ret);
/* identity.c: a file as the kernel's record of an execution has it. */
struct event_executable executable_of(const struct stat *st);
bool program_is_java(const char *comm, const char *exe);  /* by its file; exe NULL: by its name */

/* base_copy.c: index in rd->s of this container or namespace; if new, it is copied from base, or else added. -ENOMEM. */
int reader_container(struct reader *rd, const char *id);
int reader_netns(struct reader *rd, uint64_t inode);
int netns_find(const struct snapshot *s, uint64_t inode);  /* index in s, or -1 */
/* Is the answer from inside it one to cache? A container that is being started has a namespace without a route for a moment. */
bool netns_answered(const struct netns *n);
/* Copies from base the answer to the credentials URI with this index. */
int reader_cred(struct reader *rd, int cred);
/* single.c: index of the task in base; it is copied if base does not have it. -ENOMEM. */
int merge_task(struct snapshot *base, const struct task *from);
