/* needs -- parses declared needs of files and container labels (rolewatch-needs(5)) into a snapshot. Of the room model. */
#pragma once
#include "rolewatch/model.h"

#define NEEDS_LABEL "rolewatch.needs"
/* A file at `where`: one need or an array of needs. A faulty one is listed with its fault. 0 or -ENOMEM. */
int needs_from_text(struct snapshot *s, const char *text, size_t len, const char *where);
/* The raw value of a label of containers[container]: a policy as JSON, or lines of "action resource". 0 or -ENOMEM. */
int needs_from_label(struct snapshot *s, const char *value, int container);
/* Lists a file that cannot be read, with the reason. 0 or -ENOMEM. */
int needs_add_error(struct snapshot *s, const char *where, const char *why);
