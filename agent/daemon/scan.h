/* scan -- what the child process of a full scan hands back, in memory shared with it. */
#pragma once
#include "daemon_internal.h"

/* A finding of the scan, with the processes it is about (none: it is about the host). */
struct scanned_finding {
        struct notice notice;
        struct finding_processes processes;
};
/* What the scan could see: a finding that comes from something it could not see is not missing. */
struct scan_coverage {
        bool agent, broker, imds, policies;
        const char **unjudged;         /* ids of containers in which some process could not be judged */
        size_t n_unjudged;
};
struct scan_result {
        struct scan_summary summary;
        struct scan_coverage coverage;
        const struct snapshot *facts;
        struct scanned_finding *findings;
        size_t n_findings;
        unsigned host_findings;        /* kinds, as bits */
        int broker_error;              /* of the scan's own connection */
        struct sdk_cache_export sdks;
        struct environment_export environments;
};
/* In the child: collects, judges, and exports all of it into the arena. -ENOMEM, -errno. */
int scan_run(const struct daemon *d, struct arena *out, struct scan_result **ret);
/* Coverage of the scan with these verdicts; broker_error: of its own connection. -ENOMEM. */
int scan_coverage_make(const struct verdicts *v, int broker_error, struct arena *out, struct scan_coverage *ret);
/* Could a scan with this coverage have found a finding of the kind in the container (NULL: about the host)? */
bool scan_covers(const struct scan_coverage *c, const char *container_id, enum finding_kind kind);
