/* audit -- which of the requests in the agent's log are our own, and what the log says of them. */
#pragma once
#include "rolewatch/audit.h"

/* Our requests carry "rolewatch/VERSION probe/N-PID"; that of credential i has N = first + i. */
struct audit_probe { uint64_t first; size_t n; };
#define AUDIT_USER_AGENT_MAX 96
const char *audit_user_agent(uint64_t number, char *buf, size_t size);

/* Marks the credentials whose request stands in this text; *ret: how many. 0, -ENOMEM. */
int audit_match(struct snapshot *s, struct audit_probe probe, struct span text, size_t *ret);
/* The bounded tail of the file. Absent or unreadable: the kinds stay unknown. 0, -ENOMEM. */
int audit_read(struct snapshot *s, struct audit_probe probe, const char *path);
