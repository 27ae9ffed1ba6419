/* audit -- finds rolewatch's own requests in the agent's audit log, which says whose credentials they returned. */
#pragma once
#include "rolewatch/audit.h"

/* rolewatch's requests have the user agent "rolewatch/VERSION probe/N-PID"; for credential i, N = first + i. */
struct audit_probe { uint64_t first; size_t n; };
#define AUDIT_USER_AGENT_MAX 96
const char *audit_user_agent(uint64_t number, char *buf, size_t size);

/* Sets kind and task of the credentials whose request is in this text; *ret: their number. 0, -ENOMEM. */
int audit_match(struct snapshot *s, struct audit_probe probe, struct span text, size_t *ret);
/* The same for the end of the file (AUDIT_TAIL_MAX). If it cannot be read, the kinds stay unknown. 0, -ENOMEM. */
int audit_read(struct snapshot *s, struct audit_probe probe, const char *path);
