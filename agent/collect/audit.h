/* audit -- the agent's log of credential requests: who is behind our own ones. */
#pragma once
#include "rolewatch/collect.h"

/* Borrowed from the line, not NUL-terminated. */
struct audit_span { const char *s; size_t len; };
struct audit_line {
        int status;
        struct audit_span when, source;        /* RFC 3339; address:port */
        struct audit_span user_agent;
        struct audit_span task_arn;    /* len 0: an error line of version 2 */
        enum cred_kind kind;           /* UNKNOWN on errors */
};
/* 0; -EBADMSG: no audit line. The newline is not part of it. */
int audit_parse_line(const char *line, size_t len, struct audit_line *ret);

/* Our requests carry "rolewatch/VERSION probe/N-PID"; that of credential i has N = first + i. */
struct audit_probe { uint64_t first; size_t n; };
#define AUDIT_USER_AGENT_MAX 96
const char *audit_user_agent(uint64_t number, char *buf, size_t size);

/* Marks the credentials whose request stands in this text; *ret: how many. 0, -ENOMEM. */
int audit_match(struct snapshot *s, struct audit_probe probe, const char *text, size_t len,
                size_t *ret);
/* The bounded tail of the file. Absent or unreadable: the kinds stay unknown. 0, -ENOMEM. */
int audit_read(struct snapshot *s, struct audit_probe probe, const char *path);
