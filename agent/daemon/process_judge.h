/* process_judge -- the verdict on one process: made by a child process, from what the last full scan knows. */
#pragma once
#include "daemon_internal.h"

struct process_finding { struct notice notice; enum finding_kind kind; enum certainty certainty; };
/* In memory shared with the child. */
struct process_verdict {
        bool ended;                    /* the process has ended, or its pid is another process's by now, and its record is too little */
        bool by_record;                /* it has ended, and was judged by the record of its execution */
        bool incomplete;               /* the agent does not know its container yet, or an endpoint or the broker has not answered */
        bool unanswered;               /* that is, an endpoint has not */
        bool sdk_known;
        bool needs_scan;               /* a role that only a full scan finds out about */
        enum confirms confirms;
        int64_t taken_s;
        struct process_finding *findings;
        size_t n_findings;
        const struct snapshot *facts;  /* for snapshot_learn: what was found out on the way; NULL with ended or by_record */
        struct sdk_cache_export sdks;
};
/* Collects and judges with connections of its own; all of *ret is in the arena. -ENOMEM, -errno. */
int process_judge(const struct daemon *d, const struct queued *x, struct arena *out, struct process_verdict **ret);
