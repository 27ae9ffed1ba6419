/* process -- the reader of one process, as the look at all and the look at one use it. */
#pragma once
#include "collect_internal.h"
#include "files.h"

struct reader {
        struct scan *x;
        const struct snapshot *base;   /* what an earlier scan knows; NULL: nothing */
        struct sdk_cache *sdks;
        int proc;                      /* the directory of /proc */
        uint64_t own_netns;
        double uptime_s;               /* 0 unknown */
        bool fresh;                    /* answers of endpoints are not taken from the base */
        bool brief;                    /* an ancestor: its environment and name, no files */
};
void reader_make(struct reader *rd, int proc);        /* fills proc, own_netns and uptime_s */
/*
 * Adds the process to the snapshot. 0, also for one that is not ours or has
 * gone, which is then not added; -ENOMEM.
 */
int process_read(struct reader *rd, int proc, pid_t pid);
/* The container that a /proc/PID directory is in: 0; -ENOENT none; other -errno: gone. id: 65 bytes. */
int process_container(int dir, char *ret_id);

/* adopt.c: index in rd->s of what it or the base knows by this name; made anew where neither does. -ENOMEM */
int reader_container(struct reader *rd, const char *id);
int reader_netns(struct reader *rd, uint64_t inode);
/* What the base knows of the credentials URI at this index of asks. */
int reader_cred(struct reader *rd, int cred);
/* single.c: index of the task in a snapshot, copied into it where it is not there yet; -ENOMEM. */
int task_learn(struct snapshot *base, const struct task *from);
