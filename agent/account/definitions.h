/* definitions -- task definitions as ECS describes them. */
#pragma once
#include "rolewatch/account.h"

/*
 * {"family","revision","containerDefinitions",...}, kept where a task of the
 * snapshot has it, or where it was asked for by name, and it is not there yet.
 * -EBADMSG: no task definition; -ENOMEM.
 */
int definition_take(struct snapshot *s, const cJSON *o, const char *source, const struct cluster_ask *ask);
/* Those of the folder. */
int definitions_read(struct snapshot *s, const struct collect_settings *cs, const struct cluster_ask *ask);
