/* audit -- parses one line of the ECS agent's audit log of credential requests. Pure; of the room collect. */
#pragma once
#include "rolewatch/model.h"

/* Borrowed from the line. */
struct audit_line {
        int status;
        struct span when, source;      /* RFC 3339; address:port */
        struct span user_agent;
        struct span task_arn;          /* len 0: an error line of version 2 */
        enum cred_kind kind;           /* UNKNOWN on errors */
};
/* line is without its newline. 0; -EBADMSG: not an audit line. */
int audit_parse_line(const char *line, size_t len, struct audit_line *ret);
