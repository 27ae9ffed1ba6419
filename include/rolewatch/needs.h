/* needs -- declarations of what tasks must be able to do, as files and labels write them. Of the room model. */
#pragma once
#include "rolewatch/model.h"

#define NEEDS_LABEL "rolewatch.needs"
/* A file: one need or an array of them. 0 or -ENOMEM; a fault stays in the list. */
int needs_from_text(struct snapshot *s, const char *text, size_t len, const char *where);
/* A label, as raw as it came: a policy as JSON, or lines "action resource". */
int needs_from_label(struct snapshot *s, const char *value, int container);
/* A file that cannot be read stays in the list, too. */
int needs_add_fault(struct snapshot *s, const char *where, const char *why);
