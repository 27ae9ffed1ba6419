/* definitions -- reads task definitions in the form of the ECS API. */
#pragma once
#include "rolewatch/account.h"

/*
 * Adds a task definition, {"family", "revision", "containerDefinitions", ...}, if a task of the snapshot uses it or ask names
 * it, and the snapshot does not have it yet. -EBADMSG: not a task definition; -ENOMEM.
 */
int definition_take(struct snapshot *s, const cJSON *o, const char *source, const struct cluster_request *request);
/* The same for all files of cs->definitions. 0 or -ENOMEM. */
int definitions_read(struct snapshot *s, const struct collect_settings *cs, const struct cluster_request *request);
