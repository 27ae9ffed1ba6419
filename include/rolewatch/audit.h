/* audit -- a line of the ECS agent's log of credential requests. Pure; of the room collect. */
#pragma once
#include "rolewatch/model.h"

/* Borrowed from the line. */
struct audit_line {
        int status;
        struct span when, source;        /* RFC 3339; address:port */
        struct span user_agent;
        struct span task_arn;    /* len 0: an error line of version 2 */
        enum cred_kind kind;           /* UNKNOWN on errors */
};
/* 0; -EBADMSG: no audit line. The newline is not part of it. */
int audit_parse_line(const char *line, size_t len, struct audit_line *ret);
